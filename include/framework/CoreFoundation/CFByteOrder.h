/* SPDX-License-Identifier: MIT */
#ifndef __COREFOUNDATION_CFBYTEORDER__
#define __COREFOUNDATION_CFBYTEORDER__

#include <CoreFoundation/CFBase.h>
#include <libkern/OSByteOrder.h>

typedef CF_ENUM(CFIndex, CFByteOrder){CFByteOrderUnknown, CFByteOrderLittleEndian, CFByteOrderBigEndian};

CF_INLINE CFByteOrder CFByteOrderGetCurrent(void)
{
    return OSHostByteOrder() == OSLittleEndian ? CFByteOrderLittleEndian : CFByteOrderBigEndian;
}

#define CFSwapInt16(x)             OSSwapInt16(x)
#define CFSwapInt32(x)             OSSwapInt32(x)
#define CFSwapInt64(x)             OSSwapInt64(x)
#define CFSwapInt16BigToHost(x)    OSSwapBigToHostInt16(x)
#define CFSwapInt32BigToHost(x)    OSSwapBigToHostInt32(x)
#define CFSwapInt64BigToHost(x)    OSSwapBigToHostInt64(x)
#define CFSwapInt16HostToBig(x)    OSSwapHostToBigInt16(x)
#define CFSwapInt32HostToBig(x)    OSSwapHostToBigInt32(x)
#define CFSwapInt64HostToBig(x)    OSSwapHostToBigInt64(x)
#define CFSwapInt16LittleToHost(x) OSSwapLittleToHostInt16(x)
#define CFSwapInt32LittleToHost(x) OSSwapLittleToHostInt32(x)
#define CFSwapInt64LittleToHost(x) OSSwapLittleToHostInt64(x)
#define CFSwapInt16HostToLittle(x) OSSwapHostToLittleInt16(x)
#define CFSwapInt32HostToLittle(x) OSSwapHostToLittleInt32(x)
#define CFSwapInt64HostToLittle(x) OSSwapHostToLittleInt64(x)

#endif
