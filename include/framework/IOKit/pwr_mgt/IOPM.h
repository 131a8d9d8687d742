/* SPDX-License-Identifier: MIT */
/* Names and numbers of power management (IOKit/pwr_mgt/IOPM.h). */
#ifndef _IOKIT_PWR_MGT_IOPM_H
#define _IOKIT_PWR_MGT_IOPM_H

#include <IOKit/IOMessage.h>
#include <IOKit/IOTypes.h>

/* Properties of a battery service. Capacity in mAh, voltage in mV, current in mA, time in minutes. */
#define kIOPMPSExternalConnectedKey              "ExternalConnected"
#define kIOPMPSExternalChargeCapableKey          "ExternalChargeCapable"
#define kIOPMPSBatteryInstalledKey               "BatteryInstalled"
#define kIOPMPSIsChargingKey                     "IsCharging"
#define kIOPMPSAtWarnLevelKey                    "AtWarnLevel"
#define kIOPMPSAtCriticalLevelKey                "AtCriticalLevel"
#define kIOPMPSCurrentCapacityKey                "CurrentCapacity"
#define kIOPMPSMaxCapacityKey                    "MaxCapacity"
#define kIOPMPSDesignCapacityKey                 "DesignCapacity"
#define kIOPMPSTimeRemainingKey                  "TimeRemaining"
#define kIOPMPSAmperageKey                       "Amperage"
#define kIOPMPSVoltageKey                        "Voltage"
#define kIOPMPSCycleCountKey                     "CycleCount"
#define kIOPMPSMaxErrKey                         "MaxErr"
#define kIOPMPSAdapterInfoKey                    "AdapterInfo"
#define kIOPMPSLocationKey                       "Location"
#define kIOPMPSErrorConditionKey                 "ErrorCondition"
#define kIOPMPSManufacturerKey                   "Manufacturer"
#define kIOPMPSManufactureDateKey                "ManufactureDate"
#define kIOPMPSModelKey                          "Model"
#define kIOPMPSSerialKey                         "Serial"
#define kIOPMPSLegacyBatteryInfoKey              "LegacyBatteryInfo"
#define kIOPMPSBatteryHealthKey                  "BatteryHealth"
#define kIOPMPSHealthConfidenceKey               "HealthConfidence"
#define kIOPMPSCapacityEstimatedKey              "CapacityEstimated"
#define kIOPMPSBatteryChargeStatusKey            "ChargeStatus"
#define kIOPMPSBatteryTemperatureKey             "Temperature"
#define kIOPMPSAdapterDetailsKey                 "AdapterDetails"
#define kIOPMPSChargerConfigurationKey           "ChargerConfiguration"
#define kIOPMPSAdapterDetailsIDKey               "AdapterID"
#define kIOPMPSAdapterDetailsWattsKey            "Watts"
#define kIOPMPSAdapterDetailsRevisionKey         "AdapterRevision"
#define kIOPMPSAdapterDetailsSerialNumberKey     "SerialNumber"
#define kIOPMPSAdapterDetailsFamilyKey           "FamilyCode"
#define kIOPMPSAdapterDetailsAmperageKey         "Current"
#define kIOPMPSAdapterDetailsDescriptionKey      "Description"
#define kIOPMPSAdapterDetailsPMUConfigurationKey "PMUConfiguration"
#define kIOPMPSAdapterDetailsVoltage             "AdapterVoltage"
#define kIOPMPSAdapterDetailsSourceIDKey         "Source"
#define kIOPMPSAdapterDetailsErrorFlagsKey       "ErrorFlags"
#define kIOPMPSAdapterDetailsSharedSourceKey     "SharedSource"
#define kIOPMPSAdapterDetailsCloakedKey          "CloakedSource"
#define kIOPMPSInvalidWakeSecondsKey             "BatteryInvalidWakeSeconds"
#define kIOPMPSPostChargeWaitSecondsKey          "PostChargeWaitSeconds"
#define kIOPMPSPostDishargeWaitSecondsKey        "PostDischargeWaitSeconds"
#define kIOPMFullyChargedKey                     "FullyCharged"
#define kIOPMDeviceNameKey                       "DeviceName"
#define kIOPMBatteryChargeStatusTooHot           "HighTemperature"
#define kIOPMBatteryChargeStatusTooCold          "LowTemperature"
#define kIOPMBatteryChargeStatusTooHotOrCold     "HighOrLowTemperature"
#define kIOPMBatteryChargeStatusGradient         "BatteryTemperatureGradient"

