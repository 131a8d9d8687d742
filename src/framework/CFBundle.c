/* SPDX-License-Identifier: MIT */
/* CFBundle: a folder and its Info.plist, read when the bundle is made. Bundles do not change. */
#include "CFInternal.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

CFDefineConstant(CFStringRef, kCFBundleInfoDictionaryVersionKey, "CFBundleInfoDictionaryVersion");
CFDefineConstant(CFStringRef, kCFBundleExecutableKey, "CFBundleExecutable");
CFDefineConstant(CFStringRef, kCFBundleIdentifierKey, "CFBundleIdentifier");
CFDefineConstant(CFStringRef, kCFBundleVersionKey, "CFBundleVersion");
CFDefineConstant(CFStringRef, kCFBundleNameKey, "CFBundleName");
CFDefineConstant(CFStringRef, kCFBundleDevelopmentRegionKey, "CFBundleDevelopmentRegion");

OSDeclareClass(CFBundle);
struct CFBundle {
    CFObject super;
    CFURLRef url;         /* owned */
    CFDictionaryRef info; /* owned */
};

CFDefineTypeID(CFBundle, CFBundle, kCFTypeIDBundle);

static void CFBundle_free_(OSObject *object)
{
    CFBundle *self = (CFBundle *)object;
    if (self->url)
        CFRelease(self->url);
    if (self->info)
        CFRelease(self->info);
    OSObject_super()->free(object);
}

OSDefineClassRecord(CFBundle, CFObject, CFObjectMethods, false, .free = CFBundle_free_,
                    .getTypeID = CFBundle_getTypeID_);

/* The dictionary in a file of the folder; NULL when there is none. */
static CFDictionaryRef readInfo(CFURLRef folder, CFStringRef name)
{
    CFURLRef url = CFURLCreateCopyAppendingPathComponent(NULL, folder, name, false);
    CFReadStreamRef stream = url ? CFReadStreamCreateWithFile(NULL, url) : NULL;
    CFPropertyListRef plist = NULL;
    if (stream && CFReadStreamOpen(stream))
        plist = CFPropertyListCreateWithStream(NULL, stream, 0, kCFPropertyListImmutable, NULL, NULL);
    if (stream)
        CFRelease(stream);
    if (url)
        CFRelease(url);
    if (plist && CFGetTypeID(plist) != kCFTypeIDDictionary) {
        CFRelease(plist);
        plist = NULL;
    }
    return plist;
}

CFBundleRef CFBundleCreate(CFAllocatorRef allocator, CFURLRef bundleURL)
{
    UInt8 path[PATH_MAX];
    struct stat status;
    if (!CFURLGetFileSystemRepresentation(bundleURL, true, path, sizeof path) || stat((char *)path, &status) != 0 ||
        !S_ISDIR(status.st_mode))
        return NULL;
    CFBundle *self = CFAlloc(CFBundle);
    if (!self)
        return NULL;
    self->url = CFURLCreateFromFileSystemRepresentation(NULL, path, (CFIndex)strlen((char *)path), true);
    self->info = readInfo(bundleURL, CFSTR("Contents/Info.plist"));
    if (!self->info)
        self->info = readInfo(bundleURL, CFSTR("Info.plist"));
    if (!self->info)
        self->info =
            CFDictionaryCreate(NULL, NULL, NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    if (!self->url || !self->info)
        OSSafeReleaseNULL(self);
    return (CFBundleRef)self;
}

static void addBundle(CFMutableArrayRef bundles, CFURLRef folder, const char *name)
{
    CFStringRef string = CFStringFromText(name, strlen(name));
    CFURLRef url = string ? CFURLCreateCopyAppendingPathComponent(NULL, folder, string, true) : NULL;
    CFBundleRef bundle = url ? CFBundleCreate(NULL, url) : NULL;
    if (bundle) {
        CFArrayAppendValue(bundles, bundle);
        CFRelease(bundle);
    }
    if (url)
        CFRelease(url);
    if (string)
        CFRelease(string);
}

static bool hasType(const char *name, const char *type)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && (!type[0] || (dot && strcmp(dot + 1, type) == 0));
}

CFArrayRef CFBundleCreateBundlesFromDirectory(CFAllocatorRef allocator, CFURLRef directoryURL, CFStringRef bundleType)
{
    UInt8 path[PATH_MAX];
    char type[NAME_MAX] = "";
    CFMutableArrayRef bundles = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    DIR *folder;
    struct dirent *entry;
    if (!bundles || !CFURLGetFileSystemRepresentation(directoryURL, true, path, sizeof path) ||
        (bundleType && !CFStringGetCString(bundleType, type, sizeof type, kCFStringEncodingUTF8)))
        return bundles;
    folder = opendir((char *)path);
    while (folder && (entry = readdir(folder)))
        if (hasType(entry->d_name, type))
            addBundle(bundles, directoryURL, entry->d_name);
    if (folder)
        closedir(folder);
    return bundles;
}

CFURLRef CFBundleCopyBundleURL(CFBundleRef bundle)
{
    return CFRetain(((CFBundle *)bundle)->url);
}

CFDictionaryRef CFBundleGetInfoDictionary(CFBundleRef bundle)
{
    return ((CFBundle *)bundle)->info;
}

CFTypeRef CFBundleGetValueForInfoDictionaryKey(CFBundleRef bundle, CFStringRef key)
{
    return CFDictionaryGetValue(((CFBundle *)bundle)->info, key);
}

CFStringRef CFBundleGetIdentifier(CFBundleRef bundle)
{
    CFTypeRef value = CFBundleGetValueForInfoDictionaryKey(bundle, kCFBundleIdentifierKey);
    return CFIsString(value) ? value : NULL;
}
