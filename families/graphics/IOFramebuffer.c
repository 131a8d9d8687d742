/* SPDX-License-Identifier: MIT */
/* The classes of the graphics family, and what an EDID (VESA E-EDID 1.4, 128-byte base block) says of a display. */
#include <IOKit/graphics/IOFramebuffer.h>

#include <string.h>

enum {
    kEDIDBytes        = 128,
    kEDIDVendor       = 8,  /* 2 bytes, big endian: three letters of 5 bits */
    kEDIDProduct      = 10, /* 2 bytes, little endian */
    kEDIDSerial       = 12, /* 4 bytes, little endian */
    kEDIDWeek         = 16,
    kEDIDYear         = 17, /* since 1990 */
    kEDIDDescriptors  = 54, /* four of 18 bytes */
    kDescriptorBytes  = 18,
    kDescriptorName   = 0xfc,
    kDescriptorText   = 5, /* offset of 13 bytes of text, ended by a newline */
    kDescriptorLength = 13,
};

/* The text of the descriptor that names the monitor, in the caller's buffer of kDescriptorLength + 1 bytes. */
static bool findName(const uint8_t *edid, char *name)
{
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *descriptor = edid + kEDIDDescriptors + i * kDescriptorBytes;
        if (descriptor[0] || descriptor[1] || descriptor[3] != kDescriptorName)
            continue;
        memcpy(name, descriptor + kDescriptorText, kDescriptorLength);
        name[kDescriptorLength] = 0;
        name[strcspn(name, "\n")] = 0;
        return name[0] != 0;
    }
    return false;
}

bool IODisplay_initWithEDID(IODisplay *self, const void *edid, unsigned length)
{
    static const uint8_t header[8] = {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};
    IORegistryEntry     *entry     = &self->super.super;
    const uint8_t       *b         = edid;
    char                 name[kDescriptorLength + 1];

    if (!IORegistryEntry_init(entry, NULL) || !IORegistryEntry_setPropertyData(entry, kIODisplayEDIDKey, edid, length))
        return false;
    if (length < kEDIDBytes || memcmp(b, header, sizeof header) != 0)
        return true;
    uint32_t serial = (uint32_t)b[kEDIDSerial] | (uint32_t)b[kEDIDSerial + 1] << 8 | (uint32_t)b[kEDIDSerial + 2] << 16 |
                      (uint32_t)b[kEDIDSerial + 3] << 24;
    if (findName(b, name) && !IORegistryEntry_setName(entry, name, NULL))
        return false;
    return IORegistryEntry_setPropertyNumber(entry, kDisplayVendorID, (uint32_t)b[kEDIDVendor] << 8 | b[kEDIDVendor + 1], 32) &&
           IORegistryEntry_setPropertyNumber(entry, kDisplayProductID,
                                             (uint32_t)b[kEDIDProduct] | (uint32_t)b[kEDIDProduct + 1] << 8, 32) &&
           IORegistryEntry_setPropertyNumber(entry, kDisplaySerialNumber, serial, 32) &&
           IORegistryEntry_setPropertyNumber(entry, kDisplayYearOfManufacture, 1990u + b[kEDIDYear], 32) &&
           IORegistryEntry_setPropertyNumber(entry, kDisplayWeekOfManufacture, b[kEDIDWeek], 32);
}

OSDefineBaseClass(IOAccelerator, IOService);
OSDefineBaseClass(IOFramebuffer, IOService);
OSDefineBaseClass(IODisplayConnect, IOService);
OSDefineBaseClass(IODisplay, IOService);

OSExportClasses(&IOAccelerator_class, &IOFramebuffer_class, &IODisplayConnect_class, &IODisplay_class);
