/* SPDX-License-Identifier: MIT */
/*
 * One pass over the items. An item is a prefix byte (size in bits 0-1, type in bits 2-3, tag in bits 4-7) and 0, 1, 2 or 4
 * bytes of data. Global items last until changed (and can be pushed), local ones until the next main item.
 */
#include "IOHIDReportDescriptor.h"

#include <stdbool.h>
#include <string.h>

enum { kMain = 0, kGlobal = 1, kLocal = 2 };
enum { kInput = 8, kOutput = 9, kCollection = 10, kFeature = 11 };             /* main */
enum { kUsagePage = 0, kReportSize = 7, kReportID = 8, kReportCount = 9, kPush = 10, kPop = 11 }; /* global */
enum { kUsage = 0, kUsageMinimum = 1 };                                        /* local */
enum { kApplication = 1, kLongItem = 0xfe, kStackMax = 16, kReportBitsMax = 65535 * 8 };

typedef struct Globals {
    uint32_t usagePage, reportSize, reportCount;
    uint8_t  reportID;
} Globals;

typedef struct Parser {
    Globals             globals, stack[kStackMax];
    unsigned            depth;
    uint32_t            usage; /* the first one since the last main item; page in the high half when it had 4 bytes */
    bool                hasUsage, hasIDs;
    uint32_t            bits[kIOHIDReportKinds][kIOHIDReportIDs];
    IOHIDReportSummary *summary;
} Parser;

static void addReportBits(Parser *parser, IOHIDReportKind kind)
{
    uint32_t *bits  = &parser->bits[kind][parser->globals.reportID];
    uint64_t  total = *bits + (uint64_t)parser->globals.reportSize * parser->globals.reportCount;
    *bits           = total > kReportBitsMax ? kReportBitsMax : (uint32_t)total;
}

static void addApplication(Parser *parser)
{
    IOHIDReportSummary *summary = parser->summary;
    if (!parser->hasUsage || summary->pairCount == kIOHIDUsagePairsMax)
        return;
    summary->pairs[summary->pairCount++] = (IOHIDUsagePair){
        .page  = parser->usage >> 16 ? parser->usage >> 16 : parser->globals.usagePage,
        .usage = parser->usage & 0xffff,
    };
}

static void handleMain(Parser *parser, unsigned tag, uint32_t data)
{
    switch (tag) {
    case kInput:
        addReportBits(parser, kIOHIDInput);
        break;
    case kOutput:
        addReportBits(parser, kIOHIDOutput);
        break;
    case kFeature:
        addReportBits(parser, kIOHIDFeature);
        break;
    case kCollection:
        if (data == kApplication)
            addApplication(parser);
        break;
    }
    parser->hasUsage = false;
}

static void handleGlobal(Parser *parser, unsigned tag, uint32_t data)
{
    switch (tag) {
    case kUsagePage:
        parser->globals.usagePage = data;
        break;
    case kReportSize:
        parser->globals.reportSize = data;
        break;
    case kReportCount:
        parser->globals.reportCount = data;
        break;
    case kReportID:
        parser->globals.reportID = (uint8_t)data;
        parser->hasIDs           = true;
        break;
    case kPush:
        if (parser->depth < kStackMax)
            parser->stack[parser->depth++] = parser->globals;
        break;
    case kPop:
        if (parser->depth > 0)
            parser->globals = parser->stack[--parser->depth];
        break;
    }
}

static void handleLocal(Parser *parser, unsigned tag, uint32_t data)
{
    if ((tag == kUsage || tag == kUsageMinimum) && !parser->hasUsage) {
        parser->usage    = data;
        parser->hasUsage = true;
    }
}

static void finish(Parser *parser)
{
    for (unsigned kind = 0; kind < kIOHIDReportKinds; kind++)
        for (unsigned id = 0; id < kIOHIDReportIDs; id++) {
            uint32_t bytes = (parser->bits[kind][id] + 7) / 8;
            if (bytes > 0 && parser->hasIDs)
                bytes++;
            if (bytes > parser->summary->maxReportBytes[kind])
                parser->summary->maxReportBytes[kind] = bytes;
        }
}

void IOHIDReportDescriptor_summarize(const uint8_t *bytes, unsigned length, IOHIDReportSummary *ret_summary)
{
    Parser parser = {.summary = ret_summary};
    memset(ret_summary, 0, sizeof *ret_summary);
    for (unsigned at = 0; at < length;) {
        uint8_t prefix = bytes[at++];
        if (prefix == kLongItem) { /* one byte of size, one of tag, then data nobody defined */
            at += at < length ? 2u + bytes[at] : 1u;
            continue;
        }
        unsigned size = (prefix & 3) == 3 ? 4 : prefix & 3;
        uint32_t data = 0;
        if (size > length - at)
            break;
        for (unsigned i = 0; i < size; i++)
            data |= (uint32_t)bytes[at + i] << 8 * i;
        at += size;
        switch (prefix >> 2 & 3) {
        case kMain:
            handleMain(&parser, prefix >> 4, data);
            break;
        case kGlobal:
            handleGlobal(&parser, prefix >> 4, data);
            break;
        case kLocal:
            handleLocal(&parser, prefix >> 4, data);
            break;
        }
    }
    finish(&parser);
}
