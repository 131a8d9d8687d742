/* SPDX-License-Identifier: MIT */
/*
 * USB. The kernel's root hub ("usb1") is the bus's IOUSBController; every other device is an IOUSBHostDevice, each
 * interface of its configuration an IOUSBHostInterface below it. In the IOUSB plane devices hang below the hub they are
 * plugged into. The properties for strings are there when the device has them; where it has no product string, the
 * hardware database (made from usb.ids) names the entry.
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
        nub_setNumberFrom(nub, rows[i].key, device, rows[i].attribute, rows[i].base, rows[i].bits);
}

/* Bus in the top byte, then a nibble for the port on each hub on the way: "1-1.4" is 0x01140000. */
static uint32_t locationOf(struct udev_device *device, unsigned *ret_port)
{
    const char *path     = udev_device_get_sysattr_value(device, "devpath");
    uint32_t    location = (uint32_t)attribute_numberOr(device, "busnum", 10, UINT8_MAX, 0) << 24;
    unsigned    port = 0, shift = 20;
    int         used;
    while (path && sscanf(path, "%3u%n", &port, &used) == 1) {
        location |= (port & 0xf) << shift;
        if (shift == 0 || path[used] != '.')
            break;
        shift -= 4;
        path += used + 1;
    }
    *ret_port = port;
    return location;
}

/* kUSBDeviceSpeed... by megabits a second; full speed where the kernel does not know. */
static unsigned speedOf(struct udev_device *device)
{
    static const double limits[] = {2, 100, 1000, 6000, 12000}; /* low, full, high, super, super plus */
    enum { kFullSpeed = 1, kLimits = sizeof limits / sizeof limits[0] };
    const char *text = udev_device_get_sysattr_value(device, "speed");
    double      megabits;
    unsigned    speed = 0;
    if (!text || sscanf(text, "%lf", &megabits) != 1)
        return kFullSpeed;
    while (speed < kLimits && megabits > limits[speed])
        speed++;
    return speed;
}

/* The indexes of the device descriptor that sysfs does not show as attributes (USB 2.0, table 9-8). */
static void setStringIndexes(IOService *nub, struct udev_device *device)
{
    enum { kManufacturer = 14, kProduct = 15, kSerialNumber = 16, kDeviceDescriptorBytes = 18 };
    uint8_t descriptor[kDeviceDescriptorBytes];
    if (sysfs_readBytes(udev_device_get_syspath(device), "descriptors", descriptor, sizeof descriptor) !=
        sizeof descriptor)
        return;
    nub_setNumber(nub, kUSBManufacturerStringIndex, descriptor[kManufacturer], 8);
    nub_setNumber(nub, kUSBProductStringIndex, descriptor[kProduct], 8);
    nub_setNumber(nub, kUSBSerialNumberStringIndex, descriptor[kSerialNumber], 8);
}

/* The database's name of the product, in the caller's buffer. */
static bool lookUpProduct(LinuxDevices *devices, struct udev_device *device, char *buffer, size_t size)
{
    char              modalias[32];
    struct udev_hwdb *hwdb = LinuxDevices_getHardwareDatabase(devices);
    if (!hwdb)
        return false;
    snprintf(modalias, sizeof modalias, "usb:v%04Xp%04X*",
             (unsigned)attribute_numberOr(device, "idVendor", 16, UINT16_MAX, 0),
             (unsigned)attribute_numberOr(device, "idProduct", 16, UINT16_MAX, 0));
    struct udev_list_entry *entry =
        udev_list_entry_get_by_name(udev_hwdb_get_properties_list_entry(hwdb, modalias, 0), "ID_MODEL_FROM_DATABASE");
    const char *name = entry ? udev_list_entry_get_value(entry) : NULL;
    return name && text_clean(name, buffer, size);
}

static void setNames(LinuxDevices *devices, IOService *nub, struct udev_device *device)
{
    char product[256];
    nub_setStringFrom(nub, kUSBVendorString, device, "manufacturer");
    nub_setStringFrom(nub, kUSBSerialNumberString, device, "serial");
    if (attribute_getText(device, "product", product, sizeof product)) {
        nub_setString(nub, kUSBProductString, product);
        nub_setName(nub, product);
    } else if (lookUpProduct(devices, device, product, sizeof product)) {
        nub_setName(nub, product);
    }
}

static void describeDevice(LinuxDevices *devices, IOService *nub, struct udev_device *device)
{
    char     text[16];
    unsigned port;
    uint32_t location = locationOf(device, &port);

    snprintf(text, sizeof text, "%08x", location);
    nub_setLocation(nub, text);
    nub_setNumber(nub, "locationID", location, 32);
    setNumbers(nub, device, deviceNumbers, sizeof deviceNumbers / sizeof deviceNumbers[0]);
    setStringIndexes(nub, device);
    nub_setNumber(nub, "PortNum", port, 8);
    nub_setNumber(nub, "Device Speed", speedOf(device), 8);
    nub_setNumber(nub, "sessionID", IOUptimeNanoseconds(), 64);
    setNames(devices, nub, device);
    if (attribute_is(device, "removable", "fixed"))
        nub_setString(nub, "non-removable", "yes");
}

static bool isRootHub(struct udev_device *device)
{
    return strncmp(udev_device_get_sysname(device), "usb", 3) == 0;
}

/* Attaches below the hub; a bus below the root of the plane. */
static IOService *publishInUSBPlane(IOService *nub, IOService *provider)
{
    const IORegistryPlane *plane = IORegistryEntry_makePlane(kIOUSBPlane);
    IORegistryEntry       *above = &provider->super;
    if (plane && !IORegistryEntry_inPlane(above, plane))
        above = IORegistryEntry_getRegistryRoot();
    return nub_publishInPlane(nub, provider, plane, above);
}

static IOService *publishDevice(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    IOService *nub = nub_create(isRootHub(device) ? &IOUSBController_class : &IOUSBHostDevice_class, device);
    if (nub)
        describeDevice(devices, nub, device);
    return publishInUSBPlane(nub, provider);
}

static IOService *publishInterface(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                   IOService **ret_below)
{
    struct udev_device *parent = udev_device_get_parent(device);
    char                text[256];
    unsigned            port;
    if (!parent || isRootHub(parent))
        return NULL; /* the root hub is the controller */
    IOService *nub = nub_create(&IOUSBHostInterface_class, device);
    if (!nub)
        return NULL;
    setNumbers(nub, device, interfaceNumbers, sizeof interfaceNumbers / sizeof interfaceNumbers[0]);
    setNumbers(nub, parent, interfaceDeviceNumbers, sizeof interfaceDeviceNumbers / sizeof interfaceDeviceNumbers[0]);
    nub_setNumber(nub, "locationID", locationOf(parent, &port), 32);
    if (attribute_getText(device, "interface", text, sizeof text)) {
        nub_setString(nub, "USB Interface Name", text);
        nub_setName(nub, text);
    }
    snprintf(text, sizeof text, "%x", (unsigned)attribute_numberOr(device, "bInterfaceNumber", 16, UINT8_MAX, 0));
    nub_setLocation(nub, text);
    return nub_publish(nub, provider);
}

const LinuxKind LinuxUSBDeviceKind    = {.subsystem = "usb", .devtype = "usb_device", .publish = publishDevice};
const LinuxKind LinuxUSBInterfaceKind = {.subsystem = "usb", .devtype = "usb_interface", .publish = publishInterface};
