/* SPDX-License-Identifier: MIT */
/*
 * Notifications of clients.
 *
 *   made ---- its notifier is registered ----> live ---- the last handle goes: notifier removed ----> stopped
 *
 * The matching kind collects services in `pending`. It is armed when the client has found it empty; the first service
 * after that sends one message and disarms it. So N services that nobody fetches cost one message, and at most
 * kLimitPending references.
 *
 * While it is live the notifier's handler may run on any thread; the notification holds a reference to itself for it,
 * given back by stop. A message carries handles: a reference to the notification, and in an interest message to the
 * service, both of which belong to the receiver. They go back when the message cannot be sent.
 *
 * Lock: the iterator's, a leaf; sending and the handle table are used outside it.
 */
#include "userNotification.h"

#include <string.h>
#include <unistd.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOMessage.h>
#include <libkern/OSNumber.h>
#include <mach/message.h>

#include "protocol/limits.h"

enum { kArgumentMax = 64 }; /* bytes of a message's argument that travel */

/* ---- Messages ---- */

/* OSNotificationHeader64 without its content, so that it can stand inside of a struct. */
typedef struct NotificationHead {
    natural_t size;
    natural_t type;
    OSAsyncReference64 reference;
} NotificationHead;

typedef struct MatchMessage {
    mach_msg_header_t header;
    NotificationHead notification;
} MatchMessage;

typedef struct InterestMessage {
    mach_msg_header_t header;
    mach_msg_body_t body;
    mach_msg_port_descriptor_t service;
    uint8_t notification[sizeof(OSNotificationHeader64)]; /* the content follows */
    natural_t messageType;
    uint8_t argument[kArgumentMax];
} __attribute__((packed, aligned(4))) InterestMessage;

_Static_assert(sizeof(NotificationHead) == sizeof(OSNotificationHeader64), "the same bytes");
_Static_assert(sizeof(MatchMessage) == sizeof(mach_msg_header_t) + sizeof(NotificationHead), "no padding");

/* One more reference of the client to an object, for a message; 0 when it cannot have one. */
static mach_port_t nameFor(IOUserNotification *self, OSObject *object)
{
    mach_port_t name = MACH_PORT_NULL;
    if (HandleTable_add(self->client->handles, OSRetain(object), kHandleObject, &name) != KERN_SUCCESS)
        return MACH_PORT_NULL;
    return name;
}

static void giveNameBack(IOUserNotification *self, mach_port_t name)
{
    if (name != MACH_PORT_NULL)
        (void)HandleTable_release(self->client->handles, name);
}

static void fillHeaders(IOUserNotification *self, mach_msg_header_t *header, NotificationHead *notification,
                        size_t size)
{
    *header = (mach_msg_header_t){.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND, 0),
                                  .msgh_size = (mach_msg_size_t)size,
                                  .msgh_remote_port = nameFor(self, OSObjectOf(self)),
                                  .msgh_id = kOSNotificationMessageID};
    notification->size = 0;
    notification->type = self->type;
    memcpy(notification->reference, self->reference, sizeof notification->reference);
}

static void sendMatchMessage(IOUserNotification *self)
{
    MatchMessage message;
    memset(&message, 0, sizeof message);
    if (!self->port)
        return;
    fillHeaders(self, &message.header, &message.notification, sizeof message);
    if (IOSendPort_send(self->port, &message, sizeof message, 0) != kIOReturnSuccess)
        giveNameBack(self, message.header.msgh_remote_port);
}

static IOReturn sendInterestMessage(IOUserNotification *self, uint32_t messageType, IOService *provider,
                                    const void *argument, size_t argumentSize)
{
    InterestMessage message;
    NotificationHead notification;
    mach_msg_header_t header;
    uint64_t scalar = (uintptr_t)argument;
    const void *bytes = argumentSize ? argument : &scalar;
    size_t size = argumentSize == 0 ? sizeof scalar : argumentSize;
    if (!self->port)
        return kIOReturnSuccess;
    size = size < kArgumentMax ? size : kArgumentMax;
    size_t rounded = (size + 3) & ~(size_t)3;
    size_t wholeBytes = offsetof(InterestMessage, argument) + rounded;
    memset(&message, 0, sizeof message);
    memset(&notification, 0, sizeof notification);
    fillHeaders(self, &header, &notification, wholeBytes);
    header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
    notification.size = sizeof message.messageType + rounded;
    /* How much of the last word is padding would be the negative of this; Apple sends the size's low bits, so do we. */
    notification.type |= (natural_t)(size & kIOKitNoticationMsgSizeMask) << kIOKitNoticationTypeSizeAdjShift;
    message.header = header;
    message.body = (mach_msg_body_t){.msgh_descriptor_count = 1};
    message.service = (mach_msg_port_descriptor_t){.name = nameFor(self, OSObjectOf(provider)),
                                                   .disposition = MACH_MSG_TYPE_PORT_SEND,
                                                   .type = MACH_MSG_PORT_DESCRIPTOR};
    message.messageType = messageType;
    memcpy(message.notification, &notification, sizeof message.notification);
    memcpy(message.argument, bytes, size);
    IOReturn result = IOSendPort_send(self->port, &message, wholeBytes, 0);
    if (result != kIOReturnSuccess) {
        giveNameBack(self, header.msgh_remote_port);
        giveNameBack(self, message.service.name);
    }
    return result == kIOReturnNoMemory ? result : kIOReturnSuccess;
}

