/* SPDX-License-Identifier: MIT */
/* An executable that is linked to a library with OSModuleClasses and has none of its own. */
#include "TestLibrary.h"

extern const OSMetaClass *const onlyLibraryClasses;
const OSMetaClass *const        onlyLibraryClasses = &TestFamilyDriver_class;
