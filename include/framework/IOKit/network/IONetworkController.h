/* SPDX-License-Identifier: MIT */
/* The properties of a network controller (IOKit/network/IONetworkController.h). */
#ifndef _IOKIT_NETWORK_IONETWORKCONTROLLER_H
#define _IOKIT_NETWORK_IONETWORKCONTROLLER_H

/* The class. */
#define kIONetworkControllerClass "IONetworkController"

/* Who made it; strings. The address is data. */
#define kIOVendor     "IOVendor"
#define kIOModel      "IOModel"
#define kIORevision   "IORevision"
#define kIOMACAddress "IOMACAddress"

/* The link: speed in bits a second, status in the bits of IONetworkMedium.h, and media. */
#define kIOLinkSpeed        "IOLinkSpeed"
#define kIOLinkStatus       "IOLinkStatus"
#define kIOLinkData         "IOLinkData"
#define kIOMediumDictionary "IOMediumDictionary"
#define kIODefaultMedium    "IODefaultMedium"
#define kIOSelectedMedium   "IOSelectedMedium"
#define kIOActiveMedium     "IOActiveMedium"

/* What it can do. Packet sizes in bytes. */
#define kIOFeatures           "IOFeatures"
#define kIOMaxPacketSize      "IOMaxPacketSize"
#define kIOMinPacketSize      "IOMinPacketSize"
#define kIOPacketFilters      "IOPacketFilters"
#define kIONetworkFilterGroup "IONetworkFilterGroup"

/* Bits of IOPacketFilters. */
enum {
    kIOPacketFilterUnicast        = 0x00000001,
    kIOPacketFilterBroadcast      = 0x00000002,
    kIOPacketFilterMulticast      = 0x00000010,
    kIOPacketFilterMulticastAll   = 0x00000020,
    kIOPacketFilterPromiscuous    = 0x00000100,
    kIOPacketFilterPromiscuousAll = 0x00000200,
};

/* Bits of IOFeatures. */
enum {
    kIONetworkFeatureNoBSDWait                = 0x00000001,
    kIONetworkFeatureHardwareVlan             = 0x00000002,
    kIONetworkFeatureSoftwareVlan             = 0x00000004,
    kIONetworkFeatureMultiPages               = 0x00000008,
    kIONetworkFeatureTSOIPv4                  = 0x00000010,
    kIONetworkFeatureTSOIPv6                  = 0x00000020,
    kIONetworkFeatureTransmitCompletionStatus = 0x00000040,
    kIONetworkFeatureHWTimeStamp              = 0x00000080,
    kIONetworkFeatureSWTimeStamp              = 0x00000100,
    kIONetworkFeatureLRO                      = 0x00000200,
};

#endif
