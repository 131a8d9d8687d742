/* SPDX-License-Identifier: MIT */
/* CFDate, CFUUID and CFError: small objects that do not change. */
#include "CFInternal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <mach/mach_error.h>

const CFTimeInterval kCFAbsoluteTimeIntervalSince1970 = 978307200.0;
const CFTimeInterval kCFAbsoluteTimeIntervalSince1904 = 3061152000.0;

OSDeclareClass(CFDate);
struct CFDate {
    CFObject super;
    CFAbsoluteTime time;
};

CFDefineTypeID(CFDate, CFDate, kCFTypeIDDate);

static bool CFDate_isEqualTo_(const OSObject *self, const OSObject *other)
{
    const CFDate *date = OSDynamicCast(CFDate, other);
    return date && date->time == ((const CFDate *)self)->time;
}

static CFHashCode CFDate_hash_(const CFObject *self)
{
    CFAbsoluteTime time = ((const CFDate *)self)->time + 0.0; /* one zero */
    return CFHashBytes(&time, sizeof time);
}

static CFStringRef CFDate_copyDescription_(const CFObject *self)
{
    time_t seconds = (time_t)(((const CFDate *)self)->time + kCFAbsoluteTimeIntervalSince1970);
    struct tm when;
    char text[64];
    if (!gmtime_r(&seconds, &when))
        return CFStringFromText("<date>", 6);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S +0000", &when);
    return CFStringFromText(text, strlen(text));
}

OSDefineClassRecord(CFDate, CFObject, CFObjectMethods, false, .isEqualTo = CFDate_isEqualTo_,
                    .getTypeID = CFDate_getTypeID_, .hash = CFDate_hash_, .copyDescription = CFDate_copyDescription_);

CFAbsoluteTime CFAbsoluteTimeGetCurrent(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec - kCFAbsoluteTimeIntervalSince1970 + (double)now.tv_nsec / 1e9;
}

CFDateRef CFDateCreate(CFAllocatorRef allocator, CFAbsoluteTime at)
{
    CFDate *self = CFAlloc(CFDate);
    if (self)
        self->time = at;
    return (CFDateRef)self;
}

CFAbsoluteTime CFDateGetAbsoluteTime(CFDateRef theDate)
{
    return ((const CFDate *)theDate)->time;
}

CFTimeInterval CFDateGetTimeIntervalSinceDate(CFDateRef theDate, CFDateRef otherDate)
{
    return CFDateGetAbsoluteTime(theDate) - CFDateGetAbsoluteTime(otherDate);
}

CFComparisonResult CFDateCompare(CFDateRef theDate, CFDateRef otherDate, void *context)
{
    CFTimeInterval apart = CFDateGetTimeIntervalSinceDate(theDate, otherDate);
    return apart < 0 ? kCFCompareLessThan : apart > 0 ? kCFCompareGreaterThan : kCFCompareEqualTo;
}

OSDeclareClass(CFUUID);
struct CFUUID {
    CFObject super;
    CFUUIDBytes bytes;
    CFUUID *next; /* of the constant ones; constantLock */
};

static pthread_mutex_t constantLock = PTHREAD_MUTEX_INITIALIZER; /* a leaf lock */
static CFUUID *constants;

CFDefineTypeID(CFUUID, CFUUID, kCFTypeIDUUID);

static bool CFUUID_isEqualTo_(const OSObject *self, const OSObject *other)
{
    const CFUUID *uuid = OSDynamicCast(CFUUID, other);
    return uuid && memcmp(&uuid->bytes, &((const CFUUID *)self)->bytes, sizeof uuid->bytes) == 0;
}

static CFHashCode CFUUID_hash_(const CFObject *self)
{
    return CFHashBytes(&((const CFUUID *)self)->bytes, sizeof(CFUUIDBytes));
}

static CFStringRef CFUUID_copyDescription_(const CFObject *self)
{
    return CFUUIDCreateString(NULL, (CFUUIDRef)(const void *)self);
}

OSDefineClassRecord(CFUUID, CFObject, CFObjectMethods, false, .isEqualTo = CFUUID_isEqualTo_,
                    .getTypeID = CFUUID_getTypeID_, .hash = CFUUID_hash_, .copyDescription = CFUUID_copyDescription_);

CFUUIDRef CFUUIDCreateFromUUIDBytes(CFAllocatorRef alloc, CFUUIDBytes bytes)
{
    CFUUID *self = CFAlloc(CFUUID);
    if (self)
        self->bytes = bytes;
    return (CFUUIDRef)self;
}

