/* SPDX-License-Identifier: MIT */
/*
 * The index of personalities leaves out only what matching would refuse: for random personalities and random nubs, matching
 * what the catalogue finds gives what matching every personality gives, in the same order.
 *
 * The vocabulary is small, so that personalities and nubs agree often. The nubs' classes bear the names the index knows
 * and match as the families do (SEMANTICS 3.53 to 3.59), written here the long way.
 */
#include "harness.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOBSD.h>
#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>

enum { kPersonalities = 400, kNubs = 120, kRounds = 12 };

static unsigned seed;

static unsigned roll(unsigned sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* ---- Nubs ---- */

OSDeclareClass(IOPCIDevice);
struct IOPCIDevice {
    IOService super;
};

static uint32_t propertyNumber(IOService *nub, const char *key)
{
    OSObject *value  = IORegistryEntry_copyProperty(&nub->super, key);
    OSData   *data   = OSDynamicCast(OSData, value);
    uint32_t  number = 0;
    if (data)
        memcpy(&number, OSData_getBytesNoCopy(data), 4);
    OSRelease(value);
    return number;
}

static bool wordsMatch(const char *text, uint32_t defaultMask, uint32_t value)
{
    while (*text) {
        char    *end;
        uint32_t wanted = (uint32_t)strtoul(text, &end, 16), mask = defaultMask;
        if (*end == '&')
            mask = (uint32_t)strtoul(end + 1, &end, 16);
        if ((value & mask) == (wanted & mask))
            return true;
        for (text = end; *text == ' '; text++)
            ;
    }
    return false;
}

static const char *textOf(OSDictionary *table, const char *key)
{
    OSString *string = OSDynamicCast(OSString, OSDictionary_getObject(table, key));
    return string ? OSString_getCStringNoCopy(string) : NULL;
}

static bool pciMatch(IOService *nub, OSDictionary *table, int32_t *score)
{
    uint32_t    primary   = propertyNumber(nub, "device-id") << 16 | propertyNumber(nub, "vendor-id");
    uint32_t    secondary = propertyNumber(nub, "subsystem-id") << 16 | propertyNumber(nub, "subsystem-vendor-id");
    const char *text;
    if ((text = textOf(table, "IOPCIPrimaryMatch")) && !wordsMatch(text, UINT32_MAX, primary))
        return false;
    if ((text = textOf(table, "IOPCISecondaryMatch")) && !wordsMatch(text, UINT32_MAX, secondary))
        return false;
    if ((text = textOf(table, "IOPCIMatch")) && !wordsMatch(text, UINT32_MAX, primary) &&
        !wordsMatch(text, UINT32_MAX, secondary))
        return false;
    text = textOf(table, "IOPCIClassMatch");
    return !text || wordsMatch(text, 0xffffff00, propertyNumber(nub, "class-code") << 8);
}

OSDefineClass(IOPCIDevice, IOService, .matchPropertyTable = pciMatch);

OSDeclareClass(IOUSBHostDevice);
struct IOUSBHostDevice {
    IOService super;
};

static bool numberMatches(IOService *nub, OSDictionary *table, const char *key)
{
    OSObject *wanted = OSDictionary_getObject(table, key);
    OSObject *value  = IORegistryEntry_copyProperty(&nub->super, key);
    bool      match  = !wanted || OSObject_isEqualTo(wanted, value);
    if (wanted && textOf(table, key))
        match = strcmp(textOf(table, key), "*") == 0;
    OSRelease(value);
    return match;
}

static bool usbMatch(IOService *nub, OSDictionary *table, int32_t *score)
{
    return numberMatches(nub, table, "idVendor") && numberMatches(nub, table, "bInterfaceClass") &&
           numberMatches(nub, table, "bInterfaceSubClass") && numberMatches(nub, table, "bDeviceClass") &&
           (OSDictionary_getObject(table, "idProductMask") || numberMatches(nub, table, "idProduct"));
}

OSDefineClass(IOUSBHostDevice, IOService, .matchPropertyTable = usbMatch);

/* A nub that answers to a name of its own making. */
OSDeclareClass(TestNamedNub);
struct TestNamedNub {
    IOService super;
};

static bool compareName(const IORegistryEntry *entry, OSString *name, OSString **matched)
{
    return OSString_isEqualToCString(name, "special") || IOService_super()->compareName(entry, name, matched);
}

OSDefineClass(TestNamedNub, IOService, .compareName = compareName);

static OSMetaClass *const testClasses[] = {&IOPCIDevice_class, &IOUSBHostDevice_class, &TestNamedNub_class};
static const OSClassList  testModule    = {testClasses, 3};

static const char *const words[] = {"alpha", "beta", "gamma", "special"};

static void setData(IOService *nub, const char *key, uint32_t value)
{
    assert_true(IORegistryEntry_setPropertyData(&nub->super, key, &value, 4));
}

static void setString(OSDictionary *dict, const char *key, const char *value)
{
    OSString *string = OSString_withCString(value);
    assert_true(OSDictionary_setObject(dict, key, OSObjectOf(string)));
    OSRelease(string);
}

/* Properties that matching lays over the nub's own. */
static void setOverlay(IOService *nub)
{
    OSDictionary *dict = OSDictionary_withCapacity(1);
    setString(dict, "color", words[roll(3)]);
    assert_true(IORegistryEntry_setProperty(&nub->super, kIOUserServicePropertiesKey, OSObjectOf(dict)));
    OSRelease(dict);
}

static void fillNub(IOService *nub)
{
    setData(nub, "vendor-id", 0x8086 + roll(2));
    setData(nub, "device-id", 0x1000 + roll(3));
    if (roll(2)) {
        setData(nub, "subsystem-vendor-id", 0x8086 + roll(2));
        setData(nub, "subsystem-id", 0x1000 + roll(3));
    }
    setData(nub, "class-code", 0x020000 + roll(2) * 0x10000 + roll(2) * 0x100);
    assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "idVendor", 1 + roll(3), 16));
    assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "idProduct", 1 + roll(3), 16));
    assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "bInterfaceClass", 1 + roll(3), 8));
    assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "bInterfaceSubClass", 1 + roll(2), 8));
    if (roll(2))
        assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "bDeviceClass", 1 + roll(2), 8));
    if (roll(4))
        assert_true(IORegistryEntry_setPropertyNumber(&nub->super, "bDeviceSubClass", 1 + roll(2), 8));
    if (roll(2))
        assert_true(IORegistryEntry_setPropertyString(&nub->super, "color", words[roll(3)]));
    else if (roll(2)) /* data that a string may equal */
        assert_true(IORegistryEntry_setPropertyData(&nub->super, "color", "alpha", 6));
    if (roll(2))
        assert_true(IORegistryEntry_setPropertyBoolean(&nub->super, "built-in", roll(2)));
    if (roll(2))
        assert_true(IORegistryEntry_setPropertyString(&nub->super, kIOBSDNameKey, words[roll(3)]));
    if (roll(8) == 0)
        setOverlay(nub);
    IORegistryEntry_setName(&nub->super, words[roll(3)], NULL);
}

