/* SPDX-License-Identifier: MIT */
/*
 * The start of the kit: classes, the registry with its planes, the threads, the first services; and the wait for it to
 * come to rest. A part of the kit that has classes adds them to kClasses.
 */
#include <IOKit/IOKitInitialize.h>

#include <IOKit/IOBufferMemoryDescriptor.h>
#include <IOKit/IOCommandGate.h>
#include <IOKit/IOConditionLock.h>
#include <IOKit/IODMACommand.h>
#include <IOKit/IODeviceMemory.h>
#include <IOKit/IOFilterInterruptEventSource.h>
#include <IOKit/IOInterruptController.h>
#include <IOKit/IOMemoryCursor.h>
#include <IOKit/IOMultiMemoryDescriptor.h>
#include <IOKit/IOPlatformDevice.h>
#include <IOKit/IOPlatformExpert.h>
#include <IOKit/IOSubMemoryDescriptor.h>
#include <IOKit/IOTimerEventSource.h>
#include <IOKit/IOUserClient.h>

#include "service/IOServicePrivate.h"

static OSMetaClass *const kClasses[] = {
    &IOService_class,
    &IOResources_class,
    &IOUserResources_class,
    &IOServiceCompatibility_class,
    &IOPlatformExpertDevice_class,
    &IOPlatformDevice_class,
    &IONotifier_class,
    &IOServiceNotifier_class,
    &IOServiceInterestNotifier_class,
    &IOTask_class,
    &IOSendPort_class,
    &IOUserClient_class,
    &IOUserClient2022_class,
    &IOWorkLoop_class,
    &IOEventSource_class,
    &IOCommandGate_class,
    &IOTimerEventSource_class,
    &IOInterruptEventSource_class,
    &IOFilterInterruptEventSource_class,
    &IOInterruptController_class,
    &IOConditionLock_class,
    &IOMemoryDescriptor_class,
    &IOGeneralMemoryDescriptor_class,
    &IOBufferMemoryDescriptor_class,
    &IOSubMemoryDescriptor_class,
    &IOMultiMemoryDescriptor_class,
    &IODeviceMemory_class,
    &IOMemoryMap_class,
    &IOMemoryCursor_class,
    &IONaturalMemoryCursor_class,
    &IOBigMemoryCursor_class,
    &IOLittleMemoryCursor_class,
    &IOMapper_class,
    &IODMACommand_class,
};

static const OSClassList kClassList = {kClasses, sizeof kClasses / sizeof kClasses[0]};

static bool makePlanes(void)
{
    gIOServicePlane = IORegistryEntry_makePlane(kIOServicePlane);
    gIOPowerPlane = IORegistryEntry_makePlane(kIOPowerPlane);
    return gIOServicePlane && gIOPowerPlane;
}

IOReturn IOKit_initialize(void)
{
    static bool isInitialized;
    if (isInitialized)
        return kIOReturnSuccess;
    bool ok = IORegistryEntry_initialize() &&
              OSMetaClass_registerModule("com.apple.kpi.iokit", &kClassList) == kOSReturnSuccess &&
              serviceKeys_initialize() && makePlanes() && serviceJobs_initialize() && serviceTerminate_initialize() &&
              platform_initialize() && resources_initialize(IOService_getServiceRoot());
    if (ok) {
        IOService_registerService(IOService_getServiceRoot());
        resources_register();
    }
    isInitialized = ok;
    return ok ? kIOReturnSuccess : kIOReturnNoMemory;
}

IOReturn IOKit_quiesce(uint64_t timeout)
{
    uint64_t deadline = serviceBusy_deadline(timeout);
    IOService *root = IOService_getServiceRoot();
    while (root) {
        uint64_t now = IOUptimeNanoseconds();
        uint64_t left = deadline == UINT64_MAX ? UINT64_MAX : deadline > now ? deadline - now : 0;
        if (IOService_waitQuiet(root, left) != kIOReturnSuccess || !serviceJobs_waitIdle(deadline) ||
            !serviceTerminate_waitIdle(deadline) || !timerCallouts_waitIdle(deadline) || !workLoop_waitEnded(deadline))
            return kIOReturnTimeout;
        /* What ended last may have begun something. */
        if (IOService_getBusyState(root) == 0 && serviceJobs_waitIdle(0) && serviceTerminate_waitIdle(0) &&
            timerCallouts_waitIdle(0) && workLoop_waitEnded(0))
            break;
    }
    return kIOReturnSuccess;
}
