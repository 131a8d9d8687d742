/* SPDX-License-Identifier: MIT */
/* Reading attributes and making properties of them; nothing here keeps state. */
#include "attributes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libkern/OSDictionary.h>
#include <libkern/OSIterator.h>
#include <libkern/OSString.h>

/* ---- Text to values ---- */

static const char *skipSpace(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static bool parseNumber(const char *text, int base, uint64_t max, uint64_t *ret_value)
{
    char *end;
    text = skipSpace(text);
    if (!isalnum((unsigned char)*text)) /* strtoull takes signs */
        return false;
    errno                    = 0;
    unsigned long long value = strtoull(text, &end, base);
    if (end == text || errno || *skipSpace(end) || value > max)
        return false;
    *ret_value = value;
    return true;
}

/* The bytes of the character that begins at text, 0 when they are no UTF-8 (RFC 3629). */
static unsigned characterBytes(const unsigned char *text)
{
    unsigned bytes = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;
    for (unsigned i = 1; i < bytes; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0) || /* overlong, surrogate */
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90))   /* overlong, too large */
        return 0;
    return bytes;
}

bool text_clean(const char *text, char *buffer, size_t size)
{
    const unsigned char *from = (const unsigned char *)skipSpace(text);
    size_t               used = 0;
    while (*from) {
        unsigned bytes = characterBytes(from);
        if (used + (bytes ? bytes : 1) >= size)
            break;
        if (bytes > 1) {
            memcpy(buffer + used, from, bytes);
            used += bytes;
        } else {
            buffer[used++] = !bytes ? '?' : iscntrl(*from) ? ' ' : (char)*from;
        }
        from += bytes ? bytes : 1;
    }
    while (used > 0 && buffer[used - 1] == ' ')
        used--;
    buffer[used] = 0;
    return used > 0;
}

/* ---- Attributes as libudev has them ---- */

bool attribute_getNumber(struct udev_device *device, const char *name, int base, uint64_t max, uint64_t *ret_value)
{
    const char *text = udev_device_get_sysattr_value(device, name);
    return text && parseNumber(text, base, max, ret_value);
}

uint64_t attribute_numberOr(struct udev_device *device, const char *name, int base, uint64_t max, uint64_t otherwise)
{
    uint64_t value;
    return attribute_getNumber(device, name, base, max, &value) ? value : otherwise;
}

bool attribute_getSigned(struct udev_device *device, const char *name, int64_t *ret_value)
{
    const char *text = udev_device_get_sysattr_value(device, name);
    uint64_t    magnitude;
    if (!text)
        return false;
    text          = skipSpace(text);
    bool negative = *text == '-';
    if (!parseNumber(text + negative, 10, INT64_MAX, &magnitude))
        return false;
    *ret_value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool attribute_is(struct udev_device *device, const char *name, const char *text)
{
    const char *value = udev_device_get_sysattr_value(device, name);
    return value && strcmp(value, text) == 0;
}

bool attribute_getText(struct udev_device *device, const char *name, char *buffer, size_t size)
{
    const char *text = udev_device_get_sysattr_value(device, name);
    return text && text_clean(text, buffer, size);
}

/* ---- Attributes as they are now ---- */

ssize_t sysfs_readBytes(const char *syspath, const char *name, void *buffer, size_t size)
{
    char   path[4096];
    size_t got = 0;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", syspath, name) >= sizeof path)
        return -1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return -1;
    ssize_t chunk;
    do {
        chunk = read(file, (char *)buffer + got, size - got);
        got += chunk > 0 ? (size_t)chunk : 0;
    } while (chunk > 0 && got < size);
    close(file);
    return chunk < 0 ? -1 : (ssize_t)got;
}

bool sysfs_readText(const char *syspath, const char *name, char *buffer, size_t size)
{
    char    text[256];
    ssize_t length = sysfs_readBytes(syspath, name, text, sizeof text - 1);
    if (length < 0)
        return false;
    text[length] = 0;
    return text_clean(text, buffer, size);
}

bool sysfs_readNumber(const char *syspath, const char *name, uint64_t max, uint64_t *ret_value)
{
    char text[64];
    return sysfs_readText(syspath, name, text, sizeof text) && parseNumber(text, 10, max, ret_value);
}

/* ---- Properties ---- */

bool dictionary_setString(OSDictionary *dict, const char *key, const char *text)
{
    OSString *string = OSString_withCString(text);
    bool      done   = string && OSDictionary_setObject(dict, key, OSObjectOf(string));
    OSRelease(string);
    return done;
}

/* The results below are ignored for the reason that attributes.h gives. */

void nub_setName(IOService *nub, const char *name)
{
    (void)IORegistryEntry_setName(&nub->super, name, NULL);
}

void nub_setLocation(IOService *nub, const char *location)
{
    (void)IORegistryEntry_setLocation(&nub->super, location, NULL);
}

void nub_setString(IOService *nub, const char *key, const char *text)
{
    (void)IORegistryEntry_setPropertyString(&nub->super, key, text);
}

void nub_setBoolean(IOService *nub, const char *key, bool value)
{
    (void)IORegistryEntry_setPropertyBoolean(&nub->super, key, value);
}

void nub_setNumber(IOService *nub, const char *key, uint64_t value, unsigned bits)
{
    (void)IORegistryEntry_setPropertyNumber(&nub->super, key, value, bits);
}

void nub_setData(IOService *nub, const char *key, const void *bytes, size_t length)
{
    (void)IORegistryEntry_setPropertyData(&nub->super, key, bytes, (unsigned)length);
}

void nub_setData32(IOService *nub, const char *key, uint32_t value)
{
    const uint8_t bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24};
    nub_setData(nub, key, bytes, sizeof bytes);
}

