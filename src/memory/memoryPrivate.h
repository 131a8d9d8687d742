/* SPDX-License-Identifier: MIT */
/* What the files of src/memory share. */
#ifndef SRC_MEMORY_MEMORYPRIVATE_H
#define SRC_MEMORY_MEMORYPRIVATE_H

#include <pthread.h>

#include <IOKit/IOLib.h>
#include <IOKit/IOMemoryDescriptor.h>

static inline IOByteCount smallerOf(IOByteCount a, IOByteCount b)
{
    return a < b ? a : b;
}

/* Whether the range is inside of whole bytes; no overflow. */
static inline bool isRangeInside(IOByteCount offset, IOByteCount length, IOByteCount whole)
{
    return offset <= whole && length <= whole - offset;
}

/* --- IOGeneralMemoryDescriptor.c --------------------------------------------------------------------------------- */

typedef enum MemoryKind {
    kMemoryPhysical, /* addresses of no task; the host's own by number */
    kMemoryHost,     /* the host's memory, a buffer's or a sealed file's included */
    kMemoryClient,   /* a client's, by address */
    kMemoryFile,     /* a client's, in a file that it may truncate: the one range's address is the offset in it */
} MemoryKind;

/* Fields: C constant, L the descriptor's lock. */
struct IOGeneralMemoryDescriptorPrivate {
    MemoryKind kind;        /* C */
    IOTask *task;           /* C; owned; NULL for physical memory */
    IOAddressRange *ranges; /* C, but for a buffer's length; owned */
    uint32_t rangeCount;    /* C */
    int fd;                 /* C; owned; what the memory can be shared through (kMemoryHost) or is in; -1 */
    uint64_t fdOffset;      /* C; of the first byte */
    uintptr_t region;       /* C; owned: mapped for the descriptor */
    size_t regionLength;
    bool isRegionCounted; /* C; as kIOAllocationPageable */
    pthread_mutex_t lock;
    unsigned wireCount;     /* L */
    uint8_t *bytes;         /* C; owned: the one range, or NULL */
    uint8_t *copy;          /* L; owned: a client's memory while it is prepared */
    IOByteCount copyLength; /* L */
    bool completionError;   /* L; since the first prepare */
};

/* Sets the descriptor up with ranges that it takes over, also when it fails; for its own file and buffers. */
bool generalMemory_init(IOGeneralMemoryDescriptor *self, MemoryKind kind, IOAddressRange *ranges, uint32_t count,
                        IOOptionBits options, IOTask *task);
/* Host memory in a region mapped from fd, both taken over when it succeeds. */
bool generalMemory_initWithRegion(IOGeneralMemoryDescriptor *self, uintptr_t region, size_t regionLength,
                                  uintptr_t address, IOByteCount length, IOOptionBits options, int fd,
                                  uint64_t fdOffset);
/* The address at an offset below the length, and how many bytes follow it in one piece. */
uint64_t generalMemory_addressAt(const IOGeneralMemoryDescriptor *self, IOByteCount offset, IOByteCount *ret_length);

/* --- memoryAccess.c: bytes of each kind ------------------------------------------------------------------------------
 */

/* Moves bytes, past a copy that may exist; the number moved. bytes NULL (of writing): zeroes. */
IOByteCount memoryAccess_read(const IOGeneralMemoryDescriptor *self, IOByteCount offset, void *bytes,
                              IOByteCount length);
IOByteCount memoryAccess_write(const IOGeneralMemoryDescriptor *self, IOByteCount offset, const void *bytes,
                               IOByteCount length);

/* --- memoryMapping.c -------------------------------------------------------------------------------------------------
 */

IOReturn generalMemory_doMap(IOMemoryDescriptor *memory, IOMemoryMap *map);
/* Calls child's doMap for the part of it that starts at offset. */
IOReturn memoryMapping_delegate(IOMemoryDescriptor *child, IOMemoryMap *map, IOByteCount offset);
/* Maps shareable memory into the host, where the map's options say. */
IOReturn memoryMapping_mapShared(IOMemoryDescriptor *memory, IOMemoryMap *map);

/* --- hostRegion.c: memory of whole pages ---------------------------------------------------------------------------
 */

IOByteCount hostRegion_pageSize(void);
/* Rounds up to whole pages; false on overflow. */
bool hostRegion_round(IOByteCount length, size_t *ret_length);
/*
 * Maps length bytes (whole pages) of fd, -1 for private memory, at an address that is a multiple of alignment and whose
 * last byte is at most highest. 0 without memory. Not counted.
 */
uintptr_t hostRegion_map(int fd, size_t length, uint64_t alignment, uint64_t highest);
void hostRegion_unmap(uintptr_t region, size_t length);

#endif
