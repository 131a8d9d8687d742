/* SPDX-License-Identifier: MIT */
/*
 * IORegistryIterator: a stack of levels, each a place among the links of one entry (its source).
 *
 *   entered ---getNextObject---> started: stamp and position are set, current is the entry last returned
 *   started ---getNextObject---> started, one link on; current NULL at the end
 *   started ---links changed---> current NULL, and the iterator invalid until reset; levels above it go on to their end
 *                                without anything more being entered
 *
 * The source of a level is the current entry of the level above it, which holds a reference; that level cannot move
 * before this one is left. A recursive walk remembers what it met, so that the entries below an entry with several
 * parents are walked once; these entries are retained, or an address could come to mean another entry.
 *
 * Each step is one hold of the registry lock for reading. Entries are released after unlocking.
 */
#include <IOKit/IORegistryIterator.h>

#include <IOKit/IOLib.h>
#include <libkern/OSOrderedSet.h>

#include "addressSet.h"
#include "libkern/OSCollectionPrivate.h"
#include "registryPrivate.h"

typedef struct IORegistryLevel {
    struct IORegistryLevel *above;    /* owned; NULL for the start level */
    IORegistryEntry        *source;   /* whose links these are: borrowed from the level above, or the start */
    const IORegistryPlane  *plane;
    const link_set         *links;    /* started: the source's, which live as long as it */
    uint64_t                stamp;    /* started: the links' */
    uint32_t                position; /* of the next link */
    IORegistryEntry        *current;  /* owned */
} Level;

typedef struct IORegistryMet {
    entry_list  list;   /* retained; in order */
    address_set before; /* the same entries */
} Met;

/* ---- Levels ---- */

static void leaveLevel(IORegistryIterator *self)
{
    Level *level = self->level;
    OSRelease(level->current);
    if (level->above) {
        self->level = level->above;
        IOFree(level, sizeof *level);
    } else {
        *level = (Level){.source = level->source, .plane = level->plane};
    }
}

bool IORegistryIterator_enterEntryInPlane(IORegistryIterator *self, const IORegistryPlane *plane)
{
    Level *level = IOMallocZero(sizeof *level);
    if (!level)
        return false;
    level->above  = self->level;
    level->source = self->level->links ? self->level->current : self->level->source;
    level->plane  = plane;
    self->level   = level;
    self->plane   = plane;
    return true;
}

bool IORegistryIterator_enterEntry(IORegistryIterator *self)
{
    return IORegistryIterator_enterEntryInPlane(self, self->plane);
}

bool IORegistryIterator_exitEntry(IORegistryIterator *self)
{
    bool below = self->level->above;
    leaveLevel(self);
    if (!below)
        self->level->source = NULL; /* nothing follows until reset */
    return below;
}

static bool isCurrent_locked(const Level *level)
{
    return !level->links || level->stamp == level->links->stamp;
}

bool IORegistryIterator_isValid(IORegistryIterator *self)
{
    registry_lockForReading();
    bool valid = !self->invalid && isCurrent_locked(self->level);
    registry_unlock();
    return valid;
}

static void forgetMet(IORegistryIterator *self)
{
    Met *met  = self->met;
    self->met = NULL;
    if (!met)
        return;
    address_set_finish(&met->before);
    entry_list_finishRetained(&met->list);
    IOFree(met, sizeof *met);
}

void IORegistryIterator_reset(IORegistryIterator *self)
{
    while (IORegistryIterator_exitEntry(self))
        continue;
    forgetMet(self);
    self->level->source = self->start;
    self->level->plane  = self->plane;
    self->invalid       = false;
}

/* ---- Steps ---- */

/* Begins to walk the source's links, if it has any. */
static void startLevel_locked(IORegistryIterator *self, Level *level)
{
    unsigned        side  = self->options & kIORegistryIterateParents ? kParentLinks : kChildLinks;
    const link_set *links = level->source ? entry_getLinks_locked(level->source, level->plane, side) : NULL;
    if (self->invalid || !links || links->count == 0) {
        level->source = NULL;
        return;
    }
    level->links = links;
    level->stamp = links->stamp;
}

static IORegistryEntry *getNextFlat(IORegistryIterator *self)
{
    Level           *level = self->level;
    IORegistryEntry *old   = level->current;
    IORegistryEntry *next  = NULL;
    registry_lockForReading();
    if (!level->links)
        startLevel_locked(self, level);
    if (level->links && !isCurrent_locked(level))
        self->invalid = true;
    else if (level->links)
        next = OSRetain(link_set_next(level->links, &level->position));
    registry_unlock();
    level->current = next;
    OSRelease(old);
    return next;
}

