/* SPDX-License-Identifier: MIT */
/*
 * A lock for each provider with a gated method in progress. Gates are made when they are entered and go when the last
 * who entered or waits has left, so a provider carries nothing for it.
 *
 * Locks: gatesLock protects the list and the counts, a leaf; a gate's own lock is held while a driver's method runs.
 */
#include "IOUserClientPrivate.h"

#include <IOKit/IOLib.h>

struct ProviderGate {
    ProviderGate *next;   /* gatesLock */
    IOService *provider;  /* borrowed: who is inside has a reference */
    unsigned users;       /* gatesLock; inside or waiting */
    pthread_mutex_t lock; /* recursive */
};

static pthread_mutex_t gatesLock = PTHREAD_MUTEX_INITIALIZER;
static ProviderGate *gates; /* gatesLock */

static ProviderGate *make_locked(IOService *provider)
{
    pthread_mutexattr_t attributes;
    ProviderGate *self = IOMallocZero(sizeof *self);
    if (!self)
        return NULL;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&self->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    self->provider = provider;
    self->next = gates;
    gates = self;
    return self;
}

ProviderGate *ProviderGate_enter(IOService *provider)
{
    pthread_mutex_lock(&gatesLock);
    ProviderGate *self = gates;
    while (self && self->provider != provider)
        self = self->next;
    if (!self)
        self = make_locked(provider);
    if (self)
        self->users++;
    pthread_mutex_unlock(&gatesLock);
    if (self)
        pthread_mutex_lock(&self->lock);
    return self;
}

void ProviderGate_leave(ProviderGate *self)
{
    pthread_mutex_unlock(&self->lock);
    pthread_mutex_lock(&gatesLock);
    bool isLast = --self->users == 0;
    if (isLast) {
        ProviderGate **link = &gates;
        while (*link != self)
            link = &(*link)->next;
        *link = self->next;
    }
    pthread_mutex_unlock(&gatesLock);
    if (isLast) {
        pthread_mutex_destroy(&self->lock);
        IOFree(self, sizeof *self);
    }
}
