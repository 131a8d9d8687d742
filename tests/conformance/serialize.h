/* SPDX-License-Identifier: MIT */
/* Helpers of the property-list tests: texts in, texts out. */
#ifndef TESTS_CONFORMANCE_SERIALIZE_H
#define TESTS_CONFORMANCE_SERIALIZE_H

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

/* Consumes the object; checks what it is in XML. */
static inline void expectXML(OSObject *object, const char *expected)
{
    OSSerialize *serializer = OSSerialize_withCapacity(1);
    assert_non_null(object);
    assert_true(OSObject_serialize(object, serializer));
    assert_string_equal(OSSerialize_text(serializer), expected);
    assert_int_equal(OSSerialize_getLength(serializer), strlen(expected) + 1);
    OSRelease(serializer);
    OSRelease(object);
}

/* The text is read as what is written as `expected`. */
static inline void expectRead(const char *text, const char *expected)
{
    OSString *error  = (OSString *)1;
    OSObject *object = OSUnserializeXML(text, &error);
    if (!object)
        print_error("%s: %s", text, error ? OSString_getCStringNoCopy(error) : "no error");
    assert_null(error);
    expectXML(object, expected);
}

/* The text is refused with "OSUnserializeXML: <what> near line <line>\n". */
static inline void expectRefusedAt(const char *text, const char *what, unsigned line)
{
    char      expected[160];
    OSString *error  = NULL;
    OSObject *object = OSUnserializeXML(text, &error);
    if (object)
        print_error("%s was read\n", text);
    assert_null(object);
    assert_non_null(error);
    snprintf(expected, sizeof expected, "OSUnserializeXML: %s near line %u\n", what, line);
    assert_string_equal(OSString_getCStringNoCopy(error), expected);
    OSRelease(error);
    assert_null(OSUnserializeXML(text, NULL));
}

static inline void expectRefused(const char *text)
{
    expectRefusedAt(text, "syntax error", 1);
}

#endif
