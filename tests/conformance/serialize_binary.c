/* SPDX-License-Identifier: MIT */
/* SEMANTICS 1.77 to 1.85: the binary form. Streams are written here as words, the way the statements have them. */
#include "serialize.h"

#include "libkern/OSUnserializePrivate.h"

enum {
    kSignature = 0x000000d3,
    kEnd       = 0x80000000u,
    kDict      = 0x01000000,
    kArray     = 0x02000000,
    kSet       = 0x03000000,
    kNumber    = 0x04000000,
    kSymbol    = 0x08000000,
    kString    = 0x09000000,
    kData      = 0x0a000000,
    kBoolean   = 0x0b000000,
    kReference = 0x0c000000,
    kTextA     = 0x00000061, /* "a" and its padding */
    kTextB     = 0x00000062,
};

#define WORDS(...) ((const uint32_t[]){__VA_ARGS__}), sizeof((const uint32_t[]){__VA_ARGS__})

static OSObject *readWords(const uint32_t *words, size_t size)
{
    char     *exact  = malloc(size); /* of exactly this size: a sanitizer sees a read behind it */
    OSString *error  = (OSString *)1;
    memcpy(exact, words, size);
    OSObject *object = OSUnserializeBinary(exact, size, &error);
    assert_null(error);
    free(exact);
    return object;
}

static void expectBinary(OSObject *object, bool indexed, const uint32_t *words, size_t size)
{
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4, NULL, NULL);
    if (indexed)
        OSSerialize_setIndexed(serializer, true);
    assert_true(OSObject_serialize(object, serializer));
    assert_int_equal(OSSerialize_getLength(serializer), size);
    assert_memory_equal(OSSerialize_text(serializer), words, size);
    OSRelease(serializer);
}

/* The XML text is written as these words, and they are read as an object that is written as that text again. */
static void expectBoth(const char *xml, const uint32_t *words, size_t size)
{
    OSObject *object = OSUnserializeXML(xml, NULL);
    assert_non_null(object);
    expectBinary(object, words[0] != kSignature, words, size);
    OSRelease(object);
    expectXML(readWords(words, size), xml);
}

static void expectReadAs(const char *xml, const uint32_t *words, size_t size)
{
    expectXML(readWords(words, size), xml);
}

static void expectWordsRefused(const uint32_t *words, size_t size)
{
    assert_null(readWords(words, size));
}

TEST(1_77_signature)
{
    expectBoth("<array ID=\"0\"></array>", WORDS(kSignature, kArray | kEnd));
    expectWordsRefused(WORDS(0x000000d2, kArray | kEnd));
    expectWordsRefused(WORDS(0x000001d3, kArray | kEnd));
    expectWordsRefused(WORDS(0x010000d3, kArray | kEnd));
    expectReadAs("<array ID=\"0\"></array>", WORDS(0x000001d4, kArray | kEnd, 2));
    assert_null(OSSerialize_binaryWithCapacity(3, NULL, NULL));
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4, NULL, NULL);
    assert_int_equal(OSSerialize_getLength(serializer), 4);
    assert_false(OSSerialize_addChar(serializer, 'x'));
    assert_false(OSSerialize_addXMLStartTag(serializer, OSObjectOf(kOSBooleanTrue), "x"));
    assert_int_equal(OSSerialize_getLength(serializer), 4);
    OSRelease(serializer);
}

TEST(1_78_end_bits)
{
    expectBoth("<array ID=\"0\"><true/><array ID=\"1\"><false/></array></array>",
               WORDS(kSignature, kArray | 2 | kEnd, kBoolean | 1, kArray | 1 | kEnd, kBoolean | 0 | kEnd));
    expectBoth("<array ID=\"0\"><array ID=\"1\"><true/></array><false/></array>",
               WORDS(kSignature, kArray | 2 | kEnd, kArray | 1, kBoolean | 1 | kEnd, kBoolean | kEnd));
    expectReadAs("<array ID=\"0\"><true/></array>", WORDS(kSignature, kArray | 1, kBoolean | 1 | kEnd)); /* as Apple */
    expectWordsRefused(WORDS(kSignature, kArray));
    expectWordsRefused(WORDS(kSignature, kBoolean | 1));
    expectReadAs("<true/>", WORDS(kSignature, kBoolean | 1 | kEnd));
}

