/* SPDX-License-Identifier: MIT */
/*
 * IOGeneralMemoryDescriptor: ranges of one task, of physical memory, or of a file.
 *
 * The descriptor's lock guards the prepare count and the copy of a client's memory that exists while it is not 0:
 *
 *     no copy ---- first prepare: all of it is read ----> copy
 *             <--- last complete: written back if the first prepare's direction has In ----
 *
 * With a copy, readBytes reads it, and writeBytes writes both it and the client's memory. The lock is held over the
 * system calls that copy, over no callback.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include <libkern/libkern.h>

#include "memoryPrivate.h"

static IOGeneralMemoryDescriptor *generalOf(IOMemoryDescriptor *memory)
{
    return OSRequiredCast(IOGeneralMemoryDescriptor, memory);
}

static bool isCopied(const IOGeneralMemoryDescriptorPrivate *core)
{
    return core->kind == kMemoryClient || core->kind == kMemoryFile;
}

uint64_t generalMemory_addressAt(const IOGeneralMemoryDescriptor *self, IOByteCount offset, IOByteCount *ret_length)
{
    const IOGeneralMemoryDescriptorPrivate *core = self->core;

    uint32_t i = 0;
    while (offset >= core->ranges[i].length)
        offset -= core->ranges[i++].length;
    uint64_t address = core->ranges[i].address + offset;
    IOByteCount length = core->ranges[i].length - offset;
    while (++i < core->rangeCount && core->ranges[i].address == address + length)
        length += core->ranges[i].length;
    *ret_length = length;
    return address;
}

/* ---- Prepare and complete ---- */

/* The copy of a client's memory; with the lock held. */
static IOReturn makeCopy_locked(IOGeneralMemoryDescriptor *self)
{
    IOGeneralMemoryDescriptorPrivate *core = self->core;

    IOByteCount length = IOMemoryDescriptor_getLength(&self->super);
    if (length == 0)
        return kIOReturnSuccess;
    if (length > kIOMemoryPreparedClientBytesMax)
        return kIOReturnNoResources;
    core->copy = IOAllocate(kIOAllocationPageable, length);
    if (!core->copy)
        return kIOReturnNoMemory;
    core->copyLength = length;
    if (memoryAccess_read(self, 0, core->copy, length) == length)
        return kIOReturnSuccess;
    IODeallocate(kIOAllocationPageable, core->copy, length);
    core->copy = NULL;
    return kIOReturnVMError;
}

static IOReturn wire_locked(IOGeneralMemoryDescriptor *self, IODirection direction)
{
    bool isReadOnly = direction == kIODirectionOut;
    if (self->core->wireCount) {
        bool refused = !isReadOnly && IOMemoryDescriptor_getFlags(&self->super) & kIOMemoryPreparedReadOnly;
        return refused ? kIOReturnNotWritable : kIOReturnSuccess;
    }
    IOReturn result = isCopied(self->core) ? makeCopy_locked(self) : kIOReturnSuccess;
    if (result == kIOReturnSuccess && isReadOnly)
        atomic_fetch_or(&self->super.flags, kIOMemoryPreparedReadOnly);
    return result;
}

static IOReturn IOGeneralMemoryDescriptor_prepare_(IOMemoryDescriptor *memory, IODirection forDirection)
{
    IOGeneralMemoryDescriptor *self = generalOf(memory);
    if (self->core->kind == kMemoryPhysical)
        return kIOReturnSuccess;
    if (IOMemoryDescriptor_getFlags(memory) & kIOMemoryRemote)
        return kIOReturnNotAttached;
    IODirection direction = forDirection & kIODirectionOutIn;
    if (direction == kIODirectionNone)
        direction = IOMemoryDescriptor_getDirection(memory) & kIODirectionOutIn;
    pthread_mutex_lock(&self->core->lock);
    IOReturn result = wire_locked(self, direction);
    if (result == kIOReturnSuccess)
        self->core->wireCount++;
    pthread_mutex_unlock(&self->core->lock);
    return result;
}

static IOReturn unwire_locked(IOGeneralMemoryDescriptor *self)
{
    IOGeneralMemoryDescriptorPrivate *core = self->core;

    IOReturn result = kIOReturnSuccess;
    bool isReadOnly = IOMemoryDescriptor_getFlags(&self->super) & kIOMemoryPreparedReadOnly;
    if (atomic_load(&self->super.dmaReferences))
        panic("IOMemoryDescriptor: the last complete while an IODMACommand has it");
    if (core->copy && !isReadOnly && !core->completionError &&
        memoryAccess_write(self, 0, core->copy, core->copyLength) != core->copyLength)
        result = kIOReturnVMError;
    IODeallocate(kIOAllocationPageable, core->copy, core->copyLength);
    core->copy = NULL;
    core->completionError = false;
    atomic_fetch_and(&self->super.flags, ~(IOOptionBits)kIOMemoryPreparedReadOnly);
    return result;
}

