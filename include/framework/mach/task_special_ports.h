/* SPDX-License-Identifier: MIT */
#ifndef _MACH_TASK_SPECIAL_PORTS_
#define _MACH_TASK_SPECIAL_PORTS_

#include <sys/cdefs.h>

#include <mach/mach_types.h>

__BEGIN_DECLS

#define TASK_KERNEL_PORT    1
#define TASK_HOST_PORT      2
#define TASK_NAME_PORT      3
#define TASK_BOOTSTRAP_PORT 4

/* A port that every process has, by one of the numbers above. KERN_INVALID_ARGUMENT for another number. */
kern_return_t task_get_special_port(task_t task, int which, mach_port_t *port);

#define task_get_bootstrap_port(task, port) task_get_special_port((task), TASK_BOOTSTRAP_PORT, (port))

__END_DECLS

#endif
