/* SPDX-License-Identifier: MIT */
/*
 * IOPCIDevice: the identity of a PCI function as properties, names to match, and the family's matching keys.
 * Configuration space is the bus's affair (IOPCIBridge). No locks: what init wrote stays as it is.
 */
#include <IOKit/pci/IOPCIDevice.h>

#include <stdio.h>
#include <string.h>

#include <IOKit/IODeviceTreeSupport.h>
#include <IOKit/pci/IOPCIBridge.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

#include "IOPCIMatch.h"

/* The registers a matching key tests, in order: one of them must match. */
typedef struct MatchKey {
    const char *key;
    bool        primary, secondary, class;
    uint32_t    defaultMask;
} MatchKey;

static const MatchKey matchKeys[] = {
    {kIOPCIMatchKey, .primary = true, .secondary = true, .defaultMask = 0xffffffff},
    {kIOPCIPrimaryMatchKey, .primary = true, .defaultMask = 0xffffffff},
    {kIOPCISecondaryMatchKey, .secondary = true, .defaultMask = 0xffffffff},
    {kIOPCIClassMatchKey, .class = true, .defaultMask = 0xffffff00},
};

enum { kPrimaryIDBonus = 1000 }; /* an IOPCIMatch on the function's own id beats one on the subsystem's */

static bool keyMatches(const IOPCIDevice *self, const MatchKey *key, const char *text, int32_t *bonus)
{
    if (key->primary && IOPCIMatch_wordMatches(text, key->defaultMask, self->primaryID)) {
        if (key->secondary)
            *bonus = kPrimaryIDBonus;
        return true;
    }
    if (key->secondary && IOPCIMatch_wordMatches(text, key->defaultMask, self->secondaryID))
        return true;
    return key->class && IOPCIMatch_wordMatches(text, key->defaultMask, self->classID);
}

static bool IOPCIDevice_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    IOPCIDevice *self  = OSRequiredCast(IOPCIDevice, service);
    int32_t      bonus = 0;
    if (!IOService_super()->matchPropertyTable(service, table, score))
        return false;
    for (unsigned i = 0; i < sizeof matchKeys / sizeof matchKeys[0]; i++) {
        OSString *text = OSDynamicCast(OSString, OSDictionary_getObject(table, matchKeys[i].key));
        if (text && !keyMatches(self, &matchKeys[i], OSString_getCStringNoCopy(text), &bonus))
            return false;
    }
    if (score)
        *score += bonus;
    return true;
}

static bool setData32(IOPCIDevice *self, const char *key, uint32_t value)
{
    const uint8_t bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24};
    return IORegistryEntry_setPropertyData(&self->super.super, key, bytes, sizeof bytes);
}

static bool setDataString(IOPCIDevice *self, const char *key, const char *text)
{
    return IORegistryEntry_setPropertyData(&self->super.super, key, text, strlen(text) + 1);
}

/* "pciSV,SD" when there is a subsystem that is not the device's own name again, "pciV,D", "pciclass,CCCCCC": most specific
 * first. */
static bool setCompatible(IOPCIDevice *self, const IOPCIIdentity *id)
{
    char   names[64];
    size_t length       = 0;
    bool   hasSubsystem = id->subsystemVendor || id->subsystem;
    bool   isSame       = id->subsystemVendor == id->vendor && id->subsystem == id->product;
    if (hasSubsystem && !isSame)
        length += (size_t)snprintf(names + length, sizeof names - length, "pci%x,%x", id->subsystemVendor, id->subsystem) + 1;
    length += (size_t)snprintf(names + length, sizeof names - length, "pci%x,%x", id->vendor, id->product) + 1;
    length += (size_t)snprintf(names + length, sizeof names - length, "pciclass,%06x", id->classCode) + 1;
    return IORegistryEntry_setPropertyData(&self->super.super, "compatible", names, length);
}

static bool setAddress(IOPCIDevice *self, const IOPCIAddress *address)
{
    char     text[32];
    uint32_t space = (uint32_t)address->bus << 16 | (uint32_t)address->device << 11 | (uint32_t)address->function << 8;
    uint8_t  reg[20] = {space & 0xff, space >> 8 & 0xff, space >> 16 & 0xff};

    snprintf(text, sizeof text, "%u:%u:%u", address->bus, address->device, address->function);
    if (!IORegistryEntry_setPropertyString(&self->super.super, "pcidebug", text) ||
        !IORegistryEntry_setPropertyData(&self->super.super, "reg", reg, sizeof reg))
        return false;
    snprintf(text, sizeof text, address->function ? "%X,%X" : "%X", address->device, address->function);
    return IORegistryEntry_setLocation(&self->super.super, text, NULL);
}

