/* SPDX-License-Identifier: MIT */
/*
 * CoreFoundation's base: classes, references, equality, hashes, descriptions, for libkern's classes and CF's alike.
 *
 * The classes are registered once, by the first function that makes an object. No lock is held while a callback of the
 * client runs.
 */
#include "CFInternal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <libkern/OSOrderedSet.h>

double kCFCoreFoundationVersionNumber = 1770.1;

static CFTypeID CFObject_getTypeID_(const CFObject *self)
{
    return kCFTypeIDOther;
}

static CFHashCode CFObject_hash_(const CFObject *self)
{
    return (CFHashCode)((uintptr_t)self >> 4);
}

static CFStringRef CFObject_copyDescription_(const CFObject *self)
{
    return CFStringFromFormat("<%s %p>", OSObject_getClassName(&self->super), (const void *)self);
}

OSDefineAbstractBaseClass(CFObject, OSObject, .getTypeID = CFObject_getTypeID_, .hash = CFObject_hash_,
                          .copyDescription = CFObject_copyDescription_);

static OSMetaClass *const classes[] = {
    &CFObject_class,        &CFAllocator_class,   &CFNull_class,
    &CFStringObject_class,  &CFArrayObject_class, &CFDictionaryObject_class,
    &CFSetObject_class,     &CFDate_class,        &CFError_class,
    &CFUUID_class,          &CFURL_class,         &CFReadStream_class,
    &CFWriteStream_class,   &CFBundle_class,      &CFRunLoop_class,
    &CFRunLoopSource_class, &CFRunLoopItem_class, &CFRunLoopObserver_class,
    &CFRunLoopTimer_class,  &CFMachPort_class,    &CFFileDescriptor_class,
    &CFDataNoCopy_class,
};

static void registerClasses(void)
{
    const OSClassList list = {classes, sizeof classes / sizeof classes[0]};
    OSReturn result = OSMetaClass_registerModule("com.apple.CoreFoundation", &list);
    if (result != kOSReturnSuccess)
        panic("CoreFoundation: its classes do not register (0x%08x)", (unsigned)result);
}

void CFInitialize(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, registerClasses);
}

/* NULL for an object of libkern. A constant object can be asked before anything else has run: CFObject gets its place
 * among the classes by CFInitialize. */
static const CFObjectMethods *methodsOf(const OSObject *object)
{
    CFInitialize();
    if (!OSMetaClass_derivesFrom(OSObject_getMetaClass(object), &CFObject_class))
        return NULL;
    return (const CFObjectMethods *)(const void *)object->super.methods;
}

CFTypeRef CFRetain(CFTypeRef cf)
{
    if (!cf)
        panic("CFRetain(NULL)");
    return OSObject_retain(CFObjectFrom(cf));
}

void CFRelease(CFTypeRef cf)
{
    if (!cf)
        panic("CFRelease(NULL)");
    OSObject_release(CFObjectFrom(cf));
}

CFTypeRef CFAutorelease(CFTypeRef cf)
{
    /* There are no pools: an object that is handed out this way stays. */
    return cf;
}

CFIndex CFGetRetainCount(CFTypeRef cf)
{
    return OSObject_getRetainCount(CFObjectFrom(cf));
}

CFAllocatorRef CFGetAllocator(CFTypeRef cf)
{
    return kCFAllocatorSystemDefault;
}

CFTypeID CFGetTypeID(CFTypeRef cf)
{
    const OSObject *object = CFObjectFrom(cf);
    const CFObjectMethods *methods = methodsOf(object);
    if (methods)
        return methods->getTypeID((const CFObject *)object);
    if (OSDynamicCast(OSString, object))
        return kCFTypeIDString;
    if (OSDynamicCast(OSNumber, object))
        return kCFTypeIDNumber;
    if (OSDynamicCast(OSBoolean, object))
        return kCFTypeIDBoolean;
    if (OSDynamicCast(OSData, object))
        return kCFTypeIDData;
    if (OSDynamicCast(OSDictionary, object))
        return kCFTypeIDDictionary;
    if (OSDynamicCast(OSArray, object))
        return kCFTypeIDArray;
    if (OSDynamicCast(OSSet, object))
        return kCFTypeIDSet;
    return kCFTypeIDOther;
}

