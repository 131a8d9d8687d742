/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10.8 to 10.11, 10.15, 10.16 and 4.39 to 4.45: notifications as a client gets them. */
#include "iokitlibFixture.h"

#include <string.h>

#include <IOKit/IOMessage.h>

/* ---- What the callbacks saw ---- */

typedef struct Seen {
    io_iterator_t iterator;
    unsigned      calls;    /* of the callback */
    unsigned      services; /* taken out of the iterator by it */
    bool          any;      /* a call came */
    bool          drains;   /* the callback empties the iterator */
} Seen;

static void on_match(void *refcon, io_iterator_t iterator)
{
    Seen *seen = refcon;
    seen->calls++;
    seen->any      = true;
    seen->iterator = iterator;
    if (seen->drains)
        seen->services += fixture_drain(iterator);
}

typedef struct Interest {
    io_service_t service;
    uint32_t     type;
    uintptr_t    scalar;    /* the argument itself */
    uint8_t      bytes[64]; /* what it points to, when `length` says so */
    size_t       length;    /* bytes expected at the argument; 0: a scalar */
    unsigned     calls;
    bool         any;
} Interest;

static void on_message(void *refcon, io_service_t service, uint32_t messageType, void *messageArgument)
{
    Interest *seen = refcon;
    seen->service  = service;
    seen->type     = messageType;
    seen->scalar   = (uintptr_t)messageArgument;
    seen->calls++;
    seen->any = true;
    if (seen->length)
        memcpy(seen->bytes, messageArgument, seen->length);
}

/* ---- Ports ---- */

/* A port whose source is in the current run loop. */
static IONotificationPortRef create_running_port(void)
{
    IONotificationPortRef port = IONotificationPortCreate(kIOMainPortDefault);
    assert_non_null(port);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), IONotificationPortGetRunLoopSource(port), kCFRunLoopDefaultMode);
    return port;
}

TEST(10_8_notification_port)
{
    IONotificationPortRef port = IONotificationPortCreate(kIOMainPortDefault);
    assert_non_null(port);
    assert_int_not_equal(IONotificationPortGetMachPort(port), 0);
    assert_int_equal(IONotificationPortGetMachPort(port), IONotificationPortGetMachPort(port));
    assert_int_equal(IONotificationPortSetImportanceReceiver(port), KERN_SUCCESS);

    CFRunLoopSourceRef source = IONotificationPortGetRunLoopSource(port);
    assert_non_null(source);
    assert_ptr_equal(IONotificationPortGetRunLoopSource(port), source);
    assert_true(CFRunLoopSourceIsValid(source));
    CFRetain(source);
    IONotificationPortDestroy(port);
    assert_false(CFRunLoopSourceIsValid(source));
    CFRelease(source);

    mach_port_t main;
    IOMainPort(0, &main);
    port = IONotificationPortCreate(main);
    assert_non_null(port);
    IONotificationPortDestroy(port); /* never asked for a source */
    IONotificationPortDestroy(NULL);
}

/* ---- Matching notifications ---- */

TEST(10_15_and_4_39_initial_services_arm)
{
    IONotificationPortRef  port    = create_running_port();
    io_connect_t           connect = fixture_open();
    Seen                   seen    = {.drains = true};
    io_iterator_t          iterator;
    CFMutableDictionaryRef dict = IOServiceMatching("TestTreeNub");
    CFRetain(dict);
    assert_int_equal(
        IOServiceAddMatchingNotification(port, kIOFirstMatchNotification, dict, on_match, &seen, &iterator),
        kIOReturnSuccess);
    assert_int_equal(CFGetRetainCount(dict), 1); /* one was consumed */
    CFRelease(dict);

    fixture_publish_gamma(connect, 1); /* not armed: no call, but it joins the services */
    fixture_run_pending();
    assert_int_equal(seen.calls, 0);
    assert_int_equal(fixture_drain(iterator), 3);

    fixture_publish_gamma(connect, 2);
    fixture_run_until(&seen.any);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.services, 1);
    assert_int_equal(seen.iterator, iterator);

    IOObjectRelease(iterator);
    IONotificationPortDestroy(port);
    fixture_terminate_gamma(connect, 1);
    fixture_terminate_gamma(connect, 2);
    IOServiceClose(connect);
}

