/* SPDX-License-Identifier: MIT */
/*
 * USB. The kernel's root hub ("usb1") is the bus's IOUSBController; every other device is an IOUSBHostDevice, each
 * interface of its configuration an IOUSBHostInterface below it. In the IOUSB plane devices hang below the hub they are
 * plugged into. Where a device has no strings of its own, the hardware database (made from usb.ids) names it.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <IOKit/usb/IOUSBHostDevice.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

typedef struct NumberAttribute {
    const char *key, *attribute;
    int         base;
    unsigned    bits;
} NumberAttribute;

static const NumberAttribute deviceNumbers[] = {
    {kUSBVendorID, "idVendor", 16, 16},
    {kUSBProductID, "idProduct", 16, 16},
    {kUSBDeviceReleaseNumber, "bcdDevice", 16, 16},
    {kUSBDeviceClass, "bDeviceClass", 16, 8},
    {kUSBDeviceSubClass, "bDeviceSubClass", 16, 8},
    {kUSBDeviceProtocol, "bDeviceProtocol", 16, 8},
    {kUSBDeviceMaxPacketSize, "bMaxPacketSize0", 10, 8},
    {kUSBDeviceNumConfigs, "bNumConfigurations", 10, 8},
    {"kUSBCurrentConfiguration", "bConfigurationValue", 10, 8},
    {"USB Address", "devnum", 10, 16},
    {"USBBusNumber", "busnum", 10, 8},
};

static const NumberAttribute interfaceNumbers[] = {
    {kUSBInterfaceNumber, "bInterfaceNumber", 16, 8},     {kUSBAlternateSetting, "bAlternateSetting", 10, 8},
    {kUSBNumEndpoints, "bNumEndpoints", 16, 8},           {kUSBInterfaceClass, "bInterfaceClass", 16, 8},
    {kUSBInterfaceSubClass, "bInterfaceSubClass", 16, 8}, {kUSBInterfaceProtocol, "bInterfaceProtocol", 16, 8},
};

/* What an interface repeats of its device, because drivers match interfaces by it. */
static const NumberAttribute interfaceDeviceNumbers[] = {
    {kUSBVendorID, "idVendor", 16, 16},
    {kUSBProductID, "idProduct", 16, 16},
    {kUSBDeviceReleaseNumber, "bcdDevice", 16, 16},
    {kUSBConfigurationValue, "bConfigurationValue", 10, 8},
};

static void setNumbers(IOService *nub, struct udev_device *device, const NumberAttribute *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        attribute_setNumber(nub, rows[i].key, device, rows[i].attribute, rows[i].base, rows[i].bits);
}

/* Bus in the top byte, then a nibble for the port on each hub on the way: "1-1.4" is 0x01140000. */
static uint32_t locationOf(struct udev_device *device, unsigned *ret_port)
{
    const char *path     = udev_device_get_sysattr_value(device, "devpath");
    uint32_t    location = (uint32_t)attribute_numberOr(device, "busnum", 10, 0) << 24;
    unsigned    port = 0, shift = 20;
    int         used;
    while (path && sscanf(path, "%u%n", &port, &used) == 1) {
        location |= (port & 0xf) << shift;
        if (shift == 0 || path[used] != '.')
            break;
        shift -= 4;
        path += used + 1;
    }
    *ret_port = port;
    return location;
}

/* kUSBDeviceSpeed... by megabits a second. */
static unsigned speedOf(struct udev_device *device)
{
    const char *text = udev_device_get_sysattr_value(device, "speed");
    double      megabits;
    if (!text || sscanf(text, "%lf", &megabits) != 1)
        return 1;
    static const double limits[] = {2, 100, 1000, 6000, 12000}; /* low, full, high, super, super plus */
    unsigned            speed    = 0;
    while (speed < sizeof limits / sizeof limits[0] && megabits > limits[speed])
        speed++;
    return speed;
}

static bool lookUp(LinuxDevices *devices, struct udev_device *device, const char *key, char *buffer, size_t size)
{
    char                    modalias[32];
    struct udev_hwdb       *hwdb = udev_hwdb_new(LinuxDevices_getUdev(devices));
    struct udev_list_entry *entry;
    if (!hwdb)
        return false;
    snprintf(modalias, sizeof modalias, "usb:v%04Xp%04X*", (unsigned)attribute_numberOr(device, "idVendor", 16, 0),
             (unsigned)attribute_numberOr(device, "idProduct", 16, 0));
    entry            = udev_list_entry_get_by_name(udev_hwdb_get_properties_list_entry(hwdb, modalias, 0), key);
    const char *name = entry ? udev_list_entry_get_value(entry) : NULL;
    if (name)
        snprintf(buffer, size, "%s", name);
    udev_hwdb_unref(hwdb);
    return name != NULL;
}

