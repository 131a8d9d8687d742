/* SPDX-License-Identifier: MIT */
/*
 * Termination: phase 1, and the methods' defaults (SEMANTICS 4.13 to 4.32).
 *
 *   terminate(P)      phase 1, on the caller's thread: P, then every client that agrees (requestTerminate), breadth
 *                     first, becomes inactive; it leaves the index, its Terminated notifications fire
 *   phases 2 and 3    serviceTerminateWorker.c, on the terminator's thread
 *
 * A service that another thread's phase 1 is running over is waited for, so that when terminate returns all that is
 * below is inactive, whoever did it. One that this thread is at already, because a client's requestTerminate called
 * terminate, is not. The victims are only remembered in a list of the thread, with references; the stage says how far
 * each of them is.
 */
#include "service/IOServicePrivate.h"

#include "service/serviceMethods.h"

#include <IOKit/IOKitKeysPrivate.h>

enum { kIOServiceRecursing = 0x00100000 }; /* of terminate: it comes out of the client's own requestTerminate */

/* --- phase 1 ---------------------------------------------------------------------------------------------------- */

static bool leftPhase1(const IOService *self, const void *context)
{
    (void)context;
    return service_stage(self) >= kStageMarked;
}

/* Makes it inactive. False: it is already; *ret_isElsewhere: another thread may be at it. isFirst: it is the one that
 * terminate was called on. */
static bool makeInactive(IOService *self, bool isFirst, IOOptionBits options, bool *ret_isElsewhere)
{
    IOServicePrivate *core = coreOf(self);
    (void)IOService_lockForArbitration(self, true);
    bool isMine = service_stage(self) <= kStageAsked;
    *ret_isElsewhere = !isMine && !pthread_equal(core->marker, pthread_self());
    if (isMine) {
        service_setStage_locked(self, kStageMarking);
        core->marker             = pthread_self();
        core->needsWillTerminate = isFirst && (options & kIOServiceTerminateNeedWillTerminate);
        core->rematchOnDetach    = isFirst && (options & kIOServiceTerminateWithRematch);
        serviceIndex_remove(self);
    }
    IOService_unlockForArbitration(self);
    if (isMine) {
        (void)serviceBusy_adjust(self, +1);
        serviceBusy_wake(self); /* a synchronous registration waits no longer */
    }
    return isMine;
}

/* Those clients that agree are appended to victims. */
static void askClients(IOService *self, IOOptionBits options, ServiceList *victims)
{
    ServiceList clients = {0};
    serviceList_mustAppendClients(&clients, self);
    for (size_t i = 0; i < clients.count; i++)
        if (IOService_requestTerminate(clients.items[i], self, options))
            serviceList_mustAppend(victims, clients.items[i]);
    serviceList_clear(&clients);
}

static void endPhase1(IOService *self)
{
    (void)IOService_lockForArbitration(self, true);
    service_setStage_locked(self, kStageMarked);
    IOService_unlockForArbitration(self);
    serviceBusy_wake(self);
}

/* Another thread's. Two threads that wait for each other's, which only classes with a requestTerminate of their own can
 * bring about, go on after a while. */
static void waitForPhase1(IOService *victim)
{
    uint64_t deadline = serviceBusy_deadline(NANOSECONDS(kTerminateWaitSeconds));
    if (!serviceBusy_waitUntil(victim, leftPhase1, NULL, deadline))
        IOLog("%s: its termination does not get on", IORegistryEntry_getName(entryOf(victim), NULL));
}

/* Phase 1 over victims, which has the first; false: that one had been terminated already. */
static bool doPhase1(ServiceList *victims, IOOptionBits options)
{
    IOService  *first = victims->items[0];
    ServiceList mine  = {0};
    for (size_t i = 0; i < victims->count; i++) {
        IOService *victim = victims->items[i];
        bool       isElsewhere;
        if (makeInactive(victim, victim == first, options, &isElsewhere)) {
            serviceList_mustAppend(&mine, victim);
            serviceNotification_deliver(victim, kNotifyTerminated, serviceNotification_serial());
            askClients(victim, options & ~(IOOptionBits)kIOServiceTerminateWithRematch, victims);
        } else if (isElsewhere) {
            waitForPhase1(victim);
        }
    }
    bool isFirstMine = mine.count && mine.items[0] == first;
    for (size_t i = mine.count; i-- > 0;)
        endPhase1(mine.items[i]); /* the first one last: phase 2 may begin with it at once, and needs the others */
    serviceList_clear(&mine);
    return isFirstMine;
}

