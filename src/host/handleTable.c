/* SPDX-License-Identifier: MIT */
/*
 * A handle's name is its index in the table, then kGenerationBits that change each time the index is used again; index
 * 0 is never used, so no name is 0, and names stay below kNameOfLocalPorts. Free indexes wait in a queue, so that one
 * comes back as late as possible. Generations begin at a different number in each table: a name kept from an earlier
 * connection is most likely not held in a later one.
 *
 * An entry is free (object NULL, in the queue) or held (object set, in the bucket of its object). Each held entry
 * stands for one sender (senders.h).
 *
 * Lock: the table's, a leaf. Objects are retained under it, given back after it is dropped.
 */
#include "handleTable.h"

#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>

#include "protocol/limits.h"
#include "senders.h"

enum {
    kGenerationBits = 10,
    kGenerationMask = (1 << kGenerationBits) - 1,
    kFirstCapacity = 32,
};
_Static_assert((uint64_t)(kLimitHandles + 2) << kGenerationBits <= kNameOfLocalPorts, "names reach the local ports'");

typedef struct Entry {
    OSObject *object;    /* borrowed from senders.c, which has one retain for all tables; NULL: free */
    uint32_t references; /* the client's */
    uint32_t next;       /* in its bucket, or in the queue of free entries; 0 ends */
    uint16_t generation;
    uint8_t kind;
} Entry;

struct HandleTable {
    pthread_mutex_t lock;
    /* All of this: lock. */
    Entry *entries;       /* capacity of them; [0] is not used */
    uint32_t *buckets;    /* capacity of them; the first entry of each, 0 for none */
    uint32_t capacity;    /* a power of 2 */
    uint32_t used;        /* entries below this have been used */
    uint32_t count;       /* held */
    uint32_t connections; /* of them, open user clients */
    uint32_t limit;
    uint32_t freeHead, freeTail; /* 0: the queue is empty */
    uint16_t firstGeneration;
    bool ended;
};

