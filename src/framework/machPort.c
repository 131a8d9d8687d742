/* SPDX-License-Identifier: MIT */
/*
 * Mach port names of this process: a table of entries, each with a receive right (a MachPort, or none) and a count of
 * send rights. The receive right's end makes the port dead; send rights that are left become a dead name.
 *
 * portLock covers the table and the sets' members; it is a leaf lock but for the host operations, which are called
 * without it. A MachPort is counted, so that its descriptors stay open while a thread waits on them: the thread that
 * ends the receive right shuts the socket down, which wakes the waiters.
 */
#include "machPortInternal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mach/mach_init.h>
#include <servers/bootstrap.h>

#include <IOKit/IOLib.h>

#include "protocol/descriptors.h"

enum { kNamesMax = 65536, kQueueBytes = 1024 * 1024 };

typedef struct Entry {
    MachPort *port; /* owned; NULL without the receive right */
    uint32_t sends; /* send rights; of a name without a port: references to a dead name */
} Entry;

static pthread_mutex_t portLock = PTHREAD_MUTEX_INITIALIZER;
static Entry *entries;    /* portLock; capacity of them */
static uint32_t capacity; /* portLock */
static uint32_t cursor;   /* portLock; where the search for a free name begins, so that names are not soon reused */

static const MachPortHostOperations *hostOperations; /* written once, before the first handle */

#undef mach_task_self
mach_port_t mach_task_self_ = kMachPortTask;
mach_port_t bootstrap_port = kMachPortBootstrap;

mach_port_t mach_task_self(void)
{
    return mach_task_self_;
}

mach_port_t mach_host_self(void)
{
    return kMachPortHost;
}

mach_port_t mach_thread_self(void)
{
    return kMachPortThread;
}

void machPortSetHostOperations(const MachPortHostOperations *operations)
{
    hostOperations = operations;
}

/* Names that every process has: references to them are not counted. */
static bool isSpecial(mach_port_t name)
{
    return name >= kMachPortFirstLocal && name < kMachPortFirstNamed;
}

static Entry *find_locked(mach_port_t name)
{
    if (name < kMachPortFirstNamed || name - kMachPortFirstNamed >= capacity)
        return NULL;
    Entry *entry = &entries[name - kMachPortFirstNamed];
    return entry->port || entry->sends ? entry : NULL;
}

static bool grow_locked(void)
{
    uint32_t wanted = capacity ? capacity * 2 : 64;
    Entry *grown = wanted > kNamesMax ? NULL
                                      : IOReallocate(kIOAllocationMalloc, entries, capacity * sizeof *entries,
                                                     wanted * sizeof *entries);
    if (!grown)
        return false;
    entries = grown;
    capacity = wanted;
    return true;
}

/* A free name, or MACH_PORT_NULL. */
static mach_port_t freeName_locked(void)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        for (uint32_t i = 0; i < capacity; i++) {
            uint32_t index = (cursor + i) % capacity;
            if (!entries[index].port && !entries[index].sends) {
                cursor = index + 1;
                return kMachPortFirstNamed + index;
            }
        }
        cursor = capacity;
        if (!grow_locked())
            break;
    }
    return MACH_PORT_NULL;
}

MachPort *machPortRetain(MachPort *port)
{
    if (port)
        atomic_fetch_add_explicit(&port->references, 1, memory_order_relaxed);
    return port;
}

void machPortRelease(MachPort *port)
{
    if (!port || atomic_fetch_sub_explicit(&port->references, 1, memory_order_acq_rel) != 1)
        return;
    close(port->receiveEnd);
    if (port->sendEnd >= 0)
        close(port->sendEnd);
    pthread_mutex_destroy(&port->receiveLock);
    IOFree(port, sizeof *port);
}

int machPortReceiveEnd(const MachPort *port)
{
    return port->receiveEnd;
}

bool machPortIsDead(const MachPort *port)
{
    return atomic_load_explicit(&port->dead, memory_order_acquire);
}

MachPort *machPortCopy(mach_port_t name)
{
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    MachPort *port = entry ? machPortRetain(entry->port) : NULL;
    pthread_mutex_unlock(&portLock);
    return port;
}

