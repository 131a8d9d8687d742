/* SPDX-License-Identifier: MIT */
/*
 * PCI functions. The first function of a root bus brings the bus's IOPCIBridge ("PCI0"), a PCI-to-PCI bridge has one
 * below its nub, so that the tree has the shape drivers know: bridge, function, bridge, function.
 * Names come from pci.ids through libpci: from the hardware database compiled of it where that knows the function, which
 * is a look into a mapped file; else from the text, whose first reading costs some ten milliseconds.
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
    enum { kFlags = PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS };
    struct pci_access *names = LinuxDevices_getPCINames(devices);
    if (!names)
        return false;
    return pci_lookup_name(names, buffer, size, kFlags | PCI_LOOKUP_SKIP_LOCAL, id->vendor, id->product) ||
           pci_lookup_name(names, buffer, size, kFlags, id->vendor, id->product);
}

/* A function whose vendor or class cannot be read is shown as what configuration space gives where nothing answers. */
static bool readIdentity(struct udev_device *device, IOPCIIdentity *id)
{
    unsigned domain, bus, slot, function;
    if (sscanf(udev_device_get_sysname(device), "%8x:%2x:%2x.%1x", &domain, &bus, &slot, &function) != 4)
        return false;
    *id = (IOPCIIdentity){
        .address         = {(uint16_t)domain, (uint8_t)bus, (uint8_t)slot, (uint8_t)function},
        .vendor          = (uint16_t)attribute_numberOr(device, "vendor", 0, UINT16_MAX, 0xffff),
        .product         = (uint16_t)attribute_numberOr(device, "device", 0, UINT16_MAX, 0xffff),
        .subsystemVendor = (uint16_t)attribute_numberOr(device, "subsystem_vendor", 0, UINT16_MAX, 0),
        .subsystem       = (uint16_t)attribute_numberOr(device, "subsystem_device", 0, UINT16_MAX, 0),
        .classCode       = (uint32_t)attribute_numberOr(device, "class", 0, 0xffffff, 0xffffff),
        .revision        = (uint8_t)attribute_numberOr(device, "revision", 0, UINT8_MAX, 0),
    };
    return true;
}

/* In the service plane, and in the device tree where the provider has its place, else at its top. */
static IOService *publishInBothPlanes(IOService *nub, IOService *provider)
{
    const IORegistryPlane *tree  = IODeviceTree_getPlane();
    IORegistryEntry       *above = &provider->super;
    if (tree && !IORegistryEntry_inPlane(above, tree))
        above = &IOService_getServiceRoot()->super;
    return nub_publishInPlane(nub, provider, tree, above);
}

/* A bus: +1; NULL without memory. location may be NULL. */
static IOService *publishBridge(IOService *provider, struct udev_device *device, const char *name, const char *location)
{
    IOService *bridge = nub_create(&LinuxPCIBridge_class, device);
    if (!bridge)
        return NULL;
    nub_setName(bridge, name);
    if (location)
        nub_setLocation(bridge, location);
    return publishInBothPlanes(bridge, provider);
}

/* The root bus whose folder is path, "/sys/devices/pci0000:00": borrowed, NULL when that is none. */
static IOService *rootBridgeAt(LinuxDevices *devices, const char *path, struct udev_device *device, IOService *provider)
{
    char        name[32], location[16];
    unsigned    domain, bus;
    const char *slash    = strrchr(path, '/');
    IOService  *existing = LinuxDevices_getNub(devices, path);
    if (existing || !slash || sscanf(slash, "/pci%8x:%2x", &domain, &bus) != 2)
        return existing;
    snprintf(name, sizeof name, "PCI%X", domain);
    snprintf(location, sizeof location, "%X", bus);
    IOService *bridge = publishBridge(provider, device, name, location);
    if (bridge && !LinuxDevices_enter(devices, path, bridge)) {
        IOService_terminate(bridge, 0);
        OSSafeReleaseNULL(bridge);
    }
    OSRelease(bridge);
    return bridge; /* the table and the registry hold it */
}

/* What the function hangs below: the bridge before it, or its root bus, which has no device of its own in the kernel. */
static IOService *providerOf(LinuxDevices *devices, struct udev_device *device, IOService *provider)
{
    struct udev_device *parent = udev_device_get_parent(device);
    const char         *path   = udev_device_get_syspath(device);
    const char         *slash  = strrchr(path, '/');
    char                folder[512];
    if ((parent && udev_device_get_subsystem(parent)) ||
        (size_t)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path) >= sizeof folder)
        return provider;
    IOService *bridge = rootBridgeAt(devices, folder, device, provider);
    return bridge ? bridge : provider;
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
    IOPCIDevice *function = OSTypeAlloc(IOPCIDevice);
    if (!function)
        return NULL;
    IOService *nub = &function->super;
    if (!IOPCIDevice_initWithIdentity(function, &id, NULL)) {
        OSRelease(nub);
        return NULL;
    }
    nub_setString(nub, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    nub = publishInBothPlanes(nub, providerOf(devices, device, provider));
    if (nub && id.classCode >> 8 == kClassPCIBridge)
        *ret_below = publishBridge(nub, device, "pci-bridge", NULL);
    return nub;
}

const LinuxKind LinuxPCIKind = {.subsystem = "pci", .publish = publish};
