/* SPDX-License-Identifier: MIT */
/* What the host and the files of this folder know of a user client beyond its public header. */
#ifndef USERCLIENT_IOUSERCLIENTPRIVATE_H
#define USERCLIENT_IOUSERCLIENTPRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <IOKit/IOUserClient.h>
#include <mach/message.h>

/* C constant once opened; A atomic. */
struct IOUserClientPrivate {
    pthread_rwlock_t lock; /* SEMANTICS 5.14; held while the driver is called */
    IOTask *task;          /* C after initWithTask; owned */
    _Atomic(bool) closed;  /* A; clientClose was called */
    /* A; calls in the driver, and kFinalizeWaits when finalize came meanwhile. */
    _Atomic(uint32_t) calls;
    IOOptionBits finalizeOptions; /* written before kFinalizeWaits is set */
    bool opened;                  /* openLock */
    bool sharedInstance;          /* openLock until opened, then C; and so the rest */
    bool defaultLocking;
    bool lockSetProperties;
    bool singleThread;
};

/*
 * IOServiceOpen: makes the user client, checks what it publishes, lets the task in (SEMANTICS 5.1 to 5.5, 5.10
 * to 5.13). Returns   kIOReturnSuccess and *ret_client, +1; else the reason, and the half-open client is closed and
 * released
 */
IOReturn IOUserClient_open(IOService *service, IOTask *task, uint32_t type, IOUserClient **ret_client);

/* IOServiceClose: clientClose, unless it was called before (SEMANTICS 5.6). */
void IOUserClient_close(IOUserClient *self);
/* The last handle anywhere is gone (SEMANTICS 5.7, 5.8). */
void IOUserClient_noMoreSenders(IOUserClient *self);

/* Calls of clients: under the client's lock, finalize held off meanwhile. */
IOReturn IOUserClient_callExternalMethod(IOUserClient *self, uint32_t selector, IOExternalMethodArguments *arguments);
IOReturn IOUserClient_callTrap(IOUserClient *self, uint32_t index, const uint64_t words[6]);
IOReturn IOUserClient_callSetProperties(IOUserClient *self, OSObject *properties);
IOReturn IOUserClient_callRegisterNotificationPort(IOUserClient *self, IOSendPort *port, uint32_t type,
                                                   uint64_t refCon);
IOReturn IOUserClient_callConnectClient(IOUserClient *self, IOUserClient *client);
IOService *IOUserClient_callGetService(IOUserClient *self) OS_RETURNS_RETAINED;

/* externalMethod of the base class (externalMethod.c). */
IOReturn IOUserClient_externalMethod_(IOUserClient *self, uint32_t selector, IOExternalMethodArguments *arguments,
                                      const IOExternalMethodDispatch *dispatch, OSObject *target, void *reference);

#endif