/* The older form: an array of dictionaries. */
#define kIOBatteryInfoKey          "IOBatteryInfo"
#define kIOBatteryCurrentChargeKey "Current"
#define kIOBatteryCapacityKey      "Capacity"
#define kIOBatteryFlagsKey         "Flags"
#define kIOBatteryVoltageKey       "Voltage"
#define kIOBatteryAmperageKey      "Amperage"
#define kIOBatteryCycleCountKey    "Cycle Count"

/* Properties of the root power domain. */
#define kAppleClamshellStateKey                "AppleClamshellState"
#define kAppleClamshellCausesSleepKey          "AppleClamshellCausesSleep"
#define kIOPMSleepWakeUUIDKey                  "SleepWakeUUID"
#define kIOPMBootSessionUUIDKey                "BootSessionUUID"
#define kIOPMDeepSleepEnabledKey               "Standby Enabled"
#define kIOPMDeepSleepDelayKey                 "Standby Delay"
#define kIOPMDeepSleepDelayHighKey             "High Standby Delay"
#define kIOPMStandbyBatteryThresholdKey        "Standby Battery Threshold"
#define kIOPMDestroyFVKeyOnStandbyKey          "DestroyFVKeyOnStandby"
#define kIOPMResetPowerStateOnWakeKey          "IOPMResetPowerStateOnWake"
#define kIOPMAssertionsDriverKey               "DriverPMAssertions"
#define kIOPMAssertionsDriverDetailedKey       "DriverPMAssertionsDetailed"
#define kIOPMDriverAssertionIDKey              "ID"
#define kIOPMDriverAssertionCreatedTimeKey     "CreatedTime"
#define kIOPMDriverAssertionModifiedTimeKey    "ModifiedTime"
#define kIOPMDriverAssertionOwnerStringKey     "Owner"
#define kIOPMDriverAssertionOwnerServiceKey    "ServicePtr"
#define kIOPMDriverAssertionRegistryEntryIDKey "RegistryEntryID"
#define kIOPMDriverAssertionLevelKey           "Level"
#define kIOPMDriverAssertionAssertedKey        "Assertions"
#define kIOREMSleepEnabledKey                  "REMSleepEnabled"

/* Limits that are in force. */
#define kIOPMGraphicsPowerLimitsKey           "Graphics_Power_Limits"
#define kIOPMGraphicsPowerLimitPerformanceKey "Graphics_Power_Performance"
#define kIOPMCPUPowerLimitsKey                "CPU_Power_Limits"
#define kIOPMCPUPowerLimitProcessorSpeedKey   "CPU_Speed_Limit"
#define kIOPMCPUPowerLimitProcessorCountKey   "CPU_Available_CPUs"
#define kIOPMCPUPowerLimitSchedulerTimeKey    "CPU_Scheduler_Limit"
#define kIOPMThermalLevelWarningKey           "Thermal_Level_Warning"