static const struct TypeName {
    CFTypeID typeID;
    const char *name;
} typeNames[] = {
    {kCFTypeIDOther, "CFType"},
    {kCFTypeIDAllocator, "CFAllocator"},
    {kCFTypeIDString, "CFString"},
    {kCFTypeIDNull, "CFNull"},
    {kCFTypeIDSet, "CFSet"},
    {kCFTypeIDDictionary, "CFDictionary"},
    {kCFTypeIDArray, "CFArray"},
    {kCFTypeIDData, "CFData"},
    {kCFTypeIDBoolean, "CFBoolean"},
    {kCFTypeIDNumber, "CFNumber"},
    {kCFTypeIDError, "CFError"},
    {kCFTypeIDBundle, "CFBundle"},
    {kCFTypeIDURL, "CFURL"},
    {kCFTypeIDUUID, "CFUUID"},
    {kCFTypeIDMachPort, "CFMachPort"},
    {kCFTypeIDReadStream, "CFReadStream"},
    {kCFTypeIDWriteStream, "CFWriteStream"},
    {kCFTypeIDFileDescriptor, "CFFileDescriptor"},
    {kCFTypeIDRunLoop, "CFRunLoop"},
    {kCFTypeIDRunLoopSource, "CFRunLoopSource"},
    {kCFTypeIDRunLoopTimer, "CFRunLoopTimer"},
    {kCFTypeIDRunLoopObserver, "CFRunLoopObserver"},
    {kCFTypeIDDate, "CFDate"},
};

CFStringRef CFCopyTypeIDDescription(CFTypeID type_id)
{
    for (size_t i = 0; i < sizeof typeNames / sizeof typeNames[0]; i++)
        if (typeNames[i].typeID == type_id)
            return CFStringFromText(typeNames[i].name, strlen(typeNames[i].name));
    return CFStringFromFormat("<type %lu>", type_id);
}

static Boolean equalArrays(CFArrayRef first, CFArrayRef second)
{
    CFIndex count = CFArrayGetCount(first);
    if (CFArrayGetCount(second) != count)
        return false;
    for (CFIndex i = 0; i < count; i++) {
        const void *mine = CFArrayGetValueAtIndex(first, i);
        if (CFArrayGetFirstIndexOfValue(second, CFRangeMake(i, 1), mine) != i)
            return false;
    }
    return true;
}

typedef struct Comparison {
    CFTypeRef other;
    Boolean equal;
} Comparison;

static void comparePair(const void *key, const void *value, void *context)
{
    Comparison *comparison = context;
    const void *other;
    if (!comparison->equal)
        return;
    comparison->equal = CFDictionaryGetValueIfPresent(comparison->other, key, &other) &&
                        (other == value || (other && value && CFEqual(other, value)));
}

static void compareMember(const void *value, void *context)
{
    Comparison *comparison = context;
    comparison->equal = comparison->equal && CFSetContainsValue(comparison->other, value);
}

Boolean CFEqual(CFTypeRef cf1, CFTypeRef cf2)
{
    if (cf1 == cf2)
        return true;
    if (!cf1 || !cf2)
        return false;
    CFTypeID typeID = CFGetTypeID(cf1);
    Comparison comparison = {cf2, true};
    if (CFGetTypeID(cf2) != typeID)
        return false;
    switch (typeID) {
    case kCFTypeIDString: {
        CFText a = CFStringText(cf1), b = CFStringText(cf2);
        return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
    }
    case kCFTypeIDNumber:
        return CFNumberCompare(cf1, cf2, NULL) == kCFCompareEqualTo;
    case kCFTypeIDData:
        return CFDataGetLength(cf1) == CFDataGetLength(cf2) &&
               (CFDataGetLength(cf1) == 0 ||
                memcmp(CFDataGetBytePtr(cf1), CFDataGetBytePtr(cf2), (size_t)CFDataGetLength(cf1)) == 0);
    case kCFTypeIDArray:
        return equalArrays(cf1, cf2);
    case kCFTypeIDDictionary:
        if (CFDictionaryGetCount(cf1) != CFDictionaryGetCount(cf2))
            return false;
        CFDictionaryApplyFunction(cf1, comparePair, &comparison);
        return comparison.equal;
    case kCFTypeIDSet:
        if (CFSetGetCount(cf1) != CFSetGetCount(cf2))
            return false;
        CFSetApplyFunction(cf1, compareMember, &comparison);
        return comparison.equal;
    default:
        return OSObject_isEqualTo(CFObjectFrom(cf1), CFObjectFrom(cf2));
    }
}

CFHashCode CFHashBytes(const void *bytes, size_t length)
{
    const uint8_t *next = bytes;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ next[i]) * 1099511628211u;
    return (CFHashCode)(hash ^ hash >> 32);
}

static CFHashCode hashNumber(CFNumberRef number)
{
    int64_t integer = 0;
    double real = 0;
    if (CFNumberGetValue(number, kCFNumberSInt64Type, &integer))
        return CFHashBytes(&integer, sizeof integer);
    CFNumberGetValue(number, kCFNumberFloat64Type, &real);
    return CFHashBytes(&real, sizeof real);
}

