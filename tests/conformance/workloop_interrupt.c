/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.13 to 7.16, and the interrupts of 4.12: interrupt sources, filters, controllers. */
#include "workloopFixture.h"

#include <sys/eventfd.h>
#include <unistd.h>

static const char kName[] = "TestInterrupts";

typedef struct Setup {
    TestOwner *owner;
    TestController *controller;
    IOService *nub;
} Setup;

static Setup makeSetup(void)
{
    return (Setup){makeOwner(), makeController(kName), makeNub(kName)};
}

static void freeSetup(Setup setup)
{
    withdraw(setup.nub);
    freeController(setup.controller, kName);
    freeOwner(setup.owner);
}

static void note(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    enterAction(owner);
    owner->sum += count;
    owner->count++;
    leaveAction(owner);
    signalRaise(owner->done);
}

static void removeSource(TestOwner *owner, IOInterruptEventSource *source)
{
    assert_int_equal(IOWorkLoop_removeEventSource(owner->workLoop, &source->super), kIOReturnSuccess);
    OSRelease(source);
}

TEST(4_12_lookups)
{
    Setup setup = makeSetup();
    int type = -1;
    IOService *bare = makeService("TestNub", NULL, NULL);
    IOService *unknown = makeNub("Nobody");
    IOService *unspecified = makeService(
        "TestNub", "<dict><key>IOInterruptControllers</key><array><string>TestInterrupts</string></array></dict>",
        NULL);
    IOService *beyond =
        makeService("TestNub",
                    "<dict><key>IOInterruptControllers</key><array><string>TestInterrupts</string>"
                    "</array><key>IOInterruptSpecifiers</key><array><data>CQAAAA==</data></array></dict>",
                    NULL);
    /* No property, no such controller, no specifier, no such vector. */
    IOService *without[] = {bare, unknown, unspecified, beyond};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(IOService_getInterruptType(without[i], 0, &type), kIOReturnNoResources);
        assert_int_equal(IOService_registerInterrupt(without[i], 0, NULL, NULL, NULL), kIOReturnNoResources);
        assert_null(IOInterruptEventSource_create(setup.owner, note, without[i], 0));
    }
    assert_int_equal(IOService_enableInterrupt(bare, 0), kIOReturnNoResources);
    assert_int_equal(type, -1);
    /* Out of range; not resolved where resolving is not allowed. */
    assert_int_equal(IOService_getInterruptType(setup.nub, 2, &type), kIOReturnNoInterrupt);
    assert_int_equal(IOService_getInterruptType(setup.nub, -1, &type), kIOReturnNoInterrupt);
    assert_int_equal(IOService_enableInterrupt(setup.nub, 0), kIOReturnNoInterrupt);
    assert_int_equal(IOService_disableInterrupt(setup.nub, 0), kIOReturnNoInterrupt);
    assert_int_equal(IOService_unregisterInterrupt(setup.nub, 0), kIOReturnNoInterrupt);
    assert_int_equal(IOService_causeInterrupt(setup.nub, 0), kIOReturnNoInterrupt);
    assert_int_equal(IOService_getInterruptType(setup.nub, 0, &type), kIOReturnSuccess);
    assert_int_equal(type, kIOInterruptTypeEdge);
    assert_int_equal(IOService_getInterruptType(setup.nub, 1, &type), kIOReturnSuccess);
    assert_int_equal(type, kIOInterruptTypeLevel);
    assert_int_equal(IOService_disableInterrupt(setup.nub, 0), kIOReturnSuccess);
    assert_int_equal(IOService_enableInterrupt(setup.nub, 0), kIOReturnNoResources); /* nobody registered */
    for (size_t i = 0; i < 4; i++)
        withdraw(without[i]);
    freeSetup(setup);
}

typedef struct Handled {
    Signal *signal;
    IOService *nub;
    OSObject *target;
    int source;
} Handled;

static void handle(OSObject *target, void *refCon, IOService *nub, int source)
{
    Handled *handled = refCon;
    handled->target = target;
    handled->nub = nub;
    handled->source = source;
    signalRaise(handled->signal);
}

TEST(handlers_of_a_vector)
{
    Setup setup = makeSetup();
    Handled handled = {.signal = signalMake()};
    OSObject *target = OSObjectOf(setup.owner);
    assert_int_equal(IOService_registerInterrupt(setup.nub, 0, target, handle, &handled), kIOReturnSuccess);
    assert_int_equal(IOService_registerInterrupt(setup.nub, 0, target, handle, &handled), kIOReturnNoResources);
    raiseEdge(setup.controller); /* disabled: held back */
    assert_int_equal(IOService_enableInterrupt(setup.nub, 0), kIOReturnSuccess);
    signalWait(handled.signal, 1);
    assert_int_equal(IOService_causeInterrupt(setup.nub, 0), kIOReturnSuccess);
    signalWait(handled.signal, 2);
    assert_int_equal(IOService_unregisterInterrupt(setup.nub, 0), kIOReturnSuccess); /* waits for the handler */
    assert_ptr_equal(handled.target, target);
    assert_ptr_equal(handled.nub, setup.nub);
    assert_int_equal(handled.source, 0);
    signalFree(handled.signal);
    freeSetup(setup);
}

