/* SPDX-License-Identifier: MIT */
/*
 * CFMachPort: a version 1 source for a port. portsLock covers the list of live objects, by which a port finds its
 * object again, and each object's source; it is a leaf lock. The source holds its port object, which
 * so lives as long as a loop has the source; the object only knows where its source is.
 */
#include "CFInternal.h"

#include <pthread.h>

#include <mach/mach_init.h>
#include <mach/mach_port.h>

OSDeclareClass(CFMachPort);
struct CFMachPort {
    CFObject super;
    CFMachPort *next; /* portsLock */
    mach_port_t name; /* constant */
    bool ownsRights;  /* constant */
    _Atomic(bool) valid;
    CFMachPortCallBack callout;                 /* constant */
    CFMachPortContext context;                  /* constant; info retained by its function, until it is invalidated */
    CFMachPortInvalidationCallBack invalidated; /* portsLock */
    CFRunLoopSourceRef source; /* borrowed: it holds this object, and takes itself out as it goes; portsLock */
};

static pthread_mutex_t portsLock = PTHREAD_MUTEX_INITIALIZER;
static CFMachPort *ports;

CFDefineTypeID(CFMachPort, CFMachPort, kCFTypeIDMachPort);

static void unlist_locked(CFMachPort *self)
{
    for (CFMachPort **link = &ports; *link; link = &(*link)->next)
        if (*link == self) {
            *link = self->next;
            return;
        }
}

/* +1; NULL when there is none, or only one that is being freed. */
static CFRunLoopSourceRef copySource_locked(const CFMachPort *self)
{
    if (!self->source || !OSObject_tryRetain((const OSObject *)(const void *)self->source))
        return NULL;
    return self->source;
}

/* The source's last act: its object forgets it, unless there is a new one by now. */
static void releaseFromSource(const void *info)
{
    CFMachPort *self = (CFMachPort *)info;
    pthread_mutex_lock(&portsLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    if (!source)
        self->source = NULL;
    pthread_mutex_unlock(&portsLock);
    if (source)
        CFRelease(source);
    CFRelease(self);
}

void CFMachPortInvalidate(CFMachPortRef port)
{
    CFMachPort *self = (CFMachPort *)port;
    if (!atomic_exchange_explicit(&self->valid, false, memory_order_acq_rel))
        return;
    pthread_mutex_lock(&portsLock);
    unlist_locked(self);
    CFRunLoopSourceRef source = copySource_locked(self);
    CFMachPortInvalidationCallBack invalidated = self->invalidated;
    pthread_mutex_unlock(&portsLock);
    if (invalidated)
        invalidated(port, self->context.info);
    if (source) {
        CFRunLoopSourceInvalidate(source);
        CFRelease(source);
    }
    if (self->context.release)
        self->context.release(self->context.info);
    if (self->ownsRights) {
        mach_port_mod_refs(mach_task_self(), self->name, MACH_PORT_RIGHT_SEND, -1);
        mach_port_mod_refs(mach_task_self(), self->name, MACH_PORT_RIGHT_RECEIVE, -1);
    }
}

static void CFMachPort_free_(OSObject *object)
{
    CFMachPortInvalidate((CFMachPortRef)object);
    OSObject_super()->free(object);
}

OSDefineClassRecord(CFMachPort, CFObject, CFObjectMethods, false, .free = CFMachPort_free_,
                    .getTypeID = CFMachPort_getTypeID_);

static CFMachPort *copyExisting_locked(mach_port_t name)
{
    for (CFMachPort *port = ports; port; port = port->next)
        if (port->name == name && OSObject_tryRetain(&port->super.super))
            return port;
    return NULL;
}

static CFMachPort *makePort(mach_port_t name, bool ownsRights, CFMachPortCallBack callout,
                            const CFMachPortContext *context)
{
    CFMachPort *self = CFAlloc(CFMachPort);
    if (!self)
        return NULL;
    self->name = name;
    self->ownsRights = ownsRights;
    self->callout = callout;
    if (context)
        self->context = *context;
    if (self->context.retain)
        self->context.info = (void *)self->context.retain(self->context.info);
    atomic_init(&self->valid, true);
    pthread_mutex_lock(&portsLock);
    self->next = ports;
    ports = self;
    pthread_mutex_unlock(&portsLock);
    return self;
}

CFMachPortRef CFMachPortCreateWithPort(CFAllocatorRef allocator, mach_port_t portNum, CFMachPortCallBack callout,
                                       CFMachPortContext *context, Boolean *shouldFreeInfo)
{
    pthread_mutex_lock(&portsLock);
    CFMachPort *self = copyExisting_locked(portNum);
    pthread_mutex_unlock(&portsLock);
    if (shouldFreeInfo)
        *shouldFreeInfo = self != NULL;
    return (CFMachPortRef)(self ? self : makePort(portNum, false, callout, context));
}

CFMachPortRef CFMachPortCreate(CFAllocatorRef allocator, CFMachPortCallBack callout, CFMachPortContext *context,
                               Boolean *shouldFreeInfo)
{
    mach_port_t name;
    if (shouldFreeInfo)
        *shouldFreeInfo = true;
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &name) != KERN_SUCCESS)
        return NULL;
    mach_port_insert_right(mach_task_self(), name, name, MACH_MSG_TYPE_MAKE_SEND);
    CFMachPort *self = makePort(name, true, callout, context);
    if (!self)
        mach_port_destroy(mach_task_self(), name);
    else if (shouldFreeInfo)
        *shouldFreeInfo = false;
    return (CFMachPortRef)self;
}

