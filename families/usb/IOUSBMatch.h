/* SPDX-License-Identifier: MIT */
/* The USB keys of personalities: which combinations match a nub, and with what score (SEMANTICS 3.57 to 3.59). */
#ifndef FAMILIES_USB_IOUSBMATCH_H
#define FAMILIES_USB_IOUSBMATCH_H

#include <IOKit/IOService.h>

typedef struct IOUSBMatchTable IOUSBMatchTable;

extern const IOUSBMatchTable IOUSBDeviceMatchTable;
extern const IOUSBMatchTable IOUSBInterfaceMatchTable;

/*
 * Whether the table's USB keys are one of the combinations and match the nub's properties.
 *   score   in: the personality's IOProbeScore; out: the combination's score with that added. NULL: not wanted
 */
bool IOUSBMatch_matchPropertyTable(const IOUSBMatchTable *rules, IOService *nub, OSDictionary *table, int32_t *score);

#endif
