/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: the class, and the life of an entry. The registry is in several files:
 *
 *   IORegistryEntry.c    this one: init, free, the method table
 *   planes.c             the registry's root and its planes
 *   properties.c         the property table of an entry
 *   names.c              names and locations
 *   links.c              attach and detach; linkQueries.c: what is linked to what; linkSet.c: one entry's links
 *   pathLookup.c         from a path to an entry; paths.c: from an entry to its path; aliases.c: device-tree aliases
 *   IORegistryIterator.c walks
 *   registryLock.c       the registry lock; entryIndex.c: entries by ID
 *   registryCheck.c      an integrity check for tests
 *
 * An entry lives so:
 *
 *   allocated --init--> initialised --attach--> attached <--> detached --last release--> freed
 *                                               has an ID, links hold it
 *
 * registryPrivate.h has the order of the locks.
 */
#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

#include "registryPrivate.h"

#define kNameProperty "IOName" /* in the properties given to init: the generic name */

enum { kPropertyCapacity = 4 }; /* a table grows by so many: most entries have few, and there are many entries */

static void makePropertyLock(IORegistryEntry *self)
{
    if (self->super.detail & kHasPropertyLock)
        return;
    self->propertyLock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    self->super.detail |= kHasPropertyLock;
}

/* The table that an entry initialised with properties gets: +1, NULL without memory. */
static OSDictionary *makePropertyTable(OSDictionary *properties)
{
    if (!properties) {
        OSDictionary *table = OSDictionary_withCapacity(kPropertyCapacity);
        if (table)
            OSDictionary_setCapacityIncrement(table, kPropertyCapacity);
        return table;
    }
    if (OSDictionary_setOptions(properties, 0, 0) & kOSCollectionImmutable)
        return OSDictionary_copyCollection(properties);
    return OSRetain(properties);
}

static bool IORegistryEntry_init_(IORegistryEntry *self, OSDictionary *properties)
{
    makePropertyLock(self);
    if (properties || !self->properties) {
        OSDictionary *table = makePropertyTable(properties);
        if (!table)
            return false;
        OSRelease(self->properties);
        self->properties = table;
    }
    OSString *name = OSDynamicCast(OSString, OSDictionary_getObject(self->properties, kNameProperty));
    return !name || IORegistryEntry_setName(self, OSString_getCStringNoCopy(name), NULL);
}

/* The names of another entry, the generic ones and those of the plane. False without memory. */
static bool takeNames_locked(IORegistryEntry *self, const IORegistryEntry *from, const IORegistryPlane *plane)
{
    const IORegistryPlace *old   = entry_findPlace_locked(from, plane);
    IORegistryPlace       *place = NULL;
    if (old && old->names) {
        place = entry_makePlace_locked(self, plane);
        if (!place || !place_makeNames_locked(place))
            return false;
    }
    for (unsigned kind = 0; kind < kNameKinds; kind++) {
        self->names[kind] = OSRetain(from->names[kind]);
        if (place)
            place->names[kind] = OSRetain(old->names[kind]);
    }
    return true;
}

static bool IORegistryEntry_initFromEntry_(IORegistryEntry *self, IORegistryEntry *from, const IORegistryPlane *plane)
{
    uint32_t references = 0;
    makePropertyLock(self);
    self->properties = IORegistryEntry_dictionaryWithProperties(from);
    if (!self->properties)
        return false;

    registry_lockForWriting();
    bool ok = takeNames_locked(self, from, plane) && registry_assignID_locked(self) &&
              entry_takeLinks_locked(self, from, plane, &references);
    registry_unlock();

    for (; references > 0; references--)
        OSObject_releaseForCollection(OSObjectOf(from));
    return ok;
}

bool IORegistryEntry_init(IORegistryEntry *self, OSDictionary *properties)
{
    return OSMethodsOf(IORegistryEntry, self)->init(self, properties);
}

bool IORegistryEntry_initFromEntry(IORegistryEntry *self, IORegistryEntry *from, const IORegistryPlane *plane)
{
    return OSMethodsOf(IORegistryEntry, self)->initFromEntry(self, from, plane);
}

/* Takes the entry out of the ID index, after which nobody can find it. */
static void leaveRegistry(IORegistryEntry *self)
{
    registry_lockForWriting();
    for (const IORegistryPlace *place = self->places; place; place = place->next)
        for (unsigned side = 0; side < kLinkSides; side++)
            if (place->links[side].count > 0)
                panic("%s: attached at free", entry_getName_locked(self, NULL));
    registry_forgetID_locked(self);
    registry_unlock();
}

static void freePlaces(IORegistryEntry *self)
{
    while (self->places) {
        IORegistryPlace *place = self->places;
        self->places           = place->next;
        for (unsigned kind = 0; place->names && kind < kNameKinds; kind++)
            OSRelease(place->names[kind]);
        IOFree(place->names, kNameKinds * sizeof *place->names);
        for (unsigned side = 0; side < kLinkSides; side++)
            link_set_finish(&place->links[side]);
        IOFree(place, sizeof *place);
    }
}

static void IORegistryEntry_free_(OSObject *object)
{
    IORegistryEntry *self = OSRequiredCast(IORegistryEntry, object);
    if (self->places || self->registryEntryID)
        leaveRegistry(self);
    freePlaces(self);
    for (unsigned kind = 0; kind < kNameKinds; kind++)
        OSRelease(self->names[kind]);
    OSRelease(self->properties);
    if (self->super.detail & kHasPropertyLock)
        pthread_mutex_destroy(&self->propertyLock);
    OSObject_super()->free(object);
}

static void IORegistryEntry_propertyChanged_(IORegistryEntry *self, const OSSymbol *key)
{
    (void)self;
    (void)key;
}

static void IORegistryEntry_nameChanged_(IORegistryEntry *self, const IORegistryPlane *plane)
{
    (void)self;
    (void)plane;
}

OSDefineBaseClass(IORegistryEntry, OSObject, .free = IORegistryEntry_free_, .init = IORegistryEntry_init_,
                  .initFromEntry = IORegistryEntry_initFromEntry_, .setProperties = IORegistryEntry_setProperties_,
                  .serializeProperties = IORegistryEntry_serializeProperties_,
                  .compareName = IORegistryEntry_compareName_, .attachToParent = IORegistryEntry_attachToParent_,
                  .attachToChild = IORegistryEntry_attachToChild_,
                  .detachFromParent = IORegistryEntry_detachFromParent_,
                  .detachFromChild = IORegistryEntry_detachFromChild_,
                  .propertyChanged = IORegistryEntry_propertyChanged_, .nameChanged = IORegistryEntry_nameChanged_);
