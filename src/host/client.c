/* SPDX-License-Identifier: MIT */
/*
 * A client's life. References: one of the server's list until tearDown, one of each slot's thread, one of the thread
 * that tears down. The client's memory, its region and its socket go with the last; its handles go at the end of
 * `served`, so that a driver learns of the death at once.
 *
 * A client that is dying cannot be trusted to leave the region alone (another process may have it mapped), so the
 * threads that sleep in it are disturbed again and again, less and less often, until they have left.
 *
 * Locks: the client's, a leaf.
 */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

#include "protocol/descriptors.h"
#include "server.h"

enum {
    kDisturbAgain = 10 * 1000 * 1000,   /* ns; doubles each time */
    kDisturbRarely = 640 * 1000 * 1000, /* ns; a driver may be stuck for long */
    kWorkerStack = 512 << 10,           /* bytes; drivers' external methods run on it */
};

static void readCommand(pid_t pid, char *name, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "re");
    name[0] = 0;
    if (file && !fgets(name, (int)size, file))
        name[0] = 0;
    if (file)
        fclose(file);
    name[strcspn(name, "\n")] = 0;
}

static IOTask *makeTask(int socket)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    char name[64];
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return NULL;
    readCommand(credentials.pid, name, sizeof name);
    return IOTask_withCredentials(credentials.pid, credentials.uid, credentials.gid, name);
}

HostClient *HostClient_create(int socket)
{
    HostClient *self = IOMallocZero(sizeof *self);
    if (!self) {
        close(socket);
        HostServer_clientGone();
        return NULL;
    }
    self->references = 1;
    self->socket = socket;
    self->task = makeTask(socket);
    self->handles = HandleTable_create(kLimitHandles);
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!self->task || !self->handles) {
        IOLog("iokitd: no memory for a client");
        HostClient_release(self);
        return NULL;
    }
    return self;
}

void HostClient_retain(HostClient *self)
{
    atomic_fetch_add(&self->references, 1);
}

void HostClient_release(HostClient *self)
{
    if (!self || atomic_fetch_sub(&self->references, 1) != 1)
        return;
    HandleTable_destroy(self->handles);
    OSRelease(self->task);
    if (self->region)
        munmap(self->region, sizeof *self->region);
    for (unsigned i = 0; i < kLimitSlots; i++)
        closeDescriptors(self->slots[i].descriptors, self->slots[i].descriptorCount);
    close(self->socket);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    IOFree(self, sizeof *self);
    HostServer_clientGone();
}

/* Answers the hello, with the region when the version is ours. */
static bool greet(HostClient *self, const ControlMessage *hello)
{
    ControlMessage welcome = {kControlWelcome, kProtocolVersion, 0, 0};
    if (self->greeted || hello->a != kProtocolMagic)
        return false;
    if (hello->b != kProtocolVersion) {
        IOLog("iokitd: %s[%d] speaks version %u of the protocol, not %u", IOTask_getName(self->task),
              (int)IOTask_getPID(self->task), hello->b, kProtocolVersion);
        welcome.b = (uint32_t)kIOReturnUnsupported;
        (void)sendControl(self->socket, &welcome, NULL, 0); /* it is being ended anyway */
        HostClient_end(self, NULL);                         /* said above why */
        return false;
    }
    int memory = makeSharedMemory("iokit-slots", sizeof *self->region);
    if (memory >= 0) {
        self->region = mmap(NULL, sizeof *self->region, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        if (self->region == MAP_FAILED)
            self->region = NULL;
    }
    self->greeted = self->region && sendControl(self->socket, &welcome, &memory, 1);
    if (memory >= 0)
        close(memory);
    if (!self->region) {
        IOLog("iokitd: no memory for a client's calls");
        HostClient_end(self, NULL);
    }
    return self->greeted;
}

static bool startWorker(HostClient *self, unsigned slot)
{
    pthread_t thread;
    pthread_attr_t attributes;
    SlotWork *work = IOMallocZero(sizeof *work);
    if (!work)
        return false;
    *work = (SlotWork){self, slot};
    HostClient_retain(self);
    pthread_mutex_lock(&self->lock);
    self->workers++;
    self->slots[slot].started = true;
    pthread_mutex_unlock(&self->lock);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, kWorkerStack);
    int error = pthread_create(&thread, &attributes, slotWorker, work);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        IOLog("iokitd: no thread for a client: %s", strerror(error));
        IOFree(work, sizeof *work);
        HostClient_end(self, NULL);
        HostClient_workerLeaves(self);
        HostClient_release(self);
    }
    return error == 0;
}

