/* SPDX-License-Identifier: MIT */
/*
 * How drivers match a SCSI peripheral. The keys are a ladder: type, vendor, product, revision. Matching climbs while
 * both the personality and the device have the next key; a rung that differs ends it without a match, the last one that
 * is equal gives the score. The personality's own score is added, held below the distance of two rungs, so that it
 * cannot outdo a more specific personality.
 */
#include <IOKit/scsi/IOSCSIPeripheralDeviceNub.h>

#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

typedef struct Rung {
    const char *key;
    int32_t score;
} Rung;

static const Rung kRungs[] = {
    {kIOPropertySCSIPeripheralDeviceType, 5000},
    {kIOPropertySCSIVendorIdentification, 10000},
    {kIOPropertySCSIProductIdentification, 15000},
    {kIOPropertySCSIProductRevisionLevel, 20000},
};

enum {
    kRungCount = sizeof kRungs / sizeof kRungs[0],
    kOwnLimit = 5000, /* a personality's own score from here on ... */
    kOwnCap = 4000,   /* ... counts as this */
    kNoTypeScore = 4900,
};

typedef enum Comparison { kNotBoth, kDifferent, kEqual } Comparison;

static Comparison compareKey(IOService *nub, OSDictionary *table, const char *key)
{
    OSObject *wanted = OSDictionary_getObject(table, key);
    OSObject *own = IORegistryEntry_copyProperty(&nub->super, key);
    Comparison result = !wanted || !own ? kNotBoth : OSObject_isEqualTo(own, wanted) ? kEqual : kDifferent;
    OSRelease(own);
    return result;
}

/* Without the type: only what says its category; and what serves programs keeps the score that it came with. */
static bool matchWithoutType(OSDictionary *table, int32_t *score)
{
    OSString *category = OSDynamicCast(OSString, OSDictionary_getObject(table, kIOMatchCategoryKey));
    if (category && !OSString_isEqualToCString(category, kIOPropertySCSITaskUserClientDevice))
        *score = kNoTypeScore;
    return category != NULL;
}

static bool climb(IOService *nub, OSDictionary *table, int32_t *score)
{
    for (unsigned i = 0; i < kRungCount; i++) {
        switch (compareKey(nub, table, kRungs[i].key)) {
        case kNotBoth:
            return i > 0 || matchWithoutType(table, score);
        case kDifferent:
            return false;
        case kEqual:
            *score = kRungs[i].score;
        }
    }
    return true;
}

static bool IOSCSIPeripheralDeviceNub_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    int32_t unwanted = 0;
    if (!score)
        score = &unwanted;
    int32_t own = *score >= kOwnLimit ? kOwnCap : *score;
    if (!IOService_super()->matchPropertyTable(service, table, score))
        return false;
    bool matches = climb(service, table, score);
    if (!matches)
        *score = 0;
    else if (*score != 0)
        *score += own;
    return matches;
}

OSDefineBaseClass(IOSCSIPeripheralDeviceNub, IOService,
                  .matchPropertyTable = IOSCSIPeripheralDeviceNub_matchPropertyTable_);

OSExportClasses(&IOSCSIPeripheralDeviceNub_class);
