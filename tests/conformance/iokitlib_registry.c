/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10d and 5e: the registry as a client reads it. */
#include "iokitlibFixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOKitServer.h>

/* ---- Entries and paths ---- */

TEST(10_31_root_and_paths)
{
    io_registry_entry_t root = IORegistryGetRootEntry(kIOMainPortDefault);
    io_registry_entry_t top  = IORegistryEntryFromPath(kIOMainPortDefault, "IOService:/");
    io_name_t           name;
    assert_int_not_equal(root, 0);
    assert_int_not_equal(top, 0);
    assert_int_equal(IORegistryEntryGetName(root, name), kIOReturnSuccess);
    assert_string_equal(name, "Root");
    assert_int_equal(IORegistryEntryFromPath(kIOMainPortDefault, "IOService:/no/such/entry"), 0);
    assert_int_equal(IORegistryEntryFromPath(kIOMainPortDefault, "NoPlane:/"), 0);
    assert_int_equal(IORegistryEntryCopyFromPath(kIOMainPortDefault, CFSTR("IOService:/no/such/entry")), 0);

    io_registry_entry_t beta    = fixture_copy_beta();
    io_registry_entry_t byPath  = IORegistryEntryFromPath(kIOMainPortDefault, "IODeviceTree:/beta@1");
    io_registry_entry_t byCopy  = IORegistryEntryCopyFromPath(kIOMainPortDefault, CFSTR("IODeviceTree:/beta@1"));
    assert_int_equal(byPath, beta);
    assert_int_equal(byCopy, beta);
    IOObjectRelease(byPath);
    IOObjectRelease(byCopy);
    IOObjectRelease(beta);
    IOObjectRelease(top);
    IOObjectRelease(root);
}

TEST(10_33_names_locations_paths)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_registry_entry_t root  = IORegistryGetRootEntry(kIOMainPortDefault);
    io_name_t           name;
    io_string_t         path;
    uint64_t            entryID = 0;
    assert_int_equal(IORegistryEntryGetName(alpha, name), kIOReturnSuccess);
    assert_string_equal(name, "alpha");
    assert_int_equal(IORegistryEntryGetNameInPlane(alpha, kIOServicePlane, name), kIOReturnSuccess);
    assert_string_equal(name, "alpha");
    assert_int_equal(IORegistryEntryGetNameInPlane(alpha, NULL, name), kIOReturnSuccess);
    assert_string_equal(name, "alpha");
    assert_int_equal(IORegistryEntryGetLocationInPlane(alpha, kIOServicePlane, name), kIOReturnSuccess);
    assert_string_equal(name, "0");
    assert_int_equal(IORegistryEntryGetLocationInPlane(alpha, NULL, name), kIOReturnSuccess);
    assert_string_equal(name, "0");
    assert_int_equal(IORegistryEntryGetLocationInPlane(root, kIOServicePlane, name), kIOReturnNotFound);

    assert_int_equal(IORegistryEntryGetPath(alpha, kIODeviceTreePlane, path), kIOReturnSuccess);
    assert_string_equal(path, "IODeviceTree:/beta@1/alpha@0");
    CFStringRef copy = IORegistryEntryCopyPath(alpha, kIODeviceTreePlane);
    assert_true(fixture_is_text(copy, "IODeviceTree:/beta@1/alpha@0"));
    CFRelease(copy);
    assert_int_equal(IORegistryEntryGetPath(alpha, kIOUSBPlane, path), kIOReturnBadArgument);
    assert_null(IORegistryEntryCopyPath(alpha, kIOUSBPlane));
    assert_int_equal(IORegistryEntryGetPath(alpha, "NoPlane", path), kIOReturnBadArgument);

    assert_int_equal(IORegistryEntryGetRegistryEntryID(alpha, &entryID), kIOReturnSuccess);
    assert_true(entryID > 0x100000000ull);
    assert_int_not_equal(IORegistryEntryGetRegistryEntryID(0, &entryID), kIOReturnSuccess);
    assert_true(entryID == 0);
    IOObjectRelease(root);
    IOObjectRelease(alpha);
}