TEST(1_79_types)
{
    expectBoth(
        "<array ID=\"0\"><dict ID=\"1\"></dict><set ID=\"2\"></set><integer size=\"16\" ID=\"3\">0x1234</integer>"
        "<string ID=\"4\">a</string><data ID=\"5\">YQ==</data><true/></array>",
        WORDS(kSignature, kArray | 6 | kEnd, kDict, kSet, kNumber | 16, 0x1234, 0, kString | 1, kTextA, kData | 1,
              kTextA, kBoolean | 1 | kEnd));
}

TEST(1_80_members)
{
    expectBoth("<dict ID=\"0\"><key>a</key><true/><key>b</key><set ID=\"1\"><false/></set></dict>",
               WORDS(kSignature, kDict | 2 | kEnd, kSymbol | 2, kTextA, kBoolean | 1, kSymbol | 2, kTextB,
                     kSet | 1 | kEnd, kBoolean | kEnd));
    expectReadAs("<dict ID=\"0\"><key>a</key><string ID=\"1\">a</string></dict>",
                 WORDS(kSignature, kDict | 1 | kEnd, kSymbol | 2, kTextA, kReference | 1 | kEnd));
    expectReadAs(
        "<array ID=\"0\"><dict ID=\"1\"><key>a</key><true/></dict><dict ID=\"2\"><key>a</key><true/></dict></array>",
        WORDS(kSignature, kArray | 2 | kEnd, kDict | 1, kSymbol | 2, kTextA, kBoolean | 1 | kEnd, kDict | 1 | kEnd,
              kReference | 2, kReference | 3 | kEnd));
}

TEST(1_80_repeated_key_keeps_the_later_value)
{
    expectReadAs("<dict ID=\"0\"><key>a</key><false/><key>b</key><string ID=\"1\">a</string></dict>",
                 WORDS(kSignature, kDict | 3 | kEnd, kSymbol | 2, kTextA, kString | 1, kTextA, kSymbol | 2, kTextA,
                       kBoolean, kSymbol | 2, kTextB, kReference | 2 | kEnd));
}

TEST(1_81_payloads)
{
    expectBoth("<integer size=\"64\" ID=\"0\">0x123456789</integer>",
               WORDS(kSignature, kNumber | 64 | kEnd, 0x23456789, 1));
    expectBoth("<string ID=\"0\"></string>", WORDS(kSignature, kString | kEnd));
    expectBoth("<string ID=\"0\">aaaa</string>", WORDS(kSignature, kString | 4 | kEnd, 0x61616161));
    expectBoth("<string ID=\"0\">aaaaa</string>", WORDS(kSignature, kString | 5 | kEnd, 0x61616161, kTextA));
    expectBoth("<data ID=\"0\"></data>", WORDS(kSignature, kData | kEnd));
    expectReadAs("<string ID=\"0\">a</string>", WORDS(kSignature, kSymbol | 2 | kEnd, kTextA));
    expectReadAs("<string ID=\"0\">a</string>", WORDS(kSignature, kString | 3 | kEnd, kTextA)); /* ends at its NUL */
    expectReadAs("<string ID=\"0\"></string>", WORDS(kSignature, kSymbol | 1 | kEnd, 0));
    expectReadAs("<true/>", WORDS(kSignature, kBoolean | 0xffffff | kEnd));
}

TEST(1_81_floating_point)
{
    OSNumber *real   = OSNumber_withDouble(-1.5);
    OSNumber *single = OSNumber_withFloat(0.5f);
    expectBinary(OSObjectOf(real), false, WORDS(kSignature, kNumber | 63 | kEnd, 0, 0xbff80000));
    expectBinary(OSObjectOf(single), false, WORDS(kSignature, kNumber | 31 | kEnd, 0, 0x3fe00000));
    OSRelease(real);
    OSRelease(single);
    OSObject *object = readWords(WORDS(kSignature, kNumber | 63 | kEnd, 0, 0xbff80000));
    assert_true(OSNumber_doubleValue(OSRequiredCast(OSNumber, object)) == -1.5);
    OSRelease(object);
    object = readWords(WORDS(kSignature, kNumber | 31 | kEnd, 0, 0x3fe00000));
    assert_true(OSNumber_floatValue(OSRequiredCast(OSNumber, object)) == 0.5f);
    assert_int_equal(OSNumber_numberOfBits(OSRequiredCast(OSNumber, object)), 31);
    OSRelease(object);
}

