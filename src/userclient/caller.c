/* SPDX-License-Identifier: MIT */
/*
 * Who is in a driver's method, and the lock that calls of clients hold (SEMANTICS 5.14, 4.30).
 *
 * A thread that calls the same user client again and again would pay for the lock, for the count of calls that holds
 * finalize off and for a reference each time, with every other thread's cache lines. So such a thread leaves a record
 * with the user client, and from then on a call is two exchanges on a word of its own:
 *
 *     absent ---- adopt ----> ready <---- enter, leave ----> busy ---- revoke ----> taken ---- leave ----> absent
 *                             ready ---- revoke, forget ----> absent
 *
 * A record that is ready or busy is in the user client's list, and stands on the reference of the handle that its
 * thread calls by: whoever takes a handle away, wants the lock exclusively or finalizes first revokes all records.
 * From one that is busy the revoker makes what the call would have had: a reader of the lock, a call to wait for, and
 * a reference. The thread finds its word changed when it leaves, and gives the three back.
 *
 * While somebody wants the lock exclusively, and once finalize has come, no record is taken.
 *
 * Lock: core->lock, a leaf. It guards all but the records' states, which change from ready and back without it. Readers
 * do not wait for a writer that waits: a method may block until another call of the same client.
 */
#include "IOUserClientPrivate.h"

#include <IOKit/IOLib.h>

enum { kAbsent, kReady, kBusy, kTaken };

static bool exchangeState(IOUserClientCaller *caller, uint32_t from, uint32_t to, memory_order order)
{
    return atomic_compare_exchange_strong_explicit(&caller->state, &from, to, order, memory_order_relaxed);
}

/* ---- Records ---- */

static void unlink_locked(IOUserClientPrivate *core, IOUserClientCaller *caller)
{
    IOUserClientCaller **link = &core->callers;
    while (*link != caller)
        link = &(*link)->next;
    *link = caller->next;
}

/* Makes an unlinked record absent, when its thread may use it for something else at once, or taken: true. */
static bool takeFromBusy(IOUserClientCaller *caller)
{
    for (;;) {
        if (exchangeState(caller, kReady, kAbsent, memory_order_acq_rel))
            return false;
        if (exchangeState(caller, kBusy, kTaken, memory_order_acq_rel))
            return true;
    }
}

static void revoke_locked(IOUserClient *self)
{
    IOUserClientPrivate *core = self->core;
    while (core->callers) {
        IOUserClientCaller *caller = core->callers;
        core->callers = caller->next;
        if (takeFromBusy(caller)) {
            core->calls++;
            core->readers += core->defaultLocking;
            (void)OSRetain(self);
        }
    }
}

void IOUserClient_revokeCallers(IOUserClient *self)
{
    if (!self->core)
        return;
    pthread_mutex_lock(&self->core->lock);
    revoke_locked(self);
    pthread_mutex_unlock(&self->core->lock);
}

bool IOUserClientCaller_adopt(IOUserClientCaller *self, IOUserClient *client)
{
    IOUserClientPrivate *core = client->core;
    /* Acquires what a revoker of another user client released: it looks at the record no more. */
    if (atomic_load_explicit(&self->state, memory_order_acquire) != kAbsent)
        panic("a record left with two user clients");
    pthread_mutex_lock(&core->lock);
    bool isTaken = !core->singleThread && !core->finalizing && core->writersWanted == 0;
    if (isTaken) {
        self->client = client;
        self->next = core->callers;
        core->callers = self;
        atomic_store_explicit(&self->state, kReady, memory_order_relaxed);
    }
    pthread_mutex_unlock(&core->lock);
    return isTaken;
}

IOUserClient *IOUserClientCaller_enter(IOUserClientCaller *self)
{
    if (atomic_load_explicit(&self->state, memory_order_relaxed) != kReady ||
        !exchangeState(self, kReady, kBusy, memory_order_acquire))
        return NULL;
    return self->client;
}

/* The revoker made a call of it. */
static void leaveTaken(IOUserClientCaller *self)
{
    IOUserClient *client = self->client;
    pthread_mutex_lock(&client->core->lock); /* the revoker has finished */
    atomic_store_explicit(&self->state, kAbsent, memory_order_relaxed);
    pthread_mutex_unlock(&client->core->lock);
    IOUserClient_leave(client, client->core->defaultLocking ? kUserClientShared : kUserClientUnlocked);
    OSRelease(client);
}

void IOUserClientCaller_leave(IOUserClientCaller *self)
{
    if (!exchangeState(self, kBusy, kReady, memory_order_release))
        leaveTaken(self);
}

void IOUserClientCaller_forget(IOUserClientCaller *self)
{
    IOUserClient *client = IOUserClientCaller_enter(self); /* so that it lives while we look */
    if (!client)
        return;
    pthread_mutex_lock(&client->core->lock);
    bool isOurs = atomic_load_explicit(&self->state, memory_order_relaxed) == kBusy;
    if (isOurs) {
        unlink_locked(client->core, self);
        atomic_store_explicit(&self->state, kAbsent, memory_order_relaxed);
    }
    pthread_mutex_unlock(&client->core->lock);
    if (!isOurs)
        leaveTaken(self);
}

/* ---- The lock, and the count of calls ---- */

void IOUserClient_enter(IOUserClient *self, IOUserClientLock lock)
{
    IOUserClientPrivate *core = self->core;
    pthread_mutex_lock(&core->lock);
    if (lock == kUserClientExclusive) {
        core->writersWanted++;
        revoke_locked(self);
    }
    while (lock != kUserClientUnlocked && (core->isWritten || (lock == kUserClientExclusive && core->readers > 0)))
        pthread_cond_wait(&core->changed, &core->lock);
    if (lock == kUserClientExclusive)
        core->isWritten = true;
    else if (lock == kUserClientShared)
        core->readers++;
    core->calls++;
    pthread_mutex_unlock(&core->lock);
}

void IOUserClient_leave(IOUserClient *self, IOUserClientLock lock)
{
    IOUserClientPrivate *core = self->core;
    pthread_mutex_lock(&core->lock);
    if (lock == kUserClientExclusive) {
        core->isWritten = false;
        core->writersWanted--;
    } else if (lock == kUserClientShared) {
        core->readers--;
    }
    if (lock == kUserClientExclusive || core->writersWanted > 0)
        pthread_cond_broadcast(&core->changed);
    bool finalizes = --core->calls == 0 && core->finalizeWaits;
    core->finalizeWaits = core->finalizeWaits && !finalizes;
    pthread_mutex_unlock(&core->lock);
    if (finalizes)
        IOUserClient_runFinalize(self);
}

IOUserClientLock IOUserClient_enterMethod(IOUserClient *self)
{
    IOUserClientLock lock = self->core->singleThread     ? kUserClientExclusive
                            : self->core->defaultLocking ? kUserClientShared
                                                         : kUserClientUnlocked;
    IOUserClient_enter(self, lock);
    return lock;
}

bool IOUserClient_finalizeWaits(IOUserClient *self, IOOptionBits options)
{
    IOUserClientPrivate *core = self->core;
    pthread_mutex_lock(&core->lock);
    revoke_locked(self);
    core->finalizing = true;
    core->finalizeOptions = options;
    core->finalizeWaits = core->calls > 0;
    bool waits = core->finalizeWaits;
    pthread_mutex_unlock(&core->lock);
    return waits;
}
