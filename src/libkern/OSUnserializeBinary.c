/* SPDX-License-Identifier: MIT */
/*
 * OSUnserializeBinary: property lists in the binary form (SEMANTICS 1.77 to 1.85). docs/plist-forms.md has the layout.
 *
 * Objects are numbered in the order in which they begin, collections, booleans and keys included; a reference names one
 * by its number or, in the indexed form, by the place of its key word. A collection's object is made when it ends, so a
 * reference to one that is open finds no object yet. One kind of those has a meaning: a dictionary that is its own
 * value stands for a value that was left out, and the entry is skipped. Any other would make a cycle, which no
 * reference count ever frees, and is refused; Apple's reader builds it.
 *
 * The count in a collection's key word only tells an empty one apart; its end is its last member's end bit.
 */
#include <libkern/OSUnserialize.h>

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerializeBinary.h>
#include <libkern/libkern.h>

#include "OSUnserializePrivate.h"
#include "plistBuilder.h"

enum { kFirstNumbers = 64 };

/* An object that began. */
typedef struct numbered_object {
    OSObject *object; /* borrowed from the builder; NULL: a collection that is open */
    uint32_t  weight;
    uint32_t  offset; /* of its key, in words */
    uint32_t  uses;   /* references so far */
} numbered_object;

typedef struct binary_reader {
    plist_builder    builder;
    const uint8_t   *bytes;
    size_t           words;    /* in bytes, whole ones */
    size_t           next;     /* the word to be read */
    bool             isIndexed;
    bool             takesAnyBits;
    numbered_object *objects; /* owned */
    uint32_t         count;
    uint32_t         capacity;
} binary_reader;

/* A key word taken apart. */
typedef struct item {
    uint32_t type;
    uint32_t length; /* or value */
    uint32_t offset;
    bool     isLast;
} item;

static const char malformed[] = "malformed";

static bool fail(binary_reader *reader)
{
    return plist_fail(&reader->builder, malformed);
}

static bool readWord(binary_reader *reader, uint32_t *ret_word)
{
    if (reader->next == reader->words)
        return fail(reader);
    memcpy(ret_word, reader->bytes + reader->next++ * sizeof *ret_word, sizeof *ret_word);
    return true;
}

/* The payload of that many bytes, and the reader moved behind its padding; NULL when it is not all there. */
static const void *readBytes(binary_reader *reader, uint32_t length)
{
    const uint8_t *payload = reader->bytes + reader->next * sizeof(uint32_t);
    size_t         words   = ((size_t)length + 3) / sizeof(uint32_t);
    if (words > reader->words - reader->next)
        return NULL;
    reader->next += words;
    return payload;
}

/* ---- numbers ---- */

static bool numberObject(binary_reader *reader, uint32_t offset)
{
    if (reader->count == kOSUnserializeObjectsMax)
        return fail(reader);
    if (reader->count == reader->capacity) {
        uint32_t         capacity = reader->capacity ? reader->capacity * 2 : kFirstNumbers;
        numbered_object *objects  = IOReallocZero(reader->objects, reader->capacity * sizeof *objects,
                                                  capacity * sizeof *objects);
        if (!objects)
            return fail(reader);
        reader->objects  = objects;
        reader->capacity = capacity;
    }
    reader->objects[reader->count++] = (numbered_object){.offset = offset};
    return true;
}

