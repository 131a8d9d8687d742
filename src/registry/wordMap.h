/* SPDX-License-Identifier: MIT */
/*
 * word_map: a hash table from one word to another: entry to position, entry ID to entry. No locks of its own, no
 * references; all-zero is an empty map. Room is made ahead (word_map_reserve), so that what follows cannot fail.
 */
#ifndef SRC_REGISTRY_WORDMAP_H
#define SRC_REGISTRY_WORDMAP_H

#include <stdbool.h>
#include <stdint.h>

typedef struct word_map {
    struct word_map_slot *slots;    /* owned; capacity of them */
    uint32_t              capacity; /* 0 or a power of two */
    uint32_t              count;
} word_map;

/* Makes room for count entries in all. False without memory, or above 2^30 entries. */
bool word_map_reserve(word_map *map, uint64_t count);
/* Adds key (not 0), for which there must be room; false when it is there already. */
bool word_map_put(word_map *map, uintptr_t key, uintptr_t value);
/* False when the key is not there; then *ret_value (which may be NULL) is left as it is. */
bool word_map_get(const word_map *map, uintptr_t key, uintptr_t *ret_value);
bool word_map_remove(word_map *map, uintptr_t key);
/* The entries in no order: from *cursor, which starts as 0. False at the end. */
bool word_map_next(const word_map *map, uint32_t *cursor, uintptr_t *ret_key, uintptr_t *ret_value);
/* Gives back the memory; the map is empty then. */
void word_map_finish(word_map *map);

#endif
