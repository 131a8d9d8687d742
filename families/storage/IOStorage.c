/* SPDX-License-Identifier: MIT */
/* IOStorage and the list of the family's classes. */
#include <IOKit/storage/IOBlockStorageDriver.h>
#include <IOKit/storage/IOPartitionScheme.h>

#include "IOBlockStorageCounters.h"

OSDefineAbstractBaseClass(IOStorage, IOService);

OSExportClasses(&IOStorage_class, &IOMedia_class, &IOPartitionScheme_class, &IOGUIDPartitionScheme_class,
                &IOFDiskPartitionScheme_class, &IOBlockStorageDevice_class, &IOBlockStorageDriver_class,
                &IOBlockStorageCounters_class);
