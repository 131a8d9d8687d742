/* SPDX-License-Identifier: MIT */
/* States, attach, open, busy: SEMANTICS 3e, 4a, 2.35. */
#include "logCapture.h"
#include "serviceFixture.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DICT(text) "<dict>" text "</dict>"
#define TAG(text)  "<key>Tag</key><string>" text "</string>"
#define YES(key)   "<key>" key "</key><true/>"

static const char *const kMessages[] = {"isAttemptingOpen", "wasClosed", "isRequestingClose", "message", NULL};

/* --- 2.35, 4.1, 4.2, 4.10 --- */

TEST(2_35_platform)
{
    IORegistryEntry *root = IORegistryEntry_getRegistryRoot();
    assert_int_equal(IORegistryEntry_getChildCount(root, gIOServicePlane), 1);
    assert_ptr_equal(IORegistryEntry_getChildEntry(root, gIOServicePlane), ENTRY(machine()));
    assert_string_equal(OSObject_getClassName(OSObjectOf(machine())), "IOPlatformExpertDevice");
    assert_ptr_equal(IOService_getProvider(IOService_getResourceService()), machine());
    assert_ptr_equal(IOService_getProvider(IOService_getUserResourceService()), machine());
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess); /* nothing happens again */
    assert_int_equal(IORegistryEntry_getChildCount(root, gIOServicePlane), 1);
}

TEST(4_1_state_bits)
{
    assert_int_equal(kIOServiceInactiveState, 1);
    assert_int_equal(kIOServiceRegisteredState, 2);
    assert_int_equal(kIOServiceMatchedState, 4);
    assert_int_equal(kIOServiceFirstPublishState, 8);
    assert_int_equal(kIOServiceFirstMatchState, 0x10);
    assert_int_equal(kIOServiceUserInvisibleMatchState, 0x80000000u);
    IOService *nub = makeService("TestNub", NULL, NULL);
    assert_int_equal(IOService_getState(nub), 0);
    IOService_registerService(nub);
    quiesce();
    assert_int_equal(IOService_getState(nub), 0x1e);
    assert_true(IOService_terminate(nub, 0));
    assert_int_equal(IOService_getState(nub), 1);
    quiesce();
    OSRelease(nub);
}

TEST(4_2_attach)
{
    IOService *nub = publish("TestNub", NULL, NULL), *orphan = makeService("D0", NULL, nub);
    IOService_detach(orphan, nub);
    assert_true(IOService_terminate(nub, 0));
    assert_false(IOService_attach(orphan, nub)); /* inactive */
    OSRelease(orphan);
    quiesce();
    OSRelease(nub);
}

typedef struct Late {
    IOService *client, *provider;
    bool attached;
    Signal *started;
} Late;

static void *attachLate(void *argument)
{
    Late *late = argument;
    signalRaise(late->started);
    late->attached = IOService_attach(late->client, late->provider);
    return NULL;
}

TEST(4_2_full_provider)
{
    enum { kFull = 1020 }; /* one more than the 1019 that never wait */
    static IOService *clients[kFull];
    IOService *nub = makeService("TestNub", NULL, NULL);
    Late late = {.provider = nub, .started = signalMake()};
    pthread_t thread;
    for (unsigned i = 0; i < kFull; i++)
        clients[i] = makeService("D0", NULL, nub);
    late.client = OSRequiredCast(IOService, OSMetaClass_allocClassWithName("D1"));
    assert_true(IOService_init(late.client, NULL));
    assert_int_equal(pthread_create(&thread, NULL, attachLate, &late), 0);
    signalWait(late.started, 1);
    IOService_detach(clients[0], nub); /* lets the other one in, whichever comes first */
    pthread_join(thread, NULL);
    assert_true(late.attached);
    OSRelease(late.client);
    for (unsigned i = 0; i < kFull; i++)
        OSRelease(clients[i]);
    withdraw(nub);
    signalFree(late.started);
}

static IOReturn answer(IOService *self, const OSSymbol *name, bool wait, void *p1, void *p2, void *p3, void *p4)
{
    *(unsigned *)p1 = 42;
    return kIOReturnSuccess;
}
OSDeclareClass(AnsweringNub);
struct AnsweringNub {
    TestNub super;
};
OSDefineClass(AnsweringNub, TestNub, .callPlatformFunction = answer);

