/* SPDX-License-Identifier: MIT */
/* SEMANTICS 7.23 and 7.24: mappings. */
#include "memoryFixture.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static IOBufferMemoryDescriptor *bufferOfPages(unsigned pages)
{
    IOBufferMemoryDescriptor *buffer = IOBufferMemoryDescriptor_withCapacity(pages * kPage, kIODirectionInOut, false);
    assert_non_null(buffer);
    return buffer;
}

static uint8_t *bytesOf(const IOMemoryMap *map)
{
    assert_non_null(map);
    return (uint8_t *)IOMemoryMap_getVirtualAddress(map);
}

TEST(7_23_length_0_is_all_of_it)
{
    uint8_t bytes[100];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 100, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, 0, 0);
    assert_int_equal(IOMemoryMap_getLength(map), 100);
    OSRelease(map);
    /* The length of all of it, not of the rest: so this is beyond the end. */
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, 1, 0));
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, 50, 51));
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, 101, 1));
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, UINT64_MAX, 2));
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, NULL, 0, kIOMapAnywhere, 0, 0));
    OSRelease(memory);
}

TEST(7_23_same_task_is_the_original_address)
{
    uint8_t bytes[100];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 100, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_map(memory, 0);
    assert_ptr_equal(bytesOf(map), bytes);
    assert_true(IOMemoryMap_getMapOptions(map) & kIOMapStatic);
    OSRelease(map);
    assert_null(
        IOMemoryDescriptor_createMappingInTask(memory, kernel_task, kPage, 0, 0, 0)); /* cannot be moved there */
    OSRelease(memory);
    IOBufferMemoryDescriptor *buffer = bufferOfPages(1);
    map = IOMemoryDescriptor_map(&buffer->super.super, 0);
    assert_ptr_equal(bytesOf(map), IOBufferMemoryDescriptor_getBytesNoCopy(buffer));
    OSRelease(map);
    OSRelease(buffer);
}

TEST(7_23_compatible_maps_are_shared)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(2);
    IOMemoryDescriptor *memory = &buffer->super.super;
    IOMemoryMap *first = IOMemoryDescriptor_map(memory, 0);
    IOMemoryMap *second = IOMemoryDescriptor_map(memory, 0);
    assert_ptr_equal(first, second);
    IOMemoryMap *readOnly = IOMemoryDescriptor_map(memory, kIOMapReadOnly);
    assert_ptr_not_equal(readOnly, first);
    IOMemoryMap *cached = IOMemoryDescriptor_map(memory, kIOMapInhibitCache);
    assert_ptr_not_equal(cached, first);
    /* A part of an existing one is a map that holds it. */
    IOMemoryMap *part = IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, kPage + 8, 16);
    assert_ptr_equal(bytesOf(part), bytesOf(first) + kPage + 8);
    assert_int_equal(IOMemoryMap_getLength(part), 16);
    OSRelease(first);
    OSRelease(second);
    bytesOf(part)[0] = 9;
    assert_int_equal(((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(buffer))[kPage + 8], 9);
    OSRelease(part);
    OSRelease(readOnly);
    OSRelease(cached);
    OSRelease(buffer);
}

TEST(7_23_unique_and_reference)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(2);
    IOMemoryDescriptor *memory = &buffer->super.super;
    assert_null(IOMemoryDescriptor_map(memory, kIOMapReference)); /* there is none */
    IOMemoryMap *first = IOMemoryDescriptor_map(memory, 0);
    IOMemoryMap *found = IOMemoryDescriptor_map(memory, kIOMapReference);
    assert_ptr_equal(found, first);
    IOMemoryMap *unique = IOMemoryDescriptor_map(memory, kIOMapUnique);
    assert_ptr_not_equal(unique, first);
    assert_ptr_not_equal(bytesOf(unique), bytesOf(first));
    bytesOf(unique)[7] = 77; /* the same memory */
    assert_int_equal(bytesOf(first)[7], 77);
    OSRelease(unique);
    OSRelease(found);
    OSRelease(first);
    OSRelease(buffer);
}

