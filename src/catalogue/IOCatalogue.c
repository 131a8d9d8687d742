/* SPDX-License-Identifier: MIT */
/*
 * IOCatalogue: the one catalogue: its lock, its generation, adding, removing and finding personalities.
 *
 * catalogueLock protects the table and the generation. With it held, only containers are looked at, and properties of the
 * service that is matched are read (so it ranks above the registry's property locks). Services are told about a change
 * with no lock held, after the generation has grown: a service that matches meanwhile either sees the change or sees
 * afterwards that the generation is another.
 */
#include "IOCataloguePrivate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <IOKit/IOLib.h>
#include <libkern/OSCollection.h>

#include "OSKextPrivate.h"
#include "PersonalityTable.h"

static pthread_rwlock_t catalogueLock = PTHREAD_RWLOCK_INITIALIZER;
static PersonalityTable personalities;  /* catalogueLock */
static _Atomic(SInt32)  generation = 1; /* written under catalogueLock */

static void lockForReading(void)
{
    pthread_rwlock_rdlock(&catalogueLock);
}

static void lockForWriting(void)
{
    pthread_rwlock_wrlock(&catalogueLock);
}

static void unlock(void)
{
    pthread_rwlock_unlock(&catalogueLock);
}

/* ---- What a personality looks like in the catalogue ---- */

/* The keys whose strings matching compares by identity. */
static const char *const symbolKeys[] = {kIOProviderClassKey,    kIOClassKey,                  kIOMatchCategoryKey,
                                         kCFBundleIdentifierKey, kCFBundleIdentifierKernelKey, NULL};

static bool makeSymbol(OSDictionary *dict, const char *key)
{
    OSObject *value  = OSDictionary_getObject(dict, key);
    OSString *string = OSDynamicCast(OSString, value);
    if (!string || OSDynamicCast(OSSymbol, value))
        return true;
    const OSSymbol *symbol = OSSymbol_withString(string);
    bool            done   = symbol && OSDictionary_setObject(dict, key, OSObjectOf(symbol));
    OSRelease(symbol);
    return done;
}

/* The dictionary itself, or a copy when it is immutable, with symbols in the place of strings, and the module of its class
 * under the name that newer systems look at. +1; NULL without memory. */
static OSDictionary *normalize(OSDictionary *dict)
{
    bool          immutable = OSObjectOf(dict) && (dict->super.options & kOSCollectionImmutable);
    OSDictionary *result    = immutable ? OSDictionary_withDictionary(dict, 0) : OSRetain(dict);
    bool          done      = result != NULL;
    for (const char *const *key = symbolKeys; done && *key; key++)
        done = makeSymbol(result, *key);
    OSObject *identifier = done ? OSDictionary_getObject(result, kCFBundleIdentifierKey) : NULL;
    if (identifier && !OSDictionary_getObject(result, kCFBundleIdentifierKernelKey))
        done = OSDictionary_setObject(result, kCFBundleIdentifierKernelKey, identifier);
    if (!done)
        OSSafeReleaseNULL(result);
    return result;
}

OSString *personality_module(OSDictionary *personality)
{
    OSObject *identifier = OSDictionary_getObject(personality, kCFBundleIdentifierKernelKey);
    if (!identifier)
        identifier = OSDictionary_getObject(personality, kCFBundleIdentifierKey);
    return OSDynamicCast(OSString, identifier);
}

static OSOrderedSet *makeSet(void)
{
    return OSOrderedSet_withCapacity(16, IOServiceOrdering, NULL);
}

/* Lets the services match again that one of the personalities could match. The generation has grown already. */
static void tellServices(OSOrderedSet *changed)
{
    if (changed && OSOrderedSet_getCount(changed) > 0)
        IOService_catalogNewDrivers(changed);
}

static void grow_locked(OSOrderedSet *changed)
{
    if (changed && OSOrderedSet_getCount(changed) > 0)
        atomic_fetch_add_explicit(&generation, 1, memory_order_release);
}

SInt32 IOCatalogue_getGenerationCount(void)
{
    return atomic_load_explicit(&generation, memory_order_acquire);
}

/* ---- Adding ---- */

