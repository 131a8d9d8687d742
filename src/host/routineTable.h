/* SPDX-License-Identifier: MIT */
/* The rows of routines.def as data, for the decoder (decode.c). */
#ifndef HOST_ROUTINETABLE_H
#define HOST_ROUTINETABLE_H

#include "routines.h"

typedef enum TargetKind {
    kTarget_MAIN,
    kTarget_HANDLE,
    kTarget_OBJECT,
    kTarget_ENTRY,
    kTarget_SERVICE,
    kTarget_ITERATOR,
    kTarget_CONNECT,
    kTarget_METHOD,
} TargetKind;

typedef enum ArgumentKind {
    kArgument_IN_U32,
    kArgument_IN_U64,
    kArgument_IN_TEXT,
    kArgument_IN_SCALARS,
    kArgument_IN_BYTES,
    kArgument_IN_LARGE,
    kArgument_IN_CONNECT,
    kArgument_IN_PORT,
    kArgument_OUT_U32,
    kArgument_OUT_U64,
    kArgument_OUT_TEXT,
    kArgument_OUT_OBJECT,
    kArgument_OUT_CONNECT,
    kArgument_OUT_SCALARS,
    kArgument_OUT_BYTES,
    kArgument_OUT_LARGE,
    kArgument_OUT_BUFFER,
} ArgumentKind;

typedef struct ArgumentRow {
    ArgumentKind kind;
    uint32_t limit;
    uint32_t offset; /* of its field in the struct of arguments */
} ArgumentRow;

/* object is of the class that the row's target asks for, or NULL; name is the target's. */
typedef kern_return_t (*RoutineCall)(HostClient *client, OSObject *object, mach_port_t name, void *arguments);

typedef struct RoutineRow {
    const char *name;
    TargetKind target;
    uint32_t argumentCount;
    const ArgumentRow *arguments;
    uint32_t argumentBytes; /* of the struct of arguments */
    RoutineCall call;
} RoutineRow;

enum {
    kRoutineMax = 127,       /* ids are below this */
    kArgumentBytesMax = 256, /* of the largest struct of arguments; checked in routineTable.c */
    kArgumentsMax = 8,       /* of one row */
};

/* The row of an id, or NULL. */
const RoutineRow *routineRow(uint32_t id);

#endif
