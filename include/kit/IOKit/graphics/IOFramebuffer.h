/* SPDX-License-Identifier: MIT */
/*
 * IOAccelerator, IOFramebuffer, IODisplayConnect, IODisplay: a graphics processor, an output of it, a connector, and
 * what is plugged into it (IOKit/graphics).
 */
#ifndef KIT_IOKIT_GRAPHICS_IOFRAMEBUFFER_H
#define KIT_IOKIT_GRAPHICS_IOFRAMEBUFFER_H

#include <IOKit/IOService.h>

#define kIODisplayEDIDKey       "IODisplayEDID"       /* data */
#define kDisplayVendorID        "DisplayVendorID"     /* number, from the EDID */
#define kDisplayProductID       "DisplayProductID"    /* number */
#define kDisplaySerialNumber    "DisplaySerialNumber" /* number */
#define kDisplayYearOfManufacture "DisplayYearManufacture"
#define kDisplayWeekOfManufacture "DisplayWeekManufacture"

OSDeclareBaseClass(IOAccelerator);
struct IOAccelerator {
    IOService super;
};
#define IOAccelerator_METHODS IOService_METHODS
struct IOAcceleratorMethods {
    IOAccelerator_METHODS
};

OSDeclareBaseClass(IOFramebuffer);
struct IOFramebuffer {
    IOService super;
};
#define IOFramebuffer_METHODS IOService_METHODS
struct IOFramebufferMethods {
    IOFramebuffer_METHODS
};

OSDeclareBaseClass(IODisplayConnect);
struct IODisplayConnect {
    IOService super;
};
#define IODisplayConnect_METHODS IOService_METHODS
struct IODisplayConnectMethods {
    IODisplayConnect_METHODS
};

OSDeclareBaseClass(IODisplay);
struct IODisplay {
    IOService super;
};
#define IODisplay_METHODS IOService_METHODS
struct IODisplayMethods {
    IODisplay_METHODS
};

/*
 * Initialises a display from its EDID: vendor, product, serial number and the date of manufacture become properties, the
 * monitor's name the entry's name.
 *   edid   length bytes; a malformed one gives a display that has the data and no more
 * Returns  false without memory
 */
bool IODisplay_initWithEDID(IODisplay *self, const void *edid, unsigned length);

#endif
