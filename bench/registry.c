/* SPDX-License-Identifier: MIT */
/*
 * The registry: what an entry with 20 properties costs in memory, and what attaching, finding and detaching cost with
 * 1,000 and with 1,000,000 entries under one parent.
 *
 *     bench-registry [LARGE]        LARGE: instead of 1,000,000
 *
 * Memory is what malloc says is in use, its own overhead included (mallinfo2), over 100,000 entries with mixed
 * properties, attached, named and found by ID. Times are means over all entries of one run, in nanoseconds.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IORegistryEntry.h>
#include <IOKit/IOService.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>

enum { kMeasured = 100000, kSmall = 1000, kDefaultLarge = 1000000, kMemoryGoal = 2048 };

static const IORegistryPlane *plane;

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench-registry: %s\n", what);
    exit(1);
}

/* ---- Memory ---- */

static void setString(IORegistryEntry *entry, const char *key, const char *text, unsigned number)
{
    char      full[64];
    OSString *string;
    snprintf(full, sizeof full, "%s%u", text, number);
    string = OSString_withCString(full);
    require(IORegistryEntry_setProperty(entry, key, OSObjectOf(string)), "no memory");
    OSRelease(string);
}

static void setDictionary(IORegistryEntry *entry, const char *key, unsigned number)
{
    OSDictionary *dict  = OSDictionary_withCapacity(2);
    OSNumber     *value = OSNumber_withNumber(number, 32);
    OSDictionary_setObject(dict, "IOPowerState", OSObjectOf(value));
    OSDictionary_setObject(dict, "MaxPowerState", OSObjectOf(value));
    require(IORegistryEntry_setProperty(entry, key, OSObjectOf(dict)), "no memory");
    OSRelease(value);
    OSRelease(dict);
}

/* 20 properties as a PCI function has them: 7 numbers, 5 strings of its own, 1 that others share, 5 data, a boolean, a
 * dictionary. */
