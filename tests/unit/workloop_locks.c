/* SPDX-License-Identifier: MIT */
/* The locks of drivers (IOKit/IOLocks.h, IOKit/IOConditionLock.h). */
#include "harness.h"

#include <pthread.h>

#include <IOKit/IOConditionLock.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLocks.h>

enum { kThreads = 3, kTimes = 3000 };

typedef struct Counted {
    IOLock *lock;
    IORecursiveLock *recursive;
    IOSimpleLock *simple;
    IORWLock *rw;
    int sum[4]; /* one a lock */
} Counted;

static void *countUp(void *argument)
{
    Counted *counted = argument;
    for (int i = 0; i < kTimes; i++) {
        IOLockLock(counted->lock);
        counted->sum[0]++;
        IOLockUnlock(counted->lock);
        IORecursiveLockLock(counted->recursive);
        IORecursiveLockLock(counted->recursive);
        counted->sum[1]++;
        IORecursiveLockUnlock(counted->recursive);
        counted->sum[1]++;
        IORecursiveLockUnlock(counted->recursive);
        IOInterruptState state = IOSimpleLockLockDisableInterrupt(counted->simple);
        counted->sum[2]++;
        IOSimpleLockUnlockEnableInterrupt(counted->simple, state);
        IORWLockRead(counted->rw);
        assert_true(counted->sum[3] >= 0);
        IORWLockUnlock(counted->rw);
        IORWLockWrite(counted->rw);
        counted->sum[3]++;
        IORWLockUnlock(counted->rw);
    }
    return NULL;
}

