/* SPDX-License-Identifier: MIT */
/*
 * OSKextLib: names, result codes and version numbers of bundles (libkern/OSKextLib.h). Both sides of the boundary use
 * them; the texts are Apple's own.
 */
#ifndef _LIBKERN_OSKEXTLIB_H
#define _LIBKERN_OSKEXTLIB_H

#include <stdbool.h>
#include <stdint.h>

#include <libkern/OSReturn.h>

/* What loading and unloading can answer. */
#define kOSKextReturnInternalError        libkern_kext_err(0x1)
#define kOSKextReturnNoMemory             libkern_kext_err(0x2)
#define kOSKextReturnNoResources          libkern_kext_err(0x3)
#define kOSKextReturnNotPrivileged        libkern_kext_err(0x4)
#define kOSKextReturnInvalidArgument      libkern_kext_err(0x5)
#define kOSKextReturnNotFound             libkern_kext_err(0x6)
#define kOSKextReturnBadData              libkern_kext_err(0x7)
#define kOSKextReturnSerialization        libkern_kext_err(0x8)
#define kOSKextReturnUnsupported          libkern_kext_err(0x9)
#define kOSKextReturnDisabled             libkern_kext_err(0xa)
#define kOSKextReturnNotAKext             libkern_kext_err(0xb)
#define kOSKextReturnValidation           libkern_kext_err(0xc)
#define kOSKextReturnAuthentication       libkern_kext_err(0xd)
#define kOSKextReturnDependencies         libkern_kext_err(0xe)
#define kOSKextReturnArchNotFound         libkern_kext_err(0xf)
#define kOSKextReturnCache                libkern_kext_err(0x10)
#define kOSKextReturnDeferred             libkern_kext_err(0x11)
#define kOSKextReturnBootLevel            libkern_kext_err(0x12)
#define kOSKextReturnNotLoadable          libkern_kext_err(0x13)
#define kOSKextReturnLoadedVersionDiffers libkern_kext_err(0x14)
#define kOSKextReturnDependencyLoadError  libkern_kext_err(0x15)
#define kOSKextReturnLinkError            libkern_kext_err(0x16)
#define kOSKextReturnStartStopError       libkern_kext_err(0x17)
#define kOSKextReturnInUse                libkern_kext_err(0x18)
#define kOSKextReturnTimeout              libkern_kext_err(0x19)
#define kOSKextReturnStopping             libkern_kext_err(0x1a)
#define kOSKextReturnSystemPolicy         libkern_kext_err(0x1b)

/* Keys of Info.plist. For a program that includes CoreFoundation/CFBundle.h the first four are its objects. */
#ifndef __COREFOUNDATION_CFBUNDLE__
#define kCFBundleIdentifierKey          "CFBundleIdentifier"
#define kCFBundleVersionKey             "CFBundleVersion"
#define kCFBundleNameKey                "CFBundleName"
#define kCFBundleExecutableKey          "CFBundleExecutable"
#endif
#define kCFBundleIdentifierKernelKey    "CFBundleIdentifierKernel"
#define kCFBundlePackageTypeKey         "CFBundlePackageType"
#define kOSBundleCompatibleVersionKey   "OSBundleCompatibleVersion"
#define kOSBundleIsInterfaceKey         "OSBundleIsInterface"
#define kOSBundleLibrariesKey           "OSBundleLibraries"
#define kOSBundleRequiredKey            "OSBundleRequired"
#define kOSBundleRequireExplicitLoadKey "OSBundleRequireExplicitLoad"
#define kOSBundleAllowUserLoadKey       "OSBundleAllowUserLoad"
#define kOSBundleAllowUserTerminateKey  "OSBundleAllowUserTerminate"
#define kOSKernelResourceKey            "OSKernelResource"
#define kIOKitPersonalitiesKey          "IOKitPersonalities"
#define kIOPersonalityPublisherKey      "IOPersonalityPublisher"

/* Values. */
#define kOSKextKernelIdentifier      "__kernel__"
#define kOSKextBundlePackageTypeKext "KEXT"
#define kOSBundleRequiredRoot        "Root"
#define kOSBundleRequiredLocalRoot   "Local-Root"
#define kOSBundleRequiredNetworkRoot "Network-Root"
#define kOSBundleRequiredSafeBoot    "Safe Boot"
#define kOSBundleRequiredConsole     "Console"
#define kOSBundleRequiredDriverKit   "DriverKit"

/* What the description of a loaded bundle adds to its Info.plist's keys (OSKext_copyLoadedKextInfo). */
#define kOSBundlePathKey             "OSBundlePath"
#define kOSBundleExecutablePathKey   "OSBundleExecutablePath"
#define kOSBundleUUIDKey             "OSBundleUUID"
#define kOSBundleStartedKey          "OSBundleStarted"
#define kOSBundlePrelinkedKey        "OSBundlePrelinked"
#define kOSBundleLoadTagKey          "OSBundleLoadTag"
#define kOSBundleLoadAddressKey      "OSBundleLoadAddress"
#define kOSBundleLoadSizeKey         "OSBundleLoadSize"
#define kOSBundleExecLoadAddressKey  "OSBundleExecLoadAddress"
#define kOSBundleExecLoadSizeKey     "OSBundleExecLoadSize"
#define kOSBundleWiredSizeKey        "OSBundleWiredSize"
#define kOSBundleDependenciesKey     "OSBundleDependencies"
#define kOSBundleRetainCountKey      "OSBundleRetainCount"
#define kOSBundleClassesKey          "OSBundleClasses"
#define kOSMetaClassNameKey          "OSMetaClassName"
#define kOSMetaClassSuperclassNameKey "OSMetaClassSuperclassName"
#define kOSMetaClassTrackingCountKey "OSMetaClassTrackingCount"

/*
 * A version as a number, for comparison: "major[.minor[.revision]][stage]" with at most 4 digits in each of the first
 * three and stage one of d, a, b, f, fc and a level 0 to 255 (f: from 1). 1.2.3d4 < 1.2.3a1 < 1.2.3b1 < 1.2.3f1 < 1.2.3.
 */
typedef int64_t OSKextVersion;

#define kOSKextVersionMaxLength 20
#define kOSKextVersionUndefined 0

/* -1 for NULL, an empty string or another form. */
OSKextVersion OSKextParseVersionString(const char *versionString);

/* Writes the shortest form of the version; "(invalid)" and "(missing)" for a negative number and for 0. False, and nothing
 * written, when the buffer has less than kOSKextVersionMaxLength bytes. */
bool OSKextVersionGetString(OSKextVersion version, char *buffer, uint32_t bufferLength);

#endif
