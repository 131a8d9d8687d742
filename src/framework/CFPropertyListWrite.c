/* SPDX-License-Identifier: MIT */
/*
 * Property lists as XML 1.0, with a tab per level. Keys are written in ascending order, so that the same dictionary
 * always gives the same text. Data is base64 in lines of up to 76 columns.
 */
#include "CFInternal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { kDepthMax = 512, kLineColumns = 76, kTabColumns = 8 };

typedef struct Writer {
    CFBuffer *text;
    unsigned depth;
    bool refused; /* an object that no property list holds */
} Writer;

static void writeObject(Writer *writer, CFTypeRef object);

static void indent(Writer *writer)
{
    for (unsigned i = 0; i < writer->depth; i++)
        CFBufferAppend(writer->text, "\t", 1);
}

static void writeLine(Writer *writer, const char *line)
{
    indent(writer);
    CFBufferAppendString(writer->text, line);
    CFBufferAppend(writer->text, "\n", 1);
}

static void writeText(Writer *writer, const char *tag, CFStringRef string)
{
    CFText text = CFStringText(string);
    indent(writer);
    CFBufferAppendFormat(writer->text, "<%s>", tag);
    for (size_t i = 0; i < text.length; i++) {
        const char *escaped = text.bytes[i] == '&'   ? "&amp;"
                              : text.bytes[i] == '<' ? "&lt;"
                              : text.bytes[i] == '>' ? "&gt;"
                                                     : NULL;
        CFBufferAppend(writer->text, escaped ? escaped : &text.bytes[i], escaped ? strlen(escaped) : 1);
    }
    CFBufferAppendFormat(writer->text, "</%s>\n", tag);
}

static void writeNumber(Writer *writer, CFNumberRef number)
{
    int64_t integer = 0;
    double real = 0;
    indent(writer);
    if (!CFNumberIsFloatType(number)) {
        CFNumberGetValue(number, kCFNumberSInt64Type, &integer);
        CFBufferAppendFormat(writer->text, "<integer>%lld</integer>\n", (long long)integer);
        return;
    }
    CFNumberGetValue(number, kCFNumberFloat64Type, &real);
    if (isnan(real))
        CFBufferAppendString(writer->text, "<real>nan</real>\n");
    else if (isinf(real))
        CFBufferAppendFormat(writer->text, "<real>%sinfinity</real>\n", real < 0 ? "-" : "+");
    else
        CFBufferAppendFormat(writer->text, "<real>%.17g</real>\n", real);
}

static void writeDate(Writer *writer, CFDateRef date)
{
    double time = CFDateGetAbsoluteTime(date) + kCFAbsoluteTimeIntervalSince1970;
    time_t seconds = (time_t)time - (time < (double)(time_t)time); /* rounded down */
    struct tm when;
    char text[64];
    if (!gmtime_r(&seconds, &when)) {
        writer->refused = true;
        return;
    }
    strftime(text, sizeof text, "<date>%Y-%m-%dT%H:%M:%SZ</date>", &when);
    writeLine(writer, text);
}

static size_t encode(const UInt8 *bytes, CFIndex count, char out[4])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t group = (uint32_t)bytes[0] << 16 | (count > 1 ? (uint32_t)bytes[1] << 8 : 0) | (count > 2 ? bytes[2] : 0);
    out[0] = digits[group >> 18];
    out[1] = digits[group >> 12 & 63];
    out[2] = count > 1 ? digits[group >> 6 & 63] : '=';
    out[3] = count > 2 ? digits[group & 63] : '=';
    return 4;
}

static void writeData(Writer *writer, CFDataRef data)
{
    const UInt8 *bytes = CFDataGetBytePtr(data);
    CFIndex length = CFDataGetLength(data);
    CFIndex columns = kLineColumns - (CFIndex)writer->depth * kTabColumns;
    CFIndex perLine = (columns > 16 ? columns : 16) / 4 * 3;
    writeLine(writer, "<data>");
    for (CFIndex start = 0; start < length; start += perLine) {
        indent(writer);
        for (CFIndex i = start; i < length && i < start + perLine; i += 3) {
            char group[4];
            CFBufferAppend(writer->text, group, encode(bytes + i, length - i < 3 ? length - i : 3, group));
        }
        CFBufferAppend(writer->text, "\n", 1);
    }
    writeLine(writer, "</data>");
}

static CFComparisonResult compareKeys(const void *first, const void *second, void *context)
{
    if (!CFIsString(first) || !CFIsString(second))
        return kCFCompareEqualTo;
    return CFStringCompare(first, second, 0);
}

static void collectKey(const void *key, const void *value, void *context)
{
    CFArrayAppendValue(context, key);
}

