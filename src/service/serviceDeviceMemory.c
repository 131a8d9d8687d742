/* SPDX-License-Identifier: MIT */
/*
 * The device memory of a nub (SEMANTICS 4.12). It is a property, as in the kernel, so that ioreg shows it and a service
 * without any costs nothing.
 */
#include <IOKit/IODeviceMemory.h>
#include <libkern/OSArray.h>

#include "IOServicePrivate.h"

OSArray *IOService_getDeviceMemory(const IOService *self)
{
    return OSDynamicCast(OSArray, IORegistryEntry_getProperty(entryOf(self), kIODeviceMemoryKey));
}

unsigned IOService_getDeviceMemoryCount(const IOService *self)
{
    const OSArray *ranges = IOService_getDeviceMemory(self);
    return ranges ? OSArray_getCount(ranges) : 0;
}

IODeviceMemory *IOService_getDeviceMemoryWithIndex(const IOService *self, unsigned index)
{
    const OSArray *ranges = IOService_getDeviceMemory(self);
    return ranges ? OSDynamicCast(IODeviceMemory, OSArray_getObject(ranges, index)) : NULL;
}

void IOService_setDeviceMemory(IOService *self, OSArray *array)
{
    if (!IORegistryEntry_setProperty(entryOf(self), kIODeviceMemoryKey, OSObjectOf(array)))
        IOLog("%s: no memory for its device memory", IORegistryEntry_getName(entryOf(self), NULL));
}

IOMemoryMap *IOService_mapDeviceMemoryWithIndex(IOService *self, unsigned index, IOOptionBits options)
{
    IODeviceMemory *range = IOService_getDeviceMemoryWithIndex(self, index);
    return range ? IOMemoryDescriptor_map(&range->super, options) : NULL;
}
