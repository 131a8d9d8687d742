/* SPDX-License-Identifier: MIT */
/*
 * OSObject: reference counting.
 *
 * The count word is changed by compare-and-swap: pegged objects (low half 0xfffe) are left alone, which an
 * unconditional add could not do. The release that brings the count below freeWhen stores 0xffff in the low half
 * before it calls free, so that tryRetain fails from then on and a retain in or after free is caught.
 */
#include <libkern/OSObject.h>
#include <libkern/OSString.h>

#include <stdio.h>

#include <IOKit/IOLib.h>

#include "OSMetaClassPrivate.h"

#define kPegged     0xfffeu
#define kFreeing    0xffffu
#define kLowMask    0xffffu
#define kCollection 0x10000u

static inline uint32_t totalOf(uint32_t word)
{
    return word & kLowMask;
}

static void retainBy(const OSObject *object, uint32_t increment)
{
    _Atomic(uint32_t) *count = &((OSObject *)object)->retainCount;
    uint32_t           word  = atomic_load_explicit(count, memory_order_relaxed);
    do {
        if (totalOf(word) == kPegged)
            return;
        if (totalOf(word) == kFreeing)
            panic("%s retained while it is being freed", OSObject_getClassName(object));
    } while (!atomic_compare_exchange_weak_explicit(count, &word, word + increment, memory_order_relaxed,
                                                    memory_order_relaxed));
}

static void releaseBy(const OSObject *object, uint32_t decrement, uint32_t freeWhen)
{
    _Atomic(uint32_t) *count = &((OSObject *)object)->retainCount;
    uint32_t           word  = atomic_load_explicit(count, memory_order_relaxed);
    uint32_t           next;
    bool               last;
    do {
        if (totalOf(word) >= kPegged)
            return;
        if (totalOf(word) == 0 || (decrement >= kCollection && word < kCollection))
            panic("%s released more often than retained", OSObject_getClassName(object));
        next = word - decrement;
        last = totalOf(next) < freeWhen;
        if (totalOf(next) < next >> 16)
            panic("A %s held by a collection was released too often, which corrupts the registry",
                  OSObject_getClassName(object));
        if (last)
            next |= kFreeing;
    } while (!atomic_compare_exchange_weak_explicit(count, &word, next, memory_order_acq_rel, memory_order_relaxed));
    if (last)
        object->super.methods->free((OSObject *)object);
}

OSObject *OSObject_retain(const OSObject *self)
{
    if (self)
        retainBy(self, 1);
    return (OSObject *)self;
}

void OSObject_release(const OSObject *self)
{
    if (self)
        releaseBy(self, 1, 1);
}

void OSObject_releaseFreeWhen(const OSObject *self, int freeWhen)
{
    if (self)
        releaseBy(self, 1, freeWhen > 0 ? (uint32_t)freeWhen : 0);
}

void OSObject_retainForCollection(const OSObject *self)
{
    if (self)
        retainBy(self, kCollection + 1);
}

void OSObject_releaseForCollection(const OSObject *self)
{
    if (self)
        releaseBy(self, kCollection + 1, 1);
}

bool OSObject_tryRetain(const OSObject *self)
{
    _Atomic(uint32_t) *count = &((OSObject *)self)->retainCount;
    uint32_t           word  = atomic_load_explicit(count, memory_order_relaxed);
    do {
        if (totalOf(word) == kPegged)
            return true;
        if (totalOf(word) == kFreeing || totalOf(word) == 0)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(count, &word, word + 1, memory_order_relaxed, memory_order_relaxed));
    return true;
}

void OSObject_peg(const OSObject *self)
{
    _Atomic(uint32_t) *count = &((OSObject *)self)->retainCount;
    uint32_t           word  = atomic_load_explicit(count, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(count, &word, (word & ~kLowMask) | kPegged, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
}

int OSObject_getRetainCount(const OSObject *self)
{
    if (self->super.methods == OSMetaClass_class.table)
        return 0;
    return (int)totalOf(atomic_load_explicit(&((OSObject *)self)->retainCount, memory_order_relaxed));
}

const OSMetaClass *OSObject_getMetaClass(const OSObject *self)
{
    return self->super.methods->getMetaClass(self);
}

const char *OSObject_getClassName(const OSObject *self)
{
    return OSObject_getMetaClass(self)->name;
}

bool OSObject_isEqualTo(const OSObject *self, const OSObject *other)
{
    return self && other && self->super.methods->isEqualTo(self, other);
}

bool OSObject_serialize(const OSObject *self, OSSerialize *serializer)
{
    return self->super.methods->serialize(self, serializer);
}

void OSObject_freeExtended(OSObject *self, size_t extra)
{
    const OSMetaClass *metaClass = OSObject_getMetaClass(self);
    OSMetaClass_instanceDestructed(metaClass);
    IODeallocate(kIOAllocationInstance, self, metaClass->instanceSize + extra);
}

static void OSObject_free_(OSObject *self)
{
    OSObject_freeExtended(self, 0);
}

static bool OSObject_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return self == other;
}

static bool OSObject_serialize_(const OSObject *self, OSSerialize *serializer)
{
    char text[160];
    snprintf(text, sizeof text, "%s is not serializable", OSObject_getClassName(self));
    OSString *string = OSString_withCString(text);
    bool      done   = string && OSObject_serialize(OSObjectOf(string), serializer);
    OSRelease(string);
    return done;
}

static const OSMetaClass *OSObject_getMetaClass_(const OSObject *self)
{
    (void)self;
    return &OSObject_class;
}

static const OSObjectMethods OSObject_overrides = {
    .getMetaClass = OSObject_getMetaClass_,
    .free         = OSObject_free_,
    .isEqualTo    = OSObject_isEqualTo_,
    .serialize    = OSObject_serialize_,
};
static OSObjectMethods OSObject_table;

OSMetaClass OSObject_class = {
    .super        = OSMetaClass_pegged,
    .name         = "OSObject",
    .instanceSize = sizeof(OSObject),
    .tableSize    = sizeof(OSObjectMethods),
    .overrides    = &OSObject_overrides,
    .table        = &OSObject_table,
    .isAbstract   = true,
};

const OSObjectMethods *OSObject_super(void)
{
    return &OSObject_table;
}
