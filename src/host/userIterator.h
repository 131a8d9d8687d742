/* SPDX-License-Identifier: MIT */
/*
 * IOUserIterator: what clients get for an iterator of the kit's: the same with a lock, since a client may use its
 * handle on several threads. Clients' notifications are iterators too (userNotification.h); both are asked for the next
 * object through IOUserIterator_copyNextObject.
 */
#ifndef HOST_USERITERATOR_H
#define HOST_USERITERATOR_H

#include <pthread.h>

#include <IOKit/IOReturn.h>
#include <libkern/OSIterator.h>

OSDeclareBaseClass(IOUserIterator);

#define IOUserIterator_METHODS                                                                                         \
    OSIterator_METHODS OSObject *(*copyNextObject)(IOUserIterator * self); /* +1; any thread */

struct IOUserIteratorMethods {
    IOUserIterator_METHODS
};

struct IOUserIterator {
    OSIterator super;
    pthread_mutex_t lock; /* leaf; the iterator's functions run under it */
    bool isReady;         /* the lock exists */
    OSIterator *iterator; /* owned; constant; used under the lock */
};

/* Takes over the iterator's reference, also on failure; NULL for NULL or without memory. */
IOUserIterator *IOUserIterator_withIterator(OSIterator *iterator);

bool IOUserIterator_init(IOUserIterator *self);

OSObject *IOUserIterator_copyNextObject(IOUserIterator *self);

/* For an IORegistryIterator in it: kIOReturnBadArgument for another kind; kIOReturnNoDevice at the start level. */
IOReturn IOUserIterator_enterEntry(IOUserIterator *self);
IOReturn IOUserIterator_exitEntry(IOUserIterator *self);

#endif
