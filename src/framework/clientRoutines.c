/* SPDX-License-Identifier: MIT */
/*
 * The client's functions, made from routines.def. Each puts its IN arguments (and the room for its OUT arrays),
 * performs the call, and gets its OUT arguments. Results are read into the caller's variables only when the call succeeded.
 */
#include "protocol/client.h"

#include <stdlib.h>

#include "connection.h"

/* A target that is no handle: 0 goes over, and the connection may be made anew. */
#define TARGET_MAIN     0, true
#define TARGET_HANDLE   targetPort, false
#define TARGET_OBJECT   targetPort, false
#define TARGET_ENTRY    targetPort, false
#define TARGET_SERVICE  targetPort, false
#define TARGET_ITERATOR targetPort, false
#define TARGET_CONNECT  targetPort, false
#define TARGET_METHOD   targetPort, false

#define PUT_IN_U32(name, limit)      ClientCall_putWord(&call, name);
#define PUT_IN_U64(name, limit)      ClientCall_putWord(&call, name);
#define PUT_IN_CONNECT(name, limit)  ClientCall_putWord(&call, name);
#define PUT_IN_PORT(name, limit)     ClientCall_putPort(&call, name);
#define PUT_IN_TEXT(name, limit)     ClientCall_putBytes(&call, name, strlen(name) + 1, limit, kIOReturnBadArgument);
#define PUT_IN_SCALARS(name, limit)                                                                                    \
    if (name##Cnt > (limit))                                                                                           \
        call.result = call.result ? call.result : kWireArrayTooLarge;                                                  \
    else                                                                                                               \
        putScalars(&call, name, name##Cnt);
#define PUT_IN_BYTES(name, limit)    ClientCall_putBytes(&call, name, name##Cnt, limit, kWireArrayTooLarge);
#define PUT_IN_LARGE(name, limit)    ClientCall_putBytes(&call, name, name##Size, limit, kIOReturnMessageTooLarge);
#define PUT_OUT_U32(name, limit)
#define PUT_OUT_U64(name, limit)
#define PUT_OUT_TEXT(name, limit)
#define PUT_OUT_OBJECT(name, limit)
#define PUT_OUT_CONNECT(name, limit)
#define PUT_OUT_BUFFER(name, limit)
#define PUT_OUT_SCALARS(name, limit) ClientCall_putWord(&call, roomOf(name##Cnt ? *name##Cnt : 0, limit));
#define PUT_OUT_BYTES(name, limit)   ClientCall_putWord(&call, roomOf(name##Cnt ? *name##Cnt : 0, limit));
#define PUT_OUT_LARGE(name, limit)   ClientCall_putWord(&call, roomOf(name##Size ? *name##Size : 0, limit));

#define GET_IN_U32(name, limit)
#define GET_IN_U64(name, limit)
#define GET_IN_CONNECT(name, limit)
#define GET_IN_PORT(name, limit)
#define GET_IN_TEXT(name, limit)
#define GET_IN_SCALARS(name, limit)
#define GET_IN_BYTES(name, limit)
#define GET_IN_LARGE(name, limit)
#define GET_OUT_U32(name, limit)     *name = (uint32_t)ClientCall_getWord(&call);
#define GET_OUT_U64(name, limit)     *name = ClientCall_getWord(&call);
#define GET_OUT_OBJECT(name, limit)  *name = (mach_port_t)ClientCall_getWord(&call);
#define GET_OUT_CONNECT(name, limit) *name = (mach_port_t)ClientCall_getWord(&call);
#define GET_OUT_TEXT(name, limit)    (void)ClientCall_getBytes(&call, name, limit);
#define GET_OUT_BUFFER(name, limit)  *name = ClientCall_getBuffer(&call, name##Size);
#define GET_OUT_SCALARS(name, limit) getScalars(&call, name, name##Cnt);
#define GET_OUT_BYTES(name, limit)   getBytes(&call, name, name##Cnt);
#define GET_OUT_LARGE(name, limit)   getLarge(&call, name, name##Size);

#define EACH_PUT_A(kind, name, limit) PUT_##kind(name, limit) EACH_PUT_B
#define EACH_PUT_B(kind, name, limit) PUT_##kind(name, limit) EACH_PUT_A
#define EACH_PUT_A_END
#define EACH_PUT_B_END
#define EACH_GET_A(kind, name, limit) GET_##kind(name, limit) EACH_GET_B
#define EACH_GET_B(kind, name, limit) GET_##kind(name, limit) EACH_GET_A
#define EACH_GET_A_END
#define EACH_GET_B_END

/* More room than the row allows is no use. */
static inline uint64_t roomOf(uint64_t room, uint64_t limit)
{
    return room < limit ? room : limit;
}

static inline void putScalars(ClientCall *call, const uint64_t *words, uint32_t count)
{
    ClientCall_putWord(call, count);
    uint8_t *place = count ? ClientCall_reserve(call, count * sizeof *words) : NULL;
    if (place)
        memcpy(place, words, count * sizeof *words);
}

static inline void getScalars(ClientCall *call, uint64_t *words, uint32_t *count)
{
    uint64_t got  = ClientCall_getWord(call);
    uint64_t room = count ? *count : 0;
    if (call->result == KERN_SUCCESS && (got > room || got * sizeof *words > call->size - call->used))
        call->result = kWireServerDied;
    if (call->result != KERN_SUCCESS || !count)
        return;
    if (got)
        memcpy(words, call->message + call->used, got * sizeof *words);
    call->used += got * sizeof *words;
    *count = (uint32_t)got;
}

static inline void getLarge(ClientCall *call, void *bytes, uint64_t *size)
{
    uint64_t got = ClientCall_getBytes(call, bytes, size ? *size : 0);
    if (call->result == KERN_SUCCESS && size)
        *size = got;
}

static inline void getBytes(ClientCall *call, void *bytes, uint32_t *count)
{
    uint64_t size = count ? *count : 0;
    getLarge(call, bytes, &size);
    if (call->result == KERN_SUCCESS && count)
        *count = (uint32_t)size;
}

#define ROUTINE(id, name, target, arguments)                                                                           \
    kern_return_t name(mach_port_t targetPort ARGUMENTS(EACH_PARAMETER, arguments))                                    \
    {                                                                                                                  \
        ClientCall call;                                                                                               \
        (void)targetPort;                                                                                              \
        ClientCall_begin(&call, id, TARGET_##target);                                                                  \
        ARGUMENTS(EACH_PUT, arguments)                                                                                 \
        if (ClientCall_perform(&call)) {                                                                               \
            ARGUMENTS(EACH_GET, arguments)                                                                             \
        }                                                                                                              \
        return ClientCall_end(&call);                                                                                  \
    }
#include "protocol/routines.def"

kern_return_t iokit_connection_check(void)
{
    uint64_t version;
    return io_server_version(MACH_PORT_NULL, &version);
}
