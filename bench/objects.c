/* SPDX-License-Identifier: MIT */
/*
 * What every call of the kit pays, beside GObject's: casts to the object's own class, to a class far up and to one it is
 * not of; retain and release; making and freeing an instance. Both sides have a chain of three classes below the root.
 * The rounds are interleaved; the medians are nanoseconds for one operation. The goal is a ratio of at most 1.
 *
 *     bench-objects [ROUNDS]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib-object.h>

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

enum { kOperations = 100000, kRoundsMax = 501, kDefaultRounds = 51 };

/* ---- Our classes --------------------------------------------------------------------------------------------- */

OSDeclareBaseClass(BenchDevice);
struct BenchDeviceMethods {
    OSObject_METHODS
};
struct BenchDevice {
    OSObject super;
};
OSDefineBaseClass(BenchDevice, OSObject);

OSDeclareBaseClass(BenchDisk);
struct BenchDiskMethods {
    OSObject_METHODS
};
struct BenchDisk {
    BenchDevice super;
};
OSDefineBaseClass(BenchDisk, BenchDevice);

OSDeclareClass(BenchFlash);
struct BenchFlash {
    BenchDisk super;
};
OSDefineClass(BenchFlash, BenchDisk);

static OSMetaClass *const classes[] = {&BenchDevice_class, &BenchDisk_class, &BenchFlash_class};

/* ---- The same in GObject ------------------------------------------------------------------------------------- */

GType g_bench_device_get_type(void);
GType g_bench_disk_get_type(void);
GType g_bench_flash_get_type(void);

typedef struct {
    GObject parent;
} GBenchDevice;
typedef struct {
    GObjectClass parent;
} GBenchDeviceClass;
G_DEFINE_TYPE(GBenchDevice, g_bench_device, G_TYPE_OBJECT)

typedef struct {
    GBenchDevice parent;
} GBenchDisk;
typedef struct {
    GBenchDeviceClass parent;
} GBenchDiskClass;
G_DEFINE_TYPE(GBenchDisk, g_bench_disk, g_bench_device_get_type())

typedef struct {
    GBenchDisk parent;
} GBenchFlash;
typedef struct {
    GBenchDiskClass parent;
} GBenchFlashClass;
G_DEFINE_TYPE(GBenchFlash, g_bench_flash, g_bench_disk_get_type())

static void g_bench_device_init(GBenchDevice *self) {}
static void g_bench_device_class_init(GBenchDeviceClass *klass) {}
static void g_bench_disk_init(GBenchDisk *self) {}
static void g_bench_disk_class_init(GBenchDiskClass *klass) {}
static void g_bench_flash_init(GBenchFlash *self) {}
static void g_bench_flash_class_init(GBenchFlashClass *klass) {}

/* ---- Operations ---------------------------------------------------------------------------------------------- */

static OSObject *ours;
static GObject  *theirs;

/* Hides from the compiler that a value is not used, and that a variable did not change. */
#define KEEP(value) __asm__ volatile("" ::"r"(value) : "memory")

static void ourExactCast(void)
{
    KEEP(OSDynamicCast(BenchFlash, ours));
}

static void ourUpCast(void)
{
    KEEP(OSDynamicCast(BenchDevice, ours));
}

static void ourFailedCast(void)
{
    KEEP(OSDynamicCast(OSString, ours));
}

static void ourRetainRelease(void)
{
    OSRetain(ours);
    OSRelease(ours);
}

static void ourMakeAndFree(void)
{
    BenchFlash *flash = OSTypeAlloc(BenchFlash);
    OSRelease(flash);
}

static void theirCast(GType type)
{
    KEEP(G_TYPE_CHECK_INSTANCE_TYPE(theirs, type) ? theirs : NULL);
}

static GType flashType, deviceType, otherType; /* looked up once, not in each cast */

static void theirExactCast(void)
{
    theirCast(flashType);
}

static void theirUpCast(void)
{
    theirCast(deviceType);
}

static void theirFailedCast(void)
{
    theirCast(otherType);
}

static void theirRetainRelease(void)
{
    g_object_ref(theirs);
    g_object_unref(theirs);
}

static void theirMakeAndFree(void)
{
    g_object_unref(g_object_new(flashType, NULL));
}

/* ---- Measuring ----------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    void (*operation[2])(void); /* ours, GObject's */
    double nanoseconds[2][kRoundsMax];
} Row;

static Row rows[] = {
    {"cast to the object's class", {ourExactCast, theirExactCast}, {{0}}},
    {"cast two classes up", {ourUpCast, theirUpCast}, {{0}}},
    {"cast to a class it is not of", {ourFailedCast, theirFailedCast}, {{0}}},
    {"retain and release", {ourRetainRelease, theirRetainRelease}, {{0}}},
    {"make and free", {ourMakeAndFree, theirMakeAndFree}, {{0}}},
};

static double measure(void (*operation)(void))
{
    uint64_t start = IOUptimeNanoseconds();
    for (unsigned i = 0; i < kOperations; i++)
        operation();
    return (double)(IOUptimeNanoseconds() - start) / kOperations;
}

static int compareNumbers(const void *first, const void *second)
{
    double difference = *(const double *)first - *(const double *)second;
    return (difference > 0) - (difference < 0);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compareNumbers);
    return values[count / 2];
}

int main(int argc, char **argv)
{
    const OSClassList list   = {classes, sizeof classes / sizeof classes[0]};
    unsigned          rounds = argc > 1 ? (unsigned)atoi(argv[1]) : kDefaultRounds;
    if (rounds < 1 || rounds > kRoundsMax || OSMetaClass_registerModule("bench.objects", &list) != kOSReturnSuccess)
        return 1;
    flashType  = g_bench_flash_get_type();
    deviceType = g_bench_device_get_type();
    otherType  = G_TYPE_INITIALLY_UNOWNED;
    ours       = OSMetaClass_alloc(&BenchFlash_class);
    theirs     = g_object_new(flashType, NULL);

    for (unsigned round = 0; round < rounds; round++)
        for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++)
            for (unsigned side = 0; side < 2; side++)
                rows[row].nanoseconds[side][round] = measure(rows[row].operation[side]);

    printf("%-30s %10s %10s %8s   (ns, medians of %u rounds)\n", "", "ours", "GObject", "ratio", rounds);
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        double our   = median(rows[row].nanoseconds[0], rounds);
        double their = median(rows[row].nanoseconds[1], rounds);
        printf("%-30s %10.2f %10.2f %8.2f\n", rows[row].name, our, their, our / their);
    }
    OSRelease(ours);
    g_object_unref(theirs);
    return 0;
}