TEST(7_23_at_an_address)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(1);
    IOMemoryDescriptor *memory = &buffer->super.super;
    void *place = mmap(NULL, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(place != MAP_FAILED);
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, (uintptr_t)place, 0, 0, 0)); /* taken */
    munmap(place, kPage);
    IOMemoryMap *map = IOMemoryDescriptor_createMappingInTask(memory, kernel_task, (uintptr_t)place, 0, 0, 0);
    assert_ptr_equal(bytesOf(map), place);
    IOMemoryMap *again = IOMemoryDescriptor_createMappingInTask(memory, kernel_task, (uintptr_t)place, 0, 0, 0);
    assert_ptr_equal(again, map);
    OSRelease(again);
    OSRelease(map);
    assert_null(IOMemoryDescriptor_createMappingInTask(memory, kernel_task, (uintptr_t)place + 1, 0, 0, 0));
    OSRelease(buffer);
}

TEST(7_23_parts_and_rows_are_mapped)
{
    IOBufferMemoryDescriptor *buffers[2] = {bufferOfPages(1), bufferOfPages(1)};
    IOMemoryDescriptor *parts[2] = {&buffers[0]->super.super, &buffers[1]->super.super};
    IOMultiMemoryDescriptor *multi = IOMultiMemoryDescriptor_withDescriptors(parts, 2, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_map(&multi->super, 0);
    bytesOf(map)[kPage - 1] = 1;
    bytesOf(map)[kPage] = 2;
    assert_int_equal(((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(buffers[0]))[kPage - 1], 1);
    assert_int_equal(((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(buffers[1]))[0], 2);
    IOMemoryMap *one =
        IOMemoryDescriptor_createMappingInTask(&multi->super, kernel_task, 0, kIOMapAnywhere | kIOMapUnique, kPage, 8);
    assert_int_equal(bytesOf(one)[0], 2);
    IOSubMemoryDescriptor *sub = IOSubMemoryDescriptor_withSubRange(&multi->super, kPage - 4, 4, kIODirectionInOut);
    IOMemoryMap *last = IOMemoryDescriptor_map(&sub->super, 0);
    assert_int_equal(bytesOf(last)[3], 1);
    OSRelease(last);
    OSRelease(sub);
    OSRelease(one);
    OSRelease(map);
    OSRelease(multi);
    /* A border within a page cannot be mapped. */
    IOBufferMemoryDescriptor_setLength(buffers[0], 100);
    multi = IOMultiMemoryDescriptor_withDescriptors(parts, 2, kIODirectionInOut);
    assert_null(IOMemoryDescriptor_map(&multi->super, 0));
    OSRelease(multi);
    OSRelease(buffers[0]);
    OSRelease(buffers[1]);
}

TEST(7_24_questions_and_unmap)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(2);
    IOMemoryDescriptor *memory = &buffer->super.super;
    IOMemoryMap *map =
        IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere | kIOMapUnique, kPage, 100);
    assert_int_equal(IOMemoryMap_getLength(map), 100);
    assert_int_equal(IOMemoryMap_getSize(map), 100);
    assert_ptr_equal(IOMemoryMap_getAddressTask(map), kernel_task);
    assert_ptr_equal(IOMemoryMap_getMemoryDescriptor(map), memory);
    IOByteCount length;
    uintptr_t second = (uintptr_t)IOBufferMemoryDescriptor_getBytesNoCopy(buffer) + kPage;
    assert_int_equal(IOMemoryMap_getPhysicalSegment(map, 10, &length, 0), second + 10);
    assert_int_equal(length, 90);
    assert_int_equal(IOMemoryMap_getPhysicalSegment(map, 100, &length, 0), 0);
    assert_int_equal(length, 0);
    assert_int_equal(IOMemoryMap_getPhysicalAddress(map), second);
    IOMemoryMap_write8(map, 5, 1);
    uintptr_t address = IOMemoryMap_getAddress(map);
    assert_int_equal(IOMemoryMap_unmap(map), kIOReturnSuccess);
    assert_int_equal(msync((void *)address, kPage, MS_ASYNC), -1); /* nothing is mapped there */
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0);
    assert_int_equal(IOMemoryMap_read8(map, 5), 0xff);
    IOMemoryMap_write8(map, 5, 2);
    assert_int_equal(IOMemoryMap_unmap(map), kIOReturnSuccess);
    OSRelease(map);
    assert_int_equal(((uint8_t *)second)[5], 1);
    OSRelease(buffer);
}

