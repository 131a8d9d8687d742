/* SPDX-License-Identifier: MIT */
/* The names of device-tree-like nubs, collected once from their properties; and the plane they stand in. */
#include <IOKit/IODeviceTreeSupport.h>

#include <string.h>

#include <IOKit/IOPlatformExpert.h>
#include <libkern/OSArray.h>
#include <libkern/OSData.h>
#include <libkern/OSString.h>

const IORegistryPlane *IODeviceTree_getPlane(void)
{
    const IORegistryPlane *plane   = IORegistryEntry_makePlane(kIODeviceTreePlane);
    IORegistryEntry       *machine = &IOPlatformExpertDevice_get()->super.super;
    if (plane && !IORegistryEntry_inPlane(machine, plane))
        (void)IORegistryEntry_attachToParent(machine, IORegistryEntry_getRegistryRoot(), plane); /* twice is harmless */
    return plane;
}

static bool addName(OSArray *names, const char *bytes, size_t length)
{
    char text[256];
    if (length == 0 || length >= sizeof text)
        return true;
    memcpy(text, bytes, length);
    text[length]   = 0;
    OSString *name = OSString_withCString(text);
    bool      done = name && OSArray_setObject(names, OSObjectOf(name));
    OSRelease(name);
    return done;
}

/* Each of the NUL-separated texts. */
static bool addNames(OSArray *names, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes && bytes < end) {
        size_t size = strnlen(bytes, (size_t)(end - bytes));
        if (!addName(names, bytes, size))
            return false;
        bytes += size + 1;
    }
    return true;
}

static bool addNamesOfProperty(OSArray *names, const IOService *nub, const char *key)
{
    OSObject *value  = IORegistryEntry_copyProperty(&nub->super, key);
    OSData   *data   = OSDynamicCast(OSData, value);
    OSString *string = OSDynamicCast(OSString, value);
    bool      done   = true;
    if (data)
        done = addNames(names, OSData_getBytesNoCopy(data), OSData_getLength(data));
    else if (string)
        done = addName(names, OSString_getCStringNoCopy(string), OSString_getLength(string));
    OSRelease(value);
    return done;
}

bool IODeviceTree_setMatchNames(IOService *nub)
{
    static const char *const keys[] = {"name", "compatible", "device_type", "model"};
    OSArray                 *names  = OSArray_withCapacity(8);
    bool                     done   = names != NULL;
    for (unsigned i = 0; done && i < sizeof keys / sizeof keys[0]; i++)
        done = addNamesOfProperty(names, nub, keys[i]);
    done = done && IOService_setMatchNames(nub, names);
    OSRelease(names);
    return done;
}