TEST(4_10_tree)
{
    static OSMetaClass *const classes[] = {&AnsweringNub_class};
    static const OSClassList list = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("org.answer", &list), kOSReturnSuccess);
    IOService *nub = publish("AnsweringNub", NULL, NULL), *one = makeService("D0", NULL, nub),
              *two = makeService("D1", NULL, nub);
    const OSSymbol *name = OSSymbol_withCString("function");
    unsigned value = 0;
    assert_ptr_equal(IOService_getProvider(one), nub);
    assert_ptr_equal(IOService_getClient(nub), one);
    IOWorkLoop *workLoop = IOService_getWorkLoop(two); /* the nub's, for all of its stack */
    assert_non_null(workLoop);
    assert_ptr_equal(IOService_getWorkLoop(nub), workLoop);
    assert_ptr_equal(IOService_getWorkLoop(one), workLoop);
    assert_int_equal(IOService_callPlatformFunction(two, name, false, &value, NULL, NULL, NULL), kIOReturnSuccess);
    assert_int_equal(value, 42);
    assert_int_equal(IOService_callPlatformFunction(machine(), name, false, &value, NULL, NULL, NULL),
                     kIOReturnUnsupported);
    assert_int_equal(IOService_requestProbe(nub, 0), kIOReturnUnsupported);
    OSRelease(name);
    OSRelease(one);
    OSRelease(two);
    withdraw(nub);
    assert_int_equal(OSMetaClass_unregisterModule(&list), kOSReturnSuccess);
}

/* --- open and close --- */

static IOReturn noteMessage(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                            size_t size)
{
    trace("interest:%x:%lx", type & 0xfff, (unsigned long)(uintptr_t)argument);
    return kIOReturnSuccess;
}

/* A nub with two drivers. */
typedef struct Pair {
    IOService *nub, *one, *two;
} Pair;

static Pair makePair(void)
{
    Pair pair = {.nub = publish("TestNub", NULL, NULL)};
    pair.one = makeService("D0", NULL, pair.nub);
    pair.two = makeService("D1", NULL, pair.nub);
    return pair;
}

static void releasePair(Pair *pair)
{
    OSRelease(pair->one);
    OSRelease(pair->two);
    withdraw(pair->nub);
}

static const char *const kOpenMessages[] = {"isAttemptingOpen", "wasClosed", "interest", NULL};

TEST(4_4_open)
{
    Pair pair = makePair();
    IONotifier *notifier = IOService_registerInterest(pair.nub, kIOGeneralInterest, noteMessage, NULL, NULL);
    traceOnly(kOpenMessages);
    traceClear();
    assert_true(IOService_open(pair.nub, pair.one, 0x20, NULL));
    assert_string_equal(traceText(), "D1.isAttemptingOpen interest:101:20"); /* not to the one who opens */
    traceClear();
    assert_false(IOService_open(pair.nub, pair.two, 0, NULL)); /* said before it is decided */
    assert_string_equal(traceText(), "D0.isAttemptingOpen interest:101:0");
    IONotifier_remove(notifier);
    IOService_close(pair.nub, pair.one, 0);
    assert_true(IOService_terminate(pair.nub, 0));
    assert_false(IOService_open(pair.nub, pair.one, 0, NULL)); /* inactive */
    quiesce();
    OSRelease(pair.one);
    OSRelease(pair.two);
    OSRelease(pair.nub);
}

TEST(4_7_close)
{
    Pair pair = makePair();
    IONotifier *notifier = IOService_registerInterest(pair.nub, kIOGeneralInterest, noteMessage, NULL, NULL);
    assert_true(IOService_open(pair.nub, pair.one, 0, NULL));
    traceOnly(kOpenMessages);
    traceClear();
    IOService_close(pair.nub, pair.two, 0); /* not open for that one: ignored */
    assert_string_equal(traceText(), "");
    assert_true(IOService_isOpen(pair.nub, pair.one));
    IOService_close(pair.nub, pair.one, 0x30);
    assert_string_equal(traceText(), "D1.wasClosed interest:110:30");
    assert_false(IOService_isOpen(pair.nub, NULL));
    IOService_close(pair.nub, pair.one, 0x30); /* a second time: ignored */
    assert_string_equal(traceText(), "D1.wasClosed interest:110:30");
    IONotifier_remove(notifier);
    releasePair(&pair);
}