/* ---- The part both kinds share ---- */

static IOReturn initNotification(IOUserNotification *self, HostClient *client, uint32_t type, int descriptor,
                                 const uint64_t *reference, unsigned referenceCount)
{
    if (descriptor >= 0 && !(self->port = IOSendPort_withDescriptor(descriptor)))
        return kIOReturnBadArgument;
    if (!IOUserIterator_init(&self->super))
        return kIOReturnNoMemory;
    HostClient_retain(client);
    self->client = client;
    self->type = type;
    memcpy(self->reference, reference, referenceCount * sizeof *reference);
    return atomic_fetch_add(&client->notifications, 1) < kLimitNotifications ? kIOReturnSuccess : kIOReturnNoResources;
}

/* Hangs it on its notifier, with the reference that stop gives back; NULL: there is none. */
static bool goLive(IOUserNotification *self, IONotifier *notifier)
{
    if (!notifier)
        return false;
    pthread_mutex_lock(&self->super.lock);
    self->notifier = notifier;
    pthread_mutex_unlock(&self->super.lock);
    (void)OSRetain(self);
    return true;
}

void IOUserNotification_stop(IOUserNotification *self)
{
    pthread_mutex_lock(&self->super.lock);
    IONotifier *notifier = self->notifier;
    self->notifier = NULL;
    self->isStopped = true;
    pthread_mutex_unlock(&self->super.lock);
    if (!notifier)
        return;
    IONotifier_remove(notifier);
    OSRelease(self);
}

static void IOUserNotification_free_(OSObject *object)
{
    IOUserNotification *self = OSRequiredCast(IOUserNotification, object);
    OSRelease(self->port);
    if (self->client) {
        atomic_fetch_sub(&self->client->notifications, 1);
        HostClient_release(self->client);
    }
    IOUserIterator_super()->free(object);
}

/* Always valid, and nothing to start again (SEMANTICS 4.41). */
static void IOUserNotification_reset_(OSIterator *iterator)
{
    (void)iterator;
}

static bool IOUserNotification_isValid_(OSIterator *iterator)
{
    (void)iterator;
    return true;
}

OSDefineAbstractBaseClass(IOUserNotification, IOUserIterator, .free = IOUserNotification_free_,
                          .reset = IOUserNotification_reset_, .isValid = IOUserNotification_isValid_);

/* ---- Services ---- */

static bool serviceArrived(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    (void)reference, (void)notifier;
    IOServiceUserNotification *self = OSRequiredCast(IOServiceUserNotification, target);
    IOUserNotification *base = &self->super;
    bool send = false;
    pthread_mutex_lock(&base->super.lock);
    unsigned count = OSArray_getCount(self->pending);
    if (!base->isStopped && count < kLimitPending && OSArray_setObject(self->pending, OSObjectOf(service))) {
        send = self->isArmed && count == 0;
        self->isArmed = self->isArmed && !send;
    } else if (count == kLimitPending && !self->isFull) {
        self->isFull = true;
        IOLog("iokitd: %s[%d] leaves %d services of a notification unfetched; more are dropped",
              IOTask_getName(base->client->task), (int)IOTask_getPID(base->client->task), kLimitPending);
    }
    pthread_mutex_unlock(&base->super.lock);
    if (send)
        sendMatchMessage(base);
    return true;
}

/* The most recent first; finding none arms it. */
static OSObject *IOServiceUserNotification_copyNextObject(IOUserIterator *iterator)
{
    IOServiceUserNotification *self = OSRequiredCast(IOServiceUserNotification, iterator);
    OSObject *next = NULL;
    pthread_mutex_lock(&iterator->lock);
    unsigned count = OSArray_getCount(self->pending);
    if (count) {
        next = OSRetain(OSArray_getObject(self->pending, count - 1));
        OSArray_removeObject(self->pending, count - 1);
        self->isFull = false;
    } else {
        self->isArmed = true;
    }
    pthread_mutex_unlock(&iterator->lock);
    return next;
}

