/* SPDX-License-Identifier: MIT */
/* Names that Apple keeps out of the public header (IOKit/IOKitKeysPrivate.h). */
#ifndef _IOKIT_IOKITKEYSPRIVATE_H
#define _IOKIT_IOKITKEYSPRIVATE_H

#include <IOKit/IOKitKeys.h>

/* Properties of IOResources and other services, entitlements. */
#define kIOConsoleLockedKey                         "IOConsoleLocked"
#define kIOConsoleUsersKey                          "IOConsoleUsers"
#define kIOMaximumMappedIOByteCountKey              "IOMaximumMappedIOByteCount"
#define kIOConsoleSessionAuditIDKey                 "kCGSSessionAuditIDKey"
#define kIOConsoleSessionUserNameKey                "kCGSSessionUserNameKey"
#define kIOConsoleSessionUIDKey                     "kCGSSessionUserIDKey"
#define kIOConsoleSessionConsoleSetKey              "kCGSSessionConsoleSetKey"
#define kIOConsoleSessionOnConsoleKey               "kCGSSessionOnConsoleKey"
#define kIOConsoleSessionLoginDoneKey               "kCGSessionLoginDoneKey"
#define kIOConsoleSessionSecureInputPIDKey          "kCGSSessionSecureInputPID"
#define kIOConsoleSessionScreenLockedTimeKey        "CGSSessionScreenLockedTime"
#define kIOConsoleSessionScreenIsLockedKey          "CGSSessionScreenIsLocked"
#define kIOConsoleUsersSeedKey                      "IOConsoleUsersSeed"
#define kIOProgressBackbufferKey                    "IOProgressBackbuffer"
#define kIOProgressColorThemeKey                    "IOProgressColorTheme"
#define kIOBridgeBootSessionUUIDKey                 "bridge-boot-session-uuid"
#define kIOConsoleSecurityInterest                  "IOConsoleSecurityInterest"
#define kIONVRAMForceSyncNowPropertyKey             "IONVRAM-FORCESYNCNOW-PROPERTY"
#define kIOKitSystemGUID                            "40A0DDD2-77F8-4392-B4A3-1E7304206516"
#define kIOKitSystemGUIDPrefix                      "40A0DDD2-77F8-4392-B4A3-1E7304206516:"
#define kIONVRAMSystemInternalAllowKey              "com.apple.private.iokit.system-nvram-internal-allow"
#define kIONVRAMSystemHiddenAllowKey                "com.apple.private.iokit.system-nvram-hidden-allow"
#define kIOPlatformSleepActionKey                   "IOPlatformSleepAction"
#define kIOPlatformWakeActionKey                    "IOPlatformWakeAction"
#define kIOPlatformQuiesceActionKey                 "IOPlatformQuiesceAction"
#define kIOPlatformActiveActionKey                  "IOPlatformActiveAction"
#define kIOPlatformHaltRestartActionKey             "IOPlatformHaltRestartAction"
#define kIOPlatformPanicActionKey                   "IOPlatformPanicAction"
#define kIOPlatformFunctionHandlerSet               "IOPlatformFunctionHandlerSet"
#define kIOPlatformFunctionHandlerMaxBusDelay       "IOPlatformFunctionHandlerMaxBusDelay"
#define kIOPlatformMaxBusDelay                      "IOPlatformMaxBusDelay"
#define kIOPlatformFunctionHandlerMaxInterruptDelay "IOPlatformFunctionHandlerMaxInterruptDelay"
#define kIOPlatformMaxInterruptDelay                "IOPlatformMaxInterruptDelay"
#define kIOClassNameOverrideKey                     "IOClassNameOverride"
#define kIOWaitQuietPanicsEntitlement               "com.apple.private.security.waitquiet-panics"
#define kIOSystemStateEntitlement                   "com.apple.private.iokit.systemstate"
#define kIODriverKitAllowsPublishEntitlementsKey    "com.apple.private.driverkit.allows-publish"
#define kIODriverKitPublishEntitlementsKey          "IODriverKitPublishEntitlementsKey"
#define kIOServiceBusyTimeoutExtensionsKey          "IOServiceBusyTimeoutExtensions"
#define kIOServiceLegacyMatchingRegistryIDKey       "IOServiceLegacyMatchingRegistryID"
#define kIOServiceMatchDeferredKey                  "IOServiceMatchDeferred"
#define kIOMatchedAtBootKey                         "IOMatchedAtBoot"
#define kIOPrimaryDriverTerminateOptionsKey         "IOPrimaryDriverTerminateOptions"
#define kIOServiceNotificationUserKey               "IOServiceNotificationUser"
#define kIOExclaveAssignedKey                       "exclave-assigned"
#define kIOExclaveProxyKey                          "IOExclaveProxy"

/* Numbers. */
#define kIOKernelHasSafeSleep                1
#define kIODirectionPrepareNoZeroFill        0x00000010
#define kIOServiceTerminateNeedWillTerminate 0x00000100
#define kIOClassNameOverrideNone             0x00000001
#define kIOWaitQuietPanicOnFailure           0x00000001

/* What IOUserClient's privilege check can be asked for, beside the public "root" and "local". */
#define kIOClientPrivilegeConsoleUser          "console"
#define kIOClientPrivilegeSecureConsoleProcess "secureprocess"
#define kIOClientPrivilegeConsoleSession       "consolesession"

#endif
