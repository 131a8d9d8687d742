/* SPDX-License-Identifier: MIT */
/*
 * The host's side of routines.def: a struct of typed arguments and a handler for each row. Handlers are called with
 * arguments that were copied out of the client's reach and checked against the row; they never parse.
 *
 *     kern_return_t handle_<name>(HostClient *client, <target,> struct <name>_arguments *arguments)
 *
 * target: nothing for MAIN; the name for HANDLE; else the object, borrowed for the call. Field types:
 *     IN_U32 uint32_t · IN_U64 uint64_t · IN_TEXT const char * · IN_SCALARS WordsIn · IN_BYTES, IN_LARGE BytesIn
 *     IN_CONNECT IOUserClient *, borrowed, NULL for 0
 *     IN_PORT int: a descriptor, -1 for none; a handler that keeps it sets the field to -1
 *     OUT_U32 uint32_t · OUT_U64 uint64_t · OUT_TEXT char *: an array of the limit's size, empty
 *     OUT_OBJECT, OUT_CONNECT OSObject *: +1, taken over by the reply
 *     OUT_SCALARS WordsOut · OUT_BYTES, OUT_LARGE BytesOut: zero-filled room, count in and out
 *     OUT_BUFFER BufferOut: bytes that live as long as owner, a reference taken over by the reply
 * OUT fields count only when the handler returns KERN_SUCCESS; what is owned is given back either way.
 */
#ifndef HOST_ROUTINES_H
#define HOST_ROUTINES_H

#include <IOKit/IORegistryEntry.h>
#include <IOKit/IOService.h>
#include <IOKit/IOUserClient.h>
#include <libkern/OSIterator.h>

#include "protocol/arguments.h"
#include "protocol/limits.h"

typedef struct HostClient HostClient;

typedef struct WordsIn {
    const uint64_t *words;
    uint32_t        count;
} WordsIn;

typedef struct WordsOut {
    uint64_t *words;
    uint32_t  count; /* in: room; out: written */
} WordsOut;

typedef struct BytesIn {
    const void *bytes; /* aligned to 8 */
    uint64_t    size;
} BytesIn;

typedef struct BytesOut {
    void    *bytes; /* aligned to 8; NULL when size is 0 */
    uint64_t size;  /* in: room; out: written */
} BytesOut;

typedef struct BufferOut {
    const void *bytes;
    uint64_t    size;
    OSObject   *owner; /* or NULL: bytes are constant */
} BufferOut;

#define FIELD_IN_U32(name, limit)      uint32_t name;
#define FIELD_IN_U64(name, limit)      uint64_t name;
#define FIELD_IN_TEXT(name, limit)     const char *name;
#define FIELD_IN_SCALARS(name, limit)  WordsIn name;
#define FIELD_IN_BYTES(name, limit)    BytesIn name;
#define FIELD_IN_LARGE(name, limit)    BytesIn name;
#define FIELD_IN_CONNECT(name, limit)  IOUserClient *name;
#define FIELD_IN_PORT(name, limit)     int name;
#define FIELD_OUT_U32(name, limit)     uint32_t name;
#define FIELD_OUT_U64(name, limit)     uint64_t name;
#define FIELD_OUT_TEXT(name, limit)    char *name;
#define FIELD_OUT_OBJECT(name, limit)  OSObject *name;
#define FIELD_OUT_CONNECT(name, limit) OSObject *name;
#define FIELD_OUT_SCALARS(name, limit) WordsOut name;
#define FIELD_OUT_BYTES(name, limit)   BytesOut name;
#define FIELD_OUT_LARGE(name, limit)   BytesOut name;
#define FIELD_OUT_BUFFER(name, limit)  BufferOut name;

#define EACH_FIELD_A(kind, name, limit) FIELD_##kind(name, limit) EACH_FIELD_B
#define EACH_FIELD_B(kind, name, limit) FIELD_##kind(name, limit) EACH_FIELD_A
#define EACH_FIELD_A_END
#define EACH_FIELD_B_END

#define HANDLER_TARGET_MAIN
#define HANDLER_TARGET_HANDLE   mach_port_t target,
#define HANDLER_TARGET_OBJECT   OSObject *target,
#define HANDLER_TARGET_ENTRY    IORegistryEntry *target,
#define HANDLER_TARGET_SERVICE  IOService *target,
#define HANDLER_TARGET_ITERATOR OSIterator *target,
#define HANDLER_TARGET_CONNECT  IOUserClient *target,
#define HANDLER_TARGET_METHOD   IOUserClient *target,

/* A row without arguments has a struct too, with nothing but this in it. */
#define ROUTINE(id, name, target, arguments)                                                                           \
    struct name##_arguments {                                                                                          \
        ARGUMENTS(EACH_FIELD, arguments)                                                                               \
        char none;                                                                                                     \
    };                                                                                                                 \
    kern_return_t handle_##name(HostClient *client, HANDLER_TARGET_##target struct name##_arguments *arguments_);
#include "protocol/routines.def"
#undef ROUTINE

#endif
