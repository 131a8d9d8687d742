/* SPDX-License-Identifier: MIT */
/*
 * CFString: making strings and reading them. An immutable string is an OSString unless it has a NUL inside or is too
 * long for one; constant strings and OSSymbols are strings too. CFStringText is the one place that knows them all.
 * Indexes are UTF-16 units over UTF-8 storage: finding one is a walk, which text of this size can afford.
 */
#include "CFStringObject.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libkern/OSSerialize.h>

CFDefineTypeID(CFStringObject, CFString, kCFTypeIDString);

static void CFStringObject_free_(OSObject *object)
{
    CFBufferFree(&((CFStringObject *)object)->text);
    OSObject_super()->free(object);
}

static bool CFStringObject_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return CFEqual(self, other);
}

static bool CFStringObject_serialize_(const OSObject *self, OSSerialize *serializer)
{
    OSObject *string = CFCopyKernelObject(self);
    bool done = string && OSObject_serialize(string, serializer);
    OSObject_release(string);
    return done;
}

OSDefineClassRecord(CFStringObject, CFObject, CFObjectMethods, false, .free = CFStringObject_free_,
                    .isEqualTo = CFStringObject_isEqualTo_, .serialize = CFStringObject_serialize_,
                    .getTypeID = CFStringObject_getTypeID_);

bool CFIsString(CFTypeRef cf)
{
    return cf && CFGetTypeID(cf) == kCFTypeIDString;
}

CFText CFStringText(CFStringRef string)
{
    if (!string)
        panic("NULL where a CFString is wanted");
    const OSObject *object = CFObjectFrom(string);
    if ((const void *)object->super.methods == &__CFConstantStringClassReference) {
        const CFConstantString *constant = (const CFConstantString *)object;
        return (CFText){constant->bytes, (size_t)constant->length};
    }
    const OSString *text = OSDynamicCast(OSString, object);
    if (text)
        return (CFText){OSString_getCStringNoCopy(text), OSString_getLength(text)};
    const CFStringObject *own = OSRequiredCast(CFStringObject, object);
    return (CFText){own->text.bytes ? own->text.bytes : "", own->text.length};
}

static CFStringObject *makeOwn(const char *bytes, size_t length, CFIndex limit)
{
    CFStringObject *self = CFAlloc(CFStringObject);
    if (!self)
        return NULL;
    self->limit = limit;
    if (!CFBufferAppend(&self->text, bytes, length))
        OSSafeReleaseNULL(self);
    return self;
}

/* Of valid UTF-8. */
static CFStringRef makeString(const char *bytes, size_t length)
{
    CFInitialize();
    if (length < kOSStringMaxLength && (length == 0 || !memchr(bytes, 0, length)))
        return (CFStringRef)(void *)OSString_withStringOfLength(length ? bytes : "", length);
    return (CFStringRef)(void *)makeOwn(bytes, length, -1);
}

