/* SPDX-License-Identifier: MIT */
/* Property lists in XML: OSUnserializeXMLSized, which needs a NUL at the end and is given none now and then. */
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
    checkRoundTrip(OSUnserializeXML(text, &error));
    OSSafeReleaseNULL(error);
    free(text);
    OSRelease(OSUnserializeXMLSized((const char *)data, size, &error));
    OSRelease(error);
    checkNoLeak();
    return 0;
}
