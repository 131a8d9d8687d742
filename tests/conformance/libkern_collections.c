/* SPDX-License-Identifier: MIT */
/* What the containers have in common, and OSArray, OSSet, OSOrderedSet: SEMANTICS 1.17 to 1.28 and 1.35 to 1.38. */
#include "harness.h"

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

static OSNumber *numbers[6]; /* 0 to 5; each +1, from makeNumbers to releaseNumbers */

static void makeNumbers(void)
{
    for (unsigned i = 0; i < 6; i++)
        numbers[i] = OSNumber_withNumber(i, 32);
}

static void releaseNumbers(void)
{
    for (unsigned i = 0; i < 6; i++)
        OSSafeReleaseNULL(numbers[i]);
}

static OSObject *number(unsigned i)
{
    return OSObjectOf(numbers[i]);
}

static OSArray *arrayOf(unsigned count)
{
    const OSObject *objects[6];
    for (unsigned i = 0; i < count; i++)
        objects[i] = number(i);
    return OSArray_withObjects(objects, count, 0);
}

static uint32_t references(unsigned i)
{
    return atomic_load(&number(i)->retainCount);
}

TEST(1_17_members_are_retained)
{
    makeNumbers();
    OSArray      *array = OSArray_withCapacity(1);
    OSSet        *set   = OSSet_withCapacity(1);
    OSOrderedSet *order = OSOrderedSet_withCapacity(1, NULL, NULL);
    OSDictionary *dict  = OSDictionary_withCapacity(1);
    OSArray_setObject(array, number(0));
    assert_int_equal(references(0), 0x10002);
    OSSet_setObject(set, number(0));
    OSOrderedSet_setObject(order, number(0));
    OSDictionary_setObject(dict, "key", number(0));
    assert_int_equal(references(0), 0x40005);
    assert_ptr_equal(OSArray_getObject(array, 0), number(0)); /* getters do not retain */
    assert_ptr_equal(OSSet_getAnyObject(set), number(0));
    assert_ptr_equal(OSOrderedSet_getFirstObject(order), number(0));
    assert_ptr_equal(OSDictionary_getObject(dict, "key"), number(0));
    assert_int_equal(references(0), 0x40005);
    OSArray_removeObject(array, 0);
    OSSet_removeObject(set, number(0));
    OSOrderedSet_flushCollection(order);
    OSRelease(dict);
    assert_int_equal(references(0), 1);
    OSArray_setObject(array, number(1));
    OSArray_replaceObject(array, 0, number(2));
    assert_int_equal(references(1), 1);
    assert_int_equal(references(2), 0x10002);
    OSRelease(array);
    OSRelease(set);
    OSRelease(order);
    releaseNumbers();
}

TEST(1_18_capacity_grows)
{
    makeNumbers();
    OSArray *array = OSArray_withCapacity(5);
    assert_int_equal(OSArray_getCapacity(array), 5);
    assert_int_equal(OSArray_getCapacityIncrement(array), 5);
    for (unsigned i = 0; i < 6; i++)
        assert_true(OSArray_setObject(array, number(i)));
    assert_int_equal(OSArray_getCapacity(array), 10);
    assert_int_equal(OSArray_ensureCapacity(array, 11), 15);
    assert_int_equal(OSArray_ensureCapacity(array, 3), 15);
    assert_int_equal(OSArray_setCapacityIncrement(array, 0), 16);
    assert_int_equal(OSArray_ensureCapacity(array, 17), 32);
    assert_int_equal(OSArray_setCapacityIncrement(array, 7), 7);
    assert_int_equal(OSArray_ensureCapacity(array, UINT32_MAX), 32); /* too big: as it was */
    OSRelease(array);

    OSSet        *set  = OSSet_withCapacity(0);
    OSDictionary *dict = OSDictionary_withCapacity(3);
    assert_int_equal(OSSet_getCapacityIncrement(set), 16);
    OSSet_setObject(set, number(0));
    assert_int_equal(OSSet_getCapacity(set), 16);
    OSDictionary_setObject(dict, "a", number(0));
    OSDictionary_setObject(dict, "b", number(0));
    OSDictionary_setObject(dict, "c", number(0));
    assert_int_equal(OSDictionary_getCapacity(dict), 3);
    OSDictionary_setObject(dict, "d", number(0));
    assert_int_equal(OSDictionary_getCapacity(dict), 6);
    OSRelease(set);
    OSRelease(dict);
    releaseNumbers();
}

