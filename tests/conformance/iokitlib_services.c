/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10b: matching dictionaries, finding services, busy state, connections. */
#include "iokitlibFixture.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOBSD.h>

/* ---- Dictionaries ---- */

/* Whether the dictionary has just that key with that text; releases it. */
static bool is_just(CFMutableDictionaryRef dict, CFStringRef key, const char *text)
{
    bool result = dict && CFDictionaryGetCount(dict) == 1 && fixture_is_text(CFDictionaryGetValue(dict, key), text);
    if (dict)
        CFRelease(dict);
    return result;
}

TEST(10_12_matching_dictionaries)
{
    assert_true(is_just(IOServiceMatching("NoSuchClass"), CFSTR(kIOProviderClassKey), "NoSuchClass"));
    assert_true(is_just(IOServiceNameMatching("name"), CFSTR(kIONameMatchKey), "name"));
    assert_true(is_just(IOBSDNameMatching(0, 0, "sda1"), CFSTR(kIOBSDNameKey), "sda1"));
    assert_true(is_just(IOOpenFirmwarePathMatching(0, 0, "/cpus"), CFSTR(kIOPathMatchKey), "IODeviceTree:/cpus"));
    assert_null(IOBSDNameMatching(0, 0, NULL));

    CFMutableDictionaryRef dict   = IORegistryEntryIDMatching(0x100000001ull);
    uint64_t               number = 0;
    assert_int_equal(CFDictionaryGetCount(dict), 1);
    assert_true(CFNumberGetValue(CFDictionaryGetValue(dict, CFSTR(kIORegistryEntryIDKey)), kCFNumberSInt64Type,
                                 &number));
    assert_true(number == 0x100000001ull);
    CFDictionarySetValue(dict, CFSTR("more"), CFSTR("it is mutable"));
    assert_int_equal(CFDictionaryGetCount(dict), 2);
    CFRelease(dict);

    char path[600];
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_null(IOOpenFirmwarePathMatching(0, 0, path));
}

/* ---- Finding ---- */

TEST(10_13_matching_service_consumes_one_reference)
{
    CFMutableDictionaryRef dict = IOServiceMatching("TestTreeNub");
    CFRetain(dict);
    assert_int_equal(CFGetRetainCount(dict), 2);
    io_service_t service = IOServiceGetMatchingService(0, dict);
    assert_int_not_equal(service, 0);
    assert_int_equal(CFGetRetainCount(dict), 1);
    IOObjectRelease(service);
    CFRelease(dict);

    assert_int_equal(IOServiceGetMatchingService(0, NULL), 0);
    dict = IOServiceMatching("NoSuchClass");
    CFRetain(dict);
    assert_int_equal(IOServiceGetMatchingService(0, dict), 0);
    assert_int_equal(CFGetRetainCount(dict), 1);
    CFRelease(dict);
}

TEST(10_13_matching_by_each_key)
{
    io_service_t beta = fixture_copy_beta();
    uint64_t     entryID;
    assert_int_equal(IORegistryEntryGetRegistryEntryID(beta, &entryID), kIOReturnSuccess);
    io_service_t byID   = IOServiceGetMatchingService(0, IORegistryEntryIDMatching(entryID));
    io_service_t byBSD  = IOServiceGetMatchingService(0, IOBSDNameMatching(0, 0, "test0s1"));
    io_service_t byPath = IOServiceGetMatchingService(0, IOOpenFirmwarePathMatching(0, 0, "/beta@1"));
    assert_int_equal(byID, beta);
    assert_int_equal(byBSD, beta);
    assert_int_equal(byPath, beta);
    IOObjectRelease(byID);
    IOObjectRelease(byBSD);
    IOObjectRelease(byPath);
    IOObjectRelease(beta);
}

