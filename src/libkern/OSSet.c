/* SPDX-License-Identifier: MIT */
/* OSSet: a collection with one block of members (OSCollectionPrivate.h), each of which stands in it once. */
#include <libkern/OSDictionary.h>
#include <libkern/OSSet.h>

#include "OSCollectionPrivate.h"

bool OSSet_initWithCapacity(OSSet *self, unsigned capacity)
{
    return OSMembers_init(&self->super, &self->objects, capacity);
}

bool OSSet_initWithObjects(OSSet *self, const OSObject *const *objects, unsigned count, unsigned capacity)
{
    if (!objects && count > 0)
        return false;
    if ((capacity && count > capacity) || !OSSet_initWithCapacity(self, capacity ? capacity : count))
        return false;
    for (unsigned i = 0; i < count; i++)
        (void)OSSet_setObject(self, objects[i]); /* there is room; NULL and repeated objects are left out */
    return true;
}

bool OSSet_initWithArray(OSSet *self, const OSArray *array, unsigned capacity)
{
    return array && OSSet_initWithObjects(self, (const OSObject *const *)array->objects, array->super.count, capacity);
}

bool OSSet_initWithSet(OSSet *self, const OSSet *set, unsigned capacity)
{
    return set && OSSet_initWithObjects(self, (const OSObject *const *)set->objects, set->super.count, capacity);
}

OSSet *OSSet_withCapacity(unsigned capacity)
{
    OSSet *self = OSTypeAlloc(OSSet);
    if (self && !OSSet_initWithCapacity(self, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSSet *OSSet_withObjects(const OSObject *const *objects, unsigned count, unsigned capacity)
{
    OSSet *self = OSTypeAlloc(OSSet);
    if (self && !OSSet_initWithObjects(self, objects, count, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSSet *OSSet_withArray(const OSArray *array, unsigned capacity)
{
    OSSet *self = OSTypeAlloc(OSSet);
    if (self && !OSSet_initWithArray(self, array, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSSet *OSSet_withSet(const OSSet *set, unsigned capacity)
{
    OSSet *self = OSTypeAlloc(OSSet);
    if (self && !OSSet_initWithSet(self, set, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

bool OSSet_setObject(OSSet *self, const OSObject *object)
{
    return object && !OSSet_member(self, object) &&
           OSMembers_insert(&self->super, &self->objects, self->super.count, object);
}

static bool mergeObjects(OSSet *self, OSObject *const *objects, unsigned count)
{
    bool merged = true;
    for (unsigned i = 0; i < count; i++)
        if (!OSSet_member(self, objects[i]) && !OSSet_setObject(self, objects[i]))
            merged = false;
    return merged;
}

bool OSSet_merge(OSSet *self, const OSSet *other)
{
    return mergeObjects(self, other->objects, other->super.count);
}

bool OSSet_mergeArray(OSSet *self, const OSArray *array)
{
    return mergeObjects(self, array->objects, array->super.count);
}

void OSSet_removeObject(OSSet *self, const OSObject *object)
{
    unsigned index = OSMembers_find(&self->super, self->objects, object, 0);
    if (index < self->super.count)
        OSMembers_remove(&self->super, self->objects, index);
}

bool OSSet_member(const OSSet *self, const OSObject *object)
{
    return OSMembers_find(&self->super, self->objects, object, 0) < self->super.count;
}

bool OSSet_containsObject(const OSSet *self, const OSObject *object)
{
    return object && OSSet_member(self, object);
}

OSObject *OSSet_getObjectAtIndex(const OSSet *self, unsigned index)
{
    return index < self->super.count ? self->objects[index] : NULL;
}

OSObject *OSSet_getAnyObject(const OSSet *self)
{
    return OSSet_getObjectAtIndex(self, 0);
}

OSDefineContainerFunctions(OSSet);

static bool OSSet_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSSet *self = OSRequiredCast(OSSet, object);
    const OSSet *set  = OSDynamicCast(OSSet, other);
    if (!set || set->super.count != self->super.count)
        return false;
    for (unsigned i = 0; i < self->super.count; i++)
        if (!OSSet_member(self, set->objects[i]) && !OSObject_isEqualTo(set->objects[i], self->objects[i]))
            return false;
    return true;
}

static bool OSSet_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSSet *self = OSRequiredCast(OSSet, object);
    return OSMembers_serialize(&self->super, self->objects, serializer, "set");
}

static OSCollection *OSSet_copyCollection_(OSCollection *collection, OSDictionary *cycleDict)
{
    const OSSet  *self = OSRequiredCast(OSSet, collection);
    OSCollection *made = OSCollection_findCopy(collection, cycleDict);
    if (made)
        return made;
    OSSet *copy = OSSet_withCapacity(collection->capacity);
    if (!copy)
        return NULL;
    if (OSCollection_noteCopy(collection, &copy->super, cycleDict) &&
        OSMembers_copyInto(&copy->super, &copy->objects, collection, self->objects, cycleDict))
        return &copy->super;
    OSCollection_dropCopy(&copy->super);
    return NULL;
}

static unsigned OSSet_ensureCapacity_(OSCollection *collection, unsigned newCapacity)
{
    OSSet *self = OSRequiredCast(OSSet, collection);
    return OSMembers_ensureCapacity(collection, &self->objects, newCapacity);
}

static void OSSet_flushCollection_(OSCollection *collection)
{
    OSMembers_flush(collection, OSRequiredCast(OSSet, collection)->objects);
}

static unsigned OSSet_setOptions_(OSCollection *collection, unsigned options, unsigned mask)
{
    return OSMembers_setOptions(collection, OSRequiredCast(OSSet, collection)->objects, options, mask);
}

static OSObject *OSSet_getNextObjectForIterator_(const OSCollection *collection, OSCollectionCursor *cursor)
{
    return OSMembers_next(collection, OSRequiredCast(OSSet, collection)->objects, cursor);
}

static void OSSet_free_(OSObject *object)
{
    OSSet *self = OSRequiredCast(OSSet, object);
    OSMembers_free(&self->super, &self->objects);
    OSCollection_super()->free(object);
}

OSDefineBaseClass(OSSet, OSCollection,
    .free                     = OSSet_free_,
    .isEqualTo                = OSSet_isEqualTo_,
    .serialize                = OSSet_serialize_,
    .ensureCapacity           = OSSet_ensureCapacity_,
    .flushCollection          = OSSet_flushCollection_,
    .setOptions               = OSSet_setOptions_,
    .copyCollection           = OSSet_copyCollection_,
    .getNextObjectForIterator = OSSet_getNextObjectForIterator_);
