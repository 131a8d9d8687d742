/* SPDX-License-Identifier: MIT */
/* Byte streams over files and memory. They block; a run loop is not needed. */
#ifndef __COREFOUNDATION_CFSTREAM__
#define __COREFOUNDATION_CFSTREAM__

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFData.h>
#include <CoreFoundation/CFError.h>
#include <CoreFoundation/CFURL.h>

CF_EXTERN_C_BEGIN

typedef CF_ENUM(CFIndex, CFStreamStatus){
    kCFStreamStatusNotOpen = 0, kCFStreamStatusOpening, kCFStreamStatusOpen,   kCFStreamStatusReading,
    kCFStreamStatusWriting,     kCFStreamStatusAtEnd,   kCFStreamStatusClosed, kCFStreamStatusError};

typedef struct __CFReadStream  *CFReadStreamRef;
typedef struct __CFWriteStream *CFWriteStreamRef;

/* The domain and number of what went wrong; domain 0 is none, 1 errno. */
typedef struct {
    CFIndex domain;
    SInt32  error;
} CFStreamError;

CF_EXPORT CFTypeID CFReadStreamGetTypeID(void);
CF_EXPORT CFTypeID CFWriteStreamGetTypeID(void);

/* Not open yet. +1. */
CF_EXPORT CFReadStreamRef  CFReadStreamCreateWithFile(CFAllocatorRef alloc, CFURLRef fileURL);
CF_EXPORT CFReadStreamRef  CFReadStreamCreateWithBytesNoCopy(CFAllocatorRef alloc, const UInt8 *bytes, CFIndex length,
                                                             CFAllocatorRef bytesDeallocator);
CF_EXPORT CFWriteStreamRef CFWriteStreamCreateWithFile(CFAllocatorRef alloc, CFURLRef fileURL);
CF_EXPORT CFWriteStreamRef CFWriteStreamCreateWithBuffer(CFAllocatorRef alloc, UInt8 *buffer, CFIndex bufferCapacity);
/* Its bytes are read with CFWriteStreamCopyProperty(kCFStreamPropertyDataWritten). */
CF_EXPORT CFWriteStreamRef CFWriteStreamCreateWithAllocatedBuffers(CFAllocatorRef alloc,
                                                                   CFAllocatorRef bufferAllocator);
CF_EXPORT const CFStringRef kCFStreamPropertyDataWritten;
CF_EXPORT const CFStringRef kCFStreamPropertyAppendToFile;

/* A file is opened here; writing makes it, and empties it. False: see CopyError. */
CF_EXPORT Boolean CFReadStreamOpen(CFReadStreamRef stream);
CF_EXPORT Boolean CFWriteStreamOpen(CFWriteStreamRef stream);
CF_EXPORT void    CFReadStreamClose(CFReadStreamRef stream);
CF_EXPORT void    CFWriteStreamClose(CFWriteStreamRef stream);
CF_EXPORT CFStreamStatus CFReadStreamGetStatus(CFReadStreamRef stream);
CF_EXPORT CFStreamStatus CFWriteStreamGetStatus(CFWriteStreamRef stream);
/* NULL when nothing went wrong. +1. */
CF_EXPORT CFErrorRef    CFReadStreamCopyError(CFReadStreamRef stream);
CF_EXPORT CFErrorRef    CFWriteStreamCopyError(CFWriteStreamRef stream);
CF_EXPORT CFStreamError CFReadStreamGetError(CFReadStreamRef stream);
CF_EXPORT CFStreamError CFWriteStreamGetError(CFWriteStreamRef stream);
/* Bytes read, 0 at the end, -1 for an error; waits for the first byte. */
CF_EXPORT CFIndex CFReadStreamRead(CFReadStreamRef stream, UInt8 *buffer, CFIndex bufferLength);
CF_EXPORT Boolean CFReadStreamHasBytesAvailable(CFReadStreamRef stream);
/* Bytes written, 0 when a fixed buffer is full, -1 for an error. */
CF_EXPORT CFIndex   CFWriteStreamWrite(CFWriteStreamRef stream, const UInt8 *buffer, CFIndex bufferLength);
CF_EXPORT Boolean   CFWriteStreamCanAcceptBytes(CFWriteStreamRef stream);
CF_EXPORT CFTypeRef CFWriteStreamCopyProperty(CFWriteStreamRef stream, CFStringRef propertyName);
CF_EXPORT Boolean   CFWriteStreamSetProperty(CFWriteStreamRef stream, CFStringRef propertyName,
                                             CFTypeRef propertyValue);

CF_EXTERN_C_END

#endif
