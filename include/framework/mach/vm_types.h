/* SPDX-License-Identifier: MIT */
#ifndef _MACH_VM_TYPES_H
#define _MACH_VM_TYPES_H

#include <mach/mach_types.h>

typedef mach_port_t vm_map_t;
typedef int         vm_prot_t;
typedef int         vm_inherit_t;
typedef int         vm_behavior_t;

#define VM_PROT_NONE    0x00
#define VM_PROT_READ    0x01
#define VM_PROT_WRITE   0x02
#define VM_PROT_EXECUTE 0x04
#define VM_PROT_DEFAULT (VM_PROT_READ | VM_PROT_WRITE)
#define VM_PROT_ALL     (VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXECUTE)

#define VM_FLAGS_FIXED    0x0000
#define VM_FLAGS_ANYWHERE 0x0001

#endif
