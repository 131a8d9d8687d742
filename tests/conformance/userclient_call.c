/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5b and 5.41 to 5.44: calls. The client and the host are two processes. */
#include "boundaryHost.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static mach_port_t service, connect;

static void beginType(uint32_t type)
{
    host_start();
    service = findService(kBoundaryService);
    connect = openService(service, type);
}

static void begin(void)
{
    beginType(kOpenPlain);
}

static void release(mach_port_t name)
{
    assert_int_equal(io_handle_mod_refs(name, (uint32_t)-1), 0);
}

static void end(void)
{
    release(connect);
    release(service);
    host_stop();
}

static _Atomic(unsigned) finished;

static void *callBlock(void *argument)
{
    mach_port_t *name = argument;
    assert_int_equal(callScalars(*name, kBlock, NULL, 0, NULL, NULL), 0);
    atomic_fetch_add(&finished, 1);
    return NULL;
}

/* Two threads block in one connection; unblocked from a second one. How many were inside at once? */
static uint64_t mostInside(uint32_t type)
{
    pthread_t threads[2];
    beginType(type);
    mach_port_t other = openService(service, kOpenPlain);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, callBlock, &connect);
    if (type == kOpenSingleThread) {
        waitForCounter(other, kCounterInside, 1);
        poll(NULL, 0, 50); /* for the second to come in, were it let in: the assertion only gets harder */
    } else {
        waitForCounter(other, kCounterInside, 2);
    }
    while (atomic_load(&finished) < 2) { /* each time whoever is inside goes on */
        assert_int_equal(callScalars(other, kUnblock, NULL, 0, NULL, NULL), 0);
        poll(NULL, 0, 1);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    uint64_t most = counter(other, kCounterMostInside);
    release(other);
    end();
    return most;
}

TEST(5_14_shared_by_default)
{
    assert_int_equal(mostInside(kOpenPlain), 2);
}

TEST(5_14_single_thread)
{
    assert_int_equal(mostInside(kOpenSingleThread), 1);
}

TEST(5_14_no_locking)
{
    assert_int_equal(mostInside(kOpenNoLocking), 2);
}

TEST(5_15_limits)
{
    uint64_t in[17] = {0}, out[16];
    char big[4097] = {0};
    uint32_t count = 16;
    begin();
    assert_int_equal(callScalars(connect, kEcho, in, 17, out, &count), -307);
    for (unsigned i = 0; i < 16; i++)
        in[i] = i * 1000;
    assert_int_equal(callScalars(connect, kEcho, in, 16, out, &count), 0);
    assert_int_equal(count, 16);
    assert_memory_equal(in, out, sizeof out);
    assert_int_equal(
        io_connect_method(connect, kEcho, NULL, 0, big, sizeof big, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL), -307);
    end();
}

/* A structure of that size goes in, by the way its size wants, and comes back. */
static void echoStructure(uint64_t size)
{
    uint8_t *in = malloc(size), *out = calloc(1, size);
    uint32_t inbandSize = (uint32_t)size;
    uint64_t largeSize = size;
    bool isLarge = size > 4096;
    for (uint64_t i = 0; i < size; i++)
        in[i] = (uint8_t)(i * 7 + i / 255);
    kern_return_t result =
        io_connect_method(connect, kEcho, NULL, 0, isLarge ? NULL : in, isLarge ? 0 : inbandSize, isLarge ? in : NULL,
                          isLarge ? size : 0, isLarge ? NULL : out, isLarge ? NULL : &inbandSize, NULL, NULL,
                          isLarge ? out : NULL, isLarge ? &largeSize : NULL);
    assert_int_equal(result, 0);
    assert_int_equal(isLarge ? largeSize : inbandSize, size);
    assert_memory_equal(in, out, size);
    free(in);
    free(out);
}

TEST(5_15_structures_inline_and_out_of_line)
{
    static const uint64_t kSizes[] = {0, 1, 8, 4095, 4096, 4097, 60000, 65536, 65537, 1 << 20, 3 << 20};
    begin();
    for (size_t i = 0; i < sizeof kSizes / sizeof kSizes[0]; i++)
        echoStructure(kSizes[i]);
    end();
}

TEST(5_16_small_out_of_line_is_refused)
{
    char bytes[4096] = {0};
    uint64_t size = sizeof bytes;
    begin();
    assert_int_equal(
        io_connect_method(connect, kEcho, NULL, 0, NULL, 0, bytes, sizeof bytes, NULL, NULL, NULL, NULL, NULL, NULL),
        kIOReturnIPCError);
    assert_int_equal(io_connect_method(connect, kEcho, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, bytes, &size),
                     kIOReturnIPCError);
    end();
}

static kern_return_t variable(uint64_t wanted, void **bytes, uint64_t *size)
{
    return io_connect_method_var_output(connect, kVariable, &wanted, 1, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, bytes,
                                        size);
}

