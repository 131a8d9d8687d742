/* SPDX-License-Identifier: MIT */
/*
 * mach_msg: messages between threads of this process, and from the host, which writes into a port's send end. A packet
 * is the message as its receiver sees it, but for the name of the port it came to. Port names are the same numbers for
 * sender and receiver, so a right in a message is a reference that is counted while it travels.
 *
 * No lock is held while a thread waits; the receive lock of a port makes looking at a packet's size and taking it one
 * step.
 */
#include "machPortInternal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <mach/mach_init.h>
#include <mach/mach_time.h>

#include <IOKit/IOLib.h>

static const uint64_t forever = UINT64_MAX;

/* Nanoseconds of mach_absolute_time; forever without a timeout. */
static uint64_t deadlineFor(bool limited, mach_msg_timeout_t milliseconds)
{
    return limited ? mach_absolute_time() + milliseconds * UINT64_C(1000000) : forever;
}

/* Waits for events. 1: there; 0: time is up; -1: a signal came. */
static int waitFor(int fd, short events, uint64_t deadline)
{
    struct pollfd waiter = {.fd = fd, .events = events};
    struct timespec left;
    uint64_t now = deadline == forever ? 0 : mach_absolute_time();
    uint64_t nanoseconds = deadline > now ? deadline - now : 0;
    left.tv_sec = (time_t)(nanoseconds / 1000000000);
    left.tv_nsec = (long)(nanoseconds % 1000000000);
    return ppoll(&waiter, 1, deadline == forever ? NULL : &left, NULL);
}

/* What a sender's way of giving a right becomes at the receiver: a send, a send-once or a receive right; 0: none such.
 */
static mach_msg_type_name_t receivedType(mach_msg_type_name_t disposition)
{
    switch (disposition) {
    case MACH_MSG_TYPE_MOVE_SEND:
    case MACH_MSG_TYPE_COPY_SEND:
    case MACH_MSG_TYPE_MAKE_SEND:
        return MACH_MSG_TYPE_PORT_SEND;
    case MACH_MSG_TYPE_MOVE_SEND_ONCE:
    case MACH_MSG_TYPE_MAKE_SEND_ONCE:
        return MACH_MSG_TYPE_PORT_SEND_ONCE;
    case MACH_MSG_TYPE_MOVE_RECEIVE:
        return MACH_MSG_TYPE_PORT_RECEIVE;
    default:
        return MACH_MSG_TYPE_PORT_NONE;
    }
}

/* Counts a right into a message. */
static bool giveRight(mach_port_t name, mach_msg_type_name_t disposition)
{
    mach_port_urefs_t refs = 0;
    mach_port_right_t held = MACH_PORT_RIGHT_SEND;
    if (!MACH_PORT_VALID(name))
        return true;
    bool makes = disposition == MACH_MSG_TYPE_MAKE_SEND || disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE;
    if (makes || disposition == MACH_MSG_TYPE_MOVE_RECEIVE)
        held = MACH_PORT_RIGHT_RECEIVE;
    if (mach_port_get_refs(mach_task_self_, name, held, &refs) != KERN_SUCCESS || refs == 0)
        return false;
    if (makes || disposition == MACH_MSG_TYPE_COPY_SEND)
        return machPortModifySends(name, 1) == KERN_SUCCESS;
    return true; /* moved: the sender's reference travels */
}

static void dropRight(mach_port_t name, mach_msg_type_name_t type)
{
    if (!MACH_PORT_VALID(name))
        return;
    if (type == MACH_MSG_TYPE_PORT_RECEIVE)
        mach_port_mod_refs(mach_task_self_, name, MACH_PORT_RIGHT_RECEIVE, -1);
    else if (type == MACH_MSG_TYPE_PORT_SEND || type == MACH_MSG_TYPE_PORT_SEND_ONCE)
        machPortModifySends(name, -1);
}

/* The descriptors of a complex message of that many bytes; *ret_count stays 0 for another. False: they do not fit. */
static bool descriptorsOf(mach_msg_header_t *msg, size_t size, mach_msg_port_descriptor_t **ret_first,
                          uint32_t *ret_count)
{
    mach_msg_base_t *base = (mach_msg_base_t *)(void *)msg;
    *ret_count = 0;
    *ret_first = NULL;
    if (!MACH_MSGH_BITS_IS_COMPLEX(msg->msgh_bits))
        return true;
    if (size < sizeof *base ||
        base->body.msgh_descriptor_count > (size - sizeof *base) / sizeof(mach_msg_port_descriptor_t))
        return false;
    *ret_first = (mach_msg_port_descriptor_t *)(void *)(base + 1);
    *ret_count = base->body.msgh_descriptor_count;
    return true;
}

