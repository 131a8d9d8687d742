/* SPDX-License-Identifier: MIT */
/*
 * Facts about the machine by name (macOS's sys/sysctl.h), read from /proc and sysconf at each call.
 * Known: kern.ostype osrelease osversion osproductversion version hostname boottime; hw.model machine ncpu activecpu
 * logicalcpu logicalcpu_max physicalcpu physicalcpu_max memsize pagesize byteorder cachelinesize; vm.swapusage.
 */
#ifndef _SYS_SYSCTL_H_
#define _SYS_SYSCTL_H_

#include <sys/cdefs.h>
#include <sys/time.h>
#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

__BEGIN_DECLS

#define CTL_KERN 1
#define CTL_VM   2
#define CTL_HW   6

#define KERN_OSTYPE    1
#define KERN_OSRELEASE 2
#define KERN_VERSION   4
#define KERN_HOSTNAME  10
#define KERN_BOOTTIME  21
#define KERN_OSVERSION 65

#define HW_MACHINE   1
#define HW_MODEL     2
#define HW_NCPU      3
#define HW_BYTEORDER 4
#define HW_PAGESIZE  7
#define HW_MEMSIZE   24
#define HW_AVAILCPU  25

#define VM_SWAPUSAGE 5

/* Bytes. */
struct xsw_usage {
    uint64_t xsu_total;
    uint64_t xsu_avail;
    uint64_t xsu_used;
    uint32_t xsu_pagesize;
    int      xsu_encrypted;
};

/*
 * Reads a value.
 *   oldp, oldlenp   where it goes and the room in bytes, which comes back as the value's size; oldp NULL: only the size
 *   newp            NULL: nothing can be set (EPERM)
 * Returns           0, or -1 and errno: ENOENT for a name that is not known, ENOMEM when it does not fit
 */
int sysctlbyname(const char *name, void *oldp, size_t *oldlenp, void *newp, size_t newlen);
/* By numbers, of two levels. */
int sysctl(int *name, unsigned int namelen, void *oldp, size_t *oldlenp, void *newp, size_t newlen);

__END_DECLS

#endif
