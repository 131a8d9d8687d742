/* SPDX-License-Identifier: MIT */
/* OSNumber, OSBoolean, OSString, OSSymbol, OSData: SEMANTICS 1.39 to 1.51. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/libkern.h>

TEST(1_39_number)
{
    OSNumber *number = OSNumber_withNumber(0x1ff, 8);
    assert_null(OSNumber_withNumber(0, 65));
    assert_int_equal(OSNumber_unsigned64BitValue(number), 0xff);
    OSNumber_setValue(number, 0x102);
    assert_int_equal(OSNumber_unsigned64BitValue(number), 2);
    OSNumber_addValue(number, -3);
    assert_int_equal(OSNumber_unsigned64BitValue(number), 0xff);
    OSNumber_addValue(number, 2);
    assert_int_equal(OSNumber_unsigned64BitValue(number), 1);
    OSNumber *wide = OSNumber_withNumber(1, 64);
    assert_true(OSNumber_isEqualTo(number, OSObjectOf(wide)));
    OSNumber_setValue(wide, UINT64_MAX);
    assert_int_equal(OSNumber_unsigned64BitValue(wide), UINT64_MAX);
    assert_false(OSNumber_isEqualTo(number, OSObjectOf(wide)));
    assert_false(OSNumber_isEqualTo(number, OSObjectOf(kOSBooleanTrue)));
    assert_int_equal(OSNumber_numberOfBits(wide), 64);
    assert_int_equal(OSNumber_numberOfBytes(wide), 8);
    OSRelease(number);
    OSRelease(wide);
    number = OSNumber_withNumber(0x1ff, 9);
    assert_int_equal(OSNumber_unsigned64BitValue(number), 0x1ff);
    assert_int_equal(OSNumber_numberOfBytes(number), 2);
    OSRelease(number);
}

TEST(1_40_floating_point)
{
    OSNumber *number = OSNumber_withDouble(300.75), *narrow = OSNumber_withFloat(0.5f);
    assert_int_equal(OSNumber_numberOfBits(number), 63);
    assert_int_equal(OSNumber_numberOfBits(narrow), 31);
    assert_true(OSNumber_doubleValue(number) == 300.75);
    assert_true(OSNumber_floatValue(narrow) == 0.5f);
    assert_int_equal(OSNumber_unsigned64BitValue(number), 300);
    assert_int_equal(OSNumber_unsigned8BitValue(number), 300 & 0xff);
    OSNumber_addValue(number, -1);
    assert_true(OSNumber_doubleValue(number) == 299.75);
    OSNumber_setValue(number, 7);
    assert_true(OSNumber_doubleValue(number) == 7.0);
    OSRelease(number);
    OSRelease(narrow);
    number = OSNumber_withNumber(0x123456789abcdef0, 64);
    assert_int_equal(OSNumber_unsigned8BitValue(number), 0xf0);
    assert_int_equal(OSNumber_unsigned16BitValue(number), 0xdef0);
    assert_int_equal(OSNumber_unsigned32BitValue(number), 0x9abcdef0);
    assert_true(OSNumber_doubleValue(number) == (double)0x123456789abcdef0);
    OSRelease(number);
}

static void assertText(const char *text, unsigned bits, uint64_t value)
{
    OSNumber *number = OSNumber_withCString(text, bits);
    assert_int_equal(OSNumber_unsigned64BitValue(number), value);
    OSRelease(number);
}

TEST(1_41_number_from_text)
{
    assertText("0x1F", 32, 31);
    assertText("31", 32, 31);
    assertText("037", 32, 31);
    assertText("0x1ff", 8, 0xff);
    assertText("none", 8, 0);
}

TEST(1_42_boolean)
{
    assert_ptr_equal(OSBoolean_withBoolean(true), kOSBooleanTrue);
    assert_ptr_equal(OSBoolean_withBoolean(false), kOSBooleanFalse);
    for (int i = 0; i < 5; i++)
        OSRelease(kOSBooleanTrue);
    assert_true(OSBoolean_isTrue(kOSBooleanTrue));
    assert_true(OSBoolean_isFalse(kOSBooleanFalse));
    assert_false(OSBoolean_getValue(kOSBooleanFalse));
    assert_true(OSBoolean_isEqualTo(kOSBooleanTrue, OSObjectOf(kOSBooleanTrue)));
    assert_false(OSBoolean_isEqualTo(kOSBooleanTrue, OSObjectOf(kOSBooleanFalse)));
    assert_null(OSMetaClass_alloc(&OSBoolean_class)); /* exactly two */
    assert_string_equal(OSObject_getClassName(OSObjectOf(kOSBooleanTrue)), "OSBoolean");
}

