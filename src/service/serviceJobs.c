/* SPDX-License-Identifier: MIT */
/*
 * The threads of matching: a pool that grows with the work up to kMatchingThreadsMax running threads and sleeps,
 * without a timeout, when there is none.
 *
 * A thread that waits inside a driver's start for a resource, or for a synchronous child, does not count as running
 * while it waits, because what it waits for may need a thread; kMatchingThreadsTotal bounds those too.
 *
 * A job is a service: the queue links the services themselves, each at most once, and holds a reference. So queueing
 * cannot fail. The first thread is made when the kit starts, so there is always one to do the work, be it slowly.
 */
#include "service/IOServicePrivate.h"

static pthread_mutex_t jobsLock  = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  jobQueued = PTHREAD_COND_INITIALIZER;
static pthread_cond_t  becameIdle; /* of the monotonic clock */

/* All under jobsLock. */
static IOService *firstJob, *lastJob;
static unsigned   queuedCount;
static unsigned   threadCount;
static unsigned   idleCount;    /* of them, waiting for a job */
static unsigned   waitingCount; /* of them, waiting inside a job */

static _Thread_local bool isMatchingThread;

static IOService *takeJob_locked(void)
{
    IOService *service = firstJob;
    firstJob           = coreOf(service)->nextJob;
    if (!firstJob)
        lastJob = NULL;
    coreOf(service)->nextJob = NULL;
    queuedCount--;
    return service;
}

static void *matchingThread(void *argument)
{
    (void)argument;
    (void)pthread_setname_np(pthread_self(), "IOMatching"); /* for debuggers; it can do without */
    isMatchingThread = true;
    pthread_mutex_lock(&jobsLock);
    for (;;) {
        while (!firstJob) {
            idleCount++;
            if (idleCount == threadCount)
                pthread_cond_broadcast(&becameIdle);
            pthread_cond_wait(&jobQueued, &jobsLock);
            idleCount--;
        }
        IOService *service = takeJob_locked();
        pthread_mutex_unlock(&jobsLock);
        service_doServiceMatch(service);
        OSRelease(service);
        pthread_mutex_lock(&jobsLock);
    }
    return NULL;
}

static bool makeThread(void)
{
    pthread_t      thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = pthread_create(&thread, &attributes, matchingThread, NULL) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}

/* Makes one more thread when there is a job for it and it may run. Called and left with the lock held. */
static void growPool_locked(void)
{
    bool wanted = queuedCount > idleCount;
    bool mayRun = threadCount - waitingCount < kMatchingThreadsMax && threadCount < kMatchingThreadsTotal;
    if (!wanted || !mayRun)
        return;
    threadCount++;
    pthread_mutex_unlock(&jobsLock);
    bool made = makeThread();
    pthread_mutex_lock(&jobsLock);
    if (made)
        return;
    threadCount--; /* the threads there are will come to it, or have already */
    if (idleCount == threadCount)
        pthread_cond_broadcast(&becameIdle);
}

bool serviceJobs_initialize(void)
{
    condition_init(&becameIdle);
    pthread_mutex_lock(&jobsLock);
    threadCount++;
    pthread_mutex_unlock(&jobsLock);
    return makeThread();
}

void serviceJobs_submit(IOService *self)
{
    OSRetain(self);
    pthread_mutex_lock(&jobsLock);
    if (lastJob)
        coreOf(lastJob)->nextJob = self;
    else
        firstJob = self;
    lastJob = self;
    queuedCount++;
    pthread_cond_signal(&jobQueued);
    growPool_locked();
    pthread_mutex_unlock(&jobsLock);
}

void serviceJobs_beginWait(void)
{
    if (!isMatchingThread)
        return;
    pthread_mutex_lock(&jobsLock);
    waitingCount++;
    growPool_locked();
    pthread_mutex_unlock(&jobsLock);
}

void serviceJobs_endWait(void)
{
    if (!isMatchingThread)
        return;
    pthread_mutex_lock(&jobsLock);
    waitingCount--;
    pthread_mutex_unlock(&jobsLock);
}

bool serviceJobs_waitIdle(uint64_t deadline)
{
    bool inTime = true;
    pthread_mutex_lock(&jobsLock);
    while (inTime && (firstJob || idleCount < threadCount))
        inTime = condition_wait(&becameIdle, &jobsLock, deadline);
    pthread_mutex_unlock(&jobsLock);
    return inTime;
}
