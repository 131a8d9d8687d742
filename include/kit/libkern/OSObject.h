/* SPDX-License-Identifier: MIT */
/*
 * OSObject: the root class: reference counting, equality, serialisation (libkern/c++/OSObject.h; SEMANTICS 1a).
 *
 * The count word: all references in the low half, references held by collections in the high half. A low half of
 * 0xfffe pegs the object (it lives for ever), 0xffff marks one whose free is running.
 */
#ifndef _LIBKERN_OSOBJECT_H
#define _LIBKERN_OSOBJECT_H

#include <libkern/OSMetaClass.h>

#define OSObject_METHODS                                                                                               \
    /* The class; written by OSDefineClass. */                                                                         \
    const OSMetaClass *(*getMetaClass)(const OSObject *self);                                                          \
    /* Gives back what this level owns, half built or whole, then calls the superclass's free. */                      \
    void (*free)(OSObject *self);                                                                                      \
    /* Default: the same pointer. other may be of any class, not NULL. */                                              \
    bool (*isEqualTo)(const OSObject *self, const OSObject *other);                                                    \
    /* Default: a string "<class> is not serializable". False stops the whole serialisation. */                        \
    bool (*serialize)(const OSObject *self, OSSerialize *serializer);

struct OSObjectMethods {
    OSObject_METHODS
};

extern OSMetaClass     OSObject_class;
const OSObjectMethods *OSObject_super(void);

/* The OSObject inside any instance, NULL for NULL: the upcast to the root. Only instances have a `super`. */
#define OSObjectOf(instance)                                                                                           \
    ({                                                                                                                 \
        (void)sizeof((instance)->super);                                                                               \
        (OSObject *)(instance);                                                                                        \
    })

/* One reference more; returns its argument, with its type. NULL is allowed. Any thread that already holds one. */
#define OSRetain(instance) ((__typeof__(instance))OSObject_retain(OSObjectOf(instance)))
/* One reference less; the last one runs free, on the calling thread. NULL is allowed. */
#define OSRelease(instance) OSObject_release(OSObjectOf(instance))
/* Releases what a variable or field holds and sets it to NULL. */
#define OSSafeReleaseNULL(variable)                                                                                    \
    do {                                                                                                               \
        __typeof__(variable) *_slot = &(variable);                                                                     \
        OSRelease(*_slot);                                                                                             \
        *_slot = NULL;                                                                                                 \
    } while (0)

OSObject *OSObject_retain(const OSObject *self);
void      OSObject_release(const OSObject *self);
/* Frees when the count after the release is below freeWhen. */
void OSObject_releaseFreeWhen(const OSObject *self, int freeWhen);
/* A reference of a collection: counted in both halves, so that an over-release by somebody else is noticed. */
void OSObject_retainForCollection(const OSObject *self);
void OSObject_releaseForCollection(const OSObject *self);
/* One reference more unless free is running: for tables that hold weak pointers. */
bool OSObject_tryRetain(const OSObject *self);
/* Makes the object live for ever. */
void OSObject_peg(const OSObject *self);
int  OSObject_getRetainCount(const OSObject *self);

/* OSMetaClass_checkMetaCast where it is used: one comparison when the object is of exactly that class. */
static inline OSObject *OSMetaClass_dynamicCast(const OSMetaClass *self, const OSObject *object)
{
    if (!object)
        return NULL;
    if ((const void *)object->super.methods == self->table ||
        OSMetaClass_derivesFrom(object->super.methods->getMetaClass(object), self))
        return (OSObject *)object;
    return NULL;
}

const OSMetaClass *OSObject_getMetaClass(const OSObject *self);
const char        *OSObject_getClassName(const OSObject *self);
/* NULL equals nothing. */
bool OSObject_isEqualTo(const OSObject *self, const OSObject *other);
bool OSObject_serialize(const OSObject *self, OSSerialize *serializer);

/* A function result that the caller must release although its name does not say so. */
#define OS_RETURNS_RETAINED __attribute__((warn_unused_result))

#endif
