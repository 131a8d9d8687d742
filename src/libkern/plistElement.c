/* SPDX-License-Identifier: MIT */
/* The tags of a property list in XML. Functions of their arguments alone: no state, no locks. */
#include "plistElement.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Apple's reader has 32 bytes for each name and value and 32 places; it uses one less than fits. */
enum {
    kNameMax       = 30, /* characters of an attribute's name or value */
    kAttributesMax = 31, /* of one tag */
    kPlainDigits   = 9,  /* of a decimal number that cannot be too large */
};

plist_element_kind plist_elementKind(const char *name)
{
    static const struct {
        const char        *name;
        plist_element_kind kind;
    } kinds[] = {
        {"key", ELEMENT_KEY},         {"string", ELEMENT_STRING},   {"integer", ELEMENT_INTEGER},
        {"dict", ELEMENT_DICTIONARY}, {"array", ELEMENT_ARRAY},     {"true", ELEMENT_TRUE},
        {"false", ELEMENT_FALSE},     {"data", ELEMENT_DATA},       {"set", ELEMENT_SET},
        {"plist", ELEMENT_PLIST},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (name[0] == kinds[i].name[0] && strcmp(name, kinds[i].name) == 0)
            return kinds[i].kind;
    return ELEMENT_UNKNOWN;
}

/* Numbers as C writes them, like Apple's; an ID beyond int or below 0 names nothing. */
static long idOf(const char *value)
{
    const char *at = value;
    long        id = 0;
    if (*at != '0')
        for (; *at >= '0' && *at <= '9' && at - value < kPlainDigits; at++)
            id = id * 10 + (*at - '0');
    if (at == value || *at != 0)
        id = strtol(value, NULL, 0);
    return id >= 0 && id <= INT_MAX ? id : -1;
}

static bool isTooLong(const char *text)
{
    return strnlen(text, kNameMax + 1) > kNameMax;
}

/* False when reading the attribute ends in a syntax error. */
static bool readAttribute(plist_element *element, const char *name, const char *value)
{
    if (isTooLong(name) || isTooLong(value))
        return false;
    if (strncmp(name, "ID", 2) == 0) {
        element->isReference = strcmp(name + 2, "REF") == 0;
        element->id          = idOf(value);
        return element->isReference || name[2] == 0;
    }
    if (strcmp(name, "size") == 0) {
        unsigned long bits = strtoul(value, NULL, 0);
        element->bits      = bits < UINT_MAX ? (unsigned)bits : UINT_MAX;
    } else if (strcmp(name, "format") == 0) {
        element->isHex |= strcmp(value, "hex") == 0;
    }
    return true;
}

/* Attributes behind a reference's do not matter. */
bool plist_readAttributes(plist_element *element, const char **attributes)
{
    unsigned count = 0;
    for (; attributes[0] && !element->isReference; attributes += 2)
        if (++count > kAttributesMax || !readAttribute(element, attributes[0], attributes[1]))
            return false;
    return true;
}
