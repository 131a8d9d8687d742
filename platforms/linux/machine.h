/* SPDX-License-Identifier: MIT */
/* The machine itself: the properties of IOPlatformExpertDevice. */
#ifndef PLATFORMS_LINUX_MACHINE_H
#define PLATFORMS_LINUX_MACHINE_H

#include <libudev.h>

#include <IOKit/IOService.h>

/*
 * Sets model, manufacturer, version, board-id, IOPlatformSerialNumber and IOPlatformUUID of the platform's device, as
 * far as this process may read them: from DMI, else from the flattened device tree, else from uname and /etc/machine-id.
 * Names the device after its model.
 */
void machine_describe(IOService *platformDevice, struct udev *udev);

#endif