mach_port_t CFMachPortGetPort(CFMachPortRef port)
{
    return ((CFMachPort *)port)->name;
}

void CFMachPortGetContext(CFMachPortRef port, CFMachPortContext *context)
{
    *context = ((CFMachPort *)port)->context;
}

Boolean CFMachPortIsValid(CFMachPortRef port)
{
    return atomic_load_explicit(&((CFMachPort *)port)->valid, memory_order_acquire);
}

CFMachPortInvalidationCallBack CFMachPortGetInvalidationCallBack(CFMachPortRef port)
{
    pthread_mutex_lock(&portsLock);
    CFMachPortInvalidationCallBack callout = ((CFMachPort *)port)->invalidated;
    pthread_mutex_unlock(&portsLock);
    return callout;
}

void CFMachPortSetInvalidationCallBack(CFMachPortRef port, CFMachPortInvalidationCallBack callout)
{
    pthread_mutex_lock(&portsLock);
    ((CFMachPort *)port)->invalidated = callout;
    pthread_mutex_unlock(&portsLock);
}

static mach_port_t portOf(void *info)
{
    return ((CFMachPort *)info)->name;
}

static void *performMessage(void *msg, CFIndex size, CFAllocatorRef allocator, void *info)
{
    CFMachPort *self = info;
    if (CFMachPortIsValid((CFMachPortRef)self) && self->callout)
        self->callout((CFMachPortRef)self, msg, size, self->context.info);
    return NULL;
}

CFRunLoopSourceRef CFMachPortCreateRunLoopSource(CFAllocatorRef allocator, CFMachPortRef port, CFIndex order)
{
    CFMachPort *self = (CFMachPort *)port;
    CFRunLoopSourceContext1 context = {.version = 1,
                                       .info = self,
                                       .retain = CFRetain,
                                       .release = releaseFromSource,
                                       .getPort = portOf,
                                       .perform = performMessage};
    if (!CFMachPortIsValid(port))
        return NULL;
    CFRunLoopSourceRef made = CFRunLoopSourceCreate(allocator, order, (CFRunLoopSourceContext *)(void *)&context);
    CFRunLoopSourceRef unused = made;
    pthread_mutex_lock(&portsLock);
    CFRunLoopSourceRef source = copySource_locked(self);
    if (!source && made) {
        self->source = made;
        source = made;
        unused = NULL;
    }
    pthread_mutex_unlock(&portsLock);
    if (unused)
        CFRelease(unused);
    return source;
}
