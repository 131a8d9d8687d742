/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.75, 1.76: the old form. */
#include "serialize.h"

static void expectOld(const char *text, const char *expected)
{
    OSString *error  = (OSString *)1;
    OSObject *object = OSUnserialize(text, &error);
    if (!object)
        print_error("%s: %s", text, error ? OSString_getCStringNoCopy(error) : "no error");
    assert_null(error);
    expectXML(object, expected);
}

static void expectOldRefused(const char *text, const char *what, unsigned line)
{
    char      expected[160];
    OSString *error = NULL;
    assert_null(OSUnserialize(text, &error));
    assert_non_null(error);
    snprintf(expected, sizeof expected, "OSUnserialize: %s near line %u\n", what, line);
    assert_string_equal(OSString_getCStringNoCopy(error), expected);
    OSRelease(error);
    assert_null(OSUnserialize(text, NULL));
}

TEST(1_75_collections)
{
    expectOld("{ a = x; b = { c = y; }; }",
              "<dict ID=\"0\"><key>a</key><string ID=\"1\">x</string><key>b</key><dict ID=\"2\"><key>c</key>"
              "<string ID=\"3\">y</string></dict></dict>");
    expectOld("(a,b,(c))", "<array ID=\"0\"><string ID=\"1\">a</string><string ID=\"2\">b</string><array ID=\"3\">"
                           "<string ID=\"4\">c</string></array></array>");
    expectOld("[a, b]", "<set ID=\"0\"><string ID=\"1\">a</string><string ID=\"2\">b</string></set>");
    expectOld("({}, (), [])",
              "<array ID=\"0\"><dict ID=\"1\"></dict><array ID=\"2\"></array><set ID=\"3\"></set></array>");
    expectOld("{ a = 1:8; a = 2:8; }", "<dict ID=\"0\"><key>a</key><integer size=\"8\" ID=\"1\">0x2</integer></dict>");
}

