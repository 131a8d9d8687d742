/* SPDX-License-Identifier: MIT */
/*
 * PersonalityTable: personalities in groups by their IOProviderClass.
 *
 * A group has its members in the order of addition, a hash table by content that finds duplicates, and an index by what
 * the members say about a nub (matchIndex.c). Adding changes them in place; removing, which is rare, makes table and index
 * of the group anew. Groups are made once and stay, empty, until the table is emptied.
 *
 * The table has no lock: the catalogue's protects it.
 */
#include "PersonalityTable.h"

#include <stdlib.h>
#include <string.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

enum { kHashDepthMax = 8, kFirstContent = 8 };

struct PersonalityGroup {
    const OSSymbol   *providerClass; /* owned */
    PersonalityList   members;       /* each owned */
    Personality     **byContent;     /* contentCapacity of them, a power of two; open addressing; NULL: free */
    size_t            contentCapacity;
    MatchIndex        index;
    bool              isIndexed;     /* false: there was no memory for the index; every member is a candidate */
    PersonalityGroup *nextInBucket, *next;
};

/* ---- Equality by content ---- */

static uint32_t mix(uint32_t hash, uint32_t value)
{
    return (hash ^ value) * 0x9e3779b1u + 0x7f4a7c15u;
}

static uint32_t hashBytes(const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    uint32_t             hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * 16777619u;
    return hash;
}

/* Equal property lists have equal hashes. Below kHashDepthMax, and for what is no property list, nothing is looked at. */
static uint32_t hashObject(const OSObject *object, unsigned depth)
{
    const OSString     *string = OSDynamicCast(OSString, object);
    const OSNumber     *number = OSDynamicCast(OSNumber, object);
    const OSDictionary *dict   = OSDynamicCast(OSDictionary, object);
    const OSArray      *array  = OSDynamicCast(OSArray, object);
    uint32_t            hash   = 0;

    if (string)
        return hashBytes(OSString_getCStringNoCopy(string), OSString_getLength(string));
    if (number)
        return hashBytes(&(uint64_t){OSNumber_unsigned64BitValue(number)}, sizeof(uint64_t));
    if (object == OSObjectOf(kOSBooleanTrue))
        return 1;
    if (depth == kHashDepthMax)
        return 0;
    for (unsigned i = 0; dict && i < OSDictionary_getCount(dict); i++) /* a sum: the order of keys does not count */
        hash += mix((uint32_t)((uintptr_t)OSDictionary_getKeyAtIndex(dict, i) >> 4),
                    hashObject(OSDictionary_getValueAtIndex(dict, i), depth + 1));
    for (unsigned i = 0; array && i < OSArray_getCount(array); i++)
        hash = mix(hash, hashObject(OSArray_getObject(array, i), depth + 1));
    return hash;
}

static Personality **contentSlot(const PersonalityGroup *group, OSDictionary *dict, uint32_t hash)
{
    size_t mask = group->contentCapacity - 1;
    size_t slot = hash & mask;
    while (group->byContent[slot] && (group->byContent[slot]->hash != hash ||
                                      !OSDictionary_isEqualTo(group->byContent[slot]->dict, OSObjectOf(dict))))
        slot = (slot + 1) & mask;
    return &group->byContent[slot];
}

/* Makes the table by content say what members says. */
static void fillContent(PersonalityGroup *group)
{
    size_t mask = group->contentCapacity - 1;
    memset(group->byContent, 0, group->contentCapacity * sizeof *group->byContent);
    for (size_t i = 0; i < group->members.count; i++) {
        size_t slot = group->members.items[i]->hash & mask; /* they are all different: any free slot is the place */
        while (group->byContent[slot])
            slot = (slot + 1) & mask;
        group->byContent[slot] = group->members.items[i];
    }
}

/* False without memory: the old table stays. */
static bool growContent(PersonalityGroup *group, size_t capacity)
{
    Personality **table = IOMallocZero(capacity * sizeof *table);
    if (!table)
        return false;
    IOFree(group->byContent, group->contentCapacity * sizeof *table);
    group->byContent       = table;
    group->contentCapacity = capacity;
    fillContent(group);
    return true;
}

/* ---- Groups ---- */

static size_t bucketOf(const OSSymbol *providerClass)
{
    return ((uintptr_t)providerClass >> 5) % kProviderBuckets;
}

