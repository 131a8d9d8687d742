/* SPDX-License-Identifier: MIT */
/*
 * Without memory: each operation is run with its first allocation failing, then its second, and so on until it succeeds.
 * A failed one says so, leaves what it was given as it was, and nothing behind; the runner counts the objects, and
 * eachAllocationFails() the bytes.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

enum { kAllocationsMax = 2000 };

static size_t allAllocatedBytes(void)
{
    size_t bytes = 0;
    for (int kind = 0; kind < kIOAllocationKinds; kind++)
        bytes += IOAllocatedBytes((IOAllocationKind)kind);
    return bytes;
}

/* operation: makes something and gives it up again; returns whether it had all it needed. */
static void eachAllocationFails(bool (*operation)(void))
{
    uint64_t n = 0;
    bool     done;
    assert_true(operation()); /* once undisturbed: the symbol pool has its size then */
    size_t bytes = allAllocatedBytes();
    do {
        (void)IOAllocation_failNth(++n);
        done = operation();
        (void)IOAllocation_failNth(0);
        assert_int_equal(allAllocatedBytes(), bytes);
        assert_true(n < kAllocationsMax);
    } while (!done);
    assert_true(n > 1); /* something did fail */
}

static bool fillArray(void)
{
    OSArray *array = OSArray_withCapacity(3);
    bool     done  = array != NULL;
    for (unsigned i = 0; done && i < 40; i++) {
        done = OSArray_setObject(array, OSObjectOf(kOSBooleanTrue));
        assert_int_equal(OSArray_getCount(array), i + done);
    }
    OSArray *copy = done ? OSArray_withArray(array, 0) : NULL;
    done          = copy && OSArray_merge(copy, array) && OSArray_getCount(copy) == 80;
    OSRelease(copy);
    OSRelease(array);
    return done;
}

TEST(array)
{
    eachAllocationFails(fillArray);
}

static bool fillSets(void)
{
    OSSet        *set     = OSSet_withCapacity(0);
    OSOrderedSet *ordered = OSOrderedSet_withCapacity(1, NULL, NULL);
    bool          done    = set && ordered;
    for (unsigned i = 0; done && i < 20; i++) {
        OSNumber *number = OSNumber_withNumber(i, 8);
        done = number && OSSet_setObject(set, OSObjectOf(number)) && OSOrderedSet_setObject(ordered, OSObjectOf(number));
        OSRelease(number);
    }
    OSSet *other = done ? OSSet_withCapacity(0) : NULL;
    done         = other && OSSet_merge(other, set) && OSSet_getCount(other) == 20;
    OSRelease(other);
    OSRelease(set);
    OSRelease(ordered);
    return done;
}

TEST(sets)
{
    eachAllocationFails(fillSets);
}

static bool addEntry(OSDictionary *dict, unsigned i)
{
    char key[16];
    snprintf(key, sizeof key, "entry%u", i);
    OSNumber *number = OSNumber_withNumber(i, 32);
    bool      added  = number && OSDictionary_setObject(dict, key, OSObjectOf(number));
    OSRelease(number);
    return added;
}

/* What was put in before the failure is still found, the index included. */
static bool isWhole(const OSDictionary *dict)
{
    char key[16];
    for (unsigned i = 0; i < OSDictionary_getCount(dict); i++) {
        snprintf(key, sizeof key, "entry%u", i);
        const OSNumber *number = OSDynamicCast(OSNumber, OSDictionary_getObject(dict, key));
        if (!number || OSNumber_unsigned32BitValue(number) != i)
            return false;
    }
    return true;
}

static bool fillDictionary(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(8);
    bool          done = dict != NULL;
    for (unsigned i = 0; done && i < 120; i++)
        done = addEntry(dict, i);
    assert_true(!dict || isWhole(dict));
    OSDictionary *copy = done ? OSDictionary_withDictionary(dict, 0) : NULL;
    OSArray      *keys = copy ? OSDictionary_copyKeys(copy) : NULL;
    done               = keys != NULL;
    OSRelease(keys);
    OSRelease(copy);
    OSRelease(dict);
    return done;
}

TEST(dictionary)
{
    eachAllocationFails(fillDictionary);
}

static OSArray *original; /* a nest of all kinds of collections that contains itself */

static bool copyNest(void)
{
    OSArray *copy = OSArray_copyCollection(original);
    bool     done = copy != NULL;
    if (copy) {
        OSDictionary *dict = OSDynamicCast(OSDictionary, OSArray_getObject(copy, 0));
        assert_ptr_equal(OSDictionary_getObject(dict, "back"), copy);
        OSDictionary_removeObject(dict, "back");
    }
    OSRelease(copy);
    return done;
}

TEST(deep_copy)
{
    OSDictionary *dict    = OSDictionary_withCapacity(1);
    OSSet        *set     = OSSet_withCapacity(1);
    OSOrderedSet *ordered = OSOrderedSet_withCapacity(1, NULL, NULL);
    original              = OSArray_withCapacity(1);
    OSSet_setObject(set, OSObjectOf(ordered));
    OSDictionary_setObject(dict, "set", OSObjectOf(set));
    OSDictionary_setObject(dict, "back", OSObjectOf(original));
    OSArray_setObject(original, OSObjectOf(dict));
    eachAllocationFails(copyNest);
    OSDictionary_removeObject(dict, "back");
    OSRelease(dict);
    OSRelease(set);
    OSRelease(ordered);
    OSRelease(original);
}

