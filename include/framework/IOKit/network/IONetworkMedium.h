/* SPDX-License-Identifier: MIT */
/* The media of a network controller and the state of its link (IOKit/network/IONetworkMedium.h). */
#ifndef _IOKIT_NETWORK_IONETWORKMEDIUM_H
#define _IOKIT_NETWORK_IONETWORKMEDIUM_H

/* Keys of a medium in the medium dictionary; numbers. */
#define kIOMediumType  "Type"
#define kIOMediumFlags "Flags"
#define kIOMediumSpeed "Speed"
#define kIOMediumIndex "Index"

/* Kinds of medium. */
enum {
    kIOMediumEthernet             = 32,
    kIOMediumEthernetAuto         = 32,
    kIOMediumEthernetManual       = 33,
    kIOMediumEthernetNone         = 34,
    kIOMediumEthernet10BaseT      = 35,
    kIOMediumEthernet10Base2      = 36,
    kIOMediumEthernet10Base5      = 37,
    kIOMediumEthernet100BaseTX    = 38,
    kIOMediumEthernet100BaseFX    = 39,
    kIOMediumEthernet100BaseT4    = 40,
    kIOMediumEthernet100BaseVG    = 41,
    kIOMediumEthernet100BaseT2    = 42,
    kIOMediumEthernet1000BaseSX   = 43,
    kIOMediumEthernet10BaseSTP    = 44,
    kIOMediumEthernet10BaseFL     = 45,
    kIOMediumEthernet1000BaseLX   = 46,
    kIOMediumEthernet1000BaseCX   = 47,
    kIOMediumEthernet1000BaseTX   = 48,
    kIOMediumEthernet1000BaseT    = 48,
    kIOMediumEthernetHomePNA1     = 49,
    kIOMediumEthernet10GBaseSR    = 50,
    kIOMediumEthernet10GBaseLR    = 51,
    kIOMediumEthernet10GBaseCX4   = 52,
    kIOMediumEthernet10GBaseT     = 53,
    kIOMediumEthernet2500BaseT    = 54,
    kIOMediumEthernet5000BaseT    = 55,
    kIOMediumIEEE80211            = 128,
    kIOMediumIEEE80211Auto        = 128,
    kIOMediumIEEE80211Manual      = 129,
    kIOMediumIEEE80211None        = 130,
    kIOMediumIEEE80211FH1         = 131,
    kIOMediumIEEE80211FH2         = 132,
    kIOMediumIEEE80211DS2         = 133,
    kIOMediumIEEE80211DS5         = 134,
    kIOMediumIEEE80211DS11        = 135,
    kIOMediumIEEE80211DS1         = 136,
    kIOMediumIEEE80211OptionAdhoc = 256,
};

/* Options of a medium. */
enum {
    kIOMediumOptionFullDuplex  = 1048576,
    kIOMediumOptionHalfDuplex  = 2097152,
    kIOMediumOptionFlowControl = 4194304,
    kIOMediumOptionEEE         = 8388608,
    kIOMediumOptionFlag0       = 16777216,
    kIOMediumOptionFlag1       = 33554432,
    kIOMediumOptionFlag2       = 67108864,
    kIOMediumOptionLoopback    = 134217728,
};

/* Bits of IOLinkStatus: the status is known, the link is up. */
enum {
    kIONetworkLinkValid           = 1,
    kIONetworkLinkActive          = 2,
    kIONetworkLinkNoNetworkChange = 4,
};

#endif
