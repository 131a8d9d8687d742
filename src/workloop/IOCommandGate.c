/* SPDX-License-Identifier: MIT */
/*
 * IOCommandGate: actions with the gate closed, and the callers that wait until the command gate is enabled.
 *
 *     in no loop --add--> open --remove, nobody inside--> in no loop
 *                         open --remove, actions inside (they sleep, or remove it themselves)--> leaving
 *                         leaving --the last of them ends--> in no loop
 * In `leaving` the command gate still has its loop, which a sleeping action needs to come back; both are retained
 * meanwhile.
 *
 * All fields are the gate's. Callers that wait for enable sleep on `enabled`; a removal that waits for them to be gone
 * sleeps on `waiters`. Both are woken with the gate closed by who changed what is waited for, so no wake-up is lost
 * (threadSleep.c).
 */
#include "workloopPrivate.h"

static IOWorkLoop *loopOf(const IOCommandGate *self)
{
    return IOEventSource_getWorkLoop(&self->super);
}

/* --- methods ----------------------------------------------------------------------------------------------------- */

static void IOCommandGate_enable_(IOEventSource *source)
{
    IOWorkLoop *workLoop = IOEventSource_getWorkLoop(source);
    if (!workLoop)
        return;
    IOWorkLoop_closeGate(workLoop);
    IOEventSource_super()->enable(source);
    IOWorkLoop_wakeupGate(workLoop, &source->enabled, false);
    IOWorkLoop_openGate(workLoop);
}

static void IOCommandGate_disable_(IOEventSource *source)
{
    IOWorkLoop *workLoop = IOEventSource_getWorkLoop(source);
    if (workLoop && !IOWorkLoop_inGate(workLoop))
        IOLog("IOCommandGate: disable of %s's gate was called outside of it", OSObject_getClassName(source->owner));
    IOEventSource_super()->disable(source);
}

/* Gate closed. Sends the waiters away; the removal itself when no action is inside, else later. */
static void remove_gated(IOCommandGate *self, IOWorkLoop *workLoop)
{
    self->isLeaving = true;
    while (self->waiters > 0) {
        threadSleep_wake(&self->super.enabled, false, THREAD_INTERRUPTED);
        IOWorkLoop_sleepGate(workLoop, &self->waiters, THREAD_UNINT);
    }
    if (self->actions == 0) {
        self->isLeaving = false;
        IOEventSource_super()->setWorkLoop(&self->super, NULL);
        return;
    }
    if (!OSObject_tryRetain(OSObjectOf(workLoop)))
        panic("IOWorkLoop: released while an action of %s's command gate runs",
              OSObject_getClassName(self->super.owner));
    self->kept = workLoop;
    OSRetain(self);
}

static void IOCommandGate_setWorkLoop_(IOEventSource *source, IOWorkLoop *workLoop)
{
    IOCommandGate *self = OSRequiredCast(IOCommandGate, source);
    IOWorkLoop *old = loopOf(self);
    if (workLoop || !old) {
        IOEventSource_super()->setWorkLoop(source, workLoop);
        return;
    }
    IOWorkLoop_closeGate(old);
    if (!self->isLeaving)
        remove_gated(self, old);
    IOWorkLoop_openGate(old);
}

OSDefineClass(IOCommandGate, IOEventSource, .enable = IOCommandGate_enable_, .disable = IOCommandGate_disable_,
              .setWorkLoop = IOCommandGate_setWorkLoop_);

IOCommandGate *(IOCommandGate_create)(OSObject *owner, IOCommandGateAction action)
{
    IOCommandGate *self = OSTypeAlloc(IOCommandGate);
    if (!self)
        return NULL;
    self->action = action;
    if (!IOEventSource_init(&self->super, owner))
        OSSafeReleaseNULL(self);
    return self;
}

/* --- actions ----------------------------------------------------------------------------------------------------- */

