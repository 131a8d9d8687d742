/* SPDX-License-Identifier: MIT */
/*
 * IODMACommand's segments: runs of bus addresses, cut so that each fits the device.
 *
 * A segment starts where the one before ended; so nothing has to be remembered between two calls but the offset. It is
 * cut, in this order, to the longest segment, to a multiple of the length's alignment, and so that the next one starts
 * at an aligned address; each cut only when something is left.
 */
#include <endian.h>

#include "dmaPrivate.h"

/* The contiguous bytes at an offset of the prepared range: at least one, unless the memory is not ready (length 0). */
static IODMASegment64 pieceAt(const IODMACommandPrivate *core, uint64_t offset)
{
    if (core->isMapped)
        return (IODMASegment64){core->mappedAddress + offset, core->length - offset};
    IOMemoryDescriptor *memory = core->copy ? core->copy : core->memory;
    IOByteCount length;
    addr64_t address = IOMemoryDescriptor_getPhysicalSegment(memory, core->copy ? offset : core->offset + offset,
                                                             &length, kIOMemoryMapperNone);
    return (IODMASegment64){address, smallerOf(length, core->length - offset)};
}

/* The next segment of the range as the device takes it, limits of address width and start alignment apart. */
static IODMASegment64 segmentAt(const IODMACommandPrivate *core, uint64_t offset)
{
    IODMASegment64 run = pieceAt(core, offset);
    while (run.fLength && run.fLength < core->maxSegmentSize && offset + run.fLength < core->length) {
        IODMASegment64 next = pieceAt(core, offset + run.fLength);
        if (next.fLength == 0 || next.fIOVMAddr != run.fIOVMAddr + run.fLength)
            break;
        run.fLength += next.fLength;
    }
    bool isCut = run.fLength > core->maxSegmentSize;
    if (isCut)
        run.fLength = core->maxSegmentSize;
    uint64_t excess = run.fLength & core->alignMaskLength;
    if (excess && run.fLength > excess) {
        run.fLength -= excess;
        isCut = true;
    }
    excess = isCut ? (run.fIOVMAddr + run.fLength) & core->alignMaskInternal : 0;
    if (excess && run.fLength > excess)
        run.fLength -= excess;
    return run;
}

/* kIOReturnSuccess when the device can take the segment, which starts at that offset of the range. */
static IOReturn check(const IODMACommandPrivate *core, IODMASegment64 segment, uint64_t offset)
{
    uint32_t mask = offset ? core->alignMaskInternal : core->alignMask;
    if (usesMapper(core))
        mask &= (uint32_t)hostRegion_pageSize() - 1; /* the mapper aligns to pages */
    if (!usesMapper(core) && segment.fIOVMAddr + segment.fLength - 1 > highestAddress(core))
        return kIOReturnMessageTooLarge;
    return segment.fIOVMAddr & mask || segment.fLength & core->alignMaskLength ? kIOReturnNotAligned : kIOReturnSuccess;
}

bool dmaSegments_fit(IODMACommand *self)
{
    const IODMACommandPrivate *core = self->core;

    for (uint64_t offset = 0; offset < core->length;) {
        IODMASegment64 segment = segmentAt(core, offset);
        if (segment.fLength == 0)
            return true; /* not ready: genIOVMSegments says so */
        if (check(core, segment, offset) != kIOReturnSuccess)
            return false;
        offset += segment.fLength;
    }
    return true;
}

IOReturn IODMACommand_genIOVMSegmentsWithFunction(IODMACommand *self, IODMACommandSegmentFunction output,
                                                  uint64_t *offset, void *segments, uint32_t *count)
{
    const IODMACommandPrivate *core = self->core;
    if (core->active == 0)
        return kIOReturnNotReady;
    if (!output || !offset || !segments || !count || *count == 0)
        return kIOReturnBadArgument;
    if (*offset >= core->length)
        return kIOReturnOverrun;
    uint64_t position = *offset;
    uint32_t index = 0;
    while (index < *count && position < core->length) {
        IODMASegment64 segment = segmentAt(core, position);
        if (segment.fLength == 0)
            return kIOReturnNotReady;
        IOReturn result = core->isMapped ? kIOReturnSuccess : check(core, segment, position);
        if (result != kIOReturnSuccess)
            return result;
        if (!output(self, segment, segments, index))
            return kIOReturnMessageTooLarge;
        position += segment.fLength;
        index++;
    }
    *offset = position;
    *count = index;
    return kIOReturnSuccess;
}

IOReturn IODMACommand_genIOVMSegments(IODMACommand *self, uint64_t *offset, void *segments, uint32_t *count)
{
    return IODMACommand_genIOVMSegmentsWithFunction(self, self->core->output, offset, segments, count);
}

/* ---- Output ---- */

bool IODMACommand_OutputHost32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment32 *)segments)[index] = (IODMASegment32){(uint32_t)segment.fIOVMAddr, (uint32_t)segment.fLength};
    return true;
}

bool IODMACommand_OutputBig32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment32 *)segments)[index] =
        (IODMASegment32){htobe32((uint32_t)segment.fIOVMAddr), htobe32((uint32_t)segment.fLength)};
    return true;
}

bool IODMACommand_OutputLittle32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment32 *)segments)[index] =
        (IODMASegment32){htole32((uint32_t)segment.fIOVMAddr), htole32((uint32_t)segment.fLength)};
    return true;
}

bool IODMACommand_OutputHost64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment64 *)segments)[index] = segment;
    return true;
}

bool IODMACommand_OutputBig64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment64 *)segments)[index] = (IODMASegment64){htobe64(segment.fIOVMAddr), htobe64(segment.fLength)};
    return true;
}

bool IODMACommand_OutputLittle64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index)
{
    (void)target;
    ((IODMASegment64 *)segments)[index] = (IODMASegment64){htole64(segment.fIOVMAddr), htole64(segment.fLength)};
    return true;
}
