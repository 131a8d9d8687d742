/* SPDX-License-Identifier: MIT */
/* Work loops, sources, controllers and locks without memory: each fails cleanly at whichever allocation it is, and
 * works when there is memory again. Adding a source allocates nothing. */
#include "harness.h"

#include <IOKit/IOCommandGate.h>
#include <IOKit/IOConditionLock.h>
#include <IOKit/IOFilterInterruptEventSource.h>
#include <IOKit/IOInterruptController.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOPlatformExpert.h>
#include <IOKit/IOTimerEventSource.h>
#include <libkern/libkern.h>

static IOService *nub;                 /* with the interrupts of controllerName; owned by the test */
static const OSSymbol *controllerName; /* made before objects are counted; kept */

static void act(OSObject *owner, IOInterruptEventSource *source, int count)
{
}

static bool filter(OSObject *owner, IOFilterInterruptEventSource *source)
{
    return false;
}

static void fire(OSObject *owner, IOTimerEventSource *timer)
{
}

static IOService *owner(void)
{
    return IOService_getServiceRoot();
}

static OSObject *makeLoop(void)
{
    return OSObjectOf(IOWorkLoop_create());
}

static OSObject *makeGate(void)
{
    return OSObjectOf(IOCommandGate_create(owner(), NULL));
}

static OSObject *makeTimer(void)
{
    return OSObjectOf(IOTimerEventSource_create(owner(), fire));
}

static OSObject *makeSoftware(void)
{
    return OSObjectOf(IOInterruptEventSource_create(owner(), act, NULL, 0));
}

static OSObject *makeConditionLock(void)
{
    return OSObjectOf(IOConditionLock_withCondition(0, false));
}

static OSObject *makeController(void)
{
    IOInterruptController *controller = OSTypeAlloc(IOInterruptController);
    if (controller && IOService_init(&controller->super, NULL) && IOInterruptController_initVectors(controller, 40) &&
        IOPlatformExpert_registerInterruptController(controllerName, controller) == kIOReturnSuccess)
        return OSObjectOf(controller);
    OSRelease(controller);
    return NULL;
}

/* For an interrupt of a fresh nub: its table is made too. */
static OSObject *makeFiltered(void)
{
    return OSObjectOf(IOFilterInterruptEventSource_create(owner(), act, filter, nub, 0));
}

static unsigned tries(OSObject *(*make)(void))
{
    for (unsigned n = 1;; n++) {
        IOAllocation_failNth(n);
        OSObject *made = make();
        bool failed = IOAllocation_failNth(0) >= n;
        assert_true(made || failed);
        OSRelease(made);
        if (make == makeController)
            IOPlatformExpert_deregisterInterruptController(controllerName);
        if (!failed)
            return n;
    }
}

static void begin(void)
{
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(UINT64_MAX), kIOReturnSuccess);
    controllerName = OSSymbol_withCString("faulty");
}

static void end(void)
{
    assert_int_equal(IOKit_quiesce(UINT64_MAX), kIOReturnSuccess);
}

TEST(making)
{
    assert_true(tries(makeLoop) > 2);
    assert_true(tries(makeGate) >= 2);
    assert_true(tries(makeTimer) >= 2);
    assert_true(tries(makeSoftware) >= 2);
    assert_true(tries(makeConditionLock) > 2);
    assert_true(tries(makeController) > 3);
}

TEST(interrupt_of_a_nub)
{
    OSObject *controller = makeController();
    const uint32_t vector = 3;
    OSData *specifier = OSData_withBytes(&vector, sizeof vector);
    OSArray *names = OSArray_withCapacity(1), *specifiers = OSArray_withCapacity(1);
    assert_true(controller && OSArray_setObject(names, OSObjectOf(controllerName)) &&
                OSArray_setObject(specifiers, OSObjectOf(specifier)));
    nub = OSTypeAlloc(IOService);
    assert_true(IOService_init(nub, NULL));
    IORegistryEntry_setProperty(&nub->super, kIOInterruptControllersKey, OSObjectOf(names));
    IORegistryEntry_setProperty(&nub->super, kIOInterruptSpecifiersKey, OSObjectOf(specifiers));
    assert_true(tries(makeFiltered) >= 3);
    OSRelease(names);
    OSRelease(specifiers);
    OSRelease(specifier);
    OSSafeReleaseNULL(nub);
    IOPlatformExpert_deregisterInterruptController(controllerName);
    OSRelease(controller);
}

TEST(adding_and_setting_need_no_memory)
{
    IOWorkLoop *workLoop = IOWorkLoop_create();
    IOTimerEventSource *timer = IOTimerEventSource_create(workLoop, fire);
    IOAllocation_failNth(1);
    assert_int_equal(IOWorkLoop_addEventSource(workLoop, &timer->super), kIOReturnSuccess);
    assert_int_equal(IOTimerEventSource_setTimeoutMS(timer, 3600 * 1000), kIOReturnSuccess);
    assert_int_equal(IOWorkLoop_removeEventSource(workLoop, &timer->super), kIOReturnSuccess);
    assert_int_equal(IOAllocation_failNth(0), 0);
    OSRelease(timer);
    OSRelease(workLoop);
}

/* A service that finds no memory for its loop has none, and has one later. */
TEST(loop_of_a_service)
{
    IOService *service = OSTypeAlloc(IOService);
    IOWorkLoop *workLoop = NULL;
    assert_true(IOService_init(service, NULL) && IOService_attach(service, owner()));
    for (unsigned n = 1; !workLoop; n++) {
        IOTimerEventSource *timer = IOTimerEventSource_create(service, fire);
        IOAllocation_failNth(n);
        bool isAdded = IOService_addEventSource(service, timer);
        IOAllocation_failNth(0);
        workLoop = isAdded ? IOService_getWorkLoop(service) : NULL;
        IOService_removeEventSource(service, &timer);
        assert_null(timer);
    }
    assert_ptr_equal(IOService_getWorkLoop(service), workLoop);
    IOService_detach(service, owner());
    OSRelease(service);
}

static void describe(char *text, size_t size)
{
    kitTestHooks.describeObjects(text, size);
}

static const TestHooks hooks = {.setUp = begin, .tearDown = end, .describeObjects = describe};

TEST_MAIN_WITH(hooks, RUN(making), RUN(interrupt_of_a_nub), RUN(adding_and_setting_need_no_memory),
               RUN(loop_of_a_service))
