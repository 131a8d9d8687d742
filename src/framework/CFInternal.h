/* SPDX-License-Identifier: MIT */
/*
 * What CoreFoundation's files share. A CF object is a libkern object: a CFTypeRef points to an OSObject. Strings,
 * numbers, booleans, data, arrays, dictionaries and sets that came from the host are libkern's own classes; what
 * CoreFoundation adds (keys of any kind, callbacks, dates, run loops) is classes derived from CFObject, registered as
 * a module of their own on first use.
 *
 * Constant strings are the exception: records that the compiler wrote. Their first word is right from the start, their
 * count word is pegged when the record is first seen: every pointer that comes from a client goes through CFObjectFrom.
 */
#ifndef SRC_FRAMEWORK_CFINTERNAL_H
#define SRC_FRAMEWORK_CFINTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOLib.h>
#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSObject.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#pragma GCC visibility push(hidden)

/* The numbers of the types; stable. */
enum {
    kCFTypeIDOther = 1,
    kCFTypeIDAllocator = 2,
    kCFTypeIDString = 7,
    kCFTypeIDNull = 16,
    kCFTypeIDSet = 17,
    kCFTypeIDDictionary = 18,
    kCFTypeIDArray = 19,
    kCFTypeIDData = 20,
    kCFTypeIDBoolean = 21,
    kCFTypeIDNumber = 22,
    kCFTypeIDError = 27,
    kCFTypeIDBundle = 28,
    kCFTypeIDURL = 29,
    kCFTypeIDUUID = 30,
    kCFTypeIDMachPort = 31,
    kCFTypeIDReadStream = 33,
    kCFTypeIDWriteStream = 34,
    kCFTypeIDFileDescriptor = 35,
    kCFTypeIDRunLoop = 36,
    kCFTypeIDRunLoopSource = 37,
    kCFTypeIDRunLoopTimer = 38,
    kCFTypeIDRunLoopObserver = 39,
    kCFTypeIDDate = 42,
};

OSDeclareBaseClass(CFObject);

#define CFObject_METHODS                                                                                               \
    OSObject_METHODS CFTypeID (*getTypeID)(const CFObject *self);                                                      \
    /* Default: from the address. Objects that are equal have equal hashes. */                                         \
    CFHashCode (*hash)(const CFObject *self);                                                                          \
    /* Default: "<CFType 0xaddress>". +1. */                                                                           \
    CFStringRef (*copyDescription)(const CFObject *self);

struct CFObjectMethods {
    CFObject_METHODS
};

struct CFObject {
    OSObject super;
};

/* Registers the classes, once. CFAlloc and what looks at constant objects call it. */
void CFInitialize(void);

/* A new zero-filled instance; NULL without memory. */
#define CFAlloc(Type) (CFInitialize(), OSTypeAlloc(Type))

/* Defines the getTypeID slot's function Name_getTypeID_ and the public NameGetTypeID. */
#define CFDefineTypeID(Class, Public, number)                                                                          \
    static CFTypeID Class##_getTypeID_(const CFObject *self)                                                           \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return (number);                                                                                               \
    }                                                                                                                  \
    CFTypeID Public##GetTypeID(void)                                                                                   \
    {                                                                                                                  \
        return (number);                                                                                               \
    }                                                                                                                  \
    _Static_assert(1, "")

/* A constant string as the compiler writes it. Its method table is the symbol that isa points to. */
OSDeclareClass(CFConstantString);
struct CFConstantString {
    CFObject super;
    const char *bytes; /* UTF-8, or UTF-16 units before the record was prepared */
    long length;       /* bytes, or units */
};
extern CFObjectMethods __CFConstantStringClassReference __attribute__((visibility("default")));
enum { kCFConstantPegged = 0xfffe };

/* Pegs a record that is met for the first time and brings its text into UTF-8. */
void CFConstantStringPrepare(CFConstantString *string);

/* Defines an exported constant string, whose object is complete from the start, with either compiler. */
#define CFDefineConstant(Type, name, text)                                                                             \
    static CFConstantString name##_object = {                                                                          \
        .super.super = {.super.methods = (const OSObjectMethods *)(const void *)&__CFConstantStringClassReference,     \
                        .retainCount = kCFConstantPegged},                                                             \
        .bytes = text,                                                                                                 \
        .length = sizeof(text) - 1};                                                                                   \
    const Type name = (Type)(void *)&name##_object

