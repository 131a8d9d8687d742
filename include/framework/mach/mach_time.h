/* SPDX-License-Identifier: MIT */
/* Time since an arbitrary start, monotonic (mach/mach_time.h). */
#ifndef _MACH_MACH_TIME_H_
#define _MACH_MACH_TIME_H_

#include <sys/cdefs.h>

#include <stdint.h>

#include <mach/mach_types.h>

__BEGIN_DECLS

struct mach_timebase_info {
    uint32_t numer;
    uint32_t denom;
};
typedef struct mach_timebase_info *mach_timebase_info_t;
typedef struct mach_timebase_info  mach_timebase_info_data_t;

/* Units in nanoseconds as a fraction: 1/1 here, because the unit is the nanosecond. */
kern_return_t mach_timebase_info(mach_timebase_info_t info);
/* Does not count while the machine sleeps. Any context. */
uint64_t mach_absolute_time(void);
uint64_t mach_approximate_time(void);
/* Counts while the machine sleeps. */
uint64_t mach_continuous_time(void);
kern_return_t mach_wait_until(uint64_t deadline);

__END_DECLS

#endif
