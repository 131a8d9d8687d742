/* SPDX-License-Identifier: MIT */
/*
 * The registry lock, the count of changes, and the index of entries by ID that the lock protects.
 *
 * A waiting writer goes before new readers: hosts with many reading clients must still see devices come and go. The
 * price is that a reader must not lock again; each thread notes what it holds, and the wrappers check it.
 *
 * The ID index holds no references. An entry leaves it in its free, under the lock; a look-up that comes before that
 * finds an entry whose free has begun, which OSObject_tryRetain tells.
 */
#include <pthread.h>

#include <IOKit/IOLib.h>

#include "registryPrivate.h"
#include "wordMap.h"

static pthread_rwlock_t registryLock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static _Thread_local enum { kUnlocked, kReading, kWriting } held;

static uint64_t generation; /* registry lock, written by atomic store: read without it for getGenerationCount */
static word_map entriesByID; /* registry lock; ID to entry, weak */
static uint64_t lastID = 0x1000000ffu; /* registry lock; the ones up to here are reserved */

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

bool registry_assignID_locked(IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    if (entry->registryEntryID)
        return true;
    if (!word_map_reserve(&entriesByID, (uint64_t)entriesByID.count + 1))
        return false;
    __atomic_store_n(&entry->registryEntryID, ++lastID, __ATOMIC_RELEASE);
    word_map_put(&entriesByID, entry->registryEntryID, (uintptr_t)entry);
    return true;
}

void registry_forgetID_locked(IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    if (entry->registryEntryID)
        word_map_remove(&entriesByID, entry->registryEntryID);
}

void registry_applyToIDs_locked(void (*check)(const IORegistryEntry *entry))
{
    uint32_t  cursor = 0;
    uintptr_t key, value;
    registry_assertLocked();
    while (word_map_next(&entriesByID, &cursor, &key, &value)) {
        const IORegistryEntry *entry = (const IORegistryEntry *)value;
        if (entry->registryEntryID != key)
            panic("registry: ID 0x%jx leads to the entry with ID 0x%jx", (uintmax_t)key,
                  (uintmax_t)entry->registryEntryID);
        check(entry);
    }
}

uint64_t IORegistryEntry_getRegistryEntryID(const IORegistryEntry *self)
{
    return __atomic_load_n(&self->registryEntryID, __ATOMIC_ACQUIRE);
}

IORegistryEntry *IORegistryEntry_copyByID(uint64_t entryID)
{
    uintptr_t        word  = 0;
    IORegistryEntry *entry = NULL;
    registry_lockForReading();
    if (word_map_get(&entriesByID, entryID, &word)) {
        entry = (IORegistryEntry *)word;
        if (!OSObject_tryRetain(OSObjectOf(entry)))
            entry = NULL;
    }
    registry_unlock();
    return entry;
}
