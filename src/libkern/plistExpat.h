/* SPDX-License-Identifier: MIT */
/* A parser of expat's for bytes in no encoding, its memory counted like all of the kit's. */
#ifndef _LIBKERN_PLISTEXPAT_H
#define _LIBKERN_PLISTEXPAT_H

#include <expat.h>

/* The name of an encoding in which each byte without a meaning in XML is a character, control characters too. */
#define kPlistBytesEncoding "bytes"

/* NULL without memory. What the document declares as its encoding is not looked at. */
XML_Parser plist_createParser(const char *encoding);

#endif
