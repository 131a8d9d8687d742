/* SPDX-License-Identifier: MIT */
/*
 * OSDictionary: a block of entries in the order of insertion, or sorted by the address of the key.
 *
 * A key is found by its address: from front to back in a small dictionary, through an index behind the entries in a
 * large one (OSDictionaryIndex.c), by halving in a sorted one. Keys and values are retained for the collection, and
 * released only after their entry has left the block, since the free of a value may look at the dictionary.
 */
#include <libkern/OSDictionary.h>
#include <libkern/OSSerialize.h>

#include <stdlib.h>
#include <string.h>

#include <IOKit/IOLib.h>

#include "OSCollectionPrivate.h"
#include "OSDictionaryIndex.h"

static bool isSorted(const OSDictionary *self)
{
    return self->super.options & kOSCollectionSort;
}

/* ---- Places -------------------------------------------------------------------------------------------------- */

/* The place of the key, or where it would be inserted, in a sorted dictionary. */
static unsigned lowerBound(const OSDictionary *self, const OSSymbol *key)
{
    unsigned low = 0, high = self->super.count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if ((uintptr_t)self->entries[middle].key < (uintptr_t)key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The place of the key, or where it would be inserted. */
static unsigned placeOf(const OSDictionary *self, const OSSymbol *key)
{
    unsigned place = 0;
    if (isSorted(self))
        return lowerBound(self, key);
    if (OSDictionaryIndex_isUsed(self))
        return OSDictionaryIndex_find(self, key);
    while (place < self->super.count && self->entries[place].key != key)
        place++;
    return place;
}

static bool isAt(const OSDictionary *self, unsigned place, const OSSymbol *key)
{
    return place < self->super.count && self->entries[place].key == key;
}

static int compareKeys(const void *first, const void *second)
{
    uintptr_t firstKey  = (uintptr_t)((const OSDictionaryEntry *)first)->key;
    uintptr_t secondKey = (uintptr_t)((const OSDictionaryEntry *)second)->key;
    return (firstKey > secondKey) - (firstKey < secondKey);
}

static void sortBySymbol(OSDictionary *self)
{
    if (self->super.count > 1)
        qsort(self->entries, self->super.count, sizeof *self->entries, compareKeys);
}

/* ---- Storage ------------------------------------------------------------------------------------------------- */

static bool grow(OSDictionary *self, unsigned capacity)
{
    OSDictionaryEntry *entries = IOAllocate(kIOAllocationContainer, OSDictionaryIndex_blockSize(capacity));
    if (!entries)
        return false;
    if (self->super.count)
        memcpy(entries, self->entries, self->super.count * sizeof *entries);
    IODeallocate(kIOAllocationContainer, self->entries, OSDictionaryIndex_blockSize(self->super.capacity));
    self->entries        = entries;
    self->super.capacity = capacity;
    if (OSDictionaryIndex_isUsed(self))
        OSDictionaryIndex_rebuild(self);
    return true;
}

static unsigned OSDictionary_ensureCapacity_(OSCollection *collection, unsigned newCapacity)
{
    OSDictionary *self = OSRequiredCast(OSDictionary, collection);
    if (newCapacity > collection->capacity) {
        unsigned rounded = OSCollection_roundCapacity(collection, newCapacity);
        if (rounded)
            (void)grow(self, rounded); /* the capacity says how it went */
    }
    return collection->capacity;
}

static bool reserve(OSDictionary *self, unsigned added)
{
    unsigned capacity = OSCollection_capacityToAdd(&self->super, added);
    if (capacity <= self->super.capacity)
        return capacity != 0 || added == 0;
    return grow(self, capacity);
}

/* ---- Making -------------------------------------------------------------------------------------------------- */

bool OSDictionary_initWithCapacity(OSDictionary *self, unsigned capacity)
{
    OSCollection_initCapacity(&self->super, capacity);
    return OSCollection_ensureCapacity(&self->super, capacity) >= capacity;
}

/* The capacity to begin with; false when the caller's is too small for count. */
static bool initForCount(OSDictionary *self, unsigned count, unsigned capacity)
{
    return (!capacity || count <= capacity) && OSDictionary_initWithCapacity(self, capacity ? capacity : count);
}

bool OSDictionary_initWithObjects(OSDictionary *self, const OSObject *const *objects, const OSSymbol *const *keys,
                                  unsigned count, unsigned capacity)
{
    if (!objects || !keys || !initForCount(self, count, capacity))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!OSDictionary_setObjectForSymbol(self, keys[i], objects[i]))
            return false;
    return true;
}

bool OSDictionary_initWithObjectsForStrings(OSDictionary *self, const OSObject *const *objects,
                                            const OSString *const *keys, unsigned count, unsigned capacity)
{
    if (!objects || !keys || !initForCount(self, count, capacity))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!OSDictionary_setObjectForString(self, keys[i], objects[i]))
            return false;
    return true;
}

