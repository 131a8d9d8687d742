/* SPDX-License-Identifier: MIT */
/*
 * Formatting: printf's conversions, and %@. The format is taken apart into one conversion at a time; each is printed by
 * snprintf with the argument of its size. %n is not obeyed, and positions (%1$d) are not known: both print nothing.
 */
#include "CFStringObject.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum { kSpecMax = 32, kOutputMax = 64 * 1024 };

typedef enum ArgumentSize {
    kSizeInt,
    kSizeChar,
    kSizeShort,
    kSizeLong,
    kSizeLongLong,
    kSizeMax,
    kSizePointer,
    kSizeLongDouble
} ArgumentSize;

typedef struct Conversion {
    char spec[kSpecMax]; /* flags, width and precision, numbers written out; begins with % */
    size_t length;
    ArgumentSize size;
    char type;
    int precision; /* -1: none */
} Conversion;

static void addToSpec(Conversion *conversion, const char *text, size_t length)
{
    if (conversion->length + length < kSpecMax - 4) {
        memcpy(conversion->spec + conversion->length, text, length);
        conversion->length += length;
        conversion->spec[conversion->length] = 0;
    }
}

static ArgumentSize readSize(const char **next, const char *end)
{
    ArgumentSize size = kSizeInt;
    for (; *next < end; ++*next) {
        switch (**next) {
        case 'h':
            size = size == kSizeShort ? kSizeChar : kSizeShort;
            break;
        case 'l':
            size = size == kSizeLong ? kSizeLongLong : kSizeLong;
            break;
        case 'q':
            size = kSizeLongLong;
            break;
        case 'j':
            size = kSizeMax;
            break;
        case 'z':
        case 't':
            size = kSizePointer;
            break;
        case 'L':
            size = kSizeLongDouble;
            break;
        default:
            return size;
        }
    }
    return size;
}

/* A va_list that is passed on by address, whatever its type is. */
typedef struct Arguments {
    va_list list;
} Arguments;

static int readNumber(Conversion *conversion, const char **next, const char *end, Arguments *arguments)
{
    int value = 0;
    char text[16];
    if (*next < end && **next == '*') {
        value = va_arg(arguments->list, int);
        ++*next;
    } else {
        for (; *next < end && **next >= '0' && **next <= '9'; ++*next)
            value = value < 100000 ? value * 10 + (**next - '0') : value;
    }
    value = value > kOutputMax / 2 ? kOutputMax / 2 : value;
    addToSpec(conversion, text, (size_t)snprintf(text, sizeof text, "%d", value));
    return value;
}

