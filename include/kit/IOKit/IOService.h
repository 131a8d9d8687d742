/* SPDX-License-Identifier: MIT */
/*
 * IOService: the base class of every driver and nub (IOKit/IOService.h; SEMANTICS 3b to 3e, 4).
 *
 * A service lives so: init, attach to a provider, registerService; matching then finds, probes and starts drivers on
 * it; at the end terminate takes it and its clients out of the tree in three phases. In the service plane a parent is a
 * provider, a child a client. src/service has the machinery, one file for each part of it.
 *
 * "Arbitration" is a lock of each service (IOService_lockForArbitration): the only one that the kit holds while it
 * calls a driver's method, and only for the methods that say so.
 */
#ifndef _IOKIT_IOSERVICE_H
#define _IOKIT_IOSERVICE_H

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOMessage.h>
#include <IOKit/IONotifier.h>
#include <IOKit/IORegistryEntry.h>
#include <IOKit/IOReturn.h>
#include <IOKit/IOTypes.h>

typedef struct IODeviceMemory   IODeviceMemory;
typedef struct IOMemoryMap      IOMemoryMap;
typedef struct IOUserClient     IOUserClient;
typedef struct IOWorkLoop       IOWorkLoop;
typedef struct IOTask           IOTask; /* a client's process: IOUserClient.h */
typedef struct OSArray          OSArray;
typedef struct OSIterator       OSIterator;
typedef struct OSOrderedSet     OSOrderedSet;
typedef struct OSString         OSString;
typedef struct IOServicePrivate IOServicePrivate;

OSDeclareBaseClass(IOService);

/* The planes every host has; constant from IOKit_initialize on. */
extern const IORegistryPlane *gIOServicePlane;
extern const IORegistryPlane *gIOPowerPlane;

/* The bits of IOService_getState. */
enum {
    kIOServiceInactiveState           = 0x00000001, /* terminated: phase 1 has passed it */
    kIOServiceRegisteredState         = 0x00000002,
    kIOServiceMatchedState            = 0x00000004, /* a matching pass has ended */
    kIOServiceFirstPublishState       = 0x00000008,
    kIOServiceFirstMatchState         = 0x00000010,
    kIOServiceUserInvisibleMatchState = 0x80000000u,
};

/* Options of registerService, terminate, open and the like. */
enum {
    kIOServiceExclusive            = 0x00000001,
    kIOServiceRequired             = 0x00000001, /* of terminate: cannot be refused any more */
    kIOServiceSeize                = 0x00000001, /* of open: ask the owner to close */
    kIOServiceTerminate            = 0x00000004,
    kIOServiceSynchronous          = 0x00000002,
    kIOServiceAsynchronous         = 0x00000008,
    kIOServiceTerminateWithRematch = 0x00000010, /* the provider is registered again after the detach */
};

enum { kIODefaultProbeScore = 0 };

