/* SPDX-License-Identifier: MIT */
/*
 * IODMACommand: specification, memory, prepare and complete. dmaSegments.c makes the segments.
 *
 *     no memory --setMemoryDescriptor--> memory, active 0 --prepare--> active 1..n
 *               <-clearMemoryDescriptor-                  <-complete--
 *
 * With the first prepare it is decided how the device sees the range, until the last complete: the memory's own pages,
 * or a copy of the whole range when one address or length of them does not fit; either behind the mapper, if there is
 * one. A command has no lock: one thread at a time uses it. A failed prepare changes nothing. (Apple's counts it, so
 * that a complete is due; with ours that complete is refused, and harmless.)
 */
#include <IOKit/IODMACommand.h>

#include "dmaPrivate.h"

/* ---- The specification ---- */

static bool isPowerOf2(uint32_t number)
{
    return number && !(number & (number - 1));
}

/* An alignment as a mask; 0 is replaced. False: no power of 2. */
static bool maskOf(uint32_t alignment, uint32_t replacement, uint32_t *ret_mask)
{
    if (alignment == 0)
        alignment = replacement;
    if (!isPowerOf2(alignment))
        return false;
    *ret_mask = alignment - 1;
    return true;
}

static bool is32Bit(IODMACommandSegmentFunction output)
{
    return output == IODMACommand_OutputHost32 || output == IODMACommand_OutputBig32 ||
           output == IODMACommand_OutputLittle32;
}

static unsigned pageShift(void)
{
    return (unsigned)__builtin_ctzll(hostRegion_pageSize());
}

static IOReturn setSpecification(IODMACommandPrivate *core, IODMACommandSegmentFunction output,
                                 const IODMASegmentOptions *options, uint32_t mapping, IOMapper *mapper)
{
    uint32_t alignMask, alignMaskLength, alignMaskInternal;
    if (!output || !options)
        return kIOReturnBadArgument;
    unsigned bits = options->fNumAddressBits;
    if (is32Bit(output) && bits == 0)
        bits = 32;
    if ((is32Bit(output) && bits > 32) || (bits && bits < pageShift()))
        return kIOReturnBadArgument;
    if (!maskOf(options->fAlignment, 1, &alignMask) || !maskOf(options->fAlignmentLength, 1, &alignMaskLength) ||
        !maskOf(options->fAlignmentInternalSegments, alignMask + 1, &alignMaskInternal))
        return kIOReturnBadArgument;
    uint32_t type = mapping & kIODMAMapOptionTypeMask;
    if (type > kIODMAMapOptionUnmapped || (type == kIODMAMapOptionBypassed && mapper))
        return kIOReturnBadArgument;
    IOMapper *old = core->mapper;
    core->output = output;
    core->mapping = mapping;
    core->mapper = OSRetain(mapper);
    core->numAddressBits = bits;
    core->maxSegmentSize = options->fMaxSegmentSize ? options->fMaxSegmentSize : UINT64_MAX;
    core->maxTransferSize = options->fMaxTransferSize ? options->fMaxTransferSize : UINT64_MAX;
    core->alignMask = alignMask;
    core->alignMaskLength = alignMaskLength;
    core->alignMaskInternal = alignMaskInternal;
    OSRelease(old);
    return kIOReturnSuccess;
}

static bool initWithRefCon(IODMACommand *self, void *refCon)
{
    self->core = IOMallocZero(sizeof *self->core);
    if (self->core)
        self->core->refCon = refCon;
    return self->core != NULL;
}

bool IODMACommand_initWithSegmentOptions(IODMACommand *self, IODMACommandSegmentFunction output,
                                         const IODMASegmentOptions *options, uint32_t mapping, IOMapper *mapper,
                                         void *refCon)
{
    return initWithRefCon(self, refCon) &&
           setSpecification(self->core, output, options, mapping, mapper) == kIOReturnSuccess;
}

IODMACommand *IODMACommand_withSegmentOptions(IODMACommandSegmentFunction output, const IODMASegmentOptions *options,
                                              uint32_t mapping, IOMapper *mapper, void *refCon)
{
    IODMACommand *self = OSTypeAlloc(IODMACommand);
    if (self && !IODMACommand_initWithSegmentOptions(self, output, options, mapping, mapper, refCon))
        OSSafeReleaseNULL(self);
    return self;
}

