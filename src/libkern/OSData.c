/* SPDX-License-Identifier: MIT */
/*
 * OSData: bytes in one of three places, told apart by the capacity: up to kOSDataWithin of them in the object itself, as
 * most of the registry's data are ("vendor-id"); more in an owned block; or the caller's, with capacity UINT32_MAX as
 * in the kernel. The length is the object's detail word.
 */
#include <libkern/OSData.h>
#include <libkern/OSSerialize.h>

#include <string.h>

#include <IOKit/IOLib.h>

enum {
    kIncrement     = 16,       /* the smallest */
    kLargeCapacity = 4096,     /* from here on data grows by half */
};

static const uint32_t kExternal = UINT32_MAX;

static uint32_t lengthOf(const OSData *self)
{
    return self->super.detail;
}

static bool isWithin(const OSData *self)
{
    return self->capacity <= kOSDataWithin;
}

static const uint8_t *bytesOf(const OSData *self)
{
    return isWithin(self) ? self->storage.within : self->storage.outside.bytes;
}

/* Only of bytes that are not the caller's. */
static uint8_t *writableBytesOf(OSData *self)
{
    return isWithin(self) ? self->storage.within : self->storage.outside.bytes;
}

/* ---- Making -------------------------------------------------------------------------------------------------- */

bool OSData_initWithCapacity(OSData *self, unsigned capacity)
{
    OSData_setCapacityIncrement(self, capacity > kIncrement ? capacity : kIncrement);
    self->capacity = kOSDataWithin;
    return OSData_ensureCapacity(self, capacity) >= capacity;
}

bool OSData_initWithBytes(OSData *self, const void *bytes, unsigned length)
{
    if ((length && !bytes) || !OSData_initWithCapacity(self, length))
        return false;
    return OSData_appendBytes(self, bytes, length);
}

bool OSData_initWithBytesNoCopy(OSData *self, void *bytes, unsigned length)
{
    OSData_setCapacityIncrement(self, kIncrement);
    self->super.detail          = length;
    self->capacity              = kExternal;
    self->storage.outside.bytes = bytes;
    return true;
}

bool OSData_initWithData(OSData *self, const OSData *data)
{
    return data && OSData_initWithBytes(self, bytesOf(data), lengthOf(data));
}

OSData *OSData_withCapacity(unsigned capacity)
{
    OSData *self = OSTypeAlloc(OSData);
    if (self && !OSData_initWithCapacity(self, capacity))
        OSSafeReleaseNULL(self);
    return self;
}

OSData *OSData_withBytes(const void *bytes, unsigned length)
{
    OSData *self = OSTypeAlloc(OSData);
    if (self && !OSData_initWithBytes(self, bytes, length))
        OSSafeReleaseNULL(self);
    return self;
}

OSData *OSData_withBytesNoCopy(void *bytes, unsigned length)
{
    OSData *self = OSTypeAlloc(OSData);
    if (self && !OSData_initWithBytesNoCopy(self, bytes, length))
        OSSafeReleaseNULL(self);
    return self;
}

OSData *OSData_withData(const OSData *data)
{
    return data ? OSData_withBytes(bytesOf(data), lengthOf(data)) : NULL;
}

OSData *OSData_withDataRange(const OSData *data, unsigned start, unsigned length)
{
    const void *bytes = data ? OSData_getBytesNoCopyRange(data, start, length) : NULL;
    return bytes ? OSData_withBytes(bytes, length) : NULL;
}

/* ---- Growing ------------------------------------------------------------------------------------------------- */

unsigned OSData_getLength(const OSData *self)
{
    return lengthOf(self);
}

unsigned OSData_getCapacity(const OSData *self)
{
    return self->capacity;
}

unsigned OSData_getCapacityIncrement(const OSData *self)
{
    return self->capacityIncrement;
}

unsigned OSData_setCapacityIncrement(OSData *self, unsigned increment)
{
    return self->capacityIncrement = increment > 0 && increment <= INT32_MAX ? increment : kIncrement;
}

/* To an owned block of that many bytes, more than the object has room for. */
static bool grow(OSData *self, uint32_t capacity)
{
    uint8_t *bytes;
    if (isWithin(self)) {
        bytes = IOAllocate(kIOAllocationContainer, capacity);
        if (bytes)
            memcpy(bytes, self->storage.within, lengthOf(self));
    } else {
        bytes = IOReallocate(kIOAllocationContainer, self->storage.outside.bytes, self->capacity, capacity);
    }
    if (!bytes)
        return false;
    self->storage.outside.bytes      = bytes;
    self->storage.outside.deallocate = NULL;
    self->capacity                   = capacity;
    return true;
}

unsigned OSData_ensureCapacity(OSData *self, unsigned newCapacity)
{
    if (newCapacity > self->capacity) {
        uint64_t increment = self->capacityIncrement;
        uint64_t rounded   = (newCapacity + increment - 1) / increment * increment;
        if (rounded < kExternal)
            (void)grow(self, (uint32_t)rounded); /* the capacity says how it went */
    }
    return self->capacity;
}

