/* SPDX-License-Identifier: MIT */
/*
 * Services without memory: each operation is run with its first allocation failing, its second, and so on until it gets
 * by with all that it asks for. Each time it must do its work or say (or log) that it did not, leave the kit quiet, and
 * a second attempt with memory must do the work. The runner counts the objects afterwards.
 *
 * Matching and termination run synchronously, because it is this thread's allocations that fail.
 */
#include "../conformance/serviceFixture.h"

#define PERSONALITY(provider, class, more)                                                                             \
    "<dict><key>IOProviderClass</key><string>" provider "</string><key>IOClass</key><string>" class "</string>" more   \
                                                                                                    "</dict>"

typedef struct Subject {
    IOService  *nub;
    IONotifier *notifier;
    IOService  *found;
    bool        failed; /* an allocation did */
} Subject;

typedef struct Operation {
    /* Whether it says that it did its work. */
    bool (*run)(Subject *subject);
    /* With memory again: the truth of that, and that nothing is broken. */
    void (*check)(Subject *subject, bool done);
} Operation;

static void failEach(const Operation *operation)
{
    bool more = true;
    for (unsigned n = 1; more; n++) {
        Subject subject = {.nub = makeService("TestNub", "<dict><key>IOName</key><string>nub</string></dict>", NULL)};
        IOAllocation_failNth(n);
        bool done = operation->run(&subject);
        more      = IOAllocation_failNth(0) >= n;
        if (!more)
            assert_true(done);
        if (n == 1)
            assert_true(more); /* else there is nothing to fail, and the test tests nothing */
        subject.failed = more;
        quiesce();
        operation->check(&subject, done);
        if (subject.notifier)
            IONotifier_remove(subject.notifier);
        OSRelease(subject.found);
        withdraw(subject.nub);
        assert_int_equal(IOService_getBusyState(machine()), 0);
    }
}

/* --- register, match, start --- */

static bool isComplete(IOService *nub)
{
    IOService *driver = clientOfClass(nub, "D0");
    return (IOService_getState(nub) & kIOServiceMatchedState) && driver && clientOfClass(driver, "D1");
}

static bool runRegister(Subject *subject)
{
    IOService_registerServiceWithOptions(subject->nub, kIOServiceSynchronous);
    return true; /* it says nothing */
}

static void checkRegister(Subject *subject, bool done)
{
    bool complete = isComplete(subject->nub);
    if (!subject->failed)
        assert_true(complete);
    if (complete)
        return;
    IOService_registerServiceWithOptions(subject->nub, kIOServiceSynchronous);
    IOService *driver = clientOfClass(subject->nub, "D0");
    assert_non_null(driver);
    IOService_registerServiceWithOptions(driver, kIOServiceSynchronous);
    quiesce();
    assert_true(isComplete(subject->nub));
}

TEST(register_match_start)
{
    static const Operation operation = {runRegister, checkRegister};
    addPersonalities("<array>" PERSONALITY("TestNub", "D0", "<key>Registers</key><true/>") PERSONALITY(
                         "TestNub", "D2", "<key>IOProbeScore</key><integer>5</integer><key>StartFails</key><true/>")
                         PERSONALITY("D0", "D1", "<key>IONameMatch</key><string>D0</string>") "</array>",
                     false);
    failEach(&operation);
}

/* --- terminate --- */

static bool runTerminate(Subject *subject)
{
    return IOService_terminate(subject->nub, kIOServiceSynchronous);
}

static void checkTerminate(Subject *subject, bool done)
{
    assert_int_equal(IOService_isInactive(subject->nub), done);
    assert_int_equal(IORegistryEntry_inPlane(ENTRY(subject->nub), gIOServicePlane), !done);
}

static bool runPublishAndTerminate(Subject *subject)
{
    IOService_registerServiceWithOptions(subject->nub, kIOServiceSynchronous);
    return runTerminate(subject);
}

TEST(terminate)
{
    static const Operation operation = {runTerminate, checkTerminate}, both = {runPublishAndTerminate, checkTerminate};
    addPersonalities("<array>" PERSONALITY("TestNub", "D0", "<key>Registers</key><true/>") PERSONALITY("D0", "D1", "")
                         "</array>",
                     false);
    failEach(&operation);
    failEach(&both);
}

