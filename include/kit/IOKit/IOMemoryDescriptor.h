/* SPDX-License-Identifier: MIT */
/*
 * IOMemoryDescriptor and IOMemoryMap: memory that a transfer reads or writes, wherever it is, and its mappings
 * (IOKit/IOMemoryDescriptor.h; SEMANTICS 7b).
 *
 * A descriptor names bytes without saying how to reach them: ranges of the host's own memory (task kernel_task), of a
 * client's (its IOTask), of a physical address space (no task), shareable buffers (IOBufferMemoryDescriptor), device
 * registers (IODeviceMemory), a part of another descriptor (IOSubMemoryDescriptor), several in a row
 * (IOMultiMemoryDescriptor).
 *
 * A client's memory is never touched in place, for a client may unmap it, truncate it or die at any time. readBytes and
 * writeBytes copy, and move fewer bytes when it is gone. prepare brings all of it into memory of the host, which is
 * what getPhysicalSegment and mappings into the host then show; the last complete takes it back when the direction has
 * In. So a driver sees what the client had at prepare, and the client sees what a device wrote at complete; on macOS
 * both see each other's writes at once. Memory that is to be shared all the time is an IOBufferMemoryDescriptor.
 *
 * A "physical address" of host memory is its virtual address: a device model in the host reads and writes there. An
 * IOMapper turns it into what a real bus understands.
 */
#ifndef _IOKIT_IOMEMORYDESCRIPTOR_H
#define _IOKIT_IOMEMORYDESCRIPTOR_H

#include <IOKit/IOTask.h>
#include <IOKit/IOTypes.h>
#include <libkern/OSObject.h>

OSDeclareBaseClass(IOMemoryDescriptor);
OSDeclareBaseClass(IOGeneralMemoryDescriptor);
OSDeclareClass(IOMemoryMap);

/* Which way data go: In is from the device into memory. */
enum {
    kIODirectionNone = 0x0,
    kIODirectionIn = 0x1,
    kIODirectionOut = 0x2,
    kIODirectionOutIn = kIODirectionOut | kIODirectionIn,
    kIODirectionInOut = kIODirectionIn | kIODirectionOut,

    kIODirectionCompleteWithError = 0x40, /* of complete: what a device wrote is not to reach the client */
};
typedef IOOptionBits IODirection;

/* The options of withAddressRange, beside the direction. */
enum {
    kIOMemoryDirectionMask = 0x00000007,
    kIOMemoryTypeVirtual = 0x00000010,
    kIOMemoryTypePhysical = 0x00000020,
    kIOMemoryTypeVirtual64 = kIOMemoryTypeVirtual,
    kIOMemoryTypePhysical64 = kIOMemoryTypePhysical,
    kIOMemoryTypeMask = 0x000000f0,
    kIOMemoryBufferPageable = 0x00000400,
    kIOMemoryMapperNone = 0x00000800, /* also of getPhysicalSegment: addresses before any mapper */
    kIOMemoryHostOnly = 0x00001000,
    kIOMemoryPreparedReadOnly = 0x00008000, /* of getFlags: the first prepare was for Out only */
    kIOMemoryRemote = 0x00040000,           /* another machine part's memory: has a length, cannot be reached */
    kIOMemoryThreadSafe = 0x00100000,       /* they all are */
};

enum {
    /* Ranges of one descriptor. */
    kIOMemoryRangesMax = 65536,
};
/* Bytes of client memory that one descriptor can have prepared, which the host holds a copy of meanwhile. */
#define kIOMemoryPreparedClientBytesMax ((IOByteCount)256 << 20)

typedef struct IOAddressRange {
    uint64_t address;
    uint64_t length; /* bytes */
} IOAddressRange;

/* --- IOMemoryDescriptor ------------------------------------------------------------------------------------------ */

#define IOMemoryDescriptor_METHODS                                                                                     \
    OSObject_METHODS /* Each as its function below; offset and length have been checked against the length. */         \
        IOReturn (*prepare)(IOMemoryDescriptor * self, IODirection forDirection);                                      \
    IOReturn (*complete)(IOMemoryDescriptor * self, IODirection forDirection);                                         \
    addr64_t (*getPhysicalSegment)(IOMemoryDescriptor * self, IOByteCount offset, IOByteCount * ret_length,            \
                                   IOOptionBits options);                                                              \
    IOByteCount (*readBytes)(IOMemoryDescriptor * self, IOByteCount offset, void *bytes, IOByteCount length);          \
    IOByteCount (*writeBytes)(IOMemoryDescriptor * self, IOByteCount offset, const void *bytes, IOByteCount length);   \
    int (*copyShareableDescriptor)(IOMemoryDescriptor * self, bool isReadOnly, uint64_t *ret_offset,                   \
                                   uint64_t *ret_length);                                                              \
    /* Gives map its address (or its access), and what has to be undone; it has task, options, offset and length. */   \
    IOReturn (*doMap)(IOMemoryDescriptor * self, IOMemoryMap * map);

