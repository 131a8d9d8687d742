/* SPDX-License-Identifier: MIT */
/* The properties of HID devices and of their elements (IOKit/hid/IOHIDKeys.h). */
#ifndef _IOKIT_HID_IOHIDKEYS_H
#define _IOKIT_HID_IOHIDKEYS_H

#include <IOKit/IOMessage.h>
#include <IOKit/IOReturn.h>
#include <IOKit/hid/IOHIDDeviceKeys.h>
#include <IOKit/hid/IOHIDDeviceTypes.h>

/* The class to match. */
#define kIOHIDDeviceKey "IOHIDDevice"

/* Values of the property Transport. */
#define kIOHIDTransportUSBValue                "USB"
#define kIOHIDTransportBluetoothValue          "Bluetooth"
#define kIOHIDTransportBluetoothLowEnergyValue "BluetoothLowEnergy"
#define kIOHIDTransportAIDBValue               "AID"
#define kIOHIDTransportI2CValue                "I2C"
#define kIOHIDTransportSPIValue                "SPI"
#define kIOHIDTransportSerialValue             "Serial"
#define kIOHIDTransportIAPValue                "iAP"
#define kIOHIDTransportAirPlayValue            "AirPlay"
#define kIOHIDTransportSPUValue                "SPU"
#define kIOHIDTransportBTAACPValue             "BT-AACP"
#define kIOHIDTransportFIFOValue               "FIFO"
#define kIOHIDTransportVirtualValue            "Virtual"
#define kIOHIDTransportInductiveInBandValue    "Inductive In-Band"

/* Properties of an element. Elements is an array of dictionaries with the others; collections have it again. */
#define kIOHIDElementKey                         "Elements"
#define kIOHIDElementCookieKey                   "ElementCookie"
#define kIOHIDElementTypeKey                     "Type"
#define kIOHIDElementCollectionTypeKey           "CollectionType"
#define kIOHIDElementUsageKey                    "Usage"
#define kIOHIDElementUsagePageKey                "UsagePage"
#define kIOHIDElementMinKey                      "Min"
#define kIOHIDElementMaxKey                      "Max"
#define kIOHIDElementScaledMinKey                "ScaledMin"
#define kIOHIDElementScaledMaxKey                "ScaledMax"
#define kIOHIDElementSizeKey                     "Size"
#define kIOHIDElementReportSizeKey               "ReportSize"
#define kIOHIDElementReportCountKey              "ReportCount"
#define kIOHIDElementReportIDKey                 "ReportID"
#define kIOHIDElementIsArrayKey                  "IsArray"
#define kIOHIDElementIsRelativeKey               "IsRelative"
#define kIOHIDElementIsWrappingKey               "IsWrapping"
#define kIOHIDElementIsNonLinearKey              "IsNonLinear"
#define kIOHIDElementHasPreferredStateKey        "HasPreferredState"
#define kIOHIDElementHasNullStateKey             "HasNullState"
#define kIOHIDElementFlagsKey                    "Flags"
#define kIOHIDElementUnitKey                     "Unit"
#define kIOHIDElementUnitExponentKey             "UnitExponent"
#define kIOHIDElementNameKey                     "Name"
#define kIOHIDElementValueLocationKey            "ValueLocation"
#define kIOHIDElementDuplicateIndexKey           "DuplicateIndex"
#define kIOHIDElementParentCollectionKey         "ParentCollection"
#define kIOHIDElementVariableSizeKey             "VariableSize"
#define kIOHIDElementVendorSpecificKey           "VendorSpecific"
#define kIOHIDElementCookieMinKey                "ElementCookieMin"
#define kIOHIDElementCookieMaxKey                "ElementCookieMax"
#define kIOHIDElementUsageMinKey                 "UsageMin"
#define kIOHIDElementUsageMaxKey                 "UsageMax"
#define kIOHIDElementCalibrationMinKey           "CalibrationMin"
#define kIOHIDElementCalibrationMaxKey           "CalibrationMax"
#define kIOHIDElementCalibrationSaturationMinKey "CalibrationSaturationMin"
#define kIOHIDElementCalibrationSaturationMaxKey "CalibrationSaturationMax"
#define kIOHIDElementCalibrationDeadZoneMinKey   "CalibrationDeadZoneMin"
#define kIOHIDElementCalibrationDeadZoneMaxKey   "CalibrationDeadZoneMax"
#define kIOHIDElementCalibrationGranularityKey   "CalibrationGranularity"

