/* SPDX-License-Identifier: MIT */
/* OSDictionary: SEMANTICS 1.29 to 1.34, in small, large (indexed) and sorted ones. */
#include "harness.h"

#include <stdio.h>

#include <libkern/libkern.h>

static bool setNumber(OSDictionary *dict, const char *key, uint64_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 64);
    bool      set    = OSDictionary_setObject(dict, key, OSObjectOf(number));
    OSRelease(number);
    return set;
}

static uint64_t numberAt(const OSDictionary *dict, const char *key)
{
    const OSNumber *number = OSDynamicCast(OSNumber, OSDictionary_getObject(dict, key));
    return number ? OSNumber_unsigned64BitValue(number) : UINT64_MAX;
}

static void assertKey(const OSDictionary *dict, unsigned index, const char *key)
{
    assert_string_equal(OSSymbol_getCStringNoCopy(OSDictionary_getKeyAtIndex(dict, index)), key);
}

static OSDictionary *abc(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(0);
    setNumber(dict, "c", 3);
    setNumber(dict, "a", 1);
    setNumber(dict, "b", 2);
    return dict;
}

TEST(1_29_keys_are_symbols_in_order)
{
    OSDictionary *dict = abc();
    assertKey(dict, 0, "c");
    assertKey(dict, 1, "a");
    assertKey(dict, 2, "b");
    assert_null(OSDictionary_getKeyAtIndex(dict, 3));
    assert_null(OSDictionary_getValueAtIndex(dict, 3));
    const OSSymbol *symbol = OSSymbol_withCString("a");
    assert_ptr_equal(OSDictionary_getKeyAtIndex(dict, 1), symbol);
    assert_ptr_equal(OSDictionary_getObjectForSymbol(dict, symbol), OSDictionary_getValueAtIndex(dict, 1));
    OSDictionary_removeObjectForSymbol(dict, symbol);
    OSRelease(symbol);
    assertKey(dict, 1, "b");
    assert_int_equal(OSDictionary_getCount(dict), 2);
    OSRelease(dict);
}

static void assertSorted(const OSDictionary *dict)
{
    for (unsigned i = 1; i < OSDictionary_getCount(dict); i++)
        assert_true((uintptr_t)OSDictionary_getKeyAtIndex(dict, i - 1) <
                    (uintptr_t)OSDictionary_getKeyAtIndex(dict, i));
}

TEST(1_29_sorted)
{
    char          key[16];
    OSDictionary *dict = OSDictionary_withCapacity(0);
    for (unsigned i = 0; i < 60; i++) {
        snprintf(key, sizeof key, "sorted%u", i);
        setNumber(dict, key, i);
        if (i == 20)
            assert_int_equal(OSDictionary_setOptions(dict, kOSCollectionSort, kOSCollectionSort), 0);
    }
    assertSorted(dict);
    for (unsigned i = 0; i < 60; i += 3) {
        snprintf(key, sizeof key, "sorted%u", i);
        OSDictionary_removeObject(dict, key);
    }
    assertSorted(dict);
    OSDictionary_setOptions(dict, 0, kOSCollectionSort);
    for (unsigned i = 0; i < 60; i++) {
        snprintf(key, sizeof key, "sorted%u", i);
        assert_int_equal(numberAt(dict, key), i % 3 ? i : UINT64_MAX);
    }
    setNumber(dict, "last", 99);
    assertKey(dict, OSDictionary_getCount(dict) - 1, "last");
    OSRelease(dict);
}

/* Against a plain array as a model, through growth, removal at both ends and in the middle, and emptying. */
TEST(1_29_large)
{
    enum { kKeys = 3000 };
    static bool   present[kKeys];
    char          key[16];
    uint32_t      state = 1;
    OSDictionary *dict  = OSDictionary_withCapacity(0);
    for (unsigned step = 0; step < 20000; step++) {
        state      = state * 1664525 + 1013904223;
        unsigned i = (state >> 8) % kKeys;
        snprintf(key, sizeof key, "large%u", i);
        if ((state >> 28) < 9) {
            assert_true(setNumber(dict, key, i));
            present[i] = true;
        } else {
            OSDictionary_removeObject(dict, key);
            present[i] = false;
        }
    }
    unsigned count = 0;
    for (unsigned i = 0; i < kKeys; i++) {
        snprintf(key, sizeof key, "large%u", i);
        assert_int_equal(numberAt(dict, key), present[i] ? i : UINT64_MAX);
        count += present[i];
    }
    assert_int_equal(OSDictionary_getCount(dict), count);
    while (OSDictionary_getCount(dict) > 1500)
        OSDictionary_removeObjectForSymbol(dict, OSDictionary_getKeyAtIndex(dict, 0));
    OSDictionary *copy = OSDictionary_withDictionary(dict, 0);
    assert_true(OSDictionary_isEqualTo(copy, OSObjectOf(dict)));
    OSDictionary_flushCollection(dict);
    assert_int_equal(numberAt(dict, "large1"), UINT64_MAX);
    setNumber(dict, "large1", 7);
    assert_int_equal(numberAt(dict, "large1"), 7);
    OSRelease(copy);
    OSRelease(dict);
}