#define IOService_METHODS                                                                                              \
    IORegistryEntry_METHODS                                                                                            \
    /* Life, in this order. attach: links to the provider; false when that is inactive or full. provider NULL: below   \
     * the registry root. probe: the instance to start (self or another, borrowed), NULL to decline; *score comes from \
     * the personality. start: true when the driver works; one that fails undoes its own work. stop: gives back what   \
     * start took. detach: unlinks. */                                                                                 \
    bool (*attach)(IOService *self, IOService *provider);                                                              \
    void (*detach)(IOService *self, IOService *provider);                                                              \
    IOService *(*probe)(IOService *self, IOService *provider, int32_t *score);                                         \
    bool (*start)(IOService *self, IOService *provider);                                                               \
    void (*stop)(IOService *self, IOService *provider);                                                                \
    /* Matching, asked of the nub. matchPropertyTable: the family's own keys; default accepts. May change *score.      \
     * matchLocation: where the dictionary of IOLocationMatch is tried (borrowed or NULL); default asks the provider.  \
     * getResources: an error keeps drivers from being probed; default success. */                                     \
    bool (*matchPropertyTable)(IOService *self, OSDictionary *table, int32_t *score);                                  \
    IOService *(*matchLocation)(IOService *self, IOService *client);                                                   \
    IOReturn (*getResources)(IOService *self);                                                                         \
    IOReturn (*requestProbe)(IOService *self, IOOptionBits options);                                                   \
    /* A provider's message to its client. argument: what the type says. Default kIOReturnUnsupported. */              \
    IOReturn (*message)(IOService *self, uint32_t type, IOService *provider, void *argument);                          \
    /* Open and close. The handle... three run under the arbitration of self; default: one owner. forClient may be     \
     * NULL in handleIsOpen: anybody. */                                                                               \
    bool (*open)(IOService *self, IOService *forClient, IOOptionBits options, void *argument);                         \
    void (*close)(IOService *self, IOService *forClient, IOOptionBits options);                                        \
    bool (*handleOpen)(IOService *self, IOService *forClient, IOOptionBits options, void *argument);                   \
    void (*handleClose)(IOService *self, IOService *forClient, IOOptionBits options);                                  \
    bool (*handleIsOpen)(const IOService *self, const IOService *forClient);                                           \
    /* Termination, in this order; IOService_terminate and src/service/termination.c have the whole story. */          \
    bool (*terminate)(IOService *self, IOOptionBits options);                                                          \
    bool (*requestTerminate)(IOService *self, IOService *provider, IOOptionBits options);                              \
    bool (*terminateClient)(IOService *self, IOService *client, IOOptionBits options);                                 \
    bool (*willTerminate)(IOService *self, IOService *provider, IOOptionBits options);                                 \
    bool (*didTerminate)(IOService *self, IOService *provider, IOOptionBits options, bool *defer);                     \
    bool (*finalize)(IOService *self, IOOptionBits options);                                                           \
    /* Clients' doors. newUserClient: *ret_client +1, untouched on failure. callPlatformFunction: default the          \
     * provider's, kIOReturnUnsupported at the top. getWorkLoop: borrowed; default the provider's. */                  \
    IOReturn (*newUserClient)(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,                    \
                              OSDictionary *properties, IOUserClient **ret_client);                                    \
    IOReturn (*callPlatformFunction)(IOService *self, const OSSymbol *functionName, bool waitForFunction,              \
                                     void *param1, void *param2, void *param3, void *param4);                          \
    IOWorkLoop *(*getWorkLoop)(IOService *self);

struct IOServiceMethods {
    IOService_METHODS
};

struct IOService {
    IORegistryEntry   super;
    IOServicePrivate *core; /* owned; src/service/IOServicePrivate.h */
};

/* --- life ------------------------------------------------------------------------------------------------------- */

/* init is IORegistryEntry_init: properties may be NULL. */
bool       IOService_init(IOService *self, OSDictionary *properties);
bool       IOService_attach(IOService *self, IOService *provider);
void       IOService_detach(IOService *self, IOService *provider);
IOService *IOService_probe(IOService *self, IOService *provider, int32_t *score);
bool       IOService_start(IOService *self, IOService *provider);
void       IOService_stop(IOService *self, IOService *provider);

/*
 * Publishes the service: notifications fire, drivers are matched, probed and started on it. Calling it again asks for
 * another pass. Not connected to the registry root: logs and does nothing.
 *   options   kIOServiceSynchronous: returns when matching, and what it started, is quiet; kIOServiceAsynchronous: a
 *             thread of the pool does it; neither: as the provider was matched, asynchronously by default
 *   Context   any thread, also inside start; without memory or thread the pass is logged as lost
 */
void IOService_registerService(IOService *self);
void IOService_registerServiceWithOptions(IOService *self, IOOptionBits options);
/* The same without the check of the connection and without the log. */
void IOService_startMatching(IOService *self, IOOptionBits options);

/* The state bits above. A snapshot: any thread. */
IOOptionBits IOService_getState(const IOService *self);
bool         IOService_isInactive(const IOService *self);

/* --- the tree --------------------------------------------------------------------------------------------------- */

