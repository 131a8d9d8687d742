/* SPDX-License-Identifier: MIT */
/*
 * The locks of drivers: pthread locks that know their holder.
 *
 * `holder` is written by the thread that has the lock, and read by anybody who asks "is it me?": only the holder itself
 * can have stored its own address there, so a relaxed load answers that question exactly.
 */
#include "workloopPrivate.h"

#include <errno.h>

struct _IOLock {
    pthread_mutex_t mutex;
    _Atomic(IOThread) holder;
};

struct _IORecursiveLock {
    pthread_mutex_t mutex;
    _Atomic(IOThread) holder;
    unsigned depth; /* the holder's */
};

struct _IORWLock {
    pthread_rwlock_t lock;
};

struct _IOSimpleLock {
    pthread_mutex_t mutex; /* not a spinning one: its holder can be descheduled here */
    _Atomic(IOThread) holder;
};

static inline bool isMine(const _Atomic(IOThread) *holder)
{
    return atomic_load_explicit(holder, memory_order_relaxed) == thread_self();
}

static inline void setHolder(_Atomic(IOThread) *holder, IOThread thread)
{
    atomic_store_explicit(holder, thread, memory_order_relaxed);
}

static void requireMine(const _Atomic(IOThread) *holder, const char *what)
{
    if (!isMine(holder))
        panic("%s by a thread that does not hold the lock", what);
}

/* --- IOLock ------------------------------------------------------------------------------------------------------ */

