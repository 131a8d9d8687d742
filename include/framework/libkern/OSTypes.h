/* SPDX-License-Identifier: MIT */
/* The integer names of MacTypes.h and libkern/OSTypes.h. Sizes are in bits, in the name. */
#ifndef _LIBKERN_OSTYPES_H
#define _LIBKERN_OSTYPES_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned int       UInt;
typedef int                SInt;
typedef uint8_t            UInt8;
typedef uint16_t           UInt16;
typedef int8_t             SInt8;
typedef int16_t            SInt16;
typedef uint32_t           UInt32;
typedef int32_t            SInt32;
typedef uint64_t           UInt64;
typedef int64_t            SInt64;

typedef unsigned char Boolean;
typedef int32_t       OSStatus;

typedef struct UnsignedWide {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    UInt32 hi;
    UInt32 lo;
#else
    UInt32 lo;
    UInt32 hi;
#endif
} UnsignedWide;

/* A time in the units of mach_absolute_time, in two halves. */
typedef UnsignedWide AbsoluteTime;

#endif
