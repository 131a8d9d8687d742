/* SPDX-License-Identifier: MIT */
/*
 * Properties of USB devices and interfaces that repeat their descriptors, and numbers of the USB specification
 * (IOKit/usb/USBSpec.h).
 */
#ifndef _IOKIT_USB_USBSPEC_H
#define _IOKIT_USB_USBSPEC_H

/* Properties of a device: numbers, little-endian ones already turned. */
#define kUSBVendorID                "idVendor"
#define kUSBProductID               "idProduct"
#define kUSBVendorName              "idVendor"
#define kUSBProductName             "idProduct"
#define kUSBDeviceReleaseNumber     "bcdDevice"
#define kUSBDeviceClass             "bDeviceClass"
#define kUSBDeviceSubClass          "bDeviceSubClass"
#define kUSBDeviceProtocol          "bDeviceProtocol"
#define kUSBDeviceMaxPacketSize     "bMaxPacketSize0"
#define kUSBDeviceNumConfigs        "bNumConfigurations"
#define kUSBManufacturerStringIndex "iManufacturer"
#define kUSBProductStringIndex      "iProduct"
#define kUSBSerialNumberStringIndex "iSerialNumber"

/* Properties of an interface: numbers. */
#define kUSBConfigurationValue   "bConfigurationValue"
#define kUSBInterfaceNumber      "bInterfaceNumber"
#define kUSBAlternateSetting     "bAlternateSetting"
#define kUSBNumEndpoints         "bNumEndpoints"
#define kUSBInterfaceClass       "bInterfaceClass"
#define kUSBInterfaceSubClass    "bInterfaceSubClass"
#define kUSBInterfaceProtocol    "bInterfaceProtocol"
#define kUSBInterfaceStringIndex "iInterface"

/* Strings that were read from the device. */
#define kUSBVendorString       "USB Vendor Name"
#define kUSBProductString      "USB Product Name"
#define kUSBSerialNumberString "USB Serial Number"
#define kUSB1284DeviceID       "1284 Device ID"

/* Types of endpoint, and directions. */
enum {
    kUSBControl   = 0,
    kUSBIsoc      = 1,
    kUSBBulk      = 2,
    kUSBInterrupt = 3,
    kUSBAnyType   = 0x000000ff,
};

enum {
    kUSBOut     = 0,
    kUSBIn      = 1,
    kUSBNone    = 2,
    kUSBAnyDirn = 3,
};

/* Parts of a request type. */
enum {
    kUSBStandard = 0,
    kUSBClass    = 1,
    kUSBVendor   = 2,
};

enum {
    kUSBDevice    = 0,
    kUSBInterface = 1,
    kUSBEndpoint  = 2,
    kUSBOther     = 3,
};

/* Standard requests. */
enum {
    kUSBRqGetStatus     = 0,
    kUSBRqClearFeature  = 1,
    kUSBRqGetState      = 2,
    kUSBRqSetFeature    = 3,
    kUSBRqReserved2     = 4,
    kUSBRqSetAddress    = 5,
    kUSBRqGetDescriptor = 6,
    kUSBRqSetDescriptor = 7,
    kUSBRqGetConfig     = 8,
    kUSBRqSetConfig     = 9,
    kUSBRqGetInterface  = 10,
    kUSBRqSetInterface  = 11,
    kUSBRqSyncFrame     = 12,
};

/* Types of descriptor. */
enum {
    kUSBDeviceDesc                  = 1,
    kUSBConfDesc                    = 2,
    kUSBStringDesc                  = 3,
    kUSBInterfaceDesc               = 4,
    kUSBEndpointDesc                = 5,
    kUSBDeviceQualifierDesc         = 6,
    kUSBOtherSpeedConfDesc          = 7,
    kUSBInterfacePowerDesc          = 8,
    kUSBOnTheGoDesc                 = 9,
    kUSBInterfaceAssociationDesc    = 11,
    kUSBBOSDescriptor               = 15,
    kUSBDeviceCapability            = 16,
    kUSBHIDDesc                     = 0x00000021,
    kUSBReportDesc                  = 0x00000022,
    kUSBPhysicalDesc                = 0x00000023,
    kUSBHUBDesc                     = 0x00000029,
    kUSB3HUBDesc                    = 0x0000002a,
    kUSBSuperSpeedEndpointCompanion = 48,
};

/* Classes of devices and interfaces. */
enum {
    kUSBCompositeClass                     = 0,
    kUSBCommClass                          = 2,
    kUSBCommunicationClass                 = 2,
    kUSBHubClass                           = 9,
    kUSBDataClass                          = 10,
    kUSBPersonalHealthcareClass            = 15,
    kUSBDiagnosticClass                    = 220,
    kUSBWirelessControllerClass            = 224,
    kUSBMiscellaneousClass                 = 239,
    kUSBApplicationSpecificClass           = 254,
    kUSBVendorSpecificClass                = 255,
    kUSBAudioClass                         = 1,
    kUSBAudioInterfaceClass                = 1,
    kUSBCommunicationControlInterfaceClass = 2,
    kUSBCommunicationDataInterfaceClass    = 10,
    kUSBHIDClass                           = 3,
    kUSBHIDInterfaceClass                  = 3,
    kUSBPhysicalInterfaceClass             = 5,
    kUSBImageInterfaceClass                = 6,
    kUSBPrintingClass                      = 7,
    kUSBPrintingInterfaceClass             = 7,
    kUSBMassStorageClass                   = 8,
    kUSBMassStorageInterfaceClass          = 8,
    kUSBChipSmartCardInterfaceClass        = 11,
    kUSBContentSecurityInterfaceClass      = 13,
    kUSBVideoInterfaceClass                = 14,
    kUSBPersonalHealthcareInterfaceClass   = 15,
    kUSBDiagnosticDeviceInterfaceClass     = 220,
    kUSBWirelessControllerInterfaceClass   = 224,
    kUSBApplicationSpecificInterfaceClass  = 254,
    kUSBVendorSpecificInterfaceClass       = 255,
    kUSBDisplayClass                       = 4,
};

#endif
