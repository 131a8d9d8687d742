/* SPDX-License-Identifier: MIT */
/* CPUs: IODeviceTree:/cpus and a node for each below it, as hwloc and others look for them. */
#include <stdio.h>
#include <string.h>

#include <IOKit/IODeviceTreeSupport.h>
#include <IOKit/IOPlatformDevice.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

static const char kCPUsPath[] = "/sys/devices/system/cpu";

static bool attachInTree(IOPlatformDevice *node, IOService *provider)
{
    return IOService_attach(&node->super, provider) &&
           IORegistryEntry_attachToParent(&node->super.super, &provider->super, IODeviceTree_getPlane());
}

/* The "cpus" node, made with the first CPU. Borrowed. */
static IOService *cpusNode(LinuxDevices *devices)
{
    IOService *known = LinuxDevices_getNub(devices, kCPUsPath);
    if (known)
        return known;
    IOPlatformDevice *node = IOPlatformDevice_withName("cpus", NULL);
    if (!node || !attachInTree(node, IOService_getServiceRoot()) ||
        !LinuxDevices_enter(devices, kCPUsPath, &node->super)) {
        OSRelease(node);
        return NULL;
    }
    IOService_registerService(&node->super);
    OSRelease(node);
    return LinuxDevices_getNub(devices, kCPUsPath);
}

static void describe(IOService *nub, struct udev_device *device, unsigned number)
{
    static const char compatible[] = "cpu"; /* no device tree says more */
    uint64_t          kilohertz;
    nub_setDataString(nub, "device_type", "cpu");
    nub_setDataString(nub, "compatible", compatible);
    nub_setData32(nub, "reg", number);
    IORegistryEntry_setPropertyNumber(&nub->super, "logical-cpu-id", number, 32);
    attribute_setNumber(nub, "logical-cluster-id", device, "topology/physical_package_id", 10, 32);
    IORegistryEntry_setPropertyData(&nub->super, "cluster-type", "P", 2);
    if (attribute_getNumber(device, "cpufreq/cpuinfo_max_freq", 10, &kilohertz))
        nub_setData32(nub, "clock-frequency", (uint32_t)(kilohertz * 1000));
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    char       name[16], location[16];
    unsigned   number;
    IOService *cpus = cpusNode(devices);
    if (!cpus || sscanf(udev_device_get_sysname(device), "cpu%u", &number) != 1)
        return NULL;
    snprintf(name, sizeof name, "cpu%u", number);
    snprintf(location, sizeof location, "%x", number);
    IOPlatformDevice *node = IOPlatformDevice_withName(name, location);
    if (!node)
        return NULL;
    describe(&node->super, device, number);
    if (!IODeviceTree_setMatchNames(&node->super) || !attachInTree(node, cpus)) {
        OSRelease(node);
        return NULL;
    }
    IORegistryEntry_setPropertyString(&node->super.super, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    IOService_registerService(&node->super);
    return &node->super;
}

const LinuxKind LinuxCPUKind = {"cpu", NULL, publish, NULL};