/* added: NULL, or gets the personality when it is new. False without memory. */
static bool add_locked(OSDictionary *dict, OSOrderedSet *added)
{
    switch (PersonalityTable_add(&personalities, dict)) {
    case kPersonalityAdded:
        OSCollection_setOptions(&dict->super, kOSCollectionImmutable, kOSCollectionImmutable);
        return !added || OSOrderedSet_setObject(added, OSObjectOf(dict));
    case kPersonalityNoMemory:
        return false;
    case kPersonalityDuplicate:
    case kPersonalityDropped:
        break;
    }
    return true;
}

static bool addElement(OSObject *element, OSOrderedSet *added)
{
    OSDictionary *dict = OSDynamicCast(OSDictionary, element);
    if (!dict) {
        IOLog("IOCatalogue: a personality to add is a %s, not a dictionary", OSObject_getClassName(element));
        return false;
    }
    dict = normalize(dict);
    if (!dict)
        return false;
    lockForWriting();
    bool done = add_locked(dict, added);
    unlock();
    OSRelease(dict);
    return done;
}

bool IOCatalogue_addDrivers(OSArray *drivers, bool doNubMatching)
{
    OSOrderedSet *added = doNubMatching ? makeSet() : NULL;
    bool          done  = drivers && (added || !doNubMatching);
    for (unsigned i = 0; done && i < OSArray_getCount(drivers); i++)
        done = addElement(OSArray_getObject(drivers, i), added);
    if (done) {
        lockForWriting();
        grow_locked(added);
        unlock();
        tellServices(added);
    }
    OSRelease(added);
    return done;
}

/* ---- Removing ---- */

static bool containsMatching(OSDictionary *dict, void *matching)
{
    return OSDictionary_isEqualToWithKeys(dict, matching, matching);
}

static bool lacksMatching(OSDictionary *dict, void *matching)
{
    return !containsMatching(dict, matching);
}

bool catalogue_has(OSDictionary *matching)
{
    lockForReading();
    bool has = !PersonalityTable_apply(&personalities, lacksMatching, matching);
    unlock();
    return has;
}

static bool removeIf(bool (*shouldRemove)(OSDictionary *dict, void *context), void *context, bool doNubMatching)
{
    OSOrderedSet *removed = doNubMatching ? makeSet() : NULL;
    if (doNubMatching && !removed)
        return false;
    lockForWriting();
    bool done = PersonalityTable_remove(&personalities, shouldRemove, context, removed);
    grow_locked(removed);
    unlock();
    tellServices(removed);
    OSRelease(removed);
    return done;
}

bool IOCatalogue_removeDrivers(OSDictionary *matching, bool doNubMatching)
{
    return matching && removeIf(containsMatching, matching, doNubMatching);
}

static bool isOfModule(OSDictionary *dict, void *identifier)
{
    OSString *module = personality_module(dict);
    return module && OSString_isEqualToCString(module, identifier);
}

void catalogue_withdrawModule(const char *identifier)
{
    removeIf(isOfModule, (void *)identifier, true);
}

/* ---- Replacing all ---- */

typedef struct Reset {
    PersonalityTable fresh;  /* the new contents */
    OSSet           *loaded; /* owned; the identifiers of loaded bundles, symbols */
} Reset;

static bool isObsolete(OSDictionary *dict, void *context)
{
    const Reset *reset  = context;
    OSObject    *module = OSObjectOf(personality_module(dict)); /* a symbol since normalize */
    return !(module && OSSet_containsObject(reset->loaded, module)) && !PersonalityTable_contains(&reset->fresh, dict);
}

static bool fillFresh(Reset *reset, OSArray *drivers)
{
    bool done = true;
    for (unsigned i = 0; done && i < OSArray_getCount(drivers); i++) {
        OSDictionary *dict = OSDynamicCast(OSDictionary, OSArray_getObject(drivers, i));
        if (!dict)
            continue;
        dict = normalize(dict);
        done = dict && PersonalityTable_add(&reset->fresh, dict) != kPersonalityNoMemory;
        OSRelease(dict);
    }
    return done;
}

/* changed: the set of changes, or NULL. */
static bool addFresh_locked(OSDictionary *dict, void *changed)
{
    return add_locked(dict, changed);
}

