/* SPDX-License-Identifier: MIT */
/*
 * IOEventSource: what all sources have. The loop retains a source while it is on its list; the source's pointer to the
 * loop is not counted and is cleared, with the gate closed, before the loop goes.
 */
#include "workloopPrivate.h"

static bool IOEventSource_checkForWork_(IOEventSource *self)
{
    return false;
}

static void IOEventSource_enable_(IOEventSource *self)
{
    atomic_store(&self->enabled, true);
    IOEventSource_signalWorkAvailable(self);
}

static void IOEventSource_disable_(IOEventSource *self)
{
    atomic_store(&self->enabled, false);
}

static void IOEventSource_setWorkLoop_(IOEventSource *self, IOWorkLoop *workLoop)
{
    if (!workLoop)
        IOEventSource_disable(self);
    atomic_store(&self->workLoop, workLoop);
}

OSDefineAbstractBaseClass(IOEventSource, OSObject, .checkForWork = IOEventSource_checkForWork_,
                          .enable = IOEventSource_enable_, .disable = IOEventSource_disable_,
                          .setWorkLoop = IOEventSource_setWorkLoop_);

bool IOEventSource_init(IOEventSource *self, OSObject *owner)
{
    if (!owner)
        return false;
    self->owner = owner;
    self->isActive = OSMethodsOf(IOEventSource, self)->checkForWork != IOEventSource_super()->checkForWork;
    atomic_store(&self->enabled, true);
    return true;
}

bool IOEventSource_checkForWork(IOEventSource *self)
{
    return OSMethodsOf(IOEventSource, self)->checkForWork(self);
}

void IOEventSource_enable(IOEventSource *self)
{
    OSMethodsOf(IOEventSource, self)->enable(self);
}

void IOEventSource_disable(IOEventSource *self)
{
    OSMethodsOf(IOEventSource, self)->disable(self);
}

bool IOEventSource_isEnabled(const IOEventSource *self)
{
    return atomic_load(&self->enabled);
}

void IOEventSource_setWorkLoop(IOEventSource *self, IOWorkLoop *workLoop)
{
    OSMethodsOf(IOEventSource, self)->setWorkLoop(self, workLoop);
}

IOWorkLoop *IOEventSource_getWorkLoop(const IOEventSource *self)
{
    return atomic_load(&self->workLoop);
}

bool IOEventSource_onThread(const IOEventSource *self)
{
    IOWorkLoop *workLoop = IOEventSource_getWorkLoop(self);
    return workLoop && IOWorkLoop_onThread(workLoop);
}

OSObject *IOEventSource_getOwner(const IOEventSource *self)
{
    return self->owner;
}

void IOEventSource_setRefcon(IOEventSource *self, void *refcon)
{
    self->refcon = refcon;
}

void *IOEventSource_getRefcon(const IOEventSource *self)
{
    return self->refcon;
}

void IOEventSource_signalWorkAvailable(IOEventSource *self)
{
    IOWorkLoop *workLoop = IOEventSource_getWorkLoop(self);
    if (workLoop)
        IOWorkLoop_signalWorkAvailable(workLoop);
}