static char *longText(size_t length)
{
    char *text = malloc(length + 1);
    memset(text, 'x', length);
    text[length] = 0;
    return text;
}

TEST(1_43_string_limit)
{
    char     *text   = longText(262142);
    assert_null(OSString_withCString(text));
    assert_null(OSString_withCStringNoCopy(text));
    assert_null(OSString_withStringOfLength(text, 262142));
    assert_null(OSSymbol_withCString(text));
    text[262141] = 0;
    OSString       *string = OSString_withCString(text);
    const OSSymbol *symbol = OSSymbol_withCString(text);
    assert_int_equal(OSString_getLength(string), 262141);
    assert_int_equal(OSSymbol_getLength(symbol), 262141);
    assert_true(OSString_isEqualToCString(string, text));
    OSRelease(symbol);
    OSRelease(string);
    free(text);
}

TEST(1_43_copy_or_not)
{
    char      text[] = "a text of some length";
    OSString *copy = OSString_withCString(text), *reference = OSString_withCStringNoCopy(text);
    assert_ptr_equal(OSString_getCStringNoCopy(reference), text);
    assert_false(OSString_setChar(reference, 'A', 0));
    assert_true(OSString_setChar(copy, 'A', 0));
    text[2] = 'T';
    assert_string_equal(OSString_getCStringNoCopy(copy), "A text of some length");
    assert_string_equal(OSString_getCStringNoCopy(reference), "a Text of some length");
    OSString *part = OSString_withStringOfLength(text, 6), *whole = OSString_withStringOfLength(text, 100);
    assert_string_equal(OSString_getCStringNoCopy(part), "a Text");
    assert_int_equal(OSString_getLength(whole), strlen(text));
    OSString *again = OSString_withString(part);
    assert_true(OSString_isEqualTo(again, OSObjectOf(part)));
    assert_null(OSString_withCString(NULL));
    assert_null(OSString_withString(NULL));
    OSRelease(copy);
    OSRelease(reference);
    OSRelease(part);
    OSRelease(whole);
    OSRelease(again);
}

/* Every length around the places where a text changes its place, by factory and by init. */
TEST(1_43_lengths)
{
    char  *text  = longText(64);
    size_t bytes = IOAllocatedBytes(kIOAllocationInstance), outside = IOAllocatedBytes(kIOAllocationContainer);
    for (unsigned length = 0; length < 64; length++) {
        OSString *made = OSString_withStringOfLength(text, length), *started = OSTypeAlloc(OSString);
        assert_true(OSString_initWithStringOfLength(started, text, length));
        assert_false(OSString_initWithCString(started, "again"));
        assert_int_equal(OSString_getLength(made), length);
        assert_int_equal(strlen(OSString_getCStringNoCopy(made)), length);
        assert_true(OSString_isEqualTo(made, OSObjectOf(started)));
        OSRelease(made);
        OSRelease(started);
    }
    assert_int_equal(IOAllocatedBytes(kIOAllocationInstance), bytes);
    assert_int_equal(IOAllocatedBytes(kIOAllocationContainer), outside);
    free(text);
}

TEST(1_44_characters)
{
    OSString *string = OSString_withCString("abc");
    assert_int_equal(OSString_getLength(string), 3);
    assert_int_equal(OSString_getChar(string, 2), 'c');
    assert_int_equal(OSString_getChar(string, 3), 0);
    assert_int_equal(OSString_getChar(string, 1000), 0);
    assert_false(OSString_setChar(string, 'x', 3));
    assert_true(OSString_setChar(string, 'x', 2));
    assert_string_equal(OSString_getCStringNoCopy(string), "abx");
    OSRelease(string);
}

static void assertAgainstData(const char *bytes, unsigned length, bool stringSays, bool dataSays)
{
    OSString *string = OSString_withCString("abc");
    OSData   *data   = OSData_withBytes(bytes, length);
    assert_int_equal(OSString_isEqualTo(string, OSObjectOf(data)), stringSays);
    assert_int_equal(OSData_isEqualTo(data, OSObjectOf(string)), dataSays);
    OSRelease(string);
    OSRelease(data);
}

TEST(1_45_string_against_data)
{
    assertAgainstData("abc\0\0", 3, false, true);
    assertAgainstData("abc\0\0", 4, true, true);
    assertAgainstData("abc\0\0", 5, true, false);
    assertAgainstData("abc\0x", 5, false, false);
    assertAgainstData("abcx", 4, false, false);
    assertAgainstData("abd", 3, false, false);
    assertAgainstData("", 0, false, false);
}

