/* SPDX-License-Identifier: MIT */
/* IOKitDiagnostics: the root property of that name, whose value is made when it is asked for (SEMANTICS 2.5). */
#ifndef SRC_REGISTRY_IOKITDIAGNOSTICS_H
#define SRC_REGISTRY_IOKITDIAGNOSTICS_H

#include <libkern/OSObject.h>

OSDeclareClass(IOKitDiagnostics);

/* +1; NULL without memory. It serialises as IOKitDiagnostics_copyDictionary. Any thread. */
OSObject *IOKitDiagnostics_create(void);

/* The present numbers: bytes allocated, by kind, and "Classes", each class's instances. +1; NULL without memory. */
OSDictionary *IOKitDiagnostics_copyDictionary(void) OS_RETURNS_RETAINED;

#endif