/* A dictionary that cannot be serialised: it has a key that is no string. */
static CFMutableDictionaryRef create_unserialisable(void)
{
    CFMutableDictionaryRef dict   = IOServiceMatching("IOService");
    int32_t                number = 1;
    CFNumberRef            key    = CFNumberCreate(NULL, kCFNumberSInt32Type, &number);
    CFDictionarySetValue(dict, key, CFSTR("value"));
    CFRelease(key);
    return dict;
}

TEST(10_14_matching_services)
{
    io_iterator_t          iterator = 0xdead;
    CFMutableDictionaryRef dict     = IOServiceMatching("TestTreeNub");
    CFRetain(dict);
    assert_int_equal(IOServiceGetMatchingServices(0, dict, &iterator), kIOReturnSuccess);
    assert_int_equal(CFGetRetainCount(dict), 1);
    CFRelease(dict);
    assert_int_equal(fixture_drain(iterator), 2);
    IOObjectRelease(iterator);

    assert_int_equal(IOServiceGetMatchingServices(0, NULL, &iterator), kIOReturnBadArgument);
    dict = create_unserialisable();
    CFRetain(dict);
    assert_int_equal(IOServiceGetMatchingServices(0, dict, &iterator), kIOReturnUnsupported);
    assert_int_equal(CFGetRetainCount(dict), 1);
    assert_int_equal(IOServiceGetMatchingService(0, dict), 0); /* and this drops the last reference */

    iterator = 0xdead;
    assert_int_equal(IOServiceGetMatchingServices(0, IOServiceMatching("NoSuchClass"), &iterator), kIOReturnSuccess);
    assert_int_equal(iterator, 0);
}

/* A dictionary of a serialised size well above 4096 bytes that alpha matches. */
static CFMutableDictionaryRef create_large(void)
{
    CFMutableDictionaryRef dict = IOServiceNameMatching("alpha");
    CFMutableArrayRef      names = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    for (int i = 0; i < 1000; i++) {
        CFStringRef name = CFStringCreateWithFormat(NULL, NULL, CFSTR("a name that nothing has %d"), i);
        CFArrayAppendValue(names, name);
        CFRelease(name);
    }
    CFArrayAppendValue(names, CFSTR("alpha"));
    CFDictionarySetValue(dict, CFSTR(kIONameMatchKey), names);
    CFRelease(names);
    return dict;
}

TEST(10_14_large_dictionaries)
{
    io_service_t alpha = fixture_copy_alpha();
    io_service_t found = IOServiceGetMatchingService(0, create_large());
    assert_int_equal(found, alpha);
    IOObjectRelease(found);
    IOObjectRelease(alpha);
}

TEST(5_52_matching_errors)
{
    io_iterator_t iterator = 0;
    const void   *values[] = {CFSTR("not a dictionary")};
    CFArrayRef    array    = CFArrayCreate(NULL, values, 1, &kCFTypeArrayCallBacks);
    assert_int_equal(IOServiceGetMatchingServices(0, (CFDictionaryRef)array, &iterator), kIOReturnBadArgument);

    /* More than 4 MiB. */
    CFMutableDictionaryRef dict = IOServiceMatching("IOService");
    CFMutableDataRef       data = CFDataCreateMutable(NULL, 0);
    CFDataSetLength(data, 5 << 20);
    CFDictionarySetValue(dict, CFSTR("large"), data);
    CFRelease(data);
    assert_int_equal(IOServiceGetMatchingServices(0, dict, &iterator), kIOReturnMessageTooLarge);
}

TEST(10_17_match_property_table)
{
    io_service_t           alpha   = fixture_copy_alpha();
    CFMutableDictionaryRef dict    = IOServiceMatching("TestTreeNub");
    boolean_t              matches = false;
    assert_int_equal(IOServiceMatchPropertyTable(alpha, dict, &matches), kIOReturnSuccess);
    assert_true(matches);
    assert_int_equal(CFGetRetainCount(dict), 1);
    CFDictionarySetValue(dict, CFSTR(kIONameMatchKey), CFSTR("beta"));
    assert_int_equal(IOServiceMatchPropertyTable(alpha, dict, &matches), kIOReturnSuccess);
    assert_false(matches);
    CFRelease(dict);
    assert_int_equal(IOServiceMatchPropertyTable(alpha, NULL, &matches), kIOReturnBadArgument);
    dict = create_unserialisable();
    assert_int_equal(IOServiceMatchPropertyTable(alpha, dict, &matches), kIOReturnUnsupported);
    CFRelease(dict);
    IOObjectRelease(alpha);
}