TEST(1_30_replace_in_place)
{
    OSDictionary   *dict   = abc();
    const OSSymbol *symbol = OSSymbol_withCString("a");
    assert_true(setNumber(dict, "a", 10));
    assertKey(dict, 1, "a");
    assert_int_equal(numberAt(dict, "a"), 10);
    assert_int_equal(OSDictionary_getCount(dict), 3);
    assert_false(OSDictionary_setObject(dict, "a", NULL));
    assert_false(OSDictionary_setObject(dict, NULL, OSObjectOf(kOSBooleanTrue)));
    assert_false(OSDictionary_setObjectForSymbol(dict, NULL, OSObjectOf(kOSBooleanTrue)));
    assert_false(OSDictionary_addObjectForSymbol(dict, symbol, OSObjectOf(kOSBooleanTrue)));
    assert_int_equal(numberAt(dict, "a"), 10);
    OSDictionary_removeObject(dict, "a");
    assert_true(OSDictionary_addObjectForSymbol(dict, symbol, OSObjectOf(kOSBooleanTrue)));
    assertKey(dict, 2, "a");
    OSRelease(symbol);
    OSRelease(dict);
}

TEST(1_30_from_objects)
{
    const OSSymbol *keys[]    = {OSSymbol_withCString("x"), OSSymbol_withCString("y"), NULL};
    const OSString *strings[] = {OSString_withCString("x"), OSString_withCString("y")};
    const OSObject *objects[] = {OSObjectOf(kOSBooleanTrue), OSObjectOf(kOSBooleanFalse), OSObjectOf(kOSBooleanTrue)};
    OSDictionary   *dict      = OSDictionary_withObjects(objects, keys, 2, 0);
    OSDictionary   *other     = OSDictionary_withObjectsForStrings(objects, strings, 2, 4);
    assert_true(OSDictionary_isEqualTo(dict, OSObjectOf(other)));
    assert_null(OSDictionary_withObjects(objects, keys, 3, 0)); /* a NULL key */
    assert_null(OSDictionary_withObjects(objects, keys, 2, 1));
    assert_null(OSDictionary_withDictionary(dict, 1));
    assert_null(OSDictionary_withDictionary(NULL, 0));
    OSRelease(dict);
    OSRelease(other);
    for (int i = 0; i < 2; i++) {
        OSRelease(keys[i]);
        OSRelease(strings[i]);
    }
}

TEST(1_31_only_setters_intern)
{
    OSDictionary *dict   = OSDictionary_withCapacity(0);
    OSString     *string = OSString_withCString("key of 1.31 as a string");
    uint32_t      count  = OSMetaClass_getInstanceCount(&OSSymbol_class);
    assert_null(OSDictionary_getObject(dict, "key of 1.31"));
    assert_null(OSDictionary_getObjectForString(dict, string));
    OSDictionary_removeObject(dict, "key of 1.31");
    OSDictionary_removeObjectForString(dict, string);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count);
    assert_true(setNumber(dict, "key of 1.31", 5));
    assert_true(OSDictionary_setObjectForString(dict, string, OSObjectOf(kOSBooleanTrue)));
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count + 2);
    assert_int_equal(numberAt(dict, "key of 1.31"), 5);
    assert_ptr_equal(OSDictionary_getObjectForString(dict, string), kOSBooleanTrue);
    OSDictionary_removeObjectForString(dict, string);
    OSDictionary_removeObject(dict, "key of 1.31");
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count);
    OSRelease(string);
    OSRelease(dict);
}

TEST(1_32_merge)
{
    OSDictionary *dict = abc(), *other = OSDictionary_withCapacity(0);
    setNumber(other, "a", 11);
    setNumber(other, "d", 4);
    assert_true(OSDictionary_merge(dict, other));
    assert_int_equal(numberAt(dict, "a"), 11);
    assert_int_equal(numberAt(dict, "d"), 4);
    assert_int_equal(numberAt(dict, "c"), 3);
    assert_int_equal(OSDictionary_getCount(dict), 4);
    assert_false(OSDictionary_merge(dict, NULL));
    OSArray *array = OSArray_withCapacity(0);
    assert_false(OSDictionary_merge(dict, (const OSDictionary *)(const void *)array)); /* as a wrong cast would */
    assert_true(OSDictionary_merge(dict, dict));
    OSRelease(array);
    OSRelease(dict);
    OSRelease(other);
}