/* ---- Iterators ---- */

/* Takes the next entry and checks its name. */
static void expect_next(io_iterator_t iterator, const char *expected)
{
    io_registry_entry_t entry = IOIteratorNext(iterator);
    io_name_t           name;
    assert_int_equal(IORegistryEntryGetName(entry, name), kIOReturnSuccess);
    assert_string_equal(name, expected);
    IOObjectRelease(entry);
}

TEST(10_32_iterators)
{
    io_registry_entry_t beta = fixture_copy_beta();
    io_iterator_t       iterator;
    assert_int_equal(IORegistryCreateIterator(0, kIODeviceTreePlane, 0, &iterator), kIOReturnSuccess);
    expect_next(iterator, "IOPlatformExpertDevice");
    assert_int_equal(IORegistryIteratorEnterEntry(iterator), kIOReturnSuccess);
    expect_next(iterator, "beta");
    assert_int_equal(IORegistryIteratorEnterEntry(iterator), kIOReturnSuccess);
    expect_next(iterator, "alpha");
    assert_int_equal(IORegistryIteratorExitEntry(iterator), kIOReturnSuccess);
    assert_int_equal(IORegistryIteratorExitEntry(iterator), kIOReturnSuccess);
    assert_int_equal(IORegistryIteratorExitEntry(iterator), kIOReturnNoDevice);
    assert_int_equal(IOIteratorNext(iterator), 0);
    IOObjectRelease(iterator);

    assert_int_equal(IORegistryEntryCreateIterator(beta, kIODeviceTreePlane, kIORegistryIterateRecursively, &iterator),
                     kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 1);
    IOObjectRelease(iterator);
    IOOptionBits upward = kIORegistryIterateRecursively | kIORegistryIterateParents;
    assert_int_equal(IORegistryEntryCreateIterator(beta, kIOServicePlane, upward, &iterator), kIOReturnSuccess);
    assert_true(fixture_drain(iterator) >= 2); /* TestTree, IOPlatformExpertDevice ... */
    IOObjectRelease(iterator);

    assert_int_equal(IORegistryCreateIterator(0, "NoPlane", 0, &iterator), kIOReturnBadArgument);
    assert_int_equal(IORegistryEntryCreateIterator(beta, "NoPlane", 0, &iterator), kIOReturnBadArgument);
    IOObjectRelease(beta);
}

TEST(10_37_relatives)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_registry_entry_t beta  = fixture_copy_beta();
    io_registry_entry_t other = 0;
    io_iterator_t       iterator;
    assert_int_equal(IORegistryEntryGetChildEntry(beta, kIODeviceTreePlane, &other), kIOReturnSuccess);
    assert_int_equal(other, alpha);
    IOObjectRelease(other);
    assert_int_equal(IORegistryEntryGetParentEntry(alpha, kIODeviceTreePlane, &other), kIOReturnSuccess);
    assert_int_equal(other, beta);
    IOObjectRelease(other);
    other = 99;
    assert_int_equal(IORegistryEntryGetChildEntry(alpha, kIODeviceTreePlane, &other), kIOReturnNoDevice);
    assert_int_equal(other, 0);
    assert_int_equal(IORegistryEntryGetParentEntry(alpha, kIOUSBPlane, &other), kIOReturnNoDevice);

    assert_int_equal(IORegistryEntryGetChildIterator(beta, kIODeviceTreePlane, &iterator), kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 1);
    IOObjectRelease(iterator);
    assert_int_equal(IORegistryEntryGetParentIterator(alpha, kIODeviceTreePlane, &iterator), kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 1);
    IOObjectRelease(iterator);
    iterator = 99;
    assert_int_equal(IORegistryEntryGetChildIterator(beta, "NoPlane", &iterator), kIOReturnSuccess);
    assert_int_equal(iterator, 0);

    assert_true(IORegistryEntryInPlane(alpha, kIOServicePlane));
    assert_true(IORegistryEntryInPlane(alpha, kIODeviceTreePlane));
    assert_false(IORegistryEntryInPlane(alpha, kIOUSBPlane));
    assert_true(IORegistryEntryInPlane(alpha, NULL));
    assert_false(IORegistryEntryInPlane(0, kIOServicePlane));
    IOObjectRelease(alpha);
    IOObjectRelease(beta);
}

