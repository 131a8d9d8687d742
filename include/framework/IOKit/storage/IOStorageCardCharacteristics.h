/* SPDX-License-Identifier: MIT */
/* What a memory card is (IOKit/storage/IOStorageCardCharacteristics.h). */
#ifndef _IOKIT_STORAGE_IOSTORAGECARDCHARACTERISTICS_H
#define _IOKIT_STORAGE_IOSTORAGECARDCHARACTERISTICS_H

/* The dictionary. */
#define kIOPropertyCardCharacteristicsKey "Card Characteristics"

/* What is in it, and the strings that are values there. */
#define kIOPropertySlotKey                 "Slot"
#define kIOProperty64BitKey                "64-bit"
#define kIOPropertyClockDivisorKey         "Clock Divisor"
#define kIOPropertyBaseFrequencyKey        "Base Frequency"
#define kIOPropertyBusVoltageKey           "Bus Voltage"
#define kIOPropertyBusWidthKey             "Bus Width"
#define kIOPropertyCardPresentKey          "Card Present"
#define kIOPropertyProductSerialNumberKey  "Serial Number"
#define kIOPropertyManufacturerIDKey       "Manufacturer ID"
#define kIOPropertyApplicationIDKey        "Application ID"
#define kIOPropertyManufacturingDateKey    "Manufacturing Date"
#define kIOPropertySpeedClassKey           "Speed Class"
#define kIOPropertySpecificationVersionKey "Specification Version"
#define kIOPropertyCardTypeKey             "Card Type"
#define kIOPropertyCardTypeMMCKey          "MMC"
#define kIOPropertyCardTypeSDSCKey         "SDSC"
#define kIOPropertyCardTypeSDHCKey         "SDHC"
#define kIOPropertyCardTypeSDXCKey         "SDXC"
#define kIOPropertyCardTypeSDUCKey         "SDUC"

#endif
