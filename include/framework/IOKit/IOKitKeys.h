/* SPDX-License-Identifier: MIT */
/*
 * Names of planes, properties, notification kinds and entitlements (IOKit/IOKitKeys.h). Both sides of the boundary use
 * them; the texts are Apple's own.
 */
#ifndef _IOKIT_IOKITKEYS_H
#define _IOKIT_IOKITKEYS_H

/* Properties of the registry root. */
#define kIOKitBuildVersionKey "IOKitBuildVersion"
#define kIOKitDiagnosticsKey  "IOKitDiagnostics"
#define kIORegistryPlanesKey  "IORegistryPlanes"
#define kIOCatalogueKey       "IOCatalogue"
#define kOSBuildVersionKey    "OS Build Version"

/* Planes. */
#define kIOServicePlane    "IOService"
#define kIOPowerPlane      "IOPower"
#define kIODeviceTreePlane "IODeviceTree"
#define kIOAudioPlane      "IOAudio"
#define kIOFireWirePlane   "IOFireWire"
#define kIOUSBPlane        "IOUSB"

/* Properties of any entry. The second is not stored: asking for it gives the array of the entry's own keys. The third,
 * an array, limits what a client may set; the fourth, a boolean, makes such calls take turns. */
#define kIORegistryEntryIDKey                          "IORegistryEntryID"
#define kIORegistryEntryPropertyKeysKey                "IORegistryEntryPropertyKeys"
#define kIORegistryEntryAllowableSetPropertiesKey      "IORegistryEntryAllowableSetProperties"
#define kIORegistryEntryDefaultLockingSetPropertiesKey "IORegistryEntryDefaultLockingSetProperties"

/* Classes. */
#define kIOServiceClass   "IOService"
#define kIOResourcesClass "IOResources"

/* What a personality says about its driver. */
#define kIOClassKey                "IOClass"
#define kIOUserClassKey            "IOUserClass"
#define kIOUserClassesKey          "IOUserClasses"
#define kIOProbeScoreKey           "IOProbeScore"
#define kIOMatchCategoryKey        "IOMatchCategory"
#define kIODefaultMatchCategoryKey "IODefaultMatchCategory"
#define kIOMatchDeferKey           "IOMatchDefer"
#define kIOKitDebugKey             "IOKitDebug"

/* What a matching dictionary or a personality asks of the service; all that are present must hold. */
#define kIOProviderClassKey       "IOProviderClass"
#define kIONameMatchKey           "IONameMatch"
#define kIOPropertyMatchKey       "IOPropertyMatch"
#define kIOPropertyExistsMatchKey "IOPropertyExistsMatch"
#define kIOPathMatchKey           "IOPathMatch"
#define kIOLocationMatchKey       "IOLocationMatch"
#define kIOParentMatchKey         "IOParentMatch"
#define kIOResourceMatchKey       "IOResourceMatch"
#define kIOMatchedServiceCountKey "IOMatchedServiceCountMatch"
#define kIOCompatibilityMatchKey  "IOCompatibilityMatch"

/* What matching leaves behind on a service. */
#define kIONameMatchedKey        "IONameMatched"
#define kIOResourceMatchedKey    "IOResourceMatched"
#define kIOMatchedPersonalityKey "IOMatchedPersonality"
#define kIORematchPersonalityKey "IORematchPersonality"
#define kIORematchCountKey       "IORematchCount"
#define kIODEXTMatchCountKey     "IODEXTMatchCount"

/* Properties that a service offers to its clients. */
#define kIOSupportedPropertiesKey     "IOSupportedProperties"
#define kIOUserServicePropertiesKey   "IOUserServiceProperties"
#define kIOCompatibilityPropertiesKey "IOCompatibilityProperties"
#define kIOPathKey                    "IOPath"
#define kIOCFPlugInTypesKey           "IOCFPlugInTypes"
#define kIOPlatformDeviceMessageKey   "IOPlatformDeviceMessage"
#define kIOAllCPUInitializedKey       "IOAllCPUInitialized"
#define kIOMapperIDKey                "IOMapperID"

/* User clients. The entitlement is false (anyone may open) or the name that the opener must hold; the creator is a text
 * that says which process opened it. */
