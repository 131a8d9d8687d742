/* SPDX-License-Identifier: MIT */
/* matchIndex: which personalities a nub's own properties rule out. One thread changes it, under the catalogue's lock. */
#ifndef SRC_CATALOGUE_MATCHINDEX_H
#define SRC_CATALOGUE_MATCHINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <IOKit/IOService.h>

/* One personality in the catalogue. */
typedef struct Personality {
    OSDictionary *dict;  /* owned */
    uint64_t      order; /* of addition, over all groups */
    uint32_t      hash;  /* equal dictionaries have equal ones */
    int32_t       score; /* IOProbeScore */
} Personality;

/* A growing list of personalities, borrowed from their group. */
typedef struct PersonalityList {
    Personality **items; /* owned; capacity of them */
    size_t        count, capacity;
} PersonalityList;

bool PersonalityList_add(PersonalityList *self, Personality *personality); /* false without memory */
void PersonalityList_empty(PersonalityList *self);

enum { kMatchRules = 11 }; /* rows of the table in matchRules.c */

typedef struct MatchBuckets MatchBuckets;

/* All zero is an empty index. */
typedef struct MatchIndex {
    MatchBuckets   *buckets[kMatchRules]; /* owned, each; NULL: no personality is found by that rule */
    PersonalityList rest;                 /* what no rule covers: candidates for every nub */
    const OSSymbol **propertyKeys;        /* owned, each; propertyKeyCount of them: the keys under which IOPropertyMatch
                                           * personalities are found */
    size_t propertyKeyCount;
} MatchIndex;

bool MatchIndex_add(MatchIndex *self, Personality *personality); /* false without memory: not added */
void MatchIndex_empty(MatchIndex *self);

/* Appends the personalities that the service does not rule out, some of them several times. False without memory. */
bool MatchIndex_collect(const MatchIndex *self, IOService *service, PersonalityList *found);

#endif
