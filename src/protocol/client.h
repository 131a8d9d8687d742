/* SPDX-License-Identifier: MIT */
/*
 * The client's side of the boundary: one function for each row of routines.def, and the connection they go through.
 *
 * A function's parameters are the row's target (a mach_port_t; ignored for MAIN) and its arguments in their order:
 *     IN_U32 uint32_t · IN_U64 uint64_t · IN_TEXT const char * · IN_CONNECT, IN_PORT mach_port_t
 *     IN_SCALARS const uint64_t *, uint32_t nameCnt · IN_BYTES const void *, uint32_t nameCnt
 *     IN_LARGE const void *, uint64_t nameSize
 *     OUT_U32 uint32_t * · OUT_U64 uint64_t * · OUT_TEXT char * (an array of the limit's size)
 *     OUT_OBJECT, OUT_CONNECT mach_port_t * · OUT_SCALARS uint64_t *, uint32_t *nameCnt
 *     OUT_BYTES void *, uint32_t *nameCnt · OUT_LARGE void *, uint64_t *nameSize
 *     OUT_BUFFER void **, uint64_t *nameSize: to be freed with free()
 * Counts of OUT arrays are in (room) and out (produced); a NULL count is no room. Out-parameters are written only on
 * KERN_SUCCESS, counts included.
 *
 * Returns the host's answer; or MACH_SEND_INVALID_DEST (no host, the host died before it took the call, or the target
 * is not held), MIG_SERVER_DIED (the host died during the call), MIG_ARRAY_TOO_LARGE (an array above its limit),
 * kIOReturnMessageTooLarge (IN_LARGE above its limit), KERN_RESOURCE_SHORTAGE (no memory or descriptors).
 * Any thread; a call blocks its own thread only. Not from a signal handler. After fork the child has a connection of
 * its own, which holds none of the parent's names.
 */
#ifndef PROTOCOL_CLIENT_H
#define PROTOCOL_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <IOKit/IOTypes.h>

#include "arguments.h"
#include "limits.h"

#define PARAMETER_IN_U32(name, limit)      , uint32_t name
#define PARAMETER_IN_U64(name, limit)      , uint64_t name
#define PARAMETER_IN_TEXT(name, limit)     , const char *name
#define PARAMETER_IN_SCALARS(name, limit)  , const uint64_t *name, uint32_t name##Cnt
#define PARAMETER_IN_BYTES(name, limit)    , const void *name, uint32_t name##Cnt
#define PARAMETER_IN_LARGE(name, limit)    , const void *name, uint64_t name##Size
#define PARAMETER_IN_CONNECT(name, limit)  , mach_port_t name
#define PARAMETER_IN_PORT(name, limit)     , mach_port_t name
#define PARAMETER_OUT_U32(name, limit)     , uint32_t *name
#define PARAMETER_OUT_U64(name, limit)     , uint64_t *name
#define PARAMETER_OUT_TEXT(name, limit)    , char *name
#define PARAMETER_OUT_OBJECT(name, limit)  , mach_port_t *name
#define PARAMETER_OUT_CONNECT(name, limit) , mach_port_t *name
#define PARAMETER_OUT_SCALARS(name, limit) , uint64_t *name, uint32_t *name##Cnt
#define PARAMETER_OUT_BYTES(name, limit)   , void *name, uint32_t *name##Cnt
#define PARAMETER_OUT_LARGE(name, limit)   , void *name, uint64_t *name##Size
#define PARAMETER_OUT_BUFFER(name, limit)  , void **name, uint64_t *name##Size

#define EACH_PARAMETER_A(kind, name, limit) PARAMETER_##kind(name, limit) EACH_PARAMETER_B
#define EACH_PARAMETER_B(kind, name, limit) PARAMETER_##kind(name, limit) EACH_PARAMETER_A
#define EACH_PARAMETER_A_END
#define EACH_PARAMETER_B_END

#define ROUTINE(id, name, target, arguments)                                                                           \
    kern_return_t name(mach_port_t targetPort ARGUMENTS(EACH_PARAMETER, arguments));
#include "routines.def"
#undef ROUTINE

/* Whether a host can be reached; connects when there is no connection yet. KERN_SUCCESS or MACH_SEND_INVALID_DEST. */
kern_return_t iokit_connection_check(void);

/* Ends the connection: the process holds no names any more, calls in progress fail. The next call connects anew. For a
 * program that wants to leave nothing open; exit does the same. */
void iokit_connection_end(void);

#endif
