/* SPDX-License-Identifier: MIT */
/* Ethernet interfaces (IOKit/network/IOEthernetInterface.h). */
#ifndef _IOKIT_NETWORK_IOETHERNETINTERFACE_H
#define _IOKIT_NETWORK_IOETHERNETINTERFACE_H

#include <IOKit/network/IONetworkInterface.h>

/* The class. */
#define kIOEthernetInterfaceClass "IOEthernetInterface"

/* Filters that are in force, that are asked for, and the multicast addresses. */
#define kIOActivePacketFilters   "IOActivePacketFilters"
#define kIORequiredPacketFilters "IORequiredPacketFilters"
#define kIOMulticastAddressList  "IOMulticastAddressList"
#define kIOMulticastFilterData   "IOMulticastAddressList"

#endif
