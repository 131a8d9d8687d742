/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.61: how SCSI peripherals match. */
#include "harness.h"

#include <IOKit/scsi/IOSCSIPeripheralDeviceNub.h>

#include "families.h"

#define TYPE     "'Peripheral Device Type' = 0:8;"
#define VENDOR   "'Vendor Identification' = 'ACME';"
#define PRODUCT  "'Product Identification' = 'Rocket Disk';"
#define REVISION "'Product Revision Level' = '1.0a';"

static int32_t matchNub(const char *properties, const char *table)
{
    IOSCSIPeripheralDeviceNub *nub = OSTypeAlloc(IOSCSIPeripheralDeviceNub);
    assert_true(IORegistryEntry_init(&nub->super.super, NULL));
    families_setProperties(&nub->super, properties);
    int32_t score = families_match(&nub->super, table);
    OSRelease(nub);
    return score;
}

static int32_t match(const char *table)
{
    return matchNub("{" TYPE VENDOR PRODUCT REVISION "}", table);
}

TEST(3_61_scores)
{
    assert_int_equal(match("{" TYPE "}"), 5000);
    assert_int_equal(match("{" TYPE VENDOR "}"), 10000);
    assert_int_equal(match("{" TYPE VENDOR PRODUCT "}"), 15000);
    assert_int_equal(match("{" TYPE VENDOR PRODUCT REVISION "}"), 20000);
}

TEST(3_61_what_differs_rejects)
{
    assert_int_equal(match("{ 'Peripheral Device Type' = 5:8; }"), kNoMatch);
    assert_int_equal(match("{ 'Peripheral Device Type' = 5:8;" VENDOR PRODUCT REVISION "}"), kNoMatch);
    assert_int_equal(match("{" TYPE "'Vendor Identification' = 'OTHER'; }"), kNoMatch);
    assert_int_equal(match("{" TYPE VENDOR "'Product Identification' = 'Rocket'; }"), kNoMatch);
    assert_int_equal(match("{" TYPE VENDOR PRODUCT "'Product Revision Level' = '1.0'; }"), kNoMatch);
}

TEST(3_61_levels_are_cumulative)
{
    /* A key counts only when all before it are there, and then not even to reject. */
    assert_int_equal(match("{" TYPE PRODUCT REVISION "}"), 5000);
    assert_int_equal(match("{" TYPE "'Product Identification' = 'Rocket'; }"), 5000);
    assert_int_equal(match("{" TYPE VENDOR REVISION "}"), 10000);
    /* What the device does not say is not compared either. */
    assert_int_equal(matchNub("{" TYPE "}", "{" TYPE VENDOR PRODUCT "}"), 5000);
    assert_int_equal(matchNub("{" TYPE VENDOR "}", "{" TYPE VENDOR PRODUCT "}"), 10000);
}

TEST(3_61_probe_score)
{
    assert_int_equal(match("{" TYPE "IOProbeScore = 700:32; }"), 5700);
    assert_int_equal(match("{" TYPE VENDOR "IOProbeScore = 4999:32; }"), 14999);
    assert_int_equal(match("{" TYPE VENDOR "IOProbeScore = 5000:32; }"), 14000);
    assert_int_equal(match("{" TYPE VENDOR PRODUCT REVISION "IOProbeScore = 90000:32; }"), 24000);
}

TEST(3_61_without_the_type)
{
    assert_int_equal(match("{" VENDOR PRODUCT "}"), kNoMatch);
    assert_int_equal(matchNub("{" VENDOR "}", "{" TYPE VENDOR "}"), kNoMatch);
    assert_int_equal(match("{ IOMatchCategory = Extra; }"), 4900);
    assert_int_equal(match("{ IOMatchCategory = Extra; IOProbeScore = 50:32; }"), 4950);
    /* The category for programs' access keeps its own score, which is then added once more. */
    assert_int_equal(match("{ IOMatchCategory = SCSITaskUserClientDevice; IOProbeScore = 50:32; }"), 100);
    assert_int_equal(match("{ IOMatchCategory = SCSITaskUserClientDevice; }"), 0);
}

TEST(3_61_provider_class)
{
    assert_int_equal(match("{ IOProviderClass = IOSCSIPeripheralDeviceNub;" TYPE "}"), 5000);
    assert_int_equal(match("{ IOProviderClass = IOMedia;" TYPE "}"), kNoMatch);
}

TEST_MAIN_WITH(familyTestHooks, RUN(3_61_scores), RUN(3_61_what_differs_rejects), RUN(3_61_levels_are_cumulative),
               RUN(3_61_probe_score), RUN(3_61_without_the_type), RUN(3_61_provider_class))
