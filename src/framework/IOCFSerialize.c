/* SPDX-License-Identifier: MIT */
/*
 * IOCFSerialize and IOCFUnserialize (SEMANTICS 1.58 to 1.64). The binary form and both readers are libkern's. The text
 * is written here, because the user's form differs from the kernel's: IDs only where an object stands twice.
 */
#include <IOKit/IOCFSerialize.h>
#include <IOKit/IOCFUnserialize.h>

#include <stdio.h>
#include <string.h>

#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>

#include "CFInternal.h"

typedef struct Writer {
    CFMutableDictionaryRef seen; /* pointer -> kOnce, kTwice, or kFirstID + its ID */
    CFBuffer text;
    intptr_t nextID;
    unsigned depth;
    bool failed;
} Writer;

enum { kOnce = 1, kTwice = 2, kFirstID = 3 };

static const char *tagOf(CFTypeID typeID)
{
    switch (typeID) {
    case kCFTypeIDString:
        return "string";
    case kCFTypeIDNumber:
        return "integer";
    case kCFTypeIDData:
        return "data";
    case kCFTypeIDDictionary:
        return "dict";
    case kCFTypeIDArray:
        return "array";
    case kCFTypeIDSet:
        return "set";
    default:
        return NULL; /* never referred to */
    }
}

static intptr_t seenState(const Writer *writer, CFTypeRef object)
{
    return (intptr_t)CFDictionaryGetValue(writer->seen, object);
}

static void setSeenState(Writer *writer, CFTypeRef object, intptr_t state)
{
    CFDictionarySetValue(writer->seen, object, (const void *)state);
}

static void scan(const void *value, void *context);

static void scanPair(const void *key, const void *value, void *context)
{
    scan(value, context);
}

/* Notes each object, and which are met again; an object is looked into once. */
static void scan(const void *value, void *context)
{
    Writer *writer = context;
    CFTypeID typeID = value ? CFGetTypeID(value) : 0;
    if (writer->failed || !value || writer->depth >= kOSUnserializeTextDepthMax) {
        writer->failed = true;
        return;
    }
    if (!tagOf(typeID))
        return;
    bool again = seenState(writer, value) != 0;
    setSeenState(writer, value, again ? kTwice : kOnce);
    bool isContainer = typeID == kCFTypeIDDictionary || typeID == kCFTypeIDArray || typeID == kCFTypeIDSet;
    if (again || !isContainer)
        return;
    if (!CFContainerHoldsObjects(value)) {
        writer->failed = true;
        return;
    }
    writer->depth++;
    if (typeID == kCFTypeIDDictionary)
        CFDictionaryApplyFunction(value, scanPair, writer);
    else if (typeID == kCFTypeIDArray)
        CFArrayApplyFunction(value, CFRangeMake(0, CFArrayGetCount(value)), scan, writer);
    else
        CFSetApplyFunction(value, scan, writer);
    writer->depth--;
}

/* Whether a reference was written, or, with a start tag, the object must be now. */
static bool writeReference(Writer *writer, CFTypeRef object, const char *tag, const char *attributes)
{
    intptr_t state = seenState(writer, object);
    if (state >= kFirstID) {
        CFBufferAppendFormat(&writer->text, "<%s IDREF=\"%ld\"/>", tag, (long)(state - kFirstID));
        return true;
    }
    CFBufferAppendFormat(&writer->text, "<%s", tag);
    if (state == kTwice) {
        CFBufferAppendFormat(&writer->text, " ID=\"%ld\"", (long)writer->nextID);
        setSeenState(writer, object, kFirstID + writer->nextID++);
    }
    CFBufferAppendFormat(&writer->text, "%s>", attributes);
    return false;
}

static void writeEscaped(Writer *writer, CFText text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.bytes[i]) {
        case '<':
            CFBufferAppendString(&writer->text, "&lt;");
            break;
        case '>':
            CFBufferAppendString(&writer->text, "&gt;");
            break;
        case '&':
            CFBufferAppendString(&writer->text, "&amp;");
            break;
        default:
            CFBufferAppend(&writer->text, &text.bytes[i], 1);
        }
    }
}

