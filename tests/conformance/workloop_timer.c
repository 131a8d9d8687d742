/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.11, 7.12: timers. */
#include "workloopFixture.h"

static IOTimerEventSource *timerOf(TestOwner *owner)
{
    return owner->context;
}

static void fired(OSObject *object, IOTimerEventSource *timer)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    enterAction(owner);
    assert_ptr_equal(timer, owner->context);
    owner->count++;
    leaveAction(owner);
    signalRaise(owner->done);
}

static TestOwner *makeTimed(uint32_t options)
{
    TestOwner *owner = makeOwner();
    owner->context = IOTimerEventSource_createWithOptions(options, owner, fired);
    assert_non_null(owner->context);
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &timerOf(owner)->super), kIOReturnSuccess);
    return owner;
}

static void freeTimed(TestOwner *owner)
{
    IOTimerEventSource *timer = timerOf(owner);
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &timer->super), kIOReturnSuccess);
    OSRelease(timer);
    freeOwner(owner);
}

/* Another timer of the same loop, set to a later time, has fired: what was to fire before it has, or never will. */
static void passTime(TestOwner *owner, UInt32 ms)
{
    TestOwner *probe = OSTypeAlloc(TestOwner);
    probe->workLoop = owner->workLoop;
    probe->done = signalMake();
    IOTimerEventSource *timer = IOTimerEventSource_create(probe, fired);
    probe->context = timer;
    IOWorkLoop_addEventSource(owner->workLoop, &timer->super);
    IOTimerEventSource_setTimeoutMS(timer, ms);
    signalWait(probe->done, 1);
    IOWorkLoop_removeEventSource(owner->workLoop, &timer->super);
    OSRelease(timer);
    quiesce();
    signalFree(probe->done);
    OSRelease(probe);
}

TEST(7_11_without_action)
{
    TestOwner *owner = makeOwner();
    IOTimerEventSource *timer = IOTimerEventSource_create(owner, NULL);
    IOWorkLoop_addEventSource(owner->workLoop, &timer->super);
    assert_int_equal(IOTimerEventSource_setTimeoutMS(timer, 1), kIOReturnNoResources);
    assert_int_equal(IOTimerEventSource_wakeAtTime(timer, 1), kIOReturnNoResources);
    IOWorkLoop_removeEventSource(owner->workLoop, &timer->super);
    OSRelease(timer);
    assert_null(IOTimerEventSource_createWithOptions(7, owner, fired));
    assert_null(IOTimerEventSource_createWithOptions(0x10000, owner, fired));
    assert_null(IOTimerEventSource_createWithOptions(
        kIOTimerEventSourceOptionsPriorityWorkLoop | kIOTimerEventSourceOptionsAllowReenter, owner, fired));
    freeOwner(owner);
}

TEST(7_11_relative_times)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsDefault);
    unsigned count = 0;
    uint64_t start = IOUptimeNanoseconds();
    assert_int_equal(IOTimerEventSource_setTimeoutMS(timerOf(owner), 20), kIOReturnSuccess);
    signalWait(owner->done, ++count);
    assert_true(IOUptimeNanoseconds() - start >= 20 * 1000000);
    start = IOUptimeNanoseconds();
    IOTimerEventSource_setTimeoutUS(timerOf(owner), 3000);
    signalWait(owner->done, ++count);
    assert_true(IOUptimeNanoseconds() - start >= 3000000);
    start = IOUptimeNanoseconds();
    IOTimerEventSource_setTimeoutTicks(timerOf(owner), 1);
    signalWait(owner->done, ++count);
    assert_true(IOUptimeNanoseconds() - start >= 10 * 1000000);
    start = IOUptimeNanoseconds();
    IOTimerEventSource_setTimeout(timerOf(owner), 7, kMillisecondScale);
    signalWait(owner->done, ++count);
    assert_true(IOUptimeNanoseconds() - start >= 7 * 1000000);
    IOTimerEventSource_setTimeoutInterval(timerOf(owner), 0); /* now */
    signalWait(owner->done, ++count);
    /* One shot. */
    passTime(owner, 5);
    assert_int_equal(owner->count, count);
    freeTimed(owner);
}

TEST(7_11_absolute_times)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsDefault);
    uint64_t at = IOUptimeNanoseconds() + 10 * 1000000;
    IOTimerEventSource_wakeAtTime(timerOf(owner), at);
    signalWait(owner->done, 1);
    assert_true(IOUptimeNanoseconds() >= at);
    IOTimerEventSource_wakeAtTimeUS(timerOf(owner), 1); /* long ago */
    signalWait(owner->done, 2);
    IOTimerEventSource_wakeAtTimeMS(timerOf(owner), 1);
    signalWait(owner->done, 3);
    IOTimerEventSource_wakeAtTimeTicks(timerOf(owner), 1);
    signalWait(owner->done, 4);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    IOTimerEventSource_wakeAtTime(timerOf(owner), 0); /* not set */
    passTime(owner, 6);
    assert_int_equal(owner->count, 4);
    freeTimed(owner);
}

