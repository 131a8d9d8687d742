/* SPDX-License-Identifier: MIT */
/* What the two files of IODMACommand share. */
#ifndef SRC_MEMORY_DMAPRIVATE_H
#define SRC_MEMORY_DMAPRIVATE_H

#include <IOKit/IODMACommand.h>

#include "memoryPrivate.h"

struct IODMACommandPrivate {
    void *refCon;

    /* The specification. */
    IODMACommandSegmentFunction output; /* NULL: none yet */
    uint32_t mapping;
    IOMapper *mapper;        /* owned */
    unsigned numAddressBits; /* 0: no limit */
    uint64_t maxSegmentSize;
    uint64_t maxTransferSize;
    uint32_t alignMask;         /* of the first address */
    uint32_t alignMaskLength;   /* of lengths */
    uint32_t alignMaskInternal; /* of the other addresses */

    /* The memory. */
    IOMemoryDescriptor *memory; /* owned, or NULL */
    unsigned active;            /* prepares to be completed */
    bool forceCopy;             /* at the next prepare */
    bool isActivated;           /* counted in memory's dmaReferences */

    /* While prepared. */
    uint64_t offset, length;  /* of the range, in memory */
    IOMemoryDescriptor *copy; /* owned: the bytes of the range, when the device cannot take the memory itself */
    uintptr_t copyRegion;
    size_t copyRegionLength;
    bool isMapped;
    addr64_t mappedAddress; /* bus address of the range's first byte */
};

/* Whether the device can take the range of memory as it is. */
bool dmaSegments_fit(IODMACommand *self);

/* Whether there is a mapper and it is to be used. */
static inline bool usesMapper(const IODMACommandPrivate *core)
{
    return core->mapper && (core->mapping & kIODMAMapOptionTypeMask) != kIODMAMapOptionUnmapped &&
           (core->mapping & kIODMAMapOptionTypeMask) != kIODMAMapOptionBypassed;
}

/* The highest address that the device can take. */
static inline uint64_t highestAddress(const IODMACommandPrivate *core)
{
    return core->numAddressBits && core->numAddressBits < 64 ? (1ull << core->numAddressBits) - 1 : UINT64_MAX;
}

#endif
