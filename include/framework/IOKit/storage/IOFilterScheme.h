/* SPDX-License-Identifier: MIT */
/* A driver that publishes one medium on top of others (IOKit/storage/IOFilterScheme.h). */
#ifndef _IOKIT_STORAGE_IOFILTERSCHEME_H
#define _IOKIT_STORAGE_IOFILTERSCHEME_H

#include <IOKit/storage/IOStorage.h>

/* The class. */
#define kIOFilterSchemeClass "IOFilterScheme"

#endif
