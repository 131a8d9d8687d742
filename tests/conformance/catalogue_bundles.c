/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.13, 1.14, and the modules' side of 3.5, 3.6 and 3.18, with real bundles. */
#include "harness.h"
#include "logCapture.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOKitServer.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>
#include <libkern/OSKext.h>

#define GOOD    TEST_BUILD_ROOT "/tests/Extensions"
#define MORE    TEST_BUILD_ROOT "/tests/MoreExtensions"
#define REFUSED TEST_BUILD_ROOT "/tests/RefusedExtensions"

#define LIBRARY  "org.openiokit.test.Library"
#define DRIVER   "org.openiokit.test.Driver"
#define PLAIN    "org.openiokit.test.Plain"
#define CODELESS "org.openiokit.test.Codeless"

static const uint64_t kPatience = UINT64_C(20000000000); /* nanoseconds */

/* The provider classes of the bundles' personalities. */
OSDeclareClass(TestNub);
struct TestNub {
    IOService super;
};
OSDefineClass(TestNub, IOService, .stop = NULL);

OSDeclareClass(RefusedNub);
struct RefusedNub {
    IOService super;
};
OSDefineClass(RefusedNub, IOService, .stop = NULL);

static OSMetaClass *const classes[] = {&TestNub_class, &RefusedNub_class};
static const OSClassList  module    = {classes, 2};

static void begin(const char *folder)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test.program", &module), kOSReturnSuccess);
    assert_true(OSKext_addExtensionsFolder(folder));
    logCapture_begin();
    IOCatalogue_reset();
    logCapture_end();
}

static void end(void)
{
    IOCatalogue_shutdown();
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    OSKext_shutdown();
    assert_int_equal(OSMetaClass_unregisterModule(&module), kOSReturnSuccess);
    assert_null(OSMetaClass_getMetaClassWithName("TestDriver")); /* all bundles are gone */
}

static IOService *publish(const OSMetaClass *metaClass)
{
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_alloc(metaClass));
    assert_true(IOService_init(nub, NULL));
    assert_true(IOService_attach(nub, IOService_getServiceRoot()));
    IOService_registerService(nub);
    return nub;
}

static void withdraw(IOService *nub)
{
    assert_true(IOService_terminate(nub, kIOServiceSynchronous));
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    OSRelease(nub);
}

static bool hasDriver(IOService *nub, const char *className)
{
    IOService *client = IOService_copyClient(nub);
    bool       has    = OSMetaClass_checkMetaCastWithName(className, OSObjectOf(client)) != NULL;
    OSRelease(client);
    return has;
}

static unsigned personalitiesOf(const char *identifier)
{
    OSDictionary *matching = OSDictionary_withCapacity(1);
    OSString     *string   = OSString_withCString(identifier);
    assert_true(OSDictionary_setObject(matching, kCFBundleIdentifierKey, OSObjectOf(string)));
    OSOrderedSet *set   = IOCatalogue_findDrivers(matching, NULL);
    unsigned      count = OSOrderedSet_getCount(set);
    OSRelease(set);
    OSRelease(string);
    OSRelease(matching);
    return count;
}

static uint32_t loadTag(const char *identifier)
{
    OSKext  *kext = OSKext_lookupKextWithIdentifier(identifier);
    uint32_t tag  = OSKext_getLoadTag(kext);
    OSRelease(kext);
    return tag;
}

/* ---- 1.13, 1.14 ---- */

TEST(1_13_duplicate_class_leaves_none_of_the_module)
{
    begin(GOOD);
    /* Two classes, the second of which has the name of a bundle's class. */
    static OSMetaClass other = {.super = OSMetaClass_pegged, .name = "TestPlain"};
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    const OSMetaClass *plain = OSMetaClass_getMetaClassWithName("TestPlain");
    static OSMetaClass first;
    first              = TestNub_class;
    first.name         = "TestFirst";
    other.superClass   = TestNub_class.superClass;
    other.instanceSize = TestNub_class.instanceSize;
    other.tableSize    = TestNub_class.tableSize;
    other.overrides    = TestNub_class.overrides;
    other.table        = TestNub_class.table;
    OSMetaClass *const both[] = {&first, &other};
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test.second", &(OSClassList){both, 2}),
                     kOSMetaClassDuplicateClass);
    assert_null(OSMetaClass_getMetaClassWithName("TestFirst"));
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("TestPlain"), plain);
    end();
}

