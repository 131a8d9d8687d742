/* SPDX-License-Identifier: MIT */
/*
 * OSMetaClass: the class system (libkern/c++/OSMetaClass.h; SEMANTICS 1a).
 *
 * An object is a struct whose first word points to its class's method table. A method table is flat: nothing but
 * function pointers, the superclass's slots first, in the order in which the classes introduced them. A slot keeps
 * the parameter types of the class that introduced it: IOService's `start` takes an IOService, OSObject's `free`
 * an OSObject, in whatever class overrides them.
 *
 * A class is one static OSMetaClass record with a table of the slots it overrides; a NULL slot inherits. Registration
 * (OSMetaClass_registerModule) resolves the whole table once; from then on a method call is one indirect call.
 *
 * To write a class that nobody derives from:
 *
 *     OSDeclareClass(EduDriver);
 *     struct EduDriver { IOService super; ... };
 *     OSDefineClass(EduDriver, IOService, .start = EduDriver_start, .stop = EduDriver_stop);
 *     OSExportClasses(&EduDriver_class);
 *
 * To write one that others derive from, its header has the slots and the struct:
 *
 *     OSDeclareBaseClass(IOStorage);
 *     struct IOStorageMethods { IOService_METHODS  bool (*isWritable)(IOStorage *self); };
 *     struct IOStorage { IOService super; ... };
 *
 * and its source `OSDefineBaseClass(IOStorage, IOService, .isWritable = IOStorage_isWritable_);`. A base class without
 * slots of its own says `struct IOMediaMethods { IOStorage_METHODS };`. `IOStorage_super()` is then the table a
 * subclass calls its superclass's methods through: `IOService_super()->start(service, provider)`.
 */
#ifndef _LIBKERN_OSMETACLASS_H
#define _LIBKERN_OSMETACLASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libkern/OSReturn.h>

typedef struct OSObject        OSObject;
typedef struct OSObjectMethods OSObjectMethods;
typedef struct OSMetaClass     OSMetaClass;
typedef struct OSSymbol        OSSymbol;
typedef struct OSDictionary    OSDictionary;
typedef struct OSSerialize     OSSerialize;

/* What every object, metaclasses included, begins with. */
typedef struct OSMetaClassBase {
    const OSObjectMethods *methods; /* the resolved table of the object's class; constant */
} OSMetaClassBase;

/* How a class record's `super` starts: classes are objects that ignore references. */
#define OSMetaClass_pegged {.retainCount = 0xfffe}

enum { kOSMetaClassDepthMax = 24 }; /* classes from OSObject down to the deepest one, both included */

/* Any class's instance: the root's fields (libkern/OSObject.h has its functions). */
struct OSObject {
    OSMetaClassBase   super;
    _Atomic(uint32_t) retainCount;
    uint32_t          detail; /* for the direct subclass, which would lose it to padding: a length, a stamp */
};

struct OSMetaClass {
    OSObject super; /* pegged */
    /* Constant, from the class's definition. */
    const char  *name;
    OSMetaClass *superClass; /* NULL for OSObject */
    size_t       instanceSize;
    size_t       tableSize;  /* bytes */
    const void  *overrides;  /* tableSize bytes: the slots this class defines, NULL elsewhere */
    void        *table;      /* tableSize bytes, filled by registration */
    bool         isAbstract;
    /* Written by registration, constant until the class is unregistered. */
    const OSSymbol    *symbol;  /* owned; the name, interned */
    const char        *module;  /* borrowed from the registering module: its identifier */
    unsigned           depth;   /* 0 for OSObject */
    const OSMetaClass *ancestors[kOSMetaClassDepthMax]; /* [0] OSObject ... [depth] the class itself */
    _Atomic(bool)      isRegistered; /* set last: whoever sees it sees the rest */
    OSMetaClass       *nextInBucket;  /* the class table's lock */
    OSMetaClass       *nextRegistered; /* the class table's lock; registration order */
    /* Counted: own live instances, and one for each direct subclass whose count is not 0. */
    _Atomic(uint32_t) instanceCount;
    /* The registered services of exactly this class and the subclasses in the order in which they first registered
     * one; owned by src/service/serviceIndex.c and protected by its lock. */
    void *serviceIndex;
};

/* The classes of one module: a bundle's executable exports one by the name OSModuleClasses. */
typedef struct OSClassList {
    OSMetaClass *const *classes;
    size_t              count;
} OSClassList;

/*
 * Registers the classes of a module, superclasses in any order.
 *   identifier   the module's bundle identifier; borrowed until the module is unregistered
 * Returns        kOSReturnSuccess; kOSMetaClassDuplicateClass when a name is taken, kOSMetaClassNoSuper when a
 *                superclass is neither registered nor in the list, kOSMetaClassInternal when the chain is too deep,
 *                kOSMetaClassNoDicts without memory. On failure none of the module's classes is registered.
 * Context        any thread
 */
OSReturn OSMetaClass_registerModule(const char *identifier, const OSClassList *list);

/* Unregisters them. kOSMetaClassHasInstances, and nothing changed, while one has an instance or a subclass elsewhere. */
OSReturn OSMetaClass_unregisterModule(const OSClassList *list);

/* Whether a class of the list has live instances, its own or a subclass's. */
bool OSMetaClass_moduleHasInstances(const OSClassList *list);

extern OSMetaClass OSMetaClass_class;

/* The registered class of that name, or NULL. Classes live as long as their module: the caller holds the module. */
const OSMetaClass *OSMetaClass_getMetaClassWithName(const char *name);