/* Turns a copy of a client's message into what the receiver sees, and counts the rights in it. */
static mach_msg_return_t prepare(mach_msg_header_t *msg)
{
    mach_msg_port_descriptor_t *descriptors;
    uint32_t count;
    mach_port_t destination = msg->msgh_remote_port, reply = msg->msgh_local_port;
    mach_msg_type_name_t how = MACH_MSGH_BITS_LOCAL(msg->msgh_bits);
    if (!descriptorsOf(msg, msg->msgh_size, &descriptors, &count))
        return MACH_SEND_MSG_TOO_SMALL;
    for (uint32_t i = 0; i < count; i++)
        if (descriptors[i].type != MACH_MSG_PORT_DESCRIPTOR || !receivedType(descriptors[i].disposition))
            return MACH_SEND_INVALID_TYPE;
    if (MACH_PORT_VALID(reply) && (!receivedType(how) || !giveRight(reply, how)))
        return MACH_SEND_INVALID_REPLY;
    for (uint32_t i = 0; i < count; i++) {
        if (!giveRight(descriptors[i].name, descriptors[i].disposition)) {
            dropRight(reply, receivedType(how));
            while (i-- > 0)
                dropRight(descriptors[i].name, descriptors[i].disposition);
            return MACH_SEND_INVALID_RIGHT;
        }
        descriptors[i].disposition = receivedType(descriptors[i].disposition);
    }
    msg->msgh_bits = MACH_MSGH_BITS(receivedType(how), 0) | (msg->msgh_bits & MACH_MSGH_BITS_COMPLEX);
    msg->msgh_remote_port = reply;
    msg->msgh_local_port = destination;
    return MACH_MSG_SUCCESS;
}

static mach_msg_return_t sendPacket(MachPort *port, const mach_msg_header_t *msg, uint64_t deadline)
{
    while (send(port->sendEnd, msg, msg->msgh_size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN)
            return MACH_SEND_INVALID_DEST;
        if (errno == EMSGSIZE)
            return MACH_SEND_TOO_LARGE;
        if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
            return MACH_SEND_NO_BUFFER;
        if (errno == EAGAIN && waitFor(port->sendEnd, POLLOUT, deadline) == 0)
            return MACH_SEND_TIMED_OUT;
    }
    return MACH_MSG_SUCCESS;
}

mach_msg_return_t machPortSendBytes(mach_port_t name, const mach_msg_header_t *msg)
{
    MachPort *port = machPortCopy(name);
    if (!port || port->isSet) {
        machPortRelease(port);
        return MACH_SEND_INVALID_DEST;
    }
    mach_msg_return_t result = sendPacket(port, msg, forever);
    machPortRelease(port);
    return result;
}

/* Whether this process may send to the port as the header says. */
static bool maySend(mach_port_t destination, mach_msg_type_name_t how)
{
    mach_port_urefs_t refs = 0;
    mach_port_right_t held = MACH_PORT_RIGHT_SEND;
    if (how == MACH_MSG_TYPE_MAKE_SEND || how == MACH_MSG_TYPE_MAKE_SEND_ONCE)
        held = MACH_PORT_RIGHT_RECEIVE;
    return machPortIsLocal(destination) &&
           mach_port_get_refs(mach_task_self_, destination, held, &refs) == KERN_SUCCESS && refs > 0;
}

static mach_msg_return_t sendMessage(const mach_msg_header_t *msg, mach_msg_size_t size, uint64_t deadline)
{
    mach_msg_type_name_t how = MACH_MSGH_BITS_REMOTE(msg->msgh_bits);
    mach_port_t name = msg->msgh_remote_port;
    if (size < sizeof *msg || size % 4 != 0)
        return MACH_SEND_MSG_TOO_SMALL;
    if (size > kMachMessageMax)
        return MACH_SEND_TOO_LARGE;
    if (!receivedType(how))
        return MACH_SEND_INVALID_HEADER;
    MachPort *port = maySend(name, how) ? machPortCopy(name) : NULL;
    if (!port || port->isSet) {
        machPortRelease(port);
        return MACH_SEND_INVALID_DEST;
    }
    mach_msg_header_t *copy = IOMallocZero(size);
    mach_msg_return_t result = MACH_SEND_NO_BUFFER;
    if (copy) {
        memcpy(copy, msg, size);
        copy->msgh_size = size;
        result = prepare(copy);
        if (result == MACH_MSG_SUCCESS) {
            result = sendPacket(port, copy, deadline);
            if (result != MACH_MSG_SUCCESS)
                mach_msg_destroy(copy);
            else if (how == MACH_MSG_TYPE_MOVE_SEND || how == MACH_MSG_TYPE_MOVE_SEND_ONCE)
                machPortModifySends(name, -1);
        }
    }
    IOFree(copy, size);
    machPortRelease(port);
    return result;
}

