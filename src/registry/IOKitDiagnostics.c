/* SPDX-License-Identifier: MIT */
/*
 * IOKitDiagnostics: an object without state; whoever serialises it gets the numbers of that moment. No locks: the
 * counters are atomic, and the class table has its own.
 */
#include "IOKitDiagnostics.h"

#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>

struct IOKitDiagnostics {
    OSObject super;
};

static bool addBytes(OSDictionary *dict, const char *key, IOAllocationKind kind)
{
    OSNumber *bytes = OSNumber_withNumber(IOAllocatedBytes(kind), 64);
    bool      added = bytes && OSDictionary_setObject(dict, key, OSObjectOf(bytes));
    OSRelease(bytes);
    return added;
}

OSDictionary *IOKitDiagnostics_copyDictionary(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(5);
    bool          ok   = dict && addBytes(dict, "Instance allocation", kIOAllocationInstance) &&
              addBytes(dict, "Container allocation", kIOAllocationContainer) &&
              addBytes(dict, "IOMalloc allocation", kIOAllocationMalloc) &&
              addBytes(dict, "Pageable allocation", kIOAllocationPageable) &&
              OSMetaClass_serializeClassDictionary(dict);
    if (!ok)
        OSSafeReleaseNULL(dict);
    return dict;
}

static bool IOKitDiagnostics_serialize_(const OSObject *self, OSSerialize *serializer)
{
    (void)self;
    OSDictionary *dict = IOKitDiagnostics_copyDictionary();
    bool          done = dict && OSObject_serialize(OSObjectOf(dict), serializer);
    OSRelease(dict);
    return done;
}

OSDefineClass(IOKitDiagnostics, OSObject, .serialize = IOKitDiagnostics_serialize_);

OSObject *IOKitDiagnostics_create(void)
{
    return OSObjectOf(OSTypeAlloc(IOKitDiagnostics));
}
