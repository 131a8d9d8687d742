/* SPDX-License-Identifier: MIT */
/* Ports by name (servers/bootstrap.h). */
#ifndef _SERVERS_BOOTSTRAP_H_
#define _SERVERS_BOOTSTRAP_H_

#include <sys/cdefs.h>

#include <mach/mach_init.h>

__BEGIN_DECLS

#define BOOTSTRAP_MAX_NAME_LEN 128

#define BOOTSTRAP_SUCCESS         0
#define BOOTSTRAP_NOT_PRIVILEGED  1100
#define BOOTSTRAP_NAME_IN_USE     1101
#define BOOTSTRAP_UNKNOWN_SERVICE 1102
#define BOOTSTRAP_SERVICE_ACTIVE  1103
#define BOOTSTRAP_BAD_COUNT       1104
#define BOOTSTRAP_NO_MEMORY       1105
#define BOOTSTRAP_NO_CHILDREN     1106

typedef char name_t[BOOTSTRAP_MAX_NAME_LEN];

/*
 * A send right to the port that this process registered by that name. BOOTSTRAP_UNKNOWN_SERVICE when there is none.
 * Apple: names are those of this process; services of other processes are reached through the host.
 */
kern_return_t bootstrap_look_up(mach_port_t bp, const char *service_name, mach_port_t *sp);
/* Registers a port of this process; MACH_PORT_NULL takes the name back. BOOTSTRAP_NAME_IN_USE when it is taken. */
kern_return_t bootstrap_register(mach_port_t bp, char *service_name, mach_port_t sp);
/* A text for a BOOTSTRAP_... code or another result. */
const char *bootstrap_strerror(kern_return_t result);

__END_DECLS

#endif
