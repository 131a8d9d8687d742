/* SPDX-License-Identifier: MIT */
/* The registry root's IOKitDiagnostics, for ioclasscount and ioalloccount. */
#ifndef TOOLS_COMMON_DIAGNOSTICS_H
#define TOOLS_COMMON_DIAGNOSTICS_H

#include <CoreFoundation/CoreFoundation.h>

#include "tool.h"

/* The dictionary, +1. Exits with EX_OSERR and a message when the host cannot be reached or has none. */
CFDictionaryRef diagnostics_copy(const tool *self);

#endif
