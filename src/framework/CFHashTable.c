/* SPDX-License-Identifier: MIT */
/*
 * Entries in an array, chained from buckets by index; both grow together by doubling. A removed entry goes to a free
 * list. Callbacks run while the table is consistent: a release comes after its entry is out.
 */
#include "CFHashTable.h"

#include <string.h>

enum { kFirstCapacity = 8 };

void CFHashTableInit(CFHashTable *table)
{
    table->free = -1;
}

static size_t entriesSize(CFIndex capacity)
{
    return (size_t)capacity * sizeof(CFHashEntry);
}

static size_t bucketsSize(CFIndex capacity)
{
    return (size_t)capacity * sizeof(CFIndex);
}

static void releasePair(CFHashTable *table, const void *key, const void *value)
{
    if (table->keys.release)
        table->keys.release(NULL, key);
    if (table->values.release)
        table->values.release(NULL, value);
}

void CFHashTableFree(CFHashTable *table)
{
    for (CFIndex i = 0; i < table->filled; i++)
        if (table->entries[i].used)
            releasePair(table, table->entries[i].key, table->entries[i].value);
    IODeallocate(kIOAllocationContainer, table->entries, entriesSize(table->capacity));
    IODeallocate(kIOAllocationContainer, table->buckets, bucketsSize(table->capacity));
    table->entries = NULL;
    table->buckets = NULL;
    table->capacity = table->filled = table->count = 0;
    table->free = -1;
}

static CFHashCode hashOf(const CFHashTable *table, const void *key)
{
    if (table->keys.hash)
        return table->keys.hash(key);
    return (CFHashCode)((uintptr_t)key >> 4 ^ (uintptr_t)key >> 12);
}

static bool sameKey(const CFHashTable *table, const void *a, const void *b)
{
    return a == b || (table->keys.equal && table->keys.equal(a, b));
}

CFHashEntry *CFHashTableFind(const CFHashTable *table, const void *key)
{
    if (table->count == 0)
        return NULL;
    CFHashCode hash = hashOf(table, key);
    for (CFIndex i = table->buckets[hash % (CFHashCode)table->capacity]; i >= 0; i = table->entries[i].next)
        if (table->entries[i].hash == hash && sameKey(table, table->entries[i].key, key))
            return &table->entries[i];
    return NULL;
}

static bool grow(CFHashTable *table)
{
    CFIndex capacity = table->capacity ? table->capacity * 2 : kFirstCapacity;
    CFIndex *buckets = IOAllocate(kIOAllocationContainer, bucketsSize(capacity));
    CFHashEntry *entries;
    if (!buckets)
        return false;
    entries = IOReallocate(kIOAllocationContainer, table->entries, entriesSize(table->capacity), entriesSize(capacity));
    if (!entries) {
        IODeallocate(kIOAllocationContainer, buckets, bucketsSize(capacity));
        return false;
    }
    IODeallocate(kIOAllocationContainer, table->buckets, bucketsSize(table->capacity));
    table->entries = entries;
    table->buckets = buckets;
    table->capacity = capacity;
    for (CFIndex i = 0; i < capacity; i++)
        buckets[i] = -1;
    for (CFIndex i = 0; i < table->filled; i++) { /* all are used when the table is full */
        CFIndex *bucket = &buckets[entries[i].hash % (CFHashCode)capacity];
        entries[i].next = *bucket;
        *bucket = i;
    }
    return true;
}

static bool addEntry(CFHashTable *table, const void *key, const void *value)
{
    if (table->count == table->capacity && !grow(table))
        return false;
    CFIndex index = table->free >= 0 ? table->free : table->filled;
    CFHashEntry *entry = &table->entries[index];
    if (table->free >= 0)
        table->free = entry->next;
    else
        table->filled++;
    entry->hash = hashOf(table, key);
    entry->key = table->keys.retain ? table->keys.retain(NULL, key) : key;
    entry->value = table->values.retain ? table->values.retain(NULL, value) : value;
    entry->used = true;
    CFIndex *bucket = &table->buckets[entry->hash % (CFHashCode)table->capacity];
    entry->next = *bucket;
    *bucket = index;
    table->count++;
    return true;
}

bool CFHashTablePut(CFHashTable *table, const void *key, const void *value, CFHashMode mode)
{
    CFHashEntry *entry = CFHashTableFind(table, key);
    if (!entry)
        return mode == kCFHashReplace || addEntry(table, key, value);
    if (mode == kCFHashAdd)
        return true;
    const void *old = entry->value;
    entry->value = table->values.retain ? table->values.retain(NULL, value) : value;
    if (table->values.release)
        table->values.release(NULL, old);
    return true;
}

void CFHashTableRemove(CFHashTable *table, const void *key)
{
    CFHashEntry *entry = CFHashTableFind(table, key);
    if (!entry)
        return;
    CFIndex index = entry - table->entries;
    CFIndex *link = &table->buckets[entry->hash % (CFHashCode)table->capacity];
    while (*link != index)
        link = &table->entries[*link].next;
    *link = entry->next;
    const void *oldKey = entry->key, *oldValue = entry->value;
    *entry = (CFHashEntry){.next = table->free};
    table->free = index;
    table->count--;
    releasePair(table, oldKey, oldValue);
}

CFHashEntry *CFHashTableNext(const CFHashTable *table, CFIndex *index)
{
    while (*index < table->filled) {
        CFHashEntry *entry = &table->entries[(*index)++];
        if (entry->used)
            return entry;
    }
    return NULL;
}
