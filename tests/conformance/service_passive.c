/* SPDX-License-Identifier: MIT */
/* Passive matching and lookups: SEMANTICS 3d. */
#include "serviceFixture.h"

#include <string.h>

#define DICT(text)        "<dict>" text "</dict>"
#define KEY(key)          "<key>" key "</key>"
#define STRING(key, text) KEY(key) "<string>" text "</string>"

static bool matches(IOService *service, const char *xml)
{
    OSDictionary *wanted = table(xml);
    bool          result = IOService_matchPassive(service, wanted, 0);
    OSRelease(wanted);
    return result;
}

static IOService *thing(void)
{
    IOService *nub = publish("TestSpecialNub",
                             DICT(STRING("IOName", "thing") STRING("Colour", "red") STRING("BSD Name", "t0")
                                      KEY("BSD Unit") "<integer>7</integer>" KEY("Size") "<integer>42</integer>"),
                             NULL);
    assert_true(IORegistryEntry_setLocation(ENTRY(nub), "1f", NULL));
    return nub;
}

TEST(3_32_provider_class)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(STRING("IOProviderClass", "TestSpecialNub"))));
    assert_true(matches(nub, DICT(STRING("IOProviderClass", "TestNub"))));
    assert_true(matches(nub, DICT(STRING("IOProviderClass", "IOService"))));
    assert_false(matches(nub, DICT(STRING("IOProviderClass", "D0"))));
    assert_false(matches(nub, DICT(STRING("IOProviderClass", "NoSuchClass"))));
    withdraw(nub);
}

TEST(3_33_name)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(STRING("IONameMatch", "thing"))));
    assert_false(matches(nub, DICT(STRING("IONameMatch", "thin"))));
    assert_true(matches(nub, DICT(KEY("IONameMatch") "<array><string>a</string><string>thing</string></array>")));
    assert_false(matches(nub, DICT(KEY("IONameMatch") "<array><string>a</string></array>")));
    OSDictionary *wanted = table(DICT(KEY("IONameMatch") "<array><string>a</string><string>thing</string></array>"));
    assert_true(IOService_matchPassive(nub, wanted, kIOServiceMatchChangesOK));
    assert_true(
        OSString_isEqualToCString(OSRequiredCast(OSString, OSDictionary_getObject(wanted, "IONameMatched")), "thing"));
    OSRelease(wanted);
    withdraw(nub);
}

TEST(3_34_property)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(KEY("IOPropertyMatch") DICT(STRING("Colour", "red")))));
    assert_false(matches(nub, DICT(KEY("IOPropertyMatch") DICT(STRING("Colour", "blue")))));
    assert_false(matches(nub, DICT(KEY("IOPropertyMatch") DICT(STRING("Colour", "red") STRING("Other", "x")))));
    assert_true(matches(nub, DICT(KEY("IOPropertyMatch") "<array>" DICT(STRING("Colour", "blue"))
                                      DICT(STRING("Colour", "red")) "</array>")));
    assert_false(matches(nub, DICT(KEY("IOPropertyMatch") "<array>" DICT(STRING("Colour", "blue")) "</array>")));
    withdraw(nub);
}

TEST(3_35_property_exists)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(STRING("IOPropertyExistsMatch", "Colour"))));
    assert_false(matches(nub, DICT(STRING("IOPropertyExistsMatch", "Taste"))));
    assert_true(
        matches(nub, DICT(KEY("IOPropertyExistsMatch") "<array><string>Taste</string><string>Size</string></array>")));
    withdraw(nub);
}

TEST(3_36_path)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(STRING("IOPathMatch", "IOService:/thing@1f"))));
    assert_true(matches(nub, DICT(STRING("IOPathMatch", "IOService:/@1f"))));
    assert_false(matches(nub, DICT(STRING("IOPathMatch", "IOService:/"))));
    assert_false(matches(nub, DICT(STRING("IOPathMatch", "IOService:/none"))));
    assert_string_equal(namesFound(table(DICT(STRING("IOPathMatch", "IOService:/thing")))), "thing");
    assert_int_equal(countFound(table(DICT(STRING("IOPathMatch", "IOService:/none")))), 0);
    withdraw(nub);
}