void nub_setDataString(IOService *nub, const char *key, const char *text)
{
    nub_setData(nub, key, text, strlen(text) + 1);
}

void nub_setStringFrom(IOService *nub, const char *key, struct udev_device *device, const char *name)
{
    char text[256];
    if (attribute_getText(device, name, text, sizeof text))
        nub_setString(nub, key, text);
}

void nub_setNumberFrom(IOService *nub, const char *key, struct udev_device *device, const char *name, int base,
                       unsigned bits)
{
    uint64_t value, max = bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
    if (attribute_getNumber(device, name, base, max, &value))
        nub_setNumber(nub, key, value, bits);
}

/* ---- Nubs ---- */

IOService *nub_create(const OSMetaClass *metaClass, struct udev_device *device)
{
    IOService *nub = OSDynamicCast(IOService, OSMetaClass_alloc(metaClass));
    if (!nub)
        return NULL;
    if (!IORegistryEntry_init(&nub->super, NULL) ||
        !IORegistryEntry_setPropertyString(&nub->super, kLinuxSysfsPathKey, udev_device_get_syspath(device))) {
        OSRelease(nub);
        return NULL;
    }
    return nub;
}

IOService *nub_publish(IOService *nub, IOService *provider)
{
    if (!nub)
        return NULL;
    if (!IOService_attach(nub, provider)) {
        OSRelease(nub);
        return NULL;
    }
    IOService_registerService(nub);
    return nub;
}

IOService *nub_publishInPlane(IOService *nub, IOService *provider, const IORegistryPlane *plane,
                              IORegistryEntry *parent)
{
    if (!nub)
        return NULL;
    bool isInPlane = plane && IORegistryEntry_attachToParent(&nub->super, parent, plane);
    if (!isInPlane || !IOService_attach(nub, provider)) {
        if (isInPlane)
            IORegistryEntry_detachAbove(&nub->super, plane);
        OSRelease(nub);
        return NULL;
    }
    IOService_registerService(nub);
    return nub;
}

IOService *nub_copyClientOfClass(IOService *nub, const OSMetaClass *metaClass)
{
    OSIterator *clients = IOService_getClientIterator(nub);
    IOService  *found   = NULL;
    OSObject   *object;
    while (clients && !found && (object = OSIterator_getNextObject(clients))) {
        IOService *client = OSDynamicCast(IOService, object);
        if (client && OSMetaClass_checkMetaCast(metaClass, object) && !IOService_isInactive(client))
            found = OSRetain(client);
    }
    OSRelease(clients);
    return found;
}
