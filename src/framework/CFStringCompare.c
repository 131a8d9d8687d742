/* SPDX-License-Identifier: MIT */
/*
 * Comparing, finding, splitting and joining strings, by code point. Case folding is that of towlower, and of ASCII
 * whatever the locale.
 */
#include "CFStringObject.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

static uint32_t foldPoint(uint32_t point, CFStringCompareFlags options)
{
    if (!(options & kCFCompareCaseInsensitive))
        return point;
    if (point < 0x80)
        return point >= 'A' && point <= 'Z' ? point + 32 : point;
    return (uint32_t)towlower((wint_t)point);
}

static bool isDigit(CFText text, size_t offset)
{
    return offset < text.length && text.bytes[offset] >= '0' && text.bytes[offset] <= '9';
}

/* Compares the digit sequences at both offsets and moves behind them. */
static int compareDigits(CFText a, size_t *offsetA, CFText b, size_t *offsetB)
{
    while (isDigit(a, *offsetA) && a.bytes[*offsetA] == '0')
        ++*offsetA;
    while (isDigit(b, *offsetB) && b.bytes[*offsetB] == '0')
        ++*offsetB;
    size_t startA = *offsetA, startB = *offsetB;
    while (isDigit(a, *offsetA))
        ++*offsetA;
    while (isDigit(b, *offsetB))
        ++*offsetB;
    size_t countA = *offsetA - startA, countB = *offsetB - startB;
    if (countA != countB)
        return countA < countB ? -1 : 1;
    return memcmp(a.bytes + startA, b.bytes + startB, countA);
}

static CFComparisonResult compareTexts(CFText a, CFText b, CFStringCompareFlags options)
{
    size_t i = 0, k = 0;
    while (i < a.length && k < b.length) {
        if ((options & kCFCompareNumerically) && isDigit(a, i) && isDigit(b, k)) {
            int order = compareDigits(a, &i, b, &k);
            if (order != 0)
                return order < 0 ? kCFCompareLessThan : kCFCompareGreaterThan;
            continue;
        }
        uint32_t first = foldPoint(CFTextNextCodePoint(a.bytes, a.length, &i), options);
        uint32_t second = foldPoint(CFTextNextCodePoint(b.bytes, b.length, &k), options);
        if (first != second)
            return first < second ? kCFCompareLessThan : kCFCompareGreaterThan;
    }
    if (i < a.length || k < b.length)
        return i < a.length ? kCFCompareGreaterThan : kCFCompareLessThan;
    if ((options & kCFCompareForcedOrdering) && (options & ~(CFOptionFlags)kCFCompareForcedOrdering))
        return compareTexts(a, b, 0);
    return kCFCompareEqualTo;
}

static CFText partOf(CFText text, CFRange range)
{
    size_t start = CFTextOffset(text, range.location);
    size_t end = CFTextOffset(text, range.location + range.length);
    return (CFText){text.bytes + start, end - start};
}

CFComparisonResult CFStringCompareWithOptions(CFStringRef theString1, CFStringRef theString2, CFRange rangeToCompare,
                                              CFStringCompareFlags compareOptions)
{
    return compareTexts(partOf(CFStringText(theString1), rangeToCompare), CFStringText(theString2), compareOptions);
}

CFComparisonResult CFStringCompareWithOptionsAndLocale(CFStringRef theString1, CFStringRef theString2,
                                                       CFRange rangeToCompare, CFStringCompareFlags compareOptions,
                                                       CFLocaleRef locale)
{
    return CFStringCompareWithOptions(theString1, theString2, rangeToCompare, compareOptions);
}

CFComparisonResult CFStringCompare(CFStringRef theString1, CFStringRef theString2, CFStringCompareFlags compareOptions)
{
    return compareTexts(CFStringText(theString1), CFStringText(theString2), compareOptions);
}

/* The bytes of text from offset on that match wanted; 0 when they do not. */
static size_t matchAt(CFText text, size_t offset, CFText wanted, CFStringCompareFlags options)
{
    size_t start = offset, k = 0;
    while (k < wanted.length) {
        if (offset >= text.length)
            return 0;
        if (foldPoint(CFTextNextCodePoint(text.bytes, text.length, &offset), options) !=
            foldPoint(CFTextNextCodePoint(wanted.bytes, wanted.length, &k), options))
            return 0;
    }
    return offset - start;
}

bool CFTextFind(CFText text, CFText wanted, CFStringCompareFlags options, size_t *ret_offset, size_t *ret_length)
{
    bool found = false;
    if (wanted.length == 0)
        return false;
    for (size_t offset = 0; offset < text.length;) {
        size_t length = matchAt(text, offset, wanted, options);
        bool usable = length > 0;
        if ((options & kCFCompareAnchored) && (options & kCFCompareBackwards))
            usable = usable && offset + length == text.length;
        if (usable) {
            *ret_offset = offset;
            *ret_length = length;
            found = true;
            if (!(options & kCFCompareBackwards))
                return true;
        }
        if ((options & kCFCompareAnchored) && !(options & kCFCompareBackwards))
            return found;
        CFTextNextCodePoint(text.bytes, text.length, &offset);
    }
    return found;
}