/* Reads a conversion from behind its %; returns whether there is one. */
static bool readConversion(Conversion *conversion, const char **next, const char *end, Arguments *arguments)
{
    *conversion = (Conversion){.precision = -1};
    addToSpec(conversion, "%", 1);
    for (; *next < end && strchr("-+ #0'", **next); ++*next)
        addToSpec(conversion, *next, 1);
    if (*next < end && (**next == '*' || (**next >= '0' && **next <= '9')))
        readNumber(conversion, next, end, arguments);
    if (*next < end && **next == '.') {
        ++*next;
        addToSpec(conversion, ".", 1);
        conversion->precision = readNumber(conversion, next, end, arguments);
    }
    conversion->size = readSize(next, end);
    if (*next >= end)
        return false;
    conversion->type = *(*next)++;
    return true;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

#define PRINT(...)                                                                                                     \
    do {                                                                                                               \
        char fixed[512];                                                                                               \
        int count = snprintf(fixed, sizeof fixed, spec, __VA_ARGS__);                                                  \
        if (count >= 0 && (size_t)count < sizeof fixed) {                                                              \
            CFBufferAppend(buffer, fixed, (size_t)count);                                                              \
        } else if (count >= 0) {                                                                                       \
            char *text = IOMallocZero((size_t)count + 1);                                                              \
            if (text)                                                                                                  \
                snprintf(text, (size_t)count + 1, spec, __VA_ARGS__);                                                  \
            if (!text || !CFBufferAppend(buffer, text, (size_t)count))                                                 \
                buffer->failed = true;                                                                                 \
            IOFree(text, (size_t)count + 1);                                                                           \
        }                                                                                                              \
    } while (0)

static void printInteger(CFBuffer *buffer, const Conversion *conversion, Arguments *arguments)
{
    char spec[kSpecMax + 4];
    bool isSigned = conversion->type == 'd' || conversion->type == 'i';
    long long value;
    switch (conversion->size) {
    case kSizeLong:
    case kSizePointer:
        value = va_arg(arguments->list, long);
        break;
    case kSizeLongLong:
    case kSizeMax:
        value = va_arg(arguments->list, long long);
        break;
    default:
        value = va_arg(arguments->list, int);
        if (!isSigned)
            value = (unsigned)value;
        if (conversion->size == kSizeShort)
            value = isSigned ? (short)value : (unsigned short)value;
        if (conversion->size == kSizeChar)
            value = isSigned ? (signed char)value : (unsigned char)value;
    }
    char type = conversion->type == 'D'   ? 'd'
                : conversion->type == 'U' ? 'u'
                : conversion->type == 'O' ? 'o'
                                          : conversion->type;
    snprintf(spec, sizeof spec, "%sll%c", conversion->spec, type);
    PRINT(value);
}

static void printReal(CFBuffer *buffer, const Conversion *conversion, Arguments *arguments)
{
    char spec[kSpecMax + 4];
    if (conversion->size == kSizeLongDouble) {
        snprintf(spec, sizeof spec, "%sL%c", conversion->spec, conversion->type);
        long double value = va_arg(arguments->list, long double);
        PRINT(value);
    } else {
        snprintf(spec, sizeof spec, "%s%c", conversion->spec, conversion->type);
        double value = va_arg(arguments->list, double);
        PRINT(value);
    }
}

/* A C string or a pointer. */
static void printPointer(CFBuffer *buffer, const Conversion *conversion, Arguments *arguments)
{
    char spec[kSpecMax + 4];
    const void *value = va_arg(arguments->list, const void *);
    snprintf(spec, sizeof spec, "%s%c", conversion->spec, conversion->type);
    if (conversion->type == 's' && !value)
        value = "(null)";
    PRINT(value);
}

#pragma GCC diagnostic pop

static void printObject(CFBuffer *buffer, const Conversion *conversion, Arguments *arguments)
{
    CFTypeRef object = va_arg(arguments->list, CFTypeRef);
    CFStringRef text = !object              ? CFRetain(CFSTR("(null)"))
                       : CFIsString(object) ? CFRetain(object)
                                            : CFCopyDescription(object);
    if (!text) {
        buffer->failed = true;
        return;
    }
    CFText bytes = CFStringText(text);
    if (conversion->precision >= 0)
        bytes.length = CFTextOffset(bytes, conversion->precision);
    CFBufferAppend(buffer, bytes.bytes, bytes.length);
    CFRelease(text);
}

static void printConversion(CFBuffer *buffer, const Conversion *conversion, Arguments *arguments)
{
    char point[4];
    switch (conversion->type) {
    case '@':
        printObject(buffer, conversion, arguments);
        break;
    case '%':
        CFBufferAppend(buffer, "%", 1);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
    case 'D':
    case 'U':
    case 'O':
        printInteger(buffer, conversion, arguments);
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        printReal(buffer, conversion, arguments);
        break;
    case 'c':
    case 'C':
        CFBufferAppend(buffer, point, CFTextAppendCodePoint(point, (uint32_t)va_arg(arguments->list, int)));
        break;
    case 's':
    case 'p':
        printPointer(buffer, conversion, arguments);
        break;
    default:
        break;
    }
}

void CFFormatAppend(CFBuffer *buffer, const char *format, size_t length, va_list list)
{
    const char *next = format, *end = format + length;
    Arguments arguments;
    va_copy(arguments.list, list);
    while (next < end && !buffer->failed) {
        const char *percent = memchr(next, '%', (size_t)(end - next));
        Conversion conversion;
        CFBufferAppend(buffer, next, (size_t)((percent ? percent : end) - next));
        if (!percent)
            break;
        next = percent + 1;
        if (readConversion(&conversion, &next, end, &arguments))
            printConversion(buffer, &conversion, &arguments);
    }
    va_end(arguments.list);
}

CFStringRef CFStringCreateWithFormatAndArguments(CFAllocatorRef alloc, CFDictionaryRef formatOptions,
                                                 CFStringRef format, va_list arguments)
{
    CFBuffer buffer = {0};
    CFText text = CFStringText(format);
    CFStringRef string = NULL;
    CFFormatAppend(&buffer, text.bytes, text.length, arguments);
    if (!buffer.failed)
        string = CFStringFromText(buffer.bytes ? buffer.bytes : "", buffer.length);
    CFBufferFree(&buffer);
    return string;
}

CFStringRef CFStringCreateWithFormat(CFAllocatorRef alloc, CFDictionaryRef formatOptions, CFStringRef format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    CFStringRef string = CFStringCreateWithFormatAndArguments(alloc, formatOptions, format, arguments);
    va_end(arguments);
    return string;
}
