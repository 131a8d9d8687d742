/* SPDX-License-Identifier: MIT */
#include "families.h"

#include "harness.h"

#include <IOKit/IOKitInitialize.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>
#include <libkern/OSUnserialize.h>

void families_setUp(void)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(UINT64_MAX), kIOReturnSuccess); /* IOResources has been matched */
    assert_int_equal(OSMetaClass_registerModule("test.family", &OSModuleClasses), kOSReturnSuccess);
}

static OSDictionary *readDictionary(const char *text)
{
    OSString     *error = NULL;
    OSDictionary *dict  = OSDynamicCast(OSDictionary, OSUnserialize(text, &error));
    if (!dict)
        fail_msg("%s: %s", text, error ? OSString_getCStringNoCopy(error) : "no dictionary");
    return dict;
}

int32_t families_match(IOService *nub, const char *text)
{
    OSDictionary *table   = readDictionary(text);
    int32_t       result  = kNoMatch;
    if (IOService_matchPassive(nub, table, kIOServiceMatchChangesOK)) {
        OSNumber *score = OSDynamicCast(OSNumber, OSDictionary_getObject(table, kIOProbeScoreKey));
        result          = score ? (int32_t)OSNumber_unsigned32BitValue(score) : 0;
    }
    OSRelease(table);
    return result;
}

static bool setProperty(const OSSymbol *key, OSObject *value, void *context)
{
    IOService *nub = context;
    assert_true(IORegistryEntry_setPropertyForSymbol(&nub->super, key, value));
    return false;
}

void families_setProperties(IOService *nub, const char *text)
{
    OSDictionary *dict = readDictionary(text);
    OSDictionary_iterateObjects(dict, setProperty, nub);
    OSRelease(dict);
}

static void describe(char *text, size_t size)
{
    kitTestHooks.describeObjects(text, size);
}

const TestHooks familyTestHooks = {.setUp = families_setUp, .describeObjects = describe};
