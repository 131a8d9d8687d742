/* SPDX-License-Identifier: MIT */
/*
 * Constant strings: records that clang writes for CFSTR, and those that __CFStringMakeConstantString keeps for gcc.
 *
 * clang's record: the address of __CFConstantStringClassReference, a word of flags (0x7c8 for 8-bit text, 0x7d0 for
 * UTF-16), the text and its length. It has the shape of CFConstantString with the flags as its count word, so the first
 * look at a record turns that word into a pegged one, and UTF-16 into UTF-8, which then lives for ever like the record.
 * prepareLock orders threads that meet a record at once; the count word is stored last, with release. It is a leaf
 * lock.
 *
 * The class is not registered: its table and its ancestors are constants, right before anything has run.
 */
#include "CFInternal.h"

#include <pthread.h>
#include <string.h>

#include <libkern/OSSerialize.h>

enum { kFlagsUTF16 = 0x10, kBuckets = 512 };

static pthread_mutex_t prepareLock = PTHREAD_MUTEX_INITIALIZER;

/* A text that gcc's CFSTR named; kept for ever. Chains are written under tableLock. */
typedef struct Interned {
    struct Interned *next;
    CFConstantString string;
    char text[];
} Interned;

static pthread_rwlock_t tableLock = PTHREAD_RWLOCK_INITIALIZER;
static Interned *table[kBuckets];

static const OSMetaClass *CFConstantString_getMetaClass_(const OSObject *self)
{
    return &CFConstantString_class;
}

static void CFConstantString_free_(OSObject *self)
{
    panic("a constant string was freed");
}

static bool CFConstantString_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return CFEqual(self, other);
}

static bool CFConstantString_serialize_(const OSObject *self, OSSerialize *serializer)
{
    OSObject *string = CFCopyKernelObject(self);
    bool done = string && OSObject_serialize(string, serializer);
    OSObject_release(string);
    return done;
}

static CFTypeID CFConstantString_getTypeID_(const CFObject *self)
{
    return kCFTypeIDString;
}

static CFHashCode CFConstantString_hash_(const CFObject *self)
{
    return CFHash(self);
}

static CFStringRef CFConstantString_copyDescription_(const CFObject *self)
{
    return CFRetain(self);
}

CFObjectMethods __CFConstantStringClassReference = {
    .getMetaClass = CFConstantString_getMetaClass_,
    .free = CFConstantString_free_,
    .isEqualTo = CFConstantString_isEqualTo_,
    .serialize = CFConstantString_serialize_,
    .getTypeID = CFConstantString_getTypeID_,
    .hash = CFConstantString_hash_,
    .copyDescription = CFConstantString_copyDescription_,
};

OSMetaClass CFConstantString_class = {
    .super = OSMetaClass_pegged,
    .name = "CFConstantString",
    .superClass = &CFObject_class,
    .instanceSize = sizeof(CFConstantString),
    .tableSize = sizeof(CFObjectMethods),
    .overrides = &__CFConstantStringClassReference,
    .table = &__CFConstantStringClassReference,
    .isAbstract = true,
    .depth = 2,
    .ancestors = {&OSObject_class, &CFObject_class, &CFConstantString_class},
};

_Static_assert(sizeof(CFConstantString) == 32, "the record of the compiler");
_Static_assert(offsetof(CFConstantString, bytes) == 16, "the record of the compiler");

static void convertFromUTF16(CFConstantString *string)
{
    CFBuffer buffer = {0};
    bool valid = CFEncodingDecode(kCFStringEncodingUTF16, string->bytes, (size_t)string->length * 2, false, &buffer);
    if (!valid || !CFBufferAppend(&buffer, "", 0))
        panic("no memory for a constant string");
    string->bytes = buffer.bytes;
    string->length = (long)buffer.length;
}

void CFConstantStringPrepare(CFConstantString *string)
{
    pthread_mutex_lock(&prepareLock);
    uint32_t word = atomic_load_explicit(&string->super.super.retainCount, memory_order_relaxed);
    if ((word & 0xffff) != kCFConstantPegged) {
        if (word & kFlagsUTF16)
            convertFromUTF16(string);
        atomic_store_explicit(&string->super.super.retainCount, kCFConstantPegged, memory_order_release);
    }
    pthread_mutex_unlock(&prepareLock);
}

static Interned *find_locked(const char *text, size_t bucket)
{
    Interned *entry = table[bucket];
    while (entry && strcmp(entry->text, text) != 0)
        entry = entry->next;
    return entry;
}

static Interned *makeEntry(const char *text)
{
    size_t size = strlen(text) + 1;
    Interned *entry = IOMallocZero(sizeof *entry + size);
    if (!entry)
        panic("no memory for a constant string");
    memcpy(entry->text, text, size);
    entry->string.super.super.super.methods = (const OSObjectMethods *)(const void *)&__CFConstantStringClassReference;
    entry->string.bytes = entry->text;
    entry->string.length = (long)size - 1;
    atomic_init(&entry->string.super.super.retainCount, kCFConstantPegged);
    return entry;
}

CFStringRef __CFStringMakeConstantString(const char *cStr)
{
    size_t bucket = CFHashBytes(cStr, strlen(cStr)) % kBuckets;
    pthread_rwlock_rdlock(&tableLock);
    Interned *entry = find_locked(cStr, bucket);
    pthread_rwlock_unlock(&tableLock);
    if (entry)
        return (CFStringRef)(void *)&entry->string;

    pthread_rwlock_wrlock(&tableLock);
    entry = find_locked(cStr, bucket);
    if (!entry) {
        entry = makeEntry(cStr);
        entry->next = table[bucket];
        table[bucket] = entry;
    }
    pthread_rwlock_unlock(&tableLock);
    return (CFStringRef)(void *)&entry->string;
}
