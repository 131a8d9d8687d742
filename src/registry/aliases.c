/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: aliases, the properties of the entry "/aliases" of a plane (a device tree's): the name of an alias
 * is the key, and the value a path in that plane. A plane without that entry, which is most of them, costs one look-up.
 */
#include <string.h>

#include <libkern/OSArray.h>
#include <libkern/OSData.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#include "registryPrivate.h"

IORegistryEntry *plane_copyAliases(const IORegistryPlane *plane)
{
    const char *component = "aliases";
    registry_lockForReading();
    IORegistryEntry *root    = plane_getPathRoot_locked(plane);
    IORegistryEntry *aliases = root ? entry_findChild_locked(root, &component, plane) : NULL;
    OSRetain(aliases);
    registry_unlock();
    return aliases;
}

/* The text of an alias's value, or NULL: a string, or data that ends with a NUL. */
static const char *textOf(const OSObject *value)
{
    const OSString *string = OSDynamicCast(OSString, value);
    const OSData   *data   = OSDynamicCast(OSData, value);
    if (string)
        return OSString_getCStringNoCopy(string);
    const char *bytes = data ? OSData_getBytesNoCopy(data) : NULL;
    return bytes && memchr(bytes, '\0', OSData_getLength(data)) ? bytes : NULL;
}

OSObject *path_copyAlias(const char **path, const IORegistryPlane *plane, const char **ret_text)
{
    char   name[kAliasLengthMax];
    size_t length = strcspn(*path, "/:");
    if (length == 0 || length >= sizeof name)
        return NULL;
    IORegistryEntry *aliases = plane_copyAliases(plane);
    if (!aliases)
        return NULL;
    memcpy(name, *path, length);
    name[length] = '\0';

    OSObject   *value = IORegistryEntry_copyProperty(aliases, name);
    const char *text  = textOf(value);
    OSRelease(aliases);
    if (!text) {
        OSRelease(value);
        return NULL;
    }
    *path += length;
    *ret_text = text;
    return value;
}

/* Whether the path that an alias stands for leads to the entry. */
static bool leadsTo(const OSObject *value, const IORegistryEntry *entry, const IORegistryPlane *plane)
{
    const char      *text  = textOf(value);
    IORegistryEntry *found = text ? path_copyEntry(text, plane, NULL, NULL, NULL, 0) : NULL;
    OSRelease(found);
    return found == entry;
}

const OSSymbol *entry_copyAlias(const IORegistryEntry *entry, const IORegistryEntry *aliases,
                                const IORegistryPlane *plane)
{
    OSArray        *keys  = IORegistryEntry_copyPropertyKeys(aliases);
    unsigned        count = keys ? OSArray_getCount(keys) : 0;
    const OSSymbol *best  = NULL;
    for (unsigned i = 0; i < count; i++) {
        const OSSymbol *key = OSDynamicCast(OSSymbol, OSArray_getObject(keys, i));
        if (best && OSSymbol_getLength(best) <= OSSymbol_getLength(key))
            continue;
        OSObject *value = IORegistryEntry_copyPropertyForSymbol(aliases, key);
        if (leadsTo(value, entry, plane))
            best = key;
        OSRelease(value);
    }
    OSRetain(best);
    OSRelease(keys);
    return best;
}
