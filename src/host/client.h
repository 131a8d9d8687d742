/* SPDX-License-Identifier: MIT */
/*
 * A client: one connection of one process. Everything that it holds in the host hangs on this.
 *
 *   greeting ---- hello of the right version ----> served ---- its socket closes, or a malformed message ----> ended
 *
 * In `served` each slot that the client started has a thread of the host (slotWorker.c). In `ended` the threads leave,
 * the handles go back on a thread of their own, and the last reference frees the rest.
 */
#ifndef HOST_CLIENT_H
#define HOST_CLIENT_H

#include <pthread.h>
#include <stdatomic.h>

#include <IOKit/IOTask.h>

#include "handleTable.h"
#include "protocol/waiter.h"
#include "protocol/wire.h"

typedef struct HostClient HostClient;

/* L: the client's lock; W: the slot's thread only. */
typedef struct HostSlot {
    bool started;                         /* L; has a thread */
    bool attached;                        /* L; the descriptors of call `number` came */
    uint32_t number;                      /* L */
    unsigned descriptorCount;             /* L */
    int descriptors[kWireDescriptorsMax]; /* L; owned */
    Waiter waiter;                        /* W */
} HostSlot;

/* C: constant; L: lock; M: the server's thread only. */
struct HostClient {
    _Atomic(unsigned) references;
    int socket;             /* C; owned. The server's thread receives, slot threads send */
    IOTask *task;           /* C; owned */
    HandleTable *handles;   /* C; owned */
    WireRegion *region;     /* M until served, then C; owned mapping */
    bool greeted;           /* M */
    _Atomic(bool) ended;    /* set once */
    pthread_mutex_t lock;   /* a leaf */
    pthread_cond_t changed; /* descriptors came, a thread left, or the end */
    unsigned workers;       /* L; threads alive */
    HostSlot slots[kLimitSlots];
    _Atomic(uint64_t) payloadBytes;  /* of messages being served: kLimitPayloads */
    _Atomic(unsigned) notifications; /* notification objects alive: kLimitNotifications */
    HostClient *next, *previous;     /* M; the server's list */
};

/* Takes over the socket (also on failure); credentials are the socket's. NULL: logged. */
HostClient *HostClient_create(int socket);
void HostClient_retain(HostClient *self);
void HostClient_release(HostClient *self);

/* A packet came from the client. False: it was malformed or the client cannot be served; the caller ends it. */
bool HostClient_handleControl(HostClient *self, const ControlMessage *message, int *descriptors, unsigned count);

/* Marks the client as ended and wakes its threads; why (NULL: it left) is logged once. Any thread. */
void HostClient_end(HostClient *self, const char *why);

/* After the end, by the server's thread: lets the threads leave and gives the handles back, on a thread of its own. */
void HostClient_tearDown(HostClient *self);

/*
 * The descriptors of call number in a slot, waiting until the server's thread has received them.
 *   Returns   how many, now the caller's; -1 when the client ended
 */
int HostClient_takeDescriptors(HostClient *self, unsigned slot, uint32_t number, int *descriptors);

/* The thread of a slot (slotWorker.c); the argument is a SlotWork, which it frees. */
typedef struct SlotWork {
    HostClient *client; /* a reference */
    unsigned slot;
} SlotWork;
void *slotWorker(void *argument);
/* Called by a slot's thread as the last thing. */
void HostClient_workerLeaves(HostClient *self);

#endif
