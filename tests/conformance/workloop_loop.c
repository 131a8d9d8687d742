/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.1 to 7.6: work loops and event sources. */
#include "workloopFixture.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* A source of the test's own: says whether it has more work, and traces. */
OSDeclareClass(Poller);
struct Poller {
    IOEventSource super;
    char name;
    int work; /* passes that it answers true; the gate */
    void (*inside)(Poller *self);
};

static bool Poller_checkForWork(IOEventSource *source)
{
    Poller *self = OSRequiredCast(Poller, source);
    trace("%c", self->name);
    if (self->inside)
        self->inside(self);
    return self->work > 0 && self->work-- > 0;
}

OSDefineClass(Poller, IOEventSource, .checkForWork = Poller_checkForWork);

static Poller *makePoller(TestOwner *owner, char name, int work)
{
    Poller *poller = OSTypeAlloc(Poller);
    assert_true(poller && IOEventSource_init(&poller->super, OSObjectOf(owner)));
    poller->name = name;
    poller->work = work;
    return poller;
}

static void setUp(void)
{
    workloopHooks.setUp();
    static OSMetaClass *const classes[] = {&Poller_class};
    static const OSClassList list = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("org.poller", &list), kOSReturnSuccess);
}

static IOReturn nested(OSObject *target, void *arg0, void *arg1, void *arg2, void *arg3)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    assert_true(IOWorkLoop_inGate(owner->workLoop));
    owner->count++;
    if (arg0)
        return IOWorkLoop_runAction(owner->workLoop, nested, target, NULL, arg1, arg2, arg3);
    assert_ptr_equal(arg1, &owner->count);
    assert_ptr_equal(arg2, &owner->sum);
    assert_ptr_equal(arg3, owner);
    return kIOReturnOffline;
}

static void onLoop(OSObject *target, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    enterAction(owner);
    assert_ptr_equal(IOWorkLoop_getThread(owner->workLoop), IOThreadSelf());
    assert_int_equal(IOWorkLoop_runAction(owner->workLoop, nested, target, owner, &owner->count, &owner->sum, owner),
                     kIOReturnOffline);
    leaveAction(owner);
    signalRaise(owner->done);
}

TEST(7_1_thread_gate_and_who_is_where)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, onLoop, NULL, 0);
    assert_non_null(IOWorkLoop_getThread(owner->workLoop));
    assert_false(IOWorkLoop_onThread(owner->workLoop));
    assert_false(IOWorkLoop_inGate(owner->workLoop));
    IOWorkLoop_closeGate(owner->workLoop);
    assert_true(IOWorkLoop_tryCloseGate(owner->workLoop));
    assert_true(IOWorkLoop_inGate(owner->workLoop));
    IOWorkLoop_openGate(owner->workLoop);
    assert_true(IOWorkLoop_inGate(owner->workLoop));
    IOWorkLoop_openGate(owner->workLoop);
    assert_false(IOWorkLoop_inGate(owner->workLoop));
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &source->super), kIOReturnSuccess);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    signalWait(owner->done, 1);
    assert_true(owner->wasInGate && owner->wasOnThread);
    IOWorkLoop_removeEventSource(owner->workLoop, &source->super);
    OSRelease(source);
    freeOwner(owner);
}

static void *addFromThread(void *argument)
{
    Poller *poller = argument;
    IOWorkLoop_addEventSource(OSRequiredCast(TestOwner, poller->super.owner)->workLoop, &poller->super);
    return NULL;
}

