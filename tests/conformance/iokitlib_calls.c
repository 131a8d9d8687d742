/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10.24 to 10.27 and 5b as a client sees them: calls through a connection. */
#include "iokitlibFixture.h"

#include <stdlib.h>
#include <string.h>

TEST(10_24_scalars_and_structures)
{
    io_connect_t connect  = fixture_open();
    uint64_t     input[]  = {40, 2};
    uint64_t     output[] = {99, 99};
    uint32_t     count    = 1;
    assert_int_equal(IOConnectCallMethod(connect, kTestAdd, input, 2, NULL, 0, output, &count, NULL, NULL),
                     kIOReturnSuccess);
    assert_int_equal(count, 1);
    assert_int_equal(output[0], 42);
    assert_int_equal(output[1], 99);

    char   bytes[16] = "";
    size_t size      = sizeof bytes;
    assert_int_equal(IOConnectCallMethod(connect, kTestEcho, NULL, 0, "hello", 6, NULL, NULL, bytes, &size),
                     kIOReturnSuccess);
    assert_int_equal(size, 6);
    assert_string_equal(bytes, "hello");

    output[0] = 0;
    count     = 1;
    assert_int_equal(IOConnectCallMethod(connect, kTestSum, NULL, 0, "\1\2\3", 3, output, &count, NULL, NULL),
                     kIOReturnSuccess);
    assert_int_equal(output[0], 6);
    IOServiceClose(connect);
}

/* Echoes that many bytes and compares them. */
static void echo(io_connect_t connect, size_t length)
{
    uint8_t *in   = malloc(length + 1);
    uint8_t *out  = calloc(1, length + 1);
    size_t   size = length;
    for (size_t i = 0; i < length; i++)
        in[i] = (uint8_t)(i * 7 + length);
    assert_int_equal(IOConnectCallStructMethod(connect, kTestEcho, in, length, out, &size), kIOReturnSuccess);
    assert_int_equal(size, length);
    assert_memory_equal(in, out, length);
    free(in);
    free(out);
}

TEST(10_25_inline_and_out_of_line)
{
    io_connect_t connect = fixture_open();
    echo(connect, 0);
    echo(connect, 1);
    echo(connect, 4095);
    echo(connect, 4096);
    echo(connect, 4097);
    echo(connect, 1 << 20);
    IOServiceClose(connect);
}

TEST(10_25_different_ways_in_and_out)
{
    io_connect_t connect = fixture_open();
    uint8_t     *large   = calloc(1, 100000);
    uint8_t      small[16];
    size_t       size = sizeof small;
    memset(large, 5, 100000);
    assert_int_equal(IOConnectCallStructMethod(connect, kTestEcho, large, 100000, small, &size), kIOReturnSuccess);
    assert_int_equal(size, sizeof small);
    assert_int_equal(small[15], 5);
    size = 100000;
    assert_int_equal(IOConnectCallStructMethod(connect, kTestEcho, small, sizeof small, large, &size),
                     kIOReturnSuccess);
    assert_int_equal(size, sizeof small);

    uint64_t byte = 0xab;
    size          = 50000;
    assert_int_equal(IOConnectCallMethod(connect, kTestFill, &byte, 1, NULL, 0, NULL, NULL, large, &size),
                     kIOReturnSuccess);
    assert_int_equal(size, 50000);
    assert_int_equal(large[49999], 0xab);
    assert_int_equal(large[50000], 5);
    free(large);
    IOServiceClose(connect);
}

/* Asks for that many bytes in a buffer of the host's size. */
static void check_many(io_connect_t connect, uint64_t wanted)
{
    uint8_t *bytes = NULL;
    size_t   size  = (size_t)kIOConnectMethodVarOutputSize;
    assert_int_equal(IOConnectCallMethod(connect, kTestMany, &wanted, 1, NULL, 0, NULL, NULL, &bytes, &size),
                     kIOReturnSuccess);
    assert_int_equal(size, wanted);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], (uint8_t)i);
    assert_int_equal(vm_deallocate(mach_task_self(), (vm_address_t)bytes, size), KERN_SUCCESS);
}

TEST(10_25_variable_output)
{
    io_connect_t connect = fixture_open();
    check_many(connect, 1);
    check_many(connect, 4096);
    check_many(connect, 300000);
    IOServiceClose(connect);
}

TEST(5_16_variable_output_without_data)
{
    io_connect_t connect = fixture_open();
    uint64_t     byte    = 1;
    void        *bytes   = &byte;
    size_t       size    = (size_t)kIOConnectMethodVarOutputSize;
    assert_int_equal(IOConnectCallMethod(connect, kTestFill, &byte, 1, NULL, 0, NULL, NULL, &bytes, &size),
                     kIOReturnUnderrun);
    assert_int_equal(size, 0);
    IOServiceClose(connect);
}

