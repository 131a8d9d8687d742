/* SPDX-License-Identifier: MIT */
/*
 * IOInterruptEventSource: calls its owner on the work loop's thread, gate closed, for interrupts of a device or for
 * those that software makes (IOKit/IOInterruptEventSource.h; SEMANTICS 7.13, 7.14, 7.16).
 *
 * The action gets the number of interrupts since it was last called. An edge interrupt goes on being counted meanwhile;
 * a level interrupt is disabled when it comes and enabled again after the action.
 *
 * An interrupt of a device starts disabled: IOService_addEventSource adds the source and enables it; with
 * IOWorkLoop_addEventSource, IOEventSource_enable is the driver's to call.
 */
#ifndef _IOKIT_IOINTERRUPTEVENTSOURCE_H
#define _IOKIT_IOINTERRUPTEVENTSOURCE_H

#include <IOKit/IOEventSource.h>
#include <IOKit/IOInterrupts.h>

OSDeclareBaseClass(IOInterruptEventSource);

struct IOInterruptEventSourceMethods {
    IOEventSource_METHODS
        /* What an interrupt does: counts, and signals the loop. The primary-interrupt thread, or who calls
         * interruptOccurred. */
        void (*interruptOccurred)(IOInterruptEventSource *self, void *refCon, IOService *nub, int source);
};

/* count: interrupts since the last call. */
typedef void (*IOInterruptEventSourceAction)(OSObject *owner, IOInterruptEventSource *sender, int count);

struct IOInterruptEventSource {
    IOEventSource super;
    IOInterruptEventSourceAction action; /* constant */
    IOService *provider;                 /* owned; constant; NULL: software */
    int index;                           /* constant */
    _Atomic(bool) isRegistered;          /* with the provider; written with the gate closed */
    bool autoDisable;                    /* a level interrupt; constant after init */
    bool explicitDisable;                /* src/workloop/IOInterruptEventSource.c: stateLock */
    _Atomic(unsigned) producerCount;
    unsigned consumerCount; /* the gate */
};

/*
 *   owner      borrowed; the action's first argument
 *   provider   whose interrupt it is; NULL: a software source, for IOInterruptEventSource_interruptOccurred
 *   index      of the provider's interrupts, from 0
 *   Returns    +1; NULL without owner or memory, for a negative index, or when the provider refuses (SEMANTICS 4.12)
 */
IOInterruptEventSource *IOInterruptEventSource_create(OSObject *owner, IOInterruptEventSourceAction action,
                                                      IOService *provider, int index);
/* owner may be of any class: the macro hands the function its OSObject. */
#define IOInterruptEventSource_create(owner, action, provider, index)                                                  \
    (IOInterruptEventSource_create)(OSObjectOf(owner), action, provider, index)
/* For subclasses. */
bool IOInterruptEventSource_init(IOInterruptEventSource *self, OSObject *owner, IOInterruptEventSourceAction action,
                                 IOService *provider, int index);

/* An interrupt, by software: (self, NULL, NULL, 0). Any thread; never waits. */
void IOInterruptEventSource_interruptOccurred(IOInterruptEventSource *self, void *refCon, IOService *nub, int source);

/* Borrowed, NULL for a software source. */
IOService *IOInterruptEventSource_getProvider(const IOInterruptEventSource *self);
int IOInterruptEventSource_getIntIndex(const IOInterruptEventSource *self);
/* Whether it is a level interrupt. */
bool IOInterruptEventSource_getAutoDisable(const IOInterruptEventSource *self);

#endif
