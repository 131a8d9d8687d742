/* SPDX-License-Identifier: MIT */
/* Mutable strings. One thread at a time changes a string; all changes go through CFStringObject_replace. */
#include "CFStringObject.h"

#include <string.h>
#include <wctype.h>

CFStringObject *CFStringMutable(CFMutableStringRef string)
{
    CFStringObject *self = OSRequiredCast(CFStringObject, CFObjectFrom(string));
    if (!self || self->limit < 0)
        panic("an immutable CFString is changed");
    return self;
}

bool CFStringObject_replace(CFStringObject *self, size_t offset, size_t length, const char *bytes, size_t newLength)
{
    CFBuffer result = {0};
    CFBuffer *old = &self->text;
    bool done = CFBufferAppend(&result, old->bytes, offset) && CFBufferAppend(&result, bytes, newLength) &&
                CFBufferAppend(&result, old->bytes + offset + length, old->length - offset - length);
    if (!done || (self->limit > 0 && CFTextUnits(result.bytes, result.length) > self->limit)) {
        CFBufferFree(&result);
        return false;
    }
    CFBufferFree(old);
    *old = result;
    return true;
}

static void appendText(CFMutableStringRef string, const char *bytes, size_t length)
{
    CFStringObject *self = CFStringMutable(string);
    if (self->limit > 0)
        CFStringObject_replace(self, self->text.length, 0, bytes, length);
    else if (!CFBufferAppend(&self->text, bytes, length))
        self->text.failed = false; /* it stays as it was, and may be tried again */
}

void CFStringAppend(CFMutableStringRef theString, CFStringRef appendedString)
{
    CFStringInsert(theString, CFStringGetLength(theString), appendedString);
}

void CFStringAppendCString(CFMutableStringRef theString, const char *cStr, CFStringEncoding encoding)
{
    CFBuffer buffer = {0};
    if (CFEncodingDecode(encoding, cStr, strlen(cStr), false, &buffer))
        appendText(theString, buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
}

void CFStringAppendCharacters(CFMutableStringRef theString, const UniChar *chars, CFIndex numChars)
{
    CFStringRef string = CFStringCreateWithCharacters(NULL, chars, numChars);
    if (!string)
        return;
    CFStringAppend(theString, string);
    CFRelease(string);
}

void CFStringAppendFormatAndArguments(CFMutableStringRef theString, CFDictionaryRef formatOptions, CFStringRef format,
                                      va_list arguments)
{
    CFBuffer buffer = {0};
    CFText text = CFStringText(format);
    CFFormatAppend(&buffer, text.bytes, text.length, arguments);
    if (!buffer.failed && buffer.length)
        appendText(theString, buffer.bytes, buffer.length);
    CFBufferFree(&buffer);
}

void CFStringAppendFormat(CFMutableStringRef theString, CFDictionaryRef formatOptions, CFStringRef format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    CFStringAppendFormatAndArguments(theString, formatOptions, format, arguments);
    va_end(arguments);
}

void CFStringReplace(CFMutableStringRef theString, CFRange range, CFStringRef replacement)
{
    CFStringObject *self = CFStringMutable(theString);
    CFText text = CFStringText(theString);
    CFText other = CFStringText(replacement);
    size_t start = CFTextOffset(text, range.location);
    size_t end = CFTextOffset(text, range.location + range.length);
    CFStringObject_replace(self, start, end - start, other.bytes, other.length);
}

void CFStringInsert(CFMutableStringRef str, CFIndex idx, CFStringRef insertedStr)
{
    CFStringReplace(str, CFRangeMake(idx, 0), insertedStr);
}

void CFStringDelete(CFMutableStringRef theString, CFRange range)
{
    CFStringReplace(theString, range, CFSTR(""));
}

void CFStringReplaceAll(CFMutableStringRef theString, CFStringRef replacement)
{
    CFStringReplace(theString, CFRangeMake(0, CFStringGetLength(theString)), replacement);
}

CFIndex CFStringFindAndReplace(CFMutableStringRef theString, CFStringRef stringToFind, CFStringRef replacementString,
                               CFRange rangeToSearch, CFStringCompareFlags compareOptions)
{
    CFIndex count = 0, added = CFStringGetLength(replacementString);
    CFRange found;
    while (
        CFStringFindWithOptions(theString, stringToFind, rangeToSearch, compareOptions & ~(CFOptionFlags)4, &found)) {
        CFIndex end = rangeToSearch.location + rangeToSearch.length - found.length + added;
        CFStringReplace(theString, found, replacementString);
        rangeToSearch = CFRangeMake(found.location + added, end - found.location - added);
        count++;
        if (compareOptions & kCFCompareAnchored)
            break;
    }
    return count;
}

void CFStringTrim(CFMutableStringRef theString, CFStringRef trimString)
{
    CFIndex length = CFStringGetLength(trimString);
    while (length > 0 && CFStringHasPrefix(theString, trimString))
        CFStringDelete(theString, CFRangeMake(0, length));
    while (length > 0 && CFStringHasSuffix(theString, trimString))
        CFStringDelete(theString, CFRangeMake(CFStringGetLength(theString) - length, length));
}

void CFStringTrimWhitespace(CFMutableStringRef theString)
{
    CFStringObject *self = CFStringMutable(theString);
    CFText text = CFStringText(theString);
    size_t start = 0, end = text.length;
    while (start < end && strchr(" \t\r\n\v\f", text.bytes[start]))
        start++;
    while (end > start && strchr(" \t\r\n\v\f", text.bytes[end - 1]))
        end--;
    CFStringObject_replace(self, end, text.length - end, "", 0);
    CFStringObject_replace(self, 0, start, "", 0);
}

static void changeCase(CFMutableStringRef string, wint_t (*change)(wint_t))
{
    CFStringObject *self = CFStringMutable(string);
    CFText text = CFStringText(string);
    CFBuffer result = {0};
    for (size_t offset = 0; offset < text.length;) {
        char bytes[4];
        CFBufferAppend(
            &result, bytes,
            CFTextAppendCodePoint(bytes, (uint32_t)change(CFTextNextCodePoint(text.bytes, text.length, &offset))));
    }
    if (!result.failed && result.bytes)
        CFStringObject_replace(self, 0, text.length, result.bytes, result.length);
    CFBufferFree(&result);
}

void CFStringLowercase(CFMutableStringRef theString, CFLocaleRef locale)
{
    changeCase(theString, towlower);
}

void CFStringUppercase(CFMutableStringRef theString, CFLocaleRef locale)
{
    changeCase(theString, towupper);
}
