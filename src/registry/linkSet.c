/* SPDX-License-Identifier: MIT */
/*
 * link_set: one member stands in the set itself, a few in an array, more in a table.
 *
 * The table is an array of slots in order of position; a removed member leaves an empty slot. A member's slot is found
 * through lists of the slots whose members' addresses hash to the same number. In a table of children, two more indexes
 * (by name, by location) are arrays of chains; a chain runs through the slots whose hash falls to it, in order of
 * position, forwards and backwards. So adding, removing and finding cost the same in a table of any size, and chains
 * yield the first member in order, as paths need.
 *
 * When more than half of the used slots are empty, or the slots are used up, the members move to a new table. That is
 * the only thing that needs memory: link_set_reserve does it ahead; a removal tries to, and goes on without.
 *
 * The registry lock protects it all. Nothing is called out from here.
 */
#include "linkSet.h"

#include <assert.h>
#include <string.h>

#include <IOKit/IOLib.h>

#include "registryPrivate.h"

enum { kLinksMax = 1 << 29 }; /* positions stay within 32 bits */

typedef struct Slot {
    IORegistryEntry *entry; /* NULL: empty */
    uint32_t         hash[kLinkIndexes];     /* 0: not in that index */
    uint32_t         next[kLinkIndexes];     /* positions in the chain, or kNoLink */
    uint32_t         previous[kLinkIndexes];
    uint32_t         nextMember; /* position in the list of members of that address hash, or kNoLink */
} Slot;

typedef struct Chain {
    uint32_t first, last; /* positions; first kNoLink: empty */
} Chain;

struct link_table {
    const IORegistryPlane *plane;    /* of the names; NULL: a table without indexes */
    Slot                  *slots;    /* capacity of them; used up to `used` */
    Chain                 *chains;   /* NULL, or chainCount of them for each index */
    uint32_t              *members;  /* chainCount of them: the first position in the list, or kNoLink */
    uint32_t               capacity;
    uint32_t               chainCount; /* a power of two */
    uint32_t               used;
    uint32_t               head; /* no member stands before it */
};

/* ---- Tables: chains ---- */

static Chain *chainOf(struct link_table *table, unsigned index, uint32_t hash)
{
    return &table->chains[(size_t)index * table->chainCount + (hash & (table->chainCount - 1))];
}

/* Into its chain by position: mostly at the end, a renamed member perhaps before it. */
static void chain_insert(struct link_table *table, unsigned index, uint32_t position)
{
    Slot    *slot     = &table->slots[position];
    Chain   *chain    = chainOf(table, index, slot->hash[index]);
    uint32_t previous = chain->first == kNoLink ? kNoLink : chain->last;
    while (previous != kNoLink && previous > position)
        previous = table->slots[previous].previous[index];

    uint32_t next         = previous == kNoLink ? chain->first : table->slots[previous].next[index];
    slot->previous[index] = previous;
    slot->next[index]     = next;
    *(previous == kNoLink ? &chain->first : &table->slots[previous].next[index]) = position;
    *(next == kNoLink ? &chain->last : &table->slots[next].previous[index])      = position;
}

static void chain_remove(struct link_table *table, unsigned index, uint32_t position)
{
    Slot    *slot     = &table->slots[position];
    Chain   *chain    = chainOf(table, index, slot->hash[index]);
    uint32_t previous = slot->previous[index], next = slot->next[index];
    *(previous == kNoLink ? &chain->first : &table->slots[previous].next[index]) = next;
    *(next == kNoLink ? &chain->last : &table->slots[next].previous[index])      = previous;
}

static void chains_insert(struct link_table *table, uint32_t position)
{
    if (!table->chains)
        return;
    Slot *slot = &table->slots[position];
    entry_getHashes_locked(slot->entry, table->plane, slot->hash);
    for (unsigned index = 0; index < kLinkIndexes; index++)
        if (slot->hash[index])
            chain_insert(table, index, position);
}

static void chains_remove(struct link_table *table, uint32_t position)
{
    for (unsigned index = 0; table->chains && index < kLinkIndexes; index++)
        if (table->slots[position].hash[index])
            chain_remove(table, index, position);
}

/* ---- Tables: members ---- */

