/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.53 to 3.56: how PCI nubs match. */
#include "harness.h"

#include <string.h>

#include <IOKit/pci/IOPCIDevice.h>
#include <libkern/OSData.h>
#include <libkern/OSString.h>

#include "families.h"

/* 8086:1237 rev 2, class 06 00 00, at 0:1f.2, with that subsystem. */
static IOPCIDevice *makeNubOf(uint16_t subsystemVendor, uint16_t subsystem)
{
    const IOPCIIdentity identity = {
        .address         = {0, 0, 0x1f, 2},
        .vendor          = 0x8086,
        .product         = 0x1237,
        .subsystemVendor = subsystemVendor,
        .subsystem       = subsystem,
        .classCode       = 0x060000,
        .revision        = 2,
        .model           = "440FX",
    };
    IOPCIDevice *nub = OSTypeAlloc(IOPCIDevice);
    assert_true(IOPCIDevice_initWithIdentity(nub, &identity, NULL));
    return nub;
}

static IOPCIDevice *makeNub(void)
{
    return makeNubOf(0x1af4, 0x1100);
}

static int32_t match(const char *table)
{
    IOPCIDevice *nub   = makeNub();
    int32_t      score = families_match(&nub->super, table);
    OSRelease(nub);
    return score;
}

TEST(3_53_values_and_masks)
{
    assert_int_equal(match("{ IOPCIMatch = '0x12378086'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x00018086 0x12378086'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x12308086&0xfff0ffff'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x12308086 & 0xfff0ffff'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x12308086&0xfff1ffff'; }"), kNoMatch);
    assert_int_equal(match("{ IOPCIMatch = ''; }"), kNoMatch);
    assert_int_equal(match("{ IOPCIMatch = 'nonsense 0x12378086'; }"), kNoMatch);
}

TEST(3_53_all_keys_must_match)
{
    assert_int_equal(match("{ IOPCIMatch = '0x12378086'; IOPCIClassMatch = '0x06000000'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x12378086'; IOPCIClassMatch = '0x07000000'; }"), kNoMatch);
}

TEST(3_54_registers)
{
    assert_int_equal(match("{ IOPCIPrimaryMatch = '0x12378086'; }"), 0);
    assert_int_equal(match("{ IOPCIPrimaryMatch = '0x11001af4'; }"), kNoMatch);
    assert_int_equal(match("{ IOPCISecondaryMatch = '0x11001af4'; }"), 0);
    assert_int_equal(match("{ IOPCISecondaryMatch = '0x12378086'; }"), kNoMatch);
    assert_int_equal(match("{ IOPCIMatch = '0x11001af4'; }"), 0);
    assert_int_equal(match("{ IOPCIClassMatch = '0x06000055'; }"), 0);           /* the revision is masked out */
    assert_int_equal(match("{ IOPCIClassMatch = '0x06000055&0xffffffff'; }"), kNoMatch);
    assert_int_equal(match("{ IOPCIClassMatch = '0x06000002&0xffffffff'; }"), 0);
}

TEST(3_55_prefix_and_bonus)
{
    assert_int_equal(match("{ IOPCIMatch = '12378086'; }"), 1000);
    assert_int_equal(match("{ IOPCIMatch = '0x12378086'; IOProbeScore = 500:32; }"), 1500);
    assert_int_equal(match("{ IOPCIMatch = '0x11001af4'; IOProbeScore = 500:32; }"), 500);
}

/* Releases the nub. */
static void assertCompatible(IOPCIDevice *nub, const char *wanted, size_t size)
{
    OSObject *property = IORegistryEntry_copyProperty(&nub->super.super, "compatible");
    OSData   *data     = OSDynamicCast(OSData, property);
    assert_non_null(data);
    assert_int_equal(OSData_getLength(data), size);
    assert_memory_equal(OSData_getBytesNoCopy(data), wanted, size);
    OSRelease(property);
    OSRelease(nub);
}

TEST(3_56_compatible)
{
    static const char all[]  = "pci1af4,1100\0pci8086,1237\0pciclass,060000";
    static const char once[] = "pci8086,1237\0pciclass,060000"; /* no subsystem, or one that is the device again */
    assertCompatible(makeNub(), all, sizeof all);
    assertCompatible(makeNubOf(0, 0), once, sizeof once);
    assertCompatible(makeNubOf(0x8086, 0x1237), once, sizeof once);

    assert_int_equal(match("{ IONameMatch = 'pci8086,1237'; }"), 0);
    assert_int_equal(match("{ IONameMatch = 'pci1af4,1100'; }"), 0);
    assert_int_equal(match("{ IONameMatch = ('other', 'pciclass,060000'); }"), 0);
    assert_int_equal(match("{ IONameMatch = 'pci8086,1238'; }"), kNoMatch);
}

TEST(3_56_names_and_place)
{
    IOPCIDevice *nub = makeNub();
    assert_string_equal(IORegistryEntry_getName(&nub->super.super, NULL), "pci8086,1237");
    assert_string_equal(IORegistryEntry_getLocation(&nub->super.super, NULL), "1F,2");
    OSObject *debug = IORegistryEntry_copyProperty(&nub->super.super, "pcidebug");
    assert_true(OSString_isEqualToCString(OSRequiredCast(OSString, debug), "0:31:2"));
    OSRelease(debug);
    OSRelease(nub);
}

TEST_MAIN_WITH(familyTestHooks, RUN(3_53_values_and_masks), RUN(3_53_all_keys_must_match), RUN(3_54_registers),
               RUN(3_55_prefix_and_bonus), RUN(3_56_compatible), RUN(3_56_names_and_place))
