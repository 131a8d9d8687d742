/* SPDX-License-Identifier: MIT */
/*
 * IOUserClient: the class, and the calls that the host makes on it.
 *
 * Every call of a client into the driver is counted while it runs. finalize, which leads to stop and free, waits for
 * them: the last call that returns runs it (SEMANTICS 4.30). The lock that calls hold, and the count, are in caller.c.
 */
#include "IOUserClientPrivate.h"

#include <IOKit/IOLib.h>
#include <libkern/OSBoolean.h>

/* ---- Calls of clients ---- */

void IOUserClient_runFinalize(IOUserClient *self)
{
    (void)IOService_super()->finalize(&self->super, self->core->finalizeOptions); /* always true */
}

static IOUserClientLock exclusiveIf(bool needed)
{
    return needed ? kUserClientExclusive : kUserClientUnlocked;
}

IOReturn IOUserClient_callTrap(IOUserClient *self, uint32_t index, const uint64_t words[6])
{
    IOService *target = NULL;
    IOReturn result = kIOReturnSuccess;
    IOUserClient_enter(self, kUserClientUnlocked);
    const IOExternalTrap *trap = IOUserClient_getTargetAndTrapForIndex(self, &target, index);
    if (trap && target && trap->func)
        result = trap->func(target, words[0], words[1], words[2], words[3], words[4], words[5]);
    IOUserClient_leave(self, kUserClientUnlocked);
    return result;
}

IOReturn IOUserClient_callSetProperties(IOUserClient *self, OSObject *properties)
{
    IOUserClientLock lock = exclusiveIf(self->core->lockSetProperties);
    IOUserClient_enter(self, lock);
    IOReturn result = IORegistryEntry_setProperties(&self->super.super, properties);
    IOUserClient_leave(self, lock);
    return result;
}

IOReturn IOUserClient_callRegisterNotificationPort(IOUserClient *self, IOSendPort *port, uint32_t type, uint64_t refCon)
{
    IOUserClientLock lock = exclusiveIf(self->core->defaultLocking);
    IOUserClient_enter(self, lock);
    IOReturn result = IOUserClient_registerNotificationPort(self, port, type, refCon);
    IOUserClient_leave(self, lock);
    return result;
}

IOReturn IOUserClient_callConnectClient(IOUserClient *self, IOUserClient *client)
{
    IOUserClientLock lock = exclusiveIf(self->core->defaultLocking);
    IOUserClient_enter(self, lock);
    IOReturn result = IOUserClient_connectClient(self, client);
    IOUserClient_leave(self, lock);
    return result;
}

IOService *IOUserClient_callGetService(IOUserClient *self)
{
    IOUserClientLock lock = exclusiveIf(self->core->defaultLocking);
    IOUserClient_enter(self, lock);
    IOService *service = OSRetain(IOUserClient_getService(self));
    IOUserClient_leave(self, lock);
    return service;
}

void IOUserClient_close(IOUserClient *self)
{
    if (!self->core->sharedInstance && atomic_exchange(&self->core->closed, true)) {
        IOLog("%s: closed again; ignored", OSObject_getClassName(OSObjectOf(self)));
        return;
    }
    IOUserClientLock lock = exclusiveIf(self->core->defaultLocking);
    IOUserClient_enter(self, lock);
    (void)IOUserClient_clientClose(self); /* the client's close succeeds whatever the driver says */
    IOUserClient_leave(self, lock);
}

void IOUserClient_noMoreSenders(IOUserClient *self)
{
    IOUserClient_enter(self, kUserClientExclusive);
    (void)IOUserClient_clientDied(self); /* nobody is left to tell */
    IOUserClient_leave(self, kUserClientExclusive);
}

/* ---- The slots' base implementations ---- */

static bool IOUserClient_init_(IORegistryEntry *entry, OSDictionary *properties)
{
    IOUserClient *self = OSRequiredCast(IOUserClient, entry);
    if (!self->core) {
        self->core = IOMallocZero(sizeof *self->core);
        if (!self->core)
            return false;
        pthread_mutex_init(&self->core->lock, NULL);
        pthread_cond_init(&self->core->changed, NULL);
    }
    return IOService_super()->init(entry, properties);
}

static void IOUserClient_free_(OSObject *object)
{
    IOUserClient *self = OSRequiredCast(IOUserClient, object);
    if (self->core) {
        OSRelease(self->core->task);
        pthread_cond_destroy(&self->core->changed);
        pthread_mutex_destroy(&self->core->lock);
        IOFree(self->core, sizeof *self->core);
    }
    IOService_super()->free(object);
}

static bool IOUserClient_initWithTask_(IOUserClient *self, IOTask *owningTask, void *securityToken, uint32_t type,
                                       OSDictionary *properties)
{
    (void)securityToken, (void)type;
    if (!IORegistryEntry_init(&self->super.super, properties))
        return false;
    self->core->task = OSRetain(owningTask);
    return true;
}

