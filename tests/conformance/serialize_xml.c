/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.66 to 1.74: what OSUnserializeXML reads and refuses; what expat and Apple's lexer see differently. */
#include "serialize.h"

/* prefix, count times middle with %u for its number, suffix. The caller frees it. */
static char *repeat(const char *prefix, const char *middle, unsigned count, const char *suffix)
{
    char  *text;
    size_t size;
    FILE  *file = open_memstream(&text, &size);
    fputs(prefix, file);
    for (unsigned i = 0; i < count; i++) {
        const char *number = strstr(middle, "%u");
        if (number)
            fprintf(file, "%.*s%u%s", (int)(number - middle), middle, i, number + 2);
        else
            fputs(middle, file);
    }
    fputs(suffix, file);
    fclose(file);
    return text;
}

static void expectRepeat(const char *error, const char *prefix, const char *middle, unsigned count, const char *suffix)
{
    char     *text = repeat(prefix, middle, count, suffix);
    OSObject *object;
    if (error) {
        expectRefusedAt(text, error, 1);
    } else {
        object = OSUnserializeXML(text, NULL);
        assert_non_null(object);
        OSRelease(object);
    }
    free(text);
}

static const char header[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                             "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";

static void expectReadWithHeader(const char *body, const char *expected)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s", header, body);
    expectRead(text, expected);
}

TEST(1_66_elements)
{
    expectReadWithHeader("<plist version=\"1.0\">\n\t<array>\n<dict><key>k</key><true/><key>l</key>\n<false/></dict>"
                         "<set><string>s</string></set><integer size=\"32\">1</integer> <data>YQ==</data>\n"
                         "</array></plist>\n",
                         "<array ID=\"0\"><dict ID=\"1\"><key>k</key><true/><key>l</key><false/></dict>"
                         "<set ID=\"2\"><string ID=\"3\">s</string></set><integer size=\"32\" ID=\"4\">0x1</integer>"
                         "<data ID=\"5\">YQ==</data></array>");
}

TEST(1_66_plist_is_ignored_everywhere)
{
    expectRead("<string>s</string>", "<string ID=\"0\">s</string>");
    expectRead("<array><plist><string>s</string></plist><plist/></array>",
               "<array ID=\"0\"><string ID=\"1\">s</string></array>");
    expectRead("<dict><key>k</key><plist><true/></plist></dict>", "<dict ID=\"0\"><key>k</key><true/></dict>");
}

TEST(1_66_comments_and_instructions_are_skipped)
{
    expectReadWithHeader("<!-- a <dict> & --><?pi <x ?><array><!-- > --><true/><?pi?>\n<!----></array>",
                         "<array ID=\"0\"><true/></array>");
    expectRead(" \n\t<?xml version=\"1.0\"?><true/>", "<true/>");
    expectRead("<dict><key>a</key><!-- properties --><true/></dict>", "<dict ID=\"0\"><key>a</key><true/></dict>");
    expectRefused("<string>a<!-- b -->c</string>");
    expectRefused("<integer>1<?pi?></integer>");
    expectRefused("<string>a<![CDATA[b]]></string>");
    expectRefused("<array><![CDATA[ ]]></array>");
}

TEST(1_66_reading_ends_with_the_first_object)
{
    expectRead("<true/><false/>", "<true/>");
    expectRead("<dict></dict></dict> & garbage <", "<dict ID=\"0\"></dict>");
    expectRead("<plist><string>s</string><string>t</string>", "<string ID=\"0\">s</string>");
}

TEST(1_66_other_elements_are_refused)
{
    expectRefused("<real>1.5</real>");
    expectRefused("<date>2026-01-01T00:00:00Z</date>");
    expectRefused("<Dict></Dict>");
    expectRefused("<array><x/></array>");
    expectRefused("<true></true>");
    expectRefused("<array><false></false></array>");
    expectRefused("<string><string>a</string></string>");
    expectRefused("<key>a</key>");
    expectRefused("<array><key>a</key></array>");
}

