/* SPDX-License-Identifier: MIT */
/*
 * word_map: open addressing with linear probing, at most three quarters full. A removal moves the entries behind the
 * gap back to where a search looks for them, so that there are no tombstones and no need to clean up; a map that has
 * become nearly empty is made smaller if memory allows.
 */
#include "wordMap.h"

#include <assert.h>
#include <stddef.h>

#include <IOKit/IOLib.h>

enum { kCapacityMin = 16 };
#define kCountMax ((uint64_t)1 << 30)

struct word_map_slot {
    uintptr_t key; /* 0: free */
    uintptr_t value;
};

static uint32_t homeOf(const word_map *map, uintptr_t key)
{
    uint64_t mixed = (uint64_t)key * 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio: spreads runs and aligned addresses */
    return (uint32_t)(mixed >> 32) & (map->capacity - 1);
}

static uint32_t after(const word_map *map, uint32_t index)
{
    return (index + 1) & (map->capacity - 1);
}

/* Where key is, or the free slot where it would be. */
static uint32_t find(const word_map *map, uintptr_t key)
{
    uint32_t index = homeOf(map, key);
    while (map->slots[index].key && map->slots[index].key != key)
        index = after(map, index);
    return index;
}

static bool resize(word_map *map, uint32_t capacity)
{
    word_map bigger = {IOMallocZero(capacity * sizeof *bigger.slots), capacity, map->count};
    if (!bigger.slots)
        return false;
    for (uint32_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            bigger.slots[find(&bigger, map->slots[i].key)] = map->slots[i];
    IOFree(map->slots, map->capacity * sizeof *map->slots);
    *map = bigger;
    return true;
}

bool word_map_reserve(word_map *map, uint64_t count)
{
    uint32_t capacity = map->capacity ? map->capacity : kCapacityMin;
    if (count > kCountMax)
        return false;
    while (count > capacity / 4 * 3)
        capacity *= 2;
    return capacity == map->capacity || resize(map, capacity);
}

bool word_map_put(word_map *map, uintptr_t key, uintptr_t value)
{
    assert(key != 0 && map->count < map->capacity / 4 * 3);
    struct word_map_slot *slot = &map->slots[find(map, key)];
    if (slot->key)
        return false;
    *slot = (struct word_map_slot){key, value};
    map->count++;
    return true;
}

bool word_map_get(const word_map *map, uintptr_t key, uintptr_t *ret_value)
{
    if (map->count == 0 || key == 0)
        return false;
    const struct word_map_slot *slot = &map->slots[find(map, key)];
    if (!slot->key)
        return false;
    if (ret_value)
        *ret_value = slot->value;
    return true;
}

/* Fills the gap with the next entry of the run that may stand there, and so on for the gap which that leaves. */
static void closeGap(word_map *map, uint32_t gap)
{
    for (uint32_t index = after(map, gap); map->slots[index].key; index = after(map, index)) {
        uint32_t mask = map->capacity - 1;
        uint32_t home = homeOf(map, map->slots[index].key);
        if (((index - home) & mask) < ((index - gap) & mask))
            continue;
        map->slots[gap] = map->slots[index];
        gap             = index;
    }
    map->slots[gap].key = 0;
}

bool word_map_remove(word_map *map, uintptr_t key)
{
    if (!word_map_get(map, key, NULL))
        return false;
    closeGap(map, find(map, key));
    map->count--;
    if (map->capacity > 4 * kCapacityMin && map->count < map->capacity / 8)
        (void)resize(map, map->capacity / 4); /* without memory it just stays large */
    return true;
}

bool word_map_next(const word_map *map, uint32_t *cursor, uintptr_t *ret_key, uintptr_t *ret_value)
{
    while (*cursor < map->capacity) {
        const struct word_map_slot *slot = &map->slots[(*cursor)++];
        if (!slot->key)
            continue;
        *ret_key   = slot->key;
        *ret_value = slot->value;
        return true;
    }
    return false;
}

void word_map_finish(word_map *map)
{
    IOFree(map->slots, map->capacity * sizeof *map->slots);
    *map = (word_map){0};
}
