/* SPDX-License-Identifier: MIT */
/* The types both sides of the boundary share (IOKit/IOTypes.h, device/device_types.h). */
#ifndef _IOKIT_IOTYPES_H
#define _IOKIT_IOTYPES_H

#include <stdbool.h>
#include <stdint.h>

#include <IOKit/IOReturn.h>
#include <libkern/OSTypes.h>
#include <mach/mach_types.h>

typedef UInt32 IOOptionBits;
typedef SInt32 IOFixed;
typedef UInt32 IOVersion;
typedef UInt32 IOItemCount;
typedef UInt32 IOCacheMode;
typedef UInt64 IOByteCount64;
typedef UInt64 IOByteCount;
typedef UInt32 IOByteCount32;
typedef UInt64 IOPhysicalAddress;
typedef UInt64 IOPhysicalLength;
typedef uintptr_t IOVirtualAddress;
typedef UInt64 addr64_t;

typedef struct IOVirtualRange {
    IOVirtualAddress address;
    IOByteCount      length; /* bytes */
} IOVirtualRange;

typedef struct IONamedValue {
    int         value;
    const char *name;
} IONamedValue;

/* Handles of this process to objects of the host; 0 is none. */
typedef mach_port_t  io_object_t;
typedef io_object_t  io_connect_t;
typedef io_object_t  io_enumerator_t;
typedef io_object_t  io_ident_t;
typedef io_object_t  io_iterator_t;
typedef io_object_t  io_registry_entry_t;
typedef io_object_t  io_service_t;
typedef io_object_t  uext_object_t;

#define IO_OBJECT_NULL ((io_object_t)0)

/* Sizes in bytes, NUL included. */
typedef char io_name_t[128];
typedef char io_string_t[512];
typedef char io_string_inband_t[4096];
typedef char io_struct_inband_t[4096];
typedef uint64_t io_user_scalar_t;
typedef uint64_t io_user_reference_t;
typedef uint64_t io_scalar_inband64_t[16];
typedef uint64_t io_async_ref64_t[8];

/* Memory mapping: low 12 bits placement and cache mode are the caller's, the others the driver's. */
enum {
    kIODefaultMemoryType = 0,

    kIODefaultCache          = 0,
    kIOInhibitCache          = 1,
    kIOWriteThruCache        = 2,
    kIOCopybackCache         = 3,
    kIOWriteCombineCache     = 4,
    kIOCopybackInnerCache    = 5,
    kIOPostedWrite           = 6,
    kIORealTimeCache         = 7,

    kIOMapAnywhere           = 0x00000001,
    kIOMapCacheMask          = 0x00000f00,
    kIOMapCacheShift         = 8,
    kIOMapDefaultCache       = kIODefaultCache << kIOMapCacheShift,
    kIOMapInhibitCache       = kIOInhibitCache << kIOMapCacheShift,
    kIOMapWriteThruCache     = kIOWriteThruCache << kIOMapCacheShift,
    kIOMapCopybackCache      = kIOCopybackCache << kIOMapCacheShift,
    kIOMapWriteCombineCache  = kIOWriteCombineCache << kIOMapCacheShift,
    kIOMapReadOnly           = 0x00001000,
    kIOMapStatic             = 0x01000000,
    kIOMapReference          = 0x02000000,
    kIOMapUnique             = 0x04000000,
};

#ifndef kNilOptions
#define kNilOptions 0
#endif

/* Nanoseconds in a unit of time. */
enum {
    kNanosecondScale  = 1,
    kMicrosecondScale = 1000,
    kMillisecondScale = 1000 * 1000,
    kSecondScale      = 1000 * 1000 * 1000,
    kTickScale        = kSecondScale / 100,
};

/* IOConnectCallMethod: the size of a structure that the host is to allocate. */
enum { kIOConnectMethodVarOutputSize = -3 };

#endif
