/* SPDX-License-Identifier: MIT */
/* What libkern's own files share about classes; not for drivers. */
#ifndef SRC_LIBKERN_OSMETACLASSPRIVATE_H
#define SRC_LIBKERN_OSMETACLASSPRIVATE_H

#include <libkern/OSObject.h>

/* Registers libkern's own classes; for OSLibkern_initialize alone. Without memory it panics. */
void OSMetaClass_registerLibkern(const char *identifier, const OSClassList *list);

/* Count an instance of exactly this class in and out. */
void OSMetaClass_instanceConstructed(const OSMetaClass *self);
void OSMetaClass_instanceDestructed(const OSMetaClass *self);

/* OSMetaClass_alloc with extra bytes behind the instance, for a class that ends in text of any length. */
OSObject *OSMetaClass_allocExtended(const OSMetaClass *self, size_t extra);
/* What the free slot of such a class calls in place of OSObject's. */
void OSObject_freeExtended(OSObject *self, size_t extra);

#endif