/* ---- Properties ---- */

TEST(10_34_properties_of_every_type)
{
    io_registry_entry_t    alpha      = fixture_copy_alpha();
    CFMutableDictionaryRef properties = NULL;
    int64_t                number     = 0;
    assert_int_equal(IORegistryEntryCreateCFProperties(alpha, &properties, kCFAllocatorDefault, 0), kIOReturnSuccess);
    assert_true(fixture_is_text(CFDictionaryGetValue(properties, CFSTR("String")), "a string"));
    assert_ptr_equal(CFDictionaryGetValue(properties, CFSTR("Yes")), kCFBooleanTrue);
    assert_ptr_equal(CFDictionaryGetValue(properties, CFSTR("No")), kCFBooleanFalse);
    assert_true(CFNumberGetValue(CFDictionaryGetValue(properties, CFSTR("Number")), kCFNumberSInt64Type, &number));
    assert_int_equal(number, 4660);
    CFDataRef data = CFDictionaryGetValue(properties, CFSTR("Bytes"));
    assert_int_equal(CFDataGetLength(data), 5);
    assert_memory_equal(CFDataGetBytePtr(data), "\0\1\2\3\xff", 5);
    CFArrayRef array = CFDictionaryGetValue(properties, CFSTR("Array"));
    assert_int_equal(CFArrayGetCount(array), 3);
    assert_true(fixture_is_text(CFArrayGetValueAtIndex(array, 0), "one"));
    CFDictionaryRef inner = CFDictionaryGetValue(properties, CFSTR("Dictionary"));
    assert_true(fixture_is_text(CFDictionaryGetValue(inner, CFSTR("inner")), "value"));
    CFTypeRef set = CFDictionaryGetValue(properties, CFSTR("Set"));
    assert_int_equal(CFGetTypeID(set), CFSetGetTypeID());
    assert_int_equal(CFSetGetCount(set), 1);
    CFDictionarySetValue(properties, CFSTR("new"), kCFBooleanTrue); /* it is mutable */
    CFRelease(properties);
    IOObjectRelease(alpha);
}

TEST(5_49_one_property)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    CFTypeRef           value = fixture_copy_property(alpha, "String");
    assert_true(fixture_is_text(value, "a string"));
    CFRelease(value);
    assert_null(fixture_copy_property(alpha, "NoSuchKey"));
    assert_null(fixture_copy_property(0, "String"));

    CFArrayRef keys = fixture_copy_property(alpha, kIORegistryEntryPropertyKeysKey);
    assert_int_equal(CFGetTypeID(keys), CFArrayGetTypeID());
    assert_true(CFArrayContainsValue(keys, CFRangeMake(0, CFArrayGetCount(keys)), CFSTR("String")));
    assert_true(CFArrayContainsValue(keys, CFRangeMake(0, CFArrayGetCount(keys)), CFSTR("Yes")));
    CFRelease(keys);
    IOObjectRelease(alpha);
}

TEST(10_34_searching_properties)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_registry_entry_t beta  = fixture_copy_beta();
    CFStringRef         key   = CFSTR("BSD Name"); /* beta's */
    assert_null(IORegistryEntrySearchCFProperty(alpha, kIODeviceTreePlane, key, NULL, 0));
    CFTypeRef value = IORegistryEntrySearchCFProperty(alpha, kIODeviceTreePlane, key, NULL,
                                                      kIORegistryIterateRecursively | kIORegistryIterateParents);
    assert_true(fixture_is_text(value, "test0s1"));
    CFRelease(value);
    assert_null(IORegistryEntrySearchCFProperty(alpha, kIODeviceTreePlane, key, NULL, kIORegistryIterateRecursively));
    assert_null(IORegistryEntrySearchCFProperty(alpha, kIODeviceTreePlane, key, NULL, kIORegistryIterateParents));
    value = IORegistryEntrySearchCFProperty(beta, kIODeviceTreePlane, CFSTR("String"), NULL,
                                            kIORegistryIterateRecursively);
    assert_true(fixture_is_text(value, "a string"));
    CFRelease(value);
    IOObjectRelease(alpha);
    IOObjectRelease(beta);
}

