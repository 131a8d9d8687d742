/* SPDX-License-Identifier: MIT */
/*
 * CFDictionary: the host's are OSDictionaries, whose keys are OSSymbols; those made here are CFDictionaryObjects, whose
 * keys may be anything. Every function serves both. One thread at a time changes a dictionary.
 */
#include "CFHashTable.h"

#include <string.h>

OSDeclareClass(CFDictionaryObject);
struct CFDictionaryObject {
    CFObject super;
    CFHashTable table;
};

static const void *copyString(CFAllocatorRef allocator, const void *value)
{
    return CFStringCreateCopy(allocator, value);
}

const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks = {
    .retain = CFTypeRetainCallBack,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
    .hash = CFHash,
};
const CFDictionaryKeyCallBacks kCFCopyStringDictionaryKeyCallBacks = {
    .retain = copyString,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
    .hash = CFHash,
};
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks = {
    .retain = CFTypeRetainCallBack,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
};

CFDefineTypeID(CFDictionaryObject, CFDictionary, kCFTypeIDDictionary);

static void CFDictionaryObject_free_(OSObject *object)
{
    CFHashTableFree(&((CFDictionaryObject *)object)->table);
    OSObject_super()->free(object);
}

static bool CFDictionaryObject_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return CFEqual(self, other);
}

OSDefineClassRecord(CFDictionaryObject, CFObject, CFObjectMethods, false, .free = CFDictionaryObject_free_,
                    .isEqualTo = CFDictionaryObject_isEqualTo_, .getTypeID = CFDictionaryObject_getTypeID_);

static CFHashTable *tableOf(CFDictionaryRef dict)
{
    CFDictionaryObject *own = OSDynamicCast(CFDictionaryObject, CFObjectFrom(dict));
    return own ? &own->table : NULL;
}

static OSDictionary *hostOf(CFDictionaryRef dict)
{
    OSDictionary *host = OSRequiredCast(OSDictionary, CFObjectFrom(dict));
    if (!host)
        panic("NULL where a CFDictionary is wanted");
    return host;
}

CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
                                                 const CFDictionaryKeyCallBacks *keyCallBacks,
                                                 const CFDictionaryValueCallBacks *valueCallBacks)
{
    CFDictionaryObject *self = CFAlloc(CFDictionaryObject);
    if (!self)
        return NULL;
    CFHashTableInit(&self->table);
    if (keyCallBacks)
        self->table.keys = *keyCallBacks;
    if (valueCallBacks)
        self->table.values = *valueCallBacks;
    return (CFMutableDictionaryRef)(void *)self;
}

CFDictionaryRef CFDictionaryCreate(CFAllocatorRef allocator, const void **keys, const void **values, CFIndex numValues,
                                   const CFDictionaryKeyCallBacks *keyCallBacks,
                                   const CFDictionaryValueCallBacks *valueCallBacks)
{
    CFMutableDictionaryRef dict = CFDictionaryCreateMutable(allocator, numValues, keyCallBacks, valueCallBacks);
    for (CFIndex i = 0; dict && i < numValues; i++)
        if (!CFHashTablePut(tableOf(dict), keys[i], values[i], kCFHashAdd)) {
            CFRelease(dict);
            return NULL;
        }
    return dict;
}

typedef struct Copying {
    CFMutableDictionaryRef copy;
    bool failed;
} Copying;

static void copyPair(const void *key, const void *value, void *context)
{
    Copying *copying = context;
    copying->failed = copying->failed || !CFHashTablePut(tableOf(copying->copy), key, value, kCFHashSet);
}

CFMutableDictionaryRef CFDictionaryCreateMutableCopy(CFAllocatorRef allocator, CFIndex capacity,
                                                     CFDictionaryRef theDict)
{
    const CFHashTable *table = tableOf(theDict);
    Copying copying = {0};
    copying.copy = CFDictionaryCreateMutable(allocator, capacity, table ? &table->keys : &kCFTypeDictionaryKeyCallBacks,
                                             table ? &table->values : &kCFTypeDictionaryValueCallBacks);
    if (!copying.copy)
        return NULL;
    CFDictionaryApplyFunction(theDict, copyPair, &copying);
    if (copying.failed) {
        CFRelease(copying.copy);
        return NULL;
    }
    return copying.copy;
}

CFDictionaryRef CFDictionaryCreateCopy(CFAllocatorRef allocator, CFDictionaryRef theDict)
{
    return CFDictionaryCreateMutableCopy(allocator, 0, theDict);
}

CFIndex CFDictionaryGetCount(CFDictionaryRef theDict)
{
    const CFHashTable *table = tableOf(theDict);
    return table ? table->count : (CFIndex)OSDictionary_getCount(hostOf(theDict));
}

/* A host's dictionary has string keys without a NUL only. NULL for another key. */
static const char *hostKey(const void *key)
{
    if (!CFIsString(key))
        return NULL;
    CFText text = CFStringText(key);
    if (memchr(text.bytes, 0, text.length))
        return NULL;
    return text.bytes; /* all strings end with a NUL here */
}

