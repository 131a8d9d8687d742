/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.27 to 7.32: cursors and DMA commands. */
#include "memoryFixture.h"

#include <endian.h>
#include <string.h>

static IOMemoryDescriptor *physical(const IOAddressRange *ranges, uint32_t count)
{
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddressRanges(ranges, count, kIODirectionInOut, NULL);
    assert_non_null(memory);
    return memory;
}

/* Two ranges in one run, then another: 0x3000 bytes at 0x10000, 0x1000 at 0x20000. */
static IOMemoryDescriptor *threeRanges(void)
{
    static const IOAddressRange ranges[] = {{0x10000, 0x1000}, {0x11000, 0x2000}, {0x20000, 0x1000}};
    return physical(ranges, 3);
}

/* ---- Cursors ---- */

#define assert_segment(segment, address, size)                                                                         \
    do {                                                                                                               \
        assert_int_equal((segment).location, address);                                                                 \
        assert_int_equal((segment).length, size);                                                                      \
    } while (0)

TEST(7_27_runs_are_coalesced_and_cut)
{
    IOMemoryDescriptor *memory = threeRanges();
    IONaturalMemoryCursor *cursor = IONaturalMemoryCursor_withSpecification(0x1800, 0, 1);
    IOMemoryCursorSegment segments[8];
    IOByteCount moved;
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0, segments, 8, 0, &moved), 3);
    assert_segment(segments[0], 0x10000, 0x1800);
    assert_segment(segments[1], 0x11800, 0x1800);
    assert_segment(segments[2], 0x20000, 0x1000);
    assert_int_equal(moved, 0x4000);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0x100, segments, 2, 0, &moved), 2);
    assert_segment(segments[0], 0x10100, 0x1800);
    assert_segment(segments[1], 0x11900, 0x1700);
    assert_int_equal(moved, 0x2f00);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0, segments, 8, 0x1900, &moved), 2);
    assert_segment(segments[1], 0x11800, 0x100);
    assert_int_equal(moved, 0x1900);
    OSRelease(cursor);
    OSRelease(memory);
}

TEST(7_27_limits_of_the_cursor)
{
    IOMemoryDescriptor *memory = threeRanges();
    IONaturalMemoryCursor *cursor = IONaturalMemoryCursor_withSpecification(0x10000, 0x3800, 1);
    IOMemoryCursorSegment segments[8];
    IOByteCount moved;
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0, segments, 8, 0, &moved), 2);
    assert_segment(segments[1], 0x20000, 0x800);
    assert_int_equal(moved, 0x3800);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, NULL, 0, segments, 8, 0, &moved), 0);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0, segments, 0, 0, &moved), 0);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&cursor->super, memory, 0x4000, segments, 8, 0, &moved), 0);
    assert_int_equal(moved, 0);
    OSRelease(cursor);
    OSRelease(memory);
    assert_null(IONaturalMemoryCursor_withSpecification(0, 0, 1));
    assert_null(IONaturalMemoryCursor_withSpecification(8, (IOPhysicalLength)1 << 32, 1));
    assert_null(IONaturalMemoryCursor_withSpecification(8, 0, 2));
    assert_null(IOMemoryCursor_withSpecification(NULL, 8, 0, 1));
}

static void noteLocation(IOMemoryCursorSegment segment, void *segments, uint32_t index)
{
    ((uint32_t *)segments)[index] = (uint32_t)segment.location;
}

TEST(7_27_flavours)
{
    IOMemoryDescriptor *memory = threeRanges();
    IOBigMemoryCursor *big = IOBigMemoryCursor_withSpecification(0x10000, 0, 1);
    IOLittleMemoryCursor *little = IOLittleMemoryCursor_withSpecification(0x10000, 0, 1);
    IOMemoryCursor *own = IOMemoryCursor_withSpecification(noteLocation, 0x10000, 0, 1);
    IOMemoryCursorSegment segments[2];
    uint32_t locations[2];
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&big->super, memory, 0, segments, 2, 0, NULL), 2);
    assert_int_equal(be64toh(segments[1].location), 0x20000);
    assert_memory_equal(&segments[0].length, "\0\0\0\0\0\0\x30\0", 8);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(&little->super, memory, 0, segments, 2, 0, NULL), 2);
    assert_int_equal(le64toh(segments[1].location), 0x20000);
    assert_memory_equal(&segments[0].length, "\0\x30\0\0\0\0\0\0", 8);
    assert_int_equal(IOMemoryCursor_genPhysicalSegments(own, memory, 0, locations, 2, 0, NULL), 2);
    assert_int_equal(locations[1], 0x20000);
    OSRelease(own);
    OSRelease(little);
    OSRelease(big);
    OSRelease(memory);
}

