/* SPDX-License-Identifier: MIT */
/*
 * IOInterruptEventSource: from an interrupt to the owner's action on the loop's thread.
 *
 * The producer (the primary-interrupt thread, or who calls interruptOccurred) counts and signals; the loop's thread
 * compares with what it has consumed. The counter is what makes the work visible before the signal (IOWorkLoop.c).
 *
 * A level interrupt:
 *     enabled --interrupt: disabled, counted--> pending --action has run--> enabled
 *     any     --disable--> explicitly disabled (the action still runs for what was counted) --enable--> enabled
 * stateLock makes "enable again unless the driver disabled it meanwhile" one step; it is never held while anything
 * waits, so that a filter may disable its own source.
 *
 * A software source has nothing to be enabled or disabled (SEMANTICS 7.16; Apple's does the same): enable and disable
 * leave it alone.
 */
#include "workloopPrivate.h"

static pthread_mutex_t stateLock = PTHREAD_MUTEX_INITIALIZER; /* explicitDisable of all sources */

static IOInterruptEventSource *interruptOf(IOEventSource *source)
{
    return OSRequiredCast(IOInterruptEventSource, source);
}

/* --- interrupt time ---------------------------------------------------------------------------------------------- */

static void IOInterruptEventSource_interruptOccurred_(IOInterruptEventSource *self, void *refCon, IOService *nub,
                                                      int source)
{
    if (self->autoDisable && nub)
        IOService_disableInterrupt(nub, source);
    atomic_fetch_add(&self->producerCount, 1);
    IOEventSource_signalWorkAvailable(&self->super);
}

void IOInterruptEventSource_interruptOccurred(IOInterruptEventSource *self, void *refCon, IOService *nub, int source)
{
    OSMethodsOf(IOInterruptEventSource, self)->interruptOccurred(self, refCon, nub, source);
}

static void handleInterrupt(OSObject *target, void *refCon, IOService *nub, int source)
{
    IOInterruptEventSource_interruptOccurred(OSRequiredCast(IOInterruptEventSource, target), refCon, nub, source);
}

/* --- the loop's thread ------------------------------------------------------------------------------------------- */

static void enableAgain(IOInterruptEventSource *self)
{
    pthread_mutex_lock(&stateLock);
    if (!self->explicitDisable && atomic_load(&self->isRegistered))
        IOService_enableInterrupt(self->provider, self->index);
    pthread_mutex_unlock(&stateLock);
}

static bool IOInterruptEventSource_checkForWork_(IOEventSource *source)
{
    IOInterruptEventSource *self = interruptOf(source);
    unsigned produced = atomic_load(&self->producerCount);
    int count = (int)(produced - self->consumerCount);
    if (count == 0)
        return false;
    if (self->action)
        self->action(source->owner, self, count);
    self->consumerCount = produced;
    if (self->autoDisable)
        enableAgain(self);
    return false;
}

/* --- enabling ---------------------------------------------------------------------------------------------------- */

static void IOInterruptEventSource_enable_(IOEventSource *source)
{
    IOInterruptEventSource *self = interruptOf(source);
    if (!atomic_load(&self->isRegistered))
        return;
    pthread_mutex_lock(&stateLock);
    self->explicitDisable = false;
    atomic_store(&source->enabled, true);
    IOService_enableInterrupt(self->provider, self->index);
    pthread_mutex_unlock(&stateLock);
}

static void IOInterruptEventSource_disable_(IOEventSource *source)
{
    IOInterruptEventSource *self = interruptOf(source);
    if (!atomic_load(&self->isRegistered))
        return;
    pthread_mutex_lock(&stateLock);
    self->explicitDisable = true;
    atomic_store(&source->enabled, false);
    pthread_mutex_unlock(&stateLock);
    IOService_disableInterrupt(self->provider, self->index); /* waits for a handler that runs, so without the lock */
}

/* --- life -------------------------------------------------------------------------------------------------------- */

static bool registerWithProvider(IOInterruptEventSource *self)
{
    int type;
    if (IOService_getInterruptType(self->provider, self->index, &type) != kIOReturnSuccess)
        return false;
    self->autoDisable = type == kIOInterruptTypeLevel;
    bool ok = IOService_registerInterrupt(self->provider, self->index, OSObjectOf(self), handleInterrupt, NULL) ==
              kIOReturnSuccess;
    atomic_store(&self->isRegistered, ok);
    return ok;
}

static void unregisterFromProvider(IOInterruptEventSource *self)
{
    if (atomic_exchange(&self->isRegistered, false))
        IOService_unregisterInterrupt(self->provider, self->index);
}

/* A source is registered while it may be in a loop: the provider may go before the source does. */
static void IOInterruptEventSource_setWorkLoop_(IOEventSource *source, IOWorkLoop *workLoop)
{
    IOInterruptEventSource *self = interruptOf(source);
    if (workLoop) {
        IOEventSource_super()->setWorkLoop(source, workLoop);
        if (self->provider && !atomic_load(&self->isRegistered))
            registerWithProvider(self);
    } else {
        IOEventSource_disable(source);
        unregisterFromProvider(self);
        IOEventSource_super()->setWorkLoop(source, NULL);
    }
}

static void IOInterruptEventSource_free_(OSObject *object)
{
    IOInterruptEventSource *self = OSRequiredCast(IOInterruptEventSource, object);
    unregisterFromProvider(self);
    OSSafeReleaseNULL(self->provider);
    IOEventSource_super()->free(object);
}

OSDefineBaseClass(IOInterruptEventSource, IOEventSource, .free = IOInterruptEventSource_free_,
                  .checkForWork = IOInterruptEventSource_checkForWork_, .enable = IOInterruptEventSource_enable_,
                  .disable = IOInterruptEventSource_disable_, .setWorkLoop = IOInterruptEventSource_setWorkLoop_,
                  .interruptOccurred = IOInterruptEventSource_interruptOccurred_);

bool IOInterruptEventSource_init(IOInterruptEventSource *self, OSObject *owner, IOInterruptEventSourceAction action,
                                 IOService *provider, int index)
{
    if (index < 0 || !IOEventSource_init(&self->super, owner))
        return false;
    self->action = action;
    self->provider = OSRetain(provider);
    self->index = index;
    return !provider || registerWithProvider(self);
}

IOInterruptEventSource *(IOInterruptEventSource_create)(OSObject *owner, IOInterruptEventSourceAction action,
                                                        IOService *provider, int index)
{
    IOInterruptEventSource *self = OSTypeAlloc(IOInterruptEventSource);
    if (self && !IOInterruptEventSource_init(self, owner, action, provider, index))
        OSSafeReleaseNULL(self);
    return self;
}

IOService *IOInterruptEventSource_getProvider(const IOInterruptEventSource *self)
{
    return self->provider;
}

int IOInterruptEventSource_getIntIndex(const IOInterruptEventSource *self)
{
    return self->index;
}

bool IOInterruptEventSource_getAutoDisable(const IOInterruptEventSource *self)
{
    return self->autoDisable;
}
