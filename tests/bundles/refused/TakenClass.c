/* SPDX-License-Identifier: MIT */
/* A class whose name another bundle has. */
#include <IOKit/IOService.h>

OSDeclareClass(TestFamilyDriver);
struct TestFamilyDriver {
    IOService super;
};

OSDefineClass(TestFamilyDriver, IOService, .stop = NULL);
OSExportClasses(&TestFamilyDriver_class);
