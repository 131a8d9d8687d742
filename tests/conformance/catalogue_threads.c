/* SPDX-License-Identifier: MIT */
/*
 * Bundles come and go while services match: threads that publish nubs, load and unload the bundle of their driver, and read
 * the folders anew, at the same time. In the end everything is quiet, the driver matches, and the bundle can be unloaded.
 */
#include "harness.h"

#include <pthread.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>
#include <libkern/OSKext.h>

#define DRIVER "org.openiokit.test.Driver"

enum { kNubs = 200, kLoads = 400, kResets = 100, kQuestions = 10000 };

static const uint64_t kPatience = UINT64_C(20000000000); /* nanoseconds */

OSDeclareClass(TestNub);
struct TestNub {
    IOService super;
};
OSDefineClass(TestNub, IOService);

static OSMetaClass *const classes[] = {&TestNub_class};
static const OSClassList  module    = {classes, 1};

static IOService *publish(void)
{
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_allocClassWithName("TestNub"));
    assert_true(IOService_init(nub, NULL));
    assert_true(IOService_attach(nub, IOService_getServiceRoot()));
    IOService_registerService(nub);
    return nub;
}

static void withdraw(IOService *nub)
{
    assert_true(IOService_terminate(nub, kIOServiceSynchronous));
    OSRelease(nub);
}

static void *publishNubs(void *unused)
{
    for (unsigned i = 0; i < kNubs; i++) {
        IOService *nub = publish();
        (void)IOService_waitQuiet(nub, kPatience);
        withdraw(nub);
    }
    return NULL;
}

/* Results depend on what the others do; each must be one that the functions may give. */
static void *loadAndUnload(void *unused)
{
    for (unsigned i = 0; i < kLoads; i++) {
        assert_int_equal(OSKext_loadKextWithIdentifier(DRIVER, NULL), kOSReturnSuccess);
        OSReturn result = OSKext_removeKextWithIdentifier(DRIVER, true);
        assert_true(result == kOSReturnSuccess || result == kOSMetaClassHasInstances);
    }
    return NULL;
}

static void *resetCatalogue(void *unused)
{
    for (unsigned i = 0; i < kResets; i++) {
        IOCatalogue_reset();
        OSDictionary *info = OSKext_copyLoadedKextInfo(NULL, NULL);
        assert_non_null(info);
        OSRelease(info);
    }
    return NULL;
}

static void *askQuestions(void *nub)
{
    for (unsigned i = 0; i < kQuestions; i++) {
        OSOrderedSet *set = IOCatalogue_findDriversForService(nub, NULL);
        assert_non_null(set);
        OSRelease(set);
        OSRelease(OSMetaClass_allocClassWithName("TestPlain")); /* there or not */
        (void)OSMetaClass_checkMetaCastWithName("TestDriver", nub);
    }
    return NULL;
}

TEST(bundles_come_and_go_while_services_match)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.openiokit.test.program", &module), kOSReturnSuccess);
    assert_true(OSKext_addExtensionsFolder(TEST_BUILD_ROOT "/tests/Extensions"));
    IOCatalogue_reset();
    IOService *nub = publish();

    void *(*const work[])(void *) = {publishNubs, loadAndUnload, resetCatalogue, askQuestions};
    enum { kThreads = sizeof work / sizeof work[0] };
    pthread_t threads[kThreads];
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work[i], nub), 0);
    for (unsigned i = 0; i < kThreads; i++)
        pthread_join(threads[i], NULL);

    IOCatalogue_reset();
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    IOService *client = IOService_copyClient(nub);
    assert_non_null(OSMetaClass_checkMetaCastWithName("TestDriver", OSObjectOf(client)));
    OSRelease(client);
    assert_int_equal(OSKext_removeKextWithIdentifier(DRIVER, true), kOSReturnSuccess);
    withdraw(nub);
    assert_int_equal(IOKit_quiesce(kPatience), kIOReturnSuccess);
    IOCatalogue_shutdown();
    OSKext_shutdown();
    assert_int_equal(OSMetaClass_unregisterModule(&module), kOSReturnSuccess);
}

/* The kit's own services live as long as the process. */
TEST_MAIN(RUN_KEEPS(bundles_come_and_go_while_services_match))
