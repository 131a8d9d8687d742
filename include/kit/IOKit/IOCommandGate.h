/* SPDX-License-Identifier: MIT */
/*
 * IOCommandGate: runs a function with a work loop's gate closed, from any thread, and lets it sleep in there
 * (IOKit/IOCommandGate.h; SEMANTICS 7.7 to 7.10).
 *
 * The caller of a function holds the gate and its work loop: neither may be freed during a call.
 */
#ifndef _IOKIT_IOCOMMANDGATE_H
#define _IOKIT_IOCOMMANDGATE_H

#include <IOKit/IOEventSource.h>

OSDeclareClass(IOCommandGate);

typedef IOReturn (*IOCommandGateAction)(OSObject *owner, void *arg0, void *arg1, void *arg2, void *arg3);

/* Public for its size; the fields are IOCommandGate.c's. */
struct IOCommandGate {
    IOEventSource super;
    IOCommandGateAction action; /* constant */
    unsigned waiters;           /* until it is enabled */
    unsigned actions;           /* inside, also asleep */
    bool isLeaving;             /* removed; waiters or actions are still there */
    IOWorkLoop *kept;           /* owned, while actions hold up a removal; then the gate itself is retained too */
};

/*
 *   owner    borrowed; the action's first argument
 *   action   of runCommand and attemptCommand; NULL is allowed
 *   Returns  +1; NULL without owner or memory
 */
IOCommandGate *IOCommandGate_create(OSObject *owner, IOCommandGateAction action);
/* owner may be of any class: the macro hands the function its OSObject. */
#define IOCommandGate_create(owner, action) (IOCommandGate_create)(OSObjectOf(owner), action)

/*
 * Runs action (runCommand: the gate's own) with the gate closed and returns its result.
 *   Returns   kIOReturnBadArgument without action, kIOReturnNotReady without a work loop. While the command gate is
 *             disabled a caller other than the loop's thread waits outside of the gate: kIOReturnAborted when that wait
 *             is interrupted or the command gate is removed from its loop.
 */
IOReturn IOCommandGate_runAction(IOCommandGate *self, IOCommandGateAction action, void *arg0, void *arg1, void *arg2,
                                 void *arg3);
IOReturn IOCommandGate_runCommand(IOCommandGate *self, void *arg0, void *arg1, void *arg2, void *arg3);
/* The same without waiting: kIOReturnCannotLock when another thread holds the gate, kIOReturnNotPermitted while
 * disabled. */
IOReturn IOCommandGate_attemptAction(IOCommandGate *self, IOCommandGateAction action, void *arg0, void *arg1,
                                     void *arg2, void *arg3);
IOReturn IOCommandGate_attemptCommand(IOCommandGate *self, void *arg0, void *arg1, void *arg2, void *arg3);

/*
 * Opens the gate until commandWakeup(event), and closes it again. Inside of the gate only, else it panics.
 *   interruptible   THREAD_UNINT, THREAD_INTERRUPTIBLE or THREAD_ABORTSAFE (IOLocks.h)
 *   deadline        nanoseconds of IOUptimeNanoseconds
 *   Returns         THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED. Look again at what was waited for.
 */
int IOCommandGate_commandSleep(IOCommandGate *self, void *event, UInt32 interruptible);
int IOCommandGate_commandSleepDeadline(IOCommandGate *self, void *event, uint64_t deadline, UInt32 interruptible);
/* Wakes one or all that sleep on event. */
void IOCommandGate_commandWakeup(IOCommandGate *self, void *event, bool oneThread);

#endif
