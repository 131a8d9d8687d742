/* SPDX-License-Identifier: MIT */
/* Packets with descriptors on a Unix socket; used by both sides. */
#ifndef PROTOCOL_DESCRIPTORS_H
#define PROTOCOL_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "wire.h"

/* Sends one packet with count descriptors, which stay the caller's. False with errno set. */
bool sendControl(int socket, const ControlMessage *message, const int *descriptors, unsigned count);

/*
 * Receives one packet.
 *   flags          MSG_DONTWAIT or 0
 *   descriptors    room for kWireDescriptorsMax; filled with *ret_count that are the caller's to close
 *   Returns        1: a packet of the right size; 0: the peer is gone; -1: malformed; -2: nothing there now
 */
int receiveControl(int socket, int flags, ControlMessage *ret_message, int *descriptors, unsigned *ret_count);

void closeDescriptors(int *descriptors, unsigned count);

/*
 * Moves a descriptor that is to be kept away from 0, 1 and 2: in a program that closed its standard output, what it
 * prints would go there. Close-on-exec. The descriptor to use; -1 with errno set, the given one is closed then. -1
 * stays -1.
 */
int moveAboveStandard(int descriptor);

/* A new memfd, close-on-exec, sealed against a change of its size; -1 with errno set. */
int makeSharedMemory(const char *name, size_t size);

#endif
