/* SPDX-License-Identifier: MIT */
/*
 * Property lists without memory: each operation runs again and again, with its first allocation failing, its second,
 * and so on until it makes none that fails. Each time it must either fail cleanly, with nothing left allocated, or have
 * done the whole of its work.
 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

enum { kAttemptsMax = 5000 };

static const char xmlText[] =
    "<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"x\"><plist version=\"1.0\"><dict>"
    "<key>a</key><array ID=\"0\"><string ID=\"1\">x&amp;y</string><reference IDREF=\"1\"/><true/></array>"
    "<key>b&lt;</key><integer size=\"32\">1</integer><key>c</key><data>QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=</data>"
    "<key>d</key><set><string>m</string><string>n</string></set><!-- comment -->"
    "<key>e</key><dict><key>a</key><data format=\"hex\">00ff</data><key>f</key><dict/></dict></dict></plist>";

static const char oldText[] = "{ a = ( 'x \\' y' @ 1, @ 1, .true. ); a = 1:32; b = < 00 ff >; c = [ m, n ]; @1 = @1; }";

/* Enough members for every array of the readers and the serializer to grow, and for a set that is not searched. */
static char *manyMembers(void)
{
    char  *text;
    size_t size;
    FILE  *file = open_memstream(&text, &size);
    fputs("<array>", file);
    for (unsigned i = 0; i < 200; i++)
        fprintf(file, "<string ID=\"%u\">%u</string>", i, i);
    fputs("<set>", file);
    for (unsigned i = 0; i < 200; i++)
        fprintf(file, "<reference IDREF=\"%u\"/>", i);
    fputs("</set></array>", file);
    fclose(file);
    return text;
}

typedef struct operation {
    const char     *text; /* read */
    const OSObject *object; /* or written */
    const char     *bytes; /* or read: a binary list */
    size_t          length;
    bool            binary;
    bool            indexed;
    bool            withError;
    const char     *expected; /* the result in XML */
} operation;

static OSObject *readXML(const operation *operation, OSString **error)
{
    return OSUnserializeXML(operation->text, error);
}

static OSObject *readOld(const operation *operation, OSString **error)
{
    return OSUnserialize(operation->text, error);
}

static OSObject *readBinary(const operation *operation, OSString **error)
{
    return OSUnserializeBinary(operation->bytes, operation->length, error);
}

static char *xmlOf(const OSObject *object)
{
    OSSerialize *serializer = OSSerialize_withCapacity(1);
    assert_true(OSObject_serialize(object, serializer));
    char *text = strdup(OSSerialize_text(serializer));
    OSRelease(serializer);
    return text;
}

static size_t bytesInUse(void)
{
    return IOAllocatedBytes(kIOAllocationInstance) + IOAllocatedBytes(kIOAllocationMalloc);
}

/* Returns whether the n-th allocation was made at all. */
static bool readWithout(OSObject *(*read)(const operation *, OSString **), const operation *operation, uint64_t n)
{
    size_t    before = bytesInUse();
    OSString *error  = NULL;
    (void)IOAllocation_failNth(n);
    OSObject *object = read(operation, operation->withError ? &error : NULL);
    uint64_t  made   = IOAllocation_failNth(0);
    if (object) {
        char *text = xmlOf(object);
        assert_null(error);
        assert_string_equal(text, operation->expected);
        free(text);
    }
    assert_true(object || made >= n);
    OSRelease(object);
    OSRelease(error);
    assert_int_equal(bytesInUse(), before);
    return made >= n;
}

static void readWithoutEach(OSObject *(*read)(const operation *, OSString **), operation operation)
{
    OSObject *object = read(&operation, NULL);
    assert_non_null(object);
    char *expected     = xmlOf(object);
    operation.expected = expected;
    OSRelease(object);
    for (int withError = 0; withError < 2; withError++) {
        uint64_t n          = 1;
        operation.withError = withError;
        while (readWithout(read, &operation, n))
            assert_true(n++ < kAttemptsMax);
        assert_true(n > 3);
    }
    free(expected);
}

