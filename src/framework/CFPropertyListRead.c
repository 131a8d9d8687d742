/* SPDX-License-Identifier: MIT */
/*
 * Reading XML property lists, on expat. The reader keeps a stack of open containers; an element's text is gathered
 * until its end. Any input is refused that is not well-formed, nests deeper than kDepthMax, or puts an element where
 * none may stand. Entities are not expanded beyond XML's own five, because a document type with a subset is refused.
 */
#include "CFInternal.h"

#include <errno.h>
#include <expat.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kDepthMax = 512 };

typedef struct Open {
    CFTypeRef container; /* owned: a mutable dictionary or array */
    bool isDictionary;
    CFStringRef key; /* owned; the key that waits for its value */
} Open;

typedef struct Reader {
    XML_Parser parser;
    Open stack[kDepthMax];
    unsigned depth;
    CFBuffer text; /* of the leaf that is open */
    bool inLeaf;
    bool inPlist;
    CFTypeRef root;    /* owned */
    const char *error; /* NULL: none yet */
} Reader;

static void fail(Reader *reader, const char *error)
{
    if (!reader->error)
        reader->error = error;
    XML_StopParser(reader->parser, XML_FALSE);
}

/* Puts a value where it belongs; takes the reference over. */
static void place(Reader *reader, CFTypeRef value)
{
    Open *open = reader->depth ? &reader->stack[reader->depth - 1] : NULL;
    if (!value) {
        fail(reader, "an element's text is not a value of its kind");
        return;
    }
    if (!open) {
        if (reader->root)
            fail(reader, "more than one object");
        else
            reader->root = CFRetain(value);
    } else if (!open->isDictionary) {
        CFIndex count = CFArrayGetCount(open->container);
        CFArrayAppendValue((CFMutableArrayRef)open->container, value);
        if (CFArrayGetCount(open->container) == count)
            fail(reader, "out of memory");
    } else if (!open->key) {
        fail(reader, "a value in a dict without a key");
    } else {
        CFDictionarySetValue((CFMutableDictionaryRef)open->container, open->key, value);
        if (CFDictionaryGetValue(open->container, open->key) != value)
            fail(reader, "out of memory");
        CFRelease(open->key);
        open->key = NULL;
    }
    CFRelease(value);
}

static void push(Reader *reader, bool isDictionary)
{
    CFTypeRef container;
    if (reader->depth == kDepthMax) {
        fail(reader, "containers nest too deep");
        return;
    }
    container = isDictionary ? (CFTypeRef)CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks,
                                                                    &kCFTypeDictionaryValueCallBacks)
                             : (CFTypeRef)CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    if (!container)
        fail(reader, "out of memory");
    else
        reader->stack[reader->depth++] = (Open){container, isDictionary, NULL};
}

static void pop(Reader *reader)
{
    Open open = reader->stack[--reader->depth];
    if (open.key) {
        fail(reader, "a key without a value");
        CFRelease(open.key);
    }
    place(reader, open.container);
}

static bool isLeaf(const char *name)
{
    static const char *const leaves[] = {"string", "key", "integer", "real", "data", "date", "true", "false"};
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
        if (strcmp(name, leaves[i]) == 0)
            return true;
    return false;
}

static void XMLCALL startElement(void *context, const XML_Char *name, const XML_Char **attributes)
{
    Reader *reader = context;
    if (reader->error)
        return;
    if (reader->inLeaf)
        fail(reader, "an element inside a leaf");
    else if (strcmp(name, "plist") == 0 && !reader->inPlist && !reader->depth)
        reader->inPlist = true;
    else if (strcmp(name, "dict") == 0 || strcmp(name, "array") == 0)
        push(reader, name[0] == 'd');
    else if (isLeaf(name)) {
        reader->inLeaf = true;
        reader->text.length = 0;
        CFBufferAppend(&reader->text, "", 0);
    } else
        fail(reader, "an element that is not of property lists");
}

static void XMLCALL characters(void *context, const XML_Char *text, int length)
{
    Reader *reader = context;
    if (reader->inLeaf) {
        CFBufferAppend(&reader->text, text, (size_t)length);
        return;
    }
    for (int i = 0; i < length; i++)
        if (!strchr(" \t\r\n", text[i])) {
            fail(reader, "text outside of a value");
            return;
        }
}

static CFNumberRef makeInteger(const char *text)
{
    char *end;
    bool negative = strchr(text, '-') != NULL;
    errno = 0;
    text += strspn(text, " \t\r\n");
    const char *digits = text + strspn(text, "+-");
    bool isHex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    if (digits - text > 1 || !(*digits >= '0' && *digits <= '9'))
        return NULL;
    unsigned long long magnitude = strtoull(digits, &end, isHex ? 16 : 10);
    if (errno || end[strspn(end, " \t\r\n")] != 0)
        return NULL;
    int64_t value = negative ? (int64_t)-magnitude : (int64_t)magnitude;
    int32_t small = (int32_t)value;
    if (small == value)
        return CFNumberCreate(NULL, kCFNumberSInt32Type, &small);
    return CFNumberCreate(NULL, kCFNumberSInt64Type, &value);
}

