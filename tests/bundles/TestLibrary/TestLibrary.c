/* SPDX-License-Identifier: MIT */
/* TestLibrary: what a family is to the catalogue: a bundle without personalities that others depend on. */
#include "TestLibrary.h"

static int TestFamilyDriver_answer_(TestFamilyDriver *self)
{
    return 0;
}

int TestFamilyDriver_answer(TestFamilyDriver *self)
{
    return OSMethodsOf(TestFamilyDriver, self)->answer(self);
}

OSDefineBaseClass(TestFamilyDriver, IOService, .answer = TestFamilyDriver_answer_);
OSExportClasses(&TestFamilyDriver_class);
