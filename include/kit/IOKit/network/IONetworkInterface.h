/* SPDX-License-Identifier: MIT */
/*
 * IONetworkInterface and IOEthernetInterface: what programs know as eth0 (IOKit/network/IONetworkInterface.h). Its
 * property "BSD Name" is that name; a controller is its provider.
 */
#ifndef KIT_IOKIT_NETWORK_IONETWORKINTERFACE_H
#define KIT_IOKIT_NETWORK_IONETWORKINTERFACE_H

#include_next <IOKit/network/IONetworkInterface.h>

#include <IOKit/network/IONetworkController.h>

OSDeclareBaseClass(IONetworkInterface);

struct IONetworkInterface {
    IOService super;
};

#define IONetworkInterface_METHODS IOService_METHODS

struct IONetworkInterfaceMethods {
    IONetworkInterface_METHODS
};

OSDeclareBaseClass(IOEthernetInterface);

struct IOEthernetInterface {
    IONetworkInterface super;
};

#define IOEthernetInterface_METHODS IONetworkInterface_METHODS

struct IOEthernetInterfaceMethods {
    IOEthernetInterface_METHODS
};

/*
 * Initialises an interface.
 *   bsdName   "eth0": prefix and unit are made from it
 * Returns     false without memory
 */
bool IONetworkInterface_initWithName(IONetworkInterface *self, const char *bsdName);

#endif
