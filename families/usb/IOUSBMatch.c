/* SPDX-License-Identifier: MIT */
/*
 * A combination is a row: the keys that must be there and match, those that may be there and then must match; any other
 * USB key must be absent. The first row that holds gives the score, minus 1000 for each required key that matched by
 * the wild card "*" and 500 when the product matched through idProductMask. The personality's own score is added, capped
 * so that it cannot outdo a more specific row.
 */
#include "IOUSBMatch.h"

#include <IOKit/usb/IOUSBHostDevice.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>

#define kUSBProductIDMask  "idProductMask"
#define kUSBProductIDArray "idProductArray"

enum {
    kVendor        = 1 << 0,
    kProduct       = 1 << 1,
    kRelease       = 1 << 2,
    kConfiguration = 1 << 3,
    kNumber        = 1 << 4,
    kClass         = 1 << 5,
    kSubClass      = 1 << 6,
    kProtocol      = 1 << 7,
    kKeys          = 8,
};

enum { kVendorSpecificClass = 0xff, kWildCardCost = 1000, kMaskCost = 500, kScoreLimit = 10000, kScoreCap = 9000 };

typedef enum ClassCondition { kAnyClass, kOnlyVendorSpecific, kNotVendorSpecific } ClassCondition;

typedef struct Combination {
    int32_t        score;
    ClassCondition condition;
    unsigned       required, optional;
} Combination;

struct IOUSBMatchTable {
    const char *keys[kKeys]; /* in the order of the bits; NULL: the nub has no such key */
    Combination combinations[6];
};

#define CLASS_COMBINATIONS                                                                                             \
    {80000, kOnlyVendorSpecific, kVendor | kSubClass | kProtocol, kClass},                                             \
        {70000, kOnlyVendorSpecific, kVendor | kSubClass, kClass},                                                     \
        {60000, kNotVendorSpecific, kClass | kSubClass | kProtocol, 0},                                                \
    {                                                                                                                  \
        50000, kNotVendorSpecific, kClass | kSubClass, 0                                                               \
    }

const IOUSBMatchTable IOUSBDeviceMatchTable = {
    .keys = {kUSBVendorID, kUSBProductID, kUSBDeviceReleaseNumber, NULL, NULL, kUSBDeviceClass, kUSBDeviceSubClass,
             kUSBDeviceProtocol},
    .combinations = {{100000, kAnyClass, kVendor | kProduct | kRelease, kClass | kSubClass | kProtocol},
                     {90000, kAnyClass, kVendor | kProduct, kRelease | kClass | kSubClass | kProtocol},
                     CLASS_COMBINATIONS},
};

const IOUSBMatchTable IOUSBInterfaceMatchTable = {
    .keys = {kUSBVendorID, kUSBProductID, kUSBDeviceReleaseNumber, kUSBConfigurationValue, kUSBInterfaceNumber,
             kUSBInterfaceClass, kUSBInterfaceSubClass, kUSBInterfaceProtocol},
    .combinations = {{100000, kAnyClass, kVendor | kProduct | kRelease | kConfiguration | kNumber,
                      kClass | kSubClass | kProtocol},
                     {90000, kAnyClass, kVendor | kProduct | kConfiguration | kNumber,
                      kRelease | kClass | kSubClass | kProtocol},
                     CLASS_COMBINATIONS},
};

/* What a table says of a nub: bits of keys. */
typedef struct Verdict {
    unsigned exists, matches, wild;
    bool     usedMask;
} Verdict;

static bool isWildCard(const OSObject *value)
{
    const OSString *string = OSDynamicCast(OSString, value);
    return string && OSString_isEqualToCString(string, "*");
}

static bool getNumber(const OSObject *value, uint32_t *ret_number)
{
    const OSNumber *number = OSDynamicCast(OSNumber, value);
    if (number)
        *ret_number = OSNumber_unsigned32BitValue(number);
    return number != NULL;
}

static bool equalUnder(const OSObject *wanted, uint32_t product, uint32_t mask)
{
    uint32_t number;
    return getNumber(wanted, &number) && (number & mask) == (product & mask);
}