CFUUIDRef CFUUIDCreateWithBytes(CFAllocatorRef alloc, UInt8 byte0, UInt8 byte1, UInt8 byte2, UInt8 byte3, UInt8 byte4,
                                UInt8 byte5, UInt8 byte6, UInt8 byte7, UInt8 byte8, UInt8 byte9, UInt8 byte10,
                                UInt8 byte11, UInt8 byte12, UInt8 byte13, UInt8 byte14, UInt8 byte15)
{
    CFUUIDBytes bytes = {byte0, byte1, byte2,  byte3,  byte4,  byte5,  byte6,  byte7,
                         byte8, byte9, byte10, byte11, byte12, byte13, byte14, byte15};
    return CFUUIDCreateFromUUIDBytes(alloc, bytes);
}

CFUUIDRef CFUUIDGetConstantUUIDWithBytes(CFAllocatorRef alloc, UInt8 byte0, UInt8 byte1, UInt8 byte2, UInt8 byte3,
                                         UInt8 byte4, UInt8 byte5, UInt8 byte6, UInt8 byte7, UInt8 byte8, UInt8 byte9,
                                         UInt8 byte10, UInt8 byte11, UInt8 byte12, UInt8 byte13, UInt8 byte14,
                                         UInt8 byte15)
{
    CFUUIDBytes bytes = {byte0, byte1, byte2,  byte3,  byte4,  byte5,  byte6,  byte7,
                         byte8, byte9, byte10, byte11, byte12, byte13, byte14, byte15};
    pthread_mutex_lock(&constantLock);
    CFUUID *uuid = constants;
    while (uuid && memcmp(&uuid->bytes, &bytes, sizeof bytes) != 0)
        uuid = uuid->next;
    if (!uuid) {
        uuid = (CFUUID *)CFUUIDCreateFromUUIDBytes(alloc, bytes);
        if (uuid) {
            OSObject_peg(&uuid->super.super);
            uuid->next = constants;
            constants = uuid;
        }
    }
    pthread_mutex_unlock(&constantLock);
    return (CFUUIDRef)uuid;
}

