/* SPDX-License-Identifier: MIT */
/* Registration, probing, starting: SEMANTICS 3b, 3c. */
#include "serviceFixture.h"
#include "logCapture.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libkern/OSKext.h>

#define KEY(key)                   "<key>" key "</key>"
#define STRING(key, text)          KEY(key) "<string>" text "</string>"
#define NUMBER(key, n)             KEY(key) "<integer>" #n "</integer>"
#define YES(key)                   KEY(key) "<true/>"
#define NUB                        STRING("IOProviderClass", "TestNub")
#define DRIVER(class, score, more) "<dict>" NUB STRING("IOClass", class) NUMBER("IOProbeScore", score) more "</dict>"

static const char *const kNoFrees[] = {".init", ".attach", ".detach", ".probe", ".start", ".stop", NULL};

static void onlyDrivers(void)
{
    traceOnly(kNoFrees);
    traceClear();
}

/* --- 3b --- */

TEST(3_8_not_connected)
{
    IOService *service = OSRequiredCast(IOService, OSMetaClass_allocClassWithName("TestNub"));
    assert_true(IOService_init(service, NULL));
    IOService_registerService(service);
    assert_int_equal(IOService_getState(service), 0);
    assert_int_equal(IOService_getBusyState(service), 0);
    OSRelease(service);
}