TEST(1_18_large_collections_grow_by_multiples)
{
    OSArray *array = OSArray_withCapacity(10);
    unsigned grown = 0, capacity = 10;
    for (unsigned i = 0; i < 100000; i++) {
        OSArray_setObject(array, OSObjectOf(kOSBooleanTrue));
        if (OSArray_getCapacity(array) == capacity)
            continue;
        capacity = OSArray_getCapacity(array);
        assert_int_equal(capacity % 10, 0);
        grown++;
    }
    assert_int_equal(OSArray_getCount(array), 100000);
    assert_true(grown < 60); /* not 10000 times */
    OSRelease(array);
}

TEST(1_19_changes_move_the_stamp)
{
    makeNumbers();
    OSArray *array = OSArray_withCapacity(2);
    uint32_t stamp = array->super.super.detail;
    OSArray_setObject(array, number(0));
    assert_int_equal(array->super.super.detail, ++stamp);
    OSArray_replaceObject(array, 0, number(1));
    assert_int_equal(array->super.super.detail, ++stamp);
    OSArray_removeObject(array, 0);
    assert_int_equal(array->super.super.detail, ++stamp);
    OSArray_flushCollection(array);
    assert_int_equal(array->super.super.detail, ++stamp);
    OSArray_removeObject(array, 0); /* out of range: no change */
    assert_int_equal(array->super.super.detail, stamp);
    OSRelease(array);
    releaseNumbers();
}

static OSDictionary *immutableDictionary(void)
{
    makeNumbers();
    OSDictionary *dict  = OSDictionary_withCapacity(2);
    OSArray      *inner = arrayOf(1);
    OSDictionary_setObject(dict, "inner", OSObjectOf(inner));
    OSRelease(inner);
    OSDictionary_setOptions(dict, kOSCollectionImmutable, kOSCollectionImmutable);
    return dict;
}

TEST(1_19_immutable_dictionary)
{
    OSDictionary *dict = immutableDictionary();
    OSDictionary_setObject(dict, "key", number(0));
}

TEST(1_19_immutable_nested_array)
{
    OSDictionary *dict = immutableDictionary();
    OSArray_setObject(OSDynamicCast(OSArray, OSDictionary_getObject(dict, "inner")), number(0));
}

TEST(1_19_registry_mods_mode)
{
    OSDictionary *dict = immutableDictionary();
    OSCollection_setRegistryModsMode(true);
    assert_true(OSDictionary_setObject(dict, "key", number(0)));
    OSCollection_setRegistryModsMode(false);
    OSRelease(dict); /* an immutable collection can be freed */
    releaseNumbers();
}

TEST(1_20_set_options)
{
    OSDictionary *dict  = immutableDictionary();
    OSArray      *inner = OSDynamicCast(OSArray, OSDictionary_getObject(dict, "inner"));
    assert_int_equal(OSArray_setOptions(inner, 0, 0), kOSCollectionImmutable);
    assert_int_equal(OSDictionary_setOptions(dict, 0, kOSCollectionImmutable), kOSCollectionImmutable);
    assert_int_equal(OSArray_setOptions(inner, 0, 0), 0);
    assert_int_equal(OSArray_setOptions(inner, 4, 4), 0);
    assert_int_equal(OSDictionary_setOptions(dict, 0, 4), 0); /* nothing changed here: not passed on */
    assert_int_equal(OSArray_setOptions(inner, 0, 0), 4);
    OSRelease(dict);
    releaseNumbers();
}