/* The client says, from inside its requestTerminate, that it agrees. */
static void askedToTerminate(IOService *self)
{
    (void)IOService_lockForArbitration(self, true);
    if (service_stage(self) == kStageLive)
        service_setStage_locked(self, kStageAsked);
    IOService_unlockForArbitration(self);
}

bool IOService_terminate_(IOService *self, IOOptionBits options)
{
    ServiceList victims = {0};
    options |= kIOServiceTerminate;
    if (options & kIOServiceRecursing) {
        askedToTerminate(self);
        return true;
    }
    if (!serviceList_append(&victims, self))
        return false;
    bool isMine = doPhase1(&victims, options);
    if (isMine && (options & kIOServiceSynchronous))
        serviceTerminate_synchronously(self);
    else if (isMine)
        serviceTerminate_schedulePhase2(self);
    serviceList_clear(&victims);
    return true;
}

void IOService_setTerminateDefer(IOService *self, IOService *provider, bool defer)
{
    (void)IOService_lockForArbitration(self, true);
    coreOf(self)->starting += defer ? 1 : -1u;
    IOService_unlockForArbitration(self);
    if (defer)
        return;
    serviceTerminate_schedulePhase2(self);
    if (provider)
        serviceTerminate_schedulePhase2(provider);
}

/* --- the methods' defaults --------------------------------------------------------------------------------------- */

static bool isOnlyProvider(const IOService *provider, const IOService *client)
{
    return IORegistryEntry_isParent(entryOf(client), entryOf(provider), gIOServicePlane, true);
}

/* True exactly when the client has no other provider. It goes through terminateClient and terminate, so that a class
 * which overrides those is heard. */
bool IOService_requestTerminate_(IOService *self, IOService *provider, IOOptionBits options)
{
    if (!isOnlyProvider(provider, self))
        return false;
    (void)IOService_terminateClient(provider, self, options | kIOServiceRecursing); /* the stage tells */
    return IOService_isInactive(self);
}

bool IOService_terminateClient_(IOService *self, IOService *client, IOOptionBits options)
{
    return !isOnlyProvider(self, client) || IOService_terminate(client, options);
}

bool IOService_willTerminate_(IOService *self, IOService *provider, IOOptionBits options)
{
    return true;
}

bool IOService_didTerminate_(IOService *self, IOService *provider, IOOptionBits options, bool *defer)
{
    if (*defer)
        return true;
    if (IOService_isOpen(provider, self))
        (void)IOService_message(self, kIOMessageServiceIsRequestingClose, provider,
                                (void *)(uintptr_t)options); /* whether it closed is looked at */
    if (!IOService_isOpen(provider, self))
        serviceTerminate_scheduleStop(self, provider);
    return true;
}

/* The end of a service that nobody terminates in order: a driver calls finalize itself. */
static void stopAtOnce(IOService *self, IOService *provider)
{
    IOService_stop(self, provider);
    if (IOService_isOpen(provider, self))
        IOService_close(provider, self, 0);
    IOService_detach(self, provider);
}

bool IOService_finalize_(IOService *self, IOOptionBits options)
{
    ServiceList providers = {0};
    serviceList_mustAppendProviders(&providers, self);
    for (size_t i = 0; i < providers.count; i++) {
        IOService *provider = providers.items[i];
        if (service_stage(self) < kStageDid)
            stopAtOnce(self, provider);
        else if (service_stage(provider) < kStageDid)
            serviceTerminate_scheduleStop(self, provider); /* else its didTerminate has seen to it */
    }
    serviceList_clear(&providers);
    return true;
}
