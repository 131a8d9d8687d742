/* SPDX-License-Identifier: MIT */
/* Clients beside each other: threads, forks, a stopped client, a host that dies, the limits. */
#include "boundaryHost.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static mach_port_t service, channel;

static void release(mach_port_t name)
{
    assert_int_equal(io_handle_mod_refs(name, (uint32_t)-1), 0);
}

static void begin(void)
{
    host_start();
    service = findService(kBoundaryService);
    channel = openService(service, kOpenPlain);
}

static void end(void)
{
    release(channel);
    release(service);
    host_stop();
}

static void sumOnce(mach_port_t connection, uint64_t a, uint64_t b)
{
    uint64_t in[2] = {a, b}, sum = 0;
    uint32_t one = 1;
    assert_int_equal(callScalars(connection, kSum, in, 2, &sum, &one), 0);
    assert_int_equal(sum, a + b);
}

/* ---- Threads: more of them than there are slots, all at once ---- */

enum { kThreads = kLimitSlots + 16, kCalls = 300 };

static void *callMany(void *argument)
{
    uint64_t base = (uintptr_t)argument * 1000000;
    for (uint64_t i = 0; i < kCalls; i++)
        sumOnce(channel, base, i);
    return NULL;
}

TEST(threads_beyond_the_slots)
{
    pthread_t threads[kThreads];
    begin();
    for (uintptr_t i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, callMany, (void *)i), 0);
    for (int i = 0; i < kThreads; i++)
        pthread_join(threads[i], NULL);
    end();
}

static void *blockOnce(void *argument)
{
    assert_int_equal(callScalars(channel, kBlock, NULL, 0, NULL, NULL), 0);
    return NULL;
}

/* A blocked call keeps only its own thread waiting. */
TEST(a_blocked_call_blocks_nobody_else)
{
    pthread_t threads[kLimitSlots - 1];
    begin();
    for (int i = 0; i < kLimitSlots - 1; i++)
        pthread_create(&threads[i], NULL, blockOnce, NULL);
    waitForCounter(channel, kCounterInside, kLimitSlots - 1); /* the one slot that is left serves this */
    for (uint64_t i = 0; i < 100; i++)
        sumOnce(channel, i, i);
    assert_int_equal(callScalars(channel, kUnblock, NULL, 0, NULL, NULL), 0);
    for (int i = 0; i < kLimitSlots - 1; i++)
        pthread_join(threads[i], NULL);
    end();
}

/* ---- Calls made again and again: what a thread of the host remembers of them ---- */

enum { kWarm = 20 };

typedef struct Repeater {
    mach_port_t connect;
    pthread_barrier_t isWarm;
} Repeater;

/* Calls until the host remembers, then blocks in the driver. */
static void *warmUpAndBlock(void *argument)
{
    Repeater *self = argument;
    uint64_t in[2] = {1, 2}, out = 0;
    uint32_t one = 1;
    for (int i = 0; i < kWarm; i++)
        assert_int_equal(callScalars(self->connect, kSum, in, 2, &out, &one), 0);
    pthread_barrier_wait(&self->isWarm);
    assert_int_equal(callScalars(self->connect, kBlock, NULL, 0, NULL, NULL), 0);
    return NULL;
}

static pthread_t blockWarm(Repeater *self, uint32_t type)
{
    pthread_t thread;
    mach_port_t service = findService(kBoundaryService);
    self->connect = openService(service, type);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    pthread_barrier_init(&self->isWarm, NULL, 2);
    pthread_create(&thread, NULL, warmUpAndBlock, self);
    pthread_barrier_wait(&self->isWarm);
    waitForCounter(channel, kCounterInside, 1);
    return thread;
}

static void *closeIt(void *argument)
{
    assert_int_equal(io_service_close(*(mach_port_t *)argument), 0);
    return NULL;
}

