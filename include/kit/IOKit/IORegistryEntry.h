/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: a node of the I/O Registry (IOKit/IORegistryEntry.h; SEMANTICS 2).
 *
 * An entry has properties, a name and a location (both also per plane), and in each plane ordered links to parents and
 * children. Parent and child hold each other as long as they are linked.
 *
 * Unless it says otherwise, a function here may be called by any thread that holds a reference, blocks only on the
 * registry's own locks, and calls nothing outside of the kit's containers. The registry's locks are docs/locking.md's
 * ranks "property" and "registry".
 */
#ifndef _IOKIT_IOREGISTRYENTRY_H
#define _IOKIT_IOREGISTRYENTRY_H

#include <pthread.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IORegistryPlane.h>
#include <IOKit/IOTypes.h>
#include <libkern/OSObject.h>

typedef struct OSArray         OSArray;
typedef struct OSIterator      OSIterator;
typedef struct OSString        OSString;
typedef struct IORegistryPlace IORegistryPlace;

/* Options of searches and IORegistryIterator. */
enum {
    kIORegistryIterateRecursively = 0x00000001, /* go into each entry on the way */
    kIORegistryIterateParents     = 0x00000002, /* towards the root, not away from it */
};

OSDeclareBaseClass(IORegistryEntry);

/* One of runPropertyAction's. */
typedef IOReturn (*IORegistryEntryAction)(OSObject *target, void *arg0, void *arg1, void *arg2, void *arg3);
typedef void (*IORegistryEntryApplierFunction)(IORegistryEntry *entry, void *context);

#define IORegistryEntry_METHODS                                                                                        \
    OSObject_METHODS                                                                                                   \
    /* Takes the properties (NULL: none) as described at IORegistryEntry_init. An override calls it first. */          \
    bool (*init)(IORegistryEntry *self, OSDictionary *properties);                                                     \
    /* Takes the place of another entry, as described at IORegistryEntry_initFromEntry. */                             \
    bool (*initFromEntry)(IORegistryEntry *self, IORegistryEntry *from, const IORegistryPlane *plane);                 \
    /* A client's request to change properties. Default: kIOReturnUnsupported. */                                      \
    IOReturn (*setProperties)(IORegistryEntry *self, OSObject *properties);                                            \
    /* Writes the properties as a client sees them. Default: a snapshot of the property table. */                      \
    bool (*serializeProperties)(const IORegistryEntry *self, OSSerialize *serializer);                                 \
    /* Whether one of the entry's names for matching is name; then *matched (if not NULL) gets +1. Default: the        \
     * generic name. */                                                                                                \
    bool (*compareName)(const IORegistryEntry *self, OSString *name, OSString **matched);                              \
    /* Make and break one link, both sides of it; the side that the caller was not called on is told through its own   \
     * slot when its half was missing (present). An override calls the superclass's. No lock is held. */               \
    bool (*attachToParent)(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane);              \
    bool (*attachToChild)(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);                \
    void (*detachFromParent)(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane);            \
    void (*detachFromChild)(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);              \
    /* Ours: told after a property was set or removed, on the thread that did it, with none of the registry's locks    \
     * held. key NULL: any of them may have changed (setPropertyTable, or several changes inside one                   \
     * runPropertyAction, told at its end). Of two changes the later's call may come first, so read the value anew. */ \
    void (*propertyChanged)(IORegistryEntry *self, const OSSymbol *key);                                               \
    /* Ours: the same for the generic name (plane NULL) or a plane's. */                                               \
    void (*nameChanged)(IORegistryEntry *self, const IORegistryPlane *plane);

struct IORegistryEntryMethods {
    IORegistryEntry_METHODS
};

/*
 * Protected by: I init, P the entry's property lock, R the registry lock. Not for subclasses: they have the functions
 * below.
 */
struct IORegistryEntry {
    OSObject         super;           /* detail: P; runPropertyAction calls in progress, and flags */
    pthread_mutex_t  propertyLock;    /* I; recursive */
    OSDictionary    *properties;      /* P; owned */
    uint64_t         registryEntryID; /* R, read without by atomic load; 0 until first attached */
    const OSSymbol  *names[2];        /* R; owned; the generic name and location, each or NULL */
    IORegistryPlace *places;          /* R; owned; what belongs to one plane each: links, name, location */
};

/* ---- The registry as a whole ---- */

