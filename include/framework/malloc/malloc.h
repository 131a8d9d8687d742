/* SPDX-License-Identifier: MIT */
#ifndef _MALLOC_MALLOC_H_
#define _MALLOC_MALLOC_H_

#include <malloc.h>
#include <stddef.h>

/* The usable bytes of a block of malloc; at least what was asked for. */
static inline size_t malloc_size(const void *ptr)
{
    return malloc_usable_size((void *)ptr);
}

#endif
