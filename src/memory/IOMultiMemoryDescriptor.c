/* SPDX-License-Identifier: MIT */
/*
 * Descriptors end to end. A mapping that crosses the end of one is put together from their files in an area of the host
 * that is reserved first, which needs each border on a page.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <IOKit/IOMultiMemoryDescriptor.h>

#include "memoryPrivate.h"

static IOMultiMemoryDescriptor *multiOf(IOMemoryDescriptor *memory)
{
    return OSRequiredCast(IOMultiMemoryDescriptor, memory);
}

/* ---- Making ---- */

/* Whether they fit together; their length. */
static bool areAlike(IOMemoryDescriptor *const *descriptors, uint32_t count, IODirection direction,
                     IOByteCount *ret_length)
{
    IOByteCount length = 0;
    IOOptionBits pageable = IOMemoryDescriptor_getFlags(descriptors[0]) & kIOMemoryBufferPageable;
    for (uint32_t i = 0; i < count; i++) {
        IOByteCount part = IOMemoryDescriptor_getLength(descriptors[i]);
        if (part > UINT64_MAX - length || IOMemoryDescriptor_getDirection(descriptors[i]) != direction ||
            (IOMemoryDescriptor_getFlags(descriptors[i]) & kIOMemoryBufferPageable) != pageable)
            return false;
        length += part;
    }
    *ret_length = length;
    return true;
}

IOMultiMemoryDescriptor *IOMultiMemoryDescriptor_withDescriptors(IOMemoryDescriptor *const *descriptors, uint32_t count,
                                                                 IODirection direction)
{
    IOByteCount length;
    direction &= kIOMemoryDirectionMask;
    if (!descriptors || count == 0 || count > kIOMemoryRangesMax || !areAlike(descriptors, count, direction, &length))
        return NULL;
    IOMultiMemoryDescriptor *self = OSTypeAlloc(IOMultiMemoryDescriptor);
    if (!self)
        return NULL;
    self->descriptors = IOMalloc(count * sizeof(IOMemoryDescriptor *));
    if (!self->descriptors) {
        OSRelease(self);
        return NULL;
    }
    self->count = count;
    for (uint32_t i = 0; i < count; i++) {
        self->descriptors[i] = OSRetain(descriptors[i]);
        if (self->super.tag == 0)
            self->super.tag = IOMemoryDescriptor_getTag(descriptors[i]);
    }
    IOOptionBits pageable = IOMemoryDescriptor_getFlags(descriptors[0]) & kIOMemoryBufferPageable;
    IOMemoryDescriptor_initWithLength(&self->super, length, direction | pageable | kIOMemoryThreadSafe);
    return self;
}

static void IOMultiMemoryDescriptor_free(OSObject *object)
{
    IOMultiMemoryDescriptor *self = OSRequiredCast(IOMultiMemoryDescriptor, object);
    for (uint32_t i = 0; i < self->count; i++)
        OSRelease(self->descriptors[i]);
    IOFree(self->descriptors, self->count * sizeof(IOMemoryDescriptor *));
    OSObject_super()->free(object);
}

/* The descriptor that has the byte at *offset, which becomes the offset in it; NULL at the end. */
static IOMemoryDescriptor *partAt(const IOMultiMemoryDescriptor *self, IOByteCount *offset)
{
    for (uint32_t i = 0; i < self->count; i++) {
        IOByteCount length = IOMemoryDescriptor_getLength(self->descriptors[i]);
        if (*offset < length)
            return self->descriptors[i];
        *offset -= length;
    }
    return NULL;
}

/* How many of length bytes are in part from offset on. */
static IOByteCount lengthIn(const IOMemoryDescriptor *part, IOByteCount offset, IOByteCount length)
{
    return smallerOf(length, IOMemoryDescriptor_getLength(part) - offset);
}

/* ---- Prepare and complete ---- */

static IOReturn IOMultiMemoryDescriptor_complete(IOMemoryDescriptor *memory, IODirection forDirection)
{
    IOMultiMemoryDescriptor *self = multiOf(memory);
    IOReturn final = kIOReturnSuccess;
    for (uint32_t i = 0; i < self->count; i++) {
        IOReturn result = IOMemoryDescriptor_complete(self->descriptors[i], forDirection);
        if (result != kIOReturnSuccess)
            final = result;
    }
    return final;
}

static IOReturn IOMultiMemoryDescriptor_prepare(IOMemoryDescriptor *memory, IODirection forDirection)
{
    IOMultiMemoryDescriptor *self = multiOf(memory);
    if (forDirection == kIODirectionNone)
        forDirection = IOMemoryDescriptor_getDirection(memory);
    for (uint32_t i = 0; i < self->count; i++) {
        IOReturn result = IOMemoryDescriptor_prepare(self->descriptors[i], forDirection);
        if (result == kIOReturnSuccess)
            continue;
        while (i-- > 0) /* nothing was transferred */
            (void)IOMemoryDescriptor_complete(self->descriptors[i], forDirection | kIODirectionCompleteWithError);
        return result;
    }
    return kIOReturnSuccess;
}