bool IOCatalogue_resetAndAddDrivers(OSArray *drivers, bool doNubMatching)
{
    Reset         reset   = {.loaded = OSKext_copyLoadedIdentifiers()};
    OSOrderedSet *changed = doNubMatching ? makeSet() : NULL;
    bool          done    = drivers && reset.loaded && (changed || !doNubMatching) && fillFresh(&reset, drivers);
    if (done) {
        lockForWriting();
        done = PersonalityTable_remove(&personalities, isObsolete, &reset, changed);
        done = PersonalityTable_apply(&reset.fresh, addFresh_locked, changed) && done;
        grow_locked(changed);
        unlock();
        tellServices(changed);
    }
    PersonalityTable_empty(&reset.fresh);
    OSRelease(changed);
    OSRelease(reset.loaded);
    return done;
}

void IOCatalogue_reset(void)
{
    OSArray *drivers = OSKext_scanExtensionsFolders();
    if (!IOCatalogue_resetAndAddDrivers(drivers, true))
        IOLog("IOCatalogue: no memory for the personalities of the Extensions folders");
    OSRelease(drivers);
}

/* ---- Finding ---- */

OSOrderedSet *IOCatalogue_findDriversForService(IOService *service, SInt32 *ret_generation)
{
    lockForReading();
    OSOrderedSet *set = PersonalityTable_findForService(&personalities, service);
    if (set && ret_generation)
        *ret_generation = IOCatalogue_getGenerationCount();
    unlock();
    return set;
}

typedef struct Search {
    bool (*isWanted)(OSDictionary *dict, void *context);
    void         *context;
    OSOrderedSet *found;
} Search;

static bool addWanted(OSDictionary *dict, void *context)
{
    Search *search = context;
    return !search->isWanted(dict, search->context) || OSOrderedSet_setObject(search->found, OSObjectOf(dict));
}

static OSOrderedSet *findIf(bool (*isWanted)(OSDictionary *dict, void *context), void *context, SInt32 *ret_generation)
{
    Search search = {isWanted, context, makeSet()};
    if (!search.found)
        return NULL;
    lockForReading();
    bool   done    = PersonalityTable_apply(&personalities, addWanted, &search);
    SInt32 current = IOCatalogue_getGenerationCount();
    unlock();
    if (!done)
        OSSafeReleaseNULL(search.found);
    else if (ret_generation)
        *ret_generation = current;
    return search.found;
}

OSOrderedSet *IOCatalogue_findDrivers(OSDictionary *matching, SInt32 *ret_generation)
{
    return matching ? findIf(containsMatching, matching, ret_generation) : NULL;
}

bool IOCatalogue_startMatching(const char *moduleIdentifier)
{
    OSOrderedSet *set = moduleIdentifier ? findIf(isOfModule, (void *)moduleIdentifier, NULL) : NULL;
    if (!set)
        return false;
    lockForWriting();
    grow_locked(set);
    unlock();
    tellServices(set);
    OSRelease(set);
    return true;
}

void IOCatalogue_moduleHasLoaded(const char *moduleIdentifier)
{
    if (!IOCatalogue_startMatching(moduleIdentifier))
        IOLog("IOCatalogue: no memory to match again for %s", moduleIdentifier ? moduleIdentifier : "(null)");
}

static bool appendTo(OSDictionary *dict, void *array)
{
    return OSArray_setObject(array, OSObjectOf(dict));
}

OSArray *IOCatalogue_copyPersonalities(void)
{
    OSArray *array = OSArray_withCapacity(64);
    if (!array)
        return NULL;
    lockForReading();
    bool done = PersonalityTable_apply(&personalities, appendTo, array);
    unlock();
    if (!done)
        OSSafeReleaseNULL(array);
    return array;
}

/* ---- Modules ---- */

bool IOCatalogue_isModuleLoaded(OSDictionary *personality)
{
    OSString *identifier = personality_module(personality);
    OSKext   *kext       = identifier ? OSKext_lookupKextWithIdentifier(OSString_getCStringNoCopy(identifier)) : NULL;
    bool      settled    = !kext || OSKext_isSettled(kext) || !loadQueue_add(kext);
    OSRelease(kext);
    return settled;
}

void IOCatalogue_shutdown(void)
{
    loadQueue_wait();
    lockForWriting();
    PersonalityTable_empty(&personalities);
    unlock();
}
