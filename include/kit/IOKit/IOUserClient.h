/* SPDX-License-Identifier: MIT */
/*
 * IOUserClient: a program's connection to a driver (IOKit/IOUserClient.h; SEMANTICS 5).
 *
 * IOServiceOpen makes the driver's user client: allocated by the name in the property IOUserClientClass (or by the
 * driver's newUserClient), initWithTask, attach, start. Each call of the program arrives in externalMethod; at the end
 * come clientClose (IOServiceClose) or clientDied (the program died or dropped its last handle), once each.
 *
 * Most drivers need no more than a table:
 *
 *     static const IOExternalMethod EduClient_methods[] = {
 *         [kEduLiveness]  = { EduClient_liveness,  .scalarInputs = 1, .scalarOutputs = 1, .gated = true },
 *     };
 *     IODefineUserClient(EduClient, EduClient_methods);
 *
 * Counts and sizes are checked against the row before the function runs; it gets the driver itself, not the user
 * client.
 *
 * Locking (SEMANTICS 5.14): external methods of one user client run under its lock, shared; exclusively when the
 * property IOUserClientDefaultLockingSingleThreadExternalMethod is true. clientClose, clientDied and notification-port
 * changes are exclusive. Without default locking (IOUserClientDefaultLocking false) the driver has none of this.
 */
#ifndef _IOKIT_IOUSERCLIENT_H
#define _IOKIT_IOUSERCLIENT_H

#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOSendPort.h>
#include <IOKit/IOService.h>
#include <IOKit/IOTask.h>

OSDeclareBaseClass(IOUserClient);

typedef struct IOAsyncReply IOAsyncReply; /* whom an asynchronous call answers; docs/adr/0005 */
typedef struct IOMemoryDescriptor IOMemoryDescriptor;
typedef struct IOUserClientPrivate IOUserClientPrivate;

enum {
    kIOExternalMethodArgumentsCurrentVersion = 2,

    kIOUCVariableStructureSize = 0xffffffffu, /* a count or size of a table row: any */
    kIOUserNotifyOptionCanDrop = 0x1,
};

/*
 * The arguments of one call. All memory is the kit's own: it holds what the client sent at the moment of the call, and
 * what the client does to its own memory afterwards changes nothing. Valid until externalMethod returns.
 */
typedef struct IOExternalMethodArguments {
    uint32_t version; /* kIOExternalMethodArgumentsCurrentVersion */
    uint32_t selector;

    IOAsyncReply *reply; /* borrowed; retain it to answer later. NULL for a synchronous call */

    const uint64_t *scalarInput;
    uint32_t scalarInputCount;

    const void *structureInput;  /* of any size; aligned to 8 bytes */
    uint32_t structureInputSize; /* bytes */
    /* The same bytes when the client sent more than 4096; may be retained beyond the call, else borrowed. Or NULL. */
    IOMemoryDescriptor *structureInputDescriptor;

    uint64_t *scalarOutput;     /* zero when the call begins */
    uint32_t scalarOutputCount; /* in: room; out: how many were written */

    void *structureOutput;        /* of any size; aligned to 8 bytes, zero when the call begins */
    uint32_t structureOutputSize; /* bytes; in: room; out: how many were written */
    IOMemoryDescriptor *structureOutputDescriptor; /* of structureOutput when that is more than 4096 bytes, or NULL */

    /*
     * When not NULL, the client asked for an output of whatever size: the method sets *structureVariableOutputData to
     * an OSData or OSSerialize (+1, the framework releases it) instead of writing structureOutput.
     */
    OSObject **structureVariableOutputData;
} IOExternalMethodArguments;

typedef IOReturn (*IOExternalMethodAction)(OSObject *target, void *reference, IOExternalMethodArguments *arguments);

/* A row of Apple's dispatch table; kIOUCVariableStructureSize in any of the four is "any". */
typedef struct IOExternalMethodDispatch {
    IOExternalMethodAction function;
    uint32_t checkScalarInputCount;
    uint32_t checkStructureInputSize;
    uint32_t checkScalarOutputCount;
    uint32_t checkStructureOutputSize;
} IOExternalMethodDispatch;