TEST(7_2_add_and_remove)
{
    TestOwner *owner = makeOwner();
    IOWorkLoop *other = IOWorkLoop_create();
    Poller *one = makePoller(owner, 'a', 0), *two = makePoller(owner, 'b', 0);
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &one->super), kIOReturnSuccess);
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &one->super), kIOReturnSuccess);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(one)), 2);
    assert_ptr_equal(IOEventSource_getWorkLoop(&one->super), owner->workLoop);
    /* Again, or to another loop: nothing happens. */
    assert_int_equal(IOWorkLoop_addEventSource(owner->workLoop, &one->super), kIOReturnSuccess);
    assert_int_equal(IOWorkLoop_addEventSource(other, &one->super), kIOReturnSuccess);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(one)), 2);
    assert_ptr_equal(IOEventSource_getWorkLoop(&one->super), owner->workLoop);
    assert_int_equal(IOWorkLoop_removeEventSource(other, &one->super), kIOReturnBadArgument);
    /* With the gate closed: another thread's add waits for it. */
    IOWorkLoop_closeGate(owner->workLoop);
    Runner *adder = run(addFromThread, two);
    assert_null(IOEventSource_getWorkLoop(&two->super));
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &one->super), kIOReturnSuccess);
    assert_null(IOEventSource_getWorkLoop(&two->super));
    IOWorkLoop_openGate(owner->workLoop);
    join(adder);
    assert_ptr_equal(IOEventSource_getWorkLoop(&two->super), owner->workLoop);
    assert_null(IOEventSource_getWorkLoop(&one->super));
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(one)), 1);
    IOWorkLoop_removeEventSource(owner->workLoop, &two->super);
    OSRelease(one);
    OSRelease(two);
    OSRelease(other);
    freeOwner(owner);
}

static void addAnother(Poller *self)
{
    self->inside = NULL;
    IOWorkLoop *loop = IOEventSource_getWorkLoop(&self->super);
    Poller *late = IOEventSource_getRefcon(&self->super);
    assert_int_equal(IOWorkLoop_addEventSource(loop, &late->super), kIOReturnSuccess);
}

/* Removes itself and gives up the last reference: the loop is still inside its checkForWork. */
static void removeSelf(Poller *self)
{
    assert_int_equal(IOWorkLoop_removeEventSource(IOEventSource_getWorkLoop(&self->super), &self->super),
                     kIOReturnSuccess);
    OSRelease(self);
}

/* Gate closed while the sources are added, so that no pass sees half of them; the last one, 'z', ends a pass. */
TEST(7_3_polling_order_and_repetition)
{
    TestOwner *owner = makeOwner();
    Poller *a = makePoller(owner, 'a', 0), *b = makePoller(owner, 'b', 1), *c = makePoller(owner, 'c', 0),
           *late = makePoller(owner, 'l', 0);
    IOCommandGate *gate = IOCommandGate_create(owner, NULL);
    IOTimerEventSource *timer = IOTimerEventSource_create(owner, NULL);
    assert_true(a->super.isActive);
    assert_false(gate->super.isActive);
    assert_false(timer->super.isActive);
    IOEventSource *sources[] = {&gate->super, &a->super, &timer->super, &b->super, &c->super};
    for (size_t i = 0; i < 5; i++)
        IOWorkLoop_addEventSource(owner->workLoop, sources[i]);
    /* b has work once more: everybody is asked again, in the order of adding. */
    traceClear();
    IOWorkLoop_signalWorkAvailable(owner->workLoop);
    IOWorkLoop_closeGate(owner->workLoop);
    IOWorkLoop_openGate(owner->workLoop);
    settle(owner->workLoop);
    assert_memory_equal(traceText(), "a b c a b c", 11);
    /* A list that changes: the pass begins again at once, before c is asked. */
    traceClear();
    IOWorkLoop_closeGate(owner->workLoop);
    IOEventSource_setRefcon(&b->super, late);
    b->inside = addAnother;
    IOWorkLoop_signalWorkAvailable(owner->workLoop);
    IOWorkLoop_openGate(owner->workLoop);
    settle(owner->workLoop);
    assert_memory_equal(traceText(), "a b a b c l", 11);
    /* One that takes itself out. */
    traceClear();
    IOWorkLoop_closeGate(owner->workLoop);
    b->inside = removeSelf;
    IOWorkLoop_signalWorkAvailable(owner->workLoop);
    IOWorkLoop_openGate(owner->workLoop);
    settle(owner->workLoop);
    assert_memory_equal(traceText(), "a b a c l", 9);
    for (size_t i = 0; i < 5; i++)
        if (sources[i] != &b->super) {
            assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, sources[i]), kIOReturnSuccess);
            OSRelease(sources[i]);
        }
    IOWorkLoop_removeEventSource(owner->workLoop, &late->super);
    OSRelease(late);
    freeOwner(owner);
}

