/* SPDX-License-Identifier: MIT */
/*
 * A disk or a part of one: the service class IOMedia and its properties (IOKit/storage/IOMedia.h). Its node is the
 * property "BSD Name" (IOKit/IOBSD.h).
 */
#ifndef _IOKIT_STORAGE_IOMEDIA_H
#define _IOKIT_STORAGE_IOMEDIA_H

#include <IOKit/storage/IOStorage.h>

/* The class. */
#define kIOMediaClass "IOMedia"

/* What is on it: a type or UUID as a string, as found and as the partition table says; a mask for partition schemes. */
#define kIOMediaContentKey     "Content"
#define kIOMediaContentHintKey "Content Hint"
#define kIOMediaContentMaskKey "Content Mask"
#define kIOMediaUUIDKey        "UUID"

/* Sizes: numbers of bytes. */
#define kIOMediaSizeKey               "Size"
#define kIOMediaPreferredBlockSizeKey "Preferred Block Size"

/* Booleans. Whole: not a partition. Leaf: not partitioned. */
#define kIOMediaEjectableKey "Ejectable"
#define kIOMediaRemovableKey "Removable"
#define kIOMediaWholeKey     "Whole"
#define kIOMediaLeafKey      "Leaf"
#define kIOMediaOpenKey      "Open"
#define kIOMediaWritableKey  "Writable"

/* How to show it. */
#define kIOMediaIconKey               "IOMediaIcon"
#define kIOMediaInvalidStartupDiskKey "Invalid Startup Disk"

/* Attributes. */
enum {
    kIOMediaAttributeEjectableMask = 0x00000001,
    kIOMediaAttributeRemovableMask = 0x00000002,
};

#endif
