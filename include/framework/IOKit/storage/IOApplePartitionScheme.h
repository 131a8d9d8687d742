/* SPDX-License-Identifier: MIT */
/* The driver for Apple partition maps (IOKit/storage/IOApplePartitionScheme.h). */
#ifndef _IOKIT_STORAGE_IOAPPLEPARTITIONSCHEME_H
#define _IOKIT_STORAGE_IOAPPLEPARTITIONSCHEME_H

#include <IOKit/storage/IOPartitionScheme.h>

/* The class. */
#define kIOApplePartitionSchemeClass "IOApplePartitionScheme"

#endif
