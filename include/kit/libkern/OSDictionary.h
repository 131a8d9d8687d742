/* SPDX-License-Identifier: MIT */
/*
 * OSDictionary: objects found by a key (libkern/c++/OSDictionary.h; SEMANTICS 1.29 to 1.34). Keys are OSSymbols and
 * compared by identity; entries keep the order of insertion. Each function has three forms: the key as a C string, as
 * an OSString (...ForString), as an OSSymbol (...ForSymbol, the one the others come down to). A setter interns the
 * key; a look-up never does.
 */
#ifndef _LIBKERN_OSDICTIONARY_H
#define _LIBKERN_OSDICTIONARY_H

#include <libkern/OSArray.h>
#include <libkern/OSCollection.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

OSDeclareBaseClass(OSDictionary);

#define OSDictionary_METHODS OSCollection_METHODS
struct OSDictionaryMethods {
    OSDictionary_METHODS
};

typedef struct OSDictionaryEntry {
    const OSSymbol *key;   /* owned */
    OSObject       *value; /* owned */
} OSDictionaryEntry;

struct OSDictionary {
    OSCollection       super;
    OSDictionaryEntry *entries; /* capacity of them, count in use; behind them, in a large dictionary, its index */
};

/* +1, NULL without memory. capacity is what it can hold before it grows. */
OSDictionary *OSDictionary_withCapacity(unsigned capacity);
/* NULL also when a key or an object is NULL, or capacity is less than count and not 0. */
OSDictionary *OSDictionary_withObjects(const OSObject *const *objects, const OSSymbol *const *keys, unsigned count,
                                       unsigned capacity);
OSDictionary *OSDictionary_withObjectsForStrings(const OSObject *const *objects, const OSString *const *keys,
                                                 unsigned count, unsigned capacity);
/* A shallow copy. NULL also for NULL, or when capacity is less than the other's count and not 0. */
OSDictionary *OSDictionary_withDictionary(const OSDictionary *dict, unsigned capacity);

/* For a subclass's initialisation, once, on a new instance. False: release the instance. */
bool OSDictionary_initWithCapacity(OSDictionary *self, unsigned capacity);
bool OSDictionary_initWithObjects(OSDictionary *self, const OSObject *const *objects, const OSSymbol *const *keys,
                                  unsigned count, unsigned capacity);
bool OSDictionary_initWithObjectsForStrings(OSDictionary *self, const OSObject *const *objects,
                                            const OSString *const *keys, unsigned count, unsigned capacity);
bool OSDictionary_initWithDictionary(OSDictionary *self, const OSDictionary *dict, unsigned capacity);

/* See OSCollection.h. */
unsigned OSDictionary_getCount(const OSDictionary *self);
unsigned OSDictionary_getCapacity(const OSDictionary *self);
unsigned OSDictionary_getCapacityIncrement(const OSDictionary *self);
unsigned OSDictionary_setCapacityIncrement(OSDictionary *self, unsigned increment);
unsigned OSDictionary_ensureCapacity(OSDictionary *self, unsigned newCapacity);
void     OSDictionary_flushCollection(OSDictionary *self);
unsigned OSDictionary_setOptions(OSDictionary *self, unsigned options, unsigned mask);
/* A deep copy of the collections, see OSCollection_copyCollection; +1. */
OSDictionary *OSDictionary_copyCollection(OSDictionary *self);

/* Adds an entry, or replaces the value of one, in its place. False for NULL and without memory. */
bool OSDictionary_setObject(OSDictionary *self, const char *key, const OSObject *object);
bool OSDictionary_setObjectForString(OSDictionary *self, const OSString *key, const OSObject *object);
bool OSDictionary_setObjectForSymbol(OSDictionary *self, const OSSymbol *key, const OSObject *object);
/* The same, but false when the key is there (Apple: setObject with onlyAdd). */
bool OSDictionary_addObjectForSymbol(OSDictionary *self, const OSSymbol *key, const OSObject *object);

/* Borrowed; NULL when the key is not there or NULL. */
OSObject *OSDictionary_getObject(const OSDictionary *self, const char *key);
OSObject *OSDictionary_getObjectForString(const OSDictionary *self, const OSString *key);
OSObject *OSDictionary_getObjectForSymbol(const OSDictionary *self, const OSSymbol *key);

/* Does nothing when the key is not there. */
void OSDictionary_removeObject(OSDictionary *self, const char *key);
void OSDictionary_removeObjectForString(OSDictionary *self, const OSString *key);
void OSDictionary_removeObjectForSymbol(OSDictionary *self, const OSSymbol *key);

/* Sets all entries of the other. False when that is NULL or not a dictionary, or without memory. */
bool OSDictionary_merge(OSDictionary *self, const OSDictionary *other);

/* Same count, and an equal value for each key. */
bool OSDictionary_isEqualTo(const OSDictionary *self, const OSObject *other);
/*
 * Whether both have equal values for each of the keys: the members of an array or a set of strings, or the keys of a
 * dictionary. False when either has fewer entries than there are keys. Apple: isEqualTo(dict, keys).
 */
bool OSDictionary_isEqualToWithKeys(const OSDictionary *self, const OSDictionary *other, const OSCollection *keys);

/* The keys in order: +1, NULL without memory. */
OSArray *OSDictionary_copyKeys(const OSDictionary *self);

/* Calls back for each entry until that returns true or the dictionary changes; returns whether it stayed as it was. */
bool OSDictionary_iterateObjects(OSDictionary *self,
                                 bool (*callback)(const OSSymbol *key, OSObject *object, void *context), void *context);

/* Ours: entry by entry, in order, borrowed; NULL out of range. */
const OSSymbol *OSDictionary_getKeyAtIndex(const OSDictionary *self, unsigned index);
OSObject       *OSDictionary_getValueAtIndex(const OSDictionary *self, unsigned index);

#endif
