/* SPDX-License-Identifier: MIT */
/* TestPlain: a class that a test can make instances of without a registry. */
#include <libkern/OSObject.h>

OSDeclareClass(TestPlain);
struct TestPlain {
    OSObject super;
};

static void TestPlain_free(OSObject *object)
{
    OSObject_super()->free(object);
}

OSDefineClass(TestPlain, OSObject, .free = TestPlain_free);
OSExportClasses(&TestPlain_class);
