/* SPDX-License-Identifier: MIT */
/* IOHIDDevice: the properties that a report descriptor gives, and matching; also the list of the family's classes. */
#include <IOKit/hid/IOHIDDevice.h>

#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>

#include "IOHIDMatch.h"
#include "IOHIDReportDescriptor.h"

static bool addNumber(OSDictionary *dict, const char *key, uint32_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 32);
    bool      done   = number && OSDictionary_setObject(dict, key, OSObjectOf(number));
    OSRelease(number);
    return done;
}

static bool addPair(OSArray *pairs, const IOHIDUsagePair *pair)
{
    OSDictionary *dict = OSDictionary_withCapacity(2);
    bool          done = dict && addNumber(dict, kIOHIDDeviceUsagePageKey, pair->page) &&
                addNumber(dict, kIOHIDDeviceUsageKey, pair->usage) && OSArray_setObject(pairs, OSObjectOf(dict));
    OSRelease(dict);
    return done;
}

static bool setUsages(IOService *nub, const IOHIDUsagePair *usages, unsigned count)
{
    OSArray *pairs = OSArray_withCapacity(count ? count : 1);
    bool     done  = pairs != NULL;
    for (unsigned i = 0; done && i < count; i++)
        done = addPair(pairs, &usages[i]);
    done = done && IORegistryEntry_setProperty(&nub->super, kIOHIDDeviceUsagePairsKey, OSObjectOf(pairs));
    if (done && count > 0)
        done = IORegistryEntry_setPropertyNumber(&nub->super, kIOHIDPrimaryUsagePageKey, usages[0].page, 32) &&
               IORegistryEntry_setPropertyNumber(&nub->super, kIOHIDPrimaryUsageKey, usages[0].usage, 32);
    OSRelease(pairs);
    return done;
}

bool IOHID_setPrimaryUsage(IOService *nub, uint32_t page, uint32_t usage)
{
    const IOHIDUsagePair pair = {page, usage};
    return setUsages(nub, &pair, 1);
}

bool IOHIDDevice_setReportDescriptor(IOHIDDevice *self, const void *descriptor, unsigned length)
{
    IORegistryEntry   *entry = &self->super.super;
    IOHIDReportSummary summary;
    if (length > kIOHIDReportDescriptorMax)
        return false;
    IOHIDReportDescriptor_summarize(descriptor, length, &summary);
    return IORegistryEntry_setPropertyData(entry, kIOHIDReportDescriptorKey, descriptor, length) &&
           setUsages(&self->super, summary.pairs, summary.pairCount) &&
           IORegistryEntry_setPropertyNumber(entry, kIOHIDMaxInputReportSizeKey, summary.maxReportBytes[kIOHIDInput], 32) &&
           IORegistryEntry_setPropertyNumber(entry, kIOHIDMaxOutputReportSizeKey, summary.maxReportBytes[kIOHIDOutput], 32) &&
           IORegistryEntry_setPropertyNumber(entry, kIOHIDMaxFeatureReportSizeKey, summary.maxReportBytes[kIOHIDFeature],
                                             32);
}

static bool IOHIDDevice_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    return IOService_super()->matchPropertyTable(service, table, score) &&
           IOHIDMatch_matchPropertyTable(service, table, score);
}

OSDefineBaseClass(IOHIDDevice, IOService, .matchPropertyTable = IOHIDDevice_matchPropertyTable_);
OSDefineBaseClass(IOHIDEventService, IOService, .matchPropertyTable = IOHIDDevice_matchPropertyTable_);

OSExportClasses(&IOHIDDevice_class, &IOHIDEventService_class);
