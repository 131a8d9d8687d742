/* SPDX-License-Identifier: MIT */
/*
 * One run of a loop, on its own thread: observers and blocks, signalled sources, a wait in ppoll for ports,
 * descriptors, the wake-up descriptor and the next timer, then timers and ready sources. Each pass takes a snapshot of
 * the items, retained, under runLoopLock, and calls them without it; an item that was invalidated meanwhile is passed
 * over.
 *
 *   entry -> [before timers, before sources, signalled] -> (before waiting, wait, after waiting) -> [timers, ready] -+
 *              ^-------------------------------------------------------------------------------------------------- +->
 * exit
 */
#include "CFRunLoopInternal.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include <mach/mach_time.h>

/* Retained copies of the items of one kind; count 0 without memory, which the next pass may have again. */
static CFRunLoopItems snapshot(CFRunLoopModeObject *mode, CFRunLoopItemKind kind)
{
    CFRunLoopItems copy = {0};
    pthread_mutex_lock(&runLoopLock);
    const CFRunLoopItems *list = &mode->items[kind];
    copy.items = list->count ? IOAllocate(kIOAllocationContainer, (size_t)list->count * sizeof *copy.items) : NULL;
    if (copy.items) {
        copy.count = copy.capacity = list->count;
        for (CFIndex i = 0; i < copy.count; i++)
            copy.items[i] = OSRetain(list->items[i]);
    }
    pthread_mutex_unlock(&runLoopLock);
    return copy;
}

static void freeSnapshot(CFRunLoopItems *copy)
{
    for (CFIndex i = 0; i < copy->count; i++)
        OSRelease(copy->items[i]);
    IODeallocate(kIOAllocationContainer, copy->items, (size_t)copy->capacity * sizeof *copy->items);
}

static bool isValid(const CFRunLoopItem *item)
{
    return atomic_load_explicit(&item->valid, memory_order_acquire);
}

static void observe(CFRunLoopModeObject *mode, CFRunLoopActivity activity)
{
    CFRunLoopItems observers = snapshot(mode, kItemObserver);
    for (CFIndex i = 0; i < observers.count; i++) {
        CFRunLoopObserver *observer = (CFRunLoopObserver *)observers.items[i];
        if (!isValid(&observer->super) || !(observer->activities & activity))
            continue;
        if (!observer->repeats)
            CFRunLoopObserverInvalidate((CFRunLoopObserverRef)observer);
        observer->callout((CFRunLoopObserverRef)observer, activity, observer->super.info);
    }
    freeSnapshot(&observers);
}

static bool performSignalled(CFRunLoopModeObject *mode, bool onlyOne)
{
    CFRunLoopItems sources = snapshot(mode, kItemSource);
    bool handled = false;
    for (CFIndex i = 0; i < sources.count && !(handled && onlyOne); i++) {
        CFRunLoopSource *source = (CFRunLoopSource *)sources.items[i];
        if (source->version != 0 || !isValid(&source->super) ||
            !atomic_exchange_explicit(&source->signalled, false, memory_order_acq_rel))
            continue;
        if (source->context0.perform)
            source->context0.perform(source->super.info);
        handled = true;
    }
    freeSnapshot(&sources);
    return handled;
}

/* Moves the fire time on; returns whether it has come. */
static bool claimTimer(CFRunLoopTimer *timer, uint64_t now)
{
    pthread_mutex_lock(&runLoopLock);
    bool due = isValid(&timer->super) && !timer->firing && timer->fireTime <= now;
    if (due) {
        timer->firing = true;
        if (timer->interval > 0) {
            uint64_t interval = (uint64_t)(timer->interval * 1e9);
            interval = interval ? interval : 1;
            timer->fireTime += (1 + (now - timer->fireTime) / interval) * interval;
        }
    }
    pthread_mutex_unlock(&runLoopLock);
    return due;
}

static void fireTimers(CFRunLoopModeObject *mode)
{
    CFRunLoopItems timers = snapshot(mode, kItemTimer);
    uint64_t now = mach_absolute_time();
    for (CFIndex i = 0; i < timers.count; i++) {
        CFRunLoopTimer *timer = (CFRunLoopTimer *)timers.items[i];
        if (!claimTimer(timer, now))
            continue;
        if (timer->interval <= 0)
            CFRunLoopTimerInvalidate((CFRunLoopTimerRef)timer);
        timer->callout((CFRunLoopTimerRef)timer, timer->super.info);
        pthread_mutex_lock(&runLoopLock);
        timer->firing = false;
        pthread_mutex_unlock(&runLoopLock);
    }
    freeSnapshot(&timers);
}

/* What one wait waits for: the loop's wake-up descriptor first, then the sources. */
typedef struct Wait {
    CFRunLoopItems sources;
    struct pollfd *fds; /* sources.count + 1 of them */
    MachPort **ports;   /* owned; of version 1 sources, NULL for others */
} Wait;

