/* SPDX-License-Identifier: MIT */
/*
 * Memory of this process (mach/vm_map.h). Sizes are in bytes and are rounded up to pages. Any thread.
 * Apple: only mach_task_self() is a task here (KERN_INVALID_TASK for another).
 */
#ifndef _MACH_VM_MAP_H
#define _MACH_VM_MAP_H

#include <sys/cdefs.h>

#include <mach/vm_types.h>

__BEGIN_DECLS

/* Zero-filled pages. flags: VM_FLAGS_ANYWHERE, or VM_FLAGS_FIXED at *address (KERN_NO_SPACE when it is taken). */
kern_return_t vm_allocate(vm_map_t task, vm_address_t *address, vm_size_t size, int flags);
/* Gives back what vm_allocate, or a function that says so, returned. Size 0 is nothing and succeeds. */
kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size);
/* Copies size bytes from address to data. KERN_INVALID_ADDRESS where nothing readable is. */
kern_return_t vm_read_overwrite(vm_map_t task, vm_address_t address, vm_size_t size, vm_address_t data,
                                vm_size_t *outsize);
kern_return_t vm_protect(vm_map_t task, vm_address_t address, vm_size_t size, boolean_t set_maximum,
                         vm_prot_t protection);

__END_DECLS

#endif
