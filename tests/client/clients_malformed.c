/* SPDX-License-Identifier: MIT */
/*
 * Messages that no correct client sends: each ends the connection it came over, and nothing else. A raw client speaks
 * the wire form itself; a well-behaved one watches.
 */
#include "boundaryHost.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "protocol/descriptors.h"
#include "protocol/waiter.h"

/* ---- A raw client ---- */

typedef struct Raw {
    int socket;
    WireRegion *region;
    uint32_t number;
    Waiter waiter;
} Raw;

static void rawConnect(Raw *self)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(self, 0, sizeof *self);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", getenv("IOKIT_HOST"));
    self->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(self->socket, (struct sockaddr *)&address, sizeof address), 0);
}

static void rawSend(Raw *self, uint32_t kind, uint32_t a, uint32_t b, const int *descriptors, unsigned count)
{
    ControlMessage message = {kind, a, b, 0};
    (void)sendControl(self->socket, &message, descriptors, count); /* the host may have hung up already */
}

static void rawGreet(Raw *self)
{
    ControlMessage answer;
    int descriptors[kWireDescriptorsMax];
    unsigned count;
    rawConnect(self);
    rawSend(self, kControlHello, kProtocolMagic, kProtocolVersion, NULL, 0);
    assert_int_equal(receiveControl(self->socket, 0, &answer, descriptors, &count), 1);
    assert_int_equal(count, 1);
    self->region = mmap(NULL, sizeof *self->region, PROT_READ | PROT_WRITE, MAP_SHARED, descriptors[0], 0);
    assert_true(self->region != MAP_FAILED);
    closeDescriptors(descriptors, count);
    rawSend(self, kControlStartSlot, 0, 0, NULL, 0);
}

static void rawPost(Raw *self, const void *message, size_t size)
{
    WireSlot *slot = &self->region->slots[0];
    memcpy(slot->message, message, size);
    Waiter_post(&slot->request, ++self->number, &slot->hostSleeps);
}

/* Waits for the answer to the last post; its result. */
static uint32_t rawAnswer(Raw *self)
{
    static const _Atomic(bool) never;
    WireSlot *slot = &self->region->slots[0];
    WireHeader header;
    Waiter_wait(&self->waiter, &slot->reply, self->number - 1, &slot->clientSleeps, &never);
    memcpy(&header, slot->answer, sizeof header);
    return header.result;
}

/* The host hangs up; the test's time limit ends the wait otherwise. */
static void expectHangUp(Raw *self)
{
    char byte;
    struct pollfd waiter = {.fd = self->socket, .events = POLLIN};
    assert_int_equal(poll(&waiter, 1, -1), 1);
    assert_true(recv(self->socket, &byte, 1, 0) <= 0);
    close(self->socket);
    if (self->region)
        munmap(self->region, sizeof *self->region);
}

static void rawClose(Raw *self)
{
    close(self->socket);
    munmap(self->region, sizeof *self->region);
}

/* ---- A well-behaved client beside it ---- */

static mach_port_t service, channel;

static void begin(void)
{
    host_start();
    service = findService(kBoundaryService);
    channel = openService(service, kOpenPlain);
}

static void end(void)
{
    uint64_t in[2] = {1, 2}, sum = 0;
    uint32_t one = 1;
    assert_int_equal(callScalars(channel, kSum, in, 2, &sum, &one), 0); /* undisturbed */
    assert_int_equal(sum, 3);
    assert_int_equal(io_handle_mod_refs(channel, (uint32_t)-1), 0);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    host_stop();
}

/* A request of words behind a header that fits. */
typedef struct Draft {
    WireHeader header;
    uint64_t words[32];
} Draft;

static Draft draft(uint16_t routine, unsigned words)
{
    Draft message;
    memset(&message, 0, sizeof message);
    message.header.routine = routine;
    message.header.size = (uint32_t)(sizeof message.header + words * 8);
    return message;
}

static void expectRefused(const Draft *message)
{
    Raw raw;
    rawGreet(&raw);
    rawPost(&raw, message, sizeof *message);
    expectHangUp(&raw);
}

enum {
    kGetSuperclass = 13,
    kGetRoot = 30,
    kCreateIterator = 31,
    kGetName = 38,
    kMatchingService = 60,
    kAddNotification = 63,
    kMethod = 86,
    kVersionRoutine = 120
};

