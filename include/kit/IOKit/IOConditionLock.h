/* SPDX-License-Identifier: MIT */
/*
 * IOConditionLock: a mutex with a number, which a thread can wait for (IOKit/IOConditionLock.h).
 * Any thread; the functions that wait not in an interrupt filter.
 */
#ifndef _IOKIT_IOCONDITIONLOCK_H
#define _IOKIT_IOCONDITIONLOCK_H

#include <IOKit/IOLocks.h>
#include <libkern/OSObject.h>

OSDeclareClass(IOConditionLock);

/* Public for its size; the fields are IOConditionLock.c's. */
struct IOConditionLock {
    OSObject super;
    IOLock *interlock;      /* owned */
    bool isLocked;          /* interlock */
    bool interruptible;     /* constant */
    _Atomic(int) condition; /* written with the lock held; read by anybody */
};

/* A lock whose condition is condition; interruptible: whether IOThreadInterrupt ends its waits. NULL without memory. */
IOConditionLock *IOConditionLock_withCondition(int condition, bool interruptible);

bool IOConditionLock_tryLock(IOConditionLock *self);
/* Waits for the lock. THREAD_AWAKENED with it, THREAD_INTERRUPTED without. */
int IOConditionLock_lock(IOConditionLock *self);
void IOConditionLock_unlock(IOConditionLock *self);

bool IOConditionLock_getInterruptible(const IOConditionLock *self);
int IOConditionLock_getCondition(const IOConditionLock *self);
/* Returns the value before. Wakes nobody until the unlock. */
int IOConditionLock_setCondition(IOConditionLock *self, int condition);

/* Waits until the lock is free and the condition has that value; results as lock. */
int IOConditionLock_lockWhen(IOConditionLock *self, int condition);
/* Sets the condition and unlocks. */
void IOConditionLock_unlockWith(IOConditionLock *self, int condition);

#endif