/* ---- Specifications ---- */

static IODMACommand *commandWith(IODMASegmentOptions options, uint32_t mapping)
{
    options.fStructSize = sizeof options;
    return IODMACommand_withSegmentOptions(kIODMACommandOutputHost64, &options, mapping, NULL, NULL);
}

TEST(7_28_specifications)
{
    assert_null(IODMACommand_withSpecification(NULL, 32, 0, 0, 0, 1, NULL, NULL));
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputHost32, 33, 0, 0, 0, 1, NULL, NULL));
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputBig32, 64, 0, 0, 0, 1, NULL, NULL));
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputLittle32, 33, 0, 0, 0, 1, NULL, NULL));
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputHost64, 11, 0, 0, 0, 1, NULL, NULL)); /* a page: 12 */
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputHost64, 64, 0, 4, 0, 1, NULL, NULL)); /* no mapping */
    assert_null(IODMACommand_withSpecification(kIODMACommandOutputHost64, 64, 0, 0, 0, 3, NULL, NULL));
    IODMACommand *command = IODMACommand_withSpecification(kIODMACommandOutputHost32, 0, 0, 0, 0, 16, NULL, "ref");
    assert_int_equal(IODMACommand_getNumAddressBits(command), 32);
    assert_int_equal(IODMACommand_getAlignment(command), 16);
    assert_int_equal(IODMACommand_getAlignmentLength(command), 1);
    assert_int_equal(IODMACommand_getAlignmentInternalSegments(command), 16);
    assert_string_equal(IODMACommand_getRefCon(command), "ref");
    IODMACommand *clone = IODMACommand_cloneCommand(command, NULL);
    assert_int_equal(IODMACommand_getNumAddressBits(clone), 32);
    assert_int_equal(IODMACommand_getAlignment(clone), 16);
    OSRelease(clone);
    OSRelease(command);
    /* 0: no limit. */
    static const IOAddressRange range = {0x1000, (uint64_t)1 << 40};
    IOMemoryDescriptor *memory = physical(&range, 1);
    command = IODMACommand_withSpecification(kIODMACommandOutputHost64, 0, 0, 0, 0, 0, NULL, NULL);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    IODMASegment64 segment;
    uint64_t offset = 0;
    uint32_t count = 1;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, &segment, &count), kIOReturnSuccess);
    assert_true(segment.fLength == range.length);
    OSRelease(command);
    OSRelease(memory);
}

TEST(7_29_set_and_clear)
{
    IOMemoryDescriptor *memory = threeRanges(), *other = threeRanges();
    IODMACommand *command = commandWith((IODMASegmentOptions){0}, 0);
    assert_int_equal(IODMACommand_prepare(command, 0, 0, true, true), kIOReturnNotReady); /* nothing set */
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_ptr_equal(IODMACommand_getMemoryDescriptor(command), memory);
    assert_int_equal(IODMACommand_getPreparedOffsetAndLength(command, NULL, NULL), kIOReturnSuccess);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, other, true), kIOReturnBusy);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, false), kIOReturnNotReady);
    assert_ptr_equal(IODMACommand_getMemoryDescriptor(command), memory);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, false), kIOReturnSuccess); /* completes */
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnNotReady);
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, false), kIOReturnSuccess);
    assert_null(IODMACommand_getMemoryDescriptor(command));
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, other, false), kIOReturnSuccess);
    assert_int_equal(IODMACommand_getPreparedOffsetAndLength(command, NULL, NULL), kIOReturnNotReady);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess); /* not prepared: ok */
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
    OSRelease(command);
    OSRelease(memory);
    OSRelease(other);
}