/* ---- Busy and quiet ---- */

TEST(10_18_busy_and_quiet)
{
    io_connect_t    connect = fixture_open();
    io_service_t    alpha   = fixture_copy_alpha();
    uint32_t        busy    = 99;
    mach_timespec_t soon    = {0, 1000000};
    assert_int_equal(IOServiceWaitQuiet(alpha, NULL), kIOReturnSuccess);
    assert_int_equal(IOServiceGetBusyState(alpha, &busy), kIOReturnSuccess);
    assert_int_equal(busy, 0);

    fixture_call(connect, kTestBusy, 1, 0, 1);
    assert_int_equal(IOServiceGetBusyState(alpha, &busy), kIOReturnSuccess);
    assert_int_equal(busy, 1);
    assert_int_equal(IOKitGetBusyState(0, &busy), kIOReturnSuccess);
    assert_true(busy >= 1);
    assert_int_equal(IOServiceWaitQuiet(alpha, &soon), kIOReturnTimeout);
    assert_int_equal(IOKitWaitQuiet(0, &soon), kIOReturnTimeout);
    assert_int_equal(IOKitWaitQuietWithOptions(0, &soon, 0), kIOReturnTimeout);

    fixture_call(connect, kTestBusy, (uint64_t)-1, 0, 1);
    assert_int_equal(IOServiceWaitQuiet(alpha, NULL), kIOReturnSuccess);
    assert_int_equal(IOKitWaitQuiet(0, NULL), kIOReturnSuccess);
    assert_int_equal(IOKitWaitQuietWithOptions(0, NULL, 0), kIOReturnSuccess);
    busy = 99;
    assert_int_not_equal(IOServiceGetBusyState(0, &busy), kIOReturnSuccess);
    assert_int_equal(busy, 0);
    IOObjectRelease(alpha);
    IOServiceClose(connect);
}

TEST(10_18_state)
{
    io_service_t alpha = fixture_copy_alpha();
    uint64_t     state = 0;
    uint32_t     busy  = 99;
    uint64_t     time  = 0;
    assert_int_equal(IOServiceGetState(alpha, &state), kIOReturnSuccess);
    assert_int_equal(state & (kIOServiceRegisteredState | kIOServiceMatchedState | kIOServiceInactiveState),
                     kIOServiceRegisteredState | kIOServiceMatchedState);
    assert_int_equal(IOServiceGetBusyStateAndTime(alpha, &state, &busy, &time), kIOReturnSuccess);
    assert_int_equal(busy, 0);
    IOObjectRelease(alpha);
}

/* ---- Connections ---- */

TEST(10_19_open)
{
    io_service_t alpha   = fixture_copy_alpha();
    io_service_t beta    = fixture_copy_beta();
    io_connect_t connect = 0;
    assert_int_equal(IOServiceOpen(alpha, mach_task_self(), 0, &connect), kIOReturnSuccess);
    assert_int_not_equal(connect, 0);
    io_name_t name; /* a connection's handle is none of an object */
    assert_int_equal(IOObjectGetClass(connect, name), kIOReturnBadArgument);
    assert_int_equal(IOServiceClose(connect), kIOReturnSuccess);

    assert_int_equal(IOServiceOpen(beta, mach_task_self(), 0, &connect), kIOReturnUnsupported);
    assert_int_equal(IOServiceOpen(alpha, 0, 0, &connect), kIOReturnBadArgument);
    assert_int_equal(IOServiceOpen(alpha, mach_host_self(), 0, &connect), kIOReturnBadArgument);
    assert_int_equal(IOServiceOpen(0, mach_task_self(), 0, &connect), MACH_SEND_INVALID_DEST);
    IOObjectRelease(alpha);
    IOObjectRelease(beta);
}