static void writePairs(Writer *writer, CFDictionaryRef dict)
{
    CFMutableArrayRef keys = CFArrayCreateMutable(NULL, 0, NULL);
    CFIndex count = CFDictionaryGetCount(dict);
    if (keys)
        CFDictionaryApplyFunction(dict, collectKey, keys);
    if (!keys || CFArrayGetCount(keys) != count) {
        writer->text->failed = true;
    } else {
        CFArraySortValues(keys, CFRangeMake(0, count), compareKeys, NULL);
        for (CFIndex i = 0; i < count && !writer->refused; i++) {
            const void *key = CFArrayGetValueAtIndex(keys, i);
            if (!CFIsString(key)) {
                writer->refused = true;
                break;
            }
            writeText(writer, "key", key);
            writeObject(writer, CFDictionaryGetValue(dict, key));
        }
    }
    if (keys)
        CFRelease(keys);
}

static void writeContainer(Writer *writer, CFTypeRef object, bool isDictionary)
{
    CFIndex count = isDictionary ? CFDictionaryGetCount(object) : CFArrayGetCount(object);
    if (writer->depth > kDepthMax || !CFContainerHoldsObjects(object)) {
        writer->refused = true;
        return;
    }
    if (count == 0) {
        writeLine(writer, isDictionary ? "<dict/>" : "<array/>");
        return;
    }
    writeLine(writer, isDictionary ? "<dict>" : "<array>");
    writer->depth++;
    if (isDictionary)
        writePairs(writer, object);
    for (CFIndex i = 0; !isDictionary && i < count && !writer->refused; i++)
        writeObject(writer, CFArrayGetValueAtIndex(object, i));
    writer->depth--;
    writeLine(writer, isDictionary ? "</dict>" : "</array>");
}

static void writeObject(Writer *writer, CFTypeRef object)
{
    switch (object ? CFGetTypeID(object) : 0) {
    case kCFTypeIDString:
        writeText(writer, "string", object);
        break;
    case kCFTypeIDNumber:
        writeNumber(writer, object);
        break;
    case kCFTypeIDBoolean:
        writeLine(writer, CFBooleanGetValue(object) ? "<true/>" : "<false/>");
        break;
    case kCFTypeIDData:
        writeData(writer, object);
        break;
    case kCFTypeIDDate:
        writeDate(writer, object);
        break;
    case kCFTypeIDArray:
        writeContainer(writer, object, false);
        break;
    case kCFTypeIDDictionary:
        writeContainer(writer, object, true);
        break;
    default:
        writer->refused = true;
    }
}

CFDataRef CFPropertyListCreateData(CFAllocatorRef allocator, CFPropertyListRef propertyList,
                                   CFPropertyListFormat format, CFOptionFlags options, CFErrorRef *error)
{
    CFBuffer text = {0};
    Writer writer = {.text = &text};
    CFDataRef data = NULL;
    if (error)
        *error = NULL;
    if (format != kCFPropertyListXMLFormat_v1_0) {
        CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListWriteStreamError, "only XML property lists are written");
        return NULL;
    }
    CFBufferAppendString(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                                "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                                "<plist version=\"1.0\">\n");
    writeObject(&writer, propertyList);
    if (!writer.refused && CFBufferAppendString(&text, "</plist>\n"))
        data = CFDataCreate(allocator, (const UInt8 *)text.bytes, (CFIndex)text.length);
    CFBufferFree(&text);
    if (!data)
        CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListWriteStreamError,
                   writer.refused ? "an object that a property list cannot hold" : "out of memory");
    return data;
}

CFDataRef CFPropertyListCreateXMLData(CFAllocatorRef allocator, CFPropertyListRef propertyList)
{
    return CFPropertyListCreateData(allocator, propertyList, kCFPropertyListXMLFormat_v1_0, 0, NULL);
}

CFIndex CFPropertyListWrite(CFPropertyListRef propertyList, CFWriteStreamRef stream, CFPropertyListFormat format,
                            CFOptionFlags options, CFErrorRef *error)
{
    CFDataRef data = CFPropertyListCreateData(NULL, propertyList, format, options, error);
    CFIndex done = 0;
    if (!data)
        return 0;
    CFIndex length = CFDataGetLength(data);
    while (done < length) {
        CFIndex put = CFWriteStreamWrite(stream, CFDataGetBytePtr(data) + done, length - done);
        if (put <= 0) {
            CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListWriteStreamError,
                       "the stream does not take the data");
            break;
        }
        done += put;
    }
    CFRelease(data);
    return done == length ? done : 0;
}

Boolean CFPropertyListIsValid(CFPropertyListRef plist, CFPropertyListFormat format)
{
    CFBuffer text = {0};
    Writer writer = {.text = &text};
    writeObject(&writer, plist);
    bool valid = !writer.refused && !text.failed;
    CFBufferFree(&text);
    return valid;
}