TEST(7_30_prepare_and_complete)
{
    IOMemoryDescriptor *memory = threeRanges();
    IODMACommand *command = commandWith((IODMASegmentOptions){.fMaxTransferSize = 0x3000, .fAlignmentLength = 4}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnNoSpace); /* too much at once */
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, false), kIOReturnSuccess);
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnNotReady);
    assert_int_equal(IODMACommand_prepare(command, 0, 0x3001, true, true), kIOReturnNoSpace);
    assert_int_equal(IODMACommand_prepare(command, 0x3000, 0x1004, true, true), kIOReturnNoSpace);
    assert_int_equal(IODMACommand_prepare(command, UINT64_MAX, 4, true, true), kIOReturnNoSpace);
    assert_int_equal(IODMACommand_prepare(command, 0, 0x1002, true, true), kIOReturnNotAligned);
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnNotReady);
    assert_int_equal(IODMACommand_prepare(command, 0x100, 0x1000, true, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_prepare(command, 0x100, 0x1004, true, true), kIOReturnNotReady);
    assert_int_equal(IODMACommand_prepare(command, 0x104, 0x1000, true, true), kIOReturnNotReady);
    assert_int_equal(IODMACommand_prepare(command, 0x100, 0x1000, true, true), kIOReturnSuccess);
    IODMASegmentOptions options = {0};
    assert_int_equal(
        IODMACommand_prepareWithSpecification(command, kIODMACommandOutputHost64, &options, 0, NULL, 0, 0, true, true),
        kIOReturnNotPermitted);
    uint64_t offset, length;
    assert_int_equal(IODMACommand_getPreparedOffsetAndLength(command, &offset, &length), kIOReturnSuccess);
    assert_int_equal(offset, 0x100);
    assert_int_equal(length, 0x1000);
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnNotReady);
    assert_int_equal(
        IODMACommand_prepareWithSpecification(command, kIODMACommandOutputHost64, &options, 0, NULL, 0, 0, true, true),
        kIOReturnSuccess);
    OSRelease(command);
    command = IODMACommand_withRefCon(NULL);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnNotReady); /* no specification */
    OSRelease(command);
    OSRelease(memory);
}

/* ---- Segments ---- */

static void expectSegments(IODMACommand *command, const IODMASegment64 *expected, uint32_t room)
{
    IODMASegment64 segments[4];
    uint64_t offset = 0, length;
    assert_int_equal(IODMACommand_getPreparedOffsetAndLength(command, NULL, &length), kIOReturnSuccess);
    while (offset < length) {
        uint64_t before = offset, moved = 0;
        uint32_t count = room;
        assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnSuccess);
        assert_in_range(count, 1, room);
        for (uint32_t i = 0; i < count; i++, expected++) {
            assert_int_equal(segments[i].fIOVMAddr, expected->fIOVMAddr);
            assert_int_equal(segments[i].fLength, expected->fLength);
            moved += segments[i].fLength;
        }
        assert_int_equal(offset, before + moved);
    }
    uint32_t count = room;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnOverrun);
    assert_int_equal(expected->fLength, 0); /* that was all */
}

TEST(7_31_segments)
{
    IOMemoryDescriptor *memory = threeRanges();
    IODMACommand *command = commandWith((IODMASegmentOptions){.fMaxSegmentSize = 0x1400}, 0);
    IODMASegment64 segments[4];
    uint64_t offset = 0;
    uint32_t count = 4;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnNotReady);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_genIOVMSegments(command, NULL, segments, &count), kIOReturnBadArgument);
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, NULL, &count), kIOReturnBadArgument);
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, NULL), kIOReturnBadArgument);
    count = 0;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnBadArgument);
    static const IODMASegment64 expected[] = {
        {0x10000, 0x1400}, {0x11400, 0x1400}, {0x12800, 0x800}, {0x20000, 0x1000}, {0, 0}};
    for (uint32_t room = 1; room <= 4; room++)
        expectSegments(command, expected, room);
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, false), kIOReturnSuccess);
    assert_int_equal(IODMACommand_prepare(command, 0x2c00, 0x800, true, true), kIOReturnSuccess);
    static const IODMASegment64 part[] = {{0x12c00, 0x400}, {0x20000, 0x400}, {0, 0}};
    expectSegments(command, part, 1);
    expectSegments(command, part, 4);
    OSRelease(command);
    OSRelease(memory);
}

