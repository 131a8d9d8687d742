/* SPDX-License-Identifier: MIT */
/* A client's process. Everything is constant after creation. */
#include <IOKit/IOTask.h>

#include <IOKit/IOLib.h>

static void IOTask_free(OSObject *object)
{
    IOTask *self = OSRequiredCast(IOTask, object);
    IOFreeString(self->name);
    OSObject_super()->free(object);
}

IOTask *IOTask_withCredentials(pid_t pid, uid_t uid, gid_t gid, const char *name)
{
    IOTask *self = OSTypeAlloc(IOTask);
    if (!self)
        return NULL;
    self->pid = pid;
    self->uid = uid;
    self->gid = gid;
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

bool IOTask_hasEntitlement(const IOTask *self, const char *entitlement)
{
    (void)entitlement; /* nothing on Linux grants one to a program */
    return self->uid == 0;
}

OSDefineClass(IOTask, OSObject, .free = IOTask_free);
