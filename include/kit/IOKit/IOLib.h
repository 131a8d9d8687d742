/* SPDX-License-Identifier: MIT */
/*
 * IOLib: allocation, logging, panic and time for drivers and the kit (IOKit/IOLib.h).
 * Every allocation of the kit goes through here, so that it is counted (IOKitDiagnostics, ioalloccount) and so that
 * tests can make the n-th one fail.
 */
#ifndef _IOKIT_IOLIB_H
#define _IOKIT_IOLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* size bytes, uninitialised; NULL without memory or for size 0. To be freed with the same size. Any thread. */
void *IOMalloc(size_t size);
/* The same, zero-filled. */
void *IOMallocZero(size_t size);
/* Takes NULL. */
void IOFree(void *address, size_t size);
/* Grows or shrinks; new bytes are zero. NULL, and the old block unchanged, without memory. */
void *IOReallocZero(void *address, size_t oldSize, size_t newSize);
/* A copy of a C string, to be freed with strlen + 1; NULL without memory. */
char *IOMallocString(const char *string);
void  IOFreeString(char *string);

/* Which counter of IOKitDiagnostics an allocation belongs to. */
typedef enum IOAllocationKind {
    kIOAllocationInstance,  /* objects: OSMetaClass_alloc */
    kIOAllocationContainer, /* the storage of collections, strings and data */
    kIOAllocationMalloc,    /* IOMalloc */
    kIOAllocationPageable,  /* memory that can be shared with clients */
    kIOAllocationKinds
} IOAllocationKind;

void  *IOAllocate(IOAllocationKind kind, size_t size); /* zero-filled */
void  *IOReallocate(IOAllocationKind kind, void *address, size_t oldSize, size_t newSize); /* new bytes are zero */
void   IODeallocate(IOAllocationKind kind, void *address, size_t size);
size_t IOAllocatedBytes(IOAllocationKind kind);

/* For memory that comes from elsewhere (a memfd): counts it as allocated, or says that this allocation is the one to
 * fail; and takes it back. */
bool IOAllocation_count(IOAllocationKind kind, size_t size);
void IOAllocation_uncount(IOAllocationKind kind, size_t size);

/* For tests: the n-th allocation of this thread from now (1 = the next) fails, once; 0 fails none. Returns how many
 * allocations the thread has made since the last call. */
uint64_t IOAllocation_failNth(uint64_t n);

/* Writes one line to the log (stderr, or the journal under systemd); a newline is added when there is none. */
void IOLog(const char *format, ...) __attribute__((format(printf, 1, 2)));
void IOLogv(const char *format, __builtin_va_list arguments);

/* A bug of the kit or of a driver, never of a client: writes the line and aborts. */
void panic(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Blocks the thread for at least that long. Not in an interrupt filter; on a work loop's gate everything else waits. */
void IOSleep(unsigned milliseconds);
void IODelay(unsigned microseconds);

/* Nanoseconds of the monotonic clock. */
uint64_t IOUptimeNanoseconds(void);

#endif
