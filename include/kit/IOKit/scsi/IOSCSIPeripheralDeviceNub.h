/* SPDX-License-Identifier: MIT */
/*
 * IOSCSIPeripheralDeviceNub: a SCSI target with one logical unit, the provider of drivers of a type of peripheral:
 * disks, tapes, optical drives ... Who publishes one sets what the device says of itself in answer to INQUIRY:
 *
 *     Peripheral Device Type    number, 8 bits: 0 disk, 1 tape, 5 optical ...
 *     Vendor Identification, Product Identification, Product Revision Level    strings, without trailing spaces
 *
 * A personality names the type, and may go on to the vendor, the product and the revision: each key counts only when
 * those before it are there, and scores above them (SEMANTICS 3.61). Without the type it needs an IOMatchCategory, and
 * stands below the drivers of the type.
 *
 * Apple        commands are sent through this class; here it is matched only.
 */
#ifndef KIT_IOKIT_SCSI_IOSCSIPERIPHERALDEVICENUB_H
#define KIT_IOKIT_SCSI_IOSCSIPERIPHERALDEVICENUB_H

#include <IOKit/IOService.h>

#define kIOPropertySCSIPeripheralDeviceType  "Peripheral Device Type"
#define kIOPropertySCSIVendorIdentification  "Vendor Identification"
#define kIOPropertySCSIProductIdentification "Product Identification"
#define kIOPropertySCSIProductRevisionLevel  "Product Revision Level"

/* The category of what gives programs access to the device: it may match any, whatever its score. */
#define kIOPropertySCSITaskUserClientDevice "SCSITaskUserClientDevice"

OSDeclareBaseClass(IOSCSIPeripheralDeviceNub);
struct IOSCSIPeripheralDeviceNub {
    IOService super;
};
#define IOSCSIPeripheralDeviceNub_METHODS IOService_METHODS
struct IOSCSIPeripheralDeviceNubMethods {
    IOSCSIPeripheralDeviceNub_METHODS
};

#endif
