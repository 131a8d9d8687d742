/* SPDX-License-Identifier: MIT */
/*
 * What the containers share; not for drivers.
 *
 * OSArray, OSSet and OSOrderedSet keep their members in one block of object pointers, `*objects`, of which the
 * collection's fields say how many are in use. The functions here work on such a block. Members are retained for the
 * collection; one is released only after it has left the block, since its free may look at the collection.
 */
#ifndef SRC_LIBKERN_OSCOLLECTIONPRIVATE_H
#define SRC_LIBKERN_OSCOLLECTIONPRIVATE_H

#include <libkern/OSCollection.h>

/* Sets the fields of a new, empty collection. */
void OSCollection_initCapacity(OSCollection *self, unsigned capacity);
/* Makes a collection that is about to be freed changeable: what it holds can go. */
void OSCollection_unlockForFree(OSCollection *self);

/* newCapacity rounded up to the collection's increment (SEMANTICS 1.18); 0 when that is too big. */
unsigned OSCollection_roundCapacity(const OSCollection *self, unsigned newCapacity);
/* The capacity to ask for so that `added` more fit: no more than that in a small collection; a large one grows by half,
 * so that filling it costs linear time. 0 when that is too big. */
unsigned OSCollection_capacityToAdd(const OSCollection *self, unsigned added);

/* Whether the collection is one of the copies that a running copyCollection has made: that copy, +1; else NULL. */
OSCollection *OSCollection_findCopy(const OSCollection *self, const OSDictionary *cycleDict);
/* Notes the copy under the original's address. */
bool OSCollection_noteCopy(const OSCollection *self, OSCollection *copy, OSDictionary *cycleDict);
/* Gives up a copy that could not be finished: empties it first, since it may contain itself. NULL is allowed. */
void OSCollection_dropCopy(OSCollection *copy);
/* What takes an original member's place in a copied collection: +1; NULL without memory. */
OSObject *OSCollection_copyMember(OSObject *member, OSDictionary *cycleDict);

/* Applies the options to a member that is a collection. */
void OSCollection_setMemberOptions(OSObject *member, unsigned options, unsigned mask);

/* The functions that each container has under its own name, for code that does not want to name the superclass. */
#define OSDefineContainerFunctions(Name)                                                                               \
    unsigned Name##_getCount(const Name *self)                                                                         \
    {                                                                                                                  \
        return self->super.count;                                                                                      \
    }                                                                                                                  \
    unsigned Name##_getCapacity(const Name *self)                                                                      \
    {                                                                                                                  \
        return self->super.capacity;                                                                                   \
    }                                                                                                                  \
    unsigned Name##_getCapacityIncrement(const Name *self)                                                             \
    {                                                                                                                  \
        return self->super.capacityIncrement;                                                                          \
    }                                                                                                                  \
    unsigned Name##_setCapacityIncrement(Name *self, unsigned increment)                                               \
    {                                                                                                                  \
        return OSCollection_setCapacityIncrement(&self->super, increment);                                             \
    }                                                                                                                  \
    unsigned Name##_ensureCapacity(Name *self, unsigned newCapacity)                                                   \
    {                                                                                                                  \
        return OSCollection_ensureCapacity(&self->super, newCapacity);                                                 \
    }                                                                                                                  \
    void Name##_flushCollection(Name *self)                                                                            \
    {                                                                                                                  \
        OSCollection_flushCollection(&self->super);                                                                    \
    }                                                                                                                  \
    unsigned Name##_setOptions(Name *self, unsigned options, unsigned mask)                                            \
    {                                                                                                                  \
        return OSCollection_setOptions(&self->super, options, mask);                                                   \
    }                                                                                                                  \
    Name *Name##_copyCollection(Name *self)                                                                            \
    {                                                                                                                  \
        OSCollection *copy = OSCollection_copyCollection(&self->super, NULL);                                          \
        return OSRequiredCast(Name, copy);                                                                             \
    }                                                                                                                  \
    bool Name##_isEqualTo(const Name *self, const OSObject *other)                                                     \
    {                                                                                                                  \
        return OSObject_isEqualTo(OSObjectOf(self), other);                                                            \
    }                                                                                                                  \
    _Static_assert(1, "")

/* The block of objects. */
bool     OSMembers_init(OSCollection *owner, OSObject ***objects, unsigned capacity);
unsigned OSMembers_ensureCapacity(OSCollection *owner, OSObject ***objects, unsigned newCapacity);
bool     OSMembers_reserve(OSCollection *owner, OSObject ***objects, unsigned added);
/* index is at most the count, object not NULL. */
bool OSMembers_insert(OSCollection *owner, OSObject ***objects, unsigned index, const OSObject *object);
void OSMembers_replace(OSCollection *owner, OSObject **objects, unsigned index, const OSObject *object);
void OSMembers_remove(OSCollection *owner, OSObject **objects, unsigned index);
void OSMembers_flush(OSCollection *owner, OSObject **objects);
void OSMembers_free(OSCollection *owner, OSObject ***objects);
/* The first place of this very object from index on; the count when there is none. */
unsigned  OSMembers_find(const OSCollection *owner, OSObject *const *objects, const OSObject *object, unsigned index);
OSObject *OSMembers_next(const OSCollection *owner, OSObject *const *objects, OSCollectionCursor *cursor);
bool      OSMembers_isEqualTo(const OSCollection *owner, OSObject *const *objects, const OSCollection *other,
                              OSObject *const *otherObjects);
unsigned  OSMembers_setOptions(OSCollection *owner, OSObject *const *objects, unsigned options, unsigned mask);
/* The members in their order, between the tag and its end. */
bool OSMembers_serialize(const OSCollection *owner, OSObject *const *objects, OSSerialize *serializer, const char *tag);
/* Puts copies of the members into a copy's empty block. */
bool OSMembers_copyInto(OSCollection *copy, OSObject ***copyObjects, const OSCollection *owner,
                        OSObject *const *objects, OSDictionary *cycleDict);

#endif