TEST(3_37_location)
{
    IOService *nub = thing(), *child = publish("TestNub", NULL, nub);
    assert_true(matches(nub, DICT(STRING("IOLocationMatch", "1f"))));
    assert_false(matches(nub, DICT(STRING("IOLocationMatch", "1F"))));
    /* A dictionary is asked of what the provider's matchLocation gives: its own provider's ... , at the top none. */
    assert_false(matches(child, DICT(KEY("IOLocationMatch") DICT(STRING("IONameMatch", "thing")))));
    OSRelease(child);
    withdraw(nub);
}

static IOService *hereIsTheLocation(IOService *self, IOService *client)
{
    return self;
}
OSDeclareClass(LocationNub);
struct LocationNub {
    TestNub super;
};
OSDefineClass(LocationNub, TestNub, .matchLocation = hereIsTheLocation);

TEST(3_37_location_dictionary)
{
    static OSMetaClass *const classes[] = {&LocationNub_class};
    static const OSClassList  list      = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("org.location", &list), kOSReturnSuccess);
    IOService *nub   = publish("LocationNub", DICT(STRING("IOName", "place")), NULL);
    IOService *child = publish("TestNub", NULL, nub);
    assert_true(matches(child, DICT(KEY("IOLocationMatch") DICT(STRING("IONameMatch", "place")))));
    assert_false(matches(child, DICT(KEY("IOLocationMatch") DICT(STRING("IONameMatch", "other")))));
    OSRelease(child);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&list), kOSReturnSuccess);
}

TEST(3_38_entry_id)
{
    IOService    *nub    = thing();
    uint64_t      id     = IORegistryEntry_getRegistryEntryID(ENTRY(nub));
    OSDictionary *wanted = IOService_registryEntryIDMatching(id, NULL);
    OSDictionary *other  = IOService_registryEntryIDMatching(id + 1, NULL);
    assert_true(IOService_matchPassive(nub, wanted, 0));
    assert_false(IOService_matchPassive(nub, other, 0));
    IOService *found = IOService_copyMatchingService(wanted);
    assert_ptr_equal(found, nub);
    OSRelease(found);
    assert_null(IOService_copyMatchingService(other));
    OSRelease(wanted);
    OSRelease(other);
    withdraw(nub);
}

TEST(3_39_client_count)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(KEY("IOMatchedServiceCountMatch") "<integer>0</integer>")));
    IOService *one = makeService("D0", DICT(STRING("IOMatchCategory", "x")), nub), *two = makeService("D1", NULL, nub);
    assert_true(matches(nub, DICT(KEY("IOMatchedServiceCountMatch") "<integer>1</integer>")));
    assert_false(matches(nub, DICT(KEY("IOMatchedServiceCountMatch") "<integer>2</integer>")));
    withdraw(one);
    assert_true(matches(nub, DICT(KEY("IOMatchedServiceCountMatch") "<integer>0</integer>")));
    OSRelease(two);
    withdraw(nub);
}

TEST(3_40_resources)
{
    IOService *resources = IOService_getResourceService();
    IORegistryEntry_setPropertyBoolean(ENTRY(resources), "Apple", true);
    IOService_registerService(resources);
    quiesce();
    assert_true(matches(resources, DICT(STRING("IOResourceMatch", "Apple"))));
    assert_false(matches(resources, DICT(STRING("IOResourceMatch", "Pear"))));
    assert_false(
        matches(resources, DICT(KEY("IOResourceMatch") "<array><string>Apple</string><string>Pear</string></array>")));
    assert_true(
        matches(resources, DICT(KEY("IOResourceMatch") "<array><string>Apple</string><string>IOKit</string></array>")));
    assert_true(matches(resources, DICT(STRING("IOResourceMatched", "Apple"))));
    assert_false(matches(resources, DICT(STRING("IOResourceMatched", "Pear"))));
    IORegistryEntry_removeProperty(ENTRY(resources), "Apple");
    IOService_registerService(resources);
}

