/* SPDX-License-Identifier: MIT */
/* OSData: bytes (libkern/c++/OSData.h; SEMANTICS 1.48 to 1.51). Up to 16 bytes stand inside the object. */
#ifndef _LIBKERN_OSDATA_H
#define _LIBKERN_OSDATA_H

#include <libkern/OSObject.h>
#include <libkern/OSString.h>

enum { kOSDataWithin = 16 }; /* bytes of capacity that an object has in itself */

/* Gives back the caller's bytes of an OSData made without copying. */
typedef void (*OSDataDeallocFunction)(void *bytes, unsigned length);

OSDeclareBaseClass(OSData);

#define OSData_METHODS OSObject_METHODS
struct OSDataMethods {
    OSData_METHODS
};

struct OSData {
    OSObject super;    /* detail: length in bytes */
    uint32_t capacity; /* up to kOSDataWithin: within; UINT32_MAX: the caller's bytes; else owned */
    uint32_t capacityIncrement : 31;
    uint32_t isUnserializable : 1;
    union {
        uint8_t within[kOSDataWithin];
        struct {
            void                 *bytes;
            OSDataDeallocFunction deallocate; /* for the caller's bytes; NULL: they are not given back */
        } outside;
    } storage;
};

/* +1, NULL without memory. */
OSData *OSData_withCapacity(unsigned capacity);
/* A copy. NULL also for NULL with a length. */
OSData *OSData_withBytes(const void *bytes, unsigned length);
/* Refers to the caller's bytes, which live as long as the object; it cannot grow. */
OSData *OSData_withBytesNoCopy(void *bytes, unsigned length);
OSData *OSData_withData(const OSData *data);
/* NULL also when the range is empty or not inside the data. */
OSData *OSData_withDataRange(const OSData *data, unsigned start, unsigned length);

/* For a subclass's initialisation, once, on a new instance. False: release the instance. */
bool OSData_initWithCapacity(OSData *self, unsigned capacity);
bool OSData_initWithBytes(OSData *self, const void *bytes, unsigned length);
bool OSData_initWithBytesNoCopy(OSData *self, void *bytes, unsigned length);
bool OSData_initWithData(OSData *self, const OSData *data);

unsigned OSData_getLength(const OSData *self);
unsigned OSData_getCapacity(const OSData *self);
unsigned OSData_getCapacityIncrement(const OSData *self);
/* Returns the increment; 0 sets 16, and so does a number of 2^31 or more. */
unsigned OSData_setCapacityIncrement(OSData *self, unsigned increment);
/* Room for newCapacity bytes in all. Returns the capacity, which is less than that without memory. */
unsigned OSData_ensureCapacity(OSData *self, unsigned newCapacity);

/* Appends; with bytes NULL, zeroes. False for the caller's bytes, without memory, above 4 GiB; true for length 0. */
bool OSData_appendBytes(OSData *self, const void *bytes, unsigned length);
bool OSData_appendData(OSData *self, const OSData *other);
/* Appends the byte length times. */
bool OSData_appendByte(OSData *self, uint8_t byte, unsigned length);

/* The bytes, until the data grows or is freed; NULL when there are none. */
const void *OSData_getBytesNoCopy(const OSData *self);
/* NULL when the range is not inside the data. */
const void *OSData_getBytesNoCopyRange(const OSData *self, unsigned start, unsigned length);

/* Against data: the same bytes. Against a string: its bytes, with or without the NUL. */
bool OSData_isEqualTo(const OSData *self, const OSObject *other);
/* Whether the data begins with these bytes. */
bool OSData_isEqualToBytes(const OSData *self, const void *bytes, unsigned length);

/* What is not serialisable appears empty. Serialisable is the default. */
void OSData_setSerializable(OSData *self, bool serializable);
bool OSData_isSerializable(const OSData *self);
/* Called with the bytes when data made without copying is freed with a length above 0. */
void OSData_setDeallocFunction(OSData *self, OSDataDeallocFunction function);

#endif
