/* SPDX-License-Identifier: MIT */
/* CFBundle: folders with an Info.plist (Contents/Info.plist, or Info.plist at the top). Nothing is loaded. */
#ifndef __COREFOUNDATION_CFBUNDLE__
#define __COREFOUNDATION_CFBUNDLE__

#include <CoreFoundation/CFArray.h>
#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFDictionary.h>
#include <CoreFoundation/CFString.h>
#include <CoreFoundation/CFURL.h>

CF_EXTERN_C_BEGIN

typedef struct __CFBundle *CFBundleRef;
typedef struct __CFBundle *CFPlugInRef;

/* libkern/OSKextLib.h has some of these as texts, for code without CoreFoundation. */
#undef kCFBundleExecutableKey
#undef kCFBundleIdentifierKey
#undef kCFBundleVersionKey
#undef kCFBundleNameKey
CF_EXPORT const CFStringRef kCFBundleInfoDictionaryVersionKey;
CF_EXPORT const CFStringRef kCFBundleExecutableKey;
CF_EXPORT const CFStringRef kCFBundleIdentifierKey;
CF_EXPORT const CFStringRef kCFBundleVersionKey;
CF_EXPORT const CFStringRef kCFBundleNameKey;
CF_EXPORT const CFStringRef kCFBundleDevelopmentRegionKey;

CF_EXPORT CFTypeID CFBundleGetTypeID(void);
/* +1; NULL when there is no folder. */
CF_EXPORT CFBundleRef CFBundleCreate(CFAllocatorRef allocator, CFURLRef bundleURL);
/* The bundles of a folder whose names end in bundleType (without dot; NULL: all folders). +1. */
CF_EXPORT CFArrayRef CFBundleCreateBundlesFromDirectory(CFAllocatorRef allocator, CFURLRef directoryURL,
                                                        CFStringRef bundleType);
CF_EXPORT CFURLRef CFBundleCopyBundleURL(CFBundleRef bundle);
/* Empty when there is no readable Info.plist. Borrowed. */
CF_EXPORT CFDictionaryRef CFBundleGetInfoDictionary(CFBundleRef bundle);
CF_EXPORT CFStringRef     CFBundleGetIdentifier(CFBundleRef bundle);
CF_EXPORT CFTypeRef       CFBundleGetValueForInfoDictionaryKey(CFBundleRef bundle, CFStringRef key);

CF_EXTERN_C_END

#endif