static CFNumberRef makeReal(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || end[strspn(end, " \t\r\n")] != 0)
        return NULL;
    return CFNumberCreate(NULL, kCFNumberFloat64Type, &value);
}

static CFDateRef makeDate(const char *text)
{
    struct tm when = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &when);
    return end && *end == 0 ? CFDateCreate(NULL, (double)timegm(&when) - kCFAbsoluteTimeIntervalSince1970) : NULL;
}

static int digitValue(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

static CFDataRef makeData(const char *text, size_t length)
{
    CFBuffer bytes = {0};
    uint32_t bits = 0;
    unsigned count = 0, padding = 0;
    bool valid = CFBufferAppend(&bytes, "", 0);
    CFDataRef data = NULL;
    for (size_t i = 0; i < length && valid; i++) {
        int digit = digitValue(text[i]);
        if (strchr(" \t\r\n", text[i]) && text[i])
            continue;
        if (text[i] == '=') {
            padding++;
            continue;
        }
        valid = digit >= 0 && padding == 0;
        bits = bits << 6 | (uint32_t)(digit & 63);
        if (++count % 4 != 1) {
            char byte = (char)(bits >> (count % 4 == 2 ? 4 : count % 4 == 3 ? 2 : 0));
            CFBufferAppend(&bytes, &byte, 1);
        }
    }
    if (valid && count % 4 != 1 && !bytes.failed)
        data = CFDataCreate(NULL, (const UInt8 *)bytes.bytes, (CFIndex)bytes.length);
    CFBufferFree(&bytes);
    return data;
}

static void placeKey(Reader *reader)
{
    Open *open = reader->depth ? &reader->stack[reader->depth - 1] : NULL;
    if (!open || !open->isDictionary || open->key)
        fail(reader, "a key where none may stand");
    else if (!(open->key = CFStringFromText(reader->text.bytes, reader->text.length)))
        fail(reader, "out of memory");
}

static void endLeaf(Reader *reader, const char *name)
{
    const char *text = reader->text.bytes;
    reader->inLeaf = false;
    if (reader->text.failed)
        fail(reader, "out of memory");
    else if (strcmp(name, "key") == 0)
        placeKey(reader);
    else if (strcmp(name, "string") == 0)
        place(reader, CFStringFromText(text, reader->text.length));
    else if (strcmp(name, "integer") == 0)
        place(reader, makeInteger(text));
    else if (strcmp(name, "real") == 0)
        place(reader, makeReal(text));
    else if (strcmp(name, "date") == 0)
        place(reader, makeDate(text));
    else if (strcmp(name, "data") == 0)
        place(reader, makeData(text, reader->text.length));
    else
        place(reader, CFRetain(strcmp(name, "true") == 0 ? kCFBooleanTrue : kCFBooleanFalse));
}

static void XMLCALL endElement(void *context, const XML_Char *name)
{
    Reader *reader = context;
    if (reader->error)
        return;
    if (reader->inLeaf)
        endLeaf(reader, name);
    else if (strcmp(name, "plist") != 0)
        pop(reader);
}

static void XMLCALL startDoctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                                 int hasSubset)
{
    if (hasSubset)
        fail(context, "a document type with declarations of its own");
}

static void freeReader(Reader *reader)
{
    while (reader->depth > 0) {
        Open *open = &reader->stack[--reader->depth];
        CFRelease(open->container);
        if (open->key)
            CFRelease(open->key);
    }
    if (reader->root)
        CFRelease(reader->root);
    if (reader->parser)
        XML_ParserFree(reader->parser);
    CFBufferFree(&reader->text);
    IOFree(reader, sizeof *reader);
}

/* The object in the text, +1; NULL, and why in *ret_error. */
static CFPropertyListRef readXML(const char *bytes, size_t length, char ret_error[160])
{
    Reader *reader = IOMallocZero(sizeof *reader);
    CFPropertyListRef plist = NULL;
    snprintf(ret_error, 160, "out of memory");
    if (!reader)
        return NULL;
    reader->parser = XML_ParserCreate(NULL);
    if (reader->parser) {
        XML_SetUserData(reader->parser, reader);
        XML_SetElementHandler(reader->parser, startElement, endElement);
        XML_SetCharacterDataHandler(reader->parser, characters);
        XML_SetStartDoctypeDeclHandler(reader->parser, startDoctype);
        enum XML_Status status =
            length > INT_MAX ? XML_STATUS_ERROR : XML_Parse(reader->parser, bytes, (int)length, XML_TRUE);
        if (status == XML_STATUS_OK && !reader->error && reader->root) {
            plist = CFRetain(reader->root);
        } else {
            const char *why = reader->error             ? reader->error
                              : status != XML_STATUS_OK ? XML_ErrorString(XML_GetErrorCode(reader->parser))
                                                        : "no object";
            snprintf(ret_error, 160, "%s, at line %lu", why, (unsigned long)XML_GetCurrentLineNumber(reader->parser));
        }
    }
    freeReader(reader);
    return plist;
}

