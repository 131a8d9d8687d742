/* SPDX-License-Identifier: MIT */
/*
 * Scores in groups: where a device is attached (Transport, then LocationID), who made it (VendorID, then the product in
 * one of four ways, then details), what it is for (usages). The finer keys of a group count only with the first one.
 */
#include "IOHIDMatch.h"

#include <IOKit/hid/IOHIDKeys.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>

enum {
    kTransportScore       = 1000,
    kLocationScore        = 2000,
    kVendorScore          = 5000,
    kProductScore         = 1000,
    kProductArrayScore    = 975,
    kProductMaskScore     = 950,
    kProductArrayMaskScore = 925,
    kModelScore           = 1000,
    kDetailScore          = 100,
    kUsageBaseScore       = 1100,
    kUsageScore           = 100,
};

/* A key that is absent matches and adds nothing. */
static bool compare(IOService *nub, OSDictionary *table, const char *key, int32_t worth, int32_t *score)
{
    OSObject *wanted = OSDictionary_getObject(table, key);
    if (!wanted)
        return true;
    OSObject *own     = IORegistryEntry_copyProperty(&nub->super, key);
    bool      matches = OSObject_isEqualTo(wanted, own);
    OSRelease(own);
    if (matches)
        *score += worth;
    return matches;
}

static bool isWildCard(const OSObject *value)
{
    const OSString *string = OSDynamicCast(OSString, value);
    return string && OSString_isEqualToCString(string, "*");
}

static bool equalUnder(const OSObject *a, uint32_t b, uint32_t mask)
{
    const OSNumber *number = OSDynamicCast(OSNumber, a);
    return number && (OSNumber_unsigned32BitValue(number) & mask) == (b & mask);
}

static bool arrayHas(const OSArray *list, uint32_t product, uint32_t mask)
{
    for (unsigned i = 0; list && i < OSArray_getCount(list); i++)
        if (equalUnder(OSArray_getObject(list, i), product, mask))
            return true;
    return false;
}

/* The ways to name a product, the most exact first; one that holds decides. */
static bool compareProduct(IOService *nub, OSDictionary *table, int32_t *score)
{
    OSObject *wanted = OSDictionary_getObject(table, kIOHIDProductIDKey);
    OSArray  *list   = OSDynamicCast(OSArray, OSDictionary_getObject(table, kIOHIDProductIDArrayKey));
    OSNumber *mask   = OSDynamicCast(OSNumber, OSDictionary_getObject(table, kIOHIDProductIDMaskKey));
    if (!wanted && !list)
        return true;
    OSObject *own     = IORegistryEntry_copyProperty(&nub->super, kIOHIDProductIDKey);
    OSNumber *number  = OSDynamicCast(OSNumber, own);
    uint32_t  product = number ? OSNumber_unsigned32BitValue(number) : 0;
    uint32_t  bits    = mask ? OSNumber_unsigned32BitValue(mask) : UINT32_MAX;
    int32_t   worth   = 0;
    if (isWildCard(wanted) || (number && wanted && equalUnder(wanted, product, UINT32_MAX)))
        worth = kProductScore;
    else if (number && arrayHas(list, product, UINT32_MAX))
        worth = kProductArrayScore;
    else if (number && mask && wanted && equalUnder(wanted, product, bits))
        worth = kProductMaskScore;
    else if (number && mask && arrayHas(list, product, bits))
        worth = kProductArrayMaskScore;
    OSRelease(own);
    *score += worth;
    return worth > 0;
}

/* One {DeviceUsagePage, DeviceUsage} against the nub's pairs; a table without either matches a nub that has pairs. */
static bool comparePair(const OSArray *pairs, OSDictionary *table, int32_t *score)
{
    OSObject *page  = OSDictionary_getObject(table, kIOHIDDeviceUsagePageKey);
    OSObject *usage = OSDictionary_getObject(table, kIOHIDDeviceUsageKey);
    if (!page && !usage)
        return true;
    for (unsigned i = 0; page && i < OSArray_getCount(pairs); i++) {
        OSDictionary *pair = OSDynamicCast(OSDictionary, OSArray_getObject(pairs, i));
        if (!pair || !OSObject_isEqualTo(page, OSDictionary_getObject(pair, kIOHIDDeviceUsagePageKey)))
            continue;
        if (usage && !OSObject_isEqualTo(usage, OSDictionary_getObject(pair, kIOHIDDeviceUsageKey)))
            continue;
        *score += usage ? kUsageScore : kUsageScore / 2;
        return true;
    }
    return false;
}

static bool compareUsages(IOService *nub, OSDictionary *table, int32_t *score)
{
    OSArray *wanted = OSDynamicCast(OSArray, OSDictionary_getObject(table, kIOHIDDeviceUsagePairsKey));
    bool     direct = OSDictionary_getObject(table, kIOHIDDeviceUsagePageKey) != NULL ||
                  OSDictionary_getObject(table, kIOHIDDeviceUsageKey) != NULL;
    if (!wanted && !direct)
        return true;
    OSObject *own     = IORegistryEntry_copyProperty(&nub->super, kIOHIDDeviceUsagePairsKey);
    OSArray  *pairs   = OSDynamicCast(OSArray, own);
    bool      matches = pairs != NULL && (!direct || comparePair(pairs, table, score));
    if (matches && wanted) {
        matches = false;
        for (unsigned i = 0; !matches && i < OSArray_getCount(wanted); i++) {
            OSDictionary *pair = OSDynamicCast(OSDictionary, OSArray_getObject(wanted, i));
            matches            = pair && comparePair(pairs, pair, score);
        }
    }
    OSRelease(own);
    return matches;
}

bool IOHIDMatch_matchPropertyTable(IOService *nub, OSDictionary *table, int32_t *score)
{
    int32_t transport = 0, location = 0, vendor = 0, details = 0, usages = 0, page = 0, usage = 0;
    bool    matches =
        compare(nub, table, kIOHIDTransportKey, kTransportScore, &transport) &&
        compare(nub, table, kIOHIDLocationIDKey, kLocationScore, &location) &&
        compare(nub, table, kIOHIDVendorIDKey, kVendorScore, &vendor) && compareProduct(nub, table, &details) &&
        compare(nub, table, kIOHIDModelNumberKey, kModelScore, &details) &&
        compare(nub, table, kIOHIDVersionNumberKey, kDetailScore, &details) &&
        compare(nub, table, kIOHIDManufacturerKey, kDetailScore, &details) &&
        compare(nub, table, kIOHIDSerialNumberKey, kDetailScore, &details) &&
        compare(nub, table, kIOHIDPhysicalDeviceUniqueIDKey, kDetailScore, &details) &&
        compareUsages(nub, table, &usages) &&
        compare(nub, table, kIOHIDPrimaryUsagePageKey, kUsageBaseScore, &page) &&
        compare(nub, table, kIOHIDPrimaryUsageKey, kUsageScore, &usage);
    if (score && !matches)
        *score = 0;
    if (!score || !matches)
        return matches;
    if (transport)
        *score += transport + location;
    if (vendor)
        *score += vendor + details;
    if (usages)
        *score += kUsageBaseScore + usages;
    else if (page)
        *score += page + usage;
    return true;
}
