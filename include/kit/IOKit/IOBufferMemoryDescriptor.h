/* SPDX-License-Identifier: MIT */
/*
 * IOBufferMemoryDescriptor: memory of its own, which can be shared with clients (IOKit/IOBufferMemoryDescriptor.h;
 * SEMANTICS 7.25, 7.26).
 *
 * The buffer is a memfd, sealed against resizing, that the host has mapped; a client maps the same one. It takes whole
 * pages and one file descriptor, so it is for transfers and shared structures, not for a few bytes.
 */
#ifndef _IOKIT_IOBUFFERMEMORYDESCRIPTOR_H
#define _IOKIT_IOBUFFERMEMORYDESCRIPTOR_H

#include <IOKit/IOMemoryDescriptor.h>

OSDeclareBaseClass(IOBufferMemoryDescriptor);

/* Options beside direction and kIOMapCacheMask. Host memory is never paged and counts as contiguous, so only Pageable
 * has an effect: it allows a task that is not kernel_task, and the buffer is not prepared from the start. */
enum {
    kIOMemoryPhysicallyContiguous = 0x00000010,
    kIOMemoryPageable = 0x00000020,
    kIOMemoryPurgeable = 0x00000040,
    kIOMemoryHostPhysicallyContiguous = 0x00000080,
    kIOMemorySharingTypeMask = 0x000f0000,
    kIOMemoryUnshared = 0x00000000,
    kIOMemoryKernelUserShared = 0x00010000,
};

#define IOBufferMemoryDescriptor_METHODS IOGeneralMemoryDescriptor_METHODS
struct IOBufferMemoryDescriptorMethods {
    IOBufferMemoryDescriptor_METHODS
};

struct IOBufferMemoryDescriptor {
    IOGeneralMemoryDescriptor super;
    IOOptionBits options;  /* constant, as made */
    IOByteCount capacity;  /* constant; bytes */
    IOByteCount alignment; /* constant; bytes, 1 for none */
};

/*
 * A new zeroed buffer; its length is its capacity.
 *   task       kernel_task; a client's only with kIOMemoryPageable: the buffer is the host's all the same, and can be
 *              mapped there
 *   capacity   bytes, more than 0
 *   alignment  of its address: a power of 2 or 0; more than a page means contiguous
 * Returns      +1, NULL without memory or for what is said above
 */
IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_inTaskWithOptions(IOTask *task, IOOptionBits options,
                                                                     IOByteCount capacity, IOByteCount alignment);
/* physicalMask: the bits that its addresses may have set; a buffer that would break it is not made. */
IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_inTaskWithPhysicalMask(IOTask *task, IOOptionBits options,
                                                                          IOByteCount capacity, uint64_t physicalMask);
/* In the host. */
IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withOptions(IOOptionBits options, IOByteCount capacity,
                                                               IOByteCount alignment);
IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withCapacity(IOByteCount capacity, IODirection direction,
                                                                bool contiguous);
/* A copy of bytes; length is its length and capacity. */
IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withBytes(const void *bytes, IOByteCount length,
                                                             IODirection direction, bool contiguous);

/* Up to the capacity; a longer one changes nothing. Not while the buffer is in use. */
void IOBufferMemoryDescriptor_setLength(IOBufferMemoryDescriptor *self, IOByteCount length);
void IOBufferMemoryDescriptor_setDirection(IOBufferMemoryDescriptor *self, IODirection direction);
IOByteCount IOBufferMemoryDescriptor_getCapacity(const IOBufferMemoryDescriptor *self);
/* Appends as many bytes as the capacity allows, and the length grows by these. Always true. */
bool IOBufferMemoryDescriptor_appendBytes(IOBufferMemoryDescriptor *self, const void *bytes, IOByteCount length);
/* The buffer, borrowed, in the host. */
void *IOBufferMemoryDescriptor_getBytesNoCopy(IOBufferMemoryDescriptor *self);
/* The address of a range in it, NULL when that is not inside the length or starts at its end. */
void *IOBufferMemoryDescriptor_getBytesNoCopyRange(IOBufferMemoryDescriptor *self, IOByteCount start,
                                                   IOByteCount length);

#endif
