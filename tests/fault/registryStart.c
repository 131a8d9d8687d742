/* SPDX-License-Identifier: MIT */
/* Making the registry without memory: a start that failed can be tried again, and the root's ID is the first one. */
#include "harness.h"

#include <IOKit/IOLib.h>
#include <IOKit/IORegistryEntry.h>

TEST(initialize)
{
    IORegistryEntry *root = NULL;
    uint64_t         n    = 0;
    while (!root) {
        IOAllocation_failNth(++n);
        root = IORegistryEntry_initialize();
        assert_ptr_equal(IORegistryEntry_getRegistryRoot(), root);
        assert_true(IOAllocation_failNth(0) >= n || root);
    }
    assert_true(n > 10);
    assert_true(IORegistryEntry_getRegistryEntryID(root) == 0x100000100);
    assert_string_equal(IORegistryEntry_getName(root, NULL), "Root");
    assert_true(IORegistryEntry_propertyExists(root, kIOKitDiagnosticsKey));
    assert_true(IORegistryEntry_propertyExists(root, kIORegistryPlanesKey));
    assert_true(IORegistryEntry_propertyExists(root, kIOKitBuildVersionKey));
}

/* The registry stays. */
TEST_MAIN(RUN_KEEPS(initialize))