/* The same with what macOS 12 added, for IOUserClient_dispatchExternalMethod. */
typedef struct IOExternalMethodDispatch2022 {
    IOExternalMethodAction function;
    uint32_t checkScalarInputCount;
    uint32_t checkStructureInputSize;
    uint32_t checkScalarOutputCount;
    uint32_t checkStructureOutputSize;
    uint8_t allowAsync;
    const char *checkEntitlement; /* NULL: none needed */
} IOExternalMethodDispatch2022;

/* A row of IODefineUserClient's table. What is left out is 0: not taken, not given. */
typedef struct IOExternalMethod {
    IOReturn (*function)(IOService *provider, IOExternalMethodArguments *arguments);
    uint32_t scalarInputs;
    uint32_t scalarOutputs;
    uint32_t structureInput;  /* bytes, or kIOUCVariableStructureSize */
    uint32_t structureOutput; /* bytes, or kIOUCVariableStructureSize */
    bool async;               /* an asynchronous method: it may be called only so, and gets a reply */
    bool gated;               /* with the gate of the provider's work loop closed, as its interrupts and timers */
} IOExternalMethod;

/* A trap: a call of up to six words. */
typedef IOReturn (*IOTrap)(IOService *target, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4, uintptr_t p5,
                           uintptr_t p6);
typedef struct IOExternalTrap {
    IOTrap func;
} IOExternalTrap;

#define IOUserClient_METHODS                                                                                           \
    IOService_METHODS /* After allocation; the superclass's must be called. properties: what newUserClient was given,  \
                         or NULL. */                                                                                   \
        bool (*initWithTask)(IOUserClient * self, IOTask * owningTask, void *securityToken, uint32_t type,             \
                             OSDictionary *properties);                                                                \
    /* The program closed, at most once. Default kIOReturnUnsupported. */                                              \
    IOReturn (*clientClose)(IOUserClient * self);                                                                      \
    /* The last handle went. Default: clientClose unless that was called before, then kIOReturnNotReady. */            \
    IOReturn (*clientDied)(IOUserClient * self);                                                                       \
    /* What IOConnectGetService returns, borrowed. Default NULL. */                                                    \
    IOService *(*getService)(IOUserClient * self);                                                                     \
    /* IOConnectAddClient. Default kIOReturnUnsupported. */                                                            \
    IOReturn (*connectClient)(IOUserClient * self, IOUserClient * client);                                             \
    /* IOConnectSetNotificationPort; port is NULL to clear it, else to be retained. Default kIOReturnUnsupported. */   \
    IOReturn (*registerNotificationPort)(IOUserClient * self, IOSendPort * port, uint32_t type, uint64_t refCon);      \
    /* A call. dispatch, target and reference are what an override found for the selector and hands to its superclass; \
     * NULL when the framework calls. */                                                                               \
    IOReturn (*externalMethod)(IOUserClient * self, uint32_t selector, IOExternalMethodArguments * arguments,          \
                               const IOExternalMethodDispatch *dispatch, OSObject *target, void *reference);           \
    /* The table of IODefineUserClient. Default none. */                                                               \
    const IOExternalMethod *(*getExternalMethods)(const IOUserClient *self, uint32_t *ret_count);                      \
    /* The trap of an index and whom it is called on, borrowed. Default NULL. */                                       \
    const IOExternalTrap *(*getTargetAndTrapForIndex)(IOUserClient * self, IOService * *ret_target, uint32_t index);

struct IOUserClientMethods {
    IOUserClient_METHODS
};

struct IOUserClient {
    IOService super;
    IOUserClientPrivate *core; /* owned; src/userclient/IOUserClientPrivate.h */
};

