/* SPDX-License-Identifier: MIT */
#ifndef _MACH_INTERFACE_H_
#define _MACH_INTERFACE_H_

#include <mach/clock.h>
#include <mach/mach_host.h>
#include <mach/mach_port.h>
#include <mach/task_special_ports.h>
#include <mach/vm_map.h>

#endif