TEST(3_9_synchronous)
{
    addPersonalities("<array>" DRIVER("D0", 0, "") "</array>", false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IOService_registerServiceWithOptions(nub, kIOServiceSynchronous);
    assert_true(IOService_getState(nub) & kIOServiceMatchedState);
    assert_non_null(clientOfClass(nub, "D0"));
    assert_int_equal(IOService_getBusyState(nub), 0);

    IOService *child = makeService("TestNub", NULL, nub); /* its provider was matched synchronously */
    IOService_registerService(child);
    assert_non_null(clientOfClass(child, "D0"));
    OSRelease(child);
    withdraw(nub);
}

typedef struct Gate {
    Signal *entered, *leave;
} Gate;

static bool waitInside(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    Gate *gate = reference;
    signalRaise(gate->entered);
    signalWait(gate->leave, 1);
    return true;
}

TEST(3_9_asynchronous)
{
    Gate gate = {signalMake(), signalMake()};
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IONotifier *notifier =
        IOService_addMatchingNotification(kIOFirstPublishNotification, matching, waitInside, NULL, &gate, 0);
    IOService_registerServiceWithOptions(nub, kIOServiceSynchronous | kIOServiceAsynchronous);
    signalWait(gate.entered, 1); /* on another thread: registerService has returned */
    signalRaise(gate.leave);
    quiesce();
    assert_true(IOService_getState(nub) & kIOServiceMatchedState);
    IONotifier_remove(notifier);
    OSRelease(matching);
    withdraw(nub);
    signalFree(gate.entered);
    signalFree(gate.leave);
}

TEST(3_10_busy_while_queued_and_matched)
{
    Gate gate = {signalMake(), signalMake()};
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IONotifier *notifier =
        IOService_addMatchingNotification(kIOFirstPublishNotification, matching, waitInside, NULL, &gate, 0);
    IOService_adjustBusy(nub, 3);
    IOService_registerService(nub);
    assert_int_equal(IOService_getBusyState(nub), 4); /* whether or not the job has begun: the handler holds it */
    signalWait(gate.entered, 1);
    assert_int_equal(IOService_getBusyState(nub), 4);
    signalRaise(gate.leave);
    while (IOService_getBusyState(nub) != 3) /* nothing waits for any other count than 0 */
        sched_yield();
    IOService_adjustBusy(nub, -3);
    quiesce();
    IONotifier_remove(notifier);
    OSRelease(matching);
    withdraw(nub);
    signalFree(gate.entered);
    signalFree(gate.leave);
}

TEST(3_10_synchronous_waits_for_the_prior_count)
{
    /* The driver's own matching is part of what is waited for: it adds to the nub's busy count. */
    addPersonalities("<array>" DRIVER("D0", 0, YES("Registers")) "<dict>" STRING("IOProviderClass", "D0")
                         STRING("IOClass", "D1") "</dict></array>",
                     false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IOService_adjustBusy(nub, 1);
    IOService_registerServiceWithOptions(nub, kIOServiceSynchronous);
    assert_int_equal(IOService_getBusyState(nub), 1); /* it did not wait for 0 */
    assert_true(IOService_getState(nub) & kIOServiceMatchedState);
    IOService *driver = clientOfClass(nub, "D0");
    assert_non_null(driver);
    assert_int_equal(IOService_getBusyState(driver), 0);
    assert_non_null(clientOfClass(driver, "D1"));
    IOService_adjustBusy(nub, -1);
    withdraw(nub);
}

TEST(3_11_registering_again)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_null(IOService_getClient(nub));
    addPersonalities("<array>" DRIVER("D0", 0, "") DRIVER("D1", 5, STRING("IOMatchCategory", "Other")) "</array>",
                     false);
    IOService_registerService(nub);
    quiesce();
    IOService *first = OSRetain(clientOfClass(nub, "D0"));
    assert_non_null(first);
    assert_non_null(clientOfClass(nub, "D1"));
    IOService_registerService(nub);
    quiesce();
    assert_ptr_equal(clientOfClass(nub, "D0"), first); /* the category is taken */
    assert_int_equal(IORegistryEntry_getChildCount(ENTRY(nub), gIOServicePlane), 2);
    OSRelease(first);
    withdraw(nub);
}

static bool noteKind(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    trace("%s", (const char *)reference);
    return true;
}

static IONotifier *noteOf(const char *type, const char *className, const char *name, int32_t priority)
{
    OSDictionary *matching = IOService_serviceMatching(className, NULL);
    IONotifier *notifier =
        IOService_addMatchingNotification(type, matching, noteKind, NULL, (void *)(uintptr_t)name, priority);
    OSRelease(matching);
    assert_non_null(notifier);
    return notifier;
}

TEST(3_12_publish_among_personalities)
{
    /* The publish handlers run, by priority, before any driver is probed. */
    IONotifier *low = noteOf(kIOPublishNotification, "TestNub", "low", 1);
    IONotifier *high = noteOf(kIOPublishNotification, "TestNub", "high", 5000);
    IONotifier *head = noteOf(kIOFirstPublishNotification, "TestNub", "first", 0);
    addPersonalities("<array>" DRIVER("D0", 1000, "") "</array>", false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    traceClear();
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(),
                        "first high low D0.init D0.attach D0.probe D0.detach D0.attach D0.start D0.started");
    IONotifier_remove(low);
    IONotifier_remove(high);
    IONotifier_remove(head);
    withdraw(nub);
}

static IOReturn refuseResources(IOService *self)
{
    return kIOReturnNoResources;
}
OSDeclareClass(PoorNub);
struct PoorNub {
    TestNub super;
};
OSDefineClass(PoorNub, TestNub, .getResources = refuseResources);

static OSMetaClass *const kPoorClass[] = {&PoorNub_class};
static const OSClassList kPoorClasses = {kPoorClass, 1};

TEST(3_12_no_resources)
{
    assert_int_equal(OSMetaClass_registerModule("org.poor", &kPoorClasses), kOSReturnSuccess);
    addPersonalities("<array>" DRIVER("D0", 1000, "") "</array>", false);
    IOService *nub = publish("PoorNub", NULL, NULL);
    assert_null(IOService_getClient(nub));
    assert_true(IOService_getState(nub) & kIOServiceMatchedState);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&kPoorClasses), kOSReturnSuccess);
}

TEST(3_12_catalogue_changes)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    addPersonalities("<array>" DRIVER("D0", 0, "") "</array>", true);
    quiesce();
    assert_non_null(clientOfClass(nub, "D0"));
    withdraw(nub);
}

TEST(3_13_matched_after_start)
{
    IONotifier *matched = noteOf(kIOMatchedNotification, "TestNub", "matched", 0);
    IONotifier *first = noteOf(kIOFirstMatchNotification, "TestNub", "firstMatch", 0);
    addPersonalities("<array>" DRIVER("D0", 0, "") "</array>", false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    traceClear();
    IOService_registerService(nub);
    quiesce();
    assert_non_null(strstr(traceText(), "D0.started matched firstMatch"));
    traceClear();
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(), "matched"); /* the first match was once */
    IONotifier_remove(matched);
    IONotifier_remove(first);
    withdraw(nub);
}

static bool resourceMatchedHas(const char *key)
{
    OSObject *value = IORegistryEntry_copyProperty(ENTRY(IOService_getResourceService()), "IOResourceMatched");
    OSArray *keys = OSDynamicCast(OSArray, value);
    bool found = false;
    for (unsigned i = 0; keys && i < OSArray_getCount(keys); i++)
        found = found || OSString_isEqualToCString(OSRequiredCast(OSString, OSArray_getObject(keys, i)), key);
    OSRelease(value);
    return found;
}

