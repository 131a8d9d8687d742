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

/* Only ports of the serial core have a type; 0 is PORT_UNKNOWN, no hardware. */
static bool isSerialPort(struct udev_device *device)
{
    return udev_device_get_parent(device) && !attribute_is(device, "type", "0");
}

static bool isModem(struct udev_device *device)
{
    return strncmp(udev_device_get_sysname(device), "ttyACM", 6) == 0;
}

static void setNames(IOService *nub, const char *name)
{
    char   base[64];
    size_t digits = strlen(name);
    while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9')
        digits--;
    snprintf(base, sizeof base, "%.*s", (int)digits, name);
    nub_setName(nub, name);
    nub_setString(nub, kIOTTYBaseNameKey, base);
    nub_setString(nub, kIOTTYSuffixKey, name + digits);
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    if (!isSerialPort(device))
        return NULL;
    IOService *nub = nub_create(isModem(device) ? &IOModemSerialStreamSync_class : &IORS232SerialStreamSync_class, device);
    if (nub)
        setNames(nub, udev_device_get_sysname(device));
    return nub_publish(nub, provider);
}

const LinuxKind LinuxTTYKind = {.subsystem = "tty", .publish = publish};