TEST(4_5_one_owner)
{
    Pair pair = makePair();
    assert_true(IOService_open(pair.nub, pair.one, 0, NULL));
    assert_false(IOService_open(pair.nub, pair.one, 0, NULL)); /* not even the same client */
    assert_false(IOService_open(pair.nub, pair.two, 0, NULL));
    IOService_close(pair.nub, pair.one, 0);
    assert_true(IOService_open(pair.nub, pair.two, 0, NULL));
    IOService_close(pair.nub, pair.two, 0);
    releasePair(&pair);
}

TEST(4_8_is_open)
{
    Pair pair = makePair();
    assert_false(IOService_isOpen(pair.nub, NULL));
    assert_false(IOService_isOpen(pair.nub, pair.one));
    assert_true(IOService_open(pair.nub, pair.one, 0, NULL));
    assert_true(IOService_isOpen(pair.nub, pair.one));
    assert_false(IOService_isOpen(pair.nub, pair.two));
    assert_true(IOService_isOpen(pair.nub, NULL));
    OSIterator *open = IOService_getOpenClientIterator(pair.nub);
    assert_ptr_equal(OSIterator_getNextObject(open), OSObjectOf(pair.one));
    assert_null(OSIterator_getNextObject(open));
    OSRelease(open);
    open = IOService_getOpenProviderIterator(pair.two);
    assert_null(OSIterator_getNextObject(open));
    OSRelease(open);
    IOService_close(pair.nub, pair.one, 0);
    assert_false(IOService_isOpen(pair.nub, pair.one));
    assert_false(IOService_isOpen(pair.nub, NULL));
    releasePair(&pair);
}

TEST(4_6_seize)
{
    IOService *nub = publish("TestNub", NULL, NULL), *stubborn = makeService("D0", NULL, nub);
    IOService *willing = makeService("D1", DICT(YES("ClosesOnRequest")), nub);
    traceOnly(kMessages);
    assert_true(IOService_open(nub, stubborn, 0, NULL));
    assert_false(IOService_open(nub, willing, kIOServiceSeize, NULL));
    assert_non_null(strstr(traceText(), "D0.isRequestingClose"));
    IOService_close(nub, stubborn, 0);
    assert_true(IOService_open(nub, willing, 0, NULL));
    assert_true(IOService_open(nub, stubborn, kIOServiceSeize, NULL));
    assert_true(IOService_isOpen(nub, stubborn));
    IOService_close(nub, stubborn, 0);
    OSRelease(stubborn);
    OSRelease(willing);
    withdraw(nub);
}

/* --- arbitration --- */

typedef struct Circle {
    IOService *first, *second;
    Signal *bothHold, *done;
    bool got;
    bool required;
} Circle;

static void *lockSecondThenFirst(void *argument)
{
    Circle *circle = argument;
    assert_true(IOService_lockForArbitration(circle->second, true));
    signalRaise(circle->bothHold);
    circle->got = IOService_lockForArbitration(circle->first, circle->required);
    if (circle->got)
        IOService_unlockForArbitration(circle->first);
    IOService_unlockForArbitration(circle->second);
    return NULL;
}

/* Two threads lock two services the other way round; one of the two attempts may fail. Whether ours got both. */
static bool runCircle(bool oursRequired, bool theirsRequired, bool *ret_theirs)
{
    Circle circle = {.first = publish("TestNub", NULL, NULL),
                     .second = publish("TestNub", NULL, NULL),
                     .bothHold = signalMake(),
                     .required = theirsRequired};
    pthread_t thread;
    assert_true(IOService_lockForArbitration(circle.first, true));
    assert_int_equal(pthread_create(&thread, NULL, lockSecondThenFirst, &circle), 0);
    signalWait(circle.bothHold, 1);
    bool ours = IOService_lockForArbitration(circle.second, oursRequired);
    if (ours)
        IOService_unlockForArbitration(circle.second);
    IOService_unlockForArbitration(circle.first);
    pthread_join(thread, NULL);
    *ret_theirs = circle.got;
    withdraw(circle.first);
    withdraw(circle.second);
    signalFree(circle.bothHold);
    return ours;
}

TEST(4_9_arbitration)
{
    bool theirs;
    assert_true(runCircle(true, false, &theirs)); /* theirs had to give up, whoever came second */
    assert_false(theirs);
    assert_false(runCircle(false, true, &theirs));
    assert_true(theirs);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_true(IOService_lockForArbitration(nub, true));
    assert_true(IOService_lockForArbitration(nub, false)); /* re-entrant */
    IOService_unlockForArbitration(nub);
    IOService_unlockForArbitration(nub);
    withdraw(nub);
}

