/* SPDX-License-Identifier: MIT */
/*
 * OSKext: one bundle, and what can be asked about it.
 *
 *   folders --knownBundles.c--> paths --bundleInfo.c--> OSKext, known --bundleLoader.c--> loaded --loadQueue.c: on a match
 *                                                  bundleDependencies.c: in which order
 *
 * The personalities of known bundles stand in the catalogue (IOCatalogue.c). A bundle's identity never changes; how it
 * stands with loading does, under the locks of knownBundles.c. The state alone may be read without: matching asks for it
 * often.
 */
#include "OSKextPrivate.h"

#include <pthread.h>
#include <limits.h>

#include <IOKit/IOLib.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSNumber.h>

static void OSKext_free(OSObject *object)
{
    OSKext *self = OSRequiredCast(OSKext, object);
    OSRelease(self->info);
    OSRelease(self->identifier);
    OSRelease(self->dependencies);
    IOFreeString(self->path);
    OSObject_super()->free(object);
}

OSDefineClass(OSKext, OSObject, .free = OSKext_free);

static void registerClass(void)
{
    static OSMetaClass *const classes[] = {&OSKext_class};
    if (OSMetaClass_registerModule("com.apple.kpi.libkern", &(OSClassList){classes, 1}) != kOSReturnSuccess)
        panic("OSKext: its class cannot be registered");
}

OSKext *OSKext_alloc(const char *path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, registerClass);
    OSKext *self = OSTypeAlloc(OSKext);
    if (self && !(self->path = IOMallocString(path)))
        OSSafeReleaseNULL(self);
    return self;
}

const char *OSKext_getIdentifierCString(const OSKext *self)
{
    return OSSymbol_getCStringNoCopy(self->identifier);
}

OSKextVersion OSKext_getVersion(const OSKext *self)
{
    return self->version;
}

OSKextVersion OSKext_getCompatibleVersion(const OSKext *self)
{
    return self->compatibleVersion;
}

const char *OSKext_getPath(const OSKext *self)
{
    return self->path;
}

OSObject *OSKext_copyProperty(const OSKext *self, const char *key)
{
    return OSRetain(OSDictionary_getObject(self->info, key));
}

bool OSKext_isLoaded(const OSKext *self)
{
    return atomic_load(&((OSKext *)self)->state) == kOSKextLoaded;
}

bool OSKext_isSettled(const OSKext *self)
{
    return !self->executable || atomic_load(&((OSKext *)self)->state) != kOSKextUnloaded;
}

bool OSKext_isKernelComponent(const OSKext *self)
{
    return self->isKernelComponent;
}

uint32_t OSKext_getLoadTag(const OSKext *self)
{
    bundles_lock();
    uint32_t tag = self->loadTag;
    bundles_unlock();
    return tag;
}

bool OSKext_isKextWithIdentifierLoaded(const char *identifier)
{
    OSKext *kext   = OSKext_lookupKextWithIdentifier(identifier);
    bool    loaded = kext && OSKext_isLoaded(kext);
    OSRelease(kext);
    return loaded;
}

/* ---- Loading by name ---- */

OSReturn OSKext_loadKextWithIdentifier(const char *identifier, char *reason)
{
    const OSSymbol *symbol = identifier ? OSSymbol_withCString(identifier) : NULL;
    if (!symbol)
        return refuse(reason, identifier ? kOSKextReturnNoMemory : kOSKextReturnInvalidArgument, "no identifier");
    OSReturn result = bundle_load(symbol, reason);
    OSRelease(symbol);
    return result;
}

OSReturn OSKext_checkKextWithIdentifier(const char *identifier, char *reason)
{
    OSKext  *kext = OSKext_lookupKextWithIdentifier(identifier);
    OSReturn result;
    if (!kext)
        return refuse(reason, kOSKextReturnNotFound, "%.100s is not known", identifier ? identifier : "(null)");
    bundles_lock();
    OSArray *order = bundle_resolve_locked(kext, reason, &result);
    bundles_unlock();
    OSRelease(order);
    OSRelease(kext);
    return result;
}

/* ---- Descriptions of loaded bundles ---- */

static bool setObject(OSDictionary *dict, const char *key, OSObject *object)
{
    bool done = object && OSDictionary_setObject(dict, key, object);
    OSRelease(object);
    return done;
}

static bool setNumber(OSDictionary *dict, const char *key, uint64_t value, unsigned bits)
{
    return setObject(dict, key, OSObjectOf(OSNumber_withNumber(value, bits)));
}

static bool setString(OSDictionary *dict, const char *key, const char *value)
{
    return setObject(dict, key, OSObjectOf(OSString_withCString(value)));
}

static bool setBoolean(OSDictionary *dict, const char *key, bool value)
{
    return OSDictionary_setObject(dict, key, OSObjectOf(value ? kOSBooleanTrue : kOSBooleanFalse));
}

static bool addNumber(OSArray *array, uint64_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 32);
    bool      done   = number && OSArray_setObject(array, OSObjectOf(number));
    OSRelease(number);
    return done;
}

