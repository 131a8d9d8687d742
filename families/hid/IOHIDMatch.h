/* SPDX-License-Identifier: MIT */
/* The HID keys of personalities and matching dictionaries (SEMANTICS 3.60). */
#ifndef FAMILIES_HID_IOHIDMATCH_H
#define FAMILIES_HID_IOHIDMATCH_H

#include <IOKit/IOService.h>

/* Whether every HID key that the table has matches the nub. score: the keys' worth is added; NULL: not wanted. */
bool IOHIDMatch_matchPropertyTable(IOService *nub, OSDictionary *table, int32_t *score);

#endif
