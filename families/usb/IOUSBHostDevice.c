/* SPDX-License-Identifier: MIT */
/* The USB nubs: matching, and leaving the IOUSB plane; and the list of the family's classes. */
#include <IOKit/usb/IOUSBHostDevice.h>

#include "IOUSBMatch.h"

static bool IOUSBDevice_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    return IOService_super()->matchPropertyTable(service, table, score) &&
           IOUSBMatch_matchPropertyTable(&IOUSBDeviceMatchTable, service, table, score);
}

static bool IOUSBInterface_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    return IOService_super()->matchPropertyTable(service, table, score) &&
           IOUSBMatch_matchPropertyTable(&IOUSBInterfaceMatchTable, service, table, score);
}

/* What leaves the service plane leaves its place on the bus too. */
static void leavePlane(IOService *service, IOService *provider)
{
    const IORegistryPlane *plane = IORegistryEntry_getPlane(kIOUSBPlane);
    IOService_super()->detach(service, provider);
    if (plane)
        IORegistryEntry_detachAbove(&service->super, plane);
}

OSDefineBaseClass(IOUSBDevice, IOService, .matchPropertyTable = IOUSBDevice_matchPropertyTable_, .detach = leavePlane);
OSDefineBaseClass(IOUSBHostDevice, IOUSBDevice);
OSDefineBaseClass(IOUSBInterface, IOService, .matchPropertyTable = IOUSBInterface_matchPropertyTable_);
OSDefineBaseClass(IOUSBHostInterface, IOUSBInterface);
OSDefineBaseClass(IOUSBController, IOService, .detach = leavePlane);

OSExportClasses(&IOUSBDevice_class, &IOUSBHostDevice_class, &IOUSBInterface_class, &IOUSBHostInterface_class,
                &IOUSBController_class);