static bool prepareWait(Wait *wait, CFRunLoop *loop, CFRunLoopModeObject *mode)
{
    *wait = (Wait){.sources = snapshot(mode, kItemSource)};
    size_t count = (size_t)wait->sources.count;
    wait->fds = IOAllocate(kIOAllocationMalloc, (count + 1) * sizeof *wait->fds);
    wait->ports = IOAllocate(kIOAllocationMalloc, (count + 1) * sizeof(MachPort *));
    if (!wait->fds || !wait->ports)
        return false;
    wait->fds[0] = (struct pollfd){.fd = loop->wakeUp, .events = POLLIN};
    for (size_t i = 0; i < count; i++) {
        CFRunLoopSource *source = (CFRunLoopSource *)wait->sources.items[i];
        struct pollfd *fd = &wait->fds[i + 1];
        *fd = (struct pollfd){.fd = -1, .events = POLLIN};
        if (!isValid(&source->super))
            continue;
        if (source->version == 1) {
            wait->ports[i] = machPortCopy(source->context1.getPort(source->super.info));
            if (wait->ports[i] && !machPortIsDead(wait->ports[i]))
                fd->fd = machPortReceiveEnd(wait->ports[i]);
        } else if (source->version == 2) {
            fd->fd = source->getDescriptor(source->super.info, &fd->events);
        }
    }
    return true;
}

static void endWait(Wait *wait)
{
    size_t count = (size_t)wait->sources.count;
    for (size_t i = 0; wait->ports && i < count; i++)
        machPortRelease(wait->ports[i]);
    IODeallocate(kIOAllocationMalloc, wait->fds, (count + 1) * sizeof *wait->fds);
    IODeallocate(kIOAllocationMalloc, wait->ports, (count + 1) * sizeof(MachPort *));
    freeSnapshot(&wait->sources);
}

/* Sleeps until a descriptor is ready or the time has come. */
static void sleepUntil(Wait *wait, uint64_t until)
{
    uint64_t now = mach_absolute_time();
    uint64_t left = until > now ? until - now : 0;
    struct timespec time = {(time_t)(left / 1000000000), (long)(left % 1000000000)};
    eventfd_t count;
    if (ppoll(wait->fds, (nfds_t)wait->sources.count + 1, until == UINT64_MAX ? NULL : &time, NULL) < 0)
        for (CFIndex i = 0; i <= wait->sources.count; i++)
            wait->fds[i].revents = 0; /* a signal: the next pass looks again */
    if (wait->fds[0].revents)
        (void)eventfd_read(wait->fds[0].fd, &count);
}

/* Performs what is ready, beginning with another one each time; only one when asked to. */
static bool performReady(Wait *wait, CFRunLoop *loop, bool onlyOne)
{
    CFIndex count = wait->sources.count;
    CFIndex first = count ? (CFIndex)(loop->rotation++ % (unsigned long)count) : 0;
    bool handled = false;
    for (CFIndex k = 0; k < count && !(handled && onlyOne); k++) {
        CFIndex i = onlyOne ? (first + k) % count : k;
        if (wait->fds[i + 1].fd >= 0 && wait->fds[i + 1].revents)
            handled |= CFRunLoopSourcePerformReady((CFRunLoopSource *)wait->sources.items[i], wait->fds[i + 1].revents);
    }
    return handled;
}

/* Blocks, the compiler's objects: their invoke function takes the block. */
typedef struct BlockLayout {
    void *isa;
    int flags;
    int reserved;
    void (*invoke)(void *block);
} BlockLayout;
extern void *_Block_copy(const void *block) __attribute__((weak));
extern void _Block_release(const void *block) __attribute__((weak));

void CFRunLoopPerformBlock_(CFRunLoopRef rl, CFTypeRef mode, const void *block) __asm__("CFRunLoopPerformBlock");

void CFRunLoopPerformBlock_(CFRunLoopRef rl, CFTypeRef mode, const void *block)
{
    CFRunLoop *loop = (CFRunLoop *)rl;
    CFRunLoopBlock *entry = _Block_copy ? IOMallocZero(sizeof *entry) : NULL;
    if (!entry)
        return;
    entry->modes = CFRetain(mode);
    entry->block = _Block_copy(block);
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopBlock **link = &loop->blocks;
    while (*link)
        link = &(*link)->next;
    *link = entry;
    pthread_mutex_unlock(&runLoopLock);
}

static bool isForMode(CFTypeRef modes, const CFRunLoopModeObject *mode)
{
    if (CFIsString(modes))
        return CFEqual(modes, mode->name) || (mode->isCommon && CFEqual(modes, kCFRunLoopCommonModes));
    for (CFIndex i = 0; i < CFArrayGetCount(modes); i++)
        if (isForMode(CFArrayGetValueAtIndex(modes, i), mode))
            return true;
    return false;
}

static CFRunLoopBlock *takeBlock(CFRunLoop *loop, const CFRunLoopModeObject *mode)
{
    CFRunLoopBlock *found = NULL;
    pthread_mutex_lock(&runLoopLock);
    for (CFRunLoopBlock **link = &loop->blocks; *link && !found; link = found ? link : &(*link)->next)
        if (isForMode((*link)->modes, mode)) {
            found = *link;
            *link = found->next;
        }
    pthread_mutex_unlock(&runLoopLock);
    return found;
}

