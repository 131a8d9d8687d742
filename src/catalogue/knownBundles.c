/* SPDX-License-Identifier: MIT */
/*
 * knownBundles: the folders that are scanned, and the bundles that are known, one for each identifier.
 *
 * A scan reads all folders into a dictionary of its own, with no lock but its own, then puts it in the place of the old one
 * under the loading lock: what is loaded stays what it is, and no load meets a bundle that is about to be replaced. Then
 * each bundle's dependencies are looked at, so that one that can never be loaded is refused now and its personalities never
 * reach the catalogue.
 *
 * A bundle's path is its real one, whichever way it was named: so a relative path, an absolute one and a link are one
 * bundle.
 *
 * Order of locks: scan, loading, bundles.
 */
#include "OSKextPrivate.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOLib.h>

static pthread_mutex_t scanLock    = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t loadingLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t bundlesLock = PTHREAD_MUTEX_INITIALIZER;

static OSDictionary *known;   /* bundlesLock; owned; identifier to OSKext; NULL: not made yet */
static OSArray      *folders; /* scanLock; owned; OSString; NULL: none */

/* The kit's own modules; a module's load tag is its place here, from 1. */
static const char *const kernelComponents[] = {"com.apple.kpi.bsd",     "com.apple.kpi.dsep", "com.apple.kpi.iokit",
                                               "com.apple.kpi.libkern", "com.apple.kpi.mach", "com.apple.kpi.private",
                                               "com.apple.kpi.unsupported"};
enum { kKernelComponents = sizeof kernelComponents / sizeof kernelComponents[0] };

void loading_lock(void)
{
    pthread_mutex_lock(&loadingLock);
}

void loading_unlock(void)
{
    pthread_mutex_unlock(&loadingLock);
}

static bool setBundle(OSDictionary *dict, OSKext *kext)
{
    return OSDictionary_setObjectForSymbol(dict, kext->identifier, OSObjectOf(kext));
}

/* A dictionary with the kit's modules in it. +1; NULL without memory. */
static OSDictionary *makeKnown(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(64);
    for (uint32_t i = 0; dict && i < kKernelComponents; i++) {
        OSKext *kext = bundle_makeKernelComponent(kernelComponents[i], i + 1);
        if (!kext || !setBundle(dict, kext))
            OSSafeReleaseNULL(dict);
        OSRelease(kext);
    }
    return dict;
}

void bundles_lock(void)
{
    pthread_mutex_lock(&bundlesLock);
    if (!known)
        known = makeKnown(); /* without memory nothing is known, until the next try */
}

void bundles_unlock(void)
{
    pthread_mutex_unlock(&bundlesLock);
}

OSKext *bundles_find_locked(const OSSymbol *identifier)
{
    return OSDynamicCast(OSKext, known ? OSDictionary_getObjectForSymbol(known, identifier) : NULL);
}

OSKext *bundles_at_locked(unsigned index)
{
    return OSDynamicCast(OSKext, known ? OSDictionary_getValueAtIndex(known, index) : NULL);
}

/* ---- Scanning ---- */

bool OSKext_addExtensionsFolder(const char *path)
{
    char      absolute[PATH_MAX];
    bool      isThere = path && realpath(path, absolute); /* else a scan says that it cannot be read */
    OSString *string  = path ? OSString_withCString(isThere ? absolute : path) : NULL;
    pthread_mutex_lock(&scanLock);
    if (!folders)
        folders = OSArray_withCapacity(4);
    bool added = string && folders && OSArray_setObject(folders, OSObjectOf(string));
    pthread_mutex_unlock(&scanLock);
    OSRelease(string);
    return added;
}

static int isBundleName(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end && end != entry->d_name && strcmp(end, ".kext") == 0;
}

/* Of two with one identifier the higher version counts, of two with one version the first. False without memory. */
static bool keepBetter(OSDictionary *found, OSKext *kext)
{
    OSKext *other = OSDynamicCast(OSKext, OSDictionary_getObjectForSymbol(found, kext->identifier));
    if (other && (other->isKernelComponent || other->version >= kext->version))
        return true;
    return OSDictionary_getCount(found) < kBundlesMax && setBundle(found, kext);
}

