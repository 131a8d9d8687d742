/* SPDX-License-Identifier: MIT */
/*
 * Busy: how much work is in progress at a service and below it (SEMANTICS 3e).
 *
 * A service that is busy adds exactly one to its first provider's count, which contributesTo remembers; so a count that
 * comes from 0 or goes to 0 is carried up, and a link that is made or broken moves the share with it. Whoever changes
 * something reconciles ("busy, has a provider, and does not contribute yet: contribute"), so two threads that change
 * the same path at a time cannot leave it wrong.
 *
 * One lock guards all counts and the list of those who wait for one. A walk up is done under it, up to kLevels levels;
 * the messages of busy interest follow when it is released, leaf first.
 */
#include "service/IOServicePrivate.h"

#include <errno.h>
#include <time.h>

enum { kLevels = 24 };

typedef struct BusyWaiter {
    const IOService   *service;
    pthread_cond_t     changed;
    struct BusyWaiter *next;
} BusyWaiter;

/* One step of a walk up: a service whose count crossed 0. */
typedef struct BusyLevel {
    IOService       *service; /* owned */
    bool             isBusy;
    IORegistryEntry *dropped; /* owned: to be released without the lock; or NULL */
} BusyLevel;

static pthread_mutex_t busyLock = PTHREAD_MUTEX_INITIALIZER;
static BusyWaiter     *busyWaiters; /* busyLock */

/* --- waiting ---------------------------------------------------------------------------------------------------- */

void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline)
{
    if (deadline == UINT64_MAX)
        return pthread_cond_wait(condition, lock) == 0;
    struct timespec end = {.tv_sec  = (time_t)(deadline / 1000000000u),
                           .tv_nsec = (long)(deadline % 1000000000u)};
    return pthread_cond_timedwait(condition, lock, &end) != ETIMEDOUT;
}

uint64_t serviceBusy_deadline(uint64_t timeout)
{
    uint64_t now = IOUptimeNanoseconds();
    return timeout >= UINT64_MAX - now ? UINT64_MAX : now + timeout;
}

static void wake_locked(const IOService *self)
{
    for (BusyWaiter *waiter = busyWaiters; waiter; waiter = waiter->next)
        if (waiter->service == self)
            pthread_cond_signal(&waiter->changed);
}

void serviceBusy_wake(IOService *self)
{
    pthread_mutex_lock(&busyLock);
    wake_locked(self);
    pthread_mutex_unlock(&busyLock);
}

bool serviceBusy_waitUntil(IOService *self, bool (*done)(const IOService *self, const void *context),
                           const void *context, uint64_t deadline)
{
    BusyWaiter waiter = {.service = self};
    condition_init(&waiter.changed);
    pthread_mutex_lock(&busyLock);
    waiter.next = busyWaiters;
    busyWaiters = &waiter;
    bool isDone = done(self, context);
    for (bool inTime = true; !isDone && inTime; isDone = done(self, context))
        inTime = condition_wait(&waiter.changed, &busyLock, deadline);
    BusyWaiter **link = &busyWaiters;
    while (*link != &waiter)
        link = &(*link)->next;
    *link = waiter.next;
    pthread_mutex_unlock(&busyLock);
    pthread_cond_destroy(&waiter.changed);
    return isDone;
}

static bool isQuiet(const IOService *self, const void *context)
{
    (void)context;
    return coreOf(self)->busy == 0;
}

IOReturn IOService_waitQuiet(IOService *self, uint64_t timeout)
{
    bool quiet = serviceBusy_waitUntil(self, isQuiet, NULL, serviceBusy_deadline(timeout));
    return quiet ? kIOReturnSuccess : kIOReturnTimeout;
}

/* --- counting --------------------------------------------------------------------------------------------------- */

/* Adds delta to the count; returns whether that crossed 0. */
static bool change_locked(IOService *self, int32_t delta)
{
    IOServicePrivate *core = coreOf(self);
    int64_t           next = (int64_t)core->busy + delta;
    bool              was  = core->busy != 0;
    if (next < 0 || next > kBusyMax) {
        IOLog("%s: bad busy count (%u,%d)", IORegistryEntry_getName(entryOf(self), NULL), core->busy, delta);
        return false;
    }
    core->busy = (uint32_t)next;
    if (was == (next != 0))
        return false;
    if (was)
        core->busyTotal += IOUptimeNanoseconds() - core->busySince;
    else
        core->busySince = IOUptimeNanoseconds();
    wake_locked(self);
    return true;
}