/* First provider, first client: borrowed, valid while the link lasts; the copy forms are safe from any thread. */
IOService *IOService_getProvider(const IOService *self);
IOService *IOService_copyProvider(const IOService *self);
IOService *IOService_getClient(const IOService *self);
IOService *IOService_copyClient(const IOService *self);
/* Snapshots of the links, NULL without memory. */
OSIterator *IOService_getProviderIterator(const IOService *self) OS_RETURNS_RETAINED;
OSIterator *IOService_getClientIterator(const IOService *self) OS_RETURNS_RETAINED;
/* Those providers that self has open, and those clients that have self open. */
OSIterator *IOService_getOpenProviderIterator(const IOService *self) OS_RETURNS_RETAINED;
OSIterator *IOService_getOpenClientIterator(const IOService *self) OS_RETURNS_RETAINED;
/* The active client whose IOMatchCategory is category, +1, or NULL. */
IOService *IOService_copyClientWithCategory(const IOService *self, const OSSymbol *category);
/* IOPlatformExpertDevice, borrowed; NULL before IOKit_initialize. */
IOService *IOService_getServiceRoot(void);
/* IOResources and IOUserResources, borrowed. */
IOService *IOService_getResourceService(void);
IOService *IOService_getUserResourceService(void);

/* --- open and close --------------------------------------------------------------------------------------------- */

bool IOService_open(IOService *self, IOService *forClient, IOOptionBits options, void *argument);
void IOService_close(IOService *self, IOService *forClient, IOOptionBits options);
/* Whether forClient has it open; NULL: whether anybody has. Takes the arbitration. */
bool IOService_isOpen(const IOService *self, const IOService *forClient);
bool IOService_handleOpen(IOService *self, IOService *forClient, IOOptionBits options, void *argument);
void IOService_handleClose(IOService *self, IOService *forClient, IOOptionBits options);
bool IOService_handleIsOpen(const IOService *self, const IOService *forClient);

/*
 * The service's lock against concurrent open, close and state changes; re-entrant.
 *   isSuccessRequired   false: gives up, returning false, rather than deadlock; true: panics at a deadlock that no
 *                       other waiter of the circle can be made to give up
 */
bool IOService_lockForArbitration(const IOService *self, bool isSuccessRequired);
void IOService_unlockForArbitration(const IOService *self);

/* --- termination ------------------------------------------------------------------------------------------------ */

/*
 * Takes the service and every client that has no other provider out of the tree. On return all of them are inactive;
 * the rest (willTerminate, didTerminate, finalize, stop, detach) follows on another thread as they close what they
 * hold open.
 *   options   kIOServiceSynchronous: waits until the service is quiet again, at most 15 s (then logs);
 *             kIOServiceTerminateWithRematch, kIOServiceTerminateNeedWillTerminate as SEMANTICS 4.25
 *   Returns   true, also for an inactive service; false without memory, nothing changed
 */
bool IOService_terminate(IOService *self, IOOptionBits options);
bool IOService_requestTerminate(IOService *self, IOService *provider, IOOptionBits options);
bool IOService_terminateClient(IOService *self, IOService *client, IOOptionBits options);
bool IOService_willTerminate(IOService *self, IOService *provider, IOOptionBits options);
bool IOService_didTerminate(IOService *self, IOService *provider, IOOptionBits options, bool *defer);
bool IOService_finalize(IOService *self, IOOptionBits options);
/* Holds off phase 2 of the providers while this client is being set up; ending it (defer false) lets provider go on. */
void IOService_setTerminateDefer(IOService *self, IOService *provider, bool defer);
/*
 * For IOUserClient (SEMANTICS 4.30): a held service is not finalized; ending the hold lets a waiting finalize run.
 * Holds are counted.
 */
void IOService_holdFinalize(IOService *self, bool hold);

/* --- matching --------------------------------------------------------------------------------------------------- */

bool       IOService_matchPropertyTable(IOService *self, OSDictionary *table, int32_t *score);
IOService *IOService_matchLocation(IOService *self, IOService *client);
IOReturn   IOService_getResources(IOService *self);
IOReturn   IOService_requestProbe(IOService *self, IOOptionBits options);

enum {
    kIOServiceMatchChangesOK = 1 << 0, /* table gets IONameMatched and the family's IOProbeScore; must be a copy */
    kIOServiceMatchClassDone = 1 << 1, /* IOProviderClass is known to hold */
};
/* Whether the service answers to a matching dictionary (SEMANTICS 3d). Any thread; no state is looked at. */
bool IOService_matchPassive(IOService *self, OSDictionary *table, uint32_t options);

