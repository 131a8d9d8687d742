/* SPDX-License-Identifier: MIT */
/* What the tests of families share: a nub, a matching table written as text, the score that matching gives. */
#ifndef TESTS_FAMILIES_FAMILIES_H
#define TESTS_FAMILIES_FAMILIES_H

#include <IOKit/IOService.h>

/* The classes of the family under test, from its sources. */
extern const OSClassList OSModuleClasses;

/* Starts the kit and registers the family's classes: the suite's setUp. */
void families_setUp(void);

enum { kNoMatch = INT32_MIN };

/* The score with which the table (old-style property-list text, "{ idVendor = 0x46d:16; }") matches the nub, kNoMatch when
 * it does not. Fails the test for text that cannot be read. */
int32_t families_match(IOService *nub, const char *table);

/* Sets properties from a dictionary written as text. */
void families_setProperties(IOService *nub, const char *properties);

extern const struct TestHooks familyTestHooks;

#endif
