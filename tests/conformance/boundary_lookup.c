/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5e and the handle rules of 10.2, 10.5: what lookups and properties answer over the boundary. */
#include "boundaryHost.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/OSMessageNotification.h>
#include <libkern/OSSerializeBinary.h>

static mach_port_t service;

static void begin(void)
{
    host_start();
    service = findService(kBoundaryService);
}

static void release(mach_port_t name)
{
    assert_int_equal(io_handle_mod_refs(name, (uint32_t)-1), 0);
}

static void end(void)
{
    release(service);
    host_stop();
}

static kern_return_t getBytes(const char *key, void *bytes, uint32_t *size)
{
    return io_registry_entry_get_property_bytes(service, key, bytes, size);
}

/* ---- Handles ---- */

TEST(10_2_references)
{
    uint32_t refs = 0;
    begin();
    assert_int_equal(io_handle_get_refs(service, &refs), 0);
    assert_int_equal(refs, 1);
    assert_int_equal(findService(kBoundaryService), service); /* one object, one name */
    assert_int_equal(io_handle_get_refs(service, &refs), 0);
    assert_int_equal(refs, 2);
    assert_int_equal(io_handle_mod_refs(service, 3), 0);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-4), 0);
    assert_int_equal(io_handle_get_refs(service, &refs), 0);
    assert_int_equal(refs, 1);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-2), KERN_INVALID_VALUE);
    assert_int_equal(io_handle_mod_refs(service, 1 << 25), KERN_UREFS_OVERFLOW);
    assert_int_equal(io_handle_mod_refs(service + 1, (uint32_t)-1), KERN_INVALID_NAME);
    assert_int_equal(io_handle_get_refs(0, &refs), KERN_INVALID_NAME);
    end();
}

TEST(10_2_released_names_fail_and_are_not_reused_at_once)
{
    char name[128];
    mach_port_t seen[64];
    begin();
    for (int i = 0; i < 64; i++) {
        assert_int_equal(io_registry_get_root_entry(0, &seen[i]), 0);
        assert_true(seen[i] != 0 && seen[i] < kNameOfLocalPorts);
        for (int j = 0; j < i; j++)
            assert_int_not_equal(seen[j], seen[i]);
        release(seen[i]);
        assert_int_equal(io_registry_entry_get_name(seen[i], name), 0x10000003);
        assert_int_equal(io_handle_mod_refs(seen[i], (uint32_t)-1), KERN_INVALID_NAME);
    }
    end();
}

TEST(10_3_class_superclass_and_bundle)
{
    char name[128];
    uint32_t conforms = 7;
    begin();
    assert_int_equal(io_object_get_class(service, name), 0);
    assert_string_equal(name, kBoundaryService);
    assert_int_equal(io_object_get_superclass(0, kBoundaryService, name), 0);
    assert_string_equal(name, "IOService");
    assert_int_equal(io_object_get_superclass(0, "OSObject", name), kIOReturnNotFound);
    assert_int_equal(io_object_get_bundle_identifier(0, kBoundaryService, name), 0);
    assert_string_equal(name, "org.openiokit.test.boundary");
    assert_int_equal(io_object_get_bundle_identifier(0, "NoSuchClass", name), kIOReturnNotFound);
    assert_int_equal(io_object_conforms_to(service, "IORegistryEntry", &conforms), 0);
    assert_int_equal(conforms, 1);
    assert_int_equal(io_object_conforms_to(service, "IOUserClient", &conforms), 0);
    assert_int_equal(conforms, 0);
    uint32_t count = 0;
    assert_int_equal(io_object_get_retain_count(service, &count), 0);
    assert_true(count > 1);
    end();
}

/* ---- Properties ---- */

/* A list of one word in the binary form: a boolean. */
static const uint32_t kTrueList[] = {0x000000d3, kOSSerializeBoolean | kOSSerializeEndCollecton | 1};

TEST(5_45_set_properties)
{
    begin();
    assert_int_equal(io_registry_entry_set_properties(service, kTrueList, sizeof kTrueList), 0);
    char value[8] = "";
    uint32_t size = sizeof value;
    assert_int_equal(getBytes("Set", value, &size), 0);
    assert_string_equal(value, "Yes");
    static char big[(4 << 20) + 1];
    assert_int_equal(io_registry_entry_set_properties(service, big, sizeof big), kIOReturnMessageTooLarge);
    mach_port_t table = findService(kTableService);
    assert_int_equal(io_registry_entry_set_properties(table, kTrueList, sizeof kTrueList), kIOReturnUnsupported);
    release(table);
    end();
}