static void writeObject(const void *value, void *context);

/* Apple's tools once searched the text for these names; a comment behind the key keeps them from it. */
static bool isLegacyName(CFText key)
{
    static const char *const names[] = {
        "AppleLSIFusionFC",      "AppleLSIFusionSAS", "AppleLSIFusionSCSI",
        "AppleUSBXHCI",          "ICH8 ATA/100",      "Physical Interconnect Location",
        "IOPCITunnelCompatible",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(key.bytes, names[i], key.length) == 0)
            return true;
    return false;
}

static void writePair(const void *key, const void *value, void *context)
{
    Writer *writer = context;
    if (!CFIsString(key)) {
        writer->failed = true;
        return;
    }
    CFText name = CFStringText(key);
    CFBufferAppendString(&writer->text, "<key>");
    writeEscaped(writer, name);
    CFBufferAppendString(&writer->text, isLegacyName(name) ? "</key><!-- \xf0\x9f\xa4\xa6 -->" : "</key>");
    writeObject(value, writer);
}

static void writeBase64(Writer *writer, CFDataRef data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const UInt8 *bytes = CFDataGetBytePtr(data);
    CFIndex length = CFDataGetLength(data);
    for (CFIndex i = 0; i < length; i += 3) {
        CFIndex count = length - i < 3 ? length - i : 3;
        uint32_t group =
            (uint32_t)bytes[i] << 16 | (count > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (count > 2 ? bytes[i + 2] : 0);
        char out[4] = {digits[group >> 18], digits[group >> 12 & 63], count > 1 ? digits[group >> 6 & 63] : '=',
                       count > 2 ? digits[group & 63] : '='};
        CFBufferAppend(&writer->text, out, sizeof out);
    }
}

static void writeNumber(Writer *writer, CFNumberRef number)
{
    long long value = 0;
    char attributes[16];
    if (!CFNumberGetValue(number, kCFNumberLongLongType, &value)) {
        writer->failed = true; /* the text form has no fractions */
        return;
    }
    snprintf(attributes, sizeof attributes, " size=\"%ld\"",
             CFNumberIsFloatType(number) ? 64 : CFNumberGetByteSize(number) * 8);
    if (writeReference(writer, number, "integer", attributes))
        return;
    CFBufferAppendFormat(&writer->text, "0x%llx</integer>", (unsigned long long)value);
}

static void writeContainer(Writer *writer, CFTypeRef object, CFTypeID typeID)
{
    const char *tag = tagOf(typeID);
    if (writeReference(writer, object, tag, ""))
        return;
    if (typeID == kCFTypeIDDictionary)
        CFDictionaryApplyFunction(object, writePair, writer);
    else if (typeID == kCFTypeIDArray)
        CFArrayApplyFunction(object, CFRangeMake(0, CFArrayGetCount(object)), writeObject, writer);
    else
        CFSetApplyFunction(object, writeObject, writer);
    CFBufferAppendFormat(&writer->text, "</%s>", tag);
}

static void writeUnknown(Writer *writer, CFTypeID typeID)
{
    char text[64];
    snprintf(text, sizeof text, "<string>typeID 0x%lx not serializable</string>", typeID);
    CFBufferAppendString(&writer->text, "<string>");
    writeEscaped(writer, (CFText){text, strlen(text)});
    CFBufferAppendString(&writer->text, "</string>");
}

static void writeObject(const void *value, void *context)
{
    Writer *writer = context;
    CFTypeID typeID = CFGetTypeID(value);
    switch (typeID) {
    case kCFTypeIDBoolean:
        CFBufferAppendString(&writer->text, CFBooleanGetValue(value) ? "<true/>" : "<false/>");
        break;
    case kCFTypeIDString:
        if (!writeReference(writer, value, "string", "")) {
            writeEscaped(writer, CFStringText(value));
            CFBufferAppendString(&writer->text, "</string>");
        }
        break;
    case kCFTypeIDNumber:
        writeNumber(writer, value);
        break;
    case kCFTypeIDData:
        if (!writeReference(writer, value, "data", "")) {
            writeBase64(writer, value);
            CFBufferAppendString(&writer->text, "</data>");
        }
        break;
    case kCFTypeIDDictionary:
    case kCFTypeIDArray:
    case kCFTypeIDSet:
        writeContainer(writer, value, typeID);
        break;
    default:
        writeUnknown(writer, typeID);
    }
}

static CFDataRef serializeText(CFTypeRef object)
{
    Writer writer = {.seen = CFDictionaryCreateMutable(NULL, 0, NULL, NULL)};
    CFDataRef data = NULL;
    if (!writer.seen)
        return NULL;
    scan(object, &writer);
    if (!writer.failed)
        writeObject(object, &writer);
    if (!writer.failed && CFBufferAppend(&writer.text, "", 1))
        data = CFDataCreate(NULL, (const UInt8 *)writer.text.bytes, (CFIndex)writer.text.length);
    CFBufferFree(&writer.text);
    CFRelease(writer.seen);
    return data;
}

static CFDataRef serializeBinary(CFTypeRef object)
{
    OSObject *kernel = CFCopyKernelObject(object);
    OSSerialize *serializer = kernel ? OSSerialize_binaryWithCapacity(4096, NULL, NULL) : NULL;
    CFDataRef data = NULL;
    if (serializer && OSObject_serialize(kernel, serializer))
        data = CFDataCreate(NULL, (const UInt8 *)OSSerialize_text(serializer), OSSerialize_getLength(serializer));
    OSRelease(serializer);
    OSObject_release(kernel);
    return data;
}

CFDataRef IOCFSerialize(CFTypeRef object, CFOptionFlags options)
{
    if (!object)
        return NULL;
    if (options & kIOCFSerializeToBinary)
        return serializeBinary(object);
    return options ? NULL : serializeText(object);
}

/* Hands the reader's result on; string is its error text, or NULL. Both are taken over. */
static CFTypeRef finish(OSObject *object, OSString *string, CFStringRef *errorString)
{
    CFTypeRef result = CFAdoptKernelObject(object);
    if (errorString) {
        *errorString = NULL;
        if (!result)
            *errorString = string ? CFStringFromText(OSString_getCStringNoCopy(string), OSString_getLength(string))
                                  : CFRetain(CFSTR("IOCFUnserialize: the data cannot be read"));
    }
    OSRelease(string);
    return result;
}

CFTypeRef IOCFUnserialize(const char *buffer, CFAllocatorRef allocator, CFOptionFlags options, CFStringRef *errorString)
{
    OSString *string = NULL;
    OSObject *object = buffer ? OSUnserializeXML(buffer, &string) : NULL;
    return finish(object, string, errorString);
}

CFTypeRef IOCFUnserializeBinary(const char *buffer, size_t bufferSize, CFAllocatorRef allocator, CFOptionFlags options,
                                CFStringRef *errorString)
{
    OSString *string = NULL;
    char *aligned = NULL;
    OSObject *object;
    if (buffer && (uintptr_t)buffer % 4 != 0) { /* the reader wants whole words */
        aligned = IOMallocZero(bufferSize);
        if (aligned)
            memcpy(aligned, buffer, bufferSize);
    }
    object = buffer && ((uintptr_t)buffer % 4 == 0 || aligned)
                 ? OSUnserializeBinary(aligned ? aligned : buffer, bufferSize, &string)
                 : NULL;
    IOFree(aligned, aligned ? bufferSize : 0);
    return finish(object, string, errorString);
}

CFTypeRef IOCFUnserializeWithSize(const char *buffer, size_t bufferSize, CFAllocatorRef allocator,
                                  CFOptionFlags options, CFStringRef *errorString)
{
    bool isBinary = buffer && bufferSize >= 4 &&
                    (memcmp(buffer, kOSSerializeBinarySignature, 4) == 0 ||
                     (unsigned char)buffer[0] == kOSSerializeIndexedBinarySignature);
    if (isBinary)
        return IOCFUnserializeBinary(buffer, bufferSize, allocator, options, errorString);
    OSString *string = NULL;
    OSObject *object = buffer ? OSUnserializeXMLSized(buffer, bufferSize, &string) : NULL;
    return finish(object, string, errorString);
}
