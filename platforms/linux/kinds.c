/* SPDX-License-Identifier: MIT */
/* The list LinuxDevices.c asks: adding a kind of device adds a line here and a file. */
#include "kinds.h"

const LinuxKind *const LinuxKinds[] = {
    &LinuxPCIKind,
    &LinuxUSBDeviceKind,
    &LinuxUSBInterfaceKind,
    &LinuxDiskKind,
    &LinuxPartitionKind,
    &LinuxNetworkKind,
    &LinuxTTYKind,
    &LinuxHIDKind,
    &LinuxInputKind,
    &LinuxSoundKind,
    &LinuxGraphicsKind,
    &LinuxPowerSupplyKind,
    &LinuxThermalKind,
    &LinuxCPUKind,
    NULL,
};