/* ---- Bytes ---- */

static addr64_t IOMultiMemoryDescriptor_getPhysicalSegment(IOMemoryDescriptor *memory, IOByteCount offset,
                                                           IOByteCount *ret_length, IOOptionBits options)
{
    IOMemoryDescriptor *part = partAt(multiOf(memory), &offset);
    return part ? IOMemoryDescriptor_getPhysicalSegment(part, offset, ret_length, options) : 0;
}

static IOByteCount IOMultiMemoryDescriptor_readBytes(IOMemoryDescriptor *memory, IOByteCount offset, void *bytes,
                                                     IOByteCount length)
{
    IOByteCount done = 0;
    while (done < length) {
        IOByteCount at = offset + done;
        IOMemoryDescriptor *part = partAt(multiOf(memory), &at);
        IOByteCount wanted = part ? lengthIn(part, at, length - done) : 0;
        IOByteCount moved = part ? IOMemoryDescriptor_readBytes(part, at, (uint8_t *)bytes + done, wanted) : 0;
        done += moved;
        if (moved == 0 || moved < wanted)
            break;
    }
    return done;
}

static IOByteCount IOMultiMemoryDescriptor_writeBytes(IOMemoryDescriptor *memory, IOByteCount offset, const void *bytes,
                                                      IOByteCount length)
{
    IOByteCount done = 0;
    while (done < length) {
        IOByteCount at = offset + done;
        IOMemoryDescriptor *part = partAt(multiOf(memory), &at);
        IOByteCount wanted = part ? lengthIn(part, at, length - done) : 0;
        const uint8_t *source = bytes ? (const uint8_t *)bytes + done : NULL;
        IOByteCount moved = part ? IOMemoryDescriptor_writeBytes(part, at, source, wanted) : 0;
        done += moved;
        if (moved == 0 || moved < wanted)
            break;
    }
    return done;
}

/* ---- Mapping ---- */

/* Puts length bytes of part over the reserved address. */
static bool placePart(IOMemoryDescriptor *part, IOByteCount offset, IOByteCount length, uintptr_t address,
                      bool isReadOnly)
{
    uint64_t fdOffset, fdLength, page = hostRegion_pageSize();
    int fd = IOMemoryDescriptor_copyShareableDescriptor(part, isReadOnly, &fdOffset, &fdLength);
    if (fd < 0)
        return false;
    int access = PROT_READ | (isReadOnly ? 0 : PROT_WRITE);
    void *place = MAP_FAILED;
    if (((fdOffset + offset) & (page - 1)) == 0 && (address & (page - 1)) == 0)
        place = mmap((void *)address, length, access, MAP_SHARED | MAP_FIXED, fd, (off_t)(fdOffset + offset));
    close(fd);
    return place != MAP_FAILED;
}

static IOReturn placeParts(IOMultiMemoryDescriptor *self, IOMemoryMap *map)
{
    size_t size;
    if (!(map->options & kIOMapAnywhere) || !hostRegion_round(map->length, &size))
        return kIOReturnUnsupported;
    void *region = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED)
        return kIOReturnVMError;
    for (IOByteCount done = 0; done < map->length;) {
        IOByteCount at = map->offset + done;
        IOMemoryDescriptor *part = partAt(self, &at);
        IOByteCount length = part ? lengthIn(part, at, map->length - done) : 0;
        if (!part || !placePart(part, at, length, (uintptr_t)region + done, map->options & kIOMapReadOnly)) {
            munmap(region, size);
            return kIOReturnUnsupported;
        }
        done += length;
    }
    map->regionAddress = (uintptr_t)region;
    map->regionLength = size;
    atomic_store(&map->address, (uintptr_t)region);
    return kIOReturnSuccess;
}

static IOReturn IOMultiMemoryDescriptor_doMap(IOMemoryDescriptor *memory, IOMemoryMap *map)
{
    IOMultiMemoryDescriptor *self = multiOf(memory);
    IOByteCount at = map->offset;
    IOMemoryDescriptor *part = partAt(self, &at);
    if (part && lengthIn(part, at, map->length) == map->length)
        return memoryMapping_delegate(part, map, at);
    return map->task == kernel_task ? placeParts(self, map) : kIOReturnUnsupported;
}

OSDefineClass(IOMultiMemoryDescriptor, IOMemoryDescriptor, .free = IOMultiMemoryDescriptor_free,
              .prepare = IOMultiMemoryDescriptor_prepare, .complete = IOMultiMemoryDescriptor_complete,
              .getPhysicalSegment = IOMultiMemoryDescriptor_getPhysicalSegment,
              .readBytes = IOMultiMemoryDescriptor_readBytes, .writeBytes = IOMultiMemoryDescriptor_writeBytes,
              .doMap = IOMultiMemoryDescriptor_doMap);
