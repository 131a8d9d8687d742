/* SPDX-License-Identifier: MIT */
/*
 * The primary-interrupt thread: one for the host, which waits with epoll for the eventfds of all vectors and calls
 * their handlers: what interrupt level is on other systems. A handler must be short and must not wait for a gate.
 *
 * A vector is not watched before it is first enabled. Disabling only clears a flag: a level interrupt is disabled and
 * enabled each time it comes, and must not cost a system call for that. If the eventfd is written meanwhile, the thread
 * finds the flag, leaves the eventfd unread and takes it out of epoll; enabling puts it back, and since it is still
 * readable, the interrupt is delivered then. So a disabled interrupt is held back, never lost.
 *
 * The eventfd's number is dropped: writes between two reads are one interrupt, as on a bus.
 *
 * epoll hands out a slot of the table of vectors, not a pointer: an event that was fetched before its vector was
 * removed finds the slot empty, or another vector there, whose eventfd it then finds unreadable.
 *
 * The thread and its descriptors come with the first vector and go with the last one: a host without interrupts has
 * neither. `stop` is one more eventfd in its epoll set. Who removes the last vector waits until the thread is through,
 * unless he is it: then it ends when his handler has returned.
 *
 * Locks: startLock makes starting and ending one step each; it is taken before interruptLock, which guards all vectors
 * and the table; a leaf, taken for a few lines. A handler is called without it, with isActive set; unregister, disable
 * and remove wait for that to be over, unless the handler itself calls them.
 */
#include "workloopPrivate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { kEventsAtOnce = 16 };
#define kStopSlot UINT64_MAX

/* The thread's; it closes and frees them itself. */
typedef struct InterruptThread {
    int epoll, stop; /* descriptors; owned */
    bool hasEnded;   /* interruptLock */
    bool isAwaited;  /* interruptLock: the thread leaves the freeing to who waits */
} InterruptThread;

static pthread_mutex_t startLock = PTHREAD_MUTEX_INITIALIZER;
static InterruptThread *running; /* startLock, and interruptLock to write; owned */
static size_t vectorCount;       /* startLock */

static pthread_mutex_t interruptLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t handlerEnded = PTHREAD_COND_INITIALIZER;
static pthread_cond_t threadEnded = PTHREAD_COND_INITIALIZER;

/* All under interruptLock. */
static IOInterruptVector **table; /* owned; NULL where a slot is free */
static size_t tableSize;

/* --- helpers, with the lock -------------------------------------------------------------------------------------- */

static void unwatch_locked(IOInterruptVector *vector)
{
    if (vector->isWatched)
        epoll_ctl(running->epoll, EPOLL_CTL_DEL, vector->fd, NULL);
    vector->isWatched = false;
}

static bool watch_locked(IOInterruptVector *vector)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = vector->slot};
    if (!vector->isWatched)
        vector->isWatched = epoll_ctl(running->epoll, EPOLL_CTL_ADD, vector->fd, &event) == 0;
    return vector->isWatched;
}

static void waitForHandler_locked(IOInterruptVector *vector)
{
    while (vector->isActive && !thread_self()->isPrimaryInterrupt)
        pthread_cond_wait(&handlerEnded, &interruptLock);
}

static void forgetHandler_locked(IOInterruptVector *vector)
{
    vector->isEnabled = false;
    vector->handler = NULL;
    vector->target = NULL;
    vector->nub = NULL;
    vector->refCon = NULL;
    unwatch_locked(vector);
    waitForHandler_locked(vector);
}

/* --- the thread -------------------------------------------------------------------------------------------------- */

/* Whether the vector's handler is to be called; reads the eventfd then. */
static bool begin_locked(IOInterruptVector *vector)
{
    uint64_t number;
    if (!vector || !vector->isWatched)
        return false;
    if (!vector->isEnabled) {
        unwatch_locked(vector);
        return false;
    }
    ssize_t size = read(vector->fd, &number, sizeof number);
    if (size != sizeof number && !(size < 0 && errno == EAGAIN))
        unwatch_locked(vector); /* no eventfd: it would be readable for ever */
    return size == sizeof number;
}

static void deliver(size_t slot)
{
    pthread_mutex_lock(&interruptLock);
    IOInterruptVector *vector = slot < tableSize ? table[slot] : NULL;
    if (begin_locked(vector)) {
        IOInterruptVector copy = *vector;
        vector->isActive = true;
        pthread_mutex_unlock(&interruptLock);
        copy.handler(copy.target, copy.refCon, copy.nub, copy.source);
        pthread_mutex_lock(&interruptLock);
        /* A handler may have removed its own vector. */
        if (table[slot] == vector)
            vector->isActive = false;
        pthread_cond_broadcast(&handlerEnded);
    }
    pthread_mutex_unlock(&interruptLock);
}

/* Whether the thread goes on. */
static bool deliverAll(const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == kStopSlot)
            return false;
        deliver((size_t)events[i].data.u64);
    }
    return true;
}

static void freeThread(InterruptThread *self)
{
    if (self->stop >= 0)
        close(self->stop);
    if (self->epoll >= 0)
        close(self->epoll);
    IOFree(self, sizeof *self);
}

static void *interruptThread(void *argument)
{
    InterruptThread *self = argument;
    struct epoll_event events[kEventsAtOnce];
    int count;
    thread_self()->isPrimaryInterrupt = true;
    pthread_setname_np(pthread_self(), "interrupts");
    do
        count = epoll_wait(self->epoll, events, kEventsAtOnce, -1);
    while (deliverAll(events, count));
    pthread_mutex_lock(&interruptLock);
    bool isAwaited = self->isAwaited;
    self->hasEnded = true;
    pthread_cond_broadcast(&threadEnded);
    pthread_mutex_unlock(&interruptLock);
    if (!isAwaited)
        freeThread(self);
    return NULL;
}