/* Room for that many bytes more; a large one grows by half, so that filling it costs linear time. */
static bool reserve(OSData *self, unsigned added)
{
    uint64_t needed = (uint64_t)lengthOf(self) + added;
    uint64_t half   = self->capacity + (uint64_t)self->capacity / 2;
    if (self->capacity == kExternal || needed >= kExternal)
        return false;
    if (needed <= self->capacity)
        return true;
    if (self->capacity >= kLargeCapacity && needed < half && half < kExternal)
        (void)OSData_ensureCapacity(self, (unsigned)half); /* less will do */
    return OSData_ensureCapacity(self, (unsigned)needed) >= needed;
}

bool OSData_appendBytes(OSData *self, const void *bytes, unsigned length)
{
    if (length == 0)
        return true;
    uintptr_t offset = (uintptr_t)bytes - (uintptr_t)bytesOf(self); /* the bytes may be the object's own */
    bool      isOwn  = bytes && offset < lengthOf(self);
    if (!reserve(self, length))
        return false;
    uint8_t *end = writableBytesOf(self) + lengthOf(self);
    if (bytes)
        memcpy(end, isOwn ? bytesOf(self) + offset : bytes, length);
    else
        memset(end, 0, length);
    self->super.detail += length;
    return true;
}

bool OSData_appendData(OSData *self, const OSData *other)
{
    return OSData_appendBytes(self, bytesOf(other), lengthOf(other));
}

bool OSData_appendByte(OSData *self, uint8_t byte, unsigned length)
{
    if (length == 0)
        return true;
    if (!reserve(self, length))
        return false;
    memset(writableBytesOf(self) + lengthOf(self), byte, length);
    self->super.detail += length;
    return true;
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

const void *OSData_getBytesNoCopy(const OSData *self)
{
    return lengthOf(self) ? bytesOf(self) : NULL;
}

const void *OSData_getBytesNoCopyRange(const OSData *self, unsigned start, unsigned length)
{
    if (start >= lengthOf(self) || length > lengthOf(self) - start)
        return NULL;
    return bytesOf(self) + start;
}

bool OSData_isEqualTo(const OSData *self, const OSObject *other)
{
    return OSObject_isEqualTo(OSObjectOf(self), other);
}

bool OSData_isEqualToBytes(const OSData *self, const void *bytes, unsigned length)
{
    return length <= lengthOf(self) && (length == 0 || memcmp(bytesOf(self), bytes, length) == 0);
}

/* The bytes of the text, with or without its NUL. */
static bool isEqualToString(const OSData *self, const OSString *string)
{
    unsigned length = OSString_getLength(string);
    if (lengthOf(self) != length && (lengthOf(self) != length + 1 || bytesOf(self)[length] != 0))
        return false;
    return OSData_isEqualToBytes(self, OSString_getCStringNoCopy(string), length);
}

static bool OSData_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const OSData *self = OSRequiredCast(OSData, object);
    const OSData *data = OSDynamicCast(OSData, other);
    if (data)
        return lengthOf(data) == lengthOf(self) && OSData_isEqualToBytes(self, bytesOf(data), lengthOf(data));
    const OSString *string = OSDynamicCast(OSString, other);
    return string && isEqualToString(self, string);
}

void OSData_setSerializable(OSData *self, bool serializable)
{
    self->isUnserializable = !serializable;
}

bool OSData_isSerializable(const OSData *self)
{
    return !self->isUnserializable;
}

static bool OSData_serialize_(const OSObject *object, OSSerialize *serializer)
{
    const OSData *self = OSRequiredCast(OSData, object);
    if (OSSerialize_previouslySerialized(serializer, object))
        return true;
    return OSSerialize_addXMLStartTag(serializer, object, "data") &&
           OSSerialize_addBase64(serializer, bytesOf(self), self->isUnserializable ? 0 : lengthOf(self)) &&
           OSSerialize_addXMLEndTag(serializer, "data");
}

/* ---- The end ------------------------------------------------------------------------------------------------- */

void OSData_setDeallocFunction(OSData *self, OSDataDeallocFunction function)
{
    if (self->capacity == kExternal)
        self->storage.outside.deallocate = function;
}

static void OSData_free_(OSObject *object)
{
    OSData               *self       = OSRequiredCast(OSData, object);
    void                 *bytes      = self->storage.outside.bytes;
    OSDataDeallocFunction deallocate = self->storage.outside.deallocate;
    if (self->capacity != kExternal && !isWithin(self))
        IODeallocate(kIOAllocationContainer, bytes, self->capacity);
    else if (self->capacity == kExternal && deallocate && bytes && lengthOf(self))
        deallocate(bytes, lengthOf(self));
    OSObject_super()->free(object);
}

OSDefineBaseClass(OSData, OSObject,
    .free      = OSData_free_,
    .isEqualTo = OSData_isEqualTo_,
    .serialize = OSData_serialize_);
