/* SPDX-License-Identifier: MIT */
/*
 * The index of a large dictionary.
 *
 * Up to kUnindexed entries a dictionary is searched from front to back: the keys are compared by address, which for
 * half a kilobyte of them is quicker than any table, and a registry with a million of small property tables wants no
 * table in each. Above that the block of entries is followed by an open-addressed table of places: 0 for an empty slot,
 * else the entry's place + 1; the key's address says where a search begins, and it ends at an empty slot, of which a
 * third at least exist. A look-up writes nothing, so that threads may look at once in a dictionary nobody changes.
 *
 * Places follow the order of insertion. Taking out an entry in the middle moves the entries above it, so the table is
 * gone through once as well; both cost the same.
 *
 * A sorted dictionary is searched by halving and leaves its table unused until it is rebuilt.
 */
#include "OSDictionaryIndex.h"

#include <string.h>

enum { kUnindexed = 32 };

/* A power of two, at least 1.5 times the capacity. */
static size_t slotCount(unsigned capacity)
{
    size_t slots = 2 * kUnindexed;
    if (capacity <= kUnindexed)
        return 0;
    while (slots < capacity + (size_t)capacity / 2)
        slots *= 2;
    return slots;
}

size_t OSDictionaryIndex_blockSize(unsigned capacity)
{
    return capacity * sizeof(OSDictionaryEntry) + slotCount(capacity) * sizeof(uint32_t);
}

bool OSDictionaryIndex_isUsed(const OSDictionary *self)
{
    return self->super.capacity > kUnindexed && !(self->super.options & kOSCollectionSort);
}

static uint32_t *slotsOf(const OSDictionary *self)
{
    return (uint32_t *)(self->entries + self->super.capacity);
}

static size_t homeOf(const OSSymbol *key, size_t mask)
{
    uint64_t address = (uintptr_t)key;
    return (size_t)((address * 0x9e3779b97f4a7c15u) >> 32) & mask; /* Fibonacci hashing: the upper bits are mixed */
}

/* The slot of the key, or the empty one where its search ends. */
static size_t slotOf(const OSDictionary *self, const OSSymbol *key, size_t mask)
{
    const uint32_t *slots = slotsOf(self);
    size_t          slot  = homeOf(key, mask);
    while (slots[slot] && self->entries[slots[slot] - 1].key != key)
        slot = (slot + 1) & mask;
    return slot;
}

unsigned OSDictionaryIndex_find(const OSDictionary *self, const OSSymbol *key)
{
    size_t   mask  = slotCount(self->super.capacity) - 1;
    uint32_t place = slotsOf(self)[slotOf(self, key, mask)];
    return place ? place - 1 : self->super.count;
}

void OSDictionaryIndex_add(OSDictionary *self, unsigned place)
{
    size_t mask = slotCount(self->super.capacity) - 1;
    slotsOf(self)[slotOf(self, self->entries[place].key, mask)] = place + 1;
}

/* Empties the slot, and moves back what was put behind it because it was taken. */
static void emptySlot(OSDictionary *self, size_t hole, size_t mask)
{
    uint32_t *slots = slotsOf(self);
    for (size_t next = (hole + 1) & mask; slots[next]; next = (next + 1) & mask) {
        size_t home = homeOf(self->entries[slots[next] - 1].key, mask);
        if (((next - home) & mask) < ((next - hole) & mask))
            continue; /* its search begins behind the hole */
        slots[hole] = slots[next];
        hole        = next;
    }
    slots[hole] = 0;
}

void OSDictionaryIndex_remove(OSDictionary *self, unsigned place)
{
    uint32_t *slots = slotsOf(self);
    size_t    mask  = slotCount(self->super.capacity) - 1;
    emptySlot(self, slotOf(self, self->entries[place].key, mask), mask);
    if (place + 1 == self->super.count)
        return;
    for (size_t slot = 0; slot <= mask; slot++)
        if (slots[slot] > place + 1)
            slots[slot]--;
}

void OSDictionaryIndex_rebuild(OSDictionary *self)
{
    size_t    mask  = slotCount(self->super.capacity) - 1;
    uint32_t *slots = slotsOf(self);
    memset(slots, 0, (mask + 1) * sizeof *slots);
    for (unsigned place = 0; place < self->super.count; place++) {
        size_t slot = homeOf(self->entries[place].key, mask);
        while (slots[slot]) /* keys differ: no need to look at them */
            slot = (slot + 1) & mask;
        slots[slot] = place + 1;
    }
}
