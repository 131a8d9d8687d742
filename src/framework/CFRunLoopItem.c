/* SPDX-License-Identifier: MIT */
/*
 * Sources, observers and timers: objects that loops hold. An item is valid until it is invalidated, once, for ever; the
 * thread that does that takes it out of all loops, and its info is released with the object. See CFRunLoopInternal.h
 * for the lock.
 */
#include "CFRunLoopInternal.h"

#include <math.h>
#include <string.h>

#include <mach/mach_init.h>
#include <mach/mach_time.h>
#include <mach/message.h>

static void CFRunLoopItem_free_(OSObject *object)
{
    CFRunLoopItem *self = (CFRunLoopItem *)object;
    if (self->releaseInfo)
        self->releaseInfo(self->info);
    OSObject_super()->free(object);
}

OSDefineAbstractBaseClass(CFRunLoopItem, CFObject, .free = CFRunLoopItem_free_);

CFDefineTypeID(CFRunLoopSource, CFRunLoopSource, kCFTypeIDRunLoopSource);
CFDefineTypeID(CFRunLoopObserver, CFRunLoopObserver, kCFTypeIDRunLoopObserver);
CFDefineTypeID(CFRunLoopTimer, CFRunLoopTimer, kCFTypeIDRunLoopTimer);

static CFHashCode CFRunLoopSource_hash_(const CFObject *object)
{
    const CFRunLoopSource *self = (const CFRunLoopSource *)object;
    if (self->version == 0 && self->context0.hash)
        return self->context0.hash(self->super.info);
    return (CFHashCode)((uintptr_t)self >> 4);
}

/* Sources of one version with the same equal function are equal when that says so of their infos. */
static bool CFRunLoopSource_isEqualTo_(const OSObject *object, const OSObject *otherObject)
{
    const CFRunLoopSource *self = (const CFRunLoopSource *)object;
    const CFRunLoopSource *other = OSDynamicCast(CFRunLoopSource, otherObject);
    if (self == other)
        return true;
    return other && self->version == 0 && other->version == 0 && self->context0.equal &&
           self->context0.equal == other->context0.equal && self->context0.perform == other->context0.perform &&
           self->context0.equal(self->super.info, other->super.info);
}

OSDefineClassRecord(CFRunLoopSource, CFRunLoopItem, CFRunLoopItemMethods, false,
                    .getTypeID = CFRunLoopSource_getTypeID_, .hash = CFRunLoopSource_hash_,
                    .isEqualTo = CFRunLoopSource_isEqualTo_);
OSDefineClassRecord(CFRunLoopObserver, CFRunLoopItem, CFRunLoopItemMethods, false,
                    .getTypeID = CFRunLoopObserver_getTypeID_);
OSDefineClassRecord(CFRunLoopTimer, CFRunLoopItem, CFRunLoopItemMethods, false, .getTypeID = CFRunLoopTimer_getTypeID_);

static void initItem(CFRunLoopItem *item, CFRunLoopItemKind kind, CFIndex order, void *info,
                     const void *(*retain)(const void *), void (*release)(const void *))
{
    item->kind = kind;
    item->order = order;
    item->info = retain ? (void *)retain(info) : info;
    item->releaseInfo = release;
    atomic_init(&item->valid, true);
}

static bool isValid(const CFRunLoopItem *item)
{
    return atomic_load_explicit(&item->valid, memory_order_acquire);
}

/* Returns whether it was valid. */
static bool invalidate(CFRunLoopItem *item)
{
    OSRetain(&item->super);
    pthread_mutex_lock(&runLoopLock);
    bool was = atomic_exchange_explicit(&item->valid, false, memory_order_acq_rel);
    CFIndex held = was ? CFRunLoopRemoveEverywhere_locked(item) : 0;
    pthread_mutex_unlock(&runLoopLock);
    while (held-- > 0)
        OSRelease(&item->super);
    OSRelease(&item->super);
    return was;
}

CFRunLoopSourceRef CFRunLoopSourceCreate(CFAllocatorRef allocator, CFIndex order, CFRunLoopSourceContext *context)
{
    CFRunLoopSource *self = CFAlloc(CFRunLoopSource);
    if (!self)
        return NULL;
    self->version = context->version;
    if (context->version == 1)
        memcpy(&self->context1, context, sizeof self->context1);
    else
        self->context0 = *context;
    initItem(&self->super, kItemSource, order, context->info, context->retain, context->release);
    return (CFRunLoopSourceRef)self;
}

