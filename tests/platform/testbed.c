/* SPDX-License-Identifier: MIT */
/*
 * The platform linux on a made-up machine that has one of everything (testbed.umockdev): classes, names, properties and
 * their types, and where things stand in the planes. What programs rely on is CLIENT-SURFACE's list.
 */
#include "harness.h"
#include "testbed.h"

#include <stdio.h>
#include <string.h>

#include "platform.h"

static void begin(void)
{
    testbed_load();
    platform_start("linux");
}

/* The path in the service plane, below the machine's root bus. */
static void standsAt(IOService *service, const char *path)
{
    char text[1024];
    snprintf(text, sizeof text, "IOService:/LinuxPlatformExpert/PCI0@0%s", path);
    platform_hasPath(service, "IOService", text);
}

TEST(pci)
{
    begin();
    assert_int_equal(platform_count("{ IOProviderClass = IOPCIDevice; }"), 9);
    IOService *host = platform_get("{ IOProviderClass = IOPCIDevice; IONameMatch = 'pci8086,1237'; }");
    platform_hasData(host, "vendor-id", "\x86\x80\0\0", 4);
    platform_hasData(host, "device-id", "\x37\x12\0\0", 4);
    platform_hasData(host, "class-code", "\0\0\x06\0", 4);
    platform_hasData(host, "subsystem-vendor-id", "\xf4\x1a\0\0", 4);
    platform_hasData(host, "subsystem-id", "\0\x11\0\0", 4);
    platform_hasData(host, "revision-id", "\2\0\0\0", 4);
    platform_hasData(host, "compatible", "pci1af4,1100\0pci8086,1237\0pciclass,060000", 42);
    platform_hasData(host, "reg", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    assert_string_equal(platform_string(host, "pcidebug"), "0:0:0");
    standsAt(host, "/pci8086,1237@0");
    platform_hasPath(host, "IODeviceTree", "IODeviceTree:/PCI0@0/pci8086,1237@0");

    IOService *behind = platform_get("{ IOProviderClass = IOPCIDevice; IONameMatch = 'pci8086,10d3'; }");
    standsAt(behind, "/pci8086,a338@1C/pci-bridge/pci8086,10d3@0,1");
    platform_hasPath(behind, "IODeviceTree", "IODeviceTree:/PCI0@0/pci8086,a338@1C/pci-bridge/pci8086,10d3@0,1");
    platform_isA(platform_provider(behind, "IOPCIBridge"), "LinuxPCIBridge");
    assert_string_equal(platform_string(behind, "pcidebug"), "1:0:1");
    platform_end();
}

TEST(network)
{
    begin();
    assert_int_equal(platform_count("{ IOProviderClass = IONetworkInterface; }"), 2);
    IOService *ethernet   = platform_get("{ IOProviderClass = IOEthernetInterface; 'BSD Name' = eth7; }");
    IOService *controller = platform_provider(ethernet, "IOEthernetController");
    platform_hasData(controller, "IOMACAddress", "\x52\x54\0\x12\x34\x56", 6);
    assert_int_equal(platform_number(controller, "IOLinkSpeed"), 1000000000);
    assert_int_equal(platform_number(controller, "IOLinkStatus"), 3);
    platform_isNamed(controller, "e1000e", NULL);
    standsAt(ethernet, "/pci8086,a338@1C/pci-bridge/pci8086,10d3@0,1/e1000e/eth7");
    assert_int_equal(platform_number(ethernet, "IOInterfaceType"), 6);
    assert_int_equal(platform_number(ethernet, "IOInterfaceUnit"), 7);
    assert_string_equal(platform_string(ethernet, "IOInterfaceNamePrefix"), "eth");
    assert_int_equal(platform_number(ethernet, "IOMaxTransferUnit"), 1500);
    assert_int_equal(platform_number(ethernet, "IOMediaAddressLength"), 6);
    assert_int_equal(platform_number(ethernet, "IOInterfaceFlags"), 0x1003);
    assert_true(platform_boolean(ethernet, "IOBuiltin"));

    IOService *wireless = platform_get("{ 'BSD Name' = wlan0; }");
    platform_isNamed(platform_provider(wireless, "IOEthernetController"), "iwlwifi", NULL);
    assert_int_equal(platform_boolean(ethernet, "IOPrimaryInterface") + platform_boolean(wireless, "IOPrimaryInterface"), 1);
    assert_int_equal(platform_count("{ IOProviderClass = IONetworkInterface; IOPropertyMatch = { IOPrimaryInterface = .true.; }; }"), 1);
    platform_end();
}

TEST(usb)
{
    begin();
    IOService *bus = platform_get("{ IOProviderClass = IOUSBController; }");
    platform_isNamed(bus, "xHCI Host Controller", "01000000");
    platform_hasPath(bus, "IOUSB", "IOUSB:/"); /* the first bus is where the plane's paths begin */
    assert_int_equal(platform_count("{ IOProviderClass = IOUSBHostDevice; }"), 6);
    assert_int_equal(platform_count("{ IOProviderClass = IOUSBDevice; }"), 6); /* by the old name too */
    assert_int_equal(platform_count("{ IOProviderClass = IOUSBInterface; }"), 7);

    IOService *device = platform_get("{ IOProviderClass = IOUSBDevice; idVendor = 0x403:16; idProduct = 0x6001:32; }");
    platform_isNamed(device, "FT232R USB UART", "01130000");
    platform_hasPath(device, "IOUSB",
                     "IOUSB:/USB2.1 Hub@01100000/FT232R USB UART@01130000");
    assert_int_equal(platform_number(device, "locationID"), 0x01130000);
    assert_int_equal(platform_number(device, "PortNum"), 3);
    assert_int_equal(platform_number(device, "Device Speed"), 1);
    assert_int_equal(platform_number(device, "USB Address"), 5);
    assert_int_equal(platform_number(device, "bcdDevice"), 0x201);
    assert_int_equal(platform_number(device, "iManufacturer"), 1);
    assert_int_equal(platform_number(device, "iSerialNumber"), 3);
    assert_string_equal(platform_string(device, "USB Vendor Name"), "FTDI");
    assert_string_equal(platform_string(device, "USB Product Name"), "FT232R USB UART");
    assert_string_equal(platform_string(device, "USB Serial Number"), "A50285BI");
    IOService *hub = platform_provider(device, "IOUSBHostDevice");
    assert_int_not_equal(platform_number(device, "sessionID"), platform_number(hub, "sessionID"));
    standsAt(device, "/pci8086,2ed@14/xHCI Host Controller@01000000/USB2.1 Hub@01100000/FT232R USB UART@01130000");

    IOService *silent = platform_get("{ IOProviderClass = IOUSBHostDevice; idVendor = 0xd8c:16; idProduct = 0x102:16; }");
    assert_false(platform_has(silent, "USB Product Name")); /* it has no string descriptors */
    IOService *control = platform_get("{ IOProviderClass = IOUSBHostInterface; IOPropertyMatch ="
                                      " { locationID = 0x01120000:32; bInterfaceNumber = 1:8; }; }");
    assert_ptr_equal(platform_provider(control, "IOUSBHostDevice"), silent);
    assert_int_equal(platform_number(control, "bInterfaceClass"), 0xff);
    assert_int_equal(platform_number(control, "bInterfaceSubClass"), 2);
    assert_int_equal(platform_number(control, "idVendor"), 0xd8c);
    assert_int_equal(platform_number(control, "bConfigurationValue"), 1);
    assert_string_equal(platform_string(control, "USB Interface Name"), "Vendor Control");
    platform_isNamed(control, "Vendor Control", "1");
    platform_end();
}

/* The property of the service or the nearest provider that has it, as programs search upwards. */
static bool isFoundUpwards(IOService *service, const char *key)
{
    OSObject *value = IORegistryEntry_copyPropertyInPlane(&service->super, key, gIOServicePlane,
                                                          kIORegistryIterateRecursively | kIORegistryIterateParents);
    bool      found = value != NULL;
    OSRelease(value);
    return found;
}

TEST(serial)
{
    static const char *const upwards[] = {"USB Interface Name", "USB Product Name", "USB Vendor Name", "USB Serial Number",
                                          "idVendor", "idProduct", "USBBusNumber", "USB Address", "locationID"};
    begin();
    IOService *port = platform_get("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IORS232SerialStream; }");
    assert_string_equal(platform_string(port, "IOCalloutDevice"), "/dev/ttyUSB0");
    assert_string_equal(platform_string(port, "IODialinDevice"), "/dev/ttyUSB0");
    assert_string_equal(platform_string(port, "IOTTYDevice"), "ttyUSB0");
    assert_string_equal(platform_string(port, "IOTTYBaseName"), "ttyUSB");
    assert_string_equal(platform_string(port, "IOTTYSuffix"), "0");
    for (unsigned i = 0; i < sizeof upwards / sizeof upwards[0]; i++)
        if (!isFoundUpwards(port, upwards[i]))
            fail_msg("no %s above the port", upwards[i]);
    IOService *interface = platform_provider(platform_provider(port, "IOSerialStreamSync"), "IOUSBInterface");
    platform_provider(interface, "IOUSBHostDevice");
    assert_non_null(platform_find("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IOModemSerialStream;"
                                  " IOTTYDevice = ttyACM0; }"));
    assert_int_equal(platform_count("{ IOProviderClass = IOSerialBSDClient; IOSerialBSDClientType = IOSerialStream; }"), 2);
    platform_end();
}

TEST(hid)
{
    begin();
    IOService *keyboard = platform_get("{ IOProviderClass = IOHIDDevice; VendorID = 0x46d:16; ProductID = 0xc31c:16; }");
    platform_provider(platform_provider(keyboard, "IOUSBHostInterface"), "IOUSBHostDevice");
    assert_string_equal(platform_string(keyboard, "Transport"), "USB");
    assert_string_equal(platform_string(keyboard, "Product"), "USB Keyboard");
    assert_string_equal(platform_string(keyboard, "Manufacturer"), "Logitech");
    assert_int_equal(platform_number(keyboard, "LocationID"), 0x01200000);
    assert_int_equal(platform_number(keyboard, "VersionNumber"), 0x201);
    assert_int_equal(platform_number(keyboard, "PrimaryUsagePage"), 1);
    assert_int_equal(platform_number(keyboard, "PrimaryUsage"), 6);
    assert_int_equal(platform_number(keyboard, "MaxInputReportSize"), 8);
    assert_int_equal(platform_number(keyboard, "MaxOutputReportSize"), 1);
    assert_true(platform_has(keyboard, "ReportDescriptor"));
    assert_false(platform_has(keyboard, "SerialNumber"));
    assert_false(platform_has(keyboard, "HIDVirtualDevice"));
    IOService *events = platform_get("{ IOProviderClass = IOHIDEventService; PrimaryUsagePage = 1:32; PrimaryUsage = 6:32; }");
    assert_ptr_equal(platform_provider(events, "IOHIDDevice"), keyboard);
    assert_int_equal(platform_count("{ IOProviderClass = IOHIDEventService; }"), 1); /* not its event node */
    platform_end();
}

TEST(disks)
{
    begin();
    IOService *efi = platform_get("{ IOProviderClass = IOMedia; 'BSD Name' = sda1; }");
    platform_isNamed(efi, "EFI System", "1");
    assert_string_equal(platform_string(efi, "Content"), "C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    assert_string_equal(platform_string(efi, "Content Hint"), "C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    assert_string_equal(platform_string(efi, "UUID"), "0B1C2D3E-0001-4000-8000-0123456789AB");
    assert_int_equal(platform_number(efi, "Size"), 1048576ull * 512);
    assert_int_equal(platform_number(efi, "Partition ID"), 1);
    assert_int_equal(platform_number(efi, "BSD Minor"), 1);
    assert_true(platform_boolean(efi, "Writable"));
    assert_true(platform_boolean(efi, "Leaf"));
    assert_false(platform_boolean(efi, "Whole"));
    IOService *readOnly = platform_get("{ 'BSD Name' = sda2; Writable = .false.; }");
    platform_isNamed(readOnly, "sda2", "2");

    IOService *whole = platform_provider(platform_provider(efi, "IOGUIDPartitionScheme"), "IOMedia");
    platform_isNamed(whole, "ATA WDC WD10EZEX-08W Media", NULL);
    assert_string_equal(platform_string(whole, "Content"), "GUID_partition_scheme");
    assert_int_equal(platform_number(whole, "Size"), 1953525168ull * 512);
    assert_int_equal(platform_number(whole, "Preferred Block Size"), 512);
    assert_int_equal(platform_number(whole, "BSD Major"), 8);
    assert_true(platform_boolean(whole, "Whole"));
    assert_false(platform_boolean(whole, "Leaf"));
    assert_false(platform_boolean(whole, "Removable"));

    IOService *driver = platform_provider(whole, "IOBlockStorageDriver");
    IOService *disk   = platform_provider(driver, "IOBlockStorageDevice");
    assert_true(platform_has(driver, "Statistics"));
    assert_string_equal(platform_stringIn(disk, "Device Characteristics", "Vendor Name"), "ATA");
    assert_string_equal(platform_stringIn(disk, "Device Characteristics", "Product Name"), "WDC WD10EZEX-08W");
    assert_string_equal(platform_stringIn(disk, "Device Characteristics", "Product Revision Level"), "1A01");
    assert_string_equal(platform_stringIn(disk, "Device Characteristics", "Serial Number"), "WD-WCC6Y0");
    assert_string_equal(platform_stringIn(disk, "Device Characteristics", "Medium Type"), "Rotational");
    assert_string_equal(platform_stringIn(disk, "Protocol Characteristics", "Physical Interconnect"), "SATA");
    standsAt(efi, "/pci8086,2d3@17/sda/IOBlockStorageDriver/ATA WDC WD10EZEX-08W Media/IOGUIDPartitionScheme/EFI System@1");
    platform_end();
}

TEST(more_disks)
{
    begin();
    IOService *part = platform_get("{ 'BSD Name' = nvme0n1p1; }");
    assert_string_equal(platform_string(part, "UUID"), "DEADBEEF-01");
    IOService *whole = platform_provider(platform_provider(part, "IOFDiskPartitionScheme"), "IOMedia");
    platform_isNamed(whole, "Samsung SSD 970 EVO Media", NULL);
    IOService *nvme = platform_provider(platform_provider(whole, "IOBlockStorageDriver"), "IOBlockStorageDevice");
    assert_string_equal(platform_stringIn(nvme, "Device Characteristics", "Medium Type"), "Solid State");
    assert_string_equal(platform_stringIn(nvme, "Device Characteristics", "Serial Number"), "S466NX0K");
    assert_string_equal(platform_stringIn(nvme, "Protocol Characteristics", "Physical Interconnect"), "PCI-Express");

    IOService *stick = platform_get("{ 'BSD Name' = sdb; Removable = .true.; Ejectable = .true.; Leaf = .true.; }");
    IOService *usb   = platform_provider(platform_provider(stick, "IOBlockStorageDriver"), "IOBlockStorageDevice");
    platform_provider(usb, "IOUSBHostInterface");
    assert_string_equal(platform_stringIn(usb, "Protocol Characteristics", "Physical Interconnect"), "USB");

    IOService *reader = platform_get("{ IOProviderClass = IOBlockStorageDevice; IONameMatch = sdc; }"); /* empty */
    assert_null(platform_below(reader, "IOMedia"));
    assert_non_null(platform_below(reader, "IOBlockStorageDriver"));
    platform_end();
}

TEST(open_media)
{
    begin();
    IOService *media = platform_get("{ 'BSD Name' = sdb; }");
    IOService *other = platform_get("{ 'BSD Name' = sda; }"); /* any service can be the client */
    assert_true(IOService_open(media, other, 0, NULL));
    assert_true(platform_boolean(media, "Open"));
    assert_non_null(platform_find("{ 'BSD Name' = sdb; Open = .true.; }"));
    IOService_close(media, other, 0);
    assert_false(platform_boolean(media, "Open"));
    platform_end();
}

TEST(sound_and_graphics)
{
    begin();
    IOService *card = platform_get("{ IOProviderClass = IOAudioDevice; }");
    assert_string_equal(platform_string(card, "IOAudioDeviceName"), "PCH");
    assert_int_equal(platform_count("{ IOProviderClass = IOAudioEngine; }"), 2);
    platform_provider(platform_get("{ IOProviderClass = IOAudioEngine; IONameMatch = pcmC0D0p; }"), "IOAudioDevice");

    IOService *accelerator = platform_get("{ IOProviderClass = IOAccelerator; }");
    platform_isNamed(accelerator, "i915", NULL);
    platform_isA(platform_provider(accelerator, "IOPCIDevice"), "IOPCIDevice");
    assert_int_equal(platform_count("{ IOProviderClass = IODisplayConnect; }"), 2);
    IOService *display = platform_get("{ IOProviderClass = IODisplay; }");
    platform_isNamed(display, "DELL U2720Q", NULL);
    platform_isNamed(platform_provider(display, "IODisplayConnect"), "HDMI-A-1", NULL);
    assert_int_equal(platform_number(display, "DisplayVendorID"), 0x10ac);
    assert_int_equal(platform_number(display, "DisplayProductID"), 0x1234);
    assert_int_equal(platform_number(display, "DisplaySerialNumber"), 0x12345678);
    assert_int_equal(platform_number(display, "DisplayYearManufacture"), 2020);
    platform_end();
}

TEST(power_and_sensors)
{
    begin();
    IOService *battery = platform_get("{ IOProviderClass = AppleSmartBattery; }"); /* the mouse's is none */
    assert_int_equal(platform_count("{ IOProviderClass = AppleSmartBattery; }"), 1);
    assert_int_equal(platform_number(battery, "CurrentCapacity"), 2500); /* mAh: 25 Wh at 10 V */
    assert_int_equal(platform_number(battery, "MaxCapacity"), 5000);
    assert_int_equal(platform_number(battery, "Voltage"), 11400);
    assert_int_equal((int32_t)platform_number(battery, "Amperage"), -1500);
    assert_int_equal(platform_number(battery, "CycleCount"), 42);
    assert_int_equal(platform_number(battery, "Temperature"), 3050);
    assert_false(platform_boolean(battery, "ExternalConnected"));
    assert_false(platform_boolean(battery, "IsCharging"));
    assert_false(platform_boolean(battery, "AtCriticalLevel"));
    assert_true(platform_boolean(battery, "built-in"));
    assert_string_equal(platform_string(battery, "DeviceName"), "5B10W");
    assert_int_equal(platform_count("{ IOProviderClass = IOPMPowerSource; }"), 3);

    IOService *sensor = platform_get("{ IOProviderClass = IOHWSensor; IONameMatch = IOHWSensor; }");
    assert_int_equal(platform_count("{ IOProviderClass = IOHWSensor; }"), 1);
    assert_string_equal(platform_string(sensor, "type"), "temperature");
    assert_string_equal(platform_string(sensor, "location"), "x86_pkg_temp");
    assert_int_equal(platform_number(sensor, "current-value"), 45 * 65536 + 32768);
    platform_end();
}

TEST(cpus)
{
    begin();
    IOService *cpu = platform_get("{ IOProviderClass = IOPlatformDevice; IONameMatch = cpu0; }");
    platform_hasPath(cpu, "IODeviceTree", "IODeviceTree:/cpus/cpu0@0");
    platform_hasData(cpu, "clock-frequency", "\0\x18\x0d\x8f", 4);                  /* 2.4 GHz */
    cpu = platform_get("{ IOProviderClass = IOPlatformDevice; IONameMatch = cpu1; }");
    platform_hasData(cpu, "clock-frequency", "\x00\xd3\xfb\x2f\x01\x00\x00\x00", 8); /* 5.1 GHz is more than 32 bits */
    platform_end();
}

int main(int argc, char **argv)
{
    static const TestCase tests[] = {RUN(pci), RUN(network), RUN(usb), RUN(serial), RUN(hid), RUN(disks), RUN(more_disks),
                                     RUN(open_media), RUN(sound_and_graphics), RUN(power_and_sensors), RUN(cpus)};
    testbed_preload(argv);
    return testMain(argc, argv, tests, sizeof tests / sizeof tests[0], &testbedHooks);
}
