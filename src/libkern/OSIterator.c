/* SPDX-License-Identifier: MIT */
/* OSIterator: the calls to its three methods, which each iterator class defines. */
#include <libkern/OSIterator.h>

#include <IOKit/IOLib.h>

void OSIterator_reset(OSIterator *self)
{
    OSMethodsOf(OSIterator, self)->reset(self);
}

bool OSIterator_isValid(OSIterator *self)
{
    return OSMethodsOf(OSIterator, self)->isValid(self);
}

OSObject *OSIterator_getNextObject(OSIterator *self)
{
    return OSMethodsOf(OSIterator, self)->getNextObject(self);
}

static void __attribute__((noreturn)) panicUndefined(const OSIterator *self, const char *method)
{
    panic("%s does not define %s", OSObject_getClassName(OSObjectOf(self)), method);
}

static void OSIterator_reset_(OSIterator *self)
{
    panicUndefined(self, "reset");
}

static bool OSIterator_isValid_(OSIterator *self)
{
    panicUndefined(self, "isValid");
}

static OSObject *OSIterator_getNextObject_(OSIterator *self)
{
    panicUndefined(self, "getNextObject");
}

OSDefineAbstractBaseClass(OSIterator, OSObject,
    .reset         = OSIterator_reset_,
    .isValid       = OSIterator_isValid_,
    .getNextObject = OSIterator_getNextObject_);