TEST(3_14_resources)
{
    addPersonalities("<array><dict>" STRING("IOProviderClass", "IOResources") STRING("IOClass", "D0")
                         STRING("IOResourceMatch", "TestResource") STRING("IOMatchCategory", "T") "</dict></array>",
                     true);
    quiesce();
    assert_null(clientOfClass(IOService_getResourceService(), "D0"));
    IOService_publishResource("TestResource", NULL);
    quiesce();
    IOService *driver = clientOfClass(IOService_getResourceService(), "D0");
    assert_non_null(driver);
    OSObject *value = IORegistryEntry_copyProperty(ENTRY(IOService_getResourceService()), "TestResource");
    assert_true(OSString_isEqualToCString(OSRequiredCast(OSString, value), "IOService"));
    OSRelease(value);
    assert_true(resourceMatchedHas("TestResource"));
    IOService_terminate(driver, 0);
    quiesce();
    IORegistryEntry_removeProperty(ENTRY(IOService_getResourceService()), "TestResource");
    OSDictionary *ours = table("<dict>" YES("Ours") "</dict>");
    IOCatalogue_removeDrivers(ours, false);
    OSRelease(ours);
    IOService_registerService(IOService_getResourceService()); /* the key leaves IOResourceMatched too */
    quiesce();
}

/* --- 3c --- */

TEST(3_15_a_taken_category_is_skipped)
{
    addPersonalities("<array>" DRIVER("D0", 10, "") "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_non_null(clientOfClass(nub, "D0"));
    addPersonalities("<array>" DRIVER("D1", 500, "") DRIVER("D2", 1, STRING("IOMatchCategory", "Other")) "</array>",
                     false);
    onlyDrivers();
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(), "D2.init D2.attach D2.probe D2.detach D2.attach D2.start D2.started");
    withdraw(nub);
}

