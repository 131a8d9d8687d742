/* SPDX-License-Identifier: MIT */
/* Strings that are CoreFoundation's own: mutable ones, and those no OSString can hold (a NUL inside, too long). */
#ifndef SRC_FRAMEWORK_CFSTRINGOBJECT_H
#define SRC_FRAMEWORK_CFSTRINGOBJECT_H

#include "CFInternal.h"

#pragma GCC visibility push(hidden)

OSDeclareClass(CFStringObject);
struct CFStringObject {
    CFObject super;
    CFBuffer text; /* UTF-8, valid, with a NUL behind it; bytes NULL while empty */
    CFIndex limit; /* UTF-16 units it may grow to; 0: no limit; -1: it is immutable */
};

/* Replaces length bytes at offset; false, and the string as it was, without memory or beyond the limit. */
bool CFStringObject_replace(CFStringObject *self, size_t offset, size_t length, const char *bytes, size_t newLength);

/* The mutable string behind a client's pointer; a mistake of the client panics. */
CFStringObject *CFStringMutable(CFMutableStringRef string);

/* Appends the formatted text (CFStringFormat.c). */
void CFFormatAppend(CFBuffer *buffer, const char *format, size_t length, va_list arguments);

/* Where a string stands in another: the byte offset, and its length there; false when nowhere. */
bool CFTextFind(CFText text, CFText wanted, CFStringCompareFlags options, size_t *ret_offset, size_t *ret_length);

#pragma GCC visibility pop

#endif