/*
 * Makes the registry: its root entry named "Root" with the root properties (SEMANTICS 2.4, 2.5). Later calls do
 * nothing. To be called before anything else of the kit; the host's start and the tests' set-up do.
 * Returns   the root, borrowed; NULL without memory
 */
IORegistryEntry *IORegistryEntry_initialize(void);
/* The root, borrowed; NULL before IORegistryEntry_initialize. */
IORegistryEntry *IORegistryEntry_getRegistryRoot(void);
/* A number that grows with every change of links, names and locations. */
SInt32 IORegistryEntry_getGenerationCount(void);

/*
 * A new plane, published under the root's IORegistryPlanes.
 *   name      at most 32 characters count
 * Returns   the plane, borrowed; NULL without memory
 * Apple     a second call with the same name gives the same plane here, a second plane of that name there
 */
const IORegistryPlane *IORegistryEntry_makePlane(const char *name);
/* The plane of that name, borrowed; NULL when there is none. */
const IORegistryPlane *IORegistryEntry_getPlane(const char *name);

/* The entry of that ID, +1; NULL when there is none. Constant time. Apple: none; clients match by IORegistryEntryID. */
IORegistryEntry *IORegistryEntry_copyByID(uint64_t entryID) OS_RETURNS_RETAINED;

/* ---- Life ---- */

/*
 * Initialises an entry from OSTypeAlloc or OSMetaClass_allocClassWithName.
 *   properties   NULL, or the property table: retained when it can be changed, copied when it is immutable. A string
 *                under IOName becomes the entry's generic name
 * Returns      false without memory
 */
bool IORegistryEntry_init(IORegistryEntry *self, OSDictionary *properties);
/*
 * Initialises an entry that takes over from's properties (copied), names, and links in that plane, which from loses.
 * It gets an ID at once. False without memory; from is unchanged then.
 */
bool IORegistryEntry_initFromEntry(IORegistryEntry *self, IORegistryEntry *from, const IORegistryPlane *plane);

/* The entry's ID: 0 until first attached, then the same for life; never reused. */
uint64_t IORegistryEntry_getRegistryEntryID(const IORegistryEntry *self);

/* ---- Properties ---- */

/*
 * Puts value under key, replacing what is there. On an attached entry a collection becomes immutable.
 * False for a NULL key or value, or without memory; nothing has changed then. The entry takes a reference.
 */
bool IORegistryEntry_setProperty(IORegistryEntry *self, const char *key, OSObject *value);
bool IORegistryEntry_setPropertyForSymbol(IORegistryEntry *self, const OSSymbol *key, OSObject *value);
/* Make the value: an interned string, a boolean, a number of that many bits (1 to 64), a copy of length bytes. */
bool IORegistryEntry_setPropertyString(IORegistryEntry *self, const char *key, const char *value);
bool IORegistryEntry_setPropertyBoolean(IORegistryEntry *self, const char *key, bool value);
bool IORegistryEntry_setPropertyNumber(IORegistryEntry *self, const char *key, unsigned long long value, unsigned bits);
bool IORegistryEntry_setPropertyData(IORegistryEntry *self, const char *key, const void *bytes, unsigned length);
/* Nothing happens when there is none. */
void IORegistryEntry_removeProperty(IORegistryEntry *self, const char *key);
void IORegistryEntry_removePropertyForSymbol(IORegistryEntry *self, const OSSymbol *key);

/* The property of this entry, +1; NULL when there is none. */
OSObject *IORegistryEntry_copyProperty(const IORegistryEntry *self, const char *key) OS_RETURNS_RETAINED;
OSObject *IORegistryEntry_copyPropertyForSymbol(const IORegistryEntry *self, const OSSymbol *key) OS_RETURNS_RETAINED;
/*
 * The same, searching on in the plane when the entry has none.
 *   plane     NULL: no search
 *   options   kIORegistryIterateRecursively searches the descendants; with kIORegistryIterateParents the ancestors
 * Apple     an overload of copyProperty
 */
OSObject *IORegistryEntry_copyPropertyInPlane(const IORegistryEntry *self, const char *key,
                                              const IORegistryPlane *plane, IOOptionBits options) OS_RETURNS_RETAINED;
/* Borrowed forms: only for a property that nobody changes meanwhile. */
OSObject *IORegistryEntry_getProperty(const IORegistryEntry *self, const char *key);
OSObject *IORegistryEntry_getPropertyForSymbol(const IORegistryEntry *self, const OSSymbol *key);
OSObject *IORegistryEntry_getPropertyInPlane(const IORegistryEntry *self, const char *key, const IORegistryPlane *plane,
                                             IOOptionBits options);
