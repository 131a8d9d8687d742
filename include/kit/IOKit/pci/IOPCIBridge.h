/* SPDX-License-Identifier: MIT */
/*
 * IOPCIBridge: a PCI bus: the host bridge of a domain, or the secondary side of a PCI-to-PCI bridge
 * (IOKit/pci/IOPCIBridge.h). Its children are the bus's IOPCIDevice nubs; a platform derives from it and gives access to
 * configuration space.
 */
#ifndef _IOKIT_IOPCIBRIDGE_H
#define _IOKIT_IOPCIBRIDGE_H

#include <IOKit/pci/IOPCIDevice.h>

OSDeclareBaseClass(IOPCIBridge);

struct IOPCIBridge {
    IOService super;
};

#define IOPCIBridge_METHODS                                                                                            \
    IOService_METHODS                                                                                                  \
    /* size bytes (1, 2 or 4; offset aligned) of a function's configuration space; all ones where nothing answers. */  \
    uint32_t (*configRead)(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size);                   \
    /* Writes them; nothing happens where nothing answers or writing is not permitted. */                              \
    void (*configWrite)(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size, uint32_t value);

struct IOPCIBridgeMethods {
    IOPCIBridge_METHODS
};

#endif