struct IOMemoryDescriptorMethods {
    IOMemoryDescriptor_METHODS
};

struct IOMemoryDescriptor {
    OSObject super;
    _Atomic(IOOptionBits) flags;
    IOOptionBits tag;
    _Atomic(IOByteCount) length; /* bytes */
    _Atomic(int) dmaReferences;  /* IODMACommands without mapper that have it */
    IOMemoryMap *firstMap;       /* weak; the lock of maps */
};

/*
 * Memory of a task.
 *   address   in task; with task NULL a physical address, of which reading and writing go to the host's address of that
 *             number, for host memory's physical addresses are these
 *   length    bytes, 0 allowed
 *   options   a direction, and the options above
 *   task      kernel_task: the host's own memory, which stays valid as long as the descriptor; a client's: retained
 * Returns     +1; NULL when the range wraps around or without memory
 * Context     any thread
 */
IOMemoryDescriptor *IOMemoryDescriptor_withAddressRange(uint64_t address, IOByteCount length, IOOptionBits options,
                                                        IOTask *task);
/* The same of count ranges in a row; the array is copied. NULL also for more than kIOMemoryRangesMax or a sum that
 * overflows. */
IOMemoryDescriptor *IOMemoryDescriptor_withAddressRanges(const IOAddressRange *ranges, uint32_t count,
                                                         IOOptionBits options, IOTask *task);
/* Host memory. */
IOMemoryDescriptor *IOMemoryDescriptor_withAddress(void *address, IOByteCount length, IODirection direction);
/* Physical memory. */
IOMemoryDescriptor *IOMemoryDescriptor_withPhysicalAddress(IOPhysicalAddress address, IOByteCount length,
                                                           IODirection direction);
/*
 * Memory of its own that is not shareable, and costs less than an IOBufferMemoryDescriptor: the large arguments of
 * calls. bytes    copied; NULL: zeroes Returns  +1; NULL for length 0, and without memory
 */
IOMemoryDescriptor *IOMemoryDescriptor_withBytes(const void *bytes, IOByteCount length, IODirection direction);
/*
 * Memory behind a file descriptor, as a client sends it: a memfd. It is read and written by calls, so truncating it
 * gives an error; one that is sealed against shrinking is mapped, and shared.
 *   fd       duplicated
 *   Returns  +1; NULL without memory, for an fd that is no regular file, or a range beyond its end
 */
IOMemoryDescriptor *IOMemoryDescriptor_withFileDescriptor(int fd, uint64_t offset, IOByteCount length,
                                                          IODirection direction);

/* For subclasses: sets direction, options and length. */
bool IOMemoryDescriptor_initWithLength(IOMemoryDescriptor *self, IOByteCount length, IOOptionBits options);

IODirection IOMemoryDescriptor_getDirection(const IOMemoryDescriptor *self);
IOByteCount IOMemoryDescriptor_getLength(const IOMemoryDescriptor *self);
IOOptionBits IOMemoryDescriptor_getFlags(const IOMemoryDescriptor *self);
/* A number for the driver's own use. */
void IOMemoryDescriptor_setTag(IOMemoryDescriptor *self, IOOptionBits tag);
IOOptionBits IOMemoryDescriptor_getTag(const IOMemoryDescriptor *self);

/*
 * Makes the memory ready for a transfer, until as many complete calls.
 *   forDirection   kIODirectionNone: the descriptor's own
 *   Returns        kIOReturnSuccess; kIOReturnVMError when client memory is not (all) there; kIOReturnNotWritable for a
 *                  direction with In after a first prepare without; kIOReturnNotAttached for remote memory;
 *                  kIOReturnNoResources above kIOMemoryPreparedClientBytesMax; kIOReturnNoMemory. On failure nothing
 *                  is to be completed.
 *   Context        any thread; may block
 */
