/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10a: ports, handles, classes, iterators. */
#include "iokitlibFixture.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>

TEST(10_1_main_port)
{
    mach_port_t port  = 0;
    mach_port_t other = 0;
    assert_int_equal(IOMainPort(0, &port), KERN_SUCCESS);
    assert_int_equal(IOMasterPort(12345, &other), KERN_SUCCESS);
    assert_int_not_equal(port, 0);
    assert_int_equal(port, other);
    assert_int_equal(kIOMainPortDefault, 0);
    assert_int_equal(kIOMasterPortDefault, 0);

    io_registry_entry_t root = IORegistryGetRootEntry(port);
    assert_int_not_equal(root, 0);
    IOObjectRelease(root);
    /* Clients give the port back, as Apple's own do. */
    assert_int_equal(mach_port_deallocate(mach_task_self(), port), KERN_SUCCESS);
    root = IORegistryGetRootEntry(port);
    assert_int_not_equal(root, 0);
    IOObjectRelease(root);
}

TEST(10_2_release_and_retain)
{
    io_service_t alpha = fixture_copy_alpha();
    assert_int_equal(IOObjectRelease(0), KERN_SUCCESS);
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 1);
    assert_int_equal(IOObjectRetain(alpha), KERN_SUCCESS);
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 2);
    assert_int_equal(IOObjectRelease(alpha), KERN_SUCCESS);
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 1);
    assert_int_equal(IOObjectRelease(alpha), KERN_SUCCESS);
    assert_int_equal(IOObjectRelease(alpha), KERN_INVALID_NAME);
    assert_int_equal(IOObjectRetain(alpha), KERN_INVALID_NAME);
}

TEST(10_3_classes)
{
    io_service_t alpha = fixture_copy_alpha();
    io_name_t    name;
    assert_int_equal(IOObjectGetClass(alpha, name), kIOReturnSuccess);
    assert_string_equal(name, "TestTreeNub");

    CFStringRef class = IOObjectCopyClass(alpha);
    assert_true(fixture_is_text(class, "TestTreeNub"));
    CFStringRef super = IOObjectCopySuperclassForClass(class);
    assert_true(fixture_is_text(super, "IOService"));
    CFStringRef bundle = IOObjectCopyBundleIdentifierForClass(class);
    assert_true(fixture_is_text(bundle, "org.openiokit.test.Tree"));
    CFRelease(class);
    CFRelease(super);
    CFRelease(bundle);

    assert_null(IOObjectCopyClass(0));
    assert_null(IOObjectCopySuperclassForClass(NULL));
    assert_null(IOObjectCopySuperclassForClass(CFSTR("NoSuchClass")));
    assert_null(IOObjectCopySuperclassForClass(CFSTR("OSObject")));
    assert_null(IOObjectCopyBundleIdentifierForClass(NULL));
    assert_null(IOObjectCopyBundleIdentifierForClass(CFSTR("NoSuchClass")));
    IOObjectRelease(alpha);
}

TEST(10_4_conforms)
{
    io_service_t alpha = fixture_copy_alpha();
    assert_true(IOObjectConformsTo(alpha, "TestTreeNub"));
    assert_true(IOObjectConformsTo(alpha, "IOService"));
    assert_true(IOObjectConformsTo(alpha, "IORegistryEntry"));
    assert_true(IOObjectConformsTo(alpha, "OSObject"));
    assert_false(IOObjectConformsTo(alpha, "TestTree"));
    assert_false(IOObjectConformsTo(alpha, "NoSuchClass"));
    assert_false(IOObjectConformsTo(0, "IOService"));
    IOObjectRelease(alpha);
}

TEST(10_4_class_name_override)
{
    io_service_t beta = fixture_copy_beta(); /* its IOClassNameOverride is OtherName */
    io_name_t    name;
    assert_int_equal(IOObjectGetClass(beta, name), kIOReturnSuccess);
    assert_string_equal(name, "OtherName");
    assert_int_equal(_IOObjectGetClass(beta, kIOClassNameOverrideNone, name), kIOReturnSuccess);
    assert_string_equal(name, "TestTreeNub");
    assert_true(IOObjectConformsTo(beta, "OtherName"));
    assert_false(_IOObjectConformsTo(beta, "OtherName", kIOClassNameOverrideNone));
    assert_true(IOObjectConformsTo(beta, "TestTreeNub"));
    IOObjectRelease(beta);
}

TEST(10_5_equal_and_counts)
{
    io_service_t alpha = fixture_copy_alpha();
    io_service_t again = fixture_copy_alpha();
    io_service_t beta  = fixture_copy_beta();
    assert_true(IOObjectIsEqualTo(alpha, again));
    assert_false(IOObjectIsEqualTo(alpha, beta));
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 2);
    assert_true(IOObjectGetKernelRetainCount(alpha) > 0);
    assert_true(IOObjectGetRetainCount(alpha) > 0);
    assert_int_equal(IOObjectGetKernelRetainCount(0), 0);
    assert_int_equal(IOObjectGetRetainCount(0), 0);
    assert_int_equal(IOObjectGetUserRetainCount(0), 0);
    IOObjectRelease(alpha);
    IOObjectRelease(again);
    IOObjectRelease(beta);
}