IOLock *IOLockAlloc(void)
{
    IOLock *lock = IOMallocZero(sizeof *lock);
    if (lock)
        pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

void IOLockFree(IOLock *lock)
{
    if (!lock)
        return;
    if (atomic_load_explicit(&lock->holder, memory_order_relaxed))
        panic("IOLockFree of a lock that is held");
    pthread_mutex_destroy(&lock->mutex);
    IOFree(lock, sizeof *lock);
}

void IOLockLock(IOLock *lock)
{
    if (isMine(&lock->holder))
        panic("IOLockLock by the thread that holds the lock");
    pthread_mutex_lock(&lock->mutex);
    setHolder(&lock->holder, thread_self());
}

bool IOLockTryLock(IOLock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return false;
    setHolder(&lock->holder, thread_self());
    return true;
}

void IOLockUnlock(IOLock *lock)
{
    requireMine(&lock->holder, "IOLockUnlock");
    setHolder(&lock->holder, NULL);
    pthread_mutex_unlock(&lock->mutex);
}

void IOLockAssert(IOLock *lock, IOLockAssertState type)
{
    if (isMine(&lock->holder) != (type == kIOLockAssertOwned))
        panic("IOLockAssert: the lock is %s", type == kIOLockAssertOwned ? "not held" : "held");
}

int IOLockSleep(IOLock *lock, void *event, UInt32 interType)
{
    return IOLockSleepDeadline(lock, event, UINT64_MAX, interType);
}

int IOLockSleepDeadline(IOLock *lock, void *event, uint64_t deadline, UInt32 interType)
{
    requireMine(&lock->holder, "IOLockSleep");
    setHolder(&lock->holder, NULL);
    int result = threadSleep_wait(&lock->mutex, event, deadline, interType);
    pthread_mutex_lock(&lock->mutex);
    setHolder(&lock->holder, thread_self());
    return result;
}

void IOLockWakeup(IOLock *lock, void *event, bool oneThread)
{
    (void)lock; /* Apple's parameter: who holds it need not be known to find the sleepers */
    threadSleep_wake(event, oneThread, THREAD_AWAKENED);
}

/* --- IORecursiveLock --------------------------------------------------------------------------------------------- */

IORecursiveLock *IORecursiveLockAlloc(void)
{
    IORecursiveLock *lock = IOMallocZero(sizeof *lock);
    if (lock)
        pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

void IORecursiveLockFree(IORecursiveLock *lock)
{
    if (!lock)
        return;
    if (pthread_mutex_destroy(&lock->mutex) == EBUSY)
        panic("IORecursiveLockFree of a lock that is held");
    IOFree(lock, sizeof *lock);
}

static void becomeHolder(IORecursiveLock *lock, unsigned depth)
{
    setHolder(&lock->holder, thread_self());
    lock->depth = depth;
}

void IORecursiveLockLock(IORecursiveLock *lock)
{
    if (isMine(&lock->holder)) {
        lock->depth++;
        return;
    }
    pthread_mutex_lock(&lock->mutex);
    becomeHolder(lock, 1);
}

bool IORecursiveLockTryLock(IORecursiveLock *lock)
{
    if (isMine(&lock->holder)) {
        lock->depth++;
        return true;
    }
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return false;
    becomeHolder(lock, 1);
    return true;
}

void IORecursiveLockUnlock(IORecursiveLock *lock)
{
    requireMine(&lock->holder, "IORecursiveLockUnlock");
    if (--lock->depth > 0)
        return;
    setHolder(&lock->holder, NULL);
    pthread_mutex_unlock(&lock->mutex);
}

bool IORecursiveLockHaveLock(const IORecursiveLock *lock)
{
    return isMine(&lock->holder);
}

int IORecursiveLockSleep(IORecursiveLock *lock, void *event, UInt32 interType)
{
    return IORecursiveLockSleepDeadline(lock, event, UINT64_MAX, interType);
}

int IORecursiveLockSleepDeadline(IORecursiveLock *lock, void *event, uint64_t deadline, UInt32 interType)
{
    requireMine(&lock->holder, "IORecursiveLockSleep");
    unsigned depth = lock->depth;
    setHolder(&lock->holder, NULL);
    int result = threadSleep_wait(&lock->mutex, event, deadline, interType);
    pthread_mutex_lock(&lock->mutex);
    becomeHolder(lock, depth);
    return result;
}

void IORecursiveLockWakeup(IORecursiveLock *lock, void *event, bool oneThread)
{
    (void)lock;
    threadSleep_wake(event, oneThread, THREAD_AWAKENED);
}

/* --- IORWLock ---------------------------------------------------------------------------------------------------- */

IORWLock *IORWLockAlloc(void)
{
    IORWLock *lock = IOMallocZero(sizeof *lock);
    if (!lock)
        return NULL;
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    /* A stream of readers does not keep a writer out. */
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    return lock;
}

void IORWLockFree(IORWLock *lock)
{
    if (!lock)
        return;
    pthread_rwlock_destroy(&lock->lock);
    IOFree(lock, sizeof *lock);
}

void IORWLockRead(IORWLock *lock)
{
    pthread_rwlock_rdlock(&lock->lock);
}

void IORWLockWrite(IORWLock *lock)
{
    pthread_rwlock_wrlock(&lock->lock);
}

bool IORWLockTryRead(IORWLock *lock)
{
    return pthread_rwlock_tryrdlock(&lock->lock) == 0;
}

bool IORWLockTryWrite(IORWLock *lock)
{
    return pthread_rwlock_trywrlock(&lock->lock) == 0;
}

void IORWLockUnlock(IORWLock *lock)
{
    pthread_rwlock_unlock(&lock->lock);
}

/* --- IOSimpleLock ------------------------------------------------------------------------------------------------ */

IOSimpleLock *IOSimpleLockAlloc(void)
{
    IOSimpleLock *lock = IOMallocZero(sizeof *lock);
    if (lock)
        pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

void IOSimpleLockFree(IOSimpleLock *lock)
{
    if (!lock)
        return;
    if (pthread_mutex_destroy(&lock->mutex) == EBUSY)
        panic("IOSimpleLockFree of a lock that is held");
    IOFree(lock, sizeof *lock);
}

void IOSimpleLockInit(IOSimpleLock *lock)
{
    (void)lock;
}

void IOSimpleLockLock(IOSimpleLock *lock)
{
    if (isMine(&lock->holder))
        panic("IOSimpleLockLock by the thread that holds the lock");
    pthread_mutex_lock(&lock->mutex);
    setHolder(&lock->holder, thread_self());
}

bool IOSimpleLockTryLock(IOSimpleLock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return false;
    setHolder(&lock->holder, thread_self());
    return true;
}

void IOSimpleLockUnlock(IOSimpleLock *lock)
{
    requireMine(&lock->holder, "IOSimpleLockUnlock");
    setHolder(&lock->holder, NULL);
    pthread_mutex_unlock(&lock->mutex);
}

IOInterruptState IOSimpleLockLockDisableInterrupt(IOSimpleLock *lock)
{
    IOSimpleLockLock(lock);
    return 0;
}

void IOSimpleLockUnlockEnableInterrupt(IOSimpleLock *lock, IOInterruptState state)
{
    (void)state;
    IOSimpleLockUnlock(lock);
}