/* The bytes of a property. */
static kern_return_t get_bytes(io_registry_entry_t entry, const char *key, char *buffer, uint32_t *size)
{
    return IORegistryEntryGetProperty(entry, key, buffer, size);
}

TEST(10_35_raw_bytes)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_struct_inband_t  buffer;
    uint32_t            size = sizeof buffer;
    memset(buffer, 'x', sizeof buffer);
    assert_int_equal(IORegistryEntryGetProperty(alpha, "Bytes", buffer, &size), kIOReturnSuccess);
    assert_int_equal(size, 5); /* neither a terminator nor anything else beyond */
    assert_memory_equal(buffer, "\0\1\2\3\xff" "x", 6);
    memset(buffer, 'x', sizeof buffer);
    size = 5; /* exactly enough */
    assert_int_equal(IORegistryEntryGetProperty(alpha, "Bytes", buffer, &size), kIOReturnSuccess);
    assert_memory_equal(buffer, "\0\1\2\3\xff" "x", 6);
    size = 4;
    memset(buffer, 'x', sizeof buffer);
    assert_int_not_equal(IORegistryEntryGetProperty(alpha, "Bytes", buffer, &size), kIOReturnSuccess);
    assert_memory_equal(buffer, "xxxxx", 5);
    size = sizeof buffer;
    assert_int_not_equal(IORegistryEntryGetProperty(0, "Bytes", buffer, &size), kIOReturnSuccess);
    IOObjectRelease(alpha);
}

TEST(5_47_and_5_48_property_bytes)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_struct_inband_t  buffer;
    uint32_t            size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "String", buffer, &size), kIOReturnSuccess);
    assert_int_equal(size, sizeof "a string");
    assert_string_equal(buffer, "a string");
    size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "Bytes", buffer, &size), kIOReturnSuccess);
    assert_int_equal(size, 5);
    assert_memory_equal(buffer, "\0\1\2\3\xff", 5);
    size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "Number", buffer, &size), kIOReturnSuccess); /* 16 bits */
    assert_int_equal(size, 2);
    assert_memory_equal(buffer, "\x34\x12", 2);
    size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "Yes", buffer, &size), kIOReturnSuccess);
    assert_string_equal(buffer, "Yes");
    assert_int_equal(size, 4);
    size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "No", buffer, &size), kIOReturnSuccess);
    assert_string_equal(buffer, "No");

    size = 4;
    assert_int_equal(get_bytes(alpha, "Bytes", buffer, &size), kIOReturnIPCError);
    size = sizeof buffer;
    assert_int_equal(get_bytes(alpha, "NoSuchKey", buffer, &size), kIOReturnNoResources);
    assert_int_equal(get_bytes(alpha, "Array", buffer, &size), kIOReturnBadArgument);
    IOObjectRelease(alpha);
}

TEST(10_36_and_5_45_setting_properties)
{
    io_registry_entry_t alpha = fixture_copy_alpha();
    io_registry_entry_t root  = IORegistryGetRootEntry(kIOMainPortDefault);
    assert_int_equal(IORegistryEntrySetCFProperty(alpha, CFSTR("TestSettable"), CFSTR("new value")), kIOReturnSuccess);
    CFTypeRef value = fixture_copy_property(alpha, "TestSettable");
    assert_true(fixture_is_text(value, "new value"));
    CFRelease(value);
    assert_int_equal(IORegistryEntrySetCFProperty(alpha, CFSTR("Other"), CFSTR("value")), kIOReturnUnsupported);
    assert_int_equal(IORegistryEntrySetCFProperties(alpha, CFSTR("not a dictionary")), kIOReturnUnsupported);
    assert_int_equal(IORegistryEntrySetCFProperty(root, CFSTR("key"), CFSTR("value")), kIOReturnUnsupported);

    CFMutableDataRef large = CFDataCreateMutable(NULL, 0);
    CFDataSetLength(large, 5 << 20);
    assert_int_equal(IORegistryEntrySetCFProperty(alpha, CFSTR("TestSettable"), large), kIOReturnMessageTooLarge);
    CFRelease(large);
    IOObjectRelease(root);
    IOObjectRelease(alpha);
}

