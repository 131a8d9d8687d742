/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.17 to 7.22, 7.25, 7.26 and 4.12: descriptors of the host's own memory, buffers, device memory. */
#include "memoryFixture.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <IOKit/IOService.h>
#include <libkern/OSSerialize.h>

TEST(7_17_directions)
{
    assert_int_equal(kIODirectionNone, 0);
    assert_int_equal(kIODirectionIn, 1);
    assert_int_equal(kIODirectionOut, 2);
    assert_int_equal(kIODirectionOutIn, 3);
    assert_int_equal(kIODirectionInOut, 3);
}

TEST(7_18_prepares_are_counted)
{
    uint8_t bytes[16];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOut);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_true(IOMemoryDescriptor_getFlags(memory) & kIOMemoryPreparedReadOnly); /* one is left */
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_false(IOMemoryDescriptor_getFlags(memory) & kIOMemoryPreparedReadOnly);
    OSRelease(memory);
}

TEST(7_18_complete_without_prepare_changes_nothing)
{
    uint8_t bytes[16];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOut);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_true(IOMemoryDescriptor_getFlags(memory) & kIOMemoryPreparedReadOnly);
    OSRelease(memory);
}

TEST(7_18_physical_memory_is_always_prepared)
{
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withPhysicalAddress(0xfee00000, kPage, kIODirectionOut);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    OSRelease(memory);
}

TEST(7_19_no_writing_after_a_prepare_for_reading)
{
    uint8_t bytes[16] = {1};
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOutIn);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnNotWritable);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnNotWritable);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, "x", 1), 0);
    assert_int_equal(bytes[0], 1);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, "x", 1), 1);
    OSRelease(memory);
}

TEST(7_19_remote_memory)
{
    uint8_t bytes[16];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRange((uintptr_t)bytes, sizeof bytes,
                                                                     kIODirectionOutIn | kIOMemoryRemote, kernel_task);
    assert_int_equal(IOMemoryDescriptor_getLength(memory), sizeof bytes);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnNotAttached);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnNotAttached);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, bytes, 1), 0);
    assert_null(IOMemoryDescriptor_map(memory, 0));
    OSRelease(memory);
}

/* Panics: with an IODMACommand on it, the last complete. */
TEST(7_19_last_complete_with_dma)
{
    static uint8_t bytes[64];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOut);
    IODMACommand *command = IODMACommand_withSpecification(kIODMACommandOutputHost64, 64, 0, 0, 0, 1, NULL, NULL);
    (void)IOMemoryDescriptor_prepare(memory, kIODirectionNone);
    (void)IODMACommand_setMemoryDescriptor(command, memory, true);
    (void)IOMemoryDescriptor_complete(memory, kIODirectionNone);
}

TEST(7_20_without_task_it_is_physical)
{
    uint8_t bytes[8] = "physics";
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRange((uintptr_t)bytes, 8, kIODirectionOutIn, NULL);
    assert_int_equal(IOMemoryDescriptor_getFlags(memory) & kIOMemoryTypeMask, kIOMemoryTypePhysical);
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 2, NULL, 0), (uintptr_t)bytes + 2);
    char read[8] = "";
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 8), 8);
    assert_string_equal(read, "physics");
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, "P", 1), 1);
    assert_int_equal(bytes[0], 'P');
    IOMemoryMap *map = IOMemoryDescriptor_map(memory, 0);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), (uintptr_t)bytes);
    OSRelease(map);
    OSRelease(memory);
    /* Where nothing is, nothing is moved, and nobody dies. */
    memory = IOMemoryDescriptor_withPhysicalAddress(kPage, kPage, kIODirectionOutIn);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 8), 0);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 0, read, 8), 0);
    assert_null(IOMemoryDescriptor_map(memory, 0));
    OSRelease(memory);
}

