/* SPDX-License-Identifier: MIT */
/* Property lists in the old form. */
#include <stdlib.h>

#include "fuzz.h"
#include "plistRoundTrip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OSString *error = NULL;
    char     *text  = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    checkRoundTrip(OSUnserialize(text, &error));
    OSRelease(error);
    free(text);
    checkNoLeak();
    return 0;
}
