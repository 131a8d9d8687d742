/* SPDX-License-Identifier: MIT */
/*
 * IOPlatformDevice: the nub of a device that sits on no bus with a family of its own: a CPU, a simulated board, a node
 * of a device tree (IOKit/IOPlatformExpert.h). Drivers match it by IONameMatch.
 */
#ifndef _IOKIT_IOPLATFORMDEVICE_H
#define _IOKIT_IOPLATFORMDEVICE_H

#include <IOKit/IOService.h>

#define IOPlatformDevice_METHODS IOService_METHODS
OSDeclareBaseClass(IOPlatformDevice);

struct IOPlatformDeviceMethods {
    IOPlatformDevice_METHODS
};

struct IOPlatformDevice {
    IOService super;
};

/*
 * A nub with that name and location, initialised, neither attached nor registered; its "name" property is the name too,
 * so that IONameMatch finds it.
 *   location   NULL: none
 * Returns      +1; NULL without memory
 */
IOPlatformDevice *IOPlatformDevice_withName(const char *name, const char *location);

#endif