/* The device's own string, else the database's. */
static void setName(LinuxDevices *devices, IOService *nub, struct udev_device *device, const char *key,
                    const char *attribute, const char *databaseKey, bool namesEntry)
{
    char name[256];
    if (!attribute_getText(device, attribute, name, sizeof name) &&
        !lookUp(devices, device, databaseKey, name, sizeof name))
        return;
    IORegistryEntry_setPropertyString(&nub->super, key, name);
    if (namesEntry)
        IORegistryEntry_setName(&nub->super, name, NULL);
}

static void setLocation(IOService *nub, uint32_t locationID)
{
    char text[16];
    snprintf(text, sizeof text, "%08x", locationID);
    IORegistryEntry_setLocation(&nub->super, text, NULL);
    IORegistryEntry_setPropertyNumber(&nub->super, "locationID", locationID, 32);
}

static void describeDevice(LinuxDevices *devices, IOService *nub, struct udev_device *device)
{
    unsigned    port;
    uint32_t    location  = locationOf(device, &port);
    const char *removable = udev_device_get_sysattr_value(device, "removable");

    setNumbers(nub, device, deviceNumbers, sizeof deviceNumbers / sizeof deviceNumbers[0]);
    setLocation(nub, location);
    IORegistryEntry_setPropertyNumber(&nub->super, "PortNum", port, 8);
    IORegistryEntry_setPropertyNumber(&nub->super, "Device Speed", speedOf(device), 8);
    IORegistryEntry_setPropertyNumber(&nub->super, "sessionID", IOUptimeNanoseconds(), 64);
    setName(devices, nub, device, kUSBVendorString, "manufacturer", "ID_VENDOR_FROM_DATABASE", false);
    setName(devices, nub, device, kUSBProductString, "product", "ID_MODEL_FROM_DATABASE", true);
    attribute_setString(nub, kUSBSerialNumberString, device, "serial");
    if (removable && strcmp(removable, "fixed") == 0)
        IORegistryEntry_setPropertyString(&nub->super, "non-removable", "yes");
}

static bool isRootHub(struct udev_device *device)
{
    return strncmp(udev_device_get_sysname(device), "usb", 3) == 0;
}

static bool attachInUSBPlane(IOService *nub, IOService *provider)
{
    const IORegistryPlane *plane = IORegistryEntry_makePlane(kIOUSBPlane);
    IORegistryEntry       *hub   = &provider->super;
    if (!plane)
        return false;
    if (!IORegistryEntry_inPlane(hub, plane))
        hub = IORegistryEntry_getRegistryRoot();
    return IORegistryEntry_attachToParent(&nub->super, hub, plane);
}

static IOService *publishDevice(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    bool       root = isRootHub(device);
    IOService *nub  = OSDynamicCast(IOService, OSMetaClass_alloc(root ? &IOUSBController_class : &IOUSBHostDevice_class));
    if (!nub)
        return NULL;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device) ||
        !attachInUSBPlane(nub, provider)) {
        OSRelease(nub);
        return NULL;
    }
    describeDevice(devices, nub, device);
    IOService_registerService(nub);
    return nub;
}

static IOService *publishInterface(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                   IOService **ret_below)
{
    struct udev_device *parent = udev_device_get_parent(device);
    unsigned            port;
    if (!parent || isRootHub(parent))
        return NULL; /* of a root hub */
    IOUSBHostInterface *interface = OSTypeAlloc(IOUSBHostInterface);
    if (!interface)
        return NULL;
    IOService *nub = &interface->super.super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    setNumbers(nub, device, interfaceNumbers, sizeof interfaceNumbers / sizeof interfaceNumbers[0]);
    setNumbers(nub, parent, interfaceDeviceNumbers, sizeof interfaceDeviceNumbers / sizeof interfaceDeviceNumbers[0]);
    IORegistryEntry_setPropertyNumber(&nub->super, "locationID", locationOf(parent, &port), 32);
    attribute_setString(nub, "USB Interface Name", device, "interface");
    char name[256], location[16];
    if (attribute_getText(device, "interface", name, sizeof name))
        IORegistryEntry_setName(&nub->super, name, NULL);
    snprintf(location, sizeof location, "%x", (unsigned)attribute_numberOr(device, "bInterfaceNumber", 16, 0));
    IORegistryEntry_setLocation(&nub->super, location, NULL);
    IOService_registerService(nub);
    return nub;
}

const LinuxKind LinuxUSBDeviceKind    = {"usb", "usb_device", publishDevice, NULL};
const LinuxKind LinuxUSBInterfaceKind = {"usb", "usb_interface", publishInterface, NULL};