TEST(the_raw_client_works)
{
    Raw raw;
    begin();
    rawGreet(&raw);
    Draft message = draft(kVersionRoutine, 0);
    rawPost(&raw, &message, sizeof message);
    assert_int_equal(rawAnswer(&raw), 0);
    message = draft(kGetName, 0);
    message.header.target = 12345;
    rawPost(&raw, &message, sizeof message);
    assert_int_equal(rawAnswer(&raw), 0x10000003); /* not malformed: a handle that is not held */
    rawClose(&raw);
    end();
}

TEST(sizes)
{
    static const uint32_t kSizes[] = {0, 1, 8, 15, 17, 20, kWireSlotBytes + 8, 0x7fffffff, 0xffffffff};
    begin();
    for (size_t i = 0; i < sizeof kSizes / sizeof kSizes[0]; i++) {
        Draft message = draft(kVersionRoutine, 0);
        message.header.size = kSizes[i];
        expectRefused(&message);
    }
    Draft longer = draft(kVersionRoutine, 1); /* bytes after the arguments */
    expectRefused(&longer);
    end();
}

TEST(routines_that_do_not_exist)
{
    static const uint16_t kRoutines[] = {0, 2, 9, 127, 128, 1000, 65535};
    begin();
    for (size_t i = 0; i < sizeof kRoutines / sizeof kRoutines[0]; i++) {
        Draft message = draft(kRoutines[i], 0);
        expectRefused(&message);
    }
    end();
}

TEST(headers)
{
    begin();
    Draft message = draft(kVersionRoutine, 0);
    message.header.result = 1;
    expectRefused(&message);
    message = draft(kVersionRoutine, 0);
    message.header.descriptors = 200;
    expectRefused(&message);
    message = draft(kVersionRoutine, 0);
    message.header.flags = kWirePayload; /* and none attached */
    expectRefused(&message);
    end();
}

TEST(texts)
{
    begin();
    Draft message = draft(kGetSuperclass, 1); /* no bytes at all */
    message.words[0] = 0;
    expectRefused(&message);
    message = draft(kGetSuperclass, 2);
    message.words[0] = 8;
    memset(&message.words[1], 'x', 8); /* no NUL */
    expectRefused(&message);
    memcpy(&message.words[1], "ab\0defg", 8); /* a NUL inside */
    expectRefused(&message);
    message.words[0] = 129; /* above the limit */
    expectRefused(&message);
    message.words[0] = UINT64_MAX;
    expectRefused(&message);
    message.words[0] = 100; /* more than there is */
    expectRefused(&message);
    end();
}

TEST(numbers_and_counts)
{
    begin();
    Draft message = draft(kCreateIterator, 3);
    message.words[0] = 1;
    message.words[2] = UINT64_C(1) << 32; /* more than 32 bits */
    expectRefused(&message);
    message = draft(kMethod, 7); /* selector, scalars, inband, ool, three rooms: well formed */
    message.words[1] = 17;
    expectRefused(&message);
    message.words[1] = UINT64_MAX;
    expectRefused(&message);
    message = draft(kMethod, 7);
    message.words[2] = 4097;
    expectRefused(&message);
    message = draft(kMethod, 7);
    message.words[4] = 4097; /* the room for a structure */
    expectRefused(&message);
    message = draft(kMethod, 7);
    message.words[5] = 17;
    expectRefused(&message);
    message = draft(kMethod, 7);
    message.words[6] = UINT64_MAX;
    expectRefused(&message);
    message = draft(kMatchingService, 1);
    message.words[0] = (4 << 20) + 1;
    expectRefused(&message);
    end();
}

TEST(ports_and_descriptors)
{
    Raw raw;
    begin();
    Draft message = draft(kAddNotification, 5); /* type "", matching of no bytes, a port that did not come */
    message.words[0] = 1;
    message.words[3] = 1;
    expectRefused(&message);
    message.words[3] = 2;
    expectRefused(&message);

    rawGreet(&raw); /* a descriptor that the message does not name */
    message = draft(kVersionRoutine, 0);
    message.header.descriptors = 1;
    int some = open("/dev/null", O_RDONLY | O_CLOEXEC);
    rawSend(&raw, kControlAttach, 0, 1, &some, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);

    rawGreet(&raw); /* fewer than it says */
    message.header.descriptors = 2;
    rawSend(&raw, kControlAttach, 0, 1, &some, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);

    rawGreet(&raw); /* a payload that is no memory */
    message.header.descriptors = 1;
    message.header.flags = kWirePayload;
    rawSend(&raw, kControlAttach, 0, 1, &some, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);
    close(some);
    end();
}

