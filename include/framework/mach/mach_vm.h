/* SPDX-License-Identifier: MIT */
/* The same as mach/vm_map.h with 64-bit addresses. */
#ifndef _MACH_MACH_VM_H
#define _MACH_MACH_VM_H

#include <sys/cdefs.h>

#include <mach/vm_map.h>

__BEGIN_DECLS

kern_return_t mach_vm_allocate(vm_map_t task, mach_vm_address_t *address, mach_vm_size_t size, int flags);
kern_return_t mach_vm_deallocate(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size);
kern_return_t mach_vm_read_overwrite(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size,
                                     mach_vm_address_t data, mach_vm_size_t *outsize);
kern_return_t mach_vm_protect(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size, boolean_t set_maximum,
                              vm_prot_t protection);

__END_DECLS

#endif
