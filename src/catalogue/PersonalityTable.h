/* SPDX-License-Identifier: MIT */
/* PersonalityTable: the catalogue's contents, without its lock; see PersonalityTable.c. */
#ifndef SRC_CATALOGUE_PERSONALITYTABLE_H
#define SRC_CATALOGUE_PERSONALITYTABLE_H

#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSOrderedSet.h>

#include "matchIndex.h"

enum {
    kPersonalitiesMax = 1000000, /* in the catalogue */
    kProviderBuckets  = 256,
};

typedef struct PersonalityGroup PersonalityGroup;

/* All zero is an empty table. */
typedef struct PersonalityTable {
    PersonalityGroup  *buckets[kProviderBuckets]; /* by provider class */
    PersonalityGroup  *first, **lastLink;         /* owned: in the order in which they were made */
    uint64_t           nextOrder;
    size_t             count; /* personalities */
} PersonalityTable;

typedef enum PersonalityAdded {
    kPersonalityAdded,
    kPersonalityDuplicate, /* an equal one is there */
    kPersonalityDropped,   /* it has no IOProviderClass */
    kPersonalityNoMemory,  /* or the table is full */
} PersonalityAdded;

/* Retains the dictionary, which must not change any more. */
PersonalityAdded PersonalityTable_add(PersonalityTable *self, OSDictionary *dict);

/* Removes the personalities that shouldRemove says so of, adding them to removed when that is not NULL. False without
 * memory: some may have gone. */
bool PersonalityTable_remove(PersonalityTable *self, bool (*shouldRemove)(OSDictionary *dict, void *context),
                             void *context, OSOrderedSet *removed);

/* Whether an equal personality is there. */
bool PersonalityTable_contains(const PersonalityTable *self, OSDictionary *dict);

void PersonalityTable_empty(PersonalityTable *self);

/* What IOCatalogue_findDriversForService says. +1; NULL without memory. */
OSOrderedSet *PersonalityTable_findForService(const PersonalityTable *self, IOService *service);

/* Calls back for each personality, by group, until that returns false. Returns whether it never did. */
bool PersonalityTable_apply(const PersonalityTable *self, bool (*apply)(OSDictionary *dict, void *context),
                            void *context);

#endif