TEST(4_9_unavoidable)
{
    bool theirs;
    (void)runCircle(true, true, &theirs); /* panics */
}

/* --- messages --- */

static IOReturn refuse(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                       size_t size)
{
    trace("handler");
    return kIOReturnBusy;
}

TEST(4_11_messages)
{
    static const char *const words[] = {"message", "handler", NULL};
    IOService *nub = publish("TestNub", NULL, NULL), *one = makeService("D0", NULL, nub),
              *two = makeService("D1", NULL, nub);
    IONotifier *notifier = IOService_registerInterest(nub, kIOGeneralInterest, refuse, NULL, NULL);
    traceOnly(words);
    assert_int_equal(IOService_message(one, 0x1234, nub, NULL), kIOReturnUnsupported);
    traceClear();
    assert_int_equal(IOService_messageClients(nub, 0x1234, NULL, 0), kIOReturnBusy); /* the last that was no success */
    assert_string_equal(traceText(), "D0.message D1.message handler");
    IONotifier_remove(notifier);
    assert_int_equal(IOService_messageClients(nub, 0x1234, NULL, 0), kIOReturnUnsupported);
    assert_int_equal(IOService_messageClient(nub, 1, NULL, NULL, 0), kIOReturnBadArgument);
    OSRelease(one);
    OSRelease(two);
    assert_int_equal(IOService_messageClients(IOService_getUserResourceService(), 1, NULL, 0), kIOReturnSuccess);
    withdraw(nub);
}

/* --- busy --- */

static IOReturn noteBusy(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                         size_t size)
{
    assert_int_equal(type, kIOMessageServiceBusyStateChange);
    trace("%s:%lu", (const char *)reference, (unsigned long)(uintptr_t)argument);
    return kIOReturnSuccess;
}

static IONotifier *watchBusy(IOService *service, const char *name)
{
    IONotifier *notifier =
        IOService_registerInterest(service, kIOBusyInterest, noteBusy, NULL, (void *)(uintptr_t)name);
    assert_non_null(notifier);
    return notifier;
}

TEST(3_48_only_crossing_zero_is_carried_up)
{
    IOService *nub = publish("TestNub", NULL, NULL), *child = makeService("D0", NULL, nub);
    IOService_adjustBusy(child, 1);
    assert_int_equal(IOService_getBusyState(nub), 1);
    assert_int_equal(IOService_getBusyState(machine()), 1);
    IOService_adjustBusy(child, 1);
    assert_int_equal(IOService_getBusyState(child), 2);
    assert_int_equal(IOService_getBusyState(nub), 1);
    IOService_adjustBusy(nub, 1);
    assert_int_equal(IOService_getBusyState(nub), 2);
    assert_int_equal(IOService_getBusyState(machine()), 1);
    IOService_adjustBusy(child, -2);
    assert_int_equal(IOService_getBusyState(nub), 1); /* the nub is busy itself */
    IOService_adjustBusy(nub, -1);
    assert_int_equal(IOService_getBusyState(machine()), 0);
    OSRelease(child);
    withdraw(nub);
}

TEST(3_49_messages_of_transitions)
{
    static const char *const words[] = {":", NULL};
    IOService *nub = publish("TestNub", NULL, NULL), *child = makeService("D0", NULL, nub);
    IONotifier *watchers[] = {watchBusy(child, "child"), watchBusy(nub, "nub"), watchBusy(machine(), "machine"),
                              IOService_registerInterest(child, kIOGeneralInterest, noteMessage, NULL, NULL)};
    traceOnly(words);
    traceClear();
    IOService_adjustBusy(child, 1);
    assert_string_equal(traceText(), "child:1 nub:1 machine:1"); /* nothing to who has general interest */
    IOService_adjustBusy(child, 1);
    IOService_adjustBusy(nub, 1);
    traceClear();
    IOService_adjustBusy(child, -2);
    assert_string_equal(traceText(), "child:0");
    IOService_adjustBusy(nub, -1);
    assert_string_equal(traceText(), "child:0 nub:0 machine:0");
    for (size_t i = 0; i < sizeof watchers / sizeof watchers[0]; i++)
        IONotifier_remove(watchers[i]);
    OSRelease(child);
    withdraw(nub);
}

