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

typedef struct MachineProperty {
    const char *key;
    const char *attribute; /* of /sys/class/dmi/id */
} MachineProperty;

static const MachineProperty dataProperties[] = {
    {"model", "product_name"},
    {"manufacturer", "sys_vendor"},
    {"version", "product_version"},
    {"board-id", "board_name"},
};

static void upperCase(char *text)
{
    for (; *text; text++)
        *text = (char)toupper((unsigned char)*text);
}

static bool setUUIDFromDMI(IOService *device, struct udev_device *dmi)
{
    char uuid[64];
    if (!attribute_getText(dmi, "product_uuid", uuid, sizeof uuid))
        return false;
    upperCase(uuid);
    nub_setString(device, kIOPlatformUUIDKey, uuid);
    return true;
}

/* "0123456789abcdef..." (32 digits) to the form of a UUID. */
static void setUUIDFromMachineID(IOService *device)
{
    char id[64], uuid[40];
    if (!sysfs_readText("/etc", "machine-id", id, sizeof id) || strlen(id) != 32)
        return;
    upperCase(id);
    snprintf(uuid, sizeof uuid, "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8, id + 12, id + 16, id + 20);
    nub_setString(device, kIOPlatformUUIDKey, uuid);
}

static void describeFromDMI(IOService *device, struct udev_device *dmi)
{
    char text[256];
    for (unsigned i = 0; i < sizeof dataProperties / sizeof dataProperties[0]; i++)
        if (attribute_getText(dmi, dataProperties[i].attribute, text, sizeof text))
            nub_setDataString(device, dataProperties[i].key, text);
    nub_setStringFrom(device, kIOPlatformSerialNumberKey, dmi, "product_serial");
}

/* The device's name is its model, as on a Mac; without DMI and device tree the processor architecture. */
static void nameAfterModel(IOService *device, struct udev_device *dmi)
{
    struct utsname system;
    char           model[256];
    if ((!dmi || !attribute_getText(dmi, "product_name", model, sizeof model)) &&
        !sysfs_readText("/sys/firmware/devicetree/base", "model", model, sizeof model))
        snprintf(model, sizeof model, "%s", uname(&system) == 0 ? system.machine : "Linux");
    nub_setDataString(device, "model", model);
    nub_setName(device, model);
}

void machine_describe(IOService *platformDevice, struct udev *udev)
{
    struct udev_device *dmi = udev_device_new_from_subsystem_sysname(udev, "dmi", "id");
    if (dmi)
        describeFromDMI(platformDevice, dmi);
    nameAfterModel(platformDevice, dmi);
    if (!dmi || !setUUIDFromDMI(platformDevice, dmi))
        setUUIDFromMachineID(platformDevice);
    udev_device_unref(dmi);
}
