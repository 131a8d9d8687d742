/* SPDX-License-Identifier: MIT */
/*
 * loadQueue: bundles that matching asked for, loaded one after the other on a thread of their own.
 *
 * The thread lives as long as there is work: an idle host has none. queueLock protects the queue and is a leaf. A bundle
 * stands in the queue at most once; it leaves it when its load begins, so that a request that comes while it is loaded
 * finds it loaded, or asks again.
 */
#include "IOCataloguePrivate.h"

#include <pthread.h>

#include <IOKit/IOLib.h>

#include "OSKextPrivate.h"

static pthread_mutex_t queueLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  queueDone = PTHREAD_COND_INITIALIZER;
static OSArray        *queue;   /* queueLock; owned; OSKext, first come first; NULL when nothing waits */
static bool            running; /* queueLock; the thread exists */

static void lockQueue(void)
{
    pthread_mutex_lock(&queueLock);
}

static void unlockQueue(void)
{
    pthread_mutex_unlock(&queueLock);
}

/* The next bundle, retained; NULL, and the thread is on its way out, when there is none. */
static OSKext *takeNext(void)
{
    lockQueue();
    OSKext *kext = queue ? OSRetain(OSDynamicCast(OSKext, OSArray_getObject(queue, 0))) : NULL;
    if (kext) {
        kext->isQueued = false;
        OSArray_removeObject(queue, 0);
        if (OSArray_getCount(queue) == 0)
            OSSafeReleaseNULL(queue);
    } else {
        running = false;
        pthread_cond_broadcast(&queueDone);
    }
    unlockQueue();
    return kext;
}

static void *runQueue(void *unused)
{
    OSKext *kext;
    while ((kext = takeNext())) {
        /* Refusals are logged there; the catalogue is told either way, which ends the wait of whoever asked. */
        (void)bundle_load(kext->identifier, NULL);
        OSRelease(kext);
    }
    return NULL;
}

static bool startThread(void)
{
    pthread_t      thread;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool started = pthread_create(&thread, &attributes, runQueue, NULL) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

/* With queueLock held. Without a thread nobody would ever take it out again. */
static bool enqueue_locked(OSKext *kext)
{
    if (kext->isQueued)
        return true;
    if (!queue)
        queue = OSArray_withCapacity(4);
    if (!queue || !OSArray_setObject(queue, OSObjectOf(kext)))
        return false;
    if (!running && !(running = startThread())) {
        OSArray_removeObject(queue, OSArray_getCount(queue) - 1);
        return false;
    }
    kext->isQueued = true;
    return true;
}

bool loadQueue_add(OSKext *kext)
{
    lockQueue();
    bool added = enqueue_locked(kext);
    if (queue && OSArray_getCount(queue) == 0)
        OSSafeReleaseNULL(queue);
    unlockQueue();
    if (!added)
        logRefusal(OSKext_getPath(kext), "no memory or no thread to load it in the background");
    return added;
}

void loadQueue_wait(void)
{
    lockQueue();
    while (running)
        pthread_cond_wait(&queueDone, &queueLock);
    unlockQueue();
}
