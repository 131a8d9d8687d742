/* SPDX-License-Identifier: MIT */
/*
 * Network interfaces. Linux has one object where I/O Kit has two: the controller (address, link) and the interface that
 * programs know by name. The loopback is not shown. The first Ethernet interface with hardware behind it is the primary
 * one, as long as it is there. The link is as of the last event of the device: the kernel sends none for a carrier.
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

static bool hasType(struct udev_device *device, unsigned arpType)
{
    return attribute_numberOr(device, "type", 10, UINT16_MAX, ARPHRD_VOID) == arpType;
}

/* Two hex digits a byte, colons between; false for any other form, that of longer addresses included. */
static bool parseAddress(const char *text, uint8_t *bytes)
{
    int used = 0;
    return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4],
                  &bytes[5], &used) == kIOEthernetAddressSize &&
           text[used] == 0;
}

static void setAddress(IOService *controller, struct udev_device *device)
{
    uint8_t     bytes[kIOEthernetAddressSize];
    const char *text = udev_device_get_sysattr_value(device, "address");
    if (text && parseAddress(text, bytes))
        nub_setData(controller, kIOMACAddress, bytes, sizeof bytes);
}

/* Active and valid bits as IONetworkMedium.h has them; speed in bits a second. */
static void setLink(IOService *controller, struct udev_device *device)
{
    enum { kLinkValid = 1, kLinkActive = 2 };
    bool     active = attribute_is(device, "operstate", "up") || attribute_is(device, "operstate", "unknown");
    uint64_t megabits; /* -1 where there is no link */
    if (attribute_getNumber(device, "speed", 10, UINT32_MAX, &megabits) && megabits > 0)
        nub_setNumber(controller, kIOLinkSpeed, megabits * kBitsPerMegabit, 64);
    nub_setNumber(controller, kIOLinkStatus, kLinkValid | (active ? kLinkActive : 0u), 32);
}

/* Attached, but never registered: nothing matches a controller. +1. */
static IOService *makeController(struct udev_device *device, IOService *provider)
{
    bool                ethernet   = hasType(device, ARPHRD_ETHER);
    IOService          *controller = nub_create(ethernet ? &IOEthernetController_class : &IONetworkController_class, device);
    struct udev_device *parent     = udev_device_get_parent(device);
    const char         *driver     = parent ? udev_device_get_driver(parent) : NULL;
    if (!controller)
        return NULL;
    if (driver)
        nub_setName(controller, driver);
    setAddress(controller, device);
    setLink(controller, device);
    nub_setNumberFrom(controller, kIOMaxPacketSize, device, "mtu", 10, 32);
    if (IOService_attach(controller, provider))
        return controller;
    OSRelease(controller);
    return NULL;
}

static void describeInterface(LinuxDevices *devices, IOService *interface, struct udev_device *device)
{
    bool ethernet = hasType(device, ARPHRD_ETHER);
    bool hardware = udev_device_get_parent(device) != NULL;
    bool builtin  = hardware && !udev_device_get_parent_with_subsystem_devtype(device, "usb", NULL);
    nub_setNumber(interface, kIOInterfaceType, ethernet ? kInterfaceTypeEthernet : kInterfaceTypeOther, 8);
    nub_setNumber(interface, kIOMediaHeaderLength, ethernet ? kEthernetHeaderBytes : 0, 8);
    nub_setNumberFrom(interface, kIOMaxTransferUnit, device, "mtu", 10, 32);
    nub_setNumberFrom(interface, kIOMediaAddressLength, device, "addr_len", 10, 8);
    nub_setNumberFrom(interface, kIOInterfaceFlags, device, "flags", 0, 32);
    nub_setBoolean(interface, kIOBuiltin, builtin);
    nub_setBoolean(interface, kIOPrimaryInterface,
                   ethernet && hardware && LinuxDevices_takePrimary(devices, udev_device_get_syspath(device)));
}

static IOService *publishInterface(LinuxDevices *devices, struct udev_device *device, IOService *controller)
{
    const OSMetaClass  *metaClass = hasType(device, ARPHRD_ETHER) ? &IOEthernetInterface_class : &IONetworkInterface_class;
    IONetworkInterface *interface = OSDynamicCast(IONetworkInterface, OSMetaClass_alloc(metaClass));
    if (!interface)
        return NULL;
    if (!IONetworkInterface_initWithName(interface, udev_device_get_sysname(device))) {
        OSRelease(interface);
        return NULL;
    }
    describeInterface(devices, &interface->super, device);
    return nub_publish(&interface->super, controller);
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    if (hasType(device, ARPHRD_LOOPBACK))
        return NULL;
    IOService *controller = makeController(device, provider);
    IOService *interface  = controller ? publishInterface(devices, device, controller) : NULL;
    if (controller && !interface) {
        IOService_terminate(controller, 0);
        OSSafeReleaseNULL(controller);
    }
    OSRelease(interface);
    return controller;
}

static void changed(LinuxDevices *devices, struct udev_device *device, IOService *controller)
{
    setAddress(controller, device);
    setLink(controller, device);
}

const LinuxKind LinuxNetworkKind = {.subsystem = "net", .publish = publish, .changed = changed};
