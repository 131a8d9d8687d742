/* SPDX-License-Identifier: MIT */
/*
 * Where the machine's identity comes from. DMI's serial number and UUID are readable by root only; /etc/machine-id, which
 * everybody may read, stands in for the UUID: it too is 128 bits and stays the same for the life of an installation.
 */
#include "machine.h"

#include <ctype.h>
#include <libudev.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <IOKit/IOKitKeys.h>

#include "attributes.h"

typedef enum PropertyForm { kAsString, kAsData } PropertyForm;

typedef struct MachineProperty {
    const char  *key;
    const char  *attribute; /* of /sys/class/dmi/id */
    PropertyForm form;
} MachineProperty;

static const MachineProperty properties[] = {
    {"model", "product_name", kAsData},        {"manufacturer", "sys_vendor", kAsData},
    {"version", "product_version", kAsData},   {"board-id", "board_name", kAsData},
    {"IOPlatformSerialNumber", "product_serial", kAsString}, {"IOPlatformUUID", "product_uuid", kAsString},
};

static void setProperty(IOService *device, const MachineProperty *property, const char *text)
{
    if (property->form == kAsData)
        nub_setDataString(device, property->key, text);
    else
        IORegistryEntry_setPropertyString(&device->super, property->key, text);
}

/* First line of a file without its end; false when it cannot be read or is empty. */
static bool readLine(const char *path, char *buffer, size_t size)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t length = fread(buffer, 1, size - 1, file);
    fclose(file);
    buffer[length]              = 0;
    buffer[strcspn(buffer, "\n")] = 0;
    return buffer[0] != 0;
}

/* "0123456789abcdef..." (32 digits) to the form of a UUID. */
static void setUUIDFromMachineID(IOService *device)
{
    char id[64], uuid[40];
    if (!readLine("/etc/machine-id", id, sizeof id) || strlen(id) != 32)
        return;
    for (char *c = id; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    snprintf(uuid, sizeof uuid, "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8, id + 12, id + 16, id + 20);
    IORegistryEntry_setPropertyString(&device->super, "IOPlatformUUID", uuid);
}

static void describeFromDMI(IOService *device, struct udev_device *dmi)
{
    char text[256];
    for (unsigned i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (attribute_getText(dmi, properties[i].attribute, text, sizeof text))
            setProperty(device, &properties[i], text);
    if (attribute_getText(dmi, "product_uuid", text, sizeof text)) {
        for (char *c = text; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        IORegistryEntry_setPropertyString(&device->super, "IOPlatformUUID", text);
    }
}

/* The device's name is its model, as on a Mac. */
static void nameAfterModel(IOService *device)
{
    struct utsname system;
    char           model[256] = "";
    struct udev        *udev = udev_new();
    struct udev_device *dmi  = udev ? udev_device_new_from_subsystem_sysname(udev, "dmi", "id") : NULL;

    if (dmi) {
        describeFromDMI(device, dmi);
        (void)attribute_getText(dmi, "product_name", model, sizeof model); /* empty: the next source */
        udev_device_unref(dmi);
    }
    if (udev)
        udev_unref(udev);
    if (!model[0] && !readLine("/sys/firmware/devicetree/base/model", model, sizeof model) && uname(&system) == 0)
        snprintf(model, sizeof model, "%s", system.machine);
    nub_setDataString(device, "model", model);
    IORegistryEntry_setName(&device->super, model, NULL);
}

void machine_describe(IOService *platformDevice)
{
    nameAfterModel(platformDevice);
    OSObject *uuid = IORegistryEntry_copyProperty(&platformDevice->super, "IOPlatformUUID");
    if (!uuid)
        setUUIDFromMachineID(platformDevice);
    OSRelease(uuid);
}
