/* SPDX-License-Identifier: MIT */
/* OSBoolean: true and false, two objects that live for ever (libkern/c++/OSBoolean.h; SEMANTICS 1.42). */
#ifndef _LIBKERN_OSBOOLEAN_H
#define _LIBKERN_OSBOOLEAN_H

#include <libkern/OSObject.h>

OSDeclareBaseClass(OSBoolean);

#define OSBoolean_METHODS OSObject_METHODS
struct OSBooleanMethods {
    OSBoolean_METHODS
};

struct OSBoolean {
    OSObject super; /* pegged; detail: the value */
};

extern OSBoolean *const kOSBooleanTrue;
extern OSBoolean *const kOSBooleanFalse;

/* One of the two; need not be released. */
OSBoolean *OSBoolean_withBoolean(bool value);

bool OSBoolean_isTrue(const OSBoolean *self);
bool OSBoolean_isFalse(const OSBoolean *self);
bool OSBoolean_getValue(const OSBoolean *self);
bool OSBoolean_isEqualTo(const OSBoolean *self, const OSObject *other);

#endif