CFPropertyListRef CFPropertyListCreateWithData(CFAllocatorRef allocator, CFDataRef data, CFOptionFlags options,
                                               CFPropertyListFormat *format, CFErrorRef *error)
{
    char why[160];
    const char *bytes = (const char *)CFDataGetBytePtr(data);
    size_t length = (size_t)CFDataGetLength(data);
    CFPropertyListRef plist = NULL;
    if (error)
        *error = NULL;
    if (length >= 6 && memcmp(bytes, "bplist", 6) == 0) {
        CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListReadUnknownVersionError,
                   "binary property lists are not read");
        return NULL;
    }
    while (length > 0 && bytes[length - 1] == 0)
        length--;
    plist = readXML(bytes, length, why);
    if (!plist)
        CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListReadCorruptError, why);
    else if (format)
        *format = kCFPropertyListXMLFormat_v1_0;
    return plist;
}

CFPropertyListRef CFPropertyListCreateWithStream(CFAllocatorRef allocator, CFReadStreamRef stream, CFIndex streamLength,
                                                 CFOptionFlags options, CFPropertyListFormat *format, CFErrorRef *error)
{
    CFMutableDataRef data = CFDataCreateMutable(allocator, 0);
    CFPropertyListRef plist = NULL;
    CFIndex got = 0;
    if (!data)
        return NULL;
    do {
        UInt8 chunk[8192];
        CFIndex wanted = sizeof chunk;
        if (streamLength > 0 && streamLength - CFDataGetLength(data) < wanted)
            wanted = streamLength - CFDataGetLength(data);
        got = wanted ? CFReadStreamRead(stream, chunk, wanted) : 0;
        if (got > 0)
            CFDataAppendBytes(data, chunk, got);
    } while (got > 0);
    if (got < 0)
        CFErrorSet(error, kCFErrorDomainCocoa, kCFPropertyListReadStreamError, "the stream cannot be read");
    else
        plist = CFPropertyListCreateWithData(allocator, data, options, format, error);
    CFRelease(data);
    return plist;
}

CFPropertyListRef CFPropertyListCreateFromXMLData(CFAllocatorRef allocator, CFDataRef xmlData,
                                                  CFOptionFlags mutabilityOption, CFStringRef *errorString)
{
    CFErrorRef error = NULL;
    CFPropertyListRef plist = CFPropertyListCreateWithData(allocator, xmlData, mutabilityOption, NULL, &error);
    if (errorString)
        *errorString = error ? CFErrorCopyDescription(error) : NULL;
    if (error)
        CFRelease(error);
    return plist;
}

typedef struct Copying {
    CFTypeRef copy; /* the container being filled */
    CFOptionFlags options;
    unsigned depth;
    bool failed;
} Copying;

static CFTypeRef copyDeeply(CFTypeRef object, CFOptionFlags options, unsigned depth);

static void copyElement(const void *value, void *context)
{
    Copying *copying = context;
    CFTypeRef copy = copying->failed ? NULL : copyDeeply(value, copying->options, copying->depth);
    copying->failed = !copy;
    if (copy) {
        CFIndex count = CFArrayGetCount(copying->copy);
        CFArrayAppendValue((CFMutableArrayRef)copying->copy, copy);
        copying->failed = CFArrayGetCount(copying->copy) == count;
        CFRelease(copy);
    }
}

static void copyPair(const void *key, const void *value, void *context)
{
    Copying *copying = context;
    CFTypeRef copy = copying->failed ? NULL : copyDeeply(value, copying->options, copying->depth);
    copying->failed = !copy;
    if (copy) {
        CFDictionarySetValue((CFMutableDictionaryRef)copying->copy, key, copy);
        copying->failed = CFDictionaryGetValue(copying->copy, key) != copy;
        CFRelease(copy);
    }
}

static CFTypeRef copyDeeply(CFTypeRef object, CFOptionFlags options, unsigned depth)
{
    CFTypeID typeID = CFGetTypeID(object);
    bool leaves = options == kCFPropertyListMutableContainersAndLeaves;
    Copying copying = {.options = options, .depth = depth + 1};
    if (depth > kDepthMax)
        return NULL;
    if (typeID == kCFTypeIDString && leaves)
        return CFStringCreateMutableCopy(NULL, 0, object);
    if (typeID == kCFTypeIDData && leaves)
        return CFDataCreateMutableCopy(NULL, 0, object);
    if (typeID == kCFTypeIDArray) {
        copying.copy = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
        if (copying.copy)
            CFArrayApplyFunction(object, CFRangeMake(0, CFArrayGetCount(object)), copyElement, &copying);
    } else if (typeID == kCFTypeIDDictionary) {
        copying.copy =
            CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
        if (copying.copy)
            CFDictionaryApplyFunction(object, copyPair, &copying);
    } else {
        return CFRetain(object);
    }
    if (copying.copy && copying.failed) {
        CFRelease(copying.copy);
        return NULL;
    }
    return copying.copy;
}

CFPropertyListRef CFPropertyListCreateDeepCopy(CFAllocatorRef allocator, CFPropertyListRef propertyList,
                                               CFOptionFlags mutabilityOption)
{
    return copyDeeply(propertyList, mutabilityOption, 0);
}
