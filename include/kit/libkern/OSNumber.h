/* SPDX-License-Identifier: MIT */
/*
 * OSNumber: an integer of up to 64 bits, or a floating-point number (libkern/c++/OSNumber.h; SEMANTICS 1.39 to 1.41).
 * Sizes are in bits; 63 and 31 mark a double and a float. Changing the value is not atomic.
 */
#ifndef _LIBKERN_OSNUMBER_H
#define _LIBKERN_OSNUMBER_H

#include <libkern/OSObject.h>

enum { kOSNumberDoubleBits = 63, kOSNumberFloatBits = 31 };

OSDeclareBaseClass(OSNumber);

#define OSNumber_METHODS OSObject_METHODS
struct OSNumberMethods {
    OSNumber_METHODS
};

struct OSNumber {
    OSObject super; /* detail: the size in bits */
    union {
        uint64_t value;
        double   fpValue; /* with a size of 63 or 31 */
    };
};

/* The low bits of value. +1; NULL above 64 bits, or without memory. */
OSNumber *OSNumber_withNumber(uint64_t value, unsigned bits);
/* The number that the text says: decimal, 0x hexadecimal, 0 octal. */
OSNumber *OSNumber_withCString(const char *text, unsigned bits);
OSNumber *OSNumber_withDouble(double value);
OSNumber *OSNumber_withFloat(float value);

/* For a subclass's initialisation. False above 64 bits. */
bool OSNumber_initWithNumber(OSNumber *self, uint64_t value, unsigned bits);
bool OSNumber_initWithCString(OSNumber *self, const char *text, unsigned bits);

unsigned OSNumber_numberOfBits(const OSNumber *self);
/* Rounded up. */
unsigned OSNumber_numberOfBytes(const OSNumber *self);

/* The value, truncated to that size. A floating-point number loses its fraction first. */
uint8_t  OSNumber_unsigned8BitValue(const OSNumber *self);
uint16_t OSNumber_unsigned16BitValue(const OSNumber *self);
uint32_t OSNumber_unsigned32BitValue(const OSNumber *self);
uint64_t OSNumber_unsigned64BitValue(const OSNumber *self);
double   OSNumber_doubleValue(const OSNumber *self);
float    OSNumber_floatValue(const OSNumber *self);

/* The result is cut to the number's size. */
void OSNumber_addValue(OSNumber *self, int64_t value);
void OSNumber_setValue(OSNumber *self, uint64_t value);

/* Equal 64-bit values; sizes do not matter. */
bool OSNumber_isEqualTo(const OSNumber *self, const OSObject *other);

#endif
