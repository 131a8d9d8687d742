/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: names and locations.
 *
 * A generic name and location stand in the entry, those of a plane in its place there. The registry lock protects them,
 * and with them the indexes of the sets of children in which the entry can be found by them: whoever changes a name
 * enters it anew there in the same hold of the lock. nameChanged is called after unlocking.
 *
 * A location is a list of hexadecimal numbers. "1f", "1F" and "1f,0" are the same one, so that its hash is made from
 * the values, without the zeros at the end.
 */
#include <stdlib.h>

#include <IOKit/IOLib.h>
#include <libkern/OSCollectionIterator.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#include "registryPrivate.h"

/* ---- Reading ---- */

/* The value that counts in the plane: its own, or else the generic one. NULL when there is neither. */
static const OSSymbol *effective_locked(const IORegistryEntry *self, unsigned kind, const IORegistryPlane *plane)
{
    const IORegistryPlace *place = plane ? entry_findPlace_locked(self, plane) : NULL;
    return place && place->names && place->names[kind] ? place->names[kind] : self->names[kind];
}

const char *entry_getName_locked(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    const OSSymbol *name = effective_locked(self, kName, plane);
    return name ? OSSymbol_getCStringNoCopy(name) : OSObject_getClassName(OSObjectOf(self));
}

const char *entry_getLocation_locked(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    const OSSymbol *location = effective_locked(self, kLocation, plane);
    return location ? OSSymbol_getCStringNoCopy(location) : NULL;
}

const char *IORegistryEntry_getName(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    registry_lockForReading();
    const char *name = entry_getName_locked(self, plane);
    registry_unlock();
    return name;
}

const OSSymbol *IORegistryEntry_copyName(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    registry_lockForReading();
    const OSSymbol *name = OSRetain(effective_locked(self, kName, plane));
    registry_unlock();
    return name ? name : OSSymbol_withCString(OSObject_getClassName(OSObjectOf(self)));
}

const char *IORegistryEntry_getLocation(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    registry_lockForReading();
    const char *location = entry_getLocation_locked(self, plane);
    registry_unlock();
    return location;
}

const OSSymbol *IORegistryEntry_copyLocation(const IORegistryEntry *self, const IORegistryPlane *plane)
{
    registry_lockForReading();
    const OSSymbol *location = OSRetain(effective_locked(self, kLocation, plane));
    registry_unlock();
    return location;
}

/* ---- Setting ---- */

/* Enters the entry anew in the sets of children that it is in. */
static void reindex_locked(IORegistryEntry *self)
{
    for (const IORegistryPlace *place = self->places; place; place = place->next) {
        uint32_t         position = 0;
        IORegistryEntry *parent;
        while ((parent = link_set_next(&place->links[kParentLinks], &position)))
            link_set_rename(&entry_findPlace_locked(parent, place->plane)->links[kChildLinks], self);
    }
}

bool place_makeNames_locked(IORegistryPlace *place)
{
    registry_assertLockedForWriting();
    if (!place->names)
        place->names = IOMallocZero(kNameKinds * sizeof *place->names);
    return place->names;
}

/* Where the generic name or location stands, or that of a plane. NULL without memory. */
static const OSSymbol **nameSlot_locked(IORegistryEntry *self, unsigned kind, const IORegistryPlane *plane)
{
    if (!plane)
        return &self->names[kind];
    IORegistryPlace *place = entry_makePlace_locked(self, plane);
    return place && place_makeNames_locked(place) ? &place->names[kind] : NULL;
}

/* False without memory. */
static bool replaceName(IORegistryEntry *self, unsigned kind, const OSSymbol *value, const IORegistryPlane *plane)
{
    const OSSymbol *old = NULL;
    registry_lockForWriting();
    const OSSymbol **slot = nameSlot_locked(self, kind, plane);
    if (slot) {
        old   = *slot;
        *slot = OSRetain(value);
        reindex_locked(self);
        registry_nextGeneration_locked();
    }
    registry_unlock();
    OSRelease(old);
    return slot;
}

bool IORegistryEntry_setNameForSymbol(IORegistryEntry *self, const OSSymbol *name, const IORegistryPlane *plane)
{
    if (!name)
        return true;
    if (!replaceName(self, kName, name, plane))
        return false;
    OSMethodsOf(IORegistryEntry, self)->nameChanged(self, plane);
    return true;
}

bool IORegistryEntry_setName(IORegistryEntry *self, const char *name, const IORegistryPlane *plane)
{
    const OSSymbol *symbol = OSSymbol_withCString(name);
    bool            ok     = symbol ? IORegistryEntry_setNameForSymbol(self, symbol, plane) : !name;
    OSRelease(symbol);
    return ok;
}

