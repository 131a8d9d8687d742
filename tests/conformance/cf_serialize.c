/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.58, 1.59 and 1.61 to 1.65: objects between CoreFoundation and libkern; and property lists as files. */
#include "frameworkHooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOCFSerialize.h>
#include <IOKit/IOCFUnserialize.h>

static CFMutableDictionaryRef makeDictionary(void)
{
    return CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
}

static void setNumber(CFMutableDictionaryRef dict, CFStringRef key, CFNumberType type, const void *value)
{
    CFNumberRef number = CFNumberCreate(NULL, type, value);
    CFDictionarySetValue(dict, key, number);
    CFRelease(number);
}

static void expectText(CFTypeRef object, const char *expected)
{
    CFDataRef data = IOCFSerialize(object, 0);
    assert_non_null(data);
    assert_string_equal((const char *)CFDataGetBytePtr(data), expected);
    assert_int_equal(CFDataGetLength(data), strlen(expected) + 1);
    CFRelease(data);
}

TEST(1_58_ids_only_where_an_object_stands_twice)
{
    CFMutableArrayRef array = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    SInt16 small = 0x1a2;
    CFNumberRef number = CFNumberCreate(NULL, kCFNumberSInt16Type, &small);
    CFStringRef string = CFStringCreateWithCString(NULL, "a<&>\xc3\xa9", kCFStringEncodingUTF8);
    CFArrayAppendValue(array, string);
    CFArrayAppendValue(array, number);
    CFArrayAppendValue(array, string);
    CFArrayAppendValue(array, number);
    CFArrayAppendValue(array, kCFBooleanTrue);
    CFArrayAppendValue(array, kCFBooleanTrue);
    expectText(array,
               "<array><string ID=\"0\">a&lt;&amp;&gt;\xc3\xa9</string><integer ID=\"1\" size=\"16\">0x1a2</integer>"
               "<string IDREF=\"0\"/><integer IDREF=\"1\"/><true/><true/></array>");
    CFRelease(string);
    CFRelease(number);
    CFRelease(array);
}

TEST(1_58_sets_data_and_other_types)
{
    CFMutableSetRef set = CFSetCreateMutable(NULL, 0, &kCFTypeSetCallBacks);
    CFDataRef data = CFDataCreate(NULL, (const UInt8 *)"hello", 5);
    CFSetAddValue(set, data);
    expectText(set, "<set><data>aGVsbG8=</data></set>");
    expectText(kCFNull, "<string>&lt;string&gt;typeID 0x10 not serializable&lt;/string&gt;</string>");
    assert_null(IOCFSerialize(set, 2));
    assert_null(IOCFSerialize(NULL, 0));
    CFRelease(data);
    CFRelease(set);
}

TEST(1_59_legacy_names_are_followed_by_a_comment)
{
    CFMutableDictionaryRef dict = makeDictionary();
    CFStringRef error = NULL;
    CFDictionarySetValue(dict, CFSTR("AppleUSBXHCI"), kCFBooleanTrue);
    CFDictionarySetValue(dict, CFSTR("AppleUSBXHCIPCI"), kCFBooleanFalse);
    CFDataRef data = IOCFSerialize(dict, 0);
    const char *text = (const char *)CFDataGetBytePtr(data);
    assert_non_null(strstr(text, "<key>AppleUSBXHCI</key><!-- \xf0\x9f\xa4\xa6 --><true/>"));
    assert_non_null(strstr(text, "<key>AppleUSBXHCIPCI</key><false/>"));
    CFTypeRef back = IOCFUnserialize(text, NULL, 0, &error);
    assert_null(error);
    assert_true(CFEqual(back, dict));
    CFRelease(back);
    CFRelease(data);
    CFRelease(dict);
}

