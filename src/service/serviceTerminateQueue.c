/* SPDX-License-Identifier: MIT */
/*
 * The queues between the phases of termination, and the thread that works on them (SEMANTICS 4.16 to 4.22).
 *
 * Three queues, first in first out: services whose phase 2 may begin, services to be finalized, and links whose client
 * is to be stopped. Nothing here allocates once a service is attached: the first two link the services themselves, the
 * third the ServiceLink that attach made. What is queued is retained.
 *
 * One thread at a time works on the queues, the terminator: the worker thread, or a thread in a synchronous terminate,
 * because that one may own a gate that the drivers it stops need. serviceTerminateWorker.c is what it does.
 */
#include "service/IOServicePrivate.h"

/* client is attached to provider. In client's list as long as it is, in the stop queue when it is to be stopped. */
struct ServiceLink {
    IOService   *client;   /* weak; retained while queued */
    IOService   *provider; /* weak: attached; retained while queued */
    ServiceLink *next;     /* in the client's list */
    ServiceLink *nextStop;
    bool         isQueued;
    bool         isAttached; /* in the client's list */
};

static pthread_mutex_t queueLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  changed; /* work came, the terminator left, a terminated service became quiet; monotonic clock */

/* All under queueLock. */
static IOService   *firstPhase2, *lastPhase2;
static IOService   *firstFinalize, *lastFinalize;
static ServiceLink *firstStop, *lastStop;
static bool         hasWork;       /* something was queued since the terminator last looked through */
static bool         hasTerminator;
static pthread_t    terminator;

/* --- links ------------------------------------------------------------------------------------------------------ */

static ServiceLink *findLink(IOService *client, const IOService *provider)
{
    ServiceLink *link = coreOf(client)->links;
    while (link && link->provider != provider)
        link = link->next;
    return link;
}

/* Counts: attaching what is attached already makes no second record. */
bool serviceTerminate_addLink(IOService *client, IOService *provider)
{
    ServiceLink *link = IOMallocZero(sizeof *link);
    if (!link)
        return false;
    link->client     = client;
    link->provider   = provider;
    link->isAttached = true;
    pthread_mutex_lock(&queueLock);
    bool isNew = !findLink(client, provider);
    if (isNew) {
        link->next            = coreOf(client)->links;
        coreOf(client)->links = link;
    }
    pthread_mutex_unlock(&queueLock);
    if (!isNew)
        IOFree(link, sizeof *link);
    return true;
}

void serviceTerminate_removeLink(IOService *client, IOService *provider)
{
    pthread_mutex_lock(&queueLock);
    ServiceLink **at = &coreOf(client)->links;
    while (*at && (*at)->provider != provider)
        at = &(*at)->next;
    ServiceLink *link = *at;
    if (link) {
        *at              = link->next;
        link->isAttached = false;
    }
    bool isLoose = link && !link->isQueued; /* else whoever takes it from the queue frees it */
    pthread_mutex_unlock(&queueLock);
    if (isLoose)
        IOFree(link, sizeof *link);
}

void serviceTerminate_freeLinks(IOService *client)
{
    while (coreOf(client)->links) {
        ServiceLink *link     = coreOf(client)->links;
        coreOf(client)->links = link->next;
        IOFree(link, sizeof *link); /* a queued one would retain the client */
    }
}

/* --- putting in ------------------------------------------------------------------------------------------------- */

static void announce_locked(void)
{
    hasWork = true;
    pthread_cond_broadcast(&changed);
}

/*
 * Whether a provider is inactive and its phase 2 still to come: that goes on to its clients, and tells them of it. One
 * whose phase 2 has begun may have passed self by, because there was still work at self.
 */
static bool isReachedByProvider(const IOService *self)
{
    ServiceList providers = {0};
    bool        reached   = false;
    serviceList_mustAppendProviders(&providers, self);
    for (size_t i = 0; i < providers.count; i++) {
        ServiceStage stage = service_stage(providers.items[i]);
        reached            = reached || (stage != kStageLive && stage <= kStageMarked);
    }
    serviceList_clear(&providers);
    return reached;
}

void serviceTerminate_schedulePhase2(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    if (service_stage(self) != kStageMarked)
        return; /* alive; or phase 1 is at work and schedules it itself; or phase 2 has begun */
    if (isReachedByProvider(self))
        return;
    pthread_mutex_lock(&queueLock);
    if (!core->inPhase2Queue) {
        core->inPhase2Queue = true;
        core->nextPhase2    = NULL;
        *(lastPhase2 ? &coreOf(lastPhase2)->nextPhase2 : &firstPhase2) = OSRetain(self);
        lastPhase2                                                     = self;
        announce_locked();
    }
    pthread_mutex_unlock(&queueLock);
}

static void queueFinalize_locked(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    if (core->inFinalizeQueue)
        return;
    core->inFinalizeQueue = true;
    core->nextFinalize    = NULL;
    *(lastFinalize ? &coreOf(lastFinalize)->nextFinalize : &firstFinalize) = OSRetain(self);
    lastFinalize                                                           = self;
    announce_locked();
}

void serviceTerminate_scheduleFinalize(IOService *self)
{
    pthread_mutex_lock(&queueLock);
    if (coreOf(self)->finalizeHolds)
        coreOf(self)->finalizeWaiting = true;
    else
        queueFinalize_locked(self);
    pthread_mutex_unlock(&queueLock);
}

