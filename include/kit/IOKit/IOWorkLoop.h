/* SPDX-License-Identifier: MIT */
/*
 * IOWorkLoop: a thread and a recursive lock, the gate, under which all that happens to a driver is done one at a time
 * (IOKit/IOWorkLoop.h; SEMANTICS 7.1 to 7.5).
 *
 * Event sources (IOEventSource.h) are added to it. Those that override checkForWork are active: when somebody signals,
 * the thread closes the gate and asks each, in the order of adding, whether it has work. The others (command gates,
 * timers) use the gate from other threads. A loop without work does not wake up.
 *
 * Whoever calls a function of a loop holds a reference, or the loop is known to be held by another. The last release
 * disables the sources and ends the thread; that may come after the release returns (IOKit_quiesce waits for it).
 */
#ifndef _IOKIT_IOWORKLOOP_H
#define _IOKIT_IOWORKLOOP_H

#include <pthread.h>

#include <IOKit/IOLocks.h>
#include <IOKit/IOReturn.h>
#include <libkern/OSObject.h>

OSDeclareClass(IOWorkLoop);
typedef struct IOEventSource IOEventSource;

typedef IOReturn (*IOWorkLoopAction)(OSObject *target, void *arg0, void *arg1, void *arg2, void *arg3);

/* Public for its size; the fields are IOWorkLoop.c's. */
struct IOWorkLoop {
    OSObject super;
    IORecursiveLock *gate;           /* owned */
    _Atomic(IOThread) thread;        /* set by the thread before create returns; NULL: there is none (yet) */
    pthread_t handle;                /* of the thread */
    IOEventSource *active, *passive; /* the gate; each retained; in the order of adding */
    bool listChanged;                /* the gate */
    bool isNamed;                    /* the gate */
    pthread_mutex_t workLock;
    pthread_cond_t workChanged; /* workLock */
    bool workToDo;              /* workLock */
    _Atomic(bool) isEnding;     /* written with the gate and workLock; read with either */
};

/* A loop with its thread, +1; NULL without memory or thread. */
IOWorkLoop *IOWorkLoop_create(void);

/* The loop's thread, and whether the caller is it. */
IOThread IOWorkLoop_getThread(const IOWorkLoop *self);
bool IOWorkLoop_onThread(const IOWorkLoop *self);
/* Whether the calling thread holds the gate. */
bool IOWorkLoop_inGate(const IOWorkLoop *self);

/*
 * Adds a source, retained, or takes it out, released: done with the gate closed, so an action of the source that runs
 * on another thread has ended before, and none begins after a removal. Returns   kIOReturnSuccess, also when adding one
 * that has a loop (nothing changes) and removing one that has none; kIOReturnBadArgument for a source of another loop
 *   Context   any thread that may close the gate
 */
IOReturn IOWorkLoop_addEventSource(IOWorkLoop *self, IOEventSource *source);
IOReturn IOWorkLoop_removeEventSource(IOWorkLoop *self, IOEventSource *source);

/* Each source's enable or disable; the second pair: of the interrupt sources only. With the gate closed. */
void IOWorkLoop_enableAllEventSources(const IOWorkLoop *self);
void IOWorkLoop_disableAllEventSources(const IOWorkLoop *self);
void IOWorkLoop_enableAllInterrupts(const IOWorkLoop *self);
void IOWorkLoop_disableAllInterrupts(const IOWorkLoop *self);

/* Closes the gate, calls action, opens it. Any thread, also one that has it closed. Returns the action's. */
IOReturn IOWorkLoop_runAction(IOWorkLoop *self, IOWorkLoopAction action, OSObject *target, void *arg0, void *arg1,
                              void *arg2, void *arg3);

/* Has the thread poll its active sources. Any thread, interrupt filters too; never blocks. */
void IOWorkLoop_signalWorkAvailable(IOWorkLoop *self);

/* For event sources. The gate; not in an interrupt filter (panics). */
void IOWorkLoop_closeGate(IOWorkLoop *self);
bool IOWorkLoop_tryCloseGate(IOWorkLoop *self);
void IOWorkLoop_openGate(IOWorkLoop *self);
/* IORecursiveLockSleep and its sisters on the gate. */
int IOWorkLoop_sleepGate(IOWorkLoop *self, void *event, UInt32 interType);
int IOWorkLoop_sleepGateDeadline(IOWorkLoop *self, void *event, uint64_t deadline, UInt32 interType);
void IOWorkLoop_wakeupGate(IOWorkLoop *self, void *event, bool oneThread);

#endif
