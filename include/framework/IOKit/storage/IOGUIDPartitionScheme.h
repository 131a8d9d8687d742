/* SPDX-License-Identifier: MIT */
/* The driver for GUID partition tables (IOKit/storage/IOGUIDPartitionScheme.h). */
#ifndef _IOKIT_STORAGE_IOGUIDPARTITIONSCHEME_H
#define _IOKIT_STORAGE_IOGUIDPARTITIONSCHEME_H

#include <IOKit/storage/IOPartitionScheme.h>

/* The class. */
#define kIOGUIDPartitionSchemeClass "IOGUIDPartitionScheme"

/* The table's UUID, a string, and a partition's attributes, a number. */
#define kIOGUIDPartitionSchemeUUIDKey     "UUID"
#define kIOMediaGPTPartitionAttributesKey "GPT Attributes"

#endif
