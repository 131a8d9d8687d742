/* SPDX-License-Identifier: MIT */
/* The binary reader as the framework uses it: numbers of any size are what a host may have among its properties. */
#ifndef _LIBKERN_OSUNSERIALIZEPRIVATE_H
#define _LIBKERN_OSUNSERIALIZEPRIVATE_H

#include <libkern/OSUnserialize.h>

enum {
    kOSUnserializeAnyNumberOfBits = 1, /* numbers of 1 to 64 bits; Apple: the user side's reader takes them too */
};

/* +1, or NULL; like OSUnserializeBinary. */
OSObject *OSUnserializeBinaryWithOptions(const char *buffer, size_t size, unsigned options);

#endif
