/* SPDX-License-Identifier: MIT */
/* SEMANTICS 4.39 to 4.45: notifications of clients, as bytes at a port. */
#include "boundaryHost.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <IOKit/OSMessageNotification.h>
#include <mach/message.h>

static mach_port_t service, connection, port;
static int receiveEnd;

static void release(mach_port_t name)
{
    assert_int_equal(io_handle_mod_refs(name, (uint32_t)-1), 0);
}

static void begin(void)
{
    host_start();
    service = findService(kBoundaryService);
    connection = openService(service, kOpenPlain);
    port = port_create(&receiveEnd);
}

static void end(void)
{
    release(connection);
    release(service);
    host_stop();
}

static mach_port_t addNotification(const char *type)
{
    uint64_t size, reference[3] = {0, 0x1111, 0x2222};
    mach_port_t notification = 0;
    const void *matching = matchingClass("BoundaryNub", &size);
    assert_int_equal(io_service_add_notification_bin(0, type, matching, size, port, reference, 3, &notification), 0);
    return notification;
}

static void makeNubs(uint64_t count)
{
    assert_int_equal(callScalars(connection, kNubs, &count, 1, NULL, NULL), 0);
}

/* How many services the notification holds; all are released. */
static unsigned drain(mach_port_t notification)
{
    unsigned count = 0;
    mach_port_t each;
    while (io_iterator_next(notification, &each) == 0) {
        count++;
        release(each);
    }
    return count;
}

/* A matching message, already there or soon. */
typedef struct Message {
    mach_msg_header_t header;
    OSNotificationHeader64 notification;
} Message;

static void receiveMatch(mach_port_t expected, uint32_t type)
{
    Message message;
    assert_int_equal(recv(receiveEnd, &message, sizeof message, 0), sizeof message);
    assert_int_equal(message.header.msgh_size, sizeof message);
    assert_int_equal(message.header.msgh_id, kOSNotificationMessageID);
    assert_int_equal(message.header.msgh_remote_port, expected);
    assert_int_equal(message.notification.size, 0);
    assert_int_equal(message.notification.type, type);
    assert_int_equal(message.notification.reference[1], 0x1111);
    assert_int_equal(message.notification.reference[2], 0x2222);
    release(message.header.msgh_remote_port); /* the message carried a reference */
}

/* The calls that sent were synchronous: a message would be there. */
static bool nothingThere(void)
{
    struct pollfd waiter = {.fd = receiveEnd, .events = POLLIN};
    return poll(&waiter, 1, 0) == 0;
}

TEST(4_39_initial_services_without_a_message)
{
    begin();
    makeNubs(3);
    mach_port_t notification = addNotification("IOServiceMatched");
    makeNubs(1); /* not armed yet */
    assert_true(nothingThere());
    assert_int_equal(drain(notification), 4);
    release(notification);
    end();
}

TEST(4_40_one_message_until_drained)
{
    begin();
    mach_port_t notification = addNotification("IOServiceMatched");
    assert_int_equal(drain(notification), 0); /* arms */
    makeNubs(3);
    receiveMatch(notification, kIOServiceMatchedNotificationType);
    assert_true(nothingThere());
    assert_int_equal(drain(notification), 3);
    makeNubs(1);
    receiveMatch(notification, kIOServiceMatchedNotificationType);
    assert_int_equal(drain(notification), 1);
    release(notification);
    end();
}

TEST(4_41_cap_and_order)
{
    char location[128];
    mach_port_t newest;
    begin();
    mach_port_t notification = addNotification("IOServiceFirstMatch");
    makeNubs(1030);
    assert_int_equal(io_iterator_next(notification, &newest), 0);
    assert_int_equal(io_registry_entry_get_location_in_plane(newest, "IOService", location), 0);
    assert_string_equal(location, "3ff"); /* the 1024th: what came after it was dropped */
    release(newest);
    uint32_t valid = 0;
    assert_int_equal(io_iterator_is_valid(notification, &valid), 0);
    assert_int_equal(valid, 1);
    assert_int_equal(io_iterator_reset(notification), 0);
    assert_int_equal(drain(notification), 1023);
    release(notification);
    end();
}

TEST(4_42_types_of_messages)
{
    begin();
    mach_port_t published = addNotification("IOServicePublish");
    assert_int_equal(drain(published), 0);
    makeNubs(1);
    receiveMatch(published, kIOServicePublishNotificationType);
    release(published);
    mach_port_t ended = addNotification("IOServiceTerminate");
    assert_int_equal(drain(ended), 0);
    makeNubs(0);
    receiveMatch(ended, kIOServiceTerminatedNotificationType);
    release(ended);
    end();
}

typedef struct Interest {
    mach_msg_header_t header;
    mach_msg_body_t body;
    mach_msg_port_descriptor_t service;
    uint32_t size, type;
    uint8_t reference[64];
    uint32_t messageType;
    uint8_t argument[64];
} __attribute__((packed)) Interest;

