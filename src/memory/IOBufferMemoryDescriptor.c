/* SPDX-License-Identifier: MIT */
/*
 * IOBufferMemoryDescriptor: a memfd, mapped into the host for as long as the descriptor lives. It is sealed against
 * resizing, so that no client that gets it can make the host fault, and its mode lets nobody but the host's own user
 * open it again: a client of another user that was given it for reading cannot make it writable.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <IOKit/IOBufferMemoryDescriptor.h>

#include "memoryPrivate.h"

/* The descriptor options that a buffer's options have in common. */
#define kBufferFlags (kIOMemoryDirectionMask | kIOMemoryThreadSafe | kIOMemoryMapperNone)

static int makeFile(size_t size)
{
    int fd = memfd_create("IOBufferMemoryDescriptor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    if (fchmod(fd, S_IRUSR | S_IWUSR) == 0 && ftruncate(fd, (off_t)size) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The memory; self is to be released when it fails. */
static bool makeBuffer(IOBufferMemoryDescriptor *self, IOOptionBits options, uint64_t alignment, uint64_t highest)
{
    size_t size;
    if (!hostRegion_round(self->capacity, &size) || !IOAllocation_count(kIOAllocationPageable, size))
        return false;
    int fd = makeFile(size);
    uintptr_t region = fd >= 0 ? hostRegion_map(fd, size, alignment, highest) : 0;
    if (region && generalMemory_initWithRegion(&self->super, region, size, region, self->capacity, options, fd, 0)) {
        self->super.core->isRegionCounted = true;
        return true;
    }
    if (region)
        hostRegion_unmap(region, size);
    if (fd >= 0)
        close(fd);
    IOAllocation_uncount(kIOAllocationPageable, size);
    return false;
}

static IOBufferMemoryDescriptor *makeDescriptor(IOTask *task, IOOptionBits options, IOByteCount capacity,
                                                uint64_t alignment, uint64_t highest)
{
    if (!task || capacity == 0 || alignment & (alignment - 1) ||
        (task != kernel_task && !(options & kIOMemoryPageable)))
        return NULL;
    IOBufferMemoryDescriptor *self = OSTypeAlloc(IOBufferMemoryDescriptor);
    if (!self)
        return NULL;
    if (alignment > hostRegion_pageSize())
        options |= kIOMemoryPhysicallyContiguous;
    self->options = options;
    self->capacity = capacity;
    self->alignment = alignment ? alignment : 1;
    IOOptionBits flags = options & kBufferFlags;
    if (options & kIOMemoryPageable)
        flags |= kIOMemoryBufferPageable;
    if (!makeBuffer(self, flags, self->alignment, highest) ||
        (!(options & kIOMemoryPageable) &&
         IOMemoryDescriptor_prepare(&self->super.super, kIODirectionNone) != kIOReturnSuccess))
        OSSafeReleaseNULL(self);
    return self;
}

IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_inTaskWithOptions(IOTask *task, IOOptionBits options,
                                                                     IOByteCount capacity, IOByteCount alignment)
{
    return makeDescriptor(task, options, capacity, alignment, UINT64_MAX);
}

IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_inTaskWithPhysicalMask(IOTask *task, IOOptionBits options,
                                                                          IOByteCount capacity, uint64_t physicalMask)
{
    if (physicalMask == 0)
        return makeDescriptor(task, options, capacity, 1, UINT64_MAX);
    uint64_t alignment = physicalMask & -physicalMask; /* below the lowest bit that may be set: zeroes */
    return makeDescriptor(task, options, capacity, alignment, physicalMask | (alignment - 1));
}

IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withOptions(IOOptionBits options, IOByteCount capacity,
                                                               IOByteCount alignment)
{
    return makeDescriptor(kernel_task, options, capacity, alignment, UINT64_MAX);
}

IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withCapacity(IOByteCount capacity, IODirection direction,
                                                                bool contiguous)
{
    IOOptionBits options = direction | (contiguous ? kIOMemoryPhysicallyContiguous : 0);
    return makeDescriptor(kernel_task, options, capacity, 1, UINT64_MAX);
}

IOBufferMemoryDescriptor *IOBufferMemoryDescriptor_withBytes(const void *bytes, IOByteCount length,
                                                             IODirection direction, bool contiguous)
{
    IOBufferMemoryDescriptor *self = IOBufferMemoryDescriptor_withCapacity(length, direction, contiguous);
    if (self)
        memcpy(IOBufferMemoryDescriptor_getBytesNoCopy(self), bytes, length);
    return self;
}

void IOBufferMemoryDescriptor_setLength(IOBufferMemoryDescriptor *self, IOByteCount length)
{
    if (length <= self->capacity)
        atomic_store_explicit(&self->super.super.length, length, memory_order_relaxed);
}

void IOBufferMemoryDescriptor_setDirection(IOBufferMemoryDescriptor *self, IODirection direction)
{
    IOOptionBits flags = atomic_load(&self->super.super.flags);
    IOOptionBits wanted;
    do
        wanted = (flags & ~(IOOptionBits)kIOMemoryDirectionMask) | (direction & kIOMemoryDirectionMask);
    while (!atomic_compare_exchange_weak(&self->super.super.flags, &flags, wanted));
}

IOByteCount IOBufferMemoryDescriptor_getCapacity(const IOBufferMemoryDescriptor *self)
{
    return self->capacity;
}

bool IOBufferMemoryDescriptor_appendBytes(IOBufferMemoryDescriptor *self, const void *bytes, IOByteCount length)
{
    IOByteCount used = IOMemoryDescriptor_getLength(&self->super.super);
    length = smallerOf(length, self->capacity - used);
    memcpy((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(self) + used, bytes, length);
    IOBufferMemoryDescriptor_setLength(self, used + length);
    return true;
}

void *IOBufferMemoryDescriptor_getBytesNoCopy(IOBufferMemoryDescriptor *self)
{
    return (void *)self->super.core->region;
}

void *IOBufferMemoryDescriptor_getBytesNoCopyRange(IOBufferMemoryDescriptor *self, IOByteCount start,
                                                   IOByteCount length)
{
    IOByteCount whole = IOMemoryDescriptor_getLength(&self->super.super);
    if (start >= whole || !isRangeInside(start, length, whole))
        return NULL;
    return (void *)(self->super.core->region + start);
}

OSDefineBaseClass(IOBufferMemoryDescriptor, IOGeneralMemoryDescriptor);