TEST(4_40_one_message_until_drained)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    Seen                  seen    = {0};
    io_iterator_t         iterator;
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, IOServiceNameMatching("gamma"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 0);
    for (uint64_t i = 0; i < 3; i++)
        fixture_publish_gamma(connect, i);
    fixture_run_until(&seen.any);
    fixture_run_pending();
    assert_int_equal(seen.calls, 1);
    assert_int_equal(fixture_drain(iterator), 3);
    fixture_publish_gamma(connect, 3);
    seen.any = false;
    fixture_run_until(&seen.any);
    assert_int_equal(seen.calls, 2);
    assert_int_equal(fixture_drain(iterator), 1);
    IOObjectRelease(iterator);
    IONotificationPortDestroy(port);
    for (uint64_t i = 0; i < 4; i++)
        fixture_terminate_gamma(connect, i);
    IOServiceClose(connect);
}

TEST(4_45_terminated_services_are_readable)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    Seen                  seen    = {0};
    io_iterator_t         iterator;
    io_name_t             name;
    uint64_t              entryID = 0;
    fixture_publish_gamma(connect, 7);
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOTerminatedNotification, IOServiceNameMatching("gamma"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 0); /* what is alive is not terminated */
    fixture_terminate_gamma(connect, 7);
    fixture_run_until(&seen.any);
    io_service_t gamma = IOIteratorNext(iterator);
    assert_int_not_equal(gamma, 0);
    assert_int_equal(IORegistryEntryGetName(gamma, name), kIOReturnSuccess);
    assert_string_equal(name, "gamma");
    assert_int_equal(IORegistryEntryGetRegistryEntryID(gamma, &entryID), kIOReturnSuccess);
    assert_true(entryID != 0);
    assert_int_equal(IOIteratorNext(iterator), 0);
    IOObjectRelease(gamma);
    IOObjectRelease(iterator);
    IONotificationPortDestroy(port);
    IOServiceClose(connect);
}

TEST(4_41_such_an_iterator_is_always_valid)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    Seen                  seen    = {0};
    io_iterator_t         iterator;
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOPublishNotification, IOServiceMatching("TestTreeNub"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    fixture_publish_gamma(connect, 1);
    assert_true(IOIteratorIsValid(iterator));
    assert_int_equal(fixture_drain(iterator), 3);
    IOIteratorReset(iterator);
    assert_int_equal(fixture_drain(iterator), 0);
    assert_true(IOIteratorIsValid(iterator));
    IOObjectRelease(iterator);
    IONotificationPortDestroy(port);
    fixture_terminate_gamma(connect, 1);
    IOServiceClose(connect);
}

TEST(4_44_release_cancels)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    Seen                  seen    = {0};
    Seen                  other   = {0};
    io_iterator_t         iterator;
    io_iterator_t         otherIterator;
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, IOServiceNameMatching("gamma"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, IOServiceNameMatching("gamma"),
                                                      on_match, &other, &otherIterator),
                     kIOReturnSuccess);
    fixture_drain(iterator);
    fixture_drain(otherIterator);
    fixture_publish_gamma(connect, 1); /* both have a message under way now */
    IOObjectRelease(iterator);
    fixture_run_until(&other.any);
    fixture_run_pending();
    assert_int_equal(seen.calls, 0);
    assert_int_equal(other.calls, 1);
    IOObjectRelease(otherIterator);
    IONotificationPortDestroy(port);
    fixture_terminate_gamma(connect, 1);
    IOServiceClose(connect);
}

TEST(10_10_destroying_the_port_leaves_the_iterator)
{
    IONotificationPortRef port = IONotificationPortCreate(kIOMainPortDefault);
    Seen                  seen = {0};
    io_iterator_t         iterator;
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, IOServiceMatching("TestTreeNub"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    IONotificationPortDestroy(port);
    assert_int_equal(fixture_drain(iterator), 2);
    assert_int_equal(IOObjectRelease(iterator), KERN_SUCCESS);
}

TEST(5_54_wrong_kinds_of_notification)
{
    IONotificationPortRef port = IONotificationPortCreate(kIOMainPortDefault);
    io_service_t          alpha = fixture_copy_alpha();
    io_object_t           object;
    assert_int_equal(
        IOServiceAddMatchingNotification(port, "NoSuchType", IOServiceMatching("IOService"), on_match, NULL, &object),
        kIOReturnUnsupported);
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, NULL, on_match, NULL, &object),
                     kIOReturnBadArgument);
    assert_int_equal(IOServiceAddInterestNotification(port, alpha, "NoSuchType", on_message, NULL, &object),
                     kIOReturnUnsupported);
    IOObjectRelease(alpha);
    IONotificationPortDestroy(port);
}

