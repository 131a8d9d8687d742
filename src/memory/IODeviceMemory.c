/* SPDX-License-Identifier: MIT */
/*
 * Device memory: addresses of a bus, and what the platform put behind them. Everything is constant once it is made.
 * Bytes that functions answer for are read and written one aligned access of up to 4 bytes at a time.
 */
#include <IOKit/IODeviceMemory.h>
#include <libkern/libkern.h>

#include "memoryPrivate.h"

enum { kAccessMax = 4 }; /* bytes, the widest that every bus knows */

static IODeviceMemory *deviceMemoryOf(IOMemoryDescriptor *memory)
{
    return OSRequiredCast(IODeviceMemory, memory);
}

/* ---- Making ---- */

IODeviceMemory *IODeviceMemory_withRange(IOPhysicalAddress start, IOPhysicalLength length)
{
    if (length > UINT64_MAX - start)
        return NULL;
    IODeviceMemory *self = OSTypeAlloc(IODeviceMemory);
    if (!self)
        return NULL;
    IOMemoryDescriptor_initWithLength(&self->super, length,
                                      kIODirectionNone | kIOMemoryMapperNone | kIOMemoryTypePhysical);
    self->start = start;
    return self;
}

IODeviceMemory *IODeviceMemory_withMemory(IOPhysicalAddress start, IOPhysicalLength length, IOMemoryDescriptor *backing)
{
    if (!backing || IOMemoryDescriptor_getLength(backing) < length)
        return NULL;
    IODeviceMemory *self = IODeviceMemory_withRange(start, length);
    if (self)
        self->backing = OSRetain(backing);
    return self;
}

IODeviceMemory *IODeviceMemory_withAccess(IOPhysicalAddress start, IOPhysicalLength length,
                                          const IODeviceMemoryAccess *access, OSObject *owner)
{
    IODeviceMemory *self = access ? IODeviceMemory_withRange(start, length) : NULL;
    if (self) {
        self->access = access;
        self->owner = OSRetain(owner);
    }
    return self;
}

IODeviceMemory *IODeviceMemory_withSubRange(IODeviceMemory *of, IOPhysicalAddress offset, IOPhysicalLength length)
{
    if (!of || !isRangeInside(offset, length, IOMemoryDescriptor_getLength(&of->super)))
        return NULL;
    IODeviceMemory *self = IODeviceMemory_withRange(of->start + offset, length);
    if (!self)
        return NULL;
    self->super.tag = of->super.tag;
    self->backing = OSRetain(of->backing);
    self->backingOffset = of->backingOffset + offset;
    self->access = of->access;
    self->owner = OSRetain(of->owner);
    return self;
}

OSArray *IODeviceMemory_arrayFromList(const IODeviceMemoryInitElement *list, IOItemCount count)
{
    OSArray *array = OSArray_withCapacity(count);
    for (IOItemCount i = 0; array && i < count; i++) {
        IODeviceMemory *range = IODeviceMemory_withRange(list[i].start, list[i].length);
        if (range)
            IOMemoryDescriptor_setTag(&range->super, list[i].tag);
        if (!range || !OSArray_setObject(array, OSObjectOf(range)))
            OSSafeReleaseNULL(array);
        OSRelease(range);
    }
    return array;
}

static void IODeviceMemory_free(OSObject *object)
{
    IODeviceMemory *self = OSRequiredCast(IODeviceMemory, object);
    OSRelease(self->backing);
    OSRelease(self->owner);
    OSObject_super()->free(object);
}

/* ---- Bytes ---- */

static addr64_t IODeviceMemory_getPhysicalSegment(IOMemoryDescriptor *memory, IOByteCount offset,
                                                  IOByteCount *ret_length, IOOptionBits options)
{
    (void)options;
    *ret_length = IOMemoryDescriptor_getLength(memory) - offset;
    return deviceMemoryOf(memory)->start + offset;
}

/* The width of the next access: aligned, and no more than is left. */
static unsigned widthAt(uint64_t address, IOByteCount left)
{
    unsigned width = kAccessMax;
    while (address & (width - 1) || width > left)
        width /= 2;
    return width;
}

