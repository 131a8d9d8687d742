/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.1 to 3.7: the catalogue's contents, without bundles. */
#include "harness.h"
#include "logCapture.h"

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOKitServer.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>
#include <libkern/OSKextLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>
#include <mach/kern_return.h>

/* ---- Classes: a nub, one derived from it, a driver ---- */

OSDeclareBaseClass(TestNub);
struct TestNubMethods {
    IOService_METHODS
};
struct TestNub {
    IOService super;
};

static const uint64_t kPatience = UINT64_C(20000000000); /* nanoseconds */
static _Atomic(int)   matchesAsked;

/* Matching a personality ends here, since no other key of the tests' personalities is known. */
static bool TestNub_matchPropertyTable(IOService *self, OSDictionary *table, int32_t *score)
{
    matchesAsked++;
    return true;
}

OSDefineBaseClass(TestNub, IOService, .matchPropertyTable = TestNub_matchPropertyTable);

OSDeclareClass(TestSubNub);
struct TestSubNub {
    TestNub super;
};
OSDefineClass(TestSubNub, TestNub, .stop = NULL);

OSDeclareClass(TestDriver);
struct TestDriver {
    IOService super;
};
OSDefineClass(TestDriver, IOService, .stop = NULL);

static OSMetaClass *const classes[] = {&TestNub_class, &TestSubNub_class, &TestDriver_class};
static const OSClassList  module    = {classes, 3};

static void begin(void)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test", &module), kOSReturnSuccess);
}

static void end(void)
{
    IOCatalogue_shutdown();
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_unregisterModule(&module), kOSReturnSuccess);
}

/* ---- Personalities ---- */

static void setString(OSDictionary *dict, const char *key, const char *value)
{
    OSString *string = OSString_withCString(value);
    assert_true(OSDictionary_setObject(dict, key, OSObjectOf(string)));
    OSRelease(string);
}

static void setNumber(OSDictionary *dict, const char *key, uint64_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 32);
    assert_true(OSDictionary_setObject(dict, key, OSObjectOf(number)));
    OSRelease(number);
}

/* score NO_SCORE: without the key. */
enum { NO_SCORE = 12345678 };

static OSDictionary *personality(const char *name, const char *providerClass, int32_t score)
{
    OSDictionary *dict = OSDictionary_withCapacity(8);
    setString(dict, "name", name);
    setString(dict, kIOClassKey, "TestDriver");
    if (providerClass)
        setString(dict, kIOProviderClassKey, providerClass);
    if (score != NO_SCORE)
        setNumber(dict, kIOProbeScoreKey, (uint32_t)score);
    return dict;
}

static bool add(OSDictionary *dict, bool doMatch)
{
    OSArray *array = OSArray_withObjects((const OSObject *[]){OSObjectOf(dict)}, 1, 1);
    bool     done  = IOCatalogue_addDrivers(array, doMatch);
    OSRelease(array);
    OSRelease(dict);
    return done;
}

static OSDictionary *matchingString(const char *key, const char *value)
{
    OSDictionary *dict = OSDictionary_withCapacity(1);
    setString(dict, key, value);
    return dict;
}

static unsigned countOf(const char *key, const char *value)
{
    OSDictionary *matching = matchingString(key, value);
    OSOrderedSet *set      = IOCatalogue_findDrivers(matching, NULL);
    unsigned      count    = OSOrderedSet_getCount(set);
    OSRelease(set);
    OSRelease(matching);
    return count;
}

static bool removeString(const char *key, const char *value, bool doMatch)
{
    OSDictionary *matching = matchingString(key, value);
    bool          done     = IOCatalogue_removeDrivers(matching, doMatch);
    OSRelease(matching);
    return done;
}

static void assert_name(OSOrderedSet *set, unsigned index, const char *name)
{
    OSDictionary *dict = OSRequiredCast(OSDictionary, OSOrderedSet_getObject(set, index));
    assert_non_null(dict);
    OSString *string = OSRequiredCast(OSString, OSDictionary_getObject(dict, "name"));
    assert_string_equal(OSString_getCStringNoCopy(string), name);
}

/* ---- Services ---- */

static IOService *publish(const OSMetaClass *metaClass)
{
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_alloc(metaClass));
    assert_true(IOService_init(nub, NULL));
    assert_true(IOService_attach(nub, IOService_getServiceRoot()));
    IOService_registerService(nub);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    return nub;
}

static void withdraw(IOService *nub)
{
    assert_true(IOService_terminate(nub, kIOServiceSynchronous));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    OSRelease(nub);
}

static bool hasDriver(IOService *nub)
{
    IOService *client = IOService_copyClient(nub);
    bool       has    = OSDynamicCast(TestDriver, client) != NULL;
    OSRelease(client);
    return has;
}

