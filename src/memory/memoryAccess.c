/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the bytes of ranges: the host's by memcpy, everybody else's by system calls, which come back with
 * fewer bytes where a fault would kill the host. Physical memory is one of the latter: its addresses are the host's
 * own, but nobody says that there is something.
 */
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "memoryPrivate.h"

enum { kZeroesMax = 4096 };
static const uint8_t zeroes[kZeroesMax];

/* One piece of one range: at address. bytes is not NULL. */
typedef IOByteCount (*MovePiece)(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                                 IOByteCount length);

static IOByteCount readHost(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                            IOByteCount length)
{
    (void)core;
    memcpy(bytes, (const void *)(uintptr_t)address, length);
    return length;
}

static IOByteCount writeHost(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                             IOByteCount length)
{
    (void)core;
    memcpy((void *)(uintptr_t)address, bytes, length);
    return length;
}

static IOByteCount countOf(ssize_t result)
{
    return result > 0 ? (IOByteCount)result : 0;
}

static IOByteCount readPhysical(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                                IOByteCount length)
{
    (void)core;
    struct iovec local = {bytes, length}, remote = {(void *)(uintptr_t)address, length};
    return countOf(process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
}

static IOByteCount writePhysical(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                                 IOByteCount length)
{
    (void)core;
    struct iovec local = {bytes, length}, remote = {(void *)(uintptr_t)address, length};
    return countOf(process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
}

static IOByteCount readClient(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                              IOByteCount length)
{
    return IOTask_readMemory(core->task, address, bytes, length);
}

static IOByteCount writeClient(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                               IOByteCount length)
{
    return IOTask_writeMemory(core->task, address, bytes, length);
}

static IOByteCount readFile(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                            IOByteCount length)
{
    return countOf(pread(core->fd, bytes, length, (off_t)address));
}

/* Never beyond the end: a client that truncated its file does not get it longer again. */
static IOByteCount writeFile(const IOGeneralMemoryDescriptorPrivate *core, uint64_t address, void *bytes,
                             IOByteCount length)
{
    off_t end = lseek(core->fd, 0, SEEK_END);
    if (end < 0 || (uint64_t)end <= address)
        return 0;
    return countOf(pwrite(core->fd, bytes, smallerOf(length, (uint64_t)end - address), (off_t)address));
}

static const MovePiece kReaders[] = {
    [kMemoryPhysical] = readPhysical, [kMemoryHost] = readHost, [kMemoryClient] = readClient, [kMemoryFile] = readFile};
static const MovePiece kWriters[] = {[kMemoryPhysical] = writePhysical,
                                     [kMemoryHost] = writeHost,
                                     [kMemoryClient] = writeClient,
                                     [kMemoryFile] = writeFile};

IOByteCount memoryAccess_read(const IOGeneralMemoryDescriptor *self, IOByteCount offset, void *bytes,
                              IOByteCount length)
{
    IOByteCount done = 0, piece;
    while (done < length) {
        uint64_t address = generalMemory_addressAt(self, offset + done, &piece);
        IOByteCount wanted = smallerOf(piece, length - done);
        IOByteCount moved = kReaders[self->core->kind](self->core, address, (uint8_t *)bytes + done, wanted);
        done += moved;
        if (moved == 0)
            break;
    }
    return done;
}

IOByteCount memoryAccess_write(const IOGeneralMemoryDescriptor *self, IOByteCount offset, const void *bytes,
                               IOByteCount length)
{
    IOByteCount done = 0, piece;
    while (done < length) {
        uint64_t address = generalMemory_addressAt(self, offset + done, &piece);
        IOByteCount wanted = smallerOf(piece, length - done);
        const void *source = bytes ? (const uint8_t *)bytes + done : zeroes;
        if (!bytes)
            wanted = smallerOf(wanted, kZeroesMax);
        IOByteCount moved = kWriters[self->core->kind](self->core, address, (void *)(uintptr_t)source, wanted);
        done += moved;
        if (moved == 0)
            break;
    }
    return done;
}