CFRunLoopSourceRef CFRunLoopSourceCreateForDescriptor(CFIndex order, void *info, const void *(*retain)(const void *),
                                                      void (*release)(const void *),
                                                      int (*getDescriptor)(void *info, short *ret_events),
                                                      void (*descriptorReady)(void *info, short events))
{
    CFRunLoopSource *self = CFAlloc(CFRunLoopSource);
    if (!self)
        return NULL;
    self->version = 2;
    self->getDescriptor = getDescriptor;
    self->descriptorReady = descriptorReady;
    initItem(&self->super, kItemSource, order, info, retain, release);
    return (CFRunLoopSourceRef)self;
}

CFIndex CFRunLoopSourceGetOrder(CFRunLoopSourceRef source)
{
    return ((CFRunLoopSource *)source)->super.order;
}

Boolean CFRunLoopSourceIsValid(CFRunLoopSourceRef source)
{
    return isValid(&((CFRunLoopSource *)source)->super);
}

void CFRunLoopSourceInvalidate(CFRunLoopSourceRef source)
{
    invalidate(&((CFRunLoopSource *)source)->super);
}

void CFRunLoopSourceGetContext(CFRunLoopSourceRef source, CFRunLoopSourceContext *context)
{
    CFRunLoopSource *self = (CFRunLoopSource *)source;
    if (self->version == 1) {
        self->context1.info = self->super.info;
        memcpy(context, &self->context1, sizeof self->context1);
    } else {
        *context = self->context0;
        context->info = self->super.info;
    }
}

void CFRunLoopSourceSignal(CFRunLoopSourceRef source)
{
    atomic_store_explicit(&((CFRunLoopSource *)source)->signalled, true, memory_order_release);
}

/* Receives the message that waits at a version 1 source's port and performs it. */
static bool performPort(CFRunLoopSource *source)
{
    enum { kFirstSize = 4096 };
    mach_port_t port = source->context1.getPort(source->super.info);
    mach_msg_size_t size = kFirstSize;
    mach_msg_header_t *msg = IOMallocZero(size);
    mach_msg_option_t option = MACH_RCV_MSG | MACH_RCV_TIMEOUT | MACH_RCV_LARGE;
    mach_msg_return_t result = msg ? mach_msg(msg, option, 0, size, port, 0, MACH_PORT_NULL) : MACH_RCV_INVALID_DATA;
    if (result == MACH_RCV_TOO_LARGE) {
        mach_msg_size_t larger = round_msg(msg->msgh_size) + MAX_TRAILER_SIZE;
        IOFree(msg, size);
        size = larger;
        msg = IOMallocZero(size);
        result = msg ? mach_msg(msg, option, 0, size, port, 0, MACH_PORT_NULL) : MACH_RCV_INVALID_DATA;
    }
    if (result == MACH_MSG_SUCCESS) {
        mach_msg_header_t *reply =
            source->context1.perform(msg, msg->msgh_size, kCFAllocatorSystemDefault, source->super.info);
        if (reply) {
            (void)mach_msg_send(reply); /* whoever asked may be gone */
            CFAllocatorDeallocate(kCFAllocatorSystemDefault, reply);
        }
    }
    IOFree(msg, size);
    return result == MACH_MSG_SUCCESS;
}

bool CFRunLoopSourcePerformReady(CFRunLoopSource *source, short events)
{
    if (!isValid(&source->super))
        return false;
    if (source->version == 1)
        return performPort(source);
    source->descriptorReady(source->super.info, events);
    return true;
}

CFRunLoopObserverRef CFRunLoopObserverCreate(CFAllocatorRef allocator, CFOptionFlags activities, Boolean repeats,
                                             CFIndex order, CFRunLoopObserverCallBack callout,
                                             CFRunLoopObserverContext *context)
{
    CFRunLoopObserver *self = CFAlloc(CFRunLoopObserver);
    if (!self)
        return NULL;
    self->activities = activities;
    self->repeats = repeats;
    self->callout = callout;
    if (context)
        self->context = *context;
    initItem(&self->super, kItemObserver, order, self->context.info, self->context.retain, self->context.release);
    return (CFRunLoopObserverRef)self;
}

