/* SPDX-License-Identifier: MIT */
/* Notifications, interest, the names of results: SEMANTICS 4c, 4.46. */
#include "serviceFixture.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>

#define NAMED(name) "<dict><key>IOName</key><string>" name "</string></dict>"

static bool note(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    trace("%s(%s)", (const char *)reference, IORegistryEntry_getName(ENTRY(service), NULL));
    return true;
}

static IONotifier *install(const char *type, const char *name, int32_t priority)
{
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    IONotifier *notifier =
        IOService_addMatchingNotification(type, matching, note, NULL, (void *)(uintptr_t)name, priority);
    OSRelease(matching);
    return notifier;
}

/* Only what note writes. */
static const char *const kNotes[] = {"(", NULL};

TEST(4_33_types)
{
    static const char *const types[] = {"IOServicePublish",    "IOServiceFirstPublish", "IOServiceMatched",
                                        "IOServiceFirstMatch", "IOServiceTerminate",    "IOServiceWillTerminate"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        IONotifier *notifier = install(types[i], "x", 0);
        assert_non_null(notifier);
        IONotifier_remove(notifier);
    }
    assert_null(install("IOServiceNothing", "x", 0));
    assert_null(IOService_addMatchingNotification(kIOMatchedNotification, NULL, note, NULL, NULL, 0));
}

TEST(4_34_existing_first_and_priority)
{
    traceOnly(kNotes);
    IOService  *old = publish("TestNub", NAMED("old"), NULL);
    IONotifier *low = install(kIOMatchedNotification, "low", 1), *high = install(kIOMatchedNotification, "high", 2);
    IONotifier *same = install(kIOMatchedNotification, "same", 2),
               *gone = install(kIOTerminatedNotification, "gone", 0);
    assert_string_equal(traceText(), "low(old) high(old) same(old)"); /* before each returned; none for terminate */
    traceClear();
    IOService *new = publish("TestNub", NAMED("new"), NULL);
    assert_string_equal(traceText(), "high(new) same(new) low(new)");
    IONotifier_remove(low);
    IONotifier_remove(high);
    IONotifier_remove(same);
    traceClear();
    withdraw(new);
    withdraw(old);
    assert_string_equal(traceText(), "gone(new) gone(old)");
    IONotifier_remove(gone);
}

TEST(4_35_once_and_again)
{
    traceOnly(kNotes);
    IONotifier *kinds[] = {
        install(kIOPublishNotification, "publish", 0), install(kIOFirstPublishNotification, "firstPublish", 0),
        install(kIOMatchedNotification, "matched", 0), install(kIOFirstMatchNotification, "firstMatch", 0)};
    IOService *nub = publish("TestNub", NAMED("n"), NULL);
    assert_string_equal(traceText(),
                        "firstPublish(n) publish(n) matched(n) firstMatch(n)"); /* 4.36: no personality at all */
    traceClear();
    IOService_registerService(nub);
    quiesce();
    assert_string_equal(traceText(), "publish(n) matched(n)");
    for (size_t i = 0; i < 4; i++)
        IONotifier_remove(kinds[i]);
    withdraw(nub);
}

TEST(4_36_order_with_drivers)
{
    static const char *const words[] = {"(", ".probe", ".started", NULL};
    traceOnly(words);
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "<key>IOProbeScore</key><integer>9000</integer></dict></array>",
        false);
    IONotifier *kinds[] = {
        install(kIOPublishNotification, "publish", 0), install(kIOFirstPublishNotification, "firstPublish", 0),
        install(kIOMatchedNotification, "matched", 0), install(kIOFirstMatchNotification, "firstMatch", 0)};
    IOService *nub = publish("TestNub", NAMED("n"), NULL);
    assert_string_equal(traceText(), "firstPublish(n) publish(n) D0.probe D0.started matched(n) firstMatch(n)");
    for (size_t i = 0; i < 4; i++)
        IONotifier_remove(kinds[i]);
    withdraw(nub);
}

static IOReturn noteInterest(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                             size_t size)
{
    trace("%s(%x)", (const char *)reference, type);
    return kIOReturnSuccess;
}

TEST(4_37_interest)
{
    static const char *const types[] = {kIOGeneralInterest, kIOBusyInterest, kIOAppPowerStateInterest,
                                        kIOPriorityPowerStateInterest, kIOConsoleSecurityInterest};
    IOService  *nub = publish("TestNub", NULL, NULL);
    IONotifier *notifier;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        notifier = IOService_registerInterest(nub, types[i], noteInterest, NULL, "x");
        assert_non_null(notifier);
        IONotifier_remove(notifier);
    }
    assert_null(IOService_registerInterest(nub, "IONoInterest", noteInterest, NULL, NULL));
    assert_null(IOService_registerInterest(nub, kIOGeneralInterest, NULL, NULL, NULL));
    traceOnly(kNotes);
    IONotifier *general = IOService_registerInterest(nub, kIOGeneralInterest, noteInterest, NULL, "general");
    IONotifier *console = IOService_registerInterest(nub, kIOConsoleSecurityInterest, noteInterest, NULL, "console");
    traceClear();
    IOService_messageClients(nub, 0x77, NULL, 0);
    assert_string_equal(traceText(), "general(77)");
    assert_true(IOService_terminate(nub, 0));
    assert_int_equal(
        IOService_registerInterestForNotifier(nub, kIOGeneralInterest, noteInterest, NULL, NULL, &notifier),
        kIOReturnNotReady);
    assert_null(IOService_registerInterest(nub, kIOGeneralInterest, noteInterest, NULL, NULL));
    quiesce();
    OSRelease(nub); /* freed before its notifiers are removed */
    IONotifier_remove(general);
    IONotifier_remove(console);
}

/* --- 4.38 --- */

