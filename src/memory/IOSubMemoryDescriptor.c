/* SPDX-License-Identifier: MIT */
/* A part of a descriptor: each call goes to the whole, further on by where the part starts. */
#include <IOKit/IOSubMemoryDescriptor.h>

#include "memoryPrivate.h"

static IOSubMemoryDescriptor *subOf(IOMemoryDescriptor *memory)
{
    return OSRequiredCast(IOSubMemoryDescriptor, memory);
}

IOSubMemoryDescriptor *IOSubMemoryDescriptor_withSubRange(IOMemoryDescriptor *of, IOByteCount offset,
                                                          IOByteCount length, IOOptionBits options)
{
    if (!of || !isRangeInside(offset, length, IOMemoryDescriptor_getLength(of)))
        return NULL;
    IOSubMemoryDescriptor *self = OSTypeAlloc(IOSubMemoryDescriptor);
    if (!self)
        return NULL;
    IOMemoryDescriptor_initWithLength(&self->super, length, (options & kIOMemoryDirectionMask) | kIOMemoryThreadSafe);
    self->super.tag = IOMemoryDescriptor_getTag(of);
    self->parent = OSRetain(of);
    self->start = offset;
    return self;
}

static IOReturn IOSubMemoryDescriptor_prepare(IOMemoryDescriptor *memory, IODirection forDirection)
{
    return IOMemoryDescriptor_prepare(subOf(memory)->parent, forDirection);
}

static IOReturn IOSubMemoryDescriptor_complete(IOMemoryDescriptor *memory, IODirection forDirection)
{
    return IOMemoryDescriptor_complete(subOf(memory)->parent, forDirection);
}

static addr64_t IOSubMemoryDescriptor_getPhysicalSegment(IOMemoryDescriptor *memory, IOByteCount offset,
                                                         IOByteCount *ret_length, IOOptionBits options)
{
    IOSubMemoryDescriptor *self = subOf(memory);
    return IOMemoryDescriptor_getPhysicalSegment(self->parent, self->start + offset, ret_length, options);
}

static IOByteCount IOSubMemoryDescriptor_readBytes(IOMemoryDescriptor *memory, IOByteCount offset, void *bytes,
                                                   IOByteCount length)
{
    IOSubMemoryDescriptor *self = subOf(memory);
    return IOMemoryDescriptor_readBytes(self->parent, self->start + offset, bytes, length);
}

static IOByteCount IOSubMemoryDescriptor_writeBytes(IOMemoryDescriptor *memory, IOByteCount offset, const void *bytes,
                                                    IOByteCount length)
{
    IOSubMemoryDescriptor *self = subOf(memory);
    return IOMemoryDescriptor_writeBytes(self->parent, self->start + offset, bytes, length);
}

static int IOSubMemoryDescriptor_copyShareableDescriptor(IOMemoryDescriptor *memory, bool isReadOnly,
                                                         uint64_t *ret_offset, uint64_t *ret_length)
{
    IOSubMemoryDescriptor *self = subOf(memory);
    uint64_t offset, length;
    int fd = IOMemoryDescriptor_copyShareableDescriptor(self->parent, isReadOnly, &offset, &length);
    if (fd < 0)
        return -1;
    *ret_offset = offset + self->start;
    *ret_length = IOMemoryDescriptor_getLength(memory);
    return fd;
}

static IOReturn IOSubMemoryDescriptor_doMap(IOMemoryDescriptor *memory, IOMemoryMap *map)
{
    IOSubMemoryDescriptor *self = subOf(memory);
    return memoryMapping_delegate(self->parent, map, self->start + map->offset);
}

static void IOSubMemoryDescriptor_free(OSObject *object)
{
    OSRelease(OSRequiredCast(IOSubMemoryDescriptor, object)->parent);
    OSObject_super()->free(object);
}

OSDefineClass(IOSubMemoryDescriptor, IOMemoryDescriptor, .free = IOSubMemoryDescriptor_free,
              .prepare = IOSubMemoryDescriptor_prepare, .complete = IOSubMemoryDescriptor_complete,
              .getPhysicalSegment = IOSubMemoryDescriptor_getPhysicalSegment,
              .readBytes = IOSubMemoryDescriptor_readBytes, .writeBytes = IOSubMemoryDescriptor_writeBytes,
              .copyShareableDescriptor = IOSubMemoryDescriptor_copyShareableDescriptor,
              .doMap = IOSubMemoryDescriptor_doMap);