CFOptionFlags CFRunLoopObserverGetActivities(CFRunLoopObserverRef observer)
{
    return ((CFRunLoopObserver *)observer)->activities;
}

Boolean CFRunLoopObserverDoesRepeat(CFRunLoopObserverRef observer)
{
    return ((CFRunLoopObserver *)observer)->repeats;
}

CFIndex CFRunLoopObserverGetOrder(CFRunLoopObserverRef observer)
{
    return ((CFRunLoopObserver *)observer)->super.order;
}

void CFRunLoopObserverInvalidate(CFRunLoopObserverRef observer)
{
    invalidate(&((CFRunLoopObserver *)observer)->super);
}

Boolean CFRunLoopObserverIsValid(CFRunLoopObserverRef observer)
{
    return isValid(&((CFRunLoopObserver *)observer)->super);
}

void CFRunLoopObserverGetContext(CFRunLoopObserverRef observer, CFRunLoopObserverContext *context)
{
    *context = ((CFRunLoopObserver *)observer)->context;
    context->info = ((CFRunLoopObserver *)observer)->super.info;
}

uint64_t CFAbsoluteTimeToUptime(CFAbsoluteTime time)
{
    double seconds = time - CFAbsoluteTimeGetCurrent();
    if (seconds <= 0)
        return mach_absolute_time();
    return seconds > 1e9 ? UINT64_MAX : mach_absolute_time() + (uint64_t)(seconds * 1e9);
}

CFRunLoopTimerRef CFRunLoopTimerCreate(CFAllocatorRef allocator, CFAbsoluteTime fireDate, CFTimeInterval interval,
                                       CFOptionFlags flags, CFIndex order, CFRunLoopTimerCallBack callout,
                                       CFRunLoopTimerContext *context)
{
    CFRunLoopTimer *self = CFAlloc(CFRunLoopTimer);
    if (!self)
        return NULL;
    self->interval = interval > 0 ? interval : 0;
    self->fireTime = CFAbsoluteTimeToUptime(fireDate);
    self->callout = callout;
    if (context)
        self->context = *context;
    initItem(&self->super, kItemTimer, order, self->context.info, self->context.retain, self->context.release);
    return (CFRunLoopTimerRef)self;
}

CFAbsoluteTime CFRunLoopTimerGetNextFireDate(CFRunLoopTimerRef timer)
{
    CFRunLoopTimer *self = (CFRunLoopTimer *)timer;
    if (!isValid(&self->super))
        return 0;
    pthread_mutex_lock(&runLoopLock);
    uint64_t when = self->fireTime;
    pthread_mutex_unlock(&runLoopLock);
    return CFAbsoluteTimeGetCurrent() + ((double)when - (double)mach_absolute_time()) / 1e9;
}

void CFRunLoopTimerSetNextFireDate(CFRunLoopTimerRef timer, CFAbsoluteTime fireDate)
{
    CFRunLoopTimer *self = (CFRunLoopTimer *)timer;
    uint64_t when = CFAbsoluteTimeToUptime(fireDate);
    pthread_mutex_lock(&runLoopLock);
    self->fireTime = when;
    CFRunLoopWakeHolders_locked(&self->super);
    pthread_mutex_unlock(&runLoopLock);
}

CFTimeInterval CFRunLoopTimerGetInterval(CFRunLoopTimerRef timer)
{
    return ((CFRunLoopTimer *)timer)->interval;
}

Boolean CFRunLoopTimerDoesRepeat(CFRunLoopTimerRef timer)
{
    return ((CFRunLoopTimer *)timer)->interval > 0;
}

CFIndex CFRunLoopTimerGetOrder(CFRunLoopTimerRef timer)
{
    return ((CFRunLoopTimer *)timer)->super.order;
}

void CFRunLoopTimerInvalidate(CFRunLoopTimerRef timer)
{
    invalidate(&((CFRunLoopTimer *)timer)->super);
}

Boolean CFRunLoopTimerIsValid(CFRunLoopTimerRef timer)
{
    return isValid(&((CFRunLoopTimer *)timer)->super);
}

void CFRunLoopTimerGetContext(CFRunLoopTimerRef timer, CFRunLoopTimerContext *context)
{
    *context = ((CFRunLoopTimer *)timer)->context;
    context->info = ((CFRunLoopTimer *)timer)->super.info;
}
