/* SPDX-License-Identifier: MIT */
/*
 * IOPCIDevice: one PCI function, the provider of PCI drivers (IOKit/pci/IOPCIDevice.h).
 *
 * Configuration space is reached through the bus it is on, an IOPCIBridge of its platform. Properties, as on macOS:
 *   vendor-id device-id subsystem-vendor-id subsystem-id revision-id class-code   data, 4 bytes, little endian
 *   compatible   data: NUL-separated names, "pci1af4,1041\0pciclass,020000\0"; IONameMatch tests them
 *   name model   data: a NUL-terminated name; model is the one from pci.ids
 *   reg          data: the function's address in the first 32-bit word: bus << 16 | device << 11 | function << 8
 *   pcidebug     string "bus:device:function" in decimal
 *
 * Personalities match with IOPCIMatch, IOPCIPrimaryMatch, IOPCISecondaryMatch and IOPCIClassMatch: strings of hex
 * words, each "value" or "value&mask", device id in bits 31-16 and vendor id in bits 15-0; one match suffices per key,
 * all keys present must match (SEMANTICS 3.53 to 3.56).
 */
#ifndef _IOKIT_IOPCIDEVICE_H
#define _IOKIT_IOPCIDEVICE_H

#include <IOKit/IOService.h>

#define kIOPCIMatchKey          "IOPCIMatch"
#define kIOPCIPrimaryMatchKey   "IOPCIPrimaryMatch"
#define kIOPCISecondaryMatchKey "IOPCISecondaryMatch"
#define kIOPCIClassMatchKey     "IOPCIClassMatch"

/* Offsets in configuration space, in bytes. */
enum {
    kIOPCIConfigVendorID          = 0x00,
    kIOPCIConfigDeviceID          = 0x02,
    kIOPCIConfigCommand           = 0x04,
    kIOPCIConfigStatus            = 0x06,
    kIOPCIConfigRevisionID        = 0x08,
    kIOPCIConfigClassCode         = 0x09,
    kIOPCIConfigCacheLineSize     = 0x0c,
    kIOPCIConfigLatencyTimer      = 0x0d,
    kIOPCIConfigHeaderType        = 0x0e,
    kIOPCIConfigBIST              = 0x0f,
    kIOPCIConfigBaseAddress0      = 0x10,
    kIOPCIConfigBaseAddress1      = 0x14,
    kIOPCIConfigBaseAddress2      = 0x18,
    kIOPCIConfigBaseAddress3      = 0x1c,
    kIOPCIConfigBaseAddress4      = 0x20,
    kIOPCIConfigBaseAddress5      = 0x24,
    kIOPCIConfigCardBusCISPtr     = 0x28,
    kIOPCIConfigSubSystemVendorID = 0x2c,
    kIOPCIConfigSubSystemID       = 0x2e,
    kIOPCIConfigExpansionROMBase  = 0x30,
    kIOPCIConfigCapabilitiesPtr   = 0x34,
    kIOPCIConfigInterruptLine     = 0x3c,
    kIOPCIConfigInterruptPin      = 0x3d,
    kIOPCIConfigMinimumGrant      = 0x3e,
    kIOPCIConfigMaximumLatency    = 0x3f,
};

/* Capability ids, for IOPCIDevice_findPCICapability. */
enum {
    kIOPCIPowerManagementCapability = 0x01,
    kIOPCIMSICapability             = 0x05,
    kIOPCIVendorSpecificCapability  = 0x09,
    kIOPCIPCIExpressCapability      = 0x10,
    kIOPCIMSIXCapability            = 0x11,
};

OSDeclareBaseClass(IOPCIDevice);

/* Where a function is. */
typedef struct IOPCIAddress {
    uint16_t domain;
    uint8_t  bus, device, function;
} IOPCIAddress;

struct IOPCIDevice {
    IOService    super;
    IOPCIAddress address; /* constant after init */
    /* The registers that matching tests, as they were at discovery; constant after init. */
    uint32_t primaryID;   /* offset 0x00: device << 16 | vendor */
    uint32_t classID;     /* offset 0x08: class code << 8 | revision */
    uint32_t secondaryID; /* offset 0x2c: subsystem << 16 | subsystem vendor */
};

#define IOPCIDevice_METHODS IOService_METHODS

struct IOPCIDeviceMethods {
    IOPCIDevice_METHODS
};

/* What a platform knows of a function; IOPCIDevice_initWithIdentity makes the documented properties of it. */
typedef struct IOPCIIdentity {
    IOPCIAddress address;
    uint16_t     vendor, product, subsystemVendor, subsystem; /* subsystem ids 0: none */
    uint32_t     classCode;                                   /* 24 bits: class, subclass, interface */
    uint8_t      revision;
    const char  *model; /* borrowed during the call; NULL: unknown */
} IOPCIIdentity;

/*
 * Initialises a function's nub: properties, name ("pci1af4,1041") and location ("3" or "1F,2").
 *   properties   added to the ones made here; NULL: none
 * Returns        false without memory
 */
bool IOPCIDevice_initWithIdentity(IOPCIDevice *self, const IOPCIIdentity *identity, OSDictionary *properties);

/* Configuration space, little endian; offsets in bytes. All ones, and nothing written, where nothing answers or the
 * function is on no bus. Any thread; not from an interrupt filter. */
uint8_t  IOPCIDevice_configRead8(IOPCIDevice *self, unsigned offset);
uint16_t IOPCIDevice_configRead16(IOPCIDevice *self, unsigned offset);
uint32_t IOPCIDevice_configRead32(IOPCIDevice *self, unsigned offset);
void     IOPCIDevice_configWrite8(IOPCIDevice *self, unsigned offset, uint8_t value);
void     IOPCIDevice_configWrite16(IOPCIDevice *self, unsigned offset, uint16_t value);
void     IOPCIDevice_configWrite32(IOPCIDevice *self, unsigned offset, uint32_t value);

/* The offset of the first capability of that id in the function's list, 0 when there is none. */
unsigned IOPCIDevice_findPCICapability(IOPCIDevice *self, uint8_t capability);

#endif
