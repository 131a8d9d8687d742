/* SPDX-License-Identifier: MIT */
/* Byte order: swaps, conversions between host, little and big endian, and access at unaligned addresses. */
#ifndef _OS_OSBYTEORDER_H
#define _OS_OSBYTEORDER_H

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#define OSSwapConstInt16(x) ((uint16_t)__builtin_bswap16((uint16_t)(x)))
#define OSSwapConstInt32(x) ((uint32_t)__builtin_bswap32((uint32_t)(x)))
#define OSSwapConstInt64(x) ((uint64_t)__builtin_bswap64((uint64_t)(x)))
#define OSSwapInt16(x)      OSSwapConstInt16(x)
#define OSSwapInt32(x)      OSSwapConstInt32(x)
#define OSSwapInt64(x)      OSSwapConstInt64(x)

enum { OSUnknownByteOrder, OSLittleEndian, OSBigEndian };

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define OSHostByteOrder() OSBigEndian
#define OSSwapHostToBigInt16(x)    ((uint16_t)(x))
#define OSSwapHostToBigInt32(x)    ((uint32_t)(x))
#define OSSwapHostToBigInt64(x)    ((uint64_t)(x))
#define OSSwapHostToLittleInt16(x) OSSwapInt16(x)
#define OSSwapHostToLittleInt32(x) OSSwapInt32(x)
#define OSSwapHostToLittleInt64(x) OSSwapInt64(x)
#else
#define OSHostByteOrder() OSLittleEndian
#define OSSwapHostToBigInt16(x)    OSSwapInt16(x)
#define OSSwapHostToBigInt32(x)    OSSwapInt32(x)
#define OSSwapHostToBigInt64(x)    OSSwapInt64(x)
#define OSSwapHostToLittleInt16(x) ((uint16_t)(x))
#define OSSwapHostToLittleInt32(x) ((uint32_t)(x))
#define OSSwapHostToLittleInt64(x) ((uint64_t)(x))
#endif
#define OSSwapBigToHostInt16(x)    OSSwapHostToBigInt16(x)
#define OSSwapBigToHostInt32(x)    OSSwapHostToBigInt32(x)
#define OSSwapBigToHostInt64(x)    OSSwapHostToBigInt64(x)
#define OSSwapLittleToHostInt16(x) OSSwapHostToLittleInt16(x)
#define OSSwapLittleToHostInt32(x) OSSwapHostToLittleInt32(x)
#define OSSwapLittleToHostInt64(x) OSSwapHostToLittleInt64(x)
#define OSSwapHostToBigConstInt16(x)    OSSwapHostToBigInt16(x)
#define OSSwapHostToBigConstInt32(x)    OSSwapHostToBigInt32(x)
#define OSSwapHostToBigConstInt64(x)    OSSwapHostToBigInt64(x)
#define OSSwapHostToLittleConstInt16(x) OSSwapHostToLittleInt16(x)
#define OSSwapHostToLittleConstInt32(x) OSSwapHostToLittleInt32(x)
#define OSSwapHostToLittleConstInt64(x) OSSwapHostToLittleInt64(x)
#define OSSwapBigToHostConstInt16(x)    OSSwapBigToHostInt16(x)
#define OSSwapBigToHostConstInt32(x)    OSSwapBigToHostInt32(x)
#define OSSwapBigToHostConstInt64(x)    OSSwapBigToHostInt64(x)
#define OSSwapLittleToHostConstInt16(x) OSSwapLittleToHostInt16(x)
#define OSSwapLittleToHostConstInt32(x) OSSwapLittleToHostInt32(x)
#define OSSwapLittleToHostConstInt64(x) OSSwapLittleToHostInt64(x)

/* Reads and writes a number of that order at base + offset bytes, at any alignment. */
#define OPENIOKIT_DEFINE_ACCESS(bits)                                                                                  \
    static inline uint##bits##_t OSReadLittleInt##bits(const volatile void *base, uintptr_t offset)                   \
    {                                                                                                                  \
        uint##bits##_t value;                                                                                          \
        memcpy(&value, (const char *)base + offset, sizeof value);                                                     \
        return OSSwapLittleToHostInt##bits(value);                                                                     \
    }                                                                                                                  \
    static inline uint##bits##_t OSReadBigInt##bits(const volatile void *base, uintptr_t offset)                      \
    {                                                                                                                  \
        uint##bits##_t value;                                                                                          \
        memcpy(&value, (const char *)base + offset, sizeof value);                                                     \
        return OSSwapBigToHostInt##bits(value);                                                                        \
    }                                                                                                                  \
    static inline void OSWriteLittleInt##bits(volatile void *base, uintptr_t offset, uint##bits##_t value)            \
    {                                                                                                                  \
        value = OSSwapHostToLittleInt##bits(value);                                                                    \
        memcpy((char *)base + offset, &value, sizeof value);                                                           \
    }                                                                                                                  \
    static inline void OSWriteBigInt##bits(volatile void *base, uintptr_t offset, uint##bits##_t value)               \
    {                                                                                                                  \
        value = OSSwapHostToBigInt##bits(value);                                                                       \
        memcpy((char *)base + offset, &value, sizeof value);                                                           \
    }
OPENIOKIT_DEFINE_ACCESS(16)
OPENIOKIT_DEFINE_ACCESS(32)
OPENIOKIT_DEFINE_ACCESS(64)
#undef OPENIOKIT_DEFINE_ACCESS

#ifndef ntohll
#define ntohll(x) OSSwapBigToHostInt64(x)
#define htonll(x) OSSwapHostToBigInt64(x)
#endif

#endif