TEST(5_15_at_most_16_scalars)
{
    io_connect_t connect = fixture_open();
    uint64_t     words[17];
    uint64_t     output[17];
    uint32_t     count = 16;
    for (uint64_t i = 0; i < 17; i++)
        words[i] = i;
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestReverse, words, 16, output, &count), kIOReturnSuccess);
    assert_int_equal(count, 16);
    for (uint64_t i = 0; i < 16; i++)
        assert_int_equal(output[i], 15 - i);
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestReverse, words, 17, output, &count), MIG_ARRAY_TOO_LARGE);
    IOServiceClose(connect);
}

TEST(5_18_counts_are_checked)
{
    io_connect_t connect = fixture_open();
    uint64_t     words[4] = {1, 2, 3, 4};
    uint64_t     output[2];
    uint32_t     one = 1;
    uint32_t     two = 2;
    size_t       size = 8;
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestAdd, words, 1, output, &one), kIOReturnBadArgument);
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestAdd, words, 3, output, &one), kIOReturnBadArgument);
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestAdd, words, 2, output, &two), kIOReturnBadArgument);
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestAdd, words, 2, NULL, NULL), kIOReturnBadArgument);
    assert_int_equal(IOConnectCallMethod(connect, kTestAdd, words, 2, words, 8, output, &one, NULL, NULL),
                     kIOReturnBadArgument);
    assert_int_equal(IOConnectCallMethod(connect, kTestAdd, words, 2, NULL, 0, output, &one, output, &size),
                     kIOReturnBadArgument);
    assert_int_equal(IOConnectCallScalarMethod(connect, 1000, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    IOServiceClose(connect);
}

TEST(10_26_results_pass_through)
{
    io_connect_t connect = fixture_open();
    static const IOReturn results[] = {kIOReturnSuccess, kIOReturnNoMedia, kIOReturnBusy, (IOReturn)0xe0001234, 5};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        uint64_t word = (uint32_t)results[i];
        assert_int_equal(IOConnectCallScalarMethod(connect, kTestFail, &word, 1, NULL, NULL), results[i]);
    }
    IOServiceClose(connect);
    assert_int_equal(IOConnectCallScalarMethod(0, kTestFail, NULL, 0, NULL, NULL), MACH_SEND_INVALID_DEST);
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestFail, NULL, 0, NULL, NULL), MACH_SEND_INVALID_DEST);
}

TEST(10_26_outputs_are_untouched_by_a_failed_call)
{
    io_connect_t connect   = fixture_open();
    uint64_t     output[2] = {7, 7};
    uint32_t     count     = 2;
    uint64_t     word      = 1;
    assert_int_equal(IOConnectCallScalarMethod(connect, kTestAdd, &word, 1, output, &count), kIOReturnBadArgument);
    assert_int_equal(output[0], 7);
    assert_int_equal(count, 2);
    IOServiceClose(connect);
}

TEST(10_27_open_is_exclusive)
{
    io_connect_t one = fixture_open();
    io_connect_t two = fixture_open();
    assert_int_equal(IOConnectCallScalarMethod(one, kTestOpen, NULL, 0, NULL, NULL), kIOReturnSuccess);
    assert_int_equal(IOConnectCallScalarMethod(two, kTestOpen, NULL, 0, NULL, NULL), kIOReturnExclusiveAccess);
    assert_int_equal(IOConnectCallScalarMethod(two, kTestClose, NULL, 0, NULL, NULL), kIOReturnNotOpen);
    assert_int_equal(IOServiceClose(one), kIOReturnSuccess); /* and with it the open */
    assert_int_equal(IOKitWaitQuiet(0, NULL), kIOReturnSuccess);
    assert_int_equal(IOConnectCallScalarMethod(two, kTestOpen, NULL, 0, NULL, NULL), kIOReturnSuccess);
    assert_int_equal(IOConnectCallScalarMethod(two, kTestClose, NULL, 0, NULL, NULL), kIOReturnSuccess);
    IOServiceClose(two);
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_24_scalars_and_structures), RUN(10_25_inline_and_out_of_line),
               RUN(10_25_different_ways_in_and_out), RUN(10_25_variable_output),
               RUN(5_16_variable_output_without_data), RUN(5_15_at_most_16_scalars), RUN(5_18_counts_are_checked),
               RUN(10_26_results_pass_through), RUN(10_26_outputs_are_untouched_by_a_failed_call),
               RUN(10_27_open_is_exclusive))
