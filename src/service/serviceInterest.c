/* SPDX-License-Identifier: MIT */
/*
 * Interest: handlers that get the messages of one service, and the messages themselves (SEMANTICS 4.11, 4.37).
 *
 * A service's handlers of all kinds are in one list, in the order of installation, under the notification lock; the
 * list is emptied when the service is freed. Messages go to clients first, then to handlers, with no lock held.
 */
#include "service/IOServicePrivate.h"

#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>

struct IOServiceInterestNotifier {
    IONotifier               super;
    const char              *type;    /* constant: one of kTypes; and the next three */
    IOServiceInterestHandler handler;
    OSObject                *target;  /* borrowed */
    void                    *reference;
};

static const char *const kTypes[] = {kIOGeneralInterest, kIOBusyInterest, kIOAppPowerStateInterest,
                                     kIOPriorityPowerStateInterest, kIOConsoleSecurityInterest};
enum { kTypeGeneral, kTypeBusy };

OSDefineClass(IOServiceInterestNotifier, IONotifier);

/* --- registering ------------------------------------------------------------------------------------------------ */

static const char *findType(const char *type)
{
    for (size_t i = 0; i < sizeof kTypes / sizeof kTypes[0]; i++)
        if (type && strcmp(type, kTypes[i]) == 0)
            return kTypes[i];
    return NULL;
}

IOReturn IOService_registerInterestForNotifier(IOService *self, const char *type, IOServiceInterestHandler handler,
                                               OSObject *target, void *reference, IONotifier **ret_notifier)
{
    const char *known = findType(type);
    if (!known || !handler)
        return kIOReturnBadArgument;
    IOServiceInterestNotifier *notifier = OSTypeAlloc(IOServiceInterestNotifier);
    if (!notifier)
        return kIOReturnNoMemory;
    notifier->type            = known;
    notifier->handler         = handler;
    notifier->target          = target;
    notifier->reference       = reference;
    notifier->super.isEnabled = true;

    (void)IOService_lockForArbitration(self, true);
    bool active = !IOService_isInactive(self);
    if (active) {
        notifierLock_lock();
        notifierList_insert_locked(&coreOf(self)->interests, &notifier->super);
        notifierLock_unlock();
    }
    IOService_unlockForArbitration(self);
    if (!active) {
        OSRelease(notifier);
        return kIOReturnNotReady;
    }
    *ret_notifier = &notifier->super;
    return kIOReturnSuccess;
}

IONotifier *IOService_registerInterest(IOService *self, const char *type, IOServiceInterestHandler handler,
                                       OSObject *target, void *reference)
{
    IONotifier *notifier = NULL;
    (void)IOService_registerInterestForNotifier(self, type, handler, target, reference, &notifier); /* NULL then */
    return notifier;
}

/* --- messages --------------------------------------------------------------------------------------------------- */

typedef struct Message {
    IOService       *sender;
    uint32_t         type;
    void            *argument;
    size_t           argumentSize;
    const IOService *except;
    IOReturn         result; /* the last that was an error */
} Message;

static void sendToClient(IORegistryEntry *entry, void *context)
{
    Message   *message = context;
    IOService *client  = OSDynamicCast(IOService, entry);
    if (!client || client == message->except)
        return;
    IOReturn result = IOService_message(client, message->type, message->sender, message->argument);
    if (result != kIOReturnSuccess)
        message->result = result;
}

static void sendToInterested(Message *message, const char *type)
{
    NotifierList *list     = &coreOf(message->sender)->interests;
    uint64_t      serial   = serviceNotification_serial();
    IONotifier   *notifier = NULL;
    while ((notifier = notifierList_copyNext(list, notifier, serial))) {
        IOServiceInterestNotifier *interest = OSRequiredCast(IOServiceInterestNotifier, notifier);
        NotifierRun                run;
        if (interest->type != type || !notifier_beginRun(notifier, &run))
            continue;
        IOReturn result = interest->handler(interest->target, interest->reference, message->type, message->sender,
                                            message->argument, message->argumentSize);
        notifier_endRun(notifier, &run);
        if (result != kIOReturnSuccess)
            message->result = result;
    }
}

IOReturn serviceInterest_messageClients(IOService *self, uint32_t type, void *argument, size_t argumentSize,
                                        const IOService *except)
{
    Message message = {self, type, argument, argumentSize, except, kIOReturnSuccess};
    if (!IORegistryEntry_applyToChildren(entryOf(self), sendToClient, &message, gIOServicePlane))
        message.result = kIOReturnNoMemory;
    sendToInterested(&message, kTypes[kTypeGeneral]);
    return message.result;
}

IOReturn serviceInterest_messageBusy(IOService *self, bool isBusy)
{
    Message message = {self, kIOMessageServiceBusyStateChange, (void *)(uintptr_t)isBusy, 0, NULL, kIOReturnSuccess};
    sendToInterested(&message, kTypes[kTypeBusy]);
    return message.result;
}

IOReturn IOService_messageClients(IOService *self, uint32_t type, void *argument, size_t argumentSize)
{
    return serviceInterest_messageClients(self, type, argument, argumentSize, NULL);
}

IOReturn IOService_messageClient(IOService *self, uint32_t type, IOService *client, void *argument, size_t argumentSize)
{
    return client ? IOService_message(client, type, self, argument) : kIOReturnBadArgument;
}