static bool IOUserClient_finalize_(IOService *service, IOOptionBits options)
{
    IOUserClient *self = OSRequiredCast(IOUserClient, service);
    if (!IOUserClient_finalizeWaits(self, options))
        IOUserClient_runFinalize(self);
    return true;
}

static IOReturn IOUserClient_clientClose_(IOUserClient *self)
{
    (void)self;
    return kIOReturnUnsupported;
}

static IOReturn IOUserClient_clientDied_(IOUserClient *self)
{
    if (!self->core->sharedInstance && atomic_exchange(&self->core->closed, true))
        return kIOReturnNotReady;
    return IOUserClient_clientClose(self);
}

static IOService *IOUserClient_getService_(IOUserClient *self)
{
    (void)self;
    return NULL;
}

static IOReturn IOUserClient_connectClient_(IOUserClient *self, IOUserClient *client)
{
    (void)self, (void)client;
    return kIOReturnUnsupported;
}

static IOReturn IOUserClient_registerNotificationPort_(IOUserClient *self, IOSendPort *port, uint32_t type,
                                                       uint64_t refCon)
{
    (void)self, (void)port, (void)type, (void)refCon;
    return kIOReturnUnsupported;
}

static const IOExternalMethod *IOUserClient_getExternalMethods_(const IOUserClient *self, uint32_t *ret_count)
{
    (void)self, (void)ret_count;
    return NULL;
}

static const IOExternalTrap *IOUserClient_getTargetAndTrapForIndex_(IOUserClient *self, IOService **ret_target,
                                                                    uint32_t index)
{
    (void)self, (void)ret_target, (void)index;
    return NULL;
}

/* ---- Calls of the slots, helpers ---- */

bool IOUserClient_initWithTask(IOUserClient *self, IOTask *owningTask, void *securityToken, uint32_t type,
                               OSDictionary *properties)
{
    return OSMethodsOf(IOUserClient, self)->initWithTask(self, owningTask, securityToken, type, properties);
}

IOReturn IOUserClient_clientClose(IOUserClient *self)
{
    return OSMethodsOf(IOUserClient, self)->clientClose(self);
}

IOReturn IOUserClient_clientDied(IOUserClient *self)
{
    return OSMethodsOf(IOUserClient, self)->clientDied(self);
}

IOService *IOUserClient_getService(IOUserClient *self)
{
    return OSMethodsOf(IOUserClient, self)->getService(self);
}

IOReturn IOUserClient_connectClient(IOUserClient *self, IOUserClient *client)
{
    return OSMethodsOf(IOUserClient, self)->connectClient(self, client);
}

IOReturn IOUserClient_registerNotificationPort(IOUserClient *self, IOSendPort *port, uint32_t type, uint64_t refCon)
{
    return OSMethodsOf(IOUserClient, self)->registerNotificationPort(self, port, type, refCon);
}

IOReturn IOUserClient_externalMethod(IOUserClient *self, uint32_t selector, IOExternalMethodArguments *arguments,
                                     const IOExternalMethodDispatch *dispatch, OSObject *target, void *reference)
{
    return OSMethodsOf(IOUserClient, self)->externalMethod(self, selector, arguments, dispatch, target, reference);
}

const IOExternalTrap *IOUserClient_getTargetAndTrapForIndex(IOUserClient *self, IOService **ret_target, uint32_t index)
{
    return OSMethodsOf(IOUserClient, self)->getTargetAndTrapForIndex(self, ret_target, index);
}

IOTask *IOUserClient_getTask(const IOUserClient *self)
{
    return self->core ? self->core->task : NULL;
}

IOReturn IOUserClient_closeAndTerminate(IOUserClient *self)
{
    IOService *provider = IOService_copyProvider(&self->super);
    if (provider && IOService_isOpen(provider, &self->super))
        IOService_close(provider, &self->super, 0);
    OSRelease(provider);
    return IOService_terminate(&self->super, 0) ? kIOReturnSuccess : kIOReturnNoMemory;
}

OSDefineBaseClass(IOUserClient, IOService, .free = IOUserClient_free_, .init = IOUserClient_init_,
                  .finalize = IOUserClient_finalize_, .initWithTask = IOUserClient_initWithTask_,
                  .clientClose = IOUserClient_clientClose_, .clientDied = IOUserClient_clientDied_,
                  .getService = IOUserClient_getService_, .connectClient = IOUserClient_connectClient_,
                  .registerNotificationPort = IOUserClient_registerNotificationPort_,
                  .externalMethod = IOUserClient_externalMethod_,
                  .getExternalMethods = IOUserClient_getExternalMethods_,
                  .getTargetAndTrapForIndex = IOUserClient_getTargetAndTrapForIndex_);
OSDefineBaseClass(IOUserClient2022, IOUserClient);