TEST(3_15_not_by_an_inactive_client)
{
    addPersonalities("<array>" DRIVER("D0", 10, "") "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    IOService *old = OSRetain(clientOfClass(nub, "D0"));
    IOService_holdFinalize(old, true); /* it stays attached */
    assert_true(IOService_terminate(old, 0));
    IOService_registerService(nub);
    traceWait("D0.started", 2);
    assert_true(IORegistryEntry_inPlane(ENTRY(old), gIOServicePlane));
    IOService_holdFinalize(old, false);
    quiesce();
    assert_non_null(clientOfClass(nub, "D0"));
    OSRelease(old);
    withdraw(nub);
}

/* Whether the driver's category is that. */
static bool categoryIs(IOService *driver, const char *category)
{
    OSObject *value = IORegistryEntry_copyProperty(ENTRY(driver), "IOMatchCategory");
    bool same = OSString_isEqualToCString(OSRequiredCast(OSString, value), category);
    OSRelease(value);
    return same;
}

TEST(3_16_default_category_and_one_driver_of_each)
{
    addPersonalities("<array>" DRIVER("D0", 10, "") DRIVER("D1", 5, STRING("IOMatchCategory", "IODefaultMatchCategory"))
                         DRIVER("D2", 1, STRING("IOMatchCategory", "Other")) "</array>",
                     false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_non_null(clientOfClass(nub, "D0"));
    assert_true(categoryIs(clientOfClass(nub, "D0"), "IODefaultMatchCategory")); /* it was not in the personality */
    assert_null(clientOfClass(nub, "D1"));
    assert_non_null(clientOfClass(nub, "D2"));
    assert_true(categoryIs(clientOfClass(nub, "D2"), "Other"));
    assert_int_equal(IORegistryEntry_getChildCount(ENTRY(nub), gIOServicePlane), 2);
    withdraw(nub);
}

TEST(3_17_the_copy_is_written_to)
{
    addPersonalities("<array>" DRIVER("D0", 10, STRING("IONameMatch", "thing"))
                         DRIVER("D1", 20, STRING("IONameMatch", "x")) "</array>",
                     false);
    IOService *nub = publish("TestNub", "<dict>" STRING("IOName", "thing") "</dict>", NULL);
    IOService *driver = clientOfClass(nub, "D0");
    assert_non_null(driver);
    assert_null(clientOfClass(nub, "D1"));
    OSObject *matched = IORegistryEntry_copyProperty(ENTRY(driver), "IONameMatched");
    assert_true(OSString_isEqualToCString(OSRequiredCast(OSString, matched), "thing"));
    OSRelease(matched);
    OSDictionary *pattern = table("<dict>" STRING("IONameMatch", "thing") "</dict>");
    OSOrderedSet *kept = IOCatalogue_findDrivers(pattern, NULL);
    assert_int_equal(OSOrderedSet_getCount(kept), 1);
    OSDictionary *personality = OSRequiredCast(OSDictionary, OSOrderedSet_getObject(kept, 0));
    assert_null(OSDictionary_getObject(personality, "IONameMatched")); /* not in the catalogue's own */
    OSRelease(kept);
    OSRelease(pattern);
    withdraw(nub);
}

static bool scoreByTag(IOService *self, OSDictionary *wanted, int32_t *score)
{
    OSNumber *add = OSDynamicCast(OSNumber, OSDictionary_getObject(wanted, "Add"));
    *score += add ? (int32_t)OSNumber_unsigned32BitValue(add) : 0;
    return !OSDictionary_getObject(wanted, "Never");
}
OSDeclareClass(FamilyNub);
struct FamilyNub {
    TestNub super;
};
OSDefineClass(FamilyNub, TestNub, .matchPropertyTable = scoreByTag);

static OSMetaClass *const kFamilyClass[] = {&FamilyNub_class};
static const OSClassList kFamilyClasses = {kFamilyClass, 1};

/* A folder with a bundle whose executable is not there: its load fails, in the background. */
static void makeBadBundle(char *folder)
{
    char path[256];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/Bad.kext", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof path, "%s/Bad.kext/Contents", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof path, "%s/Bad.kext/Contents/Info.plist", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("<plist version=\"1.0\"><dict>" STRING("CFBundleIdentifier", "org.bad") STRING("CFBundleExecutable", "Bad")
              STRING("CFBundleVersion", "1.0") STRING("CFBundlePackageType", "KEXT") "</dict></plist>",
          file);
    fclose(file);
}

static void removeBadBundle(const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/Bad.kext/Contents/Info.plist", folder);
    remove(path);
    snprintf(path, sizeof path, "%s/Bad.kext/Contents", folder);
    remove(path);
    snprintf(path, sizeof path, "%s/Bad.kext", folder);
    remove(path);
    remove(folder);
}

TEST(3_18_module_stall)
{
    static const char *const words[] = {".probe", ".start=", ".started", NULL};
    char folder[] = "/tmp/service_matching.XXXXXX";
    traceOnly(words);
    makeBadBundle(folder);
    assert_true(OSKext_addExtensionsFolder(folder));
    OSRelease(OSKext_scanExtensionsFolders());
    addPersonalities("<array>" DRIVER("D1", 10, STRING("IOMatchCategory", "X"))
                         DRIVER("D0", 5, STRING("CFBundleIdentifier", "org.bad")) "</array>",
                     false);
    IOService *nub = publish("TestNub", NULL, NULL); /* busy until the load is through: publish waits for that */
    /* Had the first pass probed D1, it would have been started before D0 was probed. */
    assert_string_equal(traceText(), "D1.probe D0.probe D1.started D0.started");
    assert_int_equal(IOService_getBusyState(nub), 0);
    withdraw(nub);
    removeBadBundle(folder);
}

TEST(3_19_family_order)
{
    static const char *const probes[] = {".probe", NULL};
    traceOnly(probes);
    addPersonalities("<array>" DRIVER("D0", 10, "") DRIVER("D1", 5, NUMBER("Add", 100))
                         DRIVER("D2", 99, YES("Never")) "</array>",
                     false);
    assert_int_equal(OSMetaClass_registerModule("org.family", &kFamilyClasses), kOSReturnSuccess);
    IOService *nub = publish("FamilyNub", NULL, NULL);
    assert_string_equal(traceText(), "D1.probe D0.probe");
    IOService *driver = clientOfClass(nub, "D1");
    assert_non_null(driver);
    OSObject *score = IORegistryEntry_copyProperty(ENTRY(driver), "IOProbeScore");
    assert_int_equal(OSNumber_unsigned32BitValue(OSRequiredCast(OSNumber, score)), 105);
    OSRelease(score);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&kFamilyClasses), kOSReturnSuccess);
}

