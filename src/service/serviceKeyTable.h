/* SPDX-License-Identifier: MIT */
/* The index's table by symbol; every function is called with the index lock held. */
#ifndef SERVICE_SERVICEKEYTABLE_H
#define SERVICE_SERVICEKEYTABLE_H

#include "service/IOServicePrivate.h"

/* Symbols are interned, so their address is what they are. */
size_t keyTable_hash(const OSSymbol *key);
/* Makes the table when there is none; false without memory. To be called before the first filing. */
bool keyTable_ensure(void);
/* The head of the key's ring, or NULL. */
IndexNode *keyTable_find(const OSSymbol *key);
/* key is taken over. */
void keyTable_file(IndexNode *node, const OSSymbol *key);
/* Returns the key, owned, to be released when the lock is gone; NULL when the node was not filed. */
const OSSymbol *keyTable_unfile(IndexNode *node);

#endif