IODMACommand *IODMACommand_withSpecification(IODMACommandSegmentFunction output, uint8_t numAddressBits,
                                             uint64_t maxSegmentSize, uint32_t mapping, uint64_t maxTransferSize,
                                             uint32_t alignment, IOMapper *mapper, void *refCon)
{
    IODMASegmentOptions options = {
        .fStructSize = sizeof options,
        .fNumAddressBits = numAddressBits,
        .fMaxSegmentSize = maxSegmentSize,
        .fMaxTransferSize = maxTransferSize,
        .fAlignment = alignment,
        .fAlignmentLength = 1,
        .fAlignmentInternalSegments = alignment,
    };
    return IODMACommand_withSegmentOptions(output, &options, mapping, mapper, refCon);
}

IODMACommand *IODMACommand_withRefCon(void *refCon)
{
    IODMACommand *self = OSTypeAlloc(IODMACommand);
    if (self && !initWithRefCon(self, refCon))
        OSSafeReleaseNULL(self);
    return self;
}

IODMACommand *IODMACommand_cloneCommand(const IODMACommand *self, void *refCon)
{
    const IODMACommandPrivate *core = self->core;
    IODMASegmentOptions options = {
        .fStructSize = sizeof options,
        .fNumAddressBits = (uint8_t)core->numAddressBits,
        .fMaxSegmentSize = core->maxSegmentSize,
        .fMaxTransferSize = core->maxTransferSize,
        .fAlignment = core->alignMask + 1,
        .fAlignmentLength = core->alignMaskLength + 1,
        .fAlignmentInternalSegments = core->alignMaskInternal + 1,
    };
    return IODMACommand_withSegmentOptions(core->output, &options, core->mapping, core->mapper, refCon);
}

void *IODMACommand_getRefCon(const IODMACommand *self)
{
    return self->core->refCon;
}

uint8_t IODMACommand_getNumAddressBits(const IODMACommand *self)
{
    return (uint8_t)self->core->numAddressBits;
}

uint32_t IODMACommand_getAlignment(const IODMACommand *self)
{
    return self->core->alignMask + 1;
}

uint32_t IODMACommand_getAlignmentLength(const IODMACommand *self)
{
    return self->core->alignMaskLength + 1;
}

uint32_t IODMACommand_getAlignmentInternalSegments(const IODMACommand *self)
{
    return self->core->alignMaskInternal + 1;
}

/* ---- The memory ---- */

IOReturn IODMACommand_setMemoryDescriptor(IODMACommand *self, IOMemoryDescriptor *memory, bool autoPrepare)
{
    IODMACommandPrivate *core = self->core;
    if (memory == core->memory) {
        while (!autoPrepare && core->active)
            (void)IODMACommand_complete(self, true, true); /* as clearMemoryDescriptor: nobody waits for the data */
        return kIOReturnSuccess;
    }
    if (core->active)
        return kIOReturnBusy;
    (void)IODMACommand_clearMemoryDescriptor(self, true);
    if (!memory)
        return kIOReturnSuccess;
    core->memory = OSRetain(memory);
    core->isActivated = !core->mapper;
    if (core->isActivated)
        atomic_fetch_add(&memory->dmaReferences, 1);
    IOReturn result = autoPrepare ? IODMACommand_prepare(self, 0, 0, true, true) : kIOReturnSuccess;
    if (result != kIOReturnSuccess)
        (void)IODMACommand_clearMemoryDescriptor(self, true);
    return result;
}

IOReturn IODMACommand_clearMemoryDescriptor(IODMACommand *self, bool autoComplete)
{
    IODMACommandPrivate *core = self->core;
    if (core->active && !autoComplete)
        return kIOReturnNotReady;
    while (core->active)
        (void)IODMACommand_complete(self, true, true); /* whoever cares about the data completes himself */
    if (core->isActivated)
        atomic_fetch_sub(&core->memory->dmaReferences, 1);
    core->isActivated = false;
    OSSafeReleaseNULL(core->memory);
    return kIOReturnSuccess;
}

IOMemoryDescriptor *IODMACommand_getMemoryDescriptor(const IODMACommand *self)
{
    return self->core->memory;
}

/* ---- The copy ---- */

static bool isDirection(const IODMACommandPrivate *core, IODirection direction)
{
    IODirection own = IOMemoryDescriptor_getDirection(core->memory) & kIODirectionOutIn;
    return own == kIODirectionNone || own & direction;
}