TEST(7_20_sub_ranges)
{
    uint8_t bytes[100] = {0};
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOutIn);
    IOMemoryDescriptor_setTag(memory, 77);
    assert_null(IOSubMemoryDescriptor_withSubRange(memory, 0, 101, kIODirectionOut));
    assert_null(IOSubMemoryDescriptor_withSubRange(memory, 50, 51, kIODirectionOut));
    assert_null(IOSubMemoryDescriptor_withSubRange(memory, UINT64_MAX, 2, kIODirectionOut));
    IOSubMemoryDescriptor *sub = IOSubMemoryDescriptor_withSubRange(memory, 40, 20, kIODirectionIn);
    IOMemoryDescriptor *part = &sub->super;
    assert_int_equal(IOMemoryDescriptor_getTag(part), 77);
    assert_int_equal(IOMemoryDescriptor_getDirection(part), kIODirectionIn);
    assert_int_equal(IOMemoryDescriptor_getLength(part), 20);
    assert_int_equal(IOMemoryDescriptor_writeBytes(part, 1, "sub", 3), 3);
    assert_memory_equal(bytes + 41, "sub", 3);
    char read[4] = "";
    assert_int_equal(IOMemoryDescriptor_readBytes(part, 1, read, 3), 3);
    assert_string_equal(read, "sub");
    IOByteCount length;
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(part, 5, &length, 0), (uintptr_t)bytes + 45);
    assert_int_equal(length, 15);
    assert_int_equal(IOMemoryDescriptor_prepare(part, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnNotWritable);
    assert_int_equal(IOMemoryDescriptor_complete(part, kIODirectionOut), kIOReturnSuccess);
    OSRelease(sub);
    OSRelease(memory);
}

TEST(7_20_multi_concatenates)
{
    uint8_t bytes[3][8] = {"abcdefg", "hijklmn", "opqrstu"};
    IOMemoryDescriptor *parts[3];
    for (int i = 0; i < 3; i++)
        parts[i] = IOMemoryDescriptor_withAddress(bytes[i], 7, i == 2 ? kIODirectionOut : kIODirectionOutIn);
    assert_null(IOMultiMemoryDescriptor_withDescriptors(parts, 3, kIODirectionOutIn)); /* not the same direction */
    assert_null(IOMultiMemoryDescriptor_withDescriptors(parts, 0, kIODirectionOutIn));
    OSRelease(parts[2]);
    parts[2] = IOMemoryDescriptor_withAddress(bytes[2], 7, kIODirectionOutIn);
    IOMultiMemoryDescriptor *multi = IOMultiMemoryDescriptor_withDescriptors(parts, 3, kIODirectionOutIn);
    IOMemoryDescriptor *memory = &multi->super;
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 21);
    char read[22] = "";
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 21), 21);
    assert_string_equal(read, "abcdefghijklmnopqrstu");
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 5, "ZZZZ", 4), 4);
    assert_memory_equal(bytes[0], "abcdeZZ", 7);
    assert_memory_equal(bytes[1], "ZZjklmn", 7);
    IOByteCount length;
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 15, &length, 0), (uintptr_t)bytes[2] + 1);
    assert_int_equal(length, 6);
    /* Preparing prepares each; a failure undoes those before. */
    assert_int_equal(IOMemoryDescriptor_prepare(parts[2], kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionIn), kIOReturnNotWritable);
    assert_int_equal(IOMemoryDescriptor_complete(parts[2], kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(parts[0], kIODirectionOut), kIOReturnSuccess);
    assert_true(IOMemoryDescriptor_getFlags(parts[0]) & kIOMemoryPreparedReadOnly); /* it had been completed */
    OSRelease(multi);
    for (int i = 0; i < 3; i++)
        OSRelease(parts[i]);
}