TEST(7_11_setting_again_replaces)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsDefault);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 3600 * 1000);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    signalWait(owner->done, 1);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 3600 * 1000);
    passTime(owner, 6);
    assert_int_equal(owner->count, 1);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    IOTimerEventSource_cancelTimeout(timerOf(owner));
    passTime(owner, 6);
    assert_int_equal(owner->count, 1);
    /* What was cancelled is not set again by enable. */
    IOEventSource_disable(&timerOf(owner)->super);
    IOEventSource_enable(&timerOf(owner)->super);
    passTime(owner, 2);
    assert_int_equal(owner->count, 1);
    freeTimed(owner);
}

TEST(7_11_disable_keeps_the_time)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsDefault);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    IOEventSource_disable(&timerOf(owner)->super);
    passTime(owner, 6);
    int before = owner->count; /* 1 when it fired before the disable */
    IOEventSource_enable(&timerOf(owner)->super);
    signalWait(owner->done, (unsigned)before + 1);
    /* Set while disabled. */
    IOEventSource_disable(&timerOf(owner)->super);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 1);
    passTime(owner, 4);
    assert_int_equal(owner->count, before + 1);
    IOEventSource_enable(&timerOf(owner)->super);
    signalWait(owner->done, (unsigned)before + 2);
    freeTimed(owner);
}

TEST(7_11_set_before_it_is_added)
{
    TestOwner *owner = makeOwner();
    owner->context = IOTimerEventSource_create(owner, fired);
    assert_int_equal(IOTimerEventSource_setTimeoutMS(timerOf(owner), 1), kIOReturnSuccess);
    passTime(owner, 4);
    assert_int_equal(owner->count, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &timerOf(owner)->super);
    signalWait(owner->done, 1);
    freeTimed(owner);
}

/* With the gate closed a cancel beats an action that is due and waits for the gate: a later timer of another loop has
 * fired, so the pool has begun with this one. */
TEST(7_11_cancel_in_the_gate)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsDefault);
    TestOwner *other = makeTimed(kIOTimerEventSourceOptionsDefault);
    for (unsigned i = 1; i <= 20; i++) {
        IOWorkLoop_closeGate(owner->workLoop);
        IOTimerEventSource_setTimeoutInterval(timerOf(owner), 0);
        IOTimerEventSource_setTimeoutInterval(timerOf(other), 0);
        signalWait(other->done, i);
        IOTimerEventSource_cancelTimeout(timerOf(owner));
        IOWorkLoop_openGate(owner->workLoop);
    }
    quiesce();
    assert_int_equal(owner->count, 0);
    freeTimed(other);
    freeTimed(owner);
}

TEST(7_12_gate_held_on_a_timer_thread)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsPriorityUser);
    IOTimerEventSource_setTimeoutUS(timerOf(owner), 1);
    signalWait(owner->done, 1);
    assert_true(owner->wasInGate && !owner->wasOnThread);
    freeTimed(owner);
}

TEST(7_12_gate_held_on_the_loops_thread)
{
    TestOwner *owner = makeTimed(kIOTimerEventSourceOptionsPriorityWorkLoop);
    for (unsigned i = 1; i <= 20; i++) {
        IOTimerEventSource_setTimeoutUS(timerOf(owner), 100);
        signalWait(owner->done, i);
    }
    assert_true(owner->wasInGate && owner->wasOnThread);
    IOTimerEventSource_setTimeoutMS(timerOf(owner), 2);
    IOEventSource_disable(&timerOf(owner)->super);
    passTime(owner, 6);
    int before = owner->count;
    IOEventSource_enable(&timerOf(owner)->super);
    signalWait(owner->done, (unsigned)before + 1);
    freeTimed(owner);
}

/* A timer whose gate is held does not delay the timers of another loop. */
TEST(a_held_gate_delays_no_other_loop)
{
    TestOwner *held = makeTimed(kIOTimerEventSourceOptionsDefault),
              *other = makeTimed(kIOTimerEventSourceOptionsDefault);
    IOWorkLoop_closeGate(held->workLoop);
    IOTimerEventSource_setTimeoutUS(timerOf(held), 1);
    for (unsigned i = 1; i <= 5; i++) {
        IOTimerEventSource_setTimeoutMS(timerOf(other), 2);
        signalWait(other->done, i);
    }
    assert_int_equal(held->count, 0);
    IOWorkLoop_openGate(held->workLoop);
    signalWait(held->done, 1);
    freeTimed(held);
    freeTimed(other);
}

