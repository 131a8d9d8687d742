/* SPDX-License-Identifier: MIT */
/* IOMultiMemoryDescriptor: several descriptors end to end (IOKit/IOMultiMemoryDescriptor.h; SEMANTICS 7.20). */
#ifndef _IOKIT_IOMULTIMEMORYDESCRIPTOR_H
#define _IOKIT_IOMULTIMEMORYDESCRIPTOR_H

#include <IOKit/IOMemoryDescriptor.h>

OSDeclareClass(IOMultiMemoryDescriptor);
struct IOMultiMemoryDescriptor {
    IOMemoryDescriptor super;
    IOMemoryDescriptor **descriptors; /* owned, each of them too; constant */
    uint32_t count;
};

/*
 *   descriptors   retained, the array is copied; each of the same direction
 *   direction     theirs
 * Returns         +1; NULL when one has another direction, for none or more than kIOMemoryRangesMax, without memory. It
 *                 can be mapped into the host when all its parts are shareable and whole pages, or lie in one of them.
 */
IOMultiMemoryDescriptor *IOMultiMemoryDescriptor_withDescriptors(IOMemoryDescriptor *const *descriptors, uint32_t count,
                                                                 IODirection direction);

#endif
