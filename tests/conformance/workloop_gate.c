/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.7 to 7.10: command gates. */
#include "workloopFixture.h"

#include <sched.h>

static TestOwner *ownerOf(OSObject *object)
{
    return OSRequiredCast(TestOwner, object);
}

static IOCommandGate *gateOf(TestOwner *owner)
{
    return owner->context;
}

static TestOwner *makeGated(IOCommandGateAction action)
{
    TestOwner *owner = makeOwner();
    owner->context = IOCommandGate_create(owner, action);
    assert_non_null(owner->context);
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &gateOf(owner)->super), kIOReturnSuccess);
    return owner;
}

static void freeGated(TestOwner *owner)
{
    IOCommandGate *gate = gateOf(owner);
    if (IOEventSource_getWorkLoop(&gate->super))
        assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &gate->super), kIOReturnSuccess);
    OSRelease(gate);
    freeOwner(owner);
}

static IOReturn add(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    TestOwner *owner = ownerOf(object);
    enterAction(owner);
    owner->sum += *(int *)arg0 + *(int *)arg1 + *(int *)arg2 + *(int *)arg3;
    leaveAction(owner);
    return kIOReturnOffline;
}

static int one = 1, two = 2, three = 3, four = 4;

TEST(7_7_runAction_and_runCommand)
{
    TestOwner *owner = makeGated(add);
    IOCommandGate *gate = gateOf(owner), *bare = IOCommandGate_create(owner, NULL);
    assert_int_equal(IOCommandGate_runAction(gate, add, &one, &two, &three, &four), kIOReturnOffline);
    assert_int_equal(owner->sum, 10);
    assert_true(owner->wasInGate && !owner->wasOnThread);
    assert_int_equal(IOCommandGate_runCommand(gate, &one, &one, &one, &one), kIOReturnOffline);
    assert_int_equal(owner->sum, 14);
    assert_int_equal(IOCommandGate_runAction(gate, NULL, NULL, NULL, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(IOCommandGate_attemptAction(gate, NULL, NULL, NULL, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(IOCommandGate_runCommand(bare, NULL, NULL, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(IOCommandGate_attemptCommand(bare, NULL, NULL, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(IOCommandGate_runAction(bare, add, &one, &two, &three, &four), kIOReturnNotReady);
    assert_int_equal(IOCommandGate_attemptAction(bare, add, &one, &two, &three, &four), kIOReturnNotReady);
    OSRelease(bare);
    freeGated(owner);
}

/* --- disabled --- */

typedef struct Caller {
    TestOwner *owner;
    IOThread thread;
    IOReturn result;
    Signal *ready;
} Caller;

static void *callCommand(void *argument)
{
    Caller *caller = argument;
    caller->thread = IOThreadSelf();
    signalRaise(caller->ready);
    caller->result = IOCommandGate_runCommand(gateOf(caller->owner), &one, &one, &one, &one);
    return NULL;
}

static void disable(TestOwner *owner)
{
    IOWorkLoop_closeGate(owner->workLoop);
    IOEventSource_disable(&gateOf(owner)->super);
    IOWorkLoop_openGate(owner->workLoop);
}

static Runner *startCaller(Caller *caller)
{
    caller->ready = signalMake();
    Runner *runner = run(callCommand, caller);
    signalWait(caller->ready, 1);
    return runner;
}

/* Until so many callers sleep; it takes the gate to look, as they do to sleep. */
static void awaitWaiters(TestOwner *owner, unsigned count)
{
    for (bool done = false; !done;) {
        IOWorkLoop_closeGate(owner->workLoop);
        done = gateOf(owner)->waiters == count;
        IOWorkLoop_openGate(owner->workLoop);
        sched_yield();
    }
}

static void runOnLoop(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = ownerOf(object);
    assert_int_equal(IOCommandGate_runCommand(gateOf(owner), &four, &four, &four, &four), kIOReturnOffline);
    signalRaise(owner->done);
}

TEST(7_7_disabled_callers_wait)
{
    TestOwner *owner = makeGated(add);
    Caller callers[2] = {{.owner = owner}, {.owner = owner}};
    disable(owner);
    Runner *first = startCaller(&callers[0]), *second = startCaller(&callers[1]);
    awaitWaiters(owner, 2); /* outside of the gate: it can be taken */
    assert_int_equal(owner->sum, 0);
    /* The loop's own thread does not wait. */
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, runOnLoop, NULL, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    signalWait(owner->done, 1);
    assert_int_equal(owner->sum, 16);
    IOWorkLoop_removeEventSource(owner->workLoop, &source->super);
    OSRelease(source);
    IOEventSource_enable(&gateOf(owner)->super); /* 7.10: wakes all */
    join(first);
    join(second);
    assert_int_equal(callers[0].result, kIOReturnOffline);
    assert_int_equal(callers[1].result, kIOReturnOffline);
    assert_int_equal(owner->sum, 24);
    signalFree(callers[0].ready);
    signalFree(callers[1].ready);
    freeGated(owner);
}

static void *attempt(void *argument)
{
    Caller *caller = argument;
    caller->result = IOCommandGate_attemptCommand(gateOf(caller->owner), &one, &one, &one, &one);
    return NULL;
}

TEST(7_8_attempt)
{
    TestOwner *owner = makeGated(add);
    Caller caller = {.owner = owner};
    IOWorkLoop_closeGate(owner->workLoop);
    join(run(attempt, &caller));
    assert_int_equal(caller.result, kIOReturnCannotLock);
    assert_int_equal(IOCommandGate_attemptCommand(gateOf(owner), &one, &one, &one, &one), kIOReturnOffline);
    IOWorkLoop_openGate(owner->workLoop);
    join(run(attempt, &caller));
    assert_int_equal(caller.result, kIOReturnOffline);
    disable(owner);
    join(run(attempt, &caller));
    assert_int_equal(caller.result, kIOReturnNotPermitted);
    assert_int_equal(owner->sum, 8);
    freeGated(owner);
}

/* --- sleeping inside --- */

/* arg0: a bool to wait for; arg1: deadline or NULL; arg2: interruptible. Returns how the sleep ended. */
static IOReturn sleepFor(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    TestOwner *owner = ownerOf(object);
    bool *flag = arg0;
    int result = THREAD_AWAKENED;
    IOWorkLoop_closeGate(owner->workLoop); /* twice closed: the sleep opens it all the same */
    signalRaise(owner->done);
    while (!*flag && result == THREAD_AWAKENED)
        result = arg1 ? IOCommandGate_commandSleepDeadline(gateOf(owner), flag, *(uint64_t *)arg1, *(UInt32 *)arg2)
                      : IOCommandGate_commandSleep(gateOf(owner), flag, *(UInt32 *)arg2);
    assert_true(IOWorkLoop_inGate(owner->workLoop));
    IOWorkLoop_openGate(owner->workLoop);
    assert_true(IOWorkLoop_inGate(owner->workLoop));
    return (IOReturn)result;
}

typedef struct SleepCall {
    TestOwner *owner;
    bool flag;
    uint64_t deadline;
    UInt32 interruptible;
    IOThread thread;
    IOReturn result;
} SleepCall;

static void *callSleep(void *argument)
{
    SleepCall *call = argument;
    call->thread = IOThreadSelf();
    call->result = IOCommandGate_runAction(gateOf(call->owner), sleepFor, &call->flag,
                                           call->deadline ? &call->deadline : NULL, &call->interruptible, NULL);
    return NULL;
}

static IOReturn setAndWake(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    SleepCall *call = arg0;
    call->flag = true;
    IOCommandGate_commandWakeup(gateOf(ownerOf(object)), &call->flag, *(bool *)arg1);
    return kIOReturnSuccess;
}

TEST(7_9_sleep_and_wake_up)
{
    TestOwner *owner = makeGated(NULL);
    bool oneThread = true;
    SleepCall call = {.owner = owner, .interruptible = THREAD_UNINT};
    Runner *sleeper = run(callSleep, &call);
    signalWait(owner->done, 1); /* it is inside; the next line gets in when it sleeps */
    assert_int_equal(IOCommandGate_runAction(gateOf(owner), setAndWake, &call, &oneThread, NULL, NULL),
                     kIOReturnSuccess);
    join(sleeper);
    assert_int_equal(call.result, THREAD_AWAKENED);
    freeGated(owner);
}

static IOReturn wakeOnly(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    IOCommandGate_commandWakeup(gateOf(ownerOf(object)), arg0, *(bool *)arg1);
    return kIOReturnSuccess;
}

/* arg0: the event. Sleeps once, and counts that it was woken. */
static IOReturn sleepOnce(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    TestOwner *owner = ownerOf(object);
    signalRaise(owner->done);
    IOReturn result = (IOReturn)IOCommandGate_commandSleep(gateOf(owner), arg0, THREAD_UNINT);
    owner->count++;
    signalRaise(arg1);
    return result;
}

typedef struct Shared {
    TestOwner *owner;
    Signal *woken;
} Shared;

static void *callSleepOnce(void *argument)
{
    Shared *shared = argument;
    IOCommandGate_runAction(gateOf(shared->owner), sleepOnce, shared, shared->woken, NULL, NULL);
    return NULL;
}

/* Three sleepers of one event: one is woken, and no other; then all that are left. */
TEST(7_9_one_or_all)
{
    TestOwner *owner = makeGated(NULL);
    Shared shared = {.owner = owner, .woken = signalMake()};
    Runner *sleepers[3];
    bool oneThread = true, allThreads = false;
    for (unsigned i = 0; i < 3; i++) {
        sleepers[i] = run(callSleepOnce, &shared);
        signalWait(owner->done, i + 1);
    }
    IOCommandGate_runAction(gateOf(owner), wakeOnly, &shared, &oneThread, NULL, NULL);
    signalWait(shared.woken, 1);
    assert_int_equal(owner->count, 1);
    IOCommandGate_runAction(gateOf(owner), wakeOnly, &shared, &allThreads, NULL, NULL);
    for (int i = 0; i < 3; i++)
        join(sleepers[i]);
    assert_int_equal(owner->count, 3);
    signalFree(shared.woken);
    freeGated(owner);
}

TEST(7_9_deadline)
{
    TestOwner *owner = makeGated(NULL);
    bool flag = false;
    UInt32 interruptible = THREAD_INTERRUPTIBLE;
    uint64_t deadline = IOUptimeNanoseconds() + 20 * 1000000;
    assert_int_equal(IOCommandGate_runAction(gateOf(owner), sleepFor, &flag, &deadline, &interruptible, NULL),
                     THREAD_TIMED_OUT);
    assert_true(IOUptimeNanoseconds() >= deadline);
    freeGated(owner);
}

TEST(7_9_interrupted)
{
    TestOwner *owner = makeGated(NULL);
    SleepCall call = {.owner = owner, .interruptible = THREAD_ABORTSAFE};
    Runner *sleeper = run(callSleep, &call);
    signalWait(owner->done, 1);
    IOThreadInterrupt(call.thread); /* asleep or not yet: the same */
    join(sleeper);
    assert_int_equal(call.result, THREAD_INTERRUPTED);
    /* One that must not be interrupted is not, and the interruption waits. */
    bool flag = false;
    UInt32 interruptible = THREAD_UNINT;
    uint64_t deadline = IOUptimeNanoseconds() + 10 * 1000000;
    IOThreadInterrupt(IOThreadSelf());
    assert_int_equal(IOCommandGate_runAction(gateOf(owner), sleepFor, &flag, &deadline, &interruptible, NULL),
                     THREAD_TIMED_OUT);
    assert_true(IOThreadClearInterrupt());
    assert_false(IOThreadClearInterrupt());
    freeGated(owner);
}

TEST(7_9_outside_of_the_gate)
{
    TestOwner *owner = makeGated(NULL);
    IOCommandGate_commandSleep(gateOf(owner), owner, THREAD_UNINT);
}

TEST(7_10_interrupted_caller)
{
    TestOwner *owner = makeGated(add);
    Caller caller = {.owner = owner};
    disable(owner);
    Runner *runner = startCaller(&caller);
    awaitWaiters(owner, 1);
    IOThreadInterrupt(caller.thread);
    join(runner);
    assert_int_equal(caller.result, kIOReturnAborted);
    assert_int_equal(owner->sum, 0);
    signalFree(caller.ready);
    freeGated(owner);
}

TEST(7_10_removed_while_callers_wait)
{
    TestOwner *owner = makeGated(add);
    Caller callers[3] = {{.owner = owner}, {.owner = owner}, {.owner = owner}};
    Runner *runners[3];
    disable(owner);
    for (int i = 0; i < 3; i++)
        runners[i] = startCaller(&callers[i]);
    awaitWaiters(owner, 3);
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &gateOf(owner)->super), kIOReturnSuccess);
    assert_int_equal(gateOf(owner)->waiters, 0); /* it waited for them */
    for (int i = 0; i < 3; i++) {
        join(runners[i]);
        assert_int_equal(callers[i].result, kIOReturnAborted);
        signalFree(callers[i].ready);
    }
    assert_null(IOEventSource_getWorkLoop(&gateOf(owner)->super));
    assert_int_equal(owner->sum, 0);
    /* Back in the loop it works again, once enabled. */
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &gateOf(owner)->super), kIOReturnSuccess);
    IOEventSource_enable(&gateOf(owner)->super);
    assert_int_equal(IOCommandGate_runCommand(gateOf(owner), &one, &one, &one, &one), kIOReturnOffline);
    freeGated(owner);
}

/* Removed while an action sleeps inside: it comes back into the gate, and the removal ends with it. */
TEST(7_10_removed_while_an_action_sleeps)
{
    TestOwner *owner = makeGated(NULL);
    bool oneThread = false;
    IOCommandGate *gate = gateOf(owner), *second = IOCommandGate_create(owner, NULL);
    SleepCall call = {.owner = owner, .interruptible = THREAD_UNINT};
    IOWorkLoop_addEventSource(owner->workLoop, &second->super);
    Runner *sleeper = run(callSleep, &call);
    signalWait(owner->done, 1);
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &gate->super), kIOReturnSuccess);
    IOCommandGate_runAction(second, setAndWake, &call, &oneThread, NULL, NULL);
    join(sleeper);
    assert_int_equal(call.result, THREAD_AWAKENED);
    assert_null(IOEventSource_getWorkLoop(&gate->super));
    assert_int_equal(IOCommandGate_runAction(gate, add, &one, &one, &one, &one), kIOReturnNotReady);
    IOWorkLoop_removeEventSource(owner->workLoop, &second->super);
    OSRelease(second);
    freeGated(owner);
}

/* Producers and a consumer that sleeps in the gate: a wake-up that is lost would leave them all asleep. */
enum { kItems = 3000 };

typedef struct Box {
    TestOwner *owner;
    int full, taken; /* the gate */
} Box;

static IOReturn put(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    Box *box = arg0;
    while (box->full)
        IOCommandGate_commandSleep(gateOf(ownerOf(object)), &box->full, THREAD_UNINT);
    box->full = 1;
    IOCommandGate_commandWakeup(gateOf(ownerOf(object)), &box->taken, true);
    return kIOReturnSuccess;
}

static IOReturn take(OSObject *object, void *arg0, void *arg1, void *arg2, void *arg3)
{
    Box *box = arg0;
    while (!box->full)
        IOCommandGate_commandSleep(gateOf(ownerOf(object)), &box->taken, THREAD_UNINT);
    box->full = 0;
    box->taken++;
    IOCommandGate_commandWakeup(gateOf(ownerOf(object)), &box->full, true);
    return kIOReturnSuccess;
}

static void *produce(void *argument)
{
    Box *box = argument;
    for (int i = 0; i < kItems; i++)
        IOCommandGate_runAction(gateOf(box->owner), put, box, NULL, NULL, NULL);
    return NULL;
}

TEST(no_wake_up_is_lost)
{
    TestOwner *owner = makeGated(NULL);
    Box box = {.owner = owner};
    Runner *first = run(produce, &box), *second = run(produce, &box);
    for (int i = 0; i < 2 * kItems; i++)
        IOCommandGate_runAction(gateOf(owner), take, &box, NULL, NULL, NULL);
    join(first);
    join(second);
    assert_int_equal(box.taken, 2 * kItems);
    freeGated(owner);
}

TEST_MAIN_WITH(workloopHooks, RUN(7_7_runAction_and_runCommand), RUN(7_7_disabled_callers_wait), RUN(7_8_attempt),
               RUN(7_9_sleep_and_wake_up), RUN(7_9_one_or_all), RUN(7_9_deadline), RUN(7_9_interrupted),
               ABORTS(7_9_outside_of_the_gate, "does not hold the gate"), RUN(7_10_interrupted_caller),
               RUN(7_10_removed_while_callers_wait), RUN(7_10_removed_while_an_action_sleeps), RUN(no_wake_up_is_lost))
