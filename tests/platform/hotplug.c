/* SPDX-License-Identifier: MIT */
/*
 * Hot-plug on this machine: a TAP interface and a loop disk with partitions are made, found, renamed, removed. A process
 * without the rights (CAP_NET_ADMIN, a loop device) tells the platform the same stories on a made-up machine instead.
 */
#include "harness.h"
#include "testbed.h"

#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/if_tun.h>
#include <linux/loop.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform.h"

static bool isReal; /* constant after main's first lines */

/* ---- A network interface ---- */

typedef struct Tap {
    int          file; /* -1: on the made-up machine */
    struct ifreq request;
} Tap;

static void tellOfNet(const char *name, const char *action)
{
    char text[512], path[128];
    snprintf(path, sizeof path, "/sys/devices/virtual/net/%s", name);
    snprintf(text, sizeof text, "P: /devices/virtual/net/%s\nE: SUBSYSTEM=net\nE: INTERFACE=%s\nA: type=1\\n\n"
             "A: address=02:00:5e:10:00:01\\n\n", name, name);
    if (strcmp(action, "add") == 0)
        testbed_add(text);
    testbed_tell(path, action);
}

/* The interface exists when this returns; false without the right to make one. */
static bool makeTap(Tap *tap)
{
    *tap = (Tap){.file = open("/dev/net/tun", O_RDWR | O_CLOEXEC), .request.ifr_flags = IFF_TAP | IFF_NO_PI};
    strcpy(tap->request.ifr_name, "oiktap%d");
    if (tap->file >= 0 && ioctl(tap->file, TUNSETIFF, &tap->request) == 0)
        return true;
    if (tap->file >= 0)
        close(tap->file);
    tap->file = -1;
    return false;
}

static void addTap(Tap *tap)
{
    if (isReal) {
        assert_true(makeTap(tap));
        return;
    }
    tap->file = -1;
    strcpy(tap->request.ifr_name, "oiktap0");
    tellOfNet("oiktap0", "add");
}

static void getAddress(Tap *tap, uint8_t *bytes)
{
    static const uint8_t madeUp[6] = {2, 0, 0x5e, 0x10, 0, 1};
    memcpy(bytes, madeUp, 6);
    if (tap->file < 0)
        return;
    struct ifreq request = tap->request;
    int          sock    = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(ioctl(sock, SIOCGIFHWADDR, &request), 0);
    close(sock);
    memcpy(bytes, request.ifr_hwaddr.sa_data, 6);
}

static void renameTap(Tap *tap, const char *name)
{
    if (tap->file < 0) {
        tellOfNet(tap->request.ifr_name, "remove"); /* the library cannot tell of a move */
        tellOfNet(name, "add");
    } else {
        int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        strcpy(tap->request.ifr_newname, name);
        assert_int_equal(ioctl(sock, SIOCSIFNAME, &tap->request), 0);
        close(sock);
    }
    strcpy(tap->request.ifr_name, name);
}

static void removeTap(Tap *tap)
{
    if (tap->file < 0)
        tellOfNet(tap->request.ifr_name, "remove");
    else
        close(tap->file);
}

TEST(interface_comes_is_renamed_and_goes)
{
    Tap     tap;
    uint8_t address[6];
    char    newName[IFNAMSIZ];
    int     machine = platform_lockMachine(true);
    platform_start("linux");
    addTap(&tap);
    IOService *interface = platform_await("{ IOProviderClass = IOEthernetInterface; 'BSD Name' = '%s'; }", tap.request.ifr_name);
    getAddress(&tap, address);
    platform_hasData(platform_provider(interface, "IOEthernetController"), "IOMACAddress", address, sizeof address);
    assert_false(platform_boolean(interface, "IOBuiltin")); /* no hardware */
    assert_false(platform_boolean(interface, "IOPrimaryInterface"));

    snprintf(newName, sizeof newName, "oik%u", (unsigned)getpid());
    renameTap(&tap, newName);
    platform_awaitTermination(interface);
    interface = platform_await("{ IOProviderClass = IOEthernetInterface; 'BSD Name' = '%s'; }", newName);
    removeTap(&tap);
    platform_awaitTermination(interface);
    platform_end();
    close(machine);
}

/* ---- A disk ---- */

enum { kDiskBytes = 4 * 1024 * 1024, kPartitionSectors = 2048 };

typedef struct Loop {
    int  file; /* of the device; -1: on the made-up machine */
    char name[32];
} Loop;

/* A free device, opened; false without the right to use one. Another process may take it before it is bound. */
static bool openLoop(Loop *loop)
{
    char path[64];
    int  control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    int  number  = control >= 0 ? ioctl(control, LOOP_CTL_GET_FREE) : -1;
    if (control >= 0)
        close(control);
    snprintf(loop->name, sizeof loop->name, "loop%d", number);
    snprintf(path, sizeof path, "/dev/%s", loop->name);
    loop->file = number >= 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
    return loop->file >= 0;
}

