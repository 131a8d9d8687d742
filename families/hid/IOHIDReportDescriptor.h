/* SPDX-License-Identifier: MIT */
/* The parts of a HID report descriptor (HID 1.11, section 6.2.2) that a device's properties need. */
#ifndef FAMILIES_HID_IOHIDREPORTDESCRIPTOR_H
#define FAMILIES_HID_IOHIDREPORTDESCRIPTOR_H

#include <stdint.h>

enum {
    kIOHIDUsagePairsMax = 32,  /* application collections that are kept; more are ignored */
    kIOHIDReportIDs     = 256,
};

typedef struct IOHIDUsagePair {
    uint32_t page, usage;
} IOHIDUsagePair;

typedef enum IOHIDReportKind { kIOHIDInput, kIOHIDOutput, kIOHIDFeature, kIOHIDReportKinds } IOHIDReportKind;

typedef struct IOHIDReportSummary {
    IOHIDUsagePair pairs[kIOHIDUsagePairsMax]; /* of the application collections, in order */
    unsigned       pairCount;
    uint32_t       maxReportBytes[kIOHIDReportKinds]; /* report id included when there are ids */
} IOHIDReportSummary;

/* Reads length bytes; stops where they make no sense, keeping what was read. */
void IOHIDReportDescriptor_summarize(const uint8_t *bytes, unsigned length, IOHIDReportSummary *ret_summary);

#endif
