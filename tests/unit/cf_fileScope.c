/* SPDX-License-Identifier: MIT */
/* Compiled by clang, whatever compiles the rest: constant strings at file scope, as caffeinate has them. */
#include "cf_fileScope.h"

static CFStringRef const names[] = {CFSTR("file scope"), CFSTR("caf\xc3\xa9")};

CFStringRef fileScopeName(int index)
{
    return names[index];
}

CFStringRef fileScopeLocal(void)
{
    return CFSTR("file scope");
}