static PersonalityGroup *findGroup(const PersonalityTable *self, const OSSymbol *providerClass)
{
    PersonalityGroup *group = self->buckets[bucketOf(providerClass)];
    while (group && group->providerClass != providerClass)
        group = group->nextInBucket;
    return group;
}

static PersonalityGroup *makeGroup(PersonalityTable *self, const OSSymbol *providerClass)
{
    PersonalityGroup *group = findGroup(self, providerClass);
    if (group)
        return group;
    group = IOMallocZero(sizeof *group);
    if (!group || !growContent(group, kFirstContent)) {
        IOFree(group, sizeof *group);
        return NULL;
    }
    PersonalityGroup **bucket = &self->buckets[bucketOf(providerClass)];
    group->providerClass      = OSRetain(providerClass);
    group->isIndexed          = true;
    group->nextInBucket       = *bucket;
    *bucket                   = group;
    *(self->lastLink ? self->lastLink : &self->first) = group;
    self->lastLink                                    = &group->next;
    return group;
}

static void freePersonality(Personality *personality)
{
    OSRelease(personality->dict);
    IOFree(personality, sizeof *personality);
}

static void freeGroup(PersonalityGroup *group)
{
    MatchIndex_empty(&group->index);
    for (size_t i = 0; i < group->members.count; i++)
        freePersonality(group->members.items[i]);
    PersonalityList_empty(&group->members);
    IOFree(group->byContent, group->contentCapacity * sizeof *group->byContent);
    OSRelease(group->providerClass);
    IOFree(group, sizeof *group);
}

void PersonalityTable_empty(PersonalityTable *self)
{
    PersonalityGroup *next;
    for (PersonalityGroup *group = self->first; group; group = next) {
        next = group->next;
        freeGroup(group);
    }
    *self = (PersonalityTable){0};
}

/* ---- Adding and removing ---- */

static int32_t scoreOf(OSDictionary *dict)
{
    OSNumber *score = OSDynamicCast(OSNumber, OSDictionary_getObject(dict, kIOProbeScoreKey));
    return score ? (int32_t)OSNumber_unsigned32BitValue(score) : kIODefaultProbeScore;
}

static bool addToGroup(PersonalityGroup *group, Personality *personality)
{
    if ((group->members.count + 1) * 2 > group->contentCapacity && !growContent(group, group->contentCapacity * 2))
        return false;
    if (!PersonalityList_add(&group->members, personality))
        return false;
    if (group->isIndexed && !MatchIndex_add(&group->index, personality)) {
        group->members.count--;
        return false;
    }
    *contentSlot(group, personality->dict, personality->hash) = personality;
    return true;
}

PersonalityAdded PersonalityTable_add(PersonalityTable *self, OSDictionary *dict)
{
    OSString *providerClass = OSDynamicCast(OSString, OSDictionary_getObject(dict, kIOProviderClassKey));
    if (!providerClass)
        return kPersonalityDropped;
    const OSSymbol   *symbol = OSSymbol_withString(providerClass);
    PersonalityGroup *group  = symbol ? makeGroup(self, symbol) : NULL;
    OSRelease(symbol);
    if (!group || self->count >= kPersonalitiesMax)
        return kPersonalityNoMemory;

    uint32_t hash = hashObject(OSObjectOf(dict), 0);
    if (*contentSlot(group, dict, hash))
        return kPersonalityDuplicate;
    Personality *personality = IOMallocZero(sizeof *personality);
    if (!personality)
        return kPersonalityNoMemory;
    *personality = (Personality){.dict = OSRetain(dict), .order = self->nextOrder, .hash = hash, .score = scoreOf(dict)};
    if (!addToGroup(group, personality)) {
        freePersonality(personality);
        return kPersonalityNoMemory;
    }
    self->nextOrder++;
    self->count++;
    return kPersonalityAdded;
}

bool PersonalityTable_contains(const PersonalityTable *self, OSDictionary *dict)
{
    OSString         *providerClass = OSDynamicCast(OSString, OSDictionary_getObject(dict, kIOProviderClassKey));
    const OSSymbol   *symbol        = providerClass ? OSSymbol_existingSymbolForString(providerClass) : NULL;
    PersonalityGroup *group         = symbol ? findGroup(self, symbol) : NULL;
    OSRelease(symbol);
    return group && *contentSlot(group, dict, hashObject(OSObjectOf(dict), 0));
}