TEST(1_66_text_between_elements_is_refused)
{
    expectRefused("text");
    expectRefused("<array>x<true/></array>");
    expectRefused("<array><true/>x</array>");
    expectRefused("<array>x</array>");
    expectRefused("<array>&amp;<true/></array>");
    expectRefused("<array>x<!-- c --></array>");
    expectRefused("<array>&#32;<true/></array>");
    expectRead("<array>\r\n <true/>\r\n</array>", "<array ID=\"0\"><true/></array>"); /* Apple refuses CR here */
}

TEST(1_66_well_formed)
{
    expectRefused("<array><true/></dict>");
    expectRefused("<array>");
    expectRefused("<plist><string>a");
    expectRefused("<dict><key>a</key></dict>");
    expectRefused("<dict><true/></dict>");
    expectRefused("<dict><key>a</key><key>b</key><true/></dict>");
    expectRefused("<dict><key>a</key><true/><true/></dict>");
    expectRefused("<string>a]]>b</string>"); /* Apple reads it; XML forbids it, and it is never written */
    expectRead("<array ><true /><string\n>a</string ></array>",
               "<array ID=\"0\"><true/><string ID=\"1\">a</string></array>"); /* Apple refuses these spaces */
}

TEST(1_66_no_document_type_with_entities)
{
    expectRefused("<!DOCTYPE a [<!ENTITY x \"y\">]><string>&x;</string>");
    expectRefused("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                  "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
                  "<string>&d;</string>");
    expectRefused("<!DOCTYPE a SYSTEM \"/etc/passwd\" []><string>x</string>");
    expectRefused("<!DOCTYPE a SYSTEM \"/etc/passwd\"><string>&x;</string>");
    expectRead("<!DOCTYPE a SYSTEM \"/nowhere\"><string>x</string>", "<string ID=\"0\">x</string>");
}

TEST(1_67_references)
{
    expectRead("<array><string ID=\"7\">x</string><reference IDREF=\"7\"/><string IDREF=\"7\"/><any IDREF=\"0x7\"/>"
               "</array>",
               "<array ID=\"0\"><string ID=\"1\">x</string><reference IDREF=\"1\"/><reference IDREF=\"1\"/>"
               "<reference IDREF=\"1\"/></array>");
    expectRead("<array><dict ID=\"0\"></dict><set ID=\"1\"><reference IDREF=\"0\"/></set><set IDREF=\"1\"/></array>",
               "<array ID=\"0\"><dict ID=\"1\"></dict><set ID=\"2\"><reference IDREF=\"1\"/></set>"
               "<reference IDREF=\"2\"/></array>");
    expectRead(
        "<array><string ID=\"1\">a</string><string ID=\"1\">b</string><x IDREF=\"1\"/></array>",
        "<array ID=\"0\"><string ID=\"1\">a</string><string ID=\"2\">b</string><reference IDREF=\"2\"/></array>");
    expectRead("<dict><key ID=\"3\">k</key><string IDREF=\"3\"/></dict>",
               "<dict ID=\"0\"><key>k</key><string ID=\"1\">k</string></dict>");
    expectRead("<array><data ID=\"2147483647\"/><x IDREF=\"2147483647\"/></array>",
               "<array ID=\"0\"><data ID=\"1\"></data><reference IDREF=\"1\"/></array>");
}

TEST(1_67_unseen_references_are_refused)
{
    expectRefusedAt("<array><reference IDREF=\"0\"/></array>", "forward reference detected", 1);
    expectRefusedAt("<array><reference IDREF=\"1\"/><string ID=\"1\">x</string></array>", "forward reference detected",
                    1);
    expectRefusedAt("<array ID=\"0\"><reference IDREF=\"0\"/></array>", "forward reference detected", 1);
    expectRefusedAt("<array><true ID=\"0\"/><reference IDREF=\"0\"/></array>", "forward reference detected", 1);
    expectRefusedAt("<array><string ID=\"-1\">x</string><x IDREF=\"-1\"/></array>", "forward reference detected", 1);
}

TEST(1_67_reference_syntax)
{
    expectRefused("<array><string ID=\"0\">x</string><string IDREF=\"0\">x</string></array>");
    expectRefused("<array><string ID=\"0\">x</string><string IDREF=\"0\"></string></array>");
    expectRefused("<array IDX=\"0\"></array>");
    expectRead("<array other=\"0\" id=\"1\"></array>", "<array ID=\"0\"></array>");
    expectRead("<array ID='0'></array>", "<array ID=\"0\"></array>"); /* Apple refuses single quotes */
}

