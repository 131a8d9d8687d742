/* SPDX-License-Identifier: MIT */
/*
 * IOMemoryDescriptor, the base class: what all descriptors have in common, and the checks before each method. A method
 * gets only ranges that are inside the descriptor. The length is read once for each call: a buffer's may change.
 */
#include "memoryPrivate.h"

bool IOMemoryDescriptor_initWithLength(IOMemoryDescriptor *self, IOByteCount length, IOOptionBits options)
{
    atomic_store_explicit(&self->length, length, memory_order_relaxed);
    atomic_store_explicit(&self->flags, options & ~(IOOptionBits)kIOMemoryPreparedReadOnly, memory_order_relaxed);
    return true;
}

IODirection IOMemoryDescriptor_getDirection(const IOMemoryDescriptor *self)
{
    return IOMemoryDescriptor_getFlags(self) & kIOMemoryDirectionMask;
}

IOByteCount IOMemoryDescriptor_getLength(const IOMemoryDescriptor *self)
{
    return atomic_load_explicit(&self->length, memory_order_relaxed);
}

IOOptionBits IOMemoryDescriptor_getFlags(const IOMemoryDescriptor *self)
{
    return atomic_load_explicit(&self->flags, memory_order_relaxed);
}

void IOMemoryDescriptor_setTag(IOMemoryDescriptor *self, IOOptionBits tag)
{
    self->tag = tag;
}

IOOptionBits IOMemoryDescriptor_getTag(const IOMemoryDescriptor *self)
{
    return self->tag;
}

/* ---- Calls of the slots ---- */

static const IOMemoryDescriptorMethods *methodsOf(const IOMemoryDescriptor *self)
{
    return OSMethodsOf(IOMemoryDescriptor, self);
}

IOReturn IOMemoryDescriptor_prepare(IOMemoryDescriptor *self, IODirection forDirection)
{
    return methodsOf(self)->prepare(self, forDirection);
}

IOReturn IOMemoryDescriptor_complete(IOMemoryDescriptor *self, IODirection forDirection)
{
    return methodsOf(self)->complete(self, forDirection);
}

addr64_t IOMemoryDescriptor_getPhysicalSegment(IOMemoryDescriptor *self, IOByteCount offset, IOByteCount *ret_length,
                                               IOOptionBits options)
{
    IOByteCount segment = 0, whole = IOMemoryDescriptor_getLength(self);
    addr64_t address = 0;
    if (offset < whole)
        address = methodsOf(self)->getPhysicalSegment(self, offset, &segment, options);
    if (ret_length)
        *ret_length = address ? smallerOf(segment, whole - offset) : 0;
    return address;
}

static bool isReachable(const IOMemoryDescriptor *self, IOByteCount offset, IOByteCount length)
{
    return length && isRangeInside(offset, length, IOMemoryDescriptor_getLength(self)) &&
           !(IOMemoryDescriptor_getFlags(self) & kIOMemoryRemote);
}

IOByteCount IOMemoryDescriptor_readBytes(IOMemoryDescriptor *self, IOByteCount offset, void *bytes, IOByteCount length)
{
    return isReachable(self, offset, length) ? methodsOf(self)->readBytes(self, offset, bytes, length) : 0;
}

IOByteCount IOMemoryDescriptor_writeBytes(IOMemoryDescriptor *self, IOByteCount offset, const void *bytes,
                                          IOByteCount length)
{
    if (!isReachable(self, offset, length) || IOMemoryDescriptor_getFlags(self) & kIOMemoryPreparedReadOnly)
        return 0;
    return methodsOf(self)->writeBytes(self, offset, bytes, length);
}

int IOMemoryDescriptor_copyShareableDescriptor(IOMemoryDescriptor *self, bool isReadOnly, uint64_t *ret_offset,
                                               uint64_t *ret_length)
{
    return methodsOf(self)->copyShareableDescriptor(self, isReadOnly, ret_offset, ret_length);
}

/* ---- Defaults: nothing to be made ready, and nothing that can be reached ---- */

static IOReturn IOMemoryDescriptor_prepare_(IOMemoryDescriptor *self, IODirection forDirection)
{
    (void)self, (void)forDirection;
    return kIOReturnSuccess;
}

static IOReturn IOMemoryDescriptor_complete_(IOMemoryDescriptor *self, IODirection forDirection)
{
    (void)self, (void)forDirection;
    return kIOReturnSuccess;
}

static addr64_t IOMemoryDescriptor_getPhysicalSegment_(IOMemoryDescriptor *self, IOByteCount offset,
                                                       IOByteCount *ret_length, IOOptionBits options)
{
    (void)self, (void)offset, (void)ret_length, (void)options;
    return 0;
}

static IOByteCount IOMemoryDescriptor_readBytes_(IOMemoryDescriptor *self, IOByteCount offset, void *bytes,
                                                 IOByteCount length)
{
    (void)self, (void)offset, (void)bytes, (void)length;
    return 0;
}

static IOByteCount IOMemoryDescriptor_writeBytes_(IOMemoryDescriptor *self, IOByteCount offset, const void *bytes,
                                                  IOByteCount length)
{
    (void)self, (void)offset, (void)bytes, (void)length;
    return 0;
}

static int IOMemoryDescriptor_copyShareableDescriptor_(IOMemoryDescriptor *self, bool isReadOnly, uint64_t *ret_offset,
                                                       uint64_t *ret_length)
{
    (void)self, (void)isReadOnly, (void)ret_offset, (void)ret_length;
    return -1;
}

static IOReturn IOMemoryDescriptor_doMap_(IOMemoryDescriptor *self, IOMemoryMap *map)
{
    (void)self, (void)map;
    return kIOReturnUnsupported;
}

OSDefineAbstractBaseClass(IOMemoryDescriptor, OSObject, .prepare = IOMemoryDescriptor_prepare_,
                          .complete = IOMemoryDescriptor_complete_,
                          .getPhysicalSegment = IOMemoryDescriptor_getPhysicalSegment_,
                          .readBytes = IOMemoryDescriptor_readBytes_, .writeBytes = IOMemoryDescriptor_writeBytes_,
                          .copyShareableDescriptor = IOMemoryDescriptor_copyShareableDescriptor_,
                          .doMap = IOMemoryDescriptor_doMap_);
