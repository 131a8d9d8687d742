/* SPDX-License-Identifier: MIT */
/*
 * What the files of src/service share. Each section is one file's; nobody else changes what it guards.
 *
 * Locks, in the order in which they are taken (docs/locking.md):
 *     arbitration   one per service, re-entrant; a protocol more than a lock: handleOpen and its sisters run under it
 *     jobs          the queues of matching and termination                                   serviceJobs.c
 *     notification  installed notifiers; and the moment at which a published state bit is set serviceNotifier.c
 *     index         the registered services                                                  serviceIndex.c
 *     busy          busy counts, and who waits for them                                       serviceBusy.c
 *     waiters       who waits for whose arbitration                                           serviceArbitration.c
 * All but the first are held for a few lines, and none of them while anything outside of the kit is called.
 */
#ifndef SERVICE_IOSERVICEPRIVATE_H
#define SERVICE_IOSERVICEPRIVATE_H

#include <pthread.h>

#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>

enum {
    kBusyMax              = 1023,
    kClientsMax           = kBusyMax - 4, /* attach waits beyond it */
    kAttachWaitSeconds    = 15,
    kTerminateWaitSeconds = 15,
    kMatchingThreadsMax   = 8,  /* that run at a time */
    kMatchingThreadsTotal = 64, /* with those that wait for a resource or for a synchronous child */
};

#define NANOSECONDS(seconds) ((uint64_t)(seconds)*1000000000u)

/* Where a service is on its way out; serviceLife.c has the drawing. */
typedef enum ServiceStage {
    kStageLive,      /* not terminated */
    kStageAsked,     /* inactive; terminate was called on it from its own requestTerminate */
    kStageMarking,   /* inactive; phase 1 is running over it or its clients */
    kStageMarked,    /* phase 1 has ended */
    kStageWill,      /* phase 2: clients were told willTerminate */
    kStageDid,       /* phase 2 is through: clients may stop; phase 3 from here */
    kStageFinalized, /* finalize was called; may be stopped */
} ServiceStage;

/* The service's matching job; serviceLife.c has the drawing. */
typedef enum ServiceJob {
    kJobIdle,
    kJobQueued,
    kJobRunning,
    kJobRunningAgain, /* registered again while running */
} ServiceJob;

typedef struct ArbitrationThread ArbitrationThread;
typedef struct ClassRecord       ClassRecord;
typedef struct IndexNode         IndexNode;
typedef struct ServiceInterrupts ServiceInterrupts;
typedef struct ServiceLink       ServiceLink;

/* A list of notifiers, higher priority first, equal ones in the order of installation. */
typedef struct NotifierList {
    IONotifier *first, *last; /* notification lock; each retained */
} NotifierList;

/* One key that finds the service; keys of one text form a ring behind the one that is chained in the bucket. */
struct IndexNode {
    IOService      *service;   /* constant; the owner */
    const OSSymbol *key;       /* owned; NULL when not in the table */
    IndexNode      *chainNext; /* of the bucket; only the head of a ring is in it */
    IndexNode     **chainLink; /* what points to it; NULL for the others of the ring */
    IndexNode      *ringNext, *ringPrevious;
};

/* Fields: C constant after init, A arbitration, J jobs, N notification, X index, B busy, W waiters' lock; "atomic"
 * fields are written under the lock named and read without. */
struct IOServicePrivate {
    /* serviceArbitration.c */
    ArbitrationThread *owner; /* W; borrowed */
    unsigned           depth; /* W */
    ArbitrationThread *firstWaiter, *lastWaiter; /* W; borrowed, first come first */

    /* serviceLife.c */
    _Atomic(uint32_t)     state; /* A, atomic; kIOService...State; the published ones change under N too */
    _Atomic(ServiceStage) stage; /* A, atomic */
    _Atomic(ServiceJob)   job;   /* A, atomic */
    pthread_t marker;            /* A; whose phase 1 made it inactive, from stage Marking on */
    unsigned configuring;        /* A; matching jobs queued or running: phase 2 waits for 0 */
    _Atomic(unsigned) starting;  /* A, atomic; nested holds of setTerminateDefer: phase 2 waits for 0 */
    _Atomic(bool) isSynchronous; /* A, atomic */
    _Atomic(bool) isModuleStalled; /* A, atomic */
    _Atomic(bool) needsWillTerminate; /* A, atomic */
    _Atomic(bool) rematchOnDetach; /* A, atomic */

    /* serviceOpen.c */
    IOService *opener; /* A; weak: handleOpen's default owner */

    /* serviceBusy.c */
    uint32_t   busy;          /* B */
    IOService *contributesTo; /* B; owned: the provider whose count includes this one */
    uint64_t   busySince;     /* B; nanoseconds, while busy */
    uint64_t   busyTotal;     /* B; nanoseconds, of the times before */

