/* SPDX-License-Identifier: MIT */
/*
 * IOBlockStorageCounters: the value of a driver's "Statistics" property: it has no content of its own, but asks the device
 * whenever somebody reads the property, so that a reader always sees the present numbers.
 */
#ifndef FAMILIES_STORAGE_IOBLOCKSTORAGECOUNTERS_H
#define FAMILIES_STORAGE_IOBLOCKSTORAGECOUNTERS_H

#include <IOKit/storage/IOBlockStorageDevice.h>

OSDeclareClass(IOBlockStorageCounters);
struct IOBlockStorageCounters {
    OSObject              super;
    IOBlockStorageDevice *device; /* owned */
};

/* +1; NULL without memory. */
IOBlockStorageCounters *IOBlockStorageCounters_withDevice(IOBlockStorageDevice *device);

#endif