int mach_port_copy_send_end(mach_port_t name)
{
    MachPort *port = machPortCopy(name);
    int copy = port && port->sendEnd >= 0 ? fcntl(port->sendEnd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
    machPortRelease(port);
    return copy;
}

static bool openEnds(MachPort *port, bool isSet)
{
    int ends[2];
    int bytes = kQueueBytes;
    if (isSet) {
        port->receiveEnd = moveAboveStandard(epoll_create1(EPOLL_CLOEXEC));
        port->sendEnd = -1;
        return port->receiveEnd >= 0;
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    ends[0] = moveAboveStandard(ends[0]);
    ends[1] = moveAboveStandard(ends[1]);
    if (ends[0] < 0 || ends[1] < 0) {
        closeDescriptors(ends, 2);
        return false;
    }
    (void)setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes); /* a smaller queue works as well */
    port->receiveEnd = ends[0];
    port->sendEnd = ends[1];
    return true;
}

static MachPort *makePort(bool isSet)
{
    MachPort *port = IOMallocZero(sizeof *port);
    if (!port)
        return NULL;
    if (!openEnds(port, isSet)) {
        IOFree(port, sizeof *port);
        return NULL;
    }
    port->isSet = isSet;
    atomic_init(&port->references, 1);
    pthread_mutex_init(&port->receiveLock, NULL);
    return port;
}

kern_return_t mach_port_allocate(task_t task, mach_port_right_t right, mach_port_name_t *name)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (right != MACH_PORT_RIGHT_RECEIVE && right != MACH_PORT_RIGHT_PORT_SET)
        return KERN_INVALID_VALUE;
    MachPort *port = makePort(right == MACH_PORT_RIGHT_PORT_SET);
    if (!port)
        return KERN_RESOURCE_SHORTAGE;
    pthread_mutex_lock(&portLock);
    mach_port_t made = freeName_locked();
    if (made != MACH_PORT_NULL)
        entries[made - kMachPortFirstNamed].port = port;
    pthread_mutex_unlock(&portLock);
    if (made == MACH_PORT_NULL) {
        machPortRelease(port);
        return KERN_NO_SPACE;
    }
    *name = made;
    return KERN_SUCCESS;
}

mach_port_t mach_reply_port(void)
{
    mach_port_t name = MACH_PORT_NULL;
    mach_port_allocate(mach_task_self_, MACH_PORT_RIGHT_RECEIVE, &name);
    return name;
}

static void leaveSet_locked(MachPort *port)
{
    if (port->set)
        epoll_ctl(port->set->receiveEnd, EPOLL_CTL_DEL, port->receiveEnd, NULL);
    machPortRelease(port->set);
    port->set = NULL;
}

/* Takes the receive right from an entry; the caller kills and releases the port without the lock. */
static MachPort *takePort_locked(Entry *entry)
{
    MachPort *port = entry->port;
    entry->port = NULL;
    if (port && !port->isSet)
        leaveSet_locked(port);
    return port;
}

static void killPort(MachPort *port)
{
    if (!port)
        return;
    atomic_store_explicit(&port->dead, true, memory_order_release);
    if (!port->isSet)
        shutdown(port->receiveEnd, SHUT_RDWR);
    machPortRelease(port);
}

kern_return_t mach_port_destroy(task_t task, mach_port_name_t name)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (!MACH_PORT_VALID(name) || isSpecial(name))
        return KERN_SUCCESS;
    if (!machPortIsLocal(name)) {
        mach_port_urefs_t refs = 0;
        kern_return_t result = mach_port_get_refs(task, name, MACH_PORT_RIGHT_SEND, &refs);
        return result == KERN_SUCCESS ? hostOperations->modifyReferences(name, -(mach_port_delta_t)refs) : result;
    }
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    MachPort *port = entry ? takePort_locked(entry) : NULL;
    if (entry)
        entry->sends = 0;
    pthread_mutex_unlock(&portLock);
    killPort(port);
    return entry ? KERN_SUCCESS : KERN_INVALID_NAME;
}

static kern_return_t modifySends(mach_port_t name, mach_port_delta_t delta)
{
    kern_return_t result = KERN_INVALID_NAME;
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    if (entry && entry->sends == 0 && delta <= 0)
        result = delta < 0 ? KERN_INVALID_RIGHT : KERN_SUCCESS;
    else if (entry && (int64_t)entry->sends + delta < 0)
        result = KERN_INVALID_VALUE;
    else if (entry) {
        entry->sends += (uint32_t)delta;
        result = KERN_SUCCESS;
    }
    pthread_mutex_unlock(&portLock);
    return result;
}

kern_return_t machPortModifySends(mach_port_t name, mach_port_delta_t delta)
{
    if (isSpecial(name))
        return KERN_SUCCESS;
    if (machPortIsLocal(name))
        return modifySends(name, delta);
    return hostOperations ? hostOperations->modifyReferences(name, delta) : KERN_INVALID_NAME;
}