static IOReturn countOne(OSObject *target, void *arg0, void *arg1, void *arg2, void *arg3)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    enterAction(owner);
    owner->sum = owner->sum + 1; /* two steps: lost, were two inside */
    leaveAction(owner);
    return kIOReturnSuccess;
}

enum { kThreads = 4, kTimes = 2000 };

static void *runMany(void *argument)
{
    TestOwner *owner = argument;
    for (int i = 0; i < kTimes; i++)
        IOWorkLoop_runAction(owner->workLoop, countOne, OSObjectOf(owner), NULL, NULL, NULL, NULL);
    return NULL;
}

TEST(7_4_runAction_is_one_at_a_time)
{
    TestOwner *owner = makeOwner();
    Runner *runners[kThreads];
    for (int i = 0; i < kThreads; i++)
        runners[i] = run(runMany, owner);
    for (int i = 0; i < kThreads; i++)
        join(runners[i]);
    assert_int_equal(owner->sum, kThreads * kTimes);
    assert_int_equal(owner->mostInside, 1);
    freeOwner(owner);
}

static void countSignal(OSObject *target, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    owner->sum += count;
    signalRaise(owner->done);
}

/* Each signal is waited for before the next is given: one that is lost is a time-out. */
TEST(7_4_no_signal_is_lost)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, countSignal, NULL, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    for (unsigned i = 1; i <= 5000; i++) {
        IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
        signalWait(owner->done, i);
    }
    assert_int_equal(owner->sum, 5000);
    IOWorkLoop_removeEventSource(owner->workLoop, &source->super);
    OSRelease(source);
    freeOwner(owner);
}

TEST(7_5_the_last_release_disables_and_ends)
{
    TestOwner *owner = makeOwner();
    IOWorkLoop *loop = IOWorkLoop_create();
    Poller *poller = makePoller(owner, 'p', 0);
    IOCommandGate *gate = IOCommandGate_create(owner, NULL);
    IOWorkLoop_addEventSource(loop, &poller->super);
    IOWorkLoop_addEventSource(loop, &gate->super);
    assert_true(IOEventSource_isEnabled(&poller->super));
    uint32_t before = OSMetaClass_getInstanceCount(&IOWorkLoop_class);
    OSRelease(loop);
    assert_false(IOEventSource_isEnabled(&poller->super));
    assert_false(IOEventSource_isEnabled(&gate->super));
    quiesce();
    assert_int_equal(OSMetaClass_getInstanceCount(&IOWorkLoop_class), before - 1);
    assert_null(IOEventSource_getWorkLoop(&poller->super));
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(poller)), 1);
    OSRelease(poller);
    OSRelease(gate);
    freeOwner(owner);
}

static void releaseLoop(OSObject *target, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    OSSafeReleaseNULL(owner->workLoop);
    signalRaise(owner->done);
}

/* The last release from inside of an action, on the loop's own thread. */
TEST(7_5_the_last_release_on_its_own_thread)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, releaseLoop, NULL, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    OSRelease(source); /* the loop's reference is the last */
    signalWait(owner->done, 1);
    freeOwner(owner);
}

TEST(7_6_a_source)
{
    TestOwner *owner = makeOwner();
    Poller *poller = OSTypeAlloc(Poller);
    assert_false(IOEventSource_init(&poller->super, NULL));
    OSRelease(poller);
    assert_null((IOCommandGate_create)(NULL, NULL));
    assert_null((IOTimerEventSource_create)(NULL, NULL));
    assert_null((IOInterruptEventSource_create)(NULL, NULL, NULL, 0));
    poller = makePoller(owner, 'p', 0);
    assert_true(IOEventSource_isEnabled(&poller->super));
    assert_ptr_equal(IOEventSource_getOwner(&poller->super), owner);
    assert_false(IOEventSource_onThread(&poller->super));
    IOWorkLoop_addEventSource(owner->workLoop, &poller->super);
    settle(owner->workLoop);
    IOEventSource_disable(&poller->super);
    assert_false(IOEventSource_isEnabled(&poller->super));
    /* enable signals the loop, which polls. */
    traceClear();
    IOEventSource_enable(&poller->super);
    assert_true(IOEventSource_isEnabled(&poller->super));
    settle(owner->workLoop);
    assert_true(traceText()[0] == 'p');
    IOWorkLoop_removeEventSource(owner->workLoop, &poller->super);
    assert_false(IOEventSource_isEnabled(&poller->super));
    assert_null(IOEventSource_getWorkLoop(&poller->super));
    OSRelease(poller);
    freeOwner(owner);
}

