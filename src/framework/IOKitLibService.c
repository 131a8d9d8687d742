/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: what can be asked of a service: its state, quiet, a probe, a connection (SEMANTICS 10.18 to 10.21). No
 * state here.
 */
#include <IOKit/IOKitLibPrivate.h>
#include <mach/mach.h>

#include "protocol/client.h"

enum { kForever = 0xffffffff }; /* seconds, to the host */

/* ---- State ---- */

kern_return_t IOServiceGetBusyStateAndTime(io_service_t service, uint64_t *state, uint32_t *busyState,
                                           uint64_t *accumulatedBusyTime)
{
    kern_return_t result = io_service_get_state(service, state, busyState, accumulatedBusyTime);
    if (result != KERN_SUCCESS) {
        *state               = 0;
        *busyState           = 0;
        *accumulatedBusyTime = 0;
    }
    return result;
}

kern_return_t IOServiceGetBusyState(io_service_t service, uint32_t *busyState)
{
    uint64_t state;
    uint64_t time;
    return IOServiceGetBusyStateAndTime(service, &state, busyState, &time);
}

kern_return_t IOServiceGetState(io_service_t service, uint64_t *state)
{
    uint32_t busy;
    uint64_t time;
    return IOServiceGetBusyStateAndTime(service, state, &busy, &time);
}

/* The service at the root of the plane IOService, to be released: the one whose busy state covers all others. */
static kern_return_t copy_root_service(io_service_t *ret_root)
{
    mach_port_t   root   = 0;
    kern_return_t result = io_registry_entry_from_path(kIOMainPortDefault, kIOServicePlane ":/", &root);
    if (result == KERN_SUCCESS && !root)
        result = kIOReturnNotFound;
    if (result == KERN_SUCCESS)
        *ret_root = root;
    return result;
}

kern_return_t IOKitGetBusyState(mach_port_t mainPort, uint32_t *busyState)
{
    io_service_t  root;
    kern_return_t result = copy_root_service(&root);
    *busyState           = 0;
    if (result == KERN_SUCCESS) {
        result = IOServiceGetBusyState(root, busyState);
        IOObjectRelease(root);
    }
    return result;
}

/* ---- Waiting ---- */

/* tv_nsec of -1 is Apple's way to write "for ever"; so is no time at all. */
static kern_return_t wait_quiet(io_service_t service, const mach_timespec_t *time, IOOptionBits options)
{
    if (!time || time->tv_nsec == -1)
        return io_service_wait_quiet_with_options(service, kForever, 0, options);
    return io_service_wait_quiet_with_options(service, time->tv_sec, (uint32_t)time->tv_nsec, options);
}

kern_return_t IOServiceWaitQuiet(io_service_t service, mach_timespec_t *waitTime)
{
    return wait_quiet(service, waitTime, 0);
}

kern_return_t IOKitWaitQuietWithOptions(mach_port_t mainPort, mach_timespec_t *waitTime, IOOptionBits options)
{
    io_service_t  root;
    kern_return_t result = copy_root_service(&root);
    if (result == KERN_SUCCESS) {
        result = wait_quiet(root, waitTime, options);
        IOObjectRelease(root);
    }
    return result;
}

kern_return_t IOKitWaitQuiet(mach_port_t mainPort, mach_timespec_t *waitTime)
{
    return IOKitWaitQuietWithOptions(mainPort, waitTime, 0);
}

/* ---- Acting on it ---- */

kern_return_t IOServiceRequestProbe(io_service_t service, uint32_t options)
{
    return io_service_request_probe(service, options);
}

kern_return_t IOServiceOpen(io_service_t service, task_port_t owningTask, uint32_t type, io_connect_t *connect)
{
    return io_service_open_extended(service, owningTask == mach_task_self(), type, NULL, 0, connect);
}

kern_return_t IOServiceClose(io_connect_t connect)
{
    kern_return_t result = io_service_close(connect);
    (void)IOObjectRelease(connect); /* the close says what went wrong */
    return result;
}