TEST(7_24_the_last_reference_unmaps)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(1);
    IOMemoryMap *map = IOMemoryDescriptor_map(&buffer->super.super, kIOMapUnique);
    uintptr_t address = IOMemoryMap_getAddress(map);
    OSRelease(buffer); /* the map keeps the memory */
    *(uint8_t *)address = 1;
    OSRelease(map);
    assert_int_equal(msync((void *)address, kPage, MS_ASYNC), -1);
}

TEST(7_24_accesses)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(1);
    IOMemoryMap *map = IOMemoryDescriptor_map(&buffer->super.super, 0);
    IOMemoryMap_write64(map, 8, 0x1122334455667788);
    assert_true(IOMemoryMap_read64(map, 8) == 0x1122334455667788);
    uint32_t half;
    memcpy(&half, bytesOf(map) + 8, sizeof half);
    assert_int_equal(IOMemoryMap_read32(map, 8), half);
    IOMemoryMap_write16(map, 2, 0xbeef);
    assert_int_equal(IOMemoryMap_read16(map, 2), 0xbeef);
    IOMemoryMap_write8(map, kPage - 1, 3);
    assert_int_equal(IOMemoryMap_read8(map, kPage - 1), 3);
    assert_int_equal(IOMemoryMap_read8(map, kPage), 0xff);
    assert_int_equal(IOMemoryMap_read32(map, 2), UINT32_MAX); /* misaligned */
    IOMemoryMap *readOnly = IOMemoryDescriptor_map(&buffer->super.super, kIOMapReadOnly);
    IOMemoryMap_write8(readOnly, kPage - 1, 4);
    assert_int_equal(IOMemoryMap_read8(readOnly, kPage - 1), 3);
    OSRelease(readOnly);
    OSRelease(map);
    OSRelease(buffer);
}

TEST(7_24_redirect)
{
    IOBufferMemoryDescriptor *one = bufferOfPages(1), *other = bufferOfPages(3);
    memset(IOBufferMemoryDescriptor_getBytesNoCopy(one), 1, kPage);
    memset(IOBufferMemoryDescriptor_getBytesNoCopy(other), 2, 3 * kPage);
    IOMemoryMap *map = IOMemoryDescriptor_map(&one->super.super, kIOMapUnique);
    uint8_t *bytes = bytesOf(map);
    assert_int_equal(bytes[0], 1);
    assert_int_equal(IOMemoryMap_redirect(map, &other->super.super, 0, kPage), kIOReturnSuccess);
    assert_ptr_equal(bytesOf(map), bytes);
    assert_int_equal(bytes[0], 2);
    assert_ptr_equal(IOMemoryMap_getMemoryDescriptor(map), &other->super.super);
    bytes[3] = 9;
    assert_int_equal(((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(other))[kPage + 3], 9);
    assert_int_equal(IOMemoryMap_redirect(map, &other->super.super, 0, 2 * kPage + 1), kIOReturnBadArgument);
    assert_int_equal(IOMemoryMap_redirect(map, &other->super.super, 0, 1), kIOReturnUnsupported);
    assert_int_equal(IOMemoryMap_redirect(map, NULL, 0, 0), kIOReturnUnsupported);
    OSRelease(map);
    map = IOMemoryDescriptor_map(&one->super.super, 0); /* the buffer's own address */
    assert_int_equal(IOMemoryMap_redirect(map, &other->super.super, 0, 0), kIOReturnUnsupported);
    OSRelease(map);
    OSRelease(one);
    OSRelease(other);
}

/* What the boundary does: a client maps what the map gives, at an address of its own. */
TEST(7_23_a_client_maps)
{
    Client client = clientStart(kPage);
    IOBufferMemoryDescriptor *buffer = bufferOfPages(2);
    IOMemoryDescriptor *memory = &buffer->super.super;
    IOMemoryMap *map =
        IOMemoryDescriptor_createMappingInTask(memory, client.task, 0, kIOMapAnywhere | kIOMapReadOnly, kPage, 64);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0);
    uint64_t offset, length;
    int fd = IOMemoryMap_copyShareableDescriptor(map, &offset, &length);
    assert_true(fd >= 0);
    assert_int_equal(offset, kPage);
    assert_int_equal(length, 64);
    assert_true(mmap(NULL, kPage, PROT_WRITE, MAP_SHARED, fd, (off_t)offset) == MAP_FAILED);
    close(fd);
    IOMemoryMap_setAddress(map, 0x10000);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0x10000);
    IOMemoryMap *found = IOMemoryDescriptor_createMappingInTask(
        memory, client.task, 0x10000, kIOMapReadOnly | kIOMapReference, kPage, 64); /* as unmapping looks it up */
    assert_ptr_equal(found, map);
    assert_int_equal(IOMemoryMap_read32(map, 0), UINT32_MAX); /* the address is the client's, not the host's */
    OSRelease(found);
    IOMemoryMap_taskDied(map);
    assert_null(IOMemoryMap_getAddressTask(map));
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0);
    OSRelease(map);
    /* Memory that is only the host's cannot be mapped there; the client's own is where it is. */
    uint8_t bytes[8];
    IOMemoryDescriptor *host = IOMemoryDescriptor_withAddress(bytes, 8, kIODirectionInOut);
    assert_null(IOMemoryDescriptor_createMappingInTask(host, client.task, 0, kIOMapAnywhere, 0, 0));
    OSRelease(host);
    IOMemoryDescriptor *own = clientMemory(&client, 0, kPage, kIODirectionInOut);
    map = IOMemoryDescriptor_createMappingInTask(own, client.task, 0, kIOMapAnywhere, 8, 8);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), client.address + 8);
    OSRelease(map);
    OSRelease(own);
    OSRelease(buffer);
    clientFree(&client);
}

