/* SPDX-License-Identifier: MIT */
/*
 * Making, counting and giving back port rights (mach/mach_port.h). task is mach_task_self() everywhere
 * (KERN_INVALID_TASK for another). Any thread. KERN_INVALID_NAME: this process has nothing of that name;
 * KERN_INVALID_RIGHT: not that kind of right.
 */
#ifndef _MACH_MACH_PORT_H
#define _MACH_MACH_PORT_H

#include <sys/cdefs.h>

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/port.h>

__BEGIN_DECLS

/*
 * Makes a port, with its receive right (MACH_PORT_RIGHT_RECEIVE), or a set (MACH_PORT_RIGHT_PORT_SET).
 * KERN_INVALID_VALUE for another right; KERN_NO_SPACE or KERN_RESOURCE_SHORTAGE when names or descriptors run out.
 */
kern_return_t mach_port_allocate(task_t task, mach_port_right_t right, mach_port_name_t *name);
/* Gives back every right of the name: the port dies when the receive right was one. */
kern_return_t mach_port_destroy(task_t task, mach_port_name_t name);
/* Gives back one send right (or one reference to a host's object, or to a dead name). */
kern_return_t mach_port_deallocate(task_t task, mach_port_name_t name);
/* Adds delta to the references of that right. A receive right has one: -1 gives it back. KERN_INVALID_VALUE below 0. */
kern_return_t mach_port_mod_refs(task_t task, mach_port_name_t name, mach_port_right_t right, mach_port_delta_t delta);
kern_return_t mach_port_get_refs(task_t task, mach_port_name_t name, mach_port_right_t right, mach_port_urefs_t *refs);
/* Adds a send right to a name (poly the same name): MACH_MSG_TYPE_MAKE_SEND from the receive right, or COPY_SEND. */
kern_return_t mach_port_insert_right(task_t task, mach_port_name_t name, mach_port_t poly,
                                     mach_msg_type_name_t polyPoly);
/* MACH_PORT_TYPE_... bits. */
kern_return_t mach_port_type(task_t task, mach_port_name_t name, mach_port_type_t *ptype);
/* The ports of this process. Both arrays are to be given back with vm_deallocate; counts are in elements. */
kern_return_t mach_port_names(task_t task, mach_port_name_array_t *names, mach_msg_type_number_t *namesCnt,
                              mach_port_type_array_t *types, mach_msg_type_number_t *typesCnt);
/* Puts a receive right into a set, takes it out. KERN_NOT_IN_SET when it is in none. */
kern_return_t mach_port_insert_member(task_t task, mach_port_name_t name, mach_port_name_t pset);
kern_return_t mach_port_extract_member(task_t task, mach_port_name_t name, mach_port_name_t pset);
/* The same: after is the set, or MACH_PORT_NULL for none. */
kern_return_t mach_port_move_member(task_t task, mach_port_name_t member, mach_port_name_t after);

__END_DECLS

#endif