void IOService_holdFinalize(IOService *self, bool hold)
{
    IOServicePrivate *core = coreOf(self);
    pthread_mutex_lock(&queueLock);
    if (hold) {
        core->finalizeHolds++;
    } else if (--core->finalizeHolds == 0 && core->finalizeWaiting) {
        core->finalizeWaiting = false;
        queueFinalize_locked(self);
    }
    pthread_mutex_unlock(&queueLock);
}

void serviceTerminate_scheduleStop(IOService *client, IOService *provider)
{
    pthread_mutex_lock(&queueLock);
    ServiceLink *link = findLink(client, provider);
    if (link && !link->isQueued) {
        link->isQueued = true;
        link->nextStop = NULL;
        OSRetain(client);
        OSRetain(provider);
        *(lastStop ? &lastStop->nextStop : &firstStop) = link;
        lastStop                                       = link;
        announce_locked();
    }
    pthread_mutex_unlock(&queueLock);
}

/* --- taking out ------------------------------------------------------------------------------------------------- */

IOService *serviceTerminate_nextPhase2(void)
{
    pthread_mutex_lock(&queueLock);
    IOService *service = firstPhase2;
    if (service) {
        firstPhase2 = coreOf(service)->nextPhase2;
        if (!firstPhase2)
            lastPhase2 = NULL;
        coreOf(service)->inPhase2Queue = false;
    }
    pthread_mutex_unlock(&queueLock);
    return service;
}

IOService *serviceTerminate_nextFinalize(void)
{
    pthread_mutex_lock(&queueLock);
    IOService *service = firstFinalize;
    if (service) {
        firstFinalize = coreOf(service)->nextFinalize;
        if (!firstFinalize)
            lastFinalize = NULL;
        coreOf(service)->inFinalizeQueue = false;
    }
    pthread_mutex_unlock(&queueLock);
    return service;
}

/* A terminated client waits for its own finalize; a live one only loses a provider. */
static bool mayStop(const ServiceLink *link)
{
    ServiceStage stage = service_stage(link->client);
    return !link->isAttached || stage == kStageLive || stage == kStageFinalized;
}

bool serviceTerminate_nextStop(IOService **ret_client, IOService **ret_provider)
{
    pthread_mutex_lock(&queueLock);
    ServiceLink *previous = NULL, *link = firstStop;
    while (link && !mayStop(link)) {
        previous = link;
        link     = link->nextStop;
    }
    if (link) {
        *(previous ? &previous->nextStop : &firstStop) = link->nextStop;
        if (lastStop == link)
            lastStop = previous;
        link->isQueued = false;
        *ret_client    = link->client;
        *ret_provider  = link->provider;
    }
    bool isLoose = link && !link->isAttached;
    pthread_mutex_unlock(&queueLock);
    if (isLoose)
        IOFree(link, sizeof *link);
    return link != NULL;
}

/* --- the terminator --------------------------------------------------------------------------------------------- */

/* Works until nothing new has come; the lock is held before and after. */
static void work_locked(void)
{
    hasTerminator = true;
    terminator    = pthread_self();
    while (hasWork) {
        hasWork = false;
        pthread_mutex_unlock(&queueLock);
        serviceTerminate_work();
        pthread_mutex_lock(&queueLock);
    }
    hasTerminator = false;
    pthread_cond_broadcast(&changed);
}

static void *workerThread(void *argument)
{
    (void)argument;
    (void)pthread_setname_np(pthread_self(), "IOTermination"); /* for debuggers; it can do without */
    pthread_mutex_lock(&queueLock);
    for (;;) {
        while (!hasWork || hasTerminator)
            pthread_cond_wait(&changed, &queueLock);
        work_locked();
    }
    return NULL;
}

void serviceTerminate_synchronously(IOService *self)
{
    uint64_t deadline = serviceBusy_deadline(NANOSECONDS(kTerminateWaitSeconds));
    bool     inTime   = true;
    serviceTerminate_schedulePhase2(self);
    pthread_mutex_lock(&queueLock);
    if (hasTerminator && pthread_equal(terminator, pthread_self())) {
        pthread_mutex_unlock(&queueLock); /* from a method that the terminator calls: it goes on when that returns */
        return;
    }
    while (inTime && IOService_getBusyState(self) != 0) {
        if (hasWork && !hasTerminator)
            work_locked();
        else
            inTime = condition_wait(&changed, &queueLock, deadline);
    }
    pthread_mutex_unlock(&queueLock);
    if (!inTime)
        IOLog("%s: terminate(kIOServiceSynchronous) timed out", IORegistryEntry_getName(entryOf(self), NULL));
}

void serviceTerminate_quietened(void)
{
    pthread_mutex_lock(&queueLock);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&queueLock);
}

bool serviceTerminate_waitIdle(uint64_t deadline)
{
    bool inTime = true;
    pthread_mutex_lock(&queueLock);
    while (inTime && (hasWork || hasTerminator))
        inTime = condition_wait(&changed, &queueLock, deadline);
    pthread_mutex_unlock(&queueLock);
    return inTime;
}

bool serviceTerminate_initialize(void)
{
    pthread_t      thread;
    pthread_attr_t attributes;
    condition_init(&changed);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = pthread_create(&thread, &attributes, workerThread, NULL) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}