static OSSerialize *writeObject(const operation *operation)
{
    OSSerialize *serializer = operation->binary ? OSSerialize_binaryWithCapacity(4, NULL, NULL)
                                                : OSSerialize_withCapacity(1);
    if (!serializer)
        return NULL;
    if (operation->indexed)
        OSSerialize_setIndexed(serializer, true);
    if (!OSObject_serialize(operation->object, serializer))
        OSSafeReleaseNULL(serializer);
    return serializer;
}

static void writeWithoutEach(operation operation)
{
    OSSerialize *whole = writeObject(&operation);
    bool         done  = false;
    assert_non_null(whole);
    for (uint64_t n = 1; !done; n++) {
        size_t before = bytesInUse();
        (void)IOAllocation_failNth(n);
        OSSerialize *serializer = writeObject(&operation);
        done                    = IOAllocation_failNth(0) < n;
        if (serializer) {
            assert_int_equal(OSSerialize_getLength(serializer), OSSerialize_getLength(whole));
            assert_memory_equal(OSSerialize_text(serializer), OSSerialize_text(whole), OSSerialize_getLength(whole));
        }
        assert_true(serializer || !done);
        OSRelease(serializer);
        assert_int_equal(bytesInUse(), before);
        assert_true(n < kAttemptsMax);
    }
    OSRelease(whole);
}

static void writeAndReadBack(const char *text)
{
    OSObject *object = OSUnserializeXML(text, NULL);
    assert_non_null(object);
    writeWithoutEach((operation){.object = object});
    for (int indexed = 0; indexed < 2; indexed++) {
        operation writing = {.object = object, .binary = true, .indexed = indexed};
        writeWithoutEach(writing);
        OSSerialize *serializer = writeObject(&writing);
        readWithoutEach(readBinary, (operation){.bytes = OSSerialize_text(serializer),
                                                .length = OSSerialize_getLength(serializer)});
        OSRelease(serializer);
    }
    OSRelease(object);
}

TEST(read_xml)
{
    readWithoutEach(readXML, (operation){.text = xmlText});
}

TEST(read_many_members)
{
    char *text = manyMembers();
    readWithoutEach(readXML, (operation){.text = text});
    free(text);
}

TEST(read_old)
{
    readWithoutEach(readOld, (operation){.text = oldText});
}

TEST(write_all_forms_and_read_binary)
{
    writeAndReadBack(xmlText);
}

TEST(write_all_forms_and_read_binary_with_many_members)
{
    char *text = manyMembers();
    writeAndReadBack(text);
    free(text);
}

/* The temporary string of an object that has no form of its own. */
TEST(write_unserializable)
{
    OSOrderedSet *set   = OSOrderedSet_withCapacity(0, NULL, NULL);
    OSArray      *array = OSArray_withObjects((const OSObject *const[]){OSObjectOf(set)}, 1, 0);
    OSRelease(set);
    writeWithoutEach((operation){.object = OSObjectOf(array)});
    writeWithoutEach((operation){.object = OSObjectOf(array), .binary = true});
    OSRelease(array);
}

/* A refused text leaves nothing behind either, whether its message can be made or not. */
TEST(refused_text)
{
    static const char *const texts[] = {"<dict><key>a</key><array ID=\"1\"><string ID=\"2\">x</string><bad/>",
                                        "<dict><key>a</key><true/><key>a</key><data>QUJD</data></dict>",
                                        "<array><string>&quot;</string></array>", "<array>x</array>", "<array", ""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint64_t made = UINT64_MAX;
        for (uint64_t n = 1; made >= n; n++) {
            size_t    before = bytesInUse();
            OSString *error  = NULL;
            (void)IOAllocation_failNth(n);
            assert_null(OSUnserializeXML(texts[i], &error));
            made = IOAllocation_failNth(0);
            OSRelease(error);
            assert_int_equal(bytesInUse(), before);
            assert_true(n < kAttemptsMax);
        }
    }
}

TEST_MAIN(RUN(read_xml), RUN(read_many_members), RUN(read_old), RUN(write_all_forms_and_read_binary),
          RUN(write_all_forms_and_read_binary_with_many_members), RUN(write_unserializable), RUN(refused_text))
