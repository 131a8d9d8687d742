/* SPDX-License-Identifier: MIT */
/*
 * What the files of src/workloop share.
 *
 * Locks, in the order in which they are taken (docs/locking.md):
 *     gate        one per work loop, recursive: held while a driver's actions run          IOWorkLoop.c
 *     callout     the timers of the host                                                   timerCallouts.c
 *     work        one per work loop: whether its thread has work                           IOWorkLoop.c
 *     re-enable   interrupt sources: disabled by the driver or only until the action ran   IOInterruptEventSource.c
 *     interrupt   vectors, their handlers                                                  primaryInterrupt.c
 *     sleepers    of a bucket of events                                                    threadSleep.c
 * All but the first are held for a few lines.
 */
#ifndef WORKLOOP_WORKLOOPPRIVATE_H
#define WORKLOOP_WORKLOOPPRIVATE_H

#include <pthread.h>

#include <IOKit/IOCommandGate.h>
#include <IOKit/IOConditionLock.h>
#include <IOKit/IOFilterInterruptEventSource.h>
#include <IOKit/IOInterruptController.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOTimerEventSource.h>
#include <libkern/libkern.h>

#include "service/IOServicePrivate.h"

/* --- threadSleep.c ----------------------------------------------------------------------------------------------- */

struct IOThreadRecord {
    _Atomic(bool) isInterrupted;
    bool isPrimaryInterrupt; /* of the thread itself */
    bool hasCondition;       /* the same */
    pthread_cond_t woken;    /* waited for with a bucket's lock */
};

/* The caller's record: one address a thread. */
static inline IOThread thread_self(void)
{
    extern _Thread_local struct IOThreadRecord threadRecord;
    return &threadRecord;
}

/*
 * Sleeps on event; opens lock once the caller is on the event's list, and leaves it open.
 *   deadline   nanoseconds of the monotonic clock; UINT64_MAX: none
 */
int threadSleep_wait(pthread_mutex_t *lock, const void *event, uint64_t deadline, UInt32 interType);
/* Ends the sleeps on event, all or the first, with that result. */
void threadSleep_wake(const void *event, bool oneThread, int result);

/* --- timerCallouts.c --------------------------------------------------------------------------------------------- */

/* Room for one more timer and a thread for it; false without. */
bool timerCallouts_reserve(void);
void timerCallouts_unreserve(void);
void timerCallouts_lock(void);
void timerCallouts_unlock(void);
/* Replaces what is set. */
void timerCallouts_set_locked(IOTimerCallout *callout, uint64_t deadline);
void timerCallouts_cancel_locked(IOTimerCallout *callout);

/* The timer's side, without the lock: runs the action, when generation is still that of the setting. */
void timer_call(IOTimerEventSource *self, IOWorkLoop *workLoop, unsigned generation);
/* The same for one whose loop's thread is to run it. */
void timer_signal(IOTimerEventSource *self, IOWorkLoop *workLoop, unsigned generation);

/* --- primaryInterrupt.c ------------------------------------------------------------------------------------------ */

struct IOInterruptVector {
    int fd;                    /* owned; the interrupt lock below this one too */
    IOInterruptAction handler; /* NULL: not registered */
    OSObject *target;          /* borrowed until it is unregistered */
    IOService *nub;            /* the same */
    void *refCon;
    int source;
    size_t slot; /* of the table of vectors */
    bool isEnabled;
    bool isWatched; /* epoll has it */
    bool isActive;  /* its handler runs */
};

bool primaryInterrupt_addVector(IOInterruptVector *vector);
void primaryInterrupt_removeVector(IOInterruptVector *vector);
IOReturn primaryInterrupt_setDescriptor(IOInterruptVector *vector, int fd);
IOReturn primaryInterrupt_register(IOInterruptVector *vector, IOService *nub, int source, OSObject *target,
                                   IOInterruptAction handler, void *refCon);
void primaryInterrupt_unregister(IOInterruptVector *vector);
/* ret_changed: whether it was otherwise before. */
IOReturn primaryInterrupt_enable(IOInterruptVector *vector, bool *ret_changed);
void primaryInterrupt_disable(IOInterruptVector *vector, bool *ret_changed);
void primaryInterrupt_cause(IOInterruptVector *vector);

#endif
