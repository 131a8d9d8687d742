/* SPDX-License-Identifier: MIT */
/* What OSSymbol shares with OSString; not for drivers. */
#ifndef SRC_LIBKERN_OSSTRINGPRIVATE_H
#define SRC_LIBKERN_OSSTRINGPRIVATE_H

#include <libkern/OSString.h>

/* The parts of an OSString's detail word. */
enum {
    kOSStringSizeMask = 0x0003ffff, /* bytes with the NUL; 0 before init */
    kOSStringOutside  = 0x80000000, /* text.outside is used */
    kOSStringNoCopy   = 0x40000000, /* and is the caller's */
    kOSStringInterned = 0x20000000, /* a symbol's text: fixed */
    kOSStringPooled   = 0x10000000, /* a symbol that stands in the pool */
};

/* An instance of OSString or OSSymbol with a copy of the text inside; NULL when it is too long, or without memory. */
OSString *OSString_createWithin(const OSMetaClass *metaClass, const char *text, size_t length);

/* The length of a text that may be too long: kOSStringMaxLength then. */
size_t OSString_measure(const char *text, size_t limit);

#endif
