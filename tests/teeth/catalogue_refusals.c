/* SPDX-License-Identifier: MIT */
/*
 * Every way in which a bundle is refused: the bundles of tests/bundles/refused, each with the one line it must get, and
 * with no effect on the others.
 */
#include "harness.h"
#include "logCapture.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOKitKeys.h>
#include <libkern/libkern.h>
#include <libkern/OSKext.h>

#define REFUSED TEST_BUILD_ROOT "/tests/RefusedExtensions"
#define GOOD    TEST_BUILD_ROOT "/tests/Extensions"

typedef struct Expected {
    const char *bundle;
    const char *reason;
    OSReturn    result; /* of loading it by name */
} Expected;

/* Refused when the folder is scanned. */
static const Expected atScan[] = {
    {"Malformed", NULL, 0}, /* the reader's words: only how it begins */
    {"NoDictionary", "Info.plist holds no dictionary", 0},
    {"NoIdentifier", "Info.plist lacks CFBundleIdentifier", 0},
    {"NoVersion", "Info.plist lacks CFBundleVersion", 0},
    {"NoPackageType", "Info.plist lacks CFBundlePackageType", 0},
    {"NumberAsIdentifier", "CFBundleIdentifier is not a string", 0},
    {"LongIdentifier", "CFBundleIdentifier is empty or longer than 63 characters", 0},
    {"NotAKext", "CFBundlePackageType is not KEXT", 0},
    {"BadVersion", "CFBundleVersion \"1.2.3.4\" is no version", 0},
    {"BadCompatible", "OSBundleCompatibleVersion is above CFBundleVersion", 0},
    {"NoExecutable", "its executable Contents/Linux/NoExecutable is missing", 0},
    {"PathAsExecutable", "CFBundleExecutable is no file name", 0},
    {"NoLibraries", "Info.plist lacks OSBundleLibraries", 0},
    {"BadLibraries", "OSBundleLibraries is not a dictionary", 0},
    {"NoLibraryVersion", "OSBundleLibraries gives no version of com.apple.kpi.iokit", 0},
    {"BadPersonalities", "IOKitPersonalities is not a dictionary", 0},
    {"NoProviderClass", "personality Driver lacks IOProviderClass", 0},
    {"NoClass", "personality Driver lacks IOClass", 0},
    {"OwnClassWithoutExecutable", "personality Driver needs an executable, and there is no CFBundleExecutable", 0},
};

/* Known, but refused because of what they depend on. */
static const Expected byDependency[] = {
    {"MissingLibrary", "depends on org.openiokit.test.Nowhere, which is not there", kOSKextReturnDependencies},
    {"NewerLibrary", "needs org.openiokit.test.Library 1.3, but there is 1.2, compatible from 1.1",
     kOSKextReturnDependencies},
    {"OlderLibrary", "needs org.openiokit.test.Library 1.0, but there is 1.2, compatible from 1.1",
     kOSKextReturnDependencies},
    {"NoSuchLibrary", "depends on org.openiokit.test.Driver, which is no library: it has no OSBundleCompatibleVersion",
     kOSKextReturnDependencies},
    {"CycleA", "depends on itself, through org.openiokit.refused.CycleB", kOSKextReturnDependencies},
    {"CycleB", "depends on itself, through org.openiokit.refused.CycleA", kOSKextReturnDependencies},
    {"OnCycle", "depends on org.openiokit.refused.CycleA, which cannot be loaded", kOSKextReturnDependencies},
};

/* Refused when they are loaded. */
static const Expected atLoad[] = {
    {"NoClassList", "its executable exports no OSModuleClasses", kOSKextReturnNotLoadable},
    {"OnlyLibraryClasses", "its executable exports no OSModuleClasses", kOSKextReturnNotLoadable},
    {"TakenClass", "its class name TestFamilyDriver is taken", kOSMetaClassDuplicateClass},
    {"MissingClass", "its personality Driver wants the class MissingClass, which does not exist", kOSKextReturnNotLoadable},
    {"Unlinkable",
     "its executable cannot be linked: TestLibrary.kext: cannot open shared object file: No such file or directory",
     kOSKextReturnLinkError},
    {"OnUnlinkable", "depends on org.openiokit.refused.UnlinkableLibrary, which cannot be loaded",
     kOSKextReturnDependencyLoadError},
};

#define COUNT(array) (sizeof array / sizeof array[0])

static const char *lineFor(const Expected *expected)
{
    static char line[512];
    snprintf(line, sizeof line, "OSKext: %s/%s.kext refused: %s", REFUSED, expected->bundle, expected->reason);
    return line;
}

static void assert_oneLine(const char *log, const Expected *expected)
{
    char bundle[512];
    snprintf(bundle, sizeof bundle, "%s/%s.kext", REFUSED, expected->bundle);
    if (logCapture_countContaining(log, bundle) != 1 ||
        (expected->reason && logCapture_countLines(log, lineFor(expected)) != 1))
        fail_msg("%s: wanted the line\n%s\nin\n%s", expected->bundle, expected->reason ? lineFor(expected) : bundle, log);
}

static bool isKnown(const char *bundle)
{
    char identifier[128];
    snprintf(identifier, sizeof identifier, "org.openiokit.refused.%s", bundle);
    OSKext *kext = OSKext_lookupKextWithIdentifier(identifier);
    OSRelease(kext);
    return kext != NULL;
}

