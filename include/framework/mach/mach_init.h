/* SPDX-License-Identifier: MIT */
/* The ports that every process has (mach/mach_init.h). */
#ifndef _MACH_MACH_INIT_H
#define _MACH_MACH_INIT_H

#include <sys/cdefs.h>

#include <mach/mach_types.h>
#include <mach/vm_page_size.h>

__BEGIN_DECLS

/* This process. A variable, a function and a macro: a program may look up any of them by name. */
extern mach_port_t mach_task_self_;
mach_port_t        mach_task_self(void);
#define mach_task_self()    mach_task_self_
#define current_task()      mach_task_self()

mach_port_t mach_host_self(void);
mach_port_t mach_thread_self(void);
/* A new port with its receive right and no send right; MACH_PORT_NULL without resources. */
mach_port_t mach_reply_port(void);

/* Never MACH_PORT_NULL; IOMainPort and bootstrap_look_up take it. */
extern mach_port_t bootstrap_port;

/* Bytes. Always KERN_SUCCESS. */
kern_return_t host_page_size(host_t host, vm_size_t *size);

__END_DECLS

#endif
