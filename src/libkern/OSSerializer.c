/* SPDX-License-Identifier: MIT */
/* OSSerializer: an object that is serialised by a function. Its fields are constant; no lock; it owns nothing. */
#include <libkern/OSSerialize.h>

OSSerializer *OSSerializer_forTarget(void *target, OSSerializerCallback callback, void *reference)
{
    OSSerializer *self = OSTypeAlloc(OSSerializer);
    if (self) {
        self->target    = target;
        self->reference = reference;
        self->callback  = callback;
    }
    return self;
}

static bool OSSerializer_serialize(const OSObject *object, OSSerialize *serializer)
{
    OSSerializer *self = OSRequiredCast(OSSerializer, object);
    return self->callback(self->target, self->reference, serializer);
}

OSDefineClass(OSSerializer, OSObject, .serialize = OSSerializer_serialize);