IOReturn IOMemoryDescriptor_prepare(IOMemoryDescriptor *self, IODirection forDirection);
/*
 * Ends one prepare; without one, does nothing. The last one brings what a device wrote to the client, unless
 * kIODirectionCompleteWithError says that it is worth nothing. Panics when the last one comes while an IODMACommand has
 * the descriptor.
 *   Returns   kIOReturnSuccess; kIOReturnVMError when the client's memory is gone by now; kIOReturnNotAttached
 */
IOReturn IOMemoryDescriptor_complete(IOMemoryDescriptor *self, IODirection forDirection);

/*
 * The physical address at an offset.
 *   ret_length   NULL, or gets the bytes that are contiguous from there; 0 when there is no address
 *   Returns      0 at or beyond the end, and for client memory that is not prepared
 */
addr64_t IOMemoryDescriptor_getPhysicalSegment(IOMemoryDescriptor *self, IOByteCount offset, IOByteCount *ret_length,
                                               IOOptionBits options);

/*
 * Copies from (to) the memory. No prepare is needed.
 *   Returns   bytes moved: all of them; fewer when a client's memory ends before; 0 when the range is not inside the
 *             descriptor, and for writing to one that is prepared for Out only
 *   bytes     of writeBytes: NULL writes zeroes
 */
IOByteCount IOMemoryDescriptor_readBytes(IOMemoryDescriptor *self, IOByteCount offset, void *bytes, IOByteCount length);
IOByteCount IOMemoryDescriptor_writeBytes(IOMemoryDescriptor *self, IOByteCount offset, const void *bytes,
                                          IOByteCount length);

/*
 * A file descriptor that another process can map to share this memory, starting at *ret_offset, *ret_length bytes.
 *   isReadOnly   one that only allows reading
 *   Returns      to be closed by the caller; -1 when the memory is not shareable, or without a free descriptor
 */
int IOMemoryDescriptor_copyShareableDescriptor(IOMemoryDescriptor *self, bool isReadOnly, uint64_t *ret_offset,
                                               uint64_t *ret_length);

/* --- IOMemoryMap ------------------------------------------------------------------------------------------------- */

/* How device registers that are not memory of the host are reached. Any thread; width is 1, 2, 4 or 8 bytes. */
typedef struct IODeviceMemoryAccess {
    uint64_t (*read)(OSObject *owner, IOPhysicalAddress address, unsigned width);
    void (*write)(OSObject *owner, IOPhysicalAddress address, unsigned width, uint64_t value);
} IODeviceMemoryAccess;

struct IOMemoryMap {
    OSObject super;
    IOMemoryDescriptor *memory; /* owned */
    IOTask *task;               /* owned */
    IOMemoryMap *superMap;      /* owned; the larger map that this one is a part of, or NULL */
    IOOptionBits options;
    IOByteCount offset;         /* in memory */
    IOByteCount length;         /* bytes */
    _Atomic(uintptr_t) address; /* in task; 0: none, or not mapped any more */
    /* Registers that are not memory. */
    const IODeviceMemoryAccess *access; /* borrowed from memory, or NULL */
    OSObject *accessOwner;              /* borrowed from memory */
    IOPhysicalAddress accessAddress;    /* of the map's first byte */
    /* What unmap undoes: a region of the host that was mapped for it (0 bytes: none), a prepare. */
    uintptr_t regionAddress;
    size_t regionLength;
    IOMemoryDescriptor *prepared; /* owned, or NULL */
    IOMemoryMap *nextMap;         /* weak; the lock of maps; and so the next */
    IOMemoryMap *previousMap;
};

/*
 * Maps (a part of) the memory into a task.
 *   task      kernel_task, or a client: then the memory must be shareable, or the client's own. The boundary sends a
 *             client IOMemoryMap_copyShareableDescriptor and tells the address with IOMemoryMap_setAddress.
 *   address   where; with kIOMapAnywhere it means nothing
 *   options   kIOMap...: Anywhere, ReadOnly, Unique, Reference (only an existing one), Static (no memory is mapped:
 *             the map just records address), a cache mode
 *   offset    in bytes
 *   length    0: that of the whole descriptor, so then offset must be 0
 * Returns     +1: an existing compatible map of this task when there is one, unless kIOMapUnique is set; NULL for a
 * range beyond the descriptor, memory that cannot be mapped so, without memory Context     any thread; may block
 */
