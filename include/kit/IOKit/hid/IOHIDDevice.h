/* SPDX-License-Identifier: MIT */
/*
 * IOHIDDevice: a human interface device, with its report descriptor (IOKit/hid/IOHIDDevice.h); IOHIDEventService: a
 * source of events that programs see as a keyboard, a pointer or a switch. SEMANTICS 3.60 has the matching keys.
 */
#ifndef KIT_IOKIT_HID_IOHIDDEVICE_H
#define KIT_IOKIT_HID_IOHIDDEVICE_H

#include <IOKit/IOService.h>
#include <IOKit/hid/IOHIDKeys.h>

OSDeclareBaseClass(IOHIDDevice);
struct IOHIDDevice {
    IOService super;
};
#define IOHIDDevice_METHODS IOService_METHODS
struct IOHIDDeviceMethods {
    IOHIDDevice_METHODS
};

OSDeclareBaseClass(IOHIDEventService);
struct IOHIDEventService {
    IOService super;
};
#define IOHIDEventService_METHODS IOService_METHODS
struct IOHIDEventServiceMethods {
    IOHIDEventService_METHODS
};

/*
 * Publishes what a report descriptor says: ReportDescriptor, DeviceUsagePairs, PrimaryUsagePage, PrimaryUsage,
 * MaxInputReportSize, MaxOutputReportSize, MaxFeatureReportSize (bytes, report id included).
 *   descriptor   length bytes, at most kIOHIDReportDescriptorMax; a malformed one is read as far as it makes sense
 * Returns        false without memory or for a longer one
 */
enum { kIOHIDReportDescriptorMax = 65535 };
bool IOHIDDevice_setReportDescriptor(IOHIDDevice *self, const void *descriptor, unsigned length);

/* The primary usage of a device that has no descriptor. False without memory. */
bool IOHID_setPrimaryUsage(IOService *nub, uint32_t page, uint32_t usage);

#endif