TEST(1_68_integers)
{
    expectRead("<integer>10</integer>", "<integer size=\"64\" ID=\"0\">0xa</integer>");
    expectRead("<integer>-1</integer>", "<integer size=\"64\" ID=\"0\">0xffffffffffffffff</integer>");
    expectRead("<integer size=\"8\">-1</integer>", "<integer size=\"8\" ID=\"0\">0xff</integer>");
    expectRead("<integer size=\"32\">0xdeadbeef</integer>", "<integer size=\"32\" ID=\"0\">0xdeadbeef</integer>");
    expectRead("<integer size=\"0x10\">007</integer>", "<integer size=\"16\" ID=\"0\">0x7</integer>");
    expectRead("<integer>18446744073709551617</integer>", "<integer size=\"64\" ID=\"0\">0x1</integer>");
    expectRead("<integer></integer>", "<integer size=\"64\" ID=\"0\">0x0</integer>");
    expectRead("<integer size=\"16\"/>", "<integer size=\"16\" ID=\"0\">0x0</integer>");
    expectRefused("<integer>0xAB</integer>");
    expectRefused("<integer>0X1</integer>");
    expectRefused("<integer>a</integer>");
    expectRefused("<integer>+1</integer>");
    expectRefused("<integer> 1</integer>");
    expectRefused("<integer>1 </integer>");
    expectRefused("<integer>1.5</integer>");
    expectRefused("<integer>-0x1</integer>");
    expectRefusedAt("<integer size=\"65\">1</integer>", "buildNumber", 1);
    expectRefusedAt("<integer size=\"-1\">1</integer>", "buildNumber", 1);
}

TEST(1_69_data)
{
    expectRead("<data>\n\tSGVs\n\tbG8=\n</data>", "<data ID=\"0\">SGVsbG8=</data>");
    expectRead("<data>YQ==</data>", "<data ID=\"0\">YQ==</data>");
    expectRead("<data>+/+/</data>", "<data ID=\"0\">+/+/</data>");
    expectRead("<data>YWJjZ</data>", "<data ID=\"0\">YWJj</data>"); /* an unfinished group is dropped */
    expectRead("<data>Y-W*J\xff"
               "j</data>", "<data ID=\"0\">YWJj</data>");
    expectRead("<data format=\"base64\">YWJj</data>", "<data ID=\"0\">YWJj</data>");
    expectRead("<data format=\"hex\">616263</data>", "<data ID=\"0\">YWJj</data>");
    expectRead("<data format=\"hex\">\n61 62\n\t63\n</data>", "<data ID=\"0\">YWJj</data>");
    expectRefused("<data format=\"hex\">fF</data>");
    expectRefused("<data format=\"hex\">6</data>"); /* Apple reads odd digits as empty data */
    expectRefused("<data format=\"hex\">6 1</data>");
}

TEST(1_70_entities)
{
    expectRead("<string>&lt;a&gt; &amp; b&amp;lt;</string>", "<string ID=\"0\">&lt;a&gt; &amp; b&amp;lt;</string>");
    expectRead("<dict><key>&amp;</key><true/><key>&lt;&gt;</key><true/></dict>",
               "<dict ID=\"0\"><key>&amp;</key><true/><key>&lt;&gt;</key><true/></dict>");
    expectRefused("<string>&quot;</string>");
    expectRefused("<string>&apos;</string>");
    expectRefused("<string>&#65;</string>");
    expectRefused("<string>&#x41;</string>");
    expectRefused("<string>&unknown;</string>");
    expectRefused("<string>a & b</string>");
    expectRefused("<dict><key>&quot;</key><true/></dict>");
}

