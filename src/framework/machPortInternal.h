/* SPDX-License-Identifier: MIT */
/* What the files about ports and messages share. */
#ifndef SRC_FRAMEWORK_MACHPORTINTERNAL_H
#define SRC_FRAMEWORK_MACHPORTINTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include <mach/vm_map.h>

#include "machPort.h"

#pragma GCC visibility push(hidden)

struct MachPort {
    _Atomic(uint32_t) references;
    _Atomic(bool) dead;
    bool isSet;                  /* constant */
    int receiveEnd;              /* constant; of a set: an epoll descriptor with its members' ends */
    int sendEnd;                 /* constant; -1 of a set */
    MachPort *set;               /* owned; the set it is in; the table's lock */
    pthread_mutex_t receiveLock; /* one thread at a time takes a message; a leaf lock */
};

MachPort *machPortRetain(MachPort *port);

/* Adds delta to the send rights of any name, the host's too. */
kern_return_t machPortModifySends(mach_port_t name, mach_port_delta_t delta);

#pragma GCC visibility pop

#endif