TEST(all_sources_and_all_interrupts)
{
    TestOwner *owner = makeOwner();
    Poller *poller = makePoller(owner, 'p', 0);
    IOCommandGate *gate = IOCommandGate_create(owner, NULL);
    IOWorkLoop_addEventSource(owner->workLoop, &poller->super);
    IOWorkLoop_addEventSource(owner->workLoop, &gate->super);
    IOWorkLoop_disableAllInterrupts(owner->workLoop);
    assert_true(IOEventSource_isEnabled(&poller->super));
    IOWorkLoop_disableAllEventSources(owner->workLoop);
    assert_false(IOEventSource_isEnabled(&poller->super) || IOEventSource_isEnabled(&gate->super));
    IOWorkLoop_enableAllInterrupts(owner->workLoop);
    assert_false(IOEventSource_isEnabled(&poller->super));
    IOWorkLoop_enableAllEventSources(owner->workLoop);
    assert_true(IOEventSource_isEnabled(&poller->super) && IOEventSource_isEnabled(&gate->super));
    IOWorkLoop_removeEventSource(owner->workLoop, &poller->super);
    IOWorkLoop_removeEventSource(owner->workLoop, &gate->super);
    OSRelease(poller);
    OSRelease(gate);
    freeOwner(owner);
}

/* The loop's thread, over its life: voluntary context switches are its wake-ups. */
static long switchesOf(pid_t thread)
{
    char path[64], line[256];
    long switches = -1;
    snprintf(path, sizeof path, "/proc/self/task/%d/status", (int)thread);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "voluntary_ctxt_switches: %ld", &switches);
    if (file)
        fclose(file);
    return switches;
}

static void noteThread(OSObject *target, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, target);
    owner->sum = gettid();
    signalRaise(owner->done);
}

static void noTimer(OSObject *target, IOTimerEventSource *timer)
{
    signalRaise(OSRequiredCast(TestOwner, target)->done);
}

/* A quarter of a second in which nothing happens is what is measured: the sleep is the subject, not a synchronisation.
 */
TEST(idle_does_not_wake_up)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, noteThread, NULL, 0);
    IOTimerEventSource *timer = IOTimerEventSource_create(owner, noTimer);
    struct timespec while_ = {.tv_nsec = 250000000};
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOWorkLoop_addEventSource(owner->workLoop, &timer->super);
    IOTimerEventSource_setTimeoutMS(timer, 3600 * 1000);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    signalWait(owner->done, 1);
    IOWorkLoop_closeGate(owner->workLoop); /* its thread is through with that action, and at most on its way to sleep */
    IOWorkLoop_openGate(owner->workLoop);
    long before = switchesOf(owner->sum);
    nanosleep(&while_, NULL);
    long after = switchesOf(owner->sum);
    assert_true(before >= 0 && after - before <= 1);
    IOWorkLoop_removeEventSource(owner->workLoop, &timer->super);
    IOWorkLoop_removeEventSource(owner->workLoop, &source->super);
    OSRelease(timer);
    OSRelease(source);
    freeOwner(owner);
}

static void tearDown(void)
{
    workloopHooks.tearDown();
}

static void describe(char *text, size_t size)
{
    workloopHooks.describeObjects(text, size);
}

static const TestHooks hooks = {.setUp = setUp, .tearDown = tearDown, .describeObjects = describe};

TEST_MAIN_WITH(hooks, RUN(7_1_thread_gate_and_who_is_where), RUN(7_2_add_and_remove),
               RUN(7_3_polling_order_and_repetition), RUN(7_4_runAction_is_one_at_a_time), RUN(7_4_no_signal_is_lost),
               RUN(7_5_the_last_release_disables_and_ends), RUN(7_5_the_last_release_on_its_own_thread),
               RUN(7_6_a_source), RUN(all_sources_and_all_interrupts), RUN(idle_does_not_wake_up))
