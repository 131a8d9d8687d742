/* SPDX-License-Identifier: MIT */
/*
 * Figures of the machine (mach/mach_host.h), read from /proc at each call. host is mach_host_self(). Any thread.
 * A count goes in as the room in 32-bit words and comes back as what was filled; too little room: KERN_FAILURE.
 * KERN_INVALID_ARGUMENT for a flavor that is not named in the headers.
 */
#ifndef _MACH_MACH_HOST_H
#define _MACH_MACH_HOST_H

#include <sys/cdefs.h>

#include <mach/clock_types.h>
#include <mach/host_info.h>
#include <mach/mach_init.h>
#include <mach/processor_info.h>

__BEGIN_DECLS

kern_return_t host_info(host_t host, host_flavor_t flavor, host_info_t out, mach_msg_type_number_t *count);
/* HOST_LOAD_INFO, HOST_VM_INFO, HOST_CPU_LOAD_INFO. */
kern_return_t host_statistics(host_t host, host_flavor_t flavor, host_info_t out, mach_msg_type_number_t *count);
/* HOST_VM_INFO64 and the above. */
kern_return_t host_statistics64(host_t host, host_flavor_t flavor, host_info64_t out, mach_msg_type_number_t *count);
/* PROCESSOR_CPU_LOAD_INFO: info is an array, cpus structs in infoCount words; give it back with vm_deallocate. */
kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t *cpus, processor_info_array_t *info,
                                  mach_msg_type_number_t *infoCount);
/* SYSTEM_CLOCK or CALENDAR_CLOCK, for clock_get_time. */
kern_return_t host_get_clock_service(host_t host, clock_id_t id, clock_serv_t *clock);

__END_DECLS

#endif