/* An action that sleeps in the gate, whose timer is due again meanwhile: re-entered only when that was asked for. */
static void sleepsInside(OSObject *object, IOTimerEventSource *timer)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    enterAction(owner);
    int number = ++owner->count;
    if (number == 1) {
        IOTimerEventSource_setTimeoutInterval(timer, 0);
        uint64_t deadline = IOUptimeNanoseconds() + 30 * 1000000;
        while (owner->count == 1 && IOUptimeNanoseconds() < deadline)
            IOWorkLoop_sleepGateDeadline(owner->workLoop, owner, deadline, THREAD_UNINT);
    } else {
        IOWorkLoop_wakeupGate(owner->workLoop, owner, false);
    }
    leaveAction(owner);
    signalRaise(owner->done);
}

static int mostInside(uint32_t options)
{
    TestOwner *owner = makeOwner();
    owner->context = IOTimerEventSource_createWithOptions(options, owner, sleepsInside);
    IOWorkLoop_addEventSource(owner->workLoop, &timerOf(owner)->super);
    IOTimerEventSource_setTimeoutInterval(timerOf(owner), 0);
    signalWait(owner->done, 2);
    int most = owner->mostInside;
    freeTimed(owner);
    return most;
}

TEST(reentered_when_asked_for)
{
    assert_int_equal(mostInside(kIOTimerEventSourceOptionsDefault), 1);
    assert_int_equal(mostInside(kIOTimerEventSourceOptionsDefault | kIOTimerEventSourceOptionsAllowReenter), 2);
}

/* Many timers, set in no order: each fires once, none before its time. */
enum { kTimers = 100 };

typedef struct Timed {
    IOTimerEventSource *timer;
    uint64_t at;
    bool early;
} Timed;

static void checkTime(OSObject *object, IOTimerEventSource *timer)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    Timed *timed = IOEventSource_getRefcon(&timer->super);
    timed->early = IOUptimeNanoseconds() < timed->at;
    owner->count++;
    signalRaise(owner->done);
}

TEST(many_timers)
{
    TestOwner *owner = makeOwner();
    Timed timed[kTimers] = {{NULL}};
    uint64_t start = IOUptimeNanoseconds();
    for (unsigned i = 0; i < kTimers; i++) {
        timed[i].timer = IOTimerEventSource_create(owner, checkTime);
        timed[i].at = start + 1000000 + (i * 37 % kTimers) * 100000;
        IOEventSource_setRefcon(&timed[i].timer->super, &timed[i]);
        IOWorkLoop_addEventSource(owner->workLoop, &timed[i].timer->super);
        IOTimerEventSource_wakeAtTime(timed[i].timer, timed[i].at);
    }
    signalWait(owner->done, kTimers);
    for (unsigned i = 0; i < kTimers; i++) {
        assert_false(timed[i].early);
        IOWorkLoop_removeEventSource(owner->workLoop, &timed[i].timer->super);
        OSRelease(timed[i].timer);
    }
    assert_int_equal(owner->count, kTimers);
    freeOwner(owner);
}

/* Setting, cancelling and removing from one side while it fires on the other. */
TEST(set_and_removed_while_it_fires)
{
    TestOwner *owner = makeOwner();
    for (int i = 0; i < 300; i++) {
        owner->context = IOTimerEventSource_create(owner, fired);
        IOWorkLoop_addEventSource(owner->workLoop, &timerOf(owner)->super);
        IOTimerEventSource_setTimeoutUS(timerOf(owner), (UInt32)i % 3);
        if (i % 5 == 0)
            IOTimerEventSource_cancelTimeout(timerOf(owner));
        IOWorkLoop_removeEventSource(owner->workLoop, &timerOf(owner)->super);
        int count = owner->count;
        OSRelease(timerOf(owner));
        assert_int_equal(owner->count, count); /* never after the removal */
    }
    freeOwner(owner);
}

TEST_MAIN_WITH(workloopHooks, RUN(7_11_without_action), RUN(7_11_relative_times), RUN(7_11_absolute_times),
               RUN(7_11_setting_again_replaces), RUN(7_11_disable_keeps_the_time), RUN(7_11_set_before_it_is_added),
               RUN(7_11_cancel_in_the_gate), RUN(7_12_gate_held_on_a_timer_thread),
               RUN(7_12_gate_held_on_the_loops_thread), RUN(a_held_gate_delays_no_other_loop),
               RUN(reentered_when_asked_for), RUN(many_timers), RUN(set_and_removed_while_it_fires))
