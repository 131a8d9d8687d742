/* SPDX-License-Identifier: MIT */
/*
 * Power supplies and thermal sensors. A battery is an AppleSmartBattery with that class's keys, a mains adapter an
 * IOPMPowerSource, a thermal zone an IOHWSensor. The kernel reports changes of supplies; temperatures are as of the last
 * event.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/pwr_mgt/IOPM.h>
#include <IOKit/pwr_mgt/IOPMPowerSource.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kMicroPerMilli = 1000 };

static bool typeIs(struct udev_device *device, const char *type)
{
    const char *text = udev_device_get_sysattr_value(device, "type");
    return text && strcmp(text, type) == 0;
}

/* A value in micro units as one in milli units, when the kernel has it. */
static void setMilli(IOService *nub, const char *key, struct udev_device *device, const char *attribute)
{
    uint64_t micro;
    if (attribute_getNumber(device, attribute, 10, &micro))
        IORegistryEntry_setPropertyNumber(&nub->super, key, micro / kMicroPerMilli, 32);
}

/* charge_... (uAh) where the battery counts charge, energy_... (uWh) where it counts energy. */
static void setCapacities(IOService *nub, struct udev_device *device)
{
    bool charge = udev_device_get_sysattr_value(device, "charge_now") != NULL;
    setMilli(nub, kIOPMPSCurrentCapacityKey, device, charge ? "charge_now" : "energy_now");
    setMilli(nub, kIOPMPSMaxCapacityKey, device, charge ? "charge_full" : "energy_full");
    setMilli(nub, kIOPMPSDesignCapacityKey, device, charge ? "charge_full_design" : "energy_full_design");
}

static void describeBattery(IOService *nub, struct udev_device *device)
{
    IORegistryEntry *entry  = &nub->super;
    const char      *status = udev_device_get_sysattr_value(device, "status");
    const char      *level  = udev_device_get_sysattr_value(device, "capacity_level");
    bool             charging = status && strcmp(status, "Charging") == 0;
    uint64_t         tenths;

    setCapacities(nub, device);
    setMilli(nub, kIOPMPSVoltageKey, device, "voltage_now");
    setMilli(nub, kIOPMPSAmperageKey, device, "current_now");
    attribute_setNumber(nub, kIOPMPSCycleCountKey, device, "cycle_count", 10, 32);
    attribute_setString(nub, kIOPMPSManufacturerKey, device, "manufacturer");
    attribute_setString(nub, "DeviceName", device, "model_name");
    attribute_setString(nub, kIOPMPSSerialKey, device, "serial_number");
    if (attribute_getNumber(device, "temp", 10, &tenths)) /* tenths of a degree to hundredths */
        IORegistryEntry_setPropertyNumber(entry, kIOPMPSBatteryTemperatureKey, tenths * 10, 32);
    IORegistryEntry_setPropertyBoolean(entry, kIOPMPSIsChargingKey, charging);
    IORegistryEntry_setPropertyBoolean(entry, kIOPMPSExternalConnectedKey, status && strcmp(status, "Discharging") != 0);
    IORegistryEntry_setPropertyBoolean(entry, kIOPMPSBatteryInstalledKey,
                                       attribute_numberOr(device, "present", 10, 1) != 0);
    IORegistryEntry_setPropertyBoolean(entry, kIOPMPSAtCriticalLevelKey, level && strcmp(level, "Critical") == 0);
    IORegistryEntry_setPropertyBoolean(entry, "built-in", true);
}

static void describeAdapter(IOService *nub, struct udev_device *device)
{
    IORegistryEntry_setPropertyBoolean(&nub->super, kIOPMPSExternalConnectedKey,
                                       attribute_numberOr(device, "online", 10, 0) != 0);
    attribute_setString(nub, kIOPMPSManufacturerKey, device, "manufacturer");
    attribute_setString(nub, "DeviceName", device, "model_name");
}

static void supplyChanged(LinuxDevices *devices, struct udev_device *device, IOService *nub)
{
    if (OSDynamicCast(AppleSmartBattery, nub))
        describeBattery(nub, device);
    else
        describeAdapter(nub, device);
}

static IOService *publishSupply(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    const OSMetaClass *metaClass = typeIs(device, "Battery") ? &AppleSmartBattery_class : &IOPMPowerSource_class;
    IOService         *nub       = OSDynamicCast(IOService, OSMetaClass_alloc(metaClass));
    if (!nub)
        return NULL;
    if (!IORegistryEntry_init(&nub->super, NULL) ||
        !IORegistryEntry_setName(&nub->super, udev_device_get_sysname(device), NULL) ||
        !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    supplyChanged(devices, device, nub);
    IOService_registerService(nub);
    return nub;
}

static void sensorChanged(LinuxDevices *devices, struct udev_device *device, IOService *nub)
{
    enum { kFixedPointOne = 1 << 16, kMilliPerUnit = 1000 };
    const char *text = udev_device_get_sysattr_value(device, "temp");
    long        milli;
    if (text && sscanf(text, "%ld", &milli) == 1)
        IORegistryEntry_setPropertyNumber(&nub->super, "current-value", (uint64_t)(milli * kFixedPointOne / kMilliPerUnit), 32);
}

static IOService *publishSensor(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                IOService **ret_below)
{
    if (strncmp(udev_device_get_sysname(device), "thermal_zone", 12) != 0)
        return NULL; /* cooling devices are no sensors */
    IOHWSensor *sensor = OSTypeAlloc(IOHWSensor);
    if (!sensor)
        return NULL;
    IOService *nub = &sensor->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !IORegistryEntry_setName(&nub->super, "IOHWSensor", NULL) ||
        !IORegistryEntry_setLocation(&nub->super, udev_device_get_sysnum(device), NULL) ||
        !nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    IORegistryEntry_setPropertyString(&nub->super, "type", "temperature");
    attribute_setString(nub, "location", device, "type");
    sensorChanged(devices, device, nub);
    IOService_registerService(nub);
    return nub;
}

const LinuxKind LinuxPowerSupplyKind = {"power_supply", NULL, publishSupply, supplyChanged};
const LinuxKind LinuxThermalKind     = {"thermal", NULL, publishSensor, sensorChanged};