TEST(7_31_segments_are_cut_to_alignments)
{
    static const IOAddressRange range = {0x10010, 100};
    IOMemoryDescriptor *memory = physical(&range, 1);
    IODMACommand *command = commandWith(
        (IODMASegmentOptions){
            .fMaxSegmentSize = 30, .fAlignment = 16, .fAlignmentLength = 4, .fAlignmentInternalSegments = 8},
        kIODMAMapOptionIterateOnly);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    static const IODMASegment64 expected[] = {{0x10010, 24}, {0x10028, 24}, {0x10040, 24}, {0x10058, 28}, {0, 0}};
    expectSegments(command, expected, 1);
    expectSegments(command, expected, 4);
    OSRelease(command);
    OSRelease(memory);
}

TEST(7_31_what_does_not_fit)
{
    static const IOAddressRange high = {0xfffff000, 0x2000}, odd[] = {{0x1000, 0x10}, {0x2001, 0x10}};
    IODMASegment64 segments[4];
    uint64_t offset = 0;
    uint32_t count = 4;
    IOMemoryDescriptor *memory = physical(&high, 1);
    IODMACommand *command = commandWith((IODMASegmentOptions){.fNumAddressBits = 32}, kIODMAMapOptionIterateOnly);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnMessageTooLarge);
    assert_int_equal(offset, 0);
    assert_int_equal(count, 4);
    OSRelease(command);
    OSRelease(memory);
    memory = physical(odd, 2);
    command = commandWith((IODMASegmentOptions){.fAlignment = 4}, kIODMAMapOptionIterateOnly);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnNotAligned);
    OSRelease(command);
    OSRelease(memory);
}

static bool refuse(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target, (void)segment, (void)segments;
    return index == 0;
}

TEST(7_31_output_functions)
{
    IOMemoryDescriptor *memory = threeRanges();
    IODMACommand *command = commandWith((IODMASegmentOptions){0}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    const IODMACommandSegmentFunction functions[] = {kIODMACommandOutputHost32,   kIODMACommandOutputBig32,
                                                     kIODMACommandOutputLittle32, kIODMACommandOutputHost64,
                                                     kIODMACommandOutputBig64,    kIODMACommandOutputLittle64};
    for (int i = 0; i < 6; i++) {
        union {
            uint32_t words[4];
            uint64_t longs[4];
        } segments;
        uint64_t offset = 0;
        uint32_t count = 2;
        assert_int_equal(IODMACommand_genIOVMSegmentsWithFunction(command, functions[i], &offset, &segments, &count),
                         kIOReturnSuccess);
        assert_int_equal(count, 2);
        uint64_t address = i < 3 ? segments.words[2] : segments.longs[2];
        address = i == 1 ? be32toh((uint32_t)address) : i == 2 ? le32toh((uint32_t)address) : address;
        address = i == 4 ? be64toh(address) : i == 5 ? le64toh(address) : address;
        assert_int_equal(address, 0x20000);
    }
    uint64_t offset = 0;
    uint32_t count = 2, nothing;
    assert_int_equal(IODMACommand_genIOVMSegmentsWithFunction(command, refuse, &offset, &nothing, &count),
                     kIOReturnMessageTooLarge);
    assert_int_equal(offset, 0);
    OSRelease(command);
    OSRelease(memory);
}

/* ---- Copies ---- */

/* The address of the only segment. */
static uint8_t *onlySegment(IODMACommand *command, uint64_t length)
{
    IODMASegment64 segments[2];
    uint64_t offset = 0;
    uint32_t count = 2;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, segments, &count), kIOReturnSuccess);
    assert_int_equal(count, 1);
    assert_int_equal(segments[0].fLength, length);
    return (uint8_t *)(uintptr_t)segments[0].fIOVMAddr;
}

