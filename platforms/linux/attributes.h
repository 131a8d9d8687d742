/* SPDX-License-Identifier: MIT */
/* From sysfs attributes to properties: what every kind of device needs. */
#ifndef PLATFORMS_LINUX_ATTRIBUTES_H
#define PLATFORMS_LINUX_ATTRIBUTES_H

#include <libudev.h>
#include <stdbool.h>
#include <stdint.h>

#include <IOKit/IOService.h>

/* Where the device stands in sysfs, on every nub of this platform. */
#define kLinuxSysfsPathKey "IOLinuxSysfsPath"

/* The attribute as a number in that base (0: by its prefix); false when absent or no number. */
bool attribute_getNumber(struct udev_device *device, const char *name, int base, uint64_t *ret_value);
/* The same, or a default. */
uint64_t attribute_numberOr(struct udev_device *device, const char *name, int base, uint64_t otherwise);
/* The attribute's text without white space at its ends, in the caller's buffer; false when absent or empty. */
bool attribute_getText(struct udev_device *device, const char *name, char *buffer, size_t size);

/* The attribute as it is now, not as libudev read it first: for values that change. */
bool attribute_readNumber(const char *syspath, const char *name, uint64_t *ret_value);
/* Adds a value to a dictionary; false without memory. */
bool dictionary_setString(OSDictionary *dict, const char *key, const char *text);
bool dictionary_setNumber(OSDictionary *dict, const char *key, uint64_t value, unsigned bits);

/* Set a property from an attribute when it is there. */
void attribute_setString(IOService *nub, const char *key, struct udev_device *device, const char *name);
void attribute_setNumber(IOService *nub, const char *key, struct udev_device *device, const char *name, int base,
                         unsigned bits);

/* A number as little-endian data of 4 bytes, and a C string as data with its NUL, as device trees have them. */
bool nub_setData32(IOService *nub, const char *key, uint32_t value);
bool nub_setDataString(IOService *nub, const char *key, const char *text);

/* Attaches the nub in the service plane and notes its place in sysfs. The caller registers it. */
bool nub_attach(IOService *nub, IOService *provider, struct udev_device *device);

#endif