TEST(1_82_references)
{
    expectBoth("<array ID=\"0\"><true/><string ID=\"1\">a</string><reference IDREF=\"1\"/></array>",
               WORDS(kSignature, kArray | 3 | kEnd, kBoolean | 1, kString | 1, kTextA, kReference | 2 | kEnd));
    expectBoth("<array ID=\"0\"><true/><true/></array>",
               WORDS(kSignature, kArray | 2 | kEnd, kBoolean | 1, kReference | 1 | kEnd));
    expectBoth("<array ID=\"0\"><dict ID=\"1\"><key>a</key><false/></dict><dict ID=\"2\"><key>a</key><false/></dict>"
               "<reference IDREF=\"1\"/></array>",
               WORDS(kSignature, kArray | 3 | kEnd, kDict | 1, kSymbol | 2, kTextA, kBoolean | kEnd, kDict | 1,
                     kReference | 2, kReference | 3 | kEnd, kReference | 1 | kEnd));
}

TEST(1_83_vectors)
{
    expectBoth("<dict ID=\"0\"><key>a</key><integer size=\"32\" ID=\"1\">0x1</integer></dict>",
               WORDS(0x000000d3, 0x81000001, 0x08000002, 0x00000061, 0x84000020, 0x00000001, 0x00000000));
    expectBoth("<array ID=\"0\"></array>", WORDS(0x000000d3, 0x82000000));
}

TEST(1_84_truncation)
{
    static const uint32_t words[] = {kSignature, kDict | 3 | kEnd, kSymbol | 2, kTextA, kString | 5, 0x61616161, kTextA,
                                     kSymbol | 2, kTextB, kNumber | 32, 1, 0, kSymbol | 2, 0x63, kData | 3 | kEnd, 7};
    OSObject *object = readWords(words, sizeof words);
    assert_non_null(object);
    OSRelease(object);
    for (size_t size = 1; size < sizeof words; size++)
        expectWordsRefused(words, size);
    assert_null(OSUnserializeBinary((const char *)words, 0, NULL));
    assert_null(OSUnserializeBinary(NULL, 8, NULL));
}

TEST(1_84_alignment)
{
    uint32_t words[3] = {0};
    char    *odd      = (char *)words + 1;
    memcpy(odd, WORDS(kSignature, kArray | kEnd));
    assert_null(OSUnserializeBinary(odd, 8, NULL));
}

TEST(1_84_malformed)
{
    expectWordsRefused(WORDS(kSignature, kEnd));
    expectWordsRefused(WORDS(kSignature, 0x05000000u | kEnd));
    expectWordsRefused(WORDS(kSignature, 0x0d000000u | kEnd));
    expectWordsRefused(WORDS(kSignature, 0x7f000000u | kEnd));
    expectWordsRefused(WORDS(kSignature, kNumber | 7 | kEnd, 0, 0));
    expectWordsRefused(WORDS(kSignature, kNumber | 24 | kEnd, 0, 0));
    expectWordsRefused(WORDS(kSignature, kNumber | kEnd, 0, 0));
    expectWordsRefused(WORDS(kSignature, kNumber | 128 | kEnd, 0, 0));
    expectWordsRefused(WORDS(kSignature, kSymbol | kEnd));
    expectWordsRefused(WORDS(kSignature, kSymbol | 1 | kEnd, kTextA));
    expectWordsRefused(WORDS(kSignature, kReference | kEnd));
    expectWordsRefused(WORDS(kSignature, kArray | 1 | kEnd, kReference | 1 | kEnd));
    expectWordsRefused(WORDS(kSignature, kArray | 2 | kEnd, kReference | 2, kBoolean | kEnd));
    expectWordsRefused(WORDS(kSignature, kArray | 1 | kEnd, kString | kOSStringMaxLength | kEnd));
    expectWordsRefused(WORDS(kSignature, kArray | 0xffffff | kEnd));
    expectWordsRefused(WORDS(kSignature, kDict | 1 | kEnd, kBoolean, kBoolean | kEnd));
    expectWordsRefused(WORDS(kSignature, kDict | 1 | kEnd, kDict, kBoolean | kEnd));
    expectWordsRefused(WORDS(kSignature, kDict | 1 | kEnd, kSymbol | 2 | kEnd, kTextA));
}