/* Whether the product is one the table lists, looking at the bits of mask only. */
static bool productMatches(OSDictionary *table, uint32_t product, uint32_t mask)
{
    OSArray *list = OSDynamicCast(OSArray, OSDictionary_getObject(table, kUSBProductIDArray));
    if (!list)
        return equalUnder(OSDictionary_getObject(table, kUSBProductID), product, mask);
    for (unsigned i = 0; i < OSArray_getCount(list); i++)
        if (equalUnder(OSArray_getObject(list, i), product, mask))
            return true;
    return false;
}

static void judgeKey(Verdict *verdict, OSDictionary *table, const char *key, const OSObject *own, unsigned bit)
{
    const OSObject *wanted = OSDictionary_getObject(table, key);
    if (!wanted)
        return;
    verdict->exists |= bit;
    if (OSObject_isEqualTo(wanted, own)) {
        verdict->matches |= bit;
    } else if (isWildCard(wanted)) {
        verdict->matches |= bit;
        verdict->wild |= bit;
    }
}

/* idProductArray and idProductMask widen idProduct. */
static void judgeProduct(Verdict *verdict, OSDictionary *table, const OSObject *own)
{
    uint32_t product, mask;
    if (!getNumber(own, &product))
        return;
    if (OSDynamicCast(OSArray, OSDictionary_getObject(table, kUSBProductIDArray)) && !(verdict->wild & kProduct)) {
        verdict->matches &= ~(unsigned)kProduct;
        if (productMatches(table, product, UINT32_MAX))
            verdict->matches |= kProduct;
    }
    if (!(verdict->matches & kProduct) && getNumber(OSDictionary_getObject(table, kUSBProductIDMask), &mask) &&
        productMatches(table, product, mask)) {
        verdict->matches |= kProduct;
        verdict->usedMask = true;
    }
}

static Verdict judge(const IOUSBMatchTable *rules, IOService *nub, OSDictionary *table)
{
    Verdict verdict = {0};
    for (unsigned i = 0; i < kKeys; i++) {
        OSObject *own = rules->keys[i] ? IORegistryEntry_copyProperty(&nub->super, rules->keys[i]) : NULL;
        if (rules->keys[i])
            judgeKey(&verdict, table, rules->keys[i], own, 1u << i);
        if (1u << i == kProduct)
            judgeProduct(&verdict, table, own);
        OSRelease(own);
    }
    return verdict;
}

static bool holds(const Combination *row, const Verdict *verdict, bool vendorSpecific)
{
    if (row->condition != kAnyClass && (row->condition == kOnlyVendorSpecific) != vendorSpecific)
        return false;
    if ((verdict->matches & row->required) != row->required)
        return false;
    if (verdict->exists & row->optional & ~verdict->matches)
        return false;
    return (verdict->exists & ~(row->required | row->optional)) == 0;
}

static bool isVendorSpecific(const IOUSBMatchTable *rules, IOService *nub)
{
    uint32_t  class = 0;
    OSObject *own   = IORegistryEntry_copyProperty(&nub->super, rules->keys[__builtin_ctz(kClass)]);
    (void)getNumber(own, &class); /* no class: not vendor specific */
    OSRelease(own);
    return class == kVendorSpecificClass;
}

bool IOUSBMatch_matchPropertyTable(const IOUSBMatchTable *rules, IOService *nub, OSDictionary *table, int32_t *score)
{
    Verdict verdict        = judge(rules, nub, table);
    bool    vendorSpecific = isVendorSpecific(rules, nub);
    for (unsigned i = 0; i < sizeof rules->combinations / sizeof rules->combinations[0]; i++) {
        const Combination *row = &rules->combinations[i];
        if (!holds(row, &verdict, vendorSpecific))
            continue;
        if (score) {
            int32_t own = *score >= kScoreLimit ? kScoreCap : *score;
            *score      = row->score + own - kWildCardCost * __builtin_popcount(verdict.wild & row->required) -
                     (verdict.usedMask ? kMaskCost : 0);
        }
        return true;
    }
    if (score)
        *score = 0;
    return false;
}
