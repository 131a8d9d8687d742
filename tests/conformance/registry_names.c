/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.7, 2.8, 2.32: names and locations. */
#include "registryFixture.h"

TEST(2_7_which_name)
{
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(IORegistryEntry_init(entry, NULL));
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "IORegistryEntry");
    assert_string_equal(IORegistryEntry_getName(entry, testPlane), "IORegistryEntry");
    IORegistryEntry_setName(entry, "generic", NULL);
    assert_string_equal(IORegistryEntry_getName(entry, testPlane), "generic");
    IORegistryEntry_setName(entry, "special", testPlane);
    assert_string_equal(IORegistryEntry_getName(entry, testPlane), "special");
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "generic");
    assert_string_equal(IORegistryEntry_getName(entry, otherPlane), "generic");

    const OSSymbol *name = IORegistryEntry_copyName(entry, testPlane);
    assert_string_equal(OSSymbol_getCStringNoCopy(name), "special");
    OSRelease(name);
    OSRelease(entry);
}

TEST(2_7_which_location)
{
    IORegistryEntry *entry = newEntry("entry");
    assert_null(IORegistryEntry_getLocation(entry, NULL));
    assert_null(IORegistryEntry_getLocation(entry, testPlane));
    IORegistryEntry_setLocation(entry, "1f", NULL);
    assert_string_equal(IORegistryEntry_getLocation(entry, testPlane), "1f");
    IORegistryEntry_setLocation(entry, "2,1", testPlane);
    assert_string_equal(IORegistryEntry_getLocation(entry, testPlane), "2,1");
    assert_string_equal(IORegistryEntry_getLocation(entry, NULL), "1f");
    assert_string_equal(IORegistryEntry_getLocation(entry, otherPlane), "1f");

    const OSSymbol *location = IORegistryEntry_copyLocation(entry, testPlane);
    assert_string_equal(OSSymbol_getCStringNoCopy(location), "2,1");
    OSRelease(location);
    OSRelease(entry);
}

TEST(2_8_where_a_name_is_set)
{
    IORegistryEntry *entry = newEntry("first");
    IORegistryEntry_setName(entry, "only here", testPlane);
    IORegistryEntry_setLocation(entry, "3", testPlane);
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "first");
    assert_null(IORegistryEntry_getLocation(entry, NULL));
    IORegistryEntry_setName(entry, "second", NULL);
    assert_string_equal(IORegistryEntry_getName(entry, otherPlane), "second");
    assert_string_equal(IORegistryEntry_getName(entry, testPlane), "only here");
    assert_true(IORegistryEntry_setName(entry, NULL, NULL));
    assert_true(IORegistryEntry_setLocation(entry, NULL, testPlane));
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "second");
    assert_string_equal(IORegistryEntry_getLocation(entry, testPlane), "3");
    OSRelease(entry);
}

/* Ours: what an index of names stands on. */
TEST(2_8_new_names_are_told)
{
    NotingEntry *entry = newNotingEntry("entry");
    IORegistryEntry_setName(&entry->super, "a", NULL);
    IORegistryEntry_setName(&entry->super, "b", testPlane);
    IORegistryEntry_setLocation(&entry->super, "1", NULL);
    assert_string_equal(entry->notes, "nameChanged(a) nameChanged(b)");
    OSRelease(entry);
}

TEST(2_32_compare_name)
{
    IORegistryEntry *entry = newEntry("generic");
    OSString        *generic = OSString_withCString("generic"), *other = OSString_withCString("special");
    OSString        *matched = NULL;
    IORegistryEntry_setName(entry, "special", testPlane);
    assert_false(IORegistryEntry_compareName(entry, other, &matched));
    assert_null(matched);
    assert_true(IORegistryEntry_compareName(entry, generic, &matched));
    assert_ptr_equal(matched, generic);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(generic)), 2);
    OSRelease(matched);
    assert_true(IORegistryEntry_compareName(entry, generic, NULL));
    OSRelease(generic);
    OSRelease(other);
    OSRelease(entry);
}

TEST(2_32_compare_names)
{
    IORegistryEntry *entry = newEntry("b");
    OSString        *a = OSString_withCString("a"), *b = OSString_withCString("b"), *matched = NULL;
    OSArray         *names = OSArray_withCapacity(2);
    assert_false(IORegistryEntry_compareNames(entry, OSObjectOf(names), &matched));
    assert_true(OSArray_setObject(names, OSObjectOf(a)));
    assert_false(IORegistryEntry_compareNames(entry, OSObjectOf(names), &matched));
    assert_true(OSArray_setObject(names, OSObjectOf(b)));
    assert_true(IORegistryEntry_compareNames(entry, OSObjectOf(names), &matched));
    assert_ptr_equal(matched, b);
    OSRelease(matched);
    assert_false(IORegistryEntry_compareNames(entry, OSObjectOf(a), NULL));
    assert_true(IORegistryEntry_compareNames(entry, OSObjectOf(b), NULL));
    assert_false(IORegistryEntry_compareNames(entry, NULL, NULL));
    OSRelease(names);
    OSRelease(a);
    OSRelease(b);
    OSRelease(entry);
}

TEST_MAIN_WITH(registryHooks, RUN(2_7_which_name), RUN(2_7_which_location), RUN(2_8_where_a_name_is_set),
               RUN(2_8_new_names_are_told), RUN(2_32_compare_name), RUN(2_32_compare_names))
