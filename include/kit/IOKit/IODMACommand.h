/* SPDX-License-Identifier: MIT */
/*
 * IODMACommand: a descriptor as a device can take it: bus addresses in segments within the device's limits, through a
 * copy where memory does not fit them (IOKit/IODMACommand.h; SEMANTICS 7.28 to 7.32).
 *
 *     withSpecification -> setMemoryDescriptor (prepares) -> genIOVMSegments -> transfer -> clearMemoryDescriptor
 *
 * Memory is copied ("double buffered") when its addresses are not aligned as the device wants or lie above what it can
 * address; prepare copies towards the device, complete back. One thread uses a command at a time.
 */
#ifndef _IOKIT_IODMACOMMAND_H
#define _IOKIT_IODMACOMMAND_H

#include <IOKit/IOMapper.h>
#include <IOKit/IOMemoryDescriptor.h>

OSDeclareBaseClass(IODMACommand);

typedef struct IODMASegment32 {
    uint32_t fIOVMAddr, fLength;
} IODMASegment32;

typedef struct IODMASegment64 {
    uint64_t fIOVMAddr, fLength;
} IODMASegment64;

enum {
    kIODMAMapOptionMapped = 0x00,   /* through the mapper, if there is one */
    kIODMAMapOptionBypassed = 0x01, /* an error with a mapper */
    kIODMAMapOptionNonCoherent = 0x02,
    kIODMAMapOptionUnmapped = 0x03,
    kIODMAMapOptionTypeMask = 0x0f,
    kIODMAMapOptionNoCacheStore = 0x10,
    kIODMAMapOptionOnChip = 0x20,
    kIODMAMapOptionIterateOnly = 0x40, /* only lists segments: never copies; what does not fit is an error */
};

/* An option of synchronize. */
enum { kIODMACommandForceDoubleBuffer = 0x01000000 };

typedef struct IODMASegmentOptions {
    uint8_t fStructSize;
    uint8_t fNumAddressBits;             /* 0: no limit */
    uint64_t fMaxSegmentSize;            /* bytes; 0: no limit */
    uint64_t fMaxTransferSize;           /* bytes; 0: no limit */
    uint32_t fAlignment;                 /* of the first segment's address; a power of 2; 0: 1 */
    uint32_t fAlignmentLength;           /* of each segment's length; 0: 1 */
    uint32_t fAlignmentInternalSegments; /* of the other segments' addresses; 0: as the first */
} IODMASegmentOptions;

/* Writes one segment at an index of the caller's array; false: it cannot be written. */
typedef bool (*IODMACommandSegmentFunction)(IODMACommand *target, IODMASegment64 segment, void *segments,
                                            uint32_t index);

