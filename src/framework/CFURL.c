/* SPDX-License-Identifier: MIT */
/* CFURL: the path of a file, without a trailing slash, and whether it is a folder. URLs do not change. */
#include "CFInternal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

OSDeclareClass(CFURL);
struct CFURL {
    CFObject super;
    CFStringRef path;   /* owned */
    CFStringRef string; /* owned; percent-encoded */
    bool isDirectory;
};

CFDefineTypeID(CFURL, CFURL, kCFTypeIDURL);

static void CFURL_free_(OSObject *object)
{
    CFURL *self = (CFURL *)object;
    if (self->path)
        CFRelease(self->path);
    if (self->string)
        CFRelease(self->string);
    OSObject_super()->free(object);
}

static bool CFURL_isEqualTo_(const OSObject *self, const OSObject *other)
{
    const CFURL *url = OSDynamicCast(CFURL, other);
    return url && CFEqual(url->string, ((const CFURL *)self)->string);
}

static CFHashCode CFURL_hash_(const CFObject *self)
{
    return CFHash(((const CFURL *)self)->string);
}

static CFStringRef CFURL_copyDescription_(const CFObject *self)
{
    return CFRetain(((const CFURL *)self)->string);
}

OSDefineClassRecord(CFURL, CFObject, CFObjectMethods, false, .free = CFURL_free_, .isEqualTo = CFURL_isEqualTo_,
                    .getTypeID = CFURL_getTypeID_, .hash = CFURL_hash_, .copyDescription = CFURL_copyDescription_);

static void appendEncoded(CFBuffer *buffer, CFText path)
{
    for (size_t i = 0; i < path.length; i++) {
        unsigned char c = (unsigned char)path.bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("/-_.~!$&'()*+,:@=", c));
        if (plain)
            CFBufferAppend(buffer, &c, 1);
        else
            CFBufferAppendFormat(buffer, "%%%02X", c);
    }
}

static CFStringRef makeURLString(CFText path, bool isDirectory, bool withScheme)
{
    CFBuffer buffer = {0};
    CFStringRef string = NULL;
    if (withScheme && path.length && path.bytes[0] == '/')
        CFBufferAppendString(&buffer, "file://");
    appendEncoded(&buffer, path);
    if (isDirectory && (path.length == 0 || path.bytes[path.length - 1] != '/'))
        CFBufferAppendString(&buffer, "/");
    if (!buffer.failed)
        string = CFStringFromText(buffer.bytes ? buffer.bytes : "", buffer.length);
    CFBufferFree(&buffer);
    return string;
}

static CFURLRef makeURL(const char *path, size_t length, bool isDirectory)
{
    CFURL *self = CFAlloc(CFURL);
    while (length > 1 && path[length - 1] == '/') {
        length--;
        isDirectory = true;
    }
    if (!self)
        return NULL;
    self->isDirectory = isDirectory;
    self->path = CFStringFromText(path, length);
    self->string = makeURLString((CFText){path, length}, isDirectory, true);
    if (!self->path || !self->string)
        OSSafeReleaseNULL(self);
    return (CFURLRef)self;
}

CFURLRef CFURLCreateWithFileSystemPath(CFAllocatorRef allocator, CFStringRef filePath, CFURLPathStyle pathStyle,
                                       Boolean isDirectory)
{
    CFText path = CFStringText(filePath);
    return pathStyle == kCFURLPOSIXPathStyle ? makeURL(path.bytes, path.length, isDirectory) : NULL;
}

CFURLRef CFURLCreateFromFileSystemRepresentation(CFAllocatorRef allocator, const UInt8 *buffer, CFIndex bufLen,
                                                 Boolean isDirectory)
{
    return bufLen > 0 ? makeURL((const char *)buffer, (size_t)bufLen, isDirectory) : NULL;
}

static int hexDigit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

CFURLRef CFURLCreateWithString(CFAllocatorRef allocator, CFStringRef URLString, CFURLRef baseURL)
{
    CFText text = CFStringText(URLString);
    CFBuffer path = {0};
    CFURLRef url = NULL;
    size_t i = 0;
    if (text.length >= 7 && strncmp(text.bytes, "file://", 7) == 0) {
        const char *slash = memchr(text.bytes + 7, '/', text.length - 7);
        if (!slash)
            return NULL;
        i = (size_t)(slash - text.bytes);
    } else if (memchr(text.bytes, ':', text.length) || !baseURL) {
        return NULL;
    } else if (text.length && text.bytes[0] != '/') {
        CFText base = CFStringText(((const CFURL *)baseURL)->path);
        CFBufferAppend(&path, base.bytes, base.length);
        CFBufferAppendString(&path, "/");
    }
    for (; i < text.length; i++) {
        int high = text.bytes[i] == '%' && i + 2 < text.length ? hexDigit(text.bytes[i + 1]) : -1;
        int low = high >= 0 ? hexDigit(text.bytes[i + 2]) : -1;
        if (low >= 0) {
            char byte = (char)(high << 4 | low);
            CFBufferAppend(&path, &byte, 1);
            i += 2;
        } else {
            CFBufferAppend(&path, &text.bytes[i], 1);
        }
    }
    if (!path.failed && path.length)
        url = makeURL(path.bytes, path.length, false);
    CFBufferFree(&path);
    return url;
}

