/* SPDX-License-Identifier: MIT */
/* TestDriver: a driver that derives from a class of another bundle. */
#include "TestLibrary.h"

OSDeclareClass(TestDriver);
struct TestDriver {
    TestFamilyDriver super;
};

static int TestDriver_answer(TestFamilyDriver *self)
{
    return 42;
}

OSDefineClass(TestDriver, TestFamilyDriver, .answer = TestDriver_answer);
OSExportClasses(&TestDriver_class);
