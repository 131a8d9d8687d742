/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.6, 2.12 to 2.16: properties. */
#include "registryFixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSerialize.h>

TEST(2_6_init_retains_a_dictionary_that_can_change)
{
    OSDictionary    *dict  = OSDictionary_withCapacity(4);
    OSString        *name  = OSString_withCString("Fred");
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(OSDictionary_setObject(dict, "IOName", OSObjectOf(name)));
    assert_true(IORegistryEntry_init(entry, dict));
    assert_ptr_equal(IORegistryEntry_getPropertyTable(entry), dict);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(dict)), 2);
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "Fred");
    OSRelease(entry);
    OSRelease(name);
    OSRelease(dict);
}

TEST(2_6_init_copies_an_immutable_dictionary)
{
    OSDictionary    *dict  = OSDictionary_withCapacity(4);
    OSDictionary    *inner = OSDictionary_withCapacity(1);
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(OSDictionary_setObject(dict, "inner", OSObjectOf(inner)));
    OSDictionary_setOptions(dict, kOSCollectionImmutable, kOSCollectionImmutable);
    assert_true(IORegistryEntry_init(entry, dict));
    OSDictionary *table = IORegistryEntry_getPropertyTable(entry);
    assert_ptr_not_equal(table, dict);
    assert_true(OSDictionary_isEqualTo(table, OSObjectOf(dict)));
    assert_true(IORegistryEntry_setPropertyBoolean(entry, "more", true));
    OSRelease(entry);
    OSRelease(inner);
    OSRelease(dict);
}

TEST(2_6_init_without_properties_makes_an_empty_table)
{
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(IORegistryEntry_init(entry, NULL));
    assert_int_equal(OSDictionary_getCount(IORegistryEntry_getPropertyTable(entry)), 0);
    assert_string_equal(IORegistryEntry_getName(entry, NULL), "IORegistryEntry");
    OSRelease(entry);
}

static bool isImmutable(OSDictionary *dict)
{
    return OSDictionary_setOptions(dict, 0, 0) & kOSCollectionImmutable;
}

TEST(2_12_attaching_freezes_collections)
{
    IORegistryEntry *entry = newEntry("entry");
    OSDictionary    *outer = OSDictionary_withCapacity(1), *inner = OSDictionary_withCapacity(1);
    OSDictionary    *later = OSDictionary_withCapacity(1);
    assert_true(OSDictionary_setObject(outer, "inner", OSObjectOf(inner)));
    assert_true(IORegistryEntry_setProperty(entry, "outer", OSObjectOf(outer)));
    assert_false(isImmutable(outer));
    assert_true(IORegistryEntry_attachToParent(entry, IORegistryEntry_getRegistryRoot(), testPlane));
    assert_true(isImmutable(outer));
    assert_true(isImmutable(inner));
    assert_false(isImmutable(IORegistryEntry_getPropertyTable(entry)));

    assert_true(IORegistryEntry_setProperty(entry, "later", OSObjectOf(later)));
    assert_true(isImmutable(later));
    IORegistryEntry_detachAbove(entry, testPlane);
    OSRelease(later);
    later = OSDictionary_withCapacity(1);
    assert_true(IORegistryEntry_setProperty(entry, "later", OSObjectOf(later)));
    assert_false(isImmutable(later));
    OSRelease(entry);
    OSRelease(outer);
    OSRelease(inner);
    OSRelease(later);
}

TEST(2_12_changing_a_frozen_collection_panics)
{
    IORegistryEntry *entry = newEntry("entry");
    OSDictionary    *dict  = OSDictionary_withCapacity(1);
    assert_true(IORegistryEntry_setProperty(entry, "dict", OSObjectOf(dict)));
    assert_true(IORegistryEntry_attachToParent(entry, IORegistryEntry_getRegistryRoot(), testPlane));
    OSDictionary_setObject(dict, "key", OSObjectOf(kOSBooleanTrue));
}

