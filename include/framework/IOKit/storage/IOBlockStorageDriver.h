/* SPDX-License-Identifier: MIT */
/*
 * The driver between a block device and its medium, which counts what passes (IOKit/storage/IOBlockStorageDriver.h).
 */
#ifndef _IOKIT_STORAGE_IOBLOCKSTORAGEDRIVER_H
#define _IOKIT_STORAGE_IOBLOCKSTORAGEDRIVER_H

#include <IOKit/storage/IOStorage.h>

/* The class. */
#define kIOBlockStorageDriverClass "IOBlockStorageDriver"

/* A dictionary of numbers that only grow: bytes, counts, and times in nanoseconds. */
#define kIOBlockStorageDriverStatisticsKey                "Statistics"
#define kIOBlockStorageDriverStatisticsBytesReadKey       "Bytes (Read)"
#define kIOBlockStorageDriverStatisticsBytesWrittenKey    "Bytes (Write)"
#define kIOBlockStorageDriverStatisticsReadErrorsKey      "Errors (Read)"
#define kIOBlockStorageDriverStatisticsWriteErrorsKey     "Errors (Write)"
#define kIOBlockStorageDriverStatisticsLatentReadTimeKey  "Latency Time (Read)"
#define kIOBlockStorageDriverStatisticsLatentWriteTimeKey "Latency Time (Write)"
#define kIOBlockStorageDriverStatisticsReadsKey           "Operations (Read)"
#define kIOBlockStorageDriverStatisticsWritesKey          "Operations (Write)"
#define kIOBlockStorageDriverStatisticsReadRetriesKey     "Retries (Read)"
#define kIOBlockStorageDriverStatisticsWriteRetriesKey    "Retries (Write)"
#define kIOBlockStorageDriverStatisticsTotalReadTimeKey   "Total Time (Read)"
#define kIOBlockStorageDriverStatisticsTotalWriteTimeKey  "Total Time (Write)"

/* Whether there is a medium. */
enum {
    kIOMediaStateOffline = 0,
    kIOMediaStateOnline  = 1,
    kIOMediaStateBusy    = 2,
};

#endif