TEST(7_24_set_mapping_records)
{
    uint8_t bytes[8];
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withAddress(bytes, 8, kIODirectionInOut);
    IOMemoryMap *map = IOMemoryDescriptor_setMapping(memory, kernel_task, 0x1230000, 0);
    assert_int_equal(IOMemoryMap_getVirtualAddress(map), 0x1230000);
    assert_int_equal(IOMemoryMap_getLength(map), 8);
    OSRelease(map);
    OSRelease(memory);
}

/* ---- Several threads ---- */

enum { kRounds = 2000 };

static void *mapAndUnmap(void *context)
{
    IOMemoryDescriptor *memory = context;
    for (int i = 0; i < kRounds; i++) {
        IOMemoryMap *map = IOMemoryDescriptor_map(memory, i % 7 == 0 ? kIOMapUnique : 0);
        IOMemoryMap *part = IOMemoryDescriptor_createMappingInTask(memory, kernel_task, 0, kIOMapAnywhere, 16,
                                                                   (IOByteCount)(i % 8) + 1);
        if (!map || !part || IOMemoryMap_read8(map, 16) != 5 || IOMemoryMap_read8(part, 0) != 5)
            return context;
        OSRelease(map);
        OSRelease(part);
    }
    return NULL;
}

TEST(maps_from_several_threads)
{
    IOBufferMemoryDescriptor *buffer = bufferOfPages(1);
    ((uint8_t *)IOBufferMemoryDescriptor_getBytesNoCopy(buffer))[16] = 5;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, mapAndUnmap, &buffer->super.super), 0);
    for (int i = 0; i < 4; i++) {
        void *failed = buffer;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_null(buffer->super.super.firstMap);
    OSRelease(buffer);
}

TEST_MAIN_WITH(memoryTestHooks, RUN(7_23_length_0_is_all_of_it), RUN(7_23_same_task_is_the_original_address),
               RUN(7_23_compatible_maps_are_shared), RUN(7_23_unique_and_reference), RUN(7_23_at_an_address),
               RUN(7_23_parts_and_rows_are_mapped), RUN(7_23_a_client_maps), RUN(7_24_questions_and_unmap),
               RUN(7_24_the_last_reference_unmaps), RUN(7_24_accesses), RUN(7_24_redirect),
               RUN(7_24_set_mapping_records), RUN(maps_from_several_threads))
