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

/* The "cpus" node, made with the first CPU; borrowed, NULL without memory. */
static IOService *cpusNode(LinuxDevices *devices)
{
    IOService *known = LinuxDevices_getNub(devices, kCPUsPath);
    if (known)
        return known;
    IOPlatformDevice *node = IOPlatformDevice_withName("cpus", NULL);
    IOService        *nub  = nub_publishInPlane(node ? &node->super : NULL, LinuxDevices_getExpert(devices),
                                                IODeviceTree_getPlane(), &IOService_getServiceRoot()->super);
    if (nub && !LinuxDevices_enter(devices, kCPUsPath, nub))
        IOService_terminate(nub, 0);
    OSRelease(nub);
    return LinuxDevices_getNub(devices, kCPUsPath);
}

/* In hertz, as data of 4 bytes as long as that holds it, of 8 beyond. */
static void setFrequency(IOService *nub, struct udev_device *device)
{
    uint64_t kilohertz;
    if (!attribute_getNumber(device, "cpufreq/cpuinfo_max_freq", 10, UINT64_MAX / 1000, &kilohertz))
        return;
    uint64_t hertz = kilohertz * 1000;
    uint8_t  bytes[8];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(hertz >> 8 * i);
    nub_setData(nub, "clock-frequency", bytes, hertz > UINT32_MAX ? 8 : 4);
}

static void describe(IOService *nub, struct udev_device *device, unsigned number)
{
    nub_setString(nub, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    nub_setDataString(nub, "device_type", "cpu");
    nub_setDataString(nub, "compatible", "cpu"); /* no device tree says more */
    nub_setDataString(nub, "cluster-type", "P"); /* the kernel does not tell kinds of cores apart here */
    nub_setData32(nub, "reg", number);
    nub_setNumber(nub, "logical-cpu-id", number, 32);
    nub_setNumberFrom(nub, "logical-cluster-id", device, "topology/physical_package_id", 10, 32);
    setFrequency(nub, device);
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    char       location[16];
    unsigned   number;
    IOService *cpus = cpusNode(devices);
    if (!cpus || sscanf(udev_device_get_sysname(device), "cpu%9u", &number) != 1)
        return NULL;
    snprintf(location, sizeof location, "%x", number);
    IOPlatformDevice *node = IOPlatformDevice_withName(udev_device_get_sysname(device), location);
    if (!node)
        return NULL;
    describe(&node->super, device, number);
    if (!IODeviceTree_setMatchNames(&node->super)) {
        OSRelease(node);
        return NULL;
    }
    return nub_publishInPlane(&node->super, cpus, IODeviceTree_getPlane(), &cpus->super);
}

const LinuxKind LinuxCPUKind = {.subsystem = "cpu", .publish = publish};
