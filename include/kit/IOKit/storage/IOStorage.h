/* SPDX-License-Identifier: MIT */
/*
 * IOStorage: the common base of media and of what sits on them (IOKit/storage/IOStorage.h). Keys are in the framework's
 * header of the same name, which this one includes.
 */
#ifndef KIT_IOKIT_STORAGE_IOSTORAGE_H
#define KIT_IOKIT_STORAGE_IOSTORAGE_H

#include_next <IOKit/storage/IOStorage.h>

#include <IOKit/IOService.h>

OSDeclareBaseClass(IOStorage);

struct IOStorage {
    IOService super;
};

#define IOStorage_METHODS IOService_METHODS

struct IOStorageMethods {
    IOStorage_METHODS
};

#endif
