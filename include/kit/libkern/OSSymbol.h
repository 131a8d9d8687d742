/* SPDX-License-Identifier: MIT */
/*
 * OSSymbol: interned strings (libkern/c++/OSSymbol.h; SEMANTICS 1.46, 1.47). There is one symbol for a text at a time,
 * so that comparing pointers compares texts. All functions may be called from any thread.
 */
#ifndef _LIBKERN_OSSYMBOL_H
#define _LIBKERN_OSSYMBOL_H

#include <libkern/OSString.h>

OSDeclareClass(OSSymbol);

struct OSSymbol {
    OSString super;
};

/* The symbol of that text, made if there is none: +1; NULL for NULL, for a text too long, or without memory. */
const OSSymbol *OSSymbol_withCString(const char *text);
const OSSymbol *OSSymbol_withString(const OSString *string);
/* Of at most length bytes of the text. */
const OSSymbol *OSSymbol_withStringOfLength(const char *text, size_t length);
/* Apple's does not copy; this one does, so that a symbol survives the module whose text it was made from. */
const OSSymbol *OSSymbol_withCStringNoCopy(const char *text);

/* The symbol of that text, +1, only if there is one; else NULL. */
const OSSymbol *OSSymbol_existingSymbolForCString(const char *text);
const OSSymbol *OSSymbol_existingSymbolForString(const OSString *string);

unsigned    OSSymbol_getLength(const OSSymbol *self);
const char *OSSymbol_getCStringNoCopy(const OSSymbol *self);

/* Against a symbol: the same one. Against another string: the same text. */
bool OSSymbol_isEqualTo(const OSSymbol *self, const OSObject *other);
bool OSSymbol_isEqualToCString(const OSSymbol *self, const char *text);

#endif