TEST(descriptors_from_elsewhere)
{
    Setup setup = makeSetup();
    IOInterruptController *controller = &setup.controller->super;
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, note, setup.nub, 0);
    int fd = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(IOInterruptController_setVectorDescriptor(controller, kVectors, fd), kIOReturnBadArgument);
    assert_int_equal(IOInterruptController_setVectorDescriptor(controller, kEdge, -1), kIOReturnBadArgument);
    assert_int_equal(IOInterruptController_setVectorDescriptor(controller, kEdge, fd), kIOReturnBusy);
    assert_int_equal(IOInterruptController_getVectorDescriptor(controller, kVectors), -1);
    OSRelease(source);
    assert_int_equal(IOInterruptController_setVectorDescriptor(controller, kEdge, fd), kIOReturnSuccess);
    assert_int_equal(IOInterruptController_getVectorDescriptor(controller, kEdge), fd);
    source = IOInterruptEventSource_create(setup.owner, note, setup.nub, 0);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    raiseEdge(setup.controller);
    signalWait(setup.owner->done, 1);
    removeSource(setup.owner, source);
    const OSSymbol *name = OSSymbol_withCString(kName);
    assert_int_equal(IOPlatformExpert_registerInterruptController(name, controller), kIOReturnExclusiveAccess);
    OSRelease(name);
    assert_false(IOInterruptController_initVectors(controller, 1)); /* once only */
    freeSetup(setup);
}

TEST(7_13_software_sources)
{
    TestOwner *owner = makeOwner();
    assert_null(IOInterruptEventSource_create(owner, note, NULL, -1));
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, note, NULL, 0);
    assert_null(IOInterruptEventSource_getProvider(source));
    assert_false(IOInterruptEventSource_getAutoDisable(source));
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0); /* in no loop yet: counted */
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    settle(owner->workLoop);
    assert_int_equal(owner->sum, 2);
    assert_true(owner->wasInGate && owner->wasOnThread);
    removeSource(owner, source);
    freeOwner(owner);
}

/* The gate is held while interrupts come: one call of the action, for all of them. */
TEST(7_14_counts_and_coalesces)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, note, NULL, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOWorkLoop_closeGate(owner->workLoop);
    for (int i = 0; i < 5; i++)
        IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    IOWorkLoop_openGate(owner->workLoop);
    settle(owner->workLoop);
    assert_int_equal(owner->sum, 5);
    assert_int_equal(owner->count, 1);
    removeSource(owner, source);
    freeOwner(owner);
}

TEST(7_14_edge_of_a_device)
{
    Setup setup = makeSetup();
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, note, setup.nub, 0);
    assert_ptr_equal(IOInterruptEventSource_getProvider(source), setup.nub);
    assert_int_equal(IOInterruptEventSource_getIntIndex(source), 0);
    assert_false(IOInterruptEventSource_getAutoDisable(source));
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    for (unsigned i = 1; i <= 200; i++) {
        raiseEdge(setup.controller);
        signalWait(setup.owner->done, i);
    }
    assert_int_equal(setup.owner->sum, 200);
    assert_true(setup.owner->wasInGate && setup.owner->wasOnThread);
    assert_int_equal(setup.controller->disabled, 0);
    removeSource(setup.owner, source);
    freeSetup(setup);
}

/* The line stays high for three actions: each enables it again, and it interrupts again. */
static void serveLevel(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    TestController *controller = owner->context;
    assert_int_equal(controller->disabled - owner->count, 1); /* once for each action */
    assert_int_equal(count, 1);
    if (++owner->count == 3)
        lowerLine(controller);
    signalRaise(owner->done);
}

TEST(7_14_level_is_disabled_until_the_action_ran)
{
    Setup setup = makeSetup();
    setup.owner->context = setup.controller;
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, serveLevel, setup.nub, 1);
    assert_true(IOInterruptEventSource_getAutoDisable(source));
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    raiseLine(setup.controller);
    signalWait(setup.owner->done, 3);
    settle(setup.owner->workLoop);
    assert_int_equal(setup.owner->count, 3);
    assert_int_equal(setup.controller->disabled, 3);
    assert_int_equal(setup.controller->enabled, 4);
    removeSource(setup.owner, source);
    freeSetup(setup);
}

