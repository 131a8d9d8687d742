/* SPDX-License-Identifier: MIT */
/* Objects as I/O Kit's serialised text or binary form (IOKit/IOCFSerialize.h; SEMANTICS 1.58, 1.59, 1.63). */
#ifndef _IOKIT_IOCFSERIALIZE_H
#define _IOKIT_IOCFSERIALIZE_H

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFData.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* Options of IOCFSerialize. */
enum { kIOCFSerializeToBinary = 0x00000001U };

/*
 * The serialised form of an object, +1: XML text that ends with a NUL, or the binary form. NULL for other options,
 * without memory, and, in the binary form, for an object that holds something the form has not.
 */
CFDataRef IOCFSerialize(CFTypeRef object, CFOptionFlags options);

#if defined(__cplusplus)
}
#endif

#endif
