/* SPDX-License-Identifier: MIT */
/*
 * IOTimerEventSource: a time to be woken at, and the action that then runs with the gate closed; the waiting is
 * timerCallouts.c's.
 *
 *     unset --set--> set --due--> fired (wakeTime is kept: enable sets it again, as Apple's does) --set--> set
 *     set or fired --cancelTimeout--> unset;  disabled or without a loop: wakeTime is kept, the heap does not have it
 * Each setting, cancelling and disabling is a new generation: an action that was due before, and waits for the gate
 * now, finds its own gone and does not run.
 *
 * A timer of a loop's own thread is only signalled when it is due: `signalled` holds the generation for checkForWork.
 *
 * Locks: wakeTime, callout and signalled are the callout lock's, which may be taken inside the gate.
 */
#include "workloopPrivate.h"

static IOTimerEventSource *timerOf(IOEventSource *source)
{
    return OSRequiredCast(IOTimerEventSource, source);
}

/* --- running the action ------------------------------------------------------------------------------------------ */

void timer_call(IOTimerEventSource *self, IOWorkLoop *workLoop, unsigned generation)
{
    IOWorkLoop_closeGate(workLoop);
    timerCallouts_lock();
    bool isCurrent = self->callout.generation == generation && self->callout.workLoop == workLoop;
    timerCallouts_unlock();
    if (isCurrent && IOEventSource_isEnabled(&self->super))
        self->action(self->super.owner, self);
    IOWorkLoop_openGate(workLoop);
}

void timer_signal(IOTimerEventSource *self, IOWorkLoop *workLoop, unsigned generation)
{
    timerCallouts_lock();
    self->isSignalled = true;
    self->signalled = generation;
    timerCallouts_unlock();
    IOWorkLoop_signalWorkAvailable(workLoop);
}

static bool IOTimerEventSource_checkForWork_(IOEventSource *source)
{
    IOTimerEventSource *self = timerOf(source);
    timerCallouts_lock();
    bool isDue = self->isSignalled && self->signalled == self->callout.generation && IOEventSource_isEnabled(source);
    self->isSignalled = self->isSignalled && !isDue;
    timerCallouts_unlock();
    if (isDue)
        self->action(source->owner, self);
    return false;
}

/* --- setting ----------------------------------------------------------------------------------------------------- */

/* wakeTime goes to the heap when there is one, somebody to run the action, and leave to run it. */
static void arm_locked(IOTimerEventSource *self)
{
    if (self->wakeTime && IOEventSource_isEnabled(&self->super) && self->callout.workLoop)
        timerCallouts_set_locked(&self->callout, self->wakeTime);
    else
        timerCallouts_cancel_locked(&self->callout);
}

IOReturn IOTimerEventSource_wakeAtTime(IOTimerEventSource *self, uint64_t nanoseconds)
{
    if (!self->action)
        return kIOReturnNoResources;
    timerCallouts_lock();
    self->wakeTime = nanoseconds;
    arm_locked(self);
    timerCallouts_unlock();
    return kIOReturnSuccess;
}

void IOTimerEventSource_cancelTimeout(IOTimerEventSource *self)
{
    timerCallouts_lock();
    self->wakeTime = 0;
    timerCallouts_cancel_locked(&self->callout);
    timerCallouts_unlock();
}

IOReturn IOTimerEventSource_setTimeoutInterval(IOTimerEventSource *self, uint64_t nanoseconds)
{
    uint64_t now = IOUptimeNanoseconds();
    return IOTimerEventSource_wakeAtTime(self, nanoseconds > UINT64_MAX - now ? UINT64_MAX : now + nanoseconds);
}

IOReturn IOTimerEventSource_setTimeout(IOTimerEventSource *self, UInt32 interval, UInt32 scale)
{
    return IOTimerEventSource_setTimeoutInterval(self, (uint64_t)interval * scale);
}

IOReturn IOTimerEventSource_setTimeoutTicks(IOTimerEventSource *self, UInt32 ticks)
{
    return IOTimerEventSource_setTimeout(self, ticks, kTickScale);
}

IOReturn IOTimerEventSource_setTimeoutMS(IOTimerEventSource *self, UInt32 ms)
{
    return IOTimerEventSource_setTimeout(self, ms, kMillisecondScale);
}