/* Compares a key's value in the dictionary, if there, with the property; for matchPropertyTable. */
bool IOService_compareProperty(IOService *self, OSDictionary *matching, const char *key);
/* The same for each string of keys; keys is borrowed (Apple's consumes it). */
bool IOService_compareProperties(IOService *self, OSDictionary *matching, OSArray *keys);

/*
 * The names beside its own that the service answers to in IONameMatch, an array of strings; they are what lookups by
 * name find it under. A nub of a bus gives its "compatible" list here before it registers, and then needs no
 * compareName of its own. NULL removes them. False without memory.
 */
bool IOService_setMatchNames(IOService *self, OSArray *names);

/* Makes start wait until IOResources has that property (IOResourceMatch of the service). False without memory. */
bool IOService_addNeededResource(IOService *self, const char *key);
/* Sets a property of IOResources (value NULL: the symbol "IOService") and matches against it again. Any thread. */
void IOService_publishResource(const char *key, OSObject *value);
void IOService_publishUserResource(const char *key, OSObject *value);

/* Matching dictionaries: merge into table, or a new one (+1) when it is NULL. NULL without memory. */
OSDictionary *IOService_serviceMatching(const char *className, OSDictionary *table);
OSDictionary *IOService_nameMatching(const char *name, OSDictionary *table);
OSDictionary *IOService_resourceMatching(const char *name, OSDictionary *table);
OSDictionary *IOService_propertyMatching(const char *key, const OSObject *value, OSDictionary *table);
OSDictionary *IOService_registryEntryIDMatching(uint64_t entryID, OSDictionary *table);
/* Adds an empty IOLocationMatch dictionary to table and returns it, borrowed. */
OSDictionary *IOService_addLocation(OSDictionary *table);

/*
 * Registered, matched, active services that a dictionary matches, in the order in which they registered within their
 * class. Cost: what the narrowest of class, name, BSD Name and entry ID in the dictionary finds.
 *   Returns   a snapshot of retained services, +1; NULL for none or without memory
 *   Context   any thread, no locks held
 */
OSIterator *IOService_getMatchingServices(OSDictionary *matching) OS_RETURNS_RETAINED;
/* The first of them, +1, or NULL. */
IOService *IOService_copyMatchingService(OSDictionary *matching);
/* The same, waiting for one to appear; timeout in nanoseconds, UINT64_MAX waits for ever. NULL at the timeout. */
IOService *IOService_waitForMatchingService(OSDictionary *matching, uint64_t timeout);

/*
 * The order of personalities, and of probed drivers: by IOProbeScore, the higher first (an OSOrderFunction; context is
 * not used). Takes OSDictionary and IOService.
 */
int32_t IOServiceOrdering(const OSObject *first, const OSObject *second, void *context);

/* Lets the drivers start whose personality says IOMatchDefer. The host calls it once, when its platforms and bundles
 * are in place. */
void IOService_iokitDaemonLaunched(void);

/* Asks for another pass of each registered service that one of the tables matches: the catalogue calls it, with no lock
 * held, when personalities came or went. */
IOReturn IOService_catalogNewDrivers(OSOrderedSet *tables);

/* --- notifications ---------------------------------------------------------------------------------------------- */

/* The result is ignored. */
typedef bool (*IOServiceMatchingNotificationHandler)(OSObject *target, void *reference, IOService *newService,
                                                     IONotifier *notifier);

/*
 * Calls handler for each service that reaches a state and matches; for the four states first, before this returns, for
 * those that are in it already.
 *   type       kIOPublishNotification and its sisters in IOKitKeys.h
 *   matching   retained
 *   target     borrowed: whoever owns it removes the notifier first
 *   priority   higher runs first
 *   Returns    +1, given back by IONotifier_remove; NULL for another type or without memory. A handler may remove its
 *              notifier while this still runs: then the result is only to be released, by a second IONotifier_remove.
 *   Context    the handler runs on the threads of matching and termination, holding no locks; it may block
 */
IONotifier *IOService_addMatchingNotification(const char *type, OSDictionary *matching,
                                              IOServiceMatchingNotificationHandler handler, OSObject *target,
                                              void *reference, int32_t priority);