static IOReturn IOGeneralMemoryDescriptor_complete_(IOMemoryDescriptor *memory, IODirection forDirection)
{
    IOGeneralMemoryDescriptor *self = generalOf(memory);
    IOGeneralMemoryDescriptorPrivate *core = self->core;
    if (core->kind == kMemoryPhysical)
        return kIOReturnSuccess;
    if (IOMemoryDescriptor_getFlags(memory) & kIOMemoryRemote)
        return kIOReturnNotAttached;
    IOReturn result = kIOReturnSuccess;
    pthread_mutex_lock(&core->lock);
    if (core->wireCount) {
        core->completionError |= (forDirection & kIODirectionCompleteWithError) != 0;
        if (--core->wireCount == 0)
            result = unwire_locked(self);
    }
    pthread_mutex_unlock(&core->lock);
    return result;
}

/* ---- Bytes ---- */

static addr64_t IOGeneralMemoryDescriptor_getPhysicalSegment_(IOMemoryDescriptor *memory, IOByteCount offset,
                                                              IOByteCount *ret_length, IOOptionBits options)
{
    (void)options;
    IOGeneralMemoryDescriptor *self = generalOf(memory);
    if (IOMemoryDescriptor_getFlags(memory) & kIOMemoryRemote)
        return 0;
    if (!isCopied(self->core))
        return generalMemory_addressAt(self, offset, ret_length);
    pthread_mutex_lock(&self->core->lock);
    addr64_t address = self->core->copy ? (uintptr_t)self->core->copy + offset : 0;
    *ret_length = self->core->copyLength - offset;
    pthread_mutex_unlock(&self->core->lock);
    return address;
}

static IOByteCount IOGeneralMemoryDescriptor_readBytes_(IOMemoryDescriptor *memory, IOByteCount offset, void *bytes,
                                                        IOByteCount length)
{
    IOGeneralMemoryDescriptor *self = generalOf(memory);
    if (!isCopied(self->core))
        return memoryAccess_read(self, offset, bytes, length);
    pthread_mutex_lock(&self->core->lock);
    bool hasCopy = self->core->copy != NULL;
    if (hasCopy)
        memcpy(bytes, self->core->copy + offset, length);
    pthread_mutex_unlock(&self->core->lock);
    return hasCopy ? length : memoryAccess_read(self, offset, bytes, length);
}

static IOByteCount IOGeneralMemoryDescriptor_writeBytes_(IOMemoryDescriptor *memory, IOByteCount offset,
                                                         const void *bytes, IOByteCount length)
{
    IOGeneralMemoryDescriptor *self = generalOf(memory);
    if (!isCopied(self->core))
        return memoryAccess_write(self, offset, bytes, length);
    pthread_mutex_lock(&self->core->lock);
    IOByteCount written = memoryAccess_write(self, offset, bytes, length);
    if (self->core->copy && bytes)
        memcpy(self->core->copy + offset, bytes, written);
    else if (self->core->copy)
        memset(self->core->copy + offset, 0, written);
    pthread_mutex_unlock(&self->core->lock);
    return written;
}