TEST(1_61_classes_become_types)
{
    const char *text = "<dict><key>d</key><dict/><key>a</key><array/><key>s</key><set/><key>t</key><string>x</string>"
                       "<key>b</key><data>AAE=</data><key>y</key><true/></dict>";
    CFStringRef error = NULL;
    CFMutableDictionaryRef dict = (CFMutableDictionaryRef)IOCFUnserialize(text, NULL, 0, &error);
    assert_non_null(dict);
    assert_int_equal(CFGetTypeID(CFDictionaryGetValue(dict, CFSTR("d"))), CFDictionaryGetTypeID());
    assert_int_equal(CFGetTypeID(CFDictionaryGetValue(dict, CFSTR("a"))), CFArrayGetTypeID());
    assert_int_equal(CFGetTypeID(CFDictionaryGetValue(dict, CFSTR("s"))), CFSetGetTypeID());
    assert_int_equal(CFGetTypeID(CFDictionaryGetValue(dict, CFSTR("t"))), CFStringGetTypeID());
    assert_int_equal(CFGetTypeID(CFDictionaryGetValue(dict, CFSTR("b"))), CFDataGetTypeID());
    assert_ptr_equal(CFDictionaryGetValue(dict, CFSTR("y")), kCFBooleanTrue);
    CFDictionarySetValue(dict, CFSTR("new"), CFSTR("value")); /* it is mutable */
    assert_int_equal(CFDictionaryGetCount(dict), 7);
    CFDictionaryRemoveValue(dict, CFSTR("d"));
    assert_false(CFDictionaryContainsKey(dict, CFSTR("d")));
    CFRelease(dict);
}

TEST(1_61_a_string_that_is_not_utf8_is_macroman)
{
    /* array of one string, "caf\x8e", in the binary form */
    static const uint32_t words[] = {0xd3, 0x82000001, 0x89000004, 0x8e666163};
    CFArrayRef array = IOCFUnserializeBinary((const char *)words, sizeof words, NULL, 0, NULL);
    assert_non_null(array);
    assert_true(CFEqual(CFArrayGetValueAtIndex(array, 0), CFSTR("caf\xc3\xa9")));
    CFRelease(array);
}

TEST(1_62_sizes_become_sint32_or_sint64)
{
    CFArrayRef array = IOCFUnserialize("<array><integer size=\"8\">0xff</integer><integer size=\"32\">0x1</integer>"
                                       "<integer size=\"33\">0x1</integer><integer size=\"64\">0x2</integer></array>",
                                       NULL, 0, NULL);
    SInt64 value = 0;
    assert_int_equal(CFNumberGetType(CFArrayGetValueAtIndex(array, 0)), kCFNumberSInt32Type);
    assert_true(CFNumberGetValue(CFArrayGetValueAtIndex(array, 0), kCFNumberSInt64Type, &value));
    assert_int_equal(value, 255);
    assert_int_equal(CFNumberGetType(CFArrayGetValueAtIndex(array, 1)), kCFNumberSInt32Type);
    assert_int_equal(CFNumberGetType(CFArrayGetValueAtIndex(array, 2)), kCFNumberSInt64Type);
    assert_int_equal(CFNumberGetType(CFArrayGetValueAtIndex(array, 3)), kCFNumberSInt64Type);
    CFRelease(array);
}

TEST(1_63_sizes_of_cf_numbers_and_floats_in_binary)
{
    CFMutableDictionaryRef dict = makeDictionary();
    char a = 1;
    short b = 2;
    int c = 3;
    long d = 4;
    double real = 0.5;
    setNumber(dict, CFSTR("a"), kCFNumberCharType, &a);
    setNumber(dict, CFSTR("b"), kCFNumberShortType, &b);
    setNumber(dict, CFSTR("c"), kCFNumberIntType, &c);
    setNumber(dict, CFSTR("d"), kCFNumberLongType, &d);
    expectText(dict,
               "<dict><key>a</key><integer size=\"8\">0x1</integer><key>b</key><integer size=\"16\">0x2</integer>"
               "<key>c</key><integer size=\"32\">0x3</integer><key>d</key><integer size=\"64\">0x4</integer></dict>");
    setNumber(dict, CFSTR("e"), kCFNumberDoubleType, &real);
    assert_null(IOCFSerialize(dict, 0));
    CFDataRef data = IOCFSerialize(dict, kIOCFSerializeToBinary);
    CFDictionaryRef back =
        IOCFUnserializeBinary((const char *)CFDataGetBytePtr(data), (size_t)CFDataGetLength(data), NULL, 0, NULL);
    assert_int_equal(CFNumberGetType(CFDictionaryGetValue(back, CFSTR("e"))), kCFNumberFloat64Type);
    assert_true(CFEqual(back, dict) && CFEqual(dict, back));
    CFRelease(back);
    CFRelease(data);
    CFRelease(dict);
}

