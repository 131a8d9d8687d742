/* SPDX-License-Identifier: MIT */
/* Reading attributes through libudev; a missing or malformed one leaves the property out. */
#include "attributes.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>

bool attribute_getNumber(struct udev_device *device, const char *name, int base, uint64_t *ret_value)
{
    const char *text = udev_device_get_sysattr_value(device, name);
    char       *end;
    if (!text)
        return false;
    errno              = 0;
    unsigned long long value = strtoull(text, &end, base);
    if (end == text || errno)
        return false;
    *ret_value = value;
    return true;
}

uint64_t attribute_numberOr(struct udev_device *device, const char *name, int base, uint64_t otherwise)
{
    uint64_t value;
    return attribute_getNumber(device, name, base, &value) ? value : otherwise;
}

bool attribute_getText(struct udev_device *device, const char *name, char *buffer, size_t size)
{
    const char *text = udev_device_get_sysattr_value(device, name);
    if (!text)
        return false;
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (length == 0)
        return false;
    if (length > size - 1)
        length = size - 1;
    memcpy(buffer, text, length);
    buffer[length] = 0;
    return true;
}

bool attribute_readNumber(const char *syspath, const char *name, uint64_t *ret_value)
{
    char               path[512];
    unsigned long long value;
    snprintf(path, sizeof path, "%s/%s", syspath, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool read = fscanf(file, "%llu", &value) == 1;
    fclose(file);
    if (read)
        *ret_value = value;
    return read;
}

bool dictionary_setString(OSDictionary *dict, const char *key, const char *text)
{
    OSString *string = OSString_withCString(text);
    bool      done   = string && OSDictionary_setObject(dict, key, OSObjectOf(string));
    OSRelease(string);
    return done;
}

bool dictionary_setNumber(OSDictionary *dict, const char *key, uint64_t value, unsigned bits)
{
    OSNumber *number = OSNumber_withNumber(value, bits);
    bool      done   = number && OSDictionary_setObject(dict, key, OSObjectOf(number));
    OSRelease(number);
    return done;
}

void attribute_setString(IOService *nub, const char *key, struct udev_device *device, const char *name)
{
    char text[256];
    if (attribute_getText(device, name, text, sizeof text))
        IORegistryEntry_setPropertyString(&nub->super, key, text);
}

void attribute_setNumber(IOService *nub, const char *key, struct udev_device *device, const char *name, int base,
                         unsigned bits)
{
    uint64_t value;
    if (attribute_getNumber(device, name, base, &value))
        IORegistryEntry_setPropertyNumber(&nub->super, key, value, bits);
}

bool nub_setData32(IOService *nub, const char *key, uint32_t value)
{
    const uint8_t bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24};
    return IORegistryEntry_setPropertyData(&nub->super, key, bytes, sizeof bytes);
}

bool nub_setDataString(IOService *nub, const char *key, const char *text)
{
    return IORegistryEntry_setPropertyData(&nub->super, key, text, strlen(text) + 1);
}

bool nub_attach(IOService *nub, IOService *provider, struct udev_device *device)
{
    IORegistryEntry_setPropertyString(&nub->super, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    return IOService_attach(nub, provider);
}
