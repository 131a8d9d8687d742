/* SPDX-License-Identifier: MIT */
/* OSArray: a collection with one block of members (OSCollectionPrivate.h), in the order the user gives. */
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>

#include "OSCollectionPrivate.h"

bool OSArray_initWithCapacity(OSArray *self, unsigned capacity)
{
    return OSMembers_init(&self->super, &self->objects, capacity);
}

bool OSArray_initWithObjects(OSArray *self, const OSObject *const *objects, unsigned count, unsigned capacity)
{
    if (!objects && count > 0)
        return false;
    if ((capacity && count > capacity) || !OSArray_initWithCapacity(self, capacity ? capacity : count))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!OSArray_setObject(self, objects[i]))
            return false;
    return true;
}

bool OSArray_initWithArray(OSArray *self, const OSArray *array, unsigned capacity)
{
    return array && OSArray_initWithObjects(self, (const OSObject *const *)array->objects, array->super.count, capacity);
}

OSArray *OSArray_withCapacity(unsigned capacity)
{
    OSArray *self = OSTypeAlloc(OSArray);
    if (self && !OSArray_initWithCapacity(self, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSArray *OSArray_withObjects(const OSObject *const *objects, unsigned count, unsigned capacity)
{
    OSArray *self = OSTypeAlloc(OSArray);
    if (self && !OSArray_initWithObjects(self, objects, count, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSArray *OSArray_withArray(const OSArray *array, unsigned capacity)
{
    OSArray *self = OSTypeAlloc(OSArray);
    if (self && !OSArray_initWithArray(self, array, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

bool OSArray_setObject(OSArray *self, const OSObject *object)
{
    return OSArray_setObjectAtIndex(self, self->super.count, object);
}

bool OSArray_setObjectAtIndex(OSArray *self, unsigned index, const OSObject *object)
{
    return object && index <= self->super.count && OSMembers_insert(&self->super, &self->objects, index, object);
}

bool OSArray_merge(OSArray *self, const OSArray *other)
{
    unsigned added = other->super.count;
    if (!OSMembers_reserve(&self->super, &self->objects, added))
        return false;
    for (unsigned i = 0; i < added; i++)
        if (!OSArray_setObject(self, other->objects[i]))
            return false;
    return true;
}

void OSArray_replaceObject(OSArray *self, unsigned index, const OSObject *object)
{
    if (object && index < self->super.count)
        OSMembers_replace(&self->super, self->objects, index, object);
}

void OSArray_removeObject(OSArray *self, unsigned index)
{
    if (index < self->super.count)
        OSMembers_remove(&self->super, self->objects, index);
}

OSObject *OSArray_getObject(const OSArray *self, unsigned index)
{
    return index < self->super.count ? self->objects[index] : NULL;
}

OSObject *OSArray_getLastObject(const OSArray *self)
{
    return OSArray_getObject(self, self->super.count - 1);
}

unsigned OSArray_getNextIndexOfObject(const OSArray *self, const OSObject *object, unsigned index)
{
    unsigned found = OSMembers_find(&self->super, self->objects, object, index);
    return found < self->super.count ? found : (unsigned)-1;
}

OSDefineContainerFunctions(OSArray);

static bool OSArray_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSArray *self  = OSRequiredCast(OSArray, object);
    const OSArray *array = OSDynamicCast(OSArray, other);
    return array && OSMembers_isEqualTo(&self->super, self->objects, &array->super, array->objects);
}

static bool OSArray_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSArray *self = OSRequiredCast(OSArray, object);
    return OSMembers_serialize(&self->super, self->objects, serializer, "array");
}

static OSCollection *OSArray_copyCollection_(OSCollection *collection, OSDictionary *cycleDict)
{
    const OSArray *self = OSRequiredCast(OSArray, collection);
    OSCollection  *made = OSCollection_findCopy(collection, cycleDict);
    if (made)
        return made;
    OSArray *copy = OSArray_withCapacity(collection->count);
    if (!copy)
        return NULL;
    if (OSCollection_noteCopy(collection, &copy->super, cycleDict) &&
        OSMembers_copyInto(&copy->super, &copy->objects, collection, self->objects, cycleDict))
        return &copy->super;
    OSCollection_dropCopy(&copy->super);
    return NULL;
}

static unsigned OSArray_ensureCapacity_(OSCollection *collection, unsigned newCapacity)
{
    OSArray *self = OSRequiredCast(OSArray, collection);
    return OSMembers_ensureCapacity(collection, &self->objects, newCapacity);
}

static void OSArray_flushCollection_(OSCollection *collection)
{
    OSMembers_flush(collection, OSRequiredCast(OSArray, collection)->objects);
}

static unsigned OSArray_setOptions_(OSCollection *collection, unsigned options, unsigned mask)
{
    return OSMembers_setOptions(collection, OSRequiredCast(OSArray, collection)->objects, options, mask);
}

static OSObject *OSArray_getNextObjectForIterator_(const OSCollection *collection, OSCollectionCursor *cursor)
{
    return OSMembers_next(collection, OSRequiredCast(OSArray, collection)->objects, cursor);
}

static void OSArray_free_(OSObject *object)
{
    OSArray *self = OSRequiredCast(OSArray, object);
    OSMembers_free(&self->super, &self->objects);
    OSCollection_super()->free(object);
}

OSDefineBaseClass(OSArray, OSCollection,
    .free                     = OSArray_free_,
    .isEqualTo                = OSArray_isEqualTo_,
    .serialize                = OSArray_serialize_,
    .ensureCapacity           = OSArray_ensureCapacity_,
    .flushCollection          = OSArray_flushCollection_,
    .setOptions               = OSArray_setOptions_,
    .copyCollection           = OSArray_copyCollection_,
    .getNextObjectForIterator = OSArray_getNextObjectForIterator_);