Boolean CFDictionaryGetValueIfPresent(CFDictionaryRef theDict, const void *key, const void **value)
{
    const CFHashTable *table = tableOf(theDict);
    const void *found;
    if (table) {
        const CFHashEntry *entry = CFHashTableFind(table, key);
        if (!entry)
            return false;
        found = entry->value;
    } else {
        const char *name = hostKey(key);
        found = name ? OSDictionary_getObject(hostOf(theDict), name) : NULL;
        if (!found)
            return false;
    }
    if (value)
        *value = found;
    return true;
}

const void *CFDictionaryGetValue(CFDictionaryRef theDict, const void *key)
{
    const void *value = NULL;
    CFDictionaryGetValueIfPresent(theDict, key, &value);
    return value;
}

Boolean CFDictionaryContainsKey(CFDictionaryRef theDict, const void *key)
{
    return CFDictionaryGetValueIfPresent(theDict, key, NULL);
}

CFIndex CFDictionaryGetCountOfKey(CFDictionaryRef theDict, const void *key)
{
    return CFDictionaryContainsKey(theDict, key);
}

void CFDictionaryApplyFunction(CFDictionaryRef theDict, CFDictionaryApplierFunction applier, void *context)
{
    const CFHashTable *table = tableOf(theDict);
    if (!table) {
        OSDictionary *host = hostOf(theDict);
        for (unsigned i = 0; i < OSDictionary_getCount(host); i++)
            applier(OSDictionary_getKeyAtIndex(host, i), OSDictionary_getValueAtIndex(host, i), context);
        return;
    }
    const CFHashEntry *entry;
    for (CFIndex i = 0; (entry = CFHashTableNext(table, &i));)
        applier(entry->key, entry->value, context);
}

typedef struct Collecting {
    const void **keys;
    const void **values;
} Collecting;

static void collectPair(const void *key, const void *value, void *context)
{
    Collecting *collecting = context;
    if (collecting->keys)
        *collecting->keys++ = key;
    if (collecting->values)
        *collecting->values++ = value;
}

void CFDictionaryGetKeysAndValues(CFDictionaryRef theDict, const void **keys, const void **values)
{
    CFDictionaryApplyFunction(theDict, collectPair, &(Collecting){keys, values});
}

typedef struct Counting {
    const void *value;
    CFDictionaryEqualCallBack equal;
    CFIndex count;
} Counting;

static void countValue(const void *key, const void *value, void *context)
{
    Counting *counting = context;
    counting->count += value == counting->value ||
                       (counting->equal && value && counting->value && counting->equal(value, counting->value));
}

CFIndex CFDictionaryGetCountOfValue(CFDictionaryRef theDict, const void *value)
{
    const CFHashTable *table = tableOf(theDict);
    Counting counting = {value, table ? table->values.equal : CFEqual, 0};
    CFDictionaryApplyFunction(theDict, countValue, &counting);
    return counting.count;
}

Boolean CFDictionaryContainsValue(CFDictionaryRef theDict, const void *value)
{
    return CFDictionaryGetCountOfValue(theDict, value) > 0;
}

static void put(CFMutableDictionaryRef dict, const void *key, const void *value, CFHashMode mode)
{
    CFHashTable *table = tableOf(dict);
    if (table) {
        (void)CFHashTablePut(table, key, value,
                             mode); /* without memory it stays as it was: there is no way to say so */
        return;
    }
    const char *name = hostKey(key);
    bool present = name && OSDictionary_getObject(hostOf(dict), name);
    if (!name) {
        IOLog("CFDictionary: a dictionary of the host takes strings as keys only");
        return;
    }
    if (mode == kCFHashSet || present == (mode == kCFHashReplace))
        OSDictionary_setObject(hostOf(dict), name, value ? CFObjectFrom(value) : NULL);
}

void CFDictionaryAddValue(CFMutableDictionaryRef theDict, const void *key, const void *value)
{
    put(theDict, key, value, kCFHashAdd);
}

void CFDictionarySetValue(CFMutableDictionaryRef theDict, const void *key, const void *value)
{
    put(theDict, key, value, kCFHashSet);
}

void CFDictionaryReplaceValue(CFMutableDictionaryRef theDict, const void *key, const void *value)
{
    put(theDict, key, value, kCFHashReplace);
}

void CFDictionaryRemoveValue(CFMutableDictionaryRef theDict, const void *key)
{
    CFHashTable *table = tableOf(theDict);
    if (table) {
        CFHashTableRemove(table, key);
        return;
    }
    const char *name = hostKey(key);
    if (name)
        OSDictionary_removeObject(hostOf(theDict), name);
}

void CFDictionaryRemoveAllValues(CFMutableDictionaryRef theDict)
{
    CFHashTable *table = tableOf(theDict);
    if (table)
        CFHashTableFree(table);
    else
        OSDictionary_flushCollection(hostOf(theDict));
}

bool CFDictionaryHoldsObjects(CFDictionaryRef dict)
{
    const CFHashTable *table = tableOf(dict);
    return !table ||
           (table->keys.copyDescription == CFCopyDescription && table->values.copyDescription == CFCopyDescription);
}