static int IOGeneralMemoryDescriptor_copyShareableDescriptor_(IOMemoryDescriptor *memory, bool isReadOnly,
                                                              uint64_t *ret_offset, uint64_t *ret_length)
{
    const IOGeneralMemoryDescriptorPrivate *core = generalOf(memory)->core;

    if (core->kind != kMemoryHost || core->fd < 0)
        return -1;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", core->fd);
    int fd = isReadOnly ? open(path, O_RDONLY | O_CLOEXEC) : fcntl(core->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    *ret_offset = core->fdOffset;
    *ret_length = IOMemoryDescriptor_getLength(memory);
    return fd;
}

/* ---- Making ---- */

bool generalMemory_init(IOGeneralMemoryDescriptor *self, MemoryKind kind, IOAddressRange *ranges, uint32_t count,
                        IOOptionBits options, IOTask *task)
{
    IOByteCount length = 0;
    self->core = IOMallocZero(sizeof *self->core);
    bool isValid = self->core != NULL;
    for (uint32_t i = 0; isValid && i < count; i++) {
        isValid = ranges[i].length <= UINT64_MAX - length && ranges[i].length <= UINT64_MAX - ranges[i].address;
        length += ranges[i].length;
    }
    if (!isValid) {
        IOFree(ranges, count * sizeof *ranges);
        if (self->core)
            IOFree(self->core, sizeof *self->core);
        self->core = NULL;
        return false;
    }
    self->core->kind = kind;
    self->core->ranges = ranges;
    self->core->rangeCount = count;
    self->core->task = OSRetain(task);
    self->core->fd = -1;
    pthread_mutex_init(&self->core->lock, NULL);
    return IOMemoryDescriptor_initWithLength(&self->super, length, options);
}

bool generalMemory_initWithRegion(IOGeneralMemoryDescriptor *self, uintptr_t region, size_t regionLength,
                                  uintptr_t address, IOByteCount length, IOOptionBits options, int fd,
                                  uint64_t fdOffset)
{
    IOAddressRange *range = IOMalloc(sizeof *range);
    if (!range)
        return false;
    *range = (IOAddressRange){address, length};
    if (!generalMemory_init(self, kMemoryHost, range, 1, options | kIOMemoryTypeVirtual, kernel_task))
        return false;
    self->core->region = region;
    self->core->regionLength = regionLength;
    self->core->fd = fd;
    self->core->fdOffset = fdOffset;
    return true;
}

IOMemoryDescriptor *IOMemoryDescriptor_withAddressRanges(const IOAddressRange *ranges, uint32_t count,
                                                         IOOptionBits options, IOTask *task)
{
    if (!ranges || count == 0 || count > kIOMemoryRangesMax)
        return NULL;
    IOGeneralMemoryDescriptor *self = OSTypeAlloc(IOGeneralMemoryDescriptor);
    IOAddressRange *copy = self ? IOMalloc(count * sizeof *copy) : NULL;
    if (!copy) {
        OSRelease(self);
        return NULL;
    }
    memcpy(copy, ranges, count * sizeof *copy);
    MemoryKind kind = !task ? kMemoryPhysical : task == kernel_task ? kMemoryHost : kMemoryClient;
    options = (options & ~(IOOptionBits)kIOMemoryTypeMask) | (task ? kIOMemoryTypeVirtual : kIOMemoryTypePhysical);
    if (!generalMemory_init(self, kind, copy, count, options, task)) {
        OSRelease(self);
        return NULL;
    }
    return &self->super;
}

IOMemoryDescriptor *IOMemoryDescriptor_withAddressRange(uint64_t address, IOByteCount length, IOOptionBits options,
                                                        IOTask *task)
{
    IOAddressRange range = {address, length};
    return IOMemoryDescriptor_withAddressRanges(&range, 1, options, task);
}

IOMemoryDescriptor *IOMemoryDescriptor_withAddress(void *address, IOByteCount length, IODirection direction)
{
    return IOMemoryDescriptor_withAddressRange((uintptr_t)address, length, direction, kernel_task);
}

IOMemoryDescriptor *IOMemoryDescriptor_withPhysicalAddress(IOPhysicalAddress address, IOByteCount length,
                                                           IODirection direction)
{
    return IOMemoryDescriptor_withAddressRange(address, length, direction, NULL);
}

IOMemoryDescriptor *IOMemoryDescriptor_withBytes(const void *bytes, IOByteCount length, IODirection direction)
{
    uint8_t *own = IOAllocate(kIOAllocationPageable, length);
    IOMemoryDescriptor *self = own ? IOMemoryDescriptor_withAddress(own, length, direction) : NULL;
    if (!self) {
        IODeallocate(kIOAllocationPageable, own, length);
        return NULL;
    }
    if (bytes)
        memcpy(own, bytes, length);
    generalOf(self)->core->bytes = own;
    return self;
}

/* ---- Memory in a client's file ---- */

/* Whether it is a memfd in ordinary pages that nobody can make shorter. */
static bool isSealed(int fd)
{
    struct statfs system;
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & F_SEAL_SHRINK) && fstatfs(fd, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

/* Maps the part of a sealed file, and makes self of it. False: it is to be read and written by calls. */
static bool initWithSealedFile(IOGeneralMemoryDescriptor *self, int fd, uint64_t offset, IOByteCount length,
                               IODirection direction)
{
    uint64_t start = offset & ~(hostRegion_pageSize() - 1);
    size_t size;
    if (!isSealed(fd) || !hostRegion_round(offset - start + length, &size))
        return false;
    void *region = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)start);
    if (region == MAP_FAILED)
        return false;
    uintptr_t address = (uintptr_t)region + (offset - start);
    if (generalMemory_initWithRegion(self, (uintptr_t)region, size, address, length, direction, fd, offset))
        return true;
    munmap(region, size);
    return false;
}

