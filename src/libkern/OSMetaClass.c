/* SPDX-License-Identifier: MIT */
/*
 * OSMetaClass: registration of classes, allocation by name, instance counts.
 *
 * All registered classes stand in one hash table by name and one list in order of registration, both under classLock.
 * Below it there are only the locks of the symbol pool, when a class that goes gives up its name; nothing is called out
 * with it held, but for the callback of OSMetaClass_applyToClasses, whose contract says so.
 *
 *   unregistered ---- resolve, insert ----> found by name ---- publish (isRegistered) ----> allocated
 *   unregistered <---- unregisterModule: no instances, no subclasses elsewhere ------------ allocated
 *
 * Publishing releases all that was written before; allocation acquires it. For libkern's own classes some time passes
 * between the two, since their names are interned in a pool of objects of one of them.
 *
 * Instance counts need no lock. Each class counts its own instances, and one for each direct subclass that has any
 * (SEMANTICS 1.8): the thread that moves a count from 0 to 1 adds 1 to the superclass, and so on upwards.
 */
#include <libkern/OSMetaClass.h>

#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

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

/*
 * Fills the class's method table and ancestors from its superclass's, which are complete. Nobody may allocate the class
 * before publish() has said that all this is written.
 */
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
    atomic_store_explicit(&self->isRegistered, false, memory_order_relaxed);
}

/* One class whose superclass is resolved; its name must be free. */
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
    for (size_t i = 0; i < list->count; i++)
        if (find_locked(list->classes[i]->name))
            return kOSMetaClassDuplicateClass;
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

static void publish(OSMetaClass *self, const OSSymbol *symbol)
{
    self->symbol = symbol;
    atomic_store_explicit(&self->isRegistered, true, memory_order_release);
}

/* Registers the list's classes and, when symbols are given, publishes them with those. */
static OSReturn registerList(const char *identifier, const OSClassList *list, const OSSymbol *const *symbols)
{
    OSMetaClass **order = IOMallocZero(list->count * sizeof *order);
    size_t        done  = 0;
    if (!order)
        return kOSMetaClassNoDicts;

    pthread_rwlock_wrlock(&classLock);
    OSReturn result = registerAll_locked(identifier, list, order, &done);
    while (result != kOSReturnSuccess && done > 0)
        remove_locked(order[--done]);
    for (size_t i = 0; result == kOSReturnSuccess && symbols && i < list->count; i++)
        publish(list->classes[i], symbols[i]);
    pthread_rwlock_unlock(&classLock);

    IOFree(order, list->count * sizeof *order);
    return result;
}

static void releaseSymbols(const OSSymbol **symbols, size_t count)
{
    for (size_t i = 0; i < count; i++)
        OSRelease(symbols[i]);
    IOFree(symbols, count * sizeof *symbols);
}

/* The classes' names, interned; NULL without memory. */
static const OSSymbol **internNames(const OSClassList *list)
{
    const OSSymbol **symbols = IOMallocZero(list->count * sizeof *symbols);
    for (size_t i = 0; symbols && i < list->count; i++) {
        symbols[i] = OSSymbol_withCString(list->classes[i]->name);
        if (!symbols[i]) {
            releaseSymbols(symbols, list->count);
            return NULL;
        }
    }
    return symbols;
}

OSReturn OSMetaClass_registerModule(const char *identifier, const OSClassList *list)
{
    OSLibkern_initialize();
    if (list->count == 0)
        return kOSReturnSuccess;
    const OSSymbol **symbols = internNames(list);
    if (!symbols)
        return kOSMetaClassNoDicts;
    OSReturn result = registerList(identifier, list, symbols);
    if (result == kOSReturnSuccess)
        IOFree(symbols, list->count * sizeof *symbols); /* the classes own what was in it */
    else
        releaseSymbols(symbols, list->count);
    return result;
}

/* The names of libkern's classes can be interned only when OSSymbol itself is there: the others become usable after. */
void OSMetaClass_registerLibkern(const char *identifier, const OSClassList *list)
{
    if (registerList(identifier, list, NULL) != kOSReturnSuccess)
        panic("libkern's classes cannot be registered");
    atomic_store_explicit(&OSSymbol_class.isRegistered, true, memory_order_release);
    const OSSymbol **symbols = internNames(list);
    if (!symbols)
        panic("no memory for the names of libkern's classes");
    for (size_t i = 0; i < list->count; i++)
        publish(list->classes[i], symbols[i]);
    IOFree(symbols, list->count * sizeof *symbols);
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
            if (isRegistered_locked(list->classes[i])) {
                remove_locked(list->classes[i]);
                OSSafeReleaseNULL(list->classes[i]->symbol); /* before anybody can register the class again */
            }
    pthread_rwlock_unlock(&classLock);
    return result;
}

