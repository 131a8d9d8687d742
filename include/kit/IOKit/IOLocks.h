/* SPDX-License-Identifier: MIT */
/*
 * IOLocks: the locks of drivers, and sleeping on events (IOKit/IOLocks.h).
 *
 * An event is an address; nothing is read there. A thread that sleeps gives its lock back until it is woken. Whoever
 * changes what it waits for under that lock and then wakes the event cannot be missed: the sleeper is on the event's
 * list before its lock is free. A sleeper looks again when it wakes: events of one address are one event.
 *
 * Unlocking or sleeping without holding the lock, and destroying one that is held, are bugs and panic. All functions
 * may be called by any thread; those that wait not by interrupt filters, which may use IOSimpleLock only.
 */
#ifndef _IOKIT_IOLOCKS_H
#define _IOKIT_IOLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include <IOKit/IOTypes.h>

/* How a sleep can end early: interType, "interruptible" of commandSleep. */
enum {
    THREAD_UNINT = 0,         /* only by a wake-up or its deadline */
    THREAD_INTERRUPTIBLE = 1, /* also by IOThreadInterrupt */
    THREAD_ABORTSAFE = 2,     /* the same */
};

/* How it ended. */
enum {
    THREAD_AWAKENED = 0,
    THREAD_TIMED_OUT = 1,
    THREAD_INTERRUPTED = 2,
    THREAD_RESTART = 3,
};

/* A thread of the host. Valid while the thread lives. */
typedef struct IOThreadRecord *IOThread;
IOThread IOThreadSelf(void);

/*
 * Ends the thread's interruptible sleep, or else its next one, with THREAD_INTERRUPTED: what a signal does to a thread
 * in the kernel. The host calls it when the program whose call the thread executes gave up. Ours.
 */
void IOThreadInterrupt(IOThread thread);
/* Forgets an interruption of the calling thread that found no sleep; true when there was one. */
bool IOThreadClearInterrupt(void);

/* --- IOLock: a mutex ---------------------------------------------------------------------------------------------- */

typedef struct _IOLock IOLock;

/* NULL without memory. */
IOLock *IOLockAlloc(void);
/* Takes NULL. */
void IOLockFree(IOLock *lock);
void IOLockLock(IOLock *lock);
bool IOLockTryLock(IOLock *lock);
void IOLockUnlock(IOLock *lock);

typedef enum { kIOLockAssertOwned = 1, kIOLockAssertNotOwned = 2 } IOLockAssertState;
/* Panics when it is not so, of the calling thread. */
void IOLockAssert(IOLock *lock, IOLockAssertState type);

/* Sleeps with the lock open; holds it again on return. One of THREAD_AWAKENED ... deadline: IOUptimeNanoseconds. */
int IOLockSleep(IOLock *lock, void *event, UInt32 interType);
int IOLockSleepDeadline(IOLock *lock, void *event, uint64_t deadline, UInt32 interType);
/* Wakes the first or all that sleep on event. lock: that of the sleepers, held or not. */
void IOLockWakeup(IOLock *lock, void *event, bool oneThread);

/* --- IORecursiveLock ---------------------------------------------------------------------------------------------- */

typedef struct _IORecursiveLock IORecursiveLock;

IORecursiveLock *IORecursiveLockAlloc(void);
void IORecursiveLockFree(IORecursiveLock *lock);
void IORecursiveLockLock(IORecursiveLock *lock);
bool IORecursiveLockTryLock(IORecursiveLock *lock);
void IORecursiveLockUnlock(IORecursiveLock *lock);
bool IORecursiveLockHaveLock(const IORecursiveLock *lock);
/* Sleeps with the lock open, however often it is held; holds it as often again on return. */
int IORecursiveLockSleep(IORecursiveLock *lock, void *event, UInt32 interType);
int IORecursiveLockSleepDeadline(IORecursiveLock *lock, void *event, uint64_t deadline, UInt32 interType);
void IORecursiveLockWakeup(IORecursiveLock *lock, void *event, bool oneThread);

/* --- IORWLock: many readers or one writer; not recursive ------------------------------------------------------------
 */

typedef struct _IORWLock IORWLock;

IORWLock *IORWLockAlloc(void);
void IORWLockFree(IORWLock *lock);
void IORWLockRead(IORWLock *lock);
void IORWLockWrite(IORWLock *lock);
bool IORWLockTryRead(IORWLock *lock);
bool IORWLockTryWrite(IORWLock *lock);
void IORWLockUnlock(IORWLock *lock);

/* --- IOSimpleLock: for a few lines, also in an interrupt filter; its holder must not sleep --------------------------
 */

typedef struct _IOSimpleLock IOSimpleLock;
typedef long IOInterruptState; /* nothing: an interrupt is a thread here */

IOSimpleLock *IOSimpleLockAlloc(void);
void IOSimpleLockFree(IOSimpleLock *lock);
/* Nothing to do: Alloc made it ready. For code that calls it as Apple's documents say. */
void IOSimpleLockInit(IOSimpleLock *lock);
void IOSimpleLockLock(IOSimpleLock *lock);
bool IOSimpleLockTryLock(IOSimpleLock *lock);
void IOSimpleLockUnlock(IOSimpleLock *lock);
IOInterruptState IOSimpleLockLockDisableInterrupt(IOSimpleLock *lock);
void IOSimpleLockUnlockEnableInterrupt(IOSimpleLock *lock, IOInterruptState state);

#endif
