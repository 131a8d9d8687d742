/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: questions about links. Each is one hold of the registry lock for reading; what is handed out is
 * retained, or a snapshot.
 */
#include <IOKit/IOLib.h>
#include <libkern/OSArray.h>
#include <libkern/OSCollectionIterator.h>

#include "addressSet.h"
#include "registryPrivate.h"

/* A depth that only a circle of links reaches. */
enum { kDepthMax = 1 << 20 };

const link_set *entry_getLinks_locked(const IORegistryEntry *entry, const IORegistryPlane *plane, unsigned side)
{
    const IORegistryPlace *place = entry_findPlace_locked(entry, plane);
    return place ? &place->links[side] : NULL;
}

IORegistryEntry *entry_getFirstLink_locked(const IORegistryEntry *entry, const IORegistryPlane *plane, unsigned side)
{
    const link_set *links    = entry_getLinks_locked(entry, plane, side);
    uint32_t        position = 0;
    return links ? link_set_next(links, &position) : NULL;
}

static uint32_t countLinks_locked(const IORegistryEntry *entry, const IORegistryPlane *plane, unsigned side)
{
    const link_set *links = entry_getLinks_locked(entry, plane, side);
    return links ? links->count : 0;
}

/* ---- The first link ---- */

static IORegistryEntry *copyFirstLink(const IORegistryEntry *self, const IORegistryPlane *plane, unsigned side)
{
    registry_lockForReading();
    IORegistryEntry *entry = OSRetain(entry_getFirstLink_locked(self, plane, side));
    registry_unlock();
    return entry;
}

IORegistryEntry *IORegistryEntry_copyParentEntry(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return copyFirstLink(self, plane, kParentLinks);
}

IORegistryEntry *IORegistryEntry_copyChildEntry(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return copyFirstLink(self, plane, kChildLinks);
}

static IORegistryEntry *getFirstLink(const IORegistryEntry *self, const IORegistryPlane *plane, unsigned side)
{
    registry_lockForReading();
    IORegistryEntry *entry = entry_getFirstLink_locked(self, plane, side);
    registry_unlock();
    return entry;
}

IORegistryEntry *IORegistryEntry_getParentEntry(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return getFirstLink(self, plane, kParentLinks);
}

IORegistryEntry *IORegistryEntry_getChildEntry(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return getFirstLink(self, plane, kChildLinks);
}

/* ---- Snapshots ---- */

static OSArray *copyLinks(const IORegistryEntry *self, const IORegistryPlane *plane, unsigned side)
{
    registry_lockForReading();
    const link_set  *links    = entry_getLinks_locked(self, plane, side);
    OSArray         *array    = OSArray_withCapacity(links && links->count ? links->count : 1);
    uint32_t         position = 0;
    IORegistryEntry *entry;
    bool             ok = array;
    while (ok && links && (entry = link_set_next(links, &position)))
        ok = OSArray_setObject(array, OSObjectOf(entry));
    registry_unlock();
    if (!ok)
        OSSafeReleaseNULL(array);
    return array;
}

static OSIterator *iterateLinks(const IORegistryEntry *self, const IORegistryPlane *plane, unsigned side)
{
    OSArray *links = plane ? copyLinks(self, plane, side) : NULL;
    if (!links)
        return NULL;
    OSCollectionIterator *iterator = OSCollectionIterator_withCollection(&links->super);
    OSRelease(links);
    return iterator ? &iterator->super : NULL;
}

OSIterator *IORegistryEntry_getParentIterator(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return iterateLinks(self, plane, kParentLinks);
}

OSIterator *IORegistryEntry_getChildIterator(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    return iterateLinks(self, plane, kChildLinks);
}

static bool applyToLinks(const IORegistryEntry *self, IORegistryEntryApplierFunction applier, void *context,
                         const IORegistryPlane *plane, unsigned side)
{
    entry_list list = {0};
    registry_lockForReading();
    const link_set  *links    = entry_getLinks_locked(self, plane, side);
    uint32_t         position = 0;
    IORegistryEntry *entry;
    bool             ok = true;
    while (ok && links && (entry = link_set_next(links, &position)))
        ok = entry_list_appendRetained(&list, entry);
    registry_unlock();

    for (size_t i = 0; ok && i < list.count; i++)
        applier(list.entries[i], context);
    entry_list_finishRetained(&list);
    return ok;
}

