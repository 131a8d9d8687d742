/* SPDX-License-Identifier: MIT */
/*
 * OSCollectionIterator: walks over the members of a collection (libkern/c++/OSCollectionIterator.h; SEMANTICS 1.23).
 * It starts with the first OSIterator_getNextObject or _isValid, not when it is made; a change of the collection after
 * that makes it invalid until it is reset. A dictionary yields its keys.
 */
#ifndef _LIBKERN_OSCOLLECTIONITERATOR_H
#define _LIBKERN_OSCOLLECTIONITERATOR_H

#include <libkern/OSCollection.h>
#include <libkern/OSIterator.h>

OSDeclareBaseClass(OSCollectionIterator);

#define OSCollectionIterator_METHODS OSIterator_METHODS
struct OSCollectionIteratorMethods {
    OSCollectionIterator_METHODS
};

struct OSCollectionIterator {
    OSIterator         super;
    OSCollection      *collection; /* owned */
    OSCollectionCursor cursor;
    uint32_t           initialUpdateStamp;
    bool               started;
};

/* +1; NULL for NULL and without memory. */
OSCollectionIterator *OSCollectionIterator_withCollection(const OSCollection *collection);
/* For a subclass's initialisation. False for NULL. */
bool OSCollectionIterator_initWithCollection(OSCollectionIterator *self, const OSCollection *collection);

void      OSCollectionIterator_reset(OSCollectionIterator *self);
bool      OSCollectionIterator_isValid(OSCollectionIterator *self);
OSObject *OSCollectionIterator_getNextObject(OSCollectionIterator *self);

#endif
