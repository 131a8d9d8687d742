/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.63: how serial clients match. */
#include "harness.h"

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/serial/IOSerialStreamSync.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSUnserialize.h>

#include "families.h"

enum { kWaitNanoseconds = 1000000000 };

static IOService *plugIn(const OSMetaClass *metaClass)
{
    OSArray *personalities = OSRequiredCast(
        OSArray, OSUnserialize("({ IOProviderClass = IOSerialStreamSync; IOClass = IOSerialBSDClient; })", NULL));
    assert_true(IOCatalogue_addDrivers(personalities, false));
    OSRelease(personalities);
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_alloc(metaClass));
    assert_true(IORegistryEntry_init(&nub->super, NULL));
    families_setProperties(nub, "{ IOTTYBaseName = ttyUSB; IOTTYSuffix = '3'; }");
    assert_true(IOService_attach(nub, IOService_getServiceRoot()));
    IOService_registerService(nub);
    assert_int_equal(IOKit_quiesce(kWaitNanoseconds), kIOReturnSuccess);
    return nub;
}

static void unplug(IOService *nub)
{
    IOService_terminate(nub, 0);
    OSRelease(nub);
    assert_int_equal(IOKit_quiesce(kWaitNanoseconds), kIOReturnSuccess);
    IOCatalogue_shutdown();
}

static bool finds(const char *text)
{
    OSDictionary *matching = OSRequiredCast(OSDictionary, OSUnserialize(text, NULL));
    IOService    *client   = IOService_copyMatchingService(matching);
    OSRelease(matching);
    OSRelease(client);
    return client != NULL;
}

TEST(3_63_names)
{
    IOService *nub = plugIn(&IORS232SerialStreamSync_class);
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; }"));
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IOTTYDevice = ttyUSB3; }"));
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IOTTYBaseName = ttyUSB; IOTTYSuffix = '3'; }"));
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IOCalloutDevice = '/dev/ttyUSB3'; }"));
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IODialinDevice = '/dev/ttyUSB3'; }"));
    assert_false(finds("{ IOProviderClass = IOSerialBSDClient; IOTTYSuffix = '4'; }"));
    assert_false(finds("{ IOProviderClass = IOSerialBSDClient; IOCalloutDevice = '/dev/ttyUSB4'; }"));
    unplug(nub);
}

TEST(3_63_client_type)
{
    IOService *nub = plugIn(&IORS232SerialStreamSync_class);
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IORS232SerialStream; }"));
    assert_true(finds("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IOSerialStream; }"));
    assert_false(finds("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IOModemSerialStream; }"));
    assert_false(finds("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IOService; }"));
    unplug(nub);
}

TEST_MAIN_WITH(familyTestHooks, RUN_KEEPS(3_63_names), RUN_KEEPS(3_63_client_type))