TEST(1_84_tolerated)
{
    expectReadAs("<dict ID=\"0\"><key>a</key><true/></dict>",
                 WORDS(kSignature, kDict | 1 | kEnd, kString | 1, kTextA, kBoolean | 1 | kEnd));
    expectReadAs("<dict ID=\"0\"><key>a</key><string ID=\"1\">a</string></dict>",
                 WORDS(kSignature, kDict | 1 | kEnd, kString | 1, kTextA, kReference | 1 | kEnd));
    expectReadAs("<true/>", WORDS(kSignature, kBoolean | 1 | kEnd, 0xffffffff, 0xffffffff));
    expectReadAs("<array ID=\"0\"><true/></array>", WORDS(kSignature, kArray | 99 | kEnd, kBoolean | 1 | kEnd));
    OSDictionary *dict = OSDynamicCast(
        OSDictionary, readWords(WORDS(kSignature, kDict | 1 | kEnd, kString | 1, kTextA, kBoolean | 1 | kEnd)));
    const OSSymbol *key  = OSSymbol_withCString("a");
    assert_ptr_equal(OSDictionary_getKeyAtIndex(dict, 0), key);
    OSRelease(key);
    OSRelease(dict);
}

TEST(1_84_value_that_is_its_dictionary_is_skipped)
{
    expectReadAs("<dict ID=\"0\"><key>b</key><true/></dict>",
                 WORDS(kSignature, kDict | 2 | kEnd, kSymbol | 2, kTextA, kReference | 0, kSymbol | 2, kTextB,
                       kBoolean | 1 | kEnd));
    expectReadAs("<dict ID=\"0\"></dict>",
                 WORDS(kSignature, kDict | 1 | kEnd, kSymbol | 2, kTextA, kReference | 0 | kEnd));
}

/* Ours: any other reference to a collection that is open would be a cycle, which is never freed. */
TEST(1_84_cycles_are_refused)
{
    expectWordsRefused(WORDS(kSignature, kArray | 1 | kEnd, kReference | 0 | kEnd));
    expectWordsRefused(WORDS(kSignature, kSet | 1 | kEnd, kReference | 0 | kEnd));
    expectWordsRefused(WORDS(kSignature, kDict | 1 | kEnd, kReference | 0, kBoolean | kEnd));
    expectWordsRefused(WORDS(kSignature, kArray | 1 | kEnd, kArray | 1 | kEnd, kReference | 0 | kEnd));
    expectWordsRefused(
        WORDS(kSignature, kDict | 1 | kEnd, kSymbol | 2, kTextA, kArray | 1 | kEnd, kReference | 0 | kEnd));
}

static OSObject *readNested(unsigned depth, uint32_t innermost)
{
    uint32_t words[128] = {kSignature};
    for (unsigned i = 1; i <= depth; i++)
        words[i] = kArray | 1 | kEnd;
    words[depth + 1] = innermost | kEnd;
    return readWords(words, (depth + 2) * sizeof words[0]);
}

TEST(1_85_depth)
{
    OSObject *object = readNested(kOSUnserializeBinaryDepthMax, kBoolean);
    assert_non_null(object);
    OSArray *outer = OSArray_withObjects((const OSObject *const[]){object}, 1, 0);
    OSRelease(object);
    object = readNested(kOSUnserializeBinaryDepthMax, kArray); /* 64 levels: the last is empty */
    assert_non_null(object);
    OSRelease(object);
    assert_null(readNested(kOSUnserializeBinaryDepthMax + 1, kBoolean));
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4, NULL, NULL);
    assert_false(OSObject_serialize(OSObjectOf(outer), serializer)); /* nobody could read it */
    OSRelease(serializer);
    OSRelease(outer);
}

TEST(1_85_repeats_of_one_object)
{
    enum { kWords = kOSUnserializeRepeatsMax + 4 };
    uint32_t *words = calloc(kWords, sizeof *words);
    words[0]        = kSignature;
    words[1]        = kArray | 1 | kEnd;
    words[2]        = kData;
    for (size_t i = 3; i < kWords; i++)
        words[i] = kReference | 1;
    words[kWords - 2] |= kEnd;
    OSObject *object = readWords(words, (kWords - 1) * sizeof *words);
    assert_non_null(object);
    OSRelease(object);
    words[kWords - 2] &= ~kEnd;
    words[kWords - 1] |= kEnd;
    expectWordsRefused(words, kWords * sizeof *words);
    words[2] = kBoolean; /* immortal anyway, but counted alike */
    expectWordsRefused(words, kWords * sizeof *words);
    free(words);
}

/* Arrays of two of the one before: 30 of them would stand for 2^30 objects. */
TEST(1_85_references_count_as_what_they_refer_to)
{
    uint32_t words[4 + 3 * 30] = {kSignature, kArray | 30 | kEnd};
    size_t   count             = 2;
    words[count++]             = kArray | 1;
    words[count++]             = kBoolean | kEnd; /* object 2 */
    for (uint32_t i = 0; i < 28; i++) {
        uint32_t former = i == 0 ? 1 : i + 2;
        words[count++]  = kArray | 2 | (i == 27 ? kEnd : 0);
        words[count++]  = kReference | former;
        words[count++]  = kReference | former | kEnd;
    }
    expectWordsRefused(words, count * sizeof words[0]);
    words[4 + 3 * 20] |= kEnd; /* 21 of them are fine */
    OSObject *object = readWords(words, (4 + 3 * 21) * sizeof words[0]);
    assert_non_null(object);
    OSRelease(object);
}

