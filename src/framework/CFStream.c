/* SPDX-License-Identifier: MIT */
/*
 * Streams over files and memory. A stream is used by one thread at a time.
 *   not open --open--> open --close--> closed;   any error: error, and it stays
 */
#include "CFInternal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "protocol/descriptors.h"

CFDefineConstant(CFStringRef, kCFStreamPropertyDataWritten, "kCFStreamPropertyDataWritten");
CFDefineConstant(CFStringRef, kCFStreamPropertyAppendToFile, "kCFStreamPropertyAppendToFile");

/* What both kinds have. */
typedef struct Stream {
    CFURLRef file; /* owned; NULL: memory */
    int fd;        /* -1: not open */
    CFStreamStatus status;
    int error; /* errno of what went wrong */
} Stream;

OSDeclareClass(CFReadStream);
struct CFReadStream {
    CFObject super;
    Stream stream;
    const UInt8 *bytes; /* the client's, given back with deallocator */
    CFIndex length;
    CFIndex offset;
    CFAllocatorRef deallocator; /* retained, or NULL */
};

OSDeclareClass(CFWriteStream);
struct CFWriteStream {
    CFObject super;
    Stream stream;
    bool appends;
    UInt8 *buffer;    /* the client's; or NULL */
    CFIndex capacity; /* of it */
    CFIndex used;
    CFMutableDataRef written; /* owned; of a stream with allocated buffers */
};

CFDefineTypeID(CFReadStream, CFReadStream, kCFTypeIDReadStream);
CFDefineTypeID(CFWriteStream, CFWriteStream, kCFTypeIDWriteStream);

static void freeStream(Stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    if (stream->file)
        CFRelease(stream->file);
}

static void CFReadStream_free_(OSObject *object)
{
    CFReadStream *self = (CFReadStream *)object;
    freeStream(&self->stream);
    if (self->bytes)
        CFBytesDeallocate(self->deallocator, self->bytes);
    if (self->deallocator)
        CFRelease(self->deallocator);
    OSObject_super()->free(object);
}

static void CFWriteStream_free_(OSObject *object)
{
    CFWriteStream *self = (CFWriteStream *)object;
    freeStream(&self->stream);
    if (self->written)
        CFRelease(self->written);
    OSObject_super()->free(object);
}

OSDefineClassRecord(CFReadStream, CFObject, CFObjectMethods, false, .free = CFReadStream_free_,
                    .getTypeID = CFReadStream_getTypeID_);
OSDefineClassRecord(CFWriteStream, CFObject, CFObjectMethods, false, .free = CFWriteStream_free_,
                    .getTypeID = CFWriteStream_getTypeID_);

static Boolean fail(Stream *stream, int error)
{
    stream->error = error;
    stream->status = kCFStreamStatusError;
    return false;
}

static Boolean openStream(Stream *stream, int flags)
{
    UInt8 path[PATH_MAX];
    if (stream->status != kCFStreamStatusNotOpen)
        return false;
    if (stream->file) {
        if (!CFURLGetFileSystemRepresentation(stream->file, true, path, sizeof path))
            return fail(stream, ENAMETOOLONG);
        stream->fd = moveAboveStandard(open((const char *)path, flags | O_CLOEXEC, 0666));
        if (stream->fd < 0)
            return fail(stream, errno);
    }
    stream->status = kCFStreamStatusOpen;
    return true;
}

static void closeStream(Stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    stream->status = kCFStreamStatusClosed;
}

static CFErrorRef copyError(const Stream *stream)
{
    return stream->error ? CFErrorCreate(NULL, kCFErrorDomainPOSIX, stream->error, NULL) : NULL;
}

CFReadStreamRef CFReadStreamCreateWithFile(CFAllocatorRef alloc, CFURLRef fileURL)
{
    CFReadStream *self = CFAlloc(CFReadStream);
    if (!self)
        return NULL;
    self->stream.fd = -1;
    self->stream.file = CFRetain(fileURL);
    return (CFReadStreamRef)self;
}

CFReadStreamRef CFReadStreamCreateWithBytesNoCopy(CFAllocatorRef alloc, const UInt8 *bytes, CFIndex length,
                                                  CFAllocatorRef bytesDeallocator)
{
    CFReadStream *self = CFAlloc(CFReadStream);
    if (!self)
        return NULL;
    self->stream.fd = -1;
    self->bytes = bytes;
    self->length = length;
    self->deallocator = bytesDeallocator ? CFRetain(bytesDeallocator) : NULL;
    return (CFReadStreamRef)self;
}

Boolean CFReadStreamOpen(CFReadStreamRef stream)
{
    return openStream(&((CFReadStream *)stream)->stream, O_RDONLY);
}

void CFReadStreamClose(CFReadStreamRef stream)
{
    closeStream(&((CFReadStream *)stream)->stream);
}

CFStreamStatus CFReadStreamGetStatus(CFReadStreamRef stream)
{
    return ((CFReadStream *)stream)->stream.status;
}

CFErrorRef CFReadStreamCopyError(CFReadStreamRef stream)
{
    return copyError(&((CFReadStream *)stream)->stream);
}

CFStreamError CFReadStreamGetError(CFReadStreamRef stream)
{
    int error = ((CFReadStream *)stream)->stream.error;
    return (CFStreamError){error != 0, error};
}

Boolean CFReadStreamHasBytesAvailable(CFReadStreamRef stream)
{
    CFReadStream *self = (CFReadStream *)stream;
    struct pollfd waiter = {.fd = self->stream.fd, .events = POLLIN};
    if (self->stream.status != kCFStreamStatusOpen)
        return false;
    return self->stream.file ? poll(&waiter, 1, 0) == 1 : self->offset < self->length;
}