/* Gate closed; opens it. The last action out of a removed command gate ends the removal. */
static IOReturn runAndOpen(IOCommandGate *self, IOWorkLoop *workLoop, IOCommandGateAction action, void *arg0,
                           void *arg1, void *arg2, void *arg3)
{
    IOWorkLoop *kept = NULL;
    self->actions++;
    IOReturn result = action(self->super.owner, arg0, arg1, arg2, arg3);
    self->actions--;
    if (self->isLeaving && self->actions == 0) {
        self->isLeaving = false;
        kept = self->kept;
        self->kept = NULL;
        IOEventSource_super()->setWorkLoop(&self->super, NULL);
    }
    IOWorkLoop_openGate(workLoop);
    if (kept) {
        OSRelease(kept);
        OSRelease(self);
    }
    return result;
}

/* Gate closed. False when the wait was interrupted or the command gate removed. */
static bool waitUntilEnabled_gated(IOCommandGate *self, IOWorkLoop *workLoop)
{
    while (!IOEventSource_isEnabled(&self->super)) {
        if (!loopOf(self) || self->isLeaving)
            return false;
        self->waiters++;
        int result = IOWorkLoop_sleepGate(workLoop, &self->super.enabled, THREAD_INTERRUPTIBLE);
        self->waiters--;
        if (self->isLeaving)
            IOWorkLoop_wakeupGate(workLoop, &self->waiters, false);
        if (self->isLeaving || result != THREAD_AWAKENED)
            return false;
    }
    return true;
}

IOReturn IOCommandGate_runAction(IOCommandGate *self, IOCommandGateAction action, void *arg0, void *arg1, void *arg2,
                                 void *arg3)
{
    if (!action)
        return kIOReturnBadArgument;
    IOWorkLoop *workLoop = loopOf(self);
    if (!workLoop)
        return kIOReturnNotReady;
    IOWorkLoop_closeGate(workLoop);
    if (!IOWorkLoop_onThread(workLoop) && !waitUntilEnabled_gated(self, workLoop)) {
        IOWorkLoop_openGate(workLoop);
        return kIOReturnAborted;
    }
    return runAndOpen(self, workLoop, action, arg0, arg1, arg2, arg3);
}

IOReturn IOCommandGate_runCommand(IOCommandGate *self, void *arg0, void *arg1, void *arg2, void *arg3)
{
    return IOCommandGate_runAction(self, self->action, arg0, arg1, arg2, arg3);
}

IOReturn IOCommandGate_attemptAction(IOCommandGate *self, IOCommandGateAction action, void *arg0, void *arg1,
                                     void *arg2, void *arg3)
{
    if (!action)
        return kIOReturnBadArgument;
    IOWorkLoop *workLoop = loopOf(self);
    if (!workLoop)
        return kIOReturnNotReady;
    if (!IOWorkLoop_tryCloseGate(workLoop))
        return kIOReturnCannotLock;
    if (!IOWorkLoop_onThread(workLoop) && !IOEventSource_isEnabled(&self->super)) {
        IOWorkLoop_openGate(workLoop);
        return kIOReturnNotPermitted;
    }
    return runAndOpen(self, workLoop, action, arg0, arg1, arg2, arg3);
}

IOReturn IOCommandGate_attemptCommand(IOCommandGate *self, void *arg0, void *arg1, void *arg2, void *arg3)
{
    return IOCommandGate_attemptAction(self, self->action, arg0, arg1, arg2, arg3);
}

/* --- sleeping inside --------------------------------------------------------------------------------------------- */

int IOCommandGate_commandSleep(IOCommandGate *self, void *event, UInt32 interruptible)
{
    return IOCommandGate_commandSleepDeadline(self, event, UINT64_MAX, interruptible);
}

int IOCommandGate_commandSleepDeadline(IOCommandGate *self, void *event, uint64_t deadline, UInt32 interruptible)
{
    IOWorkLoop *workLoop = loopOf(self);
    if (!workLoop || !IOWorkLoop_inGate(workLoop))
        panic("commandSleep by a thread that does not hold the gate");
    return IOWorkLoop_sleepGateDeadline(workLoop, event, deadline, interruptible);
}

void IOCommandGate_commandWakeup(IOCommandGate *self, void *event, bool oneThread)
{
    (void)self; /* Apple's parameter */
    threadSleep_wake(event, oneThread, THREAD_AWAKENED);
}
