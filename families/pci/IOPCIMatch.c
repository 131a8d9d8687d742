/* SPDX-License-Identifier: MIT */
/* Parses "0x12378086&0xfffeffff 0x70008086": SEMANTICS 3.53 to 3.55. */
#include "IOPCIMatch.h"

#include <stdlib.h>

bool IOPCIMatch_wordMatches(const char *text, uint32_t defaultMask, uint32_t value)
{
    for (;;) {
        char    *end;
        uint32_t wanted = (uint32_t)strtoul(text, &end, 16);
        uint32_t mask   = defaultMask;
        if (end == text)
            return false;
        for (text = end; *text == ' ';)
            text++;
        if (*text == '&') {
            mask = (uint32_t)strtoul(text + 1, &end, 16);
            if (end == text + 1)
                return false;
            text = end;
        }
        if ((value & mask) == (wanted & mask))
            return true;
    }
}
