/* SPDX-License-Identifier: MIT */
/*
 * IOPlatformExpertDevice: the machine: the one child of the registry root in the service plane, parent of IOResources,
 * IOUserResources and of what the platforms publish (IOKit/IOPlatformExpert.h; SEMANTICS 2.35). A platform fills in its
 * properties (kIOPlatformUUIDKey, "model" ...).
 */
#ifndef _IOKIT_IOPLATFORMEXPERT_H
#define _IOKIT_IOPLATFORMEXPERT_H

#include <IOKit/IOService.h>

#define IOPlatformExpertDevice_METHODS IOService_METHODS
OSDeclareBaseClass(IOPlatformExpertDevice);

struct IOPlatformExpertDeviceMethods {
    IOPlatformExpertDevice_METHODS
};

struct IOPlatformExpertDevice {
    IOService super;
};

/* The machine; borrowed, NULL before IOKit_initialize. */
IOPlatformExpertDevice *IOPlatformExpertDevice_get(void);

#endif
