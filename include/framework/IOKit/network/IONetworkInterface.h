/* SPDX-License-Identifier: MIT */
/* The properties of a network interface; its name is "BSD Name" (IOKit/network/IONetworkInterface.h). */
#ifndef _IOKIT_NETWORK_IONETWORKINTERFACE_H
#define _IOKIT_NETWORK_IONETWORKINTERFACE_H

/* The class. */
#define kIONetworkInterfaceClass "IONetworkInterface"

/* What it is: numbers, but the prefix of its name (string), built-in and primary (booleans). */
#define kIOInterfaceType       "IOInterfaceType"
#define kIOMaxTransferUnit     "IOMaxTransferUnit"
#define kIOMediaAddressLength  "IOMediaAddressLength"
#define kIOMediaHeaderLength   "IOMediaHeaderLength"
#define kIOInterfaceFlags      "IOInterfaceFlags"
#define kIOInterfaceExtraFlags "IOInterfaceExtraFlags"
#define kIOInterfaceUnit       "IOInterfaceUnit"
#define kIOInterfaceState      "IOInterfaceState"
#define kIOInterfaceNamePrefix "IOInterfaceNamePrefix"
#define kIOPrimaryInterface    "IOPrimaryInterface"
#define kIOBuiltin             "IOBuiltin"
#define kIOLocation            "IOLocation"

/* Statistics, and a way to keep it from the network stack. */
#define kIONetworkData           "IONetworkData"
#define kIONetworkNoBSDAttachKey "IONetworkNoBSDAttach"

/* Bits of IOInterfaceState. */
enum {
    kIONetworkInterfaceRegisteredState = 0x00000001,
    kIONetworkInterfaceOpenedState     = 0x00000002,
    kIONetworkInterfaceDisabledState   = 0x00000004,
};

#endif
