/* SPDX-License-Identifier: MIT */
/*
 * What was read is written, read back and written again: both writings must be the same bytes. That compares more than
 * equality does, since references, and with them which objects are the same, are part of the bytes.
 */
#ifndef FUZZ_PLISTROUNDTRIP_H
#define FUZZ_PLISTROUNDTRIP_H

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

#include "libkern/OSUnserializePrivate.h"

static OSSerialize *writeObject(const OSObject *object, bool binary, bool indexed)
{
    OSSerialize *serializer =
        binary ? OSSerialize_binaryWithCapacity(4096, NULL, NULL) : OSSerialize_withCapacity(4096);
    if (!serializer)
        panic("no memory");
    if (indexed)
        OSSerialize_setIndexed(serializer, true);
    if (!OSObject_serialize(object, serializer))
        OSSafeReleaseNULL(serializer); /* nested too deep for the binary form */
    return serializer;
}

static void checkForm(const OSObject *object, bool binary, bool indexed)
{
    OSSerialize *first = writeObject(object, binary, indexed);
    OSString    *error = NULL;
    if (!first && binary)
        return;
    if (!first)
        panic("what was read cannot be written");
    const char *text   = OSSerialize_text(first);
    unsigned    length = OSSerialize_getLength(first);
    OSObject   *again  = binary ? OSUnserializeBinaryWithOptions(text, length, kOSUnserializeAnyNumberOfBits)
                                : OSUnserializeXML(text, &error);
    if (!again)
        panic("what was written cannot be read: %s", error ? OSString_getCStringNoCopy(error) : "binary");
    OSSerialize *second = writeObject(again, binary, indexed);
    if (!second || OSSerialize_getLength(second) != length || memcmp(OSSerialize_text(second), text, length) != 0)
        panic("what was written and read back differs");
    OSRelease(second);
    OSRelease(again);
    OSRelease(first);
}

/*
 * Takes what a reader returned, NULL or +1. Sizes of 63 and 31 bits mark floating-point numbers, which no text form can
 * hold whole (SEMANTICS 1.63): an integer of such a size is bits of one, and comes back rounded or without its sign.
 */
static void checkRoundTrip(OSObject *object)
{
    OSSerialize *xml = object ? writeObject(object, false, false) : NULL;
    if (!xml)
        return;
    bool hasFloat  = strstr(OSSerialize_text(xml), "size=\"31\"") != NULL;
    bool hasDouble = strstr(OSSerialize_text(xml), "size=\"63\"") != NULL;
    if (!hasFloat && !hasDouble)
        checkForm(object, false, false);
    if (!hasFloat) {
        checkForm(object, true, false);
        checkForm(object, true, true);
    }
    OSRelease(xml);
    OSRelease(object);
}

/* What is allocated must be as much as after the first input. The containers' kind is left out: the symbols' table is
 * one, and stays as large as it got. */
static void checkNoLeak(void)
{
    static size_t known;
    size_t        bytes = IOAllocatedBytes(kIOAllocationInstance) + IOAllocatedBytes(kIOAllocationMalloc);
    if (!known)
        known = bytes;
    if (bytes != known)
        panic("an input left %zu bytes of objects behind", bytes - known);
}

#endif
