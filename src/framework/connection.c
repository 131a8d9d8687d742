/* SPDX-License-Identifier: MIT */
/*
 * The connection: made by the first call, replaced after fork and when its host died.
 *
 *   none ---- the first call: connect, hello, map the region, start the watcher ----> live
 *   live ---- the watcher sees the socket close: `ended`, every waiting thread woken ----> ended
 *   ended --- the next call to the host itself: retired, its region unmapped when no slot is busy ----> (a new one)
 *
 * The watcher is a thread that sleeps in recvmsg: it takes the payloads of replies that do not fit a slot, and learns
 * of the host's end. It blocks every signal and owns nothing.
 *
 * A Connection is never freed, only its region and socket are: a thread may have read `current` just before it was
 * retired. Such a thread claims a slot, then looks at `ended`; whoever retires has set `ended`, then looks at the
 * slots: one of the two sees the other.
 *
 * Locks: processLock (connecting, retiring, fork), then a connection's lock.
 */
#include "connectionPrivate.h"
#include "protocol/client.h"
#include "protocol/hostPath.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static pthread_mutex_t processLock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(Connection *) current;
static Connection *retired; /* processLock */
static pthread_once_t processOnce = PTHREAD_ONCE_INIT;
static _Thread_local unsigned lastSlot; /* where this thread looks first */

static int connectSocket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!hostPath(address.sun_path, sizeof address.sun_path))
        return -1;
    int channel = moveAboveStandard(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (channel >= 0 && connect(channel, (struct sockaddr *)&address, sizeof address) != 0) {
        close(channel);
        return -1;
    }
    return channel;
}

/* The hello and its answer: the region, mapped; NULL when the host refuses or is none of ours. */
static WireRegion *greet(int channel)
{
    ControlMessage hello = {kControlHello, kProtocolMagic, kProtocolVersion, 0}, answer;
    int descriptors[kWireDescriptorsMax];
    unsigned count = 0;
    if (!sendControl(channel, &hello, NULL, 0) || receiveControl(channel, 0, &answer, descriptors, &count) != 1)
        return NULL;
    WireRegion *region = NULL;
    if (answer.kind == kControlWelcome && answer.a == kProtocolVersion && answer.b == 0 && count == 1) {
        region = mmap(NULL, sizeof *region, PROT_READ | PROT_WRITE, MAP_SHARED, descriptors[0], 0);
        if (region == MAP_FAILED)
            region = NULL;
        else
            (void)madvise(region, sizeof *region, MADV_DONTFORK); /* a child that scribbles harms only its parent */
    }
    closeDescriptors(descriptors, count);
    return region;
}