TEST(10_20_close_and_references)
{
    io_connect_t connect = fixture_open();
    assert_int_equal(IOConnectAddRef(connect), KERN_SUCCESS);
    assert_int_equal(IOObjectGetUserRetainCount(connect), 2);
    assert_int_equal(IOConnectRelease(connect), KERN_SUCCESS);
    assert_int_equal(IOObjectGetUserRetainCount(connect), 1);
    fixture_call(connect, kTestBusy, 0, 0, 1); /* not closed by that */

    assert_int_equal(IOConnectAddRef(connect), KERN_SUCCESS);
    assert_int_equal(IOServiceClose(connect), kIOReturnSuccess);
    assert_int_equal(IOObjectGetUserRetainCount(connect), 1);
    assert_int_equal(IOServiceClose(connect), kIOReturnSuccess); /* again: ignored (5.6), drops the reference */
    assert_int_equal(IOObjectRelease(connect), KERN_INVALID_NAME);
}

TEST(10_21_request_probe)
{
    io_service_t alpha = fixture_copy_alpha();
    assert_int_equal(IOServiceRequestProbe(alpha, 0), kIOReturnUnsupported);
    IOObjectRelease(alpha);
}

TEST(10_22_get_service_and_add_client)
{
    io_connect_t one     = fixture_open();
    io_connect_t two     = fixture_open();
    io_service_t alpha   = fixture_copy_alpha();
    io_service_t service = 0;
    uint64_t     others  = 99;
    uint32_t     count   = 1;
    assert_int_equal(IOConnectGetService(one, &service), kIOReturnSuccess);
    assert_int_equal(service, alpha);
    IOObjectRelease(service);
    assert_int_equal(IOConnectAddClient(one, two), kIOReturnSuccess);
    assert_int_equal(IOConnectCallScalarMethod(one, kTestWork, NULL, 0, &others, &count), kIOReturnSuccess);
    assert_int_equal(others, 1);
    assert_int_equal(IOConnectAddClient(one, alpha), kIOReturnBadArgument);
    IOObjectRelease(alpha);
    IOServiceClose(two);
    IOServiceClose(one);
}

TEST(10_23_connection_properties)
{
    io_connect_t connect = fixture_open();
    io_service_t alpha   = fixture_copy_alpha();
    assert_int_equal(IOConnectSetCFProperty(connect, CFSTR("TestSettable"), CFSTR("by the connection")),
                     kIOReturnSuccess);
    CFTypeRef value = fixture_copy_property(alpha, "TestSettable");
    assert_true(fixture_is_text(value, "by the connection"));
    CFRelease(value);
    assert_int_equal(IOConnectSetCFProperty(connect, CFSTR("Other"), CFSTR("value")), kIOReturnUnsupported);

    CFMutableDictionaryRef dict = create_unserialisable();
    assert_int_equal(IOConnectSetCFProperties(connect, dict), kIOReturnUnsupported);
    CFRelease(dict);
    IOObjectRelease(alpha);
    IOServiceClose(connect);
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_12_matching_dictionaries), RUN(10_13_matching_service_consumes_one_reference),
               RUN(10_13_matching_by_each_key), RUN(10_14_matching_services), RUN(10_14_large_dictionaries),
               RUN(5_52_matching_errors), RUN(10_17_match_property_table), RUN(10_18_busy_and_quiet), RUN(10_18_state),
               RUN(10_19_open), RUN(10_20_close_and_references), RUN(10_21_request_probe),
               RUN(10_22_get_service_and_add_client), RUN(10_23_connection_properties))