/* Disables its source from the action: it is not enabled again. */
static void disableInside(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    IOEventSource_disable(&source->super);
    owner->count++;
    signalRaise(owner->done);
}

TEST(7_14_level_stays_disabled_when_the_driver_says_so)
{
    Setup setup = makeSetup();
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, disableInside, setup.nub, 1);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    raiseLine(setup.controller);
    signalWait(setup.owner->done, 1);
    settle(setup.owner->workLoop);
    assert_int_equal(setup.controller->enabled, 1);
    assert_false(IOEventSource_isEnabled(&source->super));
    IOEventSource_enable(&source->super); /* the line is still high */
    signalWait(setup.owner->done, 2);
    removeSource(setup.owner, source);
    freeSetup(setup);
}

static bool filter(OSObject *object, IOFilterInterruptEventSource *source)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    bool answer = owner->filterSays;
    assert_false(IOWorkLoop_onThread(owner->workLoop) || IOWorkLoop_inGate(owner->workLoop));
    owner->inside++; /* calls of the filter */
    signalRaise(owner->context);
    return answer;
}

static void filtered(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    owner->sum += count;
    signalRaise(owner->done);
}

static void filterOn(int index)
{
    Setup setup = makeSetup();
    Signal *asked = signalMake();
    setup.owner->context = asked;
    IOFilterInterruptEventSource *source =
        IOFilterInterruptEventSource_create(setup.owner, filtered, filter, setup.nub, index);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super.super);
    IOEventSource_enable(&source->super.super);
    setup.owner->filterSays = false;
    const uint64_t one = 1;
    int fd = IOInterruptController_getVectorDescriptor(&setup.controller->super, (unsigned)index);
    assert_int_equal(write(fd, &one, sizeof one), sizeof one);
    signalWait(asked, 1);
    settle(setup.owner->workLoop);
    assert_int_equal(setup.owner->sum, 0);
    assert_int_equal(setup.controller->disabled, 0);
    setup.owner->filterSays = true;
    assert_int_equal(write(fd, &one, sizeof one), sizeof one);
    signalWait(setup.owner->done, 1);
    assert_int_equal(setup.owner->sum, 1);
    assert_int_equal(setup.owner->inside, 2);
    assert_int_equal(setup.controller->disabled, index == kLevel);
    IOFilterInterruptEventSource_signalInterrupt(source); /* without the filter */
    signalWait(setup.owner->done, 2);
    assert_int_equal(setup.owner->inside, 2);
    removeSource(setup.owner, &source->super);
    signalFree(asked);
    freeSetup(setup);
}

TEST(7_15_filter)
{
    TestOwner *owner = makeOwner();
    assert_null(IOFilterInterruptEventSource_create(owner, filtered, NULL, NULL, 0));
    assert_null(IOFilterInterruptEventSource_create(owner, filtered, filter, NULL, -1));
    freeOwner(owner);
    filterOn(kEdge);
    filterOn(kLevel);
}

static bool closesTheGate(OSObject *object, IOFilterInterruptEventSource *source)
{
    IOWorkLoop_closeGate(OSRequiredCast(TestOwner, object)->workLoop);
    return true;
}

TEST(7_15_a_filter_must_not_close_the_gate)
{
    Setup setup = makeSetup();
    IOFilterInterruptEventSource *source =
        IOFilterInterruptEventSource_create(setup.owner, filtered, closesTheGate, setup.nub, kEdge);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super.super);
    IOEventSource_enable(&source->super.super);
    raiseEdge(setup.controller);
    signalWait(setup.owner->done, 1);
}

static bool disablesItself(OSObject *object, IOFilterInterruptEventSource *source)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    IOEventSource_disable(&source->super.super); /* does not wait for itself */
    owner->inside++;
    return true;
}

TEST(7_16_a_filter_may_disable_its_source)
{
    Setup setup = makeSetup();
    IOFilterInterruptEventSource *source =
        IOFilterInterruptEventSource_create(setup.owner, filtered, disablesItself, setup.nub, kEdge);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super.super);
    IOEventSource_enable(&source->super.super);
    raiseEdge(setup.controller);
    signalWait(setup.owner->done, 1);
    raiseEdge(setup.controller);
    IOEventSource_enable(&source->super.super);
    signalWait(setup.owner->done, 2);
    assert_int_equal(setup.owner->inside, 2);
    removeSource(setup.owner, &source->super);
    freeSetup(setup);
}

