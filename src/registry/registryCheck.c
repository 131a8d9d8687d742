/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry_checkIntegrity: what must hold of the registry whenever its lock is free. For tests; it looks at
 * every entry that has an ID:
 *
 *   each link has its other half, in the same plane
 *   a set's count is the number of members that a walk over it yields
 *   each member of an indexed set is found by its present name, and by its location if it has one
 *   the ID index leads to the entry that has the ID
 */
#include <IOKit/IOLib.h>

#include "registryPrivate.h"

static void checkFound(const link_set *set, const IORegistryEntry *entry, unsigned index, uint32_t hash)
{
    uint32_t position = link_set_firstWithHash(set, index, hash);
    while (position != kNoLink && link_set_at(set, position) != entry)
        position = link_set_nextWithHash(set, index, position);
    if (position == kNoLink)
        panic("registry: %s is not found in its parent's index %u", entry_getName_locked(entry, NULL), index);
}

static void checkMember(const link_set *set, const IORegistryEntry *entry, const IORegistryPlane *plane)
{
    uint32_t hash[kLinkIndexes];
    if (!link_set_contains(set, entry))
        panic("registry: a link to %s is not found in its set", entry_getName_locked(entry, NULL));
    if (!link_set_isIndexed(set))
        return;
    entry_getHashes_locked(entry, plane, hash);
    for (unsigned index = 0; index < kLinkIndexes; index++)
        if (hash[index])
            checkFound(set, entry, index, hash[index]);
}

static void checkLinks(const IORegistryEntry *entry, const IORegistryPlace *place, unsigned side)
{
    unsigned         opposite = side == kChildLinks ? kParentLinks : kChildLinks;
    const link_set  *set      = &place->links[side];
    uint32_t         position = 0, count = 0;
    IORegistryEntry *other;
    while ((other = link_set_next(set, &position))) {
        const link_set *back = entry_getLinks_locked(other, place->plane, opposite);
        if (!back || !link_set_contains(back, entry))
            panic("registry: %s links to %s in plane %s, which does not link back", entry_getName_locked(entry, NULL),
                  entry_getName_locked(other, NULL), IORegistryPlane_getName(place->plane));
        checkMember(set, other, place->plane);
        count++;
    }
    if (count != set->count)
        panic("registry: %s has %u links in plane %s, and counts %u", entry_getName_locked(entry, NULL), count,
              IORegistryPlane_getName(place->plane), set->count);
}

static void checkEntry(const IORegistryEntry *entry)
{
    for (const IORegistryPlace *place = entry->places; place; place = place->next)
        for (unsigned side = 0; side < kLinkSides; side++)
            checkLinks(entry, place, side);
}

void IORegistryEntry_checkIntegrity(void)
{
    registry_lockForReading();
    registry_applyToIDs_locked(checkEntry);
    registry_unlock();
}
