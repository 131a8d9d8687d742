/* SPDX-License-Identifier: MIT */
/*
 * matchRules: what the keys of personalities say about a nub, as data: a table of the documented keys, and how their
 * values are read on both sides. matchIndex.c uses it; nothing here decides a match.
 *
 * A rule must be true of every nub it is for: whenever the nub's matching would accept the personality as far as that key
 * goes, the two have a value in common. Where that cannot be said (a mask with holes, a wildcard, a property of another
 * type), the functions return false, and the personality or the nub is treated as unknown. Families' keys (SEMANTICS 3f)
 * are tied to the families' nub classes, because another class's matchPropertyTable may ignore them.
 *
 * The PCI keys hold words "value" or "value&mask" in hexadecimal. A word can be looked up when its mask covers one of the
 * rule's granularities: vendor and device, or the vendor alone. A nub has a value at each granularity.
 */
#include "matchRules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOBSD.h>
#include <IOKit/IOLib.h>
#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSCollection.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSOrderedSet.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#include "service/IOServicePrivate.h" /* serviceIndex_copyMatchNames */

enum { kPropertyKeysMax = 32 }; /* of IOPropertyMatch in one provider class; personalities with others are not indexed */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static uint64_t hashText(const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return mix(hash, 0);
}

static bool addValue(MatchValues *values, uint64_t value)
{
    if (values->count == kMatchValuesMax)
        return false;
    values->items[values->count++] = value;
    return true;
}

/* ---- PCI: words with masks ---- */

/* A sign or a space is not for strtoul to skip. */
static bool readHex(const char **text, uint32_t *ret_value)
{
    char *end;
    if (!isxdigit((unsigned char)**text))
        return false;
    *ret_value = (uint32_t)strtoul(*text, &end, 16);
    *text      = end;
    return true;
}

/* Reads "hex" or "hex&hex" and the spaces behind it. False for anything else. */
static bool readWord(const char **text, uint32_t *mask, uint32_t *value)
{
    if (!readHex(text, value))
        return false;
    if (**text == '&') {
        (*text)++;
        if (!readHex(text, mask))
            return false;
    }
    if (**text != ' ' && **text != 0)
        return false;
    *text += strspn(*text, " ");
    return true;
}

static bool addWord(const MatchRule *self, uint32_t mask, uint32_t value, MatchValues *values)
{
    for (uint64_t i = 0; self->granularities[i]; i++)
        if ((mask & self->granularities[i]) == self->granularities[i])
            return addValue(values, mix(i, value & self->granularities[i]));
    return false;
}

static bool pciPersonalityValues(const MatchRule *self, MatchIndex *index, OSDictionary *personality, MatchValues *values)
{
    OSString *string = OSDynamicCast(OSString, OSDictionary_getObject(personality, self->key));
    if (!string)
        return false;
    const char *text = OSString_getCStringNoCopy(string);
    text += strspn(text, " ");
    while (*text) {
        uint32_t mask = self->defaultMask, value;
        if (!readWord(&text, &mask, &value) || !addWord(self, mask, value, values))
            return false;
    }
    return values->count > 0;
}

/* The number in a property: little-endian data or an OSNumber. */
static bool readNumber(IOService *nub, const char *key, uint32_t *ret_value)
{
    OSObject *property = IORegistryEntry_copyProperty(&nub->super, key);
    OSNumber *number   = OSDynamicCast(OSNumber, property);
    OSData   *data     = OSDynamicCast(OSData, property);
    bool      known    = number != NULL;
    if (number) {
        *ret_value = OSNumber_unsigned32BitValue(number);
    } else if (data && OSData_getLength(data) > 0) {
        uint8_t  bytes[4] = {0};
        unsigned length   = OSData_getLength(data) < 4 ? OSData_getLength(data) : 4;
        memcpy(bytes, OSData_getBytesNoCopy(data), length);
        *ret_value = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        known      = true;
    }
    OSRelease(property);
    return known;
}