static bool setDependencies(const OSKext *kext, OSDictionary *dict)
{
    unsigned count = kext->dependencies ? OSArray_getCount(kext->dependencies) : 0;
    OSArray *tags  = OSArray_withCapacity(count + 1);
    bool     done  = tags != NULL;
    for (unsigned i = 0; done && i < count; i++)
        done = addNumber(tags, OSDynamicCast(OSKext, OSArray_getObject(kext->dependencies, i))->loadTag);
    done = done && OSDictionary_setObject(dict, kOSBundleDependenciesKey, OSObjectOf(tags));
    OSRelease(tags);
    return done;
}

static bool addClass(OSArray *classes, const OSMetaClass *metaClass)
{
    OSDictionary *dict = OSDictionary_withCapacity(3);
    bool          done = dict && setString(dict, kOSMetaClassNameKey, metaClass->name) &&
                setString(dict, kOSMetaClassSuperclassNameKey, metaClass->superClass->name) &&
                setNumber(dict, kOSMetaClassTrackingCountKey, OSMetaClass_getInstanceCount(metaClass), 32) &&
                OSArray_setObject(classes, OSObjectOf(dict));
    OSRelease(dict);
    return done;
}

static bool setClasses(const OSKext *kext, OSDictionary *dict)
{
    size_t   count   = kext->classes ? kext->classes->count : 0;
    OSArray *classes = OSArray_withCapacity((unsigned)count + 1);
    bool     done    = classes != NULL;
    for (size_t i = 0; done && i < count; i++)
        done = addClass(classes, kext->classes->classes[i]);
    done = done && OSDictionary_setObject(dict, kOSBundleClassesKey, OSObjectOf(classes));
    OSRelease(classes);
    return done;
}

static bool setPaths(const OSKext *kext, OSDictionary *dict)
{
    char path[PATH_MAX];
    if (kext->isKernelComponent)
        return true;
    if (!setString(dict, kOSBundlePathKey, kext->path))
        return false;
    return !kext->executable || !bundle_executablePath(kext, path, sizeof path) ||
           setString(dict, kOSBundleExecutablePathKey, path);
}

/* Everything there is to say. Bundles lock held. +1; NULL without memory. */
static OSDictionary *describe_locked(const OSKext *kext)
{
    OSDictionary *dict = OSDictionary_withDictionary(kext->info, 0);
    bool          done = dict && setPaths(kext, dict) && setDependencies(kext, dict) && setClasses(kext, dict) &&
                setBoolean(dict, kOSBundleStartedKey, true) &&
                setBoolean(dict, kOSBundlePrelinkedKey, kext->isKernelComponent) &&
                setBoolean(dict, kOSKernelResourceKey, kext->isKernelComponent) &&
                setNumber(dict, kOSBundleLoadTagKey, kext->loadTag, 32) &&
                setNumber(dict, kOSBundleRetainCountKey, kext->dependants, 32) &&
                setNumber(dict, kOSBundleLoadAddressKey, kext->loadAddress, 64) &&
                setNumber(dict, kOSBundleLoadSizeKey, kext->loadSize, 64) &&
                setNumber(dict, kOSBundleExecLoadAddressKey, kext->loadAddress, 64) &&
                setNumber(dict, kOSBundleExecLoadSizeKey, kext->loadSize, 64) &&
                setNumber(dict, kOSBundleWiredSizeKey, kext->loadSize, 64);
    if (!done)
        OSSafeReleaseNULL(dict);
    return dict;
}

static bool contains(OSArray *strings, const OSSymbol *symbol)
{
    for (unsigned i = 0; i < OSArray_getCount(strings); i++)
        if (OSSymbol_isEqualTo(symbol, OSArray_getObject(strings, i)))
            return true;
    return false;
}

/* Keeps the keys that are wanted; NULL: all but the personalities. +1; NULL without memory. */
static OSDictionary *reduce(OSDictionary *all, OSArray *infoKeys)
{
    OSDictionary *some = OSDictionary_withCapacity(16);
    for (unsigned i = 0; some && i < OSDictionary_getCount(all); i++) {
        const OSSymbol *key    = OSDictionary_getKeyAtIndex(all, i);
        bool            wanted = infoKeys ? contains(infoKeys, key)
                                          : !OSSymbol_isEqualToCString(key, kIOKitPersonalitiesKey);
        if (wanted && !OSDictionary_setObjectForSymbol(some, key, OSDictionary_getValueAtIndex(all, i)))
            OSSafeReleaseNULL(some);
    }
    return some;
}

static bool addDescription_locked(OSDictionary *result, const OSKext *kext, OSArray *infoKeys)
{
    OSDictionary *all  = describe_locked(kext);
    OSDictionary *some = all ? reduce(all, infoKeys) : NULL;
    bool          done = some && OSDictionary_setObjectForSymbol(result, kext->identifier, OSObjectOf(some));
    OSRelease(some);
    OSRelease(all);
    return done;
}

OSDictionary *OSKext_copyLoadedKextInfo(OSArray *identifiers, OSArray *infoKeys)
{
    OSDictionary *result = OSDictionary_withCapacity(16);
    OSKext       *kext;
    bundles_lock();
    for (unsigned i = 0; result && (kext = bundles_at_locked(i)); i++)
        if (OSKext_isLoaded(kext) && (!identifiers || contains(identifiers, kext->identifier)) &&
            !addDescription_locked(result, kext, infoKeys))
            OSSafeReleaseNULL(result);
    bundles_unlock();
    return result;
}
