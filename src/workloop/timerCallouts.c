/* SPDX-License-Identifier: MIT */
/*
 * The timers of the host: one heap of deadlines, and a pool of threads.
 *
 * One thread of the pool leads: it sleeps until the earliest deadline, or for ever when there is none. When a timer is
 * due it stops leading, wakes or makes another thread to lead if anything is left to wait for, and runs the action
 * itself, which may wait for a gate: so a timer whose gate is held for long delays no other (as Apple's thread calls
 * do). The rest of the pool sleeps without a timeout. A host whose timers are not set wakes up zero times.
 *
 * A timer has its place in the heap reserved when it is made, and one thread is there from the first timer on: setting
 * one cannot fail.
 *
 * The heap's pointers do not count: a timer takes itself out before it goes, and a loop takes its pointer out of its
 * timers before it goes, both with the callout lock; under which a due timer and its loop are retained for the call,
 * or left alone when their free has begun.
 *
 * Locks: calloutLock is taken with or without a gate, and none is taken under it; actions run without it. A new
 * earliest deadline signals the leader under the lock that it sleeps with: it looks at the heap again, so none is
 * overslept.
 */
#include "workloopPrivate.h"

enum { kThreadsMax = 64 };

static pthread_mutex_t calloutLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t calloutOnce = PTHREAD_ONCE_INIT;
static pthread_cond_t earliestChanged, leaderWanted, callsEnded;

/* All under calloutLock. */
static IOTimerCallout **heap; /* [0] is not used; owned */
static size_t heapCount, heapCapacity, reservedCount;
static unsigned threadCount, idleCount, callCount;
static bool hasLeader, isLeaderWanted; /* wanted: an idle thread was woken to lead */

static void makeConditions(void)
{
    condition_init(&earliestChanged);
    condition_init(&leaderWanted);
    condition_init(&callsEnded);
}

void timerCallouts_lock(void)
{
    pthread_mutex_lock(&calloutLock);
}

void timerCallouts_unlock(void)
{
    pthread_mutex_unlock(&calloutLock);
}

/* --- the heap ---------------------------------------------------------------------------------------------------- */

static void place(size_t index, IOTimerCallout *callout)
{
    heap[index] = callout;
    callout->place = index;
}

static void siftUp(size_t index, IOTimerCallout *callout)
{
    for (; index > 1 && heap[index / 2]->deadline > callout->deadline; index /= 2)
        place(index, heap[index / 2]);
    place(index, callout);
}

static void siftDown(size_t index, IOTimerCallout *callout)
{
    for (size_t child; (child = index * 2) <= heapCount; index = child) {
        if (child < heapCount && heap[child + 1]->deadline < heap[child]->deadline)
            child++;
        if (callout->deadline <= heap[child]->deadline)
            break;
        place(index, heap[child]);
    }
    place(index, callout);
}

static void takeOut_locked(IOTimerCallout *callout)
{
    size_t index = callout->place;
    if (index == 0)
        return;
    callout->place = 0;
    IOTimerCallout *last = heap[heapCount--];
    if (last == callout)
        return;
    if (index > 1 && heap[index / 2]->deadline > last->deadline)
        siftUp(index, last);
    else
        siftDown(index, last);
}

/* --- the pool ---------------------------------------------------------------------------------------------------- */

static bool isDue_locked(void)
{
    return heapCount > 0 && heap[1]->deadline <= IOUptimeNanoseconds();
}

static void call_unlocked(IOTimerCallout *callout, unsigned generation, IOWorkLoop *workLoop)
{
    if (callout->isSignal)
        timer_signal(callout->timer, workLoop, generation);
    else
        timer_call(callout->timer, workLoop, generation);
}

static void *calloutThread(void *argument);

static bool makeThread_locked(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = pthread_create(&thread, &attributes, calloutThread, NULL) == 0;
    pthread_attr_destroy(&attributes);
    threadCount += ok;
    return ok;
}

