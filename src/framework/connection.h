/* SPDX-License-Identifier: MIT */
/*
 * The connection of this process to the host, and one call over it. Only the functions made from routines.def
 * (clientRoutines.c) use this.
 */
#ifndef FRAMEWORK_CONNECTION_H
#define FRAMEWORK_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <IOKit/IOTypes.h>

#include "protocol/wire.h"

typedef struct Connection Connection;

/* A request up to this is built beside its call and copied to the slot at once: the host looks at the slot's first line
 * all the time, and each look between two stores would take the line away. */
enum { kClientNearBytes = 120 };

/*
 * One call. The order is begin, put for each argument, perform, get for each result, end; an error anywhere makes the
 * rest do nothing, and end returns it.
 */
typedef struct ClientCall {
    Connection *connection;
    unsigned slot;
    uint8_t *message; /* near, the slot's, or the payload's mapping */
    uint64_t room;    /* bytes at message */
    uint64_t used;    /* request: bytes put; reply: bytes read */
    uint64_t size;    /* reply: bytes there */
    int payload;      /* the request's memfd, or -1 */
    bool mapped;      /* message is a mapping of room bytes */
    uint8_t descriptorCount;
    int descriptors[kWireDescriptorsMax - 1]; /* owned until performed */
    kern_return_t result;
    _Alignas(8) uint8_t near[kClientNearBytes];
} ClientCall;

/* Claims a slot. A dead connection is replaced only for a call to the host itself (target 0 and reconnect). */
void ClientCall_begin(ClientCall *self, uint16_t routine, mach_port_t target, bool reconnect);
/* Sends and waits. True when there are results to get. */
bool ClientCall_perform(ClientCall *self);
/* Gives the slot back. */
kern_return_t ClientCall_end(ClientCall *self);

/* Makes room for size more bytes, a multiple of 8; NULL, and the call has failed, without memory. */
uint8_t *ClientCall_grow(ClientCall *self, uint64_t size);

/* A local port's send end, as a descriptor; the call fails for a name that is none. 0: no port. */
void ClientCall_putPort(ClientCall *self, mach_port_t name);
/* Bytes and their count, above the limit: the result is tooLarge. */
void ClientCall_putBytes(ClientCall *self, const void *bytes, uint64_t size, uint64_t limit, kern_return_t tooLarge);
/* Copies the next run of bytes; fails when it is longer than room, which cannot be with our host. */
uint64_t ClientCall_getBytes(ClientCall *self, void *bytes, uint64_t room);
/* A copy of the next run of bytes for the caller to free; NULL when it is empty. */
void *ClientCall_getBuffer(ClientCall *self, uint64_t *ret_size);

static inline uint8_t *ClientCall_reserve(ClientCall *self, uint64_t size)
{
    if (self->result != KERN_SUCCESS)
        return NULL;
    if (size > self->room - self->used)
        return ClientCall_grow(self, size);
    uint8_t *place = self->message + self->used;
    self->used += size;
    return place;
}

static inline void ClientCall_putWord(ClientCall *self, uint64_t word)
{
    uint8_t *place = ClientCall_reserve(self, sizeof word);
    if (place)
        memcpy(place, &word, sizeof word);
}

static inline uint64_t ClientCall_getWord(ClientCall *self)
{
    uint64_t word = 0;
    if (self->result != KERN_SUCCESS)
        return 0;
    if (self->size - self->used < sizeof word) {
        self->result = kWireServerDied;
        return 0;
    }
    memcpy(&word, self->message + self->used, sizeof word);
    self->used += sizeof word;
    return word;
}

#endif
