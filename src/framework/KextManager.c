/* SPDX-License-Identifier: MIT */
/*
 * KextManager: bundles of the host. The host knows bundles by identifier, and takes a path for one that it does not know
 * yet. No state, no locks.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitServer.h>
#include <IOKit/kext/KextManager.h>
#include <libkern/OSKextLib.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

/* ---- Loading ---- */

/* The URL's absolute path in PATH_MAX bytes. */
static bool get_path(CFTypeRef url, char *path)
{
    char given[PATH_MAX];
    return url && CFGetTypeID(url) == CFURLGetTypeID() &&
           CFURLGetFileSystemRepresentation(url, true, (UInt8 *)given, sizeof given) && realpath(given, path) != NULL;
}

/* Loads the bundles at the URLs. */
static OSReturn load_dependencies(CFArrayRef urls)
{
    OSReturn result = kOSReturnSuccess;
    CFIndex  count  = urls ? CFArrayGetCount(urls) : 0;
    for (CFIndex i = 0; i < count && result == kOSReturnSuccess; i++)
        result = KextManagerLoadKextWithURL(CFArrayGetValueAtIndex(urls, i), NULL);
    return result;
}

OSReturn KextManagerLoadKextWithURL(CFURLRef kextURL, CFArrayRef dependencyKextAndFolderURLs)
{
    char path[PATH_MAX];
    if (!get_path(kextURL, path))
        return kOSKextReturnInvalidArgument;
    OSReturn result = load_dependencies(dependencyKextAndFolderURLs);
    return result == kOSReturnSuccess ? kext_load(MACH_PORT_NULL, path) : result;
}

OSReturn KextManagerLoadKextWithIdentifier(CFStringRef kextIdentifier, CFArrayRef dependencyKextAndFolderURLs)
{
    char *identifier = iokit_copy_text(kextIdentifier);
    if (!identifier || identifier[0] == '/') { /* which would be a path */
        free(identifier);
        return kOSKextReturnInvalidArgument;
    }
    OSReturn result = load_dependencies(dependencyKextAndFolderURLs);
    if (result == kOSReturnSuccess)
        result = kext_load(MACH_PORT_NULL, identifier);
    free(identifier);
    return result;
}

/* ---- Unloading ---- */

OSReturn KextManagerUnloadKextWithIdentifier(CFStringRef kextIdentifier)
{
    char *identifier = iokit_copy_text(kextIdentifier);
    if (!identifier)
        return kOSKextReturnInvalidArgument;
    OSReturn result = kext_unload(MACH_PORT_NULL, identifier);
    free(identifier);
    return result;
}

/* ---- Asking ---- */

struct selection {
    CFArrayRef             identifiers; /* NULL: all */
    CFArrayRef             keys;        /* NULL: all */
    CFMutableDictionaryRef result;
};

static bool has(CFArrayRef array, CFTypeRef value)
{
    return !array || CFArrayContainsValue(array, CFRangeMake(0, CFArrayGetCount(array)), value);
}

static CFMutableDictionaryRef create_dictionary(void)
{
    return CFDictionaryCreateMutable(kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks,
                                     &kCFTypeDictionaryValueCallBacks);
}

static void take_key(const void *key, const void *value, void *opaque)
{
    const struct selection *selection = opaque;
    if (has(selection->keys, key))
        CFDictionarySetValue(selection->result, key, value);
}

static void take_bundle(const void *identifier, const void *info, void *opaque)
{
    const struct selection *selection = opaque;
    if (!has(selection->identifiers, identifier) || CFGetTypeID(info) != CFDictionaryGetTypeID())
        return;
    struct selection inner = {.keys = selection->keys, .result = create_dictionary()};
    if (!inner.result)
        return;
    CFDictionaryApplyFunction(info, take_key, &inner);
    CFDictionarySetValue(selection->result, identifier, inner.result);
    CFRelease(inner.result);
}

CFDictionaryRef KextManagerCopyLoadedKextInfo(CFArrayRef kextIdentifiers, CFArrayRef infoKeys)
{
    void    *bytes = NULL;
    uint64_t size  = 0;
    if (kext_copy_info(MACH_PORT_NULL, &bytes, &size) != kIOReturnSuccess)
        return NULL;
    CFTypeRef        all       = iokit_unserialize(bytes, size, kCFAllocatorDefault);
    struct selection selection = {kextIdentifiers, infoKeys, NULL};
    if (all && CFGetTypeID(all) == CFDictionaryGetTypeID())
        selection.result = create_dictionary();
    if (selection.result)
        CFDictionaryApplyFunction(all, take_bundle, &selection);
    if (all)
        CFRelease(all);
    return selection.result;
}
