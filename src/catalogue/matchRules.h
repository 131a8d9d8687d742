/* SPDX-License-Identifier: MIT */
/* matchRules: the documented keys by whose values personalities can be found; see matchRules.c. */
#ifndef SRC_CATALOGUE_MATCHRULES_H
#define SRC_CATALOGUE_MATCHRULES_H

#include "matchIndex.h"

enum { kMatchValuesMax = 512 }; /* values of one personality or nub under one rule; beyond: the rule says nothing */

/* Values of a personality or of a nub, as hashes: different values may look the same, equal ones never different. */
typedef struct MatchValues {
    uint64_t items[kMatchValuesMax];
    size_t   count;
} MatchValues;

typedef struct MatchRule MatchRule;

struct MatchRule {
    const char        *key;        /* personalities that have it may be found by this rule */
    const char *const *nubClasses; /* it is true of nubs of these classes, ended by NULL; NULL: of all */
    /* Appends the values of which a nub must have one. False: the personality cannot be found by them. */
    bool (*personalityValues)(const MatchRule *self, MatchIndex *index, OSDictionary *personality, MatchValues *values);
    /* Appends every value that the nub has. False: not known. */
    bool (*nubValues)(const MatchRule *self, const MatchIndex *index, IOService *nub, MatchValues *values);
    const char *const *properties;    /* of the nub; what each means is the functions' affair */
    const uint32_t    *granularities; /* PCI: masks from narrow to wide, ended by 0 */
    uint32_t           defaultMask;   /* PCI: of a word without one */
};

extern const MatchRule matchRules[kMatchRules];

#endif
