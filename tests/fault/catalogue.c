/* SPDX-License-Identifier: MIT */
/*
 * Without memory at the n-th allocation, for every n, while folders are scanned, bundles loaded, described and unloaded:
 * an error or a result, nothing left behind, and the next try works.
 */
#include "harness.h"
#include "logCapture.h"

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <libkern/libkern.h>
#include <libkern/OSKext.h>

#define DRIVER "org.openiokit.test.Driver"

static const uint64_t kPatience = UINT64_C(20000000000); /* nanoseconds */

/* Everything there is to do with bundles; whether all of it worked. */
static bool useBundles(void)
{
    bool worked = OSKext_addExtensionsFolder(TEST_BUILD_ROOT "/tests/Extensions");
    IOCatalogue_reset();
    worked             = OSKext_loadKextWithIdentifier(DRIVER, NULL) == kOSReturnSuccess && worked;
    OSDictionary *info = OSKext_copyLoadedKextInfo(NULL, NULL);
    worked             = info && OSDictionary_getObject(info, DRIVER) && worked;
    OSRelease(info);
    worked = OSKext_removeKextWithIdentifier(DRIVER, false) == kOSReturnSuccess && worked;
    worked = OSKext_addKextWithPath(TEST_BUILD_ROOT "/tests/Extensions/TestPlain.kext", NULL, NULL) == kOSReturnSuccess &&
             worked;
    OSArray *all = IOCatalogue_copyPersonalities();
    worked       = all && OSArray_getCount(all) >= 2 && worked;
    OSRelease(all);
    return worked;
}

static void forgetAll(void)
{
    IOCatalogue_shutdown();
    OSKext_shutdown();
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_null(OSMetaClass_getMetaClassWithName("TestDriver"));
    assert_null(OSMetaClass_getMetaClassWithName("TestFamilyDriver"));
}

typedef struct Counts {
    uint32_t kexts, dictionaries, arrays, symbols, strings;
} Counts;

static Counts countObjects(void)
{
    return (Counts){OSMetaClass_getInstanceCount(&OSKext_class), OSMetaClass_getInstanceCount(&OSDictionary_class),
                    OSMetaClass_getInstanceCount(&OSArray_class), OSMetaClass_getInstanceCount(&OSSymbol_class),
                    OSMetaClass_getInstanceCount(&OSString_class)};
}

static void assert_same(Counts before, Counts after, uint64_t n)
{
    if (before.kexts != after.kexts || before.dictionaries != after.dictionaries || before.arrays != after.arrays ||
        before.symbols != after.symbols || before.strings != after.strings)
        fail_msg("objects left behind when allocation %llu failed: %u kexts, %d dictionaries, %d arrays, %d symbols, %d "
                 "strings", (unsigned long long)n, after.kexts, (int)(after.dictionaries - before.dictionaries),
                 (int)(after.arrays - before.arrays), (int)(after.symbols - before.symbols),
                 (int)(after.strings - before.strings));
}

/* The n-th failing allocation: objects are counted after; then all of it again, which must work. */
static bool tryFailing(uint64_t n, Counts before)
{
    logCapture_begin();
    IOAllocation_failNth(n);
    bool     worked = useBundles();
    uint64_t made   = IOAllocation_failNth(0);
    logCapture_end();
    forgetAll();
    assert_same(before, countObjects(), n);
    return worked && made < n;
}

TEST(bundles_without_memory)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    assert_true(useBundles());
    forgetAll();
    Counts before = countObjects();
    uint64_t n    = 1;
    while (!tryFailing(n, before))
        n++;
    assert_true(n > 300); /* it has looked at something */
    assert_true(useBundles());
    forgetAll();
}

/* The kit's own services live as long as the process. */
TEST_MAIN(RUN_KEEPS(bundles_without_memory))