TEST(7_32_misaligned_memory_is_copied)
{
    static _Alignas(64) uint8_t bytes[128];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes + 1, 100, kIODirectionInOut);
    size_t before = IOAllocatedBytes(kIOAllocationPageable);
    IODMACommand *command = commandWith((IODMASegmentOptions){.fAlignment = 64}, 0);
    bytes[1] = 'o';
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    uint8_t *device = onlySegment(command, 100);
    assert_int_equal((uintptr_t)device % 64, 0);
    assert_true(device < bytes || device >= bytes + sizeof bytes);
    assert_int_equal(device[0], 'o');
    device[99] = 'i';
    assert_int_equal(bytes[100], 0);
    /* In the middle of it. */
    assert_int_equal(IODMACommand_synchronize(command, kIODirectionOutIn), kIOReturnBadArgument);
    assert_int_equal(IODMACommand_synchronize(command, kIODirectionIn), kIOReturnSuccess);
    assert_int_equal(bytes[100], 'i');
    bytes[2] = 'n';
    assert_int_equal(IODMACommand_synchronize(command, kIODirectionOut), kIOReturnSuccess);
    assert_int_equal(device[1], 'n');
    device[98] = 'c';
    assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnSuccess);
    assert_int_equal(bytes[99], 'c');
    assert_int_equal(IOAllocatedBytes(kIOAllocationPageable), before);
    assert_int_equal(IODMACommand_synchronize(command, kIODirectionIn), kIOReturnNotReady);
    OSRelease(command);
    /* Aligned memory is not. */
    OSRelease(memory);
    memory = IOMemoryDescriptor_withAddress(bytes + 64, 64, kIODirectionInOut);
    command = commandWith((IODMASegmentOptions){.fAlignment = 64}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_ptr_equal(onlySegment(command, 64), bytes + 64);
    OSRelease(command);
    OSRelease(memory);
}

TEST(7_32_memory_above_the_address_width_is_copied)
{
    static const uint8_t widths[] = {32, 30, 24};
    for (int i = 0; i < 3; i++) {
        IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withBytes("data", 4, kIODirectionInOut, false);
        uint8_t *bytes = IOBufferMemoryDescriptor_getBytesNoCopy(buffer);
        assert_true((uintptr_t)bytes >> 32);
        IODMACommand *command = commandWith((IODMASegmentOptions){.fNumAddressBits = widths[i]}, 0);
        assert_int_equal(IODMACommand_setMemoryDescriptor(command, &buffer->super.super, true), kIOReturnSuccess);
        uint8_t *device = onlySegment(command, 4);
        assert_int_equal((uintptr_t)(device + 3) >> widths[i], 0);
        assert_memory_equal(device, "data", 4);
        memcpy(device, "from", 4);
        assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
        assert_memory_equal(bytes, "from", 4);
        OSRelease(command);
        OSRelease(buffer);
    }
}

TEST(7_32_only_the_direction_is_copied)
{
    static uint8_t bytes[8];
    for (int in = 0; in < 2; in++) {
        memset(bytes, 1, sizeof bytes);
        IOMemoryDescriptor *memory =
            IOMemoryDescriptor_withAddress(bytes + 1, 4, in ? kIODirectionIn : kIODirectionOut);
        IODMACommand *command = commandWith((IODMASegmentOptions){.fAlignment = 8}, 0);
        assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
        uint8_t *device = onlySegment(command, 4);
        assert_int_equal(device[0], in ? 0 : 1);
        device[0] = 7;
        assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnSuccess);
        assert_int_equal(bytes[1], in ? 7 : 1);
        OSRelease(command);
        OSRelease(memory);
    }
}

TEST(7_32_force_double_buffer)
{
    static uint8_t bytes[8] = "force";
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 8, kIODirectionInOut);
    IODMACommand *command = commandWith((IODMASegmentOptions){0}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_ptr_equal(onlySegment(command, 8), bytes);
    assert_int_equal(IODMACommand_synchronize(command, kIODMACommandForceDoubleBuffer), kIOReturnSuccess);
    uint8_t *device = onlySegment(command, 8);
    assert_ptr_not_equal(device, bytes);
    assert_string_equal((char *)device, "force");
    assert_int_equal(IODMACommand_synchronize(command, kIODMACommandForceDoubleBuffer), kIOReturnSuccess);
    assert_ptr_equal(onlySegment(command, 8), device);
    OSRelease(command);
    OSRelease(memory);
}

