/* SPDX-License-Identifier: MIT */
/* What host_info and host_statistics report (mach/host_info.h). Counts are in 32-bit words. */
#ifndef _MACH_HOST_INFO_H_
#define _MACH_HOST_INFO_H_

#include <mach/mach_types.h>
#include <mach/vm_statistics.h>

typedef integer_t  *host_info_t;
typedef integer_t  *host_info64_t;
typedef natural_t   host_flavor_t;
typedef int         cpu_type_t;
typedef int         cpu_subtype_t;
typedef int         cpu_threadtype_t;

#define HOST_BASIC_INFO    1
#define HOST_LOAD_INFO     1
#define HOST_VM_INFO       2
#define HOST_CPU_LOAD_INFO 3
#define HOST_VM_INFO64     4

#define CPU_STATE_MAX    4
#define CPU_STATE_USER   0
#define CPU_STATE_SYSTEM 1
#define CPU_STATE_IDLE   2
#define CPU_STATE_NICE   3

#define CPU_TYPE_X86    ((cpu_type_t)7)
#define CPU_TYPE_X86_64 ((cpu_type_t)0x01000007)
#define CPU_TYPE_ARM64  ((cpu_type_t)0x0100000c)

#pragma pack(push, 4)
struct host_basic_info {
    integer_t        max_cpus;
    integer_t        avail_cpus;
    natural_t        memory_size; /* bytes, at most 2 GiB - 1; max_mem is the real size */
    cpu_type_t       cpu_type;
    cpu_subtype_t    cpu_subtype;
    cpu_threadtype_t cpu_threadtype;
    integer_t        physical_cpu;
    integer_t        physical_cpu_max;
    integer_t        logical_cpu;
    integer_t        logical_cpu_max;
    uint64_t         max_mem; /* bytes */
};
#pragma pack(pop)
typedef struct host_basic_info  host_basic_info_data_t;
typedef struct host_basic_info *host_basic_info_t;
#define HOST_BASIC_INFO_COUNT ((mach_msg_type_number_t)(sizeof(host_basic_info_data_t) / sizeof(integer_t)))

/* Averages over 5, 30 and 60 seconds on macOS; here Linux's over 1, 5 and 15 minutes. Scaled by LOAD_SCALE. */
#define LOAD_SCALE 1000
struct host_load_info {
    integer_t avenrun[3];
    integer_t mach_factor[3];
};
typedef struct host_load_info  host_load_info_data_t;
typedef struct host_load_info *host_load_info_t;
#define HOST_LOAD_INFO_COUNT ((mach_msg_type_number_t)(sizeof(host_load_info_data_t) / sizeof(integer_t)))

/* Clock ticks (1/100 s) of all processors together, by state. */
struct host_cpu_load_info {
    natural_t cpu_ticks[CPU_STATE_MAX];
};
typedef struct host_cpu_load_info  host_cpu_load_info_data_t;
typedef struct host_cpu_load_info *host_cpu_load_info_t;
#define HOST_CPU_LOAD_INFO_COUNT ((mach_msg_type_number_t)(sizeof(host_cpu_load_info_data_t) / sizeof(integer_t)))

#define HOST_VM_INFO_COUNT   ((mach_msg_type_number_t)(sizeof(vm_statistics_data_t) / sizeof(integer_t)))
#define HOST_VM_INFO64_COUNT ((mach_msg_type_number_t)(sizeof(vm_statistics64_data_t) / sizeof(integer_t)))

#endif
