/* SPDX-License-Identifier: MIT */
/*
 * Finding 10 registered services among 1,000 and among 1,000,000: by class, by name, by BSD Name and by entry ID (the
 * last two are 10 lookups of one service each). The floor is the same lookup in the small registry. The rounds of the
 * two sizes cannot be interleaved, so each figure is the median of many; the goal is a ratio of at most 1.3.
 *
 *     bench-lookup [SERVICES]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <IOKit/IOBSD.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>

enum { kTargets = 10, kSmall = 1000, kLarge = 1000000, kPerGroup = 1000, kRounds = 2001 };

OSDeclareBaseClass(BenchNub);
struct BenchNubMethods {
    IOService_METHODS
};
struct BenchNub {
    IOService super;
};
OSDefineBaseClass(BenchNub, IOService);

OSDeclareClass(BenchTarget);
struct BenchTarget {
    BenchNub super;
};
OSDefineClass(BenchTarget, BenchNub);

static OSMetaClass *const benchClasses[] = {&BenchNub_class, &BenchTarget_class};

/* --- the registry ------------------------------------------------------------------------------------------------ */

static IOService *group;      /* borrowed: where services are attached now */
static unsigned   groupCount; /* services attached to it */
static size_t     serviceCount;

static void require(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "bench-lookup: %s\n", what);
        exit(1);
    }
}

/* A registered service below provider, borrowed: the registry holds it. */
static IOService *addService(const OSMetaClass *metaClass, const char *name, const char *bsdName, IOService *provider)
{
    OSObject  *object  = OSMetaClass_alloc(metaClass);
    IOService *service = OSDynamicCast(IOService, object);
    require(service && IOService_init(service, NULL), "no memory");
    require(IORegistryEntry_setName(&service->super, name, NULL), "no memory");
    require(IORegistryEntry_setPropertyString(&service->super, kIOBSDNameKey, bsdName), "no memory");
    require(IOService_attach(service, provider), "attach failed");
    IOService_registerServiceWithOptions(service, kIOServiceSynchronous);
    OSRelease(service);
    serviceCount++;
    return service;
}

static void fillUpTo(size_t count)
{
    char bsdName[24];
    while (serviceCount < count) {
        if (!group || groupCount == kPerGroup) {
            group      = addService(&BenchNub_class, "group", "none", IOService_getServiceRoot());
            groupCount = 0;
        }
        snprintf(bsdName, sizeof bsdName, "filler%zu", serviceCount);
        addService(&BenchNub_class, bsdName, bsdName, group);
        groupCount++;
    }
}

/* --- what is measured --------------------------------------------------------------------------------------------- */

enum { kByClass, kByName, kByBSDName, kByEntryID, kKinds };
static const char *const kKindNames[kKinds] = {"class", "name", "BSD Name", "entry ID"};

/* The dictionaries of each kind: one that finds all targets, or one for each. */
static OSDictionary *questions[kKinds][kTargets];

static void makeQuestions(void)
{
    char bsdName[24];
    questions[kByClass][0] = IOService_serviceMatching("BenchTarget", NULL);
    questions[kByName][0]  = IOService_nameMatching("target", NULL);
    for (unsigned i = 0; i < kTargets; i++) {
        snprintf(bsdName, sizeof bsdName, "target%u", i);
        IOService *target = addService(&BenchTarget_class, "target", bsdName, IOService_getServiceRoot());
        OSString  *text   = OSString_withCString(bsdName);
        questions[kByBSDName][i] = OSDictionary_withCapacity(1);
        require(text && questions[kByBSDName][i] &&
                    OSDictionary_setObject(questions[kByBSDName][i], kIOBSDNameKey, OSObjectOf(text)),
                "no memory");
        OSRelease(text);
        questions[kByEntryID][i] =
            IOService_registryEntryIDMatching(IORegistryEntry_getRegistryEntryID(&target->super), NULL);
    }
}

static unsigned ask(OSDictionary *question)
{
    OSIterator *found = IOService_getMatchingServices(question);
    unsigned    count = 0;
    while (found && OSIterator_getNextObject(found))
        count++;
    OSRelease(found);
    return count;
}

static int compareTimes(const void *first, const void *second)
{
    uint64_t a = *(const uint64_t *)first, b = *(const uint64_t *)second;
    return a < b ? -1 : a > b;
}

/* Median nanoseconds for all targets. */
static uint64_t measure(unsigned kind)
{
    static uint64_t times[kRounds];
    for (unsigned round = 0; round < kRounds; round++) {
        unsigned count = 0;
        uint64_t start = IOUptimeNanoseconds();
        for (unsigned i = 0; i < kTargets && questions[kind][i]; i++)
            count += ask(questions[kind][i]);
        times[round] = IOUptimeNanoseconds() - start;
        require(count == kTargets, "a lookup did not find its services");
    }
    qsort(times, kRounds, sizeof times[0], compareTimes);
    return times[kRounds / 2];
}

int main(int argc, char **argv)
{
    const OSClassList list  = {benchClasses, sizeof benchClasses / sizeof benchClasses[0]};
    size_t            large = argc > 1 ? strtoul(argv[1], NULL, 0) : kLarge;
    uint64_t          small[kKinds];
    require(IOKit_initialize() == kIOReturnSuccess, "no memory");
    require(OSMetaClass_registerModule("org.openiokit.bench", &list) == kOSReturnSuccess, "classes refused");
    makeQuestions();
    fillUpTo(kSmall);
    for (unsigned kind = 0; kind < kKinds; kind++)
        small[kind] = measure(kind);
    uint64_t start = IOUptimeNanoseconds();
    fillUpTo(large);
    double each = (double)(IOUptimeNanoseconds() - start) / (double)(large - kSmall);
    printf("%-10s %12s %12s %8s   goal <= 1.3\n", "lookup by", "among 1000", "among many", "ratio");
    for (unsigned kind = 0; kind < kKinds; kind++) {
        uint64_t many = measure(kind);
        printf("%-10s %9llu ns %9llu ns %8.2f\n", kKindNames[kind], (unsigned long long)small[kind],
               (unsigned long long)many, (double)many / (double)small[kind]);
    }
    printf("many: %zu services; registering one took %.0f ns\n", serviceCount, each);
    return 0;
}
