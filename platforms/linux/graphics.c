/* SPDX-License-Identifier: MIT */
/*
 * Graphics. A card of the kernel's DRM is an IOAccelerator, each of its connectors an IODisplayConnect, and what is
 * plugged into one an IODisplay made from its EDID. The kernel tells of plugging by a change of the card.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/graphics/IOFramebuffer.h>
#include <libkern/OSIterator.h>
#include <libkern/OSString.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kEDIDBytesMax = 32 * 1024 };

static IOService *publishCard(struct udev_device *device, IOService *provider)
{
    IOAccelerator *card = OSTypeAlloc(IOAccelerator);
    if (!card)
        return NULL;
    IOService *nub = &card->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(card);
        return NULL;
    }
    struct udev_device *parent = udev_device_get_parent(device);
    const char         *driver = parent ? udev_device_get_driver(parent) : NULL;
    IORegistryEntry_setName(&nub->super, driver ? driver : udev_device_get_sysname(device), NULL);
    IORegistryEntry_setPropertyString(&nub->super, "IOAcceleratorNode", udev_device_get_sysname(device));
    IOService_registerService(nub);
    return nub;
}

static bool isConnected(const char *syspath)
{
    char path[512], state[32] = "";
    snprintf(path, sizeof path, "%s/status", syspath);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool read = fscanf(file, "%31s", state) == 1;
    fclose(file);
    return read && strcmp(state, "connected") == 0;
}

/* Publishes the display on a connector whose EDID the kernel has read; nothing happens without one. */
static void publishDisplay(IOService *connector, const char *syspath)
{
    static uint8_t edid[kEDIDBytesMax]; /* of the one thread that publishes */
    char           path[512];
    snprintf(path, sizeof path, "%s/edid", syspath);
    int     file   = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, edid, sizeof edid) : -1;
    if (file >= 0)
        close(file);
    IODisplay *display = length > 0 ? OSTypeAlloc(IODisplay) : NULL;
    if (!display)
        return;
    if (IODisplay_initWithEDID(display, edid, (unsigned)length) && IOService_attach(&display->super, connector))
        IOService_registerService(&display->super);
    OSRelease(display);
}

static void updateDisplay(IOService *connector, const char *syspath)
{
    IOService *display   = IOService_copyClient(connector);
    bool       connected = isConnected(syspath);
    if (display && !connected)
        IOService_terminate(display, 0);
    else if (!display && connected)
        publishDisplay(connector, syspath);
    OSRelease(display);
}

static IOService *publishConnector(struct udev_device *device, IOService *provider)
{
    IODisplayConnect *connector = OSTypeAlloc(IODisplayConnect);
    if (!connector)
        return NULL;
    IOService *nub = &connector->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(connector);
        return NULL;
    }
    const char *dash = strchr(udev_device_get_sysname(device), '-'); /* "card0-HDMI-A-1" */
    IORegistryEntry_setName(&nub->super, dash ? dash + 1 : udev_device_get_sysname(device), NULL);
    IOService_registerService(nub);
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

const LinuxKind LinuxGraphicsKind = {"drm", NULL, publish, changed};
