/* SPDX-License-Identifier: MIT */
/*
 * A client's process. Everything is constant after creation.
 *
 * Its memory is reached through /proc/pid/mem, opened when it connects. Such a descriptor belongs to the address space,
 * not to the number: it reads nothing when the process has ended or called exec, whoever has the pid by then. (With
 * process_vm_readv a privileged host could be led to the memory of a set-user-ID program: connect, exec, go on from a
 * forked child.) For the moment between connecting and opening there is the owner of the file, which is root as soon as
 * the process has more rights than it connected with.
 *
 * The kernel lets the host write where the client itself may only read, into a private copy of that page; that is the
 * client's own loss.
 */
#include <IOKit/IOTask.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

static void IOTask_free(OSObject *object)
{
    IOTask *self = OSRequiredCast(IOTask, object);
    if (self->memory >= 0)
        close(self->memory);
    IOFreeString(self->name);
    OSObject_super()->free(object);
}

/* The process's memory, or -1. */
static int openMemory(pid_t pid, uid_t uid)
{
    char path[32];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%ld/mem", (long)pid);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    /* By path, so that the kernel looks at the process anew. */
    if (memory >= 0 && (stat(path, &status) != 0 || status.st_uid != uid)) {
        close(memory);
        memory = -1;
    }
    return memory;
}

IOTask *IOTask_withCredentials(pid_t pid, uid_t uid, gid_t gid, const char *name)
{
    IOTask *self = OSTypeAlloc(IOTask);
    if (!self)
        return NULL;
    self->pid = pid;
    self->uid = uid;
    self->gid = gid;
    self->memory = openMemory(pid, uid);
    self->name = IOMallocString(name);
    if (!self->name)
        OSSafeReleaseNULL(self);
    return self;
}

pid_t IOTask_getPID(const IOTask *self)
{
    return self->pid;
}

uid_t IOTask_getUID(const IOTask *self)
{
    return self->uid;
}

gid_t IOTask_getGID(const IOTask *self)
{
    return self->gid;
}

const char *IOTask_getName(const IOTask *self)
{
    return self->name;
}

size_t IOTask_readMemory(const IOTask *self, uint64_t address, void *bytes, size_t length)
{
    size_t done = 0;
    while (done < length && address <= (uint64_t)INT64_MAX - done) {
        ssize_t count = pread(self->memory, (char *)bytes + done, length - done, (off_t)(address + done));
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    return done;
}

size_t IOTask_writeMemory(const IOTask *self, uint64_t address, const void *bytes, size_t length)
{
    size_t done = 0;
    while (done < length && address <= (uint64_t)INT64_MAX - done) {
        ssize_t count = pwrite(self->memory, (const char *)bytes + done, length - done, (off_t)(address + done));
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    return done;
}

bool IOTask_hasEntitlement(const IOTask *self, const char *entitlement)
{
    (void)entitlement; /* nothing on Linux grants one to a program */
    return self->uid == 0;
}

OSDefineClass(IOTask, OSObject, .free = IOTask_free);

static IOTask kernelTask = {
    .super = {.super = {(const OSObjectMethods *)&IOTask_table}, .retainCount = 0xfffe},
    .memory = -1,
    .name = (char[]){"kernel_task"},
};
IOTask *const kernel_task = &kernelTask;
