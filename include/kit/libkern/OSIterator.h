/* SPDX-License-Identifier: MIT */
/* OSIterator: what walks over objects, one after the other (libkern/c++/OSIterator.h). Abstract. */
#ifndef _LIBKERN_OSITERATOR_H
#define _LIBKERN_OSITERATOR_H

#include <libkern/OSObject.h>

OSDeclareBaseClass(OSIterator);

#define OSIterator_METHODS                                                                                             \
    OSObject_METHODS                                                                                                   \
    void (*reset)(OSIterator *self);                                                                                   \
    bool (*isValid)(OSIterator *self);                                                                                 \
    OSObject *(*getNextObject)(OSIterator *self);

struct OSIteratorMethods {
    OSIterator_METHODS
};

struct OSIterator {
    OSObject super;
};

/* Starts again at the first object. */
void OSIterator_reset(OSIterator *self);
/* False once what it walks over has changed; OSIterator_reset makes it valid again. */
bool OSIterator_isValid(OSIterator *self);
/* The next object, borrowed; NULL at the end, and while the iterator is not valid. */
OSObject *OSIterator_getNextObject(OSIterator *self);

#endif
