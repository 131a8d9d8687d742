/* SPDX-License-Identifier: MIT */
/* All of the Mach names that clients of I/O Kit use. */
#ifndef _MACH_MACH_H_
#define _MACH_MACH_H_

#include <mach/clock.h>
#include <mach/host_info.h>
#include <mach/kern_return.h>
#include <mach/mach_error.h>
#include <mach/mach_host.h>
#include <mach/mach_init.h>
#include <mach/mach_interface.h>
#include <mach/mach_port.h>
#include <mach/mach_types.h>
#include <mach/mach_vm.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/port.h>
#include <mach/processor_info.h>
#include <mach/vm_map.h>
#include <mach/vm_statistics.h>

#endif
