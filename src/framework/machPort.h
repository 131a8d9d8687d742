/* SPDX-License-Identifier: MIT */
/*
 * Ports of this process, for the framework's own files. A port with a receive right is a pair of SOCK_SEQPACKET
 * sockets; a message is one packet that holds the message's bytes from its header on. Names below kMachPortFirstLocal
 * belong to the connection with the host, which is asked through MachPortHostOperations.
 */
#ifndef SRC_FRAMEWORK_MACHPORT_H
#define SRC_FRAMEWORK_MACHPORT_H

#include <stdbool.h>

#include <mach/mach_port.h>

#pragma GCC visibility push(hidden)

enum {
    kMachPortFirstLocal = 0x40000000, /* names from here on are this process's */
    kMachPortTask = 0x40000001,       /* the ports that every process has; they have no queue */
    kMachPortHost = 0x40000002,
    kMachPortBootstrap = 0x40000003,
    kMachPortThread = 0x40000004,
    kMachPortClocks = 0x40000005,     /* and the next one: SYSTEM_CLOCK, CALENDAR_CLOCK */
    kMachPortFirstNamed = 0x40000100, /* mach_port_allocate's names begin here */
    kMachMessageMax = 128 * 1024,     /* bytes of one message */
};

/* Whether a name can only be one of this process's ports. */
static inline bool machPortIsLocal(mach_port_t name)
{
    return name >= kMachPortFirstLocal && name != MACH_PORT_DEAD;
}

/* A duplicate, close-on-exec, of the end that messages to the port are written to, for the host; -1 when the name is
 * no port with a receive right, or without descriptors. Writing fails with EPIPE once the port has died. */
int mach_port_copy_send_end(mach_port_t name);

/* A port (or set) as an object, so that its descriptor stays open while somebody waits on it. */
typedef struct MachPort MachPort;

/* +1; NULL when the name is no port or set whose receive right this process has. */
MachPort *machPortCopy(mach_port_t name);
void machPortRelease(MachPort *port);
/* Borrowed: readable when a message waits, or, of a port that died, for ever. A set's is an epoll descriptor. */
int machPortReceiveEnd(const MachPort *port);
bool machPortIsDead(const MachPort *port);

/* What mach_port_deallocate, mod_refs, get_refs and type do for the host's handles. All may be called on any thread;
 * a result is a kern_return_t. */
typedef struct MachPortHostOperations {
    kern_return_t (*modifyReferences)(mach_port_name_t name, mach_port_delta_t delta);
    kern_return_t (*getReferences)(mach_port_name_t name, mach_port_urefs_t *ret_refs);
} MachPortHostOperations;

/* Set once, by the connection, before it makes its first handle. Constant from then on. */
void machPortSetHostOperations(const MachPortHostOperations *operations);

/* Sends the message's msgh_size bytes to a port of this process, as they are; waits when the queue is full. */
mach_msg_return_t machPortSendBytes(mach_port_t name, const mach_msg_header_t *msg);

#pragma GCC visibility pop

#endif
