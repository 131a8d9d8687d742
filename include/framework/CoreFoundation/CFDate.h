/* SPDX-License-Identifier: MIT */
/* CFDate: points in time, in seconds since 2001-01-01 00:00:00 UTC, with fractions. */
#ifndef __COREFOUNDATION_CFDATE__
#define __COREFOUNDATION_CFDATE__

#include <CoreFoundation/CFBase.h>

CF_EXTERN_C_BEGIN

typedef double         CFTimeInterval; /* seconds */
typedef CFTimeInterval CFAbsoluteTime; /* seconds since 2001-01-01 UTC */

/* Seconds from 1970 and 1904 to 2001. */
CF_EXPORT const CFTimeInterval kCFAbsoluteTimeIntervalSince1970;
CF_EXPORT const CFTimeInterval kCFAbsoluteTimeIntervalSince1904;

CF_EXPORT CFAbsoluteTime CFAbsoluteTimeGetCurrent(void);

typedef const struct __CFDate *CFDateRef;

CF_EXPORT CFTypeID       CFDateGetTypeID(void);
CF_EXPORT CFDateRef      CFDateCreate(CFAllocatorRef allocator, CFAbsoluteTime at); /* +1 */
CF_EXPORT CFAbsoluteTime CFDateGetAbsoluteTime(CFDateRef theDate);
/* Seconds from otherDate to theDate. */
CF_EXPORT CFTimeInterval     CFDateGetTimeIntervalSinceDate(CFDateRef theDate, CFDateRef otherDate);
CF_EXPORT CFComparisonResult CFDateCompare(CFDateRef theDate, CFDateRef otherDate, void *context);

CF_EXTERN_C_END

#endif
