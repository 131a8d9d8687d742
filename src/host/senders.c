/* SPDX-License-Identifier: MIT */
/*
 * A hash table of the objects that clients have handles to, with the number of tables each is in. The record has the
 * one retain. A record whose count falls to 0 is taken out under the lock and finished outside it; an object that gets
 * a handle again meanwhile (a shared user client) gets a new record.
 *
 * Lock: sendersLock, a leaf; a HandleTable's lock may be held around Senders_add.
 */
#include "senders.h"

#include <pthread.h>

#include <IOKit/IOLib.h>

enum { kFirstBuckets = 256 };

typedef struct Record {
    OSObject *object; /* owned: one retain for all handles */
    HandleKind kind;
    uint32_t tables;
    struct Record *next;
} Record;

static pthread_mutex_t sendersLock = PTHREAD_MUTEX_INITIALIZER;
static Record **buckets;   /* sendersLock, and so the rest */
static size_t bucketCount; /* a power of 2 */
static size_t recordCount;

static Record **linkOf_locked(const OSObject *object, HandleKind kind)
{
    uint64_t hash = ((uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)kind;
    Record **link = &buckets[(hash >> 32) & (bucketCount - 1)];
    while (*link && ((*link)->object != object || (*link)->kind != kind))
        link = &(*link)->next;
    return link;
}

/* Keeps the buckets no fewer than the records, as memory allows. False when there is not even one bucket. */
static bool makeRoom_locked(void)
{
    if (recordCount < bucketCount)
        return true;
    size_t oldCount = bucketCount;
    Record **old = buckets;
    size_t count = oldCount ? oldCount * 2 : kFirstBuckets;
    Record **larger = IOMallocZero(count * sizeof *larger);
    if (!larger)
        return old != NULL;
    buckets = larger;
    bucketCount = count;
    for (size_t i = 0; i < oldCount; i++)
        for (Record *record = old[i], *next; record; record = next) {
            next = record->next;
            Record **end = linkOf_locked(record->object, record->kind);
            record->next = NULL;
            *end = record;
        }
    IOFree(old, oldCount * sizeof *old);
    return true;
}

bool Senders_add(OSObject *object, HandleKind kind)
{
    bool isFirst = false, done = false;
    pthread_mutex_lock(&sendersLock);
    if (makeRoom_locked()) {
        Record **link = linkOf_locked(object, kind);
        if (*link) {
            (*link)->tables++;
            done = true;
        } else if ((*link = IOMallocZero(sizeof **link)) != NULL) {
            **link = (Record){.object = object, .kind = kind, .tables = 1};
            recordCount++;
            isFirst = done = true;
        }
    }
    pthread_mutex_unlock(&sendersLock);
    if (done && !isFirst)
        OSRelease(object); /* the record has its own: this is never the last */
    return done;
}

void Senders_remove(OSObject *object, HandleKind kind)
{
    Record *last = NULL;
    senderLeaves(object, kind);
    pthread_mutex_lock(&sendersLock);
    Record **link = linkOf_locked(object, kind);
    if (--(*link)->tables == 0) {
        last = *link;
        *link = last->next;
        recordCount--;
        if (recordCount == 0) { /* so that a host at rest holds nothing */
            IOFree(buckets, bucketCount * sizeof *buckets);
            buckets = NULL;
            bucketCount = 0;
        }
    }
    pthread_mutex_unlock(&sendersLock);
    if (!last)
        return;
    noMoreSenders(object, kind);
    OSRelease(object);
    IOFree(last, sizeof *last);
}

void Senders_discard(OSObject *object, HandleKind kind)
{
    pthread_mutex_lock(&sendersLock);
    bool isHeld = bucketCount && *linkOf_locked(object, kind);
    pthread_mutex_unlock(&sendersLock);
    if (!isHeld)
        noMoreSenders(object, kind);
}