#define kIOUserClientClassKey                                    "IOUserClientClass"
#define kIOUserClientCreatorKey                                  "IOUserClientCreator"
#define kIOUserClientEntitlementsKey                             "IOUserClientEntitlements"
#define kIOUserClientSharedInstanceKey                           "IOUserClientSharedInstance"
#define kIOUserClientMessageAppSuspendedKey                      "IOUserClientMessageAppSuspended"
#define kIOUserClientCrossEndianKey                              "IOUserClientCrossEndian"
#define kIOUserClientCrossEndianCompatibleKey                    "IOUserClientCrossEndianCompatible"
#define kIOUserClientDefaultLockingKey                           "IOUserClientDefaultLocking"
#define kIOUserClientDefaultLockingSetPropertiesKey              "IOUserClientDefaultLockingSetProperties"
#define kIOUserClientDefaultLockingSingleThreadExternalMethodKey "IOUserClientDefaultLockingSingleThreadExternalMethod"
#define kIOUserUserClientKey                                     "IOUserUserClient"

/* Drivers in a process of their own. */
#define kIOUserServerCDHashKey                  "IOUserServerCDHash"
#define kIOUserServerOneProcessKey              "IOUserServerOneProcess"
#define kIOUserServerPreserveUserspaceRebootKey "IOUserServerPreserveUserspaceReboot"
#define kIOExcludeListBundleID                  "com.apple.driver.KextExcludeList"

/* Entitlements. */
#define kIOServiceDEXTEntitlementsKey                                  "IOServiceDEXTEntitlements"
#define kIODriverKitEntitlementKey                                     "com.apple.developer.driverkit"
#define kIODriverKitUserClientEntitlementsKey                          "com.apple.developer.driverkit.userclient-access"
#define kIODriverKitRequiredEntitlementsKey                            "com.apple.private.driverkit.driver-access"
#define kIODriverKitTestDriverEntitlementKey                           "com.apple.private.driverkit.test-driver"
#define kIODriverKitUserClientEntitlementAllowAnyKey "com.apple.developer.driverkit.allow-any-userclient-access"
#define kIODriverKitUserClientEntitlementAdministratorKey              "com.apple.developer.driverkit.administrator"
#define kIODriverKitUserClientEntitlementCommunicatesWithDriversKey \
    "com.apple.developer.driverkit.communicates-with-drivers"
#define kIODriverKitUserClientEntitlementAllowThirdPartyUserClientsKey \
    "com.apple.developer.driverkit.allow-third-party-userclients"
#define kIODriverKitUSBTransportEntitlementKey                         "com.apple.developer.driverkit.transport.usb"
#define kIODriverKitHIDTransportEntitlementKey                         "com.apple.developer.driverkit.transport.hid"
#define kIODriverKitHIDFamilyDeviceEntitlementKey                      "com.apple.developer.driverkit.family.hid.device"
#define kIODriverKitHIDFamilyEventServiceEntitlementKey "com.apple.developer.driverkit.family.hid.eventservice"
#define kIODriverKitTransportBuiltinEntitlementKey                     "com.apple.developer.driverkit.builtin"
#define kIONVRAMReadAccessKey                                          "com.apple.private.iokit.nvram-read-access"
#define kIONVRAMWriteAccessKey                                         "com.apple.private.iokit.nvram-write-access"
#define kIONVRAMSystemAllowKey                                         "com.apple.private.iokit.system-nvram-allow"
#define kIOResourcesSetPropertyKey                                     "com.apple.private.iokit.ioresources.setproperty"

/* Kinds of matching notification. */
#define kIOPublishNotification       "IOServicePublish"
#define kIOFirstPublishNotification  "IOServiceFirstPublish"
#define kIOMatchedNotification       "IOServiceMatched"
#define kIOFirstMatchNotification    "IOServiceFirstMatch"
#define kIOTerminatedNotification    "IOServiceTerminate"
#define kIOWillTerminateNotification "IOServiceWillTerminate"

/* Kinds of interest in one service. */
#define kIOGeneralInterest            "IOGeneralInterest"
#define kIOBusyInterest               "IOBusyInterest"
#define kIOAppPowerStateInterest      "IOAppPowerStateInterest"
#define kIOPriorityPowerStateInterest "IOPriorityPowerStateInterest"

