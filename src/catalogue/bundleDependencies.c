/* SPDX-License-Identifier: MIT */
/*
 * bundleDependencies: in which order a bundle and what it depends on must be loaded, or why that cannot be.
 *
 * A walk over OSBundleLibraries, depth first: a bundle is appended once all its libraries are. The path from the bundle in
 * question to the one being looked at is kept; meeting a member of it again is a cycle. A library must have an
 * OSBundleCompatibleVersion, and the version asked for must lie between that and its own.
 */
#include "OSKextPrivate.h"

typedef struct Walk {
    OSArray *order;                     /* what is done */
    OSKext  *path[kDependencyDepthMax]; /* borrowed; [0] is the bundle in question */
    unsigned depth;
    bool     explained; /* the reason is about the bundle in question itself and stays as it is */
} Walk;

static OSReturn checkVersion(const OSKext *library, const char *identifier, const char *wanted, char *reason)
{
    char          is[kOSKextVersionMaxLength], from[kOSKextVersionMaxLength];
    OSKextVersion version = OSKextParseVersionString(wanted);
    if (library->compatibleVersion == 0)
        return refuse(reason, kOSKextReturnDependencies,
                      "depends on %s, which is no library: it has no OSBundleCompatibleVersion", identifier);
    OSKextVersionGetString(library->version, is, sizeof is);
    OSKextVersionGetString(library->compatibleVersion, from, sizeof from);
    if (version > library->version || version < library->compatibleVersion)
        return refuse(reason, kOSKextReturnDependencies, "needs %s %.20s, but there is %s, compatible from %s", identifier,
                      wanted, is, from);
    return kOSReturnSuccess;
}

static bool isOnPath(const Walk *walk, const OSKext *kext)
{
    for (unsigned i = 0; i < walk->depth; i++)
        if (walk->path[i] == kext)
            return true;
    return false;
}

static bool isDone(const Walk *walk, const OSKext *kext)
{
    return OSArray_getNextIndexOfObject(walk->order, OSObjectOf(kext), 0) != (unsigned)-1;
}

static OSReturn visit(Walk *walk, OSKext *kext, char *reason);

static OSReturn visitLibrary(Walk *walk, OSKext *kext, const OSSymbol *symbol, const char *wanted, char *reason)
{
    const char *identifier = OSSymbol_getCStringNoCopy(symbol);
    OSKext     *library    = bundles_find_locked(symbol);
    if (!library)
        return refuse(reason, kOSKextReturnDependencies, "depends on %s, which is not there", identifier);
    OSReturn result = checkVersion(library, identifier, wanted, reason);
    if (result != kOSReturnSuccess)
        return result;
    if (isOnPath(walk, library)) {
        walk->explained = library == walk->path[0];
        return refuse(reason, kOSKextReturnDependencies, "depends on itself, through %s",
                      OSSymbol_getCStringNoCopy(kext->identifier));
    }
    result = visit(walk, library, reason);
    if (result != kOSReturnSuccess && result != kOSKextReturnNoMemory && !walk->explained)
        return refuse(reason, kOSKextReturnDependencies, "depends on %s, which cannot be loaded", identifier);
    return result;
}

/* Dictionary values were checked when the bundle was read: they are strings. */
static OSReturn visit(Walk *walk, OSKext *kext, char *reason)
{
    OSDictionary *libraries = OSDynamicCast(OSDictionary, OSDictionary_getObject(kext->info, kOSBundleLibrariesKey));
    OSReturn      result    = kOSReturnSuccess;
    if (isDone(walk, kext))
        return kOSReturnSuccess;
    if (walk->depth == kDependencyDepthMax)
        return refuse(reason, kOSKextReturnDependencies, "more than %d bundles depend on each other in a row",
                      kDependencyDepthMax);
    walk->path[walk->depth++] = kext;
    for (unsigned i = 0; result == kOSReturnSuccess && libraries && i < OSDictionary_getCount(libraries); i++) {
        OSString *wanted = OSDynamicCast(OSString, OSDictionary_getValueAtIndex(libraries, i));
        result           = visitLibrary(walk, kext, OSDictionary_getKeyAtIndex(libraries, i),
                                        OSString_getCStringNoCopy(wanted), reason);
    }
    walk->depth--;
    if (result == kOSReturnSuccess && !OSArray_setObject(walk->order, OSObjectOf(kext)))
        result = refuse(reason, kOSKextReturnNoMemory, "no memory");
    return result;
}

OSArray *bundle_resolve_locked(OSKext *kext, char *reason, OSReturn *ret_result)
{
    Walk walk   = {.order = OSArray_withCapacity(8)};
    *ret_result = walk.order ? visit(&walk, kext, reason) : refuse(reason, kOSKextReturnNoMemory, "no memory");
    if (*ret_result != kOSReturnSuccess)
        OSSafeReleaseNULL(walk.order);
    return walk.order;
}

OSArray *bundle_copyLibraries_locked(OSKext *kext)
{
    OSDictionary *libraries = OSDynamicCast(OSDictionary, OSDictionary_getObject(kext->info, kOSBundleLibrariesKey));
    OSArray      *array     = OSArray_withCapacity(4);
    for (unsigned i = 0; array && libraries && i < OSDictionary_getCount(libraries); i++) {
        OSKext *library = bundles_find_locked(OSDictionary_getKeyAtIndex(libraries, i));
        if (library && !OSArray_setObject(array, OSObjectOf(library)))
            OSSafeReleaseNULL(array);
    }
    return array;
}
