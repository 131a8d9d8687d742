/* SPDX-License-Identifier: MIT */
/*
 * Sending to clients without ever waiting for one.
 *
 * A message goes straight to the socket while there is no backlog. When the socket is full it is appended to the
 * backlog, and the flusher, one thread for all ports, sleeps in epoll until the socket takes more. So a client that
 * reads slowly, or is stopped, costs kLimitBacklog messages and delays nobody.
 *
 *   direct ---- the socket is full: queued, watched ----> behind ---- the flusher has sent all ----> direct
 *   either ---- the client closes its end ----> closed (the backlog is dropped)
 *
 * A watched port is retained by the flusher. Locks: a port's, then flusherLock (starting the flusher), a leaf.
 */
#include <IOKit/IOSendPort.h>

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

#include "IOUserClientPrivate.h"
#include "protocol/limits.h"

struct IOSendPortMessage {
    IOSendPortMessage *next;
    size_t size; /* of bytes */
    uint8_t bytes[];
};

static pthread_mutex_t flusherLock = PTHREAD_MUTEX_INITIALIZER;
static int flusherPoll = -1; /* flusherLock; constant once it is set */

/* Sends as much of the backlog as the socket takes. */
static void flush_locked(IOSendPort *self)
{
    while (self->first) {
        IOSendPortMessage *message = self->first;
        if (!self->isClosed) {
            ssize_t sent = send(self->descriptor, message->bytes, message->size, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR)
                continue;
            if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                return;
            self->isClosed = sent < 0;
        }
        self->first = message->next;
        self->count--;
        IOFree(message, sizeof *message + message->size);
    }
    self->last = NULL;
}

/* A watched port's socket has room, or is closed. Gives the flusher's reference back when nothing is left to send. */
static void flushWatched(IOSendPort *self)
{
    pthread_mutex_lock(&self->lock);
    flush_locked(self);
    bool done = self->first == NULL;
    if (!done) {
        struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.ptr = self};
        (void)epoll_ctl(flusherPoll, EPOLL_CTL_MOD, self->descriptor, &event); /* cannot fail: it is there */
    } else {
        (void)epoll_ctl(flusherPoll, EPOLL_CTL_DEL, self->descriptor, NULL);
        self->isWatched = false;
    }
    pthread_mutex_unlock(&self->lock);
    if (done)
        OSRelease(self);
}

static void *flusher(void *argument)
{
    struct epoll_event event;
    (void)argument;
    for (;;)
        if (epoll_wait(flusherPoll, &event, 1, -1) == 1)
            flushWatched(event.data.ptr);
    return NULL;
}

static bool startFlusher(void)
{
    pthread_t thread;
    pthread_mutex_lock(&flusherLock);
    if (flusherPoll < 0) {
        flusherPoll = epoll_create1(EPOLL_CLOEXEC);
        if (flusherPoll >= 0 && pthread_create(&thread, NULL, flusher, NULL) == 0) {
            pthread_detach(thread);
        } else if (flusherPoll >= 0) {
            close(flusherPoll);
            flusherPoll = -1;
        }
    }
    bool runs = flusherPoll >= 0;
    pthread_mutex_unlock(&flusherLock);
    return runs;
}

static bool watch_locked(IOSendPort *self)
{
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.ptr = self};
    if (self->isWatched)
        return true;
    if (!startFlusher() || epoll_ctl(flusherPoll, EPOLL_CTL_ADD, self->descriptor, &event) != 0)
        return false;
    (void)OSRetain(self);
    self->isWatched = true;
    return true;
}

static IOReturn enqueue_locked(IOSendPort *self, const void *bytes, size_t size)
{
    if (self->count >= kLimitBacklog)
        return MACH_SEND_TIMED_OUT;
    IOSendPortMessage *message = IOMalloc(sizeof *message + size);
    if (!message)
        return kIOReturnNoMemory;
    message->next = NULL;
    message->size = size;
    memcpy(message->bytes, bytes, size);
    if (!watch_locked(self)) {
        IOFree(message, sizeof *message + size);
        return kIOReturnNoMemory;
    }
    if (self->last)
        self->last->next = message;
    else
        self->first = message;
    self->last = message;
    self->count++;
    return kIOReturnSuccess;
}

static IOReturn send_locked(IOSendPort *self, const void *message, size_t size, uint32_t options)
{
    if (self->isClosed)
        return MACH_SEND_INVALID_DEST;
    if (!self->first) {
        ssize_t sent;
        do
            sent = send(self->descriptor, message, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        while (sent < 0 && errno == EINTR);
        if (sent >= 0)
            return kIOReturnSuccess;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            self->isClosed = errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN || errno == ECONNREFUSED;
            return MACH_SEND_INVALID_DEST;
        }
    }
    return options & kIOSendPortCanDrop ? MACH_SEND_TIMED_OUT : enqueue_locked(self, message, size);
}

IOReturn IOSendPort_send(IOSendPort *self, const void *message, size_t size, uint32_t options)
{
    pthread_mutex_lock(&self->lock);
    IOReturn result = send_locked(self, message, size, options);
    pthread_mutex_unlock(&self->lock);
    return result;
}

IOSendPort *IOSendPort_withDescriptor(int descriptor)
{
    int type = 0;
    socklen_t size = sizeof type;
    IOSendPort *self = NULL;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET)
        self = OSTypeAlloc(IOSendPort);
    if (!self) {
        close(descriptor);
        return NULL;
    }
    self->descriptor = descriptor;
    self->isReady = pthread_mutex_init(&self->lock, NULL) == 0;
    if (!self->isReady)
        OSSafeReleaseNULL(self);
    return self;
}

static void IOSendPort_free(OSObject *object)
{
    IOSendPort *self = OSRequiredCast(IOSendPort, object);
    close(self->descriptor);
    if (self->isReady)
        pthread_mutex_destroy(&self->lock);
    OSObject_super()->free(object);
}

OSDefineClass(IOSendPort, OSObject, .free = IOSendPort_free);