TEST(1_14_instances_keep_a_module_loaded)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    OSObject *instance = OSMetaClass_allocClassWithName("TestPlain");
    assert_non_null(instance);
    assert_int_equal(OSKext_removeKextWithIdentifier(PLAIN, false), kOSMetaClassHasInstances);
    assert_true(OSKext_isKextWithIdentifierLoaded(PLAIN));
    assert_non_null(OSMetaClass_getMetaClassWithName("TestPlain"));
    OSRelease(instance);
    assert_int_equal(OSKext_removeKextWithIdentifier(PLAIN, false), kOSReturnSuccess);
    assert_null(OSMetaClass_getMetaClassWithName("TestPlain"));
    end();
}

/* ---- Loading ---- */

TEST(3_18_match_loads_the_driver_and_its_library)
{
    begin(GOOD);
    assert_false(OSKext_isKextWithIdentifierLoaded(DRIVER)); /* not because it is installed */
    IOService *nub = publish(&TestNub_class);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(IOService_getBusyState(nub), 0);
    assert_true(hasDriver(nub, "TestDriver"));
    assert_true(OSKext_isKextWithIdentifierLoaded(LIBRARY));
    assert_true(loadTag(LIBRARY) < loadTag(DRIVER)); /* in dependency order */
    withdraw(nub);
    end();
}

TEST(3_18_not_probed_while_the_module_loads)
{
    begin(GOOD);
    OSArray      *all  = IOCatalogue_copyPersonalities();
    OSDictionary *dict = NULL;
    for (unsigned i = 0; i < OSArray_getCount(all); i++) {
        OSDictionary *each = OSRequiredCast(OSDictionary, OSArray_getObject(all, i));
        OSString     *name = OSRequiredCast(OSString, OSDictionary_getObject(each, kCFBundleIdentifierKey));
        if (OSString_isEqualToCString(name, DRIVER))
            dict = each;
    }
    assert_non_null(dict);
    SInt32 generation = IOCatalogue_getGenerationCount();
    assert_false(IOCatalogue_isModuleLoaded(dict));
    IOService *nub = publish(&TestNub_class); /* stalls, or finds it loaded */
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(IOCatalogue_isModuleLoaded(dict));
    assert_true(IOCatalogue_getGenerationCount() > generation);
    assert_true(hasDriver(nub, "TestDriver"));
    OSRelease(all);
    withdraw(nub);
    end();
}

TEST(3_18_a_refused_bundle_does_not_stall_its_provider)
{
    begin(REFUSED);
    logCapture_begin();
    IOService *nub    = publish(&RefusedNub_class);
    IOReturn   result = IOKit_quiesce(kPatience);
    IOReturn   quiet  = IOService_waitQuiet(nub, kPatience);
    logCapture_end();
    assert_int_equal(result, kIOReturnSuccess);
    assert_int_equal(quiet, kIOReturnSuccess);
    assert_int_equal(personalitiesOf("org.openiokit.refused.MissingClass"), 0);
    assert_true(IOService_getState(nub) & kIOServiceMatchedState);
    withdraw(nub);
    end();
}

TEST(module_is_settled_when_unknown_or_unnamed)
{
    begin(GOOD);
    OSDictionary *dict   = OSDictionary_withCapacity(2);
    OSString     *string = OSString_withCString("org.openiokit.test.Nowhere");
    assert_true(IOCatalogue_isModuleLoaded(dict));
    assert_true(OSDictionary_setObject(dict, kCFBundleIdentifierKey, OSObjectOf(string)));
    assert_true(IOCatalogue_isModuleLoaded(dict));
    OSRelease(string);
    OSRelease(dict);
    end();
}

TEST(load_by_name_brings_libraries_and_tags)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    assert_true(OSKext_isKextWithIdentifierLoaded(LIBRARY));
    uint32_t tag = loadTag(DRIVER);
    assert_int_equal(loadTag(LIBRARY), tag - 1);
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    assert_int_equal(loadTag(PLAIN), tag + 1);
    end();
}

