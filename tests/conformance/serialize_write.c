/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.52 to 1.57, 1.60: what OSSerialize writes as XML. */
#include "serialize.h"

static void appendNumber(OSArray *array, uint64_t value, unsigned bits)
{
    OSNumber *number = OSNumber_withNumber(value, bits);
    assert_true(OSArray_setObject(array, OSObjectOf(number)));
    OSRelease(number);
}

static OSObject *stringOf(const char *text)
{
    return OSObjectOf(OSString_withCString(text));
}

static OSObject *dataOf(const char *bytes, unsigned length)
{
    return OSObjectOf(OSData_withBytes(bytes, length));
}

TEST(1_52_plain_text_with_its_nul)
{
    OSSerialize *serializer = OSSerialize_withCapacity(10);
    OSString    *string     = OSString_withCString("x");
    assert_int_equal(OSSerialize_getLength(serializer), 1);
    assert_string_equal(OSSerialize_text(serializer), "");
    assert_int_equal(OSSerialize_getCapacity(serializer), 4096);
    assert_true(OSObject_serialize(OSObjectOf(string), serializer));
    assert_string_equal(OSSerialize_text(serializer), "<string ID=\"0\">x</string>");
    assert_int_equal(OSSerialize_getLength(serializer), sizeof "<string ID=\"0\">x</string>");
    OSSerialize_clearText(serializer);
    assert_int_equal(OSSerialize_getLength(serializer), 1);
    assert_string_equal(OSSerialize_text(serializer), "");
    assert_true(OSObject_serialize(OSObjectOf(string), serializer)); /* the numbers begin again */
    assert_string_equal(OSSerialize_text(serializer), "<string ID=\"0\">x</string>");
    OSRelease(string);
    OSRelease(serializer);
}

TEST(1_52_buffer_grows)
{
    OSSerialize *serializer = OSSerialize_withCapacity(1);
    for (unsigned i = 0; i < 10000; i++)
        assert_true(OSSerialize_addChar(serializer, (char)('a' + i % 26)));
    assert_int_equal(OSSerialize_getLength(serializer), 10001);
    assert_int_equal(strlen(OSSerialize_text(serializer)), 10000);
    assert_int_equal(OSSerialize_text(serializer)[9999], 'a' + 9999 % 26);
    assert_true(OSSerialize_getCapacity(serializer) >= 10001);
    assert_int_equal(OSSerialize_getCapacityIncrement(serializer), 4096);
    assert_int_equal(OSSerialize_setCapacityIncrement(serializer, 0), 256);
    assert_int_equal(OSSerialize_ensureCapacity(serializer, 100000), 102400);
    OSRelease(serializer);
}

TEST(1_53_references)
{
    OSArray  *array  = OSArray_withCapacity(0);
    OSArray  *inner  = OSArray_withCapacity(0);
    OSObject *string = stringOf("s");
    assert_true(OSArray_setObject(inner, string));
    assert_true(OSArray_setObject(array, OSObjectOf(inner)));
    assert_true(OSArray_setObject(array, string));
    assert_true(OSArray_setObject(array, OSObjectOf(inner)));
    OSRelease(inner);
    OSRelease(string);
    expectXML(OSObjectOf(array), "<array ID=\"0\"><array ID=\"1\"><string ID=\"2\">s</string></array>"
                                 "<reference IDREF=\"2\"/><reference IDREF=\"1\"/></array>");
}

TEST(1_53_numbers_run_over_the_whole_text)
{
    OSSerialize *serializer = OSSerialize_withCapacity(1);
    OSObject    *a = stringOf("a"), *b = stringOf("b");
    assert_true(OSObject_serialize(a, serializer) && OSObject_serialize(b, serializer) &&
                OSObject_serialize(a, serializer));
    assert_string_equal(OSSerialize_text(serializer),
                        "<string ID=\"0\">a</string><string ID=\"1\">b</string><reference IDREF=\"0\"/>");
    OSRelease(a);
    OSRelease(b);
    OSRelease(serializer);
}

