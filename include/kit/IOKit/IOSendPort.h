/* SPDX-License-Identifier: MIT */
/*
 * IOSendPort: the host's end of a client's receive port: where notifications and asynchronous results are sent (Apple's
 * mach_port_t in registerNotificationPort). Sending never blocks: what the client does not take in time waits in a
 * bounded backlog.
 */
#ifndef _IOKIT_IOSENDPORT_H
#define _IOKIT_IOSENDPORT_H

#include <pthread.h>

#include <IOKit/IOReturn.h>
#include <libkern/OSObject.h>

OSDeclareClass(IOSendPort);

typedef struct IOSendPortMessage IOSendPortMessage;

/* C constant, L the port's lock. */
struct IOSendPort {
    OSObject super;
    int descriptor; /* C; owned */
    pthread_mutex_t lock;
    IOSendPortMessage *first; /* L; owned; the backlog, in order */
    IOSendPortMessage *last;  /* L */
    unsigned count;           /* L; of the backlog */
    bool isWatched;           /* L; the flusher waits for room */
    bool isClosed;            /* L; the client has closed its end */
    bool isReady;             /* C after init; the lock exists */
};

/* Takes a connected SOCK_SEQPACKET descriptor, which it closes in the end, also on failure. NULL for any other kind of
 * descriptor, or without memory. */
IOSendPort *IOSendPort_withDescriptor(int descriptor);

enum { kIOSendPortCanDrop = 1 }; /* drop rather than keep when the client is behind (kIOUserNotifyOptionCanDrop) */

/*
 * Sends one message, whole.
 *   Returns   kIOReturnSuccess: sent, or waiting in the backlog; MACH_SEND_TIMED_OUT: dropped, the backlog is full (or
 *             options say so); MACH_SEND_INVALID_DEST: the client has closed the port; kIOReturnNoMemory
 *   Context   any thread, also under locks of the caller
 */
IOReturn IOSendPort_send(IOSendPort *self, const void *message, size_t size, uint32_t options);

#endif
