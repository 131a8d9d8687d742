/* SPDX-License-Identifier: MIT */
/*
 * How a storage device is connected: a dictionary among its properties
 * (IOKit/storage/IOStorageProtocolCharacteristics.h).
 */
#ifndef _IOKIT_STORAGE_IOSTORAGEPROTOCOLCHARACTERISTICS_H
#define _IOKIT_STORAGE_IOSTORAGEPROTOCOLCHARACTERISTICS_H

/* The dictionary, and what is in it. The interconnect and its location are strings. */
#define kIOPropertyProtocolCharacteristicsKey      "Protocol Characteristics"
#define kIOPropertyPhysicalInterconnectTypeKey     "Physical Interconnect"
#define kIOPropertyPhysicalInterconnectLocationKey "Physical Interconnect Location"
#define kIOPropertySCSIInitiatorIdentifierKey      "SCSI Initiator Identifier"
#define kIOPropertySCSIDomainIdentifierKey         "SCSI Domain Identifier"
#define kIOPropertySCSITargetIdentifierKey         "SCSI Target Identifier"
#define kIOPropertySCSILogicalUnitNumberKey        "SCSI Logical Unit Number"
#define kIOPropertySCSIProtocolMultiInitKey        "Multiple Initiators"

/* Locations. */
#define kIOPropertyInternalKey         "Internal"
#define kIOPropertyExternalKey         "External"
#define kIOPropertyInternalExternalKey "Internal/External"
#define kIOPropertyInterconnectFileKey "File"
#define kIOPropertyInterconnectRAMKey  "RAM"

/* Interconnects. */
#define kIOPropertyPhysicalInterconnectTypeATA                "ATA"
#define kIOPropertyPhysicalInterconnectTypeSerialATA          "SATA"
#define kIOPropertyPhysicalInterconnectTypeSerialAttachedSCSI "SAS"
#define kIOPropertyPhysicalInterconnectTypeATAPI              "ATAPI"
#define kIOPropertyPhysicalInterconnectTypeUSB                "USB"
#define kIOPropertyPhysicalInterconnectTypeFireWire           "FireWire"
#define kIOPropertyPhysicalInterconnectTypeSecureDigital      "Secure Digital"
#define kIOPropertyPhysicalInterconnectTypeSCSIParallel       "SCSI Parallel Interface"
#define kIOPropertyPhysicalInterconnectTypeFibreChannel       "Fibre Channel Interface"
#define kIOPropertyPhysicalInterconnectTypeVirtual            "Virtual Interface"
#define kIOPropertyPhysicalInterconnectTypePCI                "PCI"
#define kIOPropertyPhysicalInterconnectTypePCIExpress         "PCI-Express"
#define kIOPropertyPhysicalInterconnectTypeAppleFabric        "Apple Fabric"

#endif