static bool runBlocks(CFRunLoop *loop, const CFRunLoopModeObject *mode)
{
    bool any = false;
    CFRunLoopBlock *entry;
    while ((entry = takeBlock(loop, mode))) {
        ((BlockLayout *)entry->block)->invoke(entry->block);
        _Block_release(entry->block);
        CFRelease(entry->modes);
        IOFree(entry, sizeof *entry);
        any = true;
    }
    return any;
}

static bool isEmpty_locked(const CFRunLoop *loop, const CFRunLoopModeObject *mode)
{
    return mode->items[kItemSource].count == 0 && mode->items[kItemTimer].count == 0 && !loop->blocks;
}

static uint64_t wakeTime(CFRunLoopModeObject *mode, uint64_t deadline)
{
    pthread_mutex_lock(&runLoopLock);
    uint64_t next = CFRunLoopNextFireTime_locked(mode);
    pthread_mutex_unlock(&runLoopLock);
    return next < deadline ? next : deadline;
}

/* One pass; whether a source was performed. */
static bool runOnce(CFRunLoop *loop, CFRunLoopModeObject *mode, uint64_t deadline, bool onlyOne)
{
    Wait wait;
    observe(mode, kCFRunLoopBeforeTimers);
    observe(mode, kCFRunLoopBeforeSources);
    runBlocks(loop, mode);
    bool handled = performSignalled(mode, onlyOne);
    handled |= runBlocks(loop, mode);
    bool sleeps = !handled && deadline != 0;
    if (handled && onlyOne)
        return true;
    if (sleeps)
        observe(mode, kCFRunLoopBeforeWaiting);
    if (prepareWait(&wait, loop, mode)) {
        atomic_store_explicit(&loop->waiting, sleeps, memory_order_seq_cst);
        bool stopped = atomic_load_explicit(&loop->stopped, memory_order_acquire);
        sleepUntil(&wait, sleeps && !stopped ? wakeTime(mode, deadline) : 0);
        atomic_store_explicit(&loop->waiting, false, memory_order_seq_cst);
        if (sleeps)
            observe(mode, kCFRunLoopAfterWaiting);
        fireTimers(mode);
        handled |= performReady(&wait, loop, onlyOne);
    }
    endWait(&wait);
    runBlocks(loop, mode);
    return handled;
}

static CFRunLoopRunResult runMode(CFRunLoop *loop, CFRunLoopModeObject *mode, CFTimeInterval seconds, bool onlyOne)
{
    uint64_t start = mach_absolute_time();
    uint64_t deadline = seconds <= 0 ? 0 : seconds > 1e9 ? UINT64_MAX : start + (uint64_t)(seconds * 1e9);
    for (;;) {
        bool handled = runOnce(loop, mode, deadline, onlyOne);
        if (handled && onlyOne)
            return kCFRunLoopRunHandledSource;
        if (deadline != UINT64_MAX && mach_absolute_time() >= deadline)
            return kCFRunLoopRunTimedOut;
        if (atomic_load_explicit(&loop->stopped, memory_order_acquire))
            return kCFRunLoopRunStopped;
        pthread_mutex_lock(&runLoopLock);
        bool empty = isEmpty_locked(loop, mode);
        pthread_mutex_unlock(&runLoopLock);
        if (empty)
            return kCFRunLoopRunFinished;
    }
}

CFRunLoopRunResult CFRunLoopRunInMode(CFRunLoopMode name, CFTimeInterval seconds, Boolean returnAfterSourceHandled)
{
    CFRunLoop *loop = (CFRunLoop *)CFRunLoopGetCurrent();
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = CFRunLoopFindMode_locked(loop, name);
    CFRunLoopModeObject *previous = loop->current;
    bool empty = !mode || isEmpty_locked(loop, mode);
    if (!empty)
        loop->current = mode;
    pthread_mutex_unlock(&runLoopLock);
    if (empty)
        return kCFRunLoopRunFinished;

    bool outerStopped = atomic_exchange_explicit(&loop->stopped, false, memory_order_acq_rel);
    observe(mode, kCFRunLoopEntry);
    CFRunLoopRunResult result = runMode(loop, mode, seconds, returnAfterSourceHandled);
    observe(mode, kCFRunLoopExit);
    atomic_store_explicit(&loop->stopped, previous && outerStopped, memory_order_release);
    pthread_mutex_lock(&runLoopLock);
    loop->current = previous;
    pthread_mutex_unlock(&runLoopLock);
    return result;
}

void CFRunLoopRun(void)
{
    CFRunLoopRunResult result;
    do
        result = CFRunLoopRunInMode(kCFRunLoopDefaultMode, 1.0e10, false);
    while (result != kCFRunLoopRunStopped && result != kCFRunLoopRunFinished);
}