/* ---- Interest ---- */

TEST(10_16_interest)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    io_service_t          alpha   = fixture_copy_alpha();
    Interest              seen    = {0};
    io_object_t           notification;
    assert_int_equal(
        IOServiceAddInterestNotification(port, alpha, kIOGeneralInterest, on_message, &seen, &notification),
        kIOReturnSuccess);
    fixture_call(connect, kTestMessage, 0xe0001234, 0x5678, 2);
    fixture_run_until(&seen.any);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.type, 0xe0001234);
    assert_int_equal(seen.scalar, 0x5678);
    assert_int_equal(seen.service, alpha);

    IOObjectRelease(notification);
    fixture_call(connect, kTestMessage, 0xe0001235, 0, 2);
    fixture_run_pending();
    assert_int_equal(seen.calls, 1);
    IOObjectRelease(alpha);
    IONotificationPortDestroy(port);
    IOServiceClose(connect);
}

/* Sends that many bytes as a message's argument and checks what arrives. */
static void check_argument(io_connect_t connect, Interest *seen, size_t length)
{
    uint64_t words[] = {0xe0000042, 0};
    uint8_t  bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i + length);
    memset(seen->bytes, 0, sizeof seen->bytes);
    seen->any    = false;
    seen->length = length > sizeof seen->scalar ? length : 0;
    assert_int_equal(IOConnectCallMethod(connect, kTestMessage, words, 2, bytes, length, NULL, NULL, NULL, NULL),
                     kIOReturnSuccess);
    fixture_run_until(&seen->any);
    if (seen->length == 0)
        memcpy(seen->bytes, &seen->scalar, sizeof seen->scalar);
    assert_memory_equal(seen->bytes, bytes, length);
}

TEST(4_43_arguments_of_messages)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    io_service_t          alpha   = fixture_copy_alpha();
    Interest              seen    = {0};
    io_object_t           notification;
    assert_int_equal(
        IOServiceAddInterestNotification(port, alpha, kIOGeneralInterest, on_message, &seen, &notification),
        kIOReturnSuccess);
    static const size_t lengths[] = {1, 3, 4, 8, 16, 17, 24, 63, 64};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        check_argument(connect, &seen, lengths[i]);
    IOObjectRelease(notification);
    IOObjectRelease(alpha);
    IONotificationPortDestroy(port);
    IOServiceClose(connect);
}

TEST(10_16_interest_in_busy_and_termination)
{
    IONotificationPortRef port    = create_running_port();
    io_connect_t          connect = fixture_open();
    Interest              busy    = {0};
    Interest              general = {0};
    io_object_t           busyNotification;
    io_object_t           generalNotification;
    fixture_publish_gamma(connect, 1);
    io_service_t gamma = IOServiceGetMatchingService(0, IOServiceNameMatching("gamma"));
    io_service_t alpha = fixture_copy_alpha();
    assert_int_equal(
        IOServiceAddInterestNotification(port, alpha, kIOBusyInterest, on_message, &busy, &busyNotification),
        kIOReturnSuccess);
    assert_int_equal(
        IOServiceAddInterestNotification(port, gamma, kIOGeneralInterest, on_message, &general, &generalNotification),
        kIOReturnSuccess);
    fixture_call(connect, kTestBusy, 1, 0, 1);
    fixture_run_until(&busy.any);
    assert_int_equal(busy.type, kIOMessageServiceBusyStateChange);
    assert_int_equal(busy.scalar, 1);
    fixture_call(connect, kTestBusy, (uint64_t)-1, 0, 1);

    fixture_terminate_gamma(connect, 1);
    fixture_run_until(&general.any);
    fixture_run_pending();
    assert_int_equal(general.type, kIOMessageServiceIsTerminated);
    assert_int_equal(general.service, gamma);
    io_object_t none; /* nobody can be interested any more (4.37) */
    assert_int_equal(IOServiceAddInterestNotification(port, gamma, kIOGeneralInterest, on_message, NULL, &none),
                     kIOReturnUnsupported);
    IOObjectRelease(generalNotification);
    IOObjectRelease(busyNotification);
    IOObjectRelease(gamma);
    IOObjectRelease(alpha);
    IONotificationPortDestroy(port);
    IOServiceClose(connect);
}

/* ---- mach_msg ---- */

