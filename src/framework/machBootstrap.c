/* SPDX-License-Identifier: MIT */
/* Ports by name, within this process. namesLock is a leaf lock but for the counting of rights. */
#include <servers/bootstrap.h>

#include <pthread.h>
#include <string.h>

#include <mach/task_special_ports.h>

#include <IOKit/IOLib.h>

#include "machPortInternal.h"

typedef struct Service {
    struct Service *next;
    name_t name;
    mach_port_t port; /* one send right */
} Service;

static pthread_mutex_t namesLock = PTHREAD_MUTEX_INITIALIZER;
static Service *services;

static Service **find_locked(const char *name)
{
    Service **link = &services;
    while (*link && strncmp((*link)->name, name, sizeof(name_t)) != 0)
        link = &(*link)->next;
    return link;
}

kern_return_t bootstrap_look_up(mach_port_t bp, const char *service_name, mach_port_t *sp)
{
    kern_return_t result = BOOTSTRAP_UNKNOWN_SERVICE;
    pthread_mutex_lock(&namesLock);
    Service *service = *find_locked(service_name);
    if (service && machPortModifySends(service->port, 1) == KERN_SUCCESS) {
        *sp = service->port;
        result = BOOTSTRAP_SUCCESS;
    }
    pthread_mutex_unlock(&namesLock);
    return result;
}

kern_return_t bootstrap_register(mach_port_t bp, char *service_name, mach_port_t sp)
{
    kern_return_t result = BOOTSTRAP_SUCCESS;
    Service *removed = NULL;
    pthread_mutex_lock(&namesLock);
    Service **link = find_locked(service_name);
    if (sp == MACH_PORT_NULL && *link) {
        removed = *link;
        *link = removed->next;
    } else if (sp != MACH_PORT_NULL && *link) {
        result = BOOTSTRAP_NAME_IN_USE;
    } else if (sp != MACH_PORT_NULL) {
        Service *service = IOMallocZero(sizeof *service);
        result = !service ? BOOTSTRAP_NO_MEMORY : machPortModifySends(sp, 1);
        if (result == BOOTSTRAP_SUCCESS) {
            memcpy(service->name, service_name, strnlen(service_name, sizeof service->name - 1));
            service->port = sp;
            service->next = services;
            services = service;
        } else {
            IOFree(service, sizeof *service);
        }
    }
    pthread_mutex_unlock(&namesLock);
    if (removed) {
        machPortModifySends(removed->port, -1);
        IOFree(removed, sizeof *removed);
    }
    return result;
}

kern_return_t task_get_special_port(task_t task, int which, mach_port_t *port)
{
    switch (which) {
    case TASK_KERNEL_PORT:
    case TASK_NAME_PORT:
        *port = kMachPortTask;
        return KERN_SUCCESS;
    case TASK_HOST_PORT:
        *port = kMachPortHost;
        return KERN_SUCCESS;
    case TASK_BOOTSTRAP_PORT:
        *port = kMachPortBootstrap;
        return KERN_SUCCESS;
    default:
        return KERN_INVALID_ARGUMENT;
    }
}
