/* SPDX-License-Identifier: MIT */
/*
 * From sysfs to properties: what every kind of device needs.
 *
 * What sysfs says comes from hardware and its drivers and is not trusted: a number that is none, or does not fit, is as
 * good as missing; a text is made valid UTF-8. The nub_ functions that return nothing leave the property out when there
 * is no memory for it: a device of which less is said is still a device.
 */
#ifndef PLATFORMS_LINUX_ATTRIBUTES_H
#define PLATFORMS_LINUX_ATTRIBUTES_H

#include <libudev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <IOKit/IOService.h>

/* Where the device stands in sysfs, on every nub of this platform. */
#define kLinuxSysfsPathKey "IOLinuxSysfsPath"

/* ---- Attributes as libudev has them: read once for each udev_device ---- */

/*
 * The attribute as a number.
 *   base   of the digits; 0: by their prefix
 *   max    the largest one that makes sense
 * Returns  false, and nothing stored, when it is absent, no number, negative or too large
 */
bool attribute_getNumber(struct udev_device *device, const char *name, int base, uint64_t max, uint64_t *ret_value);
/* The same, or another value. */
uint64_t attribute_numberOr(struct udev_device *device, const char *name, int base, uint64_t max, uint64_t otherwise);
/* The same for a decimal number that may be negative. */
bool attribute_getSigned(struct udev_device *device, const char *name, int64_t *ret_value);
/* Whether the attribute is this text. */
bool attribute_is(struct udev_device *device, const char *name, const char *text);
/* The attribute as text_clean makes it; false when absent or empty. */
bool attribute_getText(struct udev_device *device, const char *name, char *buffer, size_t size);

/* A copy without white space at its ends, other control characters as spaces, what is no UTF-8 as question marks; cut to
 * the buffer. False when nothing is left. */
bool text_clean(const char *text, char *buffer, size_t size);

/* ---- Attributes as they are now: any thread ---- */

/* The content, at most size bytes; -1 when it cannot be read. */
ssize_t sysfs_readBytes(const char *syspath, const char *name, void *buffer, size_t size);
/* The attribute as a decimal number up to max; false as attribute_getNumber. */
bool sysfs_readNumber(const char *syspath, const char *name, uint64_t max, uint64_t *ret_value);
/* The attribute as text_clean makes it. */
bool sysfs_readText(const char *syspath, const char *name, char *buffer, size_t size);

/* ---- Properties ---- */

/* Add a value to a dictionary; false without memory. */
bool dictionary_setString(OSDictionary *dict, const char *key, const char *text);

void nub_setName(IOService *nub, const char *name);
void nub_setLocation(IOService *nub, const char *location);
void nub_setString(IOService *nub, const char *key, const char *text);
void nub_setBoolean(IOService *nub, const char *key, bool value);
void nub_setNumber(IOService *nub, const char *key, uint64_t value, unsigned bits);
void nub_setData(IOService *nub, const char *key, const void *bytes, size_t length);
/* A number as little-endian data of 4 bytes, and a C string as data with its NUL, as device trees have them. */
void nub_setData32(IOService *nub, const char *key, uint32_t value);
void nub_setDataString(IOService *nub, const char *key, const char *text);

/* Set a property from an attribute when it is there. */
void nub_setStringFrom(IOService *nub, const char *key, struct udev_device *device, const char *name);
void nub_setNumberFrom(IOService *nub, const char *key, struct udev_device *device, const char *name, int base,
                       unsigned bits);

/* ---- Nubs ---- */

/* A nub of that class, initialised, noting the device's place in sysfs; +1, NULL without memory. */
IOService *nub_create(const OSMetaClass *metaClass, struct udev_device *device);
/* Attaches the nub below its provider and registers it. Consumes it: gives it back (+1), or NULL when the provider is
 * going away or without memory. */
IOService *nub_publish(IOService *nub, IOService *provider);
/* The same in the service plane and in another one (NULL: no memory for that), there below parent. */
IOService *nub_publishInPlane(IOService *nub, IOService *provider, const IORegistryPlane *plane,
                              IORegistryEntry *parent);
/* The first client of that class that is not going away; +1 or NULL. */
IOService *nub_copyClientOfClass(IOService *nub, const OSMetaClass *metaClass);

#endif
