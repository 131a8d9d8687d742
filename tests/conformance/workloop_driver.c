/* SPDX-License-Identifier: MIT */
/*
 * Drivers with sources: the Blinker of the driver guide; and one in the form of the model driver, whose interrupt and
 * gated user-client methods share the gate of the stack's work loop.
 */
#include "workloopFixture.h"

#include <IOKit/IOUserClient.h>
#include <sched.h>

#include "workloop_blinker.h"

static const char kName[] = "MeterInterrupts";

OSDeclareClass(Meter);
struct Meter {
    IOService super;
    IOInterruptEventSource *done; /* owned */
    IOWorkLoop *own;              /* owned; NULL: the provider's */
    unsigned inside, mostInside;  /* gate only */
    unsigned interrupts, calls;   /* gate only */
    Signal *signal;               /* borrowed */
};

static void enter(Meter *self)
{
    assert_true(IOWorkLoop_inGate(IOService_getWorkLoop(&self->super)));
    self->inside++;
    if (self->inside > self->mostInside)
        self->mostInside = self->inside;
}

static void Meter_interrupt(OSObject *owner, IOInterruptEventSource *source, int count)
{
    Meter *self = OSRequiredCast(Meter, owner);
    enter(self);
    assert_true(IOEventSource_onThread(&source->super));
    self->interrupts++;
    self->inside--;
    signalRaise(self->signal);
}

static void Meter_stop(IOService *service, IOService *provider)
{
    Meter *self = OSRequiredCast(Meter, service);
    IOService_removeEventSource(service, &self->done);
    IOService_super()->stop(service, provider);
}

static bool Meter_start(IOService *service, IOService *provider)
{
    Meter *self = OSRequiredCast(Meter, service);
    if (!IOService_super()->start(service, provider))
        return false;
    self->done = IOInterruptEventSource_create(service, Meter_interrupt, provider, 0);
    if (!IOService_addEventSource(service, self->done)) {
        Meter_stop(service, provider);
        return false;
    }
    return true;
}

static IOWorkLoop *Meter_getWorkLoop(IOService *service)
{
    Meter *self = OSRequiredCast(Meter, service);
    return self->own ? self->own : IOService_super()->getWorkLoop(service);
}

static void Meter_free(OSObject *object)
{
    OSSafeReleaseNULL(OSRequiredCast(Meter, object)->own);
    IOService_super()->free(object);
}

OSDefineClass(Meter, IOService, .start = Meter_start, .stop = Meter_stop, .getWorkLoop = Meter_getWorkLoop,
              .free = Meter_free);

static IOReturn gated(IOService *provider, IOExternalMethodArguments *arguments)
{
    Meter *self = OSRequiredCast(Meter, provider);
    enter(self);
    self->calls++;
    self->inside--;
    return kIOReturnSuccess;
}

static IOReturn ungated(IOService *provider, IOExternalMethodArguments *arguments)
{
    assert_false(IOWorkLoop_inGate(IOService_getWorkLoop(provider)));
    return kIOReturnSuccess;
}

static const IOExternalMethod kMethods[] = {{gated, .gated = true}, {ungated}};
IODefineUserClient(MeterClient, kMethods);

static void setUp(void)
{
    static OSMetaClass *const classes[] = {&Meter_class, &MeterClient_class, &Blinker_class};
    static const OSClassList list = {classes, 3};
    workloopHooks.setUp();
    assert_int_equal(OSMetaClass_registerModule("org.meter", &list), kOSReturnSuccess);
}

static void tearDown(void)
{
    workloopHooks.tearDown();
}

static void describe(char *text, size_t size)
{
    workloopHooks.describeObjects(text, size);
}

/* A client of the meter, attached; +1. */
static IOUserClient *makeClient(IOService *meter)
{
    IOUserClient *client = &OSTypeAlloc(MeterClient)->super;
    IOTask *task = IOTask_withCredentials(1, 1000, 1000, "test");
    assert_true(IOUserClient_initWithTask(client, task, task, 0, NULL));
    assert_true(IOService_attach(&client->super, meter));
    OSRelease(task);
    return client;
}

static IOReturn call(IOUserClient *client, uint32_t selector)
{
    IOExternalMethodArguments none = {.version = kIOExternalMethodArgumentsCurrentVersion, .selector = selector};
    return IOUserClient_externalMethod(client, selector, &none, NULL, NULL, NULL);
}

enum { kCalls = 2000 };

static void *callMany(void *argument)
{
    for (int i = 0; i < kCalls; i++)
        assert_int_equal(call(argument, 0), kIOReturnSuccess);
    return NULL;
}

typedef struct Rig {
    TestController *controller;
    IOService *nub;
    Meter *meter;
    Signal *signal;
} Rig;

static Rig makeRig(bool withOwnLoop)
{
    Rig rig = {makeController(kName), makeNub(kName), NULL, signalMake()};
    rig.meter = OSRequiredCast(Meter, makeService("Meter", NULL, rig.nub));
    rig.meter->signal = rig.signal;
    rig.meter->own = withOwnLoop ? IOWorkLoop_create() : NULL;
    assert_true(IOService_start(&rig.meter->super, rig.nub));
    return rig;
}

static void freeRig(Rig rig)
{
    IOService_stop(&rig.meter->super, rig.nub);
    IOService_detach(&rig.meter->super, rig.nub);
    OSRelease(rig.meter);
    withdraw(rig.nub);
    freeController(rig.controller, kName);
    quiesce();
    signalFree(rig.signal);
}

