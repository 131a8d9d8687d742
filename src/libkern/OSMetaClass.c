/* SPDX-License-Identifier: MIT */
/*
 * OSMetaClass: registration of classes, allocation by name, instance counts.
 *
 * All registered classes stand in one hash table by name and one list in order of registration, both under classLock
 * (a leaf lock: nothing is called out with it held, but for the callback of OSMetaClass_applyToClasses, whose
 * contract says so). Resolving a class's table writes only to that class, before it can be found.
 *
 * Instance counts need no lock. Each class counts its own instances, and one for each direct subclass that has any
 * (SEMANTICS 1.8): the thread that moves a count from 0 to 1 adds 1 to the superclass, and so on upwards.
 */
#include <libkern/OSMetaClass.h>

#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSymbol.h>

#include "OSMetaClassPrivate.h"

enum { kBuckets = 1024 };

static pthread_rwlock_t classLock = PTHREAD_RWLOCK_INITIALIZER;
static OSMetaClass     *buckets[kBuckets];
static OSMetaClass     *firstRegistered;
static OSMetaClass    **lastLink = &firstRegistered;

static OSMetaClass **bucketOf(const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return &buckets[hash % kBuckets];
}

static OSMetaClass *find_locked(const char *name)
{
    OSMetaClass *metaClass = *bucketOf(name);
    while (metaClass && strcmp(metaClass->name, name) != 0)
        metaClass = metaClass->nextInBucket;
    return metaClass;
}

static bool isRegistered_locked(const OSMetaClass *metaClass)
{
    return find_locked(metaClass->name) == metaClass;
}

typedef void (*Slot)(void);

/* Fills the class's method table and ancestors from its superclass's, which are complete. */
static void resolve(OSMetaClass *self)
{
    const OSMetaClass *parent     = self->superClass;
    self->super.super.methods = OSMetaClass_class.table;
    self->depth               = parent ? parent->depth + 1 : 0;
    if (parent) {
        memcpy(self->table, parent->table, parent->tableSize);
        memcpy(self->ancestors, parent->ancestors, sizeof self->ancestors);
    }
    self->ancestors[self->depth] = self;
    for (size_t offset = 0; offset < self->tableSize; offset += sizeof(Slot)) {
        Slot slot;
        memcpy(&slot, (const char *)self->overrides + offset, sizeof slot);
        if (slot)
            memcpy((char *)self->table + offset, &slot, sizeof slot);
    }
}

static void insert_locked(OSMetaClass *self)
{
    OSMetaClass **bucket = bucketOf(self->name);
    self->nextInBucket   = *bucket;
    *bucket              = self;
    self->nextRegistered = NULL;
    *lastLink            = self;
    lastLink             = &self->nextRegistered;
}

static void remove_locked(OSMetaClass *self)
{
    OSMetaClass **link = bucketOf(self->name);
    while (*link != self)
        link = &(*link)->nextInBucket;
    *link = self->nextInBucket;
    for (link = &firstRegistered; *link != self;)
        link = &(*link)->nextRegistered;
    *link = self->nextRegistered;
    if (lastLink == &self->nextRegistered)
        lastLink = link;
    OSRelease((OSSymbol *)self->symbol);
    self->symbol = NULL;
}

/* One class whose superclass is registered; its name must be free. */
static OSReturn register_locked(OSMetaClass *self, const char *identifier)
{
    if (find_locked(self->name))
        return kOSMetaClassDuplicateClass;
    if (self->superClass && self->superClass->depth + 1 >= kOSMetaClassDepthMax)
        return kOSMetaClassInternal;
    self->module = identifier;
    resolve(self);
    insert_locked(self);
    return kOSReturnSuccess;
}

/* Registers what it can of the list, superclasses first; *done counts the registered ones, in order[]. */
static OSReturn registerAll_locked(const char *identifier, const OSClassList *list, OSMetaClass **order, size_t *done)
{
    for (bool progress = true; progress && *done < list->count;) {
        progress = false;
        for (size_t i = 0; i < list->count; i++) {
            OSMetaClass *metaClass = list->classes[i];
            if (isRegistered_locked(metaClass))
                continue;
            if (metaClass->superClass && !isRegistered_locked(metaClass->superClass))
                continue;
            OSReturn result = register_locked(metaClass, identifier);
            if (result != kOSReturnSuccess)
                return result;
            order[(*done)++] = metaClass;
            progress         = true;
        }
    }
    return *done == list->count ? kOSReturnSuccess : kOSMetaClassNoSuper;
}

OSReturn OSMetaClass_registerModule(const char *identifier, const OSClassList *list)
{
    OSMetaClass **order = list->count ? IOMallocZero(list->count * sizeof *order) : NULL;
    size_t        done  = 0;
    OSReturn      result;
    if (list->count && !order)
        return kOSMetaClassNoDicts;

    pthread_rwlock_wrlock(&classLock);
    result = registerAll_locked(identifier, list, order, &done);
    while (result != kOSReturnSuccess && done > 0)
        remove_locked(order[--done]);
    pthread_rwlock_unlock(&classLock);

    IOFree(order, list->count * sizeof *order);
    return result;
}

bool OSMetaClass_moduleHasInstances(const OSClassList *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (OSMetaClass_getInstanceCount(list->classes[i]) > 0)
            return true;
    return false;
}

static bool inList(const OSMetaClass *metaClass, const OSClassList *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->classes[i] == metaClass)
            return true;
    return false;
}

static bool hasForeignSubclass_locked(const OSClassList *list)
{
    for (OSMetaClass *other = firstRegistered; other; other = other->nextRegistered)
        if (!inList(other, list) && other->superClass && inList(other->superClass, list))
            return true;
    return false;
}

