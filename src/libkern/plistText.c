/* SPDX-License-Identifier: MIT */
/*
 * The contents of elements. Plain functions over bytes; nothing is kept and nothing is locked.
 *
 * They follow Apple's reader except where that loses data without a word: hexadecimal data with an odd digit is an
 * error here and empty there, and white space before the end tag is white space.
 */
#include "plistText.h"

#include <string.h>

#include <IOKit/IOLib.h>

void *plist_scratch_reserve(plist_scratch *self, size_t size)
{
    if (size <= self->capacity)
        return self->bytes;
    size_t capacity = size < 2 * self->capacity ? 2 * self->capacity : size;
    void  *bytes    = IOMalloc(capacity);
    if (!bytes)
        return NULL;
    IOFree(self->bytes, self->capacity);
    self->bytes    = bytes;
    self->capacity = capacity;
    return bytes;
}

void plist_scratch_end(plist_scratch *self)
{
    IOFree(self->bytes, self->capacity);
}

/* The length of the entity that text begins with, its character in *ret_character; 0 for one that is not allowed. */
static size_t entityAt(const char *text, size_t length, char *ret_character)
{
    static const struct {
        const char *name;
        size_t      length;
        char        character;
    } entities[] = {{"&lt;", 4, '<'}, {"&gt;", 4, '>'}, {"&amp;", 5, '&'}};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (length >= entities[i].length && memcmp(text, entities[i].name, entities[i].length) == 0) {
            *ret_character = entities[i].character;
            return entities[i].length;
        }
    }
    return 0;
}

bool plist_decodeEntities(const char *text, size_t length, char *decoded, size_t *ret_length)
{
    const char *end = text + length;
    char       *to  = decoded;
    while (text < end) {
        const char *entity = memchr(text, '&', (size_t)(end - text));
        size_t      plain  = (size_t)((entity ? entity : end) - text);
        to                 = mempcpy(to, text, plain);
        text += plain;
        if (entity) {
            size_t entityLength = entityAt(text, (size_t)(end - text), to++);
            if (entityLength == 0)
                return false;
            text += entityLength;
        }
    }
    *ret_length = (size_t)(to - decoded);
    return true;
}

int plist_hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool plist_readInteger(const char *text, size_t length, uint64_t *ret_value)
{
    const char *end      = text + length;
    bool        isHex    = length >= 2 && text[0] == '0' && text[1] == 'x';
    bool        negative = length > 0 && text[0] == '-';
    uint64_t    value    = 0;
    text += isHex ? 2 : negative;
    for (; text < end; text++) {
        int digit = plist_hexDigit(*text);
        if (digit < 0 || (digit > 9 && !isHex))
            return false;
        value = value * (isHex ? 16 : 10) + (unsigned)digit;
    }
    *ret_value = negative ? -value : value;
    return true;
}

/* The digit's value plus 1; 0 for what is no digit. '=' stands for a digit of value 0. */
#define DIGITS(c, n) [c] = (n) + 1, [(c) + 1] = (n) + 2
#define DIGITS8(c, n) DIGITS(c, n), DIGITS((c) + 2, (n) + 2), DIGITS((c) + 4, (n) + 4), DIGITS((c) + 6, (n) + 6)
static const uint8_t base64Digits[256] = {
    DIGITS8('A', 0),  DIGITS8('I', 8),  DIGITS8('Q', 16), DIGITS('Y', 24), DIGITS8('a', 26), DIGITS8('i', 34),
    DIGITS8('q', 42), DIGITS('y', 50),  DIGITS8('0', 52), DIGITS('8', 60), ['+'] = 63,       ['/'] = 64,
    ['='] = 1,
};

size_t plist_decodeBase64(const char *text, size_t length, uint8_t *bytes)
{
    uint8_t *to      = bytes;
    uint32_t group   = 0;
    unsigned digits  = 0;
    unsigned padding = 0; /* '=' in a row up to here */
    for (const char *end = text + length; text < end; text++) {
        unsigned digit = base64Digits[(uint8_t)*text];
        padding        = *text == '=' ? padding + 1 : 0;
        if (digit == 0)
            continue;
        group = group << 6 | (digit - 1);
        if (++digits % 4 != 0)
            continue;
        *to++ = (uint8_t)(group >> 16);
        if (padding < 2)
            *to++ = (uint8_t)(group >> 8);
        if (padding < 1)
            *to++ = (uint8_t)group;
    }
    return (size_t)(to - bytes);
}

static bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool plist_decodeHex(const char *text, size_t length, uint8_t *bytes, size_t *ret_length)
{
    uint8_t    *to  = bytes;
    const char *end = text + length;
    while (text < end) {
        if (isSpace(*text)) {
            text++;
            continue;
        }
        int high = plist_hexDigit(*text);
        int low  = text + 1 < end ? plist_hexDigit(text[1]) : -1;
        if (high < 0 || low < 0)
            return false;
        *to++ = (uint8_t)(high << 4 | low);
        text += 2;
    }
    *ret_length = (size_t)(to - bytes);
    return true;
}
