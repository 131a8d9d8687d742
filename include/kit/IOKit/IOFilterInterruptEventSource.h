/* SPDX-License-Identifier: MIT */
/*
 * IOFilterInterruptEventSource: an interrupt source that asks a function of the driver, at interrupt time, whether
 * there is anything to do (IOKit/IOFilterInterruptEventSource.h; SEMANTICS 7.15).
 *
 * The filter runs on the primary-interrupt thread, outside of the gate: it must not wait, use IOSimpleLock only, and
 * touch what it shares with gated code atomically.
 */
#ifndef _IOKIT_IOFILTERINTERRUPTEVENTSOURCE_H
#define _IOKIT_IOFILTERINTERRUPTEVENTSOURCE_H

#include <IOKit/IOInterruptEventSource.h>

OSDeclareClass(IOFilterInterruptEventSource);

/* True: the action is to be run (a level interrupt is disabled until it has been); false: nothing. */
typedef bool (*IOFilterInterruptAction)(OSObject *owner, IOFilterInterruptEventSource *sender);

/* Public for its size; the fields are IOFilterInterruptEventSource.c's. */
struct IOFilterInterruptEventSource {
    IOInterruptEventSource super;
    IOFilterInterruptAction filter; /* constant */
};

/* As IOInterruptEventSource_create; NULL also without filter. */
IOFilterInterruptEventSource *IOFilterInterruptEventSource_create(OSObject *owner, IOInterruptEventSourceAction action,
                                                                  IOFilterInterruptAction filter, IOService *provider,
                                                                  int index);
/* owner may be of any class: the macro hands the function its OSObject. */
#define IOFilterInterruptEventSource_create(owner, action, filter, provider, index)                                    \
    (IOFilterInterruptEventSource_create)(OSObjectOf(owner), action, filter, provider, index)

/* Counts an interrupt and signals the loop, as a filter's true does: for filters that batch. Any thread. */
void IOFilterInterruptEventSource_signalInterrupt(IOFilterInterruptEventSource *self);

#endif