/* --- its beginning and end ---------------------------------------------------------------------------------------- */

static bool openDescriptors(InterruptThread *self)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = kStopSlot};
    self->epoll = epoll_create1(EPOLL_CLOEXEC);
    self->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return self->epoll >= 0 && self->stop >= 0 && epoll_ctl(self->epoll, EPOLL_CTL_ADD, self->stop, &event) == 0;
}

static bool startThread(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    InterruptThread *self = IOMallocZero(sizeof *self);
    if (!self)
        return false;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = openDescriptors(self) && pthread_create(&thread, &attributes, interruptThread, self) == 0;
    pthread_attr_destroy(&attributes);
    if (!ok) {
        freeThread(self);
        return false;
    }
    pthread_mutex_lock(&interruptLock);
    running = self;
    pthread_mutex_unlock(&interruptLock);
    return true;
}

static void endThread(void)
{
    const uint64_t one = 1;
    InterruptThread *self = running;
    pthread_mutex_lock(&interruptLock);
    running = NULL;
    self->isAwaited = !thread_self()->isPrimaryInterrupt;
    bool isAwaited = self->isAwaited;
    ssize_t written = write(self->stop, &one, sizeof one);
    (void)written; /* the first write to it */
    while (isAwaited && !self->hasEnded)
        pthread_cond_wait(&threadEnded, &interruptLock);
    pthread_mutex_unlock(&interruptLock);
    if (isAwaited)
        freeThread(self);
}

/* One vector more; false, and none more, without a thread. */
static bool beginVector(void)
{
    pthread_mutex_lock(&startLock);
    bool ok = running || startThread();
    vectorCount += ok;
    pthread_mutex_unlock(&startLock);
    return ok;
}

static void endVector(void)
{
    pthread_mutex_lock(&startLock);
    if (--vectorCount == 0)
        endThread();
    pthread_mutex_unlock(&startLock);
}

/* --- vectors ----------------------------------------------------------------------------------------------------- */

/* A free slot; tableSize without memory. */
static size_t freeSlot_locked(void)
{
    size_t slot = 0;
    while (slot < tableSize && table[slot])
        slot++;
    if (slot < tableSize)
        return slot;
    size_t size = tableSize ? tableSize * 2 : 32;
    IOInterruptVector **grown = IOReallocZero(table, tableSize * sizeof *table, size * sizeof *table);
    if (!grown)
        return tableSize;
    table = grown;
    slot = tableSize;
    tableSize = size;
    return slot;
}

bool primaryInterrupt_addVector(IOInterruptVector *vector)
{
    if (!beginVector())
        return false;
    vector->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_lock(&interruptLock);
    vector->slot = vector->fd >= 0 ? freeSlot_locked() : tableSize;
    bool ok = vector->slot < tableSize;
    if (ok)
        table[vector->slot] = vector;
    pthread_mutex_unlock(&interruptLock);
    if (!ok && vector->fd >= 0)
        close(vector->fd);
    if (!ok)
        endVector();
    return ok;
}

void primaryInterrupt_removeVector(IOInterruptVector *vector)
{
    pthread_mutex_lock(&interruptLock);
    forgetHandler_locked(vector);
    table[vector->slot] = NULL;
    pthread_mutex_unlock(&interruptLock);
    close(vector->fd);
    endVector();
}

IOReturn primaryInterrupt_setDescriptor(IOInterruptVector *vector, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return kIOReturnBadArgument;
    int old = -1;
    pthread_mutex_lock(&interruptLock);
    if (!vector->handler && !vector->isActive) {
        old = vector->fd;
        vector->fd = fd;
    }
    pthread_mutex_unlock(&interruptLock);
    if (old >= 0)
        close(old);
    return old >= 0 ? kIOReturnSuccess : kIOReturnBusy;
}

IOReturn primaryInterrupt_register(IOInterruptVector *vector, IOService *nub, int source, OSObject *target,
                                   IOInterruptAction handler, void *refCon)
{
    pthread_mutex_lock(&interruptLock);
    bool isFree = !vector->handler;
    if (isFree) {
        vector->handler = handler;
        vector->target = target;
        vector->nub = nub;
        vector->source = source;
        vector->refCon = refCon;
    }
    pthread_mutex_unlock(&interruptLock);
    return isFree ? kIOReturnSuccess : kIOReturnNoResources;
}

void primaryInterrupt_unregister(IOInterruptVector *vector)
{
    pthread_mutex_lock(&interruptLock);
    forgetHandler_locked(vector);
    pthread_mutex_unlock(&interruptLock);
}

IOReturn primaryInterrupt_enable(IOInterruptVector *vector, bool *ret_changed)
{
    pthread_mutex_lock(&interruptLock);
    bool was = vector->isEnabled;
    vector->isEnabled = vector->handler && watch_locked(vector);
    bool is = vector->isEnabled;
    pthread_mutex_unlock(&interruptLock);
    *ret_changed = is != was;
    return is ? kIOReturnSuccess : kIOReturnNoResources;
}

void primaryInterrupt_disable(IOInterruptVector *vector, bool *ret_changed)
{
    pthread_mutex_lock(&interruptLock);
    *ret_changed = vector->isEnabled;
    vector->isEnabled = false;
    waitForHandler_locked(vector);
    pthread_mutex_unlock(&interruptLock);
}

void primaryInterrupt_cause(IOInterruptVector *vector)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&interruptLock);
    ssize_t written = write(vector->fd, &one, sizeof one);
    pthread_mutex_unlock(&interruptLock);
    (void)written; /* fails only when the eventfd is full, and then it is readable already */
}
