/* SPDX-License-Identifier: MIT */
/* Ethernet controllers (IOKit/network/IOEthernetController.h). */
#ifndef _IOKIT_NETWORK_IOETHERNETCONTROLLER_H
#define _IOKIT_NETWORK_IOETHERNETCONTROLLER_H

#include <IOKit/network/IONetworkController.h>

/* The class, and the groups of packets that wake the machine. */
#define kIOEthernetControllerClass              "IOEthernetController"
#define kIOEthernetWakeOnLANFilterGroup         "IOEthernetWakeOnLANFilterGroup"
#define kIOEthernetDisabledWakeOnLANFilterGroup "IOEthernetDisabledWakeOnLANFilterGroup"

/* Sizes in bytes. */
#define kIOEthernetAddressSize   6
#define kIOEthernetMaxPacketSize 1518
#define kIOEthernetMinPacketSize 64
#define kIOEthernetCRCSize       4

#endif
