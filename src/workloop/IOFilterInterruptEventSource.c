/* SPDX-License-Identifier: MIT */
/*
 * IOFilterInterruptEventSource: an interrupt source whose interrupts count when the driver's filter says so. The filter
 * is set before the source registers with its provider, since an interrupt could come at once.
 */
#include "workloopPrivate.h"

static void IOFilterInterruptEventSource_interruptOccurred_(IOInterruptEventSource *source, void *refCon,
                                                            IOService *nub, int index)
{
    IOFilterInterruptEventSource *self = OSRequiredCast(IOFilterInterruptEventSource, source);
    if (self->filter(source->super.owner, self))
        IOInterruptEventSource_super()->interruptOccurred(source, refCon, nub, index);
}

OSDefineClass(IOFilterInterruptEventSource, IOInterruptEventSource,
              .interruptOccurred = IOFilterInterruptEventSource_interruptOccurred_);

IOFilterInterruptEventSource *(IOFilterInterruptEventSource_create)(OSObject *owner,
                                                                    IOInterruptEventSourceAction action,
                                                                    IOFilterInterruptAction filter, IOService *provider,
                                                                    int index)
{
    if (!filter)
        return NULL;
    IOFilterInterruptEventSource *self = OSTypeAlloc(IOFilterInterruptEventSource);
    if (!self)
        return NULL;
    self->filter = filter;
    if (!IOInterruptEventSource_init(&self->super, owner, action, provider, index))
        OSSafeReleaseNULL(self);
    return self;
}

void IOFilterInterruptEventSource_signalInterrupt(IOFilterInterruptEventSource *self)
{
    IOInterruptEventSource_super()->interruptOccurred(&self->super, NULL, NULL, 0);
}
