/* SPDX-License-Identifier: MIT */
/* The kinds of Linux devices that become services, each in the file of its subsystem; kinds.c has their list. */
#ifndef PLATFORMS_LINUX_KINDS_H
#define PLATFORMS_LINUX_KINDS_H

#include "LinuxDevices.h"

/* Nubs of the families that this platform derives, for the bundle's list of classes. */
OSDeclareClass(LinuxPCIBridge);
OSDeclareClass(LinuxBlockStorageDevice);

extern const LinuxKind LinuxPCIKind;
extern const LinuxKind LinuxUSBDeviceKind;
extern const LinuxKind LinuxUSBInterfaceKind;
extern const LinuxKind LinuxDiskKind;
extern const LinuxKind LinuxPartitionKind;
extern const LinuxKind LinuxNetworkKind;
extern const LinuxKind LinuxTTYKind;
extern const LinuxKind LinuxHIDKind;
extern const LinuxKind LinuxInputKind;
extern const LinuxKind LinuxSoundKind;
extern const LinuxKind LinuxGraphicsKind;
extern const LinuxKind LinuxPowerSupplyKind;
extern const LinuxKind LinuxThermalKind;
extern const LinuxKind LinuxCPUKind;

#endif