static void shareOneGate(bool withOwnLoop)
{
    Rig rig = makeRig(withOwnLoop);
    assert_int_equal(withOwnLoop, IOService_getWorkLoop(rig.nub) != IOService_getWorkLoop(&rig.meter->super));
    IOUserClient *clients[2] = {makeClient(&rig.meter->super), makeClient(&rig.meter->super)};
    Runner *callers[2] = {run(callMany, clients[0]), run(callMany, clients[1])};
    for (unsigned i = 1; i <= 300; i++) {
        raiseEdge(rig.controller);
        signalWait(rig.signal, i);
    }
    for (int i = 0; i < 2; i++) {
        join(callers[i]);
        assert_int_equal(call(clients[i], 1), kIOReturnSuccess);
        IOService_detach(&clients[i]->super, &rig.meter->super);
        assert_int_equal(call(clients[i], 0), kIOReturnNotAttached);
        OSRelease(clients[i]);
    }
    assert_int_equal(rig.meter->calls, 2 * kCalls);
    assert_int_equal(rig.meter->interrupts, 300);
    assert_int_equal(rig.meter->mostInside, 1);
    freeRig(rig);
}

TEST(gated_methods_run_on_the_gate_of_the_stack)
{
    shareOneGate(false);
}

TEST(gated_methods_run_on_the_gate_of_the_drivers_own_loop)
{
    shareOneGate(true);
}

/* While the gate is held a gated method waits, an ungated one does not. */
static void *callGated(void *argument)
{
    (void)call(argument, 0);
    return NULL;
}

TEST(a_held_gate_holds_up_gated_methods_only)
{
    Rig rig = makeRig(false);
    IOWorkLoop *workLoop = IOService_getWorkLoop(&rig.meter->super);
    IOUserClient *client = makeClient(&rig.meter->super);
    IOWorkLoop_closeGate(workLoop);
    Runner *runner = run(callGated, client);
    IOWorkLoop_openGate(workLoop);
    join(runner);
    IOWorkLoop_closeGate(workLoop);
    runner = run(callGated, client);
    unsigned before = rig.meter->calls;
    for (int i = 0; i < 100; i++)
        sched_yield();
    assert_int_equal(rig.meter->calls, before);
    IOWorkLoop_openGate(workLoop);
    join(runner);
    assert_int_equal(rig.meter->calls, before + 1);
    assert_int_equal(call(client, 1), kIOReturnSuccess);
    IOService_detach(&client->super, &rig.meter->super);
    OSRelease(client);
    freeRig(rig);
}

/* Two devices have two loops; what stands on one device shares its loop. */
TEST(a_loop_for_each_stack)
{
    IOService *one = makeService("TestNub", NULL, NULL), *two = makeService("TestNub", NULL, NULL);
    IOService *above = makeService("D0", NULL, one), *onTop = makeService("D1", NULL, above);
    IOWorkLoop *workLoop = IOService_getWorkLoop(onTop);
    assert_non_null(workLoop);
    assert_ptr_equal(IOService_getWorkLoop(above), workLoop);
    assert_ptr_equal(IOService_getWorkLoop(one), workLoop);
    assert_ptr_not_equal(IOService_getWorkLoop(two), workLoop);
    /* On a platform, too: a service that was matched to the machine. */
    IOService *platform =
        makeService("D2", "<dict><key>IOProviderClass</key><string>IOPlatformExpertDevice</string></dict>", NULL);
    IOService *left = makeService("TestNub", NULL, platform), *right = makeService("TestNub", NULL, platform);
    assert_ptr_not_equal(IOService_getWorkLoop(left), IOService_getWorkLoop(right));
    assert_ptr_not_equal(IOService_getWorkLoop(left), IOService_getWorkLoop(platform));
    IOService *all[] = {onTop, above, one, two, left, right, platform};
    for (size_t i = 0; i < 7; i++) {
        IOService_terminate(all[i], kIOServiceSynchronous);
        OSRelease(all[i]);
    }
    quiesce();
}

static void *await(void *argument)
{
    Blinker *blinker = argument;
    unsigned wanted = 3;
    return IOCommandGate_runCommand(blinker->gate, &wanted, NULL, NULL, NULL) == kIOReturnSuccess ? argument : NULL;
}

TEST(blinker)
{
    IOService *nub = makeService("TestNub", NULL, NULL), *service = makeService("Blinker", NULL, nub);
    assert_true(IOService_start(service, nub));
    Blinker *blinker = OSRequiredCast(Blinker, service);
    IOWorkLoop_closeGate(IOService_getWorkLoop(service));
    blinker->period = 1;
    IOTimerEventSource_setTimeoutMS(blinker->timer, 1);
    IOWorkLoop_openGate(IOService_getWorkLoop(service));
    assert_non_null(join(run(await, blinker)));
    IOService_stop(service, nub);
    assert_null(blinker->timer);
    assert_null(blinker->gate);
    assert_true(blinker->ticks >= 3);
    IOService_detach(service, nub);
    OSRelease(service);
    withdraw(nub);
}

static const TestHooks hooks = {.setUp = setUp, .tearDown = tearDown, .describeObjects = describe};

TEST_MAIN_WITH(hooks, RUN(gated_methods_run_on_the_gate_of_the_stack),
               RUN(gated_methods_run_on_the_gate_of_the_drivers_own_loop), RUN(a_held_gate_holds_up_gated_methods_only),
               RUN(a_loop_for_each_stack), RUN(blinker))
