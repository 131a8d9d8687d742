/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: from a path to an entry.
 *
 *     IOService:/AppleACPIPlatformExpert/PCI0@0/XHC1@14:residual
 *     plane     name                     name@location  what nothing matches
 *
 * A component is compared with the children in order, and the first that fits is taken. Since names may contain '/',
 * ':' and '@', a component ends where the child's name says. In a large set of children each prefix of the path that
 * could be a whole name is looked up in the set's indexes; in a small one, each child is tried.
 *
 * The whole walk is one hold of the registry lock for reading.
 */
#include <string.h>

#include "registryPrivate.h"

enum { kPlaneNameInPath = 32 /* bytes of a plane's name before its colon, not reached */ };

/* ---- One component ---- */

static bool endsName(char c)
{
    return c == '\0' || c == '/' || c == ':';
}

/* The end of the component at path if it names entry, else NULL. */
static const char *matchComponent(const IORegistryEntry *entry, const char *path, const IORegistryPlane *plane)
{
    if (*path != '@') {
        const char *name   = entry_getName_locked(entry, plane);
        size_t      length = strlen(name);
        if (strncmp(name, path, length) != 0)
            return NULL;
        path += length;
        if (endsName(*path))
            return path;
        if (*path != '@')
            return NULL;
    }
    const char *location = entry_getLocation_locked(entry, plane);
    return location ? location_matchInPath(location, path + 1) : NULL;
}

static bool fits(const link_set *children, uint32_t position, const char *path, const IORegistryPlane *plane)
{
    return matchComponent(link_set_at(children, position), path, plane);
}

/* The first member in one chain that fits. */
static uint32_t searchChain(const link_set *children, unsigned index, uint32_t hash, const char *path,
                            const IORegistryPlane *plane)
{
    uint32_t position = link_set_firstWithHash(children, index, hash);
    while (position != kNoLink && !fits(children, position, path, plane))
        position = link_set_nextWithHash(children, index, position);
    return position;
}

/* The first member with both hashes that fits. It stands in both chains: the shorter one decides how long it takes. */
static uint32_t searchChains(const link_set *children, uint32_t nameHash, uint32_t locationHash, const char *path,
                             const IORegistryPlane *plane)
{
    uint32_t named   = link_set_firstWithHash(children, kLinksByName, nameHash);
    uint32_t located = link_set_firstWithHash(children, kLinksByLocation, locationHash);
    while (named != kNoLink && located != kNoLink) {
        if (fits(children, named, path, plane))
            return named;
        if (fits(children, located, path, plane))
            return located;
        named   = link_set_nextWithHash(children, kLinksByName, named);
        located = link_set_nextWithHash(children, kLinksByLocation, located);
    }
    return kNoLink;
}

/* The first member of a large set that the component names. */
static IORegistryEntry *searchIndexes(const link_set *children, const char *path, const IORegistryPlane *plane)
{
    uint32_t best = kNoLink;
    if (*path == '@') {
        best = searchChain(children, kLinksByLocation, location_hashInPath(path + 1), path, plane);
    } else {
        uint32_t hash = name_hashStart;
        for (const char *end = path;; end++) {
            uint32_t found = kNoLink;
            if (endsName(*end))
                found = searchChain(children, kLinksByName, name_hashFinish(hash), path, plane);
            else if (*end == '@')
                found = searchChains(children, name_hashFinish(hash), location_hashInPath(end + 1), path, plane);
            if (found < best)
                best = found;
            if (!*end)
                break;
            hash = name_hashAdd(hash, *end);
        }
    }
    return best == kNoLink ? NULL : link_set_at(children, best);
}

static IORegistryEntry *tryEach(const link_set *children, const char *path, const IORegistryPlane *plane)
{
    uint32_t         position = 0;
    IORegistryEntry *child;
    while ((child = link_set_next(children, &position)))
        if (matchComponent(child, path, plane))
            break;
    return child;
}

IORegistryEntry *entry_findChild_locked(const IORegistryEntry *entry, const char **path, const IORegistryPlane *plane)
{
    const link_set *children = entry_getLinks_locked(entry, plane, kChildLinks);
    if (!children)
        return NULL;
    IORegistryEntry *child =
        link_set_isIndexed(children) ? searchIndexes(children, *path, plane) : tryEach(children, *path, plane);
    if (child)
        *path = matchComponent(child, *path, plane);
    return child;
}