TEST(2_13_forms_of_set_property)
{
    IORegistryEntry *entry = newEntry("entry");
    assert_true(IORegistryEntry_setPropertyString(entry, "string", "text"));
    assert_true(IORegistryEntry_setPropertyBoolean(entry, "boolean", true));
    assert_true(IORegistryEntry_setPropertyNumber(entry, "number", 0x12345, 16));
    assert_true(IORegistryEntry_setPropertyData(entry, "data", "\1\2\3", 3));

    OSSymbol *symbol = OSDynamicCast(OSSymbol, IORegistryEntry_getProperty(entry, "string"));
    assert_non_null(symbol);
    assert_string_equal(OSSymbol_getCStringNoCopy(symbol), "text");
    assert_ptr_equal(IORegistryEntry_getProperty(entry, "boolean"), OSObjectOf(kOSBooleanTrue));
    OSNumber *number = OSDynamicCast(OSNumber, IORegistryEntry_getProperty(entry, "number"));
    assert_int_equal(OSNumber_unsigned64BitValue(number), 0x2345);
    assert_int_equal(OSNumber_numberOfBits(number), 16);
    OSData *data = OSDynamicCast(OSData, IORegistryEntry_getProperty(entry, "data"));
    assert_int_equal(OSData_getLength(data), 3);
    assert_memory_equal(OSData_getBytesNoCopy(data), "\1\2\3", 3);

    assert_true(IORegistryEntry_setPropertyNumber(entry, "string", 7, 32));
    assert_non_null(OSDynamicCast(OSNumber, IORegistryEntry_getProperty(entry, "string")));
    assert_int_equal(OSDictionary_getCount(IORegistryEntry_getPropertyTable(entry)), 4);
    assert_false(IORegistryEntry_setProperty(entry, "null", NULL));
    assert_false(IORegistryEntry_setPropertyNumber(entry, "wide", 1, 65));
    OSRelease(entry);
}

TEST(2_14_remove_property_and_set_properties)
{
    IORegistryEntry *entry = newEntry("entry");
    OSDictionary    *dict  = OSDictionary_withCapacity(1);
    IORegistryEntry_removeProperty(entry, "absent");
    assert_true(IORegistryEntry_setPropertyBoolean(entry, "present", true));
    assert_true(IORegistryEntry_propertyExists(entry, "present"));
    IORegistryEntry_removeProperty(entry, "present");
    assert_false(IORegistryEntry_propertyExists(entry, "present"));
    assert_int_equal(IORegistryEntry_setProperties(entry, OSObjectOf(dict)), kIOReturnUnsupported);
    OSRelease(dict);
    OSRelease(entry);
}

/* The text of the string that a search finds, or "". */
static const char *find(IORegistryEntry *entry, const IORegistryPlane *plane, IOOptionBits options)
{
    static char text[32];
    OSObject   *found = IORegistryEntry_copyPropertyInPlane(entry, "key", plane, options);
    snprintf(text, sizeof text, "%s", found ? OSString_getCStringNoCopy(OSRequiredCast(OSString, found)) : "");
    OSRelease(found);
    return text;
}

TEST(2_15_searches)
{
    IORegistryEntry *root = makeTree();
    IORegistryEntry *top = addChild(root, "top", NULL), *middle = addChild(top, "middle", NULL);
    IORegistryEntry *low = addChild(middle, "low", NULL), *lowest = addChild(low, "lowest", NULL);
    IORegistryEntry *aunt = addChild(middle, "aunt", NULL);
    assert_true(IORegistryEntry_setPropertyString(top, "key", "of top"));
    assert_true(IORegistryEntry_setPropertyString(lowest, "key", "of lowest"));
    assert_true(IORegistryEntry_setPropertyString(aunt, "key", "of aunt"));

    const IOOptionBits down = kIORegistryIterateRecursively, up = down | kIORegistryIterateParents;
    assert_string_equal(find(middle, NULL, down), "");
    assert_string_equal(find(middle, testPlane, 0), "");
    assert_string_equal(find(middle, testPlane, kIORegistryIterateParents), "");
    assert_string_equal(find(middle, otherPlane, down), "");
    assert_string_equal(find(middle, testPlane, down), "of lowest"); /* before aunt's: depth first */
    assert_string_equal(find(middle, testPlane, up), "of top");
    assert_string_equal(find(lowest, testPlane, up), "of lowest"); /* its own first */
    assert_string_equal(find(root, testPlane, up), "");
    assert_ptr_equal(IORegistryEntry_getPropertyInPlane(low, "key", testPlane, up),
                     IORegistryEntry_getProperty(top, "key"));
    dropTree(root);
}

typedef struct Pair {
    IORegistryEntry *entry;
    pthread_t        other;
    atomic_bool      otherDone;
} Pair;

static void *setFromOtherThread(void *context)
{
    Pair *pair = context;
    IORegistryEntry_setPropertyBoolean(pair->entry, "other", true);
    atomic_store(&pair->otherDone, true);
    return NULL;
}

/* Holds the lock twice, lets the other thread run against it, and sees that it has not come through. */
static IOReturn inner(OSObject *target, void *context, void *unused1, void *unused2, void *unused3)
{
    Pair *pair = context;
    assert_int_equal(pthread_create(&pair->other, NULL, setFromOtherThread, pair), 0);
    for (int i = 0; i < 1000; i++) {
        assert_null(IORegistryEntry_getProperty(pair->entry, "other"));
        assert_false(atomic_load(&pair->otherDone));
        sched_yield();
    }
    return kIOReturnBusy;
}