kern_return_t mach_port_deallocate(task_t task, mach_port_name_t name)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (!MACH_PORT_VALID(name))
        return KERN_INVALID_NAME;
    return machPortModifySends(name, -1);
}

static kern_return_t endReceive(mach_port_t name, mach_port_right_t right, mach_port_delta_t delta)
{
    MachPort *port = NULL;
    kern_return_t result = KERN_INVALID_NAME;
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    if (entry && (!entry->port || entry->port->isSet != (right == MACH_PORT_RIGHT_PORT_SET)))
        result = KERN_INVALID_RIGHT;
    else if (entry && delta != 0 && delta != -1)
        result = KERN_INVALID_VALUE;
    else if (entry) {
        port = delta ? takePort_locked(entry) : NULL;
        result = KERN_SUCCESS;
    }
    pthread_mutex_unlock(&portLock);
    killPort(port);
    return result;
}

kern_return_t mach_port_mod_refs(task_t task, mach_port_name_t name, mach_port_right_t right, mach_port_delta_t delta)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (right >= MACH_PORT_RIGHT_NUMBER)
        return KERN_INVALID_VALUE;
    if (!MACH_PORT_VALID(name))
        return right == MACH_PORT_RIGHT_SEND || right == MACH_PORT_RIGHT_SEND_ONCE ? KERN_SUCCESS : KERN_INVALID_NAME;
    if (right == MACH_PORT_RIGHT_RECEIVE || right == MACH_PORT_RIGHT_PORT_SET)
        return machPortIsLocal(name) ? endReceive(name, right, delta) : KERN_INVALID_RIGHT;
    return machPortModifySends(name, delta);
}

kern_return_t mach_port_get_refs(task_t task, mach_port_name_t name, mach_port_right_t right, mach_port_urefs_t *refs)
{
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    if (right >= MACH_PORT_RIGHT_NUMBER)
        return KERN_INVALID_VALUE;
    if (isSpecial(name)) {
        *refs = right == MACH_PORT_RIGHT_SEND;
        return KERN_SUCCESS;
    }
    if (!machPortIsLocal(name)) {
        *refs = 0;
        if (!hostOperations)
            return KERN_INVALID_NAME;
        return right == MACH_PORT_RIGHT_SEND ? hostOperations->getReferences(name, refs) : KERN_SUCCESS;
    }
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    if (entry) {
        bool isSet = entry->port && entry->port->isSet;
        bool wanted[] = {[MACH_PORT_RIGHT_RECEIVE] = entry->port && !isSet,
                         [MACH_PORT_RIGHT_PORT_SET] = isSet,
                         [MACH_PORT_RIGHT_NUMBER] = false};
        *refs = wanted[right];
        if (right == (entry->port ? MACH_PORT_RIGHT_SEND : MACH_PORT_RIGHT_DEAD_NAME))
            *refs = entry->sends;
    }
    pthread_mutex_unlock(&portLock);
    return entry ? KERN_SUCCESS : KERN_INVALID_NAME;
}

kern_return_t mach_port_insert_right(task_t task, mach_port_name_t name, mach_port_t poly,
                                     mach_msg_type_name_t polyPoly)
{
    mach_port_urefs_t refs = 0;
    bool copies = polyPoly == MACH_MSG_TYPE_COPY_SEND || polyPoly == MACH_MSG_TYPE_MOVE_SEND;
    if (name != poly)
        return KERN_INVALID_ARGUMENT;
    if (polyPoly != MACH_MSG_TYPE_MAKE_SEND && polyPoly != MACH_MSG_TYPE_MAKE_SEND_ONCE && !copies)
        return KERN_INVALID_VALUE;
    kern_return_t result =
        mach_port_get_refs(task, name, copies ? MACH_PORT_RIGHT_SEND : MACH_PORT_RIGHT_RECEIVE, &refs);
    if (result != KERN_SUCCESS)
        return result;
    if (refs == 0)
        return KERN_INVALID_RIGHT;
    return machPortModifySends(name, polyPoly != MACH_MSG_TYPE_MOVE_SEND);
}

static mach_port_type_t typeOf(const Entry *entry)
{
    mach_port_type_t type = entry->port ? entry->port->isSet ? MACH_PORT_TYPE_PORT_SET : MACH_PORT_TYPE_RECEIVE : 0;
    if (entry->sends)
        type |= entry->port ? MACH_PORT_TYPE_SEND : MACH_PORT_TYPE_DEAD_NAME;
    return type;
}