/* Of a set: the member that has a message, +1, and its name; of a port: itself. NULL: none has. */
static MachPort *readyPort(MachPort *port, mach_port_t *name)
{
    struct epoll_event event;
    if (!port->isSet)
        return machPortRetain(port);
    if (epoll_wait(port->receiveEnd, &event, 1, 0) != 1)
        return NULL;
    *name = event.data.u32;
    return machPortCopy(*name);
}

/* Drops a packet that is too large, and what it brought as far as it was seen. */
static void discard(int fd)
{
    char byte;
    (void)recv(fd, &byte, 1, MSG_DONTWAIT);
}

/* Takes a message if there is one; EAGAIN is told as MACH_RCV_TIMED_OUT. */
static mach_msg_return_t takeMessage(MachPort *port, mach_port_t name, mach_msg_header_t *msg, mach_msg_size_t room,
                                     mach_msg_option_t option)
{
    mach_msg_return_t result = MACH_MSG_SUCCESS;
    char byte;
    pthread_mutex_lock(&port->receiveLock);
    ssize_t size = recv(port->receiveEnd, &byte, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (machPortIsDead(port)) {
        result = MACH_RCV_PORT_DIED;
    } else if (size <= 0) {
        result = MACH_RCV_TIMED_OUT;
    } else if (size < (ssize_t)sizeof *msg) {
        discard(port->receiveEnd); /* no message of ours: only a broken sender writes one */
        result = MACH_RCV_TIMED_OUT;
    } else if (round_msg(size) + sizeof(mach_msg_trailer_t) > room) {
        if (!(option & MACH_RCV_LARGE))
            discard(port->receiveEnd);
        if (room >= sizeof *msg) {
            msg->msgh_size = (mach_msg_size_t)size;
            msg->msgh_local_port = name;
        }
        result = MACH_RCV_TOO_LARGE;
    } else {
        (void)recv(port->receiveEnd, msg, (size_t)size, MSG_DONTWAIT); /* its size was seen under the lock */
        msg->msgh_size = (mach_msg_size_t)size;
        msg->msgh_local_port = name;
        memcpy((char *)msg + round_msg(size),
               &(mach_msg_trailer_t){MACH_MSG_TRAILER_FORMAT_0, sizeof(mach_msg_trailer_t)},
               sizeof(mach_msg_trailer_t));
    }
    pthread_mutex_unlock(&port->receiveLock);
    return result;
}

static mach_msg_return_t receiveMessage(mach_msg_header_t *msg, mach_msg_size_t room, mach_port_t name,
                                        mach_msg_option_t option, uint64_t deadline)
{
    MachPort *port = machPortCopy(name);
    mach_msg_return_t result = MACH_RCV_TIMED_OUT;
    if (!port)
        return MACH_RCV_INVALID_NAME;
    for (;;) {
        mach_port_t from = name;
        MachPort *ready = readyPort(port, &from);
        if (ready)
            result = takeMessage(ready, from, msg, room, option);
        machPortRelease(ready);
        if (port->isSet && result == MACH_RCV_PORT_DIED && !machPortIsDead(port))
            result = MACH_RCV_TIMED_OUT; /* a member died; the set goes on */
        if (result != MACH_RCV_TIMED_OUT)
            break;
        int there = waitFor(port->receiveEnd, POLLIN, deadline);
        if (there == 0)
            break;
        if (there < 0 && errno == EINTR && (option & MACH_RCV_INTERRUPT)) {
            result = MACH_RCV_INTERRUPTED;
            break;
        }
    }
    machPortRelease(port);
    return result;
}

mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_name_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_name_t notify)
{
    mach_msg_return_t result = MACH_MSG_SUCCESS;
    if (option & MACH_SEND_MSG)
        result = sendMessage(msg, send_size, deadlineFor(option & MACH_SEND_TIMEOUT, timeout));
    if (result == MACH_MSG_SUCCESS && (option & MACH_RCV_MSG))
        result = receiveMessage(msg, rcv_size, rcv_name, option, deadlineFor(option & MACH_RCV_TIMEOUT, timeout));
    return result;
}

mach_msg_return_t mach_msg_send(mach_msg_header_t *msg)
{
    return mach_msg(msg, MACH_SEND_MSG, msg->msgh_size, 0, MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

mach_msg_return_t mach_msg_receive(mach_msg_header_t *msg)
{
    return mach_msg(msg, MACH_RCV_MSG, 0, msg->msgh_size, msg->msgh_local_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

void mach_msg_destroy(mach_msg_header_t *msg)
{
    mach_msg_port_descriptor_t *descriptors;
    uint32_t count;
    dropRight(msg->msgh_remote_port, MACH_MSGH_BITS_REMOTE(msg->msgh_bits));
    if (!descriptorsOf(msg, msg->msgh_size, &descriptors, &count))
        return;
    for (uint32_t i = 0; i < count; i++)
        if (descriptors[i].type == MACH_MSG_PORT_DESCRIPTOR)
            dropRight(descriptors[i].name, descriptors[i].disposition);
}