static bool scanBundle(const char *path, OSDictionary *found)
{
    char        reason[kOSKextReasonSize];
    char        absolute[PATH_MAX];
    OSReturn    result;
    const char *place = realpath(path, absolute) ? absolute : path; /* a link to nothing is refused by its own name */
    OSKext     *kext  = bundle_read(place, reason, &result);
    bool        done  = kext && keepBetter(found, kext);
    if (!kext) {
        logRefusal(path, reason);
        done = result != kOSKextReturnNoMemory;
    }
    OSRelease(kext);
    return done;
}

static bool scanFolder(const char *folder, OSDictionary *found)
{
    struct dirent **entries;
    bool            done  = true;
    int             count = scandir(folder, &entries, isBundleName, alphasort);
    if (count < 0) {
        IOLog("OSKext: the Extensions folder %s cannot be read: %s", folder, strerror(errno));
        return true;
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path)
            done = done && scanBundle(path, found);
        free(entries[i]);
    }
    free(entries);
    return done;
}

static OSDictionary *scanFolders(void)
{
    OSDictionary *found = makeKnown();
    for (unsigned i = 0; found && folders && i < OSArray_getCount(folders); i++) {
        OSString *folder = OSDynamicCast(OSString, OSArray_getObject(folders, i));
        if (!scanFolder(OSString_getCStringNoCopy(folder), found))
            OSSafeReleaseNULL(found);
    }
    return found;
}

/* Puts what was found in the place of what is known; what is loaded stays. False without memory: nothing has changed. */
static bool replaceKnown_locked(OSDictionary *found)
{
    OSKext *kext;
    for (unsigned i = 0; (kext = bundles_at_locked(i)); i++)
        if (kext->state == kOSKextLoaded && !setBundle(found, kext))
            return false;
    OSRelease(known);
    known = OSRetain(found);
    return true;
}

/* One bundle that the scan found unloadable. */
typedef struct Refusal {
    OSKext *kext; /* owned */
    char    reason[kOSKextReasonSize];
} Refusal;

/* Looks at the dependencies of each bundle. Those of the others go into personalities. refusals has room for all. */
static bool judge_locked(OSArray *personalities, Refusal *refusals, unsigned *ret_count)
{
    OSKext *kext;
    bool    done = true;
    for (unsigned i = 0; done && (kext = bundles_at_locked(i)); i++) {
        OSReturn result;
        OSArray *order = bundle_resolve_locked(kext, refusals[*ret_count].reason, &result);
        if (order) {
            done = bundle_appendPersonalities(kext, personalities);
        } else if (result == kOSKextReturnNoMemory) {
            done = false;
        } else {
            atomic_store(&kext->state, kOSKextRefused);
            refusals[(*ret_count)++].kext = OSRetain(kext);
        }
        OSRelease(order);
    }
    return done;
}

static OSArray *useFound(OSDictionary *found)
{
    OSArray *personalities = OSArray_withCapacity(64);
    unsigned room = 0, count = 0;
    bool     done = false;
    loading_lock();
    bundles_lock();
    if (known && personalities)
        done = replaceKnown_locked(found);
    room               = known ? OSDictionary_getCount(known) : 0;
    Refusal *refusals  = done ? IOMallocZero(room * sizeof *refusals) : NULL;
    done               = refusals && judge_locked(personalities, refusals, &count);
    bundles_unlock();
    loading_unlock();
    for (unsigned i = 0; i < count; i++) {
        logRefusal(refusals[i].kext->path, refusals[i].reason);
        OSRelease(refusals[i].kext);
    }
    IOFree(refusals, room * sizeof *refusals);
    if (!done)
        OSSafeReleaseNULL(personalities);
    return personalities;
}

OSArray *OSKext_scanExtensionsFolders(void)
{
    pthread_mutex_lock(&scanLock);
    OSDictionary *found         = scanFolders();
    OSArray      *personalities = found ? useFound(found) : NULL;
    pthread_mutex_unlock(&scanLock);
    OSRelease(found);
    return personalities;
}

