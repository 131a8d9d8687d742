/* SPDX-License-Identifier: MIT */
/* The start of libkern: its classes are registered on first use, since nothing runs before main. */
#include <libkern/libkern.h>

#include <libkern/OSSerialize.h>

#include <pthread.h>

#include "OSMetaClassPrivate.h"

static OSMetaClass *const classes[] = {
    &OSObject_class,
    &OSMetaClass_class,
    &OSCollection_class,
    &OSIterator_class,
    &OSString_class,
    &OSSymbol_class,
    &OSNumber_class,
    &OSBoolean_class,
    &OSData_class,
    &OSArray_class,
    &OSSet_class,
    &OSOrderedSet_class,
    &OSDictionary_class,
    &OSCollectionIterator_class,
    &OSSerialize_class,
    &OSSerializer_class,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void registerClasses(void)
{
    const OSClassList list = {classes, sizeof classes / sizeof classes[0]};
    OSMetaClass_registerLibkern("com.apple.kpi.libkern", &list);
    OSMetaClass_instanceConstructed(&OSBoolean_class); /* the two static ones */
    OSMetaClass_instanceConstructed(&OSBoolean_class);
}

void OSLibkern_initialize(void)
{
    pthread_once(&once, registerClasses);
}