TEST(1_21_deep_copy)
{
    makeNumbers();
    OSDictionary *dict  = OSDictionary_withCapacity(2);
    OSArray      *array = arrayOf(2);
    OSSet        *set   = OSSet_withCapacity(1);
    OSOrderedSet *order = OSOrderedSet_withCapacity(1, NULL, NULL);
    OSSet_setObject(set, number(2));
    OSOrderedSet_setObject(order, number(3));
    OSArray_setObject(array, OSObjectOf(set));
    OSArray_setObject(array, OSObjectOf(order));
    OSDictionary_setObject(dict, "array", OSObjectOf(array));
    OSDictionary_setObject(dict, "again", OSObjectOf(array));
    OSDictionary_setOptions(dict, kOSCollectionImmutable, kOSCollectionImmutable);

    OSDictionary *copy      = OSDictionary_copyCollection(dict);
    OSArray      *arrayCopy = OSDynamicCast(OSArray, OSDictionary_getObject(copy, "array"));
    assert_ptr_not_equal(arrayCopy, array);
    assert_ptr_equal(OSDictionary_getObject(copy, "again"), arrayCopy); /* still the same one twice */
    assert_ptr_equal(OSArray_getObject(arrayCopy, 1), number(1));       /* leaves are shared */
    OSSet        *setCopy   = OSDynamicCast(OSSet, OSArray_getObject(arrayCopy, 2));
    OSOrderedSet *orderCopy = OSDynamicCast(OSOrderedSet, OSArray_getObject(arrayCopy, 3));
    assert_ptr_not_equal(setCopy, set);
    assert_ptr_not_equal(orderCopy, order);
    assert_ptr_equal(OSSet_getAnyObject(setCopy), number(2));
    assert_ptr_equal(OSOrderedSet_getFirstObject(orderCopy), number(3));
    assert_true(OSDictionary_setObject(copy, "more", number(0))); /* copies are not immutable */
    assert_true(OSArray_setObject(arrayCopy, number(0)));
    OSRelease(copy);
    OSRelease(dict);
    OSRelease(array);
    OSRelease(set);
    OSRelease(order);
    releaseNumbers();
}

TEST(1_21_a_cycle_stays_one)
{
    OSArray *outer = OSArray_withCapacity(1), *inner = OSArray_withCapacity(1);
    OSArray_setObject(outer, OSObjectOf(inner));
    OSArray_setObject(inner, OSObjectOf(outer));
    OSArray *copy      = OSArray_copyCollection(outer);
    OSArray *innerCopy = OSDynamicCast(OSArray, OSArray_getObject(copy, 0));
    assert_ptr_not_equal(copy, outer);
    assert_ptr_not_equal(innerCopy, inner);
    assert_ptr_equal(OSArray_getObject(innerCopy, 0), copy);
    OSArray_flushCollection(innerCopy);
    OSArray_flushCollection(inner);
    OSRelease(copy);
    OSRelease(outer);
    OSRelease(inner);
}

typedef struct Walk {
    OSArray *seen;
    OSArray *toChange; /* at the second member; NULL: none */
    unsigned stopAfter;
} Walk;

static bool note(OSObject *object, void *context)
{
    Walk *walk = context;
    OSArray_setObject(walk->seen, object);
    if (walk->toChange && OSArray_getCount(walk->seen) == 2)
        OSArray_removeObject(walk->toChange, 0);
    return OSArray_getCount(walk->seen) == walk->stopAfter;
}

TEST(1_22_iterate_objects)
{
    makeNumbers();
    OSArray *array = arrayOf(4);
    Walk     walk  = {OSArray_withCapacity(4), NULL, 0};
    assert_true(OSCollection_iterateObjects(&array->super, note, &walk));
    assert_true(OSArray_isEqualTo(array, OSObjectOf(walk.seen)));
    OSArray_flushCollection(walk.seen);
    walk.stopAfter = 3;
    assert_true(OSCollection_iterateObjects(&array->super, note, &walk)); /* stopped: still unchanged */
    assert_int_equal(OSArray_getCount(walk.seen), 3);
    OSArray_flushCollection(walk.seen);
    walk = (Walk){walk.seen, array, 0};
    assert_false(OSCollection_iterateObjects(&array->super, note, &walk));
    assert_int_equal(OSArray_getCount(walk.seen), 2);
    OSRelease(walk.seen);
    OSRelease(array);
    releaseNumbers();
}

TEST(1_23_collection_iterator)
{
    makeNumbers();
    OSArray              *array    = arrayOf(3);
    OSCollectionIterator *iterator = OSCollectionIterator_withCollection(&array->super);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(array)), 2);
    OSArray_removeObject(array, 2); /* before it starts: no matter */
    assert_ptr_equal(OSCollectionIterator_getNextObject(iterator), number(0));
    assert_ptr_equal(OSCollectionIterator_getNextObject(iterator), number(1));
    assert_null(OSCollectionIterator_getNextObject(iterator));
    assert_true(OSCollectionIterator_isValid(iterator));
    OSCollectionIterator_reset(iterator);
    assert_ptr_equal(OSCollectionIterator_getNextObject(iterator), number(0));
    OSArray_setObject(array, number(5));
    assert_false(OSCollectionIterator_isValid(iterator));
    assert_null(OSCollectionIterator_getNextObject(iterator));
    assert_null(OSCollectionIterator_getNextObject(iterator));
    OSCollectionIterator_reset(iterator);
    assert_true(OSCollectionIterator_isValid(iterator));
    assert_ptr_equal(OSIterator_getNextObject(&iterator->super), number(0));
    OSRelease(iterator);
    OSRelease(array);
    assert_null(OSCollectionIterator_withCollection(NULL));
    releaseNumbers();
}

