/* SPDX-License-Identifier: MIT */
/* A DVD: the class to match in place of IOMedia (IOKit/storage/IODVDMedia.h). */
#ifndef _IOKIT_STORAGE_IODVDMEDIA_H
#define _IOKIT_STORAGE_IODVDMEDIA_H

#include <IOKit/storage/IOMedia.h>

#define kIODVDMediaClass "IODVDMedia"

#endif
