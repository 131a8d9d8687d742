/* SPDX-License-Identifier: MIT */
/*
 * Power supplies and thermal sensors. A battery of the system is an AppleSmartBattery with that class's keys, an adapter
 * or the battery of a device (a mouse) an IOPMPowerSource, a thermal zone an IOHWSensor. The kernel reports changes of
 * supplies; temperatures are as of the last event.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/pwr_mgt/IOPM.h>
#include <IOKit/pwr_mgt/IOPMPowerSource.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kMicroPerMilli = 1000 };

/* A value in micro units (negative: a battery's current while it discharges) as one in milli units. */
static void setMilli(IOService *nub, const char *key, struct udev_device *device, const char *attribute)
{
    int64_t micro;
    if (attribute_getSigned(device, attribute, &micro))
        nub_setNumber(nub, key, (uint64_t)(micro / kMicroPerMilli), 32);
}

/* Microwatt hours as milliampere hours. */
static void setCapacityFromEnergy(IOService *nub, const char *key, struct udev_device *device, const char *attribute,
                                  uint64_t microvolts)
{
    uint64_t microwattHours;
    if (attribute_getNumber(device, attribute, 10, UINT64_MAX / kMicroPerMilli, &microwattHours))
        nub_setNumber(nub, key, microwattHours * kMicroPerMilli / microvolts, 32);
}

/* Programs expect charge. Some batteries count energy: then it is charge at the voltage they were designed for. */
static void setCapacities(IOService *nub, struct udev_device *device)
{
    uint64_t microvolts = attribute_numberOr(device, "voltage_min_design", 10, UINT32_MAX, 0);
    if (microvolts == 0)
        microvolts = attribute_numberOr(device, "voltage_now", 10, UINT32_MAX, 0);
    if (udev_device_get_sysattr_value(device, "charge_now")) {
        setMilli(nub, kIOPMPSCurrentCapacityKey, device, "charge_now");
        setMilli(nub, kIOPMPSMaxCapacityKey, device, "charge_full");
        setMilli(nub, kIOPMPSDesignCapacityKey, device, "charge_full_design");
    } else if (microvolts > 0) {
        setCapacityFromEnergy(nub, kIOPMPSCurrentCapacityKey, device, "energy_now", microvolts);
        setCapacityFromEnergy(nub, kIOPMPSMaxCapacityKey, device, "energy_full", microvolts);
        setCapacityFromEnergy(nub, kIOPMPSDesignCapacityKey, device, "energy_full_design", microvolts);
    }
}

/* Seconds as minutes. */
static void setMinutes(IOService *nub, const char *key, struct udev_device *device, const char *attribute)
{
    uint64_t seconds;
    if (attribute_getNumber(device, attribute, 10, UINT32_MAX, &seconds))
        nub_setNumber(nub, key, seconds / 60, 32);
}

static void describeNames(IOService *nub, struct udev_device *device)
{
    nub_setStringFrom(nub, kIOPMPSManufacturerKey, device, "manufacturer");
    nub_setStringFrom(nub, "DeviceName", device, "model_name");
    nub_setStringFrom(nub, kIOPMPSSerialKey, device, "serial_number");
}

static void describeBattery(IOService *nub, struct udev_device *device)
{
    enum { kTenthsMax = 10000 }; /* 1000 degrees */
    int64_t tenths;

    describeNames(nub, device);
    setCapacities(nub, device);
    setMilli(nub, kIOPMPSVoltageKey, device, "voltage_now");
    setMilli(nub, kIOPMPSAmperageKey, device, "current_now");
    setMinutes(nub, "AvgTimeToEmpty", device, "time_to_empty_avg");
    nub_setNumberFrom(nub, kIOPMPSCycleCountKey, device, "cycle_count", 10, 32);
    if (attribute_getSigned(device, "temp", &tenths) && tenths > -kTenthsMax && tenths < kTenthsMax)
        nub_setNumber(nub, kIOPMPSBatteryTemperatureKey, (uint64_t)(tenths * 10), 32); /* hundredths of a degree */
    nub_setBoolean(nub, kIOPMPSIsChargingKey, attribute_is(device, "status", "Charging"));
    nub_setBoolean(nub, kIOPMPSExternalConnectedKey,
                   udev_device_get_sysattr_value(device, "status") && !attribute_is(device, "status", "Discharging"));
    nub_setBoolean(nub, kIOPMPSBatteryInstalledKey, !attribute_is(device, "present", "0"));
    nub_setBoolean(nub, kIOPMPSAtCriticalLevelKey, attribute_is(device, "capacity_level", "Critical"));
    nub_setBoolean(nub, "built-in", true);
}

static void describeOther(IOService *nub, struct udev_device *device)
{
    describeNames(nub, device);
    nub_setBoolean(nub, kIOPMPSExternalConnectedKey, attribute_is(device, "online", "1"));
}

static void supplyChanged(LinuxDevices *devices, struct udev_device *device, IOService *nub)
{
    if (OSDynamicCast(AppleSmartBattery, nub))
        describeBattery(nub, device);
    else
        describeOther(nub, device);
}

static IOService *publishSupply(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    bool       isSystemBattery = attribute_is(device, "type", "Battery") && !attribute_is(device, "scope", "Device");
    IOService *nub = nub_create(isSystemBattery ? &AppleSmartBattery_class : &IOPMPowerSource_class, device);
    if (!nub)
        return NULL;
    nub_setName(nub, udev_device_get_sysname(device));
    supplyChanged(devices, device, nub);
    return nub_publish(nub, provider);
}

/* Degrees as a fixed-point number with 16 bits behind the point. */
static void sensorChanged(LinuxDevices *devices, struct udev_device *device, IOService *nub)
{
    enum { kFixedPointOne = 1 << 16, kMilliPerUnit = 1000, kMilliMax = 1000 * kMilliPerUnit };
    int64_t milli;
    if (attribute_getSigned(device, "temp", &milli) && milli > -kMilliMax && milli < kMilliMax)
        nub_setNumber(nub, "current-value", (uint64_t)(milli * kFixedPointOne / kMilliPerUnit), 32);
}

static IOService *publishSensor(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    if (strncmp(udev_device_get_sysname(device), "thermal_zone", 12) != 0)
        return NULL; /* cooling devices are no sensors */
    IOService *nub = nub_create(&IOHWSensor_class, device);
    if (!nub)
        return NULL;
    nub_setName(nub, "IOHWSensor");
    if (udev_device_get_sysnum(device))
        nub_setLocation(nub, udev_device_get_sysnum(device));
    nub_setString(nub, "type", "temperature");
    nub_setStringFrom(nub, "location", device, "type");
    sensorChanged(devices, device, nub);
    return nub_publish(nub, provider);
}

const LinuxKind LinuxPowerSupplyKind = {.subsystem = "power_supply", .publish = publishSupply, .changed = supplyChanged};
const LinuxKind LinuxThermalKind     = {.subsystem = "thermal", .publish = publishSensor, .changed = sensorChanged};
