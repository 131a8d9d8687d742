/* SPDX-License-Identifier: MIT */
#ifndef _MACH_BOOLEAN_H
#define _MACH_BOOLEAN_H

#include <mach/mach_types.h>

#endif
