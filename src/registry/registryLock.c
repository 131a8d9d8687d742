/* SPDX-License-Identifier: MIT */
/*
 * The registry lock, and the count of changes.
 *
 * A waiting writer goes before new readers: hosts with many reading clients must still see devices come and go. The
 * price is that a reader must not lock again; each thread notes what it holds, and the wrappers check it.
 */
#include <pthread.h>

#include <IOKit/IOLib.h>

#include "registryPrivate.h"

static pthread_rwlock_t registryLock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static _Thread_local enum { kUnlocked, kReading, kWriting } held;

static uint64_t generation; /* registry lock, written by atomic store: read without it for getGenerationCount */

static void assertUnlocked(void)
{
    if (held != kUnlocked)
        panic("registry: a thread that holds the registry lock takes it again");
}

void registry_lockForReading(void)
{
    assertUnlocked();
    pthread_rwlock_rdlock(&registryLock);
    held = kReading;
}

void registry_lockForWriting(void)
{
    assertUnlocked();
    pthread_rwlock_wrlock(&registryLock);
    held = kWriting;
}

void registry_unlock(void)
{
    registry_assertLocked();
    held = kUnlocked;
    pthread_rwlock_unlock(&registryLock);
}

void registry_assertLocked(void)
{
    if (held == kUnlocked)
        panic("registry: the registry lock is not held");
}

void registry_assertLockedForWriting(void)
{
    if (held != kWriting)
        panic("registry: the registry lock is not held for writing");
}

uint64_t registry_nextGeneration_locked(void)
{
    registry_assertLockedForWriting();
    uint64_t next = generation + 1;
    __atomic_store_n(&generation, next, __ATOMIC_RELAXED);
    return next;
}

SInt32 IORegistryEntry_getGenerationCount(void)
{
    return (SInt32)__atomic_load_n(&generation, __ATOMIC_RELAXED);
}
