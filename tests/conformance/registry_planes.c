/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.1 to 2.5: planes, the registry's root and its properties, entry IDs. */
#include "registryFixture.h"

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>

static OSObject *copyRootProperty(const char *key)
{
    return IORegistryEntry_copyProperty(IORegistryEntry_getRegistryRoot(), key);
}

/* What an object serialises as, read back: +1. */
static OSObject *copySerialized(const OSObject *object)
{
    OSSerialize *serializer = OSSerialize_withCapacity(4096);
    assert_non_null(serializer);
    assert_true(OSObject_serialize(object, serializer));
    OSObject *read = OSUnserializeXML(OSSerialize_text(serializer), NULL);
    assert_non_null(read);
    OSRelease(serializer);
    return read;
}

TEST(2_1_planes_are_made_by_name)
{
    const IORegistryPlane *plane = IORegistryEntry_makePlane("IOFireWire");
    assert_non_null(plane);
    assert_string_equal(IORegistryPlane_getName(plane), "IOFireWire");
    assert_ptr_equal(IORegistryEntry_getPlane("IOFireWire"), plane);
    assert_null(IORegistryEntry_getPlane("IOFire"));
    assert_null(IORegistryEntry_getPlane(NULL));
    assert_ptr_equal(IORegistryEntry_makePlane("IOFireWire"), plane);
}

TEST(2_1_a_plane_name_has_32_characters)
{
    const char *longName = "abcdefghijklmnopqrstuvwxyzabcdefgh";
    assert_non_null(IORegistryEntry_makePlane(longName));
    assert_null(IORegistryEntry_getPlane(longName));
    assert_non_null(IORegistryEntry_getPlane("abcdefghijklmnopqrstuvwxyzabcdef"));
}

TEST(2_1_planes_are_published_at_the_root)
{
    OSObject *before = copyRootProperty(kIORegistryPlanesKey);
    assert_null(OSDictionary_getObject(OSRequiredCast(OSDictionary, before), "IOAudio"));
    const IORegistryPlane *plane = IORegistryEntry_makePlane("IOAudio");

    OSObject *after = copyRootProperty(kIORegistryPlanesKey);
    assert_ptr_equal(OSDictionary_getObject(OSRequiredCast(OSDictionary, after), "IOAudio"), plane);
    assert_ptr_equal(OSDictionary_getObject(OSRequiredCast(OSDictionary, after), "Test"), testPlane);
    assert_null(OSDictionary_getObject(OSRequiredCast(OSDictionary, before), "IOAudio"));
    OSRelease(before);
    OSRelease(after);
}

TEST(2_2_the_root)
{
    IORegistryEntry *root = IORegistryEntry_getRegistryRoot();
    assert_string_equal(OSObject_getClassName(OSObjectOf(root)), "IORegistryEntry");
    assert_string_equal(IORegistryEntry_getName(root, NULL), "Root");
    assert_true(IORegistryEntry_getRegistryEntryID(root) == 0x100000100);
    assert_ptr_equal(IORegistryEntry_initialize(), root);
}

TEST(2_2_ids_increase_and_are_not_reused)
{
    IORegistryEntry *root  = IORegistryEntry_getRegistryRoot();
    IORegistryEntry *first = newEntry("first"), *second = newEntry("second");
    assert_true(IORegistryEntry_attachToParent(second, root, testPlane));
    assert_true(IORegistryEntry_attachToParent(first, root, testPlane));
    uint64_t id = IORegistryEntry_getRegistryEntryID(second);
    assert_true(id == 0x100000101);
    assert_true(IORegistryEntry_getRegistryEntryID(first) == id + 1);
    IORegistryEntry_detachAbove(first, testPlane);
    IORegistryEntry_detachAbove(second, testPlane);
    OSRelease(first);
    OSRelease(second);

    IORegistryEntry *third = newEntry("third");
    assert_true(IORegistryEntry_attachToParent(third, root, testPlane));
    assert_true(IORegistryEntry_getRegistryEntryID(third) == id + 2);
    IORegistryEntry_detachAbove(third, testPlane);
    OSRelease(third);
}

TEST(2_3_an_id_comes_with_the_first_attach_and_stays)
{
    IORegistryEntry *root  = IORegistryEntry_getRegistryRoot();
    IORegistryEntry *entry = newEntry("entry");
    assert_true(IORegistryEntry_getRegistryEntryID(entry) == 0);
    assert_true(IORegistryEntry_attachToParent(entry, root, testPlane));
    uint64_t id = IORegistryEntry_getRegistryEntryID(entry);
    assert_true(id != 0);
    IORegistryEntry_detachAbove(entry, testPlane);
    assert_true(IORegistryEntry_getRegistryEntryID(entry) == id);
    assert_true(IORegistryEntry_attachToParent(entry, root, otherPlane));
    assert_true(IORegistryEntry_getRegistryEntryID(entry) == id);
    IORegistryEntry_detachAbove(entry, otherPlane);
    OSRelease(entry);
}

TEST(2_3_an_entry_made_from_another_has_an_id_at_once)
{
    IORegistryEntry *from = newEntry("from"), *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(IORegistryEntry_initFromEntry(entry, from, testPlane));
    assert_true(IORegistryEntry_getRegistryEntryID(entry) != 0);
    assert_true(IORegistryEntry_getRegistryEntryID(from) == 0);
    OSRelease(entry);
    OSRelease(from);
}

