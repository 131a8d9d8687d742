/* SPDX-License-Identifier: MIT */
/*
 * IOBlockStorageDriver: the driver of every IOBlockStorageDevice: publishes the medium, follows its coming and going,
 * counts what passes (IOKit/storage/IOBlockStorageDriver.h).
 */
#ifndef KIT_IOKIT_STORAGE_IOBLOCKSTORAGEDRIVER_H
#define KIT_IOKIT_STORAGE_IOBLOCKSTORAGEDRIVER_H

#include_next <IOKit/storage/IOBlockStorageDriver.h>

#include <IOKit/storage/IOBlockStorageDevice.h>

OSDeclareBaseClass(IOBlockStorageDriver);

struct IOBlockStorageDriver {
    IOService             super;
    IOBlockStorageDevice *device;     /* borrowed: the provider, from start to stop */
    IOMedia              *media;      /* owned; under the driver's arbitration; NULL: no medium */
    uint64_t              mediaBytes; /* under the driver's arbitration */
};

#define IOBlockStorageDriver_METHODS IOService_METHODS

struct IOBlockStorageDriverMethods {
    IOBlockStorageDriver_METHODS
};

#endif