/* --- notifications and interest --- */

static bool noteService(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    trace("told");
    return true;
}

static OSDictionary *allNubs;

static bool runNotify(Subject *subject)
{
    subject->notifier =
        IOService_addMatchingNotification(kIOMatchedNotification, allNubs, noteService, NULL, NULL, 0);
    return subject->notifier;
}

static void checkNotify(Subject *subject, bool done)
{
    static const char *const words[] = {"told", NULL};
    traceOnly(words);
    traceClear();
    IOService_registerService(subject->nub);
    quiesce();
    assert_string_equal(traceText(), done ? "told" : "");
}

TEST(notification)
{
    static const Operation operation = {runNotify, checkNotify};
    allNubs                          = table("<dict><key>IOProviderClass</key><string>TestNub</string>"
                                             "<key>IONameMatch</key><array><string>nub</string></array></dict>");
    failEach(&operation);
    OSRelease(allNubs);
}

static IOReturn noteInterest(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                             size_t size)
{
    return kIOReturnSuccess;
}

static bool runInterest(Subject *subject)
{
    subject->notifier = IOService_registerInterest(subject->nub, kIOGeneralInterest, noteInterest, NULL, NULL);
    return subject->notifier;
}

static void checkNothing(Subject *subject, bool done)
{
}

TEST(interest)
{
    static const Operation operation = {runInterest, checkNothing};
    failEach(&operation);
}

/* --- lookups, names, resources --- */

static bool runLookup(Subject *subject)
{
    subject->found = IOService_copyMatchingService(allNubs);
    return subject->found;
}

TEST(lookup)
{
    static const Operation operation = {runLookup, checkNothing};
    IOService *target = publish("TestNub", "<dict><key>IOName</key><string>target</string></dict>", NULL);
    allNubs = table("<dict><key>IOProviderClass</key><string>TestNub</string><key>IONameMatch</key>"
                    "<array><string>target</string></array><key>IOPropertyMatch</key><dict>"
                    "<key>IOName</key><string>target</string></dict></dict>");
    failEach(&operation);
    OSRelease(allNubs);
    withdraw(target);
}

static OSArray *someNames;

static bool runNames(Subject *subject)
{
    return IOService_setMatchNames(subject->nub, someNames);
}

static void checkNames(Subject *subject, bool done)
{
    IOService_registerService(subject->nub);
    quiesce();
    assert_int_equal(countFound(IOService_nameMatching("other", NULL)), done);
}

TEST(match_names)
{
    static const Operation operation = {runNames, checkNames};
    OSString              *name      = OSString_withCString("other");
    someNames                        = OSArray_withCapacity(1);
    OSArray_setObject(someNames, OSObjectOf(name));
    failEach(&operation);
    OSRelease(name);
    OSRelease(someNames);
}

static bool runNeeded(Subject *subject)
{
    return IOService_addNeededResource(subject->nub, "r");
}

static void checkNeeded(Subject *subject, bool done)
{
    assert_int_equal(IORegistryEntry_propertyExists(ENTRY(subject->nub), kIOResourceMatchKey), done);
}

TEST(needed_resource)
{
    static const Operation operation = {runNeeded, checkNeeded};
    failEach(&operation);
}

static bool runMatchings(Subject *subject)
{
    OSDictionary *made[] = {
        IOService_serviceMatching("C", NULL),  IOService_nameMatching("n", NULL),
        IOService_resourceMatching("r", NULL), IOService_propertyMatching("k", OSObjectOf(kOSBooleanTrue), NULL),
        IOService_registryEntryIDMatching(1, NULL)};
    bool ok = true;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        ok = ok && made[i];
        OSRelease(made[i]);
    }
    return ok;
}

TEST(matching_dictionaries)
{
    static const Operation operation = {runMatchings, checkNothing};
    failEach(&operation);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(register_match_start), RUN(terminate), RUN(notification), RUN(interest),
               RUN(lookup), RUN(match_names), RUN(needed_resource), RUN(matching_dictionaries))