/* What a device can transfer; numbers. A name with Byte or Block counts those, the rest say what they count. */
#define kIOCommandPoolSizeKey                   "IOCommandPoolSize"
#define kIOMaximumPriorityCountKey              "IOMaximumPriorityCount"
#define kIOMaximumBlockCountReadKey             "IOMaximumBlockCountRead"
#define kIOMaximumBlockCountWriteKey            "IOMaximumBlockCountWrite"
#define kIOMaximumByteCountReadKey              "IOMaximumByteCountRead"
#define kIOMaximumByteCountWriteKey             "IOMaximumByteCountWrite"
#define kIOMaximumSegmentCountReadKey           "IOMaximumSegmentCountRead"
#define kIOMaximumSegmentCountWriteKey          "IOMaximumSegmentCountWrite"
#define kIOMaximumSegmentByteCountReadKey       "IOMaximumSegmentByteCountRead"
#define kIOMaximumSegmentByteCountWriteKey      "IOMaximumSegmentByteCountWrite"
#define kIOMinimumSegmentAlignmentByteCountKey  "IOMinimumSegmentAlignmentByteCount"
#define kIOMaximumSegmentAddressableBitCountKey "IOMaximumSegmentAddressableBitCount"
#define kIOMinimumSaturationByteCountKey        "IOMinimumSaturationByteCount"
#define kIOMaximumSwapWriteKey                  "IOMaximumSwapWrite"

/* An icon is a dictionary with the identifier of a bundle and the name of a file among its resources. */
#define kIOIconKey               "IOIcon"
#define kIOBundleResourceFileKey "IOBundleResourceFile"
#define kIOBusBadgeKey           "IOBusBadge"
#define kIODeviceIconKey         "IODeviceIcon"

/* The machine. */
#define kIOPlatformSerialNumberKey "IOPlatformSerialNumber"
#define kIOPlatformUUIDKey         "IOPlatformUUID"
#define kIOBootDeviceKey           "IOBootDevice"
#define kIOBootDevicePathKey       "IOBootDevicePath"
#define kIOBootDeviceSizeKey       "IOBootDeviceSize"

/* Firmware variables. */
#define kIONVRAMBootArgsKey                  "boot-args"
#define kIONVRAMDeletePropertyKey            "IONVRAM-DELETE-PROPERTY"
#define kIONVRAMDeletePropertyKeyWRet        "IONVRAM-DELETEWRET-PROPERTY"
#define kIONVRAMSyncNowPropertyKey           "IONVRAM-SYNCNOW-PROPERTY"
#define kIONVRAMActivateCSRConfigPropertyKey "IONVRAM-ARMCSR-PROPERTY"
#define kIODTNVRAMPanicInfoKey               "aapl,panic-info"

/* State notifications and the states of power management. */
#define kIOStateNotificationItemCreateKey                    "com.apple.iokit.statenotification.create"
#define kIOStateNotificationItemSetKey                       "com.apple.iokit.statenotification.set"
#define kIOStateNotificationItemCopyKey                      "com.apple.iokit.statenotification.copy"
#define kIOStateNotificationNameKey                          "com.apple.iokit.statenotification.name"
#define kIOStateNotificationEntitlementSetKey                "com.apple.iokit.statenotification.entitlement-set"
#define kIOStateNotificationEntitlementGetKey                "com.apple.iokit.statenotification.entitlement-get"
#define kIOSystemStateClamshellKey                           "com.apple.iokit.pm.clamshell"
#define kIOSystemStateSleepDescriptionKey                    "com.apple.iokit.pm.sleepdescription"
#define kIOSystemStateSleepDescriptionReasonKey              "com.apple.iokit.pm.sleepreason"
#define kIOSystemStateSleepDescriptionHibernateStateKey      "com.apple.iokit.pm.hibernatestate"
#define kIOSystemStateWakeDescriptionKey                     "com.apple.iokit.pm.wakedescription"
#define kIOSystemStateWakeDescriptionWakeReasonKey           "com.apple.iokit.pm.wakereason"
#define kIOSystemStateWakeDescriptionContinuousTimeOffsetKey "com.apple.iokit.pm.wakedescription.continuous-time-offset"
#define kIOSystemStateHaltDescriptionKey                     "com.apple.iokit.pm.haltdescription"
#define kIOSystemStateHaltDescriptionHaltStateKey            "com.apple.iokit.pm.haltstate"
#define kIOSystemStatePowerSourceDescriptionKey              "com.apple.iokit.pm.powersourcedescription"
#define kIOSystemStatePowerSourceDescriptionACAttachedKey    "com.apple.iokit.pm.acattached"

enum {
    kIOSystemStateSleepDescriptionHibernateStateInactive            = 0,
    kIOSystemStateSleepDescriptionHibernateStateHibernating         = 1,
    kIOSystemStateSleepDescriptionHibernateStateWakingFromHibernate = 2,
};

#endif
