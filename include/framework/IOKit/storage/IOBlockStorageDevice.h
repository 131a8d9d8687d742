/* SPDX-License-Identifier: MIT */
/* A device that stores blocks (IOKit/storage/IOBlockStorageDevice.h). */
#ifndef _IOKIT_STORAGE_IOBLOCKSTORAGEDEVICE_H
#define _IOKIT_STORAGE_IOBLOCKSTORAGEDEVICE_H

#include <IOKit/IOMessage.h>

/* The class and its properties. */
#define kIOBlockStorageDeviceClass              "IOBlockStorageDevice"
#define kIOBlockStorageDeviceWriteCacheStateKey "WriteCacheState"
#define kIOBlockStorageDeviceTypeKey            "device-type"
#define kIOBlockStorageDeviceTypeGeneric        "Generic"

/* Messages: the medium came or went, or changed its size. */
#define kIOMessageMediaStateHasChanged      iokit_family_msg(sub_iokit_block_storage, 1)
#define kIOMessageMediaParametersHaveChanged iokit_family_msg(sub_iokit_block_storage, 2)

#endif
