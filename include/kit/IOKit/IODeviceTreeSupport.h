/* SPDX-License-Identifier: MIT */
/*
 * IODeviceTreeSupport: the device-tree plane and the names of nubs that come from a device tree or look like it
 * (IOKit/IODeviceTreeSupport.h; SEMANTICS 2.32).
 */
#ifndef _IOKIT_IODEVICETREESUPPORT_H
#define _IOKIT_IODEVICETREESUPPORT_H

#include <IOKit/IOService.h>

/* The IODeviceTree plane with IOPlatformExpertDevice at its root, made when first asked for. Borrowed; NULL without
 * memory. Any thread. */
const IORegistryPlane *IODeviceTree_getPlane(void);

/*
 * Makes the nub answer to the names of its properties "name", "compatible", "device_type" and "model" (data or strings;
 * data may hold several, each with its NUL) in IONameMatch. To be called before the nub is registered.
 * Returns   false without memory
 */
bool IODeviceTree_setMatchNames(IOService *nub);

#endif