TEST(7_20_several_ranges)
{
    uint8_t a[4] = "abc", b[4] = "def";
    IOAddressRange ranges[] = {{(uintptr_t)a, 3}, {0, 0}, {(uintptr_t)b, 3}};
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRanges(ranges, 3, kIODirectionOutIn, kernel_task);
    char read[7] = "";
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 6), 6);
    assert_string_equal(read, "abcdef");
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 2, NULL, 2), 2); /* NULL is zeroes */
    assert_int_equal(a[2] + b[0], 0);
    assert_null(IOMemoryDescriptor_map(memory, 0)); /* not in one piece */
    OSRelease(memory);
    IOAddressRange wrapping = {UINT64_MAX - 1, 3}, huge[] = {{0, UINT64_MAX}, {0, 1}};
    assert_null(IOMemoryDescriptor_withAddressRanges(&wrapping, 1, 0, kernel_task));
    assert_null(IOMemoryDescriptor_withAddressRanges(huge, 2, 0, kernel_task));
    assert_null(IOMemoryDescriptor_withAddressRanges(huge, 0, 0, kernel_task));
    assert_null(IOMemoryDescriptor_withAddressRanges(huge, kIOMemoryRangesMax + 1, 0, kernel_task));
}

TEST(7_21_bytes_moved)
{
    uint8_t bytes[10] = "012345678", read[10];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 10, kIODirectionOutIn);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 2, read, 5), 5);
    assert_memory_equal(read, "23456", 5);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 10, read, 1), 0);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 11, read, 1), 0);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 8, read, 3), 0); /* not all of it is inside */
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 8, read, UINT64_MAX), 0);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 9, read, 2), 0);
    assert_int_equal(IOMemoryDescriptor_writeBytes(memory, 9, "x", 1), 1);
    assert_int_equal(bytes[9], 'x');
    OSRelease(memory);
}

TEST(7_22_physical_segments)
{
    uint8_t bytes[100];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, sizeof bytes, kIODirectionOut);
    IOByteCount length = 1;
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 30, &length, 0), (uintptr_t)bytes + 30);
    assert_int_equal(length, 70);
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 30, NULL, 0), (uintptr_t)bytes + 30);
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 100, &length, 0), 0);
    assert_int_equal(length, 0);
    OSRelease(memory);
    IOAddressRange ranges[] = {{0x1000, 0x1000}, {0x2000, 0x800}, {0x8000, 0x10}};
    memory = IOMemoryDescriptor_withAddressRanges(ranges, 3, kIODirectionOut, NULL);
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 0x10, &length, 0), 0x1010);
    assert_int_equal(length, 0x17f0); /* two ranges, one run */
    assert_int_equal(IOMemoryDescriptor_getPhysicalSegment(memory, 0x1801, &length, 0), 0x8001);
    assert_int_equal(length, 0xf);
    OSRelease(memory);
}

TEST(7_25_buffers)
{
    assert_null(IOBufferMemoryDescriptor_withCapacity(0, kIODirectionOut, false));
    IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withCapacity(10, kIODirectionInOut, false);
    IOMemoryDescriptor *memory = &buffer->super.super;
    char *bytes = IOBufferMemoryDescriptor_getBytesNoCopy(buffer);
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 10);
    assert_int_equal(IOBufferMemoryDescriptor_getCapacity(buffer), 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(bytes[i], 0);
    IOBufferMemoryDescriptor_setLength(buffer, 11);
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 10);
    IOBufferMemoryDescriptor_setLength(buffer, 4);
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 4);
    assert_true(IOBufferMemoryDescriptor_appendBytes(buffer, "abcdefghij", 10)); /* six fit */
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 10);
    assert_memory_equal(bytes + 4, "abcdef", 6);
    assert_true(IOBufferMemoryDescriptor_appendBytes(buffer, "x", 1));
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 10);
    assert_ptr_equal(IOBufferMemoryDescriptor_getBytesNoCopyRange(buffer, 3, 7), bytes + 3);
    assert_null(IOBufferMemoryDescriptor_getBytesNoCopyRange(buffer, 3, 8));
    assert_null(IOBufferMemoryDescriptor_getBytesNoCopyRange(buffer, 10, 0));
    assert_null(IOBufferMemoryDescriptor_getBytesNoCopyRange(buffer, 1, UINT64_MAX));
    OSRelease(buffer);
}

