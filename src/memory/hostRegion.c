/* SPDX-License-Identifier: MIT */
/*
 * Memory of whole pages in the host, at addresses that suit a device: buffers, and the copies of DMA commands.
 * Where an address is limited (a device with 32 address bits, or 24), Linux is asked for one place after the other: it
 * has no call for "below".
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memoryPrivate.h"

enum {
    kLowestAddress = 1 << 16,  /* Linux's vm.mmap_min_addr, as every distribution has it */
    kLowPlacesMax = 8192,      /* tried */
    kLowPlacesSteps = 1 << 20, /* bytes between two of them, at least */
};

IOByteCount hostRegion_pageSize(void)
{
    return (IOByteCount)sysconf(_SC_PAGESIZE);
}

bool hostRegion_round(IOByteCount length, size_t *ret_length)
{
    IOByteCount page = hostRegion_pageSize();
    if (length > SIZE_MAX / 2)
        return false;
    *ret_length = (length + page - 1) & ~(page - 1);
    return true;
}

static uintptr_t mapAt(int fd, uintptr_t address, size_t length, int flags)
{
    flags |= fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    void *region = mmap((void *)address, length, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (region == MAP_FAILED)
        return 0;
    if (address && (uintptr_t)region != address) { /* a kernel that takes MAP_FIXED_NOREPLACE for a hint */
        munmap(region, length);
        return 0;
    }
    return (uintptr_t)region;
}

static uintptr_t mapBelow(int fd, size_t length, uint64_t alignment, uint64_t highest)
{
    uint64_t step = alignment > kLowPlacesSteps ? alignment : kLowPlacesSteps;
    if (highest < kLowPlacesSteps * 64u) /* little room: look closely */
        step = alignment;
    uint64_t place = (kLowestAddress + alignment - 1) & ~(alignment - 1);
    for (int i = 0; i < kLowPlacesMax && place <= highest && length - 1 <= highest - place; i++, place += step) {
        uintptr_t region = mapAt(fd, place, length, MAP_FIXED_NOREPLACE);
        if (region)
            return region;
    }
    return 0;
}

/* Reserves more than is needed, and puts the region at the first address in it that fits. */
static uintptr_t mapAligned(int fd, size_t length, uint64_t alignment)
{
    if (length > SIZE_MAX / 2 - alignment)
        return 0;
    size_t reserved = length + alignment;
    void *whole = mmap(NULL, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (whole == MAP_FAILED)
        return 0;
    uintptr_t start = (uintptr_t)whole;
    uintptr_t region = mapAt(fd, (start + alignment - 1) & ~(alignment - 1), length, MAP_FIXED);
    if (!region) {
        munmap(whole, reserved);
        return 0;
    }
    if (region > start)
        munmap(whole, region - start);
    if (region + length < start + reserved)
        munmap((void *)(region + length), start + reserved - region - length);
    return region;
}

uintptr_t hostRegion_map(int fd, size_t length, uint64_t alignment, uint64_t highest)
{
    IOByteCount page = hostRegion_pageSize();
    uintptr_t region = alignment > page ? mapAligned(fd, length, alignment) : mapAt(fd, 0, length, 0);
    if (!region || region - 1 + length <= highest)
        return region;
    munmap((void *)region, length);
    return mapBelow(fd, length, alignment > page ? alignment : page, highest);
}

void hostRegion_unmap(uintptr_t region, size_t length)
{
    munmap((void *)region, length);
}