/*
 * A user client that says everything about itself: when its start is through it must have published
 * IOUserClientDefaultLocking, ...SetProperties and ...SingleThreadExternalMethod, and IOUserClientEntitlements: false,
 * or the name of what an opener needs. Without the former IOServiceOpen fails with kIOReturnError, without the latter
 * with kIOReturnNotPrivileged (SEMANTICS 5.11). Its externalMethod usually is one call of
 * IOUserClient_dispatchExternalMethod.
 */
OSDeclareBaseClass(IOUserClient2022);
#define IOUserClient2022_METHODS IOUserClient_METHODS
struct IOUserClient2022Methods {
    IOUserClient2022_METHODS
};
struct IOUserClient2022 {
    IOUserClient super;
};

/* Calls of the slots. */
bool IOUserClient_initWithTask(IOUserClient *self, IOTask *owningTask, void *securityToken, uint32_t type,
                               OSDictionary *properties);
IOReturn IOUserClient_clientClose(IOUserClient *self);
IOReturn IOUserClient_clientDied(IOUserClient *self);
IOService *IOUserClient_getService(IOUserClient *self);
IOReturn IOUserClient_connectClient(IOUserClient *self, IOUserClient *client);
IOReturn IOUserClient_registerNotificationPort(IOUserClient *self, IOSendPort *port, uint32_t type, uint64_t refCon);
IOReturn IOUserClient_externalMethod(IOUserClient *self, uint32_t selector, IOExternalMethodArguments *arguments,
                                     const IOExternalMethodDispatch *dispatch, OSObject *target, void *reference);
const IOExternalTrap *IOUserClient_getTargetAndTrapForIndex(IOUserClient *self, IOService **ret_target, uint32_t index);

/*
 * Finds the row of a selector, checks it and calls its function (SEMANTICS 5.20).
 *   Returns   kIOReturnError without a table; kIOReturnBadArgument for a selector outside it, an asynchronous call of a
 *             row that does not allow it, or counts that do not fit; kIOReturnNotPrivileged; kIOReturnNoCompletion for
 *             a row without function; else the function's
 */
IOReturn IOUserClient_dispatchExternalMethod(IOUserClient *self, uint32_t selector,
                                             IOExternalMethodArguments *arguments,
                                             const IOExternalMethodDispatch2022 table[], size_t count, OSObject *target,
                                             void *reference);

/* The task that opened it, borrowed; NULL before initWithTask. */
IOTask *IOUserClient_getTask(const IOUserClient *self);

/* What a clientClose usually does: closes the provider if this client has it open, then terminates the client. */
IOReturn IOUserClient_closeAndTerminate(IOUserClient *self);

/*
 * Whether a task has a privilege (SEMANTICS 5.44): kIOClientPrivilegeAdministrator "root", kIOClientPrivilegeLocalUser
 * "local", "console", "foreground", "secureprocess".
 *   securityToken   an IOTask; NULL has no privilege
 *   Returns         kIOReturnSuccess, kIOReturnNotPrivileged, kIOReturnUnsupported for another name
 */
IOReturn IOUserClient_clientHasPrivilege(IOTask *securityToken, const char *privilegeName);

/* The public privileges; IOKitKeysPrivate.h has the others. */
#define kIOClientPrivilegeAdministrator "root"
#define kIOClientPrivilegeLocalUser     "local"
#define kIOClientPrivilegeForeground    "foreground"

/* A user client that is its table: the class, to be exported, derived from IOUserClient. */
#define IODefineUserClient(Name, methodTable)                                                                          \
    OSDeclareClass(Name);                                                                                              \
    struct Name {                                                                                                      \
        IOUserClient super;                                                                                            \
    };                                                                                                                 \
    static const IOExternalMethod *Name##_getExternalMethods(const IOUserClient *self, uint32_t *ret_count)            \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        *ret_count = sizeof methodTable / sizeof methodTable[0];                                                       \
        return methodTable;                                                                                            \
    }                                                                                                                  \
    OSDefineClass(Name, IOUserClient, .getExternalMethods = Name##_getExternalMethods,                                 \
                  .clientClose = IOUserClient_closeAndTerminate)

#endif
