/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: links between entries, as they are made and broken. src/registry/linkQueries.c has what asks about
 * them.
 *
 * A link stands on both sides or on none: both halves are made (broken) in one hold of the registry lock, with all
 * memory reserved before the first change. Each half is a reference of a collection to the other entry. After the lock
 * is given up the side that the caller did not call is told through its slot, whose base implementation then finds
 * nothing left to do. References are given back last, with no lock held.
 *
 * The order of steps is attach: link, freeze the properties, tell the other side; detach: unlink, tell, release.
 */
#include <assert.h>

#include <IOKit/IOLib.h>

#include "registryPrivate.h"

/* ---- Places ---- */

IORegistryPlace *entry_findPlace_locked(const IORegistryEntry *entry, const IORegistryPlane *plane)
{
    registry_assertLocked();
    IORegistryPlace *place = entry->places;
    while (place && place->plane != plane)
        place = place->next;
    return place;
}

IORegistryPlace *entry_makePlace_locked(IORegistryEntry *entry, const IORegistryPlane *plane)
{
    registry_assertLockedForWriting();
    IORegistryPlace *place = entry_findPlace_locked(entry, plane);
    if (place || !(place = IOMallocZero(sizeof *place)))
        return place;
    place->plane  = plane;
    place->next   = entry->places;
    entry->places = place;
    return place;
}

/* ---- Attaching ---- */

/* Makes both halves of a link. *ret_made: false when they were there. False without memory, with nothing changed. */
static bool makeLink(IORegistryEntry *parent, IORegistryEntry *child, const IORegistryPlane *plane, bool *ret_made)
{
    registry_lockForWriting();
    IORegistryPlace *above = entry_makePlace_locked(parent, plane);
    IORegistryPlace *below = entry_makePlace_locked(child, plane);
    bool             made  = false;
    bool             ok    = above && below;
    if (ok && !link_set_contains(&below->links[kParentLinks], parent)) {
        ok = link_set_reserve(&above->links[kChildLinks], plane) &&
             link_set_reserve(&below->links[kParentLinks], NULL) && registry_assignID_locked(child);
        if (ok) {
            OSObject_retainForCollection(OSObjectOf(child));
            OSObject_retainForCollection(OSObjectOf(parent));
            link_set_add(&above->links[kChildLinks], child);
            link_set_add(&below->links[kParentLinks], parent);
            made = true;
        }
    }
    registry_unlock();
    *ret_made = made;
    return ok;
}

bool IORegistryEntry_attachToParent_(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane)
{
    bool made;
    if (!parent || !plane || self == parent || !makeLink(parent, self, plane, &made))
        return false;
    entry_freezeProperties(self);
    return !made || IORegistryEntry_attachToChild(parent, self, plane);
}

bool IORegistryEntry_attachToChild_(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane)
{
    bool made;
    if (!child || !plane || self == child || !makeLink(self, child, plane, &made))
        return false;
    return !made || IORegistryEntry_attachToParent(child, self, plane);
}

bool IORegistryEntry_attachToParent(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane)
{
    return OSMethodsOf(IORegistryEntry, self)->attachToParent(self, parent, plane);
}

bool IORegistryEntry_attachToChild(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane)
{
    return OSMethodsOf(IORegistryEntry, self)->attachToChild(self, child, plane);
}

/* ---- Detaching ---- */

/* Breaks both halves; the caller then owes each entry one reference of a collection. False when there was no link. */
static bool breakLink(IORegistryEntry *parent, IORegistryEntry *child, const IORegistryPlane *plane)
{
    registry_lockForWriting();
    IORegistryPlace *above  = entry_findPlace_locked(parent, plane);
    IORegistryPlace *below  = entry_findPlace_locked(child, plane);
    bool             broken = above && below && link_set_remove(&below->links[kParentLinks], parent);
    if (broken) {
        bool other = link_set_remove(&above->links[kChildLinks], child);
        assert(other);
        (void)other;
    }
    registry_unlock();
    return broken;
}

