/* SPDX-License-Identifier: MIT */
/* Routines that make notifications. */
#include <libkern/OSDictionary.h>
#include <libkern/OSUnserialize.h>

#include "routines.h"
#include "userNotification.h"

/* The port's descriptor, from now on the caller's. */
static int takePort(int *port)
{
    int descriptor = *port;
    *port = -1;
    return descriptor;
}

kern_return_t handle_io_service_add_notification_bin(HostClient *client,
                                                     struct io_service_add_notification_bin_arguments *arguments)
{
    IOServiceUserNotification *notification = NULL;
    OSObject *object = OSUnserializeXMLSized(arguments->matching.bytes, arguments->matching.size, NULL);
    OSDictionary *matching = OSDynamicCast(OSDictionary, object);
    IOReturn result = kIOReturnBadArgument;
    if (matching)
        result = IOServiceUserNotification_create(client, arguments->notification_type, matching,
                                                  takePort(&arguments->wake_port), arguments->reference.words,
                                                  arguments->reference.count, &notification);
    OSRelease(object);
    if (result == kIOReturnSuccess)
        arguments->notification = OSObjectOf(notification);
    return result;
}

kern_return_t
handle_io_service_add_interest_notification(HostClient *client, IOService *target,
                                            struct io_service_add_interest_notification_arguments *arguments)
{
    IOServiceMessageUserNotification *notification = NULL;
    IOReturn result = IOServiceMessageUserNotification_create(
        client, target, arguments->type_of_interest, takePort(&arguments->wake_port), arguments->reference.words,
        arguments->reference.count, &notification);
    if (result == kIOReturnSuccess)
        arguments->notification = OSObjectOf(notification);
    return result;
}