TEST(2_3_an_entry_is_found_by_its_id_until_it_is_freed)
{
    IORegistryEntry *entry = newEntry("entry");
    assert_true(IORegistryEntry_attachToParent(entry, IORegistryEntry_getRegistryRoot(), testPlane));
    uint64_t         id    = IORegistryEntry_getRegistryEntryID(entry);
    IORegistryEntry *found = IORegistryEntry_copyByID(id);
    assert_ptr_equal(found, entry);
    OSRelease(found);
    IORegistryEntry_detachAbove(entry, testPlane);
    found = IORegistryEntry_copyByID(id);
    assert_ptr_equal(found, entry);
    OSRelease(found);
    OSRelease(entry);
    assert_null(IORegistryEntry_copyByID(id));
    assert_null(IORegistryEntry_copyByID(0));
    assert_null(IORegistryEntry_copyByID(UINT64_MAX));
}

TEST(2_4_root_properties)
{
    OSObject *version = copyRootProperty(kIOKitBuildVersionKey);
    assert_non_null(OSDynamicCast(OSString, version));
    assert_true(OSString_getLength(OSDynamicCast(OSString, version)) > 0);
    OSRelease(version);

    OSObject *planes = copyRootProperty(kIORegistryPlanesKey);
    OSObject *read   = copySerialized(planes);
    OSString *name   = OSDynamicCast(OSString, OSDictionary_getObject(OSRequiredCast(OSDictionary, read), "Test"));
    assert_non_null(name);
    assert_string_equal(OSString_getCStringNoCopy(name), "Test");
    OSRelease(read);
    OSRelease(planes);

    OSObject *catalogue = copyRootProperty(kIOCatalogueKey);
    assert_null(catalogue);
}

static uint64_t numberIn(OSDictionary *dict, const char *key, unsigned bits)
{
    OSNumber *number = OSDynamicCast(OSNumber, OSDictionary_getObject(dict, key));
    assert_non_null(number);
    assert_int_equal(OSNumber_numberOfBits(number), bits);
    return OSNumber_unsigned64BitValue(number);
}

TEST(2_5_diagnostics_are_live)
{
    OSObject     *diagnostics = copyRootProperty(kIOKitDiagnosticsKey);
    OSObject     *read        = copySerialized(diagnostics);
    OSDictionary *dict        = OSRequiredCast(OSDictionary, read);
    assert_int_equal(OSDictionary_getCount(dict), 5);
    assert_true(numberIn(dict, "Instance allocation", 64) > 0);
    assert_true(numberIn(dict, "Container allocation", 64) > 0);
    assert_true(numberIn(dict, "IOMalloc allocation", 64) > 0);
    assert_true(numberIn(dict, "Pageable allocation", 64) == IOAllocatedBytes(kIOAllocationPageable));
    OSDictionary *classes = OSRequiredCast(OSDictionary, OSDictionary_getObject(dict, "Classes"));
    uint64_t      entries = numberIn(classes, "IORegistryEntry", 32);
    OSRelease(read);

    IORegistryEntry *entry = newEntry("one more");
    read                   = copySerialized(diagnostics);
    classes = OSRequiredCast(OSDictionary, OSDictionary_getObject(OSRequiredCast(OSDictionary, read), "Classes"));
    assert_true(numberIn(classes, "IORegistryEntry", 32) == entries + 1);
    OSRelease(read);
    OSRelease(entry);
    OSRelease(diagnostics);
}

/* The binary form, in which a client gets them. */
TEST(2_5_root_properties_in_binary)
{
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(4096, NULL, NULL);
    assert_true(IORegistryEntry_serializeProperties(IORegistryEntry_getRegistryRoot(), serializer));
    unsigned      length      = OSSerialize_getLength(serializer);
    OSObject     *read        = OSUnserializeBinary(OSSerialize_text(serializer), length, NULL);
    OSDictionary *dict        = OSRequiredCast(OSDictionary, read);
    OSDictionary *diagnostics = OSDynamicCast(OSDictionary, OSDictionary_getObject(dict, kIOKitDiagnosticsKey));
    OSDictionary *planes      = OSDynamicCast(OSDictionary, OSDictionary_getObject(dict, kIORegistryPlanesKey));
    assert_non_null(diagnostics);
    assert_true(numberIn(diagnostics, "Instance allocation", 64) > 0);
    assert_true(OSString_isEqualToCString(OSRequiredCast(OSString, OSDictionary_getObject(planes, "Other")), "Other"));
    OSRelease(read);
    OSRelease(serializer);
}

/* The first three leave planes behind, which live for ever. */
TEST_MAIN_WITH(registryHooks, RUN_KEEPS(2_1_planes_are_made_by_name), RUN_KEEPS(2_1_a_plane_name_has_32_characters),
               RUN_KEEPS(2_1_planes_are_published_at_the_root), RUN(2_2_the_root),
               RUN(2_2_ids_increase_and_are_not_reused), RUN(2_3_an_id_comes_with_the_first_attach_and_stays),
               RUN(2_3_an_entry_made_from_another_has_an_id_at_once),
               RUN(2_3_an_entry_is_found_by_its_id_until_it_is_freed), RUN(2_4_root_properties),
               RUN(2_5_diagnostics_are_live), RUN(2_5_root_properties_in_binary))
