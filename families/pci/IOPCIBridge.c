/* SPDX-License-Identifier: MIT */
/* IOPCIBridge: a bus on which nothing answers, until a platform says otherwise. */
#include <IOKit/pci/IOPCIBridge.h>

static uint32_t IOPCIBridge_configRead_(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size)
{
    return UINT32_MAX;
}

static void IOPCIBridge_configWrite_(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size,
                                     uint32_t value)
{
}

OSDefineBaseClass(IOPCIBridge, IOService, .configRead = IOPCIBridge_configRead_, .configWrite = IOPCIBridge_configWrite_);

OSExportClasses(&IOPCIDevice_class, &IOPCIBridge_class);