static uint32_t bucketOf(const HandleTable *self, const OSObject *object, HandleKind kind)
{
    uint64_t hash = ((uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)kind;
    return (uint32_t)(hash >> 32) & (self->capacity - 1);
}

static mach_port_t nameOf(const HandleTable *self, uint32_t index)
{
    return index << kGenerationBits | self->entries[index].generation;
}

/* The held entry of a name, or NULL. */
static Entry *find_locked(HandleTable *self, mach_port_t name)
{
    uint32_t index = name >> kGenerationBits;
    if (index == 0 || index >= self->used || !self->entries[index].object)
        return NULL;
    return self->entries[index].generation == (name & kGenerationMask) ? &self->entries[index] : NULL;
}

static uint32_t findObject_locked(HandleTable *self, const OSObject *object, HandleKind kind)
{
    uint32_t index = self->buckets[bucketOf(self, object, kind)];
    while (index && (self->entries[index].object != object || self->entries[index].kind != kind))
        index = self->entries[index].next;
    return index;
}

static void link_locked(HandleTable *self, uint32_t index)
{
    Entry *entry = &self->entries[index];
    uint32_t *bucket = &self->buckets[bucketOf(self, entry->object, entry->kind)];
    entry->next = *bucket;
    *bucket = index;
}

static void unlink_locked(HandleTable *self, uint32_t index)
{
    Entry *entry = &self->entries[index];
    uint32_t *link = &self->buckets[bucketOf(self, entry->object, entry->kind)];
    while (*link != index)
        link = &self->entries[*link].next;
    *link = entry->next;
}

static bool grow_locked(HandleTable *self)
{
    uint32_t capacity = self->capacity * 2;
    uint32_t *buckets = IOMallocZero(capacity * sizeof *buckets);
    Entry *entries =
        buckets ? IOReallocZero(self->entries, self->capacity * sizeof *entries, capacity * sizeof *entries) : NULL;
    if (!entries) {
        IOFree(buckets, capacity * sizeof *buckets);
        return false;
    }
    IOFree(self->buckets, self->capacity * sizeof *buckets);
    self->entries = entries;
    self->buckets = buckets;
    self->capacity = capacity;
    for (uint32_t i = 1; i < self->used; i++)
        if (entries[i].object)
            link_locked(self, i);
    return true;
}

/* An entry to use: a fresh one while there are few, so that freed ones rest. 0 without memory. */
static uint32_t takeFree_locked(HandleTable *self)
{
    if (self->used == self->capacity && self->freeHead == 0 && !grow_locked(self))
        return 0;
    if (self->used < self->capacity) {
        self->entries[self->used].generation = self->firstGeneration;
        return self->used++;
    }
    uint32_t index = self->freeHead;
    self->freeHead = self->entries[index].next;
    if (self->freeHead == 0)
        self->freeTail = 0;
    return index;
}

static void giveBack_locked(HandleTable *self, uint32_t index)
{
    Entry *entry = &self->entries[index];
    entry->object = NULL;
    entry->next = 0;
    entry->generation = (entry->generation + 1) & kGenerationMask;
    if (self->freeTail)
        self->entries[self->freeTail].next = index;
    else
        self->freeHead = index;
    self->freeTail = index;
    self->count--;
}

HandleTable *HandleTable_create(uint32_t limit)
{
    HandleTable *self = IOMallocZero(sizeof *self);
    if (!self)
        return NULL;
    self->capacity = kFirstCapacity;
    self->entries = IOMallocZero(kFirstCapacity * sizeof *self->entries);
    self->buckets = IOMallocZero(kFirstCapacity * sizeof *self->buckets);
    self->used = 1;
    self->limit = limit;
    self->firstGeneration = (IOUptimeNanoseconds() >> 10) & kGenerationMask;
    pthread_mutex_init(&self->lock, NULL);
    if (!self->entries || !self->buckets) {
        HandleTable_destroy(self);
        return NULL;
    }
    return self;
}

/* One more reference to an object that has a name already. */
static kern_return_t addReference_locked(Entry *entry)
{
    if (entry->references >= kLimitUserReferences)
        return KERN_UREFS_OVERFLOW;
    entry->references++;
    return KERN_SUCCESS;
}

static bool hasRoom_locked(const HandleTable *self, HandleKind kind)
{
    return self->count < self->limit && (kind != kHandleConnect || self->connections < kLimitConnections);
}

kern_return_t HandleTable_add(HandleTable *self, OSObject *object, HandleKind kind, mach_port_t *ret_name)
{
    kern_return_t result = KERN_RESOURCE_SHORTAGE;
    bool isOwned = true; /* the caller's reference is still to be given back */
    pthread_mutex_lock(&self->lock);
    uint32_t index = findObject_locked(self, object, kind);
    if (self->ended) {
        index = 0;
    } else if (index) {
        result = addReference_locked(&self->entries[index]);
    } else if (hasRoom_locked(self, kind) && (index = takeFree_locked(self)) != 0) {
        self->count++;
        if (Senders_add(object, kind)) {
            Entry *entry = &self->entries[index];
            entry->object = object;
            entry->kind = (uint8_t)kind;
            entry->references = 1;
            link_locked(self, index);
            self->connections += kind == kHandleConnect;
            isOwned = false;
            result = KERN_SUCCESS;
        } else {
            giveBack_locked(self, index);
        }
    }
    if (result == KERN_SUCCESS)
        *ret_name = nameOf(self, index);
    pthread_mutex_unlock(&self->lock);
    if (result != KERN_SUCCESS)
        Senders_discard(object, kind);
    if (isOwned)
        OSRelease(object);
    return result;
}

OSObject *HandleTable_copyObject(HandleTable *self, mach_port_t name, HandleKind *ret_kind)
{
    OSObject *object = NULL;
    pthread_mutex_lock(&self->lock);
    Entry *entry = find_locked(self, name);
    if (entry) {
        object = OSRetain(entry->object);
        *ret_kind = (HandleKind)entry->kind;
    }
    pthread_mutex_unlock(&self->lock);
    return object;
}

static kern_return_t checkDelta_locked(const Entry *entry, int32_t delta)
{
    int64_t left = entry ? (int64_t)entry->references + delta : 0;
    if (!entry)
        return KERN_INVALID_NAME;
    if (left < 0)
        return KERN_INVALID_VALUE;
    return left > kLimitUserReferences ? KERN_UREFS_OVERFLOW : KERN_SUCCESS;
}

kern_return_t HandleTable_modify(HandleTable *self, mach_port_t name, int32_t delta)
{
    OSObject *last = NULL;
    HandleKind kind = kHandleObject;
    pthread_mutex_lock(&self->lock);
    Entry *entry = find_locked(self, name);
    kern_return_t result = checkDelta_locked(entry, delta);
    if (result == KERN_SUCCESS && (entry->references += (uint32_t)delta) == 0) {
        uint32_t index = name >> kGenerationBits;
        last = entry->object;
        kind = (HandleKind)entry->kind;
        unlink_locked(self, index);
        giveBack_locked(self, index);
        self->connections -= kind == kHandleConnect;
    }
    pthread_mutex_unlock(&self->lock);
    if (last)
        Senders_remove(last, kind);
    return result;
}

kern_return_t HandleTable_release(HandleTable *self, mach_port_t name)
{
    return HandleTable_modify(self, name, -1);
}

kern_return_t HandleTable_getReferences(HandleTable *self, mach_port_t name, uint32_t *ret_count)
{
    pthread_mutex_lock(&self->lock);
    Entry *entry = find_locked(self, name);
    if (entry)
        *ret_count = entry->references;
    pthread_mutex_unlock(&self->lock);
    return entry ? KERN_SUCCESS : KERN_INVALID_NAME;
}

uint32_t HandleTable_getCount(HandleTable *self)
{
    pthread_mutex_lock(&self->lock);
    uint32_t count = self->count;
    pthread_mutex_unlock(&self->lock);
    return count;
}

void HandleTable_end(HandleTable *self)
{
    pthread_mutex_lock(&self->lock);
    self->ended = true;
    Entry *entries = self->entries; /* nobody changes them any more */
    uint32_t used = self->used;
    uint32_t size = self->capacity;
    self->entries = NULL;
    self->used = 1;
    self->count = 0;
    if (self->buckets)
        memset(self->buckets, 0, size * sizeof *self->buckets);
    pthread_mutex_unlock(&self->lock);
    for (uint32_t i = 1; entries && i < used; i++)
        if (entries[i].object)
            Senders_remove(entries[i].object, (HandleKind)entries[i].kind);
    IOFree(entries, size * sizeof *entries);
}

void HandleTable_destroy(HandleTable *self)
{
    if (!self)
        return;
    HandleTable_end(self);
    IOFree(self->buckets, self->capacity * sizeof *self->buckets);
    pthread_mutex_destroy(&self->lock);
    IOFree(self, sizeof *self);
}
