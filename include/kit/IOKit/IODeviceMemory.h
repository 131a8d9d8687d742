/* SPDX-License-Identifier: MIT */
/*
 * IODeviceMemory: registers or memory of a device, at an address of its bus (IOKit/IODeviceMemory.h).
 *
 * The platform says what is behind the addresses: memory that can be mapped (a BAR that VFIO maps, a simulated board),
 * or functions that do each access (QEMU's qtest protocol, a device model). A driver maps it with
 * IOService_mapDeviceMemoryWithIndex and uses IOMemoryMap_read32 and its sisters, which work for both.
 */
#ifndef _IOKIT_IODEVICEMEMORY_H
#define _IOKIT_IODEVICEMEMORY_H

#include <IOKit/IOMemoryDescriptor.h>

/* The property of a nub that lists its ranges. */
#define kIODeviceMemoryKey "IODeviceMemory"

typedef struct OSArray OSArray;

OSDeclareBaseClass(IODeviceMemory);

#define IODeviceMemory_METHODS IOMemoryDescriptor_METHODS
struct IODeviceMemoryMethods {
    IODeviceMemory_METHODS
};

struct IODeviceMemory {
    IOMemoryDescriptor super;
    IOPhysicalAddress start;     /* constant, and so the rest */
    IOMemoryDescriptor *backing; /* owned; the memory behind it, or NULL */
    IOByteCount backingOffset;
    const IODeviceMemoryAccess *access; /* borrowed from the owner, or NULL */
    OSObject *owner;                    /* owned */
};

typedef struct IODeviceMemoryInitElement {
    IOPhysicalAddress start;
    IOPhysicalLength length;
    IOOptionBits tag;
} IODeviceMemoryInitElement;

/* Addresses with nothing the host can reach behind them: for showing. +1, NULL without memory. */
IODeviceMemory *IODeviceMemory_withRange(IOPhysicalAddress start, IOPhysicalLength length);
/* Addresses with memory behind them; backing (retained) is at least length bytes long, else NULL. */
IODeviceMemory *IODeviceMemory_withMemory(IOPhysicalAddress start, IOPhysicalLength length,
                                          IOMemoryDescriptor *backing);
/* Addresses that functions answer for; owner (retained) is what they are called with. */
IODeviceMemory *IODeviceMemory_withAccess(IOPhysicalAddress start, IOPhysicalLength length,
                                          const IODeviceMemoryAccess *access, OSObject *owner);
/* A part of one; NULL also when it is not inside. */
IODeviceMemory *IODeviceMemory_withSubRange(IODeviceMemory *of, IOPhysicalAddress offset, IOPhysicalLength length);
/* One for each element, with its tag. +1, NULL without memory. */
OSArray *IODeviceMemory_arrayFromList(const IODeviceMemoryInitElement *list, IOItemCount count);

#endif