/* Makes both tables say what members says, after a removal. */
static void reindex(PersonalityGroup *group)
{
    fillContent(group);
    MatchIndex_empty(&group->index);
    group->isIndexed = true;
    for (size_t i = 0; i < group->members.count && group->isIndexed; i++)
        group->isIndexed = MatchIndex_add(&group->index, group->members.items[i]);
}

bool PersonalityTable_remove(PersonalityTable *self, bool (*shouldRemove)(OSDictionary *dict, void *context),
                             void *context, OSOrderedSet *removed)
{
    bool done = true;
    for (PersonalityGroup *group = self->first; group; group = group->next) {
        size_t kept = 0, count = group->members.count;
        for (size_t i = 0; i < count; i++) {
            Personality *personality = group->members.items[i];
            if (!shouldRemove(personality->dict, context)) {
                group->members.items[kept++] = personality;
                continue;
            }
            if (removed)
                done = OSOrderedSet_setObject(removed, OSObjectOf(personality->dict)) && done;
            freePersonality(personality);
        }
        group->members.count = kept;
        self->count -= count - kept;
        if (kept != count)
            reindex(group);
    }
    return done;
}

bool PersonalityTable_apply(const PersonalityTable *self, bool (*apply)(OSDictionary *dict, void *context),
                            void *context)
{
    for (const PersonalityGroup *group = self->first; group; group = group->next)
        for (size_t i = 0; i < group->members.count; i++)
            if (!apply(group->members.items[i]->dict, context))
                return false;
    return true;
}

/* ---- Finding ---- */

typedef struct Candidate {
    const Personality *personality;
    unsigned           rank; /* of its provider class: 0 is the service's own class */
} Candidate;

static int compareCandidates(const void *left, const void *right)
{
    const Candidate *a = left, *b = right;
    if (a->personality->score != b->personality->score)
        return a->personality->score > b->personality->score ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->personality->order > b->personality->order) - (a->personality->order < b->personality->order);
}

static bool collectFrom(const PersonalityGroup *group, IOService *service, PersonalityList *found)
{
    if (group->isIndexed)
        return MatchIndex_collect(&group->index, service, found);
    for (size_t i = 0; i < group->members.count; i++)
        if (!PersonalityList_add(found, group->members.items[i]))
            return false;
    return true;
}

/* The candidates of each class down to IOService; ranks[i] is where those of the i-th class end. */
static bool collect(const PersonalityTable *self, IOService *service, PersonalityList *found, size_t *ranks,
                    unsigned *rankCount)
{
    const OSMetaClass *metaClass = OSObject_getMetaClass(OSObjectOf(service));
    for (*rankCount = 0; metaClass; metaClass = OSMetaClass_getSuperClass(metaClass)) {
        const PersonalityGroup *group = findGroup(self, metaClass->symbol);
        if (group && !collectFrom(group, service, found))
            return false;
        ranks[(*rankCount)++] = found->count;
        if (metaClass == &IOService_class)
            break;
    }
    return true;
}

static OSOrderedSet *makeSet(Candidate *candidates, size_t count)
{
    OSOrderedSet *set = OSOrderedSet_withCapacity((unsigned)count + 1, IOServiceOrdering, NULL);
    qsort(candidates, count, sizeof *candidates, compareCandidates);
    for (size_t i = 0; set && i < count; i++) {
        if (i > 0 && candidates[i].personality == candidates[i - 1].personality)
            continue; /* found by two of its values */
        if (!OSOrderedSet_setLastObject(set, OSObjectOf(candidates[i].personality->dict)))
            OSSafeReleaseNULL(set);
    }
    return set;
}

OSOrderedSet *PersonalityTable_findForService(const PersonalityTable *self, IOService *service)
{
    PersonalityList found = {0};
    size_t          ranks[kOSMetaClassDepthMax];
    unsigned        rankCount, rank = 0;
    OSOrderedSet   *set        = NULL;
    bool            collected  = collect(self, service, &found, ranks, &rankCount);
    Candidate      *candidates = collected ? IOMalloc((found.count + 1) * sizeof *candidates) : NULL;
    if (candidates) {
        for (size_t i = 0; i < found.count; i++) {
            while (i >= ranks[rank])
                rank++;
            candidates[i] = (Candidate){found.items[i], rank};
        }
        set = makeSet(candidates, found.count);
        IOFree(candidates, (found.count + 1) * sizeof *candidates);
    }
    PersonalityList_empty(&found);
    return set;
}