Boolean CFStringFindWithOptions(CFStringRef theString, CFStringRef stringToFind, CFRange rangeToSearch,
                                CFStringCompareFlags searchOptions, CFRange *result)
{
    CFText part = partOf(CFStringText(theString), rangeToSearch);
    size_t offset, length;
    if (!CFTextFind(part, CFStringText(stringToFind), searchOptions, &offset, &length))
        return false;
    if (result)
        *result = CFRangeMake(rangeToSearch.location + CFTextUnits(part.bytes, offset),
                              CFTextUnits(part.bytes + offset, length));
    return true;
}

CFRange CFStringFind(CFStringRef theString, CFStringRef stringToFind, CFStringCompareFlags compareOptions)
{
    CFRange range = {0, CFStringGetLength(theString)};
    if (!CFStringFindWithOptions(theString, stringToFind, range, compareOptions, &range))
        return CFRangeMake(kCFNotFound, 0);
    return range;
}

Boolean CFStringHasPrefix(CFStringRef theString, CFStringRef prefix)
{
    CFText text = CFStringText(theString), start = CFStringText(prefix);
    return start.length <= text.length && memcmp(text.bytes, start.bytes, start.length) == 0;
}

Boolean CFStringHasSuffix(CFStringRef theString, CFStringRef suffix)
{
    CFText text = CFStringText(theString), end = CFStringText(suffix);
    return end.length <= text.length && memcmp(text.bytes + text.length - end.length, end.bytes, end.length) == 0;
}

static const void *retainRange(CFAllocatorRef allocator, const void *value)
{
    CFRange *copy = CFAllocatorAllocate(NULL, sizeof *copy, 0);
    if (copy)
        *copy = *(const CFRange *)value;
    return copy;
}

static void releaseRange(CFAllocatorRef allocator, const void *value)
{
    CFAllocatorDeallocate(NULL, (void *)value);
}

CFArrayRef CFStringCreateArrayWithFindResults(CFAllocatorRef alloc, CFStringRef theString, CFStringRef stringToFind,
                                              CFRange rangeToSearch, CFStringCompareFlags compareOptions)
{
    static const CFArrayCallBacks callBacks = {.retain = retainRange, .release = releaseRange};
    CFMutableArrayRef found = CFArrayCreateMutable(alloc, 0, &callBacks);
    CFIndex end = rangeToSearch.location + rangeToSearch.length;
    CFRange range;
    while (found && CFStringFindWithOptions(theString, stringToFind, rangeToSearch,
                                            compareOptions & ~(CFOptionFlags)kCFCompareBackwards, &range)) {
        CFArrayAppendValue(found, &range);
        rangeToSearch.location = range.location + range.length;
        rangeToSearch.length = end - rangeToSearch.location;
    }
    if (found && CFArrayGetCount(found) == 0) {
        CFRelease(found);
        found = NULL;
    }
    return found;
}

static bool appendPart(CFMutableArrayRef parts, const char *bytes, size_t length)
{
    CFStringRef part = CFStringFromText(bytes, length);
    if (!part)
        return false;
    CFArrayAppendValue(parts, part);
    CFRelease(part);
    return true;
}

CFArrayRef CFStringCreateArrayBySeparatingStrings(CFAllocatorRef alloc, CFStringRef theString,
                                                  CFStringRef separatorString)
{
    CFMutableArrayRef parts = CFArrayCreateMutable(alloc, 0, &kCFTypeArrayCallBacks);
    CFText rest = CFStringText(theString), separator = CFStringText(separatorString);
    size_t offset, length;
    while (parts && CFTextFind(rest, separator, 0, &offset, &length)) {
        if (!appendPart(parts, rest.bytes, offset))
            break;
        rest.bytes += offset + length;
        rest.length -= offset + length;
    }
    if (parts)
        appendPart(parts, rest.bytes, rest.length);
    return parts;
}

CFStringRef CFStringCreateByCombiningStrings(CFAllocatorRef alloc, CFArrayRef theArray, CFStringRef separatorString)
{
    CFMutableStringRef result = CFStringCreateMutable(alloc, 0);
    for (CFIndex i = 0; result && i < CFArrayGetCount(theArray); i++) {
        if (i > 0)
            CFStringAppend(result, separatorString);
        CFStringAppend(result, CFArrayGetValueAtIndex(theArray, i));
    }
    return result;
}

/* The number's text, which ends with a NUL. */
static void copyStart(CFStringRef string, char buffer[64])
{
    CFText text = CFStringText(string);
    size_t length = text.length < 63 ? text.length : 63;
    memcpy(buffer, text.bytes, length);
    buffer[length] = 0;
}

SInt32 CFStringGetIntValue(CFStringRef str)
{
    char buffer[64];
    copyStart(str, buffer);
    long long value = strtoll(buffer, NULL, 10);
    return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (SInt32)value;
}

double CFStringGetDoubleValue(CFStringRef str)
{
    char buffer[64];
    copyStart(str, buffer);
    return strtod(buffer, NULL);
}
