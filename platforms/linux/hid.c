/* SPDX-License-Identifier: MIT */
/*
 * HID devices and input devices. A device of the kernel's hid bus is an IOHIDDevice with its report descriptor; each input
 * device (of a HID device, of a PS/2 port, a power button) is an IOHIDEventService.
 */
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <IOKit/hid/IOHIDDevice.h>
#include <IOKit/usb/USBSpec.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

/* Generic Desktop (page 1) and the usages of it that an input device can be. */
enum { kGenericDesktop = 1, kMouse = 2, kJoystick = 4, kKeyboard = 6, kSystemControl = 0x80 };

static const char *transportOf(unsigned bus)
{
    switch (bus) {
    case BUS_USB:
        return kIOHIDTransportUSBValue;
    case BUS_BLUETOOTH:
        return kIOHIDTransportBluetoothValue;
    case BUS_I2C:
        return kIOHIDTransportI2CValue;
    case BUS_SPI:
        return kIOHIDTransportSPIValue;
    case BUS_VIRTUAL:
        return kIOHIDTransportVirtualValue;
    case BUS_I8042:
        return "PS/2";
    default:
        return NULL;
    }
}

static void setIdentity(IOService *nub, unsigned bus, uint32_t vendor, uint32_t product, const char *name)
{
    const char *transport = transportOf(bus);
    if (transport)
        nub_setString(nub, kIOHIDTransportKey, transport);
    nub_setNumber(nub, kIOHIDVendorIDKey, vendor, 32);
    nub_setNumber(nub, kIOHIDProductIDKey, product, 32);
    if (name[0]) {
        nub_setString(nub, kIOHIDProductKey, name);
        nub_setName(nub, name);
    }
}

/* The property of the nearest provider that has it, on the nub under key. */
static void inherit(IOService *nub, const char *key, IOService *provider, const char *from)
{
    OSObject *value = IORegistryEntry_copyPropertyInPlane(&provider->super, from, gIOServicePlane,
                                                          kIORegistryIterateRecursively | kIORegistryIterateParents);
    if (value)
        (void)IORegistryEntry_setProperty(&nub->super, key, value); /* left out without memory, as attributes.h says */
    OSRelease(value);
}

static void setDescriptor(IOHIDDevice *hid, const char *syspath)
{
    uint8_t *bytes  = IOMalloc(kIOHIDReportDescriptorMax);
    ssize_t  length = bytes ? sysfs_readBytes(syspath, "report_descriptor", bytes, kIOHIDReportDescriptorMax) : -1;
    if (length > 0)
        (void)IOHIDDevice_setReportDescriptor(hid, bytes, (unsigned)length); /* without memory: a device without usages */
    IOFree(bytes, kIOHIDReportDescriptorMax);
}

/* What only a device that sits on USB has. */
static void describeUSB(IOService *nub, IOService *provider)
{
    inherit(nub, kIOHIDLocationIDKey, provider, "locationID");
    inherit(nub, kIOHIDVersionNumberKey, provider, kUSBDeviceReleaseNumber);
    inherit(nub, kIOHIDManufacturerKey, provider, kUSBVendorString);
    inherit(nub, kIOHIDProductKey, provider, kUSBProductString); /* the kernel's name has the manufacturer in it */
}

static IOService *publishHID(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                             IOService **ret_below)
{
    unsigned    bus = 0, vendor = 0, product = 0;
    char        text[256] = "";
    const char *id        = udev_device_get_property_value(device, "HID_ID");
    const char *name      = udev_device_get_property_value(device, "HID_NAME");
    const char *serial    = udev_device_get_property_value(device, "HID_UNIQ");
    if (!id || sscanf(id, "%4x:%8x:%8x", &bus, &vendor, &product) != 3)
        return NULL;
    IOService *nub = nub_create(&IOHIDDevice_class, device);
    if (!nub)
        return NULL;
    if (name)
        (void)text_clean(name, text, sizeof text); /* some have none */
    setIdentity(nub, bus, vendor, product, text);
    if (serial && text_clean(serial, text, sizeof text))
        nub_setString(nub, kIOHIDSerialNumberKey, text);
    if (bus == BUS_USB)
        describeUSB(nub, provider);
    if (strstr(udev_device_get_syspath(device), "/uhid/"))
        nub_setBoolean(nub, "HIDVirtualDevice", true);
    setDescriptor(OSRequiredCast(IOHIDDevice, nub), udev_device_get_syspath(device));
    return nub_publish(nub, provider);
}

/* Whether a bit is set in a "capabilities/..." attribute: words of hex, the highest first. */
static bool hasBit(struct udev_device *device, const char *attribute, unsigned bit)
{
    enum { kBitsPerWord = 8 * sizeof(long) };
    const char *text = udev_device_get_sysattr_value(device, attribute);
    unsigned    word = bit / kBitsPerWord, words = 1;
    if (!text)
        return false;
    for (const char *c = text; *c; c++)
        words += *c == ' ';
    if (word >= words)
        return false;
    for (unsigned skip = words - 1 - word; skip > 0; skip--)
        text = strchr(text, ' ') + 1;
    return strtoul(text, NULL, 16) >> bit % kBitsPerWord & 1;
}

static uint32_t usageOf(struct udev_device *device)
{
    if (hasBit(device, "capabilities/key", KEY_A))
        return kKeyboard;
    if (hasBit(device, "capabilities/rel", REL_X) || hasBit(device, "capabilities/key", BTN_TOUCH))
        return kMouse;
    if (hasBit(device, "capabilities/key", BTN_JOYSTICK) || hasBit(device, "capabilities/key", BTN_GAMEPAD))
        return kJoystick;
    return kSystemControl;
}

static IOService *publishInput(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                               IOService **ret_below)
{
    char name[256] = "";
    if (strncmp(udev_device_get_sysname(device), "input", 5) != 0)
        return NULL; /* its nodes (event0, mouse0) are the same device again */
    IOService *nub = nub_create(&IOHIDEventService_class, device);
    if (!nub)
        return NULL;
    (void)attribute_getText(device, "name", name, sizeof name); /* some have none */
    setIdentity(nub, (unsigned)attribute_numberOr(device, "id/bustype", 16, UINT16_MAX, 0),
                (uint32_t)attribute_numberOr(device, "id/vendor", 16, UINT16_MAX, 0),
                (uint32_t)attribute_numberOr(device, "id/product", 16, UINT16_MAX, 0), name);
    (void)IOHID_setPrimaryUsage(nub, kGenericDesktop, usageOf(device)); /* without memory: no usage */
    return nub_publish(nub, provider);
}

const LinuxKind LinuxHIDKind   = {.subsystem = "hid", .publish = publishHID};
const LinuxKind LinuxInputKind = {.subsystem = "input", .publish = publishInput};