/* ---- The statements ---- */

TEST(3_1_grouped_by_provider_class_and_dropped_without)
{
    begin();
    assert_true(add(personality("with", "TestNub", 0), false));
    assert_true(add(personality("without", NULL, 0), false));
    assert_int_equal(countOf("name", "with"), 1);
    assert_int_equal(countOf("name", "without"), 0);
    end();
}

TEST(3_2_non_dictionary_stops_with_false)
{
    begin();
    OSDictionary *first = personality("first", "TestNub", 0), *last = personality("last", "TestNub", 0);
    OSString     *wrong = OSString_withCString("wrong");
    OSArray      *array =
        OSArray_withObjects((const OSObject *[]){OSObjectOf(first), OSObjectOf(wrong), OSObjectOf(last)}, 3, 3);
    assert_false(IOCatalogue_addDrivers(array, true));
    assert_false(IOCatalogue_addDrivers(NULL, true));
    assert_int_equal(countOf("name", "first"), 1);
    assert_int_equal(countOf("name", "last"), 0);
    OSRelease(array);
    OSRelease(wrong);
    OSRelease(first);
    OSRelease(last);
    end();
}

TEST(3_2_duplicate_is_skipped)
{
    begin();
    assert_true(add(personality("one", "TestNub", 5), true));
    SInt32 generation = IOCatalogue_getGenerationCount();
    assert_true(add(personality("one", "TestNub", 5), true));
    assert_int_equal(countOf("name", "one"), 1);
    assert_int_equal(IOCatalogue_getGenerationCount(), generation); /* nothing new */
    assert_true(add(personality("one", "TestNub", 6), true)); /* equal but for one value */
    assert_int_equal(countOf("name", "one"), 2);
    end();
}

TEST(3_2_generation_starts_at_1_and_counts_matching)
{
    begin();
    assert_int_equal(IOCatalogue_getGenerationCount(), 1);
    assert_true(add(personality("quiet", "TestNub", 0), false));
    assert_int_equal(IOCatalogue_getGenerationCount(), 1);
    assert_true(add(personality("loud", "TestNub", 0), true));
    assert_int_equal(IOCatalogue_getGenerationCount(), 2);
    end();
}

TEST(3_2_registered_services_are_matched_again)
{
    begin();
    IOService *nub = publish(&TestNub_class);
    assert_true(add(personality("quiet", "TestNub", 0), false));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_false(hasDriver(nub));
    assert_true(add(personality("loud", "TestNub", 0), true));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub));
    withdraw(nub);
    end();
}

TEST(3_2_only_services_it_could_match)
{
    begin();
    IOService *nub = publish(&TestNub_class);
    matchesAsked   = 0;
    assert_true(add(personality("other", "TestSubNub", 0), true));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(matchesAsked, 0);
    withdraw(nub);
    end();
}

TEST(3_3_class_chain_by_score_ties_in_order)
{
    begin();
    assert_true(add(personality("service", "IOService", 0), false));
    assert_true(add(personality("nub 1", "TestNub", 0), false));
    assert_true(add(personality("nub 2", "TestNub", 0), false));
    assert_true(add(personality("sub", "TestSubNub", 0), false));
    assert_true(add(personality("high", "IOService", 10), false));
    assert_true(add(personality("low", "TestSubNub", -10), false));
    assert_true(add(personality("entry", "IORegistryEntry", 100), false)); /* above IOService: not looked at */
    assert_true(add(personality("other", "TestDriver", 100), false));
    IOService    *nub        = publish(&TestSubNub_class);
    SInt32        generation = -1;
    OSOrderedSet *set        = IOCatalogue_findDriversForService(nub, &generation);
    assert_int_equal(generation, IOCatalogue_getGenerationCount());
    assert_int_equal(OSOrderedSet_getCount(set), 6);
    assert_name(set, 0, "high");
    assert_name(set, 1, "sub");
    assert_name(set, 2, "nub 1");
    assert_name(set, 3, "nub 2");
    assert_name(set, 4, "service");
    assert_name(set, 5, "low");
    OSRelease(set);
    withdraw(nub);
    end();
}

TEST(3_4_find_by_the_keys_given)
{
    begin();
    assert_true(add(personality("a", "TestNub", 1), false));
    assert_true(add(personality("b", "TestNub", 2), false));
    assert_true(add(personality("c", "TestSubNub", 2), false));
    assert_int_equal(countOf(kIOClassKey, "TestDriver"), 3);
    assert_int_equal(countOf(kIOProviderClassKey, "TestNub"), 2);
    OSDictionary *matching = matchingString(kIOProviderClassKey, "TestNub");
    setNumber(matching, kIOProbeScoreKey, 2);
    SInt32        generation = 0;
    OSOrderedSet *set        = IOCatalogue_findDrivers(matching, &generation);
    assert_int_equal(OSOrderedSet_getCount(set), 1);
    assert_name(set, 0, "b");
    assert_int_equal(generation, IOCatalogue_getGenerationCount());
    OSRelease(set);
    setNumber(matching, "not there", 2);
    set = IOCatalogue_findDrivers(matching, NULL);
    assert_int_equal(OSOrderedSet_getCount(set), 0);
    OSRelease(set);
    OSRelease(matching);
    end();
}

