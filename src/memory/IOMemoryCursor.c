/* SPDX-License-Identifier: MIT */
/* Scatter-gather lists: runs of physical memory, cut to the limits of a device. Cursors are constant. */
#include <endian.h>

#include <IOKit/IOMemoryCursor.h>

#include "memoryPrivate.h"

static bool init(IOMemoryCursor *self, IOMemoryCursorSegmentFunction output, IOPhysicalLength maxSegmentSize,
                 IOPhysicalLength maxTransferSize, IOPhysicalLength alignment)
{
    if (!output || maxSegmentSize == 0 || maxTransferSize > UINT32_MAX || alignment > 1)
        return false;
    self->output = output;
    self->maxSegmentSize = smallerOf(maxSegmentSize, UINT32_MAX);
    self->maxTransferSize = maxTransferSize ? maxTransferSize : UINT32_MAX;
    return true;
}

IOMemoryCursor *IOMemoryCursor_withSpecification(IOMemoryCursorSegmentFunction output, IOPhysicalLength maxSegmentSize,
                                                 IOPhysicalLength maxTransferSize, IOPhysicalLength alignment)
{
    IOMemoryCursor *self = OSTypeAlloc(IOMemoryCursor);
    if (self && !init(self, output, maxSegmentSize, maxTransferSize, alignment))
        OSSafeReleaseNULL(self);
    return self;
}

/* The contiguous bytes from position on, limit of them at most. */
static IOMemoryCursorSegment runAt(IOMemoryDescriptor *memory, IOByteCount position, IOByteCount limit)
{
    IOByteCount length;
    addr64_t address = IOMemoryDescriptor_getPhysicalSegment(memory, position, &length, 0);
    IOMemoryCursorSegment run = {address, length};
    while (address && run.length < limit) {
        address = IOMemoryDescriptor_getPhysicalSegment(memory, position + run.length, &length, 0);
        if (!address || address != run.location + run.length)
            break;
        run.length += length;
    }
    run.length = smallerOf(run.length, limit);
    return run;
}

uint32_t IOMemoryCursor_genPhysicalSegments(IOMemoryCursor *self, IOMemoryDescriptor *memory, IOByteCount position,
                                            void *segments, uint32_t maxSegments, uint32_t maxTransferSize,
                                            IOByteCount *ret_transferSize)
{
    if (!memory || maxSegments == 0)
        return 0;
    IOByteCount left = maxTransferSize ? maxTransferSize : self->maxTransferSize, done = 0;
    uint32_t index = 0;
    while (index < maxSegments && done < left) {
        IOMemoryCursorSegment run = runAt(memory, position + done, smallerOf(self->maxSegmentSize, left - done));
        if (run.location == 0)
            break;
        self->output(run, segments, index++);
        done += run.length;
    }
    if (ret_transferSize)
        *ret_transferSize = done;
    return index;
}

OSDefineBaseClass(IOMemoryCursor, OSObject);

/* ---- The three byte orders ---- */

static void outputNatural(IOMemoryCursorSegment segment, void *segments, uint32_t index)
{
    ((IOMemoryCursorSegment *)segments)[index] = segment;
}

static void outputBig(IOMemoryCursorSegment segment, void *segments, uint32_t index)
{
    outputNatural((IOMemoryCursorSegment){htobe64(segment.location), htobe64(segment.length)}, segments, index);
}

static void outputLittle(IOMemoryCursorSegment segment, void *segments, uint32_t index)
{
    outputNatural((IOMemoryCursorSegment){htole64(segment.location), htole64(segment.length)}, segments, index);
}

IONaturalMemoryCursor *IONaturalMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                               IOPhysicalLength maxTransferSize,
                                                               IOPhysicalLength alignment)
{
    IONaturalMemoryCursor *self = OSTypeAlloc(IONaturalMemoryCursor);
    if (self && !init(&self->super, outputNatural, maxSegmentSize, maxTransferSize, alignment))
        OSSafeReleaseNULL(self);
    return self;
}

IOBigMemoryCursor *IOBigMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                       IOPhysicalLength maxTransferSize, IOPhysicalLength alignment)
{
    IOBigMemoryCursor *self = OSTypeAlloc(IOBigMemoryCursor);
    if (self && !init(&self->super, outputBig, maxSegmentSize, maxTransferSize, alignment))
        OSSafeReleaseNULL(self);
    return self;
}

IOLittleMemoryCursor *IOLittleMemoryCursor_withSpecification(IOPhysicalLength maxSegmentSize,
                                                             IOPhysicalLength maxTransferSize,
                                                             IOPhysicalLength alignment)
{
    IOLittleMemoryCursor *self = OSTypeAlloc(IOLittleMemoryCursor);
    if (self && !init(&self->super, outputLittle, maxSegmentSize, maxTransferSize, alignment))
        OSSafeReleaseNULL(self);
    return self;
}

OSDefineClass(IONaturalMemoryCursor, IOMemoryCursor);
OSDefineClass(IOBigMemoryCursor, IOMemoryCursor);
OSDefineClass(IOLittleMemoryCursor, IOMemoryCursor);
