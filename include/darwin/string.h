/* SPDX-License-Identifier: MIT */
/* The system's string.h, and what macOS's has besides. */
#include_next <string.h>

#ifndef OPENIOKIT_DARWIN_STRING_H
#define OPENIOKIT_DARWIN_STRING_H

/* Copies as much of from as size allows, always with a NUL when size is not 0; returns the length of from. */
static inline size_t openiokit_strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from);
    if (size) {
        size_t count = length < size ? length : size - 1;
        memcpy(to, from, count);
        to[count] = 0;
    }
    return length;
}

/* Appends likewise; returns the length that the whole text would have. */
static inline size_t openiokit_strlcat(char *to, const char *from, size_t size)
{
    size_t length = strnlen(to, size);
    return length == size ? size + strlen(from) : length + openiokit_strlcpy(to + length, from, size - length);
}

/* strstr within the first length bytes. */
static inline char *openiokit_strnstr(const char *text, const char *wanted, size_t length)
{
    size_t count = strlen(wanted);
    length       = strnlen(text, length);
    for (; length >= count; text++, length--)
        if (memcmp(text, wanted, count) == 0)
            return (char *)text;
    return NULL;
}

#define strlcpy openiokit_strlcpy
#define strlcat openiokit_strlcat
#define strnstr openiokit_strnstr

#endif