CFURLRef CFURLCopyAbsoluteURL(CFURLRef relativeURL)
{
    const CFURL *self = (const CFURL *)relativeURL;
    CFText path = CFStringText(self->path);
    char folder[PATH_MAX], joined[2 * PATH_MAX];
    if ((path.length && path.bytes[0] == '/') || !getcwd(folder, sizeof folder))
        return CFRetain(relativeURL);
    int length = snprintf(joined, sizeof joined, "%s/%.*s", folder, (int)path.length, path.bytes);
    return (size_t)length < sizeof joined ? makeURL(joined, (size_t)length, self->isDirectory) : NULL;
}

CFStringRef CFURLGetString(CFURLRef anURL)
{
    return ((const CFURL *)anURL)->string;
}

CFStringRef CFURLCopyPath(CFURLRef anURL)
{
    const CFURL *self = (const CFURL *)anURL;
    return makeURLString(CFStringText(self->path), self->isDirectory, false);
}

CFStringRef CFURLCopyFileSystemPath(CFURLRef anURL, CFURLPathStyle pathStyle)
{
    return pathStyle == kCFURLPOSIXPathStyle ? CFRetain(((const CFURL *)anURL)->path) : NULL;
}

Boolean CFURLHasDirectoryPath(CFURLRef anURL)
{
    return ((const CFURL *)anURL)->isDirectory;
}

Boolean CFURLGetFileSystemRepresentation(CFURLRef url, Boolean resolveAgainstBase, UInt8 *buffer, CFIndex maxBufLen)
{
    CFURLRef absolute = resolveAgainstBase ? CFURLCopyAbsoluteURL(url) : CFRetain(url);
    Boolean fits = absolute && CFStringGetCString(((const CFURL *)absolute)->path, (char *)buffer, maxBufLen,
                                                  kCFStringEncodingUTF8);
    if (absolute)
        CFRelease(absolute);
    return fits;
}

/* The last component: behind the last slash. */
static CFText lastComponent(CFURLRef url)
{
    CFText path = CFStringText(((const CFURL *)url)->path);
    const char *slash = memrchr(path.bytes, '/', path.length);
    if (!slash || path.length == 1)
        return path;
    return (CFText){slash + 1, path.length - (size_t)(slash + 1 - path.bytes)};
}

CFStringRef CFURLCopyLastPathComponent(CFURLRef url)
{
    CFText last = lastComponent(url);
    return CFStringFromText(last.bytes, last.length);
}

CFStringRef CFURLCopyPathExtension(CFURLRef url)
{
    CFText last = lastComponent(url);
    const char *dot = memrchr(last.bytes, '.', last.length);
    if (!dot || dot == last.bytes || dot + 1 == last.bytes + last.length)
        return NULL;
    return CFStringFromText(dot + 1, last.length - (size_t)(dot + 1 - last.bytes));
}

CFURLRef CFURLCreateCopyAppendingPathComponent(CFAllocatorRef allocator, CFURLRef url, CFStringRef pathComponent,
                                               Boolean isDirectory)
{
    CFText path = CFStringText(((const CFURL *)url)->path), last = CFStringText(pathComponent);
    CFBuffer buffer = {0};
    CFURLRef made = NULL;
    CFBufferAppend(&buffer, path.bytes, path.length);
    if (path.length && path.bytes[path.length - 1] != '/')
        CFBufferAppendString(&buffer, "/");
    if (CFBufferAppend(&buffer, last.bytes, last.length))
        made = makeURL(buffer.bytes, buffer.length, isDirectory);
    CFBufferFree(&buffer);
    return made;
}

CFURLRef CFURLCreateCopyDeletingLastPathComponent(CFAllocatorRef allocator, CFURLRef url)
{
    CFText path = CFStringText(((const CFURL *)url)->path), last = lastComponent(url);
    size_t length = path.length - last.length;
    if (length == 0)
        return makeURL(path.bytes[0] == '/' ? "/" : ".", 1, true);
    return makeURL(path.bytes, length, true);
}
