/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: notification ports, and the messages that arrive on them (SEMANTICS 10.8 to 10.11, 4.42, 4.43).
 *
 * An IONotificationPort is a receive right and, once somebody asks for it, the run-loop source that listens on it.
 * Whatever listens hands each message to IODispatchCalloutFromMessage, which
 *   1. finds the parts of the message: the notification object (its remote port), the service of an interest message
 *      (a port descriptor), the reference words, the content;
 *   2. drops the message when the client has released the notification object meanwhile: the message itself carries one
 *      reference to it, so a lone reference means that nobody else holds it;
 *   3. calls back, on the thread that listens;
 *   4. drops the references that the message carried.
 *
 * Threads: a port is used by one thread at a time, as on macOS; the host's messages are queued by the receive right.
 */
#include <stdlib.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <CoreFoundation/CFMachPort.h>
#include <IOKit/IOKitLibPrivate.h>
#include <mach/mach.h>

struct IONotificationPort {
    mach_port_t        wakePort; /* a receive right; constant */
    CFMachPortRef      machPort; /* owned; NULL until a run-loop source is asked for */
    CFRunLoopSourceRef source;   /* owned; the same */
};

kern_return_t IOCreateReceivePort(uint32_t msgType, mach_port_t *recvPort)
{
    if (msgType != kOSNotificationMessageID && msgType != kOSAsyncCompleteMessageID)
        return kIOReturnBadArgument;
    return mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, recvPort);
}

/* ---- Ports ---- */

IONotificationPortRef IONotificationPortCreate(mach_port_t mainPort)
{
    IONotificationPortRef notify = calloc(1, sizeof *notify);
    if (notify && IOCreateReceivePort(kOSNotificationMessageID, &notify->wakePort) != KERN_SUCCESS) {
        free(notify);
        notify = NULL;
    }
    return notify;
}

void IONotificationPortDestroy(IONotificationPortRef notify)
{
    if (!notify)
        return;
    if (notify->machPort) {
        CFMachPortInvalidate(notify->machPort); /* and with it the source */
        CFRelease(notify->machPort);
    }
    if (notify->source)
        CFRelease(notify->source);
    (void)mach_port_mod_refs(mach_task_self(), notify->wakePort, MACH_PORT_RIGHT_RECEIVE, -1); /* ours: held */
    free(notify);
}

CFRunLoopSourceRef IONotificationPortGetRunLoopSource(IONotificationPortRef notify)
{
    if (notify->source)
        return notify->source;
    if (!notify->machPort) {
        CFMachPortContext context = {.version = 0, .info = notify};
        notify->machPort = CFMachPortCreateWithPort(kCFAllocatorDefault, notify->wakePort,
                                                    IODispatchCalloutFromCFMessage, &context, NULL);
    }
    if (notify->machPort)
        notify->source = CFMachPortCreateRunLoopSource(kCFAllocatorDefault, notify->machPort, 0);
    return notify->source;
}

mach_port_t IONotificationPortGetMachPort(IONotificationPortRef notify)
{
    return notify ? notify->wakePort : MACH_PORT_NULL;
}

kern_return_t IONotificationPortSetImportanceReceiver(IONotificationPortRef notify)
{
    return KERN_SUCCESS; /* Linux's scheduler has nothing to be told */
}

/* ---- Messages ---- */

/* Where the parts of a notification message are. */
struct notification {
    io_object_t          notifier; /* 0: none */
    io_service_t         service;  /* 0: none */
    uint32_t             type;
    OSAsyncReference64   reference;
    const unsigned char *content;
    size_t               size; /* of the content, without what fills it up; bytes */
};

/* The port descriptors of a complex message; *ret_count is 0 for a simple or a malformed one. */
static const mach_msg_port_descriptor_t *descriptors_of(const mach_msg_header_t *msg, uint32_t *ret_count)
{
    const struct {
        mach_msg_header_t          header;
        mach_msg_body_t            body;
        mach_msg_port_descriptor_t ports[];
    } *complex = (const void *)msg;
    *ret_count = 0;
    if (!(msg->msgh_bits & MACH_MSGH_BITS_COMPLEX) || msg->msgh_size < sizeof *complex)
        return NULL;
    uint32_t count = complex->body.msgh_descriptor_count;
    if (count > (msg->msgh_size - sizeof *complex) / sizeof complex->ports[0])
        return NULL;
    *ret_count = count;
    return complex->ports;
}

/* Takes a message apart. False for one that is not a notification or is too short for its parts. */
static bool parse(const mach_msg_header_t *msg, struct notification *n)
{
    uint32_t                          count;
    const mach_msg_port_descriptor_t *ports  = descriptors_of(msg, &count);
    const unsigned char              *bytes  = ports ? (const void *)&ports[count] : (const void *)(msg + 1);
    size_t                            before = (size_t)(bytes - (const unsigned char *)msg);
    OSNotificationHeader64            header;
    if (msg->msgh_id != kOSNotificationMessageID || msg->msgh_size < before + sizeof header)
        return false;
    memcpy(&header, bytes, sizeof header);
    size_t size    = msg->msgh_size - before - sizeof header;
    size_t rest    = header.type >> kIOKitNoticationTypeSizeAdjShift & kIOKitNoticationMsgSizeMask;
    size_t padding = rest ? 4 - rest : 0;
    n->notifier    = msg->msgh_remote_port;
    n->service     = count ? ports[0].name : MACH_PORT_NULL;
    n->type        = header.type & kIOKitNoticationTypeMask;
    n->content     = bytes + sizeof header;
    n->size        = size > padding ? size - padding : 0;
    memcpy(n->reference, header.reference, sizeof n->reference);
    return true;
}

