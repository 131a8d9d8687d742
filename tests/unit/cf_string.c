/* SPDX-License-Identifier: MIT */
/* CFString: constants, encodings, indexes, comparing, formatting, editing. */
#include "frameworkHooks.h"

#include <string.h>

#include <CoreFoundation/CoreFoundation.h>

#ifdef __clang__
/* At file scope the compiler writes the records: plain ASCII, and UTF-16 for the second one. */
static CFStringRef plain = CFSTR("constant");
static CFStringRef accent = CFSTR("caf\xc3\xa9");
#else
#define plain  CFSTR("constant")
#define accent CFSTR("caf\xc3\xa9")
#endif

static CFStringRef make(const char *text)
{
    return CFStringCreateWithCString(NULL, text, kCFStringEncodingUTF8);
}

TEST(constants_are_strings_from_the_start)
{
    char text[16];
    assert_int_equal(CFGetTypeID(plain), CFStringGetTypeID());
    assert_int_equal(CFStringGetLength(plain), 8);
    assert_int_equal(CFStringGetLength(accent), 4);
    assert_true(CFStringGetCString(accent, text, sizeof text, kCFStringEncodingUTF8));
    assert_string_equal(text, "caf\xc3\xa9");
    CFRetain(plain);
    CFRelease(plain);
    CFRelease(plain); /* references of a constant are not counted */
    CFRelease(plain);
    CFStringRef same = make("constant");
    assert_true(CFEqual(plain, same) && CFEqual(same, plain));
    assert_int_equal(CFHash(plain), CFHash(same));
    CFRelease(same);
    assert_ptr_equal(CFSTR("merged"), CFSTR("merged"));
}

TEST(a_constant_in_libkerns_containers_stays)
{
    CFMutableArrayRef array = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    CFArrayAppendValue(array, accent);
    CFArrayAppendValue(array, accent);
    assert_ptr_equal(CFArrayGetValueAtIndex(array, 0), accent);
    assert_int_equal(CFArrayGetCountOfValue(array, CFRangeMake(0, 2), CFSTR("caf\xc3\xa9")), 2);
    CFRelease(array);
    assert_int_equal(CFStringGetLength(accent), 4);
}

TEST(length_and_characters_count_utf16)
{
    CFStringRef string = make("a\xc3\xa9\xf0\x9f\x98\x80z"); /* a, e acute, an emoji: a pair, z */
    UniChar units[5];
    assert_int_equal(CFStringGetLength(string), 5);
    assert_int_equal(CFStringGetCharacterAtIndex(string, 1), 0xe9);
    assert_int_equal(CFStringGetCharacterAtIndex(string, 2), 0xd83d);
    assert_int_equal(CFStringGetCharacterAtIndex(string, 3), 0xde00);
    assert_int_equal(CFStringGetCharacterAtIndex(string, 4), 'z');
    CFStringGetCharacters(string, CFRangeMake(0, 5), units);
    CFStringRef back = CFStringCreateWithCharacters(NULL, units, 5);
    assert_true(CFEqual(string, back));
    CFStringRef part = CFStringCreateWithSubstring(NULL, string, CFRangeMake(1, 3));
    assert_string_equal(CFStringGetCStringPtr(part, kCFStringEncodingUTF8), "\xc3\xa9\xf0\x9f\x98\x80");
    CFRelease(part);
    CFRelease(back);
    CFRelease(string);
}

static void roundTrip(CFStringEncoding encoding, const void *bytes, CFIndex length, const char *utf8)
{
    UInt8 out[64];
    CFIndex used = 0;
    CFStringRef string = CFStringCreateWithBytes(NULL, bytes, length, encoding, false);
    assert_non_null(string);
    assert_string_equal(CFStringGetCStringPtr(string, kCFStringEncodingUTF8), utf8);
    CFIndex units = CFStringGetLength(string);
    assert_int_equal(CFStringGetBytes(string, CFRangeMake(0, units), encoding, 0, false, out, sizeof out, &used),
                     units);
    assert_int_equal(used, length);
    assert_memory_equal(out, bytes, (size_t)length);
    CFRelease(string);
}

