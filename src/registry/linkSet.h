/* SPDX-License-Identifier: MIT */
/*
 * link_set: an entry's links on one side (its parents, or its children) in one plane, in the order in which they were
 * made. All-zero is an empty set. The registry lock protects every set; changing one needs it for writing.
 *
 * A set does not retain: who adds a link has taken its reference, who removes one gives it back, after unlocking.
 */
#ifndef SRC_REGISTRY_LINKSET_H
#define SRC_REGISTRY_LINKSET_H

#include <IOKit/IORegistryEntry.h>

/* By what the members of a large set of children can be found. */
enum { kLinksByName, kLinksByLocation, kLinkIndexes };

typedef struct link_set {
    union {
        IORegistryEntry   *one;  /* capacity 1 */
        IORegistryEntry  **few;  /* up to kLinksFew */
        struct link_table *many; /* more */
    } in;
    uint32_t count;
    uint32_t capacity;
    uint64_t stamp; /* differs after each change, from that of any set before */
} link_set;

enum { kLinksFew = 32, kNoLink = 0xffffffffu };

/*
 * Makes room for one more member.
 *   plane   for children: a large set can be searched by the names and locations they have there; for parents: NULL
 */
bool link_set_reserve(link_set *set, const IORegistryPlane *plane);
/* Adds at the end. There must be room, and it must not be a member. */
void link_set_add(link_set *set, IORegistryEntry *entry);
/* False when it is not a member. Needs no memory; gives back what it can. */
bool link_set_remove(link_set *set, const IORegistryEntry *entry);
/* For free: the set must be empty. */
void link_set_finish(link_set *set);

bool link_set_contains(const link_set *set, const IORegistryEntry *entry);
/* The member at or behind *position, which moves behind it; NULL at the end. Start with 0. The positions of a set are
 * good until it changes. */
IORegistryEntry *link_set_next(const link_set *set, uint32_t *position);

/* Whether the set is one that can be searched, by the three functions below. */
bool link_set_isIndexed(const link_set *set);
/* The position of the first member with that hash; of the next behind position; kNoLink at the end. In order. */
uint32_t         link_set_firstWithHash(const link_set *set, unsigned index, uint32_t hash);
uint32_t         link_set_nextWithHash(const link_set *set, unsigned index, uint32_t position);
IORegistryEntry *link_set_at(const link_set *set, uint32_t position);
/* Takes a member's new name and location into account, when the set is indexed. */
void link_set_rename(link_set *set, IORegistryEntry *entry);

#endif