/* ---- The walk ---- */

IORegistryEntry *plane_getPathRoot_locked(const IORegistryPlane *plane)
{
    return entry_getFirstLink_locked(IORegistryEntry_getRegistryRoot(), plane, kChildLinks);
}

/* From *where, behind a component, as far down as the path can be followed. Returns the rest of the path; NULL when
 * what follows a component is not what may follow one. */
static const char *walk_locked(IORegistryEntry **where, const char *path, const IORegistryPlane *plane)
{
    while (*path == '/') {
        const char      *next  = path + 1;
        IORegistryEntry *child = entry_findChild_locked(*where, &next, plane);
        if (!child)
            return path;
        *where = child;
        path   = next;
    }
    return endsName(*path) ? path : NULL;
}

/* The same from where a path begins: its first component has no '/' before it. */
static const char *walkFrom_locked(IORegistryEntry **where, const char *path, const IORegistryPlane *plane)
{
    IORegistryEntry *child = entry_findChild_locked(*where, &path, plane);
    if (!child)
        return path;
    *where = child;
    return walk_locked(where, path, plane);
}

/* Appends the rest of a path to the residual path's first `used` characters. False when there is one and no buffer. */
static bool giveResidual(const char *rest, char *residualPath, int *residualLength, int used)
{
    if (!residualPath || !residualLength)
        return !*rest;
    int length = (int)strnlen(rest, 65536);
    if (used + length < *residualLength)
        memcpy(residualPath + used, rest, (size_t)length + 1);
    *residualLength = used + length;
    return true;
}

IORegistryEntry *path_copyEntry(const char *path, const IORegistryPlane *plane, char *residualPath, int *residualLength,
                                IORegistryEntry *fromEntry, unsigned aliasDepth)
{
    IORegistryEntry *aliased = NULL;
    const char      *text;
    const char      *behind = path;
    int              used   = 0;
    OSObject        *alias  = aliasDepth < kAliasDepthMax ? path_copyAlias(&behind, plane, &text) : NULL;
    if (alias) {
        used    = residualLength ? *residualLength : 0;
        aliased = path_copyEntry(text, plane, residualPath, &used, fromEntry, aliasDepth + 1);
        if (!aliased)
            used = 0;
        OSRelease(alias);
    }

    registry_lockForReading();
    IORegistryEntry *where = aliased ? aliased : fromEntry;
    const char      *rest  = NULL;
    if (aliased) {
        rest = walk_locked(&where, behind, plane);
    } else if (fromEntry) {
        rest = walkFrom_locked(&where, path, plane);
    } else if (*path == '/' && (where = plane_getPathRoot_locked(plane))) {
        rest = walkFrom_locked(&where, path + 1, plane);
    }
    OSRetain(rest ? where : NULL);
    registry_unlock();

    OSRelease(aliased);
    if (rest && !giveResidual(rest, residualPath, residualLength, used)) {
        OSRelease(where);
        rest = NULL;
    }
    return rest ? where : NULL;
}

/* The plane that *path begins with, and *path moved behind the colon; NULL when there is none. */
static const IORegistryPlane *planeOfPath(const char **path)
{
    char        name[kPlaneNameInPath];
    const char *colon = strchr(*path, ':');
    if (!colon || colon - *path >= kPlaneNameInPath)
        return NULL;
    size_t length = (size_t)(colon - *path);
    memcpy(name, *path, length);
    name[length] = '\0';
    *path        = colon + 1;
    return IORegistryEntry_getPlane(name);
}

IORegistryEntry *IORegistryEntry_fromPath(const char *path, const IORegistryPlane *plane, char *residualPath,
                                          int *residualLength, IORegistryEntry *fromEntry)
{
    if (!path)
        return NULL;
    if (!plane)
        plane = planeOfPath(&path);
    return plane ? path_copyEntry(path, plane, residualPath, residualLength, fromEntry, 0) : NULL;
}

IORegistryEntry *IORegistryEntry_childFromPath(IORegistryEntry *self, const char *path, const IORegistryPlane *plane,
                                               char *residualPath, int *residualLength)
{
    return IORegistryEntry_fromPath(path, plane, residualPath, residualLength, self);
}