/* Sees to it that some thread leads. Without one to spare the first that ends its call will. */
static void findLeader_locked(void)
{
    if (hasLeader || isLeaderWanted)
        return;
    if (idleCount > 0) {
        isLeaderWanted = true;
        pthread_cond_signal(&leaderWanted);
    } else if (threadCount < kThreadsMax) {
        makeThread_locked();
    }
}

/* Leads until a timer is due, and takes it out. */
static IOTimerCallout *awaitDue_locked(void)
{
    hasLeader = true;
    isLeaderWanted = false;
    while (!isDue_locked())
        condition_wait(&earliestChanged, &calloutLock, heapCount > 0 ? heap[1]->deadline : UINT64_MAX);
    IOTimerCallout *callout = heap[1];
    takeOut_locked(callout);
    hasLeader = false;
    return callout;
}

/* The lock is given back during the call. */
static void fire_locked(IOTimerCallout *callout)
{
    IOTimerEventSource *timer = callout->timer;
    IOWorkLoop *workLoop = callout->workLoop;
    if (callout->calls > 0 && !callout->mayReenter) {
        callout->isDueAgain = true; /* when the call ends */
        return;
    }
    if (!workLoop || !OSObject_tryRetain(OSObjectOf(timer)))
        return;
    if (!OSObject_tryRetain(OSObjectOf(workLoop)))
        workLoop = NULL;
    unsigned generation = callout->generation;
    callout->calls++;
    callCount++;
    if (heapCount > 0 && !callout->isSignal)
        findLeader_locked();
    timerCallouts_unlock();
    if (workLoop)
        call_unlocked(callout, generation, workLoop);
    timerCallouts_lock();
    callout->calls--;
    if (callout->isDueAgain && callout->calls == 0)
        timerCallouts_set_locked(callout, IOUptimeNanoseconds());
    timerCallouts_unlock();
    OSRelease(timer);
    OSRelease(workLoop);
    timerCallouts_lock();
    if (--callCount == 0)
        pthread_cond_broadcast(&callsEnded);
}

static void *calloutThread(void *argument)
{
    (void)argument;
    pthread_setname_np(pthread_self(), "timers");
    timerCallouts_lock();
    for (;;) {
        if (!hasLeader) {
            fire_locked(awaitDue_locked());
            continue;
        }
        idleCount++;
        pthread_cond_wait(&leaderWanted, &calloutLock);
        idleCount--;
    }
    return NULL;
}

/* --- what timers call -------------------------------------------------------------------------------------------- */

bool timerCallouts_reserve(void)
{
    pthread_once(&calloutOnce, makeConditions);
    timerCallouts_lock();
    bool ok = true;
    if (reservedCount + 2 > heapCapacity) { /* [0] is not used */
        size_t capacity = heapCapacity ? heapCapacity * 2 : 16;
        IOTimerCallout **grown = IOReallocZero(heap, heapCapacity * sizeof *heap, capacity * sizeof *heap);
        ok = grown != NULL;
        if (grown) {
            heap = grown;
            heapCapacity = capacity;
        }
    }
    ok = ok && (threadCount > 0 || makeThread_locked());
    reservedCount += ok;
    timerCallouts_unlock();
    return ok;
}

void timerCallouts_unreserve(void)
{
    timerCallouts_lock();
    reservedCount--;
    timerCallouts_unlock();
}

void timerCallouts_set_locked(IOTimerCallout *callout, uint64_t deadline)
{
    timerCallouts_cancel_locked(callout);
    callout->deadline = deadline;
    siftUp(++heapCount, callout);
    if (callout->place == 1 && hasLeader)
        pthread_cond_signal(&earliestChanged);
    findLeader_locked();
}

void timerCallouts_cancel_locked(IOTimerCallout *callout)
{
    callout->generation++;
    callout->isDueAgain = false;
    takeOut_locked(callout);
}

bool timerCallouts_waitIdle(uint64_t deadline)
{
    bool inTime = true;
    pthread_once(&calloutOnce, makeConditions);
    timerCallouts_lock();
    while (inTime && callCount > 0)
        inTime = condition_wait(&callsEnded, &calloutLock, deadline);
    bool isIdle = callCount == 0;
    timerCallouts_unlock();
    return isIdle;
}