TEST(1_23_a_dictionary_yields_keys)
{
    makeNumbers();
    OSDictionary *dict = OSDictionary_withCapacity(2);
    OSDictionary_setObject(dict, "first", number(1));
    OSDictionary_setObject(dict, "second", number(2));
    OSCollectionIterator *iterator = OSCollectionIterator_withCollection(&dict->super);
    assert_true(OSCollectionIterator_isValid(iterator)); /* starts it */
    const OSSymbol *first  = OSDynamicCast(OSSymbol, OSCollectionIterator_getNextObject(iterator));
    const OSSymbol *second = OSDynamicCast(OSSymbol, OSCollectionIterator_getNextObject(iterator));
    assert_string_equal(OSSymbol_getCStringNoCopy(first), "first");
    assert_string_equal(OSSymbol_getCStringNoCopy(second), "second");
    assert_null(OSCollectionIterator_getNextObject(iterator));
    OSRelease(iterator);
    OSRelease(dict);
    releaseNumbers();
}

static void assertOrder(const OSArray *array, const unsigned *expected, unsigned count)
{
    assert_int_equal(OSArray_getCount(array), count);
    for (unsigned i = 0; i < count; i++)
        assert_ptr_equal(OSArray_getObject(array, i), number(expected[i]));
}

TEST(1_24_array_insertion)
{
    makeNumbers();
    OSArray *array = OSArray_withCapacity(0);
    assert_false(OSArray_setObjectAtIndex(array, 1, number(0)));
    assert_false(OSArray_setObject(array, NULL));
    assert_true(OSArray_setObjectAtIndex(array, 0, number(0)));
    assert_true(OSArray_setObject(array, number(1)));
    assert_true(OSArray_setObjectAtIndex(array, 1, number(2)));
    assert_true(OSArray_setObjectAtIndex(array, 3, number(3)));
    assertOrder(array, (unsigned[]){0, 2, 1, 3}, 4);
    OSRelease(array);
    releaseNumbers();
}

TEST(1_25_array_out_of_range)
{
    makeNumbers();
    OSArray *array = arrayOf(2);
    OSArray_replaceObject(array, 2, number(5));
    OSArray_removeObject(array, 2);
    OSArray_replaceObject(array, 0, NULL);
    assertOrder(array, (unsigned[]){0, 1}, 2);
    assert_null(OSArray_getObject(array, 2));
    assert_ptr_equal(OSArray_getLastObject(array), number(1));
    OSArray_removeObject(array, 0);
    assertOrder(array, (unsigned[]){1}, 1);
    OSArray_removeObject(array, 0);
    assert_null(OSArray_getLastObject(array));
    OSRelease(array);
    releaseNumbers();
}

TEST(1_26_index_of_object)
{
    makeNumbers();
    OSNumber *twin  = OSNumber_withNumber(1, 32); /* equal to number(1), and another object */
    OSArray  *array = arrayOf(3);
    OSArray_setObject(array, number(1));
    assert_int_equal(OSArray_getNextIndexOfObject(array, number(1), 0), 1);
    assert_int_equal(OSArray_getNextIndexOfObject(array, number(1), 2), 3);
    assert_int_equal(OSArray_getNextIndexOfObject(array, number(0), 1), (unsigned)-1);
    assert_int_equal(OSArray_getNextIndexOfObject(array, OSObjectOf(twin), 0), (unsigned)-1);
    assert_int_equal(OSArray_getNextIndexOfObject(array, number(1), 9), (unsigned)-1);
    OSRelease(array);
    OSRelease(twin);
    releaseNumbers();
}

TEST(1_27_array_from_objects)
{
    makeNumbers();
    const OSObject *objects[] = {number(0), number(1), NULL};
    OSArray        *array     = OSArray_withObjects(objects, 2, 0);
    OSArray        *other     = OSArray_withArray(array, 5);
    assert_int_equal(OSArray_getCapacity(other), 5);
    assert_true(OSArray_merge(other, array));
    assertOrder(other, (unsigned[]){0, 1, 0, 1}, 4);
    assert_true(OSArray_merge(other, other));
    assertOrder(other, (unsigned[]){0, 1, 0, 1, 0, 1, 0, 1}, 8);
    assert_null(OSArray_withObjects(objects, 3, 0));
    assert_null(OSArray_withObjects(objects, 2, 1));
    assert_null(OSArray_withArray(array, 1));
    assert_null(OSArray_withArray(NULL, 0));
    OSRelease(array);
    OSRelease(other);
    releaseNumbers();
}