TEST(1_70_bytes_stay_as_they_are)
{
    static const char every[] =
        "<string>\x01\x02\x08\x0b\x0c\r\r\n\n\t\x1f \"'\x7f\x80\xc3\xa9\xe2\x82\xac\xed\xa0\x80\xff"
        "\xef\xbf\xbf</string>";
    OSString *string = OSDynamicCast(OSString, OSUnserializeXML(every, NULL));
    assert_non_null(string);
    assert_int_equal(OSString_getLength(string), strlen(every) - strlen("<string></string>"));
    assert_memory_equal(OSString_getCStringNoCopy(string), every + strlen("<string>"), OSString_getLength(string));
    OSRelease(string);
    expectRead("<?xml version=\"1.0\" encoding=\"UTF-16\"?><string>\xe9</string>", "<string ID=\"0\">\xe9</string>");
    expectRead("\xef\xbb\xbf<string>\x01</string>", "<string ID=\"0\">\x01</string>"); /* Apple refuses the mark */
    expectRefused("\xfe\xff<true/>");
    expectRefused("\xff\xfe<true/>");
    expectRefused("<string>\x01</bad>");
}

/* IDs that would fall on each other in a table of any size; and numbers beyond what one can hold. */
TEST(1_67_ids_far_apart)
{
    char  *text;
    size_t size;
    FILE  *file = open_memstream(&text, &size);
    fputs("<array>", file);
    for (unsigned i = 0; i < 2000; i++)
        fprintf(file, "<string ID=\"%u\">%u</string>", i << 20, i);
    for (unsigned i = 0; i < 2000; i++)
        fprintf(file, "<x IDREF=\"%u\"/>", i << 20);
    fputs("</array>", file);
    fclose(file);
    OSArray *array = OSDynamicCast(OSArray, OSUnserializeXML(text, NULL));
    assert_non_null(array);
    for (unsigned i = 0; i < 2000; i++)
        assert_ptr_equal(OSArray_getObject(array, i), OSArray_getObject(array, 2000 + i));
    OSRelease(array);
    free(text);
    expectRefusedAt("<array><string ID=\"99999999999\">x</string><x IDREF=\"99999999999\"/></array>",
                    "forward reference detected", 1);
}

TEST(1_70_keys)
{
    expectRefusedAt("<dict><key>a</key><true/><key>b</key><true/>\n<key>a</key><true/></dict>",
                    "duplicate dictionary key", 2);
    expectRefusedAt("<dict><key>&amp;</key><true/><key>&amp;</key><true/></dict>", "duplicate dictionary key", 1);
    expectRefused("<dict><key/><true/></dict>");
    expectRead("<dict><key></key><true/></dict>", "<dict ID=\"0\"><key></key><true/></dict>");
    expectRead(
        "<array><dict><key>a</key><true/></dict><dict><key>a</key><true/></dict></array>",
        "<array ID=\"0\"><dict ID=\"1\"><key>a</key><true/></dict><dict ID=\"2\"><key>a</key><true/></dict></array>");
}

TEST(1_70_keys_are_interned)
{
    OSDictionary   *dict = OSDynamicCast(OSDictionary, OSUnserializeXML("<dict><key>aKey</key><true/></dict>", NULL));
    const OSSymbol *key  = OSSymbol_withCString("aKey");
    assert_non_null(dict);
    assert_ptr_equal(OSDictionary_getKeyAtIndex(dict, 0), key);
    OSRelease(key);
    OSRelease(dict);
}

/* More keys than the reader remembers, and many of the same. */
TEST(1_70_many_keys)
{
    char         *text = repeat("<dict>", "<key>key number %u</key><true/>", 3000, "</dict>");
    OSDictionary *dict = OSDynamicCast(OSDictionary, OSUnserializeXML(text, NULL));
    assert_non_null(dict);
    assert_int_equal(OSDictionary_getCount(dict), 3000);
    assert_ptr_equal(OSDictionary_getObject(dict, "key number 2999"), kOSBooleanTrue);
    OSRelease(dict);
    free(text);
    expectRepeat(NULL, "<array>", "<dict><key>a</key><true/><key>b</key><true/></dict>", 1000, "</array>");
}

TEST(1_71_names_and_values)
{
    expectRead("<array a23456789012345678901234567890=\"v23456789012345678901234567890\"></array>",
               "<array ID=\"0\"></array>");
    expectRefused("<array a234567890123456789012345678901=\"1\"></array>");
    expectRefused("<array a=\"v234567890123456789012345678901\"></array>");
    expectRepeat(NULL, "<array", " a%u=\"1\"", 31, "></array>");
    expectRepeat("syntax error", "<array", " a%u=\"1\"", 32, "></array>");
}