    /* serviceNotifier.c */
    NotifierList interests; /* N */

    /* serviceIndex.c */
    ClassRecord *classRecord;                 /* X; weak; NULL when not registered */
    IOService   *classNext, *classPrevious;   /* X; weak */
    uint64_t     classSequence;               /* X */
    IndexNode    nameNode, bsdNode;           /* X */
    uint64_t     textTurn;                    /* X; counts serviceIndex_refile */
    IndexNode   *matchNodes;                  /* X; owned, matchNodeCount of them */
    unsigned     matchNodeCount;              /* X */
    bool         isCustom;                    /* X; beside the count: every service pays for each word here */
    OSArray     *matchNames;                  /* X; owned */
    IOService   *customNext, *customPrevious; /* X; weak: services whose class compares names itself */

    /* serviceJobs.c */
    IOService   *nextJob;      /* J; weak, the queue holds a reference */
    IOService   *nextPhase2;   /* J */
    IOService   *nextFinalize; /* J */
    bool         inPhase2Queue, inFinalizeQueue; /* J */
    bool         finalizeWaiting; /* J; wanted while held */
    unsigned     finalizeHolds;   /* J */
    ServiceLink *links;           /* J; owned: one for each provider attached to */

    /* src/workloop: serviceWorkLoop.c, serviceInterrupts.c */
    _Atomic(IOWorkLoop *)        workLoop;   /* owned; set once */
    _Atomic(ServiceInterrupts *) interrupts; /* owned; set once */
};

static inline IOServicePrivate *coreOf(const IOService *self)
{
    return self->core;
}

static inline IORegistryEntry *entryOf(const IOService *service)
{
    return (IORegistryEntry *)&service->super;
}

/* --- serviceLists.c: growable list of retained services ---------------------------------------------------------- */

typedef struct ServiceList {
    IOService **items; /* each retained */
    size_t      count, capacity;
} ServiceList;

bool serviceList_append(ServiceList *list, IOService *service);
/* Waits for memory: for work that cannot be given up half way. */
void serviceList_mustAppend(ServiceList *list, IOService *service);
/* Nothing is appended when its free has begun. */
bool serviceList_appendIfAlive(ServiceList *list, IOService *service);
bool serviceList_contains(const ServiceList *list, const IOService *service);
void serviceList_clear(ServiceList *list);
/* The clients (providers) at this moment. */
bool serviceList_appendClients(ServiceList *list, const IOService *service);
void serviceList_mustAppendClients(ServiceList *list, const IOService *service);
void serviceList_mustAppendProviders(ServiceList *list, const IOService *service);

/* --- serviceKeys.c ----------------------------------------------------------------------------------------------- */

/* Symbols of the keys that matching looks at; constant from service_initialize on. */
#define SERVICE_KEYS(X)                                                                                                \
    X(providerClass, kIOProviderClassKey)                                                                              \
    X(nameMatch, kIONameMatchKey)                                                                                      \
    X(nameMatched, kIONameMatchedKey)                                                                                  \
    X(locationMatch, kIOLocationMatchKey)                                                                              \
    X(propertyMatch, kIOPropertyMatchKey)                                                                              \
    X(propertyExistsMatch, kIOPropertyExistsMatchKey)                                                                  \
    X(pathMatch, kIOPathMatchKey)                                                                                      \
    X(entryID, kIORegistryEntryIDKey)                                                                                  \
    X(matchedServiceCount, kIOMatchedServiceCountKey)                                                                  \
    X(parentMatch, kIOParentMatchKey)                                                                                  \
    X(compatibilityMatch, kIOCompatibilityMatchKey)                                                                    \
    X(compatibilityProperties, kIOCompatibilityPropertiesKey)                                                          \
    X(userServiceProperties, kIOUserServicePropertiesKey)                                                              \
    X(notificationUser, kIOServiceNotificationUserKey)                                                                 \
    X(resourceMatch, kIOResourceMatchKey)                                                                              \
    X(resourceMatched, kIOResourceMatchedKey)                                                                          \
    X(bsdName, kIOBSDNameKey)                                                                                          \
    X(bsdMajor, kIOBSDMajorKey)                                                                                        \
    X(bsdMinor, kIOBSDMinorKey)                                                                                        \
    X(bsdUnit, kIOBSDUnitKey)                                                                                          \
    X(ioClass, kIOClassKey)                                                                                            \
    X(path, kIOPathKey)                                                                                                \
    X(probeScore, kIOProbeScoreKey)                                                                                    \
    X(matchCategory, kIOMatchCategoryKey)                                                                              \
    X(defaultMatchCategory, kIODefaultMatchCategoryKey)                                                                \
    X(matchDefer, kIOMatchDeferKey)                                                                                    \
    X(service, kIOServiceClass)                                                                                        \
    X(resources, kIOResourcesClass)

