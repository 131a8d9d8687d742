/* SPDX-License-Identifier: MIT */
/* The interned keys of matching; made once, never given back. */
#include "service/IOServicePrivate.h"

#include <IOKit/IOBSD.h>
#include <IOKit/IOKitKeysPrivate.h>

ServiceKeys serviceKeys;

bool serviceKeys_initialize(void)
{
#define SERVICE_KEY_MAKE(name, text)                                                                                   \
    if (!serviceKeys.name && !(serviceKeys.name = OSSymbol_withCString(text)))                                         \
        return false;
    SERVICE_KEYS(SERVICE_KEY_MAKE)
#undef SERVICE_KEY_MAKE
    return true;
}