TEST(3_49_out_of_range_is_reported_and_ignored)
{
    enum { kMost = 1023 };
    IOService *nub = publish("TestNub", NULL, NULL);
    logCapture_begin();
    IOService_adjustBusy(nub, -1);
    assert_int_equal(logCapture_countContaining(logCapture_end(), "TestNub"), 1);
    assert_int_equal(IOService_getBusyState(nub), 0);
    IOService_adjustBusy(nub, kMost);
    logCapture_begin();
    IOService_adjustBusy(nub, 1);
    assert_int_equal(logCapture_countContaining(logCapture_end(), "TestNub"), 1);
    assert_int_equal(IOService_getBusyState(nub), kMost);
    IOService_adjustBusy(nub, -kMost);
    assert_int_equal(IOService_getBusyState(machine()), 0);
    withdraw(nub);
}

TEST(3_50_accumulated_time)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    uint64_t before = IOService_getAccumulatedBusyTime(nub);
    assert_int_not_equal(before, 0); /* it was matched */
    assert_int_equal(IOService_getAccumulatedBusyTime(nub), before);
    IOService_adjustBusy(nub, 1);
    assert_int_equal(IOService_waitQuiet(nub, 2000000), kIOReturnTimeout);
    uint64_t during = IOService_getAccumulatedBusyTime(nub);
    assert_true(during >= before + 2000000);
    IOService_adjustBusy(nub, -1);
    assert_true(IOService_getAccumulatedBusyTime(nub) >= during);
    withdraw(nub);
}

static void *makeQuiet(void *argument)
{
    IOService_adjustBusy(argument, -1);
    return NULL;
}

TEST(3_51_wait_quiet)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    pthread_t thread;
    assert_int_equal(IOService_waitQuiet(nub, 0), kIOReturnSuccess);
    IOService_adjustBusy(nub, 1);
    assert_int_equal(IOService_waitQuiet(nub, 0), kIOReturnTimeout);
    assert_int_equal(IOService_waitQuiet(machine(), 1000), kIOReturnTimeout);
    assert_int_equal(pthread_create(&thread, NULL, makeQuiet, nub), 0);
    assert_int_equal(IOService_waitQuiet(machine(), UINT64_MAX), kIOReturnSuccess);
    pthread_join(thread, NULL);
    withdraw(nub);
}

TEST(3_52_balanced)
{
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "</dict></array>",
        false);
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_int_equal(IOService_getBusyState(nub), 0);
    assert_true(IOService_terminate(nub, 0));
    quiesce();
    assert_int_equal(IOService_getBusyState(nub), 0);
    assert_int_equal(IOService_getBusyState(machine()), 0);
    OSRelease(nub);
}

/* How often a thread has gone to sleep so far; 0 for one that is not the kit's (sanitizers have some). */
static unsigned long sleepsOf(const char *task)
{
    char path[300], line[256];
    unsigned long count = 0;
    bool isOurs = false;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        isOurs = isOurs || strncmp(line, "Name:\tIO", 8) == 0;
        if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
            count = strtoul(line + 24, NULL, 10);
    }
    if (file)
        fclose(file);
    return isOurs ? count : 0;
}

static unsigned long sleeps(void)
{
    DIR *tasks = opendir("/proc/self/task");
    unsigned long total = 0;
    assert_non_null(tasks);
    for (struct dirent *task; (task = readdir(tasks));)
        total += task->d_name[0] != '.' ? sleepsOf(task->d_name) : 0;
    closedir(tasks);
    return total;
}

TEST(idle_does_not_wake_up)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    usleep(50000); /* what was woken last goes to sleep again */
    unsigned long before = sleeps();
    assert_int_not_equal(before, 0);
    usleep(300000); /* the interval of the measurement */
    assert_int_equal(sleeps(), before);
    withdraw(nub);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(2_35_platform), RUN(3_48_only_crossing_zero_is_carried_up),
               RUN(3_49_messages_of_transitions), RUN(3_49_out_of_range_is_reported_and_ignored),
               RUN(3_50_accumulated_time), RUN(3_51_wait_quiet), RUN(3_52_balanced), RUN(4_1_state_bits),
               RUN(4_2_attach), RUN(4_2_full_provider), RUN(4_4_open), RUN(4_5_one_owner), RUN(4_7_close),
               RUN(4_8_is_open), RUN(4_6_seize), RUN(4_9_arbitration),
               ABORTS(4_9_unavoidable, "deadlock in arbitration"), RUN(4_10_tree), RUN(4_11_messages),
               RUN(idle_does_not_wake_up))
