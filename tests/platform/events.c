/* SPDX-License-Identifier: MIT */
/* The platform linux and the kernel's events, on a made-up machine: devices come, change, are renamed and go. */
#include "harness.h"
#include "testbed.h"

#include <string.h>

#include "platform.h"

#define USB "/devices/pci0000:00/0000:00:14.0/usb1"
#define SYS "/sys"

static void begin(void)
{
    testbed_load();
    platform_start("linux");
}

static void add(const char *devices, const char *path)
{
    testbed_add(devices);
    testbed_tell(path, "add");
}

static void removeDevice(const char *path)
{
    testbed_tell(path, "remove");
    umockdev_testbed_remove_device(testbed_get(), path);
}

static void setAttribute(const char *path, const char *name, const char *value)
{
    umockdev_testbed_set_attribute(testbed_get(), path, name, value);
}

/* Waits until the events told so far have been handled, which happens in their order: a last one brings a device. */
static void awaitEvents(void)
{
    add("P: /devices/virtual/net/mark0\nE: SUBSYSTEM=net\nA: type=1\\n\n", SYS "/devices/virtual/net/mark0");
    IOService *mark = platform_await("{ 'BSD Name' = mark0; }");
    removeDevice(SYS "/devices/virtual/net/mark0");
    platform_awaitTermination(mark);
}

TEST(usb_device_is_plugged_in_and_out)
{
    begin();
    add("P: " USB "/1-4\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nA: busnum=1\\n\nA: devnum=9\\n\nA: devpath=4\\n\n"
        "A: idVendor=1209\\n\nA: idProduct=0001\\n\nA: product=Gadget\\n\n", SYS USB "/1-4");
    IOService *device = platform_await("{ IOProviderClass = IOUSBHostDevice; idVendor = 0x1209:16; idProduct = 1:16; }");
    platform_hasPath(device, "IOUSB", "IOUSB:/Gadget@01400000");
    add("P: " USB "/1-4/1-4:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\nA: bInterfaceNumber=00\\n\nA: bInterfaceClass=ff\\n\n",
        SYS USB "/1-4/1-4:1.0");
    IOService *interface = platform_await("{ IOProviderClass = IOUSBHostInterface; IOPropertyMatch = { locationID = 0x01400000:32; }; }");
    assert_ptr_equal(platform_provider(interface, "IOUSBHostDevice"), device);
    removeDevice(SYS USB "/1-4/1-4:1.0");
    removeDevice(SYS USB "/1-4");
    platform_awaitTermination(interface);
    platform_awaitTermination(device);
    assert_int_equal(platform_number(device, "idVendor"), 0x1209); /* a program may still ask it */
    platform_end();
}

/* A hub that goes takes everything on it along, before the kernel has told of each. */
TEST(hub_goes_with_all_its_devices)
{
    begin();
    IOService *port   = platform_get("{ IOProviderClass = IOSerialBSDClient; IOTTYDevice = ttyUSB0; }");
    IOService *device = platform_get("{ IOProviderClass = IOUSBDevice; idVendor = 0x403:16; idProduct = 0x6001:16; }");
    testbed_tell(SYS USB "/1-1", "remove");
    platform_awaitTermination(device);
    platform_awaitTermination(port);
    testbed_tell(SYS USB "/1-1/1-1.3/1-1.3:1.0/ttyUSB0/tty/ttyUSB0", "remove"); /* late news */
    testbed_tell(SYS USB "/1-1", "add");
    IOService *hub = platform_await("{ IOProviderClass = IOUSBDevice; idVendor = 0x5e3:16; idProduct = 0x610:16; }");
    assert_false(IOService_isInactive(hub));
    platform_end();
}

#define CARD SYS "/devices/pci0000:00/0000:00:02.0/drm/card0"

TEST(display_is_exchanged)
{
    begin();
    IOService *first = platform_get("{ IOProviderClass = IODisplay; }");
    setAttribute(CARD "/card0-HDMI-A-1", "status", "disconnected\n");
    testbed_tell(CARD, "change");
    platform_awaitTermination(first);
    umockdev_testbed_set_attribute_binary(testbed_get(), CARD "/card0-DP-1", "edid", (guint8[]){0, 1, 2}, 3);
    setAttribute(CARD "/card0-DP-1", "status", "connected\n");
    testbed_tell(CARD, "change");
    IOService *second = platform_await("{ IOProviderClass = IODisplay; }");
    platform_isNamed(platform_provider(second, "IODisplayConnect"), "DP-1", NULL);
    platform_hasData(second, "IODisplayEDID", "\0\1\2", 3);
    assert_false(platform_has(second, "DisplayVendorID"));
    platform_end();
}

#define SDB SYS USB "/1-3/1-3:1.0/host6/target6:0:0/6:0:0:0/block/sdb"