/*
 * Makes what self contributes fit its count. Returns the provider whose count crossed 0 by that, +1, or NULL.
 *   ret_dropped   a reference to release without the lock, or untouched
 */
static IOService *reconcile_locked(IOService *self, IORegistryEntry **ret_dropped)
{
    IOServicePrivate *core = coreOf(self);
    if (core->busy && !core->contributesTo) {
        IORegistryEntry *parent   = IORegistryEntry_copyParentEntry(entryOf(self), gIOServicePlane);
        IOService       *provider = OSDynamicCast(IOService, parent);
        if (!provider) {
            *ret_dropped = parent;
            return NULL;
        }
        core->contributesTo = provider;
        return change_locked(provider, +1) ? OSRetain(provider) : NULL;
    }
    if (!core->busy && core->contributesTo) {
        IOService *provider = core->contributesTo;
        *ret_dropped        = entryOf(provider);
        core->contributesTo = NULL;
        return change_locked(provider, -1) ? OSRetain(provider) : NULL;
    }
    return NULL;
}

/* Carries a crossing of 0 up from service (owned, may be NULL), and sends the messages. */
static void carryUp(IOService *service)
{
    while (service) {
        BusyLevel levels[kLevels];
        unsigned  count = 0;
        pthread_mutex_lock(&busyLock);
        while (service && count < kLevels) {
            BusyLevel *level = &levels[count++];
            *level           = (BusyLevel){service, coreOf(service)->busy != 0, NULL};
            service          = reconcile_locked(service, &level->dropped);
        }
        pthread_mutex_unlock(&busyLock);
        for (unsigned i = 0; i < count; i++) {
            (void)serviceInterest_messageBusy(levels[i].service, levels[i].isBusy); /* nobody to report to */
            if (!levels[i].isBusy && service_stage(levels[i].service) != kStageLive)
                serviceTerminate_quietened();
            OSRelease(levels[i].service);
            OSRelease(levels[i].dropped);
        }
    }
}

uint32_t serviceBusy_adjust(IOService *self, int32_t delta)
{
    pthread_mutex_lock(&busyLock);
    uint32_t before  = coreOf(self)->busy;
    bool     crossed = change_locked(self, delta);
    pthread_mutex_unlock(&busyLock);
    if (crossed)
        carryUp(OSRetain(self));
    return before;
}

void serviceBusy_providerChanged(IOService *self, IOService *unlinked)
{
    IOServicePrivate *core    = coreOf(self);
    IORegistryEntry  *dropped = NULL;
    IOService        *given   = NULL;
    pthread_mutex_lock(&busyLock);
    if (unlinked && core->contributesTo == unlinked) {
        core->contributesTo = NULL;
        given               = unlinked;
    }
    IOService *crossed   = reconcile_locked(self, &dropped);
    bool       quietened = given && change_locked(given, -1);
    pthread_mutex_unlock(&busyLock);
    carryUp(crossed); /* the new provider first: what is above both does not become quiet in between */
    if (quietened)
        carryUp(OSRetain(given));
    OSRelease(given);
    OSRelease(dropped);
}

void serviceBusy_clear(IOService *self)
{
    pthread_mutex_lock(&busyLock);
    uint32_t busy    = coreOf(self)->busy;
    bool     crossed = busy && change_locked(self, -(int32_t)busy);
    pthread_mutex_unlock(&busyLock);
    if (crossed)
        carryUp(OSRetain(self));
}

void IOService_adjustBusy(IOService *self, int32_t delta)
{
    (void)serviceBusy_adjust(self, delta);
}

uint32_t IOService_getBusyState(const IOService *self)
{
    pthread_mutex_lock(&busyLock);
    uint32_t busy = coreOf(self)->busy;
    pthread_mutex_unlock(&busyLock);
    return busy;
}

uint64_t IOService_getAccumulatedBusyTime(const IOService *self)
{
    const IOServicePrivate *core = coreOf(self);
    pthread_mutex_lock(&busyLock);
    uint64_t total = core->busyTotal + (core->busy ? IOUptimeNanoseconds() - core->busySince : 0);
    pthread_mutex_unlock(&busyLock);
    return total;
}
