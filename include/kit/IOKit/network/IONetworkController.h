/* SPDX-License-Identifier: MIT */
/*
 * IONetworkController and IOEthernetController: the driver of a network device, provider of its interface
 * (IOKit/network/IONetworkController.h). Keys are in the framework's header of the same name.
 */
#ifndef KIT_IOKIT_NETWORK_IONETWORKCONTROLLER_H
#define KIT_IOKIT_NETWORK_IONETWORKCONTROLLER_H

#include_next <IOKit/network/IONetworkController.h>

#include <IOKit/IOService.h>

OSDeclareBaseClass(IONetworkController);

struct IONetworkController {
    IOService super;
};

#define IONetworkController_METHODS IOService_METHODS

struct IONetworkControllerMethods {
    IONetworkController_METHODS
};

OSDeclareBaseClass(IOEthernetController);

struct IOEthernetController {
    IONetworkController super;
};

#define IOEthernetController_METHODS IONetworkController_METHODS

struct IOEthernetControllerMethods {
    IOEthernetController_METHODS
};

#endif