TEST(3_41_parent)
{
    IOService *nub = thing(), *child = publish("TestNub", NULL, nub), *grandchild = publish("TestNub", NULL, child);
    assert_true(matches(child, DICT(KEY("IOParentMatch") DICT(STRING("IONameMatch", "thing")))));
    assert_true(matches(grandchild, DICT(KEY("IOParentMatch") DICT(STRING("IONameMatch", "thing")))));
    assert_false(matches(nub, DICT(KEY("IOParentMatch") DICT(STRING("IONameMatch", "thing"))))); /* strict */
    assert_false(
        matches(child, DICT(STRING("IONameMatch", "other") KEY("IOParentMatch") DICT(STRING("IONameMatch", "thing")))));
    OSRelease(grandchild);
    OSRelease(child);
    withdraw(nub);
}

TEST(3_42_bsd)
{
    IOService *nub = thing();
    assert_true(matches(nub, DICT(STRING("BSD Name", "t0"))));
    assert_false(matches(nub, DICT(STRING("BSD Name", "t1"))));
    assert_true(matches(nub, DICT(KEY("BSD Unit") "<integer>7</integer>")));
    assert_false(matches(nub, DICT(KEY("BSD Major") "<integer>7</integer>")));
    assert_false(matches(nub, DICT(KEY("BSD Minor") "<integer>7</integer>")));
    withdraw(nub);
}

TEST(3_43_compatibility)
{
    IOService *nub = publish("TestNub",
                             DICT(STRING("Colour", "red") KEY("IOCompatibilityProperties") DICT(
                                 STRING("IOClass", "OldNub") STRING("Colour", "blue") STRING("IOPath", "Old:/x"))),
                             NULL);
    assert_true(matches(nub, DICT(KEY("IOCompatibilityMatch") "<true/>" STRING("IOProviderClass", "OldNub"))));
    assert_false(matches(nub, DICT(STRING("IOProviderClass", "OldNub"))));
    assert_true(matches(
        nub, DICT(KEY("IOCompatibilityMatch") "<true/>" KEY("IOPropertyMatch") DICT(STRING("Colour", "blue")))));
    assert_false(matches(nub, DICT(KEY("IOPropertyMatch") DICT(STRING("Colour", "blue")))));
    assert_true(matches(nub, DICT(KEY("IOCompatibilityMatch") "<true/>" STRING("IOPathMatch", "Old:/x"))));
    assert_true(matches(nub, DICT(KEY("IOServiceNotificationUser") "<true/>")));
    withdraw(nub);
}

static bool onlyEven(IOService *self, OSDictionary *wanted, int32_t *score)
{
    OSNumber *number = OSDynamicCast(OSNumber, OSDictionary_getObject(wanted, "Number"));
    *score += 3;
    return !number || OSNumber_unsigned32BitValue(number) % 2 == 0;
}
OSDeclareClass(EvenNub);
struct EvenNub {
    TestNub super;
};
OSDefineClass(EvenNub, TestNub, .matchPropertyTable = onlyEven);

TEST(3_44_family_decides)
{
    static OSMetaClass *const classes[] = {&EvenNub_class};
    static const OSClassList  list      = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("org.even", &list), kOSReturnSuccess);
    IOService *nub = publish("EvenNub", NULL, NULL), *plain = publish("TestNub", NULL, NULL);
    assert_true(matches(nub, DICT(KEY("Number") "<integer>2</integer>")));
    assert_false(matches(nub, DICT(KEY("Number") "<integer>3</integer>")));
    assert_true(matches(plain, DICT(KEY("Number") "<integer>3</integer>"))); /* the default accepts */
    OSDictionary *wanted =
        table(DICT(KEY("Number") "<integer>2</integer>" KEY("IOProbeScore") "<integer>10</integer>"));
    assert_true(IOService_matchPassive(nub, wanted, kIOServiceMatchChangesOK));
    OSNumber *score = OSRequiredCast(OSNumber, OSDictionary_getObject(wanted, "IOProbeScore"));
    assert_int_equal(OSNumber_unsigned32BitValue(score), 13);
    OSRelease(wanted);
    withdraw(plain);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&list), kOSReturnSuccess);
}

static void assertSame(OSDictionary *made, const char *xml)
{
    OSDictionary *wanted = table(xml);
    assert_true(OSDictionary_isEqualTo(made, OSObjectOf(wanted)));
    OSRelease(wanted);
    OSRelease(made);
}

