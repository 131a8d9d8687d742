/* SPDX-License-Identifier: MIT */
/*
 * Clients killed at random moments (SEMANTICS 5.7): what they held is gone, and each connection heard of it. The random
 * numbers are seeded; TEST_SEED changes the seed, TEST_KILLS the number of clients.
 */
#include "boundaryHost.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kKills = 1000, kAtOnce = 4, kMicrosecondsMax = 4000 };

/* What a client does until it is killed: everything, in an order that its seed gives. */
static void liveWildly(unsigned seed)
{
    uint64_t size, reference[4] = {0, 1, 2, 3};
    int receiveEnd;
    char *large = calloc(1, 100000);
    mach_port_t service = findService(kBoundaryService), port = port_create(&receiveEnd), got, connect;
    for (;;) {
        const void *matching;
        uint64_t in[2] = {1, 2}, out, largeSize = 100000;
        uint32_t one = 1;
        connect = 0;
        switch (rand_r(&seed) % 8) {
        case 0:
            (void)io_service_open_extended(service, 1, kOpenPlain, NULL, 0, &connect);
            (void)callScalars(connect, kSum, in, 2, &out, &one);
            break;
        case 1:
            (void)io_service_open_extended(service, 1, kOpenShared, NULL, 0, &connect);
            (void)io_service_close(connect);
            break;
        case 2:
            (void)io_registry_create_iterator(0, "IOService", 1, &got);
            while (io_iterator_next(got, &connect) == 0)
                ;
            break;
        case 3:
            matching = matchingClass("IOService", &size);
            (void)io_service_add_notification_bin(0, "IOServiceMatched", matching, size, port, reference, 3, &got);
            (void)io_iterator_next(got, &connect);
            break;
        case 4:
            (void)io_service_add_interest_notification(service, "IOGeneralInterest", port, reference, 4, &got);
            break;
        case 5:
            (void)io_service_open_extended(service, 1, kOpenPlain, NULL, 0, &connect);
            (void)io_connect_method(connect, kEcho, NULL, 0, NULL, 0, large, 100000, NULL, NULL, NULL, NULL, large,
                                    &largeSize);
            break;
        case 6:
            (void)io_service_open_extended(service, 1, kOpenPlain, NULL, 0, &connect);
            in[0] = (uint64_t)rand_r(&seed);
            (void)callScalars(connect, kMessageScalar, in, 2, NULL, NULL);
            break;
        default:
            (void)io_handle_mod_refs(service, 1);
            break;
        }
    }
}

static pid_t startClient(unsigned seed)
{
    pid_t client = fork();
    assert_true(client >= 0);
    if (client == 0)
        liveWildly(seed);
    return client;
}

static unsigned numberFrom(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

TEST(killed_at_random_moments)
{
    static char before[64 << 10], after[64 << 10];
    pid_t clients[kAtOnce];
    unsigned seed = numberFrom("TEST_SEED", 1), kills = numberFrom("TEST_KILLS", kKills);
    host_start();
    mach_port_t service = findService(kBoundaryService);
    mach_port_t watcher = openService(service, kOpenPlain);
    describeHost(watcher, before, sizeof before);
    for (int i = 0; i < kAtOnce; i++)
        clients[i] = startClient(seed + (unsigned)i);
    for (unsigned i = 0; i < kills; i++) {
        int status, which = (int)(i % kAtOnce);
        struct timespec pause = {0, (long)(rand_r(&seed) % kMicrosecondsMax) * 1000};
        nanosleep(&pause, NULL); /* chooses the moment; nothing depends on how long it is */
        kill(clients[which], SIGKILL);
        waitpid(clients[which], &status, 0);
        assert_true(WIFSIGNALED(status));
        clients[which] = i + kAtOnce < kills ? startClient(seed + i) : 0;
    }
    /* Their objects go as the host comes to it; the test's time limit ends the wait. */
    for (;;) {
        describeHost(watcher, after, sizeof after);
        if (strcmp(before, after) == 0)
            break;
        poll(NULL, 0, 5);
    }
    uint64_t opens = counter(watcher, kCounterOpens);
    assert_int_equal(counter(watcher, kCounterFrees), opens - 1);
    assert_true(opens > 1);
    assert_int_equal(io_handle_mod_refs(watcher, (uint32_t)-1), 0);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    host_stop();
}

/* A client that dies in the middle of a method that blocks: the method is let finish, then it is gone. */
TEST(killed_in_a_blocking_method)
{
    host_start();
    mach_port_t service = findService(kBoundaryService);
    mach_port_t watcher = openService(service, kOpenPlain);
    int status;
    pid_t client = fork();
    if (client == 0) {
        (void)callScalars(openService(findService(kBoundaryService), kOpenPlain), kBlock, NULL, 0, NULL, NULL);
        _exit(0);
    }
    waitForCounter(watcher, kCounterInside, 1);
    kill(client, SIGKILL);
    waitpid(client, &status, 0);
    assert_int_equal(callScalars(watcher, kUnblock, NULL, 0, NULL, NULL), 0);
    waitForCounter(watcher, kCounterDieds, 1);
    waitForCounter(watcher, kCounterFrees, 1);
    assert_int_equal(io_handle_mod_refs(watcher, (uint32_t)-1), 0);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    host_stop();
}

static const TestHooks hooks = {.seconds = 120};
TEST_MAIN_WITH(hooks, RUN(killed_at_random_moments), RUN(killed_in_a_blocking_method))