static bool addRegister(const MatchRule *self, uint32_t value, MatchValues *values)
{
    for (uint64_t i = 0; self->granularities[i]; i++)
        if (!addValue(values, mix(i, value & self->granularities[i])))
            return false;
    return true;
}

/* properties: vendor, device, and so on in pairs. The subsystem's pair is not published when its register is 0. */
static bool pciNubValues(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    for (const char *const *pair = self->properties; *pair; pair += 2) {
        uint32_t vendor = 0, device = 0;
        bool     known = readNumber(nub, pair[0], &vendor);
        known          = readNumber(nub, pair[1], &device) && known;
        if (!known && strncmp(pair[0], "subsystem", strlen("subsystem")) != 0)
            return false;
        if (!addRegister(self, device << 16 | (vendor & 0xffff), values))
            return false;
    }
    return true;
}

static bool pciNubClassCode(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    uint32_t code;
    return readNumber(nub, self->properties[0], &code) && addRegister(self, code << 8, values);
}

/* ---- USB and HID: numbers ---- */

/* properties: vendor and product, or class and subclass, and the keys that say something else about the second. */
static bool numberPersonalityValues(const MatchRule *self, MatchIndex *index, OSDictionary *personality,
                                    MatchValues *values)
{
    OSNumber *first   = OSDynamicCast(OSNumber, OSDictionary_getObject(personality, self->properties[0]));
    OSNumber *second  = OSDynamicCast(OSNumber, OSDictionary_getObject(personality, self->properties[1]));
    if (!first)
        return false;
    for (const char *const *other = self->properties + 2; *other; other++)
        if (OSDictionary_getObject(personality, *other))
            second = NULL;
    uint64_t value = mix(0, OSNumber_unsigned16BitValue(first));
    return addValue(values, second ? mix(value, OSNumber_unsigned16BitValue(second)) : value);
}

static bool numberNubValues(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    uint32_t first, second;
    if (!readNumber(nub, self->properties[0], &first) || !readNumber(nub, self->properties[1], &second))
        return false;
    uint64_t value = mix(0, first & 0xffff);
    return addValue(values, value) && addValue(values, mix(value, second & 0xffff));
}

/* ---- IOPropertyMatch and BSD names: equal properties ---- */

/* Equal strings, numbers or booleans have equal hashes. 0: an object of another class. */
static uint64_t hashScalar(const OSObject *object)
{
    const OSString *string = OSDynamicCast(OSString, object);
    const OSNumber *number = OSDynamicCast(OSNumber, object);
    if (string)
        return mix(1, hashText(OSString_getCStringNoCopy(string))) | 1;
    if (number)
        return mix(2, OSNumber_unsigned64BitValue(number)) | 1;
    if (object == OSObjectOf(kOSBooleanTrue) || object == OSObjectOf(kOSBooleanFalse))
        return mix(3, object == OSObjectOf(kOSBooleanTrue)) | 1;
    return 0;
}

/* Texts are the most telling, booleans the least. */
static int rankOf(const OSObject *object)
{
    if (OSDynamicCast(OSString, object))
        return 3;
    if (OSDynamicCast(OSNumber, object))
        return 2;
    return hashScalar(object) != 0;
}

static bool notePropertyKey(MatchIndex *index, const OSSymbol *key)
{
    for (size_t i = 0; i < index->propertyKeyCount; i++)
        if (index->propertyKeys[i] == key)
            return true;
    if (index->propertyKeyCount == kPropertyKeysMax)
        return false;
    const OSSymbol **keys = IOReallocZero(index->propertyKeys, index->propertyKeyCount * sizeof *keys,
                                          (index->propertyKeyCount + 1) * sizeof *keys);
    if (!keys)
        return false;
    index->propertyKeys                 = keys;
    keys[index->propertyKeyCount++]     = OSRetain(key);
    return true;
}

static uint64_t hashProperty(const OSSymbol *key, uint64_t scalar)
{
    return mix((uintptr_t)key, scalar);
}