TEST(1_28_array_equality)
{
    makeNumbers();
    OSArray  *array = arrayOf(2), *other = OSArray_withCapacity(2);
    OSNumber *zero = OSNumber_withNumber(0, 8);
    OSSet    *set  = OSSet_withArray(array, 0);
    OSArray_setObject(other, OSObjectOf(zero));
    assert_false(OSArray_isEqualTo(array, OSObjectOf(other)));
    OSArray_setObject(other, number(1));
    assert_true(OSArray_isEqualTo(array, OSObjectOf(other)));
    OSArray_replaceObject(other, 1, number(2));
    assert_false(OSArray_isEqualTo(array, OSObjectOf(other)));
    assert_false(OSArray_isEqualTo(array, OSObjectOf(set)));
    OSRelease(array);
    OSRelease(other);
    OSRelease(zero);
    OSRelease(set);
    releaseNumbers();
}

TEST(1_35_set)
{
    makeNumbers();
    OSNumber *twin = OSNumber_withNumber(0, 32);
    OSSet    *set  = OSSet_withCapacity(0), *other = OSSet_withCapacity(0);
    OSArray  *array = arrayOf(3);
    assert_true(OSSet_setObject(set, number(0)));
    assert_false(OSSet_setObject(set, number(0)));
    assert_false(OSSet_setObject(set, NULL));
    assert_true(OSSet_setObject(set, OSObjectOf(twin))); /* identity counts, not equality */
    assert_int_equal(OSSet_getCount(set), 2);
    assert_true(OSSet_mergeArray(set, array));
    assert_int_equal(OSSet_getCount(set), 4);
    assert_true(OSSet_mergeArray(set, array)); /* adds nothing: still true */
    assert_true(OSSet_merge(other, set));
    assert_true(OSSet_merge(other, set));
    assert_int_equal(OSSet_getCount(other), 4);
    assert_true(OSSet_isEqualTo(set, OSObjectOf(other)));
    OSSet_removeObject(other, number(0));
    OSSet_removeObject(other, number(5)); /* not a member */
    assert_int_equal(OSSet_getCount(other), 3);
    assert_false(OSSet_isEqualTo(set, OSObjectOf(other)));
    OSRelease(twin);
    OSRelease(set);
    OSRelease(other);
    OSRelease(array);
    releaseNumbers();
}

TEST(1_35_set_factories)
{
    makeNumbers();
    const OSObject *objects[] = {number(0), number(1), number(0)};
    OSSet          *set       = OSSet_withObjects(objects, 3, 0);
    assert_int_equal(OSSet_getCount(set), 2);
    assert_null(OSSet_withObjects(objects, 3, 2));
    OSSet *copy = OSSet_withSet(set, 0);
    assert_true(OSSet_isEqualTo(copy, OSObjectOf(set)));
    OSRelease(copy);
    OSRelease(set);
    releaseNumbers();
}

TEST(1_36_any_object)
{
    makeNumbers();
    OSSet *set = OSSet_withCapacity(0);
    assert_null(OSSet_getAnyObject(set));
    assert_false(OSSet_containsObject(set, NULL));
    for (unsigned i = 0; i < 3; i++)
        OSSet_setObject(set, number(i));
    assert_ptr_equal(OSSet_getAnyObject(set), number(0));
    OSSet_removeObject(set, number(0));
    assert_ptr_equal(OSSet_getAnyObject(set), number(1));
    assert_true(OSSet_containsObject(set, number(2)));
    assert_true(OSSet_member(set, number(2)));
    assert_false(OSSet_containsObject(set, number(0)));
    OSRelease(set);
    releaseNumbers();
}

/* Higher numbers rank higher, but all of 2 and below the same. */
static int32_t rank(const OSObject *object)
{
    const OSNumber *value = OSDynamicCast(OSNumber, object);
    uint32_t        whole = value ? OSNumber_unsigned32BitValue(value) : 2;
    return whole > 2 ? (int32_t)whole : 2;
}

static int32_t byRank(const OSObject *first, const OSObject *second, void *context)
{
    (*(unsigned *)context)++;
    return rank(first) - rank(second);
}

