/* SPDX-License-Identifier: MIT */
/*
 * IORegistryIterator: walks a plane from an entry (IOKit/IORegistryEntry.h; SEMANTICS 2.26 to 2.31).
 *
 * It follows the live links: when the links at the current level change, the walk becomes invalid and has to be
 * started again:
 *
 *     IORegistryIterator *iterator = IORegistryIterator_iterateOver(start, gIOServicePlane, options);
 *     do {
 *         IORegistryIterator_reset(iterator);
 *         while ((entry = IORegistryIterator_getNextObject(iterator)))
 *             ...
 *     } while (!IORegistryIterator_isValid(iterator));
 *     OSRelease(iterator);
 *
 * An iterator is for one thread at a time. The registry may change under it at any moment.
 */
#ifndef _IOKIT_IOREGISTRYITERATOR_H
#define _IOKIT_IOREGISTRYITERATOR_H

#include <IOKit/IORegistryEntry.h>
#include <libkern/OSIterator.h>

typedef struct OSOrderedSet OSOrderedSet;

OSDeclareClass(IORegistryIterator);

/* Not for its users: src/registry/IORegistryIterator.c. */
struct IORegistryIterator {
    OSIterator             super;
    IORegistryEntry       *start;   /* owned; constant */
    const IORegistryPlane *plane;   /* of the next level that is entered */
    IOOptionBits           options; /* constant */
    bool                   invalid; /* until reset */
    struct IORegistryLevel *level;  /* owned; where the walk is */
    struct IORegistryMet   *met;    /* owned; what a recursive walk has met; NULL: nothing yet */
};

/*
 * A walk of the entries below start (with kIORegistryIterateParents: above it); start itself is never returned.
 *   plane     which tree
 *   options   kIORegistryIterateRecursively: pre-order, depth first; without it, the direct children (parents) only
 * Returns   +1; NULL for a NULL start or plane, or without memory
 */
IORegistryIterator *IORegistryIterator_iterateOver(IORegistryEntry *start, const IORegistryPlane *plane,
                                                   IOOptionBits options) OS_RETURNS_RETAINED;
/* The same from the registry's root. Apple: an overload of iterateOver. */
IORegistryIterator *IORegistryIterator_iterateOverPlane(const IORegistryPlane *plane,
                                                        IOOptionBits options) OS_RETURNS_RETAINED;

/* The next entry, borrowed until the next call on the iterator; NULL at the end or when the walk is not valid. */
IORegistryEntry *IORegistryIterator_getNextObject(IORegistryIterator *self);
/* The entry last returned, borrowed; NULL when there is none or the walk is not valid. */
IORegistryEntry *IORegistryIterator_getCurrentEntry(IORegistryIterator *self);
/* False from when the links being walked are found changed until reset. */
bool IORegistryIterator_isValid(IORegistryIterator *self);
/* Back to the start, all levels left. */
void IORegistryIterator_reset(IORegistryIterator *self);

/* Goes down (up) one level: the next results are the current entry's children (parents). False without memory. */
bool IORegistryIterator_enterEntry(IORegistryIterator *self);
/* The same in another plane, which stays the iterator's plane. Apple: an overload of enterEntry. */
bool IORegistryIterator_enterEntryInPlane(IORegistryIterator *self, const IORegistryPlane *plane);
/* Leaves that level; the results continue behind the entry that was entered. False at the start level. */
bool IORegistryIterator_exitEntry(IORegistryIterator *self);

/*
 * Starts again, walks everything recursively whatever the options say, and leaves the iterator at its end.
 * Returns   +1: the distinct entries in the order in which they were met; NULL when there are none, or without memory
 */
OSOrderedSet *IORegistryIterator_iterateAll(IORegistryIterator *self) OS_RETURNS_RETAINED;

#endif