static void setProperties(IORegistryEntry *entry, unsigned i)
{
    static const char *const numbers[] = {"IOChildIndex",       "IOPCIResourced",   "IOInterruptCount", "idVendor",
                                          "IOProbeScoreOffset", "AAPL,slot-number", "IOMaxBusyTime"};
    static const char *const data[]    = {"vendor-id", "device-id", "class-code", "revision-id"};
    char                     reg[40]   = {0};
    for (unsigned n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
        require(IORegistryEntry_setPropertyNumber(entry, numbers[n], i * 7 + n, n % 2 ? 32 : 64), "no memory");
    for (unsigned n = 0; n < sizeof data / sizeof data[0]; n++)
        require(IORegistryEntry_setPropertyData(entry, data[n], &i, sizeof i), "no memory");
    require(IORegistryEntry_setPropertyData(entry, "reg", reg, sizeof reg), "no memory");
    setString(entry, "IOName", "pci8086,", i);
    setString(entry, "pcidebug", "0:31:", i);
    setString(entry, "IOServiceDEXTEntitlements", "com.example.transport.", i);
    setString(entry, "compatible", "pci8086,1234 pciclass,0c0330 ", i);
    setString(entry, "acpi-path", "IOACPIPlane:/_SB/PCI0@0/RP", i);
    require(IORegistryEntry_setPropertyString(entry, "IOProviderClass", "IOPCIDevice"), "no memory");
    require(IORegistryEntry_setPropertyBoolean(entry, "built-in", i % 2), "no memory");
    setDictionary(entry, "IOPowerManagement", i);
}

static IORegistryEntry *addEntry(IORegistryEntry *parent, unsigned i)
{
    char             text[16];
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    require(entry && IORegistryEntry_init(entry, NULL), "no memory");
    snprintf(text, sizeof text, "nub%u", i);
    IORegistryEntry_setName(entry, text, NULL);
    snprintf(text, sizeof text, "%x", i);
    IORegistryEntry_setLocation(entry, text, NULL);
    require(IORegistryEntry_attachToParent(entry, parent, plane), "no memory");
    return entry;
}

static size_t bytesInUse(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static double bytesAnEntry(IORegistryEntry *parent, bool properties)
{
    size_t before = bytesInUse();
    for (unsigned i = 0; i < kMeasured; i++) {
        IORegistryEntry *entry = addEntry(parent, i);
        if (properties)
            setProperties(entry, i);
        OSRelease(entry);
    }
    double bytes = (double)(bytesInUse() - before) / kMeasured;
    require(IORegistryEntry_detachAll(parent, plane), "no memory");
    return bytes;
}

/* ---- Memory of services ---- */

enum { kSiblings = 1000, kProviders = kMeasured / kSiblings };

static IOService *addService(IOService *provider, unsigned i, bool properties)
{
    char       text[16];
    IOService *service = OSTypeAlloc(IOService);
    require(service && IOService_init(service, NULL), "no memory");
    snprintf(text, sizeof text, "nub%u", i);
    IORegistryEntry_setName(&service->super, text, NULL);
    snprintf(text, sizeof text, "%x", i % kSiblings);
    IORegistryEntry_setLocation(&service->super, text, NULL);
    if (properties)
        setProperties(&service->super, i);
    require(IOService_attach(service, provider), "a service does not attach");
    OSRelease(service);
    return service;
}

/* Registered services, each provider with as many as a bus may have. They stay. */
static double bytesAService(void)
{
    IOService *providers[kProviders];
    for (unsigned i = 0; i < kProviders; i++)
        providers[i] = addService(IOService_getServiceRoot(), i, false);
    size_t before = bytesInUse();
    for (unsigned i = 0; i < kMeasured; i++) {
        IOService *service = addService(providers[i / kSiblings], i, true);
        IOService_registerServiceWithOptions(service, kIOServiceSynchronous);
    }
    require(IOKit_quiesce(UINT64_MAX) == kIOReturnSuccess, "the kit does not come to rest");
    return (double)(bytesInUse() - before) / kMeasured;
}

/* ---- Time ---- */

typedef struct Figures {
    double attach, byPath, byLocation, byID, detachFirst, detachLast; /* nanoseconds each */
} Figures;

static uint64_t started;

static void startClock(void)
{
    started = IOUptimeNanoseconds();
}

static double nanosecondsEach(unsigned count)
{
    return (double)(IOUptimeNanoseconds() - started) / count;
}

/* Every entry once, in an order that caches do not help. */
static unsigned scattered(unsigned i, unsigned count)
{
    return (unsigned)((uint64_t)i * 2654435761u % count);
}

static double lookUp(unsigned count, unsigned lookups, const char *format)
{
    char path[32];
    startClock();
    for (unsigned i = 0; i < lookups; i++) {
        snprintf(path, sizeof path, format, scattered(i, count));
        IORegistryEntry *found = IORegistryEntry_fromPath(path, plane, NULL, NULL, NULL);
        require(found, "an entry is not found by its path");
        OSRelease(found);
    }
    return nanosecondsEach(lookups);
}

static double lookUpIDs(uint64_t first, unsigned count, unsigned lookups)
{
    startClock();
    for (unsigned i = 0; i < lookups; i++) {
        IORegistryEntry *found = IORegistryEntry_copyByID(first + scattered(i, count));
        require(found, "an entry is not found by its ID");
        OSRelease(found);
    }
    return nanosecondsEach(lookups);
}

static Figures measure(IORegistryEntry *parent, unsigned count)
{
    enum { kLookups = 200000 };
    IORegistryEntry **entries = calloc(count, sizeof(IORegistryEntry *));
    Figures           figures = {0};
    require(entries, "no memory");
    for (unsigned i = 0; i < count; i++) {
        entries[i] = addEntry(parent, i);
        IORegistryEntry_detachFromParent(entries[i], parent, plane);
    }
    startClock();
    for (unsigned i = 0; i < count; i++)
        IORegistryEntry_attachToParent(entries[i], parent, plane);
    figures.attach     = nanosecondsEach(count);
    figures.byPath     = lookUp(count, kLookups, "/nub%u");
    figures.byLocation = lookUp(count, kLookups, "/@%x");
    figures.byID       = lookUpIDs(IORegistryEntry_getRegistryEntryID(entries[0]), count, kLookups);
    startClock();
    for (unsigned i = 0; i < count; i++)
        IORegistryEntry_detachFromParent(entries[i], parent, plane);
    figures.detachFirst = nanosecondsEach(count);
    for (unsigned i = 0; i < count; i++)
        IORegistryEntry_attachToParent(entries[i], parent, plane);
    startClock();
    for (unsigned i = count; i-- > 0;)
        IORegistryEntry_detachFromParent(entries[i], parent, plane);
    figures.detachLast = nanosecondsEach(count);
    for (unsigned i = 0; i < count; i++)
        OSRelease(entries[i]);
    free(entries);
    return figures;
}

static void printRow(const char *what, double small, double large)
{
    printf("%-34s %10.0f %10.0f %8.2f\n", what, small, large, large / small);
}

int main(int argc, char **argv)
{
    unsigned         large  = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : kDefaultLarge;
    require(large > 0, "usage: bench-registry [LARGE]");
    require(IOKit_initialize() == kIOReturnSuccess, "the kit does not start");
    IORegistryEntry *root   = IORegistryEntry_getRegistryRoot();
    IORegistryEntry *parent = OSTypeAlloc(IORegistryEntry);
    require(parent && IORegistryEntry_init(parent, NULL), "no memory");
    plane = IORegistryEntry_makePlane("Bench");
    require(plane, "no memory");

    IORegistryEntry_attachToParent(parent, root, plane);
    printf("memory of an attached entry with a name and a location, bytes:\n");
    printf("  without properties               %10.0f\n", bytesAnEntry(parent, false));
    IORegistryEntry_attachToParent(parent, root, plane);
    double bytes = bytesAnEntry(parent, true);
    printf("  with 20 properties               %10.0f   goal %d: %s\n", bytes, kMemoryGoal,
           bytes <= kMemoryGoal ? "reached" : "missed");

    printf("memory of a registered IOService, bytes:\n");
    double service = bytesAService();
    printf("  with 20 properties               %10.0f   goal %d: %s\n", service, kMemoryGoal,
           service <= kMemoryGoal ? "reached" : "missed");

    IORegistryEntry_attachToParent(parent, root, plane);
    Figures small = measure(parent, kSmall), big = measure(parent, large);
    printf("\nunder one parent, ns each %8s %10u %10u %8s\n", "", kSmall, large, "ratio");
    printRow("attach", small.attach, big.attach);
    printRow("look up by path, /name", small.byPath, big.byPath);
    printRow("look up by path, /@location", small.byLocation, big.byLocation);
    printRow("look up by entry ID", small.byID, big.byID);
    printRow("detach, the first one first", small.detachFirst, big.detachFirst);
    printRow("detach, the last one first", small.detachLast, big.detachLast);
    IORegistryEntry_detachAbove(parent, plane);
    OSRelease(parent);
    return service <= kMemoryGoal ? 0 : 1;
}
