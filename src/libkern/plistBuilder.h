/* SPDX-License-Identifier: MIT */
/*
 * What the readers of property lists have in common: the collections that are open, their members so far, the limits.
 *
 * A collection's object is made when it ends and its size is known, from its members on one stack: a list that
 * announces more members than it has costs nothing, and no collection grows while it is filled. What an ended object
 * holds is counted with it (its weight), references as what they refer to: a few references to references can stand
 * for a list that nobody could ever compare, copy or convert.
 *
 * Text that says what is wrong is a static string in `error`; the first one stays. Functions that return bool or a
 * pointer return false or NULL when there is one.
 */
#ifndef _LIBKERN_PLISTBUILDER_H
#define _LIBKERN_PLISTBUILDER_H

#include <libkern/OSObject.h>
#include <libkern/OSString.h>

typedef enum plist_kind { PLIST_DICTIONARY, PLIST_ARRAY, PLIST_SET } plist_kind;

/* A collection that has begun. */
typedef struct plist_frame {
    uint32_t   first;  /* its first member on the stack of values */
    uint32_t   weight; /* of the members so far */
    int64_t    tag;    /* the reader's: number or ID of the collection */
    plist_kind kind;
    bool       isLast; /* the reader's: the last member of its own collection */
} plist_frame;

typedef struct plist_builder {
    const char  *error;     /* NULL: none yet */
    uint32_t     depthMax;  /* constant */
    bool         uniqueKeys; /* constant: a key twice in a dictionary is an error, else the later value stands */
    uint32_t     depth;     /* frames in use */
    plist_frame *frames;    /* owned */
    uint32_t     frameCapacity;
    uint32_t     count;     /* values in use */
    OSObject   **values;    /* of the open collections; values are owned, keys borrowed from kept or the reader */
    uint32_t     capacity;
    uint32_t     keptCount;
    OSObject   **kept;      /* owned until the end: what a tag or a key may still refer to */
    uint32_t     keptCapacity;
    OSObject    *result;    /* owned; the first object that was added with no collection open */
} plist_builder;

/* Notes what is wrong, unless something was before. Returns false. */
bool plist_fail(plist_builder *self, const char *error);

/* Begins a collection. tag and isLast are handed back in the frame. */
bool plist_open(plist_builder *self, plist_kind kind, int64_t tag, bool isLast);
/* The innermost open collection; NULL when there is none. */
plist_frame *plist_top(plist_builder *self);
/* Ends the innermost collection: its object, +1, and its weight. */
OSObject *plist_close(plist_builder *self, uint32_t *ret_weight);

/* An empty collection: +1, NULL without memory. */
OSObject *plist_makeEmpty(plist_kind kind);

/* Whether a key is due now: the innermost collection is a dictionary, and its last key has its value. */
bool plist_wantsKey(plist_builder *self);
/* Adds a key, which stays alive until plist_end: it is the reader's, or kept. An error where no key is due. */
bool plist_addKey(plist_builder *self, const OSSymbol *key);
/* Takes back the key that has no value yet. */
void plist_dropKey(plist_builder *self);
/* Adds a member, or sets the result. Consumes the reference, also on failure. NULL is a failure noted before. */
bool plist_add(plist_builder *self, OSObject *object, uint32_t weight);
/* An object once more, +1; uses counts up. An error above kOSUnserializeRepeatsMax: a reference count that runs over
 * makes an object immortal, and what a client can make immortal is a leak. Symbols, which all lists share, are not
 * counted. */
OSObject *plist_repeat(plist_builder *self, OSObject *object, uint32_t *uses);
/* Keeps an object alive until plist_end. Consumes its reference, also on failure. */
bool plist_keep(plist_builder *self, OSObject *object);

/* Gives back everything but the result, which it returns: +1, NULL after an error. */
OSObject *plist_end(plist_builder *self);

/* The objects of a text by their IDs. All zero is empty. Objects are borrowed: they live until plist_end. */
typedef struct plist_tag {
    OSObject *object; /* NULL: a free slot */
    uint32_t  id;
    uint32_t  weight;
    uint32_t  uses; /* references so far */
} plist_tag;

typedef struct plist_tags {
    plist_tag *slots; /* owned; an open-addressing table */
    uint32_t   count;
    uint32_t   slotCount;  /* a power of 2, or 0 */
    uint64_t   multiplier; /* spreads the IDs over the slots */
} plist_tags;

/* A later object of the same ID replaces the earlier one. False without memory. */
bool plist_tags_set(plist_tags *self, uint32_t id, OSObject *object, uint32_t weight);
/* NULL when there is none. */
plist_tag *plist_tags_find(const plist_tags *self, uint32_t id);
void       plist_tags_end(plist_tags *self);

/* "<function>: <error> near line <n>" as an OSString in a slot that may be NULL; the line of text + offset. */
void plist_describeError(OSString **slot, const char *function, const char *error, const char *text, size_t offset);

#endif