TEST(7_25_with_bytes_and_direction)
{
    IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withBytes("hello", 5, kIODirectionOut, false);
    IOMemoryDescriptor *memory = &buffer->super.super;
    assert_int_equal(IOMemoryDescriptor_getLength(memory), 5);
    assert_int_equal(IOBufferMemoryDescriptor_getCapacity(buffer), 5);
    assert_memory_equal(IOBufferMemoryDescriptor_getBytesNoCopy(buffer), "hello", 5);
    IOOptionBits flags = IOMemoryDescriptor_getFlags(memory);
    IOBufferMemoryDescriptor_setDirection(buffer, kIODirectionIn);
    assert_int_equal(IOMemoryDescriptor_getDirection(memory), kIODirectionIn);
    assert_int_equal(IOMemoryDescriptor_getFlags(memory) & ~(IOOptionBits)kIOMemoryDirectionMask,
                     flags & ~(IOOptionBits)kIOMemoryDirectionMask);
    OSRelease(buffer);
}

TEST(7_21_bytes_of_its_own)
{
    size_t before = IOAllocatedBytes(kIOAllocationPageable);
    char bytes[6] = "bytes", read[6];
    assert_null(IOMemoryDescriptor_withBytes(bytes, 0, kIODirectionOut));
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withBytes(bytes, 6, kIODirectionOutIn);
    bytes[0] = 'B';
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 6), 6);
    assert_string_equal(read, "bytes");
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_readBytes(memory, 0, read, 6), 6);
    assert_string_equal(read, "bytes");
    OSRelease(memory);
    assert_int_equal(IOAllocatedBytes(kIOAllocationPageable), before);
}

TEST(7_26_options)
{
    assert_int_equal(kIOMemoryPageable, 0x20);
    assert_int_equal(kIOMemoryPhysicallyContiguous, 0x10);
    assert_int_equal(kIOMemoryPurgeable, 0x40);
    assert_int_equal(kIOMemoryHostPhysicallyContiguous, 0x80);
    assert_int_equal(kIOMemoryKernelUserShared, 0x10000);
    IOTask *client = IOTask_withCredentials(getpid(), getuid(), getgid(), "self");
    assert_null(IOBufferMemoryDescriptor_inTaskWithOptions(client, kIODirectionOut, 16, 1));
    assert_null(IOBufferMemoryDescriptor_inTaskWithOptions(NULL, kIODirectionOut, 16, 1));
    assert_null(IOBufferMemoryDescriptor_withOptions(kIODirectionOut, 16, 3)); /* no power of 2 */
    IOBufferMemoryDescriptor *buffer =
        IOBufferMemoryDescriptor_inTaskWithOptions(client, kIODirectionOut | kIOMemoryPageable, 16, 1);
    assert_non_null(buffer);
    assert_true(IOMemoryDescriptor_getFlags(&buffer->super.super) & kIOMemoryBufferPageable);
    assert_false(IOMemoryDescriptor_getFlags(&buffer->super.super) & kIOMemoryPreparedReadOnly); /* not prepared */
    OSRelease(buffer);
    buffer = IOBufferMemoryDescriptor_withOptions(kIODirectionOut, 100, 64 * kPage);
    assert_true(buffer->options & kIOMemoryPhysicallyContiguous);
    assert_int_equal((uintptr_t)IOBufferMemoryDescriptor_getBytesNoCopy(buffer) % (64 * kPage), 0);
    assert_true(IOMemoryDescriptor_getFlags(&buffer->super.super) & kIOMemoryPreparedReadOnly); /* prepared, for Out */
    assert_int_equal(IOMemoryDescriptor_prepare(&buffer->super.super, kIODirectionIn), kIOReturnNotWritable);
    OSRelease(buffer);
    OSRelease(client);
}