static IOService *makeNub(void)
{
    static OSMetaClass *const classes[] = {&IOPCIDevice_class, &IOUSBHostDevice_class, &TestNamedNub_class,
                                           &IOService_class};
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_alloc(classes[roll(4)]));
    assert_true(IOService_init(nub, NULL));
    fillNub(nub);
    if (roll(3) == 0) {
        OSString *name  = OSString_withCString(words[roll(4)]);
        OSArray  *names = OSArray_withObjects((const OSObject *[]){OSObjectOf(name)}, 1, 1);
        assert_true(IOService_setMatchNames(nub, names));
        OSRelease(names);
        OSRelease(name);
    }
    return nub;
}

/* ---- Personalities ---- */

static void setNumber(OSDictionary *dict, const char *key, uint32_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 32);
    assert_true(OSDictionary_setObject(dict, key, OSObjectOf(number)));
    OSRelease(number);
}

static void setWords(OSDictionary *dict, const char *key, bool isClass)
{
    static const char *const masks[] = {"", "", "&0xffffffff", "&0xffff", "&0xfffeffff", "&0xff000000", "&0"};
    char                     text[160] = "";
    size_t                   length    = 0;
    for (unsigned i = 0, count = 1 + roll(3); i < count; i++) {
        unsigned id = isClass ? 0x02000000 + roll(2) * 0x1000000 + roll(2) * 0x10000
                              : (0x1000 + roll(3)) << 16 | (0x8086 + roll(2));
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s%x%s", i ? " " : "", roll(2) ? "0x" : "", id,
                                   masks[roll(7)]);
    }
    setString(dict, key, text);
}