/* Other properties of a device or its event service. */
#define kIOHIDVendorIDSourceKey                 "VendorIDSource"
#define kIOHIDStandardTypeKey                   "StandardType"
#define kIOHIDSampleIntervalKey                 "SampleInterval"
#define kIOHIDResetKey                          "Reset"
#define kIOHIDKeyboardLanguageKey               "KeyboardLanguage"
#define kIOHIDAltHandlerIdKey                   "alt_handler_id"
#define kIOHIDDisplayIntegratedKey              "DisplayIntegrated"
#define kIOHIDProductIDMaskKey                  "ProductIDMask"
#define kIOHIDProductIDArrayKey                 "ProductIDArray"
#define kIOHIDPowerOnDelayNSKey                 "HIDPowerOnDelayNS"
#define kIOHIDCategoryKey                       "Category"
#define kIOHIDMaxResponseLatencyKey             "MaxResponseLatency"
#define kIOHIDUniqueIDKey                       "UniqueID"
#define kIOHIDModelNumberKey                    "ModelNumber"
#define kIOHIDCategoryAutomotiveValue           "Automotive"
#define kIOHIDKeyboardSupportsEscKey            "HIDKeyboardSupportsEscKey"
#define kIOHIDKeyboardSupportsDoNotDisturbKey   "HIDKeyboardSupportsDoNotDisturbKey"
#define kIOHIDDigitizerGestureCharacterStateKey "DigitizerCharacterGestureState"
#define kIOHIDKeyboardCapsLockDelay             "CapsLockDelay"
#define kIOHIDKeyboardEjectDelay                "EjectDelay"
#define kFnFunctionUsageMapKey                  "FnFunctionUsageMap"
#define kFnKeyboardUsageMapKey                  "FnKeyboardUsageMap"
#define kNumLockKeyboardUsageMapKey             "NumLockKeyboardUsageMap"
#define kKeyboardUsageMapKey                    "KeyboardUsageMap"
#define kIOHIDDeviceOpenedByEventSystemKey      "DeviceOpenedByEventSystem"
#define kIOHIDDeviceSuspendKey                  "IOHIDDeviceSuspend"
#define kIOHIDMaxReportBufferCountKey           "MaxReportBufferCount"
#define kIOHIDReportBufferEntrySizeKey          "ReportBufferEntrySize"
#define kIOHIDSensorPropertyReportIntervalKey   "ReportInterval"
#define kIOHIDSensorPropertySampleIntervalKey   "SampleInterval"
#define kIOHIDSensorPropertyBatchIntervalKey    "BatchInterval"
#define kIOHIDSensorPropertyReportLatencyKey    "BatchInterval"
#define kIOHIDSensorPropertyMaxFIFOEventsKey    "MaxFIFOEvents"
#define kIOHIDDigitizerSurfaceSwitchKey         "DigitizerSurfaceSwitch"
#define kIOHIDKeyboardLayoutValueKey            "HIDKeyboardLayoutValue"
#define kIOHIDPointerAccelerationAlgorithmKey   "HIDPointerAccelerationAlgorithm"
#define kIOHIDScrollAccelerationAlgorithmKey    "HIDScrollAccelerationAlgorithm"
#define kIOHIDPointerAccelerationMinimumKey     "HIDPointerAccelerationMinimum"
#define kIOHIDPrimaryTrackpadCanBeDisabledKey   "PrimaryTrackpadCanBeDisabled"
#define kIOHIDKeyboardFunctionKeyCountKey       "HIDKeyboardFunctionKeyCount"

/* Options for opening a device: seize keeps others from it. */
enum {
    kIOHIDOptionsTypeNone        = 0x00000000,
    kIOHIDOptionsTypeSeizeDevice = 0x00000001,
};

/* Options of a queue: also take values that did not change. */
enum {
    kIOHIDQueueOptionsTypeNone       = 0x00000000,
    kIOHIDQueueOptionsTypeEnqueueAll = 0x00000001,
};

/* Values of StandardType. */
enum {
    kIOHIDStandardTypeANSI        = 0x00000000,
    kIOHIDStandardTypeISO         = 0x00000001,
    kIOHIDStandardTypeJIS         = 0x00000002,
    kIOHIDStandardTypeUnspecified = 0xffffffff,
};

#endif