TEST(5_45_malformed)
{
    static const uint32_t unknownKind[] = {0x000000d3, 0x7f000000 | kOSSerializeEndCollecton};
    static const uint32_t noObject[]    = {0x000000d3, kOSSerializeObject | kOSSerializeEndCollecton | 5};
    uint64_t size;
    void *bytes = NULL;
    begin();
    const uint8_t *whole = matchingClass("anything", &size);
    for (uint64_t cut = 0; cut < size; cut++) /* each beginning of a good one */
        assert_int_equal(io_registry_entry_set_properties(service, whole, cut), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_set_properties(service, "garbage", 8), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_set_properties(service, "<dict><key>k</key>", 19), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_set_properties(service, unknownKind, sizeof unknownKind), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_set_properties(service, noObject, sizeof noObject), kIOReturnBadArgument);
    uint64_t length;
    assert_int_equal(io_registry_entry_get_property_bin(service, "", "Set", 0, &bytes, &length), kIOReturnNotFound);
    assert_int_equal(io_registry_entry_set_properties(service, whole, size), 0);
    end();
}

TEST(5_46_allowable_that_is_no_array)
{
    uint64_t one = 1, size;
    begin();
    mach_port_t connect = openService(service, kOpenPlain);
    assert_int_equal(callScalars(connect, kNubs, &one, 1, NULL, NULL), 0);
    mach_port_t nub = findService("BoundaryNub");
    const void *dict = matchingClass("anything", &size);
    assert_int_equal(io_registry_entry_set_properties(nub, dict, size), kIOReturnNotPermitted);
    assert_int_equal(io_registry_entry_set_properties(nub, kTrueList, sizeof kTrueList), kIOReturnNotPermitted);
    release(nub);
    release(connect);
    end();
}

TEST(5_45_connect_set_properties)
{
    uint64_t size;
    begin();
    mach_port_t connect = openService(service, kOpenPlain);
    assert_int_equal(io_connect_set_properties(connect, kTrueList, sizeof kTrueList), kIOReturnBadArgument);
    const void *dict = matchingClass("anything", &size);
    assert_int_equal(io_connect_set_properties(connect, dict, size), 0);
    assert_int_equal(io_connect_set_properties(service, dict, size), kIOReturnBadArgument);
    release(connect);
    end();
}

TEST(5_47_property_bytes_errors)
{
    char small[3];
    uint32_t size = sizeof small;
    begin();
    assert_int_equal(getBytes("Nothing Here", small, &size), kIOReturnNoResources);
    assert_int_equal(getBytes("A String", small, &size), kIOReturnIPCError);
    assert_int_equal(getBytes("A Dictionary", small, &size), kIOReturnBadArgument);
    assert_int_equal(size, sizeof small); /* untouched */
    end();
}

TEST(5_48_property_bytes)
{
    uint8_t bytes[16];
    uint32_t size = sizeof bytes;
    begin();
    assert_int_equal(getBytes("A String", bytes, &size), 0);
    assert_int_equal(size, 5);
    assert_string_equal((char *)bytes, "text");
    size = sizeof bytes;
    assert_int_equal(getBytes("A Boolean", bytes, &size), 0);
    assert_int_equal(size, 4);
    assert_string_equal((char *)bytes, "Yes");
    size = sizeof bytes;
    assert_int_equal(getBytes("A Number", bytes, &size), 0);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "\4\3\2\1", 4);
    size = 5;
    assert_int_equal(getBytes("Some Data", bytes, &size), 0);
    assert_int_equal(size, 5);
    assert_memory_equal(bytes, "\1\2\3\4\5", 5);
    end();
}

static kern_return_t getProperty(const char *key, void **bytes, uint64_t *size)
{
    return io_registry_entry_get_property_bin(service, "", key, 0, bytes, size);
}

