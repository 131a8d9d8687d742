/* SPDX-License-Identifier: MIT */
/* The index of a large dictionary; only for OSDictionary.c. See the essay in OSDictionaryIndex.c. */
#ifndef SRC_LIBKERN_OSDICTIONARYINDEX_H
#define SRC_LIBKERN_OSDICTIONARYINDEX_H

#include <libkern/OSDictionary.h>

/* Bytes of a block for that many entries and their index. */
size_t OSDictionaryIndex_blockSize(unsigned capacity);
/* Whether the dictionary has an index that is in use: it is large and not sorted. */
bool OSDictionaryIndex_isUsed(const OSDictionary *self);

/* The place of the key among the entries; the count when it is not there. */
unsigned OSDictionaryIndex_find(const OSDictionary *self, const OSSymbol *key);
/* Notes that the key stands at the place, one that is not in the index. */
void OSDictionaryIndex_add(OSDictionary *self, unsigned place);
/* Takes out a place whose entry is still there; the places above it move down by one. */
void OSDictionaryIndex_remove(OSDictionary *self, unsigned place);
/* Writes the index anew from the entries. */
void OSDictionaryIndex_rebuild(OSDictionary *self);

#endif
