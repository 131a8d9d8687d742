/* SPDX-License-Identifier: MIT */
/*
 * IOMemoryMap, and the making of maps. A descriptor lists its maps, weakly, so that a second request finds a compatible
 * one (SEMANTICS 7.23); a map holds its descriptor.
 *
 * mapsLock guards the lists and what unmap undoes. Memory is mapped and unmapped, and references are given back,
 * without it.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "memoryPrivate.h"

static pthread_mutex_t mapsLock = PTHREAD_MUTEX_INITIALIZER;

/* ---- The list of a descriptor ---- */

static void link_locked(IOMemoryMap *map)
{
    IOMemoryDescriptor *memory = map->memory;
    map->nextMap = memory->firstMap;
    if (map->nextMap)
        map->nextMap->previousMap = map;
    memory->firstMap = map;
}

static void unlink_locked(IOMemoryMap *map)
{
    if (map->nextMap)
        map->nextMap->previousMap = map->previousMap;
    if (map->previousMap)
        map->previousMap->nextMap = map->nextMap;
    else if (map->memory->firstMap == map)
        map->memory->firstMap = map->nextMap;
    map->nextMap = map->previousMap = NULL;
}

/* Whether what wanted asks for is (a part of) what existing maps. */
static bool isCompatible_locked(const IOMemoryMap *existing, const IOMemoryMap *wanted)
{
    IOOptionBits differs = existing->options ^ wanted->options;
    IOOptionBits cache = wanted->options & kIOMapCacheMask;
    uintptr_t address = atomic_load(&existing->address);
    if (existing->task != wanted->task || differs & kIOMapReadOnly || (!address && !existing->access) ||
        (cache != kIOMapDefaultCache && differs & kIOMapCacheMask))
        return false;
    if (!(wanted->options & kIOMapAnywhere) && address != atomic_load(&wanted->address))
        return false;
    return wanted->offset >= existing->offset &&
           isRangeInside(wanted->offset - existing->offset, wanted->length, existing->length);
}

/* Makes map the part of larger that it asked for; takes the reference. */
static void makePart(IOMemoryMap *map, IOMemoryMap *larger)
{
    IOByteCount start = map->offset - larger->offset;
    uintptr_t address = atomic_load(&larger->address);
    map->superMap = larger;
    map->access = larger->access;
    map->accessOwner = larger->accessOwner;
    map->accessAddress = larger->accessAddress + start;
    atomic_store(&map->address, address ? address + start : 0);
}

/* An existing map, +1, that has all that map asks for, or NULL. */
static IOMemoryMap *copyCompatible(const IOMemoryMap *map)
{
    IOMemoryMap *found = NULL;
    pthread_mutex_lock(&mapsLock);
    for (IOMemoryMap *each = map->memory->firstMap; each && !found; each = each->nextMap)
        if (isCompatible_locked(each, map) && OSObject_tryRetain(OSObjectOf(each)))
            found = each;
    pthread_mutex_unlock(&mapsLock);
    return found;
}

/* ---- Making ---- */

static IOMemoryMap *makeMap(IOMemoryDescriptor *memory, IOTask *task, uintptr_t address, IOOptionBits options,
                            IOByteCount offset, IOByteCount length)
{
    IOMemoryMap *map = OSTypeAlloc(IOMemoryMap);
    if (!map)
        return NULL;
    map->memory = OSRetain(memory);
    map->task = OSRetain(task);
    map->options = options;
    map->offset = offset;
    map->length = length;
    atomic_store(&map->address, address);
    return map;
}

/* Finds or makes what map asks for: map itself, or another, or NULL. */
static IOMemoryMap *resolve(IOMemoryMap *map)
{
    if (map->options & kIOMapStatic)
        return map;
    if (!(map->options & kIOMapUnique)) {
        IOMemoryMap *existing = copyCompatible(map);
        if (existing && existing->offset == map->offset && existing->length == map->length)
            return existing;
        if (existing) {
            makePart(map, existing);
            return map;
        }
        if (map->options & kIOMapReference)
            return NULL;
    }
    IOReturn result = OSMethodsOf(IOMemoryDescriptor, map->memory)->doMap(map->memory, map);
    return result == kIOReturnSuccess ? map : NULL;
}

