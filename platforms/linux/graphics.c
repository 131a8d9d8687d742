/* SPDX-License-Identifier: MIT */
/*
 * Graphics. A card of the kernel's DRM is an IOAccelerator, each of its connectors an IODisplayConnect, and what is
 * plugged into one an IODisplay made from its EDID. The kernel tells of plugging by a change of the card.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <IOKit/graphics/IOFramebuffer.h>
#include <libkern/OSData.h>
#include <libkern/OSIterator.h>
#include <libkern/OSString.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kEDIDBytesMax = 32 * 1024 }; /* 256 blocks of 128 bytes */

static IOService *publishCard(struct udev_device *device, IOService *provider)
{
    struct udev_device *parent = udev_device_get_parent(device);
    const char         *driver = parent ? udev_device_get_driver(parent) : NULL;
    IOService          *nub    = nub_create(&IOAccelerator_class, device);
    if (!nub)
        return NULL;
    nub_setName(nub, driver ? driver : udev_device_get_sysname(device));
    nub_setString(nub, "IOAcceleratorNode", udev_device_get_sysname(device));
    return nub_publish(nub, provider);
}

/* The EDID of what is plugged in now; 0 bytes: nothing, or nothing that says what it is. */
static size_t readEDID(const char *syspath, uint8_t *edid)
{
    char status[32];
    if (!sysfs_readText(syspath, "status", status, sizeof status) || strcmp(status, "connected") != 0)
        return 0;
    ssize_t length = sysfs_readBytes(syspath, "edid", edid, kEDIDBytesMax);
    return length > 0 ? (size_t)length : 0;
}

static bool showsEDID(IOService *display, const uint8_t *edid, size_t length)
{
    OSObject *value = IORegistryEntry_copyProperty(&display->super, kIODisplayEDIDKey);
    OSData   *data  = OSDynamicCast(OSData, value);
    bool      same  = data && OSData_getLength(data) == length && OSData_isEqualToBytes(data, edid, (unsigned)length);
    OSRelease(value);
    return same;
}

static void publishDisplay(IOService *connector, const uint8_t *edid, size_t length)
{
    IODisplay *display = OSTypeAlloc(IODisplay);
    if (!display)
        return;
    if (!IODisplay_initWithEDID(display, edid, (unsigned)length)) {
        OSRelease(display);
        return;
    }
    IOService *published = nub_publish(&display->super, connector);
    OSRelease(published); /* the registry holds it */
}

/* Makes the display below the connector the one that is plugged in. */
static void updateDisplay(IOService *connector, const char *syspath)
{
    uint8_t *edid = IOMalloc(kEDIDBytesMax);
    if (!edid)
        return;
    size_t     length  = readEDID(syspath, edid);
    IOService *display = nub_copyClientOfClass(connector, &IODisplay_class);
    if (!display || !showsEDID(display, edid, length)) {
        if (display)
            IOService_terminate(display, 0);
        if (length > 0)
            publishDisplay(connector, edid, length);
    }
    OSRelease(display);
    IOFree(edid, kEDIDBytesMax);
}

static IOService *publishConnector(struct udev_device *device, IOService *provider)
{
    const char *dash = strchr(udev_device_get_sysname(device), '-'); /* "card0-HDMI-A-1" */
    IOService  *nub  = nub_create(&IODisplayConnect_class, device);
    if (!nub)
        return NULL;
    nub_setName(nub, dash + 1);
    nub = nub_publish(nub, provider);
    if (nub)
        updateDisplay(nub, udev_device_get_syspath(device));
    return nub;
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    const char *name = udev_device_get_sysname(device);
    if (strncmp(name, "card", 4) != 0)
        return NULL; /* render nodes are the same card again */
    return strchr(name, '-') ? publishConnector(device, provider) : publishCard(device, provider);
}

/* A card changed: look at each connector below it. */
static void changed(LinuxDevices *devices, struct udev_device *device, IOService *card)
{
    OSIterator *connectors = IOService_getClientIterator(card);
    OSObject   *object;
    while (connectors && (object = OSIterator_getNextObject(connectors))) {
        IODisplayConnect *connector = OSDynamicCast(IODisplayConnect, object);
        OSObject *path = connector ? IORegistryEntry_copyProperty(&connector->super.super, kLinuxSysfsPathKey) : NULL;
        OSString *text = OSDynamicCast(OSString, path);
        if (text)
            updateDisplay(&connector->super, OSString_getCStringNoCopy(text));
        OSRelease(path);
    }
    OSRelease(connectors);
}

const LinuxKind LinuxGraphicsKind = {.subsystem = "drm", .publish = publish, .changed = changed};