/* The object behind a client's pointer, which must not be NULL. */
static inline OSObject *CFObjectFrom(CFTypeRef cf)
{
    OSObject *object = (OSObject *)cf;
    if ((const void *)object->super.methods == &__CFConstantStringClassReference &&
        (atomic_load_explicit(&object->retainCount, memory_order_acquire) & 0xffff) != kCFConstantPegged)
        CFConstantStringPrepare((CFConstantString *)object);
    return object;
}

/* The text of any string, in UTF-8; valid as long as the string and unchanged. It need not end with a NUL. */
typedef struct CFText {
    const char *bytes;
    size_t length;
} CFText;

bool CFIsString(CFTypeRef cf);
CFText CFStringText(CFStringRef string);
/* A string of these bytes, which are made valid UTF-8 when they are not. +1. */
CFStringRef CFStringFromText(const char *bytes, size_t length);
CFStringRef CFStringFromFormat(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A growing buffer of bytes. After a failed append every other one fails too. Zero-filled at first. */
typedef struct CFBuffer {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
} CFBuffer;
bool CFBufferAppend(CFBuffer *buffer, const void *bytes, size_t length);
bool CFBufferAppendString(CFBuffer *buffer, const char *string);
bool CFBufferAppendFormat(CFBuffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void CFBufferFree(CFBuffer *buffer);

/* UTF-8 and UTF-16. A byte that begins no valid sequence reads as U+FFFD, one byte long. */
uint32_t CFTextNextCodePoint(const char *bytes, size_t length, size_t *offset);
size_t CFTextAppendCodePoint(char *bytes, uint32_t codePoint); /* up to 4 bytes; returns how many */
bool CFTextIsValid(const char *bytes, size_t length);
bool CFTextIsASCII(const char *bytes, size_t length);
CFIndex CFTextUnits(const char *bytes, size_t length);
/* The byte offset of a UTF-16 index; the text's length beyond the end. Inside a pair: of the pair. */
size_t CFTextOffset(CFText text, CFIndex unit);

/* Converts bytes of an encoding to UTF-8, appended to the buffer; false when they are none. */
bool CFEncodingDecode(CFStringEncoding encoding, const char *bytes, size_t length, bool skipMark, CFBuffer *buffer);
/* The bytes of one code point in an encoding, at most 8; 0 when it has none, or the encoding is not known. */
size_t CFEncodingEncode(CFStringEncoding encoding, uint32_t codePoint, uint8_t bytes[8]);

/* Calls release for CFType values; used by containers. */
const void *CFTypeRetainCallBack(CFAllocatorRef allocator, const void *value);
void CFTypeReleaseCallBack(CFAllocatorRef allocator, const void *value);
CFHashCode CFHashBytes(const void *bytes, size_t length);
/* Whether the members of an array, dictionary or set (and a dictionary's keys) are objects. */
bool CFContainerHoldsObjects(CFTypeRef container);
bool CFArrayHoldsObjects(CFArrayRef array);
bool CFDictionaryHoldsObjects(CFDictionaryRef dict);
bool CFSetHoldsObjects(CFSetRef set);

/* Data deallocated by an allocator, for the NoCopy functions. */
void CFBytesDeallocate(CFAllocatorRef deallocator, const void *bytes);

/* A CFError with a text, +1, stored when error is not NULL. */
void CFErrorSet(CFErrorRef *error, CFStringRef domain, CFIndex code, const char *text);

/*
 * The libkern object of a property list, with everything in it: what the host can be sent. +1. Shares what is
 * libkern's already; objects met twice stay one. NULL without memory, and for what libkern has no class for.
 */
OSObject *CFCopyKernelObject(CFTypeRef cf);
/* Makes what the reader of a host's list returned follow CF's rules: numbers of up to 32 bits are SInt32, strings are
 * UTF-8 (MacRoman when they were not). Takes the reference to object over, returns one. */
CFTypeRef CFAdoptKernelObject(OSObject *object);

/* The classes, for their registration. */
extern OSMetaClass CFAllocator_class, CFNull_class, CFStringObject_class, CFArrayObject_class, CFDictionaryObject_class,
    CFSetObject_class, CFDataNoCopy_class, CFDate_class, CFError_class, CFUUID_class, CFURL_class, CFReadStream_class,
    CFWriteStream_class, CFBundle_class, CFRunLoop_class, CFRunLoopItem_class, CFRunLoopSource_class,
    CFRunLoopObserver_class, CFRunLoopTimer_class, CFMachPort_class, CFFileDescriptor_class;

#pragma GCC visibility pop

#endif