TEST(5_46_allowable_properties)
{
    io_registry_entry_t beta = fixture_copy_beta(); /* allows TestSettable */
    assert_int_equal(IORegistryEntrySetCFProperty(beta, CFSTR("TestSettable"), CFSTR("value")), kIOReturnSuccess);
    assert_int_equal(IORegistryEntrySetCFProperty(beta, CFSTR("Other"), CFSTR("value")), kIOReturnBadArgument);
    assert_int_equal(IORegistryEntrySetCFProperties(beta, CFSTR("not a dictionary")), kIOReturnNotPermitted);
    CFMutableDictionaryRef both = CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks,
                                                            &kCFTypeDictionaryValueCallBacks);
    CFDictionarySetValue(both, CFSTR("TestSettable"), CFSTR("refused"));
    CFDictionarySetValue(both, CFSTR("Other"), CFSTR("refused"));
    assert_int_equal(IORegistryEntrySetCFProperties(beta, both), kIOReturnBadArgument); /* nothing of it is set */
    CFRelease(both);
    CFTypeRef value = fixture_copy_property(beta, "TestSettable");
    assert_true(fixture_is_text(value, "value"));
    CFRelease(value);
    IOObjectRelease(beta);
}

TEST(10_38_open_firmware_path_to_bsd_name)
{
    io_name_t name = "something";
    assert_int_equal(IOServiceOFPathToBSDName(kIOMainPortDefault, "/beta@1", name), KERN_SUCCESS);
    assert_string_equal(name, "test0s1");
    assert_int_equal(IOServiceOFPathToBSDName(kIOMainPortDefault, "/no/such/path", name), KERN_FAILURE);
    assert_string_equal(name, "");
}

/* ---- The catalogue ---- */

TEST(10_39_catalogue)
{
    char    *bytes = NULL;
    uint32_t size  = 0;
    assert_int_equal(IOCatalogueModuleLoaded(kIOMainPortDefault, "org.openiokit.test.Tree"), kIOReturnSuccess);
    assert_int_equal(IOCatalogueModuleLoaded(kIOMainPortDefault, "org.openiokit.no.such"), kIOReturnSuccess);
    assert_int_equal(IOCatalogueGetData(kIOMainPortDefault, kIOCatalogGetModuleDemandList, &bytes, &size),
                     KERN_NOT_SUPPORTED);
    assert_int_equal(IOCatalogueGetData(kIOMainPortDefault, kIOCatalogGetContents, &bytes, &size), kIOReturnSuccess);
    assert_true(size > 0);
    assert_int_equal(vm_deallocate(mach_task_self(), (vm_address_t)bytes, size), KERN_SUCCESS);
    assert_int_equal(IOCatalogueSendData(kIOMainPortDefault, kIOCatalogAddDrivers, "garbage", 7), kIOReturnNoMemory);
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_31_root_and_paths), RUN(10_33_names_locations_paths), RUN(10_32_iterators),
               RUN(10_37_relatives), RUN(10_34_properties_of_every_type), RUN(5_49_one_property),
               RUN(10_34_searching_properties), RUN(10_35_raw_bytes), RUN(5_47_and_5_48_property_bytes),
               RUN(10_36_and_5_45_setting_properties), RUN(5_46_allowable_properties),
               RUN(10_38_open_firmware_path_to_bsd_name), RUN(10_39_catalogue))