TEST(7_26_physical_mask)
{
    IOBufferMemoryDescriptor *buffer =
        IOBufferMemoryDescriptor_inTaskWithPhysicalMask(kernel_task, kIODirectionOut, 3 * kPage, 0x0ffff000);
    assert_non_null(buffer);
    uintptr_t address = (uintptr_t)IOBufferMemoryDescriptor_getBytesNoCopy(buffer);
    assert_int_equal(address & ~(uintptr_t)0x0ffff000, 0);
    assert_int_equal((address + 3 * kPage - 1) & ~(uintptr_t)0x0fffffff, 0);
    memset((void *)address, 1, 3 * kPage);
    OSRelease(buffer);
    /* No room below. */
    assert_null(IOBufferMemoryDescriptor_inTaskWithPhysicalMask(kernel_task, kIODirectionOut, 3 * kPage, 0x1000));
}

TEST(7_25_buffers_are_shareable_and_cannot_shrink)
{
    size_t before = IOAllocatedBytes(kIOAllocationPageable);
    IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withCapacity(kPage + 1, kIODirectionInOut, false);
    assert_int_equal(IOAllocatedBytes(kIOAllocationPageable), before + 2 * kPage);
    uint64_t offset, length;
    int fd = IOMemoryDescriptor_copyShareableDescriptor(&buffer->super.super, false, &offset, &length);
    assert_true(fd >= 0);
    assert_int_equal(offset, 0);
    assert_int_equal(length, kPage + 1);
    assert_int_equal(ftruncate(fd, 0), -1);
    char *shared = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(shared != MAP_FAILED);
    shared[5] = 'S';
    assert_int_equal(((char *)IOBufferMemoryDescriptor_getBytesNoCopy(buffer))[5], 'S');
    munmap(shared, length);
    close(fd);
    fd = IOMemoryDescriptor_copyShareableDescriptor(&buffer->super.super, true, &offset, &length);
    assert_true(fd >= 0);
    assert_true(mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED); /* really read only */
    assert_int_equal(pwrite(fd, "x", 1, 0), -1);
    close(fd);
    OSRelease(buffer);
    assert_int_equal(IOAllocatedBytes(kIOAllocationPageable), before);
    uint8_t bytes[4];
    IOMemoryDescriptor *host = IOMemoryDescriptor_withAddress(bytes, 4, kIODirectionOut);
    assert_int_equal(IOMemoryDescriptor_copyShareableDescriptor(host, false, &offset, &length), -1);
    OSRelease(host);
}

/* ---- Device memory ---- */

static uint32_t registers[4];
static unsigned reads, writes, lastWidth;

static uint64_t readRegister(OSObject *owner, IOPhysicalAddress address, unsigned width)
{
    (void)owner;
    reads++;
    lastWidth = width;
    return registers[(address - 0xd0000000) / 4] >> (8 * (address & 3));
}

static void writeRegister(OSObject *owner, IOPhysicalAddress address, unsigned width, uint64_t value)
{
    (void)owner;
    writes++;
    lastWidth = width;
    registers[(address - 0xd0000000) / 4] = (uint32_t)value;
}

static const IODeviceMemoryAccess registerAccess = {readRegister, writeRegister};

