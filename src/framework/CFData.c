/* SPDX-License-Identifier: MIT */
/* CFData stands on OSData. Bytes taken over from a client are held by CFDataNoCopy, which gives them back. */
#include "CFInternal.h"

#include <limits.h>
#include <string.h>

OSDeclareClass(CFDataNoCopy);
struct CFDataNoCopy {
    OSData super;
    const void *taken;          /* the client's bytes; constant */
    CFAllocatorRef deallocator; /* retained; NULL: the default one */
};

static void CFDataNoCopy_free_(OSObject *object)
{
    CFDataNoCopy *self = (CFDataNoCopy *)object;
    CFBytesDeallocate(self->deallocator, self->taken);
    if (self->deallocator)
        CFRelease(self->deallocator);
    OSData_super()->free(object);
}

OSDefineClass(CFDataNoCopy, OSData, .free = CFDataNoCopy_free_);

static OSData *dataOf(CFDataRef data)
{
    OSData *self = OSRequiredCast(OSData, CFObjectFrom(data));
    if (!self)
        panic("NULL where a CFData is wanted");
    return self;
}

CFTypeID CFDataGetTypeID(void)
{
    return kCFTypeIDData;
}

CFDataRef CFDataCreate(CFAllocatorRef allocator, const UInt8 *bytes, CFIndex length)
{
    CFInitialize();
    if (length < 0 || length > UINT_MAX)
        return NULL;
    return (CFDataRef)(void *)(length ? OSData_withBytes(bytes, (unsigned)length) : OSData_withCapacity(0));
}

CFDataRef CFDataCreateWithBytesNoCopy(CFAllocatorRef allocator, const UInt8 *bytes, CFIndex length,
                                      CFAllocatorRef bytesDeallocator)
{
    if (length < 0 || length > UINT_MAX)
        return NULL;
    CFDataNoCopy *self = CFAlloc(CFDataNoCopy);
    if (!self)
        return NULL;
    if (!OSData_initWithBytesNoCopy(&self->super, (void *)bytes, (unsigned)length)) {
        self->deallocator = kCFAllocatorNull;
        OSRelease(&self->super);
        return NULL;
    }
    self->taken = bytes;
    self->deallocator = bytesDeallocator ? CFRetain(bytesDeallocator) : NULL;
    return (CFDataRef)(void *)self;
}

CFDataRef CFDataCreateCopy(CFAllocatorRef allocator, CFDataRef theData)
{
    return CFDataCreate(allocator, CFDataGetBytePtr(theData), CFDataGetLength(theData));
}

CFMutableDataRef CFDataCreateMutable(CFAllocatorRef allocator, CFIndex capacity)
{
    CFInitialize();
    return (CFMutableDataRef)(void *)OSData_withCapacity(capacity > 0 && capacity < 1 << 20 ? (unsigned)capacity : 0);
}

CFMutableDataRef CFDataCreateMutableCopy(CFAllocatorRef allocator, CFIndex capacity, CFDataRef theData)
{
    return (CFMutableDataRef)CFDataCreateCopy(allocator, theData);
}

CFIndex CFDataGetLength(CFDataRef theData)
{
    return OSData_getLength(dataOf(theData));
}

const UInt8 *CFDataGetBytePtr(CFDataRef theData)
{
    const UInt8 *bytes = OSData_getBytesNoCopy(dataOf(theData));
    return bytes ? bytes : (const UInt8 *)""; /* clients do not test it */
}

UInt8 *CFDataGetMutableBytePtr(CFMutableDataRef theData)
{
    return (UInt8 *)CFDataGetBytePtr(theData);
}

void CFDataGetBytes(CFDataRef theData, CFRange range, UInt8 *buffer)
{
    CFIndex length = CFDataGetLength(theData);
    if (range.location < 0 || range.length <= 0 || range.location > length || range.length > length - range.location)
        return;
    memcpy(buffer, CFDataGetBytePtr(theData) + range.location, (size_t)range.length);
}

void CFDataAppendBytes(CFMutableDataRef theData, const UInt8 *bytes, CFIndex length)
{
    CFDataReplaceBytes(theData, CFRangeMake(CFDataGetLength(theData), 0), bytes, length);
}

void CFDataReplaceBytes(CFMutableDataRef theData, CFRange range, const UInt8 *newBytes, CFIndex newLength)
{
    OSData *self = dataOf(theData);
    CFIndex length = CFDataGetLength(theData);
    if (range.location < 0 || range.length < 0 || newLength < 0 || range.location > length ||
        range.length > length - range.location || newLength > UINT_MAX - length)
        return;
    CFIndex tail = length - range.location - range.length;
    if (newLength > range.length && !OSData_appendBytes(self, NULL, (unsigned)(newLength - range.length)))
        return; /* no memory: unchanged */
    UInt8 *bytes = CFDataGetMutableBytePtr(theData);
    memmove(bytes + range.location + newLength, bytes + range.location + range.length, (size_t)tail);
    if (newBytes && newLength)
        memcpy(bytes + range.location, newBytes, (size_t)newLength);
    if (newLength < range.length)
        self->super.detail =
            (uint32_t)(length - range.length + newLength); /* OSData's length: it has no way to shrink */
}

void CFDataDeleteBytes(CFMutableDataRef theData, CFRange range)
{
    CFDataReplaceBytes(theData, range, NULL, 0);
}

void CFDataSetLength(CFMutableDataRef theData, CFIndex length)
{
    CFIndex old = CFDataGetLength(theData);
    if (length > old)
        CFDataReplaceBytes(theData, CFRangeMake(old, 0), NULL, length - old);
    else
        CFDataReplaceBytes(theData, CFRangeMake(length, old - length), NULL, 0);
}

void CFDataIncreaseLength(CFMutableDataRef theData, CFIndex extraLength)
{
    CFDataSetLength(theData, CFDataGetLength(theData) + extraLength);
}
