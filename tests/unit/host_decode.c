/* SPDX-License-Identifier: MIT */
/* decode.c: what becomes of bytes, without a client process. */
#include "harness.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <IOKit/IOKitInitialize.h>
#include <libkern/libkern.h>

#include "host/client.h"
#include "host/decode.h"
#include "host/server.h"
#include "host/userNotification.h"

/* A client of this process with a table of its own. */
typedef struct Bench {
    HostClient client;
    uint8_t scratch[kDecodeScratchBytes];
    uint64_t words[64];
    Request request;
    SlotTarget slotTarget;
    int descriptors[kWireDescriptorsMax];
} Bench;

static Bench *setUp(void)
{
    static _Alignas(64) Bench bench;
    memset(&bench, 0, sizeof bench);
    assert_int_equal(IOKit_initialize(), 0);
    assert_true(HostClasses_register());
    bench.client.handles = HandleTable_create(100);
    bench.client.task = IOTask_withCredentials(1, 0, 0, "test");
    return &bench;
}

static void tearDown(Bench *bench)
{
    HandleTable_destroy(bench->client.handles);
    OSRelease(bench->client.task);
}

static const TestHooks hooks = {0};

/* A request of that many words behind the header, as they stand. */
static const char *decode(Bench *bench, uint16_t routine, mach_port_t target, unsigned words, unsigned descriptors)
{
    WireHeader header = {.routine = routine, .target = target, .size = (uint32_t)(sizeof header + words * 8)};
    memcpy(bench->words, &header, sizeof header);
    bench->request = (Request){.client = &bench->client,
                               .bytes = (const uint8_t *)bench->words,
                               .size = header.size,
                               .descriptors = bench->descriptors,
                               .descriptorCount = descriptors,
                               .scratch = bench->scratch,
                               .slotTarget = &bench->slotTarget};
    return decodeRequest(&bench->request);
}

static uint64_t *argument(Bench *bench, unsigned index)
{
    return &bench->words[2 + index];
}

TEST(each_row_refuses_an_empty_message_or_takes_it)
{
    Bench *bench = setUp();
    for (uint16_t id = 0; id < kRoutineMax; id++) {
        const RoutineRow *row = routineRow(id);
        const char *wrong = decode(bench, id, 0, 0, 0);
        bool hasIn = false;
        for (uint32_t i = 0; row && i < row->argumentCount; i++)
            hasIn = hasIn || row->arguments[i].kind < kArgument_OUT_U32 ||
                    row->arguments[i].kind == kArgument_OUT_SCALARS || row->arguments[i].kind == kArgument_OUT_BYTES ||
                    row->arguments[i].kind == kArgument_OUT_LARGE;
        assert_int_equal(wrong != NULL, !row || hasIn);
        finishRequest(&bench->request);
    }
    tearDown(bench);
}

TEST(typed_arguments)
{
    Bench *bench = setUp();
    *argument(bench, 0) = sizeof "plane";
    memcpy(argument(bench, 1), "plane\0\0", 8);
    *argument(bench, 2) = 5;
    assert_null(decode(bench, 31, 0, 3, 0)); /* io_registry_create_iterator */
    struct io_registry_create_iterator_arguments *arguments = (void *)bench->request.arguments;
    assert_string_equal(arguments->plane, "plane");
    assert_int_equal(arguments->options, 5);
    finishRequest(&bench->request);
    tearDown(bench);
}

TEST(an_untaken_port_is_closed)
{
    int ends[2];
    Bench *bench = setUp();
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    bench->descriptors[0] = ends[0];
    *argument(bench, 0) = 1; /* type "" */
    *argument(bench, 1) = 0;
    *argument(bench, 2) = 0; /* matching: none */
    *argument(bench, 3) = 1; /* the port */
    *argument(bench, 4) = 0; /* no reference */
    assert_null(decode(bench, 63, 0, 5, 1));
    assert_int_equal(bench->descriptors[0], -1); /* taken over */
    assert_int_equal(callHandler(&bench->request), kIOReturnBadArgument);
    finishRequest(&bench->request);
    char byte;
    assert_int_equal(recv(ends[1], &byte, 1, 0), 0); /* the other end is closed */
    close(ends[1]);
    tearDown(bench);
}

TEST(a_target_of_the_wrong_kind_is_an_answer)
{
    Bench *bench = setUp();
    mach_port_t name = 0;
    OSString *text = OSString_withCString("not an entry");
    assert_int_equal(HandleTable_add(bench->client.handles, OSObjectOf(text), kHandleObject, &name), 0);
    assert_null(decode(bench, 38, name, 0, 0)); /* io_registry_entry_get_name */
    assert_int_equal(callHandler(&bench->request), kIOReturnBadArgument);
    assert_int_equal(replySize(&bench->request, kIOReturnBadArgument), sizeof(WireHeader));
    finishRequest(&bench->request);
    assert_null(decode(bench, 10, name, 0, 0)); /* io_object_get_class takes any */
    assert_int_equal(callHandler(&bench->request), 0);
    uint8_t reply[256];
    uint64_t size = replySize(&bench->request, 0);
    assert_int_equal(size, sizeof(WireHeader) + 8 + 16);
    encodeReply(&bench->request, 0, reply, size);
    assert_string_equal((char *)reply + sizeof(WireHeader) + 8, "OSString");
    finishRequest(&bench->request);
    tearDown(bench);
}

TEST_MAIN_WITH(hooks, RUN(each_row_refuses_an_empty_message_or_takes_it), RUN(typed_arguments),
               RUN(an_untaken_port_is_closed), RUN(a_target_of_the_wrong_kind_is_an_answer))
