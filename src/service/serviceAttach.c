/* SPDX-License-Identifier: MIT */
/*
 * Attach, detach and the way through the service plane (SEMANTICS 4.2, 4.3, 4.10).
 *
 * A link is made under the provider's arbitration, so none is made to a provider that has become inactive. What a link
 * needs later, when memory may be short, the record of its stop (serviceTerminateQueue.c), is made with it.
 */
#include "service/IOServicePrivate.h"

#include "service/serviceMethods.h"

/* --- attach ----------------------------------------------------------------------------------------------------- */

static uint32_t clientCount(const IOService *provider)
{
    return IORegistryEntry_getChildCount(entryOf(provider), gIOServicePlane);
}

static bool hasRoom(const IOService *provider, const void *context)
{
    (void)context;
    return clientCount(provider) <= kClientsMax;
}

static bool attachTo(IOService *self, IOService *provider)
{
    uint64_t deadline = serviceBusy_deadline(NANOSECONDS(kAttachWaitSeconds));
    bool     said     = false;
    for (;;) {
        (void)IOService_lockForArbitration(provider, true); /* required: true or panic */
        bool active = !IOService_isInactive(provider);
        bool room   = hasRoom(provider, NULL);
        bool ok = active && room && IORegistryEntry_attachToParent(entryOf(self), entryOf(provider), gIOServicePlane);
        IOService_unlockForArbitration(provider);
        if (!active || room)
            return ok;
        if (!said)
            IOLog("stalling for detach from %s", IORegistryEntry_getName(entryOf(provider), NULL));
        said = true;
        if (!serviceBusy_waitUntil(provider, hasRoom, NULL, deadline))
            return false;
    }
}

bool IOService_attach_(IOService *self, IOService *provider)
{
    if (!provider)
        return IORegistryEntry_attachToParent(entryOf(self), IORegistryEntry_getRegistryRoot(), gIOServicePlane);
    if (!serviceTerminate_addLink(self, provider))
        return false;
    if (!attachTo(self, provider)) {
        serviceTerminate_removeLink(self, provider);
        return false;
    }
    serviceBusy_providerChanged(self, NULL);
    return true;
}

/* --- detach ----------------------------------------------------------------------------------------------------- */

/* What the provider does now that a client has left it. */
static void clientLeft(IOService *provider, bool wasStarting)
{
    (void)IOService_lockForArbitration(provider, true);
    if (wasStarting)
        serviceTerminate_schedulePhase2(provider);
    if (service_stage(provider) >= kStageDid && clientCount(provider) == 0)
        serviceTerminate_scheduleFinalize(provider);
    IOService_unlockForArbitration(provider);
    serviceBusy_wake(provider); /* one that waits for room */
}

void IOService_detach_(IOService *self, IOService *provider)
{
    (void)IOService_lockForArbitration(self, true);
    IORegistryEntry_detachFromParent(entryOf(self), entryOf(provider), gIOServicePlane);
    bool isLast      = !IORegistryEntry_inPlane(entryOf(self), gIOServicePlane);
    bool isAtEnd     = isLast && service_stage(self) >= kStageDid;
    bool wasStarting = coreOf(self)->starting > 0;
    bool rematch     = coreOf(self)->rematchOnDetach;
    IOService_unlockForArbitration(self);
    serviceTerminate_removeLink(self, provider);
    serviceBusy_providerChanged(self, provider);
    if (isAtEnd)
        serviceBusy_clear(self);
    clientLeft(provider, wasStarting);
    if (rematch)
        IOService_registerService(provider);
}

/* --- the tree --------------------------------------------------------------------------------------------------- */

IOService *IOService_getProvider(const IOService *self)
{
    return OSDynamicCast(IOService, IORegistryEntry_getParentEntry(entryOf(self), gIOServicePlane));
}

IOService *IOService_getClient(const IOService *self)
{
    return OSDynamicCast(IOService, IORegistryEntry_getChildEntry(entryOf(self), gIOServicePlane));
}

/* The entry (owned) as a service, released when it is none. */
static IOService *serviceOrNone(IORegistryEntry *entry)
{
    IOService *service = OSDynamicCast(IOService, entry);
    if (!service)
        OSRelease(entry);
    return service;
}

IOService *IOService_copyProvider(const IOService *self)
{
    return serviceOrNone(IORegistryEntry_copyParentEntry(entryOf(self), gIOServicePlane));
}

IOService *IOService_copyClient(const IOService *self)
{
    return serviceOrNone(IORegistryEntry_copyChildEntry(entryOf(self), gIOServicePlane));
}

OSIterator *IOService_getProviderIterator(const IOService *self)
{
    return IORegistryEntry_getParentIterator(entryOf(self), gIOServicePlane);
}

OSIterator *IOService_getClientIterator(const IOService *self)
{
    return IORegistryEntry_getChildIterator(entryOf(self), gIOServicePlane);
}

/* Those of from (owned, a snapshot; may be NULL) that are open: each by client, or provider by each. */
static OSIterator *openOnes(OSIterator *from, const IOService *client, const IOService *provider)
{
    OSArray *open = from ? OSArray_withCapacity(1) : NULL;
    for (OSObject *object; open && (object = OSIterator_getNextObject(from));) {
        IOService *service = OSDynamicCast(IOService, object);
        bool isOpen = service && (client ? IOService_isOpen(service, client) : IOService_isOpen(provider, service));
        if (isOpen && !OSArray_setObject(open, object))
            OSSafeReleaseNULL(open);
    }
    OSRelease(from);
    OSCollectionIterator *result = open ? OSCollectionIterator_withCollection(&open->super) : NULL;
    OSRelease(open);
    return result ? &result->super : NULL;
}

OSIterator *IOService_getOpenProviderIterator(const IOService *self)
{
    return openOnes(IOService_getProviderIterator(self), self, NULL);
}

OSIterator *IOService_getOpenClientIterator(const IOService *self)
{
    return openOnes(IOService_getClientIterator(self), NULL, self);
}
