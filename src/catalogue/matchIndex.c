/* SPDX-License-Identifier: MIT */
/*
 * matchIndex: finds, for a nub, the few personalities of a provider class that it does not rule out.
 *
 * Most personalities say in one documented key what the device must be: IOPCIMatch, idVendor, IOPropertyMatch,
 * IONameMatch. A rule (matchRules.c) turns that key's value into a few hashes, and reads the same hashes from a nub. The
 * personality stands in the rule's buckets under each of its hashes; a nub looks up each of its own. A personality that
 * no rule covers stands in the rest, which is a candidate for every nub.
 *
 * The answer may be too large, never too small: a collision of hashes, or a nub that a rule does not know how to read,
 * only adds candidates. That is what makes matching the answer the same as matching everything
 * (tests/unit/catalogue_index.c holds it to that).
 *
 * Buckets are a hash table with chains, as indices into one array of entries.
 */
#include "matchIndex.h"

#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSSymbol.h>

#include "matchRules.h"

enum { kFirstBuckets = 16, kNone = UINT32_MAX };

typedef struct MatchEntry {
    uint64_t     value;
    Personality *personality; /* borrowed */
    uint32_t     next;        /* in the same bucket; kNone at the end */
} MatchEntry;

struct MatchBuckets {
    uint32_t   *heads;   /* owned; capacity of them, a power of two: index of the first entry, or kNone */
    MatchEntry *entries; /* owned; capacity of them, count in use */
    size_t      count, capacity;
};

bool PersonalityList_add(PersonalityList *self, Personality *personality)
{
    if (self->count == self->capacity) {
        size_t        capacity = self->capacity ? self->capacity * 2 : 32;
        Personality **items    = IOReallocZero(self->items, self->capacity * sizeof *items, capacity * sizeof *items);
        if (!items)
            return false;
        self->items    = items;
        self->capacity = capacity;
    }
    self->items[self->count++] = personality;
    return true;
}

void PersonalityList_empty(PersonalityList *self)
{
    IOFree(self->items, self->capacity * sizeof *self->items);
    *self = (PersonalityList){0};
}

static void link(MatchBuckets *self, uint32_t index)
{
    size_t bucket             = self->entries[index].value & (self->capacity - 1);
    self->entries[index].next = self->heads[bucket];
    self->heads[bucket]       = index;
}

static bool grow(MatchBuckets *self)
{
    size_t      capacity = self->capacity ? self->capacity * 2 : kFirstBuckets;
    uint32_t   *heads    = capacity < kNone ? IOMalloc(capacity * sizeof *heads) : NULL;
    MatchEntry *entries  = heads ? IOReallocZero(self->entries, self->capacity * sizeof *entries, capacity * sizeof *entries)
                                 : NULL;
    if (!entries) {
        IOFree(heads, capacity * sizeof *heads);
        return false;
    }
    IOFree(self->heads, self->capacity * sizeof *self->heads);
    self->heads    = heads;
    self->entries  = entries;
    self->capacity = capacity;
    for (size_t i = 0; i < capacity; i++)
        heads[i] = kNone;
    for (uint32_t i = 0; i < self->count; i++)
        link(self, i);
    return true;
}

static void freeBuckets(MatchBuckets *self)
{
    if (!self)
        return;
    IOFree(self->heads, self->capacity * sizeof *self->heads);
    IOFree(self->entries, self->capacity * sizeof *self->entries);
    IOFree(self, sizeof *self);
}

/* Makes room first, so that a personality is added under all of its values or none. */
static bool insert(MatchBuckets **buckets, Personality *personality, const MatchValues *values)
{
    if (!*buckets)
        *buckets = IOMallocZero(sizeof **buckets);
    MatchBuckets *self = *buckets;
    if (!self)
        return false;
    while (self->capacity - self->count < values->count)
        if (!grow(self))
            return false;
    for (size_t i = 0; i < values->count; i++) {
        self->entries[self->count] = (MatchEntry){.value = values->items[i], .personality = personality};
        link(self, (uint32_t)self->count++);
    }
    return true;
}

/* A personality with IOCompatibilityMatch is compared with other properties than the nub's own. */
bool MatchIndex_add(MatchIndex *self, Personality *personality)
{
    MatchValues values;
    bool        ownProperties = !OSDictionary_getObject(personality->dict, kIOCompatibilityMatchKey);
    for (size_t i = 0; i < kMatchRules && ownProperties; i++) {
        values.count = 0;
        if (OSDictionary_getObject(personality->dict, matchRules[i].key) &&
            matchRules[i].personalityValues(&matchRules[i], self, personality->dict, &values))
            return insert(&self->buckets[i], personality, &values);
    }
    return PersonalityList_add(&self->rest, personality);
}

void MatchIndex_empty(MatchIndex *self)
{
    for (size_t i = 0; i < kMatchRules; i++)
        freeBuckets(self->buckets[i]);
    PersonalityList_empty(&self->rest);
    for (size_t i = 0; i < self->propertyKeyCount; i++)
        OSRelease(self->propertyKeys[i]);
    IOFree(self->propertyKeys, self->propertyKeyCount * sizeof *self->propertyKeys);
    *self = (MatchIndex){0};
}

static bool isOfClass(IOService *service, const char *const *classes)
{
    if (!classes)
        return true;
    for (; *classes; classes++)
        if (OSMetaClass_checkMetaCastWithName(*classes, OSObjectOf(service)))
            return true;
    return false;
}

static bool addAll(const MatchBuckets *buckets, PersonalityList *found)
{
    for (size_t i = 0; i < buckets->count; i++)
        if (!PersonalityList_add(found, buckets->entries[i].personality))
            return false;
    return true;
}

static bool addEqual(const MatchBuckets *buckets, uint64_t value, PersonalityList *found)
{
    for (uint32_t i = buckets->heads[value & (buckets->capacity - 1)]; i != kNone; i = buckets->entries[i].next)
        if (buckets->entries[i].value == value && !PersonalityList_add(found, buckets->entries[i].personality))
            return false;
    return true;
}

static bool collectByRule(const MatchIndex *self, size_t rule, IOService *service, PersonalityList *found)
{
    const MatchBuckets *buckets = self->buckets[rule];
    MatchValues         values;
    values.count = 0;
    if (!isOfClass(service, matchRules[rule].nubClasses) ||
        !matchRules[rule].nubValues(&matchRules[rule], self, service, &values))
        return addAll(buckets, found);
    for (size_t i = 0; i < values.count; i++)
        if (!addEqual(buckets, values.items[i], found))
            return false;
    return true;
}

bool MatchIndex_collect(const MatchIndex *self, IOService *service, PersonalityList *found)
{
    for (size_t i = 0; i < self->rest.count; i++)
        if (!PersonalityList_add(found, self->rest.items[i]))
            return false;
    for (size_t i = 0; i < kMatchRules; i++)
        if (self->buckets[i] && self->buckets[i]->count > 0 && !collectByRule(self, i, service, found))
            return false;
    return true;
}
