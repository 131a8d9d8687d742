/* SPDX-License-Identifier: MIT */
/* The USB nubs: only matching is theirs; and the list of the family's classes. */
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

OSDefineBaseClass(IOUSBDevice, IOService, .matchPropertyTable = IOUSBDevice_matchPropertyTable_);
OSDefineBaseClass(IOUSBHostDevice, IOUSBDevice);
OSDefineBaseClass(IOUSBInterface, IOService, .matchPropertyTable = IOUSBInterface_matchPropertyTable_);
OSDefineBaseClass(IOUSBHostInterface, IOUSBInterface);
OSDefineBaseClass(IOUSBController, IOService);

OSExportClasses(&IOUSBDevice_class, &IOUSBHostDevice_class, &IOUSBInterface_class, &IOUSBHostInterface_class,
                &IOUSBController_class);
