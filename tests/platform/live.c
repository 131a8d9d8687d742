/* SPDX-License-Identifier: MIT */
/* The platform linux on this machine: what /sys lists is in the registry. The test reads /sys with plain files. */
#include "harness.h"

#include <dirent.h>
#include <inttypes.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform.h"

/* First line of the file, or NULL. */
static const char *readFile(const char *folder, const char *name, const char *attribute)
{
    static char text[512];
    char        path[1024];
    snprintf(path, sizeof path, "%s/%s/%s", folder, name, attribute);
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length]              = 0;
    text[strcspn(text, "\n")] = 0;
    return text;
}

static uint64_t readNumber(const char *folder, const char *name, const char *attribute)
{
    const char *text = readFile(folder, name, attribute);
    if (!text)
        fail_msg("%s/%s/%s", folder, name, attribute);
    return strtoull(text, NULL, 0);
}

/* Calls look for each entry of a folder; a folder that is not there has none. Returns their number. */
static unsigned forEach(const char *folder, void (*look)(const char *folder, const char *name))
{
    DIR      *dir   = opendir(folder);
    unsigned  count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        look(folder, entry->d_name);
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

static void hasData32(IOService *service, const char *key, uint64_t value)
{
    const uint8_t bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24 & 0xff};
    platform_hasData(service, key, bytes, sizeof bytes);
}

/* ---- PCI ---- */

static void lookAtFunction(const char *folder, const char *name)
{
    unsigned domain, bus, slot, function;
    char     debug[32], location[16];
    assert_int_equal(sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &function), 4);
    snprintf(debug, sizeof debug, "%u:%u:%u", bus, slot, function);
    snprintf(location, sizeof location, function ? "%X,%X" : "%X", slot, function);

    IOService *nub = platform_get("{ IOProviderClass = IOPCIDevice; IOPropertyMatch = { pcidebug = '%s'; }; }", debug);
    hasData32(nub, "vendor-id", readNumber(folder, name, "vendor"));
    hasData32(nub, "device-id", readNumber(folder, name, "device"));
    hasData32(nub, "class-code", readNumber(folder, name, "class"));
    hasData32(nub, "revision-id", readNumber(folder, name, "revision"));
    hasData32(nub, "subsystem-vendor-id", readNumber(folder, name, "subsystem_vendor"));
    hasData32(nub, "subsystem-id", readNumber(folder, name, "subsystem_device"));
    assert_string_equal(IORegistryEntry_getLocation(&nub->super, NULL), location);
    platform_isA(IOService_getProvider(nub), "IOPCIBridge");
    assert_true(IORegistryEntry_inPlane(&nub->super, IORegistryEntry_getPlane("IODeviceTree")));
}

TEST(pci_functions)
{
    int machine = platform_lockMachine(false);
    platform_start("linux");
    unsigned count = forEach("/sys/bus/pci/devices", lookAtFunction);
    assert_int_equal(platform_count("{ IOProviderClass = IOPCIDevice; }"), count);
    platform_end();
    close(machine);
}

/* ---- Disks ---- */

static void lookAtMedium(IOService *media, const char *name, const char *folder)
{
    platform_isA(media, "IOMedia");
    assert_string_equal(platform_string(media, "BSD Name"), name);
    assert_int_equal(platform_number(media, "Size"), readNumber(folder, name, "size") * 512);
    assert_int_equal(platform_boolean(media, "Writable"), readNumber(folder, name, "ro") == 0);
    assert_false(platform_boolean(media, "Open"));
    unsigned major, minor;
    assert_int_equal(sscanf(readFile(folder, name, "dev"), "%u:%u", &major, &minor), 2);
    assert_int_equal(platform_number(media, "BSD Major"), major);
    assert_int_equal(platform_number(media, "BSD Minor"), minor);
}

static void lookAtPartition(const char *folder, const char *name)
{
    if (!readFile(folder, name, "partition"))
        return; /* a folder of the disk's that is none */
    IOService *media = platform_get("{ 'BSD Name' = '%s'; }", name);
    lookAtMedium(media, name, folder);
    assert_false(platform_boolean(media, "Whole"));
    assert_int_equal(platform_number(media, "Partition ID"), readNumber(folder, name, "partition"));
    IOService *whole = platform_provider(platform_provider(media, "IOPartitionScheme"), "IOMedia");
    assert_false(platform_boolean(whole, "Leaf"));
    assert_true(platform_boolean(whole, "Whole"));
}

