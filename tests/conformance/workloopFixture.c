/* SPDX-License-Identifier: MIT */
#include "workloopFixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void TestOwner_free(OSObject *object)
{
    OSObject_super()->free(object);
}

OSDefineClass(TestOwner, OSObject, .free = TestOwner_free);

static int TestController_getVectorType(IOInterruptController *self, unsigned vector)
{
    return vector == kLevel ? kIOInterruptTypeLevel : kIOInterruptTypeEdge;
}

static void writeVector(TestController *self, unsigned vector)
{
    const uint64_t one = 1;
    assert_int_equal(write(IOInterruptController_getVectorDescriptor(&self->super, vector), &one, sizeof one),
                     sizeof one);
}

static void TestController_vectorEnabled(IOInterruptController *controller, unsigned vector)
{
    TestController *self = OSRequiredCast(TestController, controller);
    self->enabled++;
    if (vector == kLevel && self->isHigh)
        writeVector(self, vector); /* the line is still high */
}

static void TestController_vectorDisabled(IOInterruptController *controller, unsigned vector)
{
    OSRequiredCast(TestController, controller)->disabled++;
}

OSDefineClass(TestController, IOInterruptController, .getVectorType = TestController_getVectorType,
              .vectorEnabled = TestController_vectorEnabled, .vectorDisabled = TestController_vectorDisabled);

/* --- hooks --- */

static void setUp(void)
{
    static OSMetaClass *const classes[] = {&TestOwner_class, &TestController_class};
    static const OSClassList list = {classes, 2};
    serviceTestHooks.setUp();
    assert_int_equal(OSMetaClass_registerModule("org.workloop", &list), kOSReturnSuccess);
}

static void tearDown(void)
{
    serviceTestHooks.tearDown();
}

static void describe(char *text, size_t size)
{
    serviceTestHooks.describeObjects(text, size);
}

const TestHooks workloopHooks = {.setUp = setUp, .tearDown = tearDown, .describeObjects = describe};

/* --- owner --- */

TestOwner *makeOwner(void)
{
    TestOwner *owner = OSTypeAlloc(TestOwner);
    assert_non_null(owner);
    owner->workLoop = IOWorkLoop_create();
    owner->done = signalMake();
    assert_non_null(owner->workLoop);
    return owner;
}

void freeOwner(TestOwner *owner)
{
    OSRelease(owner->workLoop);
    quiesce();
    signalFree(owner->done);
    OSRelease(owner);
}

void enterAction(TestOwner *owner)
{
    int inside = ++owner->inside;
    owner->wasInGate = IOWorkLoop_inGate(owner->workLoop);
    owner->wasOnThread = IOWorkLoop_onThread(owner->workLoop);
    if (inside > owner->mostInside)
        owner->mostInside = inside;
}

void leaveAction(TestOwner *owner)
{
    owner->inside--;
}

/* --- interrupts --- */

TestController *makeController(const char *name)
{
    TestController *controller = OSTypeAlloc(TestController);
    const OSSymbol *symbol = OSSymbol_withCString(name);
    assert_true(controller && IOService_init(&controller->super.super, NULL));
    assert_true(IOInterruptController_initVectors(&controller->super, kVectors));
    assert_int_equal(IOPlatformExpert_registerInterruptController(symbol, &controller->super), kIOReturnSuccess);
    OSRelease(symbol);
    return controller;
}

void freeController(TestController *controller, const char *name)
{
    const OSSymbol *symbol = OSSymbol_withCString(name);
    IOPlatformExpert_deregisterInterruptController(symbol);
    OSRelease(symbol);
    OSRelease(controller);
}

IOService *makeNub(const char *name)
{
    char xml[512];
    snprintf(xml, sizeof xml,
             "<dict><key>IOInterruptControllers</key><array><string>%s</string><string>%s</string></array>"
             "<key>IOInterruptSpecifiers</key><array><data>AAAAAA==</data><data>AQAAAA==</data></array></dict>",
             name, name);
    return makeService("TestNub", xml, NULL);
}

void raiseEdge(TestController *controller)
{
    writeVector(controller, kEdge);
}

void raiseLine(TestController *controller)
{
    controller->isHigh = true;
    writeVector(controller, kLevel);
}

void lowerLine(TestController *controller)
{
    controller->isHigh = false;
}

/* --- threads --- */

struct Runner {
    pthread_t thread;
};

Runner *run(void *(*function)(void *argument), void *argument)
{
    Runner *runner = malloc(sizeof *runner);
    assert_non_null(runner);
    assert_int_equal(pthread_create(&runner->thread, NULL, function, argument), 0);
    return runner;
}

void *join(Runner *runner)
{
    void *result;
    assert_int_equal(pthread_join(runner->thread, &result), 0);
    free(runner);
    return result;
}

static void noteSettled(OSObject *owner, IOInterruptEventSource *source, int count)
{
    signalRaise(IOEventSource_getRefcon(&source->super));
}

void settle(IOWorkLoop *workLoop)
{
    Signal *done = signalMake();
    IOInterruptEventSource *source = IOInterruptEventSource_create(workLoop, noteSettled, NULL, 0);
    assert_non_null(source);
    IOEventSource_setRefcon(&source->super, done);
    assert_int_equal(IOWorkLoop_addEventSource(workLoop, &source->super), kIOReturnSuccess);
    IOInterruptEventSource_interruptOccurred(source, NULL, NULL, 0);
    signalWait(done, 1);
    assert_int_equal(IOWorkLoop_removeEventSource(workLoop, &source->super), kIOReturnSuccess);
    OSRelease(source);
    signalFree(done);
}