TEST(1_33_equality)
{
    OSDictionary *dict = abc(), *other = OSDictionary_withCapacity(0);
    setNumber(other, "a", 1);
    setNumber(other, "b", 2);
    assert_false(OSDictionary_isEqualTo(dict, OSObjectOf(other)));
    setNumber(other, "c", 3);
    assert_true(OSDictionary_isEqualTo(dict, OSObjectOf(other))); /* the order does not matter */
    setNumber(other, "c", 4);
    assert_false(OSDictionary_isEqualTo(dict, OSObjectOf(other)));
    assert_false(OSDictionary_isEqualTo(dict, OSObjectOf(kOSBooleanTrue)));
    OSRelease(dict);
    OSRelease(other);
}

TEST(1_33_equality_for_keys)
{
    OSDictionary *dict = abc(), *other = abc();
    OSString     *a = OSString_withCString("a");
    OSArray      *keys = OSArray_withCapacity(0);
    OSSet        *set  = OSSet_withCapacity(0);
    setNumber(other, "b", 20);
    OSArray_setObject(keys, OSObjectOf(a));
    OSSet_setObject(set, OSObjectOf(a));
    assert_true(OSDictionary_isEqualToWithKeys(dict, other, &keys->super));
    assert_true(OSDictionary_isEqualToWithKeys(dict, other, &set->super));
    assert_false(OSDictionary_isEqualToWithKeys(dict, other, &other->super)); /* the keys of a dictionary */
    setNumber(other, "b", 2);
    assert_true(OSDictionary_isEqualToWithKeys(dict, other, &other->super));
    assert_true(OSDictionary_isEqualToWithKeys(dict, dict, &keys->super));
    OSDictionary_removeObject(other, "a"); /* must be in both */
    assert_false(OSDictionary_isEqualToWithKeys(dict, other, &keys->super));
    assert_false(OSDictionary_isEqualToWithKeys(other, dict, &keys->super));
    OSDictionary_flushCollection(other); /* fewer entries than keys */
    assert_false(OSDictionary_isEqualToWithKeys(dict, other, &keys->super));
    OSRelease(a);
    OSRelease(keys);
    OSRelease(set);
    OSRelease(dict);
    OSRelease(other);
}

TEST(1_34_removal)
{
    OSDictionary *dict     = abc();
    unsigned      capacity = OSDictionary_getCapacity(dict);
    uint32_t      stamp    = dict->super.super.detail;
    OSDictionary_removeObject(dict, "z");
    OSDictionary_removeObject(dict, "no such symbol at all");
    OSDictionary_removeObjectForSymbol(dict, NULL);
    assert_int_equal(OSDictionary_getCount(dict), 3);
    assert_int_equal(dict->super.super.detail, stamp);
    OSDictionary_flushCollection(dict);
    assert_int_equal(OSDictionary_getCount(dict), 0);
    assert_int_equal(OSDictionary_getCapacity(dict), capacity);
    OSRelease(dict);
}

TEST(1_34_copy_keys)
{
    OSDictionary *dict = abc();
    OSArray      *keys = OSDictionary_copyKeys(dict);
    assert_int_equal(OSArray_getCount(keys), 3);
    for (unsigned i = 0; i < 3; i++)
        assert_ptr_equal(OSArray_getObject(keys, i), OSDictionary_getKeyAtIndex(dict, i));
    OSRelease(keys);
    OSRelease(dict);
}

static bool addUp(const OSSymbol *key, OSObject *object, void *context)
{
    *(uint64_t *)context += OSNumber_unsigned64BitValue(OSDynamicCast(OSNumber, object));
    return OSSymbol_isEqualToCString(key, "a");
}

static bool removeThat(const OSSymbol *key, OSObject *object, void *context)
{
    OSDictionary_removeObjectForSymbol(context, key);
    return false;
}

TEST(1_22_iterate_entries)
{
    OSDictionary *dict = abc();
    uint64_t      sum  = 0;
    assert_true(OSDictionary_iterateObjects(dict, addUp, &sum));
    assert_int_equal(sum, 3 + 1);
    assert_false(OSDictionary_iterateObjects(dict, removeThat, dict));
    assert_int_equal(OSDictionary_getCount(dict), 2);
    OSRelease(dict);
}

TEST_MAIN(RUN(1_22_iterate_entries), RUN(1_29_keys_are_symbols_in_order), RUN(1_29_sorted), RUN(1_29_large),
          RUN(1_30_replace_in_place), RUN(1_30_from_objects), RUN(1_31_only_setters_intern), RUN(1_32_merge),
          RUN(1_33_equality), RUN(1_33_equality_for_keys), RUN(1_34_removal), RUN(1_34_copy_keys))
