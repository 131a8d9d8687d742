/* SPDX-License-Identifier: MIT */
/* CFNumber and CFBoolean. */
#ifndef __COREFOUNDATION_CFNUMBER__
#define __COREFOUNDATION_CFNUMBER__

#include <CoreFoundation/CFBase.h>

CF_EXTERN_C_BEGIN

typedef const struct __CFBoolean *CFBooleanRef;
typedef const struct __CFNumber  *CFNumberRef;

/* The two truth values: there are no others, they may be compared as pointers. */
CF_EXPORT const CFBooleanRef kCFBooleanTrue;
CF_EXPORT const CFBooleanRef kCFBooleanFalse;
CF_EXPORT CFTypeID           CFBooleanGetTypeID(void);
CF_EXPORT Boolean            CFBooleanGetValue(CFBooleanRef boolean);

typedef CF_ENUM(CFIndex, CFNumberType){
    kCFNumberSInt8Type     = 1,
    kCFNumberSInt16Type    = 2,
    kCFNumberSInt32Type    = 3,
    kCFNumberSInt64Type    = 4,
    kCFNumberFloat32Type   = 5,
    kCFNumberFloat64Type   = 6,
    kCFNumberCharType      = 7,
    kCFNumberShortType     = 8,
    kCFNumberIntType       = 9,
    kCFNumberLongType      = 10,
    kCFNumberLongLongType  = 11,
    kCFNumberFloatType     = 12,
    kCFNumberDoubleType    = 13,
    kCFNumberCFIndexType   = 14,
    kCFNumberNSIntegerType = 15,
    kCFNumberCGFloatType   = 16,
    kCFNumberMaxType       = 16};

CF_EXPORT CFTypeID CFNumberGetTypeID(void);
/* From the C value of that type at valuePtr. +1. */
CF_EXPORT CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType theType, const void *valuePtr);
/* SInt8, 16, 32 or 64, Float32 or Float64. A number that came from the host is SInt32 up to 32 bits, else SInt64. */
CF_EXPORT CFNumberType CFNumberGetType(CFNumberRef number);
/* Bytes of a value of that type. */
CF_EXPORT CFIndex CFNumberGetByteSize(CFNumberRef number);
CF_EXPORT Boolean CFNumberIsFloatType(CFNumberRef number);
/* Converts to theType and stores it, cut off where it does not fit; false when it did not fit exactly. */
CF_EXPORT Boolean CFNumberGetValue(CFNumberRef number, CFNumberType theType, void *valuePtr);
/* By value, whatever the types. context is not used. */
CF_EXPORT CFComparisonResult CFNumberCompare(CFNumberRef number, CFNumberRef otherNumber, void *context);

CF_EXTERN_C_END

#endif