/* Whether somebody beside the message still holds the notification object. */
static bool is_held(io_object_t notifier)
{
    return notifier == MACH_PORT_NULL || IOObjectGetUserRetainCount(notifier) >= 2;
}

static void call_out_async(const struct notification *n)
{
    void    *function = (void *)(uintptr_t)n->reference[kIOAsyncCalloutFuncIndex];
    void    *refcon   = (void *)(uintptr_t)n->reference[kIOAsyncCalloutRefconIndex];
    void    *args[kMaxAsyncArgs];
    IOReturn result;
    if (!function || n->size < sizeof result)
        return;
    size_t count = (n->size - sizeof result) / sizeof args[0];
    if (count > kMaxAsyncArgs)
        count = kMaxAsyncArgs;
    memcpy(&result, n->content, sizeof result);
    memcpy(args, n->content + sizeof result, count * sizeof args[0]);
    if (count == 0)
        ((IOAsyncCallback0)function)(refcon, result);
    else if (count == 1)
        ((IOAsyncCallback1)function)(refcon, result, args[0]);
    else if (count == 2)
        ((IOAsyncCallback2)function)(refcon, result, args[0], args[1]);
    else
        ((IOAsyncCallback)function)(refcon, result, args, (uint32_t)count);
}

/* An argument of at most a pointer's size is a scalar and is passed itself, a longer one by its address. */
static void call_out_interest(const struct notification *n)
{
    IOServiceInterestCallback function =
        (IOServiceInterestCallback)(uintptr_t)n->reference[kIOInterestCalloutFuncIndex];
    void    *refcon = (void *)(uintptr_t)n->reference[kIOInterestCalloutRefconIndex];
    uint64_t argument[8]; /* aligned, which the message's own bytes are not */
    uint32_t messageType;
    if (!function || n->size < sizeof messageType)
        return;
    size_t size = n->size - sizeof messageType;
    if (size > sizeof argument)
        size = sizeof argument;
    memset(argument, 0, sizeof argument);
    memcpy(&messageType, n->content, sizeof messageType);
    memcpy(argument, n->content + sizeof messageType, size);
    io_service_t service =
        n->service ? n->service : (io_service_t)n->reference[kIOInterestCalloutServiceIndex];
    function(refcon, service, messageType, size <= sizeof argument[0] ? (void *)(uintptr_t)argument[0] : argument);
}

static void call_out_matching(const struct notification *n)
{
    IOServiceMatchingCallback function =
        (IOServiceMatchingCallback)(uintptr_t)n->reference[kIOMatchingCalloutFuncIndex];
    if (function)
        function((void *)(uintptr_t)n->reference[kIOMatchingCalloutRefconIndex], n->notifier);
}

static void call_out(const struct notification *n)
{
    switch (n->type) {
    case kIOAsyncCompletionNotificationType:
        call_out_async(n);
        break;
    case kIOServiceMessageNotificationType:
        call_out_interest(n);
        break;
    case kIOServicePublishNotificationType:
    case kIOServiceMatchedNotificationType:
    case kIOServiceTerminatedNotificationType:
        call_out_matching(n);
        break;
    }
}

void IODispatchCalloutFromCFMessage(CFMachPortRef port, void *message, CFIndex size, void *info)
{
    mach_msg_header_t  *msg = message;
    struct notification n;
    if (!parse(msg, &n))
        return;
    if (is_held(n.notifier))
        call_out(&n);

    uint32_t                          count;
    const mach_msg_port_descriptor_t *ports = descriptors_of(msg, &count);
    for (uint32_t i = 0; i < count; i++)
        IOObjectRelease(ports[i].name);
    IOObjectRelease(n.notifier);
}

void IODispatchCalloutFromMessage(void *unused, mach_msg_header_t *msg, void *reference)
{
    IODispatchCalloutFromCFMessage(NULL, msg, -1, reference);
}

kern_return_t OSGetNotificationFromMessage(mach_msg_header_t *msg, uint32_t index, uint32_t *type,
                                           uintptr_t *reference, void **content, vm_size_t *size)
{
    if (msg->msgh_id != kOSNotificationMessageID)
        return kIOReturnBadMessageID;
    OSNotificationHeader64 header;
    if (msg->msgh_size < sizeof *msg + sizeof header || index != 0)
        return kIOReturnNoResources;
    unsigned char *bytes = (unsigned char *)(msg + 1);
    memcpy(&header, bytes, sizeof header);
    if (type)
        *type = header.type & kIOKitNoticationTypeMask;
    if (reference)
        *reference = (uintptr_t)header.reference[0];
    if (size)
        *size = header.size;
    if (content)
        *content = header.size ? bytes + sizeof header : NULL;
    return kIOReturnSuccess;
}
