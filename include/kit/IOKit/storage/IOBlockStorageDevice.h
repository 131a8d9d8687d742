/* SPDX-License-Identifier: MIT */
/*
 * IOBlockStorageDevice: the nub of a device of blocks, with or without a medium in it
 * (IOKit/storage/IOBlockStorageDevice.h). A transport derives from it; IOBlockStorageDriver is its client and learns of
 * changes by kIOMessageMediaStateHasChanged.
 */
#ifndef KIT_IOKIT_STORAGE_IOBLOCKSTORAGEDEVICE_H
#define KIT_IOKIT_STORAGE_IOBLOCKSTORAGEDEVICE_H

#include_next <IOKit/storage/IOBlockStorageDevice.h>

#include <IOKit/storage/IOMedia.h>

/* From the device to its clients: there is, or is no longer, a medium, or it has another size. argument: none. */
#ifndef kIOMessageMediaStateHasChanged
#define kIOMessageMediaStateHasChanged iokit_family_err(sub_iokit_block_storage, 1)
#endif

/* Totals since the device came; times in nanoseconds. */
typedef struct IOBlockStorageStatistics {
    uint64_t bytesRead, bytesWritten;
    uint64_t reads, writes;
    uint64_t readTime, writeTime;
} IOBlockStorageStatistics;

OSDeclareBaseClass(IOBlockStorageDevice);

struct IOBlockStorageDevice {
    IOService super;
};

#define IOBlockStorageDevice_METHODS                                                                                   \
    IOService_METHODS                                                                                                  \
    /* Describes the medium as a whole. False: there is none. Strings in it stay valid while the device lives. */      \
    bool (*getMedia)(IOBlockStorageDevice *self, IOMediaDescription *ret_media);                                       \
    /* False: the device does not count. */                                                                            \
    bool (*getStatistics)(IOBlockStorageDevice *self, IOBlockStorageStatistics *ret_statistics);

struct IOBlockStorageDeviceMethods {
    IOBlockStorageDevice_METHODS
};

/* Any thread; may read the device. */
bool IOBlockStorageDevice_getMedia(IOBlockStorageDevice *self, IOMediaDescription *ret_media);
bool IOBlockStorageDevice_getStatistics(IOBlockStorageDevice *self, IOBlockStorageStatistics *ret_statistics);

#endif
