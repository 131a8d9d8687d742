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

/* A node of a device tree leaves that as well. */
static void IOPlatformDevice_detach_(IOService *service, IOService *provider)
{
    const IORegistryPlane *tree = IORegistryEntry_getPlane(kIODeviceTreePlane);
    IOService_super()->detach(service, provider);
    if (tree)
        IORegistryEntry_detachAbove(&service->super, tree);
}

OSDefineBaseClass(IOPlatformDevice, IOService, .detach = IOPlatformDevice_detach_);