TEST(encodings_round_trip)
{
    roundTrip(kCFStringEncodingASCII, "abc", 3, "abc");
    roundTrip(kCFStringEncodingMacRoman, "caf\x8e", 4, "caf\xc3\xa9");
    roundTrip(kCFStringEncodingISOLatin1, "caf\xe9", 4, "caf\xc3\xa9");
    roundTrip(kCFStringEncodingUTF16LE, "a\0\xe9\0\x3d\xd8\x00\xde", 8, "a\xc3\xa9\xf0\x9f\x98\x80");
    roundTrip(kCFStringEncodingUTF16BE, "\0a\0\xe9\xd8\x3d\xde\x00", 8, "a\xc3\xa9\xf0\x9f\x98\x80");
    roundTrip(kCFStringEncodingUTF32LE, "a\0\0\0\xe9\0\0\0", 8, "a\xc3\xa9");
    roundTrip(kCFStringEncodingUTF32BE, "\0\0\0a\0\0\0\xe9", 8, "a\xc3\xa9");
    assert_null(CFStringCreateWithCString(NULL, "caf\xe9", kCFStringEncodingUTF8));
    assert_null(CFStringCreateWithCString(NULL, "caf\xe9", kCFStringEncodingASCII));
    assert_null(CFStringCreateWithBytes(NULL, (const UInt8 *)"abc", 3, kCFStringEncodingUTF16LE, false));
}

TEST(getcstring_says_when_it_does_not_fit)
{
    char text[8];
    CFStringRef string = make("1234567"), wide = make("caf\xc3\xa9");
    assert_true(CFStringGetCString(string, text, 8, kCFStringEncodingUTF8));
    assert_false(CFStringGetCString(string, text, 7, kCFStringEncodingUTF8));
    assert_false(CFStringGetCString(string, text, 7, kCFStringEncodingMacRoman));
    assert_false(CFStringGetCString(wide, text, sizeof text, kCFStringEncodingASCII));
    assert_true(CFStringGetCString(wide, text, sizeof text, kCFStringEncodingMacRoman));
    assert_string_equal(text, "caf\x8e");
    assert_null(CFStringGetCStringPtr(wide, kCFStringEncodingASCII));
    assert_string_equal(CFStringGetCStringPtr(string, kCFStringEncodingMacRoman), "1234567");
    CFRelease(string);
    CFRelease(wide);
}

TEST(lossy_bytes_stand_for_what_an_encoding_has_not)
{
    UInt8 out[8] = {0};
    CFIndex used = 0;
    CFStringRef string = make("a\xe2\x82\xacz"); /* a euro sign */
    assert_int_equal(CFStringGetBytes(string, CFRangeMake(0, 3), kCFStringEncodingASCII, '?', false, out, 8, &used), 3);
    assert_string_equal((char *)out, "a?z");
    assert_int_equal(CFStringGetBytes(string, CFRangeMake(0, 3), kCFStringEncodingASCII, 0, false, out, 8, &used), 1);
    assert_int_equal(used, 1);
    assert_int_equal(CFStringGetBytes(string, CFRangeMake(0, 3), kCFStringEncodingUTF8, 0, false, NULL, 0, &used), 3);
    assert_int_equal(used, 5);
    CFRelease(string);
}

TEST(comparing_and_finding)
{
    CFStringRef text = make("Disk10 of Disk9");
    assert_int_equal(CFStringCompare(CFSTR("a"), CFSTR("b"), 0), kCFCompareLessThan);
    assert_int_equal(CFStringCompare(CFSTR("ABC"), CFSTR("abc"), 0), kCFCompareLessThan);
    assert_int_equal(CFStringCompare(CFSTR("ABC"), CFSTR("abc"), kCFCompareCaseInsensitive), kCFCompareEqualTo);
    assert_int_equal(CFStringCompare(CFSTR("disk10"), CFSTR("disk9"), 0), kCFCompareLessThan);
    assert_int_equal(CFStringCompare(CFSTR("disk10"), CFSTR("disk9"), kCFCompareNumerically), kCFCompareGreaterThan);
    assert_int_equal(CFStringCompare(CFSTR("disk010"), CFSTR("disk10"), kCFCompareNumerically), kCFCompareEqualTo);
    assert_int_equal(CFStringFind(text, CFSTR("Disk"), 0).location, 0);
    assert_int_equal(CFStringFind(text, CFSTR("Disk"), kCFCompareBackwards).location, 10);
    assert_int_equal(CFStringFind(text, CFSTR("disk9"), kCFCompareCaseInsensitive).location, 10);
    assert_int_equal(CFStringFind(text, CFSTR("disk9"), 0).location, kCFNotFound);
    assert_int_equal(CFStringFind(text, CFSTR("of"), kCFCompareAnchored).location, kCFNotFound);
    assert_true(CFStringHasPrefix(text, CFSTR("Disk10")) && CFStringHasSuffix(text, CFSTR("Disk9")));
    assert_false(CFStringHasPrefix(CFSTR("D"), text));
    CFArrayRef found = CFStringCreateArrayWithFindResults(NULL, text, CFSTR("Disk"), CFRangeMake(0, 15), 0);
    assert_int_equal(CFArrayGetCount(found), 2);
    assert_int_equal(((const CFRange *)CFArrayGetValueAtIndex(found, 1))->location, 10);
    CFRelease(found);
    CFRelease(text);
}

TEST(splitting_and_joining)
{
    CFArrayRef parts = CFStringCreateArrayBySeparatingStrings(NULL, CFSTR("a,,b"), CFSTR(","));
    CFStringRef joined = CFStringCreateByCombiningStrings(NULL, parts, CFSTR("--"));
    assert_int_equal(CFArrayGetCount(parts), 3);
    assert_true(CFEqual(joined, CFSTR("a----b")));
    CFRelease(joined);
    CFRelease(parts);
}

TEST(formats)
{
    int number = 7;
    CFNumberRef object = CFNumberCreate(NULL, kCFNumberIntType, &number);
    CFStringRef string =
        CFStringCreateWithFormat(NULL, NULL, CFSTR("%@|%d|%5.1f|%-4s|%llx|%c|%%|%@|%*d|%hhu|%p"), accent, -3, 2.25,
                                 "ab", 0x123456789abcULL, 'x', object, 4, 9, 258, NULL);
    assert_string_equal(CFStringGetCStringPtr(string, kCFStringEncodingUTF8),
                        "caf\xc3\xa9|-3|  2.2|ab  |123456789abc|x|%|7|   9|2|(nil)");
    CFRelease(string);
    CFRelease(object);
}

TEST(editing)
{
    CFMutableStringRef string = CFStringCreateMutable(NULL, 0);
    CFStringAppendCString(string, "HIDAPI_", kCFStringEncodingASCII);
    CFStringAppendFormat(string, NULL, CFSTR("%d"), 12);
    CFStringInsert(string, 0, accent);
    CFStringAppend(string, string);
    assert_string_equal(CFStringGetCStringPtr(string, kCFStringEncodingUTF8),
                        "caf\xc3\xa9HIDAPI_12caf\xc3\xa9HIDAPI_12");
    CFStringReplaceAll(string, CFSTR("  one two  "));
    CFStringTrimWhitespace(string);
    assert_int_equal(CFStringFindAndReplace(string, CFSTR("o"), CFSTR("00"), CFRangeMake(0, 7), 0), 2);
    assert_true(CFEqual(string, CFSTR("00ne tw00")));
    CFStringDelete(string, CFRangeMake(0, 3));
    CFStringUppercase(string, NULL);
    assert_true(CFEqual(string, CFSTR("E TW00")));
    CFStringRef copy = CFStringCreateCopy(NULL, string);
    CFStringAppend(string, CFSTR("!"));
    assert_true(CFEqual(copy, CFSTR("E TW00")));
    CFRelease(copy);
    CFRelease(string);
}

TEST(a_nul_inside_and_length_beyond_an_osstring)
{
    CFMutableStringRef longOne = CFStringCreateMutable(NULL, 0);
    CFStringRef nul = CFStringCreateWithBytes(NULL, (const UInt8 *)"a\0b", 3, kCFStringEncodingUTF8, false);
    char text[8];
    assert_int_equal(CFStringGetLength(nul), 3);
    assert_null(CFStringGetCStringPtr(nul, kCFStringEncodingUTF8));
    assert_false(CFStringGetCString(nul, text, sizeof text, kCFStringEncodingUTF8));
    for (int i = 0; i < 19; i++)
        CFStringAppend(longOne, i == 0 ? CFSTR("x") : longOne);
    CFStringRef copy = CFStringCreateCopy(NULL, longOne);
    assert_int_equal(CFStringGetLength(copy), 1 << 18);
    CFRelease(copy);
    CFRelease(nul);
    CFRelease(longOne);
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(constants_are_strings_from_the_start),
               RUN(a_constant_in_libkerns_containers_stays), RUN(length_and_characters_count_utf16),
               RUN(encodings_round_trip), RUN(getcstring_says_when_it_does_not_fit),
               RUN(lossy_bytes_stand_for_what_an_encoding_has_not), RUN(comparing_and_finding),
               RUN(splitting_and_joining), RUN(formats), RUN(editing), RUN(a_nul_inside_and_length_beyond_an_osstring))