TEST(1_64_errors_are_strings_and_signatures_dispatch)
{
    CFStringRef error = NULL;
    CFDataRef data = IOCFSerialize(CFSTR("text"), kIOCFSerializeToBinary);
    CFTypeRef back =
        IOCFUnserializeWithSize((const char *)CFDataGetBytePtr(data), (size_t)CFDataGetLength(data), NULL, 0, &error);
    assert_true(CFEqual(back, CFSTR("text")));
    assert_null(error);
    assert_null(IOCFUnserialize("<dict><key>", NULL, 0, &error));
    assert_int_equal(CFGetTypeID(error), CFStringGetTypeID());
    CFRelease(error);
    assert_null(IOCFUnserializeWithSize("\xd3\0\0\0\xff\xff\xff\xff", 8, NULL, 0, &error));
    assert_non_null(error);
    CFRelease(error);
    CFRelease(back);
    CFRelease(data);
}

TEST(1_65_what_libkern_has_no_class_for_is_refused)
{
    CFMutableDictionaryRef dict = makeDictionary(), pointers = CFDictionaryCreateMutable(NULL, 0, NULL, NULL);
    CFDateRef date = CFDateCreate(NULL, 0);
    CFNumberRef key = CFNumberCreate(NULL, kCFNumberIntType, &(int){1});
    CFDictionarySetValue(dict, CFSTR("date"), date);
    assert_null(IOCFSerialize(dict, kIOCFSerializeToBinary));
    CFDictionaryRemoveAllValues(dict);
    CFDictionarySetValue(dict, key, CFSTR("x"));
    assert_null(IOCFSerialize(dict, kIOCFSerializeToBinary));
    CFDictionarySetValue(pointers, (void *)1, (void *)2);
    assert_null(IOCFSerialize(pointers, kIOCFSerializeToBinary));
    assert_null(IOCFSerialize(pointers, 0));
    CFRelease(key);
    CFRelease(date);
    CFRelease(pointers);
    CFRelease(dict);
}

static CFMutableDictionaryRef makeAllTypes(void)
{
    CFMutableDictionaryRef dict = makeDictionary();
    CFDateRef date = CFDateCreate(NULL, 1e8);
    CFDataRef data = CFDataCreate(NULL, (const UInt8 *)"\0\1\2\3\4\5\6", 7);
    CFTypeRef items[] = {CFSTR("<&>"), kCFBooleanFalse};
    CFArrayRef array = CFArrayCreate(NULL, items, 2, &kCFTypeArrayCallBacks);
    CFDictionarySetValue(dict, CFSTR("date"), date);
    CFDictionarySetValue(dict, CFSTR("data"), data);
    CFDictionarySetValue(dict, CFSTR("array"), array);
    CFDictionarySetValue(dict, CFSTR("text"), CFSTR("caf\xc3\xa9"));
    setNumber(dict, CFSTR("real"), kCFNumberDoubleType, &(double){0.1});
    setNumber(dict, CFSTR("negative"), kCFNumberSInt64Type, &(SInt64){-5000000000});
    CFRelease(array);
    CFRelease(data);
    CFRelease(date);
    return dict;
}

TEST(property_lists_as_xml_round_trip)
{
    CFMutableDictionaryRef dict = makeAllTypes();
    CFErrorRef error;
    CFPropertyListFormat format = 0;
    CFDataRef xml = CFPropertyListCreateData(NULL, dict, kCFPropertyListXMLFormat_v1_0, 0, &error);
    CFPropertyListRef back = CFPropertyListCreateWithData(NULL, xml, 0, &format, &error);
    assert_int_equal(format, kCFPropertyListXMLFormat_v1_0);
    assert_true(CFEqual(back, dict));
    CFPropertyListRef deep = CFPropertyListCreateDeepCopy(NULL, dict, kCFPropertyListMutableContainersAndLeaves);
    assert_true(CFEqual(deep, dict));
    assert_null(CFPropertyListCreateData(NULL, kCFNull, kCFPropertyListXMLFormat_v1_0, 0, &error));
    assert_int_equal(CFErrorGetCode(error), kCFPropertyListWriteStreamError);
    CFRelease(error);
    CFRelease(deep);
    CFRelease(back);
    CFRelease(xml);
    CFRelease(dict);
}

