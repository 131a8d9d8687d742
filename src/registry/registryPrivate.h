/* SPDX-License-Identifier: MIT */
/*
 * What the registry's own files share.
 *
 * Locks, outermost first (docs/locking.md has the kit's whole order):
 *   property   one of each entry, recursive: its property table and nothing else
 *   registry   one read-write lock: links, names, locations, places, the ID index, the list of planes. A leaf but for
 *              the symbol pool's and the allocator's locks. Never taken twice by a thread, readers included
 * Nothing is called out with either held, but for runPropertyAction's action, and objects are given back after
 * unlocking: the last reference to an entry or a property runs its free.
 */
#ifndef SRC_REGISTRY_REGISTRYPRIVATE_H
#define SRC_REGISTRY_REGISTRYPRIVATE_H

#include <IOKit/IORegistryEntry.h>

#include "linkSet.h"

enum { kParentLinks, kChildLinks, kLinkSides };
enum { kName, kLocation, kNameKinds };

/* The bits of an entry's super.detail. */
enum {
    kPropertyDepthMask = 0x0000ffff, /* runPropertyAction calls in progress */
    kChangedInAction   = 0x00010000, /* a property changed meanwhile: propertyChanged is due */
    kHasPropertyLock   = 0x00020000, /* init has made the lock */
};

/* What belongs to one entry in one plane; made when first needed, kept until the entry is freed. Registry lock. */
struct IORegistryPlace {
    IORegistryPlace       *next;
    const IORegistryPlane *plane; /* borrowed: planes live for ever */
    const OSSymbol       **names; /* owned, kNameKinds of them, each owned or NULL; NULL: only the generic ones */
    link_set               links[kLinkSides];
};

/* ---- The registry lock: registryLock.c ---- */

void registry_lockForReading(void);
void registry_lockForWriting(void);
void registry_unlock(void);
/* Panic when this thread does not hold it (for writing). */
void registry_assertLocked(void);
void registry_assertLockedForWriting(void);
/* The next number of a count that every change moves. */
uint64_t registry_nextGeneration_locked(void);

/* ---- The ID index: entryIndex.c ---- */

/* Gives the entry an ID when it has none. False without memory. */
bool registry_assignID_locked(IORegistryEntry *entry);
void registry_forgetID_locked(IORegistryEntry *entry);
/* Calls check for each entry that has an ID, with the lock held; panics when the index leads to another. */
void registry_applyToIDs_locked(void (*check)(const IORegistryEntry *entry));

/* ---- Places and links: links.c, linkQueries.c ---- */

IORegistryPlace *entry_findPlace_locked(const IORegistryEntry *entry, const IORegistryPlane *plane);
/* NULL without memory. */
IORegistryPlace *entry_makePlace_locked(IORegistryEntry *entry, const IORegistryPlane *plane);
/* The links of an entry on a side, or NULL when it has no place in the plane. */
const link_set *entry_getLinks_locked(const IORegistryEntry *entry, const IORegistryPlane *plane, unsigned side);
/* The first link, borrowed, or NULL. */
IORegistryEntry *entry_getFirstLink_locked(const IORegistryEntry *entry, const IORegistryPlane *plane, unsigned side);
/*
 * Moves from's links in the plane to entry, which has none there.
 *   ret_references   how many references of a collection to from the caller has to give back after unlocking
 * Returns            false without memory; nothing has changed then
 */
bool entry_takeLinks_locked(IORegistryEntry *entry, IORegistryEntry *from, const IORegistryPlane *plane,
                            uint32_t *ret_references);

/* ---- Names: names.c ---- */

/* Makes the place one that can have names of its own. False without memory. */
bool        place_makeNames_locked(IORegistryPlace *place);
const char *entry_getName_locked(const IORegistryEntry *entry, const IORegistryPlane *plane);
/* NULL when it has none. */
const char *entry_getLocation_locked(const IORegistryEntry *entry, const IORegistryPlane *plane);
/* The hashes under which a set of children finds the entry; 0 where it is not to be found. */
void     entry_getHashes_locked(const IORegistryEntry *entry, const IORegistryPlane *plane,
                                uint32_t hash[kLinkIndexes]);