static OSDictionary *makePropertyTable(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(2);
    if (roll(2))
        setString(dict, "color", words[roll(3)]);
    if (roll(3) == 0)
        assert_true(OSDictionary_setObject(dict, "built-in", OSObjectOf(OSBoolean_withBoolean(roll(2)))));
    if (roll(3) == 0)
        setNumber(dict, "idVendor", 1 + roll(3));
    return dict;
}

static void setPropertyMatch(OSDictionary *dict)
{
    OSDictionary *first = makePropertyTable(), *second = makePropertyTable();
    OSArray      *both = OSArray_withObjects((const OSObject *[]){OSObjectOf(first), OSObjectOf(second)}, 2, 2);
    assert_true(OSDictionary_setObject(dict, kIOPropertyMatchKey, roll(2) ? OSObjectOf(both) : OSObjectOf(first)));
    OSRelease(both);
    OSRelease(first);
    OSRelease(second);
}

static void setNameMatch(OSDictionary *dict)
{
    OSString *first = OSString_withCString(words[roll(4)]), *second = OSString_withCString(words[roll(4)]);
    OSArray  *both = OSArray_withObjects((const OSObject *[]){OSObjectOf(first), OSObjectOf(second)}, 2, 2);
    assert_true(OSDictionary_setObject(dict, kIONameMatchKey, roll(2) ? OSObjectOf(both) : OSObjectOf(first)));
    OSRelease(both);
    OSRelease(first);
    OSRelease(second);
}

static OSDictionary *makePersonality(unsigned number)
{
    static const char *const classes[] = {"IOPCIDevice", "IOUSBHostDevice", "TestNamedNub", "IOService"};
    static const char *const pciKeys[] = {"IOPCIMatch", "IOPCIPrimaryMatch", "IOPCISecondaryMatch"};
    OSDictionary            *dict      = OSDictionary_withCapacity(8);
    setString(dict, kIOProviderClassKey, classes[roll(4)]);
    setNumber(dict, "number", number);
    if (roll(2))
        setNumber(dict, kIOProbeScoreKey, roll(5) * 1000 - 2000);
    if (roll(3) == 0)
        setWords(dict, pciKeys[roll(3)], false);
    if (roll(6) == 0)
        setWords(dict, "IOPCIClassMatch", true);
    if (roll(4) == 0)
        setNumber(dict, "idVendor", 1 + roll(3));
    else if (roll(8) == 0)
        setString(dict, "idVendor", "*");
    if (roll(4) == 0)
        setNumber(dict, "idProduct", 1 + roll(3));
    if (roll(8) == 0)
        setNumber(dict, "idProductMask", 0xff);
    if (roll(4) == 0)
        setNumber(dict, "bInterfaceClass", 1 + roll(3));
    if (roll(6) == 0)
        setNumber(dict, "bInterfaceSubClass", 1 + roll(2));
    if (roll(6) == 0)
        setNumber(dict, "bDeviceClass", 1 + roll(2));
    if (roll(5) == 0)
        setPropertyMatch(dict);
    if (roll(5) == 0)
        setNameMatch(dict);
    if (roll(8) == 0)
        setString(dict, kIOBSDNameKey, words[roll(3)]);
    return dict;
}

/* ---- The property ---- */

static OSArray *copyMatching(IOService *nub, OSOrderedSet *set)
{
    OSArray *matching = OSArray_withCapacity(8);
    for (unsigned i = 0; i < OSOrderedSet_getCount(set); i++) {
        OSDictionary *table = OSRequiredCast(OSDictionary, OSOrderedSet_getObject(set, i));
        if (IOService_matchPassive(nub, table, 0))
            assert_true(OSArray_setObject(matching, OSObjectOf(table)));
    }
    return matching;
}

/* What 3.3 says, the long way: class by class, each in the order of addition; the set sorts by score. */
static OSOrderedSet *everything(IOService *nub, OSArray *all)
{
    OSOrderedSet *set = OSOrderedSet_withCapacity(64, IOServiceOrdering, NULL);
    for (const OSMetaClass *class = OSObject_getMetaClass(OSObjectOf(nub));; class = OSMetaClass_getSuperClass(class)) {
        for (unsigned i = 0; i < OSArray_getCount(all); i++) {
            OSDictionary *dict = OSRequiredCast(OSDictionary, OSArray_getObject(all, i));
            if (strcmp(textOf(dict, kIOProviderClassKey), class->name) == 0)
                assert_true(OSOrderedSet_setObject(set, OSObjectOf(dict)));
        }
        if (class == &IOService_class)
            return set;
    }
}

