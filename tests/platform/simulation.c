/* SPDX-License-Identifier: MIT */
/* The platform simulation: boards that are there, and that programs plug in and out by properties. */
#include "harness.h"

#include <libkern/OSDictionary.h>
#include <libkern/OSUnserialize.h>

#include "platform.h"

static IOReturn set(const char *text)
{
    IOService *simulation = platform_get("{ IOProviderClass = SimulationPlatform; }");
    OSObject  *properties = OSUnserialize(text, NULL);
    assert_non_null(properties);
    IOReturn result = IORegistryEntry_setProperties(&simulation->super, properties);
    OSRelease(properties);
    return result;
}

static unsigned boards(void)
{
    return platform_count("{ IOProviderClass = IOPlatformDevice; IONameMatch = 'simple-device'; }");
}

TEST(a_board_is_there_from_the_start)
{
    platform_start("simulation");
    IOService *board = platform_get("{ IOProviderClass = IOPlatformDevice; IONameMatch = 'simple-device'; }");
    platform_provider(board, "SimulationPlatform");
    platform_end();
}

TEST(boards_are_plugged_in_and_out)
{
    platform_start("simulation");
    IOService *first = platform_get("{ IOProviderClass = IOPlatformDevice; IONameMatch = 'simple-device'; }");
    assert_int_equal(set("{ Plug = 'simple-device'; }"), kIOReturnSuccess);
    assert_int_equal(set("{ Plug = ('simple-device', 'simple-device'); }"), kIOReturnSuccess);
    assert_int_equal(IOService_waitQuiet(IOService_getServiceRoot(), kPlatformWaitNanoseconds), kIOReturnSuccess);
    assert_int_equal(boards(), 4);
    assert_int_equal(set("{ Unplug = ('simple-device', 'simple-device', 'simple-device'); }"), kIOReturnSuccess);
    assert_int_equal(boards(), 1); /* a terminated service is found no more at once */
    assert_false(IOService_isInactive(first)); /* the last one goes first */
    assert_int_equal(set("{ Unplug = 'simple-device'; }"), kIOReturnSuccess);
    platform_awaitTermination(first);
    assert_int_equal(set("{ Unplug = 'simple-device'; }"), kIOReturnNoDevice);
    platform_end();
}

TEST(what_is_not_understood_is_refused)
{
    platform_start("simulation");
    assert_int_equal(set("{ Plug = 'no-such-board'; }"), kIOReturnNotFound);
    assert_int_equal(set("{ Unplug = 'no-such-board'; }"), kIOReturnNotFound);
    assert_int_equal(set("{ Plug = 12:32; }"), kIOReturnBadArgument);
    assert_int_equal(set("{ Plug = ('simple-device', 12:32); }"), kIOReturnBadArgument); /* what came before it is done */
    assert_int_equal(set("{ Else = 12:32; }"), kIOReturnUnsupported);
    assert_int_equal(set("( 'simple-device' )"), kIOReturnUnsupported);
    assert_int_equal(IOService_waitQuiet(IOService_getServiceRoot(), kPlatformWaitNanoseconds), kIOReturnSuccess);
    assert_int_equal(boards(), 2);
    platform_end();
}

TEST(everything_goes_with_the_platform)
{
    platform_start("simulation");
    assert_int_equal(set("{ Plug = 'simple-device'; }"), kIOReturnSuccess);
    platform_terminate();
    platform_unloads("org.openiokit.platform.simulation");
    platform_end();
}

TEST_MAIN_WITH(platformTestHooks, RUN(a_board_is_there_from_the_start), RUN(boards_are_plugged_in_and_out),
               RUN(what_is_not_understood_is_refused), RUN(everything_goes_with_the_platform))
