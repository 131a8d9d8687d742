/* SPDX-License-Identifier: MIT */
/* What stands inside the elements of a property list in XML, and a buffer to decode it into. */
#ifndef _LIBKERN_PLISTTEXT_H
#define _LIBKERN_PLISTTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer that is used again and again and grows to the largest request. All zero is empty. */
typedef struct plist_scratch {
    void  *bytes; /* owned */
    size_t capacity;
} plist_scratch;

/* At least size bytes, of any contents; what the last call returned is gone. NULL without memory. */
void *plist_scratch_reserve(plist_scratch *self, size_t size);
void  plist_scratch_end(plist_scratch *self);

/* Text with &lt; &gt; and &amp; replaced, into at least length bytes. False for any other entity. */
bool plist_decodeEntities(const char *text, size_t length, char *decoded, size_t *ret_length);

/* -decimal, or 0x with lower-case digits, modulo 2^64; nothing is 0. False when something else is left. */
bool plist_readInteger(const char *text, size_t length, uint64_t *ret_value);

/* Base64 into at least length bytes; returns how many came out. Characters that are no digits are passed over, and an
 * unfinished last group is dropped. */
size_t plist_decodeBase64(const char *text, size_t length, uint8_t *bytes);

/* Pairs of lower-case hexadecimal digits with white space between pairs, into at least length / 2 bytes. */
bool plist_decodeHex(const char *text, size_t length, uint8_t *bytes, size_t *ret_length);

/* 0 to 15; -1 for what is not a lower-case hexadecimal digit. */
int plist_hexDigit(char c);

#endif
