/* SPDX-License-Identifier: MIT */
/* What libkern's own files share about classes; not for drivers. */
#ifndef SRC_LIBKERN_OSMETACLASSPRIVATE_H
#define SRC_LIBKERN_OSMETACLASSPRIVATE_H

#include <libkern/OSObject.h>

/* Registers libkern's own classes, once; every allocation by class calls it when the class is not registered yet. */
void OSLibkern_initialize(void);

/* Count an instance of exactly this class in and out. */
void OSMetaClass_instanceConstructed(const OSMetaClass *self);
void OSMetaClass_instanceDestructed(const OSMetaClass *self);

#endif