TEST(1_71_objects)
{
    expectRepeat(NULL, "<array>", "<true/>", kOSUnserializeTextObjectsMax - 1, "</array>");
    expectRepeat("maximum object count", "<array>", "<true/>", kOSUnserializeTextObjectsMax, "</array>");
    expectRepeat(NULL, "<array><data ID=\"0\"/><data ID=\"1\"/><x IDREF=\"0\"/>",
                 "<x IDREF=\"0\"/><x IDREF=\"1\"/>", kOSUnserializeReferencesMax / 2, "</array>");
    expectRepeat("maximum object reference count", "<array><data ID=\"0\"/><data ID=\"1\"/>",
                 "<x IDREF=\"0\"/><x IDREF=\"1\"/>", kOSUnserializeReferencesMax / 2 + 1, "</array>");
}

/* Ours: one object cannot be repeated until its reference count runs over, which would keep it for ever. */
TEST(1_71_repeats_of_one_object)
{
    expectRepeat(NULL, "<array><data ID=\"0\"/>", "<x IDREF=\"0\"/>", kOSUnserializeRepeatsMax, "</array>");
    expectRepeat("maximum object reference count", "<array><data ID=\"0\"/>", "<x IDREF=\"0\"/>",
                 kOSUnserializeRepeatsMax + 1, "</array>");
}

TEST(1_71_large_collections)
{
    expectRepeat(NULL, "<set>", "<string>%u</string>", 130000, "</set>");
    expectRepeat(NULL, "<dict>", "<key>%u</key><true/>", 130000, "</dict>");
    OSSet *set =
        OSDynamicCast(OSSet, OSUnserializeXML("<set><data ID=\"1\"/><x IDREF=\"1\"/><true/><true/></set>", NULL));
    assert_non_null(set);
    assert_int_equal(OSSet_getCount(set), 2);
    OSRelease(set);
    char *text = repeat("<set><data ID=\"1\"/>", "<true/><string>%u</string><x IDREF=\"1\"/>", 100, "</set>");
    set        = OSDynamicCast(OSSet, OSUnserializeXML(text, NULL));
    assert_non_null(set);
    assert_int_equal(OSSet_getCount(set), 102);
    OSRelease(set);
    free(text);
}

static char *nested(unsigned depth)
{
    char *open  = repeat("", "<array>", depth, "");
    char *close = repeat("", "</array>", depth, "");
    char *text;
    assert_true(asprintf(&text, "%s%s", open, close) > 0);
    free(open);
    free(close);
    return text;
}

TEST(1_71_depth)
{
    char     *text   = nested(kOSUnserializeTextDepthMax);
    OSObject *object = OSUnserializeXML(text, NULL);
    assert_non_null(object);
    OSRelease(object);
    free(text);
    text = nested(kOSUnserializeTextDepthMax + 1);
    expectRefusedAt(text, "maximum nesting depth", 1);
    free(text);
    text = nested(1000000);
    assert_null(OSUnserializeXML(text, NULL));
    free(text);
}

/* 24 arrays, each twice the one before: short to write, 2^24 objects to walk. */
TEST(1_71_references_count_as_what_they_refer_to)
{
    char *text = repeat("<array><array ID=\"0\"><true/><true/></array>", "%u", 0, "");
    char *more;
    for (unsigned i = 1; i < 24; i++) {
        assert_true(asprintf(&more, "%s<array ID=\"%u\"><x IDREF=\"%u\"/><x IDREF=\"%u\"/></array>", text, i, i - 1,
                             i - 1) > 0);
        free(text);
        text = more;
    }
    assert_true(asprintf(&more, "%s</array>", text) > 0);
    expectRefusedAt(more, "maximum object count", 1);
    free(text);
    free(more);
}

TEST(1_71_string_length)
{
    expectRepeat(NULL, "<string>", "a", kOSStringMaxLength - 1, "</string>");
    expectRepeat("buildString", "<string>", "a", kOSStringMaxLength, "</string>");
    expectRepeat("buildSymbol", "<dict><key>", "a", kOSStringMaxLength, "</key><true/></dict>");
}

