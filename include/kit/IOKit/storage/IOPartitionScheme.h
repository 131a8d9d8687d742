/* SPDX-License-Identifier: MIT */
/* IOPartitionScheme: what divides a medium into media (IOKit/storage/IOPartitionScheme.h). */
#ifndef KIT_IOKIT_STORAGE_IOPARTITIONSCHEME_H
#define KIT_IOKIT_STORAGE_IOPARTITIONSCHEME_H

#include_next <IOKit/storage/IOPartitionScheme.h>

#include <IOKit/storage/IOMedia.h>

OSDeclareBaseClass(IOPartitionScheme);

struct IOPartitionScheme {
    IOStorage super;
};

#define IOPartitionScheme_METHODS IOStorage_METHODS

struct IOPartitionSchemeMethods {
    IOPartitionScheme_METHODS
};

/* The two that matter today: the scheme of a GUID partition table, and that of a master boot record. */
OSDeclareClass(IOGUIDPartitionScheme);
struct IOGUIDPartitionScheme {
    IOPartitionScheme super;
};
OSDeclareClass(IOFDiskPartitionScheme);
struct IOFDiskPartitionScheme {
    IOPartitionScheme super;
};

/* The medium it divides; borrowed, valid from start to stop. */
IOMedia *IOPartitionScheme_getMedia(IOPartitionScheme *self);
/* Publishes one of its partitions: +1, attached and registered; NULL without memory. */
IOMedia *IOPartitionScheme_publish(IOPartitionScheme *self, const IOMediaDescription *description);

#endif