bool OSDictionary_initWithDictionary(OSDictionary *self, const OSDictionary *dict, unsigned capacity)
{
    if (!dict || !initForCount(self, dict->super.count, capacity))
        return false;
    for (unsigned i = 0; i < dict->super.count; i++) {
        OSObject_retainForCollection(OSObjectOf(dict->entries[i].key));
        OSObject_retainForCollection(dict->entries[i].value);
        self->entries[i] = dict->entries[i];
    }
    self->super.count = dict->super.count;
    if (isSorted(self))
        sortBySymbol(self);
    else if (OSDictionaryIndex_isUsed(self))
        OSDictionaryIndex_rebuild(self);
    return true;
}

OSDictionary *OSDictionary_withCapacity(unsigned capacity)
{
    OSDictionary *self = OSTypeAlloc(OSDictionary);
    if (self && !OSDictionary_initWithCapacity(self, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSDictionary *OSDictionary_withObjects(const OSObject *const *objects, const OSSymbol *const *keys, unsigned count,
                                       unsigned capacity)
{
    OSDictionary *self = OSTypeAlloc(OSDictionary);
    if (self && !OSDictionary_initWithObjects(self, objects, keys, count, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSDictionary *OSDictionary_withObjectsForStrings(const OSObject *const *objects, const OSString *const *keys,
                                                 unsigned count, unsigned capacity)
{
    OSDictionary *self = OSTypeAlloc(OSDictionary);
    if (self && !OSDictionary_initWithObjectsForStrings(self, objects, keys, count, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSDictionary *OSDictionary_withDictionary(const OSDictionary *dict, unsigned capacity)
{
    OSDictionary *self = OSTypeAlloc(OSDictionary);
    if (self && !OSDictionary_initWithDictionary(self, dict, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

/* ---- Entries ------------------------------------------------------------------------------------------------- */

static void replaceValue(OSDictionary *self, unsigned place, const OSObject *object)
{
    OSObject *old = self->entries[place].value;
    OSCollection_haveUpdated(&self->super);
    OSObject_retainForCollection(object);
    self->entries[place].value = (OSObject *)object;
    OSObject_releaseForCollection(old);
}

static bool insertEntry(OSDictionary *self, unsigned place, const OSSymbol *key, const OSObject *object)
{
    if (!reserve(self, 1))
        return false;
    OSCollection_haveUpdated(&self->super);
    OSDictionaryEntry *entry = self->entries + place;
    memmove(entry + 1, entry, (self->super.count - place) * sizeof *entry);
    OSObject_retainForCollection(OSObjectOf(key));
    OSObject_retainForCollection(object);
    *entry = (OSDictionaryEntry){key, (OSObject *)object};
    self->super.count++;
    if (OSDictionaryIndex_isUsed(self))
        OSDictionaryIndex_add(self, place);
    return true;
}

bool OSDictionary_setObjectForSymbol(OSDictionary *self, const OSSymbol *key, const OSObject *object)
{
    if (!key || !object)
        return false;
    unsigned place = placeOf(self, key);
    if (!isAt(self, place, key))
        return insertEntry(self, place, key, object);
    replaceValue(self, place, object);
    return true;
}

bool OSDictionary_addObjectForSymbol(OSDictionary *self, const OSSymbol *key, const OSObject *object)
{
    if (!key || !object)
        return false;
    unsigned place = placeOf(self, key);
    return !isAt(self, place, key) && insertEntry(self, place, key, object);
}

OSObject *OSDictionary_getObjectForSymbol(const OSDictionary *self, const OSSymbol *key)
{
    unsigned place = placeOf(self, key);
    return key && isAt(self, place, key) ? self->entries[place].value : NULL;
}

void OSDictionary_removeObjectForSymbol(OSDictionary *self, const OSSymbol *key)
{
    unsigned place = placeOf(self, key);
    if (!key || !isAt(self, place, key))
        return;
    OSDictionaryEntry old = self->entries[place];
    OSCollection_haveUpdated(&self->super);
    if (OSDictionaryIndex_isUsed(self))
        OSDictionaryIndex_remove(self, place);
    self->super.count--;
    memmove(self->entries + place, self->entries + place + 1, (self->super.count - place) * sizeof old);
    OSObject_releaseForCollection(OSObjectOf(old.key));
    OSObject_releaseForCollection(old.value);
}

static bool setAndRelease(OSDictionary *self, const OSSymbol *key, const OSObject *object)
{
    bool set = OSDictionary_setObjectForSymbol(self, key, object);
    OSRelease(key);
    return set;
}

/* Borrowed from the dictionary, when it is there: that holds the key too. */
static OSObject *getAndRelease(const OSDictionary *self, const OSSymbol *key)
{
    OSObject *object = OSDictionary_getObjectForSymbol(self, key);
    OSRelease(key);
    return object;
}

static void removeAndRelease(OSDictionary *self, const OSSymbol *key)
{
    OSDictionary_removeObjectForSymbol(self, key);
    OSRelease(key);
}

bool OSDictionary_setObject(OSDictionary *self, const char *key, const OSObject *object)
{
    return setAndRelease(self, OSSymbol_withCString(key), object);
}

bool OSDictionary_setObjectForString(OSDictionary *self, const OSString *key, const OSObject *object)
{
    return setAndRelease(self, OSSymbol_withString(key), object);
}

OSObject *OSDictionary_getObject(const OSDictionary *self, const char *key)
{
    return getAndRelease(self, OSSymbol_existingSymbolForCString(key));
}

OSObject *OSDictionary_getObjectForString(const OSDictionary *self, const OSString *key)
{
    return getAndRelease(self, OSSymbol_existingSymbolForString(key));
}

void OSDictionary_removeObject(OSDictionary *self, const char *key)
{
    removeAndRelease(self, OSSymbol_existingSymbolForCString(key));
}

void OSDictionary_removeObjectForString(OSDictionary *self, const OSString *key)
{
    removeAndRelease(self, OSSymbol_existingSymbolForString(key));
}

const OSSymbol *OSDictionary_getKeyAtIndex(const OSDictionary *self, unsigned index)
{
    return index < self->super.count ? self->entries[index].key : NULL;
}

OSObject *OSDictionary_getValueAtIndex(const OSDictionary *self, unsigned index)
{
    return index < self->super.count ? self->entries[index].value : NULL;
}

/* ---- Whole dictionaries -------------------------------------------------------------------------------------- */

OSDefineContainerFunctions(OSDictionary);

bool OSDictionary_merge(OSDictionary *self, const OSDictionary *other)
{
    if (!OSDynamicCast(OSDictionary, other))
        return false;
    if (self == other)
        return true;
    for (unsigned i = 0; i < other->super.count; i++)
        if (!OSDictionary_setObjectForSymbol(self, other->entries[i].key, other->entries[i].value))
            return false;
    return true;
}

OSArray *OSDictionary_copyKeys(const OSDictionary *self)
{
    OSArray *keys = OSArray_withCapacity(self->super.count);
    for (unsigned i = 0; keys && i < self->super.count; i++)
        if (!OSArray_setObject(keys, OSObjectOf(self->entries[i].key)))
            OSSafeReleaseNULL(keys);
    return keys;
}

bool OSDictionary_iterateObjects(OSDictionary *self,
                                 bool (*callback)(const OSSymbol *key, OSObject *object, void *context), void *context)
{
    uint32_t stamp = self->super.super.detail;
    for (unsigned i = 0; stamp == self->super.super.detail && i < self->super.count; i++)
        if (callback(self->entries[i].key, self->entries[i].value, context))
            break;
    return stamp == self->super.super.detail;
}

bool OSDictionary_isEqualToWithKeys(const OSDictionary *self, const OSDictionary *other, const OSCollection *keys)
{
    const OSCollectionMethods *methods = OSMethodsOf(OSCollection, keys);
    OSCollectionCursor         cursor  = {{0}};
    const OSString            *key;
    if (self == other)
        return true;
    if (self->super.count < keys->count || other->super.count < keys->count)
        return false;
    while ((key = OSDynamicCast(OSString, methods->getNextObjectForIterator(keys, &cursor)))) {
        OSObject *value = OSDictionary_getObjectForString(self, key);
        if (!value || !OSObject_isEqualTo(value, OSDictionary_getObjectForString(other, key)))
            return false;
    }
    return true;
}

static bool OSDictionary_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSDictionary *self = OSRequiredCast(OSDictionary, object);
    const OSDictionary *dict = OSDynamicCast(OSDictionary, other);
    if (self == dict)
        return true;
    if (!dict || dict->super.count != self->super.count)
        return false;
    for (unsigned i = 0; i < self->super.count; i++)
        if (!OSObject_isEqualTo(self->entries[i].value, OSDictionary_getObjectForSymbol(dict, self->entries[i].key)))
            return false;
    return true;
}

static bool serializeKey(const OSSymbol *key, OSSerialize *serializer)
{
    return OSSerialize_addString(serializer, "<key>") &&
           OSSerialize_addText(serializer, OSSymbol_getCStringNoCopy(key), OSSymbol_getLength(key)) &&
           OSSerialize_addXMLEndTag(serializer, "key");
}

static bool OSDictionary_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSDictionary *self = OSRequiredCast(OSDictionary, object);
    if (OSSerialize_previouslySerialized(serializer, object))
        return true;
    if (!OSSerialize_addXMLStartTag(serializer, object, "dict"))
        return false;
    for (unsigned i = 0; i < self->super.count; i++)
        if (!serializeKey(self->entries[i].key, serializer) ||
            !OSObject_serialize(self->entries[i].value, serializer))
            return false;
    return OSSerialize_addXMLEndTag(serializer, "dict");
}

/* ---- The methods of a collection ----------------------------------------------------------------------------- */

static void OSDictionary_flushCollection_(OSCollection *collection)
{
    OSDictionary *self  = OSRequiredCast(OSDictionary, collection);
    unsigned      count = collection->count;
    OSCollection_haveUpdated(collection);
    collection->count = 0;
    if (OSDictionaryIndex_isUsed(self))
        OSDictionaryIndex_rebuild(self);
    for (unsigned i = 0; i < count; i++) {
        OSObject_releaseForCollection(OSObjectOf(self->entries[i].key));
        OSObject_releaseForCollection(self->entries[i].value);
    }
}

static unsigned OSDictionary_setOptions_(OSCollection *collection, unsigned options, unsigned mask)
{
    OSDictionary *self = OSRequiredCast(OSDictionary, collection);
    unsigned      old  = OSCollection_super()->setOptions(collection, options, mask);
    if ((old ^ options) & mask)
        for (unsigned i = 0; i < collection->count; i++)
            OSCollection_setMemberOptions(self->entries[i].value, options, mask);
    if (isSorted(self) && !(old & kOSCollectionSort))
        sortBySymbol(self);
    if (OSDictionaryIndex_isUsed(self) && (old & kOSCollectionSort))
        OSDictionaryIndex_rebuild(self);
    return old;
}

static bool copyValues(OSDictionary *copy, OSDictionary *cycleDict)
{
    for (unsigned i = 0; i < copy->super.count; i++) {
        if (!OSDynamicCast(OSCollection, copy->entries[i].value))
            continue;
        OSObject *value = OSCollection_copyMember(copy->entries[i].value, cycleDict);
        if (!value)
            return false;
        replaceValue(copy, i, value);
        OSRelease(value);
    }
    return true;
}

static OSCollection *OSDictionary_copyCollection_(OSCollection *collection, OSDictionary *cycleDict)
{
    OSCollection *made = OSCollection_findCopy(collection, cycleDict);
    if (made)
        return made;
    OSDictionary *copy = OSDictionary_withDictionary(OSRequiredCast(OSDictionary, collection), 0);
    if (!copy)
        return NULL;
    if (OSCollection_noteCopy(collection, &copy->super, cycleDict) && copyValues(copy, cycleDict))
        return &copy->super;
    OSCollection_dropCopy(&copy->super);
    return NULL;
}

static OSObject *OSDictionary_getNextObjectForIterator_(const OSCollection *collection, OSCollectionCursor *cursor)
{
    const OSDictionary *self  = OSRequiredCast(OSDictionary, collection);
    uintptr_t           index = cursor->position[0];
    if (index >= collection->count)
        return NULL;
    cursor->position[0]++;
    return OSObjectOf(self->entries[index].key);
}

static void OSDictionary_free_(OSObject *object)
{
    OSDictionary *self = OSRequiredCast(OSDictionary, object);
    OSCollection_unlockForFree(&self->super);
    OSDictionary_flushCollection_(&self->super);
    IODeallocate(kIOAllocationContainer, self->entries, OSDictionaryIndex_blockSize(self->super.capacity));
    OSCollection_super()->free(object);
}

OSDefineBaseClass(OSDictionary, OSCollection,
    .free                     = OSDictionary_free_,
    .isEqualTo                = OSDictionary_isEqualTo_,
    .serialize                = OSDictionary_serialize_,
    .ensureCapacity           = OSDictionary_ensureCapacity_,
    .flushCollection          = OSDictionary_flushCollection_,
    .setOptions               = OSDictionary_setOptions_,
    .copyCollection           = OSDictionary_copyCollection_,
    .getNextObjectForIterator = OSDictionary_getNextObjectForIterator_);
