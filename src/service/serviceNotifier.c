/* SPDX-License-Identifier: MIT */
/*
 * IONotifier: lists of installed handlers, and the promise that a removed handler runs no more (SEMANTICS 4.38).
 *
 * The notification lock guards every list (one for each kind of matching notification, one for each service's interest)
 * and, for each notifier, whether it is enabled and which threads are in its handler. A handler runs without it: the
 * thread leaves a NotifierRun, on its stack, in the notifier, and who removes or disables waits until no other thread's
 * is left.
 *
 * A list is walked without a snapshot: the walker holds a reference to the notifier it is at and asks for the next one;
 * when that one was unlinked meanwhile, its priority and serial say where it was. Notifiers installed after the walk
 * began are left out by their serial. So a walk needs no memory.
 *
 * References: one by the list while linked, one by who installed it, which remove gives back.
 */
#include "service/IOServicePrivate.h"

#include <assert.h>

static pthread_mutex_t notifierLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  runEnded     = PTHREAD_COND_INITIALIZER;
static unsigned        runWaiters;  /* notifierLock */
static uint64_t        lastSerial;  /* notifierLock */

OSDefineBaseClass(IONotifier, OSObject);

void notifierLock_lock(void)
{
    pthread_mutex_lock(&notifierLock);
}

void notifierLock_unlock(void)
{
    pthread_mutex_unlock(&notifierLock);
}

uint64_t notifierSerial_locked(void)
{
    return lastSerial;
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

void notifierList_insert_locked(NotifierList *list, IONotifier *notifier)
{
    IONotifier *before = list->last;
    while (before && before->priority < notifier->priority)
        before = before->previous;
    IONotifier *after  = before ? before->next : list->first;
    notifier->list     = list;
    notifier->previous = before;
    notifier->next     = after;
    notifier->serial   = ++lastSerial;
    *(before ? &before->next : &list->first)     = notifier;
    *(after ? &after->previous : &list->last) = notifier;
    OSRetain(notifier);
}

/* Returns whether the list's reference is now the caller's to release. */
static bool unlink_locked(IONotifier *notifier)
{
    NotifierList *list = notifier->list;
    if (!list)
        return false;
    *(notifier->previous ? &notifier->previous->next : &list->first) = notifier->next;
    *(notifier->next ? &notifier->next->previous : &list->last)      = notifier->previous;
    notifier->list                                                   = NULL;
    return true;
}

void notifierList_removeAll(NotifierList *list)
{
    for (;;) {
        pthread_mutex_lock(&notifierLock);
        IONotifier *notifier = list->first;
        if (notifier)
            (void)unlink_locked(notifier); /* it was linked */
        pthread_mutex_unlock(&notifierLock);
        if (!notifier)
            return;
        OSRelease(notifier);
    }
}

/* Whether notifier stands behind the place that previous had. */
static bool isBehind(const IONotifier *notifier, const IONotifier *previous)
{
    if (notifier->priority != previous->priority)
        return notifier->priority < previous->priority;
    return notifier->serial > previous->serial;
}

IONotifier *notifierList_copyNext(NotifierList *list, IONotifier *previous, uint64_t serial)
{
    pthread_mutex_lock(&notifierLock);
    IONotifier *next = previous && previous->list == list ? previous->next : list->first;
    while (next && (next->serial > serial || !next->isEnabled || (previous && !isBehind(next, previous))))
        next = next->next;
    OSRetain(next);
    pthread_mutex_unlock(&notifierLock);
    OSRelease(previous);
    return next;
}

/* --- runs ------------------------------------------------------------------------------------------------------- */

bool notifier_beginRun(IONotifier *self, NotifierRun *run)
{
    pthread_mutex_lock(&notifierLock);
    bool enabled = self->isEnabled;
    if (enabled) {
        run->thread = pthread_self();
        run->next   = self->runs;
        self->runs  = run;
    }
    pthread_mutex_unlock(&notifierLock);
    return enabled;
}

void notifier_endRun(IONotifier *self, NotifierRun *run)
{
    pthread_mutex_lock(&notifierLock);
    NotifierRun **link = &self->runs;
    while (*link != run)
        link = &(*link)->next;
    *link = run->next;
    if (runWaiters)
        pthread_cond_broadcast(&runEnded);
    pthread_mutex_unlock(&notifierLock);
}

static bool runsElsewhere_locked(const IONotifier *self)
{
    for (const NotifierRun *run = self->runs; run; run = run->next)
        if (!pthread_equal(run->thread, pthread_self()))
            return true;
    return false;
}

static void waitForRuns_locked(IONotifier *self)
{
    runWaiters++;
    while (runsElsewhere_locked(self))
        pthread_cond_wait(&runEnded, &notifierLock);
    runWaiters--;
}

void IONotifier_remove(IONotifier *self)
{
    pthread_mutex_lock(&notifierLock);
    bool wasLinked  = unlink_locked(self);
    self->isEnabled = false;
    waitForRuns_locked(self);
    pthread_mutex_unlock(&notifierLock);
    if (wasLinked)
        OSRelease(self);
    OSRelease(self);
}

bool IONotifier_disable(IONotifier *self)
{
    pthread_mutex_lock(&notifierLock);
    bool was        = self->isEnabled;
    self->isEnabled = false;
    if (was)
        waitForRuns_locked(self);
    pthread_mutex_unlock(&notifierLock);
    return was;
}

void IONotifier_enable(IONotifier *self, bool was)
{
    pthread_mutex_lock(&notifierLock);
    self->isEnabled = was && self->list;
    pthread_mutex_unlock(&notifierLock);
}
