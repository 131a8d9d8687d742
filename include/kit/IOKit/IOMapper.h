/* SPDX-License-Identifier: MIT */
/*
 * IOMapper: what stands between a device and memory (IOKit/IOMapper.h): an IOMMU that VFIO programs, the window of a
 * virtual machine's memory that a device model can reach. A platform derives its own and gives it to its drivers; they
 * hand it to IODMACommand.
 */
#ifndef _IOKIT_IOMAPPER_H
#define _IOKIT_IOMAPPER_H

#include <IOKit/IOMemoryDescriptor.h>
#include <IOKit/IOService.h>

OSDeclareBaseClass(IOMapper);

/* What the device needs. */
typedef struct IODMAMapSpecification {
    uint64_t alignment;      /* of the bus address, bytes; a power of 2 */
    unsigned numAddressBits; /* of the bus address; 64: all */
} IODMAMapSpecification;

#define IOMapper_METHODS                                                                                               \
    IOService_METHODS /* Makes a part of prepared memory reachable from the bus, as one range at *ret_address. */      \
        IOReturn (*mapMemory)(IOMapper * self, IOMemoryDescriptor * memory, IOByteCount offset, IOByteCount length,    \
                              IODirection direction, const IODMAMapSpecification *specification,                       \
                              addr64_t *ret_address);                                                                  \
    /* Takes the range back. */                                                                                        \
    void (*unmapMemory)(IOMapper * self, addr64_t address, IOByteCount length);                                        \
    /* Brings what one side wrote to the other, for mappers that copy: In to memory, Out to the device's side. */      \
    IOReturn (*synchronizeMemory)(IOMapper * self, addr64_t address, IOByteCount length, IODirection direction);

struct IOMapperMethods {
    IOMapper_METHODS
};

struct IOMapper {
    IOService super;
};

IOReturn IOMapper_mapMemory(IOMapper *self, IOMemoryDescriptor *memory, IOByteCount offset, IOByteCount length,
                            IODirection direction, const IODMAMapSpecification *specification, addr64_t *ret_address);
void IOMapper_unmapMemory(IOMapper *self, addr64_t address, IOByteCount length);
IOReturn IOMapper_synchronizeMemory(IOMapper *self, addr64_t address, IOByteCount length, IODirection direction);

#endif
