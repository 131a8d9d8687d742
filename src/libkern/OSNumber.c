/* SPDX-License-Identifier: MIT */
/* OSNumber: the size in bits is the object's detail word, so that a number takes 24 bytes. */
#include <libkern/OSNumber.h>
#include <libkern/OSSerialize.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { kBitsMax = 64 };

static unsigned bitsOf(const OSNumber *self)
{
    return self->super.detail;
}

static bool isFloatingPoint(const OSNumber *self)
{
    return bitsOf(self) == kOSNumberDoubleBits || bitsOf(self) == kOSNumberFloatBits;
}

static uint64_t lowBits(uint64_t value, unsigned bits)
{
    return bits == 0 ? 0 : value & (UINT64_MAX >> (kBitsMax - bits));
}

/* Without the fraction; what does not fit becomes the nearest number that does, what is not a number 0. */
static uint64_t wholePart(double value)
{
    if (value != value)
        return 0;
    if (value >= 0x1p64)
        return UINT64_MAX;
    if (value < -0x1p63)
        return (uint64_t)INT64_MIN;
    return value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value;
}

bool OSNumber_initWithNumber(OSNumber *self, uint64_t value, unsigned bits)
{
    if (bits > kBitsMax)
        return false;
    self->super.detail = bits;
    self->value        = lowBits(value, bits);
    return true;
}

bool OSNumber_initWithCString(OSNumber *self, const char *text, unsigned bits)
{
    return OSNumber_initWithNumber(self, strtoul(text, NULL, 0), bits);
}

OSNumber *OSNumber_withNumber(uint64_t value, unsigned bits)
{
    OSNumber *self = OSTypeAlloc(OSNumber);
    if (self && !OSNumber_initWithNumber(self, value, bits))
        OSSafeReleaseNULL(self);
    return self;
}

OSNumber *OSNumber_withCString(const char *text, unsigned bits)
{
    OSNumber *self = OSTypeAlloc(OSNumber);
    if (self && !OSNumber_initWithCString(self, text, bits))
        OSSafeReleaseNULL(self);
    return self;
}

static OSNumber *createFloatingPoint(double value, unsigned bits)
{
    OSNumber *self = OSTypeAlloc(OSNumber);
    if (self) {
        self->super.detail = bits;
        self->fpValue      = value;
    }
    return self;
}

OSNumber *OSNumber_withDouble(double value)
{
    return createFloatingPoint(value, kOSNumberDoubleBits);
}

OSNumber *OSNumber_withFloat(float value)
{
    return createFloatingPoint(value, kOSNumberFloatBits);
}

unsigned OSNumber_numberOfBits(const OSNumber *self)
{
    return bitsOf(self);
}

unsigned OSNumber_numberOfBytes(const OSNumber *self)
{
    return (bitsOf(self) + 7) / 8;
}

uint64_t OSNumber_unsigned64BitValue(const OSNumber *self)
{
    return isFloatingPoint(self) ? wholePart(self->fpValue) : self->value;
}

uint8_t OSNumber_unsigned8BitValue(const OSNumber *self)
{
    return (uint8_t)OSNumber_unsigned64BitValue(self);
}

uint16_t OSNumber_unsigned16BitValue(const OSNumber *self)
{
    return (uint16_t)OSNumber_unsigned64BitValue(self);
}

uint32_t OSNumber_unsigned32BitValue(const OSNumber *self)
{
    return (uint32_t)OSNumber_unsigned64BitValue(self);
}

double OSNumber_doubleValue(const OSNumber *self)
{
    return isFloatingPoint(self) ? self->fpValue : (double)self->value;
}

float OSNumber_floatValue(const OSNumber *self)
{
    return isFloatingPoint(self) ? (float)self->fpValue : (float)self->value;
}

void OSNumber_addValue(OSNumber *self, int64_t value)
{
    if (isFloatingPoint(self))
        self->fpValue += (double)value;
    else
        self->value = lowBits(self->value + (uint64_t)value, bitsOf(self));
}

void OSNumber_setValue(OSNumber *self, uint64_t value)
{
    if (isFloatingPoint(self))
        self->fpValue = (double)value;
    else
        self->value = lowBits(value, bitsOf(self));
}

bool OSNumber_isEqualTo(const OSNumber *self, const OSObject *other)
{
    return OSObject_isEqualTo(OSObjectOf(self), other);
}

static bool OSNumber_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSNumber *number = OSDynamicCast(OSNumber, other);
    return number &&
           OSNumber_unsigned64BitValue(OSRequiredCast(OSNumber, object)) == OSNumber_unsigned64BitValue(number);
}

static bool OSNumber_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSNumber *self = OSRequiredCast(OSNumber, object);
    char            tag[32], text[24];
    if (OSSerialize_previouslySerialized(serializer, object))
        return true;
    snprintf(tag, sizeof tag, "integer size=\"%u\"", bitsOf(self));
    snprintf(text, sizeof text, "0x%" PRIx64, self->value);
    return OSSerialize_addXMLStartTag(serializer, object, tag) && OSSerialize_addString(serializer, text) &&
           OSSerialize_addXMLEndTag(serializer, "integer");
}

OSDefineBaseClass(OSNumber, OSObject,
    .isEqualTo = OSNumber_isEqualTo_,
    .serialize = OSNumber_serialize_);