IOMemoryMap *IOMemoryDescriptor_createMappingInTask(IOMemoryDescriptor *self, IOTask *task, uintptr_t address,
                                                    IOOptionBits options, IOByteCount offset, IOByteCount length)
{
    IOByteCount whole = IOMemoryDescriptor_getLength(self);
    if (length == 0)
        length = whole;
    if (!task || length == 0 || !isRangeInside(offset, length, whole))
        return NULL;
    IOMemoryMap *map = makeMap(self, task, address, options, offset, length);
    IOMemoryMap *result = map ? resolve(map) : NULL;
    if (result == map && map) {
        pthread_mutex_lock(&mapsLock);
        link_locked(map);
        pthread_mutex_unlock(&mapsLock);
    } else {
        OSRelease(map);
    }
    return result;
}

IOMemoryMap *IOMemoryDescriptor_map(IOMemoryDescriptor *self, IOOptionBits options)
{
    return IOMemoryDescriptor_createMappingInTask(self, kernel_task, 0, options | kIOMapAnywhere, 0, 0);
}

IOMemoryMap *IOMemoryDescriptor_setMapping(IOMemoryDescriptor *self, IOTask *task, uintptr_t address,
                                           IOOptionBits options)
{
    return IOMemoryDescriptor_createMappingInTask(self, task, address, options | kIOMapStatic, 0, 0);
}

/* ---- Questions ---- */

IOVirtualAddress IOMemoryMap_getVirtualAddress(const IOMemoryMap *self)
{
    return atomic_load(&self->address);
}

IOVirtualAddress IOMemoryMap_getAddress(const IOMemoryMap *self)
{
    return IOMemoryMap_getVirtualAddress(self);
}

IOByteCount IOMemoryMap_getLength(const IOMemoryMap *self)
{
    return self->length;
}

IOByteCount IOMemoryMap_getSize(const IOMemoryMap *self)
{
    return self->length;
}

IOTask *IOMemoryMap_getAddressTask(const IOMemoryMap *self)
{
    return self->task;
}

IOOptionBits IOMemoryMap_getMapOptions(const IOMemoryMap *self)
{
    return self->options;
}

IOMemoryDescriptor *IOMemoryMap_getMemoryDescriptor(const IOMemoryMap *self)
{
    return self->memory;
}

addr64_t IOMemoryMap_getPhysicalSegment(const IOMemoryMap *self, IOByteCount offset, IOByteCount *ret_length,
                                        IOOptionBits options)
{
    IOByteCount length = 0;
    addr64_t address = 0;
    if (offset < self->length)
        address = IOMemoryDescriptor_getPhysicalSegment(self->memory, self->offset + offset, &length, options);
    if (ret_length)
        *ret_length = address ? smallerOf(length, self->length - offset) : 0;
    return address;
}

addr64_t IOMemoryMap_getPhysicalAddress(const IOMemoryMap *self)
{
    return IOMemoryMap_getPhysicalSegment(self, 0, NULL, 0);
}

int IOMemoryMap_copyShareableDescriptor(IOMemoryMap *self, uint64_t *ret_offset, uint64_t *ret_length)
{
    bool isReadOnly = self->options & kIOMapReadOnly;
    uint64_t offset, length;
    int fd = IOMemoryDescriptor_copyShareableDescriptor(self->memory, isReadOnly, &offset, &length);
    if (fd < 0)
        return -1;
    if (!isRangeInside(self->offset, self->length, length)) { /* only a part of the memory is shareable */
        close(fd);
        return -1;
    }
    *ret_offset = offset + self->offset;
    *ret_length = self->length;
    return fd;
}

void IOMemoryMap_setAddress(IOMemoryMap *self, uintptr_t address)
{
    atomic_store(&self->address, address);
}

/* ---- The end ---- */

IOReturn IOMemoryMap_unmap(IOMemoryMap *self)
{
    pthread_mutex_lock(&mapsLock);
    uintptr_t region = self->regionAddress;
    size_t length = self->regionLength;
    IOMemoryDescriptor *prepared = self->prepared;
    self->regionLength = 0;
    self->prepared = NULL;
    self->access = NULL;
    atomic_store(&self->address, 0);
    pthread_mutex_unlock(&mapsLock);
    if (length)
        hostRegion_unmap(region, length);
    IOReturn result = prepared ? IOMemoryDescriptor_complete(prepared, kIODirectionNone) : kIOReturnSuccess;
    OSRelease(prepared);
    return result;
}

void IOMemoryMap_taskDied(IOMemoryMap *self)
{
    pthread_mutex_lock(&mapsLock);
    IOTask *task = self->task;
    self->task = NULL;
    atomic_store(&self->address, 0);
    pthread_mutex_unlock(&mapsLock);
    OSRelease(task);
}

