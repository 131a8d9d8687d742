/* SPDX-License-Identifier: MIT */
/*
 * The messages that a service sends to its clients and to those interested in it (IOKit/IOMessage.h). A number is laid
 * out like an IOReturn: a family's messages carry its subsystem.
 */
#ifndef _IOKIT_IOMESSAGE_H
#define _IOKIT_IOMESSAGE_H

#include <IOKit/IOReturn.h>
#include <IOKit/IOTypes.h>

typedef UInt32 IOMessage;

#define iokit_common_msg(message)          ((UInt32)(sys_iokit | sub_iokit_common | (message)))
#define iokit_family_msg(sub, message)     ((UInt32)(sys_iokit | (sub) | (message)))
#define iokit_vendor_specific_msg(message) ((UInt32)(sys_iokit | sub_iokit_vendor_specific | (message)))

/* The life of a service, and opening and closing it. */
#define kIOMessageServiceIsTerminated      iokit_common_msg(0x010)
#define kIOMessageServiceIsSuspended       iokit_common_msg(0x020)
#define kIOMessageServiceIsResumed         iokit_common_msg(0x030)
#define kIOMessageServiceIsRequestingClose iokit_common_msg(0x100)
#define kIOMessageServiceIsAttemptingOpen  iokit_common_msg(0x101)
#define kIOMessageServiceWasClosed         iokit_common_msg(0x110)
#define kIOMessageServiceBusyStateChange   iokit_common_msg(0x120)
#define kIOMessageConsoleSecurityChange    iokit_common_msg(0x128)
#define kIOMessageServicePropertyChange    iokit_common_msg(0x130)
#define kIOMessageCopyClientID             iokit_common_msg(0x330)
#define kIOMessageSystemCapabilityChange   iokit_common_msg(0x340)
#define kIOMessageDeviceSignaledWakeup     iokit_common_msg(0x350)
#define kIOMessageTaskAppSuspendedChange   iokit_common_msg(0x800)

/* Power of a device. The kit sends the first two; the others are for families that want them. */
#define kIOMessageDeviceWillPowerOff    iokit_common_msg(0x210)
#define kIOMessageDeviceHasPoweredOn    iokit_common_msg(0x230)
#define kIOMessageCanDevicePowerOff     iokit_common_msg(0x200)
#define kIOMessageDeviceWillNotPowerOff iokit_common_msg(0x220)
#define kIOMessageDeviceWillPowerOn     iokit_common_msg(0x215)
#define kIOMessageDeviceHasPoweredOff   iokit_common_msg(0x225)

/* Power of the machine: off and restart go to drivers only, sleep and wake to programs too. */
#define kIOMessageSystemWillPowerOff iokit_common_msg(0x250)
#define kIOMessageSystemWillRestart  iokit_common_msg(0x310)
#define kIOMessageSystemPagingOff    iokit_common_msg(0x255)
#define kIOMessageCanSystemSleep     iokit_common_msg(0x270)
#define kIOMessageSystemWillNotSleep iokit_common_msg(0x290)
#define kIOMessageSystemWillSleep    iokit_common_msg(0x280)
#define kIOMessageSystemWillPowerOn  iokit_common_msg(0x320)
#define kIOMessageSystemHasPoweredOn iokit_common_msg(0x300)

/* No longer sent. */
#define kIOMessageSystemWillNotPowerOff iokit_common_msg(0x260)
#define kIOMessageCanSystemPowerOff     iokit_common_msg(0x240)

#endif
