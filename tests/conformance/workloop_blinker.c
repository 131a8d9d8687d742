/* SPDX-License-Identifier: MIT */
/*
 * Blinker: the driver of the driver guide's section on timers and command gates: it counts four times a second, and
 * waits for a count on request. No lock of its own: timer and commands run with the gate of its work loop closed.
 */
#include "workloop_blinker.h"

static void Blinker_tick(OSObject *owner, IOTimerEventSource *timer)
{
    Blinker *self = OSRequiredCast(Blinker, owner);
    self->ticks++;
    IOCommandGate_commandWakeup(self->gate, &self->ticks, false);
    IOTimerEventSource_setTimeoutMS(timer, self->period);
}

static IOReturn Blinker_await(OSObject *owner, void *wanted, void *arg1, void *arg2, void *arg3)
{
    Blinker *self = OSRequiredCast(Blinker, owner);
    while (self->ticks < *(unsigned *)wanted)
        if (IOCommandGate_commandSleep(self->gate, &self->ticks, THREAD_ABORTSAFE) != THREAD_AWAKENED)
            return kIOReturnAborted;
    return kIOReturnSuccess;
}

static void Blinker_stop(IOService *service, IOService *provider)
{
    Blinker *self = OSRequiredCast(Blinker, service);
    IOService_removeEventSource(service, &self->timer); /* from here on it does not tick */
    IOService_removeEventSource(service, &self->gate);
    IOService_super()->stop(service, provider);
}

static bool Blinker_start(IOService *service, IOService *provider)
{
    Blinker *self = OSRequiredCast(Blinker, service);
    self->period = 250;
    self->timer = IOTimerEventSource_create(service, Blinker_tick);
    self->gate = IOCommandGate_create(service, Blinker_await);
    if (!IOService_super()->start(service, provider) || !IOService_addEventSource(service, self->gate) ||
        !IOService_addEventSource(service, self->timer)) {
        Blinker_stop(service, provider);
        return false;
    }
    IOTimerEventSource_setTimeoutMS(self->timer, self->period);
    return true;
}

OSDefineClass(Blinker, IOService, .start = Blinker_start, .stop = Blinker_stop);
