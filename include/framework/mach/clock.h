/* SPDX-License-Identifier: MIT */
#ifndef _MACH_CLOCK_H
#define _MACH_CLOCK_H

#include <sys/cdefs.h>

#include <mach/clock_types.h>

__BEGIN_DECLS

/* The time of a clock that host_get_clock_service returned. KERN_INVALID_ARGUMENT for another name. */
kern_return_t clock_get_time(clock_serv_t clock_serv, mach_timespec_t *cur_time);

__END_DECLS

#endif
