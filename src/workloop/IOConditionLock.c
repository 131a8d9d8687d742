/* SPDX-License-Identifier: MIT */
/*
 * IOConditionLock: `isLocked` and `condition` under an IOLock that is held for a few lines; who waits for either sleeps
 * on the object. Each unlock wakes all of them, since each may wait for another condition.
 */
#include "workloopPrivate.h"

static void IOConditionLock_free_(OSObject *object)
{
    IOConditionLock *self = OSRequiredCast(IOConditionLock, object);
    IOLockFree(self->interlock);
    OSObject_super()->free(object);
}

OSDefineClass(IOConditionLock, OSObject, .free = IOConditionLock_free_);

IOConditionLock *IOConditionLock_withCondition(int condition, bool interruptible)
{
    IOConditionLock *self = OSTypeAlloc(IOConditionLock);
    if (!self)
        return NULL;
    self->interlock = IOLockAlloc();
    self->interruptible = interruptible;
    atomic_init(&self->condition, condition);
    if (!self->interlock)
        OSSafeReleaseNULL(self);
    return self;
}

/* wanted: the condition to wait for, or NULL. */
static int take(IOConditionLock *self, const int *wanted)
{
    int result = THREAD_AWAKENED;
    IOLockLock(self->interlock);
    while (result == THREAD_AWAKENED && (self->isLocked || (wanted && IOConditionLock_getCondition(self) != *wanted)))
        result = IOLockSleep(self->interlock, self, self->interruptible ? THREAD_INTERRUPTIBLE : THREAD_UNINT);
    if (result == THREAD_AWAKENED)
        self->isLocked = true;
    IOLockUnlock(self->interlock);
    return result;
}

bool IOConditionLock_tryLock(IOConditionLock *self)
{
    IOLockLock(self->interlock);
    bool isTaken = !self->isLocked;
    self->isLocked = true;
    IOLockUnlock(self->interlock);
    return isTaken;
}

int IOConditionLock_lock(IOConditionLock *self)
{
    return take(self, NULL);
}

int IOConditionLock_lockWhen(IOConditionLock *self, int condition)
{
    return take(self, &condition);
}

void IOConditionLock_unlock(IOConditionLock *self)
{
    IOLockLock(self->interlock);
    self->isLocked = false;
    IOLockWakeup(self->interlock, self, false);
    IOLockUnlock(self->interlock);
}

void IOConditionLock_unlockWith(IOConditionLock *self, int condition)
{
    IOConditionLock_setCondition(self, condition);
    IOConditionLock_unlock(self);
}

bool IOConditionLock_getInterruptible(const IOConditionLock *self)
{
    return self->interruptible;
}

int IOConditionLock_getCondition(const IOConditionLock *self)
{
    return atomic_load(&self->condition);
}

int IOConditionLock_setCondition(IOConditionLock *self, int condition)
{
    return atomic_exchange(&self->condition, condition);
}
