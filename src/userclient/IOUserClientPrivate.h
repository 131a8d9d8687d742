/* SPDX-License-Identifier: MIT */
/* What the host and the files of this folder know of a user client beyond its public header. */
#ifndef USERCLIENT_IOUSERCLIENTPRIVATE_H
#define USERCLIENT_IOUSERCLIENTPRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <IOKit/IOUserClient.h>
#include <mach/message.h>

/* A thread that calls the same user client again and again; in the thread's memory (caller.c). Zero-filled at first. */
typedef struct IOUserClientCaller {
    _Atomic(uint32_t) state;
    IOUserClient *client; /* borrowed; valid between enter and leave */
    struct IOUserClientCaller *next;
} IOUserClientCaller;

/* C constant once opened; A atomic; L lock. */
struct IOUserClientPrivate {
    pthread_mutex_t lock;         /* a leaf (caller.c) */
    pthread_cond_t changed;       /* with lock: fewer readers, or no writer */
    IOUserClientCaller *callers;  /* L; records that are ready or busy */
    uint32_t readers;             /* L; calls that share, but those of records */
    uint32_t writersWanted;       /* L; calls that have the lock alone or wait for it */
    bool isWritten;               /* L */
    uint32_t calls;               /* L; in the driver, but those of records */
    bool finalizing;              /* L; finalize has come */
    bool finalizeWaits;           /* L; the last call runs it */
    IOOptionBits finalizeOptions; /* L */
    IOTask *task;                 /* C after initWithTask; owned */
    _Atomic(bool) closed;         /* A; clientClose was called */
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

/* How a call of a client holds the user client's lock. */
typedef enum IOUserClientLock { kUserClientUnlocked, kUserClientShared, kUserClientExclusive } IOUserClientLock;

/* Around each call of a client into the driver: takes the lock, and holds finalize off. The caller has a reference. */
void IOUserClient_enter(IOUserClient *self, IOUserClientLock lock);
void IOUserClient_leave(IOUserClient *self, IOUserClientLock lock);
/* The same around externalMethod, with the lock that the driver asked for (SEMANTICS 5.14): for leave. */
IOUserClientLock IOUserClient_enterMethod(IOUserClient *self);
/* finalize has come: whether calls are in the driver, the last of which runs it. */
bool IOUserClient_finalizeWaits(IOUserClient *self, IOOptionBits options);
void IOUserClient_runFinalize(IOUserClient *self);

/*
 * Leaves the record with the user client, to which the thread has a handle and a reference. False: it takes none now.
 * The thread then makes sure that the handle is still held, else forgets: whoever takes the handle away revokes after.
 */
bool IOUserClientCaller_adopt(IOUserClientCaller *self, IOUserClient *client);
/* Enters an external method without a lock or a reference: the user client, borrowed until leave; NULL when the record
 * has been revoked or there is none. */
IOUserClient *IOUserClientCaller_enter(IOUserClientCaller *self);
/* May free the user client. */
void IOUserClientCaller_leave(IOUserClientCaller *self);
/* Takes the record back, if it is there; not between enter and leave. */
void IOUserClientCaller_forget(IOUserClientCaller *self);
/* Takes all records away: a handle is no longer held. Who is in a method goes on, with a reference. */
void IOUserClient_revokeCallers(IOUserClient *self);

/* Calls of clients: under the client's lock, finalize held off meanwhile. */
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
