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
    int memory; /* owned: /proc/pid/mem as it was when the process connected; -1: the host may not reach it */
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

/*
 * Copies from (to) an address of a client's program, as it was when it connected: after an exec, or when its pid has
 * become another process's, nothing is moved.
 *   Returns   bytes moved: fewer than length where memory is missing, 0 when the process is gone or out of reach
 *   Context   any thread; may block on the client's page faults
 */
size_t IOTask_readMemory(const IOTask *self, uint64_t address, void *bytes, size_t length);
size_t IOTask_writeMemory(const IOTask *self, uint64_t address, const void *bytes, size_t length);

/*
 * Whether the task has an entitlement (SEMANTICS 5.12). Linux programs carry none, so: root has every one, anybody else
 * none.
 */
bool IOTask_hasEntitlement(const IOTask *self, const char *entitlement);

#endif
