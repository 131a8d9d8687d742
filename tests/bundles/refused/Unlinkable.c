/* SPDX-License-Identifier: MIT */
/* Uses TestLibrary's code; its Info.plist does not say so. */
#include "TestLibrary.h"

OSDeclareClass(Unlinkable);
struct Unlinkable {
    TestFamilyDriver super;
};

OSDefineClass(Unlinkable, TestFamilyDriver, .answer = NULL);
OSExportClasses(&Unlinkable_class);