/* A class of the driver calls the one of its library: symbols are visible along OSBundleLibraries. */
TEST(subclass_in_another_bundle_works)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    OSObject *driver = OSMetaClass_allocClassWithName("TestDriver");
    assert_non_null(OSMetaClass_checkMetaCastWithName("TestFamilyDriver", driver));
    OSRelease(driver);
    end();
}

/* ---- Unloading ---- */

TEST(unload_in_reverse_only)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_removeKextWithIdentifier(LIBRARY, false), kOSKextReturnInUse);
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleUnload, LIBRARY), kOSKextReturnInUse);
    assert_int_equal(OSKext_removeKextWithIdentifier("com.apple.kpi.iokit", false), kOSKextReturnInUse);
    assert_int_equal(OSKext_removeKextWithIdentifier("org.openiokit.test.Nowhere", false), kOSKextReturnNotFound);
    assert_int_equal(OSKext_removeKextWithIdentifier(PLAIN, false), kOSKextReturnNotFound); /* known, not loaded */
    assert_int_equal(OSKext_removeKextWithIdentifier(DRIVER, false), kOSReturnSuccess);
    assert_int_equal(OSKext_removeKextWithIdentifier(LIBRARY, false), kOSReturnSuccess);
    assert_null(OSMetaClass_getMetaClassWithName("TestFamilyDriver"));
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess); /* and back */
    end();
}

TEST(3_6_module_unload_ends_its_drivers)
{
    begin(GOOD);
    IOService *nub = publish(&TestNub_class);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub, "TestDriver"));
    assert_int_equal(OSKext_removeKextWithIdentifier(DRIVER, false), kOSMetaClassHasInstances);
    assert_int_equal(OSKext_removeKextWithIdentifier(DRIVER, true), kOSReturnSuccess);
    assert_false(OSKext_isKextWithIdentifierLoaded(DRIVER));
    assert_null(IOService_copyClient(nub));
    assert_int_equal(personalitiesOf(DRIVER), 0);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess); /* brings them back, and matches */
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(hasDriver(nub, "TestDriver"));
    withdraw(nub);
    end();
}

TEST(3_6_module_terminate_keeps_it_loaded)
{
    begin(GOOD);
    IOService *nub = publish(&TestNub_class);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_int_equal(IOCatalogue_terminate(kIOCatalogModuleTerminate, DRIVER), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(OSKext_isKextWithIdentifierLoaded(DRIVER));
    assert_null(IOService_copyClient(nub));
    withdraw(nub);
    end();
}

/* ---- Personalities and versions ---- */

static OSDictionary *firstWith(const char *key, const char *value)
{
    OSDictionary *matching = OSDictionary_withCapacity(1);
    OSString     *string   = OSString_withCString(value);
    assert_true(OSDictionary_setObject(matching, key, OSObjectOf(string)));
    OSOrderedSet *set   = IOCatalogue_findDrivers(matching, NULL);
    OSDictionary *found = OSRetain(OSDynamicCast(OSDictionary, OSOrderedSet_getFirstObject(set)));
    assert_int_equal(OSOrderedSet_getCount(set), 1);
    OSRelease(set);
    OSRelease(string);
    OSRelease(matching);
    return found;
}

static void assert_score(uint32_t score)
{
    OSDictionary *dict   = firstWith(kIOPersonalityPublisherKey, CODELESS);
    OSNumber     *number = OSRequiredCast(OSNumber, OSDictionary_getObject(dict, kIOProbeScoreKey));
    assert_int_equal(OSNumber_unsigned32BitValue(number), score);
    OSRelease(dict);
}

TEST(higher_version_of_one_identifier_counts)
{
    begin(GOOD);
    assert_score(20); /* 2.0b3, not the 2.0b2 beside it */
    assert_true(OSKext_addExtensionsFolder(MORE));
    IOCatalogue_reset();
    assert_score(21); /* 2.0 */
    end();
}

TEST(personality_of_another_bundles_class_names_its_publisher)
{
    begin(GOOD);
    OSDictionary *dict   = firstWith(kIOPersonalityPublisherKey, CODELESS);
    OSString     *kernel = OSRequiredCast(OSString, OSDictionary_getObject(dict, kCFBundleIdentifierKernelKey));
    assert_string_equal(OSString_getCStringNoCopy(kernel), DRIVER);
    OSRelease(dict);
    end();
}

TEST(reset_keeps_what_is_loaded)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    uint32_t tag   = loadTag(DRIVER);
    OSArray *empty = OSArray_withCapacity(1);
    assert_true(IOCatalogue_resetAndAddDrivers(empty, true));
    assert_true(personalitiesOf(DRIVER) > 0);
    OSRelease(empty);
    IOCatalogue_reset();
    assert_int_equal(loadTag(DRIVER), tag);
    end();
}