TEST(1_72_empty_forms)
{
    expectRead("<array><dict/><array/><set/><string/><data/></array>",
               "<array ID=\"0\"><dict ID=\"1\"></dict><array ID=\"2\"></array><set ID=\"3\"></set>"
               "<string ID=\"4\"></string><data ID=\"5\"></data></array>");
    expectRead("<array><dict ID=\"1\"/><x IDREF=\"1\"/><string ID=\"2\"/><x IDREF=\"2\"/></array>",
               "<array ID=\"0\"><dict ID=\"1\"></dict><reference IDREF=\"1\"/><string ID=\"2\"></string>"
               "<reference IDREF=\"2\"/></array>");
    expectRead("<dict/>", "<dict ID=\"0\"></dict>");
}

TEST(1_73_errors)
{
    expectRefusedAt("<array>\n<true/>\n<bad/>\n</array>", "syntax error", 3);
    expectRefusedAt("\n\n<array>\n<true/>\n<", "syntax error", 5);
    expectRefusedAt("", "unexpected end of buffer", 1);
    expectRefusedAt(" \n ", "unexpected end of buffer", 2);
    expectRefusedAt("<!-- only -->", "unexpected end of buffer", 1);
    expectRefusedAt("<plist>", "unexpected end of buffer", 1);
    expectRefusedAt("<plist>\n</plist>", "unexpected end of buffer", 2);
    OSString *error = (OSString *)1;
    assert_null(OSUnserializeXML(NULL, &error));
    assert_null(error);
}

TEST(1_74_sized)
{
    OSString         *error  = (OSString *)1;
    _Alignas(4) char  text[] = "<true/>";
    _Alignas(4) char  word[] = {(char)0xd3, 0, 0, 0, 1, 0, 0, (char)0x8b};
    _Alignas(4) char  indexed[] = {(char)0xd4, 1, 0, 0, 1, 0, 0, (char)0x8b};
    assert_ptr_equal(OSUnserializeXMLSized(text, sizeof text, &error), kOSBooleanTrue);
    assert_null(error);
    assert_null(OSUnserializeXMLSized(text, sizeof text - 1, &error));
    assert_null(error);
    assert_null(OSUnserializeXMLSized("a\0", 3, &error));
    assert_null(error);
    assert_null(OSUnserializeXMLSized(NULL, 8, &error));
    assert_null(OSUnserializeXMLSized("abc", 4, &error));
    assert_non_null(error);
    OSSafeReleaseNULL(error);
    assert_ptr_equal(OSUnserializeXMLSized("<true/>\0<false", 15, &error), kOSBooleanTrue); /* ends at its first NUL */
    assert_ptr_equal(OSUnserializeXMLSized(word, sizeof word, &error), kOSBooleanTrue);
    assert_ptr_equal(OSUnserializeXMLSized(indexed, sizeof indexed, &error), kOSBooleanTrue);
    assert_null(OSUnserializeXMLSized(word, 7, &error)); /* no text: the binary reader has none */
    assert_null(error);
}

TEST_MAIN(RUN(1_66_elements), RUN(1_66_plist_is_ignored_everywhere), RUN(1_66_comments_and_instructions_are_skipped),
          RUN(1_66_reading_ends_with_the_first_object), RUN(1_66_other_elements_are_refused),
          RUN(1_66_text_between_elements_is_refused), RUN(1_66_well_formed), RUN(1_66_no_document_type_with_entities),
          RUN(1_67_references), RUN(1_67_ids_far_apart), RUN(1_67_unseen_references_are_refused),
          RUN(1_67_reference_syntax), RUN(1_68_integers), RUN(1_69_data), RUN(1_70_entities),
          RUN(1_70_bytes_stay_as_they_are), RUN(1_70_keys), RUN(1_70_keys_are_interned), RUN(1_70_many_keys),
          RUN(1_71_names_and_values), RUN(1_71_objects), RUN(1_71_repeats_of_one_object), RUN(1_71_large_collections),
          RUN(1_71_depth), RUN(1_71_references_count_as_what_they_refer_to), RUN(1_71_string_length),
          RUN(1_72_empty_forms), RUN(1_73_errors), RUN(1_74_sized))