static void freeCopy(IODMACommandPrivate *core)
{
    OSSafeReleaseNULL(core->copy);
    if (core->copyRegionLength) {
        hostRegion_unmap(core->copyRegion, core->copyRegionLength);
        IOAllocation_uncount(kIOAllocationPageable, core->copyRegionLength);
    }
    core->copyRegionLength = 0;
}

static IOReturn makeCopy(IODMACommandPrivate *core)
{
    uint64_t highest = usesMapper(core) ? UINT64_MAX : highestAddress(core);
    size_t size;
    if (!hostRegion_round(core->length, &size) || !IOAllocation_count(kIOAllocationPageable, size))
        return kIOReturnNoResources;
    uint64_t alignment = core->alignMask > core->alignMaskInternal ? core->alignMask : core->alignMaskInternal;
    core->copyRegion = hostRegion_map(-1, size, alignment + 1, highest);
    if (!core->copyRegion) {
        IOAllocation_uncount(kIOAllocationPageable, size);
        return kIOReturnNoResources;
    }
    core->copyRegionLength = size;
    core->copy = IOMemoryDescriptor_withAddress((void *)core->copyRegion, core->length,
                                                IOMemoryDescriptor_getDirection(core->memory));
    if (core->copy)
        return kIOReturnSuccess;
    freeCopy(core);
    return kIOReturnNoResources;
}

/* Moves the range between memory and copy, and what the mapper has. */
static IOReturn moveCopy(IODMACommandPrivate *core, IODirection direction)
{
    void *bytes = (void *)core->copyRegion;
    IOByteCount moved = core->length;
    IOReturn result = kIOReturnSuccess;
    if (core->isMapped && direction == kIODirectionIn)
        result = IOMapper_synchronizeMemory(core->mapper, core->mappedAddress, core->length, direction);
    if (core->copy && direction == kIODirectionIn)
        moved = IOMemoryDescriptor_writeBytes(core->memory, core->offset, bytes, core->length);
    else if (core->copy)
        moved = IOMemoryDescriptor_readBytes(core->memory, core->offset, bytes, core->length);
    if (core->isMapped && direction == kIODirectionOut)
        result = IOMapper_synchronizeMemory(core->mapper, core->mappedAddress, core->length, direction);
    return moved == core->length ? result : kIOReturnUnderrun;
}

/* ---- Prepare and complete ---- */

static IOReturn map(IODMACommandPrivate *core)
{
    IODMAMapSpecification specification = {
        .alignment = (uint64_t)core->alignMask + 1,
        .numAddressBits = core->numAddressBits ? core->numAddressBits : 64,
    };
    IOMemoryDescriptor *memory = core->copy ? core->copy : core->memory;
    IOReturn result =
        IOMapper_mapMemory(core->mapper, memory, core->copy ? 0 : core->offset, core->length,
                           IOMemoryDescriptor_getDirection(core->memory), &specification, &core->mappedAddress);
    core->isMapped = result == kIOReturnSuccess;
    return result;
}

static IOReturn begin(IODMACommand *self, bool synchronize)
{
    IODMACommandPrivate *core = self->core;
    IOReturn result = kIOReturnSuccess;
    bool iterate = core->mapping & kIODMAMapOptionIterateOnly;
    bool copies = core->forceCopy || (!iterate && !dmaSegments_fit(self));
    core->forceCopy = false;
    if (copies && core->length)
        result = makeCopy(core);
    if (result == kIOReturnSuccess && core->copy && synchronize && isDirection(core, kIODirectionOut))
        result = moveCopy(core, kIODirectionOut);
    if (result == kIOReturnSuccess && usesMapper(core))
        result = map(core);
    if (result != kIOReturnSuccess)
        freeCopy(core);
    return result;
}

IOReturn IODMACommand_prepare(IODMACommand *self, uint64_t offset, uint64_t length, bool flushCache, bool synchronize)
{
    (void)flushCache;
    IODMACommandPrivate *core = self->core;
    if (!core->output || !core->memory)
        return kIOReturnNotReady;
    IOByteCount whole = IOMemoryDescriptor_getLength(core->memory);
    if (length == 0)
        length = whole;
    if (length > core->maxTransferSize || !isRangeInside(offset, length, whole))
        return kIOReturnNoSpace;
    if (core->active) {
        if (offset != core->offset || length != core->length)
            return kIOReturnNotReady;
        core->active++;
        return kIOReturnSuccess;
    }
    if (length & core->alignMaskLength)
        return kIOReturnNotAligned;
    core->offset = offset;
    core->length = length;
    IOReturn result = begin(self, synchronize);
    core->active = result == kIOReturnSuccess;
    return result;
}