TEST(bundle_by_path)
{
    char      reason[kOSKextReasonSize];
    OSString *identifier = NULL;
    begin(MORE);
    logCapture_begin();
    OSReturn missing = OSKext_addKextWithPath("/nonexistent/X.kext", &identifier, reason);
    OSReturn bad     = OSKext_addKextWithPath(REFUSED "/NoVersion.kext", &identifier, reason);
    logCapture_end();
    assert_int_equal(missing, kOSKextReturnNotFound);
    assert_int_equal(bad, kOSKextReturnValidation);
    assert_string_equal(reason, "Info.plist lacks CFBundleVersion");
    assert_null(identifier);
    assert_int_equal(OSKext_addKextWithPath(GOOD "/TestPlain.kext", &identifier, NULL), kOSReturnSuccess);
    assert_true(OSString_isEqualToCString(identifier, PLAIN));
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    OSRelease(identifier);
    end();
}

TEST(bundle_by_another_path_is_the_same_bundle)
{
    OSString *identifier = NULL;
    char      home[PATH_MAX];
    assert_non_null(getcwd(home, sizeof home));
    assert_int_equal(chdir(GOOD "/.."), 0);
    begin("Extensions");
    assert_int_equal(chdir(home), 0); /* the folder is the one that was meant when it was added */
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_addKextWithPath(GOOD "/TestPlain.kext", &identifier, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_addKextWithPath(GOOD "/../Extensions/./TestPlain.kext/", NULL, NULL), kOSReturnSuccess);
    OSKext *kext = OSKext_lookupKextWithIdentifier(PLAIN);
    char    place[PATH_MAX];
    assert_non_null(realpath(GOOD "/TestPlain.kext", place));
    assert_string_equal(OSKext_getPath(kext), place);
    OSRelease(kext);
    OSRelease(identifier);
    end();
}

