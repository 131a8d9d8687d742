/* SPDX-License-Identifier: MIT */
/*
 * Counted allocation, the log, panic. Counters are kept with relaxed atomics: they are read for statistics only.
 */
#include <IOKit/IOLib.h>

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static atomic_size_t allocatedBytes[kIOAllocationKinds];

static _Thread_local uint64_t allocationsSeen;
static _Thread_local uint64_t allocationToFail; /* 0: none */

static bool allocationMustFail(void)
{
    allocationsSeen++;
    return allocationToFail != 0 && allocationsSeen == allocationToFail;
}

uint64_t IOAllocation_failNth(uint64_t n)
{
    uint64_t seen    = allocationsSeen;
    allocationsSeen  = 0;
    allocationToFail = n;
    return seen;
}

void *IOAllocate(IOAllocationKind kind, size_t size)
{
    if (size == 0 || allocationMustFail())
        return NULL;
    void *address = calloc(1, size);
    if (address)
        atomic_fetch_add_explicit(&allocatedBytes[kind], size, memory_order_relaxed);
    return address;
}

void *IOReallocate(IOAllocationKind kind, void *address, size_t oldSize, size_t newSize)
{
    if (!address)
        return IOAllocate(kind, newSize);
    if (newSize == 0 || allocationMustFail())
        return NULL;
    char *moved = realloc(address, newSize);
    if (!moved)
        return NULL;
    if (newSize > oldSize)
        memset(moved + oldSize, 0, newSize - oldSize);
    atomic_fetch_add_explicit(&allocatedBytes[kind], newSize - oldSize, memory_order_relaxed);
    return moved;
}

void IODeallocate(IOAllocationKind kind, void *address, size_t size)
{
    if (!address)
        return;
    atomic_fetch_sub_explicit(&allocatedBytes[kind], size, memory_order_relaxed);
    free(address);
}

bool IOAllocation_count(IOAllocationKind kind, size_t size)
{
    if (size == 0 || allocationMustFail())
        return false;
    atomic_fetch_add_explicit(&allocatedBytes[kind], size, memory_order_relaxed);
    return true;
}

void IOAllocation_uncount(IOAllocationKind kind, size_t size)
{
    atomic_fetch_sub_explicit(&allocatedBytes[kind], size, memory_order_relaxed);
}

size_t IOAllocatedBytes(IOAllocationKind kind)
{
    return atomic_load_explicit(&allocatedBytes[kind], memory_order_relaxed);
}

void *IOMallocZero(size_t size)
{
    return IOAllocate(kIOAllocationMalloc, size);
}

void *IOMalloc(size_t size)
{
    if (size == 0 || allocationMustFail())
        return NULL;
    void *address = malloc(size);
    if (address)
        atomic_fetch_add_explicit(&allocatedBytes[kIOAllocationMalloc], size, memory_order_relaxed);
    return address;
}

void IOFree(void *address, size_t size)
{
    IODeallocate(kIOAllocationMalloc, address, size);
}

void *IOReallocZero(void *address, size_t oldSize, size_t newSize)
{
    return IOReallocate(kIOAllocationMalloc, address, oldSize, newSize);
}

char *IOMallocString(const char *string)
{
    size_t size = strlen(string) + 1;
    char  *copy = IOMalloc(size);
    if (copy)
        memcpy(copy, string, size);
    return copy;
}

void IOFreeString(char *string)
{
    if (string)
        IOFree(string, strlen(string) + 1);
}

void IOLogv(const char *format, va_list arguments)
{
    char line[1024];
    int  length = vsnprintf(line, sizeof line - 1, format, arguments);
    if (length < 0)
        return;
    if ((size_t)length > sizeof line - 2)
        length = sizeof line - 2;
    if (length == 0 || line[length - 1] != '\n')
        line[length++] = '\n';
    fwrite(line, 1, (size_t)length, stderr); /* one write: lines of several threads do not mix */
}

void IOLog(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    IOLogv(format, arguments);
    va_end(arguments);
}

void panic(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    IOLogv(format, arguments);
    va_end(arguments);
    fflush(NULL);
    abort();
}

static void sleepFor(struct timespec time)
{
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) == EINTR)
        ; /* with what is left */
}

void IOSleep(unsigned milliseconds)
{
    sleepFor((struct timespec){milliseconds / 1000, (long)(milliseconds % 1000) * 1000000});
}

void IODelay(unsigned microseconds)
{
    sleepFor((struct timespec){microseconds / 1000000, (long)(microseconds % 1000000) * 1000});
}

uint64_t IOUptimeNanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
