/* SPDX-License-Identifier: MIT */
/*
 * address_set: a set of addresses, for a walk that must know where it has been. No locks, no references; all-zero is an
 * empty set.
 */
#ifndef SRC_REGISTRY_ADDRESSSET_H
#define SRC_REGISTRY_ADDRESSSET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct address_set {
    const void **slots;    /* owned; capacity of them; NULL: free */
    uint32_t     capacity; /* 0 or a power of two */
    uint32_t     count;
} address_set;

bool address_set_contains(const address_set *set, const void *address);
/* Makes room for one more. False without memory, or with 2^30 members. */
bool address_set_reserve(address_set *set);
/* Adds an address, for which there must be room. False when it is a member. */
bool address_set_add(address_set *set, const void *address);
/* Gives back the memory; the set is empty then. */
void address_set_finish(address_set *set);

#endif
