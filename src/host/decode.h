/* SPDX-License-Identifier: MIT */
/*
 * One message: from bytes to a handler's typed arguments, and from its results to bytes. Nothing here reads shared
 * memory: the bytes were copied before.
 */
#ifndef HOST_DECODE_H
#define HOST_DECODE_H

#include "handleTable.h"
#include "protocol/wire.h"
#include "routineTable.h"
#include "slotTarget.h"

/* Room for the OUT arguments of one call, but OUT_LARGE, which is allocated. */
enum { kDecodeScratchBytes = 3 * kLimitPath };

/* A request, and while it is served what belongs to it. Zero-filled before decodeRequest but for the first fields. */
typedef struct Request {
    HostClient *client;
    const uint8_t *bytes; /* a private copy, aligned to 8, the header included */
    uint64_t size;
    int *descriptors; /* those of IN_PORT, owned by the caller; taken ones become -1 */
    unsigned descriptorCount;
    uint8_t *scratch;       /* kDecodeScratchBytes, aligned to 8 */
    SlotTarget *slotTarget; /* of the thread that serves */

    const RoutineRow *row;
    mach_port_t target;
    OSObject *object;        /* the target's; owned unless isNear */
    bool isNear;             /* object was entered through slotTarget, which has it */
    bool isEntered;          /* of a METHOD: the user client is entered, with lock */
    IOUserClientLock lock;
    HandleKind objectKind;
    kern_return_t refusal; /* KERN_SUCCESS, or why the handler is not to be called */
    uint64_t position;     /* bytes decoded */
    uint64_t scratchUsed;
    unsigned descriptorsUsed;
    uint64_t rooms[kArgumentsMax];    /* of each OUT array, as the client gave it */
    mach_port_t names[kArgumentsMax]; /* of each OUT handle, once added to the table */
    _Alignas(8) uint8_t arguments[kArgumentBytesMax];
} Request;

/*
 * Checks the bytes against the row and fills the arguments.
 *   Returns   NULL, or what is malformed, in words: the connection is to be ended. A target that is not held or of the
 *             wrong kind is not malformed: `refusal` says so.
 */
const char *decodeRequest(Request *self);

/* Calls the handler, unless refused, and turns OUT objects into handles. */
kern_return_t callHandler(Request *self);

/* The size of the reply after callHandler returned result; then its bytes, header included, into as much room. */
uint64_t replySize(const Request *self, kern_return_t result);
void encodeReply(const Request *self, kern_return_t result, uint8_t *bytes, uint64_t size);

/* Gives back everything the request still owns; after decodeRequest, whatever that returned. */
void finishRequest(Request *self);

#endif