TEST(1_46_symbols_are_unique)
{
    OSString       *string = OSString_withCString("symbol of 1.46");
    uint32_t        count  = OSMetaClass_getInstanceCount(&OSSymbol_class);
    assert_null(OSSymbol_existingSymbolForCString("symbol of 1.46"));
    assert_null(OSSymbol_existingSymbolForString(string));
    const OSSymbol *symbol = OSSymbol_withCString("symbol of 1.46");
    const OSSymbol *others[] = {OSSymbol_withString(string), OSSymbol_withString(&symbol->super),
                                OSSymbol_existingSymbolForCString("symbol of 1.46"),
                                OSSymbol_existingSymbolForString(string), OSSymbol_withCStringNoCopy("symbol of 1.46"),
                                OSSymbol_withStringOfLength("symbol of 1.46 and more", 14)};
    for (unsigned i = 0; i < 6; i++)
        assert_ptr_equal(others[i], symbol);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(symbol)), 7);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count + 1);
    for (unsigned i = 0; i < 6; i++)
        OSRelease(others[i]);
    OSRelease(symbol);
    assert_null(OSSymbol_existingSymbolForCString("symbol of 1.46"));
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count);
    OSRelease(string);
}

TEST(1_46_symbols_cannot_be_initialised)
{
    OSObject *object = OSMetaClass_alloc(&OSSymbol_class);
    OSString *string = OSDynamicCast(OSString, object);
    assert_false(OSString_initWithCString(string, "text"));
    assert_false(OSString_initWithCStringNoCopy(string, "text"));
    assert_false(OSString_initWithStringOfLength(string, "text", 4));
    assert_false(OSString_initWithString(string, string));
    OSRelease(object);
}

/* More symbols than the pool begins with, and all of them out again. */
TEST(1_46_many_symbols)
{
    enum { kCount = 20000 };
    static const OSSymbol *symbols[kCount];
    char                   text[24];
    for (unsigned i = 0; i < kCount; i++) {
        snprintf(text, sizeof text, "many symbols %u", i);
        symbols[i] = OSSymbol_withCString(text);
    }
    for (unsigned i = 0; i < kCount; i += 2)
        OSSafeReleaseNULL(symbols[i]);
    for (unsigned i = 0; i < kCount; i++) {
        snprintf(text, sizeof text, "many symbols %u", i);
        const OSSymbol *symbol = OSSymbol_existingSymbolForCString(text);
        assert_ptr_equal(symbol, symbols[i]);
        OSRelease(symbol);
        OSRelease(symbols[i]);
    }
}

TEST(1_46_symbols_are_fixed)
{
    const OSSymbol *symbol = OSSymbol_withCString("fixed");
    assert_false(OSString_setChar(OSDynamicCast(OSString, symbol), 'F', 0));
    assert_string_equal(OSSymbol_getCStringNoCopy(symbol), "fixed");
    OSRelease(symbol);
}

TEST(1_47_symbol_equality)
{
    const OSSymbol *symbol = OSSymbol_withCString("abc"), *other = OSSymbol_withCString("abd");
    OSString       *string = OSString_withCString("abc");
    OSData         *data   = OSData_withBytes("abc", 4);
    assert_true(OSSymbol_isEqualTo(symbol, OSObjectOf(symbol)));
    assert_false(OSSymbol_isEqualTo(symbol, OSObjectOf(other)));
    assert_true(OSSymbol_isEqualTo(symbol, OSObjectOf(string)));
    assert_false(OSSymbol_isEqualTo(other, OSObjectOf(string)));
    assert_true(OSString_isEqualTo(string, OSObjectOf(symbol)));
    assert_true(OSSymbol_isEqualToCString(symbol, "abc"));
    assert_false(OSSymbol_isEqualToCString(symbol, "abcd"));
    assert_false(OSSymbol_isEqualTo(symbol, OSObjectOf(data)));
    OSRelease(symbol);
    OSRelease(other);
    OSRelease(string);
    OSRelease(data);
}

static unsigned givenBack;

static void giveBack(void *bytes, unsigned length)
{
    givenBack = length;
}

TEST(1_48_data)
{
    char    bytes[] = "0123456789abcdefghij";
    OSData *copy = OSData_withBytes(bytes, 20), *reference = OSData_withBytesNoCopy(bytes, 20);
    assert_int_equal(OSData_getCapacityIncrement(copy), 20);
    assert_ptr_not_equal(OSData_getBytesNoCopy(copy), bytes);
    assert_ptr_equal(OSData_getBytesNoCopy(reference), bytes);
    assert_true(OSData_isEqualTo(copy, OSObjectOf(reference)));
    assert_false(OSData_appendBytes(reference, "x", 1));
    assert_false(OSData_appendByte(reference, 0, 1));
    OSData_setDeallocFunction(reference, giveBack);
    assert_true(OSData_appendBytes(copy, "x", 1));
    assert_int_equal(OSData_getCapacity(copy), 40);
    OSRelease(copy);
    OSRelease(reference);
    assert_int_equal(givenBack, 20);
    copy = OSData_withCapacity(4);
    assert_int_equal(OSData_getCapacityIncrement(copy), 16);
    OSRelease(copy);
    assert_null(OSData_withBytes(NULL, 1));
}

