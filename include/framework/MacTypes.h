/* SPDX-License-Identifier: MIT */
/* The basic names that Apple's interfaces share (MacTypes.h). */
#ifndef __MACTYPES__
#define __MACTYPES__

#include <libkern/OSTypes.h>

#ifndef nil
#define nil NULL
#endif

enum { noErr = 0 };
#ifndef kNilOptions
#define kNilOptions 0
#endif
enum { kInvalidID = 0, kVariableLengthArray = 1, kUnknownType = 0x3f3f3f3f };

typedef char          *Ptr;
typedef Ptr           *Handle;
typedef long           Size;
typedef SInt16         OSErr;
typedef UInt32         FourCharCode;
typedef FourCharCode   OSType;
typedef FourCharCode   ResType;
typedef OSType        *OSTypePtr;
typedef UInt32         OptionBits;
typedef SInt32         Fixed;
typedef SInt32         Fract;
typedef UInt32         UnsignedFixed;
typedef UInt32         ItemCount;
typedef unsigned long  ByteCount;
typedef unsigned long  ByteOffset;
typedef SInt32         Duration;
typedef float          Float32;
typedef double         Float64;
typedef UInt32         UTF32Char;
typedef UInt16         UniChar;
typedef UInt16         UTF16Char;
typedef UInt8          UTF8Char;
typedef UniChar       *UniCharPtr;
typedef unsigned long  UniCharCount;
typedef UInt8          Style;
typedef UInt32         PBVersion;
typedef SInt16         LangCode;
typedef SInt16         RegionCode;
typedef SInt16         ScriptCode;
typedef unsigned char  Str255[256];
typedef unsigned char  Str63[64];
typedef unsigned char *StringPtr;
typedef const unsigned char *ConstStr255Param;

/* A version as four bytes, the most significant last in memory on little-endian machines. */
typedef struct NumVersion {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    UInt8 majorRev;
    UInt8 minorAndBugRev;
    UInt8 stage;
    UInt8 nonRelRev;
#else
    UInt8 nonRelRev;
    UInt8 stage;
    UInt8 minorAndBugRev;
    UInt8 majorRev;
#endif
} NumVersion;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#endif
