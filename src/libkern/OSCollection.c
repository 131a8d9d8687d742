/* SPDX-License-Identifier: MIT */
/*
 * OSCollection: the base of the containers.
 *
 * The update stamp is the object's detail word. It moves with each change, so that a walk that saw another stamp at its
 * start knows that it is over. Collections have no locks; a walk and a change from two threads at once is a bug of
 * their users, and options are changed only by who may change the members.
 *
 * A deep copy meets a collection twice when it stands in two places or contains itself. The copies made so far are kept
 * in a dictionary under the originals' addresses: a dictionary compares keys by address and looks at nothing in them,
 * which is why an original may stand in for a symbol there, and only there.
 */
#include <libkern/OSCollection.h>
#include <libkern/OSDictionary.h>

#include <IOKit/IOLib.h>

#include "OSCollectionPrivate.h"

enum {
    kDefaultIncrement = 16,
    kLargeCapacity    = 256, /* from here on a collection grows by half */
};

static _Atomic(bool) registryModsMode;

void OSCollection_setRegistryModsMode(bool on)
{
    atomic_store_explicit(&registryModsMode, on, memory_order_relaxed);
}

void OSCollection_haveUpdated(OSCollection *self)
{
    if (self->options & kOSCollectionImmutable) {
        if (!atomic_load_explicit(&registryModsMode, memory_order_relaxed))
            panic("Trying to change a collection in the registry");
        IOLog("Trying to change a collection in the registry");
    }
    self->super.detail++;
}

void OSCollection_initCapacity(OSCollection *self, unsigned capacity)
{
    self->capacityIncrement = capacity ? capacity : kDefaultIncrement;
}

void OSCollection_unlockForFree(OSCollection *self)
{
    self->options &= ~(unsigned)kOSCollectionImmutable;
}

unsigned OSCollection_roundCapacity(const OSCollection *self, unsigned newCapacity)
{
    uint64_t increment = self->capacityIncrement;
    uint64_t rounded   = (newCapacity + increment - 1) / increment * increment;
    return rounded <= INT32_MAX ? (unsigned)rounded : 0;
}

unsigned OSCollection_capacityToAdd(const OSCollection *self, unsigned added)
{
    uint64_t needed = (uint64_t)self->count + added;
    if (needed > INT32_MAX)
        return 0;
    if (needed <= self->capacity)
        return self->capacity;
    if (self->capacity >= kLargeCapacity && needed < self->capacity + (uint64_t)self->capacity / 2)
        needed = self->capacity + (uint64_t)self->capacity / 2;
    return OSCollection_roundCapacity(self, (unsigned)needed);
}

unsigned OSCollection_getCount(const OSCollection *self)
{
    return self->count;
}

unsigned OSCollection_getCapacity(const OSCollection *self)
{
    return self->capacity;
}

unsigned OSCollection_getCapacityIncrement(const OSCollection *self)
{
    return self->capacityIncrement;
}

unsigned OSCollection_setCapacityIncrement(OSCollection *self, unsigned increment)
{
    return self->capacityIncrement = increment ? increment : kDefaultIncrement;
}

unsigned OSCollection_ensureCapacity(OSCollection *self, unsigned newCapacity)
{
    return OSMethodsOf(OSCollection, self)->ensureCapacity(self, newCapacity);
}

void OSCollection_flushCollection(OSCollection *self)
{
    OSMethodsOf(OSCollection, self)->flushCollection(self);
}

unsigned OSCollection_setOptions(OSCollection *self, unsigned options, unsigned mask)
{
    return OSMethodsOf(OSCollection, self)->setOptions(self, options, mask);
}

OSCollection *OSCollection_copyCollection(OSCollection *self, OSDictionary *cycleDict)
{
    OSDictionary *own = NULL;
    if (!cycleDict) {
        own = OSDictionary_withCapacity(0);
        if (!own)
            return NULL;
    }
    OSCollection *copy = OSMethodsOf(OSCollection, self)->copyCollection(self, cycleDict ? cycleDict : own);
    OSRelease(own);
    return copy;
}

bool OSCollection_iterateObjects(OSCollection *self, bool (*callback)(OSObject *object, void *context), void *context)
{
    OSCollectionCursor cursor = {{0}};
    uint32_t           stamp  = self->super.detail;
    OSObject          *object;
    while (stamp == self->super.detail && (object = OSMethodsOf(OSCollection, self)->getNextObjectForIterator(self, &cursor)))
        if (callback(object, context))
            break;
    return stamp == self->super.detail;
}

/* The original in the place of a key; see the essay. */
static const OSSymbol *keyOf(const OSCollection *original)
{
    return (const OSSymbol *)(const void *)original;
}

OSCollection *OSCollection_findCopy(const OSCollection *self, const OSDictionary *cycleDict)
{
    OSObject *copy = cycleDict ? OSDictionary_getObjectForSymbol(cycleDict, keyOf(self)) : NULL;
    return OSRetain(OSDynamicCast(OSCollection, copy));
}

bool OSCollection_noteCopy(const OSCollection *self, OSCollection *copy, OSDictionary *cycleDict)
{
    return OSDictionary_setObjectForSymbol(cycleDict, keyOf(self), OSObjectOf(copy));
}

void OSCollection_dropCopy(OSCollection *copy)
{
    if (copy)
        OSCollection_flushCollection(copy);
    OSRelease(copy);
}

OSObject *OSCollection_copyMember(OSObject *member, OSDictionary *cycleDict)
{
    OSCollection *collection = OSDynamicCast(OSCollection, member);
    if (!collection)
        return OSRetain(member);
    return OSObjectOf(OSCollection_copyCollection(collection, cycleDict));
}

void OSCollection_setMemberOptions(OSObject *member, unsigned options, unsigned mask)
{
    OSCollection *collection = OSDynamicCast(OSCollection, member);
    if (collection)
        OSCollection_setOptions(collection, options, mask);
}

static unsigned OSCollection_setOptions_(OSCollection *self, unsigned options, unsigned mask)
{
    unsigned old = self->options;
    self->options = (old & ~mask) | (options & mask);
    return old;
}

static OSCollection *OSCollection_copyCollection_(OSCollection *self, OSDictionary *cycleDict)
{
    OSCollection *copy = OSCollection_findCopy(self, cycleDict);
    return copy ? copy : OSRetain(self);
}

static unsigned OSCollection_ensureCapacity_(OSCollection *self, unsigned newCapacity)
{
    (void)newCapacity;
    return self->capacity;
}

static void OSCollection_flushCollection_(OSCollection *self)
{
    panic("%s does not define flushCollection", OSObject_getClassName(OSObjectOf(self)));
}

static OSObject *OSCollection_getNextObjectForIterator_(const OSCollection *self, OSCollectionCursor *cursor)
{
    (void)cursor;
    panic("%s does not define getNextObjectForIterator", OSObject_getClassName(OSObjectOf(self)));
}

OSDefineAbstractBaseClass(OSCollection, OSObject,
    .ensureCapacity           = OSCollection_ensureCapacity_,
    .flushCollection          = OSCollection_flushCollection_,
    .setOptions               = OSCollection_setOptions_,
    .copyCollection           = OSCollection_copyCollection_,
    .getNextObjectForIterator = OSCollection_getNextObjectForIterator_);
