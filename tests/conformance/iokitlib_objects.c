/* SPDX-License-Identifier: MIT */
/* SEMANTICS 10a: ports, handles, classes, iterators. */
#include "iokitlibFixture.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>
#include <mach/mach_error.h>

TEST(10_1_main_port)
{
    mach_port_t port = 0;
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
    io_name_t name;
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
    io_name_t name;
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
    io_service_t beta = fixture_copy_beta();
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
    io_connect_t connect = fixture_open();
    io_service_t alpha = fixture_copy_alpha();
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
    io_service_t alpha = fixture_copy_alpha();
    io_iterator_t iterator;
    io_name_t name;
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

/* ---- Names, ownership, codes ---- */

TEST(5_55_names_of_handles)
{
    assert_int_equal(sizeof(io_name_t), 128);
    assert_int_equal(sizeof(io_string_t), 512);
    assert_int_equal(sizeof(io_struct_inband_t), 4096);
    /* A name that just fits crosses; a longer one is refused, not cut. */
    char longest[sizeof(io_name_t)], tooLong[sizeof(io_name_t) + 1];
    memset(longest, 'x', sizeof longest);
    memset(tooLong, 'x', sizeof tooLong);
    longest[sizeof longest - 1] = tooLong[sizeof tooLong - 1] = 0;
    io_service_t alpha = fixture_copy_alpha();
    io_struct_inband_t bytes;
    uint32_t size = sizeof bytes;
    assert_int_equal(IORegistryEntryGetProperty(alpha, longest, bytes, &size), kIOReturnNoResources);
    kern_return_t result = IORegistryEntryGetProperty(alpha, tooLong, bytes, &size);
    assert_int_not_equal(result, kIOReturnSuccess);
    assert_int_not_equal(result, kIOReturnNoResources);
    IOObjectRelease(alpha);
}

/* A handle that a function gave is its caller's: one reference more than before. */
static void expect_reference(io_object_t given, uint32_t before)
{
    assert_int_not_equal(given, 0);
    assert_int_equal(IOObjectGetUserRetainCount(given), before + 1);
    assert_int_equal(IOObjectRelease(given), KERN_SUCCESS);
}

TEST(10_40_handles_are_the_callers)
{
    io_service_t alpha = fixture_copy_alpha();
    io_service_t beta = fixture_copy_beta();
    io_object_t other = 0;
    assert_int_equal(IOObjectGetUserRetainCount(alpha), 1);
    expect_reference(IOServiceGetMatchingService(0, IOServiceNameMatching("alpha")), 1);
    expect_reference(IORegistryEntryFromPath(0, "IODeviceTree:/beta@1/alpha@0"), 1);
    expect_reference(IORegistryEntryCopyFromPath(0, CFSTR("IODeviceTree:/beta@1/alpha@0")), 1);
    assert_int_equal(IORegistryEntryGetChildEntry(beta, kIODeviceTreePlane, &other), kIOReturnSuccess);
    assert_int_equal(other, alpha);
    expect_reference(other, 1);
    assert_int_equal(IORegistryEntryGetParentEntry(alpha, kIODeviceTreePlane, &other), kIOReturnSuccess);
    assert_int_equal(other, beta);
    expect_reference(other, 1);
    io_iterator_t iterator = 0;
    assert_int_equal(IORegistryEntryGetChildIterator(beta, kIODeviceTreePlane, &iterator), kIOReturnSuccess);
    other = IOIteratorNext(iterator);
    assert_int_equal(other, alpha);
    expect_reference(other, 1);
    expect_reference(iterator, 0);
    io_object_t root = IORegistryGetRootEntry(0);
    expect_reference(root, 0);
    assert_int_equal(IOObjectRelease(alpha), KERN_SUCCESS);
    assert_int_equal(IOObjectRelease(beta), KERN_SUCCESS);
}

static void release_owned(CFTypeRef object)
{
    assert_non_null(object);
    assert_int_equal(CFGetRetainCount(object), 1); /* ours alone */
    CFRelease(object);
}

TEST(10_40_create_and_copy)
{
    io_service_t alpha = fixture_copy_alpha();
    CFMutableDictionaryRef properties = NULL;
    assert_int_equal(IORegistryEntryCreateCFProperties(alpha, &properties, NULL, 0), kIOReturnSuccess);
    release_owned(properties);
    release_owned(IORegistryEntryCreateCFProperty(alpha, CFSTR("String"), NULL, 0));
    release_owned(IORegistryEntryCopyPath(alpha, kIOServicePlane));
    release_owned(IOObjectCopyClass(alpha));
    release_owned(IOObjectCopySuperclassForClass(CFSTR("TestTreeNub")));
    release_owned(IOObjectCopyBundleIdentifierForClass(CFSTR("TestTreeNub")));
    release_owned(IOServiceMatching("TestTreeNub"));
    IOObjectRelease(alpha);
}

TEST(10_40_get_is_not_owned)
{
    IONotificationPortRef port = IONotificationPortCreate(0);
    CFRunLoopSourceRef source = IONotificationPortGetRunLoopSource(port);
    assert_non_null(source);
    CFIndex count = CFGetRetainCount(source);
    assert_ptr_equal(IONotificationPortGetRunLoopSource(port), source);
    assert_int_equal(CFGetRetainCount(source), count);
    mach_port_t name = IONotificationPortGetMachPort(port);
    assert_int_not_equal(name, 0);
    assert_int_equal(IONotificationPortGetMachPort(port), name);
    CFRetain(source);
    IONotificationPortDestroy(port); /* the port's own reference was its to give back */
    release_owned(source);
}

static const struct {
    IOReturn code;
    uint32_t value;
} kCodes[] = {
    {kIOReturnSuccess, 0},
    {kIOReturnError, 0xe00002bc},
    {kIOReturnNoMemory, 0xe00002bd},
    {kIOReturnNoResources, 0xe00002be},
    {kIOReturnIPCError, 0xe00002bf},
    {kIOReturnNoDevice, 0xe00002c0},
    {kIOReturnNotPrivileged, 0xe00002c1},
    {kIOReturnBadArgument, 0xe00002c2},
    {kIOReturnLockedRead, 0xe00002c3},
    {kIOReturnLockedWrite, 0xe00002c4},
    {kIOReturnExclusiveAccess, 0xe00002c5},
    {kIOReturnBadMessageID, 0xe00002c6},
    {kIOReturnUnsupported, 0xe00002c7},
    {kIOReturnVMError, 0xe00002c8},
    {kIOReturnInternalError, 0xe00002c9},
    {kIOReturnIOError, 0xe00002ca},
    {kIOReturnCannotLock, 0xe00002cc},
    {kIOReturnNotOpen, 0xe00002cd},
    {kIOReturnNotReadable, 0xe00002ce},
    {kIOReturnNotWritable, 0xe00002cf},
    {kIOReturnNotAligned, 0xe00002d0},
    {kIOReturnBadMedia, 0xe00002d1},
    {kIOReturnStillOpen, 0xe00002d2},
    {kIOReturnRLDError, 0xe00002d3},
    {kIOReturnDMAError, 0xe00002d4},
    {kIOReturnBusy, 0xe00002d5},
    {kIOReturnTimeout, 0xe00002d6},
    {kIOReturnOffline, 0xe00002d7},
    {kIOReturnNotReady, 0xe00002d8},
    {kIOReturnNotAttached, 0xe00002d9},
    {kIOReturnNoChannels, 0xe00002da},
    {kIOReturnNoSpace, 0xe00002db},
    {kIOReturnPortExists, 0xe00002dd},
    {kIOReturnCannotWire, 0xe00002de},
    {kIOReturnNoInterrupt, 0xe00002df},
    {kIOReturnNoFrames, 0xe00002e0},
    {kIOReturnMessageTooLarge, 0xe00002e1},
    {kIOReturnNotPermitted, 0xe00002e2},
    {kIOReturnNoPower, 0xe00002e3},
    {kIOReturnNoMedia, 0xe00002e4},
    {kIOReturnUnformattedMedia, 0xe00002e5},
    {kIOReturnUnsupportedMode, 0xe00002e6},
    {kIOReturnUnderrun, 0xe00002e7},
    {kIOReturnOverrun, 0xe00002e8},
    {kIOReturnDeviceError, 0xe00002e9},
    {kIOReturnNoCompletion, 0xe00002ea},
    {kIOReturnAborted, 0xe00002eb},
    {kIOReturnNoBandwidth, 0xe00002ec},
    {kIOReturnNotResponding, 0xe00002ed},
    {kIOReturnIsoTooOld, 0xe00002ee},
    {kIOReturnIsoTooNew, 0xe00002ef},
    {kIOReturnNotFound, 0xe00002f0},
    {kIOReturnInvalid, 0xe0000001},
};
enum { kCodeCount = sizeof kCodes / sizeof kCodes[0] };

TEST(10_41_codes)
{
    for (size_t i = 0; i < kCodeCount; i++)
        assert_int_equal((uint32_t)kCodes[i].code, kCodes[i].value);
}

static bool is_code(uint32_t value)
{
    for (size_t i = 0; i < kCodeCount; i++)
        if ((uint32_t)kCodes[i].code == value)
            return true;
    return false;
}

TEST(10_42_unused_codes)
{
    /* From the first to the last every code is used but two, and these have no text either. */
    for (uint32_t value = kIOReturnError; value <= (uint32_t)kIOReturnNotFound; value++)
        assert_int_equal(is_code(value), value != 0xe00002cb && value != 0xe00002dc);
    assert_string_equal(mach_error_string((mach_error_t)0xe00002cb), mach_error_string((mach_error_t)0xe00002dc));
    assert_string_not_equal(mach_error_string((mach_error_t)0xe00002cb), mach_error_string(kIOReturnCannotLock));
}

TEST_MAIN_WITH(iokitlibTestHooks, RUN(10_1_main_port), RUN(10_2_release_and_retain), RUN(10_3_classes),
               RUN(10_4_conforms), RUN(10_4_class_name_override), RUN(10_5_equal_and_counts), RUN(10_6_iterator),
               RUN(10_6_iterator_over_a_changing_registry), RUN(5_51_wrong_kinds_of_handle), RUN(10_7_receive_ports),
               RUN(5_55_names_of_handles), RUN(10_40_handles_are_the_callers), RUN(10_40_create_and_copy),
               RUN(10_40_get_is_not_owned), RUN(10_41_codes), RUN(10_42_unused_codes))