TEST(3_5_remove)
{
    begin();
    assert_false(IOCatalogue_removeDrivers(NULL, true));
    IOService *nub = publish(&TestNub_class);
    assert_true(add(personality("a", "TestNub", 1), true));
    assert_true(add(personality("b", "TestSubNub", 2), true));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub));
    SInt32 generation = IOCatalogue_getGenerationCount();
    assert_true(removeString("name", "b", false));
    assert_int_equal(IOCatalogue_getGenerationCount(), generation);
    assert_true(removeString("name", "nobody", true));
    assert_int_equal(IOCatalogue_getGenerationCount(), generation);
    assert_true(removeString("name", "a", true));
    assert_int_equal(IOCatalogue_getGenerationCount(), generation + 1);
    assert_int_equal(countOf(kIOClassKey, "TestDriver"), 0);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub)); /* running instances stay */
    withdraw(nub);
    end();
}

TEST(3_6_terminate_drivers)
{
    begin();
    assert_int_equal(IOCatalogue_terminateDrivers(NULL), kIOReturnBadArgument);
    IOService *nub = publish(&TestNub_class);
    assert_true(add(personality("a", "TestNub", 1), true));
    assert_true(add(personality("b", "TestNub", 0), true));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub));
    OSDictionary *matching = matchingString("name", "a");
    assert_int_equal(IOCatalogue_terminateDrivers(matching), kIOReturnSuccess);
    OSRelease(matching);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_false(hasDriver(nub));
    assert_int_equal(countOf("name", "a"), 0);
    assert_int_equal(countOf("name", "b"), 1);
    withdraw(nub);
    end();
}

TEST(3_6_the_kits_classes_may_not_be_terminated)
{
    begin();
    logCapture_begin();
    IOReturn result = IOCatalogue_terminate(kIOCatalogServiceTerminate, "IOPlatformExpertDevice");
    logCapture_end();
    assert_int_equal(result, kIOReturnUnsupported);
    assert_false(IOService_isInactive(IOService_getServiceRoot()));
    end();
}

TEST(3_6_nothing_of_that_name)
{
    begin();
    assert_int_equal(IOCatalogue_terminate(kIOCatalogServiceTerminate, "NoSuchClass"), kIOReturnNotFound);
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleUnload, "org.openiokit.none"), kOSKextReturnNotFound);
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleTerminate, "org.openiokit.none"), kOSKextReturnNotFound);
    OSDictionary *dict = personality("a", "TestNub", 1);
    OSString *identifier = OSString_withCString("org.openiokit.none");
    assert_true(OSDictionary_setObject(dict, kCFBundleIdentifierKey, OSObjectOf(identifier)));
    OSRelease(identifier);
    assert_true(add(dict, false));
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleTerminate, "org.openiokit.none"), kIOReturnSuccess);
    assert_int_equal(countOf("name", "a"), 0);
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleTerminate, "org.openiokit.none"), kOSKextReturnNotFound);
    end();
}

TEST(3_6_terminate_by_class)
{
    begin();
    IOService *nub = publish(&TestSubNub_class);
    assert_true(add(personality("a", "TestNub", 1), true));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub));
    assert_int_equal(IOCatalogue_terminate(kIOCatalogServiceTerminate, "TestDriver"), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_false(hasDriver(nub));
    assert_int_equal(countOf("name", "a"), 1); /* personalities stay */
    assert_int_equal(IOCatalogue_terminate(kIOCatalogServiceTerminate, "TestNub"), kIOReturnSuccess);
    assert_true(IOService_isInactive(nub));
    assert_int_equal(IOCatalogue_terminate(99, "TestNub"), kIOReturnBadArgument);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    OSRelease(nub);
    end();
}

TEST(3_7_missing_score_is_0_and_scores_are_signed)
{
    begin();
    assert_true(add(personality("negative", "TestNub", -1), false));
    assert_true(add(personality("missing", "TestNub", NO_SCORE), false));
    assert_true(add(personality("zero", "TestNub", 0), false));
    assert_true(add(personality("large", "TestNub", INT32_MAX), false));
    assert_true(add(personality("small", "TestNub", INT32_MIN + 1), false));
    IOService    *nub = publish(&TestNub_class);
    OSOrderedSet *set = IOCatalogue_findDriversForService(nub, NULL);
    assert_int_equal(OSOrderedSet_getCount(set), 5);
    assert_name(set, 0, "large");
    assert_name(set, 1, "missing");
    assert_name(set, 2, "zero");
    assert_name(set, 3, "negative");
    assert_name(set, 4, "small");
    OSRelease(set);
    withdraw(nub);
    end();
}