TEST(1_85_indexed)
{
    expectBoth("<array ID=\"0\"><dict ID=\"1\"><key>a</key><true/></dict><reference IDREF=\"1\"/></array>",
               WORDS(kSignature, kArray | 2 | kEnd, kDict | 1, kSymbol | 2, kTextA, kBoolean | 1 | kEnd,
                     kReference | 1 | kEnd));
    expectBoth("<array ID=\"0\"><dict ID=\"1\"><key>a</key><true/></dict><reference IDREF=\"1\"/></array>",
               WORDS(0x000004d4, kArray | 2 | kEnd, 8, kDict | 1, 5, kSymbol | 2, kTextA, kBoolean | 1 | kEnd,
                     kReference | 3 | kEnd));
    expectReadAs("<array ID=\"0\"><set ID=\"1\"></set><true/></array>",
                 WORDS(0x000000d4, kArray | 2 | kEnd, 0, kSet, 0xffffffff, kBoolean | 1 | kEnd)); /* lengths unused */
    expectWordsRefused(WORDS(0x000001d4, kArray | kEnd));
    expectWordsRefused(WORDS(0x000001d4, kArray | 2 | kEnd, 5, kBoolean, kReference | 2 | kEnd));
    expectWordsRefused(WORDS(0x000001d4, kArray | 2 | kEnd, 5, kBoolean, kReference | 4 | kEnd));
    expectWordsRefused(WORDS(0x000001d4, kArray | 2 | kEnd, 5, kBoolean, kReference | 1 | kEnd));
}

/* What the framework reads with: a host may have numbers of any size. */
TEST(1_62_any_number_of_bits)
{
    static const uint32_t words[] = {kSignature, kNumber | 24 | kEnd, 0x12345678, 0};
    expectXML(OSUnserializeBinaryWithOptions((const char *)words, sizeof words, kOSUnserializeAnyNumberOfBits),
              "<integer size=\"24\" ID=\"0\">0x345678</integer>");
    static const uint32_t large[] = {kSignature, kNumber | 65 | kEnd, 0, 0};
    assert_null(OSUnserializeBinaryWithOptions((const char *)large, sizeof large, kOSUnserializeAnyNumberOfBits));
}

static const OSObject *editValue(void *reference, OSSerialize *serializer, const OSDictionary *container,
                                 const OSSymbol *name, const OSObject *value)
{
    assert_ptr_equal(reference, kOSBooleanTrue);
    if (OSSymbol_isEqualToCString(name, "a"))
        return NULL;
    if (OSSymbol_isEqualToCString(name, "b"))
        return OSObjectOf(OSString_withCString("a"));
    return OSRetain(value);
}

TEST(1_84_editor)
{
    OSObject    *object     = OSUnserializeXML("<dict><key>a</key><true/><key>b</key><true/><key>c</key><true/></dict>",
                                               NULL);
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4, editValue, kOSBooleanTrue);
    assert_true(OSObject_serialize(object, serializer));
    OSRelease(object);
    expectXML(OSUnserializeBinary(OSSerialize_text(serializer), OSSerialize_getLength(serializer), NULL),
              "<dict ID=\"0\"><key>b</key><string ID=\"1\">a</string><key>c</key><true/></dict>");
    OSRelease(serializer);
}

TEST_MAIN(RUN(1_77_signature), RUN(1_78_end_bits), RUN(1_79_types), RUN(1_80_members),
          RUN(1_80_repeated_key_keeps_the_later_value), RUN(1_81_payloads), RUN(1_81_floating_point),
          RUN(1_82_references), RUN(1_83_vectors), RUN(1_84_truncation), RUN(1_84_alignment), RUN(1_84_malformed),
          RUN(1_84_tolerated), RUN(1_84_value_that_is_its_dictionary_is_skipped), RUN(1_84_cycles_are_refused),
          RUN(1_84_editor), RUN(1_85_depth), RUN(1_85_repeats_of_one_object),
          RUN(1_85_references_count_as_what_they_refer_to), RUN(1_85_indexed), RUN(1_62_any_number_of_bits))