TEST(1_53_many_objects)
{
    OSArray *array = OSArray_withCapacity(0);
    for (unsigned i = 0; i < 5000; i++)
        appendNumber(array, i, 32);
    OSArray     *twice      = OSArray_withCapacity(0);
    OSSerialize *serializer = OSSerialize_withCapacity(1);
    assert_true(OSArray_merge(twice, array) && OSArray_merge(twice, array));
    assert_true(OSObject_serialize(OSObjectOf(twice), serializer));
    assert_non_null(strstr(OSSerialize_text(serializer), "<integer size=\"32\" ID=\"5000\">0x1387</integer>"
                                                         "<reference IDREF=\"1\"/>"));
    assert_non_null(strstr(OSSerialize_text(serializer), "<reference IDREF=\"5000\"/></array>"));
    OSRelease(serializer);
    OSRelease(twice);
    OSRelease(array);
}

TEST(1_54_element_names)
{
    OSArray        *array  = OSArray_withCapacity(0);
    OSDictionary   *dict   = OSDictionary_withCapacity(0);
    OSSet          *set    = OSSet_withCapacity(0);
    const OSSymbol *symbol = OSSymbol_withCString("sym");
    OSData         *data   = OSData_withBytes("abc", 3);
    assert_true(OSDictionary_setObject(dict, "k", OSObjectOf(kOSBooleanTrue)));
    assert_true(OSDictionary_setObject(dict, "l", OSObjectOf(kOSBooleanFalse)));
    assert_true(OSSet_setObject(set, OSObjectOf(symbol)));
    assert_true(OSArray_setObject(array, OSObjectOf(dict)) && OSArray_setObject(array, OSObjectOf(set)) &&
                OSArray_setObject(array, OSObjectOf(data)) && OSArray_setObject(array, OSObjectOf(kOSBooleanTrue)));
    OSRelease(dict);
    OSRelease(set);
    OSRelease(symbol);
    OSRelease(data);
    expectXML(OSObjectOf(array), "<array ID=\"0\"><dict ID=\"1\"><key>k</key><true/><key>l</key><false/></dict>"
                                 "<set ID=\"2\"><string ID=\"3\">sym</string></set><data ID=\"4\">YWJj</data><true/>"
                                 "</array>");
}

TEST(1_54_ordered_set_has_no_serializer)
{
    OSOrderedSet *set = OSOrderedSet_withCapacity(0, NULL, NULL);
    expectXML(OSObjectOf(set), "<string ID=\"0\">OSOrderedSet is not serializable</string>");
}

static bool serializeAnswer(void *target, void *reference, OSSerialize *serializer)
{
    assert_ptr_equal(reference, &kOSBooleanTrue);
    return OSObject_serialize(target, serializer);
}

TEST(1_54_serializer_object_writes_its_function)
{
    OSObject     *answer   = stringOf("42");
    OSSerializer *computed = OSSerializer_forTarget(answer, serializeAnswer, (void *)&kOSBooleanTrue);
    OSArray      *array    = OSArray_withCapacity(0);
    assert_true(OSArray_setObject(array, OSObjectOf(computed)));
    OSSerialize *binary = OSSerialize_binaryWithCapacity(4, NULL, NULL);
    assert_true(OSObject_serialize(OSObjectOf(array), binary)); /* a member without a binary form brings one that has */
    static const uint8_t expected[] = {0xd3, 0, 0, 0, 1, 0, 0, 0x82, 2, 0, 0, 0x89, '4', '2', 0, 0};
    assert_int_equal(OSSerialize_getLength(binary), sizeof expected);
    assert_memory_equal(OSSerialize_text(binary), expected, sizeof expected);
    OSRelease(binary);
    OSRelease(computed);
    expectXML(OSObjectOf(array), "<array ID=\"0\"><string ID=\"1\">42</string></array>");
    OSRelease(answer);
}

TEST(1_55_integers)
{
    OSArray *array = OSArray_withCapacity(0);
    appendNumber(array, 0, 8);
    appendNumber(array, 0xabcdef, 32);
    appendNumber(array, UINT64_C(0x1000000ab), 64);
    appendNumber(array, UINT64_MAX, 64);
    appendNumber(array, 0x1ff, 8);
    expectXML(OSObjectOf(array), "<array ID=\"0\"><integer size=\"8\" ID=\"1\">0x0</integer>"
                                 "<integer size=\"32\" ID=\"2\">0xabcdef</integer>"
                                 "<integer size=\"64\" ID=\"3\">0x1000000ab</integer>"
                                 "<integer size=\"64\" ID=\"4\">0xffffffffffffffff</integer>"
                                 "<integer size=\"8\" ID=\"5\">0xff</integer></array>");
}

