/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.60: how HID nubs match; and what a report descriptor tells. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include <IOKit/hid/IOHIDDevice.h>
#include <libkern/OSNumber.h>

#include "families.h"

/* A boot keyboard (HID 1.11, appendix E.6) and, behind report ids, a consumer control: two application collections. */
static const uint8_t descriptor[] = {
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x85, 0x01,                         /* keyboard, report 1 */
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, /* 8 modifiers of 1 bit */
    0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01,             /* 1 reserved byte */
    0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, /* 5 LEDs out */
    0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, /* padding; 6 keys of 8 bits */
    0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,       /* end */
    0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x02, 0x75, 0x10, 0x95, 0x01, /* consumer control, report 2: 16 bits */
    0x09, 0x00, 0x81, 0x00, 0xc0,
};

static IOHIDDevice *makeNub(void)
{
    IOHIDDevice *nub = OSTypeAlloc(IOHIDDevice);
    assert_true(IORegistryEntry_init(&nub->super.super, NULL));
    families_setProperties(&nub->super,
                           "{ Transport = USB; LocationID = 0x14000000:32; VendorID = 0x46d:32; ProductID = 0xc31c:32;"
                           "  VersionNumber = 0x6400:32; Manufacturer = Logitech; SerialNumber = 'S1'; }");
    assert_true(IOHIDDevice_setReportDescriptor(nub, descriptor, sizeof descriptor));
    return nub;
}

static int32_t match(const char *table)
{
    IOHIDDevice *nub   = makeNub();
    int32_t      score = families_match(&nub->super, table);
    OSRelease(nub);
    return score;
}

TEST(3_60_transport_and_location)
{
    assert_int_equal(match("{ Transport = USB; }"), 1000);
    assert_int_equal(match("{ Transport = USB; LocationID = 0x14000000:32; }"), 3000);
    assert_int_equal(match("{ LocationID = 0x14000000:32; }"), 0);
    assert_int_equal(match("{ Transport = Bluetooth; }"), kNoMatch);
    assert_int_equal(match("{ Transport = USB; LocationID = 1:32; }"), kNoMatch);
}

TEST(3_60_vendor_and_product)
{
    assert_int_equal(match("{ VendorID = 0x46d:16; }"), 5000);
    assert_int_equal(match("{ VendorID = 0x46d:16; ProductID = 0xc31c:16; }"), 6000);
    assert_int_equal(match("{ VendorID = 0x46d:16; ProductIDArray = (1:16, 0xc31c:16); }"), 5975);
    assert_int_equal(match("{ VendorID = 0x46d:16; ProductID = 0xc310:16; ProductIDMask = 0xfff0:16; }"), 5950);
    assert_int_equal(match("{ VendorID = 0x46d:16; ProductIDArray = (1:16, 0xc310:16); ProductIDMask = 0xfff0:16; }"), 5925);
    assert_int_equal(match("{ ProductID = 0xc31c:16; }"), 0);
    assert_int_equal(match("{ VendorID = 0x46d:16; ProductID = 1:16; }"), kNoMatch);
    assert_int_equal(match("{ VendorID = 1:16; }"), kNoMatch);
}

TEST(3_60_details)
{
    assert_int_equal(match("{ VendorID = 0x46d:16; VersionNumber = 0x6400:16; }"), 5100);
    assert_int_equal(match("{ VendorID = 0x46d:16; Manufacturer = Logitech; SerialNumber = 'S1'; }"), 5200);
    assert_int_equal(match("{ VendorID = 0x46d:16; SerialNumber = 'S2'; }"), kNoMatch);
    assert_int_equal(match("{ VendorID = 0x46d:16; ModelNumber = 'M'; }"), kNoMatch);
}

TEST(3_60_usages)
{
    assert_int_equal(match("{ PrimaryUsagePage = 1:32; }"), 1100);
    assert_int_equal(match("{ PrimaryUsagePage = 1:32; PrimaryUsage = 6:32; }"), 1200);
    assert_int_equal(match("{ PrimaryUsagePage = 1:32; PrimaryUsage = 2:32; }"), kNoMatch);
    assert_int_equal(match("{ DeviceUsagePairs = ({ DeviceUsagePage = 0xc:32; DeviceUsage = 1:32; }); }"), 1200);
    assert_int_equal(match("{ DeviceUsagePairs = ({ DeviceUsagePage = 1:32; DeviceUsage = 2:32; }); }"), kNoMatch);
    assert_int_equal(match("{ DeviceUsagePage = 1:32; DeviceUsage = 6:32; }"), 1200);
}

static uint32_t number(IOHIDDevice *nub, const char *key)
{
    OSObject *value  = IORegistryEntry_copyProperty(&nub->super.super, key);
    uint32_t  result = OSNumber_unsigned32BitValue(OSRequiredCast(OSNumber, value));
    OSRelease(value);
    return result;
}

TEST(report_descriptor)
{
    IOHIDDevice *nub = makeNub();
    assert_int_equal(number(nub, "PrimaryUsagePage"), 1);
    assert_int_equal(number(nub, "PrimaryUsage"), 6);
    assert_int_equal(number(nub, "MaxInputReportSize"), 9); /* 8 bytes and the report id */
    assert_int_equal(number(nub, "MaxOutputReportSize"), 2);
    assert_int_equal(number(nub, "MaxFeatureReportSize"), 0);
    OSRelease(nub);
}

/* Every beginning of a descriptor, and noise: nothing is read outside of it (under AddressSanitizer). */
TEST(report_descriptor_malformed)
{
    uint32_t seed = 1;
    for (unsigned length = 1; length < sizeof descriptor; length++) {
        IOHIDDevice *nub   = makeNub();
        uint8_t     *bytes = malloc(length);
        memcpy(bytes, descriptor, length);
        assert_true(IOHIDDevice_setReportDescriptor(nub, bytes, length));
        for (unsigned i = 0; i < length; i++)
            bytes[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
        assert_true(IOHIDDevice_setReportDescriptor(nub, bytes, length));
        free(bytes);
        OSRelease(nub);
    }
}

TEST_MAIN_WITH(familyTestHooks, RUN(3_60_transport_and_location), RUN(3_60_vendor_and_product), RUN(3_60_details),
               RUN(3_60_usages), RUN(report_descriptor), RUN(report_descriptor_malformed))
