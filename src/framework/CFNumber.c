/* SPDX-License-Identifier: MIT */
/*
 * CFNumber and CFBoolean stand on OSNumber and OSBoolean. An OSNumber's size in bits is the CF type: 8, 16, 32, 64, and
 * 31 and 63 for the two floating-point types. Numbers do not change after their creation.
 */
#include "CFInternal.h"

#include <math.h>
#include <string.h>

#include "../libkern/OSBooleanPrivate.h"

const CFBooleanRef kCFBooleanTrue = (CFBooleanRef)(void *)&OSBoolean_trueObject;
const CFBooleanRef kCFBooleanFalse = (CFBooleanRef)(void *)&OSBoolean_falseObject;

CFTypeID CFBooleanGetTypeID(void)
{
    return kCFTypeIDBoolean;
}

CFTypeID CFNumberGetTypeID(void)
{
    return kCFTypeIDNumber;
}

Boolean CFBooleanGetValue(CFBooleanRef boolean)
{
    return boolean == kCFBooleanTrue;
}

/* A value of either kind. */
typedef struct Value {
    bool isFloat;
    int64_t integer;
    double real;
} Value;

static Value valueOf(CFNumberRef number)
{
    const OSNumber *self = OSRequiredCast(OSNumber, CFObjectFrom(number));
    Value value = {0};
    switch (OSNumber_numberOfBits(self)) {
    case kOSNumberFloatBits:
    case kOSNumberDoubleBits:
        value.isFloat = true;
        value.real = OSNumber_doubleValue(self);
        return value;
    case 8:
        value.integer = (int8_t)OSNumber_unsigned8BitValue(self);
        break;
    case 16:
        value.integer = (int16_t)OSNumber_unsigned16BitValue(self);
        break;
    case 32:
        value.integer = (int32_t)OSNumber_unsigned32BitValue(self);
        break;
    default:
        value.integer = (int64_t)OSNumber_unsigned64BitValue(self);
    }
    value.real = (double)value.integer;
    return value;
}

/* The type that a name stands for: one of the six sized ones. */
static CFNumberType sizedType(CFNumberType type)
{
    switch (type) {
    case kCFNumberCharType:
        return kCFNumberSInt8Type;
    case kCFNumberShortType:
        return kCFNumberSInt16Type;
    case kCFNumberIntType:
        return kCFNumberSInt32Type;
    case kCFNumberLongType:
    case kCFNumberCFIndexType:
    case kCFNumberNSIntegerType:
        return sizeof(long) == 8 ? kCFNumberSInt64Type : kCFNumberSInt32Type;
    case kCFNumberLongLongType:
        return kCFNumberSInt64Type;
    case kCFNumberFloatType:
        return kCFNumberFloat32Type;
    case kCFNumberDoubleType:
    case kCFNumberCGFloatType:
        return kCFNumberFloat64Type;
    default:
        return type;
    }
}

CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType theType, const void *valuePtr)
{
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        float f32;
        double f64;
    } value = {0};
    static const uint8_t sizes[] = {0, 1, 2, 4, 8, 4, 8};
    CFNumberType type = sizedType(theType);
    OSNumber *number = NULL;
    if (type < kCFNumberSInt8Type || type > kCFNumberFloat64Type)
        return NULL;
    memcpy(&value, valuePtr, sizes[type]);
    switch ((int)type) {
    case kCFNumberSInt8Type:
        number = OSNumber_withNumber(value.u8, 8);
        break;
    case kCFNumberSInt16Type:
        number = OSNumber_withNumber(value.u16, 16);
        break;
    case kCFNumberSInt32Type:
        number = OSNumber_withNumber(value.u32, 32);
        break;
    case kCFNumberSInt64Type:
        number = OSNumber_withNumber(value.u64, 64);
        break;
    case kCFNumberFloat32Type:
        number = OSNumber_withFloat(value.f32);
        break;
    default:
        number = OSNumber_withDouble(value.f64);
    }
    return (CFNumberRef)(void *)number;
}

CFNumberType CFNumberGetType(CFNumberRef number)
{
    switch (OSNumber_numberOfBits(OSRequiredCast(OSNumber, CFObjectFrom(number)))) {
    case kOSNumberFloatBits:
        return kCFNumberFloat32Type;
    case kOSNumberDoubleBits:
        return kCFNumberFloat64Type;
    case 8:
        return kCFNumberSInt8Type;
    case 16:
        return kCFNumberSInt16Type;
    case 32:
        return kCFNumberSInt32Type;
    default:
        return kCFNumberSInt64Type;
    }
}

Boolean CFNumberIsFloatType(CFNumberRef number)
{
    return valueOf(number).isFloat;
}

CFIndex CFNumberGetByteSize(CFNumberRef number)
{
    static const uint8_t sizes[] = {0, 1, 2, 4, 8, 4, 8};
    return sizes[CFNumberGetType(number)];
}

/* The integer nearest to zero of a real number, held within 64 bits. */
static int64_t truncated(double real)
{
    if (isnan(real))
        return 0;
    if (real >= 9223372036854775808.0)
        return INT64_MAX;
    return real < -9223372036854775808.0 ? INT64_MIN : (int64_t)real;
}

static Boolean storeInteger(Value value, CFNumberType type, void *pointer)
{
    int64_t integer = value.isFloat ? truncated(value.real) : value.integer;
    bool exact = !value.isFloat || (double)integer == value.real;
    switch ((int)type) {
    case kCFNumberSInt8Type: {
        int8_t cut = (int8_t)integer;
        memcpy(pointer, &cut, sizeof cut);
        return exact && cut == integer;
    }
    case kCFNumberSInt16Type: {
        int16_t cut = (int16_t)integer;
        memcpy(pointer, &cut, sizeof cut);
        return exact && cut == integer;
    }
    case kCFNumberSInt32Type: {
        int32_t cut = (int32_t)integer;
        memcpy(pointer, &cut, sizeof cut);
        return exact && cut == integer;
    }
    default:
        memcpy(pointer, &integer, sizeof integer);
        return exact;
    }
}

Boolean CFNumberGetValue(CFNumberRef number, CFNumberType theType, void *valuePtr)
{
    Value value = valueOf(number);
    CFNumberType type = sizedType(theType);
    if (type == kCFNumberFloat32Type) {
        float real = (float)value.real;
        memcpy(valuePtr, &real, sizeof real);
        return value.isFloat ? (double)real == value.real || isnan(value.real) : truncated(real) == value.integer;
    }
    if (type == kCFNumberFloat64Type) {
        memcpy(valuePtr, &value.real, sizeof value.real);
        return value.isFloat || truncated(value.real) == value.integer;
    }
    return storeInteger(value, type, valuePtr);
}

CFComparisonResult CFNumberCompare(CFNumberRef number, CFNumberRef otherNumber, void *context)
{
    Value a = valueOf(number), b = valueOf(otherNumber);
    if (!a.isFloat && !b.isFloat)
        return a.integer < b.integer   ? kCFCompareLessThan
               : a.integer > b.integer ? kCFCompareGreaterThan
                                       : kCFCompareEqualTo;
    if (isnan(a.real) || isnan(b.real))
        return isnan(a.real) && isnan(b.real) ? kCFCompareEqualTo
               : isnan(a.real)                ? kCFCompareLessThan
                                              : kCFCompareGreaterThan;
    return a.real < b.real ? kCFCompareLessThan : a.real > b.real ? kCFCompareGreaterThan : kCFCompareEqualTo;
}
