/* SPDX-License-Identifier: MIT */
/* The system's stdlib.h, and what macOS's has besides. */
#include_next <stdlib.h>

#ifndef OPENIOKIT_DARWIN_STDLIB_H
#define OPENIOKIT_DARWIN_STDLIB_H

#include <errno.h>

/* The program's name without its folder. */
static inline const char *openiokit_getprogname(void)
{
    extern char *program_invocation_short_name;
    return program_invocation_short_name;
}

/* realloc that frees the block when it fails. */
static inline void *openiokit_reallocf(void *address, size_t size)
{
    void *grown = realloc(address, size);
    if (!grown && size)
        free(address);
    return grown;
}

#define getprogname openiokit_getprogname
#define reallocf    openiokit_reallocf

#endif