/* argumentSize: bytes at argument, or 0 when argument is itself the value. */
typedef IOReturn (*IOServiceInterestHandler)(OSObject *target, void *reference, uint32_t messageType,
                                             IOService *provider, void *argument, size_t argumentSize);

/*
 * Calls handler for the service's messages.
 *   type      kIOGeneralInterest, kIOBusyInterest, kIOAppPowerStateInterest, kIOPriorityPowerStateInterest,
 *             kIOConsoleSecurityInterest
 *   Returns   kIOReturnSuccess and *ret_notifier (+1, given back by IONotifier_remove); kIOReturnNotReady for an
 *             inactive service, kIOReturnBadArgument for another type, kIOReturnNoMemory
 */
IOReturn IOService_registerInterestForNotifier(IOService *self, const char *type, IOServiceInterestHandler handler,
                                               OSObject *target, void *reference, IONotifier **ret_notifier);
/* The same; NULL for every failure. */
IONotifier *IOService_registerInterest(IOService *self, const char *type, IOServiceInterestHandler handler,
                                       OSObject *target, void *reference);

IOReturn IOService_message(IOService *self, uint32_t type, IOService *provider, void *argument);
/* A message to every client, in order, then to every handler of general interest. The last result that was an error. */
IOReturn IOService_messageClients(IOService *self, uint32_t type, void *argument, size_t argumentSize);
/* A message to one client. */
IOReturn IOService_messageClient(IOService *self, uint32_t type, IOService *client, void *argument,
                                 size_t argumentSize);

/* --- busy ------------------------------------------------------------------------------------------------------- */

/* Work in progress, 0 to 1023, what is below included. */
uint32_t IOService_getBusyState(const IOService *self);
/* Adds to it; what a driver adds it must take back. Out of range is logged and ignored.
 * Handlers of busy interest run before it returns. */
void IOService_adjustBusy(IOService *self, int32_t delta);
/* Nanoseconds that the service has been busy, so far. */
uint64_t IOService_getAccumulatedBusyTime(const IOService *self);
/* Waits until it is quiet. timeout: nanoseconds, UINT64_MAX for ever. kIOReturnSuccess or kIOReturnTimeout. */
IOReturn IOService_waitQuiet(IOService *self, uint64_t timeout);

/* --- device memory ----------------------------------------------------------------------------------------------- */

/* The ranges that the device decodes, on PCI one for each memory BAR: the property kIODeviceMemoryKey. Borrowed, as long
 * as nobody sets another array; NULL for none. */
OSArray *IOService_getDeviceMemory(const IOService *self);
unsigned IOService_getDeviceMemoryCount(const IOService *self);
/* Borrowed; NULL when there is no such range. */
IODeviceMemory *IOService_getDeviceMemoryWithIndex(const IOService *self, unsigned index);
/* Called by the nub's maker, before it registers. array: of IODeviceMemory, retained. */
void IOService_setDeviceMemory(IOService *self, OSArray *array);
/*
 * Maps a range into the host.
 *   options   0, or a kIOMap... cache mode
 * Returns     +1; NULL when there is no such range, or it cannot be mapped
 * Context     any thread, may block
 */
IOMemoryMap *IOService_mapDeviceMemoryWithIndex(IOService *self, unsigned index, IOOptionBits options);

/* --- doors and helpers ------------------------------------------------------------------------------------------ */

IOReturn IOService_newUserClient(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,
                                 OSDictionary *properties, IOUserClient **ret_client);
IOReturn IOService_callPlatformFunction(IOService *self, const OSSymbol *functionName, bool waitForFunction,
                                        void *param1, void *param2, void *param3, void *param4);
/*
 * The work loop (IOKit/IOWorkLoop.h) that the service's stack shares: the provider's, unless the class overrides it. At the
 * bottom of a stack one is made when it is first asked for. Borrowed: good while self is. NULL for a service that
 * was never attached, or without memory. Any thread.
 */
IOWorkLoop *IOService_getWorkLoop(IOService *self);

/* The name of an IOReturn, "0x..." for others: constant, or a buffer of this thread until its next call. */
const char *IOService_stringFromReturn(IOReturn result);
/* The errno of an IOReturn (SEMANTICS 4.46). */
int IOService_errnoFromReturn(IOReturn result);

#endif
