/* SPDX-License-Identifier: MIT */
/* SEMANTICS 3.62: how media match; and the storage family's driver on a device whose medium comes and goes. */
#include "harness.h"

#include <string.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/storage/IOBlockStorageDriver.h>
#include <IOKit/storage/IOPartitionScheme.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSUnserialize.h>

#include "families.h"

/* A device with a medium that the test puts in and takes out. */
OSDeclareClass(FakeDisk);
struct FakeDisk {
    IOBlockStorageDevice super;
    uint64_t             bytes; /* 0: no medium */
};

static bool FakeDisk_getMedia(IOBlockStorageDevice *device, IOMediaDescription *ret_media)
{
    FakeDisk *self = OSRequiredCast(FakeDisk, device);
    if (self->bytes == 0)
        return false;
    *ret_media = (IOMediaDescription){
        .name = "Fake Media", .bsdName = "fake0", .size = self->bytes, .blockSize = 512, .isWritable = true};
    return true;
}

static bool FakeDisk_getStatistics(IOBlockStorageDevice *device, IOBlockStorageStatistics *ret_statistics)
{
    *ret_statistics = (IOBlockStorageStatistics){.bytesRead = 4096, .reads = 1};
    return true;
}

OSDefineClass(FakeDisk, IOBlockStorageDevice, .getMedia = FakeDisk_getMedia, .getStatistics = FakeDisk_getStatistics);

enum { kWaitNanoseconds = 1000000000 };

static void addPersonality(void)
{
    static OSMetaClass *const classes[] = {&FakeDisk_class};
    static const OSClassList  list      = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("test.fake", &list), kOSReturnSuccess);
    OSArray *personalities = OSRequiredCast(
        OSArray, OSUnserialize("({ IOProviderClass = IOBlockStorageDevice; IOClass = IOBlockStorageDriver; })", NULL));
    assert_true(IOCatalogue_addDrivers(personalities, false));
    OSRelease(personalities);
}

static FakeDisk *plugIn(uint64_t bytes)
{
    FakeDisk *disk = OSTypeAlloc(FakeDisk);
    disk->bytes    = bytes;
    assert_true(IORegistryEntry_init(&disk->super.super.super, NULL));
    assert_true(IOService_attach(&disk->super.super, IOService_getServiceRoot()));
    IOService_registerService(&disk->super.super);
    assert_int_equal(IOKit_quiesce(kWaitNanoseconds), kIOReturnSuccess);
    return disk;
}

static void unplug(FakeDisk *disk)
{
    IOService_terminate(&disk->super.super, 0);
    OSRelease(disk);
    assert_int_equal(IOKit_quiesce(kWaitNanoseconds), kIOReturnSuccess);
    IOCatalogue_shutdown();
}

/* +1 or NULL. */
static IOService *copyMedia(void)
{
    OSDictionary *matching = OSRequiredCast(OSDictionary, OSUnserialize("{ 'BSD Name' = fake0; }", NULL));
    IOService    *media    = IOService_copyMatchingService(matching);
    OSRelease(matching);
    return media;
}

TEST(medium_is_published_below_its_driver)
{
    addPersonality();
    FakeDisk  *disk   = plugIn(1 << 20);
    IOService *media  = copyMedia();
    IOService *driver = IOService_copyProvider(media);
    assert_non_null(OSDynamicCast(IOMedia, media));
    assert_non_null(OSDynamicCast(IOBlockStorageDriver, driver));
    assert_ptr_equal(IOService_getProvider(driver), &disk->super.super);
    OSRelease(driver);
    OSRelease(media);
    unplug(disk);
}

static void tellOfChange(FakeDisk *disk, uint64_t bytes)
{
    disk->bytes = bytes;
    (void)IOService_messageClients(&disk->super.super, (uint32_t)kIOMessageMediaStateHasChanged, NULL, 0);
    assert_int_equal(IOKit_quiesce(kWaitNanoseconds), kIOReturnSuccess);
}

TEST(medium_comes_and_goes)
{
    addPersonality();
    FakeDisk *disk = plugIn(0);
    assert_null(copyMedia());
    tellOfChange(disk, 1 << 20);
    IOService *first = copyMedia();
    assert_non_null(first);
    tellOfChange(disk, 1 << 20); /* nothing changed */
    IOService *same = copyMedia();
    assert_ptr_equal(same, first);
    OSRelease(same);
    tellOfChange(disk, 1 << 21); /* another one */
    IOService *second = copyMedia();
    assert_non_null(second);
    assert_ptr_not_equal(second, first);
    OSRelease(second);
    OSRelease(first);
    tellOfChange(disk, 0);
    assert_null(copyMedia());
    unplug(disk);
}

static int32_t matchMedium(const char *table)
{
    const IOMediaDescription description = {.name = "Media", .bsdName = "fake0", .content = "48465300", .uuid = "U-1",
                                            .size = 1 << 20, .blockSize = 512, .isWritable = true, .isEjectable = true};
    IOMedia *media = OSTypeAlloc(IOMedia);
    assert_true(IOMedia_initWithDescription(media, &description));
    int32_t score = families_match(&media->super.super, table);
    OSRelease(media);
    return score;
}

TEST(3_62_media_keys)
{
    static const struct {
        const char *matching, *other;
    } rows[] = {
        {"{ Content = '48465300'; }", "{ Content = 'x'; }"},
        {"{ 'Content Hint' = '48465300'; }", "{ 'Content Hint' = 'x'; }"},
        {"{ Ejectable = .true.; }", "{ Ejectable = .false.; }"},
        {"{ Leaf = .true.; }", "{ Leaf = .false.; }"},
        {"{ Open = .false.; }", "{ Open = .true.; }"},
        {"{ 'Preferred Block Size' = 512:32; }", "{ 'Preferred Block Size' = 4096:32; }"},
        {"{ Removable = .false.; }", "{ Removable = .true.; }"},
        {"{ Size = 0x100000:64; }", "{ Size = 1:64; }"},
        {"{ UUID = 'U-1'; }", "{ UUID = 'U-2'; }"},
        {"{ Whole = .true.; }", "{ Whole = .false.; }"},
        {"{ Writable = .true.; }", "{ Writable = .false.; }"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_not_equal(matchMedium(rows[i].matching), kNoMatch);
        assert_int_equal(matchMedium(rows[i].other), kNoMatch);
    }
}

/* The pool's symbols and the catalogue's tables stay: the process ends with the test. */
TEST_MAIN_WITH(familyTestHooks, RUN_KEEPS(medium_is_published_below_its_driver), RUN_KEEPS(medium_comes_and_goes),
               RUN(3_62_media_keys))