/* SEMANTICS 5.14: closing waits for the method. */
TEST(a_repeated_call_keeps_a_close_waiting)
{
    Repeater repeater;
    pthread_t closer;
    begin();
    pthread_t caller = blockWarm(&repeater, kOpenPlain);
    pthread_create(&closer, NULL, closeIt, &repeater.connect);
    poll(NULL, 0, 50); /* for the close to come in, were it let in: the assertion only gets harder */
    assert_int_equal(counter(channel, kCounterCloses), 0);
    assert_int_equal(callScalars(channel, kUnblock, NULL, 0, NULL, NULL), 0);
    pthread_join(caller, NULL);
    pthread_join(closer, NULL);
    assert_int_equal(counter(channel, kCounterCloses), 1);
    assert_int_equal(io_handle_mod_refs(repeater.connect, (uint32_t)-1), 0);
    end();
}

/* The name goes at once, the driver hears of it, and the object stays until the method returns. */
TEST(a_handle_released_during_a_repeated_call)
{
    Repeater repeater;
    begin();
    pthread_t caller = blockWarm(&repeater, kOpenNoLocking);
    assert_int_equal(io_handle_mod_refs(repeater.connect, (uint32_t)-1), 0);
    assert_int_equal(counter(channel, kCounterDieds), 1);
    assert_int_equal(callScalars(repeater.connect, kSum, NULL, 0, NULL, NULL), 0x10000003);
    assert_int_equal(counter(channel, kCounterFrees), 0);
    assert_int_equal(callScalars(channel, kUnblock, NULL, 0, NULL, NULL), 0);
    pthread_join(caller, NULL);
    waitForCounter(channel, kCounterFrees, 1);
    end();
}

TEST(a_released_name_is_not_remembered)
{
    uint64_t in[2] = {1, 2}, out = 0;
    uint32_t one = 1;
    begin();
    mach_port_t service = findService(kBoundaryService), connect = openService(service, kOpenPlain);
    for (int i = 0; i < kWarm; i++)
        assert_int_equal(callScalars(connect, kSum, in, 2, &out, &one), 0);
    assert_int_equal(io_handle_mod_refs(connect, (uint32_t)-1), 0);
    assert_int_equal(callScalars(connect, kSum, in, 2, &out, &one), 0x10000003);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    end();
}

static _Atomic(mach_port_t) changing;
static _Atomic(bool) isOver;

static void *callWhatever(void *argument)
{
    (void)argument;
    for (uint64_t i = 0; !atomic_load(&isOver); i++) {
        uint64_t in[2] = {i, i + 1}, out = 0;
        uint32_t one = 1;
        kern_return_t result = callScalars(atomic_load(&changing), kSum, in, 2, &out, &one);
        assert_true(result == 0 || result == 0x10000003 || result == (kern_return_t)kIOReturnBadArgument);
        assert_true(result != 0 || out == 2 * i + 1);
    }
    return NULL;
}