static void IOServiceUserNotification_free(OSObject *object)
{
    IOServiceUserNotification *self = OSRequiredCast(IOServiceUserNotification, object);
    OSRelease(self->pending);
    IOUserNotification_super()->free(object);
}

OSDefineClass(IOServiceUserNotification, IOUserNotification, .free = IOServiceUserNotification_free,
              .copyNextObject = IOServiceUserNotification_copyNextObject);

/* The message type of a notification type; 0: unknown. */
static uint32_t messageTypeOf(const char *type)
{
    static const struct {
        const char *name;
        uint32_t type;
    } kTypes[] = {
        {kIOPublishNotification, kIOServicePublishNotificationType},
        {kIOFirstPublishNotification, kIOServicePublishNotificationType},
        {kIOMatchedNotification, kIOServiceMatchedNotificationType},
        {kIOFirstMatchNotification, kIOServiceMatchedNotificationType},
        {kIOTerminatedNotification, kIOServiceTerminatedNotificationType},
        {kIOWillTerminateNotification, kIOServiceTerminatedNotificationType},
    };
    for (size_t i = 0; i < sizeof kTypes / sizeof kTypes[0]; i++)
        if (strcmp(type, kTypes[i].name) == 0)
            return kTypes[i].type;
    return 0;
}

IOReturn IOServiceUserNotification_create(HostClient *client, const char *type, OSDictionary *matching, int descriptor,
                                          const uint64_t *reference, unsigned referenceCount,
                                          IOServiceUserNotification **ret_notification)
{
    uint32_t messageType = messageTypeOf(type);
    IOServiceUserNotification *self = messageType ? OSTypeAlloc(IOServiceUserNotification) : NULL;
    if (!self) {
        if (descriptor >= 0)
            close(descriptor);
        return messageType ? kIOReturnNoMemory : kIOReturnUnsupported;
    }
    IOReturn result = initNotification(&self->super, client, messageType, descriptor, reference, referenceCount);
    if (result == kIOReturnSuccess && !(self->pending = OSArray_withCapacity(1)))
        result = kIOReturnNoMemory;
    if (result == kIOReturnSuccess &&
        !goLive(&self->super,
                IOService_addMatchingNotification(type, matching, serviceArrived, OSObjectOf(self), NULL, 0)))
        result = kIOReturnNoMemory;
    if (result != kIOReturnSuccess) {
        OSRelease(self);
        return result;
    }
    *ret_notification = self;
    return kIOReturnSuccess;
}

/* ---- Messages of a service ---- */

static IOReturn messageArrived(OSObject *target, void *reference, uint32_t messageType, IOService *provider,
                               void *argument, size_t argumentSize)
{
    (void)reference;
    IOServiceMessageUserNotification *self = OSRequiredCast(IOServiceMessageUserNotification, target);
    if (messageType == kIOMessageCopyClientID) { /* a question for whom it is that the service's messages reach */
        pid_t pid = IOTask_getPID(self->super.client->task);
        *(void **)argument = OSNumber_withNumber((unsigned long long)pid, 32);
        return kIOReturnSuccess;
    }
    return sendInterestMessage(&self->super, messageType, provider, argument, argumentSize);
}

static OSObject *IOServiceMessageUserNotification_copyNextObject(IOUserIterator *iterator)
{
    (void)iterator;
    return NULL;
}

OSDefineClass(IOServiceMessageUserNotification, IOUserNotification,
              .copyNextObject = IOServiceMessageUserNotification_copyNextObject);

IOReturn IOServiceMessageUserNotification_create(HostClient *client, IOService *service, const char *type,
                                                 int descriptor, const uint64_t *reference, unsigned referenceCount,
                                                 IOServiceMessageUserNotification **ret_notification)
{
    IOServiceMessageUserNotification *self = OSTypeAlloc(IOServiceMessageUserNotification);
    if (!self) {
        if (descriptor >= 0)
            close(descriptor);
        return kIOReturnNoMemory;
    }
    IOReturn result = initNotification(&self->super, client, kIOServiceMessageNotificationType, descriptor, reference,
                                       referenceCount);
    if (result == kIOReturnSuccess &&
        !goLive(&self->super, IOService_registerInterest(service, type, messageArrived, OSObjectOf(self), NULL)))
        result = kIOReturnUnsupported;
    if (result != kIOReturnSuccess) {
        OSRelease(self);
        return result;
    }
    *ret_notification = self;
    return kIOReturnSuccess;
}

bool HostClasses_register(void)
{
    static OSMetaClass *const classes[] = {&IOUserIterator_class, &IOUserNotification_class,
                                           &IOServiceUserNotification_class, &IOServiceMessageUserNotification_class};
    static const OSClassList list = {classes, sizeof classes / sizeof classes[0]};
    return OSMetaClass_registerModule("org.openiokit.iokitd", &list) == kOSReturnSuccess;
}