TEST(3_45_helpers)
{
    OSString *value = OSString_withCString("v");
    assertSame(IOService_serviceMatching("C", NULL), DICT(STRING("IOProviderClass", "C")));
    assertSame(IOService_nameMatching("n", NULL), DICT(STRING("IONameMatch", "n")));
    assertSame(IOService_resourceMatching("r", NULL),
               DICT(STRING("IOProviderClass", "IOResources") STRING("IOResourceMatch", "r")));
    assertSame(IOService_propertyMatching("k", OSObjectOf(value), NULL),
               DICT(KEY("IOPropertyMatch") DICT(STRING("k", "v"))));
    assertSame(IOService_registryEntryIDMatching(5, NULL), DICT(KEY("IORegistryEntryID") "<integer>5</integer>"));
    OSDictionary *merged = IOService_serviceMatching("C", NULL);
    assert_ptr_equal(IOService_nameMatching("n", merged), merged);
    assert_non_null(IOService_addLocation(merged));
    assertSame(merged,
               DICT(STRING("IOProviderClass", "C") STRING("IONameMatch", "n") KEY("IOLocationMatch") "<dict/>"));
    OSRelease(value);
}

static bool publishLater(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    *(bool *)reference = true;
    return true;
}

TEST(3_46_waiting)
{
    OSDictionary *wanted = IOService_nameMatching("late", NULL);
    assert_null(IOService_copyMatchingService(wanted));
    assert_null(IOService_waitForMatchingService(wanted, 1000000));
    IOService *nub = makeService("TestNub", DICT(STRING("IOName", "late")), NULL);
    IOService_registerService(nub);
    IOService *found = IOService_waitForMatchingService(wanted, UINT64_MAX);
    assert_ptr_equal(found, nub);
    OSRelease(found);
    bool        called   = false;
    IONotifier *notifier =
        IOService_addMatchingNotification(kIOMatchedNotification, wanted, publishLater, NULL, &called, 0);
    assert_true(called);
    IONotifier_remove(notifier);
    OSRelease(wanted);
    withdraw(nub);
}

TEST(3_47_order_and_states)
{
    /* Registered in the order a s1 b s2 c; the subclass's services stand where its first one registered. */
    IOService *services[5];
    services[0] = publish("TestNub", DICT(STRING("IOName", "a")), NULL);
    services[1] = publish("TestSpecialNub", DICT(STRING("IOName", "s1")), NULL);
    services[2] = publish("TestNub", DICT(STRING("IOName", "b")), NULL);
    services[3] = publish("TestSpecialNub", DICT(STRING("IOName", "s2")), NULL);
    services[4] = publish("TestNub", DICT(STRING("IOName", "c")), NULL);
    IOService *never = makeService("TestNub", DICT(STRING("IOName", "never")), NULL);
    assert_string_equal(namesFound(IOService_serviceMatching("TestNub", NULL)), "a s1 s2 b c");
    assert_string_equal(namesFound(table(DICT(KEY("IONameMatch") "<array><string>c</string><string>s2</string>"
                                                                   "<string>a</string><string>b</string></array>"))),
                        "a s2 b c"); /* by name in the same order */
    assert_true(IOService_terminate(services[2], 0));
    assert_string_equal(namesFound(IOService_serviceMatching("TestNub", NULL)), "a s1 s2 c");
    assert_int_equal(countFound(IOService_serviceMatching("IOResources", NULL)), 1);
    assert_int_equal(countFound(IOService_serviceMatching("D0", NULL)), 0);
    assert_null(IOService_getMatchingServices(NULL));
    quiesce();
    OSRelease(services[2]);
    withdraw(services[0]);
    withdraw(services[1]);
    withdraw(services[3]);
    withdraw(services[4]);
    withdraw(never);
}

TEST(3_47_names_follow)
{
    IOService *nub = publish("TestNub", DICT(STRING("IOName", "old") STRING("BSD Name", "x0")), NULL);
    IORegistryEntry_setName(ENTRY(nub), "new", NULL);
    assert_int_equal(countFound(IOService_nameMatching("old", NULL)), 0);
    assert_int_equal(countFound(IOService_nameMatching("new", NULL)), 1);
    IORegistryEntry_setPropertyString(ENTRY(nub), "BSD Name", "x1");
    assert_int_equal(countFound(table(DICT(STRING("BSD Name", "x0")))), 0);
    assert_int_equal(countFound(table(DICT(STRING("BSD Name", "x1")))), 1);
    IORegistryEntry_removeProperty(ENTRY(nub), "BSD Name");
    assert_int_equal(countFound(table(DICT(STRING("BSD Name", "x1")))), 0);
    withdraw(nub);
}

