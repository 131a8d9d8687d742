/* SPDX-License-Identifier: MIT */
/* The properties of an IOHIDDevice (IOKit/hid/IOHIDDeviceKeys.h). */
#ifndef _IOKIT_HID_IOHIDDEVICEKEYS_H
#define _IOKIT_HID_IOHIDDEVICEKEYS_H

/* Who it is: strings for names, numbers for identifiers. */
#define kIOHIDTransportKey              "Transport"
#define kIOHIDVendorIDKey               "VendorID"
#define kIOHIDProductIDKey              "ProductID"
#define kIOHIDVersionNumberKey          "VersionNumber"
#define kIOHIDManufacturerKey           "Manufacturer"
#define kIOHIDProductKey                "Product"
#define kIOHIDSerialNumberKey           "SerialNumber"
#define kIOHIDCountryCodeKey            "CountryCode"
#define kIOHIDLocationIDKey             "LocationID"
#define kIOHIDBuiltInKey                "Built-In"
#define kIOHIDPhysicalDeviceUniqueIDKey "PhysicalDeviceUniqueID"

/* What it is for: the first usage, and an array of dictionaries with all. */
#define kIOHIDPrimaryUsageKey     "PrimaryUsage"
#define kIOHIDPrimaryUsagePageKey "PrimaryUsagePage"
#define kIOHIDDeviceUsagePairsKey "DeviceUsagePairs"
#define kIOHIDDeviceUsageKey      "DeviceUsage"
#define kIOHIDDeviceUsagePageKey  "DeviceUsagePage"

/* Its reports: sizes in bytes, intervals in microseconds, the descriptor as data. */
#define kIOHIDReportDescriptorKey     "ReportDescriptor"
#define kIOHIDMaxInputReportSizeKey   "MaxInputReportSize"
#define kIOHIDMaxOutputReportSizeKey  "MaxOutputReportSize"
#define kIOHIDMaxFeatureReportSizeKey "MaxFeatureReportSize"
#define kIOHIDReportIntervalKey       "ReportInterval"
#define kIOHIDBatchIntervalKey        "BatchInterval"
#define kIOHIDRequestTimeoutKey       "RequestTimeout"

/* Who may open it. */
#define kIOHIDDeviceAccessEntitlementKey "HIDDeviceAccessEntitlement"

#endif
