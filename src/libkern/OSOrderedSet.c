/* SPDX-License-Identifier: MIT */
/*
 * OSOrderedSet: a collection with one block of members (OSCollectionPrivate.h), each of which stands in it once, the
 * highest first. It has no serialize of its own: "OSOrderedSet is not serializable" (SEMANTICS 1.54).
 */
#include <libkern/OSDictionary.h>
#include <libkern/OSOrderedSet.h>

#include "OSCollectionPrivate.h"

bool OSOrderedSet_initWithCapacity(OSOrderedSet *self, unsigned capacity, OSOrderFunction ordering, void *orderingRef)
{
    self->ordering    = ordering;
    self->orderingRef = orderingRef;
    return OSMembers_init(&self->super, &self->objects, capacity);
}

OSOrderedSet *OSOrderedSet_withCapacity(unsigned capacity, OSOrderFunction ordering, void *orderingRef)
{
    OSOrderedSet *self = OSTypeAlloc(OSOrderedSet);
    if (self && !OSOrderedSet_initWithCapacity(self, capacity, ordering, orderingRef))
        OSSafeReleaseNULL(self);
    return self;
}

static int32_t order(const OSOrderedSet *self, const OSObject *first, const OSObject *second)
{
    return self->ordering ? self->ordering(first, second, self->orderingRef) : 0;
}

bool OSOrderedSet_setObject(OSOrderedSet *self, const OSObject *object)
{
    unsigned index = self->super.count;
    if (!object)
        return false;
    if (self->ordering)
        for (index = 0; index < self->super.count && order(self, self->objects[index], object) >= 0;)
            index++;
    return OSOrderedSet_setObjectAtIndex(self, index, object);
}

bool OSOrderedSet_setFirstObject(OSOrderedSet *self, const OSObject *object)
{
    return OSOrderedSet_setObjectAtIndex(self, 0, object);
}

bool OSOrderedSet_setLastObject(OSOrderedSet *self, const OSObject *object)
{
    return OSOrderedSet_setObjectAtIndex(self, self->super.count, object);
}

bool OSOrderedSet_setObjectAtIndex(OSOrderedSet *self, unsigned index, const OSObject *object)
{
    return object && index <= self->super.count && !OSOrderedSet_member(self, object) &&
           OSMembers_insert(&self->super, &self->objects, index, object);
}

void OSOrderedSet_removeObject(OSOrderedSet *self, const OSObject *object)
{
    unsigned index = OSMembers_find(&self->super, self->objects, object, 0);
    if (index < self->super.count)
        OSMembers_remove(&self->super, self->objects, index);
}

bool OSOrderedSet_member(const OSOrderedSet *self, const OSObject *object)
{
    return OSMembers_find(&self->super, self->objects, object, 0) < self->super.count;
}

bool OSOrderedSet_containsObject(const OSOrderedSet *self, const OSObject *object)
{
    return object && OSOrderedSet_member(self, object);
}

OSObject *OSOrderedSet_getObject(const OSOrderedSet *self, unsigned index)
{
    return index < self->super.count ? self->objects[index] : NULL;
}

OSObject *OSOrderedSet_getFirstObject(const OSOrderedSet *self)
{
    return OSOrderedSet_getObject(self, 0);
}

OSObject *OSOrderedSet_getLastObject(const OSOrderedSet *self)
{
    return OSOrderedSet_getObject(self, self->super.count - 1);
}

int32_t OSOrderedSet_orderObject(OSOrderedSet *self, const OSObject *object)
{
    return order(self, object, NULL);
}

void *OSOrderedSet_getOrderingRef(const OSOrderedSet *self)
{
    return self->orderingRef;
}

OSDefineContainerFunctions(OSOrderedSet);

static bool OSOrderedSet_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSOrderedSet *self = OSRequiredCast(OSOrderedSet, object);
    const OSOrderedSet *set  = OSDynamicCast(OSOrderedSet, other);
    return set && OSMembers_isEqualTo(&self->super, self->objects, &set->super, set->objects);
}

static OSCollection *OSOrderedSet_copyCollection_(OSCollection *collection, OSDictionary *cycleDict)
{
    const OSOrderedSet *self = OSRequiredCast(OSOrderedSet, collection);
    OSCollection       *made = OSCollection_findCopy(collection, cycleDict);
    if (made)
        return made;
    OSOrderedSet *copy = OSOrderedSet_withCapacity(collection->capacity, self->ordering, self->orderingRef);
    if (!copy)
        return NULL;
    if (OSCollection_noteCopy(collection, &copy->super, cycleDict) &&
        OSMembers_copyInto(&copy->super, &copy->objects, collection, self->objects, cycleDict))
        return &copy->super;
    OSCollection_dropCopy(&copy->super);
    return NULL;
}

static unsigned OSOrderedSet_ensureCapacity_(OSCollection *collection, unsigned newCapacity)
{
    OSOrderedSet *self = OSRequiredCast(OSOrderedSet, collection);
    return OSMembers_ensureCapacity(collection, &self->objects, newCapacity);
}

static void OSOrderedSet_flushCollection_(OSCollection *collection)
{
    OSMembers_flush(collection, OSRequiredCast(OSOrderedSet, collection)->objects);
}

static unsigned OSOrderedSet_setOptions_(OSCollection *collection, unsigned options, unsigned mask)
{
    return OSMembers_setOptions(collection, OSRequiredCast(OSOrderedSet, collection)->objects, options, mask);
}

static OSObject *OSOrderedSet_getNextObjectForIterator_(const OSCollection *collection, OSCollectionCursor *cursor)
{
    return OSMembers_next(collection, OSRequiredCast(OSOrderedSet, collection)->objects, cursor);
}

static void OSOrderedSet_free_(OSObject *object)
{
    OSOrderedSet *self = OSRequiredCast(OSOrderedSet, object);
    OSMembers_free(&self->super, &self->objects);
    OSCollection_super()->free(object);
}

OSDefineBaseClass(OSOrderedSet, OSCollection,
    .free                     = OSOrderedSet_free_,
    .isEqualTo                = OSOrderedSet_isEqualTo_,
    .ensureCapacity           = OSOrderedSet_ensureCapacity_,
    .flushCollection          = OSOrderedSet_flushCollection_,
    .setOptions               = OSOrderedSet_setOptions_,
    .copyCollection           = OSOrderedSet_copyCollection_,
    .getNextObjectForIterator = OSOrderedSet_getNextObjectForIterator_);