TEST(5_16_variable_output)
{
    static const uint64_t kSizes[] = {1, 4096, 5000, 65536, 200000};
    begin();
    for (size_t i = 0; i < sizeof kSizes / sizeof kSizes[0]; i++) {
        void *bytes = NULL;
        uint64_t size = 0;
        assert_int_equal(variable(kSizes[i], &bytes, &size), 0);
        assert_int_equal(size, kSizes[i]);
        for (uint64_t j = 0; j < size; j++)
            assert_int_equal(((uint8_t *)bytes)[j], (uint8_t)j);
        free(bytes);
    }
    void *none = NULL;
    uint64_t size = 0;
    assert_int_equal(variable(0, &none, &size), kIOReturnUnderrun);
    assert_null(none);
    end();
}

TEST(5_17_outputs_begin_at_zero_and_counts_are_updated)
{
    uint64_t scalars[16];
    uint8_t bytes[100];
    uint32_t words = 16, size = sizeof bytes;
    begin();
    memset(scalars, 0xff, sizeof scalars);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(
        io_connect_method(connect, kRoom, NULL, 0, NULL, 0, NULL, 0, bytes, &size, scalars, &words, NULL, NULL), 0);
    assert_int_equal(words, 2);
    assert_int_equal(size, 0);
    assert_int_equal(scalars[0], 16);
    assert_int_equal(scalars[1], sizeof bytes);
    assert_int_equal(bytes[0], 0xff); /* nothing beyond the counts was written */
    end();
}

static kern_return_t callStrict(uint32_t words, uint32_t bytes, uint32_t wordsOut, uint32_t bytesOut)
{
    uint64_t in[4] = {0}, out[4];
    char structure[32] = {0}, structureOut[32];
    return io_connect_method(connect, kStrict, in, words, structure, bytes, NULL, 0, structureOut, &bytesOut, out,
                             &wordsOut, NULL, NULL);
}

TEST(5_18_counts_are_checked)
{
    begin();
    assert_int_equal(callStrict(1, 8, 2, 16), 0);
    assert_int_equal(callStrict(2, 8, 2, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(0, 8, 2, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 7, 2, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 9, 2, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 8, 1, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 8, 3, 16), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 8, 2, 15), kIOReturnBadArgument);
    assert_int_equal(callStrict(1, 8, 2, 17), kIOReturnBadArgument);
    end();
}

TEST(5_19_row_without_function)
{
    begin();
    assert_int_equal(callScalars(connect, kNoFunction, NULL, 0, NULL, NULL), kIOReturnNoCompletion);
    end();
}

TEST(5_21_version)
{
    uint64_t version = 0;
    uint32_t one = 1;
    begin();
    assert_int_equal(callScalars(connect, kVersion, NULL, 0, &version, &one), 0);
    assert_int_equal(version, 2);
    end();
}

