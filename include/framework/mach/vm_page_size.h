/* SPDX-License-Identifier: MIT */
#ifndef _VM_PAGE_SIZE_H_
#define _VM_PAGE_SIZE_H_

#include <unistd.h>

#include <mach/mach_types.h>

/* Bytes, as sysconf reports them. */
#define vm_page_size ((vm_size_t)sysconf(_SC_PAGESIZE))
#define vm_page_mask (vm_page_size - 1)

#define trunc_page(address) ((vm_offset_t)(address) & ~vm_page_mask)
#define round_page(address) trunc_page((vm_offset_t)(address) + vm_page_mask)
#define mach_vm_trunc_page(address) ((mach_vm_offset_t)(address) & ~(mach_vm_offset_t)vm_page_mask)
#define mach_vm_round_page(address) mach_vm_trunc_page((mach_vm_offset_t)(address) + vm_page_mask)

#endif