bool IODMACommand_OutputHost32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
bool IODMACommand_OutputBig32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
bool IODMACommand_OutputLittle32(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
bool IODMACommand_OutputHost64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
bool IODMACommand_OutputBig64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
bool IODMACommand_OutputLittle64(IODMACommand *target, IODMASegment64 segment, void *segments, uint32_t index);
#define kIODMACommandOutputHost32   IODMACommand_OutputHost32
#define kIODMACommandOutputBig32    IODMACommand_OutputBig32
#define kIODMACommandOutputLittle32 IODMACommand_OutputLittle32
#define kIODMACommandOutputHost64   IODMACommand_OutputHost64
#define kIODMACommandOutputBig64    IODMACommand_OutputBig64
#define kIODMACommandOutputLittle64 IODMACommand_OutputLittle64

typedef struct IODMACommandPrivate IODMACommandPrivate;

#define IODMACommand_METHODS OSObject_METHODS
struct IODMACommandMethods {
    IODMACommand_METHODS
};

/* Drivers may derive from it, to keep their own state of a transfer with it. */
struct IODMACommand {
    OSObject super;
    IODMACommandPrivate *core; /* owned; src/memory/dmaPrivate.h */
};

/*
 * A command for a device with these limits.
 *   output    one of the functions above, or the driver's
 *   mapping   kIODMAMapOption...
 *   mapper    retained; NULL: none
 *   refCon    the driver's own
 * Returns     +1; NULL for what setSpecification refuses, and without memory
 */
IODMACommand *IODMACommand_withSpecification(IODMACommandSegmentFunction output, uint8_t numAddressBits,
                                             uint64_t maxSegmentSize, uint32_t mapping, uint64_t maxTransferSize,
                                             uint32_t alignment, IOMapper *mapper, void *refCon);
IODMACommand *IODMACommand_withSegmentOptions(IODMACommandSegmentFunction output, const IODMASegmentOptions *options,
                                              uint32_t mapping, IOMapper *mapper, void *refCon);
/* One that gets its specification by prepareWithSpecification. */
IODMACommand *IODMACommand_withRefCon(void *refCon);
/* A new one of the same specification. */
IODMACommand *IODMACommand_cloneCommand(const IODMACommand *self, void *refCon);
/* For subclasses. */
bool IODMACommand_initWithSegmentOptions(IODMACommand *self, IODMACommandSegmentFunction output,
                                         const IODMASegmentOptions *options, uint32_t mapping, IOMapper *mapper,
                                         void *refCon);

void *IODMACommand_getRefCon(const IODMACommand *self);
uint8_t IODMACommand_getNumAddressBits(const IODMACommand *self);
uint32_t IODMACommand_getAlignment(const IODMACommand *self);
uint32_t IODMACommand_getAlignmentLength(const IODMACommand *self);
uint32_t IODMACommand_getAlignmentInternalSegments(const IODMACommand *self);

/*
 * Takes a descriptor, which the caller has prepared, and gives up one it had.
 *   memory        retained; NULL only gives up
 *   autoPrepare   prepares all of it
 * Returns         kIOReturnBusy when another one is prepared; the one it has already is a success, which ends its
 *                 preparations when autoPrepare is false; else prepare's
 */
IOReturn IODMACommand_setMemoryDescriptor(IODMACommand *self, IOMemoryDescriptor *memory, bool autoPrepare);
/* Gives it up; kIOReturnNotReady, and nothing changed, when it is prepared and autoComplete is false. */
IOReturn IODMACommand_clearMemoryDescriptor(IODMACommand *self, bool autoComplete);
IOMemoryDescriptor *IODMACommand_getMemoryDescriptor(const IODMACommand *self); /* borrowed */

/*
 * Makes a range of it ready for the device: copied where it must be, mapped.
 *   length       0: that of the descriptor
 *   flushCache   has no effect: host memory is coherent
 *   synchronize  copies what is to go out
 * Returns        kIOReturnSuccess, to be completed; kIOReturnNotReady without specification or descriptor, or with
 * another range than it is prepared with; kIOReturnNoSpace above the transfer limit or beyond the descriptor;
 *                kIOReturnNotAligned for a length that the device cannot take; kIOReturnNoResources without memory for
 *                the copy; kIOReturnUnderrun when the client's memory was gone; the mapper's errors
 */
IOReturn IODMACommand_prepare(IODMACommand *self, uint64_t offset, uint64_t length, bool flushCache, bool synchronize);
/* The same after changing the specification; kIOReturnNotPermitted while prepared. */
IOReturn IODMACommand_prepareWithSpecification(IODMACommand *self, IODMACommandSegmentFunction output,
                                               const IODMASegmentOptions *options, uint32_t mapping, IOMapper *mapper,
                                               uint64_t offset, uint64_t length, bool flushCache, bool synchronize);
/* Ends one prepare, the last one copies what came in. kIOReturnNotReady when there is none; kIOReturnUnderrun when the
 * client's memory was gone. */
IOReturn IODMACommand_complete(IODMACommand *self, bool invalidateCache, bool synchronize);
/* The range it is prepared with; kIOReturnNotReady when it is not. */
IOReturn IODMACommand_getPreparedOffsetAndLength(const IODMACommand *self, uint64_t *ret_offset, uint64_t *ret_length);
/*
 * Copies in one direction in the middle of a transfer, whatever the descriptor's.
 *   options   kIODirectionIn or kIODirectionOut; kIODMACommandForceDoubleBuffer: makes it one that copies
 * Returns     kIOReturnBadArgument for both directions; kIOReturnNotReady when not prepared; kIOReturnUnderrun
 */
IOReturn IODMACommand_synchronize(IODMACommand *self, IOOptionBits options);

/*
 * The next segments of the prepared range.
 *   offset        in: where, from the start of the range; out: where the next call goes on
 *   segments      room for *count, in the form of the output function
 *   count         in: room; out: how many there are
 * Returns         kIOReturnNotReady when not prepared; kIOReturnBadArgument for NULL or no room; kIOReturnOverrun at
 * the end; with kIODMAMapOptionIterateOnly kIOReturnMessageTooLarge and kIOReturnNotAligned for what the device cannot
 * take; kIOReturnMessageTooLarge when the output function refused
 */
IOReturn IODMACommand_genIOVMSegments(IODMACommand *self, uint64_t *offset, void *segments, uint32_t *count);
/* The same for another output function. */
IOReturn IODMACommand_genIOVMSegmentsWithFunction(IODMACommand *self, IODMACommandSegmentFunction output,
                                                  uint64_t *offset, void *segments, uint32_t *count);

/* Copy from and to what the device sees of the prepared range. Bytes moved; 0 when not prepared. */
uint64_t IODMACommand_readBytes(IODMACommand *self, uint64_t offset, void *bytes, uint64_t length);
uint64_t IODMACommand_writeBytes(IODMACommand *self, uint64_t offset, const void *bytes, uint64_t length);

#endif
