/* SPDX-License-Identifier: MIT */
/*
 * IOTask: a client's process, as the kit sees it: what drivers get where Apple's have a task_t. The credentials are
 * those of the process at the moment it connected, told by Linux, not by the client.
 */
#ifndef _IOKIT_IOTASK_H
#define _IOKIT_IOTASK_H

#include <sys/types.h>

#include <libkern/OSObject.h>

OSDeclareClass(IOTask);
struct IOTask {
    OSObject super;
    pid_t pid; /* constant, and so the rest */
    int pidfd; /* owned: tells whether pid still is that process; -1: it was gone, or is the host's own */
    uid_t uid;
    gid_t gid;
    char *name; /* owned */
};

/* The host itself: whose memory is the kit's and the drivers'. Lives for ever; its pid is 0. */
extern IOTask *const kernel_task;

/* The task of a process; name: its command, copied. NULL without memory. */
IOTask *IOTask_withCredentials(pid_t pid, uid_t uid, gid_t gid, const char *name);

pid_t IOTask_getPID(const IOTask *self);
uid_t IOTask_getUID(const IOTask *self);
gid_t IOTask_getGID(const IOTask *self);
const char *IOTask_getName(const IOTask *self);
/* Whether the process still runs; true for the host. Its pid cannot be another process's before this says false. */
bool IOTask_isAlive(const IOTask *self);

/*
 * Whether the task has an entitlement (SEMANTICS 5.12). Linux programs carry none, so: root has every one, anybody else
 * none.
 */
bool IOTask_hasEntitlement(const IOTask *self, const char *entitlement);

#endif
