/* SPDX-License-Identifier: MIT */
/* A good driver on a library that cannot be loaded. */
#include <IOKit/IOService.h>

OSDeclareClass(OnUnlinkable);
struct OnUnlinkable {
    IOService super;
};

OSDefineClass(OnUnlinkable, IOService, .stop = NULL);
OSExportClasses(&OnUnlinkable_class);
