/* SPDX-License-Identifier: MIT */
/* address_set: open addressing with linear probing, at most three quarters full. */
#include "addressSet.h"

#include <assert.h>
#include <stddef.h>

#include <IOKit/IOLib.h>

enum { kCapacityMin = 16, kCountMax = 1 << 30 };

/* Where address is, or the free slot where it would be. */
static uint32_t find(const address_set *set, const void *address)
{
    uint64_t mixed = (uint64_t)(uintptr_t)address * 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio */
    uint32_t index = (uint32_t)(mixed >> 32) & (set->capacity - 1);
    while (set->slots[index] && set->slots[index] != address)
        index = (index + 1) & (set->capacity - 1);
    return index;
}

bool address_set_contains(const address_set *set, const void *address)
{
    return set->count > 0 && set->slots[find(set, address)];
}

bool address_set_reserve(address_set *set)
{
    if (set->count >= kCountMax)
        return false;
    if (set->count < set->capacity / 4 * 3)
        return true;
    uint32_t    capacity = set->capacity ? 2 * set->capacity : kCapacityMin;
    address_set bigger   = {IOMallocZero(capacity * sizeof *bigger.slots), capacity, set->count};
    if (!bigger.slots)
        return false;
    for (uint32_t i = 0; i < set->capacity; i++)
        if (set->slots[i])
            bigger.slots[find(&bigger, set->slots[i])] = set->slots[i];
    IOFree(set->slots, set->capacity * sizeof *set->slots);
    *set = bigger;
    return true;
}

bool address_set_add(address_set *set, const void *address)
{
    assert(address && set->count < set->capacity / 4 * 3);
    const void **slot = &set->slots[find(set, address)];
    if (*slot)
        return false;
    *slot = address;
    set->count++;
    return true;
}

void address_set_finish(address_set *set)
{
    IOFree(set->slots, set->capacity * sizeof *set->slots);
    *set = (address_set){0};
}