TEST(3_20_no_class_and_failed_init)
{
    onlyDrivers();
    addPersonalities("<array>" DRIVER("NoSuchClass", 30, "<key>CFBundleIdentifier</key><string>org.none</string>")
                         DRIVER("OSString", 25, "") DRIVER("D0", 20, YES("InitFails")) DRIVER("D1", 10, "") "</array>",
                     false);
    logCapture_begin();
    IOService *nub = publish("TestNub", NULL, NULL);
    const char *log = logCapture_end();
    assert_true(logCapture_countContaining(log, "alloc class \"NoSuchClass\" for a personality of org.none") > 0);
    assert_true(logCapture_countContaining(log, "alloc class \"OSString\" for a personality of no bundle") > 0);
    assert_non_null(strstr(traceText(), "D0.init=false D1.init"));
    assert_null(strstr(traceText(), "D0.attach"));
    assert_non_null(clientOfClass(nub, "D1"));
    withdraw(nub);
}

TEST(3_21_and_3_22_probe_changes_the_score)
{
    addPersonalities("<array>" DRIVER("D0", 10, "") DRIVER("D1", 5, NUMBER("ProbeScore", 50)) "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    IOService *driver = clientOfClass(nub, "D1");
    assert_non_null(driver);
    OSObject *score = IORegistryEntry_copyProperty(ENTRY(driver), "IOProbeScore");
    OSNumber *number = OSRequiredCast(OSNumber, score);
    assert_int_equal(OSNumber_unsigned32BitValue(number), 50);
    assert_int_equal(OSNumber_numberOfBits(number), 32);
    OSRelease(score);
    withdraw(nub);
}

TEST(3_22_ties_are_first_in_first_out)
{
    addPersonalities("<array>" DRIVER("D1", 7, "") DRIVER("D0", 7, "") DRIVER("D2", 7, "") "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_non_null(clientOfClass(nub, "D1"));
    withdraw(nub);
}

TEST(3_24_waits_for_resources)
{
    addPersonalities("<array>" DRIVER("D0", 7, STRING("IOResourceMatch", "LateResource")) "</array>", false);
    static const char *const starts[] = {".attach", ".start", NULL};
    traceOnly(starts);
    IOService *nub = makeService("TestNub", NULL, NULL);
    traceClear();
    IOService_registerService(nub);
    traceWait("D0.attach", 2);
    assert_int_equal(IOService_waitQuiet(nub, 1000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), ".start"));
    IOService_publishResource("LateResource", NULL);
    quiesce();
    assert_non_null(strstr(traceText(), "D0.attach D0.attach D0.start"));
    withdraw(nub);
    IORegistryEntry_removeProperty(ENTRY(IOService_getResourceService()), "LateResource");
    IOService_registerService(IOService_getResourceService());
    quiesce();
}

TEST(3_26_deferred)
{
    addPersonalities("<array>" DRIVER("D0", 7, YES("IOMatchDefer")) "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_null(clientOfClass(nub, "D0"));
    IOService_iokitDaemonLaunched();
    quiesce();
    assert_non_null(clientOfClass(nub, "D0"));
    withdraw(nub);
}

TEST(3_27_the_personality_is_visible)
{
    addPersonalities(
        "<array>" DRIVER("D0", 7, STRING("CFBundleIdentifier", "org.none") STRING("Whatever", "x")) "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    static const char *const keys[] = {"IOClass",      "CFBundleIdentifier", "IOProviderClass",
                                       "IOProbeScore", "IOMatchCategory",    "Whatever"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        assert_true(IORegistryEntry_propertyExists(ENTRY(clientOfClass(nub, "D0")), keys[i]));
    withdraw(nub);
}

TEST(3_28_trace_a)
{
    traceOnly(kNoFrees);
    addPersonalities("<array>" DRIVER("D0", 0, "") DRIVER("D1", 1000, YES("StartFails"))
                         DRIVER("D2", 2000, YES("ProbeFails")) "</array>",
                     false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    traceClear();
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(), "D2.init D2.attach D2.probe D2.detach "
                                     "D1.init D1.attach D1.probe D1.detach "
                                     "D0.init D0.attach D0.probe D0.detach "
                                     "D1.attach D1.start=false D1.detach D0.attach D0.start D0.started");
    withdraw(nub);
}

TEST(3_28_losers_are_freed)
{
    static const char *const words[] = {"D1.free", "D2.free", "D1.stop", "D2.stop", "D2.start", NULL};
    traceOnly(words);
    addPersonalities("<array>" DRIVER("D0", 0, "") DRIVER("D1", 1000, YES("StartFails"))
                         DRIVER("D2", 2000, YES("ProbeFails")) "</array>",
                     false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_non_null(strstr(traceText(), "D2.free"));
    assert_non_null(strstr(traceText(), "D1.free"));
    assert_null(strstr(traceText(), ".stop"));
    assert_null(strstr(traceText(), ".start"));
    withdraw(nub);
}

TEST(3_29_trace_b)
{
    static const char *const words[] = {".probe", ".start", NULL};
    traceOnly(words);
    addPersonalities("<array>" DRIVER("D0", 1000, STRING("IOMatchCategory", "X"))
                         DRIVER("D1", 500, STRING("IOMatchCategory", "X"))
                             DRIVER("D2", 700, STRING("IOMatchCategory", "Y")) "</array>",
                     false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_string_equal(traceText(), "D0.probe D2.probe D1.probe D0.start D0.started D2.start D2.started");
    assert_null(clientOfClass(nub, "D1"));
    withdraw(nub);
}

TEST(3_30_trace_c)
{
    static const char *const words[] = {"D0.start", "D1.start", NULL};
    traceOnly(words);
    addPersonalities("<array>" DRIVER("D0", 0, YES("Registers")) "<dict>" STRING("IOProviderClass", "D0")
                         STRING("IOClass", "D1") "</dict></array>",
                     false);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IOService_registerService(nub);
    assert_int_equal(IOService_waitQuiet(nub, UINT64_MAX), kIOReturnSuccess); /* covers the driver's own matching */
    IOService *driver = clientOfClass(nub, "D0");
    assert_non_null(driver);
    assert_true(IOService_getState(driver) & kIOServiceMatchedState);
    assert_non_null(clientOfClass(driver, "D1"));
    assert_non_null(strstr(traceText(), "D0.start "));
    withdraw(nub);
}

TEST(3_31_considered_again)
{
    addPersonalities("<array>" DRIVER("D0", 0, YES("ProbeFails")) "</array>", false);
    static const char *const words[] = {".probe", NULL};
    traceOnly(words);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_string_equal(traceText(), "D0.probe");
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(), "D0.probe D0.probe");
    withdraw(nub);
}

TEST(3_23_probes_before_starts)
{
    static const char *const words[] = {".probe", ".start", NULL};
    traceOnly(words);
    addPersonalities("<array>" DRIVER("D0", 3, YES("StartFails")) DRIVER("D1", 2, YES("StartFails"))
                         DRIVER("D2", 1, STRING("IOMatchCategory", "Other")) "</array>",
                     false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_string_equal(traceText(), "D0.probe D1.probe D2.probe D0.start=false D1.start=false D2.start D2.started");
    withdraw(nub);
}

TEST(3_25_no_stop_after_a_failed_start)
{
    static const char *const words[] = {".start", ".stop", NULL};
    traceOnly(words);
    addPersonalities("<array>" DRIVER("D0", 3, YES("StartFails")) DRIVER("D1", 2, "") "</array>", false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_string_equal(traceText(), "D0.start=false D1.start D1.started");
    traceClear();
    withdraw(nub);
    assert_null(strstr(traceText(), "D0.")); /* nor later */
    assert_non_null(strstr(traceText(), "D1.stop"));
}

TEST_MAIN_WITH(serviceTestHooks, RUN(3_8_not_connected), RUN(3_9_synchronous), RUN(3_9_asynchronous),
               RUN(3_10_busy_while_queued_and_matched), RUN(3_10_synchronous_waits_for_the_prior_count),
               RUN(3_11_registering_again), RUN(3_12_publish_among_personalities), RUN(3_12_no_resources),
               RUN(3_12_catalogue_changes), RUN(3_13_matched_after_start), RUN(3_14_resources),
               RUN(3_15_a_taken_category_is_skipped), RUN(3_15_not_by_an_inactive_client),
               RUN(3_16_default_category_and_one_driver_of_each), RUN(3_17_the_copy_is_written_to),
               RUN(3_18_module_stall), RUN(3_19_family_order), RUN(3_20_no_class_and_failed_init),
               RUN(3_21_and_3_22_probe_changes_the_score), RUN(3_22_ties_are_first_in_first_out),
               RUN(3_23_probes_before_starts), RUN(3_25_no_stop_after_a_failed_start), RUN(3_24_waits_for_resources),
               RUN(3_26_deferred), RUN(3_27_the_personality_is_visible), RUN(3_28_trace_a), RUN(3_28_losers_are_freed),
               RUN(3_29_trace_b), RUN(3_30_trace_c), RUN(3_31_considered_again))
