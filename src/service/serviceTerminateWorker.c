/* SPDX-License-Identifier: MIT */
/*
 * Phases 2 and 3 of termination: what the terminator does with the queues (SEMANTICS 4.16 to 4.21, 4.27, 4.28).
 *
 *   phase 2   provider before client:  WillTerminate notifications, client->willTerminate(provider)
 *             client before provider:  message IsTerminated, client->didTerminate(provider): the client is stopped as
 *                                      soon as it no longer has the provider open
 *   phase 3   a terminated service without clients: finalize, then it may be stopped;
 *             stop(provider), close, detach; which leaves the provider without clients
 *
 * No lock is held while any of these methods runs; the stages tell what has been done.
 */
#include "service/IOServicePrivate.h"

static const IOOptionBits kOptions = kIOServiceRequired | kIOServiceTerminate;

static void *asArgument(IOOptionBits options)
{
    return (void *)(uintptr_t)options;
}

/* --- phase 2 ---------------------------------------------------------------------------------------------------- */

static bool hasStartingClient(const IOService *self)
{
    ServiceList clients  = {0};
    bool        starting = false;
    serviceList_mustAppendClients(&clients, self);
    for (size_t i = 0; i < clients.count; i++)
        starting = starting || coreOf(clients.items[i])->starting > 0;
    serviceList_clear(&clients);
    return starting;
}

/* Enters phase 2, unless it has begun or somebody is still at work there: whoever is schedules it again. */
static bool enterPhase2(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    (void)IOService_lockForArbitration(self, true);
    bool enters = service_stage(self) == kStageMarked && core->configuring == 0 && core->starting == 0 &&
                  !hasStartingClient(self);
    if (enters)
        service_setStage_locked(self, kStageWill);
    IOService_unlockForArbitration(self);
    return enters;
}

/* Tells self itself, the first victim of a terminate that asked for it, about its providers. */
static void tellSelfWill(IOService *self)
{
    ServiceList providers = {0};
    serviceList_mustAppendProviders(&providers, self);
    for (size_t i = 0; i < providers.count; i++)
        (void)IOService_willTerminate(self, providers.items[i], kOptions); /* means nothing */
    serviceList_clear(&providers);
}

static void tellSelfDid(IOService *self)
{
    ServiceList providers = {0};
    bool        defer     = false;
    serviceList_mustAppendProviders(&providers, self);
    for (size_t i = 0; i < providers.count; i++)
        (void)IOService_didTerminate(self, providers.items[i], kOptions, &defer); /* means nothing */
    serviceList_clear(&providers);
}

/* Appends the clients that it told to list. */
static void tellWill(IOService *self, ServiceList *list)
{
    size_t first = list->count;
    if (coreOf(self)->needsWillTerminate)
        tellSelfWill(self);
    serviceNotification_deliver(self, kNotifyWillTerminate, serviceNotification_serial());
    serviceList_mustAppendClients(list, self);
    for (size_t i = first; i < list->count; i++)
        (void)IOService_willTerminate(list->items[i], self, kOptions); /* means nothing */
}

static void tellDid(IOService *self)
{
    (void)IOService_lockForArbitration(self, true);
    service_setStage_locked(self, kStageDid);
    ServiceList clients = {0};
    serviceList_mustAppendClients(&clients, self);
    IOService_unlockForArbitration(self);

    (void)IOService_messageClients(self, kIOMessageServiceIsTerminated, asArgument(kOptions), 0); /* told, not asked */
    for (size_t i = 0; i < clients.count; i++) {
        bool defer = false;
        (void)IOService_didTerminate(clients.items[i], self, kOptions, &defer); /* means nothing */
    }
    if (coreOf(self)->needsWillTerminate)
        tellSelfDid(self);
    if (clients.count == 0)
        serviceTerminate_scheduleFinalize(self);
    serviceList_clear(&clients);
}

/* first and what is below it. A client in whose phase 2 somebody is still at work is left out, with all below it. */
static void doPhase2(IOService *first)
{
    ServiceList list = {0}, entered = {0};
    serviceList_mustAppend(&list, first);
    for (size_t i = 0; i < list.count; i++) {
        IOService *victim = list.items[i];
        if (!enterPhase2(victim))
            continue;
        serviceList_mustAppend(&entered, victim);
        tellWill(victim, &list);
    }
    for (size_t i = entered.count; i-- > 0;)
        tellDid(entered.items[i]);
    serviceList_clear(&entered);
    serviceList_clear(&list);
}

/* --- phase 3 ---------------------------------------------------------------------------------------------------- */

static void finalizeService(IOService *self)
{
    (void)IOService_lockForArbitration(self, true);
    bool isDue = service_stage(self) == kStageDid;
    if (isDue)
        service_setStage_locked(self, kStageFinalized);
    IOService_unlockForArbitration(self);
    if (isDue)
        (void)IOService_finalize(self, kOptions); /* means nothing */
}

static void stopService(IOService *client, IOService *provider)
{
    if (!IORegistryEntry_isChild(entryOf(provider), entryOf(client), gIOServicePlane, false))
        return; /* detached since it was scheduled */
    IOService_stop(client, provider);
    if (IOService_isOpen(provider, client))
        IOService_close(provider, client, 0);
    IOService_detach(client, provider);
}

static bool finalizeNext(void)
{
    IOService *service = serviceTerminate_nextFinalize();
    if (service)
        finalizeService(service);
    OSRelease(service);
    return service != NULL;
}

static bool stopNext(void)
{
    IOService *client = NULL, *provider = NULL;
    if (!serviceTerminate_nextStop(&client, &provider))
        return false;
    stopService(client, provider);
    OSRelease(client);
    OSRelease(provider);
    return true;
}

void serviceTerminate_work(void)
{
    IOService *service;
    while ((service = serviceTerminate_nextPhase2())) {
        doPhase2(service);
        OSRelease(service);
    }
    do {
        while (finalizeNext())
            continue;
    } while (stopNext());
}
