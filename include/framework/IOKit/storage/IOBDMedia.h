/* SPDX-License-Identifier: MIT */
/* A Blu-ray disc: the class to match in place of IOMedia (IOKit/storage/IOBDMedia.h). */
#ifndef _IOKIT_STORAGE_IOBDMEDIA_H
#define _IOKIT_STORAGE_IOBDMEDIA_H

#include <IOKit/storage/IOMedia.h>

#define kIOBDMediaClass "IOBDMedia"

#endif