static unsigned countPersonalities(const char *key, const char *value)
{
    OSDictionary *matching = OSDictionary_withCapacity(1);
    OSString     *string   = OSString_withCString(value);
    assert_true(OSDictionary_setObject(matching, key, OSObjectOf(string)));
    OSOrderedSet *set   = IOCatalogue_findDrivers(matching, NULL);
    unsigned      count = OSOrderedSet_getCount(set);
    OSRelease(set);
    OSRelease(string);
    OSRelease(matching);
    return count;
}

static const char *scan(void)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_true(OSKext_addExtensionsFolder(REFUSED));
    assert_true(OSKext_addExtensionsFolder(GOOD));
    logCapture_begin();
    IOCatalogue_reset();
    return logCapture_end();
}

TEST(scan_names_each_bundle_once_with_its_reason)
{
    const char *log = scan();
    for (size_t i = 0; i < COUNT(atScan); i++) {
        assert_oneLine(log, &atScan[i]);
        assert_false(isKnown(atScan[i].bundle));
    }
    assert_int_equal(logCapture_countContaining(log, "Malformed.kext refused: Info.plist is no property list: "), 1);
    for (size_t i = 0; i < COUNT(byDependency); i++)
        assert_oneLine(log, &byDependency[i]);
    assert_int_equal(logCapture_countContaining(log, "OSKext:"), COUNT(atScan) + COUNT(byDependency));
    assert_true(countPersonalities(kIOProviderClassKey, "TestNub") > 0); /* the good folder's */
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

TEST(loading_by_name_gives_the_same_reason)
{
    char reason[kOSKextReasonSize], identifier[128];
    (void)scan();
    for (size_t i = 0; i < COUNT(byDependency); i++) {
        snprintf(identifier, sizeof identifier, "org.openiokit.refused.%s", byDependency[i].bundle);
        assert_int_equal(OSKext_checkKextWithIdentifier(identifier, reason), byDependency[i].result);
        assert_string_equal(reason, byDependency[i].reason);
        logCapture_begin();
        assert_int_equal(OSKext_loadKextWithIdentifier(identifier, reason), byDependency[i].result);
        assert_oneLine(logCapture_end(), &byDependency[i]);
        assert_string_equal(reason, byDependency[i].reason);
    }
    assert_int_equal(OSKext_loadKextWithIdentifier("org.openiokit.refused.NoVersion", reason), kOSKextReturnNotFound);
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

static void loadRefused(const Expected *expected)
{
    char identifier[128], reason[kOSKextReasonSize];
    snprintf(identifier, sizeof identifier, "org.openiokit.refused.%s", expected->bundle);
    assert_int_equal(countPersonalities(kCFBundleIdentifierKey, identifier), 1);
    assert_int_equal(OSKext_checkKextWithIdentifier(identifier, reason), kOSReturnSuccess);
    logCapture_begin();
    OSReturn    result = OSKext_loadKextWithIdentifier(identifier, reason);
    const char *log    = logCapture_end();
    assert_int_equal(result, expected->result);
    assert_string_equal(reason, expected->reason);
    assert_oneLine(log, expected);
    assert_false(OSKext_isKextWithIdentifierLoaded(identifier));
    assert_int_equal(countPersonalities(kCFBundleIdentifierKey, identifier), 0); /* withdrawn: it cannot stall a service */
}

TEST(load_names_the_bundle_once_and_leaves_nothing)
{
    (void)scan();
    for (size_t i = 0; i < COUNT(atLoad); i++) {
        bool taken = strcmp(atLoad[i].bundle, "TakenClass") == 0;
        if (taken)
            assert_int_equal(OSKext_loadKextWithIdentifier("org.openiokit.test.Library", NULL), kOSReturnSuccess);
        loadRefused(&atLoad[i]);
        if (taken)
            assert_int_equal(OSKext_removeKextWithIdentifier("org.openiokit.test.Library", false), kOSReturnSuccess);
    }
    assert_null(OSMetaClass_getMetaClassWithName("PresentClass"));
    assert_null(OSMetaClass_getMetaClassWithName("OnUnlinkable"));
    assert_false(OSKext_isKextWithIdentifierLoaded("org.openiokit.refused.UnlinkableLibrary"));
    assert_int_equal(OSKext_loadKextWithIdentifier("org.openiokit.test.Driver", NULL), kOSReturnSuccess);
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

TEST(folder_that_is_not_there_is_named)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_true(OSKext_addExtensionsFolder("/nonexistent/Extensions"));
    logCapture_begin();
    IOCatalogue_reset();
    const char *log = logCapture_end();
    assert_int_equal(logCapture_countLines(log, "OSKext: the Extensions folder /nonexistent/Extensions cannot be read: "
                                                "No such file or directory"), 1);
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

/* IOKit_initialize's services live as long as the process. */
TEST_MAIN(RUN_KEEPS(scan_names_each_bundle_once_with_its_reason), RUN_KEEPS(loading_by_name_gives_the_same_reason),
          RUN_KEEPS(load_names_the_bundle_once_and_leaves_nothing), RUN_KEEPS(folder_that_is_not_there_is_named))