static IOByteCount IODeviceMemory_readBytes(IOMemoryDescriptor *memory, IOByteCount offset, void *bytes,
                                            IOByteCount length)
{
    IODeviceMemory *self = deviceMemoryOf(memory);
    if (self->backing)
        return IOMemoryDescriptor_readBytes(self->backing, self->backingOffset + offset, bytes, length);
    if (!self->access)
        return 0;
    for (IOByteCount done = 0; done < length;) {
        uint64_t address = self->start + offset + done;
        unsigned width = widthAt(address, length - done);
        uint64_t value = self->access->read(self->owner, address, width);
        for (unsigned i = 0; i < width; i++) /* a bus is little endian: the lowest address has the lowest bits */
            ((uint8_t *)bytes)[done++] = (uint8_t)(value >> (8 * i));
    }
    return length;
}

static IOByteCount IODeviceMemory_writeBytes(IOMemoryDescriptor *memory, IOByteCount offset, const void *bytes,
                                             IOByteCount length)
{
    IODeviceMemory *self = deviceMemoryOf(memory);
    if (self->backing)
        return IOMemoryDescriptor_writeBytes(self->backing, self->backingOffset + offset, bytes, length);
    if (!self->access)
        return 0;
    for (IOByteCount done = 0; done < length;) {
        uint64_t address = self->start + offset + done;
        unsigned width = widthAt(address, length - done);
        uint64_t value = 0;
        for (unsigned i = 0; i < width; i++, done++)
            value |= bytes ? (uint64_t)((const uint8_t *)bytes)[done] << (8 * i) : 0;
        self->access->write(self->owner, address, width, value);
    }
    return length;
}

static int IODeviceMemory_copyShareableDescriptor(IOMemoryDescriptor *memory, bool isReadOnly, uint64_t *ret_offset,
                                                  uint64_t *ret_length)
{
    IODeviceMemory *self = deviceMemoryOf(memory);
    uint64_t offset, length;
    int fd =
        self->backing ? IOMemoryDescriptor_copyShareableDescriptor(self->backing, isReadOnly, &offset, &length) : -1;
    if (fd < 0)
        return -1;
    *ret_offset = offset + self->backingOffset;
    *ret_length = IOMemoryDescriptor_getLength(memory);
    return fd;
}

static IOReturn IODeviceMemory_doMap(IOMemoryDescriptor *memory, IOMemoryMap *map)
{
    IODeviceMemory *self = deviceMemoryOf(memory);
    if (self->backing)
        return memoryMapping_delegate(self->backing, map, self->backingOffset + map->offset);
    if (!self->access || map->task != kernel_task || !(map->options & kIOMapAnywhere))
        return kIOReturnUnsupported;
    map->access = self->access;
    map->accessOwner = self->owner;
    map->accessAddress = self->start + map->offset;
    atomic_store(&map->address, 0);
    return kIOReturnSuccess;
}

/* ---- As a property: one range, as IOGeneralMemoryDescriptor shows several ---- */

static bool IODeviceMemory_serialize(const OSObject *object, OSSerialize *serializer)
{
    const IODeviceMemory *self = OSRequiredCast(IODeviceMemory, object);
    IOMemoryDescriptor *plain = IOMemoryDescriptor_withPhysicalAddress(
        self->start, IOMemoryDescriptor_getLength(&self->super), kIODirectionNone);
    bool ok = plain && OSObject_serialize(OSObjectOf(plain), serializer);
    OSRelease(plain);
    return ok;
}

OSDefineBaseClass(IODeviceMemory, IOMemoryDescriptor, .free = IODeviceMemory_free,
                  .serialize = IODeviceMemory_serialize, .getPhysicalSegment = IODeviceMemory_getPhysicalSegment,
                  .readBytes = IODeviceMemory_readBytes, .writeBytes = IODeviceMemory_writeBytes,
                  .copyShareableDescriptor = IODeviceMemory_copyShareableDescriptor, .doMap = IODeviceMemory_doMap);
