/* SPDX-License-Identifier: MIT */
/* What the files of IOKitLib share: property lists on their way over the boundary. */
#ifndef FRAMEWORK_IOKITLIBINTERNAL_H
#define FRAMEWORK_IOKITLIBINTERNAL_H

#include <stdint.h>

#include <IOKit/IOKitLib.h>

/* The object in the form in which property lists cross the boundary. +1; NULL when it cannot be serialised. */
CFDataRef iokit_serialize(CFTypeRef object);

/* The object in size bytes that a routine of the boundary returned, which are freed. +1; NULL when they are none. */
CFTypeRef iokit_unserialize(void *bytes, uint64_t size, CFAllocatorRef allocator);

/*
 * A copy of a routine's bytes in memory that the caller of IOKitLib gives back with vm_deallocate; the bytes are freed.
 *   ret_copy   set on success; NULL for no bytes
 *   Returns    KERN_RESOURCE_SHORTAGE without memory
 */
kern_return_t iokit_move_to_pages(void *bytes, uint64_t size, void **ret_copy);

/* The text of a string in UTF-8, to be freed. NULL for NULL, without memory, or when it cannot be expressed. */
char *iokit_copy_text(CFStringRef string);

/* The text as a string. +1, NULL when it is not UTF-8 or without memory. */
CFStringRef iokit_create_string(const char *text);

/* A dictionary of one property. +1, NULL without memory. */
CFDictionaryRef iokit_create_properties(CFStringRef name, CFTypeRef value);

#endif