/* ---- What clients send ---- */

static IOReturn send(IOOptionBits flag, OSObject *data)
{
    IOReturn result = IOCatalogue_sendData(flag, data);
    OSRelease(data);
    return result;
}

static OSObject *arrayOf(const char *name)
{
    OSDictionary *dict  = personality(name, "TestNub", 0);
    OSArray      *array = OSArray_withObjects((const OSObject *[]){OSObjectOf(dict)}, 1, 1);
    OSRelease(dict);
    return OSObjectOf(array);
}

TEST(send_data_flags)
{
    begin();
    assert_int_equal(send(kIOCatalogAddDriversNoMatch, arrayOf("a")), kIOReturnSuccess);
    assert_int_equal(IOCatalogue_getGenerationCount(), 1);
    assert_int_equal(send(kIOCatalogAddDrivers, arrayOf("b")), kIOReturnSuccess);
    assert_int_equal(IOCatalogue_getGenerationCount(), 2);
    assert_int_equal(send(kIOCatalogAddDrivers, OSObjectOf(matchingString("name", "a"))), kIOReturnBadArgument);
    assert_int_equal(send(kIOCatalogRemoveDrivers, arrayOf("a")), kIOReturnBadArgument);
    assert_int_equal(send(kIOCatalogRemoveDriversNoMatch, OSObjectOf(matchingString("name", "a"))), kIOReturnSuccess);
    assert_int_equal(countOf(kIOClassKey, "TestDriver"), 1);
    assert_int_equal(send(kIOCatalogResetDriversNoMatch, arrayOf("c")), kIOReturnSuccess);
    assert_int_equal(countOf("name", "b"), 0);
    assert_int_equal(countOf("name", "c"), 1);
    assert_int_equal(IOCatalogue_getGenerationCount(), 2);
    assert_int_equal(send(kIOCatalogResetDrivers, arrayOf("c")), kIOReturnSuccess); /* nothing changes */
    assert_int_equal(IOCatalogue_getGenerationCount(), 2);
    assert_int_equal(send(kIOCatalogKextdActive, NULL), KERN_NOT_SUPPORTED);
    assert_int_equal(send(77, arrayOf("d")), kIOReturnBadArgument);
    end();
}

TEST(contents_can_be_read_back)
{
    begin();
    assert_true(add(personality("a", "TestNub", 1), false));
    assert_true(add(personality("b", "TestSubNub", 1), false));
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4096, NULL, NULL);
    assert_int_equal(IOCatalogue_serializeData(kIOCatalogGetContents, serializer), kIOReturnSuccess);
    OSObject *read = OSUnserializeBinary(OSSerialize_text(serializer), OSSerialize_getLength(serializer), NULL);
    OSArray  *all  = IOCatalogue_copyPersonalities();
    assert_int_equal(OSArray_getCount(all), 2);
    assert_true(OSArray_isEqualTo(all, read));
    assert_int_equal(IOCatalogue_serializeData(kIOCatalogGetModuleDemandList, serializer), KERN_NOT_SUPPORTED);
    assert_int_equal(IOCatalogue_serializeData(99, serializer), kIOReturnBadArgument);
    OSRelease(all);
    OSRelease(read);
    OSRelease(serializer);
    end();
}

/* The kit's own services live as long as the process. */
TEST_MAIN(RUN_KEEPS(3_1_grouped_by_provider_class_and_dropped_without), RUN_KEEPS(3_2_non_dictionary_stops_with_false),
          RUN_KEEPS(3_2_duplicate_is_skipped), RUN_KEEPS(3_2_generation_starts_at_1_and_counts_matching),
          RUN_KEEPS(3_2_registered_services_are_matched_again), RUN_KEEPS(3_2_only_services_it_could_match),
          RUN_KEEPS(3_3_class_chain_by_score_ties_in_order), RUN_KEEPS(3_4_find_by_the_keys_given),
          RUN_KEEPS(3_5_remove), RUN_KEEPS(3_6_terminate_drivers),
          RUN_KEEPS(3_6_the_kits_classes_may_not_be_terminated), RUN_KEEPS(3_6_nothing_of_that_name),
          RUN_KEEPS(3_6_terminate_by_class),
          RUN_KEEPS(3_7_missing_score_is_0_and_scores_are_signed), RUN_KEEPS(send_data_flags),
          RUN_KEEPS(contents_can_be_read_back))