typedef struct Slow {
    Signal    *entered, *leave, *removed;
    IONotifier *notifier;
    _Atomic(bool) isInside;
} Slow;

static bool slow(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    Slow *state     = reference;
    state->isInside = true;
    signalRaise(state->entered);
    signalWait(state->leave, 1);
    state->isInside = false;
    return true;
}

static void *removeIt(void *argument)
{
    Slow *state = argument;
    IONotifier_remove(state->notifier);
    assert_false(state->isInside);
    signalRaise(state->removed);
    return NULL;
}

TEST(4_38_remove_waits)
{
    Slow          state    = {signalMake(), signalMake(), signalMake(), NULL, false};
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    pthread_t     thread;
    state.notifier = IOService_addMatchingNotification(kIOMatchedNotification, matching, slow, NULL, &state, 0);
    OSRelease(matching);
    IOService *nub = makeService("TestNub", NULL, NULL);
    IOService_registerService(nub);
    signalWait(state.entered, 1);
    assert_int_equal(pthread_create(&thread, NULL, removeIt, &state), 0);
    signalRaise(state.leave); /* remove was called before or after: it returned only when the handler had */
    signalWait(state.removed, 1);
    pthread_join(thread, NULL);
    withdraw(nub);
    signalFree(state.entered);
    signalFree(state.leave);
    signalFree(state.removed);
}

static bool removeSelf(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    trace("self(%s)", IORegistryEntry_getName(ENTRY(service), NULL));
    IONotifier_remove(notifier);
    return true;
}

TEST(4_38_remove_from_inside)
{
    traceOnly(kNotes);
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    IONotifier *first = IOService_addMatchingNotification(kIOMatchedNotification, matching, removeSelf, NULL, NULL, 0);
    assert_non_null(first);
    IOService *one = publish("TestNub", NAMED("one"), NULL), *two = publish("TestNub", NAMED("two"), NULL);
    assert_string_equal(traceText(), "self(one)");
    /* Inside the call that installs it: the result is still good for a remove. */
    IONotifier *second = IOService_addMatchingNotification(kIOMatchedNotification, matching, removeSelf, NULL, NULL, 0);
    assert_string_equal(traceText(), "self(one) self(one)");
    IONotifier_remove(second);
    OSRelease(matching);
    withdraw(one);
    withdraw(two);
}

TEST(4_38_disable)
{
    traceOnly(kNotes);
    IONotifier *notifier = install(kIOMatchedNotification, "n", 0);
    bool        was      = IONotifier_disable(notifier);
    assert_true(was);
    assert_false(IONotifier_disable(notifier));
    IOService *one = publish("TestNub", NAMED("one"), NULL);
    IONotifier_enable(notifier, was);
    IOService *two = publish("TestNub", NAMED("two"), NULL);
    assert_string_equal(traceText(), "n(two)");
    IONotifier_remove(notifier);
    withdraw(one);
    withdraw(two);
}

/* --- 4.46 --- */

TEST(4_46_errno)
{
    static const struct {
        IOReturn result;
        int      number;
    } rows[] = {
        {kIOReturnSuccess, 0},          {kIOReturnNoMemory, ENOMEM},         {kIOReturnNoResources, ENOMEM},
        {kIOReturnCannotWire, ENOMEM},  {kIOReturnNoDevice, ENXIO},          {kIOReturnNotAttached, ENXIO},
        {kIOReturnNoMedia, ENXIO},      {kIOReturnBadMedia, ENXIO},          {kIOReturnUnformattedMedia, ENXIO},
        {kIOReturnVMError, EFAULT},     {kIOReturnNotPermitted, EPERM},      {kIOReturnNotPrivileged, EACCES},
        {kIOReturnExclusiveAccess, EACCES}, {kIOReturnLockedRead, EACCES},   {kIOReturnLockedWrite, EACCES},
        {kIOReturnNotOpen, EACCES},     {kIOReturnNotReadable, EACCES},      {kIOReturnNotWritable, EROFS},
        {kIOReturnBadArgument, EINVAL}, {kIOReturnBadMessageID, EINVAL},     {kIOReturnNoCompletion, EINVAL},
        {kIOReturnNotAligned, EINVAL},  {kIOReturnUnsupported, ENOTSUP},     {kIOReturnBusy, EBUSY},
        {kIOReturnNotReady, EBUSY},     {kIOReturnAborted, EBUSY},           {kIOReturnOffline, EBUSY},
        {kIOReturnNotResponding, EBUSY}, {kIOReturnNoPower, 82},             {kIOReturnDeviceError, 83},
        {kIOReturnTimeout, ETIMEDOUT},  {kIOReturnMessageTooLarge, EMSGSIZE}, {kIOReturnNoSpace, ENOSPC},
        {kIOReturnCannotLock, ENOLCK},  {kIOReturnPortExists, EEXIST},       {kIOReturnStillOpen, EEXIST},
        {kIOReturnRLDError, 88},        {kIOReturnIOError, EIO},             {kIOReturnNotFound, EIO},
        {0x0000c000 | ENODEV, ENODEV},  {12345, EIO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(IOService_errnoFromReturn(rows[i].result), rows[i].number);
    assert_string_equal(IOService_stringFromReturn(kIOReturnBusy), "device is busy");
    assert_string_equal(IOService_stringFromReturn(0x1234), "0x1234 (UNDEFINED)");
}

TEST_MAIN_WITH(serviceTestHooks, RUN(4_33_types), RUN(4_34_existing_first_and_priority), RUN(4_35_once_and_again),
               RUN(4_36_order_with_drivers), RUN(4_37_interest), RUN(4_38_remove_waits), RUN(4_38_remove_from_inside),
               RUN(4_38_disable), RUN(4_46_errno))