bool      IORegistryEntry_propertyExists(const IORegistryEntry *self, const char *key);
/* Whether the property equals value; NULL equals a missing one. */
bool IORegistryEntry_propertyHasValue(const IORegistryEntry *self, const char *key, const OSObject *value);

/* The keys, +1, in the order of the table; NULL without memory. */
OSArray *IORegistryEntry_copyPropertyKeys(const IORegistryEntry *self) OS_RETURNS_RETAINED;
/* A copy of the table (the values are shared), +1; NULL without memory. */
OSDictionary *IORegistryEntry_dictionaryWithProperties(const IORegistryEntry *self) OS_RETURNS_RETAINED;
/* The table itself, borrowed: only within runPropertyAction, or before the entry is attached. Changes made in it are
 * not told to propertyChanged. */
OSDictionary *IORegistryEntry_getPropertyTable(const IORegistryEntry *self);
/* Replaces the table; the entry takes a reference. NULL is ignored. */
void IORegistryEntry_setPropertyTable(IORegistryEntry *self, OSDictionary *properties);

/* Runs action with the entry's property lock held (it is recursive): no other thread reads or changes the entry's
 * properties meanwhile. The action must not wait for another thread. Returns what the action returns. */
IOReturn IORegistryEntry_runPropertyAction(IORegistryEntry *self, IORegistryEntryAction action, OSObject *target,
                                           void *arg0, void *arg1, void *arg2, void *arg3);

IOReturn IORegistryEntry_setProperties(IORegistryEntry *self, OSObject *properties);
bool     IORegistryEntry_serializeProperties(const IORegistryEntry *self, OSSerialize *serializer);

/* ---- Names, locations, paths ---- */

/* The name in that plane, else the generic name, else the class's; plane may be NULL. Borrowed until it changes. */
const char *IORegistryEntry_getName(const IORegistryEntry *self, const IORegistryPlane *plane);
/* The same, +1; NULL without memory. */
const OSSymbol *IORegistryEntry_copyName(const IORegistryEntry *self, const IORegistryPlane *plane) OS_RETURNS_RETAINED;
/* The location in that plane, else the generic one, else NULL. */
const char     *IORegistryEntry_getLocation(const IORegistryEntry *self, const IORegistryPlane *plane);
const OSSymbol *IORegistryEntry_copyLocation(const IORegistryEntry *self,
                                             const IORegistryPlane *plane) OS_RETURNS_RETAINED;

/* Set the generic value, or that plane's; a NULL name or location is ignored. False without memory.
 * Apple: return nothing. */
bool IORegistryEntry_setName(IORegistryEntry *self, const char *name, const IORegistryPlane *plane);
bool IORegistryEntry_setNameForSymbol(IORegistryEntry *self, const OSSymbol *name, const IORegistryPlane *plane);
bool IORegistryEntry_setLocation(IORegistryEntry *self, const char *location, const IORegistryPlane *plane);
bool IORegistryEntry_setLocationForSymbol(IORegistryEntry *self, const OSSymbol *location,
                                          const IORegistryPlane *plane);

bool IORegistryEntry_compareName(const IORegistryEntry *self, OSString *name, OSString **matched);
/* The same for a string or each string of a collection, until one matches. */
bool IORegistryEntry_compareNames(const IORegistryEntry *self, OSObject *names, OSString **matched);

/*
 * Writes "Plane:/name@location/..." from the plane's path root to this entry, following first parents.
 *   length    in: size of path in bytes, at least 2 more than the text; out: characters written, without the NUL
 * Returns   false, path undefined: an argument is NULL, the buffer is short, the entry is not below the path root
 */
bool IORegistryEntry_getPath(const IORegistryEntry *self, char *path, int *length, const IORegistryPlane *plane);
/* The entry's own part of it, "name" or "name@location"; the same use of length. */
bool IORegistryEntry_getPathComponent(const IORegistryEntry *self, char *path, int *length,
                                      const IORegistryPlane *plane);

/*
 * The entry at a path.
 *   plane            NULL: the path begins with "Plane:"
 *   residualPath     NULL, or where the part that nothing matched is copied; without it such a rest is a failure
 *   residualLength   in: size of residualPath in bytes; out: characters of the rest (also when they did not fit)
 *   fromEntry        NULL, or where the path begins
 * Returns   +1; NULL when there is none
 */