TEST(1_49_append)
{
    OSData *data = OSData_withCapacity(0);
    assert_true(OSData_appendBytes(data, "ab", 2));
    assert_true(OSData_appendBytes(data, NULL, 3));
    assert_true(OSData_appendBytes(data, "never read", 0));
    assert_true(OSData_appendByte(data, 'z', 2));
    assert_int_equal(OSData_getLength(data), 7);
    assert_memory_equal(OSData_getBytesNoCopy(data), "ab\0\0\0zz", 7);
    assert_true(OSData_appendData(data, data)); /* its own bytes, which move meanwhile */
    assert_true(OSData_appendData(data, data));
    assert_int_equal(OSData_getLength(data), 28);
    assert_memory_equal(OSData_getBytesNoCopyRange(data, 21, 7), "ab\0\0\0zz", 7);
    assert_false(OSData_appendBytes(data, NULL, UINT32_MAX - 10)); /* overflow */
    assert_false(OSData_appendByte(data, 0, UINT32_MAX - 10));
    assert_int_equal(OSData_getLength(data), 28);
    for (unsigned i = 0; i < 100000; i++)
        assert_true(OSData_appendByte(data, (uint8_t)i, 1));
    assert_int_equal(((const uint8_t *)OSData_getBytesNoCopy(data))[28 + 99999], (uint8_t)99999);
    OSRelease(data);
}

TEST(1_50_bytes)
{
    OSData *data = OSData_withCapacity(8);
    assert_null(OSData_getBytesNoCopy(data));
    assert_null(OSData_getBytesNoCopyRange(data, 0, 0));
    OSData_appendBytes(data, "abcdef", 6);
    assert_memory_equal(OSData_getBytesNoCopyRange(data, 2, 4), "cdef", 4);
    assert_null(OSData_getBytesNoCopyRange(data, 2, 5));
    assert_null(OSData_getBytesNoCopyRange(data, 6, 0));
    assert_null(OSData_getBytesNoCopyRange(data, 2, UINT32_MAX));
    OSData *part = OSData_withDataRange(data, 1, 2), *whole = OSData_withData(data);
    assert_true(OSData_isEqualToBytes(part, "bc", 2));
    assert_int_equal(OSData_getLength(part), 2);
    assert_true(OSData_isEqualTo(whole, OSObjectOf(data)));
    assert_null(OSData_withDataRange(data, 5, 2));
    OSRelease(data);
    OSRelease(part);
    OSRelease(whole);
}

TEST(1_51_data_equality_and_serialisation)
{
    OSData      *data       = OSData_withBytes("abcdef", 6);
    OSSerialize *serializer = OSSerialize_withCapacity(64);
    assert_true(OSData_isEqualToBytes(data, "abcx", 3));
    assert_true(OSData_isEqualToBytes(data, "", 0));
    assert_false(OSData_isEqualToBytes(data, "abcx", 4));
    assert_false(OSData_isEqualToBytes(data, "abcdef", 7));
    assert_true(OSData_isSerializable(data));
    assert_true(OSObject_serialize(OSObjectOf(data), serializer));
    assert_string_equal(OSSerialize_text(serializer), "<data ID=\"0\">YWJjZGVm</data>");
    OSSerialize_clearText(serializer);
    OSData_setSerializable(data, false);
    assert_false(OSData_isSerializable(data));
    assert_true(OSObject_serialize(OSObjectOf(data), serializer));
    assert_string_equal(OSSerialize_text(serializer), "<data ID=\"0\"></data>");
    OSRelease(serializer);
    OSRelease(data);
}

TEST_MAIN(RUN(1_39_number), RUN(1_40_floating_point), RUN(1_41_number_from_text), RUN(1_42_boolean),
          RUN(1_43_string_limit), RUN(1_43_copy_or_not), RUN(1_43_lengths), RUN(1_44_characters),
          RUN(1_45_string_against_data), RUN(1_46_symbols_are_unique), RUN(1_46_symbols_cannot_be_initialised),
          RUN(1_46_many_symbols), RUN(1_46_symbols_are_fixed), RUN(1_47_symbol_equality), RUN(1_48_data),
          RUN(1_49_append), RUN(1_50_bytes), RUN(1_51_data_equality_and_serialisation))
