/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CF_FILESCOPE_H
#define TESTS_UNIT_CF_FILESCOPE_H

#include <CoreFoundation/CoreFoundation.h>

CFStringRef fileScopeName(int index);
CFStringRef fileScopeLocal(void);

#endif