/* Where the list begins that entry is in, if it is a member. */
static uint32_t *membersLike(const struct link_table *table, const IORegistryEntry *entry)
{
    uint64_t mixed = (uint64_t)(uintptr_t)entry * 0x9e3779b97f4a7c15u; /* spreads the multiples of 16 */
    return &table->members[(mixed >> 32) & (table->chainCount - 1)];
}

/* What points to the member's position; to kNoLink when entry is none. */
static uint32_t *findMember(const struct link_table *table, const IORegistryEntry *entry)
{
    uint32_t *link = membersLike(table, entry);
    while (*link != kNoLink && table->slots[*link].entry != entry)
        link = &table->slots[*link].nextMember;
    return link;
}

/* ---- Tables ---- */

static void table_free(struct link_table *table)
{
    if (!table)
        return;
    IOFree(table->members, table->chainCount * sizeof *table->members);
    IOFree(table->slots, table->capacity * sizeof *table->slots);
    IOFree(table->chains, (size_t)kLinkIndexes * table->chainCount * sizeof *table->chains);
    IOFree(table, sizeof *table);
}

static struct link_table *table_create(const IORegistryPlane *plane, uint32_t capacity)
{
    struct link_table *table = IOMallocZero(sizeof *table);
    if (!table)
        return NULL;
    table->plane      = plane;
    table->capacity   = capacity;
    table->chainCount = kLinksFew;
    while (table->chainCount < capacity / 4)
        table->chainCount *= 2;
    size_t chainBytes = (size_t)kLinkIndexes * table->chainCount * sizeof *table->chains;
    table->slots      = IOMallocZero(capacity * sizeof *table->slots);
    table->chains     = plane ? IOMalloc(chainBytes) : NULL;
    table->members    = IOMalloc(table->chainCount * sizeof *table->members);
    if (!table->slots || (plane && !table->chains) || !table->members) {
        table_free(table);
        return NULL;
    }
    memset(table->members, 0xff, table->chainCount * sizeof *table->members); /* kNoLink */
    if (plane)
        memset(table->chains, 0xff, chainBytes); /* kNoLink */
    return table;
}

static void table_add(struct link_table *table, IORegistryEntry *entry)
{
    assert(table->used < table->capacity);
    uint32_t  position = table->used++;
    uint32_t *first    = membersLike(table, entry);

    table->slots[position].entry      = entry;
    table->slots[position].nextMember = *first;
    *first                            = position;
    chains_insert(table, position);
}

static bool table_remove(struct link_table *table, const IORegistryEntry *entry)
{
    uint32_t *link     = findMember(table, entry);
    uint32_t  position = *link;
    if (position == kNoLink)
        return false;
    *link = table->slots[position].nextMember;
    chains_remove(table, position);
    table->slots[position] = (Slot){0};
    while (table->used > 0 && !table->slots[table->used - 1].entry)
        table->used--;
    while (table->head < table->used && !table->slots[table->head].entry)
        table->head++;
    if (table->head > table->used)
        table->head = table->used;
    return true;
}

/* ---- Sets ---- */

static void changed(link_set *set)
{
    set->stamp = registry_nextGeneration_locked();
}

static IORegistryEntry *const *membersOf(const link_set *set)
{
    return set->capacity <= 1 ? &set->in.one : set->in.few;
}

static void freeStorage(link_set *set)
{
    if (set->capacity > kLinksFew)
        table_free(set->in.many);
    else if (set->capacity > 1)
        IOFree(set->in.few, set->capacity * sizeof *set->in.few);
    set->in.one   = NULL;
    set->capacity = 0;
}

/* Moves the members to a table with room for `members`, and half as many more. */
static bool moveToTable(link_set *set, const IORegistryPlane *plane, uint32_t members)
{
    if (members >= kLinksMax)
        return false;
    uint32_t           capacity = members + members / 2 > 2 * kLinksFew ? members + members / 2 : 2 * kLinksFew;
    struct link_table *table    = table_create(plane, capacity);
    if (!table)
        return false;
    uint32_t         position = 0;
    IORegistryEntry *entry;
    while ((entry = link_set_next(set, &position)))
        table_add(table, entry);
    freeStorage(set);
    set->in.many  = table;
    set->capacity = capacity;
    return true;
}

static bool moveToArray(link_set *set, uint32_t capacity)
{
    IORegistryEntry **few = IOMallocZero(capacity * sizeof *few);
    if (!few)
        return false;
    memcpy(few, membersOf(set), set->count * sizeof *few);
    freeStorage(set);
    set->in.few   = few;
    set->capacity = capacity;
    return true;
}

