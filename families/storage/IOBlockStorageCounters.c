/* SPDX-License-Identifier: MIT */
/* The live statistics property. */
#include "IOBlockStorageCounters.h"

#include <IOKit/storage/IOBlockStorageDriver.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>

IOBlockStorageCounters *IOBlockStorageCounters_withDevice(IOBlockStorageDevice *device)
{
    IOBlockStorageCounters *self = OSTypeAlloc(IOBlockStorageCounters);
    if (self)
        self->device = OSRetain(device);
    return self;
}

static void IOBlockStorageCounters_free(OSObject *object)
{
    IOBlockStorageCounters *self = OSRequiredCast(IOBlockStorageCounters, object);
    OSSafeReleaseNULL(self->device);
    OSObject_super()->free(object);
}

static bool addCount(OSDictionary *counts, const char *key, uint64_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 64);
    bool      done   = number && OSDictionary_setObject(counts, key, OSObjectOf(number));
    OSRelease(number);
    return done;
}

static bool fill(OSDictionary *counts, const IOBlockStorageStatistics *totals)
{
    return addCount(counts, kIOBlockStorageDriverStatisticsBytesReadKey, totals->bytesRead) &&
           addCount(counts, kIOBlockStorageDriverStatisticsBytesWrittenKey, totals->bytesWritten) &&
           addCount(counts, kIOBlockStorageDriverStatisticsReadsKey, totals->reads) &&
           addCount(counts, kIOBlockStorageDriverStatisticsWritesKey, totals->writes) &&
           addCount(counts, kIOBlockStorageDriverStatisticsTotalReadTimeKey, totals->readTime) &&
           addCount(counts, kIOBlockStorageDriverStatisticsTotalWriteTimeKey, totals->writeTime) &&
           addCount(counts, kIOBlockStorageDriverStatisticsLatentReadTimeKey, 0) &&
           addCount(counts, kIOBlockStorageDriverStatisticsLatentWriteTimeKey, 0) &&
           addCount(counts, kIOBlockStorageDriverStatisticsReadErrorsKey, 0) &&
           addCount(counts, kIOBlockStorageDriverStatisticsWriteErrorsKey, 0) &&
           addCount(counts, kIOBlockStorageDriverStatisticsReadRetriesKey, 0) &&
           addCount(counts, kIOBlockStorageDriverStatisticsWriteRetriesKey, 0);
}

static bool IOBlockStorageCounters_serialize(const OSObject *object, OSSerialize *serializer)
{
    IOBlockStorageCounters  *self   = OSRequiredCast(IOBlockStorageCounters, object);
    IOBlockStorageStatistics totals = {0};
    OSDictionary            *counts = OSDictionary_withCapacity(12);
    (void)IOBlockStorageDevice_getStatistics(self->device, &totals); /* a device that went away counted nothing */
    bool done = counts && fill(counts, &totals) && OSObject_serialize(OSObjectOf(counts), serializer);
    OSRelease(counts);
    return done;
}

OSDefineClass(IOBlockStorageCounters, OSObject, .free = IOBlockStorageCounters_free,
              .serialize = IOBlockStorageCounters_serialize);
