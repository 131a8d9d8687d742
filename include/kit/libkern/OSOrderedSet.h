/* SPDX-License-Identifier: MIT */
/*
 * OSOrderedSet: objects, each once, highest first by an order function (libkern/c++/OSOrderedSet.h; SEMANTICS 1.37,
 * 1.38). Objects of the same order stay in the order of insertion.
 */
#ifndef _LIBKERN_OSORDEREDSET_H
#define _LIBKERN_OSORDEREDSET_H

#include <libkern/OSCollection.h>

/*
 * Compares: above 0 when first ranks higher than second, 0 when they rank the same, below 0 otherwise. Either may be
 * NULL: OSOrderedSet_orderObject asks with second NULL. Must not change the set.
 */
typedef int32_t (*OSOrderFunction)(const OSObject *first, const OSObject *second, void *context);

OSDeclareBaseClass(OSOrderedSet);

#define OSOrderedSet_METHODS OSCollection_METHODS
struct OSOrderedSetMethods {
    OSOrderedSet_METHODS
};

struct OSOrderedSet {
    OSCollection    super;
    OSObject      **objects; /* owned, each */
    OSOrderFunction ordering;    /* NULL: order of insertion */
    void           *orderingRef; /* borrowed from the caller; passed to ordering */
};

/* +1, NULL without memory. */
OSOrderedSet *OSOrderedSet_withCapacity(unsigned capacity, OSOrderFunction ordering, void *orderingRef);
/* For a subclass's initialisation, once, on a new instance. False: release the instance. */
bool OSOrderedSet_initWithCapacity(OSOrderedSet *self, unsigned capacity, OSOrderFunction ordering, void *orderingRef);

/* See OSCollection.h. */
unsigned OSOrderedSet_getCount(const OSOrderedSet *self);
unsigned OSOrderedSet_getCapacity(const OSOrderedSet *self);
unsigned OSOrderedSet_getCapacityIncrement(const OSOrderedSet *self);
unsigned OSOrderedSet_setCapacityIncrement(OSOrderedSet *self, unsigned increment);
unsigned OSOrderedSet_ensureCapacity(OSOrderedSet *self, unsigned newCapacity);
void     OSOrderedSet_flushCollection(OSOrderedSet *self);
unsigned OSOrderedSet_setOptions(OSOrderedSet *self, unsigned options, unsigned mask);
/* A deep copy of the collections, see OSCollection_copyCollection; +1. */
OSOrderedSet *OSOrderedSet_copyCollection(OSOrderedSet *self);

/* Inserts behind the members that rank as high or higher. False for NULL, for a member, and without memory. */
bool OSOrderedSet_setObject(OSOrderedSet *self, const OSObject *object);
/* The same at a place, whatever its order. False also for an index above the count. */
bool OSOrderedSet_setFirstObject(OSOrderedSet *self, const OSObject *object);
bool OSOrderedSet_setLastObject(OSOrderedSet *self, const OSObject *object);
bool OSOrderedSet_setObjectAtIndex(OSOrderedSet *self, unsigned index, const OSObject *object);
/* Does nothing for an object that is not a member. */
void OSOrderedSet_removeObject(OSOrderedSet *self, const OSObject *object);

bool OSOrderedSet_containsObject(const OSOrderedSet *self, const OSObject *object);
bool OSOrderedSet_member(const OSOrderedSet *self, const OSObject *object);
/* Borrowed; NULL out of range or when empty. */
OSObject *OSOrderedSet_getObject(const OSOrderedSet *self, unsigned index);
OSObject *OSOrderedSet_getFirstObject(const OSOrderedSet *self);
OSObject *OSOrderedSet_getLastObject(const OSOrderedSet *self);

/* What the order function says about the object and NULL; 0 without one. */
int32_t OSOrderedSet_orderObject(OSOrderedSet *self, const OSObject *object);
void   *OSOrderedSet_getOrderingRef(const OSOrderedSet *self);

/* Same count, and equal objects at each index. */
bool OSOrderedSet_isEqualTo(const OSOrderedSet *self, const OSObject *other);

#endif
