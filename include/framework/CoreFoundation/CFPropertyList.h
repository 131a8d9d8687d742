/* SPDX-License-Identifier: MIT */
/* Property lists as files: XML version 1.0 is read and written. */
#ifndef __COREFOUNDATION_CFPROPERTYLIST__
#define __COREFOUNDATION_CFPROPERTYLIST__

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFData.h>
#include <CoreFoundation/CFError.h>
#include <CoreFoundation/CFStream.h>
#include <CoreFoundation/CFString.h>

CF_EXTERN_C_BEGIN

typedef CF_OPTIONS(CFOptionFlags, CFPropertyListMutabilityOptions){
    kCFPropertyListImmutable = 0, kCFPropertyListMutableContainers = 1, kCFPropertyListMutableContainersAndLeaves = 2};

typedef CF_ENUM(CFIndex, CFPropertyListFormat){
    kCFPropertyListOpenStepFormat    = 1,
    kCFPropertyListXMLFormat_v1_0    = 100,
    kCFPropertyListBinaryFormat_v1_0 = 200};

/* Codes of errors in kCFErrorDomainCocoa. */
CF_ENUM(CFIndex){kCFPropertyListReadCorruptError        = 3840,
                 kCFPropertyListReadUnknownVersionError = 3841,
                 kCFPropertyListReadStreamError         = 3842,
                 kCFPropertyListWriteStreamError        = 3851};

/* +1; NULL and *error (+1, when error is not NULL) for data that is no property list. *format: what it was, or NULL. */
CF_EXPORT CFPropertyListRef CFPropertyListCreateWithData(CFAllocatorRef allocator, CFDataRef data,
                                                         CFOptionFlags options, CFPropertyListFormat *format,
                                                         CFErrorRef *error);
/* streamLength 0: to the end. */
CF_EXPORT CFPropertyListRef CFPropertyListCreateWithStream(CFAllocatorRef allocator, CFReadStreamRef stream,
                                                           CFIndex streamLength, CFOptionFlags options,
                                                           CFPropertyListFormat *format, CFErrorRef *error);
/* format is kCFPropertyListXMLFormat_v1_0; NULL and an error for another, and for objects no property list can hold. */
CF_EXPORT CFDataRef CFPropertyListCreateData(CFAllocatorRef allocator, CFPropertyListRef propertyList,
                                             CFPropertyListFormat format, CFOptionFlags options, CFErrorRef *error);
/* The bytes written; 0 and an error when it failed. */
CF_EXPORT CFIndex CFPropertyListWrite(CFPropertyListRef propertyList, CFWriteStreamRef stream,
                                      CFPropertyListFormat format, CFOptionFlags options, CFErrorRef *error);
/* The older forms. errorString: NULL, or receives a text, +1. */
CF_EXPORT CFPropertyListRef CFPropertyListCreateFromXMLData(CFAllocatorRef allocator, CFDataRef xmlData,
                                                            CFOptionFlags mutabilityOption, CFStringRef *errorString);
CF_EXPORT CFDataRef CFPropertyListCreateXMLData(CFAllocatorRef allocator, CFPropertyListRef propertyList);
/* Whether an object and all within it can stand in a property list of that format. */
CF_EXPORT Boolean CFPropertyListIsValid(CFPropertyListRef plist, CFPropertyListFormat format);
/* Containers, and leaves with the option, are copied. +1. */
CF_EXPORT CFPropertyListRef CFPropertyListCreateDeepCopy(CFAllocatorRef allocator, CFPropertyListRef propertyList,
                                                         CFOptionFlags mutabilityOption);

CF_EXTERN_C_END

#endif