static void releaseEnds(IORegistryEntry *parent, IORegistryEntry *child)
{
    OSObject_releaseForCollection(OSObjectOf(child));
    OSObject_releaseForCollection(OSObjectOf(parent));
}

void IORegistryEntry_detachFromParent_(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane)
{
    if (!parent || !breakLink(parent, self, plane))
        return;
    IORegistryEntry_detachFromChild(parent, self, plane);
    releaseEnds(parent, self);
}

void IORegistryEntry_detachFromChild_(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane)
{
    if (!child || !breakLink(self, child, plane))
        return;
    IORegistryEntry_detachFromParent(child, self, plane);
    releaseEnds(self, child);
}

void IORegistryEntry_detachFromParent(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane)
{
    OSMethodsOf(IORegistryEntry, self)->detachFromParent(self, parent, plane);
}

void IORegistryEntry_detachFromChild(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane)
{
    OSMethodsOf(IORegistryEntry, self)->detachFromChild(self, child, plane);
}

void IORegistryEntry_detachAbove(IORegistryEntry *self, const IORegistryPlane *plane)
{
    IORegistryEntry *parent;
    OSRetain(self);
    while ((parent = IORegistryEntry_copyParentEntry(self, plane))) {
        IORegistryEntry_detachFromParent(self, parent, plane);
        OSRelease(parent);
    }
    OSRelease(self);
}

bool IORegistryEntry_detachAll(IORegistryEntry *self, const IORegistryPlane *plane)
{
    entry_list below = {0};
    bool       ok    = entry_list_collectBelow(&below, self, plane);
    if (ok)
        IORegistryEntry_detachAbove(self, plane);
    for (size_t i = below.count; ok && i-- > 0;)
        IORegistryEntry_detachAbove(below.entries[i], plane);
    entry_list_finishRetained(&below);
    return ok;
}

/* ---- Taking another entry's place ---- */

/* Room for one more link back, in every neighbour on one side. */
static bool reserveBackLinks(const link_set *neighbours, const IORegistryPlane *plane, unsigned side)
{
    uint32_t         position = 0;
    IORegistryEntry *neighbour;
    while ((neighbour = link_set_next(neighbours, &position))) {
        link_set *back = &entry_findPlace_locked(neighbour, plane)->links[side];
        if (!link_set_reserve(back, side == kChildLinks ? plane : NULL))
            return false;
    }
    return true;
}

/* Makes every neighbour's link back to `from` one to entry, at the end of its links. Leaves from's references to the
 * caller; returns how many. */
static uint32_t turnBackLinks(const link_set *neighbours, const IORegistryPlane *plane, unsigned side,
                              IORegistryEntry *from, IORegistryEntry *entry)
{
    uint32_t         position = 0;
    IORegistryEntry *neighbour;
    while ((neighbour = link_set_next(neighbours, &position))) {
        link_set *back = &entry_findPlace_locked(neighbour, plane)->links[side];
        OSObject_retainForCollection(OSObjectOf(entry));
        link_set_add(back, entry);
        link_set_remove(back, from);
    }
    return neighbours->count;
}

bool entry_takeLinks_locked(IORegistryEntry *entry, IORegistryEntry *from, const IORegistryPlane *plane,
                            uint32_t *ret_references)
{
    static const unsigned opposite[kLinkSides] = {[kParentLinks] = kChildLinks, [kChildLinks] = kParentLinks};

    IORegistryPlace *old = entry_findPlace_locked(from, plane);
    if (!old) {
        *ret_references = 0;
        return true;
    }
    IORegistryPlace *place = entry_makePlace_locked(entry, plane);
    for (unsigned side = 0; side < kLinkSides; side++)
        if (!place || !reserveBackLinks(&old->links[side], plane, opposite[side]))
            return false;

    *ret_references = 0;
    for (unsigned side = 0; side < kLinkSides; side++) {
        *ret_references += turnBackLinks(&old->links[side], plane, opposite[side], from, entry);
        place->links[side]       = old->links[side];
        old->links[side]         = (link_set){0};
        place->links[side].stamp = registry_nextGeneration_locked();
        old->links[side].stamp   = registry_nextGeneration_locked();
    }
    return true;
}