static bool attach(HostClient *self, const ControlMessage *message, const int *descriptors, unsigned count)
{
    bool taken = false;
    pthread_mutex_lock(&self->lock);
    HostSlot *slot = message->a < kLimitSlots ? &self->slots[message->a] : NULL;
    if (slot && slot->started && !slot->attached && count > 0) {
        slot->attached = true;
        slot->number = message->b;
        slot->descriptorCount = count;
        memcpy(slot->descriptors, descriptors, count * sizeof *descriptors);
        taken = true;
        pthread_cond_broadcast(&self->changed);
    }
    pthread_mutex_unlock(&self->lock);
    return taken;
}

bool HostClient_handleControl(HostClient *self, const ControlMessage *message, int *descriptors, unsigned count)
{
    bool good = false;
    if (message->kind == kControlAttach && self->greeted && attach(self, message, descriptors, count))
        return true;
    if (message->kind == kControlHello)
        good = count == 0 && greet(self, message);
    else if (message->kind == kControlStartSlot)
        good = count == 0 && self->greeted && message->a < kLimitSlots && !self->slots[message->a].started &&
               startWorker(self, message->a);
    closeDescriptors(descriptors, count);
    return good;
}

int HostClient_takeDescriptors(HostClient *self, unsigned slot, uint32_t number, int *descriptors)
{
    int count = -1;
    HostSlot *source = &self->slots[slot];
    pthread_mutex_lock(&self->lock);
    while (!source->attached && !atomic_load(&self->ended))
        pthread_cond_wait(&self->changed, &self->lock);
    if (source->attached && source->number == number) {
        count = (int)source->descriptorCount;
        memcpy(descriptors, source->descriptors, source->descriptorCount * sizeof *descriptors);
        source->attached = false;
        source->descriptorCount = 0;
    }
    pthread_mutex_unlock(&self->lock);
    return count;
}

void HostClient_workerLeaves(HostClient *self)
{
    pthread_mutex_lock(&self->lock);
    self->workers--;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

void HostClient_end(HostClient *self, const char *why)
{
    if (atomic_exchange(&self->ended, true))
        return;
    if (why)
        IOLog("iokitd: %s[%d] is disconnected: malformed message: %s", IOTask_getName(self->task),
              (int)IOTask_getPID(self->task), why);
    shutdown(self->socket, SHUT_RDWR); /* the server's thread sees it close and tears down */
    pthread_mutex_lock(&self->lock);
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

/* Wakes the sleeping threads and waits so long (ns, below a second) for threads to leave. Returns how many have not. */
static unsigned disturbWorkers(HostClient *self, long pause)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += pause;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&self->lock);
    for (unsigned i = 0; i < kLimitSlots; i++)
        if (self->slots[i].started)
            Waiter_disturb(&self->region->slots[i].request);
    int waited = 0;
    while (self->workers > 0 && waited == 0)
        waited = pthread_cond_timedwait(&self->changed, &self->lock, &until);
    unsigned left = self->workers;
    pthread_mutex_unlock(&self->lock);
    return left;
}

static void *tearDown(void *argument)
{
    HostClient *self = argument;
    long pause = kDisturbAgain;
    unsigned left = disturbWorkers(self, pause);
    HandleTable_end(self->handles); /* clientDied of its user clients: what may let a blocked method return */
    for (; left > 0; left = disturbWorkers(self, pause))
        pause = pause < kDisturbRarely ? 2 * pause : kDisturbRarely;
    HostClient_release(self);
    return NULL;
}

void HostClient_tearDown(HostClient *self)
{
    pthread_t thread;
    pthread_attr_t attributes;
    HostClient_end(self, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, tearDown, self) != 0)
        (void)tearDown(self); /* no thread to be had: on this one, late for the others */
    pthread_attr_destroy(&attributes);
}
