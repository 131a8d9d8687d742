/* SPDX-License-Identifier: MIT */
/* Memory of this process by Mach's names: mmap's pages. No state, any thread. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <mach/mach_init.h>
#include <mach/mach_vm.h>

kern_return_t vm_allocate(vm_map_t task, vm_address_t *address, vm_size_t size, int flags)
{
    int fixed = flags & VM_FLAGS_ANYWHERE ? 0 : MAP_FIXED_NOREPLACE;
    void *wanted = fixed ? (void *)trunc_page(*address) : NULL;
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (size == 0) {
        *address = 0;
        return KERN_SUCCESS;
    }
    if (round_page(size) < size)
        return KERN_INVALID_ARGUMENT;
    void *memory = mmap(wanted, round_page(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
    if (memory == MAP_FAILED)
        return errno == EINVAL ? KERN_INVALID_ADDRESS : KERN_NO_SPACE;
    *address = (vm_address_t)memory;
    return KERN_SUCCESS;
}

kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (size == 0)
        return KERN_SUCCESS;
    if (address + size < address)
        return KERN_INVALID_ARGUMENT;
    vm_address_t start = trunc_page(address);
    return munmap((void *)start, round_page(address + size) - start) == 0 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

kern_return_t vm_read_overwrite(vm_map_t task, vm_address_t address, vm_size_t size, vm_address_t data,
                                vm_size_t *outsize)
{
    struct iovec to = {(void *)data, size}, from = {(void *)address, size};
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)size)
        return KERN_INVALID_ADDRESS;
    *outsize = size;
    return KERN_SUCCESS;
}

kern_return_t vm_protect(vm_map_t task, vm_address_t address, vm_size_t size, boolean_t set_maximum,
                         vm_prot_t protection)
{
    int flags = (protection & VM_PROT_READ ? PROT_READ : 0) | (protection & VM_PROT_WRITE ? PROT_WRITE : 0) |
                (protection & VM_PROT_EXECUTE ? PROT_EXEC : 0);
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    vm_address_t start = trunc_page(address);
    if (mprotect((void *)start, round_page(address + size) - start, flags) == 0)
        return KERN_SUCCESS;
    return errno == EACCES ? KERN_PROTECTION_FAILURE : KERN_INVALID_ADDRESS;
}

kern_return_t mach_vm_allocate(vm_map_t task, mach_vm_address_t *address, mach_vm_size_t size, int flags)
{
    vm_address_t native = (vm_address_t)*address;
    kern_return_t result = vm_allocate(task, &native, size, flags);
    if (result == KERN_SUCCESS)
        *address = native;
    return result;
}

kern_return_t mach_vm_deallocate(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size)
{
    return vm_deallocate(task, (vm_address_t)address, size);
}

kern_return_t mach_vm_read_overwrite(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size,
                                     mach_vm_address_t data, mach_vm_size_t *outsize)
{
    vm_size_t copied = 0;
    kern_return_t result = vm_read_overwrite(task, (vm_address_t)address, size, (vm_address_t)data, &copied);
    if (result == KERN_SUCCESS)
        *outsize = copied;
    return result;
}

kern_return_t mach_vm_protect(vm_map_t task, mach_vm_address_t address, mach_vm_size_t size, boolean_t set_maximum,
                              vm_prot_t protection)
{
    return vm_protect(task, (vm_address_t)address, size, set_maximum, protection);
}