TEST(7_32_bytes_of_the_prepared_range)
{
    static uint8_t bytes[16] = "0123456789abcde", read[16];
    for (int copied = 0; copied < 2; copied++) {
        IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 16, kIODirectionInOut);
        IODMACommand *command = commandWith((IODMASegmentOptions){.fAlignment = copied ? kPage : 1}, 0);
        assert_int_equal(IODMACommand_readBytes(command, 0, read, 1), 0);
        assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, false), kIOReturnSuccess);
        assert_int_equal(IODMACommand_readBytes(command, 0, read, 1), 0);
        assert_int_equal(IODMACommand_prepare(command, 4, 8, true, true), kIOReturnSuccess);
        assert_int_equal(IODMACommand_readBytes(command, 1, read, 100), 7); /* to the end of the range */
        assert_memory_equal(read, "56789ab", 7);
        assert_int_equal(IODMACommand_readBytes(command, 8, read, 1), 0);
        assert_int_equal(IODMACommand_writeBytes(command, 7, "bb", 2), 1);
        assert_int_equal(IODMACommand_complete(command, true, true), kIOReturnSuccess);
        assert_memory_equal(bytes, "0123456789abcde", 16);
        OSRelease(command);
        OSRelease(memory);
    }
}

/* Client memory: the device works on what prepare brought; a client that is gone is told. */
TEST(7_30_client_memory)
{
    Client client = clientStart(kPage);
    IOMemoryDescriptor *memory = clientMemory(&client, 1, 100, kIODirectionInOut);
    IODMACommand *command = commandWith((IODMASegmentOptions){.fAlignment = 4}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    IODMASegment64 segment;
    uint64_t offset = 0;
    uint32_t count = 1;
    assert_int_equal(IODMACommand_genIOVMSegments(command, &offset, &segment, &count), kIOReturnNotReady);
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_prepare(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    uint8_t *device = onlySegment(command, 100);
    assert_true(isPattern(device, 1, 100));
    device[0] = 'D';
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
    assert_int_equal(IOMemoryDescriptor_complete(memory, kIODirectionNone), kIOReturnSuccess);
    assert_int_equal(clientByte(&client, 1), 'D');
    clientExit(&client);
    IODMACommand *copying = commandWith((IODMASegmentOptions){0}, 0);
    assert_int_equal(IODMACommand_setMemoryDescriptor(copying, memory, true), kIOReturnSuccess);
    assert_int_equal(IODMACommand_synchronize(copying, kIODMACommandForceDoubleBuffer), kIOReturnUnderrun);
    OSRelease(copying);
    OSRelease(command);
    OSRelease(memory);
    clientFree(&client);
}

/* ---- Behind a mapper ---- */

OSDeclareClass(TestMapper);
struct TestMapper {
    IOMapper super;
    unsigned mapped, synchronized;
    IODMAMapSpecification asked;
    uint8_t *host;
    bool fails;
};

enum { kBusBase = 0x40000000 };

static IOReturn TestMapper_mapMemory(IOMapper *mapper, IOMemoryDescriptor *memory, IOByteCount offset,
                                     IOByteCount length, IODirection direction,
                                     const IODMAMapSpecification *specification, addr64_t *ret_address)
{
    (void)length, (void)direction;
    TestMapper *self = OSRequiredCast(TestMapper, mapper);
    if (self->fails)
        return kIOReturnNoResources;
    self->mapped++;
    self->asked = *specification;
    self->host = (uint8_t *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, offset, NULL, 0);
    *ret_address = kBusBase + ((uintptr_t)self->host & (kPage - 1));
    return kIOReturnSuccess;
}

static void TestMapper_unmapMemory(IOMapper *mapper, addr64_t address, IOByteCount length)
{
    (void)address, (void)length;
    OSRequiredCast(TestMapper, mapper)->mapped--;
}

static IOReturn TestMapper_synchronizeMemory(IOMapper *mapper, addr64_t address, IOByteCount length,
                                             IODirection direction)
{
    (void)address, (void)length, (void)direction;
    OSRequiredCast(TestMapper, mapper)->synchronized++;
    return kIOReturnSuccess;
}

OSDefineClass(TestMapper, IOMapper, .mapMemory = TestMapper_mapMemory, .unmapMemory = TestMapper_unmapMemory,
              .synchronizeMemory = TestMapper_synchronizeMemory);
static OSMetaClass *const testClasses[] = {&TestMapper_class};
static const OSClassList testClassList = {testClasses, 1};

TEST(7_31_behind_a_mapper)
{
    assert_int_equal(OSMetaClass_registerModule("test", &testClassList), kOSReturnSuccess);
    TestMapper *mapper = OSTypeAlloc(TestMapper);
    assert_true(IOService_init(&mapper->super.super, NULL));
    static _Alignas(kPage) uint8_t bytes[3 * kPage];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes + 16, 2 * kPage, kIODirectionInOut);
    IODMASegmentOptions options = {.fNumAddressBits = 32, .fMaxSegmentSize = kPage, .fAlignment = 16};
    assert_null(IODMACommand_withSegmentOptions(kIODMACommandOutputHost64, &options, kIODMAMapOptionBypassed,
                                                &mapper->super, NULL));
    IODMACommand *command = IODMACommand_withSegmentOptions(kIODMACommandOutputHost64, &options, kIODMAMapOptionMapped,
                                                            &mapper->super, NULL);
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnSuccess);
    assert_int_equal(mapper->mapped, 1);
    assert_int_equal(mapper->asked.numAddressBits, 32);
    assert_int_equal(mapper->asked.alignment, 16);
    assert_ptr_equal(mapper->host, bytes + 16); /* not copied: the mapper gives low addresses */
    static const IODMASegment64 expected[] = {{kBusBase + 16, kPage}, {kBusBase + 16 + kPage, kPage}, {0, 0}};
    expectSegments(command, expected, 1);
    assert_int_equal(IODMACommand_synchronize(command, kIODirectionIn), kIOReturnSuccess);
    assert_int_equal(mapper->synchronized, 1);
    assert_int_equal(IODMACommand_clearMemoryDescriptor(command, true), kIOReturnSuccess);
    assert_int_equal(mapper->synchronized, 2);
    assert_int_equal(mapper->mapped, 0);
    mapper->fails = true;
    assert_int_equal(IODMACommand_setMemoryDescriptor(command, memory, true), kIOReturnNoResources);
    assert_null(IODMACommand_getMemoryDescriptor(command));
    OSRelease(command);
    OSRelease(memory);
    OSRelease(mapper);
    assert_int_equal(OSMetaClass_unregisterModule(&testClassList), kOSReturnSuccess);
}

