/* SPDX-License-Identifier: MIT */
/*
 * OSBoolean: two static objects, so that nobody has to allocate, or wait for an initialisation, to say true or false.
 * The class's record is written out for the same reason: its table and its ancestors are complete from the start.
 */
#include <libkern/OSBoolean.h>
#include <libkern/OSSerialize.h>

#include <IOKit/IOLib.h>

#include "OSBooleanPrivate.h"

static const OSMetaClass *OSBoolean_getMetaClass_(const OSObject *object)
{
    (void)object;
    return &OSBoolean_class;
}

static void OSBoolean_free_(OSObject *object)
{
    panic("the OSBoolean %s freed", object->detail ? "true" : "false");
}

static bool OSBoolean_isEqualTo_(const OSObject *object, const OSObject *other)
{
    return object == other;
}

static bool OSBoolean_serialize_(const OSObject *object, OSSerialize *serializer)
{
    if (OSSerialize_isBinary(serializer))
        return OSSerialize_binarySerialize(serializer, object);
    return OSSerialize_addString(serializer, object->detail ? "<true/>" : "<false/>");
}

static const OSBooleanMethods OSBoolean_overrides = {
    .getMetaClass = OSBoolean_getMetaClass_,
    .free         = OSBoolean_free_,
    .isEqualTo    = OSBoolean_isEqualTo_,
    .serialize    = OSBoolean_serialize_,
};
static OSBooleanMethods OSBoolean_table = {
    .getMetaClass = OSBoolean_getMetaClass_,
    .free         = OSBoolean_free_,
    .isEqualTo    = OSBoolean_isEqualTo_,
    .serialize    = OSBoolean_serialize_,
};

OSMetaClass OSBoolean_class = {
    .super         = OSMetaClass_pegged,
    .name          = "OSBoolean",
    .superClass    = &OSObject_class,
    .instanceSize  = sizeof(OSBoolean),
    .tableSize     = sizeof(OSBooleanMethods),
    .overrides     = &OSBoolean_overrides,
    .table         = &OSBoolean_table,
    .isAbstract    = true, /* there are no others */
    .depth         = 1,
    .ancestors     = {&OSObject_class, &OSBoolean_class},
};

OSDefineSuper(OSBoolean);

OSBoolean OSBoolean_trueObject  = {.super = {.super       = {(const OSObjectMethods *)(const void *)&OSBoolean_table},
                                          .retainCount = 0xfffe,
                                          .detail      = true}};
OSBoolean OSBoolean_falseObject = {.super = {.super       = {(const OSObjectMethods *)(const void *)&OSBoolean_table},
                                          .retainCount = 0xfffe,
                                          .detail      = false}};

OSBoolean *const kOSBooleanTrue  = &OSBoolean_trueObject;
OSBoolean *const kOSBooleanFalse = &OSBoolean_falseObject;

OSBoolean *OSBoolean_withBoolean(bool value)
{
    return value ? kOSBooleanTrue : kOSBooleanFalse;
}

bool OSBoolean_getValue(const OSBoolean *self)
{
    return self->super.detail;
}

bool OSBoolean_isTrue(const OSBoolean *self)
{
    return OSBoolean_getValue(self);
}

bool OSBoolean_isFalse(const OSBoolean *self)
{
    return !OSBoolean_getValue(self);
}

bool OSBoolean_isEqualTo(const OSBoolean *self, const OSObject *other)
{
    return OSObject_isEqualTo(OSObjectOf(self), other);
}