TEST(1_75_collection_syntax)
{
    static const char *const wrong[] = {"{", "{ a = b }", "{ a; }", "{ a = ; }", "{ = b; }", "{ a = b; ", "( a b )",
                                        "( a, )", "( , a )", "( a", "[ a ; ]", "( a }", "}", ")", "{ 1:8 = b; }",
                                        "{ (a) = b; }", "{ a = b; c }", "=", "( a, b", "{ a = b; ) }"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expectOldRefused(wrong[i], "syntax error", 1);
}

TEST(1_75_data)
{
    expectOld("<616263>", "<data ID=\"0\">YWJj</data>");
    expectOld("< 61 62\n\t63 # c > 64\n >", "<data ID=\"0\">YWJj</data>");
    expectOld("<>", "<data ID=\"0\"></data>");
    expectOld("<61626>", "<data ID=\"0\">YWI=</data>"); /* the odd digit is dropped, as Apple does */
    expectOldRefused("<61", "syntax error", 1);
    expectOldRefused("<6 1>", "syntax error", 1);
    expectOldRefused("<AB>", "syntax error", 1);
}

TEST(1_75_booleans)
{
    expectOld("(.true., .false.)", "<array ID=\"0\"><true/><false/></array>");
    expectOldRefused(".yes.", "syntax error", 1);
    expectOldRefused(".true", "syntax error", 1);
    expectOldRefused(".True.", "syntax error", 1);
}

TEST(1_75_numbers)
{
    expectOld("10:32", "<integer size=\"32\" ID=\"0\">0xa</integer>");
    expectOld("0xff : 8", "<integer size=\"8\" ID=\"0\">0xff</integer>");
    expectOld("0x1ff:0x8", "<integer size=\"8\" ID=\"0\">0xff</integer>");
    expectOld("010:64", "<integer size=\"64\" ID=\"0\">0xa</integer>");
    expectOldRefused("10", "syntax error", 1);
    expectOldRefused("10:", "syntax error", 1);
    expectOldRefused("10:65", "syntax error", 1);
    expectOldRefused("-1:32", "syntax error", 1);
}

TEST(1_75_strings)
{
    expectOld("a-Z9", "<string ID=\"0\">a-Z9</string>");
    expectOld("\"it's\"", "<string ID=\"0\">it's</string>");
    expectOld("'say \"x\"'", "<string ID=\"0\">say \"x\"</string>");
    expectOld("'a\\'b'", "<string ID=\"0\">a'b</string>");
    expectOld("'a\\\\b\\n'", "<string ID=\"0\">abn</string>");
    expectOld("''", "<string ID=\"0\"></string>");
    expectOld("'two\nlines'", "<string ID=\"0\">two\nlines</string>");
    expectOldRefused("'open", "syntax error", 1);
    expectOldRefused("'open\\'", "syntax error", 1);
    expectOldRefused("'open\\", "syntax error", 1);
    expectOldRefused("_a", "syntax error", 1);
    expectOldRefused("\r", "syntax error", 1);
}

TEST(1_76_tags)
{
    expectOld(
        "( x @ 1, @1, (y)@2, @ 2 )",
        "<array ID=\"0\"><string ID=\"1\">x</string><reference IDREF=\"1\"/><array ID=\"2\"><string ID=\"3\">y</string>"
        "</array><reference IDREF=\"2\"/></array>");
    expectOld("( x @1 @2, @1, @2 )", "<array ID=\"0\"><string ID=\"1\">x</string><reference IDREF=\"1\"/>"
                                     "<reference IDREF=\"1\"/></array>");
    expectOld("{ k @1 = @1; @1 = .true. @5; b = @5; }", "<dict ID=\"0\"><key>k</key><true/><key>b</key><true/></dict>");
    expectOld("{ a = x @1; a = y; b = @1; }", "<dict ID=\"0\"><key>a</key><string ID=\"1\">y</string><key>b</key>"
                                              "<string ID=\"2\">x</string></dict>");
    expectOldRefused("( @1 )", "forward reference detected", 1);
    expectOldRefused("( @1 ) @1", "forward reference detected", 1);
    expectOldRefused("( x @ )", "syntax error", 1);
    expectOldRefused("( x @ y )", "syntax error", 1);
}

TEST(1_76_comments_and_lines)
{
    expectOld("# one\n( a, # two ) \n b)",
              "<array ID=\"0\"><string ID=\"1\">a</string><string ID=\"2\">b</string></array>");
    expectOldRefused("(a,\n# c\n=)", "syntax error", 3);
    expectOldRefused("(a,\n'x\ny' z)", "syntax error", 3);
}

TEST(1_76_empty_input)
{
    OSString *error = (OSString *)1;
    assert_null(OSUnserialize("", &error));
    assert_null(error);
    assert_null(OSUnserialize(" \n\t# nothing", &error));
    assert_null(error);
    assert_null(OSUnserialize(NULL, &error));
    assert_null(error);
}

TEST(1_76_reading_ends_with_the_first_object)
{
    expectOld("a b c )", "<string ID=\"0\">a</string>");
    expectOld("() 'open", "<array ID=\"0\"></array>");
    expectOldRefused("a @ b", "syntax error", 1);
}

TEST(1_76_depth)
{
    enum { kDeep = 100000 };
    char *text = malloc(2 * kDeep + 1);
    memset(text, '(', kDeep);
    memset(text + kDeep, ')', kDeep);
    text[2 * kDeep] = 0;
    expectOldRefused(text, "maximum nesting depth", 1);
    text[kDeep + kOSUnserializeTextDepthMax] = 0;
    OSObject *object = OSUnserialize(text + kDeep - kOSUnserializeTextDepthMax, NULL);
    assert_non_null(object);
    OSRelease(object);
    free(text);
}

TEST_MAIN(RUN(1_75_collections), RUN(1_75_collection_syntax), RUN(1_75_data), RUN(1_75_booleans), RUN(1_75_numbers),
          RUN(1_75_strings), RUN(1_76_tags), RUN(1_76_comments_and_lines), RUN(1_76_empty_input),
          RUN(1_76_reading_ends_with_the_first_object), RUN(1_76_depth))