typedef struct ServiceKeys {
#define SERVICE_KEY_FIELD(name, text) const OSSymbol *name;
    SERVICE_KEYS(SERVICE_KEY_FIELD)
#undef SERVICE_KEY_FIELD
} ServiceKeys;

extern ServiceKeys serviceKeys;
bool               serviceKeys_initialize(void);

/* --- serviceArbitration.c --------------------------------------------------------------------------------------- */

bool serviceArbitration_isMine(const IOService *self);

/* --- serviceLife.c ----------------------------------------------------------------------------------------------- */

uint32_t     service_state(const IOService *self);
ServiceStage service_stage(const IOService *self);
/* Each with the service's arbitration held; the move must be in the drawing. */
void service_changeState_locked(IOService *self, uint32_t set, uint32_t clear);
void service_setStage_locked(IOService *self, ServiceStage stage);
void service_setJob_locked(IOService *self, ServiceJob job);

/* --- serviceBusy.c ----------------------------------------------------------------------------------------------- */

/* Changes the count, and those above when it comes from or to 0; sends the messages of busy interest, leaf first.
 * Returns the count before. No lock held but arbitrations. */
uint32_t serviceBusy_adjust(IOService *self, int32_t delta);
/* After self was linked to a provider, or unlinked (then that one, else NULL): its share goes where it belongs now. */
void serviceBusy_providerChanged(IOService *self, IOService *unlinked);
/* At the end of a terminated service: without a provider its count means nothing any more. */
void serviceBusy_clear(IOService *self);
/* Waits until wake, until done(self, context) or the deadline (IOUptimeNanoseconds, UINT64_MAX: none). Returns done's
 * last answer; done runs with the busy lock held. */
bool serviceBusy_waitUntil(IOService *self, bool (*done)(const IOService *self, const void *context),
                           const void *context, uint64_t deadline);
/* Makes those who wait on self look again. */
void serviceBusy_wake(IOService *self);
uint64_t serviceBusy_deadline(uint64_t timeout);
/* A condition variable of the monotonic clock, and a wait with an absolute deadline; false when it has passed. */
void condition_init(pthread_cond_t *condition);
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t deadline);

/* --- serviceNotifier.c, serviceNotification.c, serviceInterest.c -------------------------------------------------- */

typedef enum NotificationKind {
    kNotifyPublish,
    kNotifyFirstPublish,
    kNotifyMatched,
    kNotifyFirstMatch,
    kNotifyTerminated,
    kNotifyWillTerminate,
    kNotifyKinds
} NotificationKind;

typedef struct NotifierRun {
    pthread_t           thread;
    struct NotifierRun *next;
} NotifierRun;

void notifierLock_lock(void);
void notifierLock_unlock(void);
/* With the notification lock held. insert: takes a reference, gives the serial. */
void     notifierList_insert_locked(NotifierList *list, IONotifier *notifier);
uint64_t notifierSerial_locked(void);
/* Unlinks all, releasing them. */
void notifierList_removeAll(NotifierList *list);
/* The enabled notifier behind previous (NULL: the first) that was installed up to serial; +1, and previous, when there,
 * is released. */
IONotifier *notifierList_copyNext(NotifierList *list, IONotifier *previous, uint64_t serial);
/* Around a run of the handler; false: it is not to run. */
bool notifier_beginRun(IONotifier *self, NotifierRun *run);
void notifier_endRun(IONotifier *self, NotifierRun *run);

/*
 * Sets state bits of self as one step with taking the notifiers of a kind that are installed by now.
 * Returns   the serial to hand to serviceNotification_deliver.   Context   arbitration held
 */
uint64_t serviceNotification_enterState_locked(IOService *self, uint32_t set);
uint64_t serviceNotification_serial(void);
/* Runs the handlers of that kind whose dictionary the service matches. No locks. */
void serviceNotification_deliver(IOService *self, NotificationKind kind, uint64_t serial);
/* The next such notifier, +1 (previous is released); for who delivers them one at a time. */
IONotifier *serviceNotification_copyNext(IOService *self, NotificationKind kind, IONotifier *previous,
                                         uint64_t serial);
void        serviceNotification_run(IOService *self, IONotifier *notifier);

/* The two users of serviceInterest.c's list. except: a client or NULL. The last result that was an error. */
IOReturn serviceInterest_messageClients(IOService *self, uint32_t type, void *argument, size_t argumentSize,
                                        const IOService *except);
IOReturn serviceInterest_messageBusy(IOService *self, bool isBusy);

/* --- serviceIndex.c ---------------------------------------------------------------------------------------------- */