/* Connections come and go under threads that call them; each is closed, which is exclusive, and each is freed. */
TEST(connections_replaced_under_repeated_calls)
{
    enum { kCallers = 3, kReplaced = 300 };
    pthread_t threads[kCallers];
    begin();
    mach_port_t service = findService(kBoundaryService);
    atomic_store(&changing, openService(service, kOpenPlain));
    for (int i = 0; i < kCallers; i++)
        pthread_create(&threads[i], NULL, callWhatever, NULL);
    for (int i = 0; i < kReplaced; i++) {
        mach_port_t next = openService(service, i % 3 ? kOpenPlain : i % 2 ? kOpenNoLocking : kOpenSingleThread);
        mach_port_t old = atomic_exchange(&changing, next);
        if (i % 2)
            assert_int_equal(io_service_close(old), 0);
        assert_int_equal(io_handle_mod_refs(old, (uint32_t)-1), 0);
    }
    atomic_store(&isOver, true);
    for (int i = 0; i < kCallers; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(io_handle_mod_refs(atomic_load(&changing), (uint32_t)-1), 0);
    waitForCounter(channel, kCounterFrees, kReplaced + 1);
    assert_int_equal(counter(channel, kCounterCloses), kReplaced + 1);
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    end();
}

/* ---- fork ---- */

TEST(a_forked_child_has_a_connection_of_its_own)
{
    int status;
    begin();
    pid_t child = fork();
    if (child == 0) {
        char name[128];
        /* The parent's names are not held here. */
        if (io_registry_entry_get_name(service, name) == 0 || callScalars(channel, kUnblock, NULL, 0, NULL, NULL) == 0)
            _exit(1);
        mach_port_t mine = findService(kBoundaryService);
        sumOnce(openService(mine, kOpenPlain), 1, 2);
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    sumOnce(channel, 3, 4); /* the parent's goes on */
    end();
}

/* ---- A stopped client ---- */

TEST(a_stopped_client_delays_nobody)
{
    int ready[2], status;
    uint64_t reference[4] = {0};
    char byte;
    begin();
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        int receiveEnd;
        mach_port_t notification, mine = findService(kBoundaryService);
        (void)io_service_add_interest_notification(mine, "IOGeneralInterest", port_create(&receiveEnd), reference, 4,
                                                   &notification);
        (void)write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    kill(child, SIGSTOP);
    waitpid(child, &status, WUNTRACED);
    for (uint64_t i = 0; i < 5000; i++) { /* more than its port and its backlog take */
        uint64_t in[2] = {i, 0};
        assert_int_equal(callScalars(channel, kMessageScalar, in, 2, NULL, NULL), 0);
    }
    sumOnce(channel, 1, 1);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    close(ready[0]);
    close(ready[1]);
    end();
}

/* ---- The host dies ---- */

static void *blockUntilDeath(void *argument)
{
    *(kern_return_t *)argument = callScalars(channel, kBlock, NULL, 0, NULL, NULL);
    return NULL;
}

TEST(a_dead_host_hangs_nobody)
{
    pthread_t thread;
    kern_return_t result = 0;
    begin();
    pthread_create(&thread, NULL, blockUntilDeath, &result);
    waitForCounter(channel, kCounterInside, 1);
    host_kill();
    pthread_join(thread, NULL);
    assert_int_equal(result, -308); /* MIG_SERVER_DIED: it had taken the call */
    assert_int_equal(callScalars(channel, kVersion, NULL, 0, NULL, NULL), 0x10000003);
    mach_port_t root;
    assert_int_equal(io_registry_get_root_entry(0, &root), 0x10000003); /* nobody listens */
    host_start();
    sumOnce(openService(findService(kBoundaryService), kOpenPlain), 5, 6); /* a new host, a new connection */
    host_stop();
}

TEST(without_a_host)
{
    mach_port_t root;
    setenv("IOKIT_HOST", "/nonexistent/host.sock", 1);
    assert_int_equal(io_registry_get_root_entry(0, &root), 0x10000003);
    assert_int_equal(iokit_connection_check(), 0x10000003);
}

/* ---- No descriptors ---- */

static void limitHost(rlim_t descriptors)
{
    struct rlimit limit;
    assert_int_equal(prlimit(host_pid(), RLIMIT_NOFILE, NULL, &limit), 0);
    limit.rlim_cur = descriptors;
    assert_int_equal(prlimit(host_pid(), RLIMIT_NOFILE, &limit, NULL), 0);
}

/* Whether one of the host's epoll instances watches a descriptor for nothing: accepting is paused. */
static bool hostHasPaused(void)
{
    bool found = false;
    char path[64], line[256];
    for (int i = 0; i < 64 && !found; i++) {
        snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)host_pid(), i);
        FILE *file = fopen(path, "re");
        while (file && !found && fgets(line, sizeof line, file)) {
            unsigned events;
            /* What is always reported, errors and hanging up, stays. */
            found = sscanf(line, "tfd: %*d events: %x", &events) == 1 && !(events & EPOLLIN);
        }
        if (file)
            fclose(file);
    }
    return found;
}