static bool initWithFile(IOGeneralMemoryDescriptor *self, int fd, uint64_t offset, IOByteCount length,
                         IODirection direction)
{
    if (initWithSealedFile(self, fd, offset, length, direction))
        return true;
    IOAddressRange *range = IOMalloc(sizeof *range);
    if (!range)
        return false;
    *range = (IOAddressRange){offset, length};
    if (!generalMemory_init(self, kMemoryFile, range, 1, direction | kIOMemoryTypeVirtual, NULL))
        return false;
    self->core->fd = fd;
    return true;
}

IOMemoryDescriptor *IOMemoryDescriptor_withFileDescriptor(int fd, uint64_t offset, IOByteCount length,
                                                          IODirection direction)
{
    struct stat status;
    if (length == 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0 ||
        !isRangeInside(offset, length, (uint64_t)status.st_size))
        return NULL;
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        return NULL;
    IOGeneralMemoryDescriptor *self = OSTypeAlloc(IOGeneralMemoryDescriptor);
    if (!self || !initWithFile(self, own, offset, length, direction)) {
        OSRelease(self);
        close(own);
        return NULL;
    }
    return &self->super;
}

/* ---- The rest ---- */

static bool addRange(OSArray *array, const IOAddressRange *range)
{
    OSDictionary *dict = OSDictionary_withCapacity(2);
    OSNumber *address = OSNumber_withNumber(range->address, 64);
    OSNumber *length = OSNumber_withNumber(range->length, 64);
    bool added = dict && address && length && OSDictionary_setObject(dict, "address", OSObjectOf(address)) &&
                 OSDictionary_setObject(dict, "length", OSObjectOf(length)) &&
                 OSArray_setObject(array, OSObjectOf(dict));
    OSRelease(length);
    OSRelease(address);
    OSRelease(dict);
    return added;
}

/* Addresses of processes are nobody's business: only physical ones are told. */
static bool IOGeneralMemoryDescriptor_serialize(const OSObject *object, OSSerialize *serializer)
{
    const IOGeneralMemoryDescriptor *self = OSRequiredCast(IOGeneralMemoryDescriptor, object);
    if (self->core->kind != kMemoryPhysical)
        return OSObject_super()->serialize(object, serializer);
    OSArray *array = OSArray_withCapacity(self->core->rangeCount);
    bool ok = array != NULL;
    for (uint32_t i = 0; ok && i < self->core->rangeCount; i++)
        ok = addRange(array, &self->core->ranges[i]);
    ok = ok && OSObject_serialize(OSObjectOf(array), serializer);
    OSRelease(array);
    return ok;
}

static void IOGeneralMemoryDescriptor_free(OSObject *object)
{
    IOGeneralMemoryDescriptor *self = OSRequiredCast(IOGeneralMemoryDescriptor, object);
    IOGeneralMemoryDescriptorPrivate *core = self->core;
    if (core) {
        IODeallocate(kIOAllocationPageable, core->copy, core->copyLength); /* prepared, and never completed */
        if (core->bytes)
            IODeallocate(kIOAllocationPageable, core->bytes, core->ranges[0].length);
        if (core->regionLength)
            hostRegion_unmap(core->region, core->regionLength);
        if (core->isRegionCounted)
            IOAllocation_uncount(kIOAllocationPageable, core->regionLength);
        if (core->fd >= 0)
            close(core->fd);
        OSRelease(core->task);
        IOFree(core->ranges, core->rangeCount * sizeof *core->ranges);
        pthread_mutex_destroy(&core->lock);
        IOFree(core, sizeof *core);
    }
    OSObject_super()->free(object);
}

OSDefineBaseClass(IOGeneralMemoryDescriptor, IOMemoryDescriptor, .free = IOGeneralMemoryDescriptor_free,
                  .serialize = IOGeneralMemoryDescriptor_serialize, .prepare = IOGeneralMemoryDescriptor_prepare_,
                  .complete = IOGeneralMemoryDescriptor_complete_,
                  .getPhysicalSegment = IOGeneralMemoryDescriptor_getPhysicalSegment_,
                  .readBytes = IOGeneralMemoryDescriptor_readBytes_,
                  .writeBytes = IOGeneralMemoryDescriptor_writeBytes_,
                  .copyShareableDescriptor = IOGeneralMemoryDescriptor_copyShareableDescriptor_,
                  .doMap = generalMemory_doMap);
