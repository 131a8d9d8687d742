/* SPDX-License-Identifier: MIT */
/* A compact disc: the class to match in place of IOMedia (IOKit/storage/IOCDMedia.h). */
#ifndef _IOKIT_STORAGE_IOCDMEDIA_H
#define _IOKIT_STORAGE_IOCDMEDIA_H

#include <IOKit/storage/IOMedia.h>

#define kIOCDMediaClass "IOCDMedia"

#endif
