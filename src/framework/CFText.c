/* SPDX-License-Identifier: MIT */
/* UTF-8 text, its UTF-16 indexes, and conversion from and to other encodings (iconv). No state, any thread. */
#include "CFInternal.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kReplacement = 0xfffd };

bool CFBufferAppend(CFBuffer *buffer, const void *bytes, size_t length)
{
    if (buffer->failed)
        return false;
    if (buffer->length + length + 1 > buffer->capacity) {
        size_t capacity = (buffer->length + length + 1) * 2;
        char *grown = IOReallocate(kIOAllocationMalloc, buffer->bytes, buffer->capacity, capacity);
        if (!grown) {
            buffer->failed = true;
            return false;
        }
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = 0;
    return true;
}

bool CFBufferAppendString(CFBuffer *buffer, const char *string)
{
    return CFBufferAppend(buffer, string, strlen(string));
}

bool CFBufferAppendFormat(CFBuffer *buffer, const char *format, ...)
{
    char fixed[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(fixed, sizeof fixed, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof fixed)
        return CFBufferAppend(buffer, fixed, (size_t)length);
    buffer->failed = true;
    return false;
}

void CFBufferFree(CFBuffer *buffer)
{
    IODeallocate(kIOAllocationMalloc, buffer->bytes, buffer->capacity);
    *buffer = (CFBuffer){0};
}

/* The length of the sequence that begins with this byte; 0 when none does. */
static size_t sequenceLength(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* The code point at the offset, or UINT32_MAX where no valid sequence begins. */
static uint32_t decodeStrictly(const char *bytes, size_t length, size_t offset, size_t *ret_length)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)bytes[offset];
    size_t count = sequenceLength(first);
    uint32_t point = count == 1 ? first : first & (0x7fu >> count);
    if (count == 0 || offset + count > length)
        return UINT32_MAX;
    for (size_t i = 1; i < count; i++) {
        unsigned char next = (unsigned char)bytes[offset + i];
        if ((next & 0xc0) != 0x80)
            return UINT32_MAX;
        point = point << 6 | (next & 0x3f);
    }
    if (point < least[count] || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff)
        return UINT32_MAX;
    *ret_length = count;
    return point;
}

uint32_t CFTextNextCodePoint(const char *bytes, size_t length, size_t *offset)
{
    size_t count = 1;
    uint32_t point = decodeStrictly(bytes, length, *offset, &count);
    *offset += count;
    return point == UINT32_MAX ? kReplacement : point;
}

size_t CFTextAppendCodePoint(char *bytes, uint32_t point)
{
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        point = kReplacement;
    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    size_t count = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    bytes[0] = (char)((0xf00u >> count) | point);
    return count;
}

bool CFTextIsASCII(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    return true;
}

bool CFTextIsValid(const char *bytes, size_t length)
{
    for (size_t offset = 0; offset < length;) {
        size_t count = 1;
        if (decodeStrictly(bytes, length, offset, &count) == UINT32_MAX)
            return false;
        offset += count;
    }
    return true;
}

CFIndex CFTextUnits(const char *bytes, size_t length)
{
    CFIndex units = 0;
    for (size_t offset = 0; offset < length;)
        units += (unsigned char)bytes[offset] < 0x80                      ? (offset++, 1)
                 : CFTextNextCodePoint(bytes, length, &offset) >= 0x10000 ? 2
                                                                          : 1;
    return units;
}

size_t CFTextOffset(CFText text, CFIndex unit)
{
    size_t offset = 0;
    while (unit > 0 && offset < text.length) {
        size_t next = offset;
        uint32_t point = CFTextNextCodePoint(text.bytes, text.length, &next);
        unit -= point >= 0x10000 ? 2 : 1;
        if (unit < 0)
            break;
        offset = next;
    }
    return offset;
}

/* iconv's name for an encoding that is not handled here; NULL for one that is not known. */
static const char *iconvName(CFStringEncoding encoding)
{
    switch (encoding) {
    case kCFStringEncodingMacRoman:
        return "MACINTOSH";
    case kCFStringEncodingISOLatin1:
        return "ISO-8859-1";
    case kCFStringEncodingWindowsLatin1:
        return "WINDOWS-1252";
    default:
        return NULL;
    }
}

static bool appendPoint(CFBuffer *buffer, uint32_t point)
{
    char bytes[4];
    return CFBufferAppend(buffer, bytes, CFTextAppendCodePoint(bytes, point));
}

static bool decodeByIconv(const char *name, const char *bytes, size_t length, CFBuffer *buffer)
{
    iconv_t converter = iconv_open("UTF-8", name);
    bool valid = true;
    if (converter == (iconv_t)-1)
        return false;
    while (valid && length > 0) {
        char chunk[1024];
        char *out = chunk;
        size_t room = sizeof chunk;
        char *in = (char *)bytes;
        size_t done = iconv(converter, &in, &length, &out, &room);
        valid = (done != (size_t)-1 || errno == E2BIG) && CFBufferAppend(buffer, chunk, (size_t)(out - chunk));
        bytes = in;
    }
    iconv_close(converter);
    return valid;
}

/* One UTF-16 or UTF-32 unit. */
static uint32_t unitAt(const unsigned char *bytes, size_t size, bool big)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < size; i++)
        unit |= (uint32_t)bytes[i] << 8 * (big ? size - 1 - i : i);
    return unit;
}

