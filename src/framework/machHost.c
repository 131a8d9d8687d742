/* SPDX-License-Identifier: MIT */
/* Figures of the machine under Mach's names, read from /proc at each call. No state, any thread. */
#include <mach/mach_host.h>

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mach/mach_vm.h>

kern_return_t host_page_size(host_t host, vm_size_t *size)
{
    *size = vm_page_size;
    return KERN_SUCCESS;
}

static uint64_t memoryBytes(void)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

kern_return_t host_info(host_t host, host_flavor_t flavor, host_info_t out, mach_msg_type_number_t *count)
{
    host_basic_info_data_t info = {0};
    if (flavor != HOST_BASIC_INFO)
        return KERN_INVALID_ARGUMENT;
    if (*count < HOST_BASIC_INFO_COUNT)
        return KERN_FAILURE;
    info.max_cpus = info.physical_cpu_max = info.logical_cpu_max = (integer_t)sysconf(_SC_NPROCESSORS_CONF);
    info.avail_cpus = info.physical_cpu = info.logical_cpu = (integer_t)sysconf(_SC_NPROCESSORS_ONLN);
    info.max_mem = memoryBytes();
    info.memory_size = (natural_t)(info.max_mem < INT_MAX ? info.max_mem : INT_MAX);
#if defined(__x86_64__)
    info.cpu_type = CPU_TYPE_X86_64;
#elif defined(__aarch64__)
    info.cpu_type = CPU_TYPE_ARM64;
#endif
    memcpy(out, &info, sizeof info);
    *count = HOST_BASIC_INFO_COUNT;
    return KERN_SUCCESS;
}

/* Reads one "cpu" line of /proc/stat into Mach's four states, in ticks of 1/100 s. False at another line. */
static bool readTicks(const char *line, natural_t ticks[CPU_STATE_MAX])
{
    unsigned long long user, nice, system, idle, wait = 0, irq = 0, softirq = 0, steal = 0;
    const char *fields = strchr(line, ' ');
    unsigned long long scale = (unsigned long long)sysconf(_SC_CLK_TCK);
    if (strncmp(line, "cpu", 3) != 0 || !fields ||
        sscanf(fields, "%llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &wait, &irq, &softirq,
               &steal) < 4)
        return false;
    ticks[CPU_STATE_USER] = (natural_t)(user * 100 / scale);
    ticks[CPU_STATE_NICE] = (natural_t)(nice * 100 / scale);
    ticks[CPU_STATE_SYSTEM] = (natural_t)((system + irq + softirq + steal) * 100 / scale);
    ticks[CPU_STATE_IDLE] = (natural_t)((idle + wait) * 100 / scale);
    return true;
}

static kern_return_t readCPULoad(host_cpu_load_info_data_t *info)
{
    char line[512];
    FILE *file = fopen("/proc/stat", "re");
    bool read = file && fgets(line, sizeof line, file) && readTicks(line, info->cpu_ticks);
    if (file)
        fclose(file);
    return read ? KERN_SUCCESS : KERN_FAILURE;
}

static kern_return_t readLoad(host_load_info_data_t *info)
{
    double averages[3];
    FILE *file = fopen("/proc/loadavg", "re");
    bool read = file && fscanf(file, "%lf %lf %lf", &averages[0], &averages[1], &averages[2]) == 3;
    if (file)
        fclose(file);
    for (int i = 0; read && i < 3; i++) {
        info->avenrun[i] = (integer_t)(averages[i] * LOAD_SCALE);
        info->mach_factor[i] = (integer_t)((double)sysconf(_SC_NPROCESSORS_ONLN) / (averages[i] + 1) * LOAD_SCALE);
    }
    return read ? KERN_SUCCESS : KERN_FAILURE;
}

/* The value of "Name: value" or "name value" in a file's lines; 0 when it is not there. */
static uint64_t lineValue(const char *text, const char *name)
{
    unsigned long long value = 0;
    size_t length = strlen(name);
    for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, length) == 0 && (line[length] == ':' || line[length] == ' ')) {
            sscanf(line + length + 1, "%llu", &value);
            return value;
        }
    return 0;
}

static bool readFile(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    text[fread(text, 1, size - 1, file)] = 0;
    fclose(file);
    return true;
}