/* One dictionary: all its properties must be equal, so the most telling one of them will do. */
static bool addDictionary(MatchIndex *index, OSDictionary *dict, MatchValues *values)
{
    unsigned best = 0;
    int      rank = 0;
    for (unsigned i = 0; dict && i < OSDictionary_getCount(dict); i++) {
        int other = rankOf(OSDictionary_getValueAtIndex(dict, i));
        if (other > rank) {
            best = i;
            rank = other;
        }
    }
    if (rank == 0 || !notePropertyKey(index, OSDictionary_getKeyAtIndex(dict, best)))
        return false;
    return addValue(values, hashProperty(OSDictionary_getKeyAtIndex(dict, best),
                                         hashScalar(OSDictionary_getValueAtIndex(dict, best))));
}

static bool propertyPersonalityValues(const MatchRule *self, MatchIndex *index, OSDictionary *personality,
                                      MatchValues *values)
{
    OSObject *value = OSDictionary_getObject(personality, self->key);
    OSArray  *any   = OSDynamicCast(OSArray, value);
    if (!any)
        return addDictionary(index, OSDynamicCast(OSDictionary, value), values);
    for (unsigned i = 0; i < OSArray_getCount(any); i++)
        if (!addDictionary(index, OSDynamicCast(OSDictionary, OSArray_getObject(any, i)), values))
            return false;
    return values->count > 0;
}

static bool isPlainCollection(const OSObject *object)
{
    return OSDynamicCast(OSArray, object) || OSDynamicCast(OSDictionary, object) || OSDynamicCast(OSSet, object) ||
           OSDynamicCast(OSOrderedSet, object);
}

/* A property that is data may equal a string; one of an unknown class may equal anything. */
static bool addProperty(IOService *nub, const OSSymbol *key, MatchValues *values)
{
    OSObject *property = IORegistryEntry_copyPropertyForSymbol(&nub->super, key);
    uint64_t  scalar   = property ? hashScalar(property) : 0;
    bool      known    = !property || scalar != 0 || isPlainCollection(property);
    OSRelease(property);
    return known && (scalar == 0 || addValue(values, hashProperty(key, scalar)));
}

/* A service may have its own properties overlaid for matching; then what the entry says is not all. */
static bool hasOverlay(IOService *nub)
{
    OSObject *overlay = IORegistryEntry_copyProperty(&nub->super, kIOUserServicePropertiesKey);
    OSRelease(overlay);
    return overlay != NULL;
}

static bool propertyNubValues(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    if (hasOverlay(nub))
        return false;
    for (size_t i = 0; i < index->propertyKeyCount; i++)
        if (!addProperty(nub, index->propertyKeys[i], values))
            return false;
    return true;
}

static bool equalPersonalityValues(const MatchRule *self, MatchIndex *index, OSDictionary *personality,
                                   MatchValues *values)
{
    OSString *string = OSDynamicCast(OSString, OSDictionary_getObject(personality, self->key));
    return string && addValue(values, hashText(OSString_getCStringNoCopy(string)));
}

static bool equalNubValues(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    OSObject *property = IORegistryEntry_copyProperty(&nub->super, self->key);
    OSString *string   = OSDynamicCast(OSString, property);
    bool      known    = !property || string;
    if (string)
        known = addValue(values, hashText(OSString_getCStringNoCopy(string)));
    OSRelease(property);
    return known;
}

/* ---- IONameMatch ---- */

static bool addName(OSObject *object, MatchValues *values)
{
    OSString *string = OSDynamicCast(OSString, object);
    return string && addValue(values, hashText(OSString_getCStringNoCopy(string)));
}

static bool addNames(OSArray *names, MatchValues *values)
{
    for (unsigned i = 0; names && i < OSArray_getCount(names); i++)
        if (!addName(OSArray_getObject(names, i), values))
            return false;
    return true;
}