static void assertSetOrder(const OSOrderedSet *set, const unsigned *expected, unsigned count)
{
    assert_int_equal(OSOrderedSet_getCount(set), count);
    for (unsigned i = 0; i < count; i++)
        assert_ptr_equal(OSOrderedSet_getObject(set, i), number(expected[i]));
}

TEST(1_37_ordered_set)
{
    makeNumbers();
    unsigned      calls = 0;
    OSOrderedSet *set   = OSOrderedSet_withCapacity(2, byRank, &calls);
    const unsigned insertions[] = {1, 4, 0, 3, 2, 5};
    for (unsigned i = 0; i < 6; i++)
        assert_true(OSOrderedSet_setObject(set, number(insertions[i])));
    assertSetOrder(set, (unsigned[]){5, 4, 3, 1, 0, 2}, 6); /* 1, 0, 2 rank the same: as inserted */
    assert_true(calls > 0);
    assert_false(OSOrderedSet_setObject(set, number(3)));
    assert_false(OSOrderedSet_setObject(set, NULL));
    OSRelease(set);
    set = OSOrderedSet_withCapacity(2, NULL, NULL);
    for (unsigned i = 0; i < 3; i++)
        OSOrderedSet_setObject(set, number(i));
    assertSetOrder(set, (unsigned[]){0, 1, 2}, 3);
    OSRelease(set);
    releaseNumbers();
}

TEST(1_38_ordered_set_places)
{
    makeNumbers();
    unsigned      calls = 0;
    OSOrderedSet *set   = OSOrderedSet_withCapacity(2, byRank, &calls);
    assert_null(OSOrderedSet_getFirstObject(set));
    assert_null(OSOrderedSet_getLastObject(set));
    OSOrderedSet_setObject(set, number(4));
    assert_true(OSOrderedSet_setFirstObject(set, number(0)));
    assert_true(OSOrderedSet_setLastObject(set, number(5)));
    assert_true(OSOrderedSet_setObjectAtIndex(set, 1, number(3)));
    assert_false(OSOrderedSet_setObjectAtIndex(set, 9, number(2)));
    assert_false(OSOrderedSet_setFirstObject(set, number(4)));
    assertSetOrder(set, (unsigned[]){0, 3, 4, 5}, 4);
    assert_ptr_equal(OSOrderedSet_getFirstObject(set), number(0));
    assert_ptr_equal(OSOrderedSet_getLastObject(set), number(5));
    assert_null(OSOrderedSet_getObject(set, 4));
    assert_int_equal(OSOrderedSet_orderObject(set, number(5)), 3);
    assert_ptr_equal(OSOrderedSet_getOrderingRef(set), &calls);
    OSOrderedSet_removeObject(set, number(3));
    OSOrderedSet_removeObject(set, number(3));
    assertSetOrder(set, (unsigned[]){0, 4, 5}, 3);
    assert_true(OSOrderedSet_containsObject(set, number(4)));
    assert_false(OSOrderedSet_containsObject(set, NULL));
    OSOrderedSet *other = OSOrderedSet_withCapacity(0, NULL, NULL);
    assert_int_equal(OSOrderedSet_orderObject(other, number(5)), 0);
    OSOrderedSet_setObject(other, number(0));
    OSOrderedSet_setObject(other, number(4));
    assert_false(OSOrderedSet_isEqualTo(set, OSObjectOf(other)));
    OSOrderedSet_setObject(other, number(5));
    assert_true(OSOrderedSet_isEqualTo(set, OSObjectOf(other)));
    OSRelease(other);
    OSRelease(set);
    releaseNumbers();
}

TEST_MAIN(RUN(1_17_members_are_retained), RUN(1_18_capacity_grows), RUN(1_18_large_collections_grow_by_multiples),
          RUN(1_19_changes_move_the_stamp), ABORTS(1_19_immutable_dictionary, "collection in the registry"),
          ABORTS(1_19_immutable_nested_array, "collection in the registry"), RUN(1_19_registry_mods_mode),
          RUN(1_20_set_options), RUN(1_21_deep_copy), RUN(1_21_a_cycle_stays_one), RUN(1_22_iterate_objects),
          RUN(1_23_collection_iterator), RUN(1_23_a_dictionary_yields_keys), RUN(1_24_array_insertion),
          RUN(1_25_array_out_of_range), RUN(1_26_index_of_object), RUN(1_27_array_from_objects),
          RUN(1_28_array_equality), RUN(1_35_set), RUN(1_35_set_factories), RUN(1_36_any_object), RUN(1_37_ordered_set),
          RUN(1_38_ordered_set_places))