/* Files the service; false without memory. Filed already: true. remove: nothing when it is not filed. */
bool serviceIndex_add(IOService *self);
void serviceIndex_remove(IOService *self);
/* Its name or BSD Name may have changed. */
void serviceIndex_refile(IOService *self);
void serviceIndex_freeNodes(IOService *self);

/* What narrows a lookup down; the first that is set, in this order, is used. */
typedef struct IndexQuery {
    uint64_t        entryID;
    const OSSymbol *bsdName;
    OSArray        *names;     /* of OSSymbol */
    const OSSymbol *className;
    bool            alsoCompatible; /* with className: those of class IOServiceCompatibility too */
    uint32_t        state;     /* bits the service must have; inactive ones are left out */
    size_t          limit;     /* at most so many; 0: all */
    bool            isEmpty;   /* a key that nothing can have */
    IORegistryEntry *found;    /* owned; what entryID led to, until the locks are gone */
} IndexQuery;

/* Appends the services, in their order; false without memory. */
bool serviceIndex_copyServices(IndexQuery *query, ServiceList *list);
/* The names set by IOService_setMatchNames, +1, or NULL. */
OSArray *serviceIndex_copyMatchNames(const IOService *self);

/* --- serviceLookup.c --------------------------------------------------------------------------------------------- */

/* What the matching dictionary says about the index; to be ended. False without memory. */
bool indexQuery_begin(IndexQuery *query, OSDictionary *matching, uint32_t state);
void indexQuery_end(IndexQuery *query);

/* --- serviceProbe.c, serviceMatch.c ------------------------------------------------------------------------------ */

/* One pass over the candidates: serial is that of the publish notifications to deliver on the way, 0 for none. */
void serviceProbe_candidates(IOService *self, OSOrderedSet *candidates, uint64_t publishSerial);
/* serviceDefer.c: whether the instance's start waits for the host to be complete; the provider is noted then. */
bool    serviceDefer_putOff(IOService *provider, IOService *instance);
int32_t service_probeScore(const OSObject *tableOrService);

/* --- serviceJobs.c ----------------------------------------------------------------------------------------------- */

bool serviceJobs_initialize(void);
/* Queues doServiceMatch for the pool; self must not be queued. */
void serviceJobs_submit(IOService *self);
/* Around a wait of a matching thread: another one may run meanwhile. */
void serviceJobs_beginWait(void);
void serviceJobs_endWait(void);
/* Waits until no job is queued or running. */
bool serviceJobs_waitIdle(uint64_t deadline);
void service_doServiceMatch(IOService *self);

/* --- serviceTerminateQueue.c, serviceTerminateWorker.c ------------------------------------------------------------ */

bool serviceTerminate_initialize(void);
/* Queues phase 2 when self is inactive, phase 1 has left it, and no provider's phase 2 will come to it. */
void serviceTerminate_schedulePhase2(IOService *self);
/* The same, and works on the queues in this thread until self is quiet; no locks held. */
void serviceTerminate_synchronously(IOService *self);
void serviceTerminate_scheduleStop(IOService *client, IOService *provider);
void serviceTerminate_scheduleFinalize(IOService *self);
/* A terminated service became quiet. */
void serviceTerminate_quietened(void);
bool serviceTerminate_waitIdle(uint64_t deadline);
/* The record of a link, made before it and dropped after it. */
bool serviceTerminate_addLink(IOService *client, IOService *provider);
void serviceTerminate_removeLink(IOService *client, IOService *provider);
void serviceTerminate_freeLinks(IOService *client);
/* The worker's side: each gives +1 or NULL. */
IOService *serviceTerminate_nextPhase2(void);
IOService *serviceTerminate_nextFinalize(void);
bool       serviceTerminate_nextStop(IOService **ret_client, IOService **ret_provider);
/* Does all there is to do; by one thread at a time. */
void serviceTerminate_work(void);

/* --- src/workloop ------------------------------------------------------------------------------------------------ */

/* Wait until no timer's action runs, and until each work loop that had its last release has ended. */
bool timerCallouts_waitIdle(uint64_t deadline);
bool workLoop_waitEnded(uint64_t deadline);
/* At the end of a service. */
void serviceWorkLoop_free(IOService *self);
void serviceInterrupts_free(IOService *self);

/* --- IOResources.c, IOPlatformExpert.c ---------------------------------------------------------------------------- */

OSDeclareClass(IOResources);
OSDeclareClass(IOUserResources);
OSDeclareClass(IOServiceCompatibility);
OSDeclareClass(IOServiceNotifier);
OSDeclareClass(IOServiceInterestNotifier);
/* Make and attach them; they are registered when all of them are there. */
bool platform_initialize(void);
bool resources_initialize(IOService *platform);
void resources_register(void);

#endif
