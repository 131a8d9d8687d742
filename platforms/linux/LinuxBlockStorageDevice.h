/* SPDX-License-Identifier: MIT */
/* LinuxBlockStorageDevice: a whole block device of the kernel as the nub that the storage family drives. */
#ifndef PLATFORMS_LINUX_LINUXBLOCKSTORAGEDEVICE_H
#define PLATFORMS_LINUX_LINUXBLOCKSTORAGEDEVICE_H

#include <libudev.h>

#include <IOKit/storage/IOBlockStorageDevice.h>

/* A nub for the disk, initialised with its properties, not attached. +1; NULL without memory. */
IOService *LinuxBlockStorageDevice_withDevice(struct udev_device *device);

/* The node of a block device below /dev, "vda1" or "mapper/x"; borrowed from the device. */
const char *LinuxBlock_nodeName(struct udev_device *device);

#endif