TEST(locks_exclude)
{
    Counted counted = {IOLockAlloc(), IORecursiveLockAlloc(), IOSimpleLockAlloc(), IORWLockAlloc(), {0}};
    pthread_t threads[kThreads];
    IOSimpleLockInit(counted.simple);
    for (int i = 0; i < kThreads; i++)
        pthread_create(&threads[i], NULL, countUp, &counted);
    for (int i = 0; i < kThreads; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(counted.sum[0], kThreads * kTimes);
    assert_int_equal(counted.sum[1], 2 * kThreads * kTimes);
    assert_int_equal(counted.sum[2], kThreads * kTimes);
    assert_int_equal(counted.sum[3], kThreads * kTimes);
    IOLockFree(counted.lock);
    IORecursiveLockFree(counted.recursive);
    IOSimpleLockFree(counted.simple);
    IORWLockFree(counted.rw);
}

static void *tryAll(void *argument)
{
    Counted *counted = argument;
    counted->sum[0] = IOLockTryLock(counted->lock);
    counted->sum[1] = IORecursiveLockTryLock(counted->recursive);
    counted->sum[2] = IOSimpleLockTryLock(counted->simple);
    counted->sum[3] = IORWLockTryWrite(counted->rw);
    return NULL;
}

TEST(try_fails_when_another_holds)
{
    Counted counted = {IOLockAlloc(), IORecursiveLockAlloc(), IOSimpleLockAlloc(), IORWLockAlloc(), {9, 9, 9, 9}};
    pthread_t thread;
    assert_true(IOLockTryLock(counted.lock));
    assert_true(IORecursiveLockTryLock(counted.recursive));
    assert_true(IORecursiveLockTryLock(counted.recursive));
    assert_true(IORecursiveLockHaveLock(counted.recursive));
    assert_true(IOSimpleLockTryLock(counted.simple));
    assert_true(IORWLockTryRead(counted.rw));
    IOLockAssert(counted.lock, kIOLockAssertOwned);
    pthread_create(&thread, NULL, tryAll, &counted);
    pthread_join(thread, NULL);
    for (int i = 0; i < 4; i++)
        assert_int_equal(counted.sum[i], 0);
    IOLockUnlock(counted.lock);
    IOLockAssert(counted.lock, kIOLockAssertNotOwned);
    IORecursiveLockUnlock(counted.recursive);
    IORecursiveLockUnlock(counted.recursive);
    assert_false(IORecursiveLockHaveLock(counted.recursive));
    IOSimpleLockUnlock(counted.simple);
    IORWLockUnlock(counted.rw);
    assert_true(IORWLockTryWrite(counted.rw));
    IORWLockUnlock(counted.rw);
    IOLockFree(counted.lock);
    IORecursiveLockFree(counted.recursive);
    IOSimpleLockFree(counted.simple);
    IORWLockFree(counted.rw);
}

/* --- sleeping --- */

typedef struct Queue {
    IOLock *lock;
    int items, taken; /* lock */
} Queue;

static void *consume(void *argument)
{
    Queue *queue = argument;
    for (int i = 0; i < kTimes; i++) {
        IOLockLock(queue->lock);
        while (queue->items == 0)
            assert_int_equal(IOLockSleep(queue->lock, queue, THREAD_UNINT), THREAD_AWAKENED);
        queue->items--;
        queue->taken++;
        IOLockUnlock(queue->lock);
    }
    return NULL;
}

/* A wake-up that is lost leaves a consumer asleep. */
TEST(sleep_and_wakeup)
{
    Queue queue = {.lock = IOLockAlloc()};
    pthread_t consumers[kThreads];
    for (int i = 0; i < kThreads; i++)
        pthread_create(&consumers[i], NULL, consume, &queue);
    for (int i = 0; i < kThreads * kTimes; i++) {
        IOLockLock(queue.lock);
        queue.items++;
        IOLockWakeup(queue.lock, &queue, true);
        IOLockUnlock(queue.lock);
    }
    for (int i = 0; i < kThreads; i++)
        pthread_join(consumers[i], NULL);
    assert_int_equal(queue.taken, kThreads * kTimes);
    IOLockFree(queue.lock);
}

TEST(sleep_until_a_deadline_or_an_interruption)
{
    IOLock *lock = IOLockAlloc();
    IORecursiveLock *recursive = IORecursiveLockAlloc();
    uint64_t deadline = IOUptimeNanoseconds() + 5000000;
    IOLockLock(lock);
    assert_int_equal(IOLockSleepDeadline(lock, lock, deadline, THREAD_UNINT), THREAD_TIMED_OUT);
    assert_true(IOUptimeNanoseconds() >= deadline);
    IOThreadInterrupt(IOThreadSelf());
    assert_int_equal(IOLockSleep(lock, lock, THREAD_INTERRUPTIBLE), THREAD_INTERRUPTED);
    IOLockAssert(lock, kIOLockAssertOwned);
    IOLockUnlock(lock);
    IORecursiveLockLock(recursive);
    IORecursiveLockLock(recursive);
    assert_int_equal(IORecursiveLockSleepDeadline(recursive, lock, 1, THREAD_UNINT), THREAD_TIMED_OUT);
    IORecursiveLockUnlock(recursive);
    assert_true(IORecursiveLockHaveLock(recursive)); /* as often as before */
    IORecursiveLockUnlock(recursive);
    assert_false(IORecursiveLockHaveLock(recursive));
    IOLockWakeup(lock, lock, false); /* nobody */
    IOLockFree(lock);
    IORecursiveLockFree(recursive);
}

/* --- condition locks --- */

static void *answer(void *argument)
{
    IOConditionLock *lock = argument;
    for (int i = 0; i < 500; i++) {
        IOConditionLock_lockWhen(lock, 1);
        IOConditionLock_unlockWith(lock, 2);
    }
    return NULL;
}

TEST(condition_lock)
{
    pthread_t thread;
    assert_int_equal(IOKit_initialize(), 0);
    IOConditionLock *lock = IOConditionLock_withCondition(0, false);
    assert_false(IOConditionLock_getInterruptible(lock));
    assert_true(IOConditionLock_tryLock(lock));
    assert_false(IOConditionLock_tryLock(lock));
    IOConditionLock_unlock(lock);
    assert_int_equal(IOConditionLock_lock(lock), THREAD_AWAKENED);
    assert_int_equal(IOConditionLock_setCondition(lock, 7), 0);
    assert_int_equal(IOConditionLock_getCondition(lock), 7);
    IOConditionLock_unlockWith(lock, 0);
    pthread_create(&thread, NULL, answer, lock);
    for (int i = 0; i < 500; i++) {
        IOConditionLock_lock(lock);
        IOConditionLock_unlockWith(lock, 1);
        assert_int_equal(IOConditionLock_lockWhen(lock, 2), THREAD_AWAKENED);
        assert_int_equal(IOConditionLock_getCondition(lock), 2);
        IOConditionLock_unlock(lock);
    }
    pthread_join(thread, NULL);
    OSRelease(lock);
    lock = IOConditionLock_withCondition(0, true);
    IOThreadInterrupt(IOThreadSelf());
    assert_int_equal(IOConditionLock_lockWhen(lock, 1), THREAD_INTERRUPTED);
    assert_true(IOConditionLock_tryLock(lock)); /* without the lock */
    IOConditionLock_unlock(lock);
    OSRelease(lock);
}

/* --- bugs that are found --- */

TEST(unlock_without_lock)
{
    IOLockUnlock(IOLockAlloc());
}

TEST(lock_twice)
{
    IOLock *lock = IOLockAlloc();
    IOLockLock(lock);
    IOLockLock(lock);
}

TEST(sleep_without_lock)
{
    IOLock *lock = IOLockAlloc();
    IOLockSleep(lock, lock, THREAD_UNINT);
}

TEST(recursive_unlock_without_lock)
{
    IORecursiveLockUnlock(IORecursiveLockAlloc());
}

TEST(free_of_a_held_lock)
{
    IOLock *lock = IOLockAlloc();
    IOLockLock(lock);
    IOLockFree(lock);
}

TEST(assertion_of_a_lock)
{
    IOLockAssert(IOLockAlloc(), kIOLockAssertOwned);
}

static const TestHooks hooks = {.setUp = NULL};

TEST_MAIN_WITH(hooks, RUN(locks_exclude), RUN(try_fails_when_another_holds), RUN(sleep_and_wakeup),
               RUN(sleep_until_a_deadline_or_an_interruption), RUN(condition_lock),
               ABORTS(unlock_without_lock, "does not hold the lock"),
               ABORTS(lock_twice, "by the thread that holds the lock"),
               ABORTS(sleep_without_lock, "does not hold the lock"),
               ABORTS(recursive_unlock_without_lock, "does not hold the lock"),
               ABORTS(free_of_a_held_lock, "lock that is held"), ABORTS(assertion_of_a_lock, "not held"))
