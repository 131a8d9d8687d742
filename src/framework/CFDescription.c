/* SPDX-License-Identifier: MIT */
/* Descriptions of objects for people, and CFShow. Collections are written with their members, four columns deeper. */
#include "CFInternal.h"

#include <stdio.h>

enum { kDepthMax = 64, kDataBytesMax = 64 };

typedef struct Writer {
    CFBuffer *buffer;
    unsigned depth;
} Writer;

static void describe(Writer *writer, CFTypeRef cf);

static void indent(Writer *writer)
{
    for (unsigned i = 0; i < writer->depth; i++)
        CFBufferAppendString(writer->buffer, "    ");
}

static void describePair(const void *key, const void *value, void *context)
{
    Writer *writer = context;
    indent(writer);
    describe(writer, key);
    CFBufferAppendString(writer->buffer, " = ");
    describe(writer, value);
    CFBufferAppendString(writer->buffer, "\n");
}

static void describePointers(const void *key, const void *value, void *context)
{
    Writer *writer = context;
    indent(writer);
    CFBufferAppendFormat(writer->buffer, "%p = %p\n", key, value);
}

static void describeElement(const void *value, void *context)
{
    Writer *writer = context;
    indent(writer);
    describe(writer, value);
    CFBufferAppendString(writer->buffer, "\n");
}

static void describePointer(const void *value, void *context)
{
    Writer *writer = context;
    indent(writer);
    CFBufferAppendFormat(writer->buffer, "%p\n", value);
}

static void describeContainer(Writer *writer, CFTypeRef cf, CFTypeID typeID)
{
    bool objects = CFContainerHoldsObjects(cf);
    CFBufferAppendString(writer->buffer, typeID == kCFTypeIDArray ? "(\n" : "{\n");
    writer->depth++;
    if (typeID == kCFTypeIDDictionary)
        CFDictionaryApplyFunction(cf, objects ? describePair : describePointers, writer);
    else if (typeID == kCFTypeIDArray)
        CFArrayApplyFunction(cf, CFRangeMake(0, CFArrayGetCount(cf)), objects ? describeElement : describePointer,
                             writer);
    else
        CFSetApplyFunction(cf, objects ? describeElement : describePointer, writer);
    writer->depth--;
    indent(writer);
    CFBufferAppendString(writer->buffer, typeID == kCFTypeIDArray ? ")" : "}");
}

static void describeNumber(Writer *writer, CFNumberRef number)
{
    int64_t integer = 0;
    double real = 0;
    if (CFNumberIsFloatType(number)) {
        CFNumberGetValue(number, kCFNumberFloat64Type, &real);
        CFBufferAppendFormat(writer->buffer, "%.17g", real);
    } else {
        CFNumberGetValue(number, kCFNumberSInt64Type, &integer);
        CFBufferAppendFormat(writer->buffer, "%lld", (long long)integer);
    }
}

static void describeData(Writer *writer, CFDataRef data)
{
    CFIndex length = CFDataGetLength(data);
    CFBufferAppendString(writer->buffer, "<");
    for (CFIndex i = 0; i < length && i < kDataBytesMax; i++)
        CFBufferAppendFormat(writer->buffer, "%s%02x", i && i % 4 == 0 ? " " : "", CFDataGetBytePtr(data)[i]);
    CFBufferAppendString(writer->buffer, length > kDataBytesMax ? " ...>" : ">");
}

static void describeText(Writer *writer, CFStringRef string)
{
    CFText text = CFStringText(string);
    CFBufferAppend(writer->buffer, text.bytes, text.length);
}

static void describe(Writer *writer, CFTypeRef cf)
{
    CFTypeID typeID = CFGetTypeID(cf);
    if (writer->depth > kDepthMax) {
        CFBufferAppendString(writer->buffer, "...");
        return;
    }
    switch (typeID) {
    case kCFTypeIDString:
        describeText(writer, cf);
        break;
    case kCFTypeIDNumber:
        describeNumber(writer, cf);
        break;
    case kCFTypeIDBoolean:
        CFBufferAppendString(writer->buffer, CFBooleanGetValue(cf) ? "true" : "false");
        break;
    case kCFTypeIDData:
        describeData(writer, cf);
        break;
    case kCFTypeIDArray:
    case kCFTypeIDDictionary:
    case kCFTypeIDSet:
        describeContainer(writer, cf, typeID);
        break;
    default: {
        const OSObject *object = CFObjectFrom(cf);
        CFStringRef text = NULL;
        if (OSMetaClass_derivesFrom(OSObject_getMetaClass(object), &CFObject_class))
            text = ((const CFObjectMethods *)(const void *)object->super.methods)->copyDescription(cf);
        else
            text = CFStringFromFormat("<%s %p>", OSObject_getClassName(object), cf);
        if (text) {
            describeText(writer, text);
            CFRelease(text);
        }
    }
    }
}

CFStringRef CFCopyDescription(CFTypeRef cf)
{
    CFBuffer buffer = {0};
    Writer writer = {&buffer, 0};
    CFStringRef text = NULL;
    if (!cf)
        return NULL;
    describe(&writer, cf);
    if (!buffer.failed)
        text = CFStringFromText(buffer.bytes ? buffer.bytes : "", buffer.length);
    CFBufferFree(&buffer);
    return text;
}

void CFShow(CFTypeRef obj)
{
    CFBuffer buffer = {0};
    Writer writer = {&buffer, 0};
    if (obj)
        describe(&writer, obj);
    else
        CFBufferAppendString(&buffer, "(null)");
    CFBufferAppendString(&buffer, "\n");
    if (buffer.bytes)
        fwrite(buffer.bytes, 1, buffer.length, stderr);
    CFBufferFree(&buffer);
}

void CFShowStr(CFStringRef str)
{
    CFShow(str);
}
