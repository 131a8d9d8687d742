/* SPDX-License-Identifier: MIT */
/*
 * CoreFoundation's base: types, reference counting, allocators (CoreFoundation/CFBase.h).
 *
 * Every object is counted. A function with Create or Copy in its name returns one reference, to be given back with
 * CFRelease; one with Get returns the object of somebody else, valid while that one keeps it. Functions that make
 * something return NULL without memory. An immutable object may be used by any thread at once; a mutable one by one
 * thread at a time. An allocator argument decides where bytes that a client hands over come from; objects themselves
 * always live in this library's memory.
 */
#ifndef __COREFOUNDATION_CFBASE__
#define __COREFOUNDATION_CFBASE__

#include <CoreFoundation/CFAvailability.h>

#include <stdbool.h>
#include <stdint.h>

#include <MacTypes.h>
#include <libkern/OSTypes.h>
#if defined(__BLOCKS__) && defined(__has_include)
#if __has_include(<Block.h>)
#include <Block.h>
#endif
#endif

#if defined(__cplusplus)
#define CF_EXTERN_C_BEGIN extern "C" {
#define CF_EXTERN_C_END   }
#define CF_EXPORT         extern "C"
#else
#define CF_EXTERN_C_BEGIN
#define CF_EXTERN_C_END
#define CF_EXPORT extern
#endif
#define CF_INLINE      static inline
#define CF_EXTERN      CF_EXPORT
#define CF_CROSS_PLATFORM_EXPORT CF_EXPORT

CF_EXTERN_C_BEGIN

typedef unsigned long CFTypeID;
typedef unsigned long CFOptionFlags;
typedef unsigned long CFHashCode;
typedef signed long   CFIndex;

/* Any object; NULL is none. */
typedef const void *CFTypeRef;
/* A string, number, boolean, data, date, array or dictionary of such. */
typedef CFTypeRef CFPropertyListRef;

typedef const struct __CFAllocator        *CFAllocatorRef;
typedef const struct __CFString           *CFStringRef;
typedef struct __CFString                 *CFMutableStringRef;
typedef const struct __CFNull             *CFNullRef;

typedef CF_CLOSED_ENUM(CFIndex, CFComparisonResult){
    kCFCompareLessThan = -1L, kCFCompareEqualTo = 0, kCFCompareGreaterThan = 1};

/* Compares two values; context is the caller's. */
typedef CFComparisonResult (*CFComparatorFunction)(const void *first, const void *second, void *context);

static const CFIndex kCFNotFound = -1;

typedef struct {
    CFIndex location;
    CFIndex length;
} CFRange;

CF_INLINE CFRange CFRangeMake(CFIndex location, CFIndex length)
{
    CFRange range;
    range.location = location;
    range.length   = length;
    return range;
}

CF_EXPORT double kCFCoreFoundationVersionNumber;
#define kCFCoreFoundationVersionNumber10_15 1674.102
#define kCFCoreFoundationVersionNumber11_0  1770.1

/* The placeholder object for "nothing" in a collection. */
CF_EXPORT const CFNullRef kCFNull;
CF_EXPORT CFTypeID        CFNullGetTypeID(void);

/* References. retain returns its argument. NULL is a mistake of the caller and ends the program. */
CF_EXPORT CFTypeRef CFRetain(CFTypeRef cf);
CF_EXPORT void      CFRelease(CFTypeRef cf);
CF_EXPORT CFTypeRef CFAutorelease(CFTypeRef cf);
CF_EXPORT CFIndex   CFGetRetainCount(CFTypeRef cf);

/* The same number for all objects of one kind, mutable or not; stable between runs. */
CF_EXPORT CFTypeID CFGetTypeID(CFTypeRef cf);
/* The name of a kind: "CFString". +1. */
CF_EXPORT CFStringRef CFCopyTypeIDDescription(CFTypeID type_id);
/* Same content. Objects of different kinds are never equal. Equal objects have equal hashes. */
CF_EXPORT Boolean    CFEqual(CFTypeRef cf1, CFTypeRef cf2);
CF_EXPORT CFHashCode CFHash(CFTypeRef cf);
/* A text for people. +1. */
CF_EXPORT CFStringRef CFCopyDescription(CFTypeRef cf);
/* Prints that text to stderr, collections indented; NULL prints "(null)". */
CF_EXPORT void           CFShow(CFTypeRef obj);
CF_EXPORT CFAllocatorRef CFGetAllocator(CFTypeRef cf);

typedef const void *(*CFAllocatorRetainCallBack)(const void *info);
typedef void (*CFAllocatorReleaseCallBack)(const void *info);
typedef CFStringRef (*CFAllocatorCopyDescriptionCallBack)(const void *info);
typedef void *(*CFAllocatorAllocateCallBack)(CFIndex allocSize, CFOptionFlags hint, void *info);
typedef void *(*CFAllocatorReallocateCallBack)(void *ptr, CFIndex newsize, CFOptionFlags hint, void *info);
typedef void (*CFAllocatorDeallocateCallBack)(void *ptr, void *info);
typedef CFIndex (*CFAllocatorPreferredSizeCallBack)(CFIndex size, CFOptionFlags hint, void *info);

typedef struct {
    CFIndex                            version; /* 0 */
    void                              *info;
    CFAllocatorRetainCallBack          retain;
    CFAllocatorReleaseCallBack         release;
    CFAllocatorCopyDescriptionCallBack copyDescription;
    CFAllocatorAllocateCallBack        allocate;
    CFAllocatorReallocateCallBack      reallocate;
    CFAllocatorDeallocateCallBack      deallocate;
    CFAllocatorPreferredSizeCallBack   preferredSize;
} CFAllocatorContext;

/* NULL: malloc and free, as are SystemDefault and Malloc. Null allocates nothing and frees nothing. */
CF_EXPORT const CFAllocatorRef kCFAllocatorDefault;
CF_EXPORT const CFAllocatorRef kCFAllocatorSystemDefault;
CF_EXPORT const CFAllocatorRef kCFAllocatorMalloc;
CF_EXPORT const CFAllocatorRef kCFAllocatorMallocZone;
CF_EXPORT const CFAllocatorRef kCFAllocatorNull;
CF_EXPORT const CFAllocatorRef kCFAllocatorUseContext;

CF_EXPORT CFTypeID       CFAllocatorGetTypeID(void);
CF_EXPORT CFAllocatorRef CFAllocatorGetDefault(void);
/* An allocator of the client's functions; the context is copied. +1. */
CF_EXPORT CFAllocatorRef CFAllocatorCreate(CFAllocatorRef allocator, CFAllocatorContext *context);
CF_EXPORT void           CFAllocatorGetContext(CFAllocatorRef allocator, CFAllocatorContext *context);
/* size bytes; NULL for size <= 0 or without memory. hint is 0. */
CF_EXPORT void *CFAllocatorAllocate(CFAllocatorRef allocator, CFIndex size, CFOptionFlags hint);
CF_EXPORT void *CFAllocatorReallocate(CFAllocatorRef allocator, void *ptr, CFIndex newsize, CFOptionFlags hint);
CF_EXPORT void  CFAllocatorDeallocate(CFAllocatorRef allocator, void *ptr);
CF_EXPORT CFIndex CFAllocatorGetPreferredSizeForSize(CFAllocatorRef allocator, CFIndex size, CFOptionFlags hint);

CF_EXTERN_C_END

#endif