static void fileReply(Connection *self, const ControlMessage *message, int *descriptors, unsigned count)
{
    if (message->kind != kControlAttach || message->a >= kLimitSlots || count != 1) {
        closeDescriptors(descriptors, count);
        return;
    }
    pthread_mutex_lock(&self->lock);
    int *place = &self->slots[message->a].attached;
    closeDescriptors(place, 1);
    *place = descriptors[0];
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void *watch(void *argument)
{
    Connection *self = argument;
    ControlMessage message;
    int descriptors[kWireDescriptorsMax];
    unsigned count;
    while (receiveControl(self->socket, 0, &message, descriptors, &count) == 1)
        fileReply(self, &message, descriptors, count);
    atomic_store(&self->ended, true);
    shutdown(self->socket, SHUT_RDWR);
    pthread_mutex_lock(&self->lock);
    for (unsigned i = 0; i < kLimitSlots; i++)
        Waiter_disturb(&self->region->slots[i].reply);
    self->watched = false;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

static bool startWatcher(Connection *self)
{
    sigset_t all, before;
    pthread_t watcher;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    self->watched = true;
    int error = pthread_create(&watcher, &attributes, watch, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error == 0;
}

static Connection *makeConnection(void)
{
    int channel = connectSocket();
    if (channel < 0)
        return NULL;
    WireRegion *region = greet(channel);
    Connection *self = region ? aligned_alloc(_Alignof(Connection), sizeof *self) : NULL;
    if (self) {
        memset(self, 0, sizeof *self);
        self->socket = channel;
        self->region = region;
        pthread_mutex_init(&self->lock, NULL);
        pthread_cond_init(&self->changed, NULL);
        for (unsigned i = 0; i < kLimitSlots; i++)
            self->slots[i].attached = -1;
        if (startWatcher(self))
            return self;
        free(self);
    }
    if (region)
        munmap(region, sizeof *region);
    close(channel);
    return NULL;
}

static bool anySlotBusy(Connection *self)
{
    for (unsigned i = 0; i < kLimitSlots; i++)
        if (atomic_load(&self->slots[i].busy))
            return true;
    return false;
}

static void takeBack(Connection *self)
{
    munmap(self->region, sizeof *self->region);
    self->region = NULL;
    close(self->socket);
    self->socket = -1;
    for (unsigned i = 0; i < kLimitSlots; i++)
        closeDescriptors(&self->slots[i].attached, self->slots[i].attached >= 0);
}

/* Takes back what ended connections still hold. processLock is held. */
static void sweepRetired_locked(void)
{
    for (Connection *each = retired; each; each = each->nextRetired) {
        pthread_mutex_lock(&each->lock);
        if (each->region && !each->watched && !anySlotBusy(each))
            takeBack(each);
        pthread_mutex_unlock(&each->lock);
    }
}

static void retire_locked(Connection *self)
{
    self->nextRetired = retired;
    retired = self;
    atomic_store(&current, NULL);
}

static void beforeFork(void)
{
    pthread_mutex_lock(&processLock);
}

static void afterForkInParent(void)
{
    pthread_mutex_unlock(&processLock);
}

/* The child has neither the region (MADV_DONTFORK) nor the watcher, and must not keep the parent's socket open. */
static void afterForkInChild(void)
{
    Connection *self = atomic_load(&current);
    if (self)
        retire_locked(self);
    for (Connection *each = retired; each; each = each->nextRetired) {
        atomic_store(&each->ended, true);
        if (each->region)
            close(each->socket);
        each->socket = -1;
        each->region = NULL;
    }
    pthread_mutex_unlock(&processLock);
}

static void prepareProcess(void)
{
    (void)pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
    Connection_offerHandles();
}

Connection *Connection_get(bool reconnect)
{
    Connection *self = atomic_load_explicit(&current, memory_order_acquire);
    if (self && (!reconnect || !atomic_load_explicit(&self->ended, memory_order_acquire)))
        return self;
    pthread_once(&processOnce, prepareProcess);
    pthread_mutex_lock(&processLock);
    self = atomic_load(&current);
    if (self && atomic_load(&self->ended)) {
        if (reconnect)
            retire_locked(self);
        self = reconnect ? NULL : self;
    }
    if (!self) {
        sweepRetired_locked();
        self = makeConnection();
        atomic_store(&current, self);
    }
    pthread_mutex_unlock(&processLock);
    return self;
}

void iokit_connection_end(void)
{
    pthread_mutex_lock(&processLock);
    Connection *self = atomic_load(&current);
    if (self) {
        retire_locked(self);
        shutdown(self->socket, SHUT_RDWR); /* the watcher sees it, and the host */
        pthread_mutex_lock(&self->lock);
        while (self->watched)
            pthread_cond_wait(&self->changed, &self->lock);
        pthread_mutex_unlock(&self->lock);
    }
    sweepRetired_locked();
    pthread_mutex_unlock(&processLock);
}

static bool tryClaim(Connection *self, unsigned slot)
{
    bool free = false;
    return !atomic_load_explicit(&self->slots[slot].busy, memory_order_relaxed) &&
           atomic_compare_exchange_strong(&self->slots[slot].busy, &free, true);
}

static bool tryClaimAny(Connection *self, unsigned *ret_slot)
{
    if (tryClaim(self, lastSlot)) {
        *ret_slot = lastSlot;
        return true;
    }
    for (unsigned i = 0; i < kLimitSlots; i++)
        if (tryClaim(self, i)) {
            *ret_slot = lastSlot = i;
            return true;
        }
    return false;
}

/* All are taken: sleeps until one is given back. */
static bool waitAndClaim(Connection *self, unsigned *ret_slot)
{
    bool claimed = false;
    pthread_mutex_lock(&self->lock);
    atomic_fetch_add(&self->waiting, 1);
    while (!atomic_load(&self->ended) && !(claimed = tryClaimAny(self, ret_slot)))
        pthread_cond_wait(&self->changed, &self->lock);
    atomic_fetch_sub(&self->waiting, 1);
    pthread_mutex_unlock(&self->lock);
    return claimed;
}

bool Connection_claimSlot(Connection *self, unsigned *ret_slot)
{
    if (!tryClaimAny(self, ret_slot) && !waitAndClaim(self, ret_slot))
        return false;
    if (!atomic_load(&self->ended))
        return true;
    Connection_giveSlotBack(self, *ret_slot);
    return false;
}

void Connection_giveSlotBack(Connection *self, unsigned slot)
{
    atomic_store(&self->slots[slot].busy, false);
    if (atomic_load(&self->waiting) == 0)
        return;
    pthread_mutex_lock(&self->lock);
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}