TEST(7_16_disabled_interrupts_are_held_back)
{
    Setup setup = makeSetup();
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, note, setup.nub, 0);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    for (unsigned i = 1; i <= 100; i++) {
        raiseEdge(setup.controller);
        settle(setup.owner->workLoop);
        assert_int_equal(setup.owner->count, i - 1);
        IOEventSource_enable(&source->super);
        assert_true(IOEventSource_isEnabled(&source->super));
        signalWait(setup.owner->done, i);
        IOEventSource_disable(&source->super);
    }
    /* Out of the loop and in again: registered again, to be enabled again. */
    IOWorkLoop_removeEventSource(setup.owner->workLoop, &source->super);
    assert_int_equal(IOService_enableInterrupt(setup.nub, 0), kIOReturnNoResources);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    raiseEdge(setup.controller);
    signalWait(setup.owner->done, 101);
    removeSource(setup.owner, source);
    freeSetup(setup);
}

static void disabledMeanwhile(OSObject *object, IOInterruptEventSource *source, int count)
{
    TestOwner *owner = OSRequiredCast(TestOwner, object);
    signalRaise(owner->done);
    signalWait(owner->context, 1); /* the test has disabled it */
    owner->sum += count;
    signalRaise(owner->done);
}

TEST(7_16_disable_does_not_interrupt_an_action)
{
    Setup setup = makeSetup();
    Signal *disabled = signalMake();
    setup.owner->context = disabled;
    IOInterruptEventSource *source = IOInterruptEventSource_create(setup.owner, disabledMeanwhile, setup.nub, 0);
    IOWorkLoop_addEventSource(setup.owner->workLoop, &source->super);
    IOEventSource_enable(&source->super);
    raiseEdge(setup.controller);
    signalWait(setup.owner->done, 1);
    IOEventSource_disable(&source->super);
    signalRaise(disabled);
    signalWait(setup.owner->done, 2);
    assert_int_equal(setup.owner->sum, 1);
    removeSource(setup.owner, source);
    signalFree(disabled);
    freeSetup(setup);
}

TEST(7_16_software_sources_have_nothing_to_disable)
{
    TestOwner *owner = makeOwner();
    IOInterruptEventSource *source = IOInterruptEventSource_create(owner, note, NULL, 0);
    IOWorkLoop_addEventSource(owner->workLoop, &source->super);
    IOEventSource_disable(&source->super);
    assert_true(IOEventSource_isEnabled(&source->super));
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    settle(owner->workLoop);
    assert_int_equal(owner->sum, 1);
    removeSource(owner, source);
    freeOwner(owner);
}

/* One thread interrupts without end, while sources come and go. */
typedef struct Storm {
    TestController *controller;
    _Atomic(bool) isOver;
} Storm;

static void *interruptAlways(void *argument)
{
    Storm *storm = argument;
    while (!storm->isOver) {
        raiseEdge(storm->controller);
        raiseLine(storm->controller);
    }
    return NULL;
}

TEST(removed_under_a_storm)
{
    Setup setup = makeSetup();
    Storm storm = {.controller = setup.controller};
    Runner *runner = run(interruptAlways, &storm);
    for (int i = 0; i < 100; i++) {
        IOInterruptEventSource *sources[2];
        for (int index = 0; index < 2; index++) {
            sources[index] = IOInterruptEventSource_create(setup.owner, note, setup.nub, index);
            assert_non_null(sources[index]);
            IOWorkLoop_addEventSource(setup.owner->workLoop, &sources[index]->super);
            IOEventSource_enable(&sources[index]->super);
        }
        for (int index = 0; index < 2; index++)
            removeSource(setup.owner, sources[index]);
        int count = setup.owner->count;
        settle(setup.owner->workLoop);
        assert_int_equal(setup.owner->count, count); /* nothing after the removal */
    }
    storm.isOver = true;
    join(runner);
    lowerLine(setup.controller);
    freeSetup(setup);
}

TEST_MAIN_WITH(workloopHooks, RUN(4_12_lookups), RUN(handlers_of_a_vector), RUN(descriptors_from_elsewhere),
               RUN(7_13_software_sources), RUN(7_14_counts_and_coalesces), RUN(7_14_edge_of_a_device),
               RUN(7_14_level_is_disabled_until_the_action_ran), RUN(7_14_level_stays_disabled_when_the_driver_says_so),
               RUN(7_15_filter), ABORTS(7_15_a_filter_must_not_close_the_gate, "by an interrupt filter"),
               RUN(7_16_a_filter_may_disable_its_source), RUN(7_16_disabled_interrupts_are_held_back),
               RUN(7_16_disable_does_not_interrupt_an_action), RUN(7_16_software_sources_have_nothing_to_disable),
               RUN(removed_under_a_storm))