IOReturn IOTimerEventSource_setTimeoutUS(IOTimerEventSource *self, UInt32 us)
{
    return IOTimerEventSource_setTimeout(self, us, kMicrosecondScale);
}

IOReturn IOTimerEventSource_wakeAtTimeTicks(IOTimerEventSource *self, UInt32 ticks)
{
    return IOTimerEventSource_wakeAtTime(self, (uint64_t)ticks * kTickScale);
}

IOReturn IOTimerEventSource_wakeAtTimeMS(IOTimerEventSource *self, UInt32 ms)
{
    return IOTimerEventSource_wakeAtTime(self, (uint64_t)ms * kMillisecondScale);
}

IOReturn IOTimerEventSource_wakeAtTimeUS(IOTimerEventSource *self, UInt32 us)
{
    return IOTimerEventSource_wakeAtTime(self, (uint64_t)us * kMicrosecondScale);
}

/* --- methods of the source --------------------------------------------------------------------------------------- */

static void IOTimerEventSource_enable_(IOEventSource *source)
{
    IOTimerEventSource *self = timerOf(source);
    if (!self->action)
        return;
    IOEventSource_super()->enable(source);
    timerCallouts_lock();
    arm_locked(self);
    timerCallouts_unlock();
}

static void IOTimerEventSource_disable_(IOEventSource *source)
{
    IOTimerEventSource *self = timerOf(source);
    IOEventSource_super()->disable(source);
    timerCallouts_lock();
    timerCallouts_cancel_locked(&self->callout);
    timerCallouts_unlock();
}

static void IOTimerEventSource_setWorkLoop_(IOEventSource *source, IOWorkLoop *workLoop)
{
    IOTimerEventSource *self = timerOf(source);
    IOEventSource_super()->setWorkLoop(source, workLoop);
    timerCallouts_lock();
    self->callout.workLoop = workLoop;
    arm_locked(self);
    timerCallouts_unlock();
}

static void IOTimerEventSource_free_(OSObject *object)
{
    IOTimerEventSource *self = OSRequiredCast(IOTimerEventSource, object);
    if (self->isReserved) {
        IOTimerEventSource_cancelTimeout(self);
        timerCallouts_unreserve();
    }
    IOEventSource_super()->free(object);
}

OSDefineClass(IOTimerEventSource, IOEventSource, .free = IOTimerEventSource_free_,
              .checkForWork = IOTimerEventSource_checkForWork_, .enable = IOTimerEventSource_enable_,
              .disable = IOTimerEventSource_disable_, .setWorkLoop = IOTimerEventSource_setWorkLoop_);

/* --- making ------------------------------------------------------------------------------------------------------ */

static bool areOptionsValid(uint32_t options)
{
    uint32_t priority = options & kIOTimerEventSourceOptionsPriorityMask;
    if (options & ~(uint32_t)(kIOTimerEventSourceOptionsPriorityMask | kIOTimerEventSourceOptionsAllowReenter))
        return false;
    if (priority == kIOTimerEventSourceOptionsPriorityWorkLoop)
        return !(options & kIOTimerEventSourceOptionsAllowReenter);
    return priority <= kIOTimerEventSourceOptionsPriorityLow;
}

IOTimerEventSource *(IOTimerEventSource_createWithOptions)(uint32_t options, OSObject *owner,
                                                           IOTimerEventSourceAction action)
{
    if (!areOptionsValid(options))
        return NULL;
    IOTimerEventSource *self = OSTypeAlloc(IOTimerEventSource);
    if (!self)
        return NULL;
    bool isOfLoop = (options & kIOTimerEventSourceOptionsPriorityMask) == kIOTimerEventSourceOptionsPriorityWorkLoop;
    self->action = action;
    self->callout.timer = self;
    self->callout.isSignal = isOfLoop;
    self->callout.mayReenter = options & kIOTimerEventSourceOptionsAllowReenter;
    self->isReserved = IOEventSource_init(&self->super, owner) && timerCallouts_reserve();
    self->super.isActive = isOfLoop;
    if (!self->isReserved)
        OSSafeReleaseNULL(self);
    return self;
}

IOTimerEventSource *(IOTimerEventSource_create)(OSObject *owner, IOTimerEventSourceAction action)
{
    return (IOTimerEventSource_createWithOptions)(kIOTimerEventSourceOptionsDefault, owner, action);
}