static void lookAtDisk(const char *folder, const char *name)
{
    char       path[1024];
    IOService *disk = platform_get("{ IOProviderClass = IOBlockStorageDevice; IONameMatch = '%s'; }", name);
    IOService *media = platform_find("{ 'BSD Name' = '%s'; }", name);
    platform_stringIn(disk, "Device Characteristics", "Medium Type");
    platform_stringIn(disk, "Protocol Characteristics", "Physical Interconnect");
    platform_isA(platform_below(disk, "IOBlockStorageDriver"), "IOBlockStorageDriver");
    if (readNumber(folder, name, "size") == 0) {
        assert_null(media);
        return;
    }
    assert_non_null(media);
    lookAtMedium(media, name, folder);
    assert_true(platform_boolean(media, "Whole"));
    assert_int_equal(platform_number(media, "Preferred Block Size"), readNumber(folder, name, "queue/logical_block_size"));
    assert_ptr_equal(platform_provider(platform_provider(media, "IOBlockStorageDriver"), "IOBlockStorageDevice"), disk);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    forEach(path, lookAtPartition);
}

TEST(disks_and_partitions)
{
    int machine = platform_lockMachine(false);
    platform_start("linux");
    unsigned count = forEach("/sys/block", lookAtDisk);
    assert_int_equal(platform_count("{ IOProviderClass = IOBlockStorageDevice; }"), count);
    platform_end();
    close(machine);
}

/* ---- Network interfaces ---- */

static unsigned loopbacks;

static void lookAtInterface(const char *folder, const char *name)
{
    if (readNumber(folder, name, "type") == ARPHRD_LOOPBACK) {
        loopbacks++;
        assert_null(platform_find("{ 'BSD Name' = '%s'; }", name));
        return;
    }
    IOService  *interface = platform_get("{ IOProviderClass = IONetworkInterface; 'BSD Name' = '%s'; }", name);
    IOService  *controller = platform_provider(interface, "IONetworkController");
    const char *address    = readFile(folder, name, "address");
    uint8_t     bytes[6];
    if (readNumber(folder, name, "type") == ARPHRD_ETHER) {
        platform_isA(interface, "IOEthernetInterface");
        address = readFile(folder, name, "address");
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)strtoul(address + 3 * i, NULL, 16);
        platform_hasData(controller, "IOMACAddress", bytes, sizeof bytes);
    }
    assert_int_equal(platform_number(interface, "IOMaxTransferUnit"), readNumber(folder, name, "mtu"));
    assert_false(IOService_getState(controller) & kIOServiceRegisteredState); /* not itself matchable */
}

TEST(network_interfaces)
{
    int machine = platform_lockMachine(false);
    platform_start("linux");
    unsigned count = forEach("/sys/class/net", lookAtInterface);
    assert_int_equal(platform_count("{ IOProviderClass = IONetworkInterface; }"), count - loopbacks);
    platform_end();
    close(machine);
}

/* ---- CPUs and the machine ---- */

TEST(cpus)
{
    char path[128];
    long count = sysconf(_SC_NPROCESSORS_CONF);
    int machine = platform_lockMachine(false);
    platform_start("linux");
    for (long i = 0; i < count; i++) {
        snprintf(path, sizeof path, "IODeviceTree:/cpus/cpu%ld@%lx", i, i);
        IORegistryEntry *entry = IORegistryEntry_fromPath(path, NULL, NULL, NULL, NULL);
        assert_non_null(entry);
        IOService *cpu = OSRequiredCast(IOService, entry);
        assert_int_equal(platform_number(cpu, "logical-cpu-id"), i);
        platform_hasData(cpu, "device_type", "cpu", 4);
        platform_hasData(cpu, "cluster-type", "P", 2);
        OSRelease(entry);
    }
    assert_int_equal(platform_count("{ IOProviderClass = IOPlatformDevice; IONameMatch = cpu; }"), count);
    platform_end();
    close(machine);
}

TEST(machine)
{
    int machine = platform_lockMachine(false);
    platform_start("linux");
    IOService  *root  = IOService_getServiceRoot();
    const char *model   = IORegistryEntry_getName(&root->super, NULL);
    platform_hasData(root, "model", model, (unsigned)strlen(model) + 1);
    if (access("/etc/machine-id", R_OK) == 0 || access("/sys/class/dmi/id/product_uuid", R_OK) == 0)
        assert_int_equal(strlen(platform_string(root, "IOPlatformUUID")), 36);
    platform_end();
    close(machine);
}

TEST_MAIN_WITH(platformTestHooks, RUN(pci_functions), RUN(disks_and_partitions), RUN(network_interfaces), RUN(cpus),
               RUN(machine))
