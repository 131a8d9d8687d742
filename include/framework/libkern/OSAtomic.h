/* SPDX-License-Identifier: MIT */
/*
 * The atomic operations and the spin lock of older client code. All are full barriers, with or without "Barrier" in
 * their names. An add returns the new value, as the user side of macOS does.
 */
#ifndef _OSATOMIC_H_
#define _OSATOMIC_H_

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

/* 0 when free. A waiter yields the processor: holders must be quick. */
typedef int32_t OSSpinLock;
#define OS_SPINLOCK_INIT 0

static inline bool OSSpinLockTry(volatile OSSpinLock *lock)
{
    int32_t unlocked = 0;
    return __atomic_compare_exchange_n(lock, &unlocked, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void OSSpinLockLock(volatile OSSpinLock *lock)
{
    while (!OSSpinLockTry(lock))
        sched_yield();
}

static inline void OSSpinLockUnlock(volatile OSSpinLock *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static inline int32_t OSAtomicAdd32(int32_t amount, volatile int32_t *value)
{
    return __atomic_add_fetch(value, amount, __ATOMIC_SEQ_CST);
}

static inline int64_t OSAtomicAdd64(int64_t amount, volatile int64_t *value)
{
    return __atomic_add_fetch(value, amount, __ATOMIC_SEQ_CST);
}

static inline bool OSAtomicCompareAndSwap32(int32_t from, int32_t to, volatile int32_t *value)
{
    return __atomic_compare_exchange_n(value, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool OSAtomicCompareAndSwap64(int64_t from, int64_t to, volatile int64_t *value)
{
    return __atomic_compare_exchange_n(value, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool OSAtomicCompareAndSwapPtr(void *from, void *to, void *volatile *value)
{
    return __atomic_compare_exchange_n(value, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#define OSAtomicIncrement32(value)        OSAtomicAdd32(1, value)
#define OSAtomicDecrement32(value)        OSAtomicAdd32(-1, value)
#define OSAtomicIncrement64(value)        OSAtomicAdd64(1, value)
#define OSAtomicDecrement64(value)        OSAtomicAdd64(-1, value)
#define OSAtomicAdd32Barrier              OSAtomicAdd32
#define OSAtomicAdd64Barrier              OSAtomicAdd64
#define OSAtomicIncrement32Barrier(value) OSAtomicAdd32(1, value)
#define OSAtomicDecrement32Barrier(value) OSAtomicAdd32(-1, value)
#define OSAtomicIncrement64Barrier(value) OSAtomicAdd64(1, value)
#define OSAtomicDecrement64Barrier(value) OSAtomicAdd64(-1, value)
#define OSAtomicCompareAndSwap32Barrier   OSAtomicCompareAndSwap32
#define OSAtomicCompareAndSwap64Barrier   OSAtomicCompareAndSwap64
#define OSAtomicCompareAndSwapPtrBarrier  OSAtomicCompareAndSwapPtr
#define OSMemoryBarrier()                 __atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif
