/* SPDX-License-Identifier: MIT */
/* CFArray, CFDictionary, CFSet, CFData, CFNumber, CFBoolean, and what all objects share. */
#include "frameworkHooks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>

static CFNumberRef integer(int value)
{
    return CFNumberCreate(NULL, kCFNumberIntType, &value);
}

TEST(numbers_keep_their_type_and_convert)
{
    SInt8 small = -3;
    SInt64 large = 0x123456789aLL, read = 0;
    double real = 2.5, back = 0;
    UInt8 byte = 0;
    CFNumberRef a = CFNumberCreate(NULL, kCFNumberCharType, &small),
                b = CFNumberCreate(NULL, kCFNumberSInt64Type, &large);
    CFNumberRef c = CFNumberCreate(NULL, kCFNumberDoubleType, &real);
    assert_int_equal(CFNumberGetType(a), kCFNumberSInt8Type);
    assert_int_equal(CFNumberGetByteSize(b), 8);
    assert_true(CFNumberIsFloatType(c));
    assert_true(CFNumberGetValue(a, kCFNumberSInt64Type, &read));
    assert_int_equal(read, -3);
    assert_false(CFNumberGetValue(b, kCFNumberSInt8Type, &byte)); /* cut off, and says so */
    assert_int_equal(byte, 0x9a);
    assert_true(CFNumberGetValue(b, kCFNumberDoubleType, &back));
    assert_true(back == (double)large);
    assert_false(CFNumberGetValue(c, kCFNumberSInt64Type, &read));
    assert_int_equal(read, 2);
    assert_int_equal(CFNumberCompare(a, c, NULL), kCFCompareLessThan);
    CFRelease(a);
    CFRelease(b);
    CFRelease(c);
}

TEST(equal_numbers_of_different_types_are_equal_keys)
{
    long wide = 5;
    float real = 5;
    CFNumberRef a = integer(5), b = CFNumberCreate(NULL, kCFNumberLongType, &wide);
    CFNumberRef c = CFNumberCreate(NULL, kCFNumberFloatType, &real);
    assert_true(CFEqual(a, b) && CFEqual(a, c));
    assert_int_equal(CFHash(a), CFHash(b));
    assert_int_equal(CFHash(a), CFHash(c));
    assert_false(CFEqual(a, kCFBooleanTrue));
    CFRelease(a);
    CFRelease(b);
    CFRelease(c);
}

TEST(booleans_are_two_pointers)
{
    assert_true(CFBooleanGetValue(kCFBooleanTrue));
    assert_false(CFBooleanGetValue(kCFBooleanFalse));
    assert_int_equal(CFGetTypeID(kCFBooleanTrue), CFBooleanGetTypeID());
    CFRelease(kCFBooleanTrue);
    CFRelease(kCFBooleanTrue);
    assert_int_equal(CFGetTypeID(kCFNull), CFNullGetTypeID());
    CFRelease(kCFNull);
}

TEST(dictionary_with_string_keys)
{
    CFMutableDictionaryRef dict =
        CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    for (int i = 0; i < 200; i++) {
        CFStringRef key = CFStringCreateWithFormat(NULL, NULL, CFSTR("key%d"), i);
        CFNumberRef value = integer(i);
        CFDictionarySetValue(dict, key, value);
        CFRelease(key);
        CFRelease(value);
    }
    CFNumberRef other = integer(1000);
    assert_int_equal(CFDictionaryGetCount(dict), 200);
    CFDictionaryAddValue(dict, CFSTR("key7"), other);
    assert_false(CFEqual(CFDictionaryGetValue(dict, CFSTR("key7")), other));
    CFDictionaryReplaceValue(dict, CFSTR("absent"), other);
    assert_false(CFDictionaryContainsKey(dict, CFSTR("absent")));
    CFDictionaryReplaceValue(dict, CFSTR("key7"), other);
    assert_ptr_equal(CFDictionaryGetValue(dict, CFSTR("key7")), other);
    for (int i = 0; i < 100; i++) {
        CFStringRef key = CFStringCreateWithFormat(NULL, NULL, CFSTR("key%d"), i);
        CFDictionaryRemoveValue(dict, key);
        assert_null(CFDictionaryGetValue(dict, key));
        CFRelease(key);
    }
    assert_int_equal(CFDictionaryGetCount(dict), 100);
    CFDictionaryRef copy = CFDictionaryCreateCopy(NULL, dict);
    assert_true(CFEqual(copy, dict));
    assert_int_equal(CFHash(copy), CFHash(dict));
    CFDictionaryRemoveAllValues(dict);
    assert_int_equal(CFDictionaryGetCount(dict), 0);
    assert_int_equal(CFDictionaryGetCount(copy), 100);
    CFRelease(copy);
    CFRelease(dict);
    CFRelease(other);
}

TEST(dictionary_with_any_keys)
{
    CFMutableDictionaryRef dict = CFDictionaryCreateMutable(NULL, 0, NULL, NULL);
    CFMutableDictionaryRef objects =
        CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFNumberRef key = integer(3), same = integer(3);
    const void *value = &value;
    CFDictionarySetValue(dict, (void *)17, (void *)42);
    CFDictionarySetValue(dict, NULL, NULL);
    assert_ptr_equal(CFDictionaryGetValue(dict, (void *)17), (void *)42);
    assert_true(CFDictionaryGetValueIfPresent(dict, NULL, &value));
    assert_null(value);
    CFDictionarySetValue(objects, key, CFSTR("three"));
    assert_true(CFEqual(CFDictionaryGetValue(objects, same), CFSTR("three")));
    CFRelease(key);
    CFRelease(same);
    CFRelease(dict);
    CFRelease(objects);
}

static int retained, released;

static const void *countRetain(CFAllocatorRef allocator, const void *value)
{
    retained++;
    return value;
}

static void countRelease(CFAllocatorRef allocator, const void *value)
{
    released++;
}

TEST(callbacks_are_called_once_for_each_value)
{
    CFArrayCallBacks callBacks = {.retain = countRetain, .release = countRelease};
    CFMutableArrayRef array = CFArrayCreateMutable(NULL, 0, &callBacks);
    for (long i = 0; i < 20; i++)
        CFArrayAppendValue(array, (void *)i);
    CFArraySetValueAtIndex(array, 0, (void *)100);
    CFArrayRemoveValueAtIndex(array, 19);
    CFArrayExchangeValuesAtIndices(array, 0, 1);
    assert_int_equal(retained, 21);
    assert_int_equal(released, 2);
    CFRelease(array);
    assert_int_equal(released, 21);
}

static CFComparisonResult descending(const void *a, const void *b, void *context)
{
    return CFNumberCompare(b, a, context);
}

TEST(arrays_sort_and_search)
{
    CFMutableArrayRef array = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    for (int i = 0; i < 50; i++) {
        CFNumberRef number = integer(i * 7 % 50);
        CFArrayAppendValue(array, number);
        CFRelease(number);
    }
    CFArraySortValues(array, CFRangeMake(0, 50), descending, NULL);
    CFNumberRef wanted = integer(30);
    for (int i = 0; i < 50; i++) {
        int value = -1;
        CFNumberGetValue(CFArrayGetValueAtIndex(array, i), kCFNumberIntType, &value);
        assert_int_equal(value, 49 - i);
    }
    assert_int_equal(CFArrayGetFirstIndexOfValue(array, CFRangeMake(0, 50), wanted), 19);
    assert_int_equal(CFArrayBSearchValues(array, CFRangeMake(0, 50), wanted, descending, NULL), 19);
    assert_true(CFArrayContainsValue(array, CFRangeMake(0, 50), wanted));
    assert_false(CFArrayContainsValue(array, CFRangeMake(20, 30), wanted));
    assert_null(CFArrayGetValueAtIndex(array, 50));
    CFRelease(wanted);
    CFRelease(array);
}

TEST(sets_compare_by_content)
{
    CFNumberRef a = integer(1), b = integer(1), c = integer(2);
    CFMutableSetRef set = CFSetCreateMutable(NULL, 0, &kCFTypeSetCallBacks);
    CFSetAddValue(set, a);
    CFSetAddValue(set, b);
    assert_int_equal(CFSetGetCount(set), 1);
    assert_ptr_equal(CFSetGetValue(set, b), a);
    CFSetSetValue(set, b);
    assert_ptr_equal(CFSetGetValue(set, a), b);
    assert_false(CFSetContainsValue(set, c));
    CFSetRemoveValue(set, a);
    assert_int_equal(CFSetGetCount(set), 0);
    CFRelease(set);
    CFRelease(a);
    CFRelease(b);
    CFRelease(c);
}

TEST(data_grows_shrinks_and_takes_bytes_over)
{
    CFMutableDataRef data = CFDataCreateMutable(NULL, 0);
    UInt8 out[4];
    for (UInt8 i = 0; i < 100; i++)
        CFDataAppendBytes(data, &i, 1);
    CFDataDeleteBytes(data, CFRangeMake(1, 97));
    assert_int_equal(CFDataGetLength(data), 3);
    CFDataGetBytes(data, CFRangeMake(0, 3), out);
    assert_memory_equal(out, "\0\x62\x63", 3);
    CFDataReplaceBytes(data, CFRangeMake(1, 1), (const UInt8 *)"xyz", 3);
    assert_memory_equal(CFDataGetBytePtr(data), "\0xyz\x63", 5);
    CFDataSetLength(data, 7);
    assert_memory_equal(CFDataGetBytePtr(data), "\0xyz\x63\0\0", 7);
    UInt8 *bytes = malloc(3);
    memcpy(bytes, "abc", 3);
    CFDataRef taken = CFDataCreateWithBytesNoCopy(NULL, bytes, 3, kCFAllocatorMalloc);
    assert_ptr_equal(CFDataGetBytePtr(taken), bytes);
    CFRelease(taken);
    CFRelease(data);
}

TEST(descriptions_and_types)
{
    CFNumberRef value = integer(4);
    const void *keys[] = {CFSTR("k")}, *values[] = {value};
    CFDictionaryRef dict =
        CFDictionaryCreate(NULL, keys, values, 1, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFStringRef text = CFCopyDescription(dict), name = CFCopyTypeIDDescription(CFDictionaryGetTypeID());
    assert_true(CFEqual(text, CFSTR("{\n    k = 4\n}")));
    assert_true(CFEqual(name, CFSTR("CFDictionary")));
    assert_int_equal(CFGetTypeID(dict), 18);
    CFRelease(name);
    CFRelease(text);
    CFRelease(dict);
    CFRelease(value);
}

TEST(uuids_dates_and_errors)
{
    CFUUIDRef uuid = CFUUIDCreateFromString(NULL, CFSTR("c244e858-109c-11d4-91d4-0050e4c6426f"));
    CFUUIDRef constant = CFUUIDGetConstantUUIDWithBytes(NULL, 0xC2, 0x44, 0xE8, 0x58, 0x10, 0x9C, 0x11, 0xD4, 0x91,
                                                        0xD4, 0x00, 0x50, 0xE4, 0xC6, 0x42, 0x6F);
    CFStringRef text = CFUUIDCreateString(NULL, uuid);
    assert_true(CFEqual(uuid, constant));
    assert_true(CFEqual(text, CFSTR("C244E858-109C-11D4-91D4-0050E4C6426F")));
    assert_int_equal(CFUUIDGetUUIDBytes(uuid).byte15, 0x6f);
    assert_null(CFUUIDCreateFromString(NULL, CFSTR("c244e858")));
    CFDateRef date = CFDateCreate(NULL, 0);
    CFStringRef when = CFCopyDescription(date);
    assert_true(CFEqual(when, CFSTR("2001-01-01 00:00:00 +0000")));
    CFErrorRef error = CFErrorCreate(NULL, kCFErrorDomainPOSIX, 2, NULL);
    assert_int_equal(CFErrorGetCode(error), 2);
    CFStringRef why = CFErrorCopyDescription(error);
    assert_true(CFStringFind(why, CFSTR("No such file"), 0).location != kCFNotFound);
    CFRelease(why);
    CFRelease(error);
    CFRelease(when);
    CFRelease(date);
    CFRelease(text);
    CFRelease(uuid);
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(numbers_keep_their_type_and_convert),
               RUN(equal_numbers_of_different_types_are_equal_keys), RUN(booleans_are_two_pointers),
               RUN(dictionary_with_string_keys), RUN(dictionary_with_any_keys),
               RUN(callbacks_are_called_once_for_each_value), RUN(arrays_sort_and_search), RUN(sets_compare_by_content),
               RUN(data_grows_shrinks_and_takes_bytes_over), RUN(descriptions_and_types),
               RUN_KEEPS(uuids_dates_and_errors) /* a constant UUID lives for ever */)
