/* SPDX-License-Identifier: MIT */
/*
 * IOTimerEventSource: calls its owner once, at a time, with the work loop's gate closed
 * (IOKit/IOTimerEventSource.h; SEMANTICS 7.11, 7.12).
 *
 * Times are nanoseconds of the monotonic clock (IOUptimeNanoseconds). A timer fires once for each time it is set; the
 * action may set it again. Setting it replaces the time before. All functions may be called by any thread; with the
 * gate closed they take effect against an action that is about to run, too.
 */
#ifndef _IOKIT_IOTIMEREVENTSOURCE_H
#define _IOKIT_IOTIMEREVENTSOURCE_H

#include <IOKit/IOEventSource.h>

OSDeclareClass(IOTimerEventSource);

typedef void (*IOTimerEventSourceAction)(OSObject *owner, IOTimerEventSource *sender);

/* A deadline of a timer, in the host's heap or not. Embedded in its timer; all under the callout lock. */
typedef struct IOTimerCallout {
    IOTimerEventSource *timer; /* its owner; constant */
    IOWorkLoop *workLoop;      /* borrowed; NULL when in none */
    uint64_t deadline;         /* of the heap */
    size_t place;              /* in the heap, from 1; 0: not in it */
    unsigned generation;       /* each setting and cancelling is one */
    unsigned calls;            /* running now */
    bool isDueAgain;           /* came due during a call of one that must not be re-entered */
    bool mayReenter, isSignal; /* constant */
} IOTimerCallout;

/* Public for its size; the fields are IOTimerEventSource.c's. */
struct IOTimerEventSource {
    IOEventSource super;
    IOTimerEventSourceAction action; /* constant */
    bool isReserved;                 /* has room in the heap; constant after init */
    uint64_t wakeTime;               /* nanoseconds since boot; 0: unset */
    bool isSignalled;                /* due, for the loop's thread */
    unsigned signalled;              /* ... of this generation */
    IOTimerCallout callout;
};

/* Options of createWithOptions: a thread of the kit's timers runs the action, or the work loop's. The other
 * priorities are one here. */
enum {
    kIOTimerEventSourceOptionsPriorityMask = 0x000000ff,
    kIOTimerEventSourceOptionsPriorityHigh = 0x00000000,
    kIOTimerEventSourceOptionsPriorityKernelHigh = 0x00000001,
    kIOTimerEventSourceOptionsPriorityKernel = 0x00000002,
    kIOTimerEventSourceOptionsPriorityUser = 0x00000003,
    kIOTimerEventSourceOptionsPriorityLow = 0x00000004,
    kIOTimerEventSourceOptionsPriorityWorkLoop = 0x000000ff,
    /* The action may begin again while it sleeps in the gate; not together with PriorityWorkLoop. */
    kIOTimerEventSourceOptionsAllowReenter = 0x00000100,
    kIOTimerEventSourceOptionsDefault = kIOTimerEventSourceOptionsPriorityKernelHigh,
};

/*
 *   owner    borrowed; the action's first argument
 *   action   NULL is allowed, but such a timer cannot be set
 *   Returns  +1; NULL without owner or memory, or for options that there are not
 */
IOTimerEventSource *IOTimerEventSource_create(OSObject *owner, IOTimerEventSourceAction action);
IOTimerEventSource *IOTimerEventSource_createWithOptions(uint32_t options, OSObject *owner,
                                                         IOTimerEventSourceAction action);
/* owner may be of any class: the macro hands the function its OSObject. */
#define IOTimerEventSource_create(owner, action) (IOTimerEventSource_create)(OSObjectOf(owner), action)
#define IOTimerEventSource_createWithOptions(options, owner, action)                                                   \
    (IOTimerEventSource_createWithOptions)(options, OSObjectOf(owner), action)

/*
 * Sets the timer to a time from now; 0: it fires now. setTimeoutInterval takes nanoseconds, a tick is 10 ms. While
 * the timer is disabled or in no work loop the time is kept, and counts from when that ends.
 *   Returns   kIOReturnSuccess; kIOReturnNoResources without action
 */
IOReturn IOTimerEventSource_setTimeout(IOTimerEventSource *self, UInt32 interval, UInt32 scale);
IOReturn IOTimerEventSource_setTimeoutTicks(IOTimerEventSource *self, UInt32 ticks);
IOReturn IOTimerEventSource_setTimeoutMS(IOTimerEventSource *self, UInt32 ms);
IOReturn IOTimerEventSource_setTimeoutUS(IOTimerEventSource *self, UInt32 us);
IOReturn IOTimerEventSource_setTimeoutInterval(IOTimerEventSource *self, uint64_t nanoseconds);
/* The same to an absolute time since boot; 0: it is not set any more, a time that has passed: it fires now. */
IOReturn IOTimerEventSource_wakeAtTime(IOTimerEventSource *self, uint64_t nanoseconds);
IOReturn IOTimerEventSource_wakeAtTimeTicks(IOTimerEventSource *self, UInt32 ticks);
IOReturn IOTimerEventSource_wakeAtTimeMS(IOTimerEventSource *self, UInt32 ms);
IOReturn IOTimerEventSource_wakeAtTimeUS(IOTimerEventSource *self, UInt32 us);

/*
 * Takes the time back. IOEventSource_disable holds the timer without forgetting its time, and enable sets it to that
 * time again, even when it has fired since (Apple's does): cancel what must not come again.
 */
void IOTimerEventSource_cancelTimeout(IOTimerEventSource *self);

#endif
