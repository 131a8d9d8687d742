/* SPDX-License-Identifier: MIT */
/*
 * The step between CF's objects and libkern's at the boundary (SEMANTICS 1.61 to 1.63, 1.65): what goes to the host is
 * a tree of libkern's classes only, what comes from it follows CF's rules. Nothing is guessed: an object that libkern
 * has no class for is refused.
 */
#include "CFInternal.h"

#include <limits.h>
#include <string.h>

#include <libkern/OSUnserialize.h>

/* The copy under way: which containers were met, so that one met twice stays one. */
typedef struct Copier {
    CFMutableDictionaryRef made; /* pointer to pointer, the copy borrowed from the tree */
    unsigned depth;
    bool failed;
    OSObject *into; /* the container being filled */
} Copier;

static OSObject *copyObject(Copier *copier, CFTypeRef cf);

static OSObject *copyString(CFStringRef string)
{
    OSObject *object = CFObjectFrom(string);
    CFText text = CFStringText(string);
    if (OSDynamicCast(OSString, object))
        return OSObject_retain(object);
    if (memchr(text.bytes, 0, text.length))
        return NULL;
    return (OSObject *)OSString_withStringOfLength(text.bytes, text.length);
}

static void copyPair(const void *key, const void *value, void *context)
{
    Copier *copier = context;
    if (copier->failed || !CFIsString(key)) {
        copier->failed = true;
        return;
    }
    OSDictionary *dict = OSRequiredCast(OSDictionary, copier->into);
    CFText name = CFStringText(key);
    OSObject *copy = memchr(name.bytes, 0, name.length) || !value ? NULL : copyObject(copier, value);
    copier->failed = copier->failed || !copy || !OSDictionary_setObject(dict, name.bytes, copy);
    OSObject_release(copy);
}

static void copyElement(const void *value, void *context)
{
    Copier *copier = context;
    OSObject *copy = copier->failed || !value ? NULL : copyObject(copier, value);
    OSArray *array = OSDynamicCast(OSArray, copier->into);
    bool added =
        copy && (array ? OSArray_setObject(array, copy) : OSSet_setObject(OSRequiredCast(OSSet, copier->into), copy));
    copier->failed = copier->failed || !added;
    OSObject_release(copy);
}

static OSObject *emptyContainer(CFTypeID typeID)
{
    switch (typeID) {
    case kCFTypeIDDictionary:
        return (OSObject *)OSDictionary_withCapacity(0);
    case kCFTypeIDArray:
        return (OSObject *)OSArray_withCapacity(0);
    default:
        return (OSObject *)OSSet_withCapacity(0);
    }
}

static OSObject *copyContainer(Copier *copier, CFTypeRef cf, CFTypeID typeID)
{
    OSObject *known = (OSObject *)CFDictionaryGetValue(copier->made, cf);
    if (known)
        return OSObject_retain(known);
    if (copier->depth >= kOSUnserializeBinaryDepthMax || !CFContainerHoldsObjects(cf))
        return NULL;
    OSObject *outer = copier->into;
    OSObject *copy = emptyContainer(typeID);
    if (!copy)
        return NULL;
    copier->into = copy;
    copier->depth++;
    if (typeID == kCFTypeIDDictionary)
        CFDictionaryApplyFunction(cf, copyPair, copier);
    else if (typeID == kCFTypeIDArray)
        CFArrayApplyFunction(cf, CFRangeMake(0, CFArrayGetCount(cf)), copyElement, copier);
    else
        CFSetApplyFunction(cf, copyElement, copier);
    copier->depth--;
    copier->into = outer;
    CFDictionarySetValue(copier->made, cf, copy);
    return copy;
}

static OSObject *copyObject(Copier *copier, CFTypeRef cf)
{
    CFTypeID typeID = CFGetTypeID(cf);
    switch (typeID) {
    case kCFTypeIDString:
        return copyString(cf);
    case kCFTypeIDNumber:
    case kCFTypeIDBoolean:
    case kCFTypeIDData:
        return OSObject_retain(CFObjectFrom(cf));
    case kCFTypeIDDictionary:
    case kCFTypeIDArray:
    case kCFTypeIDSet:
        return copyContainer(copier, cf, typeID);
    default:
        return NULL;
    }
}

