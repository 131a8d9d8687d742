/* SPDX-License-Identifier: MIT */
/* OSSet: objects, each once, by identity (libkern/c++/OSSet.h; SEMANTICS 1.35, 1.36). A search is linear. */
#ifndef _LIBKERN_OSSET_H
#define _LIBKERN_OSSET_H

#include <libkern/OSArray.h>
#include <libkern/OSCollection.h>

OSDeclareBaseClass(OSSet);

#define OSSet_METHODS OSCollection_METHODS
struct OSSetMethods {
    OSSet_METHODS
};

struct OSSet {
    OSCollection super;
    OSObject   **objects; /* owned, each; in the order of insertion */
};

/* +1, NULL without memory. */
OSSet *OSSet_withCapacity(unsigned capacity);
/* Skips NULL and repeated objects. NULL also when capacity is less than count and not 0. */
OSSet *OSSet_withObjects(const OSObject *const *objects, unsigned count, unsigned capacity);
OSSet *OSSet_withArray(const OSArray *array, unsigned capacity);
OSSet *OSSet_withSet(const OSSet *set, unsigned capacity);

/* For a subclass's initialisation, once, on a new instance. False: release the instance. */
bool OSSet_initWithCapacity(OSSet *self, unsigned capacity);
bool OSSet_initWithObjects(OSSet *self, const OSObject *const *objects, unsigned count, unsigned capacity);
bool OSSet_initWithArray(OSSet *self, const OSArray *array, unsigned capacity);
bool OSSet_initWithSet(OSSet *self, const OSSet *set, unsigned capacity);

/* See OSCollection.h. */
unsigned OSSet_getCount(const OSSet *self);
unsigned OSSet_getCapacity(const OSSet *self);
unsigned OSSet_getCapacityIncrement(const OSSet *self);
unsigned OSSet_setCapacityIncrement(OSSet *self, unsigned increment);
unsigned OSSet_ensureCapacity(OSSet *self, unsigned newCapacity);
void     OSSet_flushCollection(OSSet *self);
unsigned OSSet_setOptions(OSSet *self, unsigned options, unsigned mask);
/* A deep copy of the collections, see OSCollection_copyCollection; +1. */
OSSet *OSSet_copyCollection(OSSet *self);

/* Adds. False for NULL, for a member, and without memory. */
bool OSSet_setObject(OSSet *self, const OSObject *object);
/* Adds the objects that are not members yet. False only when an insertion failed. */
bool OSSet_merge(OSSet *self, const OSSet *other);
bool OSSet_mergeArray(OSSet *self, const OSArray *array);
/* Does nothing for an object that is not a member. */
void OSSet_removeObject(OSSet *self, const OSObject *object);

/* containsObject is false for NULL; member may not be asked for NULL. */
bool OSSet_containsObject(const OSSet *self, const OSObject *object);
bool OSSet_member(const OSSet *self, const OSObject *object);
/* The member that was inserted first, borrowed; NULL when empty. */
OSObject *OSSet_getAnyObject(const OSSet *self);
/* Ours: the members in the order of insertion, borrowed; NULL out of range. */
OSObject *OSSet_getObjectAtIndex(const OSSet *self, unsigned index);

/* Same count, and each object of the other is a member here or equals the member at the same place. */
bool OSSet_isEqualTo(const OSSet *self, const OSObject *other);

#endif
