/* SPDX-License-Identifier: MIT */
/*
 * IOWorkLoop: a gate and a thread that polls the active sources with the gate closed whenever it was signalled.
 *
 * Life:
 *     create --> running --(last release: sources disabled, isEnding)--> ending --(thread)--> sources released, freed
 * The thread itself is what frees the memory: the last release may come from an action, that is, from inside the gate,
 * and whoever opens the gate touches the loop once more. The thread takes the gate a last time before it frees, so the
 * gate's last holder is through with it.
 *
 * Locks: the gate (`gate`, recursive) is held while drivers' actions run. `workLock` guards workToDo and isEnding and
 * is taken with or without the gate, for a line. `endLock` counts the loops that are ending, for workLoop_waitEnded.
 *
 * No signal is lost: a producer first makes its work visible, then sets workToDo under workLock. The thread clears
 * workToDo under the lock before it polls: a signal before that is work the poll sees, a signal after it leaves
 * workToDo set, and the thread looks at that, under the lock, before it sleeps.
 */
#include "workloopPrivate.h"

#include <stdio.h>

static pthread_mutex_t endLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t endChanged;
static pthread_once_t endOnce = PTHREAD_ONCE_INIT;
static unsigned endingCount; /* endLock */

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void makeEndCondition(void)
{
    condition_init(&endChanged);
}

static void countEnding(int change)
{
    pthread_once(&endOnce, makeEndCondition);
    pthread_mutex_lock(&endLock);
    endingCount += (unsigned)change;
    if (endingCount == 0)
        pthread_cond_broadcast(&endChanged);
    pthread_mutex_unlock(&endLock);
}

bool workLoop_waitEnded(uint64_t deadline)
{
    bool inTime = true;
    pthread_once(&endOnce, makeEndCondition);
    pthread_mutex_lock(&endLock);
    while (inTime && endingCount > 0)
        inTime = condition_wait(&endChanged, &endLock, deadline);
    bool isIdle = endingCount == 0;
    pthread_mutex_unlock(&endLock);
    return isIdle;
}

static void releaseSources(IOWorkLoop *self, IOEventSource **list)
{
    while (*list) {
        IOEventSource *source = *list;
        IOWorkLoop_closeGate(self);
        *list = source->next;
        IOEventSource_setWorkLoop(source, NULL);
        source->next = NULL;
        IOWorkLoop_openGate(self);
        OSRelease(source);
    }
}

/* Without a thread any more, or never with one. */
static void destroy(IOWorkLoop *self)
{
    if (self->gate) {
        releaseSources(self, &self->active);
        releaseSources(self, &self->passive);
        IORecursiveLockFree(self->gate);
        pthread_cond_destroy(&self->workChanged);
        pthread_mutex_destroy(&self->workLock);
    }
    OSObject_super()->free(&self->super);
}

static void IOWorkLoop_free_(OSObject *object)
{
    IOWorkLoop *self = OSRequiredCast(IOWorkLoop, object);
    if (!IOWorkLoop_getThread(self)) {
        destroy(self);
        return;
    }
    countEnding(+1);
    IOWorkLoop_closeGate(self);
    IOWorkLoop_disableAllEventSources(self);
    pthread_mutex_lock(&self->workLock);
    atomic_store(&self->isEnding, true);
    pthread_cond_signal(&self->workChanged);
    pthread_mutex_unlock(&self->workLock);
    IOWorkLoop_openGate(self);
}

OSDefineClass(IOWorkLoop, OSObject, .free = IOWorkLoop_free_);

/* --- the thread -------------------------------------------------------------------------------------------------- */

static bool isEnding(const IOWorkLoop *self)
{
    return atomic_load(&self->isEnding);
}

static void clearWork(IOWorkLoop *self)
{
    pthread_mutex_lock(&self->workLock);
    self->workToDo = false;
    pthread_mutex_unlock(&self->workLock);
}