/* The hash of the location that a path component has behind its '@'. */
uint32_t location_hashInPath(const char *path);
/* Whether a location is the one that a path component has behind its '@'; NULL or the end of that component. */
const char *location_matchInPath(const char *location, const char *path);

/* The hash of a name, character by character (FNV-1a); finished, it is never 0. */
enum { name_hashStart = 0x50c5d1f };

static inline uint32_t name_hashAdd(uint32_t hash, char c)
{
    return (hash ^ (unsigned char)c) * 16777619u;
}

static inline uint32_t name_hashFinish(uint32_t hash)
{
    return hash ? hash : 1;
}

/* ---- Paths: pathLookup.c, aliases.c ---- */

/* The path root of a plane, borrowed, or NULL: the first child of the registry's root there. */
IORegistryEntry *plane_getPathRoot_locked(const IORegistryPlane *plane);
/* The first child that the component at *path names, borrowed, and *path moved behind it; NULL when there is none. */
IORegistryEntry *entry_findChild_locked(const IORegistryEntry *entry, const char **path, const IORegistryPlane *plane);
/* As IORegistryEntry_fromPath, with a plane, and aliases inside aliases only so many deep. */
IORegistryEntry *path_copyEntry(const char *path, const IORegistryPlane *plane, char *residualPath, int *residualLength,
                                IORegistryEntry *fromEntry, unsigned aliasDepth);

enum { kAliasDepthMax = 8, kAliasLengthMax = 32 /* bytes of its name, not reached */ };

/* Whether the plane has aliases (a device tree): /aliases, +1, or NULL. */
IORegistryEntry *plane_copyAliases(const IORegistryPlane *plane);
/* The path that the alias at *path stands for, +1 an OSData or OSString, and *path moved behind it; NULL when it is
 * none. *ret_text is its text. */
OSObject *path_copyAlias(const char **path, const IORegistryPlane *plane, const char **ret_text);
/* The shortest alias of the entry, +1, or NULL. aliases: of plane_copyAliases. */
const OSSymbol *entry_copyAlias(const IORegistryEntry *entry, const IORegistryEntry *aliases,
                                const IORegistryPlane *plane);

/* ---- Properties: properties.c ---- */

/* Makes the collections among the properties immutable: the entry is attached. */
void entry_freezeProperties(IORegistryEntry *entry);

/* ---- Lists of entries: entryList.c ---- */

/* All-zero is an empty list. It holds references only where its user says so. */
typedef struct entry_list {
    IORegistryEntry **entries; /* owned, capacity of them */
    size_t            count;
    size_t            capacity;
} entry_list;

/* False without memory. */
bool entry_list_append(entry_list *list, IORegistryEntry *entry);
bool entry_list_appendRetained(entry_list *list, IORegistryEntry *entry);
/* Frees the list; the second releases the entries first. */
void entry_list_finish(entry_list *list);
void entry_list_finishRetained(entry_list *list);
/* The distinct entries below start, in the order of a recursive walk; each retained. False without memory. */
bool entry_list_collectBelow(entry_list *list, IORegistryEntry *start, const IORegistryPlane *plane);

/* ---- Base implementations of the slots, for the table in IORegistryEntry.c ---- */

bool     IORegistryEntry_attachToParent_(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane);
bool     IORegistryEntry_attachToChild_(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);
void     IORegistryEntry_detachFromParent_(IORegistryEntry *self, IORegistryEntry *parent,
                                           const IORegistryPlane *plane);
void     IORegistryEntry_detachFromChild_(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);
bool     IORegistryEntry_compareName_(const IORegistryEntry *self, OSString *name, OSString **matched);
IOReturn IORegistryEntry_setProperties_(IORegistryEntry *self, OSObject *properties);
bool     IORegistryEntry_serializeProperties_(const IORegistryEntry *self, OSSerialize *serializer);

/* Ours: every link stands on both sides, with the right counts and indexes. Panics at the first that does not. For
 * tests: it takes the registry lock for as long as it needs. */
void IORegistryEntry_checkIntegrity(void);

#endif
