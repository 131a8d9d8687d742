/* SPDX-License-Identifier: MIT */
/* The serializer's inside, for OSSerialize.c (class, XML) and OSSerializeBinary.c. */
#ifndef _LIBKERN_OSSERIALIZEPRIVATE_H
#define _LIBKERN_OSSERIALIZEPRIVATE_H

#include <libkern/OSSerialize.h>

enum { kOSSerializeNoTag = UINT32_MAX };

/* The number of an object that appeared, or kOSSerializeNoTag. */
uint32_t OSSerialize_findTag(const OSSerialize *self, const OSObject *object);
/* Numbers an object that did not appear. False without memory. */
bool OSSerialize_addTag(OSSerialize *self, const OSObject *object);
/* Room for count further bytes, which are zero; NULL without memory. The caller adds to length. */
char *OSSerialize_reserve(OSSerialize *self, size_t count);

#endif
