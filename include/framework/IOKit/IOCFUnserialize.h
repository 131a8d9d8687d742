/* SPDX-License-Identifier: MIT */
/* Objects from I/O Kit's serialised forms (IOKit/IOCFUnserialize.h; SEMANTICS 1.61, 1.62, 1.64). */
#ifndef _IOKIT_IOCFUNSERIALIZE_H
#define _IOKIT_IOCFUNSERIALIZE_H

#include <stddef.h>

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFString.h>

#if defined(__cplusplus)
extern "C" {
#endif

/*
 * The object that a text, ended by a NUL, describes. +1; dictionaries and arrays are mutable.
 *   allocator, options  not used
 *   errorString         NULL, or receives NULL on success and a text (+1) for input that is none
 */
CFTypeRef IOCFUnserialize(const char *buffer, CFAllocatorRef allocator, CFOptionFlags options, CFStringRef *errorString);
/* The same for bufferSize bytes: a text with its NUL, or the binary form when its signature stands first. */
CFTypeRef IOCFUnserializeWithSize(const char *buffer, size_t bufferSize, CFAllocatorRef allocator,
                                  CFOptionFlags options, CFStringRef *errorString);
/* Only the binary form. */
CFTypeRef IOCFUnserializeBinary(const char *buffer, size_t bufferSize, CFAllocatorRef allocator, CFOptionFlags options,
                                CFStringRef *errorString);

#if defined(__cplusplus)
}
#endif

#endif