static IOReturn outer(OSObject *target, void *context, void *unused1, void *unused2, void *unused3)
{
    Pair *pair = context;
    assert_ptr_equal(target, OSObjectOf(pair->entry));
    return IORegistryEntry_runPropertyAction(pair->entry, inner, target, context, NULL, NULL, NULL);
}

TEST(2_16_property_actions)
{
    Pair pair = {.entry = newEntry("entry")};
    OSObject *target = OSObjectOf(pair.entry);
    assert_int_equal(IORegistryEntry_runPropertyAction(pair.entry, outer, target, &pair, NULL, NULL, NULL),
                     kIOReturnBusy);
    assert_int_equal(pthread_join(pair.other, NULL), 0);
    assert_ptr_equal(IORegistryEntry_getProperty(pair.entry, "other"), OSObjectOf(kOSBooleanTrue));
    OSRelease(pair.entry);
}

static IOReturn changeTwo(OSObject *target, void *unused0, void *unused1, void *unused2, void *unused3)
{
    NotingEntry *entry = OSRequiredCast(NotingEntry, target);
    IORegistryEntry_setPropertyBoolean(&entry->super, "one", true);
    IORegistryEntry_removeProperty(&entry->super, "one");
    assert_string_equal(entry->notes, "");
    return kIOReturnSuccess;
}

static IOReturn changeNone(OSObject *target, void *unused0, void *unused1, void *unused2, void *unused3)
{
    return kIOReturnSuccess;
}

/* Ours: what an index of properties stands on. */
TEST(2_16_changes_are_told)
{
    NotingEntry *entry = newNotingEntry("entry");
    OSDictionary *dict = OSDictionary_withCapacity(1);
    IORegistryEntry_setPropertyNumber(&entry->super, "key", 1, 32);
    IORegistryEntry_removeProperty(&entry->super, "absent");
    IORegistryEntry_removeProperty(&entry->super, "key");
    assert_string_equal(entry->notes, "propertyChanged(key) propertyChanged(key)");
    entry->notes[0] = '\0';
    IORegistryEntry_runPropertyAction(&entry->super, changeTwo, OSObjectOf(entry), NULL, NULL, NULL, NULL);
    assert_string_equal(entry->notes, "propertyChanged()");
    IORegistryEntry_runPropertyAction(&entry->super, changeNone, OSObjectOf(entry), NULL, NULL, NULL, NULL);
    assert_string_equal(entry->notes, "propertyChanged()");
    IORegistryEntry_setPropertyTable(&entry->super, dict);
    assert_string_equal(entry->notes, "propertyChanged() propertyChanged()");
    OSRelease(dict);
    OSRelease(entry);
}

/* What 5.45 to 5.50 stand on in the kit: the keys, a copy of the table, and the form that clients see. */
TEST(5_49_keys_and_copies)
{
    IORegistryEntry *entry = newEntry("entry");
    assert_true(IORegistryEntry_setPropertyString(entry, "b", "x"));
    assert_true(IORegistryEntry_setPropertyString(entry, "a", "y"));
    OSArray *keys = IORegistryEntry_copyPropertyKeys(entry);
    assert_int_equal(OSArray_getCount(keys), 2);
    assert_string_equal(OSString_getCStringNoCopy(OSRequiredCast(OSString, OSArray_getObject(keys, 0))), "b");
    OSRelease(keys);

    OSDictionary *copy = IORegistryEntry_dictionaryWithProperties(entry);
    IORegistryEntry_removeProperty(entry, "a");
    assert_int_equal(OSDictionary_getCount(copy), 2);
    assert_true(IORegistryEntry_propertyHasValue(entry, "b", OSDictionary_getObject(copy, "b")));
    assert_false(IORegistryEntry_propertyHasValue(entry, "b", OSDictionary_getObject(copy, "a")));
    assert_true(IORegistryEntry_propertyHasValue(entry, "a", NULL));
    OSRelease(copy);

    OSSerialize *serializer = OSSerialize_withCapacity(256);
    assert_true(IORegistryEntry_serializeProperties(entry, serializer));
    assert_non_null(strstr(OSSerialize_text(serializer), "<key>b</key>"));
    OSRelease(serializer);
    OSRelease(entry);
}

TEST_MAIN_WITH(registryHooks, RUN(2_6_init_retains_a_dictionary_that_can_change),
               RUN(2_6_init_copies_an_immutable_dictionary), RUN(2_6_init_without_properties_makes_an_empty_table),
               RUN(2_12_attaching_freezes_collections),
               ABORTS(2_12_changing_a_frozen_collection_panics, "Trying to change a collection"),
               RUN(2_13_forms_of_set_property), RUN(2_14_remove_property_and_set_properties), RUN(2_15_searches),
               RUN(2_16_property_actions), RUN(2_16_changes_are_told), RUN(5_49_keys_and_copies))
