/* SPDX-License-Identifier: MIT */
/* The two objects themselves, for constants whose initialisers need an address (CoreFoundation's kCFBooleanTrue). */
#ifndef SRC_LIBKERN_OSBOOLEANPRIVATE_H
#define SRC_LIBKERN_OSBOOLEANPRIVATE_H

#include <libkern/OSBoolean.h>

extern OSBoolean OSBoolean_trueObject, OSBoolean_falseObject;

#endif