static bool setIdentity(IOPCIDevice *self, const IOPCIIdentity *id)
{
    char name[32];
    snprintf(name, sizeof name, "pci%x,%x", id->vendor, id->product);
    return IORegistryEntry_setName(&self->super.super, name, NULL) && setDataString(self, "name", name) && (!id->model || setDataString(self, "model", id->model)) &&
           setData32(self, "vendor-id", id->vendor) && setData32(self, "device-id", id->product) &&
           setData32(self, "subsystem-vendor-id", id->subsystemVendor) &&
           setData32(self, "subsystem-id", id->subsystem) && setData32(self, "revision-id", id->revision) &&
           setData32(self, "class-code", id->classCode) && setCompatible(self, id) && setAddress(self, &id->address) &&
           IODeviceTree_setMatchNames(&self->super);
}

bool IOPCIDevice_initWithIdentity(IOPCIDevice *self, const IOPCIIdentity *identity, OSDictionary *properties)
{
    if (!IORegistryEntry_init(&self->super.super, properties))
        return false;
    self->address     = identity->address;
    self->primaryID   = (uint32_t)identity->product << 16 | identity->vendor;
    self->classID     = identity->classCode << 8 | identity->revision;
    self->secondaryID = (uint32_t)identity->subsystem << 16 | identity->subsystemVendor;
    return setIdentity(self, identity);
}

/* The bus the function is on; +1, NULL when it is on none (any more). */
static IOPCIBridge *copyBridge(IOPCIDevice *self)
{
    IOService   *provider = IOService_copyProvider(&self->super);
    IOPCIBridge *bridge   = OSDynamicCast(IOPCIBridge, provider);
    if (!bridge)
        OSRelease(provider);
    return bridge;
}

static uint32_t configRead(IOPCIDevice *self, unsigned offset, unsigned size)
{
    IOPCIBridge *bridge = copyBridge(self);
    uint32_t     value  = UINT32_MAX;
    if (bridge)
        value = OSMethodsOf(IOPCIBridge, bridge)->configRead(bridge, self->address, offset, size);
    OSRelease(bridge);
    return value;
}

static void configWrite(IOPCIDevice *self, unsigned offset, unsigned size, uint32_t value)
{
    IOPCIBridge *bridge = copyBridge(self);
    if (bridge)
        OSMethodsOf(IOPCIBridge, bridge)->configWrite(bridge, self->address, offset, size, value);
    OSRelease(bridge);
}

uint8_t IOPCIDevice_configRead8(IOPCIDevice *self, unsigned offset)
{
    return (uint8_t)configRead(self, offset, 1);
}

uint16_t IOPCIDevice_configRead16(IOPCIDevice *self, unsigned offset)
{
    return (uint16_t)configRead(self, offset, 2);
}

uint32_t IOPCIDevice_configRead32(IOPCIDevice *self, unsigned offset)
{
    return configRead(self, offset, 4);
}

void IOPCIDevice_configWrite8(IOPCIDevice *self, unsigned offset, uint8_t value)
{
    configWrite(self, offset, 1, value);
}

void IOPCIDevice_configWrite16(IOPCIDevice *self, unsigned offset, uint16_t value)
{
    configWrite(self, offset, 2, value);
}

void IOPCIDevice_configWrite32(IOPCIDevice *self, unsigned offset, uint32_t value)
{
    configWrite(self, offset, 4, value);
}

unsigned IOPCIDevice_findPCICapability(IOPCIDevice *self, uint8_t capability)
{
    enum { kStatusCapabilities = 0x10, kListMax = 48 }; /* 192 bytes hold 48 capabilities of 4: a longer list loops */

    if (!(IOPCIDevice_configRead16(self, kIOPCIConfigStatus) & kStatusCapabilities))
        return 0;
    unsigned offset = IOPCIDevice_configRead8(self, kIOPCIConfigCapabilitiesPtr) & 0xfc;
    for (unsigned seen = 0; offset >= 0x40 && seen < kListMax; seen++) {
        uint16_t header = IOPCIDevice_configRead16(self, offset);
        if ((header & 0xff) == capability)
            return offset;
        offset = header >> 8 & 0xfc;
    }
    return 0;
}

static void IOPCIDevice_detach_(IOService *service, IOService *provider)
{
    IOService_super()->detach(service, provider);
    IORegistryEntry_detachAbove(&service->super, IODeviceTree_getPlane());
}

OSDefineBaseClass(IOPCIDevice, IOService, .matchPropertyTable = IOPCIDevice_matchPropertyTable_,
                  .detach = IOPCIDevice_detach_);
