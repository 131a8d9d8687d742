/* SPDX-License-Identifier: MIT */
/*
 * OSSerialize: the buffer, the table of objects that appeared, and the XML form; OSSerializeBinary.c has the other
 * form.
 *
 * A property list names each object by the order of its first appearance, so every object written is looked up by
 * address. The table for that is a hash table beside the list of objects; the objects are retained, since an address
 * that is freed and used again would be taken for the old object. The buffer doubles, and an append copies whole runs:
 * text is measured, then copied, escaped only when something in it needs that.
 */
#include <libkern/OSSerialize.h>

#include <stdio.h>
#include <string.h>

#include <IOKit/IOLib.h>

#include "OSSerializePrivate.h"

enum {
    kPageSize      = 4096, /* capacities are whole pages: the output is handed to clients */
    kFirstTags     = 64,
    kSlotsPerTag   = 2,
    kNumberTextMax = 16,
};

/* ---- objects that appeared ---- */

static uint32_t slotOf(const OSSerialize *self, const OSObject *object)
{
    uint64_t hash = ((uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32) & (self->tagSlotCount - 1);
}

uint32_t OSSerialize_findTag(const OSSerialize *self, const OSObject *object)
{
    if (self->tagCount == 0)
        return kOSSerializeNoTag;
    for (uint32_t slot = slotOf(self, object);; slot = (slot + 1) & (self->tagSlotCount - 1)) {
        uint32_t tag = self->tagSlots[slot];
        if (tag == 0)
            return kOSSerializeNoTag;
        if (self->tags[tag - 1].object == object)
            return tag - 1;
    }
}

static void enterTag(OSSerialize *self, uint32_t tag)
{
    uint32_t slot = slotOf(self, self->tags[tag].object);
    while (self->tagSlots[slot] != 0)
        slot = (slot + 1) & (self->tagSlotCount - 1);
    self->tagSlots[slot] = tag + 1;
}

static bool growTags(OSSerialize *self)
{
    uint32_t capacity  = self->tagCapacity ? self->tagCapacity * 2 : kFirstTags;
    uint32_t slotCount = capacity * kSlotsPerTag;
    if (capacity > kOSSerializeLengthMax / 4) /* an object takes 4 bytes of output at least */
        return false;
    uint32_t *slots = IOAllocate(kIOAllocationContainer, slotCount * sizeof *slots);
    if (!slots)
        return false;
    OSSerializeTag *tags = IOReallocate(kIOAllocationContainer, self->tags, self->tagCapacity * sizeof *tags,
                                        capacity * sizeof *tags);
    if (!tags) {
        IODeallocate(kIOAllocationContainer, slots, slotCount * sizeof *slots);
        return false;
    }
    IODeallocate(kIOAllocationContainer, self->tagSlots, self->tagSlotCount * sizeof *slots);
    self->tags         = tags;
    self->tagCapacity  = capacity;
    self->tagSlots     = slots;
    self->tagSlotCount = slotCount;
    for (uint32_t tag = 0; tag < self->tagCount; tag++)
        enterTag(self, tag);
    return true;
}

bool OSSerialize_addTag(OSSerialize *self, const OSObject *object)
{
    if (self->tagCount == self->tagCapacity && !growTags(self))
        self->failed = true;
    if (self->failed)
        return false;
    self->tags[self->tagCount].object = OSObject_retain(object);
    self->tags[self->tagCount].offset = self->length / sizeof(uint32_t);
    enterTag(self, self->tagCount++);
    return true;
}

static void releaseTags(OSSerialize *self)
{
    for (uint32_t tag = 0; tag < self->tagCount; tag++)
        OSObject_release(self->tags[tag].object);
    self->tagCount = 0;
}

/* ---- the buffer ---- */

static bool setCapacity(OSSerialize *self, size_t capacity)
{
    capacity = (capacity + kPageSize - 1) & ~(size_t)(kPageSize - 1);
    if (capacity > kOSSerializeLengthMax)
        return false;
    char *data = IOReallocate(kIOAllocationContainer, self->data, self->capacity, capacity);
    if (!data)
        return false;
    self->data     = data;
    self->capacity = (unsigned)capacity;
    return true;
}

/* Growing by the increment alone would copy a long output over and over. */
static bool grow(OSSerialize *self, size_t needed)
{
    size_t step = self->increment > self->capacity ? self->increment : self->capacity;
    size_t more = self->capacity + step;
    if (needed > kOSSerializeLengthMax)
        return false;
    return (more > needed && setCapacity(self, more)) || setCapacity(self, needed);
}

char *OSSerialize_reserve(OSSerialize *self, size_t count)
{
    size_t needed = (size_t)self->length + count;
    if (needed > self->capacity && !self->failed)
        self->failed = !grow(self, needed);
    return self->failed ? NULL : self->data + self->length;
}

/* Room for count characters in front of the NUL that ends the text; that NUL is moved. */
static char *reserveText(OSSerialize *self, size_t count)
{
    if (self->binary) {
        IOLog("OSSerialize: text appended to a binary property list");
        return NULL;
    }
    if (count > kOSSerializeLengthMax || !OSSerialize_reserve(self, count))
        return NULL;
    char *place = self->data + self->length - 1;
    self->length += (unsigned)count;
    return place;
}

/* ---- life ---- */

static bool initWithCapacity(OSSerialize *self, unsigned capacity)
{
    self->length = 1;
    if (!setCapacity(self, capacity ? capacity : 1))
        return false;
    self->increment = self->capacity;
    return true;
}

OSSerialize *OSSerialize_withCapacity(unsigned capacity)
{
    OSSerialize *self = OSTypeAlloc(OSSerialize);
    if (self && !initWithCapacity(self, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

void OSSerialize_clearText(OSSerialize *self)
{
    memset(self->data, 0, self->length);
    self->failed = false;
    self->length = 1;
    if (self->binary) {
        self->length        = sizeof kOSSerializeBinarySignature;
        self->endCollection = true;
        memcpy(self->data, kOSSerializeBinarySignature, sizeof kOSSerializeBinarySignature);
    }
    releaseTags(self);
    if (self->tagSlots)
        memset(self->tagSlots, 0, self->tagSlotCount * sizeof *self->tagSlots);
}

static void OSSerialize_free(OSObject *object)
{
    OSSerialize *self = OSRequiredCast(OSSerialize, object);
    releaseTags(self);
    IODeallocate(kIOAllocationContainer, self->tags, self->tagCapacity * sizeof *self->tags);
    IODeallocate(kIOAllocationContainer, self->tagSlots, self->tagSlotCount * sizeof *self->tagSlots);
    IODeallocate(kIOAllocationContainer, self->data, self->capacity);
    OSObject_super()->free(object);
}

char *OSSerialize_text(const OSSerialize *self)
{
    return self->data;
}

unsigned OSSerialize_getLength(const OSSerialize *self)
{
    return self->length;
}

unsigned OSSerialize_getCapacity(const OSSerialize *self)
{
    return self->capacity;
}

unsigned OSSerialize_getCapacityIncrement(const OSSerialize *self)
{
    return self->increment;
}

unsigned OSSerialize_setCapacityIncrement(OSSerialize *self, unsigned increment)
{
    self->increment = increment ? increment : 256;
    return self->increment;
}

unsigned OSSerialize_ensureCapacity(OSSerialize *self, unsigned capacity)
{
    if (capacity > self->capacity)
        (void)setCapacity(self, capacity); /* the caller sees by the result what it got */
    return self->capacity;
}

/* ---- XML ---- */

bool OSSerialize_addBytes(OSSerialize *self, const void *bytes, size_t length)
{
    char *place = reserveText(self, length);
    if (!place)
        return false;
    memcpy(place, bytes, length);
    return true;
}

bool OSSerialize_addString(OSSerialize *self, const char *string)
{
    return OSSerialize_addBytes(self, string, strlen(string));
}

bool OSSerialize_addChar(OSSerialize *self, char c)
{
    return OSSerialize_addBytes(self, &c, 1);
}

static const char *escapeFor(char c)
{
    return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
}

bool OSSerialize_addText(OSSerialize *self, const char *text, size_t length)
{
    size_t escaped = 0;
    length         = strnlen(text, length);
    for (size_t i = 0; i < length; i++)
        escaped += text[i] == '&' ? 5 : text[i] == '<' || text[i] == '>' ? 4 : 1;
    char *place = reserveText(self, escaped);
    if (!place)
        return false;
    if (escaped == length) {
        memcpy(place, text, length);
        return true;
    }
    for (size_t i = 0; i < length; i++) {
        const char *escape = escapeFor(text[i]);
        if (escape)
            place = stpcpy(place, escape);
        else
            *place++ = text[i];
    }
    *place = 0; /* stpcpy may have written its NUL, and only here is one due */
    return true;
}

bool OSSerialize_addBase64(OSSerialize *self, const void *bytes, size_t length)
{
    static const char    digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *from     = bytes;
    char                *place    = reserveText(self, (length + 2) / 3 * 4);
    if (!place)
        return false;
    for (; length >= 3; length -= 3, from += 3) {
        uint32_t bits = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
        *place++      = digits[bits >> 18];
        *place++      = digits[bits >> 12 & 63];
        *place++      = digits[bits >> 6 & 63];
        *place++      = digits[bits & 63];
    }
    if (length > 0) {
        uint32_t bits = (uint32_t)from[0] << 16 | (length > 1 ? (uint32_t)from[1] << 8 : 0);
        *place++      = digits[bits >> 18];
        *place++      = digits[bits >> 12 & 63];
        *place++      = length > 1 ? digits[bits >> 6 & 63] : '=';
        *place        = '=';
    }
    return true;
}

static bool addReference(OSSerialize *self, uint32_t tag)
{
    char text[sizeof "<reference IDREF=\"\"/>" + kNumberTextMax];
    int  length = snprintf(text, sizeof text, "<reference IDREF=\"%u\"/>", tag);
    return OSSerialize_addBytes(self, text, (size_t)length);
}

bool OSSerialize_previouslySerialized(OSSerialize *self, const OSObject *object)
{
    if (self->binary)
        return OSSerialize_binarySerialize(self, object);
    uint32_t tag = OSSerialize_findTag(self, object);
    if (tag == kOSSerializeNoTag) {
        (void)OSSerialize_addTag(self, object); /* without memory the start tag fails */
        return false;
    }
    return addReference(self, tag);
}

bool OSSerialize_addXMLStartTag(OSSerialize *self, const OSObject *object, const char *tag)
{
    if (self->binary) {
        IOLog("OSSerialize: class %s has no binary form", OSObject_getClassName(object));
        return false;
    }
    uint32_t number = OSSerialize_findTag(self, object);
    if (number == kOSSerializeNoTag)
        return false;
    char text[kNumberTextMax];
    int  length = snprintf(text, sizeof text, "%u", number);
    return OSSerialize_addChar(self, '<') && OSSerialize_addString(self, tag) &&
           OSSerialize_addString(self, " ID=\"") && OSSerialize_addBytes(self, text, (size_t)length) &&
           OSSerialize_addString(self, "\">");
}

bool OSSerialize_addXMLEndTag(OSSerialize *self, const char *tag)
{
    return OSSerialize_addString(self, "</") && OSSerialize_addString(self, tag) && OSSerialize_addChar(self, '>');
}

OSDefineClass(OSSerialize, OSObject, .free = OSSerialize_free);
