/* SPDX-License-Identifier: MIT */
/*
 * IOMedia: a disk, or a contiguous part of one (IOKit/storage/IOMedia.h). Its properties are made from IOMediaDescription;
 * matching compares Content, Content Hint, Ejectable, Leaf, Open, Preferred Block Size, Removable, Size, UUID, Whole
 * and Writable exactly (SEMANTICS 3.62).
 */
#ifndef KIT_IOKIT_STORAGE_IOMEDIA_H
#define KIT_IOKIT_STORAGE_IOMEDIA_H

#include_next <IOKit/storage/IOMedia.h>

#include <IOKit/storage/IOStorage.h>

OSDeclareBaseClass(IOMedia);

struct IOMedia {
    IOStorage super;
};

#define IOMedia_METHODS IOStorage_METHODS

struct IOMediaMethods {
    IOMedia_METHODS
};

/* Strings are borrowed during the call; NULL: the property is left out. */
typedef struct IOMediaDescription {
    const char *name;        /* of the registry entry */
    const char *location;    /* of the registry entry */
    const char *bsdName;     /* the node in /dev */
    const char *content;     /* also the hint */
    const char *uuid;
    uint64_t    size;        /* bytes */
    uint32_t    blockSize;   /* bytes */
    uint32_t    major, minor; /* of the node */
    uint32_t    unit;         /* the disk's number, the same for its partitions */
    uint32_t    partitionID;  /* only of a partition */
    bool        isPartition;  /* else the whole disk */
    bool        isWritable, isRemovable, isEjectable;
} IOMediaDescription;

/* Initialises a medium; it is neither attached nor registered. False without memory. */
bool IOMedia_initWithDescription(IOMedia *self, const IOMediaDescription *description);

/* Says that there are, or are no longer, partitions on it: the property Leaf. */
void IOMedia_setLeaf(IOMedia *self, bool isLeaf);
/* Says that it can, or can no longer, be written: the property Writable. */
void IOMedia_setWritable(IOMedia *self, bool isWritable);
/* What kind of data it has: the property Content; the hint stays what it was. */
void IOMedia_setContent(IOMedia *self, const char *content);

#endif
