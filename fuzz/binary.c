/* SPDX-License-Identifier: MIT */
/* Property lists in the binary form, plain and indexed, read as the host and as the framework reads them. */
#include <stdlib.h>

#include "fuzz.h"
#include "plistRoundTrip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size ? size : 1); /* aligned, and of exactly this size */
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    checkRoundTrip(OSUnserializeBinary(bytes, size, NULL));
    checkRoundTrip(OSUnserializeBinaryWithOptions(bytes, size, kOSUnserializeAnyNumberOfBits));
    free(bytes);
    checkNoLeak();
    return 0;
}