/* Also when the newcomer is the only client, and nobody's leaving tells that there may be descriptors again. */
TEST(a_newcomer_waits_for_descriptors)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    host_start();
    release(findService(kBoundaryService)); /* the host serves */
    iokit_connection_end();
    strcpy(address.sun_path, getenv("IOKIT_HOST"));
    limitHost(0);
    int newcomer = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(newcomer, (struct sockaddr *)&address, sizeof address), 0);
    while (!hostHasPaused()) /* the test's time limit ends it */
        sched_yield();
    limitHost(256);
    close(newcomer);
    release(findService(kBoundaryService));
    host_stop();
}

/* ---- Limits ---- */

TEST(limit_of_notifications)
{
    uint64_t reference[4] = {0};
    mach_port_t first = 0, each = 0;
    int receiveEnd;
    begin();
    mach_port_t port = port_create(&receiveEnd);
    kern_return_t result;
    unsigned count = 0;
    while ((result = io_service_add_interest_notification(service, "IOGeneralInterest", port, reference, 4, &each)) ==
           0)
        first = count++ == 0 ? each : first;
    assert_int_equal(result, kIOReturnNoResources);
    assert_true(count > 0);
    assert_int_equal(count, kLimitNotifications);
    release(first); /* room for one more */
    assert_int_equal(io_service_add_interest_notification(service, "IOGeneralInterest", port, reference, 4, &each), 0);
    end();
}

TEST(limit_of_handles)
{
    mach_port_t iterator = 0;
    kern_return_t result;
    unsigned count = 2; /* service and channel */
    begin();
    while ((result = io_registry_create_iterator(0, "IOService", 0, &iterator)) == 0)
        count++;
    assert_int_equal(result, KERN_RESOURCE_SHORTAGE);
    assert_int_equal(count, kLimitHandles);
    release(iterator);
    assert_int_equal(io_registry_create_iterator(0, "IOService", 0, &iterator), 0);
    end();
}

/* The one that is refused is closed again, and leaves nothing behind. */
TEST(limit_of_connections)
{
    mach_port_t each = 0, last = 0;
    kern_return_t result;
    unsigned count = 1; /* channel */
    begin();
    while ((result = io_service_open_extended(service, 1, kOpenPlain, NULL, 0, &each)) == 0) {
        last = each;
        count++;
    }
    assert_int_equal(result, KERN_RESOURCE_SHORTAGE);
    assert_int_equal(count, kLimitConnections);
    waitForCounter(channel, kCounterFrees, 1);
    release(last);
    assert_int_equal(io_service_open_extended(service, 1, kOpenPlain, NULL, 0, &each), 0);
    end();
}

static const TestHooks hooks = {.seconds = 120};
/* ---- A program without standard input, output and errors ---- */

/* Connects in a child; the number of the first standard descriptor that the connection took, or -1. */
static int takenByConnection(void)
{
    for (int i = 0; i <= STDERR_FILENO; i++)
        close(i);
    if (iokit_connection_check() != KERN_SUCCESS)
        return 100;
    for (int i = 0; i <= STDERR_FILENO; i++)
        if (fcntl(i, F_GETFD) >= 0)
            return i;
    return -1;
}

TEST(a_connection_takes_no_standard_descriptor)
{
    int status;
    begin();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(takenByConnection() + 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    end();
}

TEST_MAIN_WITH(hooks, RUN(threads_beyond_the_slots), RUN(a_blocked_call_blocks_nobody_else),
               RUN(a_repeated_call_keeps_a_close_waiting), RUN(a_handle_released_during_a_repeated_call),
               RUN(a_released_name_is_not_remembered), RUN(connections_replaced_under_repeated_calls),
               RUN(a_forked_child_has_a_connection_of_its_own), RUN(a_stopped_client_delays_nobody),
               RUN(a_dead_host_hangs_nobody), RUN(without_a_host), RUN(limit_of_notifications), RUN(limit_of_handles),
               RUN(limit_of_connections), RUN(a_newcomer_waits_for_descriptors),
               RUN(a_connection_takes_no_standard_descriptor))
