/* SPDX-License-Identifier: MIT */
/* What whole disks, partitions and the drivers between them have in common (IOKit/storage/IOStorage.h). */
#ifndef _IOKIT_STORAGE_IOSTORAGE_H
#define _IOKIT_STORAGE_IOSTORAGE_H

/* The class, and the match category of those that take exclusive care of a medium's content. */
#define kIOStorageClass    "IOStorage"
#define kIOStorageCategory "IOStorage"

/* A dictionary of what the device can do, each true or absent. */
#define kIOStorageFeaturesKey            "IOStorageFeatures"
#define kIOStorageFeatureBarrier         "Barrier"
#define kIOStorageFeatureForceUnitAccess "Force Unit Access"
#define kIOStorageFeaturePriority        "Priority"
#define kIOStorageFeatureUnmap           "Unmap"

#endif
