/* SPDX-License-Identifier: MIT */
/*
 * HID devices and input devices. A device of the kernel's hid bus is an IOHIDDevice with its report descriptor; each input
 * device (of a HID device, of a PS/2 port, a power button) is an IOHIDEventService.
 */
#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/hid/IOHIDDevice.h>

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
    IORegistryEntry *entry     = &nub->super;
    const char      *transport = transportOf(bus);
    if (transport)
        IORegistryEntry_setPropertyString(entry, kIOHIDTransportKey, transport);
    IORegistryEntry_setPropertyNumber(entry, kIOHIDVendorIDKey, vendor, 32);
    IORegistryEntry_setPropertyNumber(entry, kIOHIDProductIDKey, product, 32);
    if (name && name[0]) {
        IORegistryEntry_setPropertyString(entry, kIOHIDProductKey, name);
        IORegistryEntry_setName(entry, name, NULL);
    }
}

/* The number property of the nearest provider that has it, on the nub too. */
static void inheritNumber(IOService *nub, const char *key, const char *from)
{
    OSObject *value = IORegistryEntry_copyPropertyInPlane(&nub->super, from, IORegistryEntry_getPlane(kIOServicePlane),
                                                          kIORegistryIterateRecursively | kIORegistryIterateParents);
    if (value)
        IORegistryEntry_setProperty(&nub->super, key, value);
    OSRelease(value);
}

static void setDescriptor(IOHIDDevice *hid, const char *syspath)
{
    static uint8_t bytes[kIOHIDReportDescriptorMax]; /* of the one thread that publishes */
    char           path[512];
    snprintf(path, sizeof path, "%s/report_descriptor", syspath);
    int     file   = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, bytes, sizeof bytes) : -1;
    if (file >= 0)
        close(file);
    if (length > 0)
        (void)IOHIDDevice_setReportDescriptor(hid, bytes, (unsigned)length); /* without memory: a device without usages */
}

static IOService *publishHID(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                             IOService **ret_below)
{
    unsigned    bus = 0, vendor = 0, product = 0;
    const char *id     = udev_device_get_property_value(device, "HID_ID");
    const char *serial = udev_device_get_property_value(device, "HID_UNIQ");
    if (!id || sscanf(id, "%x:%x:%x", &bus, &vendor, &product) != 3)
        return NULL;
    IOHIDDevice *hid = OSTypeAlloc(IOHIDDevice);
    if (!hid)
        return NULL;
    IOService *nub = &hid->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    setIdentity(nub, bus, vendor, product, udev_device_get_property_value(device, "HID_NAME"));
    if (serial && serial[0])
        IORegistryEntry_setPropertyString(&nub->super, kIOHIDSerialNumberKey, serial);
    inheritNumber(nub, kIOHIDLocationIDKey, "locationID");
    inheritNumber(nub, kIOHIDVersionNumberKey, "bcdDevice");
    setDescriptor(hid, udev_device_get_syspath(device));
    IOService_registerService(nub);
    return nub;
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
    IOHIDEventService *service = OSTypeAlloc(IOHIDEventService);
    if (!service)
        return NULL;
    IOService *nub = &service->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    (void)attribute_getText(device, "name", name, sizeof name); /* some have none */
    setIdentity(nub, (unsigned)attribute_numberOr(device, "id/bustype", 16, 0),
                (uint32_t)attribute_numberOr(device, "id/vendor", 16, 0),
                (uint32_t)attribute_numberOr(device, "id/product", 16, 0), name);
    (void)IOHID_setPrimaryUsage(nub, kGenericDesktop, usageOf(device)); /* without memory: no usage */
    IOService_registerService(nub);
    return nub;
}

const LinuxKind LinuxHIDKind   = {"hid", NULL, publishHID, NULL};
const LinuxKind LinuxInputKind = {"input", NULL, publishInput, NULL};
