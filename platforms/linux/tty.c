/* SPDX-License-Identifier: MIT */
/*
 * Serial ports. Consoles, ptys and ports without hardware (an 8250 driver reserves names for ports that may come) are
 * not shown. The serial family's client publishes the paths.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/serial/IOSerialStreamSync.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

static bool isSerialPort(struct udev_device *device)
{
    uint64_t type;
    if (!udev_device_get_parent(device))
        return false;
    return !attribute_getNumber(device, "type", 10, &type) || type != 0; /* 0: PORT_UNKNOWN, no hardware */
}

static bool isModem(struct udev_device *device)
{
    return strncmp(udev_device_get_sysname(device), "ttyACM", 6) == 0;
}

static bool setNames(IOService *nub, const char *name)
{
    char   base[64];
    size_t digits = strlen(name);
    while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9')
        digits--;
    snprintf(base, sizeof base, "%.*s", (int)digits, name);
    return IORegistryEntry_setName(&nub->super, name, NULL) &&
           IORegistryEntry_setPropertyString(&nub->super, kIOTTYBaseNameKey, base) &&
           IORegistryEntry_setPropertyString(&nub->super, kIOTTYSuffixKey, name + digits);
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    if (!isSerialPort(device))
        return NULL;
    const OSMetaClass *metaClass = isModem(device) ? &IOModemSerialStreamSync_class : &IORS232SerialStreamSync_class;
    IOService         *nub       = OSDynamicCast(IOService, OSMetaClass_alloc(metaClass));
    if (!nub)
        return NULL;
    if (!IORegistryEntry_init(&nub->super, NULL) || !setNames(nub, udev_device_get_sysname(device)) ||
        !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    IOService_registerService(nub);
    return nub;
}

const LinuxKind LinuxTTYKind = {"tty", NULL, publish, NULL};
