/* SPDX-License-Identifier: MIT */
/*
 * Network interfaces. Linux has one object where I/O Kit has two: the controller (address, link) and the interface that
 * programs know by name. The loopback is not shown. The first Ethernet interface with hardware behind it is the primary.
 */
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include <IOKit/network/IOEthernetController.h>
#include <IOKit/network/IONetworkInterface.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum {
    kInterfaceTypeOther    = 1, /* IFT_OTHER, IFT_ETHER of <net/if_types.h> */
    kInterfaceTypeEthernet = 6,
    kEthernetHeaderBytes   = 14,
    kBitsPerMegabit        = 1000000,
};

static bool isLoopback(struct udev_device *device)
{
    return attribute_numberOr(device, "type", 10, 0) == ARPHRD_LOOPBACK;
}

static bool isEthernet(struct udev_device *device)
{
    return attribute_numberOr(device, "type", 10, 0) == ARPHRD_ETHER;
}

static void setAddress(IOService *controller, struct udev_device *device)
{
    unsigned    b[kIOEthernetAddressSize];
    const char *text = udev_device_get_sysattr_value(device, "address");
    if (!text || sscanf(text, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != kIOEthernetAddressSize)
        return;
    const uint8_t bytes[kIOEthernetAddressSize] = {(uint8_t)b[0], (uint8_t)b[1], (uint8_t)b[2],
                                                   (uint8_t)b[3], (uint8_t)b[4], (uint8_t)b[5]};
    IORegistryEntry_setPropertyData(&controller->super, kIOMACAddress, bytes, sizeof bytes);
}

/* Active and valid bits as IONetworkMedium.h has them; speed in bits a second. */
static void setLink(IOService *controller, struct udev_device *device)
{
    enum { kLinkValid = 1, kLinkActive = 2 };
    const char *state  = udev_device_get_sysattr_value(device, "operstate");
    bool        active = state && (strcmp(state, "up") == 0 || strcmp(state, "unknown") == 0);
    const char *speed  = udev_device_get_sysattr_value(device, "speed");
    long        megabits = 0;
    if (speed && sscanf(speed, "%ld", &megabits) == 1 && megabits > 0)
        IORegistryEntry_setPropertyNumber(&controller->super, kIOLinkSpeed, (uint64_t)megabits * kBitsPerMegabit, 64);
    IORegistryEntry_setPropertyNumber(&controller->super, kIOLinkStatus, kLinkValid | (active ? kLinkActive : 0u), 32);
}

static IOService *makeController(struct udev_device *device, IOService *provider)
{
    const OSMetaClass *metaClass  = isEthernet(device) ? &IOEthernetController_class : &IONetworkController_class;
    IOService         *controller = OSDynamicCast(IOService, OSMetaClass_alloc(metaClass));
    if (!controller)
        return NULL;
    if (!IORegistryEntry_init(&controller->super, NULL) || !nub_attach(controller, provider, device)) {
        OSRelease(controller);
        return NULL;
    }
    const char *driver = udev_device_get_property_value(device, "DRIVER");
    struct udev_device *parent = udev_device_get_parent(device);
    if (!driver && parent)
        driver = udev_device_get_driver(parent);
    if (driver)
        IORegistryEntry_setName(&controller->super, driver, NULL);
    setAddress(controller, device);
    setLink(controller, device);
    attribute_setNumber(controller, kIOMaxPacketSize, device, "mtu", 10, 32);
    return controller;
}

static void describeInterface(LinuxDevices *devices, IOService *interface, struct udev_device *device)
{
    IORegistryEntry *entry    = &interface->super;
    bool             ethernet = isEthernet(device);
    bool             builtin  = udev_device_get_parent(device) != NULL; /* something real carries it */
    IORegistryEntry_setPropertyNumber(entry, kIOInterfaceType, ethernet ? kInterfaceTypeEthernet : kInterfaceTypeOther, 8);
    IORegistryEntry_setPropertyNumber(entry, kIOMediaHeaderLength, ethernet ? kEthernetHeaderBytes : 0, 8);
    attribute_setNumber(interface, kIOMaxTransferUnit, device, "mtu", 10, 32);
    attribute_setNumber(interface, kIOMediaAddressLength, device, "addr_len", 10, 8);
    attribute_setNumber(interface, kIOInterfaceFlags, device, "flags", 0, 32);
    IORegistryEntry_setPropertyBoolean(entry, kIOBuiltin, builtin);
    IORegistryEntry_setPropertyBoolean(entry, kIOPrimaryInterface, ethernet && builtin && LinuxDevices_takePrimary(devices));
}

static IOService *makeInterface(LinuxDevices *devices, struct udev_device *device, IOService *controller)
{
    const OSMetaClass  *metaClass = isEthernet(device) ? &IOEthernetInterface_class : &IONetworkInterface_class;
    IONetworkInterface *interface = OSDynamicCast(IONetworkInterface, OSMetaClass_alloc(metaClass));
    if (!interface)
        return NULL;
    if (!IONetworkInterface_initWithName(interface, udev_device_get_sysname(device)) ||
        !IOService_attach(&interface->super, controller)) {
        OSRelease(interface);
        return NULL;
    }
    describeInterface(devices, &interface->super, device);
    return &interface->super;
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    if (isLoopback(device))
        return NULL;
    IOService *controller = makeController(device, provider);
    IOService *interface  = controller ? makeInterface(devices, device, controller) : NULL;
    if (!interface) {
        if (controller)
            IOService_terminate(controller, 0);
        OSRelease(controller);
        return NULL;
    }
    IOService_registerService(interface);
    OSRelease(interface);
    return controller;
}

static void changed(LinuxDevices *devices, struct udev_device *device, IOService *controller)
{
    setAddress(controller, device);
    setLink(controller, device);
}

const LinuxKind LinuxNetworkKind = {"net", NULL, publish, changed};
