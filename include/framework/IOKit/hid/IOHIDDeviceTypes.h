/* SPDX-License-Identifier: MIT */
/* Elements and reports of a HID device (IOKit/hid/IOHIDDeviceTypes.h). */
#ifndef _IOKIT_HID_IOHIDDEVICETYPES_H
#define _IOKIT_HID_IOHIDDEVICETYPES_H

#include <stdint.h>

/* The name of an element within its device. */
typedef uint32_t IOHIDElementCookie;

typedef enum {
    kIOHIDReportTypeInput   = 0,
    kIOHIDReportTypeOutput  = 1,
    kIOHIDReportTypeFeature = 2,
    kIOHIDReportTypeCount   = 3,
} IOHIDReportType;

typedef enum {
    kIOHIDElementTypeInput_Misc      = 1,
    kIOHIDElementTypeInput_Button    = 2,
    kIOHIDElementTypeInput_Axis      = 3,
    kIOHIDElementTypeInput_ScanCodes = 4,
    kIOHIDElementTypeInput_NULL      = 5,
    kIOHIDElementTypeOutput          = 129,
    kIOHIDElementTypeFeature         = 257,
    kIOHIDElementTypeCollection      = 513,
} IOHIDElementType;

typedef enum {
    kIOHIDElementCollectionTypePhysical      = 0x00000000,
    kIOHIDElementCollectionTypeApplication   = 1,
    kIOHIDElementCollectionTypeLogical       = 2,
    kIOHIDElementCollectionTypeReport        = 3,
    kIOHIDElementCollectionTypeNamedArray    = 4,
    kIOHIDElementCollectionTypeUsageSwitch   = 5,
    kIOHIDElementCollectionTypeUsageModifier = 6,
} IOHIDElementCollectionType;

/* Bits of the property Flags of an element. */
enum {
    kIOHIDElementFlagsConstantMask     = 0x00000001,
    kIOHIDElementFlagsVariableMask     = 0x00000002,
    kIOHIDElementFlagsRelativeMask     = 0x00000004,
    kIOHIDElementFlagsWrapMask         = 0x00000008,
    kIOHIDElementFlagsNonLinearMask    = 0x00000010,
    kIOHIDElementFlagsNoPreferredMask  = 0x00000020,
    kIOHIDElementFlagsNullStateMask    = 0x00000040,
    kIOHIDElementFlagsVolativeMask     = 0x00000080,
    kIOHIDElementFlagsBufferedByteMask = 0x00000100,
};

#endif
