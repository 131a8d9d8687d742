/* SPDX-License-Identifier: MIT */
/* What a storage device is: a dictionary among its properties (IOKit/storage/IOStorageDeviceCharacteristics.h). */
#ifndef _IOKIT_STORAGE_IOSTORAGEDEVICECHARACTERISTICS_H
#define _IOKIT_STORAGE_IOSTORAGEDEVICECHARACTERISTICS_H

/* The dictionary. */
#define kIOPropertyDeviceCharacteristicsKey "Device Characteristics"

/* What is in it, and the strings that are values there. */
#define kIOPropertyVendorNameKey             "Vendor Name"
#define kIOPropertyProductNameKey            "Product Name"
#define kIOPropertyProductRevisionLevelKey   "Product Revision Level"
#define kIOPropertySupportedCDFeaturesKey    "CD Features"
#define kIOPropertySupportedDVDFeaturesKey   "DVD Features"
#define kIOPropertySupportedBDFeaturesKey    "BD Features"
#define kIOPropertyRigidDiskGeometryKey      "Rigid Disk Geometry"
#define kIOPropertySectorCountPerTrackKey    "Sector Count per Track"
#define kIOPropertyHeadCountKey              "Head Count"
#define kIOPropertyCylinderCountKey          "Cylinder Count"
#define kIOPropertyBytesPerPhysicalSectorKey "Bytes per Physical Sector"
#define kIOPropertyPhysicalBlockSizeKey      "Physical Block Size"
#define kIOPropertyLogicalBlockSizeKey       "Logical Block Size"
#define kIOPropertyTargetDiskModeKey         "Target Disk Mode"
#define kIOPropertyInvalidStartupDiskKey     "Invalid Startup Disk"
#define kIOPropertyMediumTypeKey             "Medium Type"
#define kIOPropertyMediumTypeRotationalKey   "Rotational"
#define kIOPropertyMediumTypeSolidStateKey   "Solid State"
#define kIOPropertyMediumRotationRateKey     "Rotation Rate"

#endif