IOMemoryMap *IOMemoryDescriptor_createMappingInTask(IOMemoryDescriptor *self, IOTask *task, uintptr_t address,
                                                    IOOptionBits options, IOByteCount offset, IOByteCount length);
/* The whole of it, anywhere in the host. */
IOMemoryMap *IOMemoryDescriptor_map(IOMemoryDescriptor *self, IOOptionBits options);
/* Records a mapping that somebody else made. */
IOMemoryMap *IOMemoryDescriptor_setMapping(IOMemoryDescriptor *self, IOTask *task, uintptr_t address,
                                           IOOptionBits options);

/* Its address in its task; 0 for registers that are not memory, and after unmap. */
IOVirtualAddress IOMemoryMap_getVirtualAddress(const IOMemoryMap *self);
IOVirtualAddress IOMemoryMap_getAddress(const IOMemoryMap *self);
IOByteCount IOMemoryMap_getLength(const IOMemoryMap *self);
IOByteCount IOMemoryMap_getSize(const IOMemoryMap *self);
IOTask *IOMemoryMap_getAddressTask(const IOMemoryMap *self); /* borrowed; NULL after taskDied */
IOOptionBits IOMemoryMap_getMapOptions(const IOMemoryMap *self);
IOMemoryDescriptor *IOMemoryMap_getMemoryDescriptor(const IOMemoryMap *self); /* borrowed */
addr64_t IOMemoryMap_getPhysicalSegment(const IOMemoryMap *self, IOByteCount offset, IOByteCount *ret_length,
                                        IOOptionBits options);
addr64_t IOMemoryMap_getPhysicalAddress(const IOMemoryMap *self);
/* Takes the mapping out before the last reference goes. Nobody may be using its address. */
IOReturn IOMemoryMap_unmap(IOMemoryMap *self);
/*
 * Puts other memory behind the same address, from its offset on.
 *   Returns   kIOReturnUnsupported when the map is not one of shareable memory, or memory is not shareable or not page
 *             aligned; kIOReturnBadArgument when it is too short; kIOReturnVMError
 */
IOReturn IOMemoryMap_redirect(IOMemoryMap *self, IOMemoryDescriptor *memory, IOOptionBits options, IOByteCount offset);
/* For the boundary: where the client has mapped it; that the client is gone. */
void IOMemoryMap_setAddress(IOMemoryMap *self, uintptr_t address);
void IOMemoryMap_taskDied(IOMemoryMap *self);
/* What the client maps, from *ret_offset on; read only when the map is. As IOMemoryDescriptor_copyShareableDescriptor.
 */
int IOMemoryMap_copyShareableDescriptor(IOMemoryMap *self, uint64_t *ret_offset, uint64_t *ret_length);

/*
 * One access of that width to registers, in the host's byte order.
 *   offset    in bytes, a multiple of the width
 *   Returns   all ones for an offset that is not so or not inside the map, or after unmap, as a bus does when nobody
 *             answers; such a write does nothing
 *   Context   any thread
 */
uint8_t IOMemoryMap_read8(const IOMemoryMap *self, IOByteCount offset);
uint16_t IOMemoryMap_read16(const IOMemoryMap *self, IOByteCount offset);
uint32_t IOMemoryMap_read32(const IOMemoryMap *self, IOByteCount offset);
uint64_t IOMemoryMap_read64(const IOMemoryMap *self, IOByteCount offset);
void IOMemoryMap_write8(const IOMemoryMap *self, IOByteCount offset, uint8_t value);
void IOMemoryMap_write16(const IOMemoryMap *self, IOByteCount offset, uint16_t value);
void IOMemoryMap_write32(const IOMemoryMap *self, IOByteCount offset, uint32_t value);
void IOMemoryMap_write64(const IOMemoryMap *self, IOByteCount offset, uint64_t value);

/* --- IOGeneralMemoryDescriptor: ranges ---------------------------------------------------------------------------- */

#define IOGeneralMemoryDescriptor_METHODS IOMemoryDescriptor_METHODS
struct IOGeneralMemoryDescriptorMethods {
    IOGeneralMemoryDescriptor_METHODS
};

typedef struct IOGeneralMemoryDescriptorPrivate IOGeneralMemoryDescriptorPrivate;

struct IOGeneralMemoryDescriptor {
    IOMemoryDescriptor super;
    IOGeneralMemoryDescriptorPrivate *core; /* owned; src/memory/memoryPrivate.h */
};

#endif
