/* SPDX-License-Identifier: MIT */
/* Names of Mach's scalar types. A port name is a 32-bit number in a table of this process; 0 is no port. */
#ifndef _MACH_MACH_TYPES_H
#define _MACH_MACH_TYPES_H

#include <stdint.h>
#include <sys/types.h>

#include <mach/kern_return.h>

typedef unsigned int natural_t;
typedef int          integer_t;
typedef int          boolean_t;

typedef natural_t   mach_port_name_t;
typedef natural_t   mach_port_t;
typedef mach_port_t task_t;
typedef mach_port_t task_port_t;
typedef mach_port_t host_t;
typedef mach_port_t thread_t;
typedef mach_port_t clock_serv_t;

typedef uintptr_t vm_offset_t;
typedef uintptr_t vm_address_t;
typedef uintptr_t vm_size_t;
typedef uint64_t  mach_vm_address_t;
typedef uint64_t  mach_vm_offset_t;
typedef uint64_t  mach_vm_size_t;
typedef natural_t mach_msg_type_number_t;

typedef struct mach_timespec {
    unsigned int tv_sec;
    int          tv_nsec; /* 0 to 999,999,999 */
} mach_timespec_t;

#define MACH_PORT_NULL ((mach_port_t)0)
#define MACH_PORT_DEAD ((mach_port_t)~0u)

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#endif
