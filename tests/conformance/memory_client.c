/* SPDX-License-Identifier: MIT */
/*
 * SEMANTICS 7.18 to 7.23 for memory of a client, which unmaps it, exits, becomes another program or truncates its file
 * in the middle: the host gets errors and short counts.
 */
#include "memoryFixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

TEST(7_21_bytes_of_a_client)
{
    Client client = clientStart(3 * kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 10, 2 * kPage, kIODirectionInOut);
    static uint8_t bytes[2 * kPage];
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, bytes, 2 * kPage), 2 * kPage);
    assert_true(isPattern(bytes, 10, 2 * kPage));
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 5, "Z", 1), 1);
    assert_int_equal(clientByte(&client, 15), 'Z');
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, kPage, NULL, kPage), kPage);
    assert_int_equal(clientByte(&client, 10 + kPage), 0);
    assert_int_equal(clientByte(&client, 10 + 2 * kPage - 1), 0);
    assert_int_equal(clientByte(&client, 10 + 2 * kPage), patternAt(10 + 2 * kPage));
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 1, bytes, 2 * kPage), 0);
    OSRelease(memory);
    IOAddressRange ranges[] = {{client.address + kPage * 2, 100}, {client.address, 3}};
    memory = IOMemoryDescriptor_withAddressRanges(ranges, 2, kIODirectionInOut, client.task);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 98, bytes, 5), 5);
    assert_int_equal(bytes[1], patternAt(2 * kPage + 99));
    assert_int_equal(bytes[4], patternAt(2));
    OSRelease(memory);
    clientFree(&client);
}

TEST(7_21_a_client_unmaps)
{
    Client client = clientStart(3 * kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, 3 * kPage, kIODirectionInOut);
    static uint8_t bytes[3 * kPage];
    clientUnmap(&client, kPage, kPage);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, bytes, 3 * kPage), kPage);
    assert_true(isPattern(bytes, 0, kPage));
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, kPage, bytes, 10), 0);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 2 * kPage, bytes, 10), 10);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, kPage - 4, bytes, 10), 4);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnVMError);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess); /* nothing to complete */
    OSRelease(memory);
    clientFree(&client);
}

TEST(7_21_a_client_exits)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, kPage, kIODirectionInOut);
    uint8_t byte;
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 1);
    clientExit(&client);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 0);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, &byte, 1), 0);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnVMError);
    OSRelease(memory);
    clientFree(&client);
}

/* A program that took the client's place is not the client, though it has its pid. */
TEST(7_21_a_client_becomes_another_program)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, kPage, kIODirectionInOut);
    uint8_t byte;
    clientExec(&client);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 0);
    OSRelease(memory);
    /* Whatever address. */
    char maps[64];
    snprintf(maps, sizeof maps, "/proc/%d/maps", (int)IOTask_getPID(client.task));
    FILE *file = fopen(maps, "r");
    unsigned long start;
    assert_int_equal(fscanf(file, "%lx", &start), 1);
    fclose(file);
    memory = IOMemoryDescriptor_withAddressRange(start, 1, kIODirectionInOut, client.task);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 0);
    OSRelease(memory);
    clientFree(&client);
}

TEST(7_21_addresses_that_nothing_has)
{
    Client client = clientStart(kPage);
    uint8_t byte;
    uint64_t addresses[] = {0, (uint64_t)1 << 63, UINT64_MAX - 1, INT64_MAX, kPage};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        IOMemoryDescriptor *memory =
            IOMemoryDescriptor_withAddressRange(addresses[i], 1, kIODirectionInOut, client.task);
        assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 0);
        assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, &byte, 1), 0);
        OSRelease(memory);
    }
    IOTask *stranger = IOTask_withCredentials(IOTask_getPID(client.task), getuid() + 1, getgid(), "stranger");
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRange(client.address, 1, kIODirectionInOut, stranger);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, &byte, 1), 0); /* not that user's process */
    OSRelease(memory);
    OSRelease(stranger);
    clientFree(&client);
}

