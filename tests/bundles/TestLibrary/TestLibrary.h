/* SPDX-License-Identifier: MIT */
/* A library bundle with a class to derive from and a function to call. */
#ifndef TESTLIBRARY_H
#define TESTLIBRARY_H

#include <IOKit/IOService.h>

OSDeclareBaseClass(TestFamilyDriver);

struct TestFamilyDriverMethods {
    IOService_METHODS
    /* A number, to see that a subclass's slot is called through this library. */
    int (*answer)(TestFamilyDriver *self);
};

struct TestFamilyDriver {
    IOService super;
};

int TestFamilyDriver_answer(TestFamilyDriver *self);

#endif
