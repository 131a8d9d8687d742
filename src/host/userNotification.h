/* SPDX-License-Identifier: MIT */
/*
 * The notifications of clients (SEMANTICS 4.39 to 4.45). A client holds one by a handle; it is an iterator. It hangs on
 * a notifier of the kit until the last handle is gone, and sends its messages to one port of the client that asked.
 */
#ifndef HOST_USERNOTIFICATION_H
#define HOST_USERNOTIFICATION_H

#include <IOKit/IONotifier.h>
#include <IOKit/IOSendPort.h>
#include <IOKit/IOService.h>
#include <IOKit/OSMessageNotification.h>
#include <libkern/OSArray.h>

#include "client.h"
#include "userIterator.h"

OSDeclareBaseClass(IOUserNotification);

#define IOUserNotification_METHODS IOUserIterator_METHODS
struct IOUserNotificationMethods {
    IOUserNotification_METHODS
};

/* C constant after its making; L the iterator's lock. */
struct IOUserNotification {
    IOUserIterator super;
    HostClient *client;           /* C; a reference */
    IOSendPort *port;             /* C; owned; NULL: the client gave none */
    uint32_t type;                /* C; of the message */
    OSAsyncReference64 reference; /* C; the client's words */
    IONotifier *notifier;         /* L; owned */
    bool isStopped;               /* L */
};

/* For services that come into a state. */
OSDeclareClass(IOServiceUserNotification);
struct IOServiceUserNotification {
    IOUserNotification super;
    OSArray *pending; /* L; owned; not yet fetched by the client */
    bool isArmed;     /* L; the next service is worth a message */
    bool isFull;      /* L; that services are dropped was logged */
};

/* For the messages of one service. */
OSDeclareClass(IOServiceMessageUserNotification);
struct IOServiceMessageUserNotification {
    IOUserNotification super;
};

/*
 * Make a notification of the client.
 *   descriptor     the send end of the client's port, taken over; -1: none
 *   Returns        kIOReturnSuccess and +1; kIOReturnUnsupported for an unknown type; kIOReturnBadArgument for a
 *                  descriptor that is no port; kIOReturnNoResources above the client's limit; kIOReturnNoMemory
 */
IOReturn IOServiceUserNotification_create(HostClient *client, const char *type, OSDictionary *matching, int descriptor,
                                          const uint64_t *reference, unsigned referenceCount,
                                          IOServiceUserNotification **ret_notification);
IOReturn IOServiceMessageUserNotification_create(HostClient *client, IOService *service, const char *type,
                                                 int descriptor, const uint64_t *reference, unsigned referenceCount,
                                                 IOServiceMessageUserNotification **ret_notification);

/* Ends delivery; waits for handlers on other threads. Called when no handle is left. */
void IOUserNotification_stop(IOUserNotification *self);

/* Registers the host's classes; once. False without memory. */
bool HostClasses_register(void);

#endif
