/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.57 to 3.59: how USB nubs match. */
#include "harness.h"

#include <IOKit/usb/IOUSBHostDevice.h>

#include "families.h"

static int32_t matchDevice(const char *table, unsigned class)
{
    IOUSBHostDevice *device = OSTypeAlloc(IOUSBHostDevice);
    IOService       *nub    = &device->super.super;
    assert_true(IORegistryEntry_init(&nub->super, NULL));
    families_setProperties(nub, "{ idVendor = 0x46d:16; idProduct = 0xc31c:16; bcdDevice = 0x6400:16;"
                                "  bDeviceSubClass = 2:8; bDeviceProtocol = 3:8; }");
    IORegistryEntry_setPropertyNumber(&nub->super, "bDeviceClass", class, 8);
    int32_t score = families_match(nub, table);
    OSRelease(device);
    return score;
}

static int32_t matchInterface(const char *table, unsigned class)
{
    IOUSBHostInterface *interface = OSTypeAlloc(IOUSBHostInterface);
    IOService          *nub       = &interface->super.super;
    assert_true(IORegistryEntry_init(&nub->super, NULL));
    families_setProperties(nub, "{ idVendor = 0x46d:16; idProduct = 0xc31c:16; bcdDevice = 0x6400:16; bInterfaceNumber = 1:8;"
                                "  bConfigurationValue = 1:8; bInterfaceSubClass = 2:8; bInterfaceProtocol = 3:8; }");
    IORegistryEntry_setPropertyNumber(&nub->super, "bInterfaceClass", class, 8);
    int32_t score = families_match(nub, table);
    OSRelease(interface);
    return score;
}

TEST(3_57_device_scores)
{
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; bcdDevice = 0x6400:32; }", 9), 100000);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; }", 9), 90000);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; bDeviceSubClass = 2:8; bDeviceProtocol = 3:8; }", 255), 80000);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; bDeviceSubClass = 2:8; }", 255), 70000);
    assert_int_equal(matchDevice("{ bDeviceClass = 9:8; bDeviceSubClass = 2:8; bDeviceProtocol = 3:8; }", 9), 60000);
    assert_int_equal(matchDevice("{ bDeviceClass = 9:8; bDeviceSubClass = 2:8; }", 9), 50000);
}

TEST(3_58_interface_scores)
{
    assert_int_equal(matchInterface("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; bcdDevice = 0x6400:32;"
                                    "  bConfigurationValue = 1:8; bInterfaceNumber = 1:8; }", 3), 100000);
    assert_int_equal(matchInterface("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; bConfigurationValue = 1:8;"
                                    "  bInterfaceNumber = 1:8; }", 3), 90000);
    assert_int_equal(matchInterface("{ idVendor = 0x46d:32; bInterfaceSubClass = 2:8; bInterfaceProtocol = 3:8; }", 255), 80000);
    assert_int_equal(matchInterface("{ idVendor = 0x46d:32; bInterfaceSubClass = 2:8; }", 255), 70000);
    assert_int_equal(matchInterface("{ bInterfaceClass = 3:8; bInterfaceSubClass = 2:8; bInterfaceProtocol = 3:8; }", 3), 60000);
    assert_int_equal(matchInterface("{ bInterfaceClass = 3:8; bInterfaceSubClass = 2:8; }", 3), 50000);
    assert_int_equal(matchInterface("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; }", 3), kNoMatch);
}

TEST(3_59_outside_the_table)
{
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ bDeviceClass = 9:8; }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; bDeviceSubClass = 2:8; }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; bDeviceClass = 8:8; }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31d:32; }", 9), kNoMatch);
}

TEST(3_59_probe_score)
{
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; IOProbeScore = 700:32; }", 9), 90700);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; IOProbeScore = 9999:32; }", 9), 99999);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc31c:32; IOProbeScore = 10000:32; }", 9), 99000);
}

TEST(3_59_wild_cards_masks_arrays)
{
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = '*'; }", 9), 89000);
    assert_int_equal(matchDevice("{ idVendor = '*'; idProduct = '*'; bcdDevice = '*'; }", 9), 97000);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc310:32; idProductMask = 0xfff0:32; }", 9), 89500);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProduct = 0xc310:32; idProductMask = 0xffff:32; }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProductArray = (1:16, 0xc31c:16); }", 9), 90000);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProductArray = (1:16, 2:16); }", 9), kNoMatch);
    assert_int_equal(matchDevice("{ idVendor = 0x46d:32; idProductArray = (1:16, 0xc310:16); idProductMask = 0xfff0:32; }", 9),
                     89500);
}

TEST(3_59_old_and_new_names)
{
    IOUSBHostDevice *device = OSTypeAlloc(IOUSBHostDevice);
    assert_true(IORegistryEntry_init(&device->super.super.super, NULL));
    assert_int_not_equal(families_match(&device->super.super, "{ IOProviderClass = IOUSBDevice; }"), kNoMatch);
    assert_int_not_equal(families_match(&device->super.super, "{ IOProviderClass = IOUSBHostDevice; }"), kNoMatch);
    assert_int_equal(families_match(&device->super.super, "{ IOProviderClass = IOUSBInterface; }"), kNoMatch);
    OSRelease(device);
}

TEST_MAIN_WITH(familyTestHooks, RUN(3_57_device_scores), RUN(3_58_interface_scores), RUN(3_59_outside_the_table),
               RUN(3_59_probe_score), RUN(3_59_wild_cards_masks_arrays), RUN(3_59_old_and_new_names))