static bool namePersonalityValues(const MatchRule *self, MatchIndex *index, OSDictionary *personality,
                                  MatchValues *values)
{
    OSObject *value = OSDictionary_getObject(personality, self->key);
    OSArray  *any   = OSDynamicCast(OSArray, value);
    return any ? addNames(any, values) && values->count > 0 : addName(value, values);
}

/* Only where the class leaves the comparison to IOService: then the names are the entry's own and its match names. */
static bool nameNubValues(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values)
{
    if (OSMethodsOf(IOService, nub)->compareName != IOService_super()->compareName)
        return false;
    OSArray *names = serviceIndex_copyMatchNames(nub);
    bool     known = addNames(names, values) && addValue(values, hashText(IORegistryEntry_getName(&nub->super, NULL)));
    OSRelease(names);
    return known;
}

/* ---- The table; the first row that covers a personality is the one that finds it ---- */

static const char *const pciClasses[] = {"IOPCIDevice", NULL};
static const char *const usbClasses[] = {"IOUSBHostDevice", "IOUSBHostInterface", "IOUSBDevice", "IOUSBInterface", NULL};
static const char *const hidClasses[] = {"IOHIDDevice", "IOHIDInterface", NULL};

#define PCI_PRIMARY   "vendor-id", "device-id"
#define PCI_SECONDARY "subsystem-vendor-id", "subsystem-id"

static const char *const pciBoth[]      = {PCI_PRIMARY, PCI_SECONDARY, NULL};
static const char *const pciPrimary[]   = {PCI_PRIMARY, NULL};
static const char *const pciSecondary[] = {PCI_SECONDARY, NULL};
static const char *const pciClass[]     = {"class-code", NULL};
static const char *const usbNumbers[]   = {"idVendor", "idProduct", "idProductMask", "idProductArray", NULL};
static const char *const usbInterface[] = {"bInterfaceClass", "bInterfaceSubClass", NULL};
static const char *const usbDevice[]    = {"bDeviceClass", "bDeviceSubClass", NULL};
static const char *const hidNumbers[]   = {"VendorID", "ProductID", "ProductIDMask", "ProductIDArray", NULL};

static const uint32_t idGranularities[]    = {0xffffffff, 0x0000ffff, 0};
static const uint32_t classGranularities[] = {0xffffff00, 0xffff0000, 0xff000000, 0};

#define PCI_RULE(name, list)                                                                                           \
    {                                                                                                                  \
        .key = name, .nubClasses = pciClasses, .personalityValues = pciPersonalityValues, .nubValues = pciNubValues,   \
        .properties = list, .granularities = idGranularities, .defaultMask = 0xffffffff,                               \
    }
#define NUMBER_RULE(name, list, classes)                                                                               \
    {                                                                                                                  \
        .key = name, .nubClasses = classes, .personalityValues = numberPersonalityValues,                              \
        .nubValues = numberNubValues, .properties = list,                                                              \
    }

const MatchRule matchRules[kMatchRules] = {
    PCI_RULE("IOPCIPrimaryMatch", pciPrimary),
    PCI_RULE("IOPCIMatch", pciBoth),
    PCI_RULE("IOPCISecondaryMatch", pciSecondary),
    NUMBER_RULE("idVendor", usbNumbers, usbClasses),
    NUMBER_RULE("bInterfaceClass", usbInterface, usbClasses),
    NUMBER_RULE("bDeviceClass", usbDevice, usbClasses),
    NUMBER_RULE("VendorID", hidNumbers, hidClasses),
    {.key = kIOBSDNameKey, .personalityValues = equalPersonalityValues, .nubValues = equalNubValues},
    {.key = kIOPropertyMatchKey, .personalityValues = propertyPersonalityValues, .nubValues = propertyNubValues},
    {.key = kIONameMatchKey, .personalityValues = namePersonalityValues, .nubValues = nameNubValues},
    {.key = "IOPCIClassMatch", .nubClasses = pciClasses, .personalityValues = pciPersonalityValues,
     .nubValues = pciNubClassCode, .properties = pciClass, .granularities = classGranularities,
     .defaultMask = 0xffffff00},
};