/* A buffer with room for any notification and its trailer. */
typedef union Buffer {
    mach_msg_header_t header;
    uint8_t           bytes[1024];
} Buffer;

static void receive(mach_port_t port, Buffer *buffer)
{
    assert_int_equal(mach_msg(&buffer->header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof *buffer, port, 5000, 0),
                     MACH_MSG_SUCCESS);
}

TEST(10_9_raw_port_with_callout)
{
    IONotificationPortRef port    = IONotificationPortCreate(kIOMainPortDefault);
    io_connect_t          connect = fixture_open();
    io_service_t          alpha   = fixture_copy_alpha();
    Seen                  seen    = {.drains = true};
    Interest              message = {0};
    Buffer                buffer;
    io_iterator_t         iterator;
    io_object_t           notification;
    assert_int_equal(IOServiceAddMatchingNotification(port, kIOMatchedNotification, IOServiceNameMatching("gamma"),
                                                      on_match, &seen, &iterator),
                     kIOReturnSuccess);
    fixture_drain(iterator);
    fixture_publish_gamma(connect, 1);
    receive(IONotificationPortGetMachPort(port), &buffer);
    assert_int_equal(buffer.header.msgh_id, kOSNotificationMessageID);
    assert_int_equal(seen.calls, 0);
    IODispatchCalloutFromMessage(NULL, &buffer.header, port);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.services, 1);
    assert_int_equal(IOObjectGetUserRetainCount(iterator), 1);

    assert_int_equal(
        IOServiceAddInterestNotification(port, alpha, kIOGeneralInterest, on_message, &message, &notification),
        kIOReturnSuccess);
    fixture_call(connect, kTestMessage, 0xe0000077, 5, 2);
    receive(IONotificationPortGetMachPort(port), &buffer);
    IODispatchCalloutFromMessage(NULL, &buffer.header, port);
    assert_int_equal(message.type, 0xe0000077);
    assert_int_equal(message.scalar, 5);
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 1);
    assert_int_equal(IOObjectGetUserRetainCount(notification), 1);

    buffer.header.msgh_id = 1; /* another kind is ignored */
    IODispatchCalloutFromMessage(NULL, &buffer.header, port);
    assert_int_equal(message.calls, 1);
    IOObjectRelease(notification);
    IOObjectRelease(iterator);
    IOObjectRelease(alpha);
    IONotificationPortDestroy(port);
    fixture_terminate_gamma(connect, 1);
    IOServiceClose(connect);
}

TEST(10_16_notification_on_a_port_of_ones_own)
{
    io_connect_t connect = fixture_open();
    mach_port_t  port    = 0;
    Buffer       buffer;
    uint32_t     type      = 0;
    uintptr_t    reference = 0;
    void        *content   = &buffer;
    vm_size_t    size      = 99;
    io_iterator_t iterator;
    assert_int_equal(IOCreateReceivePort(kOSNotificationMessageID, &port), KERN_SUCCESS);
    assert_int_equal(IOServiceAddNotification(kIOMainPortDefault, kIOTerminatedNotification,
                                              IOServiceNameMatching("gamma"), port, 0x1234, &iterator),
                     kIOReturnSuccess);
    fixture_drain(iterator);
    fixture_publish_gamma(connect, 1);
    fixture_terminate_gamma(connect, 1);
    receive(port, &buffer);
    assert_int_equal(OSGetNotificationFromMessage(&buffer.header, 1, &type, &reference, &content, &size),
                     kIOReturnNoResources);
    assert_int_equal(OSGetNotificationFromMessage(&buffer.header, 0, &type, &reference, &content, &size),
                     kIOReturnSuccess);
    assert_int_equal(type, kIOServiceTerminatedNotificationType);
    assert_int_equal(reference, 0x1234);
    assert_int_equal(size, 0);
    assert_null(content);
    assert_int_equal(OSGetNotificationFromMessage(&buffer.header, 0, NULL, NULL, NULL, NULL), kIOReturnSuccess);
    assert_int_equal(buffer.header.msgh_remote_port, iterator);
    IOObjectRelease(buffer.header.msgh_remote_port); /* the message's */
    assert_int_equal(fixture_drain(iterator), 1);

    buffer.header.msgh_id = 54;
    assert_int_equal(OSGetNotificationFromMessage(&buffer.header, 0, NULL, NULL, NULL, NULL), kIOReturnBadMessageID);
    IOObjectRelease(iterator);
    mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
    IOServiceClose(connect);
}