static void tellOfLoop(const char *name, const char *devtype, unsigned sectors, const char *action)
{
    char text[512], path[128];
    snprintf(path, sizeof path, "/sys/devices/virtual/block/loop0%s%s", *name ? "/" : "", name);
    snprintf(text, sizeof text, "P: %s\nE: SUBSYSTEM=block\nE: DEVTYPE=%s\nA: size=%u\\n\nA: ro=0\\n\nA: partition=%s\\n\n",
             path + 4, devtype, sectors, *name ? name + 6 : "");
    if (strcmp(action, "add") == 0)
        testbed_add(text);
    umockdev_testbed_set_attribute_int(testbed_get(), path, "size", (int)sectors);
    testbed_tell(path, action);
}

/* As partx does: not every kernel reads partition tables. */
static void addPartition(const Loop *loop, int number)
{
    struct blkpg_partition partition = {.start = (long long)number * kPartitionSectors * 512,
                                        .length = kPartitionSectors * 512, .pno = number};
    struct blkpg_ioctl_arg argument  = {.op = BLKPG_ADD_PARTITION, .datalen = sizeof partition, .data = &partition};
    assert_int_equal(ioctl(loop->file, BLKPG, &argument), 0);
}

/* Puts memory in, and two partitions on it. */
static void bindLoop(Loop *loop)
{
    if (loop->file < 0) {
        tellOfLoop("", "disk", kDiskBytes / 512, "change");
        tellOfLoop("loop0p1", "partition", kPartitionSectors, "add");
        tellOfLoop("loop0p2", "partition", kPartitionSectors, "add");
        return;
    }
    int                image  = memfd_create("disk", MFD_CLOEXEC);
    struct loop_config config = {.fd = (uint32_t)image, .info.lo_flags = LO_FLAGS_PARTSCAN};
    assert_int_equal(ftruncate(image, kDiskBytes), 0);
    while (ioctl(loop->file, LOOP_CONFIGURE, &config) != 0) {
        close(loop->file);
        assert_true(openLoop(loop));
    }
    close(image);
    addPartition(loop, 1);
    addPartition(loop, 2);
}

static void unbindLoop(Loop *loop)
{
    if (loop->file < 0) {
        tellOfLoop("loop0p1", "partition", 0, "remove");
        tellOfLoop("loop0p2", "partition", 0, "remove");
        tellOfLoop("", "disk", 0, "change");
        return;
    }
    assert_int_equal(ioctl(loop->file, LOOP_CLR_FD), 0);
    close(loop->file);
}

TEST(loop_disk_comes_and_goes)
{
    Loop loop;
    int  machine = platform_lockMachine(true);
    if (isReal) {
        assert_true(openLoop(&loop));
    } else {
        loop.file = -1;
        testbed_add("P: /devices/virtual/block/loop0\nE: SUBSYSTEM=block\nE: DEVTYPE=disk\nA: size=0\\n\nA: ro=0\\n\n");
        strcpy(loop.name, "loop0");
    }
    platform_start("linux");
    bindLoop(&loop);
    IOService *whole  = platform_await("{ IOProviderClass = IOMedia; 'BSD Name' = '%s'; }", loop.name);
    IOService *first  = platform_await("{ IOProviderClass = IOMedia; 'BSD Name' = '%sp1'; }", loop.name);
    IOService *second = platform_await("{ IOProviderClass = IOMedia; 'BSD Name' = '%sp2'; }", loop.name);
    IOService *disk   = platform_provider(platform_provider(whole, "IOBlockStorageDriver"), "IOBlockStorageDevice");
    assert_int_equal(platform_number(whole, "Size"), kDiskBytes);
    assert_int_equal(platform_number(first, "Size"), kPartitionSectors * 512);
    assert_int_equal(platform_number(second, "Partition ID"), 2);
    assert_int_equal(platform_number(second, "BSD Unit"), platform_number(whole, "BSD Unit"));
    assert_ptr_equal(platform_provider(platform_provider(first, "IOPartitionScheme"), "IOMedia"), whole);
    assert_ptr_equal(platform_provider(second, "IOPartitionScheme"), platform_provider(first, "IOPartitionScheme"));
    assert_string_equal(platform_stringIn(disk, "Protocol Characteristics", "Physical Interconnect Location"), "File");

    unbindLoop(&loop);
    platform_awaitTermination(first);
    platform_awaitTermination(second);
    platform_awaitTermination(whole);
    assert_false(IOService_isInactive(disk)); /* the drive stays, empty */
    platform_end();
    close(machine);
}

static bool hasRights(void)
{
    Tap  tap;
    Loop loop;
    bool mayTap = makeTap(&tap), mayLoop = openLoop(&loop);
    if (mayTap)
        removeTap(&tap);
    if (mayLoop)
        close(loop.file);
    return mayTap && mayLoop;
}

int main(int argc, char **argv)
{
    static const TestCase tests[] = {RUN(interface_comes_is_renamed_and_goes), RUN(loop_disk_comes_and_goes)};
    isReal                        = hasRights();
    if (!isReal) {
        testbed_preload(argv);
        }
    return testMain(argc, argv, tests, sizeof tests / sizeof tests[0], isReal ? &platformTestHooks : &testbedHooks);
}