CFStringRef CFStringFromText(const char *bytes, size_t length)
{
    if (CFTextIsValid(bytes, length))
        return makeString(bytes, length);
    CFBuffer buffer = {0};
    CFStringRef string = NULL;
    for (size_t offset = 0; offset < length;) {
        char point[4];
        size_t count = CFTextAppendCodePoint(point, CFTextNextCodePoint(bytes, length, &offset));
        CFBufferAppend(&buffer, point, count);
    }
    if (!buffer.failed)
        string = makeString(buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
    return string;
}

CFStringRef CFStringFromFormat(const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    return CFStringFromText(text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

CFStringRef CFStringCreateWithBytes(CFAllocatorRef alloc, const UInt8 *bytes, CFIndex numBytes,
                                    CFStringEncoding encoding, Boolean isExternalRepresentation)
{
    CFBuffer buffer = {0};
    CFStringRef string = NULL;
    if (numBytes < 0 || (!bytes && numBytes > 0))
        return NULL;
    bool isUTF8 = encoding == kCFStringEncodingUTF8 && !isExternalRepresentation;
    if (isUTF8)
        return CFTextIsValid((const char *)bytes, (size_t)numBytes) ? makeString((const char *)bytes, (size_t)numBytes)
                                                                    : NULL;
    if (CFEncodingDecode(encoding, (const char *)bytes, (size_t)numBytes, isExternalRepresentation, &buffer))
        string = makeString(buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
    return string;
}

CFStringRef CFStringCreateWithCString(CFAllocatorRef alloc, const char *cStr, CFStringEncoding encoding)
{
    if (!cStr)
        return NULL;
    return CFStringCreateWithBytes(alloc, (const UInt8 *)cStr, (CFIndex)strlen(cStr), encoding, false);
}

CFStringRef CFStringCreateWithPascalString(CFAllocatorRef alloc, ConstStr255Param pStr, CFStringEncoding encoding)
{
    return CFStringCreateWithBytes(alloc, pStr + 1, pStr[0], encoding, false);
}

CFStringRef CFStringCreateWithCharacters(CFAllocatorRef alloc, const UniChar *chars, CFIndex numChars)
{
    CFBuffer buffer = {0};
    CFStringRef string = NULL;
    CFStringEncoding encoding = OSHostByteOrder() == OSBigEndian ? kCFStringEncodingUTF16BE : kCFStringEncodingUTF16LE;
    if (CFEncodingDecode(encoding, (const char *)chars, (size_t)numChars * sizeof *chars, false, &buffer))
        string = makeString(buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
    return string;
}

CFStringRef CFStringCreateWithBytesNoCopy(CFAllocatorRef alloc, const UInt8 *bytes, CFIndex numBytes,
                                          CFStringEncoding encoding, Boolean isExternalRepresentation,
                                          CFAllocatorRef contentsDeallocator)
{
    CFStringRef string = CFStringCreateWithBytes(alloc, bytes, numBytes, encoding, isExternalRepresentation);
    if (string)
        CFBytesDeallocate(contentsDeallocator, bytes);
    return string;
}

CFStringRef CFStringCreateWithCStringNoCopy(CFAllocatorRef alloc, const char *cStr, CFStringEncoding encoding,
                                            CFAllocatorRef contentsDeallocator)
{
    return CFStringCreateWithBytesNoCopy(alloc, (const UInt8 *)cStr, (CFIndex)strlen(cStr), encoding, false,
                                         contentsDeallocator);
}

CFStringRef CFStringCreateWithSubstring(CFAllocatorRef alloc, CFStringRef str, CFRange range)
{
    CFText text = CFStringText(str);
    size_t start = CFTextOffset(text, range.location);
    size_t end = CFTextOffset(text, range.location + range.length);
    return makeString(text.bytes + start, end - start);
}

CFStringRef CFStringCreateCopy(CFAllocatorRef alloc, CFStringRef theString)
{
    CFText text = CFStringText(theString);
    const CFStringObject *own = OSDynamicCast(CFStringObject, CFObjectFrom(theString));
    return own && own->limit >= 0 ? makeString(text.bytes, text.length) : CFRetain(theString);
}

CFMutableStringRef CFStringCreateMutable(CFAllocatorRef alloc, CFIndex maxLength)
{
    return (CFMutableStringRef)(void *)makeOwn("", 0, maxLength < 0 ? 0 : maxLength);
}

CFMutableStringRef CFStringCreateMutableCopy(CFAllocatorRef alloc, CFIndex maxLength, CFStringRef theString)
{
    CFText text = CFStringText(theString);
    return (CFMutableStringRef)(void *)makeOwn(text.bytes, text.length, maxLength < 0 ? 0 : maxLength);
}

CFStringRef CFStringCreateFromExternalRepresentation(CFAllocatorRef alloc, CFDataRef data, CFStringEncoding encoding)
{
    return CFStringCreateWithBytes(alloc, CFDataGetBytePtr(data), CFDataGetLength(data), encoding, true);
}

CFIndex CFStringGetLength(CFStringRef theString)
{
    CFText text = CFStringText(theString);
    return CFTextUnits(text.bytes, text.length);
}

void CFStringGetCharacters(CFStringRef theString, CFRange range, UniChar *buffer)
{
    CFText text = CFStringText(theString);
    size_t offset = CFTextOffset(text, range.location);
    for (CFIndex done = 0; done < range.length && offset < text.length;) {
        uint32_t point = CFTextNextCodePoint(text.bytes, text.length, &offset);
        if (point >= 0x10000) {
            buffer[done++] = (UniChar)(0xd800 | (point - 0x10000) >> 10);
            if (done == range.length)
                return;
            buffer[done++] = (UniChar)(0xdc00 | (point & 0x3ff));
        } else {
            buffer[done++] = (UniChar)point;
        }
    }
}

UniChar CFStringGetCharacterAtIndex(CFStringRef theString, CFIndex idx)
{
    CFText text = CFStringText(theString);
    size_t offset = CFTextOffset(text, idx);
    bool second = offset < text.length && CFTextUnits(text.bytes, offset) < idx;
    if (offset >= text.length)
        return 0;
    uint32_t point = CFTextNextCodePoint(text.bytes, text.length, &offset);
    if (point < 0x10000)
        return (UniChar)point;
    return (UniChar)(second ? 0xdc00 | (point & 0x3ff) : 0xd800 | (point - 0x10000) >> 10);
}

const UniChar *CFStringGetCharactersPtr(CFStringRef theString)
{
    return NULL; /* no string is stored in UTF-16 */
}

const char *CFStringGetCStringPtr(CFStringRef theString, CFStringEncoding encoding)
{
    CFText text = CFStringText(theString);
    if (memchr(text.bytes, 0, text.length))
        return NULL;
    switch (encoding) {
    case kCFStringEncodingUTF8:
        return text.bytes;
    case kCFStringEncodingASCII:
    case kCFStringEncodingNonLossyASCII:
    case kCFStringEncodingMacRoman:
    case kCFStringEncodingISOLatin1:
    case kCFStringEncodingWindowsLatin1:
        return CFTextIsASCII(text.bytes, text.length) ? text.bytes : NULL;
    default:
        return NULL;
    }
}

/* Writes one code point; false when it does not fit or has no form. */
static bool putPoint(uint32_t point, CFStringEncoding encoding, UInt8 lossByte, UInt8 *buffer, CFIndex room,
                     CFIndex *used)
{
    uint8_t bytes[8];
    size_t count = CFEncodingEncode(encoding, point, bytes);
    if (count == 0) {
        if (!lossByte)
            return false;
        bytes[0] = lossByte;
        count = 1;
    }
    if (buffer && *used + (CFIndex)count > room)
        return false;
    if (buffer)
        memcpy(buffer + *used, bytes, count);
    *used += (CFIndex)count;
    return true;
}

CFIndex CFStringGetBytes(CFStringRef theString, CFRange range, CFStringEncoding encoding, UInt8 lossByte,
                         Boolean isExternalRepresentation, UInt8 *buffer, CFIndex maxBufLen, CFIndex *usedBufLen)
{
    CFText text = CFStringText(theString);
    size_t offset = CFTextOffset(text, range.location);
    size_t end = CFTextOffset(text, range.location + range.length);
    CFIndex used = 0, converted = 0;
    bool hasMark = encoding == kCFStringEncodingUTF16 || encoding == kCFStringEncodingUTF32;
    bool going = true;
    if (isExternalRepresentation && hasMark)
        going = putPoint(0xfeff, encoding, 0, buffer, maxBufLen, &used);
    while (going && offset < end) {
        uint32_t point = CFTextNextCodePoint(text.bytes, end, &offset);
        going = putPoint(point, encoding, lossByte, buffer, maxBufLen, &used);
        if (going)
            converted += point >= 0x10000 ? 2 : 1;
    }
    if (usedBufLen)
        *usedBufLen = used;
    return converted;
}

Boolean CFStringGetCString(CFStringRef theString, char *buffer, CFIndex bufferSize, CFStringEncoding encoding)
{
    CFText text = CFStringText(theString);
    CFIndex used = 0, units;
    if (!buffer || bufferSize <= 0)
        return false;
    if (encoding == kCFStringEncodingUTF8) {
        if (text.length >= (size_t)bufferSize || memchr(text.bytes, 0, text.length))
            return false;
        memcpy(buffer, text.bytes, text.length);
        buffer[text.length] = 0;
        return true;
    }
    units = CFTextUnits(text.bytes, text.length);
    if (CFStringGetBytes(theString, CFRangeMake(0, units), encoding, 0, false, (UInt8 *)buffer, bufferSize - 1,
                         &used) != units) {
        buffer[0] = 0;
        return false;
    }
    buffer[used] = 0;
    return true;
}

Boolean CFStringGetPascalString(CFStringRef theString, StringPtr buffer, CFIndex bufferSize, CFStringEncoding encoding)
{
    char text[257];
    if (bufferSize < 1 || !CFStringGetCString(theString, text, sizeof text - 1, encoding))
        return false;
    size_t length = strlen(text);
    if (length >= (size_t)bufferSize)
        return false;
    buffer[0] = (unsigned char)length;
    memcpy(buffer + 1, text, length);
    return true;
}

CFDataRef CFStringCreateExternalRepresentation(CFAllocatorRef alloc, CFStringRef theString, CFStringEncoding encoding,
                                               UInt8 lossByte)
{
    CFRange all = {0, CFStringGetLength(theString)};
    CFIndex used = 0;
    CFMutableDataRef data;
    if (CFStringGetBytes(theString, all, encoding, lossByte, true, NULL, 0, &used) != all.length)
        return NULL;
    data = CFDataCreateMutable(alloc, used);
    if (!data)
        return NULL;
    CFDataSetLength(data, used);
    CFStringGetBytes(theString, all, encoding, lossByte, true, CFDataGetMutableBytePtr(data), used, &used);
    return data;
}

CFStringEncoding CFStringGetFastestEncoding(CFStringRef theString)
{
    CFText text = CFStringText(theString);
    return CFTextIsASCII(text.bytes, text.length) ? kCFStringEncodingASCII : kCFStringEncodingUTF8;
}

CFStringEncoding CFStringGetSmallestEncoding(CFStringRef theString)
{
    return CFStringGetFastestEncoding(theString);
}

CFIndex CFStringGetMaximumSizeOfFileSystemRepresentation(CFStringRef string)
{
    return (CFIndex)CFStringText(string).length + 1;
}

Boolean CFStringGetFileSystemRepresentation(CFStringRef string, char *buffer, CFIndex maxBufLen)
{
    return CFStringGetCString(string, buffer, maxBufLen, kCFStringEncodingUTF8);
}

CFStringRef CFStringCreateWithFileSystemRepresentation(CFAllocatorRef alloc, const char *buffer)
{
    return CFStringFromText(buffer, strlen(buffer));
}
