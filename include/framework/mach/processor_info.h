/* SPDX-License-Identifier: MIT */
#ifndef _MACH_PROCESSOR_INFO_H_
#define _MACH_PROCESSOR_INFO_H_

#include <mach/host_info.h>

typedef integer_t *processor_info_t;
typedef integer_t *processor_info_array_t;
typedef int        processor_flavor_t;

#define PROCESSOR_CPU_LOAD_INFO 2

/* Clock ticks (1/100 s) of one processor, by state. */
struct processor_cpu_load_info {
    natural_t cpu_ticks[CPU_STATE_MAX];
};
typedef struct processor_cpu_load_info  processor_cpu_load_info_data_t;
typedef struct processor_cpu_load_info *processor_cpu_load_info_t;
#define PROCESSOR_CPU_LOAD_INFO_COUNT \
    ((mach_msg_type_number_t)(sizeof(processor_cpu_load_info_data_t) / sizeof(natural_t)))

#endif