TEST(medium_comes_grows_and_goes)
{
    begin();
    IOService *small = platform_get("{ 'BSD Name' = sdb; }");
    testbed_add("P: " USB "/1-3/1-3:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1\nE: SUBSYSTEM=block\nE: DEVTYPE=partition\n"
                "E: DEVNAME=/dev/sdb1\nE: PARTUUID=0000abcd-01\nA: partition=1\\n\nA: size=2048\\n\nA: ro=0\\n\n");
    testbed_tell(SDB "/sdb1", "add");
    IOService *part = platform_await("{ 'BSD Name' = sdb1; }");
    assert_ptr_equal(platform_provider(platform_provider(part, "IOFDiskPartitionScheme"), "IOMedia"), small);
    setAttribute(SDB, "size", "120127488\n");
    testbed_tell(SDB, "change");
    platform_awaitTermination(small);
    platform_awaitTermination(part);
    IOService *large = platform_await("{ 'BSD Name' = sdb; Size = %llu:64; }", 120127488ull * 512);
    IOService *again = platform_await("{ 'BSD Name' = sdb1; }"); /* it is still there, and the kernel said nothing of it */
    IOService *scheme = platform_provider(again, "IOFDiskPartitionScheme");
    assert_ptr_equal(platform_provider(scheme, "IOMedia"), large);
    removeDevice(SDB "/sdb1");
    platform_awaitTermination(again);
    platform_awaitTermination(scheme); /* the last partition takes it along */
    setAttribute(SDB, "ro", "1\n");
    testbed_tell(SDB, "change");
    awaitEvents();
    assert_false(IOService_isInactive(large));
    assert_false(platform_boolean(large, "Writable"));
    setAttribute(SDB, "size", "0\n");
    testbed_tell(SDB, "change");
    platform_awaitTermination(large);
    platform_end();
}

#define BATTERY SYS "/devices/LNXSYSTM:00/LNXSYBUS:00/PNP0C0A:00/power_supply/BAT0"

TEST(battery_changes)
{
    begin();
    IOService *battery = platform_get("{ IOProviderClass = AppleSmartBattery; }");
    setAttribute(BATTERY, "status", "Charging\n");
    setAttribute(BATTERY, "energy_now", "26000000\n");
    testbed_tell(BATTERY, "change");
    awaitEvents();
    assert_int_equal(platform_number(battery, "CurrentCapacity"), 2600);
    assert_true(platform_boolean(battery, "IsCharging"));
    assert_true(platform_boolean(battery, "ExternalConnected"));
    platform_end();
}

TEST(primary_interface_is_replaced)
{
    begin();
    IOService  *first = platform_get("{ IOProviderClass = IONetworkInterface; IOPropertyMatch = { IOPrimaryInterface = .true.; }; }");
    bool        wired = strcmp(platform_string(first, "BSD Name"), "eth7") == 0;
    const char *path  = wired ? SYS "/devices/pci0000:00/0000:00:1c.0/0000:01:00.1/net/eth7"
                              : SYS "/devices/pci0000:00/0000:00:14.3/net/wlan0";
    testbed_tell(path, "remove");
    platform_awaitTermination(first);
    testbed_tell(path, "add");
    IOService *next = platform_await("{ IOProviderClass = IONetworkInterface; IOPropertyMatch = { IOPrimaryInterface = .true.; }; }");
    assert_ptr_not_equal(next, first);
    platform_end();
}

/* Loading and ending twice leaves nothing more than once; afterwards the bundles can be unloaded, so no object is left. */
TEST(everything_goes_with_the_platform)
{
    static char first[65536], second[65536];
    begin();
    platform_terminate();
    kitTestHooks.describeObjects(first, sizeof first);
    platform_restart();
    assert_int_equal(platform_count("{ IOProviderClass = IOPCIDevice; }"), 9);
    platform_terminate();
    kitTestHooks.describeObjects(second, sizeof second);
    assert_string_equal(first, second);
    platform_unloads("org.openiokit.platform.linux");
    platform_unloads("com.apple.iokit.IOStorageFamily");
    platform_unloads("com.apple.iokit.IOUSBHostFamily");
    platform_unloads("com.apple.iokit.IOPCIFamily");
    platform_unloads("com.apple.iokit.IOHIDFamily");
    platform_unloads("com.apple.iokit.IOSerialFamily");
    platform_unloads("com.apple.iokit.IONetworkingFamily");
    platform_unloads("com.apple.iokit.IOAudioFamily");
    platform_unloads("com.apple.iokit.IOGraphicsFamily");
    platform_unloads("org.openiokit.family.IOPowerSourceFamily");
    platform_end();
}

int main(int argc, char **argv)
{
    static const TestCase tests[] = {
        RUN(usb_device_is_plugged_in_and_out), RUN(hub_goes_with_all_its_devices), RUN(display_is_exchanged),
        RUN(medium_comes_grows_and_goes),      RUN(battery_changes),               RUN(primary_interface_is_replaced),
        RUN(everything_goes_with_the_platform),
    };
    testbed_preload(argv);
    return testMain(argc, argv, tests, sizeof tests / sizeof tests[0], &testbedHooks);
}