/* A new instance, zero-filled, retain count 1, not initialised; NULL for an abstract class or without memory. */
OSObject *OSMetaClass_alloc(const OSMetaClass *self);
OSObject *OSMetaClass_allocClassWithName(const char *name);

/* Live instances plus the number of direct subclasses that have any (SEMANTICS 1.8). */
uint32_t           OSMetaClass_getInstanceCount(const OSMetaClass *self);
const char        *OSMetaClass_getClassName(const OSMetaClass *self);
const OSMetaClass *OSMetaClass_getSuperClass(const OSMetaClass *self);

/* Whether self is ancestor or derives from it. Constant time. */
static inline bool OSMetaClass_derivesFrom(const OSMetaClass *self, const OSMetaClass *ancestor)
{
    return self->depth >= ancestor->depth && self->ancestors[ancestor->depth] == ancestor;
}

/* Calls apply for each registered class, in registration order, until it returns false. Classes stay registered
 * meanwhile; apply must not register, unregister or wait for a thread that does. */
void OSMetaClass_applyToClasses(bool (*apply)(const OSMetaClass *metaClass, void *context), void *context);

/* Sets "Classes" in the dictionary: class name to instance count, a 32-bit number each. False without memory. */
bool OSMetaClass_serializeClassDictionary(OSDictionary *dict);

/* The object when its class is, or derives from, the class (of that name); else NULL. NULL for NULL. Not retained. */
OSObject *OSMetaClass_checkMetaCast(const OSMetaClass *self, const OSObject *object);
OSObject *OSMetaClass_checkMetaCastWithName(const char *name, const OSObject *object);
/* The same, but another class is a bug of the caller: panics with both names. */
OSObject *OSMetaClass_requiredMetaCast(const OSMetaClass *self, const OSObject *object);

/* Checked casts to a pointer of that class. OSDynamicCast gives NULL for another class, OSRequiredCast panics. */
#define OSDynamicCast(Type, object)  ((Type *)OSMetaClass_dynamicCast(&Type##_class, OSObjectOf(object)))
#define OSRequiredCast(Type, object) ((Type *)OSMetaClass_requiredMetaCast(&Type##_class, OSObjectOf(object)))

/* A new zero-filled instance of the class, to be initialised; NULL without memory. */
#define OSTypeAlloc(Type) ((Type *)OSMetaClass_alloc(&Type##_class))

/* The method table of an instance, as its class Name has it: what the Class_method functions call through. */
#define OSMethodsOf(Name, instance) ((const Name##Methods *)(const void *)OSObjectOf(instance)->super.methods)

#define OSDeclareClass(Name)                                                                                           \
    typedef struct Name Name;                                                                                          \
    extern OSMetaClass  Name##_class

#define OSDeclareBaseClass(Name)                                                                                       \
    typedef struct Name##Methods Name##Methods;                                                                        \
    OSDeclareClass(Name);                                                                                              \
    const Name##Methods *Name##_super(void)

/* The record behind the definitions: Table is the struct of function pointers, the rest are overridden slots. */
#define OSDefineClassRecord(Name, Super, Table, abstract, ...)                                                         \
    _Static_assert(offsetof(struct Name, super) == 0, #Name ": super must be the first member");                       \
    _Static_assert(__builtin_types_compatible_p(__typeof__(((struct Name *)0)->super), struct Super),                  \
                   #Name ": super must be a " #Super);                                                                 \
    static const OSMetaClass *Name##_getMetaClass(const OSObject *object)                                              \
    {                                                                                                                  \
        (void)object;                                                                                                  \
        return &Name##_class;                                                                                          \
    }                                                                                                                  \
    static const Table Name##_overrides = {.getMetaClass = Name##_getMetaClass, __VA_ARGS__};                          \
    static Table       Name##_table;                                                                                   \
    OSMetaClass        Name##_class = {                                                                                \
               .super        = OSMetaClass_pegged,                                                                     \
               .name         = #Name,                                                                                  \
               .superClass   = &Super##_class,                                                                         \
               .instanceSize = sizeof(struct Name),                                                                    \
               .tableSize    = sizeof(Table),                                                                          \
               .overrides    = &Name##_overrides,                                                                      \
               .table        = &Name##_table,                                                                          \
               .isAbstract   = (abstract),                                                                             \
    }

#define OSDefineSuper(Name)                                                                                            \
    const Name##Methods *Name##_super(void)                                                                            \
    {                                                                                                                  \
        return &Name##_table;                                                                                          \
    }                                                                                                                  \
    _Static_assert(1, "")

/* A class nobody derives from: it has its superclass's slots. */
#define OSDefineClass(Name, Super, ...) OSDefineClassRecord(Name, Super, Super##Methods, false, __VA_ARGS__)

/* A class others derive from: its header declares struct NameMethods. */
#define OSDefineBaseClass(Name, Super, ...)                                                                            \
    OSDefineClassRecord(Name, Super, Name##Methods, false, __VA_ARGS__);                                               \
    OSDefineSuper(Name)

/* The same, and no instance of exactly this class can be allocated. */
#define OSDefineAbstractBaseClass(Name, Super, ...)                                                                    \
    OSDefineClassRecord(Name, Super, Name##Methods, true, __VA_ARGS__);                                                \
    OSDefineSuper(Name)

/* Once in a bundle's executable: the classes it brings. */
#define OSExportClasses(...)                                                                                           \
    static OSMetaClass *const OSModuleClasses_list[] = {__VA_ARGS__};                                                  \
    extern const OSClassList  OSModuleClasses;                                                                         \
    const OSClassList         OSModuleClasses = {OSModuleClasses_list,                                                 \
                                                 sizeof OSModuleClasses_list / sizeof OSModuleClasses_list[0]}

#endif
