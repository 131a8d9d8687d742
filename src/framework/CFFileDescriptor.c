/* SPDX-License-Identifier: MIT */
/*
 * CFFileDescriptor: a source over a descriptor. enabled is atomic, because any thread may enable while the loop waits;
 * sourceLock, a leaf lock, covers the source. The source holds its object, which only knows where its source is.
 */
#include "CFRunLoopInternal.h"

#include <unistd.h>

OSDeclareClass(CFFileDescriptor);
struct CFFileDescriptor {
    CFObject super;
    int fd;      /* constant */
    bool closes; /* constant */
    _Atomic(bool) valid;
    _Atomic(CFOptionFlags) enabled;   /* callback types that wait */
    CFFileDescriptorCallBack callout; /* constant */
    CFFileDescriptorContext context;  /* constant; info retained by its function */
    CFRunLoopSourceRef source;        /* borrowed: it holds this object, and takes itself out as it goes; sourceLock */
};

static pthread_mutex_t sourceLock = PTHREAD_MUTEX_INITIALIZER;

CFDefineTypeID(CFFileDescriptor, CFFileDescriptor, kCFTypeIDFileDescriptor);

/* +1; NULL when there is none, or only one that is being freed. */
static CFRunLoopSourceRef copySource_locked(const CFFileDescriptor *self)
{
    if (!self->source || !OSObject_tryRetain((const OSObject *)(const void *)self->source))
        return NULL;
    return self->source;
}

/* The source's last act: its object forgets it, unless there is a new one by now. */
static void releaseFromSource(const void *info)
{
    CFFileDescriptor *self = (CFFileDescriptor *)info;
    pthread_mutex_lock(&sourceLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    if (!source)
        self->source = NULL;
    pthread_mutex_unlock(&sourceLock);
    if (source)
        CFRelease(source);
    CFRelease(self);
}

void CFFileDescriptorInvalidate(CFFileDescriptorRef f)
{
    CFFileDescriptor *self = (CFFileDescriptor *)f;
    if (!atomic_exchange_explicit(&self->valid, false, memory_order_acq_rel))
        return;
    pthread_mutex_lock(&sourceLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    pthread_mutex_unlock(&sourceLock);
    if (source) {
        CFRunLoopSourceInvalidate(source);
        CFRelease(source);
    }
    if (self->closes)
        close(self->fd);
    if (self->context.release)
        self->context.release(self->context.info);
}

static void CFFileDescriptor_free_(OSObject *object)
{
    CFFileDescriptorInvalidate((CFFileDescriptorRef)object);
    OSObject_super()->free(object);
}

OSDefineClassRecord(CFFileDescriptor, CFObject, CFObjectMethods, false, .free = CFFileDescriptor_free_,
                    .getTypeID = CFFileDescriptor_getTypeID_);

CFFileDescriptorRef CFFileDescriptorCreate(CFAllocatorRef allocator, CFFileDescriptorNativeDescriptor fd,
                                           Boolean closeOnInvalidate, CFFileDescriptorCallBack callout,
                                           const CFFileDescriptorContext *context)
{
    CFFileDescriptor *self = CFAlloc(CFFileDescriptor);
    if (!self)
        return NULL;
    self->fd = fd;
    self->closes = closeOnInvalidate;
    self->callout = callout;
    if (context)
        self->context = *context;
    if (self->context.retain)
        self->context.info = self->context.retain(self->context.info);
    atomic_init(&self->valid, true);
    return (CFFileDescriptorRef)self;
}

CFFileDescriptorNativeDescriptor CFFileDescriptorGetNativeDescriptor(CFFileDescriptorRef f)
{
    return ((CFFileDescriptor *)f)->fd;
}

void CFFileDescriptorGetContext(CFFileDescriptorRef f, CFFileDescriptorContext *context)
{
    *context = ((CFFileDescriptor *)f)->context;
}

Boolean CFFileDescriptorIsValid(CFFileDescriptorRef f)
{
    return atomic_load_explicit(&((CFFileDescriptor *)f)->valid, memory_order_acquire);
}

void CFFileDescriptorEnableCallBacks(CFFileDescriptorRef f, CFOptionFlags callBackTypes)
{
    CFFileDescriptor *self = (CFFileDescriptor *)f;
    atomic_fetch_or_explicit(&self->enabled, callBackTypes, memory_order_acq_rel);
    pthread_mutex_lock(&sourceLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    pthread_mutex_unlock(&sourceLock);
    if (!source)
        return;
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopWakeHolders_locked(&((CFRunLoopSource *)source)->super);
    pthread_mutex_unlock(&runLoopLock);
    CFRelease(source);
}

void CFFileDescriptorDisableCallBacks(CFFileDescriptorRef f, CFOptionFlags callBackTypes)
{
    atomic_fetch_and_explicit(&((CFFileDescriptor *)f)->enabled, ~callBackTypes, memory_order_acq_rel);
}

static int getDescriptor(void *info, short *ret_events)
{
    CFFileDescriptor *self = info;
    CFOptionFlags enabled = atomic_load_explicit(&self->enabled, memory_order_acquire);
    *ret_events = (short)((enabled & kCFFileDescriptorReadCallBack ? POLLIN : 0) |
                          (enabled & kCFFileDescriptorWriteCallBack ? POLLOUT : 0));
    return *ret_events ? self->fd : -1;
}

static void descriptorReady(void *info, short events)
{
    CFFileDescriptor *self = info;
    bool ends = events & (POLLHUP | POLLERR);
    CFOptionFlags types = (events & POLLIN || ends ? kCFFileDescriptorReadCallBack : 0) |
                          (events & POLLOUT || ends ? kCFFileDescriptorWriteCallBack : 0);
    types &= atomic_fetch_and_explicit(&self->enabled, ~types, memory_order_acq_rel);
    if (types && CFFileDescriptorIsValid((CFFileDescriptorRef)self))
        self->callout((CFFileDescriptorRef)self, types, self->context.info);
}

CFRunLoopSourceRef CFFileDescriptorCreateRunLoopSource(CFAllocatorRef allocator, CFFileDescriptorRef f, CFIndex order)
{
    CFFileDescriptor *self = (CFFileDescriptor *)f;
    if (!CFFileDescriptorIsValid(f))
        return NULL;
    CFRunLoopSourceRef made =
        CFRunLoopSourceCreateForDescriptor(order, self, CFRetain, releaseFromSource, getDescriptor, descriptorReady);
    CFRunLoopSourceRef unused = made;
    pthread_mutex_lock(&sourceLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    if (!source && made) {
        self->source = made;
        source = made;
        unused = NULL;
    }
    pthread_mutex_unlock(&sourceLock);
    if (unused)
        CFRelease(unused);
    return source;
}
