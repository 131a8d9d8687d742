/* SPDX-License-Identifier: MIT */
/*
 * PCI functions. The first function of a root bus brings the bus's IOPCIBridge ("PCI0"), a PCI-to-PCI bridge has one
 * below its nub, so that the tree has the shape drivers know: bridge, function, bridge, function.
 * Names come from pci.ids through libpci, which is read when the first function is published.
 */
#include <fcntl.h>
#include <pci/pci.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/IOLib.h>
#include <IOKit/IODeviceTreeSupport.h>
#include <IOKit/pci/IOPCIBridge.h>
#include <IOKit/pci/IOPCIDevice.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

struct LinuxPCIBridge {
    IOPCIBridge super;
};

static int openConfig(IOPCIAddress address, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%04x:%02x:%02x.%x/config", address.domain, address.bus,
             address.device, address.function);
    return open(path, flags | O_CLOEXEC);
}

static uint32_t LinuxPCIBridge_configRead(IOPCIBridge *bridge, IOPCIAddress address, unsigned offset, unsigned size)
{
    uint8_t  bytes[4];
    uint32_t value = 0;
    int      file  = openConfig(address, O_RDONLY);
    bool     read  = file >= 0 && size <= sizeof bytes && pread(file, bytes, size, offset) == (ssize_t)size;
    if (file >= 0)
        close(file);
    if (!read)
        return UINT32_MAX; /* gone, or beyond what this process may read */
    for (unsigned i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static void LinuxPCIBridge_configWrite(IOPCIBridge *bridge, IOPCIAddress address, unsigned offset, unsigned size,
                                       uint32_t value)
{
    const uint8_t bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24};
    int           file     = openConfig(address, O_WRONLY);
    if (file < 0)
        return;
    if (size > sizeof bytes || pwrite(file, bytes, size, offset) != (ssize_t)size)
        IOLog("linux: %04x:%02x:%02x.%x: writing %u bytes of configuration at 0x%x failed", address.domain, address.bus,
              address.device, address.function, size, offset);
    close(file);
}

OSDefineClass(LinuxPCIBridge, IOPCIBridge, .configRead = LinuxPCIBridge_configRead,
              .configWrite = LinuxPCIBridge_configWrite);

/* The name pci.ids has for the function, in the caller's buffer; false when it has none. */
static bool lookUpModel(LinuxDevices *devices, const IOPCIIdentity *id, char *buffer, int size)
{
    struct pci_access *names = LinuxDevices_getPCINames(devices);
    return names && pci_lookup_name(names, buffer, size, PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
                                    id->vendor, id->product) != NULL;
}

static bool readIdentity(struct udev_device *device, IOPCIIdentity *id)
{
    unsigned domain, bus, slot, function;
    if (sscanf(udev_device_get_sysname(device), "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
        return false;
    *id = (IOPCIIdentity){
        .address         = {(uint16_t)domain, (uint8_t)bus, (uint8_t)slot, (uint8_t)function},
        .vendor          = (uint16_t)attribute_numberOr(device, "vendor", 0, 0xffff),
        .product         = (uint16_t)attribute_numberOr(device, "device", 0, 0xffff),
        .subsystemVendor = (uint16_t)attribute_numberOr(device, "subsystem_vendor", 0, 0),
        .subsystem       = (uint16_t)attribute_numberOr(device, "subsystem_device", 0, 0),
        .classCode       = (uint32_t)attribute_numberOr(device, "class", 0, 0) & 0xffffff,
        .revision        = (uint8_t)attribute_numberOr(device, "revision", 0, 0),
    };
    return true;
}

/* In the service plane, and in the device tree where the provider has its place. */
static bool attachInBothPlanes(IOService *nub, IOService *provider, struct udev_device *device)
{
    const IORegistryPlane *tree   = IODeviceTree_getPlane();
    IORegistryEntry       *parent = IORegistryEntry_inPlane(&provider->super, tree) ? &provider->super : &IOService_getServiceRoot()->super;
    return nub_attach(nub, provider, device) && IORegistryEntry_attachToParent(&nub->super, parent, tree);
}

/* A bus: +1, attached and registered; NULL without memory. */
static IOService *publishBridge(IOService *provider, struct udev_device *device, const char *name, const char *location)
{
    LinuxPCIBridge *bridge = OSTypeAlloc(LinuxPCIBridge);
    if (!bridge)
        return NULL;
    IOService *service = &bridge->super.super;
    if (!IORegistryEntry_init(&service->super, NULL) || !attachInBothPlanes(service, provider, device)) {
        OSRelease(bridge);
        return NULL;
    }
    IORegistryEntry_setName(&service->super, name, NULL);
    if (location)
        IORegistryEntry_setLocation(&service->super, location, NULL);
    IOService_registerService(service);
    return service;
}

/* The bridge of the root bus the function is on: "/sys/devices/pci0000:00" has no device of its own in the kernel. */
static IOService *rootBridge(LinuxDevices *devices, struct udev_device *device, IOService *provider)
{
    struct udev_device *root = udev_device_get_parent(device);
    char                path[256], name[32], location[16];
    const char         *slash = strrchr(udev_device_get_syspath(device), '/');
    unsigned            domain, bus;

    if (root && udev_device_get_subsystem(root))
        return provider; /* behind a bridge that has a nub */
    size_t length = (size_t)(slash - udev_device_get_syspath(device));
    if (length >= sizeof path)
        return provider;
    memcpy(path, udev_device_get_syspath(device), length);
    path[length]       = 0;
    IOService *existing = LinuxDevices_getNub(devices, path);
    if (existing || sscanf(strrchr(path, '/'), "/pci%x:%x", &domain, &bus) != 2)
        return existing ? existing : provider;
    snprintf(name, sizeof name, "PCI%X", domain);
    snprintf(location, sizeof location, "%X", bus);
    IOService *bridge = publishBridge(provider, device, name, location);
    if (!bridge)
        return provider;
    LinuxDevices_enter(devices, path, bridge);
    OSRelease(bridge);
    return bridge; /* the table and the registry hold it */
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    enum { kClassPCIBridge = 0x0604 };
    IOPCIIdentity id;
    char          model[256];
    if (!readIdentity(device, &id))
        return NULL;
    if (lookUpModel(devices, &id, model, sizeof model))
        id.model = model;
    IOPCIDevice *nub = OSTypeAlloc(IOPCIDevice);
    if (!nub)
        return NULL;
    IOService *service = &nub->super;
    if (!IOPCIDevice_initWithIdentity(nub, &id, NULL) ||
        !attachInBothPlanes(service, rootBridge(devices, device, provider), device)) {
        OSRelease(nub);
        return NULL;
    }
    IOService_registerService(service);
    if (id.classCode >> 8 == kClassPCIBridge)
        *ret_below = publishBridge(service, device, "pci-bridge", NULL);
    return service;
}

const LinuxKind LinuxPCIKind = {.subsystem = "pci", .publish = publish};
