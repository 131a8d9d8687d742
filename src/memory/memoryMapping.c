/* SPDX-License-Identifier: MIT */
/*
 * How ranges are mapped. Into the host:
 *     host memory      is where it is: the map is its address (SEMANTICS 7.23). A second mapping elsewhere, with
 * kIOMapUnique or at a given address, needs shareable memory. client's memory  is prepared for the life of the map,
 * which shows the copy physical memory  is where its number says, if something is there Into a client: its own memory
 * is where it is; else shareable memory, which the client maps when the boundary sends it.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memoryPrivate.h"

static void setStatic(IOMemoryMap *map, uintptr_t address)
{
    atomic_store(&map->address, address);
    map->options |= kIOMapStatic;
}

IOReturn memoryMapping_mapShared(IOMemoryDescriptor *memory, IOMemoryMap *map)
{
    uint64_t fdOffset, fdLength;
    bool isReadOnly = map->options & kIOMapReadOnly;
    int fd = IOMemoryDescriptor_copyShareableDescriptor(memory, isReadOnly, &fdOffset, &fdLength);
    if (fd < 0)
        return kIOReturnUnsupported;
    uint64_t page = hostRegion_pageSize(), first = fdOffset + map->offset, within = first & (page - 1);
    uintptr_t address = map->options & kIOMapAnywhere ? 0 : atomic_load(&map->address) - within;
    size_t size;
    IOReturn result = kIOReturnBadArgument;
    if ((address & (page - 1)) == 0 && hostRegion_round(within + map->length, &size)) {
        int flags = MAP_SHARED | (map->options & kIOMapAnywhere ? 0 : MAP_FIXED_NOREPLACE);
        int access = PROT_READ | (isReadOnly ? 0 : PROT_WRITE);
        void *region = mmap((void *)address, size, access, flags, fd, (off_t)(first - within));
        result = region == MAP_FAILED ? errno == EEXIST ? kIOReturnNoSpace : kIOReturnVMError : kIOReturnSuccess;
        if (result == kIOReturnSuccess) {
            map->regionAddress = (uintptr_t)region;
            map->regionLength = size;
            atomic_store(&map->address, (uintptr_t)region + within);
        }
    }
    close(fd);
    return result;
}

IOReturn memoryMapping_delegate(IOMemoryDescriptor *child, IOMemoryMap *map, IOByteCount offset)
{
    IOByteCount own = map->offset;
    map->offset = offset;
    IOReturn result = OSMethodsOf(IOMemoryDescriptor, child)->doMap(child, map);
    map->offset = own;
    return result;
}

/* Host and physical memory at the address it has. */
static IOReturn mapInPlace(IOGeneralMemoryDescriptor *self, IOMemoryMap *map)
{
    IOByteCount run;
    uint64_t address = generalMemory_addressAt(self, map->offset, &run);
    if (run < map->length || address == 0)
        return kIOReturnUnsupported;
    if (self->core->kind == kMemoryPhysical) { /* msync fails where nothing is mapped */
        uint64_t page = hostRegion_pageSize(), start = address & ~(page - 1);
        if (msync((void *)(uintptr_t)start, address - start + map->length, MS_ASYNC) != 0)
            return kIOReturnVMError;
    }
    setStatic(map, address);
    return kIOReturnSuccess;
}

static IOReturn mapCopy(IOGeneralMemoryDescriptor *self, IOMemoryMap *map)
{
    IOReturn result =
        IOMemoryDescriptor_prepare(&self->super, map->options & kIOMapReadOnly ? kIODirectionOut : kIODirectionNone);
    if (result != kIOReturnSuccess)
        return result;
    map->prepared = OSRetain(&self->super);
    setStatic(map, IOMemoryDescriptor_getPhysicalSegment(&self->super, map->offset, NULL, 0));
    return kIOReturnSuccess;
}

static IOReturn mapIntoHost(IOGeneralMemoryDescriptor *self, IOMemoryMap *map)
{
    bool isAnywhere = map->options & kIOMapAnywhere, isUnique = map->options & kIOMapUnique;
    if (self->core->fd >= 0 && self->core->kind == kMemoryHost && (!isAnywhere || isUnique))
        return memoryMapping_mapShared(&self->super, map);
    if (!isAnywhere)
        return kIOReturnUnsupported;
    if (self->core->kind == kMemoryPhysical || self->core->kind == kMemoryHost)
        return mapInPlace(self, map);
    return mapCopy(self, map);
}

static IOReturn mapIntoClient(IOGeneralMemoryDescriptor *self, IOMemoryMap *map)
{
    const IOGeneralMemoryDescriptorPrivate *core = self->core;

    bool isOwn = core->kind == kMemoryClient && core->task == map->task;
    if (isOwn && map->options & kIOMapAnywhere)
        return mapInPlace(self, map);
    if (core->kind != kMemoryHost || core->fd < 0)
        return kIOReturnUnsupported;
    if (map->options & kIOMapAnywhere)
        atomic_store(&map->address, 0); /* until the client has it */
    return kIOReturnSuccess;
}

IOReturn generalMemory_doMap(IOMemoryDescriptor *memory, IOMemoryMap *map)
{
    IOGeneralMemoryDescriptor *self = OSRequiredCast(IOGeneralMemoryDescriptor, memory);
    if (IOMemoryDescriptor_getFlags(memory) & kIOMemoryRemote)
        return kIOReturnNotAttached;
    return map->task == kernel_task ? mapIntoHost(self, map) : mapIntoClient(self, map);
}