IOReturn IODMACommand_prepareWithSpecification(IODMACommand *self, IODMACommandSegmentFunction output,
                                               const IODMASegmentOptions *options, uint32_t mapping, IOMapper *mapper,
                                               uint64_t offset, uint64_t length, bool flushCache, bool synchronize)
{
    if (self->core->active)
        return kIOReturnNotPermitted;
    IOReturn result = setSpecification(self->core, output, options, mapping, mapper);
    return result == kIOReturnSuccess ? IODMACommand_prepare(self, offset, length, flushCache, synchronize) : result;
}

IOReturn IODMACommand_complete(IODMACommand *self, bool invalidateCache, bool synchronize)
{
    (void)invalidateCache;
    IODMACommandPrivate *core = self->core;
    IOReturn result = kIOReturnSuccess;
    if (core->active == 0)
        return kIOReturnNotReady;
    if (--core->active)
        return kIOReturnSuccess;
    if (synchronize && isDirection(core, kIODirectionIn))
        result = moveCopy(core, kIODirectionIn);
    if (core->isMapped)
        IOMapper_unmapMemory(core->mapper, core->mappedAddress, core->length);
    core->isMapped = false;
    freeCopy(core);
    return result;
}

IOReturn IODMACommand_getPreparedOffsetAndLength(const IODMACommand *self, uint64_t *ret_offset, uint64_t *ret_length)
{
    if (self->core->active == 0)
        return kIOReturnNotReady;
    if (ret_offset)
        *ret_offset = self->core->offset;
    if (ret_length)
        *ret_length = self->core->length;
    return kIOReturnSuccess;
}

IOReturn IODMACommand_synchronize(IODMACommand *self, IOOptionBits options)
{
    IODMACommandPrivate *core = self->core;
    if ((options & kIODirectionOutIn) == kIODirectionOutIn)
        return kIOReturnBadArgument;
    if (core->active == 0)
        return kIOReturnNotReady;
    if (options & kIODMACommandForceDoubleBuffer) {
        if (core->copy)
            return kIOReturnSuccess;
        if (core->active > 1) /* another holder relies on the addresses */
            return kIOReturnBusy;
        IOReturn result = IODMACommand_complete(self, false, true);
        core->forceCopy = true;
        IOReturn again = IODMACommand_prepare(self, core->offset, core->length, false, true);
        return again != kIOReturnSuccess ? again : result;
    }
    if (!(options & kIODirectionOutIn))
        return kIOReturnSuccess;
    return moveCopy(core, options & kIODirectionOutIn);
}

/* ---- Bytes ---- */

uint64_t IODMACommand_readBytes(IODMACommand *self, uint64_t offset, void *bytes, uint64_t length)
{
    IODMACommandPrivate *core = self->core;
    if (core->active == 0 || offset >= core->length)
        return 0;
    length = smallerOf(length, core->length - offset);
    if (core->copy)
        return IOMemoryDescriptor_readBytes(core->copy, offset, bytes, length);
    return IOMemoryDescriptor_readBytes(core->memory, core->offset + offset, bytes, length);
}

uint64_t IODMACommand_writeBytes(IODMACommand *self, uint64_t offset, const void *bytes, uint64_t length)
{
    IODMACommandPrivate *core = self->core;
    if (core->active == 0 || offset >= core->length)
        return 0;
    length = smallerOf(length, core->length - offset);
    if (core->copy)
        return IOMemoryDescriptor_writeBytes(core->copy, offset, bytes, length);
    return IOMemoryDescriptor_writeBytes(core->memory, core->offset + offset, bytes, length);
}

static void IODMACommand_free(OSObject *object)
{
    IODMACommand *self = OSRequiredCast(IODMACommand, object);
    IODMACommandPrivate *core = self->core;
    if (core) {
        (void)IODMACommand_clearMemoryDescriptor(self, true);
        OSRelease(core->mapper);
        IOFree(core, sizeof *core);
    }
    OSObject_super()->free(object);
}

OSDefineBaseClass(IODMACommand, OSObject, .free = IODMACommand_free);