/* ---- By path ---- */

static OSReturn addRead(OSKext *kext, char *reason)
{
    OSReturn result = kOSReturnSuccess;
    loading_lock();
    bundles_lock();
    OSKext *other = bundles_find_locked(kext->identifier);
    if (other && other->state == kOSKextLoaded) {
        if (other->version != kext->version || strcmp(other->path, kext->path) != 0)
            result = refuse(reason, kOSKextReturnLoadedVersionDiffers, "another bundle %s is loaded",
                            OSSymbol_getCStringNoCopy(kext->identifier));
    } else if (!known || OSDictionary_getCount(known) >= kBundlesMax || !setBundle(known, kext)) {
        result = refuse(reason, kOSKextReturnNoMemory, "no memory");
    }
    bundles_unlock();
    loading_unlock();
    return result;
}

OSReturn OSKext_addKextWithPath(const char *path, OSString **ret_identifier, char *reason)
{
    char     ownReason[kOSKextReasonSize];
    char     absolute[PATH_MAX];
    OSReturn result;
    reason = reason ? reason : ownReason;
    if (!path || !realpath(path, absolute))
        return refuse(reason, kOSKextReturnNotFound, "%s", strerror(path ? errno : EINVAL));
    OSKext *kext = bundle_read(absolute, reason, &result);
    if (kext)
        result = addRead(kext, reason);
    if (result != kOSReturnSuccess)
        logRefusal(absolute, reason);
    else if (ret_identifier)
        *ret_identifier = OSRetain((OSString *)&kext->identifier->super);
    OSRelease(kext);
    return result;
}

/* ---- Asking ---- */

OSKext *OSKext_lookupKextWithIdentifier(const char *identifier)
{
    const OSSymbol *symbol = identifier ? OSSymbol_existingSymbolForCString(identifier) : NULL;
    bundles_lock();
    if (!symbol && identifier) /* the kit's modules were made just now */
        symbol = OSSymbol_existingSymbolForCString(identifier);
    OSKext *kext = symbol ? OSRetain(bundles_find_locked(symbol)) : NULL;
    bundles_unlock();
    OSRelease(symbol);
    return kext;
}

OSSet *OSKext_copyLoadedIdentifiers(void)
{
    OSKext *kext;
    OSSet  *set = OSSet_withCapacity(16);
    bundles_lock();
    for (unsigned i = 0; set && (kext = bundles_at_locked(i)); i++)
        if (kext->state == kOSKextLoaded && !OSSet_setObject(set, OSObjectOf(kext->identifier)))
            OSSafeReleaseNULL(set);
    bundles_unlock();
    return set;
}

bool OSKext_hasDependants(const char *identifier)
{
    OSKext *kext = OSKext_lookupKextWithIdentifier(identifier);
    bundles_lock();
    bool has = kext && kext->dependants > 0;
    bundles_unlock();
    OSRelease(kext);
    return has;
}

/* ---- End ---- */

static bool isInUse(OSKext *kext)
{
    return kext->state == kOSKextLoaded && !kext->isKernelComponent;
}

/* Keeps the bundles whose classes have instances: their code is in use. */
static void forgetBundles_locked(void)
{
    OSKext *kext;
    bool    inUse = false;
    for (unsigned i = 0; (kext = bundles_at_locked(i)); i++) {
        if (isInUse(kext))
            IOLog("OSKext: %s stays loaded: its classes have instances", kext->path);
        inUse = inUse || isInUse(kext);
    }
    if (!inUse)
        OSSafeReleaseNULL(known);
}

void OSKext_shutdown(void)
{
    bundles_unloadAll();
    pthread_mutex_lock(&scanLock);
    loading_lock();
    bundles_lock();
    forgetBundles_locked();
    bundles_unlock();
    loading_unlock();
    OSSafeReleaseNULL(folders);
    pthread_mutex_unlock(&scanLock);
}
