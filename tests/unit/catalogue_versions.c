/* SPDX-License-Identifier: MIT */
/* Version numbers of bundles: what is one, how they compare, how they are written. */
#include "harness.h"

#include <libkern/OSKextLib.h>

TEST(order_of_stages_and_parts)
{
    static const char *const ascending[] = {"0.0.1d1", "0.1", "1.0d0", "1.0d255", "1.0a1", "1.0b1", "1.0f1", "1.0fc2",
                                            "1",       "1.0.1", "1.1",   "1.10",    "2",     "10",    "9999.9999.9999"};
    for (size_t i = 1; i < sizeof ascending / sizeof ascending[0]; i++) {
        OSKextVersion lower = OSKextParseVersionString(ascending[i - 1]), higher = OSKextParseVersionString(ascending[i]);
        assert_true(lower > 0);
        assert_true(lower < higher);
    }
}

TEST(equal_forms)
{
    assert_int_equal(OSKextParseVersionString("1"), OSKextParseVersionString("1.0.0"));
    assert_int_equal(OSKextParseVersionString("1.2f3"), OSKextParseVersionString("1.2.0fc3"));
    assert_int_equal(OSKextParseVersionString("1.2 (build 7)"), OSKextParseVersionString("1.2"));
    assert_int_equal(OSKextParseVersionString("1.2.3"), INT64_C(1000200039000));
    assert_int_equal(OSKextParseVersionString("1.2.3d4"), INT64_C(1000200031004));
}

TEST(refused_forms)
{
    static const char *const bad[] = {"",       "v1",      ".1",     "1.2.3.4", "12345",   "1.12345", "1.2.12345", "1.2x",
                                      "1.2d",   "1.2d256", "1.2d1x", "1.2f0",   "1.2d1000", "-1",     " 1",        "1.2fb1"};
    assert_int_equal(OSKextParseVersionString(NULL), -1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(OSKextParseVersionString(bad[i]), -1);
}

static void assert_written(const char *version, const char *expected)
{
    char text[kOSKextVersionMaxLength];
    assert_true(OSKextVersionGetString(OSKextParseVersionString(version), text, sizeof text));
    assert_string_equal(text, expected);
}

TEST(written_forms)
{
    char text[kOSKextVersionMaxLength];
    assert_written("1", "1.0");
    assert_written("1.2.0", "1.2");
    assert_written("1.2.3", "1.2.3");
    assert_written("1.2fc3", "1.2f3");
    assert_written("9999.9999.9999d255", "9999.9999.9999d255");
    assert_written("nonsense", "(invalid)");
    assert_true(OSKextVersionGetString(kOSKextVersionUndefined, text, sizeof text));
    assert_string_equal(text, "(missing)");
    assert_true(OSKextVersionGetString(INT64_C(10000000000000000), text, sizeof text));
    assert_string_equal(text, "(invalid)");
    assert_false(OSKextVersionGetString(1, text, sizeof text - 1));
    assert_false(OSKextVersionGetString(1, NULL, sizeof text));
}

TEST_MAIN_WITH(plainTestHooks, RUN(order_of_stages_and_parts), RUN(equal_forms), RUN(refused_forms), RUN(written_forms))