CFUUIDRef CFUUIDCreate(CFAllocatorRef alloc)
{
    CFUUIDBytes bytes;
    if (getrandom(&bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return NULL;
    bytes.byte6 = (UInt8)((bytes.byte6 & 0x0f) | 0x40); /* version 4: random */
    bytes.byte8 = (UInt8)((bytes.byte8 & 0x3f) | 0x80);
    return CFUUIDCreateFromUUIDBytes(alloc, bytes);
}

CFUUIDRef CFUUIDCreateFromString(CFAllocatorRef alloc, CFStringRef uuidStr)
{
    unsigned b[16];
    UInt8 raw[16];
    CFUUIDBytes bytes;
    CFText text = CFStringText(uuidStr);
    int end = 0;
    if (text.length != 36 ||
        sscanf(text.bytes, "%2x%2x%2x%2x-%2x%2x-%2x%2x-%2x%2x-%2x%2x%2x%2x%2x%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
               &b[5], &b[6], &b[7], &b[8], &b[9], &b[10], &b[11], &b[12], &b[13], &b[14], &b[15], &end) != 16 ||
        end != 36)
        return NULL;
    for (int i = 0; i < 16; i++)
        raw[i] = (UInt8)b[i];
    memcpy(&bytes, raw, sizeof bytes);
    return CFUUIDCreateFromUUIDBytes(alloc, bytes);
}

CFStringRef CFUUIDCreateString(CFAllocatorRef alloc, CFUUIDRef uuid)
{
    UInt8 b[16];
    memcpy(b, &((const CFUUID *)uuid)->bytes, sizeof b);
    return CFStringFromFormat("%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X", b[0], b[1], b[2],
                              b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

CFUUIDBytes CFUUIDGetUUIDBytes(CFUUIDRef uuid)
{
    return ((const CFUUID *)uuid)->bytes;
}

CFDefineConstant(CFErrorDomain, kCFErrorDomainPOSIX, "NSPOSIXErrorDomain");
CFDefineConstant(CFErrorDomain, kCFErrorDomainOSStatus, "NSOSStatusErrorDomain");
CFDefineConstant(CFErrorDomain, kCFErrorDomainMach, "NSMachErrorDomain");
CFDefineConstant(CFErrorDomain, kCFErrorDomainCocoa, "NSCocoaErrorDomain");
CFDefineConstant(CFStringRef, kCFErrorLocalizedDescriptionKey, "NSLocalizedDescription");
CFDefineConstant(CFStringRef, kCFErrorLocalizedFailureReasonKey, "NSLocalizedFailureReason");
CFDefineConstant(CFStringRef, kCFErrorLocalizedRecoverySuggestionKey, "NSLocalizedRecoverySuggestion");
CFDefineConstant(CFStringRef, kCFErrorDescriptionKey, "NSDescription");
CFDefineConstant(CFStringRef, kCFErrorUnderlyingErrorKey, "NSUnderlyingError");
CFDefineConstant(CFStringRef, kCFErrorURLKey, "NSURL");
CFDefineConstant(CFStringRef, kCFErrorFilePathKey, "NSFilePath");

OSDeclareClass(CFError);
struct CFError {
    CFObject super;
    CFStringRef domain; /* owned */
    CFIndex code;
    CFDictionaryRef userInfo; /* owned; may be NULL */
};

CFDefineTypeID(CFError, CFError, kCFTypeIDError);

static void CFError_free_(OSObject *object)
{
    CFError *self = (CFError *)object;
    if (self->domain)
        CFRelease(self->domain);
    if (self->userInfo)
        CFRelease(self->userInfo);
    OSObject_super()->free(object);
}

static bool CFError_isEqualTo_(const OSObject *object, const OSObject *other)
{
    const CFError *self = (const CFError *)object, *error = OSDynamicCast(CFError, other);
    return error && error->code == self->code && CFEqual(error->domain, self->domain);
}

static CFHashCode CFError_hash_(const CFObject *self)
{
    return (CFHashCode)((const CFError *)self)->code;
}

static CFStringRef CFError_copyDescription_(const CFObject *self)
{
    return CFErrorCopyDescription((CFErrorRef)(void *)self);
}

OSDefineClassRecord(CFError, CFObject, CFObjectMethods, false, .free = CFError_free_, .isEqualTo = CFError_isEqualTo_,
                    .getTypeID = CFError_getTypeID_, .hash = CFError_hash_,
                    .copyDescription = CFError_copyDescription_);

CFErrorRef CFErrorCreate(CFAllocatorRef allocator, CFErrorDomain domain, CFIndex code, CFDictionaryRef userInfo)
{
    CFError *self = CFAlloc(CFError);
    if (!self)
        return NULL;
    self->code = code;
    self->domain = CFStringCreateCopy(NULL, domain);
    self->userInfo = userInfo ? CFDictionaryCreateCopy(NULL, userInfo) : NULL;
    if (!self->domain || (userInfo && !self->userInfo))
        OSSafeReleaseNULL(self);
    return (CFErrorRef)self;
}

CFErrorDomain CFErrorGetDomain(CFErrorRef err)
{
    return ((CFError *)err)->domain;
}

CFIndex CFErrorGetCode(CFErrorRef err)
{
    return ((CFError *)err)->code;
}

CFDictionaryRef CFErrorCopyUserInfo(CFErrorRef err)
{
    CFDictionaryRef userInfo = ((CFError *)err)->userInfo;
    return userInfo ? CFRetain(userInfo)
                    : CFDictionaryCreate(NULL, NULL, NULL, 0, &kCFTypeDictionaryKeyCallBacks,
                                         &kCFTypeDictionaryValueCallBacks);
}

static CFStringRef copyInfo(CFErrorRef err, CFStringRef key)
{
    const CFError *self = (CFError *)err;
    CFTypeRef value = self->userInfo ? CFDictionaryGetValue(self->userInfo, key) : NULL;
    return CFIsString(value) ? CFRetain(value) : NULL;
}

CFStringRef CFErrorCopyFailureReason(CFErrorRef err)
{
    CFStringRef reason = copyInfo(err, kCFErrorLocalizedFailureReasonKey);
    if (reason)
        return reason;
    if (CFEqual(CFErrorGetDomain(err), kCFErrorDomainPOSIX))
        return CFStringFromFormat("%s", strerror((int)CFErrorGetCode(err)));
    if (CFEqual(CFErrorGetDomain(err), kCFErrorDomainMach))
        return CFStringFromFormat("%s", mach_error_string((mach_error_t)CFErrorGetCode(err)));
    return NULL;
}

CFStringRef CFErrorCopyDescription(CFErrorRef err)
{
    CFStringRef text = copyInfo(err, kCFErrorLocalizedDescriptionKey);
    CFStringRef reason = text ? NULL : CFErrorCopyFailureReason(err);
    if (text)
        return text;
    text = CFStringCreateWithFormat(NULL, NULL, CFSTR("The operation failed (%@ %ld%s%@)"), CFErrorGetDomain(err),
                                    CFErrorGetCode(err), reason ? ": " : "", reason ? reason : CFSTR(""));
    if (reason)
        CFRelease(reason);
    return text;
}

void CFErrorSet(CFErrorRef *error, CFStringRef domain, CFIndex code, const char *text)
{
    CFMutableDictionaryRef info = NULL;
    CFStringRef string = NULL;
    if (!error)
        return;
    info = CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    string = text ? CFStringFromText(text, strlen(text)) : NULL;
    if (info && string)
        CFDictionarySetValue(info, kCFErrorLocalizedDescriptionKey, string);
    *error = CFErrorCreate(NULL, domain, code, info);
    if (string)
        CFRelease(string);
    if (info)
        CFRelease(info);
}
