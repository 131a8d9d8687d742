/* SPDX-License-Identifier: MIT */
/*
 * IOUSBHostDevice and IOUSBHostInterface: a USB device and an interface of its configuration, the providers of USB drivers
 * (IOKit/usb/IOUSBHostDevice.h). They derive from IOUSBDevice and IOUSBInterface, so that programs find them by the
 * names of before macOS 10.11 too.
 *
 * Properties: numbers idVendor idProduct bcdDevice bDeviceClass bDeviceSubClass bDeviceProtocol bNumConfigurations
 * locationID sessionID PortNum, "USB Address", "Device Speed"; strings "USB Vendor Name", "USB Product Name",
 * "USB Serial Number". An interface has bInterfaceNumber bAlternateSetting bNumEndpoints bInterfaceClass
 * bInterfaceSubClass bInterfaceProtocol bConfigurationValue, "USB Interface Name" and the device's ids.
 *
 * Personalities match by the combinations of keys that the USB Common Class Specification lists; the more specific
 * scores higher (SEMANTICS 3.57 to 3.59).
 */
#ifndef KIT_IOKIT_USB_IOUSBHOSTDEVICE_H
#define KIT_IOKIT_USB_IOUSBHOSTDEVICE_H

#include <IOKit/IOService.h>
#include <IOKit/usb/USBSpec.h>

#define kIOUSBPlane "IOUSB"

OSDeclareBaseClass(IOUSBDevice);
struct IOUSBDevice {
    IOService super;
};
#define IOUSBDevice_METHODS IOService_METHODS
struct IOUSBDeviceMethods {
    IOUSBDevice_METHODS
};

OSDeclareBaseClass(IOUSBHostDevice);
struct IOUSBHostDevice {
    IOUSBDevice super;
};
#define IOUSBHostDevice_METHODS IOUSBDevice_METHODS
struct IOUSBHostDeviceMethods {
    IOUSBHostDevice_METHODS
};

OSDeclareBaseClass(IOUSBInterface);
struct IOUSBInterface {
    IOService super;
};
#define IOUSBInterface_METHODS IOService_METHODS
struct IOUSBInterfaceMethods {
    IOUSBInterface_METHODS
};

OSDeclareBaseClass(IOUSBHostInterface);
struct IOUSBHostInterface {
    IOUSBInterface super;
};
#define IOUSBHostInterface_METHODS IOUSBInterface_METHODS
struct IOUSBHostInterfaceMethods {
    IOUSBHostInterface_METHODS
};

/* A host controller with its root hub: the top of a bus in the IOUSB plane. */
OSDeclareBaseClass(IOUSBController);
struct IOUSBController {
    IOService super;
};
#define IOUSBController_METHODS IOService_METHODS
struct IOUSBControllerMethods {
    IOUSBController_METHODS
};

#endif