static unsigned compareOne(OSArray *all)
{
    IOService    *nub       = makeNub();
    OSOrderedSet *found     = IOCatalogue_findDriversForService(nub, NULL);
    OSOrderedSet *possible  = everything(nub, all);
    OSArray      *wanted    = copyMatching(nub, possible);
    OSArray      *got       = copyMatching(nub, found);
    unsigned      leftOut   = OSOrderedSet_getCount(possible) - OSOrderedSet_getCount(found);
    assert_int_equal(OSArray_getCount(got), OSArray_getCount(wanted));
    for (unsigned i = 0; i < OSArray_getCount(got); i++)
        assert_ptr_equal(OSArray_getObject(got, i), OSArray_getObject(wanted, i));
    OSRelease(got);
    OSRelease(wanted);
    OSRelease(possible);
    OSRelease(found);
    OSRelease(nub);
    return leftOut;
}

/* Removing makes the index anew. */
static void removeSome(OSArray *all)
{
    OSDictionary *matching = OSDictionary_withCapacity(1);
    setString(matching, kIOProviderClassKey, "IOPCIDevice");
    setNumber(matching, kIOProbeScoreKey, 1000);
    assert_true(IOCatalogue_removeDrivers(matching, false));
    for (unsigned i = OSArray_getCount(all); i-- > 0;) {
        OSDictionary *dict = OSRequiredCast(OSDictionary, OSArray_getObject(all, i));
        if (OSDictionary_isEqualToWithKeys(dict, matching, &matching->super))
            OSArray_removeObject(all, i);
    }
    OSRelease(matching);
}

static void run(void)
{
    unsigned leftOut = 0;
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test", &testModule), kOSReturnSuccess);
    for (unsigned round = 0; round < kRounds; round++) {
        OSArray *all = OSArray_withCapacity(kPersonalities);
        seed         = round + 1;
        for (unsigned i = 0; i < kPersonalities; i++) {
            OSDictionary *dict = makePersonality(i);
            assert_true(OSArray_setObject(all, OSObjectOf(dict)));
            OSRelease(dict);
        }
        assert_true(IOCatalogue_addDrivers(all, false));
        for (unsigned i = 0; i < kNubs; i++)
            leftOut += compareOne(all);
        removeSome(all);
        for (unsigned i = 0; i < kNubs; i++)
            leftOut += compareOne(all);
        IOCatalogue_shutdown();
        OSRelease(all);
    }
    assert_true(leftOut > 50000); /* the index does leave out: some 90000 of 500000 */
}

/* IOKit_initialize's services live as long as the process. */
TEST(index_finds_what_a_walk_finds)
{
    run();
}

/* Out of memory in the n-th allocation while adding or finding: an error, and the answer afterwards is still right. */
TEST(index_without_memory)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test", &testModule), kOSReturnSuccess);
    seed             = 99;
    IOService *nub   = makeNub();
    bool       added = false;
    for (uint64_t n = 1; !added; n++) {
        OSArray *all = OSArray_withCapacity(40);
        seed         = 7;
        for (unsigned i = 0; i < 40; i++) {
            OSDictionary *dict = makePersonality(i);
            assert_true(OSArray_setObject(all, OSObjectOf(dict)));
            OSRelease(dict);
        }
        IOAllocation_failNth(n);
        added = IOCatalogue_addDrivers(all, false);
        OSOrderedSet *found = IOCatalogue_findDriversForService(nub, NULL);
        IOAllocation_failNth(0);
        OSRelease(found);
        assert_true(IOCatalogue_addDrivers(all, false)); /* those that are missing */
        (void)compareOne(all);
        removeSome(all);
        (void)compareOne(all);
        IOCatalogue_shutdown();
        OSRelease(all);
    }
    OSRelease(nub);
}

TEST_MAIN(RUN_KEEPS(index_finds_what_a_walk_finds), RUN_KEEPS(index_without_memory))