OSObject *CFCopyKernelObject(CFTypeRef cf)
{
    Copier copier = {.made = CFDictionaryCreateMutable(NULL, 0, NULL, NULL)};
    if (!copier.made)
        return NULL;
    OSObject *copy = copyObject(&copier, cf);
    CFRelease(copier.made);
    if (copier.failed) {
        OSObject_release(copy);
        return NULL;
    }
    return copy;
}

/* A string that is not UTF-8 is read as MacRoman, in which every byte is a character. */
static OSString *copyValidString(const OSString *string)
{
    CFBuffer buffer = {0};
    OSString *valid = NULL;
    if (CFEncodingDecode(kCFStringEncodingMacRoman, OSString_getCStringNoCopy(string), OSString_getLength(string),
                         false, &buffer))
        valid = OSString_withStringOfLength(buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
    return valid;
}

static bool isValid(const OSString *string)
{
    return CFTextIsValid(OSString_getCStringNoCopy(string), OSString_getLength(string));
}

/* What stands in a tree for an object: itself, or another, +1; NULL without memory. Containers are changed in place. */
static OSObject *adopt(OSObject *object);

static bool adoptArray(OSArray *array)
{
    for (unsigned i = 0; i < OSArray_getCount(array); i++) {
        OSObject *old = OSArray_getObject(array, i), *adopted = adopt(old);
        if (!adopted)
            return false;
        if (adopted != old)
            OSArray_replaceObject(array, i, adopted);
        OSObject_release(adopted);
    }
    return true;
}

static bool adoptSet(OSSet *set)
{
    for (unsigned i = 0; i < OSSet_getCount(set); i++) {
        OSObject *old = OSSet_getObjectAtIndex(set, i), *adopted = adopt(old);
        bool done = adopted != NULL;
        if (done && adopted != old) {
            OSSet_removeObject(set, old);
            done = OSSet_setObject(set, adopted);
            i--; /* the next member moved here; the new one, valid, went to the end */
        }
        OSObject_release(adopted);
        if (!done)
            return false;
    }
    return true;
}

static bool adoptPair(OSDictionary *dict, const OSSymbol *key, OSObject *value)
{
    OSObject *adopted = adopt(value);
    bool done = adopted != NULL;
    if (done && adopted != value)
        done = OSDictionary_setObjectForSymbol(dict, key, adopted);
    if (done && !isValid(&key->super)) {
        OSString *name = copyValidString(&key->super);
        done = name && OSDictionary_setObjectForString(dict, name, adopted);
        OSRelease(name);
        if (done)
            OSDictionary_removeObjectForSymbol(dict, key);
    }
    OSObject_release(adopted);
    return done;
}

static bool adoptDictionary(OSDictionary *dict)
{
    OSArray *keys = OSDictionary_copyKeys(dict);
    bool done = keys != NULL;
    for (unsigned i = 0; done && i < OSArray_getCount(keys); i++) {
        const OSSymbol *key = OSRequiredCast(OSSymbol, OSArray_getObject(keys, i));
        done = adoptPair(dict, key, OSDictionary_getObjectForSymbol(dict, key));
    }
    OSRelease(keys);
    return done;
}

static OSObject *adopt(OSObject *object)
{
    OSString *string = OSDynamicCast(OSString, object);
    OSNumber *number = OSDynamicCast(OSNumber, object);
    OSDictionary *dict = OSDynamicCast(OSDictionary, object);
    OSArray *array = OSDynamicCast(OSArray, object);
    OSSet *set = OSDynamicCast(OSSet, object);
    bool done = true;
    if (string && !isValid(string))
        return (OSObject *)copyValidString(string);
    if (number) {
        unsigned bits = OSNumber_numberOfBits(number);
        bool real = bits == kOSNumberFloatBits || bits == kOSNumberDoubleBits;
        if (!real && bits != 32 && bits != 64)
            return (OSObject *)OSNumber_withNumber(OSNumber_unsigned64BitValue(number), bits < 32 ? 32 : 64);
    }
    if (dict)
        done = adoptDictionary(dict);
    else if (array)
        done = adoptArray(array);
    else if (set)
        done = adoptSet(set);
    return done ? OSObject_retain(object) : NULL;
}

CFTypeRef CFAdoptKernelObject(OSObject *object)
{
    OSObject *adopted = object ? adopt(object) : NULL;
    OSObject_release(object);
    return adopted;
}