IORegistryEntry *IORegistryEntry_fromPath(const char *path, const IORegistryPlane *plane, char *residualPath,
                                          int *residualLength, IORegistryEntry *fromEntry) OS_RETURNS_RETAINED;
/* The same relative to this entry: "name/name". */
IORegistryEntry *IORegistryEntry_childFromPath(IORegistryEntry *self, const char *path, const IORegistryPlane *plane,
                                               char *residualPath, int *residualLength) OS_RETURNS_RETAINED;

/* ---- Links ---- */

/*
 * Link two entries in a plane; to link them again changes nothing. The order of links is the order of attaching. From
 * its first link on the entry has an ID, and collections in its properties are immutable.
 * Returns   false for self linked to itself, when an override refused, or without memory (then nothing has changed)
 * Context   any thread; the overridable halves run on it without locks
 */
bool IORegistryEntry_attachToParent(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane);
bool IORegistryEntry_attachToChild(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);
/* Unlink them; nothing happens when they are not linked. Needs no memory. */
void IORegistryEntry_detachFromParent(IORegistryEntry *self, IORegistryEntry *parent, const IORegistryPlane *plane);
void IORegistryEntry_detachFromChild(IORegistryEntry *self, IORegistryEntry *child, const IORegistryPlane *plane);
/* From every parent. */
void IORegistryEntry_detachAbove(IORegistryEntry *self, const IORegistryPlane *plane);
/* The entry and every descendant from every parent, the last listed first. False without memory; then nothing happens.
 * Apple: returns nothing. */
bool IORegistryEntry_detachAll(IORegistryEntry *self, const IORegistryPlane *plane);

/* The first link, or NULL: borrowed (only safe when nobody detaches meanwhile), +1. */
IORegistryEntry *IORegistryEntry_getParentEntry(const IORegistryEntry *self, const IORegistryPlane *plane);
IORegistryEntry *IORegistryEntry_copyParentEntry(const IORegistryEntry *self,
                                                 const IORegistryPlane *plane) OS_RETURNS_RETAINED;
IORegistryEntry *IORegistryEntry_getChildEntry(const IORegistryEntry *self, const IORegistryPlane *plane);
IORegistryEntry *IORegistryEntry_copyChildEntry(const IORegistryEntry *self,
                                                const IORegistryPlane *plane) OS_RETURNS_RETAINED;
/* Over a snapshot of the links: +1, in spite of the name. NULL for a NULL plane or without memory. */
OSIterator *IORegistryEntry_getParentIterator(const IORegistryEntry *self,
                                              const IORegistryPlane *plane) OS_RETURNS_RETAINED;
OSIterator *IORegistryEntry_getChildIterator(const IORegistryEntry *self,
                                             const IORegistryPlane *plane) OS_RETURNS_RETAINED;
/* Call applier for each of a snapshot of the links, in order, without locks. False without memory, nothing called. */
bool IORegistryEntry_applyToChildren(const IORegistryEntry *self, IORegistryEntryApplierFunction applier, void *context,
                                     const IORegistryPlane *plane);
bool IORegistryEntry_applyToParents(const IORegistryEntry *self, IORegistryEntryApplierFunction applier, void *context,
                                    const IORegistryPlane *plane);

uint32_t IORegistryEntry_getChildCount(const IORegistryEntry *self, const IORegistryPlane *plane);
/* Whether they are linked, and with onlyChild (onlyParent) to nobody else on that side. */
bool IORegistryEntry_isChild(const IORegistryEntry *self, const IORegistryEntry *child, const IORegistryPlane *plane,
                             bool onlyChild);
bool IORegistryEntry_isParent(const IORegistryEntry *self, const IORegistryEntry *parent, const IORegistryPlane *plane,
                              bool onlyParent);
/* Whether the entry has a parent in the plane; NULL: in any plane. */
bool IORegistryEntry_inPlane(const IORegistryEntry *self, const IORegistryPlane *plane);
/* 1 for an entry without parents, else 1 more than its deepest parent. 0 without memory (several parents need some). */
unsigned IORegistryEntry_getDepth(const IORegistryEntry *self, const IORegistryPlane *plane);
/* A number that changes with every change of the entry's parent links. */
SInt32 IORegistryEntry_getRegistryEntryParentGenerationCount(const IORegistryEntry *self);

#endif