static void IOMemoryMap_free(OSObject *object)
{
    IOMemoryMap *self = OSRequiredCast(IOMemoryMap, object);
    if (self->memory) {
        (void)IOMemoryMap_unmap(self); /* a client that is gone loses what was for it */
        pthread_mutex_lock(&mapsLock);
        unlink_locked(self);
        pthread_mutex_unlock(&mapsLock);
    }
    OSRelease(self->superMap);
    OSRelease(self->memory);
    OSRelease(self->task);
    OSObject_super()->free(object);
}

/* ---- Other memory behind the same address ---- */

/* Exchanges the descriptor; returns the old one, to be released. */
static IOMemoryDescriptor *replaceMemory(IOMemoryMap *self, IOMemoryDescriptor *memory, IOByteCount offset)
{
    IOMemoryDescriptor *old = self->memory;
    pthread_mutex_lock(&mapsLock);
    unlink_locked(self);
    self->memory = OSRetain(memory);
    self->offset = offset;
    link_locked(self);
    pthread_mutex_unlock(&mapsLock);
    return old;
}

IOReturn IOMemoryMap_redirect(IOMemoryMap *self, IOMemoryDescriptor *memory, IOOptionBits options, IOByteCount offset)
{
    (void)options; /* the cache mode, which is the host's */
    if (!memory || self->regionLength == 0)
        return kIOReturnUnsupported;
    if (!isRangeInside(offset, self->length, IOMemoryDescriptor_getLength(memory)))
        return kIOReturnBadArgument;
    bool isReadOnly = self->options & kIOMapReadOnly;
    uint64_t fdOffset, fdLength;
    int fd = IOMemoryDescriptor_copyShareableDescriptor(memory, isReadOnly, &fdOffset, &fdLength);
    if (fd < 0)
        return kIOReturnUnsupported;
    uint64_t start = fdOffset + offset, within = atomic_load(&self->address) - self->regionAddress;
    IOReturn result = kIOReturnUnsupported;
    if (start >= within && ((start - within) & (hostRegion_pageSize() - 1)) == 0) {
        int access = PROT_READ | (isReadOnly ? 0 : PROT_WRITE);
        void *region = mmap((void *)self->regionAddress, self->regionLength, access, MAP_SHARED | MAP_FIXED, fd,
                            (off_t)(start - within));
        result = region == MAP_FAILED ? kIOReturnVMError : kIOReturnSuccess;
    }
    close(fd);
    if (result == kIOReturnSuccess)
        OSRelease(replaceMemory(self, memory, offset));
    return result;
}

/* ---- Accesses ---- */

/* Whether an access is inside the map. */
static bool isAccess(const IOMemoryMap *self, IOByteCount offset, unsigned width)
{
    return isRangeInside(offset, width, self->length) && (offset & (width - 1)) == 0;
}

/* Where it goes in the host, or NULL. */
static volatile void *placeOf(const IOMemoryMap *self, IOByteCount offset, unsigned width)
{
    uintptr_t address = atomic_load_explicit(&self->address, memory_order_relaxed);
    if (!address || self->task != kernel_task || ((address + offset) & (width - 1)))
        return NULL;
    return (volatile void *)(address + offset);
}

#define DEFINE_ACCESSES(bits)                                                                                          \
    uint##bits##_t IOMemoryMap_read##bits(const IOMemoryMap *self, IOByteCount offset)                                 \
    {                                                                                                                  \
        const unsigned width = sizeof(uint##bits##_t);                                                                 \
        if (!isAccess(self, offset, width))                                                                            \
            return UINT##bits##_MAX;                                                                                   \
        if (self->access)                                                                                              \
            return (uint##bits##_t)self->access->read(self->accessOwner, self->accessAddress + offset, width);         \
        volatile uint##bits##_t *place = placeOf(self, offset, width);                                                 \
        return place ? *place : UINT##bits##_MAX;                                                                      \
    }                                                                                                                  \
    void IOMemoryMap_write##bits(const IOMemoryMap *self, IOByteCount offset, uint##bits##_t value)                    \
    {                                                                                                                  \
        const unsigned width = sizeof(uint##bits##_t);                                                                 \
        if (!isAccess(self, offset, width) || self->options & kIOMapReadOnly)                                          \
            return;                                                                                                    \
        volatile uint##bits##_t *place = self->access ? NULL : placeOf(self, offset, width);                           \
        if (self->access)                                                                                              \
            self->access->write(self->accessOwner, self->accessAddress + offset, width, value);                        \
        else if (place)                                                                                                \
            *place = value;                                                                                            \
    }

DEFINE_ACCESSES(8)
DEFINE_ACCESSES(16)
DEFINE_ACCESSES(32)
DEFINE_ACCESSES(64)

OSDefineClass(IOMemoryMap, OSObject, .free = IOMemoryMap_free);