TEST(payloads)
{
    Raw raw;
    begin();
    Draft message = draft(kVersionRoutine, 0);
    message.header.descriptors = 1;
    message.header.flags = kWirePayload;
    message.header.size = 1 << 20;
    int memory = memfd_create("short", MFD_CLOEXEC);
    assert_int_equal(ftruncate(memory, 4096), 0);
    rawGreet(&raw); /* shorter than it says */
    rawSend(&raw, kControlAttach, 0, 1, &memory, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);

    assert_int_equal(ftruncate(memory, 1 << 20), 0);
    rawGreet(&raw); /* with another header than the slot's: its size there is 0 */
    rawSend(&raw, kControlAttach, 0, 1, &memory, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);

    message.header.size = 0xfffffff8;
    rawGreet(&raw); /* larger than any message */
    rawSend(&raw, kControlAttach, 0, 1, &memory, 1);
    rawPost(&raw, &message, sizeof message);
    expectHangUp(&raw);
    close(memory);
    end();
}

TEST(control_packets)
{
    Raw raw;
    int some = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int many[kWireDescriptorsMax] = {some, some, some, some};
    begin();
    rawConnect(&raw); /* before hello */
    rawSend(&raw, kControlStartSlot, 0, 0, NULL, 0);
    expectHangUp(&raw);
    rawConnect(&raw); /* another magic */
    rawSend(&raw, kControlHello, 1, kProtocolVersion, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw); /* hello twice */
    rawSend(&raw, kControlHello, kProtocolMagic, kProtocolVersion, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw); /* a slot that does not exist, one that was started */
    rawSend(&raw, kControlStartSlot, kLimitSlots, 0, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw);
    rawSend(&raw, kControlStartSlot, 0, 0, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw); /* descriptors for a slot that was not started, twice for one call, none */
    rawSend(&raw, kControlAttach, 5, 1, many, 1);
    expectHangUp(&raw);
    rawGreet(&raw);
    rawSend(&raw, kControlAttach, 0, 1, many, 4);
    rawSend(&raw, kControlAttach, 0, 2, many, 4);
    expectHangUp(&raw);
    rawGreet(&raw);
    rawSend(&raw, kControlAttach, 0, 1, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw); /* an unknown kind, and packets of other sizes */
    rawSend(&raw, 99, 0, 0, NULL, 0);
    expectHangUp(&raw);
    rawGreet(&raw);
    (void)send(raw.socket, "short", 5, MSG_NOSIGNAL);
    expectHangUp(&raw);
    rawGreet(&raw);
    static const char kLong[64];
    (void)send(raw.socket, kLong, sizeof kLong, MSG_NOSIGNAL);
    expectHangUp(&raw);
    close(some);
    end();
}

TEST(another_version_is_told)
{
    Raw raw;
    ControlMessage answer;
    int descriptors[kWireDescriptorsMax];
    unsigned count;
    begin();
    rawConnect(&raw);
    rawSend(&raw, kControlHello, kProtocolMagic, kProtocolVersion + 1, NULL, 0);
    assert_int_equal(receiveControl(raw.socket, 0, &answer, descriptors, &count), 1);
    assert_int_equal((kern_return_t)answer.b, kIOReturnUnsupported);
    assert_int_equal(count, 0);
    expectHangUp(&raw);
    end();
}

/* Random bytes in every shared word while calls go on. The host must live; what happens to this client is its affair.
 */
TEST(scribbling_over_the_region)
{
    enum { kClients = 40, kScribbles = 3000 };
    unsigned seed = 7;
    begin();
    for (int i = 0; i < kClients; i++) {
        Raw raw;
        Draft message = draft(kVersionRoutine, 0);
        rawGreet(&raw);
        rawPost(&raw, &message, sizeof message);
        (void)rawAnswer(&raw);
        uint32_t *halves[2] = {(uint32_t *)(void *)&raw.region->slots[0],
                               (uint32_t *)(void *)&raw.region->slots[0].reply};
        for (int j = 0; j < kScribbles; j++) {
            halves[rand_r(&seed) % 2][rand_r(&seed) % 64] = (uint32_t)rand_r(&seed) % (j % 3 ? 200 : UINT32_MAX);
            if (j % 8 == 0) {
                raw.number = (uint32_t)rand_r(&seed);
                Waiter_post(&raw.region->slots[0].request, raw.number, &raw.region->slots[0].hostSleeps);
            }
        }
        rawClose(&raw);
    }
    end();
}

TEST_MAIN_WITH(plainTestHooks, RUN(the_raw_client_works), RUN(sizes), RUN(routines_that_do_not_exist), RUN(headers),
               RUN(texts), RUN(numbers_and_counts), RUN(ports_and_descriptors), RUN(payloads), RUN(control_packets),
               RUN(another_version_is_told), RUN(scribbling_over_the_region))