static OSArray *names(const char *first, const char *second)
{
    OSArray  *array = OSArray_withCapacity(2);
    OSString *one = OSString_withCString(first), *two = OSString_withCString(second);
    OSArray_setObject(array, OSObjectOf(one));
    OSArray_setObject(array, OSObjectOf(two));
    OSRelease(one);
    OSRelease(two);
    return array;
}

TEST(3_47_match_names)
{
    IOService *nub = makeService("TestNub", DICT(STRING("IOName", "own")), NULL);
    OSArray   *list = names("pci8086,100e", "pciclass,020000"), *other = names("x", "y");
    assert_true(IOService_setMatchNames(nub, list));
    IOService_registerService(nub);
    quiesce();
    assert_int_equal(countFound(IOService_nameMatching("own", NULL)), 1);
    assert_int_equal(countFound(IOService_nameMatching("pciclass,020000", NULL)), 1);
    assert_int_equal(
        countFound(table(DICT(KEY("IONameMatch") "<array><string>own</string><string>pci8086,100e</string></array>"))),
        1);
    assert_true(IOService_setMatchNames(nub, other));
    assert_int_equal(countFound(IOService_nameMatching("pciclass,020000", NULL)), 0);
    assert_int_equal(countFound(IOService_nameMatching("y", NULL)), 1);
    assert_true(IOService_setMatchNames(nub, NULL));
    assert_int_equal(countFound(IOService_nameMatching("y", NULL)), 0);
    OSRelease(list);
    OSRelease(other);
    withdraw(nub);
}

static bool anyX(const IORegistryEntry *self, OSString *name, OSString **matched)
{
    bool ok = OSString_getChar(name, 0) == 'x';
    if (ok && matched)
        *matched = OSRetain(name);
    return ok;
}
OSDeclareClass(CustomNub);
struct CustomNub {
    TestNub super;
};
OSDefineClass(CustomNub, TestNub, .compareName = anyX);

TEST(3_47_own_compare_name)
{
    static OSMetaClass *const classes[] = {&CustomNub_class};
    static const OSClassList  list      = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("org.custom", &list), kOSReturnSuccess);
    IOService *nub = publish("CustomNub", NULL, NULL), *two = publish("CustomNub", NULL, NULL);
    assert_int_equal(
        countFound(table(DICT(KEY("IONameMatch") "<array><string>x1</string><string>xy</string></array>"))), 2);
    assert_int_equal(countFound(IOService_nameMatching("y", NULL)), 0);
    withdraw(two);
    assert_int_equal(countFound(IOService_nameMatching("x", NULL)), 1);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&list), kOSReturnSuccess);
}

TEST(3_44_compare_properties)
{
    IOService    *nub    = thing();
    OSDictionary *wanted = table(DICT(STRING("Colour", "red") STRING("Size", "x")));
    OSArray      *good = names("Colour", "Absent"), *bad = names("Colour", "Size");
    assert_true(IOService_compareProperties(nub, wanted, good));
    assert_false(IOService_compareProperties(nub, wanted, bad));
    assert_true(IOService_compareProperty(nub, wanted, "Colour"));
    assert_false(IOService_compareProperty(nub, wanted, "Size"));
    OSRelease(wanted);
    OSRelease(good);
    OSRelease(bad);
    withdraw(nub);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(3_32_provider_class), RUN(3_33_name), RUN(3_34_property),
               RUN(3_35_property_exists), RUN(3_36_path), RUN(3_37_location), RUN(3_37_location_dictionary),
               RUN(3_38_entry_id), RUN(3_39_client_count), RUN(3_40_resources), RUN(3_41_parent), RUN(3_42_bsd),
               RUN(3_43_compatibility), RUN(3_44_family_decides), RUN(3_44_compare_properties), RUN(3_45_helpers),
               RUN(3_46_waiting), RUN(3_47_order_and_states), RUN(3_47_names_follow), RUN(3_47_match_names),
               RUN(3_47_own_compare_name))