/* Settings. */
#define kIOPMSettingWakeOnRingKey              "Wake On Modem Ring"
#define kIOPMSettingRestartOnPowerLossKey      "Automatic Restart On Power Loss"
#define kIOPMSettingWakeOnACChangeKey          "Wake On AC Change"
#define kIOPMSettingSleepOnPowerButtonKey      "Sleep On Power Button"
#define kIOPMSettingWakeOnClamshellKey         "Wake On Clamshell Open"
#define kIOPMSettingReduceBrightnessKey        "ReduceBrightness"
#define kIOPMSettingDisplaySleepUsesDimKey     "Display Sleep Uses Dim"
#define kIOPMSettingTimeZoneOffsetKey          "TimeZoneOffsetSeconds"
#define kIOPMSettingMobileMotionModuleKey      "MobileMotionModule"
#define kIOPMSettingGraphicsSwitchKey          "GPUSwitch"
#define kIOPMSettingProModeControl             "ProModeControl"
#define kIOPMSettingProModeDefer               "ProModeDefer"
#define kIOPMSettingAutoWakeSecondsKey         "wake"
#define kIOPMSettingAutoWakeCalendarKey        "WakeByCalendarDate"
#define kIOPMSettingAutoPowerSecondsKey        "poweron"
#define kIOPMSettingAutoPowerCalendarKey       "PowerByCalendarDate"
#define kIOPMSettingDebugWakeRelativeKey       "WakeRelativeToSleep"
#define kIOPMSettingDebugPowerRelativeKey      "PowerRelativeToShutdown"
#define kIOPMSettingMaintenanceWakeCalendarKey "MaintenanceWakeCalendarDate"

/* Messages of the root power domain and of batteries. */
#define kIOPMMessageClamshellStateChange           iokit_family_msg(sub_iokit_powermanagement, 0x100)
#define kIOPMMessageFeatureChange                  iokit_family_msg(sub_iokit_powermanagement, 0x110)
#define kIOPMMessageInternalBatteryFullyDischarged iokit_family_msg(sub_iokit_powermanagement, 0x120)
#define kIOPMMessageSystemPowerEventOccurred       iokit_family_msg(sub_iokit_powermanagement, 0x130)
#define kIOPMMessageSleepWakeUUIDChange            iokit_family_msg(sub_iokit_powermanagement, 0x140)
#define kIOPMMessageDriverAssertionsChanged        iokit_family_msg(sub_iokit_powermanagement, 0x150)
#define kIOPMMessageDarkWakeThermalEmergency       iokit_family_msg(sub_iokit_powermanagement, 0x160)
#define kIOPMMessageBatteryStatusHasChanged        iokit_family_msg(sub_iokit_pmu, 0x100)
#define kIOPMUMessageLegacyAutoWake                iokit_family_msg(sub_iokit_pmu, 0x200)
#define kIOPMUMessageLegacyAutoPower               iokit_family_msg(sub_iokit_pmu, 0x210)

/* What a power state needs and gives. */
enum {
    kIOPMPowerOn            = 0x00000002,
    kIOPMDeviceUsable       = 0x00008000,
    kIOPMLowPower           = 0x00010000,
    kIOPMPreventIdleSleep   = 0x00000040,
    kIOPMSleepCapability    = 0x00000004,
    kIOPMRestartCapability  = 0x00000080,
    kIOPMSleep              = 0x00000001,
    kIOPMRestart            = 0x00000080,
    kIOPMInitialDeviceState = 0x00000100,
    kIOPMClockNormal        = 0x00000004,
    kIOPMClockRunning       = 0x00000008,
    kIOPMPreventSystemSleep = 0x00000010,
    kIOPMMaxPerformance     = 0x00004000,
    kIOPMContextRetained    = 0x00002000,
    kIOPMConfigRetained     = 0x00001000,
    kIOPMSoftSleep          = 0x00000400,
    kIOPMNotPowerManaged    = 0x00000800,
};

/* Bits of the battery flags. */
enum {
    kIOPMACInstalled      = 1,
    kIOPMBatteryCharging  = 2,
    kIOPMBatteryInstalled = 4,
    kIOPMUPSInstalled     = 0x00000008,
    kIOPMBatteryAtWarn    = 0x00000010,
    kIOPMBatteryDepleted  = 0x00000020,
};

#endif
