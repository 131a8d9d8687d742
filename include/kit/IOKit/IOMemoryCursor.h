/* SPDX-License-Identifier: MIT */
/* IOMemoryCursor: scatter-gather lists of a descriptor (IOKit/IOMemoryCursor.h; SEMANTICS 7.27). IODMACommand does
 * more. */
#ifndef _IOKIT_IOMEMORYCURSOR_H
#define _IOKIT_IOMEMORYCURSOR_H

#include <IOKit/IOMemoryDescriptor.h>

typedef struct IOMemoryCursorSegment {
    IOPhysicalAddress location;
    IOPhysicalLength length; /* bytes */
} IOMemoryCursorSegment;

/* Writes one segment at an index of the caller's array, in whatever form. */
typedef void (*IOMemoryCursorSegmentFunction)(IOMemoryCursorSegment segment, void *segments, uint32_t index);

OSDeclareBaseClass(IOMemoryCursor);
#define IOMemoryCursor_METHODS OSObject_METHODS
struct IOMemoryCursorMethods {
    IOMemoryCursor_METHODS
};
struct IOMemoryCursor {
    OSObject super;
    IOMemoryCursorSegmentFunction output; /* constant, and so the rest */
    IOPhysicalLength maxSegmentSize;
    IOPhysicalLength maxTransferSize;
};

/* These write IOMemoryCursorSegments in the host's, in big and in little byte order. */
OSDeclareClass(IONaturalMemoryCursor);
struct IONaturalMemoryCursor {
    IOMemoryCursor super;
};
OSDeclareClass(IOBigMemoryCursor);
struct IOBigMemoryCursor {
    IOMemoryCursor super;
};
OSDeclareClass(IOLittleMemoryCursor);
struct IOLittleMemoryCursor {
    IOMemoryCursor super;
};

/*
 *   maxSegmentSize    bytes, more than 0
 *   maxTransferSize   bytes; 0: no limit; less than 4 GiB
 *   alignment         1, as nothing else was ever supported
 * Returns             +1; NULL without memory, without function, for a limit out of range
 */
IOMemoryCursor *IOMemoryCursor_withSpecification(IOMemoryCursorSegmentFunction output, IOPhysicalLength maxSegmentSize,
                                                 IOPhysicalLength maxTransferSize, IOPhysicalLength alignment);
IONaturalMemoryCursor *IONaturalMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                               IOPhysicalLength maxTransferSize,
                                                               IOPhysicalLength alignment);
IOBigMemoryCursor *IOBigMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                       IOPhysicalLength maxTransferSize, IOPhysicalLength alignment);
IOLittleMemoryCursor *IOLittleMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                             IOPhysicalLength maxTransferSize,
                                                             IOPhysicalLength alignment);

/*
 * Writes the physical segments of memory from a position on.
 *   segments          room for maxSegments
 *   maxTransferSize   bytes; 0: the cursor's own limit
 *   ret_transferSize  NULL, or gets the bytes of all segments
 * Returns             how many segments; 0 for no descriptor, no room, or a position at the end. Fewer bytes than there
 *                     are when a limit is reached, or where memory of a client is not prepared.
 */
uint32_t IOMemoryCursor_genPhysicalSegments(IOMemoryCursor *self, IOMemoryDescriptor *memory, IOByteCount position,
                                            void *segments, uint32_t maxSegments, uint32_t maxTransferSize,
                                            IOByteCount *ret_transferSize);

#endif
