/* SPDX-License-Identifier: MIT */
/*
 * OSString: text in one of three places.
 *
 *   within    behind the fields: the factories allocate the object as long as it must be. 16 bytes of fields, the text,
 *             the NUL. Short text fits in text.within and needs no longer object.
 *   outside   owned: what an init function makes of an instance that is already allocated
 *   outside, not copied   the caller's
 *
 * The detail word has the size and says which (OSStringPrivate.h); it is constant after initialisation.
 */
#include <libkern/OSData.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#include <string.h>

#include <IOKit/IOLib.h>

#include "OSMetaClassPrivate.h"
#include "OSStringPrivate.h"

static size_t sizeOf(const OSString *self)
{
    return self->super.detail & kOSStringSizeMask;
}

static bool isOutside(const OSString *self)
{
    return self->super.detail & kOSStringOutside;
}

/* Not &self->text.within: the text is longer than that array. */
static char *textWithin(const OSString *self)
{
    return (char *)self + offsetof(OSString, text);
}

static char *textOf(const OSString *self)
{
    return isOutside(self) ? self->text.outside : textWithin(self);
}

static size_t extraFor(size_t size)
{
    return size > sizeof(((OSString *)0)->text) ? size - sizeof(((OSString *)0)->text) : 0;
}

size_t OSString_measure(const char *text, size_t limit)
{
    return strnlen(text, limit < kOSStringMaxLength ? limit : kOSStringMaxLength);
}

OSString *OSString_createWithin(const OSMetaClass *metaClass, const char *text, size_t length)
{
    if (length >= kOSStringMaxLength)
        return NULL;
    OSObject *object = OSMetaClass_allocExtended(metaClass, extraFor(length + 1));
    OSString *self   = OSRequiredCast(OSString, object);
    if (self) {
        self->super.detail = (uint32_t)length + 1;
        memcpy(textWithin(self), text, length); /* the rest is zero */
    }
    return self;
}

OSString *OSString_withCString(const char *text)
{
    return text ? OSString_createWithin(&OSString_class, text, OSString_measure(text, SIZE_MAX)) : NULL;
}

OSString *OSString_withStringOfLength(const char *text, size_t length)
{
    if (!text || length >= kOSStringMaxLength)
        return NULL;
    return OSString_createWithin(&OSString_class, text, OSString_measure(text, length));
}

OSString *OSString_withString(const OSString *string)
{
    return string ? OSString_withCString(textOf(string)) : NULL;
}

OSString *OSString_withCStringNoCopy(const char *text)
{
    OSString *self = OSTypeAlloc(OSString);
    if (self && !OSString_initWithCStringNoCopy(self, text))
        OSSafeReleaseNULL(self);
    return self;
}

static bool canInit(const OSString *self, const char *text)
{
    return text && !OSDynamicCast(OSSymbol, self) && sizeOf(self) == 0;
}

bool OSString_initWithStringOfLength(OSString *self, const char *text, size_t length)
{
    if (!canInit(self, text) || length >= kOSStringMaxLength)
        return false;
    length = OSString_measure(text, length);
    if (extraFor(length + 1) > 0) {
        char *copy = IOAllocate(kIOAllocationContainer, length + 1);
        if (!copy)
            return false;
        self->text.outside = copy;
        self->super.detail = kOSStringOutside;
    }
    self->super.detail |= (uint32_t)length + 1;
    memcpy(textOf(self), text, length);
    return true;
}

bool OSString_initWithCString(OSString *self, const char *text)
{
    return text && OSString_initWithStringOfLength(self, text, OSString_measure(text, SIZE_MAX));
}

bool OSString_initWithString(OSString *self, const OSString *string)
{
    return string && OSString_initWithCString(self, textOf(string));
}

bool OSString_initWithCStringNoCopy(OSString *self, const char *text)
{
    if (!canInit(self, text))
        return false;
    size_t length = OSString_measure(text, SIZE_MAX);
    if (length >= kOSStringMaxLength)
        return false;
    self->text.outside = (char *)text;
    self->super.detail = ((uint32_t)length + 1) | kOSStringOutside | kOSStringNoCopy;
    return true;
}

unsigned OSString_getLength(const OSString *self)
{
    size_t size = sizeOf(self);
    return size ? (unsigned)size - 1 : 0;
}

const char *OSString_getCStringNoCopy(const OSString *self)
{
    return textOf(self);
}

char OSString_getChar(const OSString *self, unsigned index)
{
    return index < OSString_getLength(self) ? textOf(self)[index] : '\0';
}

bool OSString_setChar(OSString *self, char character, unsigned index)
{
    if ((self->super.detail & (kOSStringNoCopy | kOSStringInterned)) || index >= OSString_getLength(self))
        return false;
    textOf(self)[index] = character;
    return true;
}

bool OSString_isEqualTo(const OSString *self, const OSObject *other)
{
    return OSObject_isEqualTo(OSObjectOf(self), other);
}

bool OSString_isEqualToCString(const OSString *self, const char *text)
{
    return strncmp(textOf(self), text, sizeOf(self)) == 0;
}

/* The bytes of the text with its NUL, and perhaps one NUL more. */
static bool isEqualToData(const OSString *self, const OSData *data)
{
    size_t      size   = sizeOf(self);
    unsigned    length = OSData_getLength(data);
    const char *bytes  = OSData_getBytesNoCopy(data);
    if (length == size + 1 && bytes[size] == 0)
        length--;
    return length == size && memcmp(bytes, textOf(self), size) == 0;
}

static bool OSString_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSString *self   = OSRequiredCast(OSString, object);
    const OSString *string = OSDynamicCast(OSString, other);
    if (string)
        return sizeOf(self) == sizeOf(string) && OSString_isEqualToCString(self, textOf(string));
    const OSData *data = OSDynamicCast(OSData, other);
    return data && isEqualToData(self, data);
}

static bool OSString_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSString *self = OSRequiredCast(OSString, object);
    if (OSSerialize_previouslySerialized(serializer, object))
        return true;
    return OSSerialize_addXMLStartTag(serializer, object, "string") &&
           OSSerialize_addText(serializer, textOf(self), OSString_getLength(self)) &&
           OSSerialize_addXMLEndTag(serializer, "string");
}

static void OSString_free_(OSObject *object)
{
    const OSString *self  = OSRequiredCast(OSString, object);
    size_t          extra = 0;
    if (!isOutside(self))
        extra = extraFor(sizeOf(self));
    else if (!(self->super.detail & kOSStringNoCopy))
        IODeallocate(kIOAllocationContainer, self->text.outside, sizeOf(self));
    OSObject_freeExtended(object, extra);
}

OSDefineBaseClass(OSString, OSObject,
    .free      = OSString_free_,
    .isEqualTo = OSString_isEqualTo_,
    .serialize = OSString_serialize_);