static kern_return_t readMemory(vm_statistics64_data_t *info)
{
    char memory[8192], events[32768];
    uint64_t kibPerPage = vm_page_size / 1024;
    if (!readFile("/proc/meminfo", memory, sizeof memory) || !readFile("/proc/vmstat", events, sizeof events))
        return KERN_FAILURE;
    uint64_t free = lineValue(memory, "MemFree"), active = lineValue(memory, "Active");
    uint64_t inactive = lineValue(memory, "Inactive"), total = lineValue(memory, "MemTotal");
    uint64_t wired = total > free + active + inactive ? total - free - active - inactive : 0;
    *info = (vm_statistics64_data_t){
        .free_count = (natural_t)(free / kibPerPage),
        .active_count = (natural_t)(active / kibPerPage),
        .inactive_count = (natural_t)(inactive / kibPerPage),
        .wire_count = (natural_t)(wired / kibPerPage),
        .external_page_count = (natural_t)(lineValue(memory, "Cached") / kibPerPage),
        .internal_page_count = (natural_t)(lineValue(memory, "AnonPages") / kibPerPage),
        .faults = lineValue(events, "pgfault"),
        .pageins = lineValue(events, "pgpgin") / kibPerPage,
        .pageouts = lineValue(events, "pgpgout") / kibPerPage,
        .swapins = lineValue(events, "pswpin"),
        .swapouts = lineValue(events, "pswpout"),
    };
    return KERN_SUCCESS;
}

static vm_statistics_data_t narrow(const vm_statistics64_data_t *wide)
{
    return (vm_statistics_data_t){
        .free_count = wide->free_count,
        .active_count = wide->active_count,
        .inactive_count = wide->inactive_count,
        .wire_count = wide->wire_count,
        .pageins = (natural_t)wide->pageins,
        .pageouts = (natural_t)wide->pageouts,
        .faults = (natural_t)wide->faults,
    };
}

static kern_return_t give(const void *info, mach_msg_type_number_t words, host_info_t out,
                          mach_msg_type_number_t *count, kern_return_t result)
{
    if (*count < words)
        return KERN_FAILURE;
    if (result != KERN_SUCCESS)
        return result;
    memcpy(out, info, words * sizeof(integer_t));
    *count = words;
    return KERN_SUCCESS;
}

kern_return_t host_statistics64(host_t host, host_flavor_t flavor, host_info64_t out, mach_msg_type_number_t *count)
{
    host_cpu_load_info_data_t cpu = {{0}};
    host_load_info_data_t load = {{0}, {0}};
    vm_statistics64_data_t memory = {0};
    kern_return_t result;
    switch (flavor) {
    case HOST_CPU_LOAD_INFO:
        result = readCPULoad(&cpu);
        return give(&cpu, HOST_CPU_LOAD_INFO_COUNT, out, count, result);
    case HOST_LOAD_INFO:
        result = readLoad(&load);
        return give(&load, HOST_LOAD_INFO_COUNT, out, count, result);
    case HOST_VM_INFO64:
        result = readMemory(&memory);
        return give(&memory, HOST_VM_INFO64_COUNT, out, count, result);
    case HOST_VM_INFO: {
        result = readMemory(&memory);
        vm_statistics_data_t narrowed = narrow(&memory);
        return give(&narrowed, HOST_VM_INFO_COUNT, out, count, result);
    }
    default:
        return KERN_INVALID_ARGUMENT;
    }
}

kern_return_t host_statistics(host_t host, host_flavor_t flavor, host_info_t out, mach_msg_type_number_t *count)
{
    return flavor == HOST_VM_INFO64 ? KERN_INVALID_ARGUMENT : host_statistics64(host, flavor, out, count);
}

/* The "cpuN" lines that follow the first one. */
static natural_t readProcessors(FILE *file, processor_cpu_load_info_data_t *loads, natural_t room)
{
    char line[512];
    natural_t count = 0;
    natural_t all[CPU_STATE_MAX];
    if (!fgets(line, sizeof line, file) || !readTicks(line, all))
        return 0;
    while (count < room && fgets(line, sizeof line, file) && readTicks(line, loads[count].cpu_ticks))
        count++;
    return count;
}

kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t *cpus, processor_info_array_t *info,
                                  mach_msg_type_number_t *infoCount)
{
    natural_t room = (natural_t)sysconf(_SC_NPROCESSORS_CONF);
    vm_address_t memory = 0;
    vm_size_t size = room * sizeof(processor_cpu_load_info_data_t);
    kern_return_t result;
    if (flavor != PROCESSOR_CPU_LOAD_INFO)
        return KERN_INVALID_ARGUMENT;
    result = vm_allocate(mach_task_self(), &memory, size, VM_FLAGS_ANYWHERE);
    if (result != KERN_SUCCESS)
        return result;
    FILE *file = fopen("/proc/stat", "re");
    natural_t count = file ? readProcessors(file, (processor_cpu_load_info_data_t *)memory, room) : 0;
    if (file)
        fclose(file);
    if (count == 0) {
        vm_deallocate(mach_task_self(), memory, size);
        return KERN_FAILURE;
    }
    *cpus = count;
    *info = (processor_info_array_t)memory;
    *infoCount = count * PROCESSOR_CPU_LOAD_INFO_COUNT;
    return KERN_SUCCESS;
}
