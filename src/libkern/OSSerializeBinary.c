/* SPDX-License-Identifier: MIT */
/*
 * OSSerialize, the binary form (SEMANTICS 1.77 to 1.83): words of 32 bits in the machine's order, payloads padded to
 * words. Each object is a key word (type, length or value, and whether it is its collection's last member) with what
 * belongs to it; an object that appeared before is a key word with its number, or, in the indexed form, its place.
 *
 * Whether a member is the last is known when its key is written, so the writer of a collection sets endCollection
 * before each member and the next key takes it. Writing descends into collections by recursion, no deeper than a reader
 * goes.
 */
#include <libkern/OSSerialize.h>

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

#include "OSSerializePrivate.h"

OSSerialize *OSSerialize_binaryWithCapacity(unsigned capacity, OSSerializeEditor editor, void *reference)
{
    if (capacity < sizeof kOSSerializeBinarySignature)
        return NULL;
    OSSerialize *self = OSSerialize_withCapacity(capacity);
    if (!self)
        return NULL;
    self->binary          = true;
    self->editor          = editor;
    self->editorReference = reference;
    OSSerialize_clearText(self);
    return self;
}

bool OSSerialize_isBinary(const OSSerialize *self)
{
    return self->binary;
}

void OSSerialize_setIndexed(OSSerialize *self, bool index)
{
    self->indexed = index;
}

static size_t paddedToWords(size_t length)
{
    return (length + 3) & ~(size_t)3;
}

bool OSSerialize_addBinary(OSSerialize *self, const void *bytes, size_t length)
{
    char *place = length <= kOSSerializeLengthMax ? OSSerialize_reserve(self, paddedToWords(length)) : NULL;
    if (!place)
        return false;
    if (length > 0)
        memcpy(place, bytes, length);
    self->length += (unsigned)paddedToWords(length);
    return true;
}

static bool addKey(OSSerialize *self, uint32_t key)
{
    if (self->endCollection)
        key |= kOSSerializeEndCollecton;
    self->endCollection = false;
    return OSSerialize_addBinary(self, &key, sizeof key);
}

bool OSSerialize_addBinaryObject(OSSerialize *self, const OSObject *object, uint32_t key, const void *bytes,
                                 uint32_t length, uint32_t *ret_start)
{
    static const uint32_t lengthLater = 0;
    uint32_t              start       = self->length;
    if (!OSSerialize_addTag(self, object) || !addKey(self, key))
        return false;
    if (ret_start && self->indexed && !OSSerialize_addBinary(self, &lengthLater, sizeof lengthLater))
        return false;
    if (!OSSerialize_addBinary(self, bytes, length))
        return false;
    if (ret_start)
        *ret_start = start;
    return true;
}

/* In the indexed form the word behind a collection's key says how many words the collection takes, both included. */
static void endCollection(OSSerialize *self, uint32_t start)
{
    uint32_t words = (self->length - start) / sizeof(uint32_t);
    if (self->indexed)
        memcpy(self->data + start + sizeof words, &words, sizeof words);
}

static bool addReference(OSSerialize *self, uint32_t tag)
{
    uint32_t value = self->indexed ? self->tags[tag].offset : tag;
    if (value > kOSSerializeDataMask) {
        self->failed = true;
        return false;
    }
    return addKey(self, kOSSerializeObject | value);
}

/* ---- the classes ---- */

typedef bool (*Writer)(OSSerialize *self, const OSObject *object);

static Writer writerFor(const OSObject *object);

static bool writeAgainOrNew(OSSerialize *self, const OSObject *object, Writer writer)
{
    uint32_t tag = OSSerialize_findTag(self, object);
    return tag != kOSSerializeNoTag ? addReference(self, tag) : writer(self, object);
}

/* A member of a class that this form has not brings an object of one that it has: its `serialize` makes it. */
static bool writeMember(OSSerialize *self, const OSObject *member, bool isLast)
{
    Writer writer       = writerFor(member);
    self->endCollection = isLast;
    return writer ? writeAgainOrNew(self, member, writer) : OSObject_serialize(member, self);
}

static bool beginCollection(OSSerialize *self, const OSObject *object, uint32_t type, unsigned count,
                            uint32_t *ret_start)
{
    if (count > kOSSerializeDataMask || (count > 0 && self->depth == kOSUnserializeBinaryDepthMax)) {
        self->failed = true;
        return false;
    }
    return OSSerialize_addBinaryObject(self, object, type | count, NULL, 0, ret_start);
}

static bool writeDictionaryEntry(OSSerialize *self, OSDictionary *dict, unsigned index, bool isLast)
{
    const OSSymbol *key   = OSDictionary_getKeyAtIndex(dict, index);
    const OSObject *value = OSDictionary_getValueAtIndex(dict, index);
    const OSObject *other = NULL;
    if (self->editor) {
        other = self->editor(self->editorReference, self, dict, key, value);
        value = other ? other : OSObjectOf(dict); /* a dictionary that is its own member: readers skip the entry */
    }
    bool done = writeMember(self, OSObjectOf(key), false) && writeMember(self, value, isLast);
    OSObject_release(other);
    return done;
}

