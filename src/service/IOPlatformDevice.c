/* SPDX-License-Identifier: MIT */
/* IOPlatformDevice: a nub that is known by its names only. */
#include <IOKit/IOPlatformDevice.h>

#include <string.h>

IOPlatformDevice *IOPlatformDevice_withName(const char *name, const char *location)
{
    IOPlatformDevice *self = OSTypeAlloc(IOPlatformDevice);
    if (!self)
        return NULL;
    IORegistryEntry *entry = &self->super.super;
    if (!IORegistryEntry_init(entry, NULL) || !IORegistryEntry_setName(entry, name, NULL) ||
        !IORegistryEntry_setPropertyData(entry, "name", name, (unsigned)strlen(name) + 1) ||
        (location && !IORegistryEntry_setLocation(entry, location, NULL))) {
        OSRelease(self);
        return NULL;
    }
    return self;
}

OSDefineBaseClass(IOPlatformDevice, IOService);