TEST(7_18_prepare_brings_and_complete_takes_back)
{
    Client client = clientStart(2 * kPage);
    size_t before = IOAllocatedBytes(kIOAllocationPageable);
    IOMemoryDescriptor *memory = clientMemory(&client, 4, kPage, kIODirectionIn);
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, 0), 0); /* nothing yet */
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    IOByteCount length;
    uint8_t *device = (uint8_t *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, 8, &length, 0);
    assert_int_equal(length, kPage - 8);
    assert_int_equal(device[0], patternAt(12));
    device[0] = 'D'; /* the device writes; the rest must stay */
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 20, "W", 1), 1);
    assert_int_equal(clientByte(&client, 24), 'W'); /* the client sees this at once */
    assert_int_equal(device[12], 'W');              /* and so does the device */
    uint8_t byte;
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 8, &byte, 1), 1);
    assert_int_equal(byte, 'D');
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 12), patternAt(12)); /* not the last one */
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 12), 'D');
    assert_int_equal(clientByte(&client, 13), patternAt(13));
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, 0), 0);
    OSRelease(memory);
    assert_int_equal(IOAllocatedBytes(kIOAllocationPageable), before);
    clientFree(&client);
}

TEST(7_18_out_and_failed_transfers_change_nothing)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, kPage, kIODirectionInOut);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionOut), kIOReturnSuccess);
    *(uint8_t *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, 0) = 'X';
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 0), patternAt(0));
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnSuccess);
    *(uint8_t *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, 0) = 'X';
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionIn | kIODirectionCompleteWithError),
                     kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 0), patternAt(0));
    OSRelease(memory);
    clientFree(&client);
}

TEST(7_18_a_client_that_goes_between_prepare_and_complete)
{
    Client client = clientStart(2 * kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, kPage, kIODirectionIn);
    IOMemoryDescriptor *other = clientMemory(&client, kPage, kPage, kIODirectionIn);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(other, kIODirectionNone), kIOReturnSuccess);
    clientUnmap(&client, 0, kPage);
    uint8_t *device = (uint8_t *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, 0);
    memset(device, 1, kPage); /* the copy stays */
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnVMError);
    clientExit(&client);
    assert_int_equal(IOMemoryDescriptor_complete(other, kIODirectionNone), kIOReturnVMError);
    OSRelease(memory);
    OSRelease(other);
    clientFree(&client);
}

TEST(7_18_no_more_than_the_limit)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRange(
        client.address, kIOMemoryPreparedClientBytesMax + 1, kIODirectionIn, client.task);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnNoResources);
    OSRelease(memory);
    memory = IOMemoryDescriptor_withAddressRange(client.address, kIOMemoryPreparedClientBytesMax, kIODirectionIn,
                                                 client.task);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnVMError); /* it has not so much */
    OSRelease(memory);
    clientFree(&client);
}

TEST(7_23_a_map_of_client_memory)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 0, kPage, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_map(memory, 0);
    uint8_t *bytes = (uint8_t *)IOMemoryMap_getVirtualAddress(map);
    assert_true(isPattern(bytes, 0, kPage));
    bytes[3] = 'M';
    assert_int_equal(IOMemoryMap_unmap(map), kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 3), 'M');
    OSRelease(map);
    map = IOMemoryDescriptor_map(memory, 0);
    clientUnmap(&client, 0, kPage);
    assert_int_equal(IOMemoryMap_read8(map, 3), 'M');
    assert_int_equal(IOMemoryMap_unmap(map), kIOReturnVMError);
    assert_null(IOMemoryDescriptor_map(memory, kIOMapUnique));
    OSRelease(map);
    OSRelease(memory);
    clientFree(&client);
}

/* ---- A client's file ---- */

