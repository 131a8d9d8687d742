/* SPDX-License-Identifier: MIT */
/*
 * OSCollection: what the containers have in common (libkern/c++/OSCollection.h; SEMANTICS 1b).
 *
 * A collection retains its members. It does no locking: its user makes sure that nobody changes it while somebody else
 * looks at it; any number of threads may read one that nobody changes.
 */
#ifndef _LIBKERN_OSCOLLECTION_H
#define _LIBKERN_OSCOLLECTION_H

#include <libkern/OSObject.h>

/* How far a walk over a collection has come. All zero is the start; the collection's class gives it meaning. */
typedef struct OSCollectionCursor {
    uintptr_t position[2];
} OSCollectionCursor;

OSDeclareBaseClass(OSCollection);

#define OSCollection_METHODS                                                                                           \
    OSObject_METHODS                                                                                                   \
    unsigned (*ensureCapacity)(OSCollection *self, unsigned newCapacity);                                              \
    void (*flushCollection)(OSCollection *self);                                                                       \
    /* The base changes the options of this collection; a container then goes on to the collections in it. */          \
    unsigned (*setOptions)(OSCollection *self, unsigned options, unsigned mask);                                       \
    /* A container overrides it; the base returns the copy noted in cycleDict, or itself, retained. */                 \
    OSCollection *(*copyCollection)(OSCollection *self, OSDictionary *cycleDict);                                      \
    /* The next member (a dictionary's: the next key), borrowed, and the cursor moved on; NULL at the end. */          \
    OSObject *(*getNextObjectForIterator)(const OSCollection *self, OSCollectionCursor *cursor);

struct OSCollectionMethods {
    OSCollection_METHODS
};

/* The fields are maintained by the container's class. */
struct OSCollection {
    OSObject super; /* detail: the update stamp, moved by each change */
    uint32_t options;
    uint32_t count;    /* members */
    uint32_t capacity; /* members that the storage has room for */
    uint32_t capacityIncrement;
};

/* Options of a collection. */
enum {
    kOSCollectionImmutable = 0x00000001, /* changing it is a bug: panics, unless registry-modify mode is on */
    kOSCollectionSort      = 0x00000002, /* a dictionary keeps its entries sorted by the address of the key */
};

/* A container calls it before each change of its members. Panics when the collection is immutable. */
void OSCollection_haveUpdated(OSCollection *self);

/* While on, a change of an immutable collection is logged instead (the kernel's debug flag kOSRegistryModsMode). */
void OSCollection_setRegistryModsMode(bool on);

unsigned OSCollection_getCount(const OSCollection *self);
/* Members that fit without an allocation. */
unsigned OSCollection_getCapacity(const OSCollection *self);
/* Capacity grows to multiples of this. Setting 0 sets 16; setting returns the new increment. */
unsigned OSCollection_getCapacityIncrement(const OSCollection *self);
unsigned OSCollection_setCapacityIncrement(OSCollection *self, unsigned increment);
/* Makes room for newCapacity members in all. Returns the capacity, which is less than that without memory. */
unsigned OSCollection_ensureCapacity(OSCollection *self, unsigned newCapacity);
/* Removes all members and keeps the capacity. */
void OSCollection_flushCollection(OSCollection *self);

/*
 * Sets the options that mask names, here and in nested collections when that changes something here.
 * Returns the former options. Apple: the same, without the unused context.
 */
unsigned OSCollection_setOptions(OSCollection *self, unsigned options, unsigned mask);

/*
 * A copy of this collection and of the collections in it; other members are shared. A cycle stays a cycle.
 *   cycleDict   NULL; or the copies made so far, by a copyCollection that calls this one
 * Returns +1, NULL without memory.
 */
OSCollection *OSCollection_copyCollection(OSCollection *self, OSDictionary *cycleDict);

/*
 * Calls back for each member (a dictionary's keys) until that returns true or the collection changes.
 * Returns whether the collection stayed as it was. Apple: a block, or the context first.
 */
bool OSCollection_iterateObjects(OSCollection *self, bool (*callback)(OSObject *object, void *context), void *context);

#endif