kern_return_t mach_port_type(task_t task, mach_port_name_t name, mach_port_type_t *ptype)
{
    mach_port_urefs_t refs;
    if (isSpecial(name)) {
        *ptype = MACH_PORT_TYPE_SEND;
        return KERN_SUCCESS;
    }
    if (!machPortIsLocal(name)) {
        kern_return_t result = mach_port_get_refs(task, name, MACH_PORT_RIGHT_SEND, &refs);
        *ptype = MACH_PORT_TYPE_SEND;
        return result;
    }
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name);
    if (entry)
        *ptype = typeOf(entry);
    pthread_mutex_unlock(&portLock);
    return entry ? KERN_SUCCESS : KERN_INVALID_NAME;
}

kern_return_t mach_port_names(task_t task, mach_port_name_array_t *names, mach_msg_type_number_t *namesCnt,
                              mach_port_type_array_t *types, mach_msg_type_number_t *typesCnt)
{
    vm_address_t nameMemory = 0, typeMemory = 0;
    uint32_t count = 0;
    kern_return_t result = KERN_SUCCESS;
    pthread_mutex_lock(&portLock);
    if (capacity) {
        result = vm_allocate(mach_task_self_, &nameMemory, capacity * sizeof(mach_port_name_t), VM_FLAGS_ANYWHERE);
        if (result == KERN_SUCCESS)
            result = vm_allocate(mach_task_self_, &typeMemory, capacity * sizeof(mach_port_type_t), VM_FLAGS_ANYWHERE);
    }
    *names = (mach_port_name_array_t)nameMemory;
    *types = (mach_port_type_array_t)typeMemory;
    for (uint32_t i = 0; i < capacity && result == KERN_SUCCESS; i++)
        if (typeOf(&entries[i])) {
            (*names)[count] = kMachPortFirstNamed + i;
            (*types)[count++] = typeOf(&entries[i]);
        }
    pthread_mutex_unlock(&portLock);
    if (result != KERN_SUCCESS && nameMemory)
        vm_deallocate(mach_task_self_, nameMemory, capacity * sizeof(mach_port_name_t));
    *namesCnt = *typesCnt = count;
    return result;
}

static kern_return_t enterSet_locked(mach_port_name_t name, MachPort *port, MachPort *set)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = name};
    if (port->isSet || !set->isSet)
        return KERN_INVALID_RIGHT;
    if (port->set == set)
        return KERN_ALREADY_IN_SET;
    leaveSet_locked(port);
    if (epoll_ctl(set->receiveEnd, EPOLL_CTL_ADD, port->receiveEnd, &event) != 0)
        return KERN_RESOURCE_SHORTAGE;
    port->set = machPortRetain(set);
    return KERN_SUCCESS;
}

kern_return_t mach_port_insert_member(task_t task, mach_port_name_t name, mach_port_name_t pset)
{
    kern_return_t result = KERN_INVALID_NAME;
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name), *set = find_locked(pset);
    if (entry && set)
        result = entry->port && set->port ? enterSet_locked(name, entry->port, set->port) : KERN_INVALID_RIGHT;
    pthread_mutex_unlock(&portLock);
    return result;
}

kern_return_t mach_port_extract_member(task_t task, mach_port_name_t name, mach_port_name_t pset)
{
    kern_return_t result = KERN_INVALID_NAME;
    if (task != mach_task_self_)
        return KERN_INVALID_TASK;
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(name), *set = find_locked(pset);
    if (entry && set && entry->port) {
        result = entry->port->set && entry->port->set == set->port ? KERN_SUCCESS : KERN_NOT_IN_SET;
        if (result == KERN_SUCCESS)
            leaveSet_locked(entry->port);
    }
    pthread_mutex_unlock(&portLock);
    return result;
}

kern_return_t mach_port_move_member(task_t task, mach_port_name_t member, mach_port_name_t after)
{
    if (after != MACH_PORT_NULL)
        return mach_port_insert_member(task, member, after);
    kern_return_t result = KERN_INVALID_NAME;
    pthread_mutex_lock(&portLock);
    Entry *entry = find_locked(member);
    if (entry && entry->port) {
        result = entry->port->set ? KERN_SUCCESS : KERN_NOT_IN_SET;
        leaveSet_locked(entry->port);
    }
    pthread_mutex_unlock(&portLock);
    return result;
}
