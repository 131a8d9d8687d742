/* SPDX-License-Identifier: MIT */
/*
 * CFSet: the host's are OSSets, searched one by one with CFEqual; those made here are CFSetObjects, hash tables whose
 * keys are the members. One thread at a time changes a set.
 */
#include "CFHashTable.h"

OSDeclareClass(CFSetObject);
struct CFSetObject {
    CFObject super;
    CFHashTable table; /* values are not used */
};

static const void *copyString(CFAllocatorRef allocator, const void *value)
{
    return CFStringCreateCopy(allocator, value);
}

const CFSetCallBacks kCFTypeSetCallBacks = {
    .retain = CFTypeRetainCallBack,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
    .hash = CFHash,
};
const CFSetCallBacks kCFCopyStringSetCallBacks = {
    .retain = copyString,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
    .hash = CFHash,
};

CFDefineTypeID(CFSetObject, CFSet, kCFTypeIDSet);

static void CFSetObject_free_(OSObject *object)
{
    CFHashTableFree(&((CFSetObject *)object)->table);
    OSObject_super()->free(object);
}

static bool CFSetObject_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return CFEqual(self, other);
}

OSDefineClassRecord(CFSetObject, CFObject, CFObjectMethods, false, .free = CFSetObject_free_,
                    .isEqualTo = CFSetObject_isEqualTo_, .getTypeID = CFSetObject_getTypeID_);

static CFHashTable *tableOf(CFSetRef set)
{
    CFSetObject *own = OSDynamicCast(CFSetObject, CFObjectFrom(set));
    return own ? &own->table : NULL;
}

static OSSet *hostOf(CFSetRef set)
{
    OSSet *host = OSRequiredCast(OSSet, CFObjectFrom(set));
    if (!host)
        panic("NULL where a CFSet is wanted");
    return host;
}

CFMutableSetRef CFSetCreateMutable(CFAllocatorRef allocator, CFIndex capacity, const CFSetCallBacks *callBacks)
{
    CFSetObject *self = CFAlloc(CFSetObject);
    if (!self)
        return NULL;
    CFHashTableInit(&self->table);
    if (callBacks)
        self->table.keys = (CFDictionaryKeyCallBacks){
            0, callBacks->retain, callBacks->release, callBacks->copyDescription, callBacks->equal, callBacks->hash};
    return (CFMutableSetRef)(void *)self;
}

CFSetRef CFSetCreate(CFAllocatorRef allocator, const void **values, CFIndex numValues, const CFSetCallBacks *callBacks)
{
    CFMutableSetRef set = CFSetCreateMutable(allocator, numValues, callBacks);
    for (CFIndex i = 0; set && i < numValues; i++)
        if (!CFHashTablePut(tableOf(set), values[i], NULL, kCFHashAdd)) {
            CFRelease(set);
            return NULL;
        }
    return set;
}

static void copyMember(const void *value, void *context)
{
    CFSetAddValue(context, value);
}

CFMutableSetRef CFSetCreateMutableCopy(CFAllocatorRef allocator, CFIndex capacity, CFSetRef theSet)
{
    CFMutableSetRef copy = CFSetCreateMutable(allocator, capacity, &kCFTypeSetCallBacks);
    const CFHashTable *table = tableOf(theSet);
    if (!copy)
        return NULL;
    if (table)
        tableOf(copy)->keys = table->keys;
    CFSetApplyFunction(theSet, copyMember, copy);
    if (CFSetGetCount(copy) != CFSetGetCount(theSet)) {
        CFRelease(copy);
        return NULL;
    }
    return copy;
}

CFSetRef CFSetCreateCopy(CFAllocatorRef allocator, CFSetRef theSet)
{
    return CFSetCreateMutableCopy(allocator, 0, theSet);
}

CFIndex CFSetGetCount(CFSetRef theSet)
{
    const CFHashTable *table = tableOf(theSet);
    return table ? table->count : (CFIndex)OSSet_getCount(hostOf(theSet));
}

Boolean CFSetGetValueIfPresent(CFSetRef theSet, const void *candidate, const void **value)
{
    const CFHashTable *table = tableOf(theSet);
    const void *found = NULL;
    if (table) {
        const CFHashEntry *entry = CFHashTableFind(table, candidate);
        if (!entry)
            return false;
        found = entry->key;
    } else {
        OSSet *host = hostOf(theSet);
        for (unsigned i = 0; i < OSSet_getCount(host) && !found; i++)
            if (CFEqual(OSSet_getObjectAtIndex(host, i), candidate))
                found = OSSet_getObjectAtIndex(host, i);
        if (!found)
            return false;
    }
    if (value)
        *value = found;
    return true;
}

const void *CFSetGetValue(CFSetRef theSet, const void *value)
{
    const void *found = NULL;
    CFSetGetValueIfPresent(theSet, value, &found);
    return found;
}

Boolean CFSetContainsValue(CFSetRef theSet, const void *value)
{
    return CFSetGetValueIfPresent(theSet, value, NULL);
}

CFIndex CFSetGetCountOfValue(CFSetRef theSet, const void *value)
{
    return CFSetContainsValue(theSet, value);
}

void CFSetApplyFunction(CFSetRef theSet, CFSetApplierFunction applier, void *context)
{
    const CFHashTable *table = tableOf(theSet);
    const CFHashEntry *entry;
    if (!table) {
        OSSet *host = hostOf(theSet);
        for (unsigned i = 0; i < OSSet_getCount(host); i++)
            applier(OSSet_getObjectAtIndex(host, i), context);
        return;
    }
    for (CFIndex i = 0; (entry = CFHashTableNext(table, &i));)
        applier(entry->key, context);
}

static void collectMember(const void *value, void *context)
{
    const void ***next = context;
    *(*next)++ = value;
}

void CFSetGetValues(CFSetRef theSet, const void **values)
{
    CFSetApplyFunction(theSet, collectMember, &values);
}

void CFSetAddValue(CFMutableSetRef theSet, const void *value)
{
    CFHashTable *table = tableOf(theSet);
    if (table)
        (void)CFHashTablePut(table, value, NULL, kCFHashAdd); /* there is no way to report a lack of memory */
    else if (!CFSetContainsValue(theSet, value))
        OSSet_setObject(hostOf(theSet), CFObjectFrom(value));
}

void CFSetRemoveValue(CFMutableSetRef theSet, const void *value)
{
    CFHashTable *table = tableOf(theSet);
    if (table)
        CFHashTableRemove(table, value);
    else
        OSSet_removeObject(hostOf(theSet), CFSetGetValue(theSet, value));
}

void CFSetReplaceValue(CFMutableSetRef theSet, const void *value)
{
    if (!CFSetContainsValue(theSet, value))
        return;
    CFSetRemoveValue(theSet, value);
    CFSetAddValue(theSet, value);
}

void CFSetSetValue(CFMutableSetRef theSet, const void *value)
{
    CFSetRemoveValue(theSet, value);
    CFSetAddValue(theSet, value);
}

void CFSetRemoveAllValues(CFMutableSetRef theSet)
{
    CFHashTable *table = tableOf(theSet);
    if (table)
        CFHashTableFree(table);
    else
        OSSet_flushCollection(hostOf(theSet));
}

bool CFSetHoldsObjects(CFSetRef set)
{
    const CFHashTable *table = tableOf(set);
    return !table || table->keys.copyDescription == CFCopyDescription;
}