const OSMetaClass *OSMetaClass_getMetaClassWithName(const char *name)
{
    OSLibkern_initialize();
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

/* Two threads that cross 0 in opposite directions may leave a superclass below 0 for a moment: that is none. */
uint32_t OSMetaClass_getInstanceCount(const OSMetaClass *self)
{
    uint32_t count = atomic_load_explicit(&self->instanceCount, memory_order_relaxed);
    return count <= INT32_MAX ? count : 0;
}

const char *OSMetaClass_getClassName(const OSMetaClass *self)
{
    return self->name;
}

const OSMetaClass *OSMetaClass_getSuperClass(const OSMetaClass *self)
{
    return self->superClass;
}

static void __attribute__((noinline)) requireRegistered(const OSMetaClass *self)
{
    OSLibkern_initialize();
    if (!atomic_load_explicit(&self->isRegistered, memory_order_acquire))
        panic("an instance of %s was asked for, and no module has registered that class", self->name);
}

OSObject *OSMetaClass_allocExtended(const OSMetaClass *self, size_t extra)
{
    if (self->isAbstract)
        return NULL;
    if (!atomic_load_explicit(&self->isRegistered, memory_order_acquire))
        requireRegistered(self);
    OSObject *object = IOAllocate(kIOAllocationInstance, self->instanceSize + extra);
    if (!object)
        return NULL;
    object->super.methods = self->table;
    atomic_init(&object->retainCount, 1);
    OSMetaClass_instanceConstructed(self);
    return object;
}

OSObject *OSMetaClass_alloc(const OSMetaClass *self)
{
    return OSMetaClass_allocExtended(self, 0);
}

/* The lock is held until the instance counts: from then on it keeps the class's module loaded. */
OSObject *OSMetaClass_allocClassWithName(const char *name)
{
    pthread_rwlock_rdlock(&classLock);
    const OSMetaClass *metaClass = find_locked(name);
    OSObject          *object    = metaClass ? OSMetaClass_alloc(metaClass) : NULL;
    pthread_rwlock_unlock(&classLock);
    return object;
}

OSObject *OSMetaClass_checkMetaCast(const OSMetaClass *self, const OSObject *object)
{
    return OSMetaClass_dynamicCast(self, object);
}

OSObject *OSMetaClass_checkMetaCastWithName(const char *name, const OSObject *object)
{
    pthread_rwlock_rdlock(&classLock); /* the class's module may be on its way out */
    const OSMetaClass *metaClass = find_locked(name);
    OSObject          *result    = metaClass ? OSMetaClass_dynamicCast(metaClass, object) : NULL;
    pthread_rwlock_unlock(&classLock);
    return result;
}

OSObject *OSMetaClass_requiredMetaCast(const OSMetaClass *self, const OSObject *object)
{
    if (object && !OSMetaClass_dynamicCast(self, object))
        panic("OSRequiredCast: a %s is not a %s", OSObject_getClassName(object), self->name);
    return (OSObject *)object;
}

typedef struct ClassCounts {
    OSDictionary *dict;
    bool          complete;
} ClassCounts;

static bool addClassCount(const OSMetaClass *metaClass, void *context)
{
    ClassCounts *counts = context;
    OSNumber    *count  = OSNumber_withNumber(OSMetaClass_getInstanceCount(metaClass), 32);
    counts->complete    = count && OSDictionary_setObjectForSymbol(counts->dict, metaClass->symbol, OSObjectOf(count));
    OSRelease(count);
    return counts->complete;
}

bool OSMetaClass_serializeClassDictionary(OSDictionary *dict)
{
    OSDictionary *classes = OSDictionary_withCapacity(256);
    if (!classes)
        return false;
    ClassCounts counts = {classes, true};
    OSMetaClass_applyToClasses(addClassCount, &counts);
    bool set = counts.complete && OSDictionary_setObject(dict, "Classes", OSObjectOf(classes));
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
