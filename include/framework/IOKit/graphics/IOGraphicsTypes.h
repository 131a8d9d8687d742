/* SPDX-License-Identifier: MIT */
/* The properties of framebuffers and displays (IOKit/graphics/IOGraphicsTypes.h). */
#ifndef _IOKIT_GRAPHICS_IOGRAPHICSTYPES_H
#define _IOKIT_GRAPHICS_IOGRAPHICSTYPES_H

/* A display: its EDID as data, where it is connected, numbers of the connection. */
#define kIODisplayEDIDKey             "IODisplayEDID"
#define kIODisplayEDIDOriginalKey     "IODisplayEDIDOriginal"
#define kIODisplayLocationKey         "IODisplayLocation"
#define kIODisplayConnectFlagsKey     "IODisplayConnectFlags"
#define kIODisplayHasBacklightKey     "IODisplayHasBacklight"
#define kIODisplayIsDigitalKey        "IODisplayIsDigital"
#define kIODisplayAttributesKey       "IODisplayAttributes"
#define kDisplayBundleKey             "DisplayBundle"
#define kAppleDisplayTypeKey          "AppleDisplayType"
#define kAppleSenseKey                "AppleSense"
#define kIODisplayGUIDKey             "IODisplayGUID"
#define kIODisplayOverrideMatchingKey "IODisplayOverrideMatching"

/* What the EDID says: numbers, but the serial string and the names, a dictionary by language. Sizes in millimetres. */
#define kDisplayVendorID            "DisplayVendorID"
#define kDisplayProductID           "DisplayProductID"
#define kDisplaySerialNumber        "DisplaySerialNumber"
#define kDisplaySerialString        "DisplaySerialString"
#define kDisplayWeekOfManufacture   "DisplayWeekManufacture"
#define kDisplayYearOfManufacture   "DisplayYearManufacture"
#define kDisplayProductName         "DisplayProductName"
#define kDisplayHorizontalImageSize "DisplayHorizontalImageSize"
#define kDisplayVerticalImageSize   "DisplayVerticalImageSize"
#define kDisplayFixedPixelFormat    "DisplayFixedPixelFormat"

/* What can be set on a display: a dictionary of parameters, each a dictionary with a value and its limits. */
#define kIODisplayParametersKey        "IODisplayParameters"
#define kIODisplayValueKey             "value"
#define kIODisplayMinValueKey          "min"
#define kIODisplayMaxValueKey          "max"
#define kIODisplayBrightnessKey        "brightness"
#define kIODisplayLinearBrightnessKey  "linear-brightness"
#define kIODisplayContrastKey          "contrast"
#define kIODisplayRotationKey          "rotation"
#define kIODisplayOverscanKey          "oscn"
#define kIODisplaySpeakerVolumeKey     "speaker-volume"
#define kIODisplayPowerModeKey         "power-mode"
#define kIODisplayPowerStateKey        "dsyp"
#define kIODisplayParametersCommitKey  "commit"
#define kIODisplayParametersDefaultKey "defaults"
#define kIODisplayParametersFlushKey   "flush"

/* A framebuffer and its modes: numbers. */
#define kIOFramebufferInfoKey    "IOFramebufferInformation"
#define kIOFBWidthKey            "IOFBWidth"
#define kIOFBHeightKey           "IOFBHeight"
#define kIOFBRefreshRateKey      "IOFBRefreshRate"
#define kIOFBFlagsKey            "IOFBFlags"
#define kIOFBBytesPerRowKey      "IOFBBytesPerRow"
#define kIOFBBitsPerPixelKey     "IOFBBitsPerPixel"
#define kIOFBComponentCountKey   "IOFBComponentCount"
#define kIOFBBitsPerComponentKey "IOFBBitsPerComponent"
#define kIOFBDetailedTimingsKey  "IOFBDetailedTimings"
#define kIOFBTimingRangeKey      "IOFBTimingRange"
#define kIOFBMemorySizeKey       "IOFBMemorySize"
#define kIOFBConfigKey           "IOFBConfig"
#define kIOFBModesKey            "IOFBModes"

#endif