/* ---- Messages made by hand ---- */

static unsigned  asyncCalls;
static uint32_t  asyncCount;
static uintptr_t asyncArgs[4];

static void on_async0(void *refcon, IOReturn result)
{
    assert_ptr_equal(refcon, &asyncCalls);
    assert_int_equal(result, kIOReturnBusy);
    asyncCalls++;
}

static void on_async1(void *refcon, IOReturn result, void *arg0)
{
    asyncArgs[0] = (uintptr_t)arg0;
    on_async0(refcon, result);
}

static void on_async2(void *refcon, IOReturn result, void *arg0, void *arg1)
{
    asyncArgs[1] = (uintptr_t)arg1;
    on_async1(refcon, result, arg0);
}

static void on_async(void *refcon, IOReturn result, void **args, uint32_t numArgs)
{
    asyncCount   = numArgs;
    asyncArgs[2] = (uintptr_t)args[2];
    on_async2(refcon, result, args[0], args[1]);
}

/* Hands a completion with that many arguments, each ten times its index, to the callback. */
static void complete(void *callback, uint32_t count)
{
    Buffer   buffer                = {0};
    uint8_t *bytes                 = buffer.bytes + sizeof buffer.header;
    uint32_t type                  = kIOAsyncCompletionNotificationType;
    uint64_t reference[8]          = {0, (uintptr_t)callback, (uintptr_t)&asyncCalls};
    IOReturn result                = kIOReturnBusy;
    buffer.header.msgh_id          = kOSNotificationMessageID;
    buffer.header.msgh_size        = (mach_msg_size_t)(sizeof buffer.header + 72 + 4 + 8 * count);
    memcpy(bytes + 4, &type, sizeof type);
    memcpy(bytes + 8, reference, sizeof reference);
    memcpy(bytes + 72, &result, sizeof result);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t word = 10 * i;
        memcpy(bytes + 76 + 8 * i, &word, sizeof word);
    }
    IODispatchCalloutFromMessage(NULL, &buffer.header, NULL);
}

TEST(5_33_completions_by_the_number_of_arguments)
{
    complete((void *)on_async0, 0);
    assert_int_equal(asyncCalls, 1);
    complete((void *)on_async1, 1);
    assert_int_equal(asyncCalls, 2);
    asyncArgs[0] = 1;
    complete((void *)on_async2, 2);
    assert_int_equal(asyncCalls, 3);
    assert_int_equal(asyncArgs[0], 0);
    assert_int_equal(asyncArgs[1], 10);
    complete((void *)on_async, 3);
    assert_int_equal(asyncCalls, 4);
    assert_int_equal(asyncCount, 3);
    assert_int_equal(asyncArgs[2], 20);
}

TEST(10_9_short_and_broken_messages_are_ignored)
{
    Buffer buffer              = {0};
    buffer.header.msgh_id      = kOSNotificationMessageID;
    buffer.header.msgh_size    = sizeof buffer.header + 71;
    IODispatchCalloutFromMessage(NULL, &buffer.header, NULL);
    assert_int_equal(OSGetNotificationFromMessage(&buffer.header, 0, NULL, NULL, NULL, NULL), kIOReturnNoResources);
    buffer.header.msgh_size = sizeof buffer;
    IODispatchCalloutFromMessage(NULL, &buffer.header, NULL); /* of no type */
    buffer.header.msgh_bits = MACH_MSGH_BITS_COMPLEX;
    memset(buffer.bytes + sizeof buffer.header, 0xff, 4); /* four billion descriptors */
    IODispatchCalloutFromMessage(NULL, &buffer.header, NULL);
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_8_notification_port), RUN(10_15_and_4_39_initial_services_arm),
               RUN(4_40_one_message_until_drained), RUN(4_45_terminated_services_are_readable),
               RUN(4_41_such_an_iterator_is_always_valid), RUN(4_44_release_cancels),
               RUN(10_10_destroying_the_port_leaves_the_iterator), RUN(5_54_wrong_kinds_of_notification),
               RUN(10_16_interest), RUN(4_43_arguments_of_messages), RUN(10_16_interest_in_busy_and_termination),
               RUN(10_9_raw_port_with_callout), RUN(10_16_notification_on_a_port_of_ones_own),
               RUN(5_33_completions_by_the_number_of_arguments), RUN(10_9_short_and_broken_messages_are_ignored))