bool IORegistryEntry_setLocationForSymbol(IORegistryEntry *self, const OSSymbol *location, const IORegistryPlane *plane)
{
    return !location || replaceName(self, kLocation, location, plane);
}

bool IORegistryEntry_setLocation(IORegistryEntry *self, const char *location, const IORegistryPlane *plane)
{
    const OSSymbol *symbol = OSSymbol_withCString(location);
    bool            ok     = symbol ? IORegistryEntry_setLocationForSymbol(self, symbol, plane) : !location;
    OSRelease(symbol);
    return ok;
}

/* ---- Comparing ---- */

bool IORegistryEntry_compareName_(const IORegistryEntry *self, OSString *name, OSString **matched)
{
    const OSSymbol *own   = IORegistryEntry_copyName(self, NULL);
    bool            equal = own && OSSymbol_isEqualTo(own, OSObjectOf(name));
    if (equal && matched)
        *matched = OSRetain(name);
    OSRelease(own);
    return equal;
}

bool IORegistryEntry_compareName(const IORegistryEntry *self, OSString *name, OSString **matched)
{
    return OSMethodsOf(IORegistryEntry, self)->compareName(self, name, matched);
}

bool IORegistryEntry_compareNames(const IORegistryEntry *self, OSObject *names, OSString **matched)
{
    OSString *string = OSDynamicCast(OSString, names);
    if (string)
        return IORegistryEntry_compareName(self, string, matched);

    OSCollection         *collection = OSDynamicCast(OSCollection, names);
    OSCollectionIterator *iterator   = collection ? OSCollectionIterator_withCollection(collection) : NULL;
    bool                  found      = false;
    while (iterator && !found && (string = OSDynamicCast(OSString, OSCollectionIterator_getNextObject(iterator))))
        found = IORegistryEntry_compareName(self, string, matched);
    OSRelease(iterator);
    return found;
}

/* ---- Locations ---- */

/* One field of a location: its value, and what stands behind it ('\0' at the end of the location). */
typedef struct Field {
    uint64_t value;
    char     separator;
} Field;

/* Reads the field at *text, which moves behind it and its separator; at the end of the text it stays. */
static Field readField(const char **text)
{
    char *end;
    Field field     = {.value = strtoull(*text, &end, 16)};
    field.separator = *end;
    *text           = *end ? end + 1 : end;
    return field;
}

/* Whether a path's location goes on behind that. */
static bool isSeparatorInPath(char c)
{
    return c == ',' || c == ':';
}

const char *location_matchInPath(const char *location, const char *path)
{
    bool inPath = *path, inLocation = *location;
    if (!inPath)
        return NULL;
    do {
        Field wanted = {0}, own = {0};
        if (inPath)
            wanted = readField(&path);
        if (inLocation)
            own = readField(&location);
        if (wanted.value != own.value)
            return NULL;

        bool another = isSeparatorInPath(wanted.separator);
        if (inPath && wanted.separator && !another)
            path--; /* what ended the field belongs to the rest of the path */
        inPath     = another;
        inLocation = own.separator;
        if (inPath && inLocation && wanted.separator != own.separator)
            return NULL;
    } while (inPath || inLocation);
    return path;
}

/* Folds the value of the index-th field into a hash; zeros leave no trace. */
static uint32_t addField(uint32_t hash, unsigned index, uint64_t value)
{
    uint64_t mixed = (value + ((uint64_t)index << 56)) * 0x9e3779b97f4a7c15u;
    return value ? hash ^ (uint32_t)(mixed >> 32) : hash;
}

static uint32_t location_hash(const char *location)
{
    uint32_t hash = 0;
    for (unsigned index = 0; *location; index++)
        hash = addField(hash, index, readField(&location).value);
    return name_hashFinish(hash);
}

uint32_t location_hashInPath(const char *path)
{
    uint32_t hash = 0;
    bool     more = *path;
    for (unsigned index = 0; more; index++) {
        Field field = readField(&path);
        hash        = addField(hash, index, field.value);
        more        = isSeparatorInPath(field.separator);
    }
    return name_hashFinish(hash);
}

void entry_getHashes_locked(const IORegistryEntry *self, const IORegistryPlane *plane, uint32_t hash[kLinkIndexes])
{
    const char *location = entry_getLocation_locked(self, plane);
    uint32_t    nameHash = name_hashStart;
    for (const char *name = entry_getName_locked(self, plane); *name; name++)
        nameHash = name_hashAdd(nameHash, *name);
    hash[kLinksByName]     = name_hashFinish(nameHash);
    hash[kLinksByLocation] = location ? location_hash(location) : 0;
}