static int fileOf(size_t length, int seals)
{
    int fd = memfd_create("client", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = patternAt(i);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
    }
    assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

TEST(7_21_a_file_is_truncated)
{
    int fd = fileOf(2 * kPage, 0);
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withFileDescriptor(fd, 100, 2 * kPage - 100, kIODirectionInOut);
    static uint8_t bytes[2 * kPage];
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, bytes, 2 * kPage - 100), 2 * kPage - 100);
    assert_true(isPattern(bytes, 100, 2 * kPage - 100));
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 1, "F", 1), 1);
    assert_int_equal(pread(fd, bytes, 1, 101), 1);
    assert_int_equal(bytes[0], 'F');
    uint64_t offset, length;
    assert_int_equal(IOMemoryDescriptor_copyShareableDescriptor(memory, false, &offset, &length), -1);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    IOMemoryMap *map = IOMemoryDescriptor_map(memory, 0);
    assert_int_equal(ftruncate(fd, 200), 0);
    assert_int_equal(IOMemoryMap_read8(map, 1000), patternAt(1100)); /* of the copy */
    OSRelease(map);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnVMError);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, bytes, kPage), 100);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, bytes, kPage), 100); /* it does not become longer */
    assert_int_equal(lseek(fd, 0, SEEK_END), 200);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnVMError);
    OSRelease(memory);
    close(fd);
}

TEST(7_23_a_sealed_file_is_shared)
{
    int fd = fileOf(2 * kPage, F_SEAL_SHRINK);
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withFileDescriptor(fd, kPage + 8, 100, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_map(memory, 0);
    assert_int_equal(IOMemoryMap_read8(map, 0), patternAt(kPage + 8));
    assert_int_equal(pwrite(fd, "S", 1, kPage + 9), 1);
    assert_int_equal(IOMemoryMap_read8(map, 1), 'S');
    uint64_t offset, length;
    int shared = IOMemoryDescriptor_copyShareableDescriptor(memory, false, &offset, &length);
    assert_true(shared >= 0);
    assert_int_equal(offset, kPage + 8);
    assert_int_equal(length, 100);
    close(shared);
    OSRelease(map);
    OSRelease(memory);
    close(fd);
}

TEST(7_20_files_that_are_refused)
{
    int fd = fileOf(kPage, F_SEAL_SHRINK), ends[2];
    assert_null(IOMemoryDescriptor_withFileDescriptor(fd, 0, kPage + 1, kIODirectionOut));
    assert_null(IOMemoryDescriptor_withFileDescriptor(fd, UINT64_MAX, 2, kIODirectionOut));
    assert_null(IOMemoryDescriptor_withFileDescriptor(fd, 0, 0, kIODirectionOut));
    assert_null(IOMemoryDescriptor_withFileDescriptor(-1, 0, 1, kIODirectionOut));
    assert_int_equal(pipe(ends), 0);
    assert_null(IOMemoryDescriptor_withFileDescriptor(ends[0], 0, 1, kIODirectionOut));
    close(ends[0]);
    close(ends[1]);
    close(fd);
}

/* ---- Without memory ---- */

static Client failing;
static int failingFile;

static bool useClient(void)
{
    IOMemoryDescriptor *memory =
        IOMemoryDescriptor_withAddressRange(failing.address, kPage, kIODirectionInOut, failing.task);
    IOMemoryMap *map = memory ? IOMemoryDescriptor_map(memory, 0) : NULL;
    IOMemoryDescriptor *file = IOMemoryDescriptor_withFileDescriptor(failingFile, 0, kPage, kIODirectionInOut);
    IOTask *task = IOTask_withCredentials(IOTask_getPID(failing.task), getuid(), getgid(), "again");
    bool done = map && file && task;
    OSRelease(task);
    OSRelease(file);
    OSRelease(map);
    OSRelease(memory);
    return done;
}

TEST(without_memory)
{
    failing = clientStart(kPage);
    failingFile = fileOf(kPage, 0);
    eachAllocationFails(useClient);
    close(failingFile);
    clientFree(&failing);
}

TEST_MAIN_WITH(memoryTestHooks, RUN(7_21_bytes_of_a_client), RUN(7_21_a_client_unmaps), RUN(7_21_a_client_exits),
               RUN(7_21_a_client_becomes_another_program), RUN(7_21_addresses_that_nothing_has),
               RUN(7_18_prepare_brings_and_complete_takes_back), RUN(7_18_out_and_failed_transfers_change_nothing),
               RUN(7_18_a_client_that_goes_between_prepare_and_complete), RUN(7_18_no_more_than_the_limit),
               RUN(7_23_a_map_of_client_memory), RUN(7_21_a_file_is_truncated), RUN(7_23_a_sealed_file_is_shared),
               RUN(7_20_files_that_are_refused), RUN(without_memory))