static Interest receiveInterest(mach_port_t notification, size_t argumentBytes)
{
    Interest message;
    ssize_t size = recv(receiveEnd, &message, sizeof message, 0);
    assert_int_equal(size, offsetof(Interest, argument) + argumentBytes);
    assert_int_equal(message.header.msgh_size, size);
    assert_int_equal(message.header.msgh_id, kOSNotificationMessageID);
    assert_true(message.header.msgh_bits & MACH_MSGH_BITS_COMPLEX);
    assert_int_equal(message.header.msgh_remote_port, notification);
    assert_int_equal(message.body.msgh_descriptor_count, 1);
    assert_int_equal(message.service.type, MACH_MSG_PORT_DESCRIPTOR);
    assert_int_equal(message.type & kIOKitNoticationTypeMask, kIOServiceMessageNotificationType);
    release(message.header.msgh_remote_port);
    release(message.service.name);
    return message;
}

static mach_port_t addInterest(void)
{
    uint64_t reference[4] = {0, 1, 2, service};
    mach_port_t notification = 0;
    assert_int_equal(
        io_service_add_interest_notification(service, "IOGeneralInterest", port, reference, 4, &notification), 0);
    return notification;
}

static void message(uint64_t type, const void *argument, uint32_t size)
{
    assert_int_equal(
        io_connect_method(connection, kMessage, &type, 1, argument, size, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL),
        0);
}

TEST(4_43_interest_messages)
{
    uint64_t scalars[2] = {0xe0001234, 0x123456789a};
    begin();
    mach_port_t notification = addInterest();
    assert_int_equal(callScalars(connection, kMessageScalar, scalars, 2, NULL, NULL), 0);
    Interest got = receiveInterest(notification, 8);
    assert_int_equal(got.messageType, 0xe0001234);
    assert_memory_equal(got.argument, &scalars[1], 8);
    assert_int_equal(got.service.name, service);
    message(5, "abcde", 5); /* rounded up to 8; the low bits of 5 say so */
    got = receiveInterest(notification, 8);
    assert_memory_equal(got.argument, "abcde\0\0\0", 8);
    assert_int_equal(got.type >> kIOKitNoticationTypeSizeAdjShift, 1);
    char bytes[100];
    memset(bytes, 'x', sizeof bytes);
    message(6, bytes, sizeof bytes); /* 64 of them */
    got = receiveInterest(notification, 64);
    assert_memory_equal(got.argument, bytes, 64);
    release(notification);
    end();
}

TEST(4_44_released_is_silent)
{
    begin();
    mach_port_t interest = addInterest();
    mach_port_t matched = addNotification("IOServiceMatched");
    assert_int_equal(drain(matched), 0);
    release(interest);
    release(matched);
    makeNubs(2);
    message(5, "abc", 3);
    assert_true(nothingThere());
    end();
}

TEST(4_45_terminated_services_can_be_asked)
{
    char name[128];
    uint64_t id = 0;
    mach_port_t gone = 0;
    begin();
    makeNubs(1);
    mach_port_t notification = addNotification("IOServiceTerminate");
    assert_int_equal(drain(notification), 0);
    makeNubs(0);
    receiveMatch(notification, kIOServiceTerminatedNotificationType);
    assert_int_equal(io_iterator_next(notification, &gone), 0);
    assert_int_equal(io_registry_entry_get_name(gone, name), 0);
    assert_string_equal(name, "BoundaryNub");
    assert_int_equal(io_registry_entry_get_registry_entry_id(gone, &id), 0);
    assert_true(id > 0x100000100);
    release(gone);
    release(notification);
    end();
}

/* A port whose reader is away: what it cannot take waits, and then is there, whole and in order. */
TEST(backlog_is_kept_in_order)
{
    enum { kMessages = 900 };
    begin();
    mach_port_t notification = addInterest();
    for (uint32_t i = 0; i < kMessages; i++)
        message(i, "abcd", 4);
    for (uint32_t i = 0; i < kMessages; i++)
        assert_int_equal(receiveInterest(notification, 4).messageType, i);
    assert_true(nothingThere());
    release(notification);
    end();
}

TEST(backlog_is_bounded)
{
    uint32_t refs = 0, received = 0;
    enum { kMessages = 6000 };
    begin();
    mach_port_t notification = addInterest();
    for (uint32_t i = 0; i < kMessages; i++)
        message(i, "abcd", 4);
    assert_int_equal(io_handle_get_refs(notification, &refs), 0);
    assert_true(refs < 3000); /* one for each message kept, and ours */
    while (received + 1 < refs) {
        assert_int_equal(receiveInterest(notification, 4).messageType, received);
        received++;
    }
    assert_true(nothingThere());
    release(notification);
    end();
}

TEST_MAIN_WITH(plainTestHooks, RUN(4_39_initial_services_without_a_message), RUN(4_40_one_message_until_drained),
               RUN(4_41_cap_and_order), RUN(4_42_types_of_messages), RUN(4_43_interest_messages),
               RUN(4_44_released_is_silent), RUN(4_45_terminated_services_can_be_asked), RUN(backlog_is_kept_in_order),
               RUN(backlog_is_bounded))
