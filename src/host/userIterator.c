/* SPDX-License-Identifier: MIT */
/* An iterator with a lock. Nothing but the inner iterator is called with it held. */
#include "userIterator.h"

#include <IOKit/IORegistryIterator.h>

bool IOUserIterator_init(IOUserIterator *self)
{
    self->isReady = pthread_mutex_init(&self->lock, NULL) == 0;
    return self->isReady;
}

IOUserIterator *IOUserIterator_withIterator(OSIterator *iterator)
{
    if (!iterator)
        return NULL;
    IOUserIterator *self = OSTypeAlloc(IOUserIterator);
    if (!self) {
        OSRelease(iterator);
        return NULL;
    }
    self->iterator = iterator;
    if (!IOUserIterator_init(self))
        OSSafeReleaseNULL(self);
    return self;
}

static void IOUserIterator_free_(OSObject *object)
{
    IOUserIterator *self = OSRequiredCast(IOUserIterator, object);
    OSRelease(self->iterator);
    if (self->isReady)
        pthread_mutex_destroy(&self->lock);
    OSIterator_super()->free(object);
}

static void IOUserIterator_reset_(OSIterator *iterator)
{
    IOUserIterator *self = OSRequiredCast(IOUserIterator, iterator);
    pthread_mutex_lock(&self->lock);
    if (self->iterator)
        OSIterator_reset(self->iterator);
    pthread_mutex_unlock(&self->lock);
}

static bool IOUserIterator_isValid_(OSIterator *iterator)
{
    IOUserIterator *self = OSRequiredCast(IOUserIterator, iterator);
    pthread_mutex_lock(&self->lock);
    bool isValid = !self->iterator || OSIterator_isValid(self->iterator);
    pthread_mutex_unlock(&self->lock);
    return isValid;
}

/* Borrowed results cannot be handed out of the lock: clients get copyNextObject. */
static OSObject *IOUserIterator_getNextObject_(OSIterator *iterator)
{
    (void)iterator;
    return NULL;
}

static OSObject *IOUserIterator_copyNextObject_(IOUserIterator *self)
{
    pthread_mutex_lock(&self->lock);
    OSObject *next = self->iterator ? OSRetain(OSIterator_getNextObject(self->iterator)) : NULL;
    pthread_mutex_unlock(&self->lock);
    return next;
}

OSObject *IOUserIterator_copyNextObject(IOUserIterator *self)
{
    return OSMethodsOf(IOUserIterator, self)->copyNextObject(self);
}

IOReturn IOUserIterator_enterEntry(IOUserIterator *self)
{
    IORegistryIterator *walk = OSDynamicCast(IORegistryIterator, self->iterator);
    if (!walk)
        return kIOReturnBadArgument;
    pthread_mutex_lock(&self->lock);
    bool entered = IORegistryIterator_enterEntry(walk);
    pthread_mutex_unlock(&self->lock);
    return entered ? kIOReturnSuccess : kIOReturnNoMemory;
}

IOReturn IOUserIterator_exitEntry(IOUserIterator *self)
{
    IORegistryIterator *walk = OSDynamicCast(IORegistryIterator, self->iterator);
    if (!walk)
        return kIOReturnBadArgument;
    pthread_mutex_lock(&self->lock);
    bool left = IORegistryIterator_exitEntry(walk);
    pthread_mutex_unlock(&self->lock);
    return left ? kIOReturnSuccess : kIOReturnNoDevice;
}

OSDefineBaseClass(IOUserIterator, OSIterator, .free = IOUserIterator_free_, .reset = IOUserIterator_reset_,
                  .isValid = IOUserIterator_isValid_, .getNextObject = IOUserIterator_getNextObject_,
                  .copyNextObject = IOUserIterator_copyNextObject_);
