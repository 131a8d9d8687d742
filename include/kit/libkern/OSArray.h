/* SPDX-License-Identifier: MIT */
/* OSArray: objects in an order, found by index (libkern/c++/OSArray.h; SEMANTICS 1.24 to 1.28). */
#ifndef _LIBKERN_OSARRAY_H
#define _LIBKERN_OSARRAY_H

#include <libkern/OSCollection.h>

OSDeclareBaseClass(OSArray);

#define OSArray_METHODS OSCollection_METHODS
struct OSArrayMethods {
    OSArray_METHODS
};

struct OSArray {
    OSCollection super;
    OSObject   **objects; /* owned, each; capacity of them, count in use */
};

/* +1, NULL without memory. capacity is what it can hold before it grows. */
OSArray *OSArray_withCapacity(unsigned capacity);
/* NULL also when one of the count objects is NULL, or capacity is less than count and not 0. */
OSArray *OSArray_withObjects(const OSObject *const *objects, unsigned count, unsigned capacity);
/* A shallow copy. NULL also for NULL, or when capacity is less than the array's count and not 0. */
OSArray *OSArray_withArray(const OSArray *array, unsigned capacity);

/* For a subclass's initialisation, once, on a new instance. False: release the instance. */
bool OSArray_initWithCapacity(OSArray *self, unsigned capacity);
bool OSArray_initWithObjects(OSArray *self, const OSObject *const *objects, unsigned count, unsigned capacity);
bool OSArray_initWithArray(OSArray *self, const OSArray *array, unsigned capacity);

/* See OSCollection.h. */
unsigned OSArray_getCount(const OSArray *self);
unsigned OSArray_getCapacity(const OSArray *self);
unsigned OSArray_getCapacityIncrement(const OSArray *self);
unsigned OSArray_setCapacityIncrement(OSArray *self, unsigned increment);
unsigned OSArray_ensureCapacity(OSArray *self, unsigned newCapacity);
void     OSArray_flushCollection(OSArray *self);
unsigned OSArray_setOptions(OSArray *self, unsigned options, unsigned mask);
/* A deep copy of the collections, see OSCollection_copyCollection; +1. */
OSArray *OSArray_copyCollection(OSArray *self);

/* Appends. False for NULL and without memory. */
bool OSArray_setObject(OSArray *self, const OSObject *object);
/* Inserts before the object at index; index may be the count. False for a greater one, NULL, or without memory. */
bool OSArray_setObjectAtIndex(OSArray *self, unsigned index, const OSObject *object);
/* Appends all objects of the other array. False without memory, and then nothing is appended. */
bool OSArray_merge(OSArray *self, const OSArray *other);
/* Does nothing for an index out of range, or NULL. */
void OSArray_replaceObject(OSArray *self, unsigned index, const OSObject *object);
/* Removes the object at index and closes the gap; does nothing out of range. */
void OSArray_removeObject(OSArray *self, unsigned index);

/* Borrowed; NULL out of range. */
OSObject *OSArray_getObject(const OSArray *self, unsigned index);
OSObject *OSArray_getLastObject(const OSArray *self);
/* The index of the first occurrence of this very object at or after index; (unsigned)-1 when there is none. */
unsigned OSArray_getNextIndexOfObject(const OSArray *self, const OSObject *object, unsigned index);

/* Same count, and equal objects at each index. */
bool OSArray_isEqualTo(const OSArray *self, const OSObject *other);

#endif
