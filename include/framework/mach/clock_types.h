/* SPDX-License-Identifier: MIT */
#ifndef _MACH_CLOCK_TYPES_H_
#define _MACH_CLOCK_TYPES_H_

#include <mach/mach_types.h>

typedef int clock_res_t;
typedef int clock_id_t;
typedef int clock_attr_t;
typedef int alarm_type_t;

#define SYSTEM_CLOCK   0 /* since boot, monotonic */
#define CALENDAR_CLOCK 1 /* since 1970 */
#define REALTIME_CLOCK 0

#define NSEC_PER_USEC 1000ull
#define USEC_PER_SEC  1000000ull
#define NSEC_PER_SEC  1000000000ull
#define NSEC_PER_MSEC 1000000ull

#endif
