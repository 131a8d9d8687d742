/* SPDX-License-Identifier: MIT */
/* The block of member objects that OSArray, OSSet and OSOrderedSet have in common; see OSCollectionPrivate.h. */
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>

#include "OSCollectionPrivate.h"

bool OSMembers_init(OSCollection *owner, OSObject ***objects, unsigned capacity)
{
    OSCollection_initCapacity(owner, capacity);
    return OSMembers_ensureCapacity(owner, objects, capacity) >= capacity;
}

static bool grow(OSCollection *owner, OSObject ***objects, unsigned capacity)
{
    OSObject **moved = IOReallocate(kIOAllocationContainer, *objects, owner->capacity * sizeof **objects,
                                    capacity * sizeof **objects);
    if (!moved)
        return false;
    *objects        = moved;
    owner->capacity = capacity;
    return true;
}

unsigned OSMembers_ensureCapacity(OSCollection *owner, OSObject ***objects, unsigned newCapacity)
{
    if (newCapacity > owner->capacity) {
        unsigned rounded = OSCollection_roundCapacity(owner, newCapacity);
        if (rounded)
            (void)grow(owner, objects, rounded); /* the capacity says how it went */
    }
    return owner->capacity;
}

bool OSMembers_reserve(OSCollection *owner, OSObject ***objects, unsigned added)
{
    unsigned capacity = OSCollection_capacityToAdd(owner, added);
    if (capacity <= owner->capacity)
        return capacity != 0 || added == 0;
    return grow(owner, objects, capacity);
}

bool OSMembers_insert(OSCollection *owner, OSObject ***objects, unsigned index, const OSObject *object)
{
    if (!OSMembers_reserve(owner, objects, 1))
        return false;
    OSCollection_haveUpdated(owner);
    OSObject **place = *objects + index;
    memmove(place + 1, place, (owner->count - index) * sizeof *place);
    OSObject_retainForCollection(object);
    *place = (OSObject *)object;
    owner->count++;
    return true;
}

void OSMembers_replace(OSCollection *owner, OSObject **objects, unsigned index, const OSObject *object)
{
    OSObject *old = objects[index];
    OSCollection_haveUpdated(owner);
    OSObject_retainForCollection(object);
    objects[index] = (OSObject *)object;
    OSObject_releaseForCollection(old);
}

void OSMembers_remove(OSCollection *owner, OSObject **objects, unsigned index)
{
    OSObject *old = objects[index];
    OSCollection_haveUpdated(owner);
    owner->count--;
    memmove(objects + index, objects + index + 1, (owner->count - index) * sizeof *objects);
    OSObject_releaseForCollection(old);
}

void OSMembers_flush(OSCollection *owner, OSObject **objects)
{
    unsigned count = owner->count;
    OSCollection_haveUpdated(owner);
    owner->count = 0;
    for (unsigned i = 0; i < count; i++)
        OSObject_releaseForCollection(objects[i]);
}

void OSMembers_free(OSCollection *owner, OSObject ***objects)
{
    OSCollection_unlockForFree(owner);
    OSMembers_flush(owner, *objects);
    IODeallocate(kIOAllocationContainer, *objects, owner->capacity * sizeof **objects);
    *objects        = NULL;
    owner->capacity = 0;
}

unsigned OSMembers_find(const OSCollection *owner, OSObject *const *objects, const OSObject *object, unsigned index)
{
    while (index < owner->count && objects[index] != object)
        index++;
    return index < owner->count ? index : owner->count;
}

OSObject *OSMembers_next(const OSCollection *owner, OSObject *const *objects, OSCollectionCursor *cursor)
{
    uintptr_t index = cursor->position[0];
    if (index >= owner->count)
        return NULL;
    cursor->position[0]++;
    return objects[index];
}

bool OSMembers_isEqualTo(const OSCollection *owner, OSObject *const *objects, const OSCollection *other,
                         OSObject *const *otherObjects)
{
    if (owner == other)
        return true;
    if (owner->count != other->count)
        return false;
    for (unsigned i = 0; i < owner->count; i++)
        if (!OSObject_isEqualTo(objects[i], otherObjects[i]))
            return false;
    return true;
}

unsigned OSMembers_setOptions(OSCollection *owner, OSObject *const *objects, unsigned options, unsigned mask)
{
    unsigned old = OSCollection_super()->setOptions(owner, options, mask);
    if ((old ^ options) & mask)
        for (unsigned i = 0; i < owner->count; i++)
            OSCollection_setMemberOptions(objects[i], options, mask);
    return old;
}

bool OSMembers_serialize(const OSCollection *owner, OSObject *const *objects, OSSerialize *serializer, const char *tag)
{
    const OSObject *object = OSObjectOf(owner);
    if (OSSerialize_previouslySerialized(serializer, object))
        return true;
    if (!OSSerialize_addXMLStartTag(serializer, object, tag))
        return false;
    for (unsigned i = 0; i < owner->count; i++)
        if (!OSObject_serialize(objects[i], serializer))
            return false;
    return OSSerialize_addXMLEndTag(serializer, tag);
}

bool OSMembers_copyInto(OSCollection *copy, OSObject ***copyObjects, const OSCollection *owner,
                        OSObject *const *objects, OSDictionary *cycleDict)
{
    copy->capacityIncrement = owner->capacityIncrement;
    for (unsigned i = 0; i < owner->count; i++) {
        OSObject *member = OSCollection_copyMember(objects[i], cycleDict);
        bool      added  = member && OSMembers_insert(copy, copyObjects, copy->count, member);
        OSRelease(member);
        if (!added)
            return false;
    }
    return true;
}