static bool contains(const void *bytes, uint64_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

TEST(5_49_property_and_keys)
{
    void *bytes = NULL;
    uint64_t size = 0;
    begin();
    assert_int_equal(getProperty("Nothing Here", &bytes, &size), kIOReturnNotFound);
    assert_null(bytes);
    assert_int_equal(getProperty("A String", &bytes, &size), 0);
    assert_true(contains(bytes, size, "text"));
    free(bytes);
    assert_int_equal(getProperty("IORegistryEntryPropertyKeys", &bytes, &size), 0);
    assert_true(contains(bytes, size, "A Dictionary") && contains(bytes, size, "Some Data"));
    assert_false(contains(bytes, size, "text"));
    free(bytes);
    end();
}

TEST(5_50_user_service_properties)
{
    void *bytes = NULL;
    uint64_t size = 0;
    begin();
    assert_int_equal(getProperty("Hidden", &bytes, &size), 0);
    assert_true(contains(bytes, size, "deep"));
    free(bytes);
    assert_int_equal(getProperty("Some Data", &bytes, &size), 0); /* what the entry has itself goes first */
    assert_false(contains(bytes, size, "deep"));
    free(bytes);
    char text[8] = "";
    uint32_t room = sizeof text;
    assert_int_equal(getBytes("Hidden", text, &room), 0);
    assert_string_equal(text, "deep");
    end();
}

TEST(5_50_merged_into_the_table)
{
    void *bytes = NULL;
    uint64_t size = 0;
    begin();
    assert_int_equal(io_registry_entry_get_properties_bin(service, &bytes, &size), 0);
    assert_true(contains(bytes, size, "Hidden"));
    assert_false(contains(bytes, size, "\1\2\3\4\5")); /* there the other one's Some Data */
    assert_false(contains(bytes, size, "IOUserServiceProperties"));
    assert_false(contains(bytes, size, "IOCompatibilityProperties"));
    free(bytes);
    end();
}

/* ---- Iterators ---- */

TEST(5_51_iterators)
{
    mach_port_t iterator = 0, object = 77;
    uint32_t valid = 0;
    begin();
    assert_int_equal(io_registry_entry_get_child_iterator(service, "IOService", &iterator), 0);
    assert_int_equal(io_iterator_next(iterator, &object), kIOReturnNoDevice);
    assert_int_equal(object, 77);
    assert_int_equal(io_iterator_is_valid(iterator, &valid), 0);
    assert_int_equal(valid, 1);
    assert_int_equal(io_iterator_reset(iterator), 0);
    assert_int_equal(io_iterator_next(service, &object), kIOReturnBadArgument);
    assert_int_equal(io_iterator_reset(service), kIOReturnBadArgument);
    assert_int_equal(io_registry_iterator_enter_entry(iterator), kIOReturnBadArgument); /* not a walk */
    release(iterator);
    end();
}

/* ---- Matching ---- */

TEST(5_52_matching)
{
    uint64_t size;
    mach_port_t found = 77;
    uint32_t matches = 7;
    begin();
    const void *matching = matchingClass("NoSuchClass", &size);
    assert_int_equal(io_service_get_matching_service_bin(0, matching, size, &found), kIOReturnNotFound);
    assert_int_equal(io_service_get_matching_services_bin(0, matching, size, &found), 0);
    assert_int_equal(found, 0);
    assert_int_equal(io_service_get_matching_services_bin(0, kTrueList, sizeof kTrueList, &found),
                     kIOReturnBadArgument);
    assert_int_equal(io_service_get_matching_service_bin(0, "x", 1, &found), kIOReturnBadArgument);
    static char big[(4 << 20) + 1];
    assert_int_equal(io_service_get_matching_services_bin(0, big, sizeof big, &found), kIOReturnMessageTooLarge);
    matching = matchingClass("IOService", &size);
    assert_int_equal(io_service_get_matching_services_bin(0, matching, size, &found), 0);
    unsigned count = 0;
    mach_port_t each;
    while (io_iterator_next(found, &each) == 0) {
        count++;
        release(each);
    }
    assert_true(count >= 2);
    release(found);
    assert_int_equal(io_service_match_property_table_bin(service, matching, size, &matches), 0);
    assert_int_equal(matches, 1);
    matching = matchingClass("IOUserClient", &size);
    assert_int_equal(io_service_match_property_table_bin(service, matching, size, &matches), 0);
    assert_int_equal(matches, 0);
    end();
}

/* ---- Paths and planes ---- */

TEST(5_53_paths)
{
    mach_port_t entry = 77, iterator = 0;
    char path[512], location[128], longPath[4096];
    uint64_t id = 0;
    begin();
    assert_int_equal(io_registry_entry_from_path(0, "IOService:/NoSuchThing", &entry), 0);
    assert_int_equal(entry, 0);
    assert_int_equal(io_registry_entry_get_path(service, "IOService", path), 0);
    assert_string_equal(path, "IOService:/BoundaryService@b");
    assert_int_equal(io_registry_entry_get_path_ool(service, "IOService", longPath), 0);
    assert_string_equal(longPath, path);
    assert_int_equal(io_registry_entry_from_path(0, path, &entry), 0);
    assert_int_equal(entry, service);
    release(entry);
    assert_int_equal(io_registry_entry_get_path(service, "IOPower", path), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_get_path(service, "NoPlane", path), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_get_location_in_plane(service, "IOService", location), 0);
    assert_string_equal(location, "b");
    assert_int_equal(io_registry_get_root_entry(0, &entry), 0);
    assert_int_equal(io_registry_entry_get_location_in_plane(entry, "", location), kIOReturnNotFound);
    assert_int_equal(io_registry_entry_get_registry_entry_id(entry, &id), 0);
    assert_int_equal(id, 0x100000100);
    release(entry);
    assert_int_equal(io_registry_create_iterator(0, "NoPlane", 0, &iterator), kIOReturnBadArgument);
    assert_int_equal(io_registry_entry_create_iterator(service, "NoPlane", 0, &iterator), kIOReturnBadArgument);
    assert_int_equal(io_registry_create_iterator(0, "IOService", 0, &iterator), 0);
    assert_int_equal(io_registry_iterator_exit_entry(iterator), kIOReturnNoDevice);
    release(iterator);
    end();
}

TEST(5_53_walk_finds_the_service)
{
    mach_port_t iterator = 0, each = 0;
    bool found = false;
    uint32_t inPlane = 0;
    begin();
    assert_int_equal(io_registry_create_iterator(0, "IOService", 1, &iterator), 0);
    while (io_iterator_next(iterator, &each) == 0) {
        found = found || each == service;
        release(each);
    }
    assert_true(found);
    release(iterator);
    assert_int_equal(io_registry_entry_in_plane(service, "IOService", &inPlane), 0);
    assert_int_equal(inPlane, 1);
    assert_int_equal(io_registry_entry_in_plane(service, "IOPower", &inPlane), 0);
    assert_int_equal(inPlane, 0);
    end();
}

/* ---- Notifications, catalogue ---- */

TEST(5_54_unknown_types)
{
    uint64_t size, reference[8] = {0};
    mach_port_t notification = 0;
    void *bytes = NULL;
    int receiveEnd;
    char name[128];
    begin();
    mach_port_t port = port_create(&receiveEnd);
    const void *matching = matchingClass("IOService", &size);
    assert_int_equal(
        io_service_add_notification_bin(0, "NoSuchType", matching, size, port, reference, 3, &notification),
        kIOReturnUnsupported);
    assert_int_equal(
        io_service_add_notification_bin(0, "IOServicePublish", matching, size, port, reference, 9, &notification),
        -307);
    assert_int_equal(io_service_add_interest_notification(service, "NoSuchType", port, reference, 4, &notification),
                     kIOReturnUnsupported);
    assert_int_equal(io_object_get_superclass(0, "NoSuchClass", name), kIOReturnNotFound);
    assert_int_equal(io_catalog_get_data(0, 2, &bytes, &size), KERN_NOT_SUPPORTED);
    end();
}

TEST(10_18_busy_and_quiet)
{
    uint32_t busy = 7;
    uint64_t state = 0, time = 7;
    begin();
    assert_int_equal(io_service_get_busy_state(service, &busy), 0);
    assert_int_equal(busy, 0);
    assert_int_equal(io_service_wait_quiet_with_options(service, 1, 0, 0), 0);
    assert_int_equal(io_service_get_state(service, &state, &busy, &time), 0);
    assert_int_equal(state & 7, 6); /* registered, matched, active */
    assert_int_equal(io_service_request_probe(service, 0), kIOReturnUnsupported);
    end();
}

TEST_MAIN_WITH(plainTestHooks, RUN(10_2_references), RUN(10_2_released_names_fail_and_are_not_reused_at_once),
               RUN(10_3_class_superclass_and_bundle), RUN(5_45_set_properties), RUN(5_45_malformed), RUN(5_45_connect_set_properties), RUN(5_46_allowable_that_is_no_array),
               RUN(5_47_property_bytes_errors), RUN(5_48_property_bytes), RUN(5_49_property_and_keys),
               RUN(5_50_user_service_properties), RUN(5_50_merged_into_the_table), RUN(5_51_iterators), RUN(5_52_matching), RUN(5_53_paths),
               RUN(5_53_walk_finds_the_service), RUN(5_54_unknown_types), RUN(10_18_busy_and_quiet))
