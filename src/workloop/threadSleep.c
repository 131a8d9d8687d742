/* SPDX-License-Identifier: MIT */
/*
 * Sleeping on events: what IOLockSleep and commandSleep stand on.
 *
 * An event is an address and hashes to a bucket; a bucket has a lock and the list of those who sleep on its events,
 * first come first. A sleeper is a record on its own stack.
 *
 * No wake-up is lost. The sleeper holds its caller's lock until it is on the list: the bucket's lock is taken first,
 * and the caller's opened under it. Whoever changes what is waited for does so under the caller's lock, hence either
 * before the sleeper looked, which then did not sleep, or after it is on the list, where the wake-up that follows finds
 * it. The bucket's lock is what the condition variable waits with, so a wake-up between joining the list and waiting is
 * seen in `isWoken`. An interruption stores its flag first and takes each bucket's lock afterwards: a sleeper has
 * either looked at the flag after that, or waits already and is signalled.
 *
 * A record leaves the list in the hands of who wakes it, or of its owner, each with the bucket's lock: it is never
 * reached after its function returned.
 */
#include "workloopPrivate.h"

enum { kBucketBits = 6, kBuckets = 1 << kBucketBits };

typedef struct Sleeper {
    const void *event;
    IOThread thread;
    struct Sleeper *next;
    bool isWoken;
    int result; /* once woken */
} Sleeper;

typedef struct Bucket {
    pthread_mutex_t lock;
    Sleeper *sleepers; /* lock */
} Bucket;

static Bucket buckets[kBuckets] = {[0 ... kBuckets - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};

_Thread_local struct IOThreadRecord threadRecord;

IOThread IOThreadSelf(void)
{
    return thread_self();
}

static Bucket *bucketOf(const void *event)
{
    return &buckets[((uint64_t)(uintptr_t)event * 0x9e3779b97f4a7c15u) >> (64 - kBucketBits)];
}

static void append_locked(Bucket *bucket, Sleeper *sleeper)
{
    Sleeper **link = &bucket->sleepers;
    while (*link)
        link = &(*link)->next;
    *link = sleeper;
}

static void unlink_locked(Bucket *bucket, Sleeper *sleeper)
{
    Sleeper **link = &bucket->sleepers;
    while (*link != sleeper)
        link = &(*link)->next;
    *link = sleeper->next;
}

/* Takes the interruption that waits for this thread, if there is one. */
static bool takeInterruption(IOThread self)
{
    return atomic_load(&self->isInterrupted) && atomic_exchange(&self->isInterrupted, false);
}

static int waitForWakeup_locked(Bucket *bucket, Sleeper *sleeper, uint64_t deadline, UInt32 interType)
{
    IOThread self = sleeper->thread;
    bool inTime = true;
    for (;;) {
        if (sleeper->isWoken)
            return sleeper->result;
        if (interType != THREAD_UNINT && takeInterruption(self))
            return THREAD_INTERRUPTED;
        if (!inTime)
            return THREAD_TIMED_OUT;
        inTime = condition_wait(&self->woken, &bucket->lock, deadline);
    }
}

int threadSleep_wait(pthread_mutex_t *lock, const void *event, uint64_t deadline, UInt32 interType)
{
    Bucket *bucket = bucketOf(event);
    IOThread self = thread_self();
    Sleeper sleeper = {.event = event, .thread = self};
    if (!self->hasCondition)
        condition_init(&self->woken); /* lives as long as the thread, and has nothing to give back */
    self->hasCondition = true;
    pthread_mutex_lock(&bucket->lock);
    append_locked(bucket, &sleeper);
    pthread_mutex_unlock(lock);
    int result = waitForWakeup_locked(bucket, &sleeper, deadline, interType);
    if (!sleeper.isWoken)
        unlink_locked(bucket, &sleeper);
    pthread_mutex_unlock(&bucket->lock);
    return result;
}

void threadSleep_wake(const void *event, bool oneThread, int result)
{
    Bucket *bucket = bucketOf(event);
    pthread_mutex_lock(&bucket->lock);
    Sleeper **link = &bucket->sleepers;
    while (*link) {
        Sleeper *sleeper = *link;
        if (sleeper->event != event) {
            link = &sleeper->next;
            continue;
        }
        *link = sleeper->next;
        sleeper->isWoken = true;
        sleeper->result = result;
        pthread_cond_signal(&sleeper->thread->woken);
        if (oneThread)
            break;
    }
    pthread_mutex_unlock(&bucket->lock);
}

/* Rare (a program was signalled during a call), so it may look through all buckets instead of finding the one. */
void IOThreadInterrupt(IOThread thread)
{
    atomic_store(&thread->isInterrupted, true);
    for (unsigned i = 0; i < kBuckets; i++) {
        pthread_mutex_lock(&buckets[i].lock);
        for (Sleeper *sleeper = buckets[i].sleepers; sleeper; sleeper = sleeper->next)
            if (sleeper->thread == thread)
                pthread_cond_signal(&thread->woken);
        pthread_mutex_unlock(&buckets[i].lock);
    }
}

bool IOThreadClearInterrupt(void)
{
    return takeInterruption(thread_self());
}