static bool makeStrings(void)
{
    OSString *within  = OSString_withCString("a text that stands in the object");
    OSString *started = OSTypeAlloc(OSString);
    bool      done    = within && started && OSString_initWithCString(started, "a text that stands outside of it");
    OSString *copy    = done ? OSString_withString(started) : NULL;
    done              = copy && OSString_isEqualTo(copy, OSObjectOf(started));
    OSRelease(copy);
    OSRelease(started);
    OSRelease(within);
    return done;
}

TEST(strings)
{
    eachAllocationFails(makeStrings);
}

static bool makeSymbols(void)
{
    const OSSymbol *symbols[600] = {NULL};
    char            text[24];
    bool            done = true;
    for (unsigned i = 0; done && i < 600; i++) {
        snprintf(text, sizeof text, "fault %u", i);
        done = (symbols[i] = OSSymbol_withCString(text)) != NULL;
    }
    for (unsigned i = 0; i < 600; i++)
        OSRelease(symbols[i]);
    return done;
}

TEST(symbols)
{
    eachAllocationFails(makeSymbols);
}

/* The pool's tables grow in this one, which eachAllocationFails() excludes by its first run. */
TEST(symbol_pool_cannot_grow)
{
    const OSSymbol *symbols[3000];
    char            text[24];
    unsigned        failures = 0;
    for (unsigned i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "grow %u", i);
        (void)IOAllocation_failNth(2); /* the first is the symbol's own */
        symbols[i] = OSSymbol_withCString(text);
        (void)IOAllocation_failNth(0);
        if (symbols[i])
            continue;
        failures++;
        assert_null(OSSymbol_existingSymbolForCString(text));
        symbols[i] = OSSymbol_withCString(text);
    }
    assert_true(failures > 0);
    for (unsigned i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "grow %u", i);
        assert_string_equal(OSSymbol_getCStringNoCopy(symbols[i]), text);
        OSRelease(symbols[i]);
    }
}

static bool growData(void)
{
    OSData *data = OSData_withBytes("0123456789", 10);
    bool    done = data != NULL;
    for (unsigned i = 0; done && i < 1000; i++) {
        done = OSData_appendBytes(data, "0123456789", 10);
        assert_int_equal(OSData_getLength(data), 10 * (i + 1 + done));
    }
    OSData *copy = done ? OSData_withData(data) : NULL;
    done         = copy != NULL;
    assert_true(!data || memcmp(OSData_getBytesNoCopy(data), "0123456789", 10) == 0);
    OSRelease(copy);
    OSRelease(data);
    return done;
}

TEST(data)
{
    eachAllocationFails(growData);
}

static bool makeNumbers(void)
{
    OSNumber *number = OSNumber_withNumber(1, 8), *floating = OSNumber_withDouble(1);
    bool      done = number && floating;
    OSRelease(number);
    OSRelease(floating);
    return done;
}

TEST(numbers)
{
    eachAllocationFails(makeNumbers);
}

OSDeclareClass(TestFault);
struct TestFault {
    OSObject super;
};
OSDefineClass(TestFault, OSObject);

static bool loadModule(void)
{
    static OSMetaClass *const classes[] = {&TestFault_class};
    const OSClassList         list      = {classes, 1};
    OSReturn                  result    = OSMetaClass_registerModule("test.fault", &list);
    if (result != kOSReturnSuccess) {
        assert_int_equal(result, kOSMetaClassNoDicts);
        assert_null(OSMetaClass_getMetaClassWithName("TestFault"));
        return false;
    }
    assert_int_equal(OSMetaClass_unregisterModule(&list), kOSReturnSuccess);
    return true;
}

TEST(registration)
{
    eachAllocationFails(loadModule);
}

static bool listClasses(void)
{
    OSDictionary *dict = OSDictionary_withCapacity(1);
    bool          done = dict && OSMetaClass_serializeClassDictionary(dict);
    assert_true(done || !dict || OSDictionary_getCount(dict) == 0);
    OSRelease(dict);
    return done;
}

TEST(class_dictionary)
{
    eachAllocationFails(listClasses);
}

static bool walkArray(void)
{
    OSArray              *array    = OSArray_withCapacity(0);
    OSCollectionIterator *iterator = array ? OSCollectionIterator_withCollection(&array->super) : NULL;
    bool                  done     = iterator && !OSCollectionIterator_getNextObject(iterator);
    OSRelease(iterator);
    OSRelease(array);
    return done;
}

TEST(iterator)
{
    eachAllocationFails(walkArray);
}

TEST_MAIN(RUN(array), RUN(sets), RUN(dictionary), RUN(deep_copy), RUN(strings), RUN(symbols),
          RUN(symbol_pool_cannot_grow), RUN(data), RUN(numbers), RUN(registration), RUN(class_dictionary), RUN(iterator))
