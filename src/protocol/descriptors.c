/* SPDX-License-Identifier: MIT */
/* Descriptors beside packets. A packet with more than it may have closes them all and counts as malformed. */
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union ControlSpace {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * kWireDescriptorsMax)];
} ControlSpace;

bool sendControl(int socket, const ControlMessage *message, const int *descriptors, unsigned count)
{
    struct iovec vector = {(void *)message, sizeof *message};
    struct msghdr packet = {.msg_iov = &vector, .msg_iovlen = 1};
    ControlSpace space;
    if (count) {
        memset(&space, 0, sizeof space);
        packet.msg_control = &space;
        packet.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &packet, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *message;
}

int moveAboveStandard(int descriptor)
{
    if (descriptor < 0 || descriptor > STDERR_FILENO)
        return descriptor;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int error = errno;
    close(descriptor);
    errno = error;
    return moved;
}

/* One that cannot be moved is lost, as one for which the kernel found no number: MSG_CTRUNC. */
static unsigned takeDescriptors(struct msghdr *packet, int *descriptors)
{
    unsigned count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(packet); header; header = CMSG_NXTHDR(packet, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        unsigned here = (unsigned)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (unsigned i = 0; i < here; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            descriptor = moveAboveStandard(descriptor);
            if (descriptor < 0)
                packet->msg_flags |= MSG_CTRUNC;
            else if (count < kWireDescriptorsMax)
                descriptors[count++] = descriptor;
            else
                close(descriptor);
        }
    }
    return count;
}

int receiveControl(int socket, int flags, ControlMessage *ret_message, int *descriptors, unsigned *ret_count)
{
    ControlMessage message = {0};
    char excess;
    ControlSpace space;
    struct iovec vectors[2] = {{&message, sizeof message}, {&excess, 1}};
    struct msghdr packet = {.msg_iov = vectors, .msg_iovlen = 2, .msg_control = &space, .msg_controllen = sizeof space};
    ssize_t got;
    do
        got = recvmsg(socket, &packet, flags | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? -2 : 0;
    unsigned count = takeDescriptors(&packet, descriptors);
    if (got == 0 && count == 0)
        return 0;
    if (got != (ssize_t)sizeof message || (packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
        closeDescriptors(descriptors, count);
        return -1;
    }
    *ret_message = message;
    *ret_count = count;
    return 1;
}

void closeDescriptors(int *descriptors, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
            descriptors[i] = -1;
        }
}

int makeSharedMemory(const char *name, size_t size)
{
    int memory = moveAboveStandard(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (memory < 0)
        return -1;
    if (ftruncate(memory, (off_t)size) != 0 || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
        int error = errno;
        close(memory);
        errno = error;
        return -1;
    }
    return memory;
}