/* Apple's ioreg -a does this: a stream to a file, here one that Python's plistlib reads. */
TEST(python_reads_the_xml)
{
    static const char check[] = "import plistlib, datetime, sys\n"
                                "p = plistlib.load(open(sys.argv[1], 'rb'))\n"
                                "assert p == {'date': datetime.datetime(2004, 3, 3, 9, 46, 40), 'data': "
                                "bytes(range(7)), 'array': ['<&>', False],"
                                " 'text': 'caf\\u00e9', 'real': 0.1, 'negative': -5000000000}, p\n";
    CFMutableDictionaryRef dict = makeAllTypes();
    char path[] = "/tmp/cf_serialize.XXXXXX", command[1024];
    int fd = mkstemp(path);
    CFURLRef url = CFURLCreateFromFileSystemRepresentation(NULL, (const UInt8 *)path, (CFIndex)strlen(path), false);
    CFWriteStreamRef stream = CFWriteStreamCreateWithFile(NULL, url);
    assert_true(fd >= 0 && CFWriteStreamOpen(stream));
    assert_true(CFPropertyListWrite(dict, stream, kCFPropertyListXMLFormat_v1_0, 0, NULL) > 0);
    CFWriteStreamClose(stream);
    snprintf(command, sizeof command, "python3 - %s <<'END'\n%sEND\n", path, check);
    assert_int_equal(system(command), 0);
    CFReadStreamRef input = CFReadStreamCreateWithFile(NULL, url);
    assert_true(CFReadStreamOpen(input));
    CFPropertyListRef back = CFPropertyListCreateWithStream(NULL, input, 0, 0, NULL, NULL);
    assert_true(CFEqual(back, dict));
    unlink(path);
    close(fd);
    CFRelease(back);
    CFRelease(input);
    CFRelease(stream);
    CFRelease(url);
    CFRelease(dict);
}

TEST(malformed_xml_is_refused)
{
    static const char *const texts[] = {
        "",
        "<plist>",
        "<plist></plist>",
        "<dict><string>x</string></dict>",
        "<dict><key>a</key></dict>",
        "<array><key>a</key></array>",
        "<integer>x</integer>",
        "<integer>99999999999999999999</integer>",
        "<real>1.0z</real>",
        "<date>yesterday</date>",
        "<data>A</data>",
        "<data>A=A=</data>",
        "<array>text</array>",
        "<string><string/></string>",
        "<other/>",
        "<plist><true/><false/></plist>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><string>&a;</string>",
        "bplist00",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CFErrorRef error = NULL;
        CFDataRef data = CFDataCreate(NULL, (const UInt8 *)texts[i], (CFIndex)strlen(texts[i]));
        assert_null(CFPropertyListCreateWithData(NULL, data, 0, NULL, &error));
        assert_non_null(error);
        CFRelease(error);
        CFRelease(data);
    }
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(1_58_ids_only_where_an_object_stands_twice), RUN(1_58_sets_data_and_other_types),
               RUN(1_59_legacy_names_are_followed_by_a_comment), RUN(1_61_classes_become_types),
               RUN(1_61_a_string_that_is_not_utf8_is_macroman), RUN(1_62_sizes_become_sint32_or_sint64),
               RUN(1_63_sizes_of_cf_numbers_and_floats_in_binary), RUN(1_64_errors_are_strings_and_signatures_dispatch),
               RUN(1_65_what_libkern_has_no_class_for_is_refused), RUN(property_lists_as_xml_round_trip),
               RUN(python_reads_the_xml), RUN(malformed_xml_is_refused))
