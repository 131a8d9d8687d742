/* SPDX-License-Identifier: MIT */
/* The tags of a property list in XML: which elements there are, and what their attributes say. */
#ifndef _LIBKERN_PLISTELEMENT_H
#define _LIBKERN_PLISTELEMENT_H

#include <stdbool.h>

typedef enum plist_element_kind {
    ELEMENT_NONE, /* no leaf is open */
    ELEMENT_UNKNOWN,
    ELEMENT_PLIST,
    ELEMENT_DICTIONARY,
    ELEMENT_ARRAY,
    ELEMENT_SET,
    ELEMENT_STRING,
    ELEMENT_KEY,
    ELEMENT_INTEGER,
    ELEMENT_DATA,
    ELEMENT_TRUE,
    ELEMENT_FALSE,
} plist_element_kind;

/* A tag as its attributes say. */
typedef struct plist_element {
    plist_element_kind kind;
    long         id;   /* -1: none */
    bool         isReference;
    bool         isHex;
    unsigned     bits;
} plist_element;

/* ELEMENT_UNKNOWN for any other name. */
plist_element_kind plist_elementKind(const char *name);

/* Names and values by turns, ended by NULL. False when they make the tag a syntax error. */
bool plist_readAttributes(plist_element *element, const char **attributes);

#endif
