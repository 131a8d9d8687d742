/* SPDX-License-Identifier: MIT */
/*
 * IOEventSource: what is added to a work loop: the base of command gates, timers and interrupts
 * (IOKit/IOEventSource.h; SEMANTICS 7.6).
 *
 * A source of one's own derives from it, has its action and its owner's type, and overrides checkForWork when it has
 * something to be polled for: it then calls IOEventSource_signalWorkAvailable when there is work.
 */
#ifndef _IOKIT_IOEVENTSOURCE_H
#define _IOKIT_IOEVENTSOURCE_H

#include <IOKit/IOService.h>
#include <IOKit/IOWorkLoop.h>

OSDeclareBaseClass(IOEventSource);

#define IOEventSource_METHODS                                                                                          \
    OSObject_METHODS /* The loop's thread asks, with the gate closed: does the work there is; true: ask all sources    \
                      * again. A class that overrides it is active, the others are passive. */                         \
        bool (*checkForWork)(IOEventSource * self);                                                                    \
    /* Work is delivered from now on, or not; what they do beyond the flag is the class's. Any thread that may close   \
     * the gate. */                                                                                                    \
    void (*enable)(IOEventSource * self);                                                                              \
    void (*disable)(IOEventSource * self);                                                                             \
    /* By the loop, with its gate closed: added, or removed (NULL), which disables. */                                 \
    void (*setWorkLoop)(IOEventSource * self, IOWorkLoop * workLoop);

struct IOEventSourceMethods {
    IOEventSource_METHODS
};

struct IOEventSource {
    OSObject super;
    OSObject *owner;                /* borrowed: it removes the source before it goes; constant */
    void *refcon;                   /* the owner's */
    _Atomic(IOWorkLoop *) workLoop; /* borrowed; written with the gate closed */
    _Atomic(bool) enabled;
    bool isActive;       /* constant once added: polled. Init: whether checkForWork is overridden */
    IOEventSource *next; /* of the loop's list; the gate */
};

/* False without owner. Enabled from the start. */
bool IOEventSource_init(IOEventSource *self, OSObject *owner);

bool IOEventSource_checkForWork(IOEventSource *self);
void IOEventSource_enable(IOEventSource *self);
void IOEventSource_disable(IOEventSource *self);
bool IOEventSource_isEnabled(const IOEventSource *self);
void IOEventSource_setWorkLoop(IOEventSource *self, IOWorkLoop *workLoop);

/* Borrowed; NULL when it is in none. */
IOWorkLoop *IOEventSource_getWorkLoop(const IOEventSource *self);
bool IOEventSource_onThread(const IOEventSource *self);
OSObject *IOEventSource_getOwner(const IOEventSource *self);
void IOEventSource_setRefcon(IOEventSource *self, void *refcon);
void *IOEventSource_getRefcon(const IOEventSource *self);

/* For subclasses: the loop's functions; nothing without a loop. */
void IOEventSource_signalWorkAvailable(IOEventSource *self);

/*
 * A source of any class joins the service's own work loop (IOService_getWorkLoop) and is enabled, interrupts too. Ours.
 *   source    NULL is allowed, so that a failed create need not be looked at before
 *   Returns   false for NULL and without a work loop
 */
#define IOService_addEventSource(service, source)                                                                      \
    IOService_addEventSourceObject(service, OSDynamicCast(IOEventSource, source))
/*
 * Takes what is in the slot out of its work loop, releases it and sets the slot to NULL; an empty slot is allowed. When
 * it returns no action of the source runs, and none will; except one that the caller is in, or that sleeps in the gate.
 * Ours.
 */
#define IOService_removeEventSource(service, slot)                                                                     \
    do {                                                                                                               \
        IOService_removeEventSourceObject(service, OSDynamicCast(IOEventSource, *(slot)));                             \
        *(slot) = NULL;                                                                                                \
    } while (0)
bool IOService_addEventSourceObject(IOService *service, IOEventSource *source);
/* Consumes source. */
void IOService_removeEventSourceObject(IOService *service, IOEventSource *source);

#endif
