/* SPDX-License-Identifier: MIT */
/*
 * The platform linux on a machine whose sysfs lies: each attribute in turn is missing, empty, noise, huge or negative.
 * Nothing crashes (the sanitizer builds look closer), and an intact device beside it is there.
 */
#include "harness.h"
#include "testbed.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

#define INTACT "P: /devices/virtual/net/intact0\nE: SUBSYSTEM=net\nA: type=1\\n\nA: address=02:00:00:00:00:01\\n\nA: mtu=9000\\n\n"

/* The intact device is there and right. */
static void checkIntact(void)
{
    IOService *interface = platform_get("{ IOProviderClass = IOEthernetInterface; 'BSD Name' = intact0; }");
    assert_int_equal(platform_number(interface, "IOMaxTransferUnit"), 9000);
    platform_hasData(platform_provider(interface, "IOEthernetController"), "IOMACAddress", "\2\0\0\0\0\1", 6);
}

/* Replaces the content of every attribute below a folder of the testbed. content NULL: removes them. */
static void spoil(const char *folder, const char *content, size_t length)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char        path[4096];
        struct stat status;
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "uevent") == 0)
            continue;
        assert_true(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path);
        assert_int_equal(lstat(path, &status), 0);
        if (S_ISDIR(status.st_mode))
            spoil(path, content, length);
        if (!S_ISREG(status.st_mode))
            continue;
        assert_int_equal(unlink(path), 0);
        FILE *file = content ? fopen(path, "we") : NULL;
        if (file) {
            assert_int_equal(fwrite(content, 1, length, file), length);
            fclose(file);
        }
    }
    if (dir)
        closedir(dir);
}

static void runSpoilt(const char *content, size_t length)
{
    char *root = umockdev_testbed_get_sys_dir(testbed_get());
    char  path[4096];
    testbed_load();
    snprintf(path, sizeof path, "%s/devices", root);
    spoil(path, content, length);
    testbed_add(INTACT);
    platform_start("linux");
    checkIntact();
    assert_int_equal(platform_count("{ IOProviderClass = IOPCIDevice; }"), 9);           /* an address is a name */
    assert_int_equal(platform_count("{ IOProviderClass = IOBlockStorageDevice; }"), 4);
    platform_end();
    g_free(root);
}

TEST(missing)
{
    runSpoilt(NULL, 0);
}

TEST(empty)
{
    runSpoilt("", 0);
}

TEST(negative)
{
    runSpoilt("-1\n", 3);
}

TEST(too_large)
{
    static const char digits[] = "99999999999999999999999999999999999999999999999999999999\n";
    runSpoilt(digits, sizeof digits - 1);
}

TEST(largest)
{
    static const char digits[] = "18446744073709551615\n";
    runSpoilt(digits, sizeof digits - 1);
}

TEST(text)
{
    static const char words[] = "0x12 %s%n \xff\xfe \xc3 \xed\xa0\x80 \1\2 \\ ../../etc\n";
    runSpoilt(words, sizeof words - 1);
}

TEST(noise)
{
    char     bytes[4096];
    uint32_t seed = 7;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
    runSpoilt(bytes, sizeof bytes);
}

TEST(a_long_text)
{
    char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    runSpoilt(bytes, sizeof bytes);
}

/* Texts become valid UTF-8 without control characters; numbers with something behind them are none. */
TEST(what_becomes_of_it)
{
    guint8 maker[] = " Caf\xc3\xa9 \xff\x01x \n";
    testbed_add("P: /devices/one\nE: SUBSYSTEM=power_supply\nA: type=Battery\\n\n"
                "A: cycle_count=12abc\\n\nA: voltage_now=-\\n\nA: temp=99999999999\\n\nA: energy_now=1\\n\nA: voltage_min_design=0\\n\n");
    umockdev_testbed_set_attribute_binary(testbed_get(), "/sys/devices/one", "manufacturer", maker, sizeof maker - 1);
    testbed_add(INTACT);
    platform_start("linux");
    IOService *battery = platform_get("{ IOProviderClass = AppleSmartBattery; }");
    assert_string_equal(platform_string(battery, "Manufacturer"), "Caf\xc3\xa9 ? x");
    assert_false(platform_has(battery, "CycleCount"));
    assert_false(platform_has(battery, "Voltage"));
    assert_false(platform_has(battery, "Temperature"));
    assert_false(platform_has(battery, "CurrentCapacity"));
    checkIntact();
    platform_end();
}

/* Devices whose parent is no device, whose names are not of the usual form, or that lack what makes them one. */
TEST(strange_devices)
{
    testbed_add("P: /devices/zzzz:00:99.9\nE: SUBSYSTEM=pci\n");
    testbed_add("P: /devices/part\nE: SUBSYSTEM=block\nE: DEVTYPE=partition\nA: partition=1\\n\nA: size=8\\n\n");
    testbed_add("P: /devices/hid\nE: SUBSYSTEM=hid\nE: HID_ID=nonsense\n");
    testbed_add("P: /devices/hid2\nE: SUBSYSTEM=hid\nE: HID_ID=0003:0000046D:0000C31C\n");
    testbed_add("P: /devices/usbX\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n");
    testbed_add("P: /devices/usbY\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nA: devpath=1.2.3.4.5.6.7.8.9\\n\n");
    testbed_add("P: /devices/card-\nE: SUBSYSTEM=drm\nA: status=connected\\n\n");
    testbed_add("P: /devices/cpufreq\nE: SUBSYSTEM=cpu\n");
    testbed_add("P: /devices/nothing\nE: SUBSYSTEM=tty\n");
    testbed_add(INTACT);
    platform_start("linux");
    checkIntact();
    assert_int_equal(platform_count("{ IOProviderClass = IOPCIDevice; }"), 0);
    assert_int_equal(platform_count("{ IOProviderClass = IOMedia; }"), 0);
    assert_int_equal(platform_count("{ IOProviderClass = IOHIDDevice; }"), 1);
    platform_end();
}

int main(int argc, char **argv)
{
    static const TestCase tests[] = {RUN(missing), RUN(empty),       RUN(negative),           RUN(too_large), RUN(largest),
                                     RUN(text),    RUN(noise),       RUN(a_long_text),        RUN(what_becomes_of_it),
                                     RUN(strange_devices)};
    testbed_preload(argv);
    return testMain(argc, argv, tests, sizeof tests / sizeof tests[0], &testbedHooks);
}
