/* SPDX-License-Identifier: MIT */
/*
 * Matching notifications: handlers that are told when a service that matches a dictionary reaches a state (SEMANTICS
 * 4.33 to 4.36).
 *
 * A service enters a state, and a handler is installed, each under the notification lock. So for every pair of the two
 * one came first: either the newly installed notifier finds the service among those that are in the state, or the
 * service finds the notifier in the list; never both, never neither. Whether the dictionary matches is found out
 * afterwards, without the lock, because it asks the family.
 */
#include "service/IOServicePrivate.h"

#include <string.h>

struct IOServiceNotifier {
    IONotifier                           super;
    OSDictionary                        *matching; /* owned; constant */
    IOServiceMatchingNotificationHandler handler;  /* constant, and the next two */
    OSObject                            *target;   /* borrowed */
    void                                *reference;
};

typedef struct KindInfo {
    const char *name;
    uint32_t    state; /* of the services that the handler is told of at once; 0: none */
} KindInfo;

static const KindInfo kKinds[kNotifyKinds] = {
    [kNotifyPublish]       = {kIOPublishNotification, kIOServiceRegisteredState},
    [kNotifyFirstPublish]  = {kIOFirstPublishNotification, kIOServiceFirstPublishState},
    [kNotifyMatched]       = {kIOMatchedNotification, kIOServiceMatchedState},
    [kNotifyFirstMatch]    = {kIOFirstMatchNotification, kIOServiceFirstMatchState},
    [kNotifyTerminated]    = {kIOTerminatedNotification, 0},
    [kNotifyWillTerminate] = {kIOWillTerminateNotification, 0},
};

static NotifierList installed[kNotifyKinds]; /* notification lock */

static void IOServiceNotifier_free(OSObject *object)
{
    IOServiceNotifier *self = OSRequiredCast(IOServiceNotifier, object);
    OSSafeReleaseNULL(self->matching);
    IONotifier_super()->free(object);
}

OSDefineClass(IOServiceNotifier, IONotifier, .free = IOServiceNotifier_free);

/* --- delivering ------------------------------------------------------------------------------------------------- */

uint64_t serviceNotification_enterState_locked(IOService *self, uint32_t set)
{
    notifierLock_lock();
    service_changeState_locked(self, set, 0);
    uint64_t serial = notifierSerial_locked();
    notifierLock_unlock();
    return serial;
}

uint64_t serviceNotification_serial(void)
{
    notifierLock_lock();
    uint64_t serial = notifierSerial_locked();
    notifierLock_unlock();
    return serial;
}

void serviceNotification_run(IOService *self, IONotifier *notifier)
{
    IOServiceNotifier *installer = OSRequiredCast(IOServiceNotifier, notifier);
    NotifierRun        run;
    if (!notifier_beginRun(notifier, &run))
        return;
    (void)installer->handler(installer->target, installer->reference, self, notifier); /* means nothing, as on macOS */
    notifier_endRun(notifier, &run);
}

IONotifier *serviceNotification_copyNext(IOService *self, NotificationKind kind, IONotifier *previous, uint64_t serial)
{
    IONotifier *notifier = notifierList_copyNext(&installed[kind], previous, serial);
    while (notifier && !IOService_matchPassive(self, OSRequiredCast(IOServiceNotifier, notifier)->matching, 0))
        notifier = notifierList_copyNext(&installed[kind], notifier, serial);
    return notifier;
}

void serviceNotification_deliver(IOService *self, NotificationKind kind, uint64_t serial)
{
    IONotifier *notifier = NULL;
    while ((notifier = serviceNotification_copyNext(self, kind, notifier, serial)))
        serviceNotification_run(self, notifier);
}

/* --- installing ------------------------------------------------------------------------------------------------- */

static bool findKind(const char *type, NotificationKind *ret_kind)
{
    for (unsigned kind = 0; kind < kNotifyKinds; kind++)
        if (strcmp(type, kKinds[kind].name) == 0) {
            *ret_kind = (NotificationKind)kind;
            return true;
        }
    return false;
}

/* Links the notifier and lists the services that are in its state, as one step. */
static bool install(IONotifier *notifier, NotificationKind kind, OSDictionary *matching, ServiceList *existing)
{
    IndexQuery query;
    bool       ok = true;
    if (!indexQuery_begin(&query, matching, kKinds[kind].state))
        return false;
    notifierLock_lock();
    if (kKinds[kind].state)
        ok = serviceIndex_copyServices(&query, existing);
    if (ok) {
        notifier->isEnabled = true;
        notifierList_insert_locked(&installed[kind], notifier);
    }
    notifierLock_unlock();
    indexQuery_end(&query);
    return ok;
}

static void tellExisting(IONotifier *notifier, OSDictionary *matching, ServiceList *existing)
{
    for (size_t i = 0; i < existing->count; i++) {
        IOService *service = existing->items[i];
        if (!IOService_isInactive(service) && IOService_matchPassive(service, matching, 0))
            serviceNotification_run(service, notifier);
    }
}

IONotifier *IOService_addMatchingNotification(const char *type, OSDictionary *matching,
                                              IOServiceMatchingNotificationHandler handler, OSObject *target,
                                              void *reference, int32_t priority)
{
    NotificationKind kind;
    ServiceList      existing = {0};
    if (!type || !matching || !handler || !findKind(type, &kind))
        return NULL;
    IOServiceNotifier *self = OSTypeAlloc(IOServiceNotifier);
    if (!self)
        return NULL;
    self->matching       = OSRetain(matching);
    self->handler        = handler;
    self->target         = target;
    self->reference      = reference;
    self->super.priority = priority;
    if (!install(&self->super, kind, matching, &existing)) {
        serviceList_clear(&existing);
        OSRelease(self);
        return NULL;
    }
    OSRetain(self); /* a handler may remove it */
    tellExisting(&self->super, matching, &existing);
    serviceList_clear(&existing);
    notifierLock_lock();
    bool removed = !self->super.list;
    notifierLock_unlock();
    if (!removed)
        OSRelease(self);
    return &self->super;
}

/* --- waiting for one -------------------------------------------------------------------------------------------- */

typedef struct ServiceWait {
    pthread_mutex_t lock;
    pthread_cond_t  found;
    IOService      *service; /* owned; lock */
} ServiceWait;

static bool keepFirst(OSObject *target, void *reference, IOService *newService, IONotifier *notifier)
{
    ServiceWait *wait = reference;
    pthread_mutex_lock(&wait->lock);
    if (!wait->service) {
        wait->service = OSRetain(newService);
        pthread_cond_signal(&wait->found);
    }
    pthread_mutex_unlock(&wait->lock);
    return true;
}

IOService *IOService_waitForMatchingService(OSDictionary *matching, uint64_t timeout)
{
    ServiceWait wait     = {.lock = PTHREAD_MUTEX_INITIALIZER};
    uint64_t    deadline = serviceBusy_deadline(timeout);
    condition_init(&wait.found);
    IONotifier *notifier =
        IOService_addMatchingNotification(kIOMatchedNotification, matching, keepFirst, NULL, &wait, 0);
    if (notifier) {
        serviceJobs_beginWait();
        pthread_mutex_lock(&wait.lock);
        for (bool inTime = true; inTime && !wait.service;)
            inTime = condition_wait(&wait.found, &wait.lock, deadline);
        pthread_mutex_unlock(&wait.lock);
        serviceJobs_endWait();
        IONotifier_remove(notifier);
    }
    pthread_cond_destroy(&wait.found);
    pthread_mutex_destroy(&wait.lock);
    return wait.service;
}