TEST(4_12_device_memory_of_a_service)
{
    IOService *service = OSTypeAlloc(IOService);
    assert_true(IOService_init(service, NULL));
    assert_int_equal(IOService_getDeviceMemoryCount(service), 0);
    assert_null(IOService_getDeviceMemory(service));
    assert_null(IOService_getDeviceMemoryWithIndex(service, 0));
    assert_null(IOService_mapDeviceMemoryWithIndex(service, 0, 0));

    IOBufferMemoryDescriptor *board = IOBufferMemoryDescriptor_withCapacity(kPage, kIODirectionInOut, false);
    OSArray *array = OSArray_withCapacity(2);
    IODeviceMemory *bar0 = IODeviceMemory_withAccess(0xd0000000, 16, &registerAccess, NULL);
    IODeviceMemory *bar1 = IODeviceMemory_withMemory(0xd0001000, kPage, &board->super.super);
    IODeviceMemory *bar2 = IODeviceMemory_withRange(0xd0002000, 32);
    assert_null(IODeviceMemory_withMemory(0xd0001000, kPage + 1, &board->super.super));
    OSArray_setObject(array, OSObjectOf(bar0));
    OSArray_setObject(array, OSObjectOf(bar1));
    OSArray_setObject(array, OSObjectOf(bar2));
    IOService_setDeviceMemory(service, array);
    assert_int_equal(IOService_getDeviceMemoryCount(service), 3);
    assert_ptr_equal(IOService_getDeviceMemoryWithIndex(service, 1), bar1);
    assert_null(IOService_getDeviceMemoryWithIndex(service, 3));
    assert_null(IOService_mapDeviceMemoryWithIndex(service, 3, 0));
    assert_null(IOService_mapDeviceMemoryWithIndex(service, 2, 0)); /* nothing is behind it */

    IOMemoryMap *map = IOService_mapDeviceMemoryWithIndex(service, 1, 0);
    IOMemoryMap_write32(map, 8, 0x12345678);
    assert_int_equal(((uint32_t *)IOBufferMemoryDescriptor_getBytesNoCopy(board))[2], 0x12345678);
    assert_int_equal(IOMemoryMap_read16(map, 8), 0x5678);
    assert_int_equal(IOMemoryMap_getPhysicalAddress(map), 0xd0001000);
    OSRelease(map);
    OSRelease(bar2);
    OSRelease(bar1);
    OSRelease(bar0);
    OSRelease(array);
    OSRelease(board);
    OSRelease(service);
}

TEST(device_memory_by_functions)
{
    IODeviceMemory *bar = IODeviceMemory_withAccess(0xd0000000, 16, &registerAccess, NULL);
    IOMemoryMap *map = IOMemoryDescriptor_map(&bar->super, 0);
    assert_non_null(map);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0);
    IOMemoryMap_write32(map, 4, 0xcafe0001);
    assert_int_equal(registers[1], 0xcafe0001);
    assert_int_equal(writes, 1);
    assert_int_equal(IOMemoryMap_read32(map, 4), 0xcafe0001);
    assert_int_equal(IOMemoryMap_read8(map, 7), 0xca);
    assert_int_equal(lastWidth, 1);
    assert_int_equal(reads, 2);
    IOMemoryMap_write32(map, 16, 1); /* outside: nobody answers */
    IOMemoryMap_write32(map, 2, 1);  /* misaligned */
    assert_int_equal(writes, 1);
    assert_int_equal(IOMemoryMap_read32(map, 16), UINT32_MAX);
    assert_int_equal(IOMemoryMap_read16(map, 15), UINT16_MAX);
    assert_true(IOMemoryMap_read64(map, UINT64_MAX - 7) == UINT64_MAX);
    /* A part of it, and its bytes. */
    IODeviceMemory *part = IODeviceMemory_withSubRange(bar, 4, 8);
    assert_null(IODeviceMemory_withSubRange(bar, 12, 5));
    IOMemoryMap *partMap = IOMemoryDescriptor_map(&part->super, 0);
    assert_int_equal(IOMemoryMap_read32(partMap, 0), 0xcafe0001);
    uint8_t bytes[4];
    assert_int_equal(IOMemoryDescriptor_readBytes(&part->super, 0, bytes, 4), 4);
    assert_memory_equal(bytes, ((uint8_t[]){0x01, 0x00, 0xfe, 0xca}), 4);
    assert_int_equal(IOMemoryDescriptor_writeBytes(&part->super, 4, bytes, 4), 4);
    assert_int_equal(registers[2], 0xcafe0001);
    assert_int_equal(IOMemoryMap_unmap(partMap), kIOReturnSuccess);
    assert_int_equal(IOMemoryMap_read32(partMap, 0), UINT32_MAX);
    OSRelease(partMap);
    OSRelease(part);
    OSRelease(map);
    OSRelease(bar);
}