OSReturn OSMetaClass_unregisterModule(const OSClassList *list)
{
    OSReturn result = kOSReturnSuccess;
    pthread_rwlock_wrlock(&classLock);
    if (OSMetaClass_moduleHasInstances(list) || hasForeignSubclass_locked(list))
        result = kOSMetaClassHasInstances;
    else
        for (size_t i = 0; i < list->count; i++)
            if (isRegistered_locked(list->classes[i]))
                remove_locked(list->classes[i]);
    pthread_rwlock_unlock(&classLock);
    return result;
}

const OSMetaClass *OSMetaClass_getMetaClassWithName(const char *name)
{
    pthread_rwlock_rdlock(&classLock);
    const OSMetaClass *metaClass = find_locked(name);
    pthread_rwlock_unlock(&classLock);
    return metaClass;
}

void OSMetaClass_applyToClasses(bool (*apply)(const OSMetaClass *metaClass, void *context), void *context)
{
    pthread_rwlock_rdlock(&classLock);
    for (OSMetaClass *metaClass = firstRegistered; metaClass; metaClass = metaClass->nextRegistered)
        if (!apply(metaClass, context))
            break;
    pthread_rwlock_unlock(&classLock);
}

void OSMetaClass_instanceConstructed(const OSMetaClass *self)
{
    for (OSMetaClass *metaClass = (OSMetaClass *)self; metaClass; metaClass = metaClass->superClass)
        if (atomic_fetch_add_explicit(&metaClass->instanceCount, 1, memory_order_relaxed) != 0)
            break;
}

void OSMetaClass_instanceDestructed(const OSMetaClass *self)
{
    for (OSMetaClass *metaClass = (OSMetaClass *)self; metaClass; metaClass = metaClass->superClass)
        if (atomic_fetch_sub_explicit(&metaClass->instanceCount, 1, memory_order_relaxed) != 1)
            break;
}

uint32_t OSMetaClass_getInstanceCount(const OSMetaClass *self)
{
    return atomic_load_explicit(&self->instanceCount, memory_order_relaxed);
}

const char *OSMetaClass_getClassName(const OSMetaClass *self)
{
    return self->name;
}

const OSMetaClass *OSMetaClass_getSuperClass(const OSMetaClass *self)
{
    return self->superClass;
}

OSObject *OSMetaClass_alloc(const OSMetaClass *self)
{
    if (self->isAbstract)
        return NULL;
    if (!self->super.super.methods)
        OSLibkern_initialize();
    OSObject *object = IOAllocate(kIOAllocationInstance, self->instanceSize);
    if (!object)
        return NULL;
    object->super.methods = self->table;
    atomic_init(&object->retainCount, 1);
    OSMetaClass_instanceConstructed(self);
    return object;
}

OSObject *OSMetaClass_allocClassWithName(const char *name)
{
    const OSMetaClass *metaClass = OSMetaClass_getMetaClassWithName(name);
    return metaClass ? OSMetaClass_alloc(metaClass) : NULL;
}

OSObject *OSMetaClass_checkMetaCast(const OSMetaClass *self, const OSObject *object)
{
    if (!object)
        return NULL;
    if ((const void *)object->super.methods == self->table || OSMetaClass_derivesFrom(OSObject_getMetaClass(object), self))
        return (OSObject *)object;
    return NULL;
}

OSObject *OSMetaClass_checkMetaCastWithName(const char *name, const OSObject *object)
{
    const OSMetaClass *metaClass = OSMetaClass_getMetaClassWithName(name);
    return metaClass ? OSMetaClass_checkMetaCast(metaClass, object) : NULL;
}

OSObject *OSMetaClass_requiredMetaCast(const OSMetaClass *self, const OSObject *object)
{
    if (object && !OSMetaClass_checkMetaCast(self, object))
        panic("OSRequiredCast: a %s is not a %s", OSObject_getClassName(object), self->name);
    return (OSObject *)object;
}

static bool addClassCount(const OSMetaClass *metaClass, void *context)
{
    OSNumber *count = OSNumber_withNumber(OSMetaClass_getInstanceCount(metaClass), 32);
    bool      added = count && OSDictionary_setObject(context, metaClass->name, OSObjectOf(count));
    OSRelease(count);
    return added;
}

bool OSMetaClass_serializeClassDictionary(OSDictionary *dict)
{
    OSDictionary *classes = OSDictionary_withCapacity(256);
    if (!classes)
        return false;
    OSMetaClass_applyToClasses(addClassCount, classes);
    bool set = OSDictionary_setObject(dict, "Classes", OSObjectOf(classes));
    OSRelease(classes);
    return set;
}

/* A class is an object too, pegged by its definition: references to it are ignored. */
static const OSMetaClass *OSMetaClass_getMetaClass_(const OSObject *self)
{
    (void)self;
    return &OSMetaClass_class;
}

static void OSMetaClass_free_(OSObject *self)
{
    panic("class %s freed", ((OSMetaClass *)self)->name);
}

static const OSObjectMethods OSMetaClass_overrides = {.getMetaClass = OSMetaClass_getMetaClass_, .free = OSMetaClass_free_};
static OSObjectMethods       OSMetaClass_table;

OSMetaClass OSMetaClass_class = {
    .super        = OSMetaClass_pegged,
    .name         = "OSMetaClass",
    .superClass   = &OSObject_class,
    .instanceSize = sizeof(OSMetaClass),
    .tableSize    = sizeof(OSObjectMethods),
    .overrides    = &OSMetaClass_overrides,
    .table        = &OSMetaClass_table,
    .isAbstract   = true,
};