/* Notes an entry. *ret_new: whether it was not met before. False without memory. */
static bool meet(IORegistryIterator *self, IORegistryEntry *entry, bool *ret_new)
{
    Met *met = self->met ? self->met : IOMallocZero(sizeof *met);
    if (!met)
        return false;
    self->met = met;
    *ret_new  = !address_set_contains(&met->before, entry);
    if (!*ret_new)
        return true;
    if (!address_set_reserve(&met->before) || !entry_list_appendRetained(&met->list, entry))
        return false;
    return address_set_add(&met->before, entry);
}

/* *ret_next NULL: the end. False without memory: the walk cannot go on, and is invalid. */
static bool getNextRecursive(IORegistryIterator *self, IORegistryEntry **ret_next)
{
    IORegistryEntry *next;
    bool             isNew;
    do
        next = getNextFlat(self);
    while (!next && IORegistryIterator_exitEntry(self));

    *ret_next = next;
    if (!next)
        return true;
    if (meet(self, next, &isNew) && (!isNew || IORegistryIterator_enterEntry(self)))
        return true;
    self->invalid = true;
    *ret_next     = NULL;
    return false;
}

IORegistryEntry *IORegistryIterator_getNextObject(IORegistryIterator *self)
{
    IORegistryEntry *next;
    if (!(self->options & kIORegistryIterateRecursively))
        return getNextFlat(self);
    return getNextRecursive(self, &next) ? next : NULL;
}

IORegistryEntry *IORegistryIterator_getCurrentEntry(IORegistryIterator *self)
{
    if (!IORegistryIterator_isValid(self))
        return NULL;
    return self->level->links ? self->level->current : self->level->source;
}

/* ---- Whole walks ---- */

/* False without memory. */
static bool walkAll(IORegistryIterator *self)
{
    IORegistryEntry *next;
    bool             ok;
    IORegistryIterator_reset(self);
    do
        ok = getNextRecursive(self, &next);
    while (ok && next);
    return ok;
}

OSOrderedSet *IORegistryIterator_iterateAll(IORegistryIterator *self)
{
    if (!walkAll(self) || !self->met)
        return NULL;
    const entry_list *list = &self->met->list;
    OSOrderedSet     *all  = OSOrderedSet_withCapacity((unsigned)list->count, NULL, NULL);
    /* Each is there once, as OSOrderedSet_setLastObject would make sure of by looking through the whole set. */
    for (unsigned i = 0; all && i < list->count; i++)
        if (!OSMembers_insert(&all->super, &all->objects, i, OSObjectOf(list->entries[i])))
            OSSafeReleaseNULL(all);
    return all;
}

bool entry_list_collectBelow(entry_list *list, IORegistryEntry *start, const IORegistryPlane *plane)
{
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(start, plane, kIORegistryIterateRecursively);
    bool                ok       = iterator && walkAll(iterator);
    if (ok && iterator->met) {
        *list               = iterator->met->list; /* the references move along */
        iterator->met->list = (entry_list){0};
    }
    OSRelease(iterator);
    return ok;
}

/* ---- The class ---- */

IORegistryIterator *IORegistryIterator_iterateOver(IORegistryEntry *start, const IORegistryPlane *plane,
                                                   IOOptionBits options)
{
    IORegistryIterator *self = start && plane ? OSTypeAlloc(IORegistryIterator) : NULL;
    if (!self)
        return NULL;
    self->start   = OSRetain(start);
    self->plane   = plane;
    self->options = options;
    self->level   = IOMallocZero(sizeof *self->level);
    if (!self->level) {
        OSRelease(self);
        return NULL;
    }
    *self->level = (Level){.source = start, .plane = plane};
    return self;
}

IORegistryIterator *IORegistryIterator_iterateOverPlane(const IORegistryPlane *plane, IOOptionBits options)
{
    return IORegistryIterator_iterateOver(IORegistryEntry_getRegistryRoot(), plane, options);
}

static void IORegistryIterator_reset_(OSIterator *iterator)
{
    IORegistryIterator_reset(OSRequiredCast(IORegistryIterator, iterator));
}

static bool IORegistryIterator_isValid_(OSIterator *iterator)
{
    return IORegistryIterator_isValid(OSRequiredCast(IORegistryIterator, iterator));
}

static OSObject *IORegistryIterator_getNextObject_(OSIterator *iterator)
{
    return OSObjectOf(IORegistryIterator_getNextObject(OSRequiredCast(IORegistryIterator, iterator)));
}

static void IORegistryIterator_free_(OSObject *object)
{
    IORegistryIterator *self = OSRequiredCast(IORegistryIterator, object);
    if (self->level)
        IORegistryIterator_reset(self);
    IOFree(self->level, sizeof *self->level);
    OSRelease(self->start);
    OSIterator_super()->free(object);
}

OSDefineClass(IORegistryIterator, OSIterator, .free = IORegistryIterator_free_, .reset = IORegistryIterator_reset_,
              .isValid = IORegistryIterator_isValid_, .getNextObject = IORegistryIterator_getNextObject_);