TEST(5_25_selector_out_of_range)
{
    begin();
    assert_int_equal(callScalars(connect, kSelectors, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(callScalars(connect, 0xffffffffu, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    end();
}

TEST(5_26_wrong_handles)
{
    begin();
    assert_int_equal(callScalars(service, kVersion, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(callScalars(connect ^ 1, kVersion, NULL, 0, NULL, NULL), 0x10000003);
    assert_int_equal(callScalars(0, kVersion, NULL, 0, NULL, NULL), 0x10000003);
    mach_port_t dead = openService(service, kOpenPlain);
    release(dead);
    assert_int_equal(callScalars(dead, kVersion, NULL, 0, NULL, NULL), 0x10000003);
    end();
}

TEST(5_26_closed_connection_is_the_drivers_affair)
{
    begin();
    assert_int_equal(io_service_close(connect), 0);
    uint64_t version = 0;
    uint32_t one = 1;
    assert_int_equal(callScalars(connect, kVersion, NULL, 0, &version, &one), 0);
    end();
}

TEST(5_17_a_driver_that_claims_too_much_gets_what_fits)
{
    uint64_t scalars[2] = {7, 7};
    char bytes[3];
    uint32_t words = 2, size = sizeof bytes;
    begin();
    assert_int_equal(
        io_connect_method(connect, kOverclaim, NULL, 0, NULL, 0, NULL, 0, bytes, &size, scalars, &words, NULL, NULL),
        0);
    assert_int_equal(words, 2);
    assert_int_equal(size, 3);
    assert_int_equal(scalars[0], 0);
    end();
}

TEST(5_35_notification_port)
{
    char text[64] = "";
    int receiveEnd;
    begin();
    mach_port_t port = port_create(&receiveEnd);
    assert_int_equal(io_connect_set_notification_port(connect, kPortType, port, kPortReference), 0);
    assert_true(read(receiveEnd, text, sizeof text) > 0);
    assert_string_equal(text, "hello from the driver");
    assert_int_equal(io_connect_set_notification_port(connect, kPortType, 0, 0), 0);
    assert_int_equal(io_connect_set_notification_port(connect, kPortType + 1, port, 0), kIOReturnBadArgument);
    assert_int_equal(io_connect_set_notification_port(connect, kPortType, port + 77, 0), KERN_INVALID_NAME);
    end();
}

TEST(5_41_add_client)
{
    begin();
    mach_port_t other = openService(service, kOpenPlain);
    assert_int_equal(io_connect_add_client(connect, other), 0);
    assert_int_equal(io_connect_add_client(connect, service), kIOReturnBadArgument);
    assert_int_equal(io_connect_add_client(connect, 0), kIOReturnBadArgument);
    release(other);
    mach_port_t table = findService(kTableService);
    mach_port_t simple = openService(table, 0);
    assert_int_equal(io_connect_add_client(simple, connect), kIOReturnUnsupported); /* the default */
    release(simple);
    release(table);
    end();
}

TEST(5_42_get_service)
{
    mach_port_t found = 0;
    begin();
    assert_int_equal(io_connect_get_service(connect, &found), 0);
    assert_int_equal(found, service);
    release(found);
    mach_port_t none = openService(service, kOpenNoLocking);
    assert_int_equal(io_connect_get_service(none, &found), kIOReturnUnsupported);
    release(none);
    end();
}

TEST(5_43_traps)
{
    uint64_t words[6] = {1, 2, 3, 4, 5, 6};
    begin();
    assert_int_equal(io_connect_trap(connect, 0, words, 6), 21);
    assert_int_equal(io_connect_trap(connect, 0, words, 2), 3);
    assert_int_equal(io_connect_trap(connect, 1, words, 6), 0); /* no function */
    assert_int_equal(io_connect_trap(connect, 2, words, 6), 0); /* no target */
    assert_int_equal(io_connect_trap(connect, 9, words, 6), 0); /* no trap */
    assert_int_equal(io_connect_trap(service, 0, words, 6), kIOReturnBadArgument);
    end();
}

/* ---- A user client that is its table ---- */

TEST(table_rows_are_checked)
{
    begin();
    mach_port_t table = findService(kTableService);
    mach_port_t simple = openService(table, 0);
    uint64_t in[2] = {5, 6}, out[2];
    uint32_t one = 1, two = 2, eight = 8;
    char bytes[8] = "abcdefg", copy[8];
    assert_int_equal(callScalars(simple, 0, in, 1, out, &one), 0);
    assert_int_equal(out[0], 5);
    assert_int_equal(callScalars(simple, 0, in, 2, out, &one), kIOReturnBadArgument);
    assert_int_equal(callScalars(simple, 0, in, 1, out, &two), kIOReturnBadArgument);
    assert_int_equal(io_connect_method(simple, 1, NULL, 0, bytes, 8, NULL, 0, copy, &eight, NULL, NULL, NULL, NULL), 0);
    assert_string_equal(copy, bytes);
    assert_int_equal(io_connect_method(simple, 1, NULL, 0, bytes, 7, NULL, 0, copy, &eight, NULL, NULL, NULL, NULL),
                     kIOReturnBadArgument);
    assert_int_equal(callScalars(simple, 2, NULL, 0, NULL, NULL), kIOReturnBadArgument); /* no function */
    assert_int_equal(callScalars(simple, 3, in, 1, out, &one), kIOReturnBadArgument);    /* only asynchronously */
    assert_int_equal(callScalars(simple, 4, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    release(simple);
    release(table);
    end();
}

enum { kAdders = 4, kAdditions = 500 };

static void *addOnes(void *argument)
{
    mach_port_t simple = openService(*(mach_port_t *)argument, 0);
    uint64_t in = 1, out;
    uint32_t one = 1;
    for (int i = 0; i < kAdditions; i++)
        assert_int_equal(callScalars(simple, 0, &in, 1, &out, &one), 0);
    release(simple);
    return NULL;
}

TEST(gated_methods_of_a_provider_run_one_at_a_time)
{
    pthread_t threads[kAdders];
    begin();
    mach_port_t table = findService(kTableService);
    for (int i = 0; i < kAdders; i++)
        pthread_create(&threads[i], NULL, addOnes, &table);
    for (int i = 0; i < kAdders; i++)
        pthread_join(threads[i], NULL);
    mach_port_t simple = openService(table, 0);
    uint64_t in = 0, out = 0;
    uint32_t one = 1;
    assert_int_equal(callScalars(simple, 0, &in, 1, &out, &one), 0);
    assert_int_equal(out, kAdders * kAdditions);
    release(simple);
    release(table);
    end();
}

TEST_MAIN_WITH(plainTestHooks, RUN(5_14_shared_by_default), RUN(5_14_single_thread), RUN(5_14_no_locking),
               RUN(5_15_limits), RUN(5_15_structures_inline_and_out_of_line), RUN(5_16_small_out_of_line_is_refused),
               RUN(5_16_variable_output), RUN(5_17_outputs_begin_at_zero_and_counts_are_updated),
               RUN(5_17_a_driver_that_claims_too_much_gets_what_fits), RUN(5_18_counts_are_checked),
               RUN(5_19_row_without_function), RUN(5_21_version), RUN(5_25_selector_out_of_range),
               RUN(5_26_wrong_handles), RUN(5_26_closed_connection_is_the_drivers_affair), RUN(5_35_notification_port),
               RUN(5_41_add_client), RUN(5_42_get_service), RUN(5_43_traps), RUN(table_rows_are_checked),
               RUN(gated_methods_of_a_provider_run_one_at_a_time))