/* ---- Without memory ---- */

static bool copyThrough(void)
{
    static uint8_t bytes[16];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes + 1, 8, kIODirectionInOut);
    IODMACommand *command = commandWith((IODMASegmentOptions){.fAlignment = 8}, 0);
    IONaturalMemoryCursor *cursor = IONaturalMemoryCursor_withSpecification(8, 0, 1);
    bool done =
        memory && command && cursor && IODMACommand_setMemoryDescriptor(command, memory, true) == kIOReturnSuccess;
    IODMACommand *clone = done ? IODMACommand_cloneCommand(command, NULL) : NULL;
    done = clone != NULL;
    OSRelease(clone);
    OSRelease(cursor);
    OSRelease(command);
    OSRelease(memory);
    return done;
}

TEST(without_memory)
{
    eachAllocationFails(copyThrough);
}

TEST_MAIN_WITH(memoryTestHooks, RUN(7_27_runs_are_coalesced_and_cut), RUN(7_27_limits_of_the_cursor),
               RUN(7_27_flavours), RUN(7_28_specifications), RUN(7_29_set_and_clear), RUN(7_30_prepare_and_complete),
               RUN(7_30_client_memory), RUN(7_31_segments), RUN(7_31_segments_are_cut_to_alignments),
               RUN(7_31_what_does_not_fit), RUN(7_31_output_functions), RUN(7_31_behind_a_mapper),
               RUN(7_32_misaligned_memory_is_copied), RUN(7_32_memory_above_the_address_width_is_copied),
               RUN(7_32_only_the_direction_is_copied), RUN(7_32_force_double_buffer),
               RUN(7_32_bytes_of_the_prepared_range), RUN(without_memory))