TEST(device_memory_is_a_property)
{
    IODeviceMemoryInitElement list[] = {{0xd0000000, 0x100, 5}, {0xe0000000, 0x1000, 6}};
    OSArray *array = IODeviceMemory_arrayFromList(list, 2);
    assert_int_equal(OSArray_getCount(array), 2);
    IODeviceMemory *second = OSRequiredCast(IODeviceMemory, OSArray_getObject(array, 1));
    assert_int_equal(IOMemoryDescriptor_getTag(&second->super), 6);
    OSSerialize *serializer = OSSerialize_withCapacity(256);
    assert_true(OSObject_serialize(OSObjectOf(array), serializer));
    const char *text = OSSerialize_text(serializer);
    assert_non_null(strstr(text, "<key>address</key><integer size=\"64\""));
    assert_non_null(strstr(text, ">0xd0000000</integer><key>length</key>"));
    assert_non_null(strstr(text, ">0xe0000000</integer>"));
    OSRelease(serializer);
    OSRelease(array);
}

/* ---- Without memory ---- */

static bool makeAll(void)
{
    static uint8_t bytes[16];
    IODeviceMemoryInitElement list[] = {{0xd0000000, 0x100, 5}};
    IOMemoryDescriptor *host = IOMemoryDescriptor_withAddress(bytes, 16, kIODirectionInOut);
    IOSubMemoryDescriptor *sub = host ? IOSubMemoryDescriptor_withSubRange(host, 1, 4, kIODirectionInOut) : NULL;
    IOMultiMemoryDescriptor *multi = host ? IOMultiMemoryDescriptor_withDescriptors(&host, 1, kIODirectionInOut) : NULL;
    IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withBytes("buffer", 6, kIODirectionOut, false);
    IOMemoryMap *map = buffer ? IOMemoryDescriptor_map(&buffer->super.super, kIOMapUnique) : NULL;
    OSArray *array = IODeviceMemory_arrayFromList(list, 1);
    OSSerialize *text = OSSerialize_withCapacity(16);
    bool shown = text && array && OSObject_serialize(OSObjectOf(array), text);
    OSRelease(text);
    OSRelease(array);
    OSRelease(map);
    OSRelease(buffer);
    OSRelease(multi);
    OSRelease(sub);
    OSRelease(host);
    return sub && multi && map && shown;
}

TEST(without_memory)
{
    eachAllocationFails(makeAll);
}

TEST_MAIN_WITH(memoryTestHooks, RUN(7_17_directions), RUN(7_18_prepares_are_counted),
               RUN(7_18_complete_without_prepare_changes_nothing), RUN(7_18_physical_memory_is_always_prepared),
               RUN(7_19_no_writing_after_a_prepare_for_reading), RUN(7_19_remote_memory),
               ABORTS(7_19_last_complete_with_dma, "while an IODMACommand has it"),
               RUN(7_20_without_task_it_is_physical), RUN(7_20_sub_ranges), RUN(7_20_multi_concatenates),
               RUN(7_20_several_ranges), RUN(7_21_bytes_moved), RUN(7_21_bytes_of_its_own), RUN(7_22_physical_segments),
               RUN(7_25_buffers), RUN(7_25_with_bytes_and_direction), RUN(7_25_buffers_are_shareable_and_cannot_shrink),
               RUN(7_26_options), RUN(7_26_physical_mask), RUN(4_12_device_memory_of_a_service),
               RUN(device_memory_by_functions), RUN(device_memory_is_a_property), RUN(without_memory))
