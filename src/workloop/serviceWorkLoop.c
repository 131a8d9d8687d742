/* SPDX-License-Identifier: MIT */
/*
 * A service's work loop. A driver that makes its own overrides getWorkLoop; all others share their provider's, so a
 * driver stack has one gate.
 *
 * At the bottom of a stack somebody must have one: a service whose provider is the machine or a platform (a service
 * that was matched to the machine), and those two, make a loop of their own when it is first asked for. So each device
 * that a platform publishes has a stack with a loop, a slow driver does not delay another device's, and a device that
 * nobody asks has no thread.
 *
 * Each service keeps the loop that it found, retained, until it is freed: what getWorkLoop returns is good while the
 * service is. Two threads that ask first at the same time may both make or find one; the second drops his.
 */
#include "service/serviceMethods.h"
#include "workloopPrivate.h"

/* A platform's personality has IOProviderClass IOPlatformExpertDevice. */
static bool isPlatform(IOService *self)
{
    OSObject *property = IORegistryEntry_copyProperty(entryOf(self), kIOProviderClassKey);
    OSString *className = OSDynamicCast(OSString, property);
    bool is = className && OSString_isEqualToCString(className, "IOPlatformExpertDevice");
    OSRelease(property);
    return is;
}

static bool makesOwn(IOService *self, IOService *provider)
{
    IOService *machine = IOService_getServiceRoot();
    return self == machine || (provider && (provider == machine || isPlatform(provider)));
}

IOWorkLoop *IOService_getWorkLoop_(IOService *self)
{
    IOWorkLoop *none = NULL, *workLoop = atomic_load(&coreOf(self)->workLoop);
    if (workLoop)
        return workLoop;
    IOService *provider = IOService_copyProvider(self);
    if (makesOwn(self, provider))
        workLoop = IOWorkLoop_create();
    else if (provider)
        workLoop = OSRetain(IOService_getWorkLoop(provider));
    OSRelease(provider);
    if (workLoop && !atomic_compare_exchange_strong(&coreOf(self)->workLoop, &none, workLoop)) {
        OSRelease(workLoop);
        workLoop = none;
    }
    return workLoop;
}

void serviceWorkLoop_free(IOService *self)
{
    IOWorkLoop *workLoop = atomic_exchange(&coreOf(self)->workLoop, NULL);
    OSRelease(workLoop);
}

bool IOService_addEventSourceObject(IOService *service, IOEventSource *source)
{
    IOWorkLoop *workLoop = source ? IOService_getWorkLoop(service) : NULL;
    if (!workLoop || IOWorkLoop_addEventSource(workLoop, source) != kIOReturnSuccess)
        return false;
    IOEventSource_enable(source);
    return true;
}

void IOService_removeEventSourceObject(IOService *service, IOEventSource *source)
{
    (void)service; /* the source knows its loop */
    IOWorkLoop *workLoop = source ? IOEventSource_getWorkLoop(source) : NULL;
    if (workLoop)
        IOWorkLoop_removeEventSource(workLoop, source);
    OSRelease(source);
}
