/* SPDX-License-Identifier: MIT */
/* The table, made from routines.def: for each row its arguments, and a call that hands its handler typed ones. */
#include "routineTable.h"

#define EACH_ROW_A(kind, name, limit) {kArgument_##kind, limit, offsetof(ArgumentsStruct, name)}, EACH_ROW_B
#define EACH_ROW_B(kind, name, limit) {kArgument_##kind, limit, offsetof(ArgumentsStruct, name)}, EACH_ROW_A
#define EACH_ROW_A_END
#define EACH_ROW_B_END

#define CALL_TARGET_MAIN
#define CALL_TARGET_HANDLE   name,
#define CALL_TARGET_OBJECT   object,
#define CALL_TARGET_ENTRY    OSRequiredCast(IORegistryEntry, object),
#define CALL_TARGET_SERVICE  OSRequiredCast(IOService, object),
#define CALL_TARGET_ITERATOR OSRequiredCast(OSIterator, object),
#define CALL_TARGET_CONNECT  OSRequiredCast(IOUserClient, object),
#define CALL_TARGET_METHOD   OSRequiredCast(IOUserClient, object),

/* The rows of one routine live in a function, where ArgumentsStruct can name its struct; the last row is a filler. */
#define ROUTINE(id, routine, target, sequence)                                                                         \
    _Static_assert(id < kRoutineMax && sizeof(struct routine##_arguments) <= kArgumentBytesMax, #routine);             \
    static kern_return_t call_##routine(HostClient *client, OSObject *object, mach_port_t name, void *arguments)       \
    {                                                                                                                  \
        (void)object, (void)name;                                                                                      \
        return handle_##routine(client, CALL_TARGET_##target arguments);                                               \
    }                                                                                                                  \
    static const RoutineRow *row_##routine(void)                                                                       \
    {                                                                                                                  \
        typedef struct routine##_arguments ArgumentsStruct;                                                            \
        static const ArgumentRow arguments[] = {                                                                       \
            ARGUMENTS(EACH_ROW, sequence){kArgument_IN_U32, 0, offsetof(ArgumentsStruct, none)}};                      \
        enum { kCount = sizeof arguments / sizeof arguments[0] - 1 };                                                  \
        _Static_assert((int)kCount <= (int)kArgumentsMax, #routine);                                                   \
        static const RoutineRow row = {#routine, kTarget_##target, kCount,                            \
                                       arguments, sizeof(ArgumentsStruct), call_##routine};                 \
        return &row;                                                                                                   \
    }
#include "protocol/routines.def"
#undef ROUTINE

const RoutineRow *routineRow(uint32_t id)
{
    switch (id) {
#define ROUTINE(id, routine, target, sequence)                                                                         \
    case id:                                                                                                           \
        return row_##routine();
#include "protocol/routines.def"
#undef ROUTINE
    default:
        return NULL;
    }
}