static bool writeDictionary(OSSerialize *self, const OSObject *object)
{
    OSDictionary *dict  = OSRequiredCast(OSDictionary, object);
    unsigned      count = OSDictionary_getCount(dict);
    uint32_t      start = 0;
    bool          done  = beginCollection(self, object, kOSSerializeDictionary, count, &start);
    self->depth++;
    for (unsigned i = 0; done && i < count; i++)
        done = writeDictionaryEntry(self, dict, i, i + 1 == count);
    self->depth--;
    if (done)
        endCollection(self, start);
    return done;
}

static bool writeArray(OSSerialize *self, const OSObject *object)
{
    const OSArray *array = OSRequiredCast(OSArray, object);
    unsigned       count = OSArray_getCount(array);
    uint32_t       start = 0;
    bool           done  = beginCollection(self, object, kOSSerializeArray, count, &start);
    self->depth++;
    for (unsigned i = 0; done && i < count; i++)
        done = writeMember(self, OSArray_getObject(array, i), i + 1 == count);
    self->depth--;
    if (done)
        endCollection(self, start);
    return done;
}

static bool writeSet(OSSerialize *self, const OSObject *object)
{
    const OSSet *set   = OSRequiredCast(OSSet, object);
    unsigned     count = OSSet_getCount(set);
    uint32_t     start = 0;
    bool         done  = beginCollection(self, object, kOSSerializeSet, count, &start);
    self->depth++;
    for (unsigned i = 0; done && i < count; i++)
        done = writeMember(self, OSSet_getObjectAtIndex(set, i), i + 1 == count);
    self->depth--;
    if (done)
        endCollection(self, start);
    return done;
}

static bool writeNumber(OSSerialize *self, const OSObject *object)
{
    const OSNumber *number = OSRequiredCast(OSNumber, object);
    return OSSerialize_addBinaryObject(self, object, kOSSerializeNumber | OSNumber_numberOfBits(number), &number->value,
                                       sizeof number->value, NULL);
}

static bool writeBoolean(OSSerialize *self, const OSObject *object)
{
    bool value = OSBoolean_isTrue(OSRequiredCast(OSBoolean, object));
    return OSSerialize_addBinaryObject(self, object, kOSSerializeBoolean | value, NULL, 0, NULL);
}

/* The NUL of a symbol belongs to it; a string's does not. */
static bool writeString(OSSerialize *self, const OSObject *object)
{
    const OSString *string   = OSRequiredCast(OSString, object);
    bool            isSymbol = OSMetaClass_checkMetaCast(&OSSymbol_class, object) != NULL;
    uint32_t        length   = OSString_getLength(string) + isSymbol;
    return OSSerialize_addBinaryObject(self, object, (isSymbol ? kOSSerializeSymbol : kOSSerializeString) | length,
                                       OSString_getCStringNoCopy(string), length, NULL);
}

static bool writeData(OSSerialize *self, const OSObject *object)
{
    const OSData *data   = OSRequiredCast(OSData, object);
    unsigned      length = OSData_isSerializable(data) ? OSData_getLength(data) : 0;
    if (length > kOSSerializeDataMask) {
        self->failed = true;
        return false;
    }
    return OSSerialize_addBinaryObject(self, object, kOSSerializeData | length, OSData_getBytesNoCopy(data), length,
                                       NULL);
}

/* The most frequent first; NULL for a class without a binary form. */
static Writer writerFor(const OSObject *object)
{
    static const struct {
        const OSMetaClass *metaClass;
        Writer             writer;
    } writers[] = {
        {&OSString_class, writeString}, {&OSNumber_class, writeNumber},       {&OSBoolean_class, writeBoolean},
        {&OSData_class, writeData},     {&OSDictionary_class, writeDictionary}, {&OSArray_class, writeArray},
        {&OSSet_class, writeSet},
    };
    const OSMetaClass *metaClass = OSObject_getMetaClass(object);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
        if (OSMetaClass_derivesFrom(metaClass, writers[i].metaClass))
            return writers[i].writer;
    return NULL;
}

/* The indexed form counts its objects in the first word. */
static bool countObjects(OSSerialize *self)
{
    uint32_t header = self->tagCount << 8 | kOSSerializeIndexedBinarySignature;
    if (!self->indexed)
        return true;
    if (self->tagCount > kOSSerializeDataMask) {
        self->failed = true;
        return false;
    }
    memcpy(self->data, &header, sizeof header);
    return true;
}

bool OSSerialize_binarySerialize(OSSerialize *self, const OSObject *object)
{
    Writer writer = self->binary ? writerFor(object) : NULL;
    return writer && writeAgainOrNew(self, object, writer) && countObjects(self);
}