static bool decodeUnits(const char *text, size_t length, size_t size, bool big, bool mayHaveMark, CFBuffer *buffer)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0;
    if (length % size != 0)
        return false;
    if (mayHaveMark && length >= size) {
        if (unitAt(bytes, size, true) == 0xfeff)
            big = true, i = size;
        else if (unitAt(bytes, size, false) == 0xfeff)
            big = false, i = size;
    }
    while (i < length) {
        uint32_t point = unitAt(bytes + i, size, big);
        i += size;
        if (size == 2 && point >= 0xd800 && point < 0xdc00 && i < length) {
            uint32_t low = unitAt(bytes + i, size, big);
            if (low >= 0xdc00 && low < 0xe000) {
                point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
                i += size;
            }
        }
        if (!appendPoint(buffer, point))
            return false;
    }
    return true;
}

bool CFEncodingDecode(CFStringEncoding encoding, const char *bytes, size_t length, bool skipMark, CFBuffer *buffer)
{
    bool hostIsBig = OSHostByteOrder() == OSBigEndian;
    switch (encoding) {
    case kCFStringEncodingUTF8:
        if (skipMark && length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
            bytes += 3;
            length -= 3;
        }
        return CFTextIsValid(bytes, length) && CFBufferAppend(buffer, bytes, length);
    case kCFStringEncodingASCII:
    case kCFStringEncodingNonLossyASCII:
        return CFTextIsASCII(bytes, length) && CFBufferAppend(buffer, bytes, length);
    case kCFStringEncodingUTF16:
        return decodeUnits(bytes, length, 2, hostIsBig, true, buffer);
    case kCFStringEncodingUTF16BE:
        return decodeUnits(bytes, length, 2, true, skipMark, buffer);
    case kCFStringEncodingUTF16LE:
        return decodeUnits(bytes, length, 2, false, skipMark, buffer);
    case kCFStringEncodingUTF32:
        return decodeUnits(bytes, length, 4, hostIsBig, true, buffer);
    case kCFStringEncodingUTF32BE:
        return decodeUnits(bytes, length, 4, true, skipMark, buffer);
    case kCFStringEncodingUTF32LE:
        return decodeUnits(bytes, length, 4, false, skipMark, buffer);
    default: {
        const char *name = iconvName(encoding);
        if (!name)
            return false;
        if (CFTextIsASCII(bytes, length))
            return CFBufferAppend(buffer, bytes, length);
        return decodeByIconv(name, bytes, length, buffer);
    }
    }
}

static size_t putUnit(uint8_t *bytes, uint32_t unit, size_t size, bool big)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(unit >> 8 * (big ? size - 1 - i : i));
    return size;
}

static size_t encodeUTF16(uint32_t point, uint8_t *bytes, bool big)
{
    if (point < 0x10000)
        return putUnit(bytes, point, 2, big);
    point -= 0x10000;
    putUnit(bytes, 0xd800 | point >> 10, 2, big);
    putUnit(bytes + 2, 0xdc00 | (point & 0x3ff), 2, big);
    return 4;
}

static size_t encodeByIconv(const char *name, uint32_t point, uint8_t *bytes)
{
    char text[4];
    char *in = text;
    size_t count = CFTextAppendCodePoint(text, point);
    char *out = (char *)bytes;
    size_t room = 8;
    iconv_t converter;
    if (point < 0x80) {
        bytes[0] = (uint8_t)point;
        return 1;
    }
    converter = iconv_open(name, "UTF-8");
    if (converter == (iconv_t)-1)
        return 0;
    size_t done = iconv(converter, &in, &count, &out, &room);
    iconv_close(converter);
    return done == 0 ? 8 - room : 0;
}

size_t CFEncodingEncode(CFStringEncoding encoding, uint32_t point, uint8_t bytes[8])
{
    bool hostIsBig = OSHostByteOrder() == OSBigEndian;
    switch (encoding) {
    case kCFStringEncodingUTF8:
        return CFTextAppendCodePoint((char *)bytes, point);
    case kCFStringEncodingASCII:
    case kCFStringEncodingNonLossyASCII:
        bytes[0] = (uint8_t)point;
        return point < 0x80 ? 1 : 0;
    case kCFStringEncodingUTF16:
        return encodeUTF16(point, bytes, hostIsBig);
    case kCFStringEncodingUTF16BE:
        return encodeUTF16(point, bytes, true);
    case kCFStringEncodingUTF16LE:
        return encodeUTF16(point, bytes, false);
    case kCFStringEncodingUTF32:
        return putUnit(bytes, point, 4, hostIsBig);
    case kCFStringEncodingUTF32BE:
        return putUnit(bytes, point, 4, true);
    case kCFStringEncodingUTF32LE:
        return putUnit(bytes, point, 4, false);
    default: {
        const char *name = iconvName(encoding);
        return name ? encodeByIconv(name, point, bytes) : 0;
    }
    }
}

CFStringEncoding CFStringGetSystemEncoding(void)
{
    return kCFStringEncodingUTF8;
}

Boolean CFStringIsEncodingAvailable(CFStringEncoding encoding)
{
    uint8_t bytes[8];
    return CFEncodingEncode(encoding, 'a', bytes) > 0;
}

CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length, CFStringEncoding encoding)
{
    switch (encoding) {
    case kCFStringEncodingUTF8:
        return length > INT64_MAX / 3 ? kCFNotFound : length * 3;
    case kCFStringEncodingUTF16:
    case kCFStringEncodingUTF16BE:
    case kCFStringEncodingUTF16LE:
        return length > INT64_MAX / 2 - 2 ? kCFNotFound : length * 2;
    case kCFStringEncodingUTF32:
    case kCFStringEncodingUTF32BE:
    case kCFStringEncodingUTF32LE:
        return length > INT64_MAX / 4 - 4 ? kCFNotFound : length * 4;
    default:
        return length;
    }
}