/* One pass over the active sources, gate closed; whether another one is due. */
static bool pollSources_gated(IOWorkLoop *self)
{
    bool more = false;
    self->listChanged = false;
    clearWork(self);
    for (IOEventSource *source = self->active, *next; source; source = next) {
        OSRetain(source); /* its action may remove it */
        more |= IOEventSource_checkForWork(source);
        next = source->next;
        OSRelease(source);
        if (isEnding(self))
            return false;
        if (self->listChanged)
            return true;
    }
    return more;
}

static void runEventSources(IOWorkLoop *self)
{
    IOWorkLoop_closeGate(self);
    while (!isEnding(self) && pollSources_gated(self))
        ;
    IOWorkLoop_openGate(self);
}

/* Waits for a signal; false when the loop ends. */
static bool waitForWork(IOWorkLoop *self)
{
    pthread_mutex_lock(&self->workLock);
    while (!self->workToDo && !isEnding(self))
        pthread_cond_wait(&self->workChanged, &self->workLock);
    pthread_mutex_unlock(&self->workLock);
    return !isEnding(self);
}

static void *threadMain(void *argument)
{
    IOWorkLoop *self = argument;
    pthread_mutex_lock(&self->workLock);
    atomic_store(&self->thread, thread_self());
    pthread_cond_signal(&self->workChanged);
    pthread_mutex_unlock(&self->workLock);
    while (waitForWork(self))
        runEventSources(self);
    IOWorkLoop_closeGate(self); /* who ended the loop is out of the gate */
    IOWorkLoop_openGate(self);
    destroy(self);
    countEnding(-1);
    return NULL;
}

static bool startThread(IOWorkLoop *self)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = pthread_create(&self->handle, &attributes, threadMain, self) == 0;
    pthread_attr_destroy(&attributes);
    if (!ok)
        return false;
    pthread_mutex_lock(&self->workLock);
    while (!IOWorkLoop_getThread(self))
        pthread_cond_wait(&self->workChanged, &self->workLock);
    pthread_mutex_unlock(&self->workLock);
    return true;
}

IOWorkLoop *IOWorkLoop_create(void)
{
    IOWorkLoop *self = OSTypeAlloc(IOWorkLoop);
    if (!self)
        return NULL;
    self->gate = IORecursiveLockAlloc();
    if (self->gate) {
        pthread_mutex_init(&self->workLock, NULL);
        pthread_cond_init(&self->workChanged, NULL);
    }
    if (!self->gate || !startThread(self))
        OSSafeReleaseNULL(self);
    return self;
}

void IOWorkLoop_signalWorkAvailable(IOWorkLoop *self)
{
    pthread_mutex_lock(&self->workLock);
    self->workToDo = true;
    pthread_cond_signal(&self->workChanged);
    pthread_mutex_unlock(&self->workLock);
}

IOThread IOWorkLoop_getThread(const IOWorkLoop *self)
{
    return atomic_load_explicit(&self->thread, memory_order_relaxed);
}

bool IOWorkLoop_onThread(const IOWorkLoop *self)
{
    return IOWorkLoop_getThread(self) == thread_self();
}

/* --- the gate ---------------------------------------------------------------------------------------------------- */

static void forbidInterruptThread(void)
{
    if (thread_self()->isPrimaryInterrupt)
        panic("IOWorkLoop: the gate is closed by an interrupt filter");
}

bool IOWorkLoop_inGate(const IOWorkLoop *self)
{
    return IORecursiveLockHaveLock(self->gate);
}

void IOWorkLoop_closeGate(IOWorkLoop *self)
{
    forbidInterruptThread();
    IORecursiveLockLock(self->gate);
}

bool IOWorkLoop_tryCloseGate(IOWorkLoop *self)
{
    forbidInterruptThread();
    return IORecursiveLockTryLock(self->gate);
}

void IOWorkLoop_openGate(IOWorkLoop *self)
{
    IORecursiveLockUnlock(self->gate);
}

