/* SPDX-License-Identifier: MIT */
/*
 * Arbitration: the lock of each service against concurrent open, close and changes of its state (SEMANTICS 4.9).
 *
 * It is re-entrant, and it finds deadlocks: a thread that would wait follows the chain owner -> service that one waits
 * for -> its owner ... and when the chain comes back to itself somebody has to give up: the newcomer when it may fail,
 * else a waiter of the circle that may, else it is a bug and the host panics.
 *
 * One small mutex guards all of it: who owns which service and who waits. It is held for a few lines and nothing is
 * called under it. A service costs four words; a waiter sleeps on the condition variable of its own thread, and is
 * handed the ownership, first come first.
 */
#include "service/IOServicePrivate.h"

#include <assert.h>

struct ArbitrationThread {
    const IOService   *wanted;   /* the service this thread waits for, or NULL */
    bool               required; /* the wait must succeed */
    bool               aborted;  /* the wait was given up for it */
    ArbitrationThread *next;     /* behind it in that service's queue */
    pthread_cond_t     changed;
};

static pthread_mutex_t                 waitersLock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local ArbitrationThread thisThread  = {.changed = PTHREAD_COND_INITIALIZER};

/* Whether waiting for owner would close a circle; *ret_victim is the last waiter of it that may give up. */
static bool findCircle(const ArbitrationThread *owner, ArbitrationThread **ret_victim)
{
    while (owner->wanted) {
        ArbitrationThread *waiting = (ArbitrationThread *)owner;
        if (!waiting->required)
            *ret_victim = waiting;
        owner = coreOf(owner->wanted)->owner;
        if (owner == &thisThread)
            return true;
    }
    return false;
}

static void enqueue(IOServicePrivate *core, ArbitrationThread *thread)
{
    thread->next = NULL;
    if (core->lastWaiter)
        core->lastWaiter->next = thread;
    else
        core->firstWaiter = thread;
    core->lastWaiter = thread;
}

static void dequeue(IOServicePrivate *core, ArbitrationThread *thread)
{
    ArbitrationThread *previous = NULL;
    for (ArbitrationThread *at = core->firstWaiter; at != thread; at = at->next)
        previous = at;
    if (previous)
        previous->next = thread->next;
    else
        core->firstWaiter = thread->next;
    if (core->lastWaiter == thread)
        core->lastWaiter = previous;
}

static void giveUp(ArbitrationThread *victim)
{
    dequeue(coreOf(victim->wanted), victim);
    victim->aborted = true;
    victim->wanted  = NULL;
    pthread_cond_signal(&victim->changed);
}

/* Queues up and sleeps until the ownership is handed over, or the wait is given up. */
static bool waitForTurn(const IOService *self, bool isSuccessRequired)
{
    ArbitrationThread *victim = NULL;
    if (findCircle(coreOf(self)->owner, &victim)) {
        if (!isSuccessRequired)
            return false;
        if (!victim)
            panic("IOService: deadlock in arbitration, at %s", OSObject_getClassName(OSObjectOf(self)));
        giveUp(victim);
    }
    thisThread.wanted   = self;
    thisThread.required = isSuccessRequired;
    thisThread.aborted  = false;
    enqueue(coreOf(self), &thisThread);
    while (thisThread.wanted)
        pthread_cond_wait(&thisThread.changed, &waitersLock);
    return !thisThread.aborted;
}

bool IOService_lockForArbitration(const IOService *self, bool isSuccessRequired)
{
    IOServicePrivate *core = coreOf(self);
    bool              ok   = true;
    pthread_mutex_lock(&waitersLock);
    if (!core->owner) {
        core->owner = &thisThread;
        core->depth = 1;
    } else if (core->owner == &thisThread) {
        core->depth++;
    } else {
        ok = waitForTurn(self, isSuccessRequired);
    }
    pthread_mutex_unlock(&waitersLock);
    return ok;
}

void IOService_unlockForArbitration(const IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    pthread_mutex_lock(&waitersLock);
    assert(core->owner == &thisThread);
    if (--core->depth == 0) {
        ArbitrationThread *heir = core->firstWaiter;
        core->owner             = heir;
        if (heir) {
            dequeue(core, heir);
            core->depth  = 1;
            heir->wanted = NULL;
            pthread_cond_signal(&heir->changed);
        }
    }
    pthread_mutex_unlock(&waitersLock);
}

bool serviceArbitration_isMine(const IOService *self)
{
    pthread_mutex_lock(&waitersLock);
    bool mine = coreOf(self)->owner == &thisThread;
    pthread_mutex_unlock(&waitersLock);
    return mine;
}