/* Of what stands in a container: leaves by value, containers by kind, which keeps hashing from descending. */
static CFHashCode hashMember(CFTypeRef value)
{
    CFTypeID typeID = value ? CFGetTypeID(value) : 0;
    if (typeID == kCFTypeIDArray || typeID == kCFTypeIDDictionary || typeID == kCFTypeIDSet || !value)
        return typeID;
    return CFHash(value);
}

static void addPairHash(const void *key, const void *value, void *context)
{
    CFHashCode *hash = context;
    *hash += hashMember(key) ^ hashMember(value) << 1;
}

static CFHashCode hashDictionary(CFDictionaryRef dict)
{
    CFHashCode hash = (CFHashCode)CFDictionaryGetCount(dict);
    if (CFDictionaryHoldsObjects(dict))
        CFDictionaryApplyFunction(dict, addPairHash, &hash);
    return hash;
}

static CFHashCode hashArray(CFArrayRef array)
{
    enum { kHashedMembers = 4 };
    CFIndex count = CFArrayGetCount(array);
    CFHashCode hash = (CFHashCode)count;
    for (CFIndex i = 0; i < count && i < kHashedMembers && CFArrayHoldsObjects(array); i++)
        hash = hash * 31 + hashMember(CFArrayGetValueAtIndex(array, i));
    return hash;
}

CFHashCode CFHash(CFTypeRef cf)
{
    CFText text;
    switch (CFGetTypeID(cf)) {
    case kCFTypeIDString:
        text = CFStringText(cf);
        return CFHashBytes(text.bytes, text.length);
    case kCFTypeIDNumber:
        return hashNumber(cf);
    case kCFTypeIDData:
        return CFHashBytes(CFDataGetBytePtr(cf), (size_t)CFDataGetLength(cf));
    case kCFTypeIDArray:
        return hashArray(cf);
    case kCFTypeIDDictionary:
        return hashDictionary(cf);
    case kCFTypeIDSet:
        return (CFHashCode)CFSetGetCount(cf);
    default: {
        const CFObjectMethods *methods = methodsOf(CFObjectFrom(cf));
        return methods ? methods->hash(cf) : (CFHashCode)((uintptr_t)cf >> 4);
    }
    }
}

const void *CFTypeRetainCallBack(CFAllocatorRef allocator, const void *value)
{
    return CFRetain(value);
}

void CFTypeReleaseCallBack(CFAllocatorRef allocator, const void *value)
{
    CFRelease(value);
}

bool CFContainerHoldsObjects(CFTypeRef container)
{
    switch (CFGetTypeID(container)) {
    case kCFTypeIDArray:
        return CFArrayHoldsObjects(container);
    case kCFTypeIDDictionary:
        return CFDictionaryHoldsObjects(container);
    default:
        return CFSetHoldsObjects(container);
    }
}

/* CFNull: one pegged object, made complete by the loader but for its method table. */
OSDeclareClass(CFNull);
struct CFNull {
    CFObject super;
};

CFDefineTypeID(CFNull, CFNull, kCFTypeIDNull);

static CFStringRef CFNull_copyDescription_(const CFObject *self)
{
    return CFStringFromText("<null>", 6);
}

static const OSMetaClass *CFNull_getMetaClass_(const OSObject *self)
{
    return &CFNull_class;
}

static void CFNull_free_(OSObject *self)
{
    panic("kCFNull freed");
}

static bool CFNull_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return self == other;
}

static bool CFNull_serialize_(const OSObject *self, OSSerialize *serializer)
{
    return OSObject_super()->serialize(self, serializer);
}

static const CFObjectMethods CFNull_overrides = {
    .getMetaClass = CFNull_getMetaClass_,
    .free = CFNull_free_,
    .isEqualTo = CFNull_isEqualTo_,
    .serialize = CFNull_serialize_,
    .getTypeID = CFNull_getTypeID_,
    .hash = CFObject_hash_,
    .copyDescription = CFNull_copyDescription_,
};
static CFObjectMethods CFNull_table;

OSMetaClass CFNull_class = {
    .super = OSMetaClass_pegged,
    .name = "CFNull",
    .superClass = &CFObject_class,
    .instanceSize = sizeof(CFNull),
    .tableSize = sizeof(CFObjectMethods),
    .overrides = &CFNull_overrides,
    .table = &CFNull_table,
    .isAbstract = true,
    .depth = 2,
    .ancestors = {&OSObject_class, &CFObject_class, &CFNull_class},
};

/* Its table is the constant one: right before, during and after the registration. */
static CFNull nullObject = {
    .super.super = {.super.methods = (const OSObjectMethods *)(const void *)&CFNull_overrides, .retainCount = 0xfffe}};
const CFNullRef kCFNull = (CFNullRef)&nullObject;
