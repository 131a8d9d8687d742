/* SPDX-License-Identifier: MIT */
/* CFURL: files by path. Only file URLs are made here; the path is kept as the file system has it. */
#ifndef __COREFOUNDATION_CFURL__
#define __COREFOUNDATION_CFURL__

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFString.h>

CF_EXTERN_C_BEGIN

typedef CF_ENUM(CFIndex, CFURLPathStyle){kCFURLPOSIXPathStyle = 0, kCFURLHFSPathStyle, kCFURLWindowsPathStyle};

typedef const struct __CFURL *CFURLRef;

CF_EXPORT CFTypeID CFURLGetTypeID(void);
/* +1. pathStyle is kCFURLPOSIXPathStyle (NULL for another). A relative path is one in the working directory. */
CF_EXPORT CFURLRef CFURLCreateWithFileSystemPath(CFAllocatorRef allocator, CFStringRef filePath,
                                                 CFURLPathStyle pathStyle, Boolean isDirectory);
CF_EXPORT CFURLRef CFURLCreateFromFileSystemRepresentation(CFAllocatorRef allocator, const UInt8 *buffer,
                                                           CFIndex bufLen, Boolean isDirectory);
/* A file: URL in its percent-encoded form; NULL for another scheme. baseURL is for a relative one, else NULL. */
CF_EXPORT CFURLRef CFURLCreateWithString(CFAllocatorRef allocator, CFStringRef URLString, CFURLRef baseURL);
/* Retained, or resolved against the working directory. */
CF_EXPORT CFURLRef CFURLCopyAbsoluteURL(CFURLRef relativeURL);
/* Percent-encoded: "file:///a%20b". Borrowed from the URL. */
CF_EXPORT CFStringRef CFURLGetString(CFURLRef anURL);
/* Percent-encoded path. +1. */
CF_EXPORT CFStringRef CFURLCopyPath(CFURLRef anURL);
/* As the file system has it, without a trailing slash. +1. */
CF_EXPORT CFStringRef CFURLCopyFileSystemPath(CFURLRef anURL, CFURLPathStyle pathStyle);
CF_EXPORT Boolean     CFURLHasDirectoryPath(CFURLRef anURL);
/* The path with its NUL in maxBufLen bytes; false when it does not fit. */
CF_EXPORT Boolean CFURLGetFileSystemRepresentation(CFURLRef url, Boolean resolveAgainstBase, UInt8 *buffer,
                                                   CFIndex maxBufLen);
CF_EXPORT CFStringRef CFURLCopyLastPathComponent(CFURLRef url);
/* Without the dot; NULL when there is none. +1. */
CF_EXPORT CFStringRef CFURLCopyPathExtension(CFURLRef url);
CF_EXPORT CFURLRef    CFURLCreateCopyAppendingPathComponent(CFAllocatorRef allocator, CFURLRef url,
                                                            CFStringRef pathComponent, Boolean isDirectory);
CF_EXPORT CFURLRef    CFURLCreateCopyDeletingLastPathComponent(CFAllocatorRef allocator, CFURLRef url);

CF_EXTERN_C_END

#endif
