/* SPDX-License-Identifier: MIT */
/* Its personality wants another class. */
#include <IOKit/IOService.h>

OSDeclareClass(PresentClass);
struct PresentClass {
    IOService super;
};

OSDefineClass(PresentClass, IOService, .stop = NULL);
OSExportClasses(&PresentClass_class);