bool link_set_reserve(link_set *set, const IORegistryPlane *plane)
{
    registry_assertLockedForWriting();
    if (set->capacity > kLinksFew)
        return set->in.many->used < set->in.many->capacity || moveToTable(set, plane, set->count + 1);
    if (set->count < set->capacity)
        return true;
    if (set->count == kLinksFew)
        return moveToTable(set, plane, set->count + 1);
    if (set->count > 0)
        return moveToArray(set, set->count * 2);
    set->capacity = 1;
    return true;
}

void link_set_add(link_set *set, IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    if (set->capacity > kLinksFew)
        table_add(set->in.many, entry);
    else if (set->capacity > 1)
        set->in.few[set->count] = entry;
    else
        set->in.one = entry;
    set->count++;
    changed(set);
}

static bool removeFromArray(link_set *set, const IORegistryEntry *entry)
{
    IORegistryEntry **members = set->capacity <= 1 ? &set->in.one : set->in.few;
    for (uint32_t i = 0; i < set->count; i++) {
        if (members[i] != entry)
            continue;
        memmove(&members[i], &members[i + 1], (set->count - i - 1) * sizeof *members);
        return true;
    }
    return false;
}

/* A table that has become too empty to walk cheaply, or too large for what is in it, is replaced by a smaller one. */
static void shrink(link_set *set)
{
    if (set->count == 0) {
        freeStorage(set);
    } else if (set->capacity > kLinksFew) {
        const struct link_table *table = set->in.many;
        bool                     gaps  = table->used - table->head > 2 * set->count + kLinksFew;
        if (gaps || (table->capacity > 4 * kLinksFew && set->count < table->capacity / 8))
            (void)moveToTable(set, table->plane, set->count); /* without memory it stays as it is */
    }
}

bool link_set_remove(link_set *set, const IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    bool removed = set->capacity > kLinksFew ? table_remove(set->in.many, entry) : removeFromArray(set, entry);
    if (!removed)
        return false;
    set->count--;
    shrink(set);
    changed(set);
    return true;
}

void link_set_finish(link_set *set)
{
    assert(set->count == 0);
    freeStorage(set);
}

bool link_set_contains(const link_set *set, const IORegistryEntry *entry)
{
    if (set->capacity > kLinksFew)
        return *findMember(set->in.many, entry) != kNoLink;
    for (uint32_t i = 0; i < set->count; i++)
        if (membersOf(set)[i] == entry)
            return true;
    return false;
}

IORegistryEntry *link_set_next(const link_set *set, uint32_t *position)
{
    if (set->capacity <= kLinksFew)
        return *position < set->count ? membersOf(set)[(*position)++] : NULL;
    const struct link_table *table = set->in.many;
    if (*position < table->head)
        *position = table->head;
    while (*position < table->used) {
        IORegistryEntry *entry = table->slots[(*position)++].entry;
        if (entry)
            return entry;
    }
    return NULL;
}

/* ---- Searching ---- */

bool link_set_isIndexed(const link_set *set)
{
    return set->capacity > kLinksFew && set->in.many->chains;
}

static uint32_t skipOthers(const struct link_table *table, unsigned index, uint32_t position, uint32_t hash)
{
    while (position != kNoLink && table->slots[position].hash[index] != hash)
        position = table->slots[position].next[index];
    return position;
}

uint32_t link_set_firstWithHash(const link_set *set, unsigned index, uint32_t hash)
{
    struct link_table *table = set->in.many;
    return skipOthers(table, index, chainOf(table, index, hash)->first, hash);
}

uint32_t link_set_nextWithHash(const link_set *set, unsigned index, uint32_t position)
{
    const Slot *slot = &set->in.many->slots[position];
    return skipOthers(set->in.many, index, slot->next[index], slot->hash[index]);
}

IORegistryEntry *link_set_at(const link_set *set, uint32_t position)
{
    return set->in.many->slots[position].entry;
}

void link_set_rename(link_set *set, IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    uint32_t position = link_set_isIndexed(set) ? *findMember(set->in.many, entry) : kNoLink;
    if (position == kNoLink)
        return;
    chains_remove(set->in.many, position);
    chains_insert(set->in.many, position);
}
