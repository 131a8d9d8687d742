/* SPDX-License-Identifier: MIT */
/* sysctl by macOS's names: a table of names, each with a function that reads its value. No state, any thread. */
#include <sys/sysctl.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* A value on its way out. */
typedef union Value {
    char text[512];
    int32_t number32;
    int64_t number64;
    struct timeval time;
    struct xsw_usage swap;
} Value;

/* Returns the value's size in bytes; 0 when it cannot be read. */
typedef size_t (*Reader)(Value *value);

static size_t textSize(Value *value)
{
    return strlen(value->text) + 1;
}

static size_t readType(Value *value)
{
    snprintf(value->text, sizeof value->text, "Darwin"); /* clients test for it; uname tells the truth */
    return textSize(value);
}

static size_t readRelease(Value *value)
{
    struct utsname name;
    uname(&name);
    snprintf(value->text, sizeof value->text, "%s", name.release);
    return textSize(value);
}

static size_t readVersion(Value *value)
{
    struct utsname name;
    uname(&name);
    snprintf(value->text, sizeof value->text, "%s %s %s", name.sysname, name.release, name.version);
    return textSize(value);
}

/* The macOS whose interfaces these are, as AvailabilityMacros.h says. */
static size_t readProductVersion(Value *value)
{
    snprintf(value->text, sizeof value->text, "12.0");
    return textSize(value);
}

static size_t readHostName(Value *value)
{
    struct utsname name;
    uname(&name);
    snprintf(value->text, sizeof value->text, "%s", name.nodename);
    return textSize(value);
}

static size_t readMachine(Value *value)
{
    struct utsname name;
    uname(&name);
    snprintf(value->text, sizeof value->text, "%s", name.machine);
    return textSize(value);
}

static size_t readModel(Value *value)
{
    FILE *file = fopen("/sys/class/dmi/id/product_name", "re");
    bool read = file && fgets(value->text, sizeof value->text, file);
    if (file)
        fclose(file);
    if (!read)
        return readMachine(value);
    value->text[strcspn(value->text, "\n")] = 0;
    return textSize(value);
}

static size_t readBootTime(Value *value)
{
    struct timespec now, up;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    value->time = (struct timeval){.tv_sec = now.tv_sec - up.tv_sec};
    return sizeof value->time;
}

static size_t give32(Value *value, long number)
{
    value->number32 = (int32_t)number;
    return sizeof value->number32;
}

static size_t readProcessors(Value *value)
{
    return give32(value, sysconf(_SC_NPROCESSORS_CONF));
}

static size_t readActiveProcessors(Value *value)
{
    return give32(value, sysconf(_SC_NPROCESSORS_ONLN));
}

static size_t readByteOrder(Value *value)
{
    return give32(value, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 1234 : 4321);
}

static size_t readPageSize(Value *value)
{
    value->number64 = sysconf(_SC_PAGESIZE);
    return sizeof value->number64;
}

static size_t readMemorySize(Value *value)
{
    value->number64 = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    return sizeof value->number64;
}

static size_t readCacheLine(Value *value)
{
    long size = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
    value->number64 = size;
    return size > 0 ? sizeof value->number64 : 0;
}

static size_t readSwap(Value *value)
{
    struct sysinfo info;
    if (sysinfo(&info) != 0)
        return 0;
    uint64_t total = (uint64_t)info.totalswap * info.mem_unit, free = (uint64_t)info.freeswap * info.mem_unit;
    value->swap = (struct xsw_usage){total, free, total - free, (uint32_t)sysconf(_SC_PAGESIZE), 0};
    return sizeof value->swap;
}

static const struct Entry {
    const char *name;
    int numbers[2]; /* 0, 0: by name only */
    Reader read;
} entries[] = {
    {"kern.ostype", {CTL_KERN, KERN_OSTYPE}, readType},
    {"kern.osrelease", {CTL_KERN, KERN_OSRELEASE}, readRelease},
    {"kern.osversion", {CTL_KERN, KERN_OSVERSION}, readRelease},
    {"kern.osproductversion", {0, 0}, readProductVersion},
    {"kern.version", {CTL_KERN, KERN_VERSION}, readVersion},
    {"kern.hostname", {CTL_KERN, KERN_HOSTNAME}, readHostName},
    {"kern.boottime", {CTL_KERN, KERN_BOOTTIME}, readBootTime},
    {"hw.machine", {CTL_HW, HW_MACHINE}, readMachine},
    {"hw.model", {CTL_HW, HW_MODEL}, readModel},
    {"hw.ncpu", {CTL_HW, HW_NCPU}, readProcessors},
    {"hw.activecpu", {CTL_HW, HW_AVAILCPU}, readActiveProcessors},
    {"hw.logicalcpu", {0, 0}, readActiveProcessors},
    {"hw.logicalcpu_max", {0, 0}, readProcessors},
    {"hw.physicalcpu", {0, 0}, readActiveProcessors},
    {"hw.physicalcpu_max", {0, 0}, readProcessors},
    {"hw.byteorder", {CTL_HW, HW_BYTEORDER}, readByteOrder},
    {"hw.pagesize", {CTL_HW, HW_PAGESIZE}, readPageSize},
    {"hw.memsize", {CTL_HW, HW_MEMSIZE}, readMemorySize},
    {"hw.cachelinesize", {0, 0}, readCacheLine},
    {"vm.swapusage", {CTL_VM, VM_SWAPUSAGE}, readSwap},
};

static int give(const struct Entry *entry, void *oldp, size_t *oldlenp, const void *newp)
{
    Value value;
    size_t size = entry ? entry->read(&value) : 0;
    if (newp || size == 0) {
        errno = newp ? EPERM : ENOENT;
        return -1;
    }
    if (!oldlenp)
        return 0;
    size_t room = *oldlenp;
    *oldlenp = size;
    if (!oldp)
        return 0;
    memcpy(oldp, &value, size < room ? size : room);
    if (size <= room)
        return 0;
    *oldlenp = room;
    errno = ENOMEM;
    return -1;
}

int sysctlbyname(const char *name, void *oldp, size_t *oldlenp, void *newp, size_t newlen)
{
    const struct Entry *found = NULL;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0] && !found; i++)
        if (strcmp(entries[i].name, name) == 0)
            found = &entries[i];
    return give(found, oldp, oldlenp, newp);
}

int sysctl(int *name, unsigned int namelen, void *oldp, size_t *oldlenp, void *newp, size_t newlen)
{
    const struct Entry *found = NULL;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0] && !found && namelen == 2; i++)
        if (entries[i].numbers[0] && entries[i].numbers[0] == name[0] && entries[i].numbers[1] == name[1])
            found = &entries[i];
    return give(found, oldp, oldlenp, newp);
}
