/* SPDX-License-Identifier: MIT */
/*
 * OSString: text, NUL-terminated, below 262142 bytes (libkern/c++/OSString.h; SEMANTICS 1.43 to 1.45). Its length is
 * fixed when it is made. Text that the factories copy stands inside the object.
 */
#ifndef _LIBKERN_OSSTRING_H
#define _LIBKERN_OSSTRING_H

#include <libkern/OSObject.h>

enum { kOSStringMaxLength = 262142 }; /* of the text in bytes, not reached */

OSDeclareBaseClass(OSString);

#define OSString_METHODS OSObject_METHODS
struct OSStringMethods {
    OSString_METHODS
};

struct OSString {
    OSObject super; /* detail: size with the NUL, and where the text is; see OSString.c */
    union {
        char  within[8]; /* the text, which goes on behind the struct */
        char *outside;   /* owned or the caller's */
    } text;
};

/* A copy. +1; NULL for NULL, for a text too long, or without memory. */
OSString *OSString_withCString(const char *text);
/* A copy of at most length bytes: it ends at a NUL before that. */
OSString *OSString_withStringOfLength(const char *text, size_t length);
OSString *OSString_withString(const OSString *string);
/* Refers to the caller's text, which stays as it is for as long as the object lives. */
OSString *OSString_withCStringNoCopy(const char *text);

/* For a subclass's initialisation, once, on a new instance. An OSSymbol refuses them. */
bool OSString_initWithCString(OSString *self, const char *text);
bool OSString_initWithStringOfLength(OSString *self, const char *text, size_t length);
bool OSString_initWithString(OSString *self, const OSString *string);
bool OSString_initWithCStringNoCopy(OSString *self, const char *text);

/* Bytes, without the NUL. */
unsigned OSString_getLength(const OSString *self);
/* The object's own text, for as long as that lives. */
const char *OSString_getCStringNoCopy(const OSString *self);
/* NUL out of range. */
char OSString_getChar(const OSString *self, unsigned index);
/* False out of range, for text that belongs to the caller, and for a symbol. */
bool OSString_setChar(OSString *self, char character, unsigned index);

/* Against a string or a symbol: the same bytes. Against an OSData: the same bytes and their NUL. */
bool OSString_isEqualTo(const OSString *self, const OSObject *other);
bool OSString_isEqualToCString(const OSString *self, const char *text);

#endif
