/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: from an entry to its path.
 *
 * The way up is collected first, retained, in one hold of the registry lock; then the components are written. An entry
 * whose names change meanwhile gives one of them, as it would a moment later.
 */
#include <stdio.h>
#include <string.h>

#include <libkern/OSSymbol.h>

#include "registryPrivate.h"

/* Text that is being written: length characters stand there, and at the end there are at most limit - 1. */
typedef struct Writer {
    char *text;
    int   length;
    int   limit;
} Writer;

/* Keeps the rule of getPath: one place more than the text and its NUL must remain free. */
static bool append(Writer *writer, const char *prefix, const char *text)
{
    size_t room   = (size_t)(writer->limit - writer->length);
    size_t length = strlen(prefix) + strlen(text);
    if (length >= room)
        return false;
    writer->length += sprintf(writer->text + writer->length, "%s%s", prefix, text);
    return true;
}

/* The name and, behind an '@', the location; each as far as it fits into an io_name_t. False when room is too short. */
static bool writeComponent(const IORegistryEntry *self, char *path, int *length, const IORegistryPlane *plane)
{
    const OSSymbol *name     = IORegistryEntry_copyName(self, plane);
    const OSSymbol *location = IORegistryEntry_copyLocation(self, plane);
    const char     *text     = name ? OSSymbol_getCStringNoCopy(name) : "";
    const char     *where    = location ? OSSymbol_getCStringNoCopy(location) : "";
    int             size     = (int)(strnlen(text, sizeof(io_name_t)) + strnlen(where, sizeof(io_name_t)));
    if (location)
        size++;
    bool ok = name && size + 1 < *length;
    if (ok)
        *length = sprintf(path, "%.*s%s%.*s", (int)sizeof(io_name_t), text, location ? "@" : "", (int)sizeof(io_name_t),
                          where);
    OSRelease(name);
    OSRelease(location);
    return ok;
}

bool IORegistryEntry_getPathComponent(const IORegistryEntry *self, char *path, int *length,
                                      const IORegistryPlane *plane)
{
    return path && length && writeComponent(self, path, length, plane);
}

/* The entries from this one up to below the path root, each retained. False when the way up does not end there, takes
 * more than max entries, or without memory. */
static bool collectWayUp(const IORegistryEntry *self, const IORegistryPlane *plane, entry_list *way, size_t max)
{
    registry_lockForReading();
    const IORegistryEntry *root  = plane_getPathRoot_locked(plane);
    IORegistryEntry       *entry = (IORegistryEntry *)self;
    while (entry && entry != root && way->count < max && entry_list_appendRetained(way, entry))
        entry = entry_getFirstLink_locked(entry, plane, kParentLinks);
    registry_unlock();
    return entry && entry == root;
}

/* One entry of the way: its alias, which takes the place of all that is written so far, or "/component". */
static bool writeEntry(Writer *writer, const IORegistryEntry *entry, const IORegistryEntry *aliases,
                       const IORegistryPlane *plane)
{
    const OSSymbol *alias = aliases ? entry_copyAlias(entry, aliases, plane) : NULL;
    if (alias) {
        writer->length = (int)strlen(IORegistryPlane_getName(plane)) + 1;
        bool ok        = append(writer, "", OSSymbol_getCStringNoCopy(alias));
        OSRelease(alias);
        return ok;
    }
    int length = writer->limit - writer->length;
    if (length < 1 || !writeComponent(entry, writer->text + writer->length + 1, &length, plane))
        return false;
    writer->text[writer->length] = '/';
    writer->length += length + 1;
    return true;
}

bool IORegistryEntry_getPath(const IORegistryEntry *self, char *path, int *length, const IORegistryPlane *plane)
{
    if (!path || !length || !plane)
        return false;
    Writer     writer = {path, 0, *length - 2};
    entry_list way    = {0};
    if (writer.limit <= (int)strlen(IORegistryPlane_getName(plane)))
        return false;
    writer.length = sprintf(path, "%s:", IORegistryPlane_getName(plane));

    IORegistryEntry *aliases = plane_copyAliases(plane);
    bool             ok      = collectWayUp(self, plane, &way, (size_t)*length);
    for (size_t i = way.count; ok && i-- > 0;)
        ok = writeEntry(&writer, way.entries[i], aliases, plane);
    if (ok && way.count == 0) { /* the path root itself; it always fits behind the plane's name */
        strcpy(path + writer.length, "/");
        writer.length++;
    }
    if (ok)
        *length = writer.length;
    OSRelease(aliases);
    entry_list_finishRetained(&way);
    return ok;
}