bool IORegistryEntry_applyToChildren(const IORegistryEntry *self, IORegistryEntryApplierFunction applier, void *context,
                                     const IORegistryPlane *plane)
{
    return applyToLinks(self, applier, context, plane, kChildLinks);
}

bool IORegistryEntry_applyToParents(const IORegistryEntry *self, IORegistryEntryApplierFunction applier, void *context,
                                    const IORegistryPlane *plane)
{
    return applyToLinks(self, applier, context, plane, kParentLinks);
}

/* ---- Counts and tests ---- */

uint32_t IORegistryEntry_getChildCount(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    registry_lockForReading();
    uint32_t count = countLinks_locked(self, plane, kChildLinks);
    registry_unlock();
    return count;
}

/* Whether other is on that side of self (a link has both halves), and with `only` the only one. */
static bool isLinked(const IORegistryEntry *self, const IORegistryEntry *other, const IORegistryPlane *plane,
                     unsigned side, bool only)
{
    registry_lockForReading();
    const link_set *links  = entry_getLinks_locked(self, plane, side);
    bool            linked = links && (!only || links->count == 1) && link_set_contains(links, other);
    registry_unlock();
    return linked;
}

bool IORegistryEntry_isChild(const IORegistryEntry *self, const IORegistryEntry *child, const IORegistryPlane *plane,
                             bool onlyChild)
{
    return isLinked(self, child, plane, kChildLinks, onlyChild);
}

bool IORegistryEntry_isParent(const IORegistryEntry *self, const IORegistryEntry *parent, const IORegistryPlane *plane,
                              bool onlyParent)
{
    return isLinked(self, parent, plane, kParentLinks, onlyParent);
}

bool IORegistryEntry_inPlane(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    bool found = false;
    registry_lockForReading();
    for (const IORegistryPlace *place = self->places; place && !found; place = place->next)
        found = (!plane || place->plane == plane) && place->links[kParentLinks].count > 0;
    registry_unlock();
    return found;
}

SInt32 IORegistryEntry_getRegistryEntryParentGenerationCount(const IORegistryEntry *self)
{
    uint64_t last = 0; /* of the stamps, which only grow */
    registry_lockForReading();
    for (const IORegistryPlace *place = self->places; place; place = place->next)
        if (place->links[kParentLinks].stamp > last)
            last = place->links[kParentLinks].stamp;
    registry_unlock();
    return (SInt32)last;
}

/* ---- Depth ---- */

/* Appends the parents of entry that are not in seen yet. False without memory. */
static bool addParents(const IORegistryEntry *entry, const IORegistryPlane *plane, entry_list *level, address_set *seen)
{
    const link_set  *parents  = entry_getLinks_locked(entry, plane, kParentLinks);
    uint32_t         position = 0;
    IORegistryEntry *parent;
    while (parents && (parent = link_set_next(parents, &position))) {
        if (!address_set_reserve(seen))
            return false;
        if (address_set_add(seen, parent) && !entry_list_append(level, parent))
            return false;
    }
    return true;
}

/* The longest way up, level by level: the entries that some way of n steps reaches, until there are none. */
static unsigned depthByLevels(const IORegistryEntry *self, const IORegistryPlane *plane, entry_list levels[2])
{
    unsigned    depth = 1;
    entry_list *level = &levels[0], *next = &levels[1];
    address_set seen  = {0};
    bool        ok    = addParents(self, plane, level, &seen);
    for (; ok && level->count > 0 && depth < kDepthMax; depth++) {
        address_set_finish(&seen);
        for (size_t i = 0; ok && i < level->count; i++)
            ok = addParents(level->entries[i], plane, next, &seen);
        entry_list *done = level;
        level            = next;
        next             = done;
        next->count      = 0;
    }
    address_set_finish(&seen);
    return ok ? depth : 0;
}

unsigned IORegistryEntry_getDepth(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    entry_list             levels[2] = {0};
    unsigned               depth     = 1;
    const IORegistryEntry *entry     = self;
    registry_lockForReading();
    for (; countLinks_locked(entry, plane, kParentLinks) == 1 && depth < kDepthMax; depth++)
        entry = entry_getFirstLink_locked(entry, plane, kParentLinks);
    if (countLinks_locked(entry, plane, kParentLinks) > 1) {
        unsigned rest = depthByLevels(entry, plane, levels);
        depth         = rest ? depth - 1 + rest : 0;
    }
    registry_unlock();
    entry_list_finish(&levels[0]);
    entry_list_finish(&levels[1]);
    return depth;
}
