/* SPDX-License-Identifier: MIT */
/* IOPCIBridge: a bus on which nothing answers, until a platform says otherwise. */
#include <IOKit/IODeviceTreeSupport.h>
#include <IOKit/pci/IOPCIBridge.h>

static uint32_t IOPCIBridge_configRead_(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size)
{
    return UINT32_MAX;
}

static void IOPCIBridge_configWrite_(IOPCIBridge *self, IOPCIAddress address, unsigned offset, unsigned size,
                                     uint32_t value)
{
}

static void IOPCIBridge_detach_(IOService *service, IOService *provider)
{
    IOService_super()->detach(service, provider);
    IORegistryEntry_detachAbove(&service->super, IODeviceTree_getPlane());
}

OSDefineBaseClass(IOPCIBridge, IOService, .configRead = IOPCIBridge_configRead_, .configWrite = IOPCIBridge_configWrite_,
                  .detach = IOPCIBridge_detach_);

OSExportClasses(&IOPCIDevice_class, &IOPCIBridge_class);
