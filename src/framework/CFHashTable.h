/* SPDX-License-Identifier: MIT */
/* The hash table under CFDictionaryObject and CFSetObject: keys and values with the client's callbacks. */
#ifndef SRC_FRAMEWORK_CFHASHTABLE_H
#define SRC_FRAMEWORK_CFHASHTABLE_H

#include "CFInternal.h"

#pragma GCC visibility push(hidden)

typedef struct CFHashEntry {
    const void *key;
    const void *value;
    CFHashCode hash;
    CFIndex next; /* in its bucket, or in the list of free ones; -1 ends it */
    bool used;
} CFHashEntry;

/* All zero with callbacks set is an empty table. Entries stand in an array; indexes stay while an entry lives. */
typedef struct CFHashTable {
    CFDictionaryKeyCallBacks keys;
    CFDictionaryValueCallBacks values;
    CFHashEntry *entries;
    CFIndex *buckets; /* capacity of them, -1 empty */
    CFIndex capacity;
    CFIndex filled; /* entries that were ever used */
    CFIndex free;   /* first free one below filled; -1 none */
    CFIndex count;
} CFHashTable;

typedef enum CFHashMode { kCFHashAdd, kCFHashReplace, kCFHashSet } CFHashMode;

void CFHashTableInit(CFHashTable *table);
void CFHashTableFree(CFHashTable *table);
/* NULL when there is none. */
CFHashEntry *CFHashTableFind(const CFHashTable *table, const void *key);
/* Add leaves an equal key alone, Replace wants one, Set does either. False without memory. */
bool CFHashTablePut(CFHashTable *table, const void *key, const void *value, CFHashMode mode);
void CFHashTableRemove(CFHashTable *table, const void *key);
/* The next used entry from *index on, which is moved behind it; NULL at the end. */
CFHashEntry *CFHashTableNext(const CFHashTable *table, CFIndex *index);

#pragma GCC visibility pop

#endif