CFIndex CFReadStreamRead(CFReadStreamRef stream, UInt8 *buffer, CFIndex bufferLength)
{
    CFReadStream *self = (CFReadStream *)stream;
    ssize_t got;
    if (self->stream.status == kCFStreamStatusAtEnd)
        return 0;
    if (self->stream.status != kCFStreamStatusOpen)
        return -1;
    if (self->stream.file) {
        do
            got = read(self->stream.fd, buffer, (size_t)bufferLength);
        while (got < 0 && errno == EINTR);
    } else {
        CFIndex left = self->length - self->offset;
        got = left < bufferLength ? left : bufferLength;
        memcpy(buffer, self->bytes + self->offset, (size_t)got);
        self->offset += got;
    }
    if (got < 0)
        fail(&self->stream, errno);
    else if (got == 0 && bufferLength > 0)
        self->stream.status = kCFStreamStatusAtEnd;
    return got;
}

CFWriteStreamRef CFWriteStreamCreateWithFile(CFAllocatorRef alloc, CFURLRef fileURL)
{
    CFWriteStream *self = CFAlloc(CFWriteStream);
    if (!self)
        return NULL;
    self->stream.fd = -1;
    self->stream.file = CFRetain(fileURL);
    return (CFWriteStreamRef)self;
}

CFWriteStreamRef CFWriteStreamCreateWithBuffer(CFAllocatorRef alloc, UInt8 *buffer, CFIndex bufferCapacity)
{
    CFWriteStream *self = CFAlloc(CFWriteStream);
    if (!self)
        return NULL;
    self->stream.fd = -1;
    self->buffer = buffer;
    self->capacity = bufferCapacity;
    return (CFWriteStreamRef)self;
}

CFWriteStreamRef CFWriteStreamCreateWithAllocatedBuffers(CFAllocatorRef alloc, CFAllocatorRef bufferAllocator)
{
    CFWriteStream *self = CFAlloc(CFWriteStream);
    if (!self)
        return NULL;
    self->stream.fd = -1;
    self->written = CFDataCreateMutable(NULL, 0);
    if (!self->written)
        OSSafeReleaseNULL(self);
    return (CFWriteStreamRef)self;
}

Boolean CFWriteStreamOpen(CFWriteStreamRef stream)
{
    CFWriteStream *self = (CFWriteStream *)stream;
    return openStream(&self->stream, O_WRONLY | O_CREAT | (self->appends ? O_APPEND : O_TRUNC));
}

void CFWriteStreamClose(CFWriteStreamRef stream)
{
    closeStream(&((CFWriteStream *)stream)->stream);
}

CFStreamStatus CFWriteStreamGetStatus(CFWriteStreamRef stream)
{
    return ((CFWriteStream *)stream)->stream.status;
}

CFErrorRef CFWriteStreamCopyError(CFWriteStreamRef stream)
{
    return copyError(&((CFWriteStream *)stream)->stream);
}

CFStreamError CFWriteStreamGetError(CFWriteStreamRef stream)
{
    int error = ((CFWriteStream *)stream)->stream.error;
    return (CFStreamError){error != 0, error};
}

Boolean CFWriteStreamCanAcceptBytes(CFWriteStreamRef stream)
{
    CFWriteStream *self = (CFWriteStream *)stream;
    return self->stream.status == kCFStreamStatusOpen && (!self->buffer || self->used < self->capacity);
}

static CFIndex writeToFile(CFWriteStream *self, const UInt8 *buffer, CFIndex length)
{
    ssize_t put;
    do
        put = write(self->stream.fd, buffer, (size_t)length);
    while (put < 0 && errno == EINTR);
    if (put < 0)
        fail(&self->stream, errno);
    return put;
}

CFIndex CFWriteStreamWrite(CFWriteStreamRef stream, const UInt8 *buffer, CFIndex bufferLength)
{
    CFWriteStream *self = (CFWriteStream *)stream;
    if (self->stream.status != kCFStreamStatusOpen)
        return -1;
    if (self->stream.file)
        return writeToFile(self, buffer, bufferLength);
    if (self->written) {
        CFIndex before = CFDataGetLength(self->written);
        CFDataAppendBytes(self->written, buffer, bufferLength);
        CFIndex put = CFDataGetLength(self->written) - before;
        if (put != bufferLength)
            fail(&self->stream, ENOMEM);
        return put == bufferLength ? put : -1;
    }
    CFIndex room = self->capacity - self->used, put = room < bufferLength ? room : bufferLength;
    memcpy(self->buffer + self->used, buffer, (size_t)put);
    self->used += put;
    return put;
}

CFTypeRef CFWriteStreamCopyProperty(CFWriteStreamRef stream, CFStringRef propertyName)
{
    CFWriteStream *self = (CFWriteStream *)stream;
    if (!CFEqual(propertyName, kCFStreamPropertyDataWritten))
        return NULL;
    if (self->written)
        return CFDataCreateCopy(NULL, self->written);
    return self->buffer ? CFDataCreate(NULL, self->buffer, self->used) : NULL;
}

Boolean CFWriteStreamSetProperty(CFWriteStreamRef stream, CFStringRef propertyName, CFTypeRef propertyValue)
{
    CFWriteStream *self = (CFWriteStream *)stream;
    if (!CFEqual(propertyName, kCFStreamPropertyAppendToFile) || self->stream.status != kCFStreamStatusNotOpen)
        return false;
    self->appends = propertyValue == kCFBooleanTrue;
    return true;
}
