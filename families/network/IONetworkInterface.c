/* SPDX-License-Identifier: MIT */
/* IONetworkInterface: its names; and the list of the family's classes. */
#include <IOKit/network/IONetworkInterface.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOBSD.h>

bool IONetworkInterface_initWithName(IONetworkInterface *self, const char *bsdName)
{
    IORegistryEntry *entry  = &self->super.super;
    size_t           digits = strlen(bsdName);
    char             prefix[64];

    while (digits > 0 && bsdName[digits - 1] >= '0' && bsdName[digits - 1] <= '9')
        digits--;
    snprintf(prefix, sizeof prefix, "%.*s", (int)digits, bsdName);
    return IORegistryEntry_init(entry, NULL) && IORegistryEntry_setName(entry, bsdName, NULL) &&
           IORegistryEntry_setPropertyString(entry, kIOBSDNameKey, bsdName) &&
           IORegistryEntry_setPropertyString(entry, kIOInterfaceNamePrefix, prefix) &&
           IORegistryEntry_setPropertyNumber(entry, kIOInterfaceUnit, strtoul(bsdName + digits, NULL, 10), 32);
}

static bool IONetworkInterface_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    static const char *const keys[] = {kIOBSDNameKey, kIOInterfaceType, kIOInterfaceUnit, kIOInterfaceNamePrefix,
                                       kIOBuiltin, kIOPrimaryInterface, kIOLocation};
    if (!IOService_super()->matchPropertyTable(service, table, score))
        return false;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!IOService_compareProperty(service, table, keys[i]))
            return false;
    return true;
}

OSDefineBaseClass(IONetworkController, IOService);
OSDefineBaseClass(IOEthernetController, IONetworkController);
OSDefineBaseClass(IONetworkInterface, IOService, .matchPropertyTable = IONetworkInterface_matchPropertyTable_);
OSDefineBaseClass(IOEthernetInterface, IONetworkInterface);

OSExportClasses(&IONetworkController_class, &IOEthernetController_class, &IONetworkInterface_class,
                &IOEthernetInterface_class);
