/* SPDX-License-Identifier: MIT */
/* IOSubMemoryDescriptor: a part of another descriptor (IOKit/IOSubMemoryDescriptor.h; SEMANTICS 7.20). */
#ifndef _IOKIT_IOSUBMEMORYDESCRIPTOR_H
#define _IOKIT_IOSUBMEMORYDESCRIPTOR_H

#include <IOKit/IOMemoryDescriptor.h>

OSDeclareClass(IOSubMemoryDescriptor);
struct IOSubMemoryDescriptor {
    IOMemoryDescriptor super;
    IOMemoryDescriptor *parent; /* owned; constant, and so is start */
    IOByteCount start;
};

/*
 *   of        retained; preparing the part prepares all of it
 *   offset    bytes
 *   options   a direction
 * Returns     +1; NULL when the part is not inside, or without memory. Its tag is that of the whole.
 */
IOSubMemoryDescriptor *IOSubMemoryDescriptor_withSubRange(IOMemoryDescriptor *of, IOByteCount offset,
                                                          IOByteCount length, IOOptionBits options);

#endif
