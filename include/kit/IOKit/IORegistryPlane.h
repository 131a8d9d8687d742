/* SPDX-License-Identifier: MIT */
/*
 * IORegistryPlane: one of the registry's trees over the same entries (IOKit/IORegistryEntry.h; SEMANTICS 2.1).
 * Made by IORegistryEntry_makePlane; a plane lives as long as the host. It serialises as its name.
 */
#ifndef _IOKIT_IOREGISTRYPLANE_H
#define _IOKIT_IOREGISTRYPLANE_H

#include <libkern/OSObject.h>

OSDeclareClass(IORegistryPlane);

struct IORegistryPlane {
    OSObject        super;
    const OSSymbol *nameKey; /* owned; constant */
};

/* "IOService", ...: borrowed, as long-lived as the plane. Any thread. Apple: the field nameKey, not a method. */
const char *IORegistryPlane_getName(const IORegistryPlane *self);

#endif