TEST(bundle_by_a_link_is_the_same_bundle)
{
    char folder[] = "/tmp/openiokit-links-XXXXXX";
    char link[PATH_MAX];
    assert_non_null(mkdtemp(folder));
    snprintf(link, sizeof link, "%s/Link.kext", folder);
    assert_int_equal(symlink(GOOD "/TestPlain.kext", link), 0);
    begin(folder);
    assert_int_equal(OSKext_loadKextWithIdentifier(PLAIN, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_addKextWithPath(GOOD "/TestPlain.kext", NULL, NULL), kOSReturnSuccess);
    assert_int_equal(OSKext_addKextWithPath(link, NULL, NULL), kOSReturnSuccess);
    end();
    assert_int_equal(unlink(link), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* ---- What clients are told ---- */

static uint64_t numberAt(OSDictionary *info, const char *key)
{
    OSNumber *number = OSRequiredCast(OSNumber, OSDictionary_getObject(info, key));
    assert_non_null(number);
    return OSNumber_unsigned64BitValue(number);
}

static const char *stringAt(OSDictionary *info, const char *key)
{
    OSString *string = OSRequiredCast(OSString, OSDictionary_getObject(info, key));
    assert_non_null(string);
    return OSString_getCStringNoCopy(string);
}

TEST(loaded_info)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    OSDictionary *all     = OSKext_copyLoadedKextInfo(NULL, NULL);
    OSDictionary *driver  = OSRequiredCast(OSDictionary, OSDictionary_getObject(all, DRIVER));
    OSDictionary *library = OSRequiredCast(OSDictionary, OSDictionary_getObject(all, LIBRARY));
    OSDictionary *iokit   = OSRequiredCast(OSDictionary, OSDictionary_getObject(all, "com.apple.kpi.iokit"));
    assert_null(OSDictionary_getObject(all, PLAIN));
    assert_string_equal(stringAt(iokit, kCFBundleVersionKey), "22.6.0");
    assert_true(numberAt(iokit, kOSBundleLoadTagKey) < numberAt(library, kOSBundleLoadTagKey));
    assert_string_equal(stringAt(driver, kOSBundlePathKey), GOOD "/TestDriver.kext");
    assert_string_equal(stringAt(driver, kOSBundleExecutablePathKey), GOOD "/TestDriver.kext/Contents/Linux/TestDriver");
    assert_int_equal(numberAt(library, kOSBundleRetainCountKey), 1);
    assert_int_equal(numberAt(driver, kOSBundleRetainCountKey), 0);
    uint64_t address = numberAt(driver, kOSBundleLoadAddressKey), size = numberAt(driver, kOSBundleLoadSizeKey);
    uint64_t record  = (uintptr_t)OSMetaClass_getMetaClassWithName("TestDriver");
    assert_in_range(record, address, address + size - 1);
    OSArray *needs = OSRequiredCast(OSArray, OSDictionary_getObject(driver, kOSBundleDependenciesKey));
    assert_int_equal(OSArray_getCount(needs), 2);
    OSArray      *list  = OSRequiredCast(OSArray, OSDictionary_getObject(driver, kOSBundleClassesKey));
    OSDictionary *class = OSRequiredCast(OSDictionary, OSArray_getObject(list, 0));
    assert_string_equal(stringAt(class, kOSMetaClassNameKey), "TestDriver");
    assert_string_equal(stringAt(class, kOSMetaClassSuperclassNameKey), "TestFamilyDriver");
    assert_int_equal(numberAt(class, kOSMetaClassTrackingCountKey), 0);
    assert_null(OSDictionary_getObject(driver, kIOKitPersonalitiesKey));
    OSRelease(all);
    end();
}

TEST(loaded_info_of_some_keys_of_some_bundles)
{
    begin(GOOD);
    assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
    OSString     *name = OSString_withCString(DRIVER), *key = OSString_withCString(kIOKitPersonalitiesKey);
    OSArray      *names = OSArray_withObjects((const OSObject *[]){OSObjectOf(name)}, 1, 1);
    OSArray      *keys  = OSArray_withObjects((const OSObject *[]){OSObjectOf(key)}, 1, 1);
    OSDictionary *some  = OSKext_copyLoadedKextInfo(names, keys);
    OSDictionary *info  = OSRequiredCast(OSDictionary, OSDictionary_getObject(some, DRIVER));
    assert_int_equal(OSDictionary_getCount(some), 1);
    assert_int_equal(OSDictionary_getCount(info), 1);
    assert_non_null(OSDynamicCast(OSDictionary, OSDictionary_getObject(info, kIOKitPersonalitiesKey)));
    OSRelease(some);
    OSRelease(names);
    OSRelease(keys);
    OSRelease(name);
    OSRelease(key);
    end();
}

/* The kit's own services live as long as the process. */
TEST_MAIN(RUN_KEEPS(1_13_duplicate_class_leaves_none_of_the_module), RUN_KEEPS(1_14_instances_keep_a_module_loaded),
          RUN_KEEPS(3_18_match_loads_the_driver_and_its_library), RUN_KEEPS(3_18_not_probed_while_the_module_loads),
          RUN_KEEPS(3_18_a_refused_bundle_does_not_stall_its_provider),
          RUN_KEEPS(module_is_settled_when_unknown_or_unnamed), RUN_KEEPS(load_by_name_brings_libraries_and_tags),
          RUN_KEEPS(subclass_in_another_bundle_works), RUN_KEEPS(unload_in_reverse_only),
          RUN_KEEPS(3_6_module_unload_ends_its_drivers), RUN_KEEPS(3_6_module_terminate_keeps_it_loaded),
          RUN_KEEPS(higher_version_of_one_identifier_counts),
          RUN_KEEPS(personality_of_another_bundles_class_names_its_publisher), RUN_KEEPS(reset_keeps_what_is_loaded),
          RUN_KEEPS(bundle_by_path),
          RUN_KEEPS(bundle_by_another_path_is_the_same_bundle), RUN_KEEPS(bundle_by_a_link_is_the_same_bundle), RUN_KEEPS(loaded_info), RUN_KEEPS(loaded_info_of_some_keys_of_some_bundles))
