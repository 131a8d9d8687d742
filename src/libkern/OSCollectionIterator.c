/* SPDX-License-Identifier: MIT */
/*
 * OSCollectionIterator: a cursor, and the collection's update stamp when the walk started.
 *
 *   new ---- first isValid or getNextObject, or reset ----> walking ---- the stamp moves ----> invalid
 *                                                           walking <--------- reset --------- invalid
 */
#include <libkern/OSCollectionIterator.h>

static void start(OSCollectionIterator *self)
{
    self->cursor             = (OSCollectionCursor){{0}};
    self->initialUpdateStamp = self->collection->super.detail;
    self->started            = true;
}

bool OSCollectionIterator_initWithCollection(OSCollectionIterator *self, const OSCollection *collection)
{
    self->collection = OSRetain((OSCollection *)collection);
    return collection != NULL;
}

OSCollectionIterator *OSCollectionIterator_withCollection(const OSCollection *collection)
{
    OSCollectionIterator *self = OSTypeAlloc(OSCollectionIterator);
    if (self && !OSCollectionIterator_initWithCollection(self, collection))
        OSSafeReleaseNULL(self);
    return self;
}

void OSCollectionIterator_reset(OSCollectionIterator *self)
{
    OSIterator_reset(&self->super);
}

bool OSCollectionIterator_isValid(OSCollectionIterator *self)
{
    return OSIterator_isValid(&self->super);
}

OSObject *OSCollectionIterator_getNextObject(OSCollectionIterator *self)
{
    return OSIterator_getNextObject(&self->super);
}

static void OSCollectionIterator_reset_(OSIterator *iterator)
{
    start(OSRequiredCast(OSCollectionIterator, iterator));
}

static bool OSCollectionIterator_isValid_(OSIterator *iterator)
{
    OSCollectionIterator *self = OSRequiredCast(OSCollectionIterator, iterator);
    if (!self->started)
        start(self);
    return self->collection->super.detail == self->initialUpdateStamp;
}

static OSObject *OSCollectionIterator_getNextObject_(OSIterator *iterator)
{
    OSCollectionIterator *self = OSRequiredCast(OSCollectionIterator, iterator);
    if (!OSIterator_isValid(iterator))
        return NULL;
    return OSMethodsOf(OSCollection, self->collection)->getNextObjectForIterator(self->collection, &self->cursor);
}

static void OSCollectionIterator_free_(OSObject *object)
{
    OSCollectionIterator *self = OSRequiredCast(OSCollectionIterator, object);
    OSSafeReleaseNULL(self->collection);
    OSIterator_super()->free(object);
}

OSDefineBaseClass(OSCollectionIterator, OSIterator,
    .free          = OSCollectionIterator_free_,
    .reset         = OSCollectionIterator_reset_,
    .isValid       = OSCollectionIterator_isValid_,
    .getNextObject = OSCollectionIterator_getNextObject_);
