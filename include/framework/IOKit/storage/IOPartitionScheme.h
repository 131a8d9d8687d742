/* SPDX-License-Identifier: MIT */
/* The driver that publishes the partitions of a medium (IOKit/storage/IOPartitionScheme.h). */
#ifndef _IOKIT_STORAGE_IOPARTITIONSCHEME_H
#define _IOKIT_STORAGE_IOPARTITIONSCHEME_H

#include <IOKit/storage/IOStorage.h>

/* The class. */
#define kIOPartitionSchemeClass "IOPartitionScheme"

/* Properties of a partition: its first byte, whether it can be changed, its number. */
#define kIOMediaBaseKey        "Base"
#define kIOMediaLiveKey        "Live"
#define kIOMediaPartitionIDKey "Partition ID"

#endif