int IOWorkLoop_sleepGate(IOWorkLoop *self, void *event, UInt32 interType)
{
    return IORecursiveLockSleep(self->gate, event, interType);
}

int IOWorkLoop_sleepGateDeadline(IOWorkLoop *self, void *event, uint64_t deadline, UInt32 interType)
{
    return IORecursiveLockSleepDeadline(self->gate, event, deadline, interType);
}

void IOWorkLoop_wakeupGate(IOWorkLoop *self, void *event, bool oneThread)
{
    IORecursiveLockWakeup(self->gate, event, oneThread);
}

IOReturn IOWorkLoop_runAction(IOWorkLoop *self, IOWorkLoopAction action, OSObject *target, void *arg0, void *arg1,
                              void *arg2, void *arg3)
{
    IOWorkLoop_closeGate(self);
    IOReturn result = action(target, arg0, arg1, arg2, arg3);
    IOWorkLoop_openGate(self);
    return result;
}

/* --- the sources ------------------------------------------------------------------------------------------------- */

static IOEventSource **listOf(IOWorkLoop *self, const IOEventSource *source)
{
    return source->isActive ? &self->active : &self->passive;
}

/* For whoever looks at the threads of the host: the first owner's class, as far as a thread's name goes. */
static void nameThread_gated(IOWorkLoop *self, const IOEventSource *source)
{
    char name[16];
    if (self->isNamed)
        return;
    self->isNamed = true;
    snprintf(name, sizeof name, "%s", OSObject_getClassName(source->owner));
    pthread_setname_np(self->handle, name);
}

IOReturn IOWorkLoop_addEventSource(IOWorkLoop *self, IOEventSource *source)
{
    IOWorkLoop_closeGate(self);
    if (!IOEventSource_getWorkLoop(source)) {
        nameThread_gated(self, source);
        OSRetain(source);
        IOEventSource_setWorkLoop(source, self);
        IOEventSource **link = listOf(self, source);
        while (*link)
            link = &(*link)->next;
        *link = source;
        self->listChanged = true;
    }
    IOWorkLoop_openGate(self);
    return kIOReturnSuccess;
}

IOReturn IOWorkLoop_removeEventSource(IOWorkLoop *self, IOEventSource *source)
{
    IOWorkLoop_closeGate(self);
    bool isMember = IOEventSource_getWorkLoop(source) != NULL;
    IOEventSource **link = listOf(self, source);
    while (*link && *link != source)
        link = &(*link)->next;
    bool isFound = isMember && *link;
    if (isFound) {
        *link = source->next;
        self->listChanged = true;
        source->next = NULL;
        IOEventSource_setWorkLoop(source, NULL);
    }
    IOWorkLoop_openGate(self);
    if (isFound)
        OSRelease(source);
    return isFound || !isMember ? kIOReturnSuccess : kIOReturnBadArgument;
}

typedef void (*SourceFunction)(IOEventSource *source);

static void applyToSources(const IOWorkLoop *self, SourceFunction function, bool onlyInterrupts)
{
    IOWorkLoop_closeGate((IOWorkLoop *)self);
    for (IOEventSource *source = self->active; source; source = source->next)
        if (!onlyInterrupts || OSDynamicCast(IOInterruptEventSource, source))
            function(source);
    for (IOEventSource *source = onlyInterrupts ? NULL : self->passive; source; source = source->next)
        function(source);
    IOWorkLoop_openGate((IOWorkLoop *)self);
}

void IOWorkLoop_enableAllEventSources(const IOWorkLoop *self)
{
    applyToSources(self, IOEventSource_enable, false);
}

void IOWorkLoop_disableAllEventSources(const IOWorkLoop *self)
{
    applyToSources(self, IOEventSource_disable, false);
}

void IOWorkLoop_enableAllInterrupts(const IOWorkLoop *self)
{
    applyToSources(self, IOEventSource_enable, true);
}

void IOWorkLoop_disableAllInterrupts(const IOWorkLoop *self)
{
    applyToSources(self, IOEventSource_disable, true);
}