TEST(10_6_iterator)
{
    io_iterator_t iterator = 0;
    assert_int_equal(IOServiceGetMatchingServices(0, IOServiceMatching("TestTreeNub"), &iterator), kIOReturnSuccess);
    assert_int_equal(fixture_drain(iterator), 2);
    assert_int_equal(IOIteratorNext(iterator), 0);
    IOIteratorReset(iterator);
    assert_int_equal(fixture_drain(iterator), 2);
    assert_true(IOIteratorIsValid(iterator));
    IOObjectRelease(iterator);
    assert_false(IOIteratorIsValid(iterator));
    assert_int_equal(IOIteratorNext(iterator), 0);
    assert_int_equal(IOIteratorNext(0), 0);
}

TEST(10_6_iterator_over_a_changing_registry)
{
    io_connect_t  connect = fixture_open();
    io_service_t  alpha   = fixture_copy_alpha();
    io_iterator_t children;
    assert_int_equal(IORegistryEntryCreateIterator(alpha, kIOServicePlane, 0, &children), kIOReturnSuccess);
    assert_true(IOIteratorIsValid(children));
    assert_int_equal(fixture_drain(children), 1); /* the user client */
    fixture_publish_gamma(connect, 1);
    assert_false(IOIteratorIsValid(children));
    IOIteratorReset(children);
    assert_true(IOIteratorIsValid(children));
    assert_int_equal(fixture_drain(children), 2);
    IOObjectRelease(children);
    fixture_terminate_gamma(connect, 1);
    IOObjectRelease(alpha);
    IOServiceClose(connect);
}

TEST(5_51_wrong_kinds_of_handle)
{
    io_service_t  alpha = fixture_copy_alpha();
    io_iterator_t iterator;
    io_name_t     name;
    assert_int_equal(IORegistryEntryGetChildIterator(alpha, kIOServicePlane, &iterator), kIOReturnSuccess);
    assert_int_equal(IOIteratorNext(alpha), 0);
    assert_int_equal(IORegistryIteratorEnterEntry(alpha), kIOReturnBadArgument);
    assert_int_equal(IORegistryEntryGetName(iterator, name), kIOReturnBadArgument);
    assert_int_equal(IOConnectCallScalarMethod(alpha, 0, NULL, 0, NULL, NULL), kIOReturnBadArgument);
    IOObjectRelease(iterator);
    IOObjectRelease(alpha);
}

TEST(10_7_receive_ports)
{
    mach_port_t port = 0;
    assert_int_equal(IOCreateReceivePort(kOSNotificationMessageID, &port), KERN_SUCCESS);
    assert_int_not_equal(port, 0);
    mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
    assert_int_equal(IOCreateReceivePort(kOSAsyncCompleteMessageID, &port), KERN_SUCCESS);
    mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
    assert_int_equal(IOCreateReceivePort(54, &port), kIOReturnBadArgument);
    assert_int_equal(IOCreateReceivePort(0, &port), kIOReturnBadArgument);
}

TEST(10_41_codes)
{
    static const struct {
        IOReturn code;
        uint32_t value;
    } codes[] = {
        {kIOReturnSuccess, 0},
        {kIOReturnError, 0xe00002bc},
        {kIOReturnNoMemory, 0xe00002bd},
        {kIOReturnNoResources, 0xe00002be},
        {kIOReturnIPCError, 0xe00002bf},
        {kIOReturnNoDevice, 0xe00002c0},
        {kIOReturnNotPrivileged, 0xe00002c1},
        {kIOReturnBadArgument, 0xe00002c2},
        {kIOReturnExclusiveAccess, 0xe00002c5},
        {kIOReturnBadMessageID, 0xe00002c6},
        {kIOReturnUnsupported, 0xe00002c7},
        {kIOReturnNotOpen, 0xe00002cd},
        {kIOReturnBusy, 0xe00002d5},
        {kIOReturnTimeout, 0xe00002d6},
        {kIOReturnNotReady, 0xe00002d8},
        {kIOReturnNotAttached, 0xe00002d9},
        {kIOReturnPortExists, 0xe00002dd},
        {kIOReturnMessageTooLarge, 0xe00002e1},
        {kIOReturnNotPermitted, 0xe00002e2},
        {kIOReturnUnderrun, 0xe00002e7},
        {kIOReturnAborted, 0xe00002eb},
        {kIOReturnNotFound, 0xe00002f0},
        {kIOReturnInvalid, 0xe0000001},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal((uint32_t)codes[i].code, codes[i].value);
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_1_main_port), RUN(10_2_release_and_retain), RUN(10_3_classes),
               RUN(10_4_conforms), RUN(10_4_class_name_override), RUN(10_5_equal_and_counts), RUN(10_6_iterator),
               RUN(10_6_iterator_over_a_changing_registry), RUN(5_51_wrong_kinds_of_handle), RUN(10_7_receive_ports),
               RUN(10_41_codes))
