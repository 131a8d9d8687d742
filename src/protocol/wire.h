/* SPDX-License-Identifier: MIT */
/*
 * The layout of what crosses the boundary. docs/protocol.md tells the story; this file is the reference.
 *
 * A message, request or reply, is a WireHeader and then the row's arguments in their order, each at a multiple of 8:
 *
 *     kind                            in the request                     in the reply, if the result is success
 *     IN_U32 IN_U64                   word: the value                    -
 *     IN_CONNECT                      word: the name                     -
 *     IN_PORT                         word: 1, a descriptor comes; 0     -
 *     IN_TEXT                         word: bytes with NUL; the bytes    -
 *     IN_SCALARS                      word: count; the words             -
 *     IN_BYTES IN_LARGE               word: bytes; the bytes             -
 *     OUT_U32 OUT_U64                 -                                  word: the value
 *     OUT_OBJECT OUT_CONNECT          -                                  word: the name
 *     OUT_TEXT                        -                                  word: bytes with NUL; the bytes
 *     OUT_SCALARS                     word: room, in words               word: count; the words
 *     OUT_BYTES OUT_LARGE             word: room, in bytes               word: bytes; the bytes
 *     OUT_BUFFER                      -                                  word: bytes; the bytes
 *
 * A message travels in a slot of the connection's region. One that is longer than a slot travels in a memfd, and
 * descriptors travel beside either: both are sent over the socket as a ControlMessage kControlAttach, before the slot
 * is rung; the slot then holds the header alone, with kWirePayload in its flags.
 */
#ifndef PROTOCOL_WIRE_H
#define PROTOCOL_WIRE_H

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

#include "limits.h"

enum {
    kWirePayload = 1 << 0, /* the message is in the attached memfd, which comes first among the descriptors */
};

typedef struct WireHeader {
    uint32_t size;    /* of the whole message; bytes, a multiple of 8 */
    uint16_t routine; /* its id */
    uint8_t flags;
    uint8_t descriptors; /* attached, the payload included */
    uint32_t target;     /* request: a name. reply: 0 */
    uint32_t result;     /* request: 0. reply: the kern_return_t */
} WireHeader;

static_assert(sizeof(WireHeader) == 16, "part of the wire form");

/* Results that the boundary itself gives (mach/message.h, mach/mig_errors.h). */
#define kWireInvalidDestination ((kern_return_t)0x10000003)
#define kWireServerDied         ((kern_return_t)-308)
#define kWireArrayTooLarge      ((kern_return_t)-307)

enum {
    kWireSlotBytes = (64 << 10) - 8, /* of a message or an answer in a slot */
    kWireDescriptorsMax = 4,         /* beside one message */
    kWireCacheLine = 64,
};

/* Bytes to the next multiple of 8. */
static inline uint64_t wireRound(uint64_t size)
{
    return (size + 7) & ~(uint64_t)7;
}

/*
 * A slot. `request` is the number of the last call, written by the client after the message; `reply` is that number
 * again, written by the host after its answer. A side that goes to sleep on the other's word says so first, then looks
 * at the word again; a side that has written its word then looks whether the other sleeps, and wakes it. All four
 * accesses are sequentially consistent: one of the two sees the other.
 *
 *     offset   written by                  bytes
 *     0        client                      4      request
 *     4        host, when it sleeps        4      hostSleeps
 *     8        client                      ...    message
 *     64 KiB   host                        4      reply
 *     + 4      client, when it sleeps      4      clientSleeps
 *     + 8      host                        ...    answer
 *
 * So while nobody sleeps, each half is written by one side and read by the other, and a message of up to 56 bytes is
 * in the line that its reader is looking at already: a small call moves one line there and one line back.
 */
typedef struct WireSlot {
    _Alignas(kWireCacheLine) _Atomic(uint32_t) request;
    _Atomic(uint32_t) hostSleeps;
    uint8_t message[kWireSlotBytes];
    _Alignas(kWireCacheLine) _Atomic(uint32_t) reply;
    _Atomic(uint32_t) clientSleeps;
    uint8_t answer[kWireSlotBytes];
} WireSlot;

static_assert(sizeof(WireSlot) == 2 * (64 << 10), "part of the wire form");

/* The region: a memfd that the host makes and seals against a change of its size. */
typedef struct WireRegion {
    WireSlot slots[kLimitSlots];
} WireRegion;

/* One packet on the socket. */
enum {
    kControlHello = 1,     /* client: first of all. a: kProtocolMagic, b: kProtocolVersion */
    kControlWelcome = 2,   /* host: the answer. a: kProtocolVersion, b: 0 or a kern_return_t; the region's descriptor */
    kControlStartSlot = 3, /* client: before the first call in a slot. a: the slot */
    kControlAttach = 4,    /* either: descriptors of the message in slot a with number b */
};

typedef struct ControlMessage {
    uint32_t kind;
    uint32_t a;
    uint32_t b;
    uint32_t reserved; /* 0 */
} ControlMessage;

#endif