TEST(1_56_data)
{
    expectXML(dataOf("a", 1), "<data ID=\"0\">YQ==</data>");
    expectXML(dataOf("ab", 2), "<data ID=\"0\">YWI=</data>");
    expectXML(dataOf("abc", 3), "<data ID=\"0\">YWJj</data>");
    expectXML(dataOf("\xff\xfe\xfd\xfc", 4), "<data ID=\"0\">//79/A==</data>");
    expectXML(dataOf("", 0), "<data ID=\"0\"></data>");
    OSData *hidden = OSData_withBytes("abc", 3);
    OSData_setSerializable(hidden, false);
    expectXML(OSObjectOf(hidden), "<data ID=\"0\"></data>");
    expectXML(OSObjectOf(OSDictionary_withCapacity(0)), "<dict ID=\"0\"></dict>");
    expectXML(OSObjectOf(OSArray_withCapacity(0)), "<array ID=\"0\"></array>");
    expectXML(OSObjectOf(OSSet_withCapacity(0)), "<set ID=\"0\"></set>");
    expectXML(stringOf(""), "<string ID=\"0\"></string>");
}

TEST(1_56_long_data_is_one_line)
{
    char      bytes[300] = {0};
    char      expected[600];
    OSObject *data = dataOf(bytes, sizeof bytes);
    strcpy(expected, "<data ID=\"0\">");
    memset(expected + strlen(expected), 'A', 400);
    strcpy(expected + 13 + 400, "</data>");
    expectXML(data, expected);
}

TEST(1_57_three_characters_are_escaped)
{
    expectXML(stringOf("<a> & \"b\" 'c' \t\n\x01\xff &amp;"),
              "<string ID=\"0\">&lt;a&gt; &amp; \"b\" 'c' \t\n\x01\xff &amp;amp;</string>");
    OSDictionary *dict = OSDictionary_withCapacity(1);
    assert_true(OSDictionary_setObject(dict, "<&>\"", OSObjectOf(kOSBooleanTrue)));
    expectXML(OSObjectOf(dict), "<dict ID=\"0\"><key>&lt;&amp;&gt;\"</key><true/></dict>");
}

TEST(1_60_vectors)
{
    OSDictionary *dict   = OSDictionary_withCapacity(1);
    OSNumber     *number = OSNumber_withNumber(1, 32);
    assert_true(OSDictionary_setObject(dict, "a", OSObjectOf(number)));
    OSRelease(number);
    expectXML(OSObjectOf(dict), "<dict ID=\"0\"><key>a</key><integer size=\"32\" ID=\"1\">0x1</integer></dict>");
    OSArray  *array  = OSArray_withCapacity(2);
    OSObject *string = stringOf("x");
    assert_true(OSArray_setObject(array, string) && OSArray_setObject(array, string));
    OSRelease(string);
    expectXML(OSObjectOf(array),
              "<array ID=\"0\"><string ID=\"1\">x</string><reference IDREF=\"1\"/></array>");
}

/* A cycle is written as a reference; the reader refuses it (1.67). */
TEST(1_53_cycle)
{
    OSArray *array = OSArray_withCapacity(1);
    assert_true(OSArray_setObject(array, OSObjectOf(array)));
    expectXML(OSRetain(OSObjectOf(array)), "<array ID=\"0\"><reference IDREF=\"0\"/></array>");
    OSArray_removeObject(array, 0);
    OSRelease(array);
}

TEST_MAIN(RUN(1_52_plain_text_with_its_nul), RUN(1_52_buffer_grows), RUN(1_53_references),
          RUN(1_53_numbers_run_over_the_whole_text), RUN(1_53_many_objects), RUN(1_53_cycle), RUN(1_54_element_names),
          RUN(1_54_ordered_set_has_no_serializer), RUN(1_54_serializer_object_writes_its_function), RUN(1_55_integers),
          RUN(1_56_data), RUN(1_56_long_data_is_one_line), RUN(1_57_three_characters_are_escaped), RUN(1_60_vectors))