/* Offsets ascend with the numbers. */
static numbered_object *objectAtOffset(const binary_reader *reader, uint32_t offset)
{
    uint32_t low = 0, high = reader->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (reader->objects[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < reader->count && reader->objects[low].offset == offset ? &reader->objects[low] : NULL;
}

static numbered_object *findObject(const binary_reader *reader, uint32_t value)
{
    if (reader->isIndexed)
        return objectAtOffset(reader, value);
    return value < reader->count ? &reader->objects[value] : NULL;
}

/* ---- members ---- */

static bool addKey(binary_reader *reader, OSObject *object, bool isLast)
{
    OSString *string = OSDynamicCast(OSString, object);
    if (isLast || !string)
        return fail(reader);
    const OSSymbol *symbol = OSSymbol_withString(string);
    return plist_keep(&reader->builder, symbol ? OSObjectOf(symbol) : NULL) &&
           plist_addKey(&reader->builder, symbol);
}

/* Ends the innermost collection, and those whose last member that was. */
static bool closeCollections(binary_reader *reader)
{
    plist_builder *builder = &reader->builder;
    bool           isLast  = true;
    while (isLast && builder->depth > 0) {
        uint32_t weight;
        uint32_t number  = (uint32_t)plist_top(builder)->tag;
        isLast           = plist_top(builder)->isLast;
        OSObject *object = plist_close(builder, &weight);
        if (!object)
            return false;
        reader->objects[number].object = object;
        reader->objects[number].weight = weight;
        if (!plist_add(builder, object, weight))
            return false;
    }
    return true;
}

/* Takes an object, +1, as a key, a value, a member or the result. */
static bool addObject(binary_reader *reader, OSObject *object, uint32_t weight, bool isLast)
{
    plist_builder *builder = &reader->builder;
    if (plist_wantsKey(builder)) {
        bool done = addKey(reader, object, isLast);
        return plist_keep(builder, object) && done; /* a reference may name it later */
    }
    if (builder->depth == 0 && !isLast) {
        OSRelease(object);
        return fail(reader); /* a second root would follow */
    }
    return plist_add(builder, object, weight) && (!isLast || closeCollections(reader));
}

static bool addReference(binary_reader *reader, const item *item)
{
    numbered_object   *target = findObject(reader, item->length);
    const plist_frame *frame  = plist_top(&reader->builder);
    if (!target || !frame)
        return fail(reader);
    if (target->object) {
        OSObject *object = plist_repeat(&reader->builder, target->object, &target->uses);
        return object && addObject(reader, object, target->weight, item->isLast);
    }
    if (frame->kind != PLIST_DICTIONARY || plist_wantsKey(&reader->builder) ||
        &reader->objects[frame->tag] != target)
        return fail(reader);
    plist_dropKey(&reader->builder);
    return !item->isLast || closeCollections(reader);
}

static bool addCollection(binary_reader *reader, const item *item, plist_kind kind)
{
    uint32_t words; /* the collection's length: only somebody who skips it needs it */
    bool     isEmpty = item->length == 0;
    if (plist_wantsKey(&reader->builder) || !numberObject(reader, item->offset) ||
        (reader->isIndexed && !readWord(reader, &words)))
        return fail(reader);
    if (isEmpty && reader->builder.depth == 0 && !item->isLast)
        return fail(reader);
    if (!isEmpty)
        return plist_open(&reader->builder, kind, reader->count - 1, item->isLast);
    OSObject *object = plist_makeEmpty(kind);
    if (!object)
        return fail(reader);
    reader->objects[reader->count - 1].object = object;
    reader->objects[reader->count - 1].weight = 1;
    return addObject(reader, object, 1, item->isLast);
}

static bool addLeaf(binary_reader *reader, const item *item, OSObject *object)
{
    if (!object)
        return fail(reader);
    if (!numberObject(reader, item->offset)) {
        OSRelease(object);
        return false;
    }
    reader->objects[reader->count - 1].object = object;
    reader->objects[reader->count - 1].weight = 1;
    return addObject(reader, object, 1, item->isLast);
}

/* ---- leaves: +1, or NULL when malformed or without memory ---- */

static OSObject *makeNumber(binary_reader *reader, uint32_t bits)
{
    OSNumber   *number;
    uint64_t    value;
    double      real;
    const void *payload = readBytes(reader, sizeof value);
    if (!payload)
        return NULL;
    memcpy(&value, payload, sizeof value);
    memcpy(&real, payload, sizeof real);
    switch (bits) {
    case kOSNumberDoubleBits:
        number = OSNumber_withDouble(real);
        break;
    case kOSNumberFloatBits:
        number = OSNumber_withFloat((float)real);
        break;
    case 8:
    case 16:
    case 32:
    case 64:
        number = OSNumber_withNumber(value, bits);
        break;
    default:
        number = reader->takesAnyBits ? OSNumber_withNumber(value, bits) : NULL;
        break;
    }
    return number ? OSObjectOf(number) : NULL;
}

static OSObject *makeSymbol(binary_reader *reader, uint32_t length)
{
    const char *text = readBytes(reader, length);
    if (!text || length == 0 || text[length - 1] != 0)
        return NULL;
    const OSSymbol *symbol = OSSymbol_withStringOfLength(text, length - 1);
    return symbol ? OSObjectOf(symbol) : NULL;
}

static OSObject *makeString(binary_reader *reader, uint32_t length)
{
    const char *text   = readBytes(reader, length);
    OSString   *string = text ? OSString_withStringOfLength(text, length) : NULL;
    return string ? OSObjectOf(string) : NULL;
}

static OSObject *makeData(binary_reader *reader, uint32_t length)
{
    const void *bytes = readBytes(reader, length);
    OSData     *data  = bytes ? OSData_withBytes(bytes, length) : NULL;
    return data ? OSObjectOf(data) : NULL;
}

static bool readItem(binary_reader *reader)
{
    uint32_t word = 0;
    if (!readWord(reader, &word))
        return false;
    item item = {.type   = word & kOSSerializeTypeMask,
                 .length = word & kOSSerializeDataMask,
                 .offset = (uint32_t)(reader->next - 1),
                 .isLast = (word & kOSSerializeEndCollecton) != 0};
    switch (item.type) {
    case kOSSerializeDictionary:
        return addCollection(reader, &item, PLIST_DICTIONARY);
    case kOSSerializeArray:
        return addCollection(reader, &item, PLIST_ARRAY);
    case kOSSerializeSet:
        return addCollection(reader, &item, PLIST_SET);
    case kOSSerializeObject:
        return addReference(reader, &item);
    case kOSSerializeNumber:
        return addLeaf(reader, &item, makeNumber(reader, item.length));
    case kOSSerializeSymbol:
        return addLeaf(reader, &item, makeSymbol(reader, item.length));
    case kOSSerializeString:
        return addLeaf(reader, &item, makeString(reader, item.length));
    case kOSSerializeData:
        return addLeaf(reader, &item, makeData(reader, item.length));
    case kOSSerializeBoolean:
        return addLeaf(reader, &item, OSObjectOf(item.length ? kOSBooleanTrue : kOSBooleanFalse));
    default:
        return fail(reader);
    }
}

static bool readSignature(binary_reader *reader, const char *buffer, size_t size)
{
    if (!buffer || size < sizeof kOSSerializeBinarySignature || (uintptr_t)buffer % sizeof(uint32_t) != 0)
        return false;
    reader->isIndexed = (uint8_t)buffer[0] == kOSSerializeIndexedBinarySignature;
    reader->bytes     = (const uint8_t *)buffer;
    reader->words     = size / sizeof(uint32_t);
    reader->next      = 1;
    return reader->isIndexed ||
           memcmp(buffer, kOSSerializeBinarySignature, sizeof kOSSerializeBinarySignature) == 0;
}

OSObject *OSUnserializeBinaryWithOptions(const char *buffer, size_t size, unsigned options)
{
    binary_reader reader = {.builder.depthMax = kOSUnserializeBinaryDepthMax,
                            .takesAnyBits     = (options & kOSUnserializeAnyNumberOfBits) != 0};
    if (!readSignature(&reader, buffer, size))
        return NULL;
    while (!reader.builder.result && readItem(&reader))
        ;
    OSObject *result = plist_end(&reader.builder);
    IOFree(reader.objects, reader.capacity * sizeof *reader.objects);
    return result;
}

OSObject *OSUnserializeBinary(const char *buffer, size_t size, OSString **errorString)
{
    if (errorString)
        *errorString = NULL;
    return OSUnserializeBinaryWithOptions(buffer, size, 0);
}
