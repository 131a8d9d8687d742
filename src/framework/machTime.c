/* SPDX-License-Identifier: MIT */
/* Mach's clocks: nanoseconds of Linux's clocks. No state, any thread. */
#include <errno.h>
#include <time.h>

#include <mach/clock.h>
#include <mach/mach_host.h>
#include <mach/mach_time.h>

#include "machPort.h"

static uint64_t nanosecondsOf(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

uint64_t mach_absolute_time(void)
{
    return nanosecondsOf(CLOCK_MONOTONIC);
}

uint64_t mach_approximate_time(void)
{
    return nanosecondsOf(CLOCK_MONOTONIC_COARSE);
}

uint64_t mach_continuous_time(void)
{
    return nanosecondsOf(CLOCK_BOOTTIME);
}

kern_return_t mach_timebase_info(mach_timebase_info_t info)
{
    info->numer = 1;
    info->denom = 1;
    return KERN_SUCCESS;
}

kern_return_t mach_wait_until(uint64_t deadline)
{
    struct timespec until = {(time_t)(deadline / NSEC_PER_SEC), (long)(deadline % NSEC_PER_SEC)};
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR ? KERN_ABORTED : KERN_SUCCESS;
}

kern_return_t host_get_clock_service(host_t host, clock_id_t id, clock_serv_t *clock)
{
    if (id != SYSTEM_CLOCK && id != CALENDAR_CLOCK)
        return KERN_INVALID_ARGUMENT;
    *clock = (clock_serv_t)(kMachPortClocks + id);
    return KERN_SUCCESS;
}

kern_return_t clock_get_time(clock_serv_t clock_serv, mach_timespec_t *cur_time)
{
    if (clock_serv != kMachPortClocks + SYSTEM_CLOCK && clock_serv != kMachPortClocks + CALENDAR_CLOCK)
        return KERN_INVALID_ARGUMENT;
    uint64_t now = nanosecondsOf(clock_serv == kMachPortClocks + CALENDAR_CLOCK ? CLOCK_REALTIME : CLOCK_BOOTTIME);
    cur_time->tv_sec = (unsigned)(now / NSEC_PER_SEC);
    cur_time->tv_nsec = (int)(now % NSEC_PER_SEC);
    return KERN_SUCCESS;
}
