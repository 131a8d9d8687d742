/* SPDX-License-Identifier: MIT */
/* A connection's fields; connection.c makes and ends it, call.c uses its slots. */
#ifndef FRAMEWORK_CONNECTIONPRIVATE_H
#define FRAMEWORK_CONNECTIONPRIVATE_H

#include <pthread.h>

#include "connection.h"
#include "protocol/descriptors.h"
#include "protocol/waiter.h"

/* Who claimed a slot owns its fields but `attached`. */
typedef struct ClientSlot {
    _Alignas(kWireCacheLine) _Atomic(bool) busy;
    bool started;    /* the host has a thread for it */
    uint32_t number; /* of the last call */
    Waiter waiter;
    int attached; /* the reply's payload, or -1; the connection's lock */
} ClientSlot;

struct Connection {
    int socket;
    WireRegion *region;        /* NULL once taken back */
    _Atomic(bool) ended;       /* the host is gone; set once */
    bool watched;              /* lock; the watcher has not left */
    pthread_mutex_t lock;      /* a leaf: nothing is taken or called with it held */
    pthread_cond_t changed;    /* a slot was given back while somebody waited, a payload came, or the end */
    _Atomic(unsigned) waiting; /* threads without a slot; changed with the lock held */
    Connection *nextRetired;   /* the process's connection lock */
    ClientSlot slots[kLimitSlots];
};

/* The connection to use, connecting if there is none; NULL when no host can be reached. */
Connection *Connection_get(bool reconnect);

/* Makes the host's handles ports of this process (machPort.h); once, before the first. */
void Connection_offerHandles(void);

/* Claims a slot, waiting for one if all are taken. False when the connection has ended. */
bool Connection_claimSlot(Connection *self, unsigned *ret_slot);
void Connection_giveSlotBack(Connection *self, unsigned slot);

#endif
