/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5a: opening and closing connections. The client and the host are two processes. */
#include "boundaryHost.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static mach_port_t service;

static void begin(void)
{
    host_start();
    service = findService(kBoundaryService);
}

static void end(void)
{
    assert_int_equal(io_handle_mod_refs(service, (uint32_t)-1), 0);
    host_stop();
}

static kern_return_t openType(uint32_t type)
{
    mach_port_t connect = 0;
    kern_return_t result = io_service_open_extended(service, 1, type, NULL, 0, &connect);
    if (result == 0)
        (void)io_handle_mod_refs(connect, (uint32_t)-1);
    return result;
}

static void release(mach_port_t name)
{
    assert_int_equal(io_handle_mod_refs(name, (uint32_t)-1), 0);
}

/* A child with a connection of its own that opens and then dies as it is told. */
static void inChild(void (*work)(void), int signal)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        service = findService(kBoundaryService);
        work();
        if (signal)
            raise(signal);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(signal ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(5_1_without_a_class_unsupported)
{
    begin();
    uint64_t one = 1;
    mach_port_t connect = openService(service, kOpenPlain), none = 0;
    assert_int_equal(callScalars(connect, kNubs, &one, 1, NULL, NULL), 0);
    mach_port_t nub = findService("BoundaryNub"); /* it has no IOUserClientClass */
    assert_int_equal(io_service_open_extended(nub, 1, 0, NULL, 0, &none), kIOReturnUnsupported);
    assert_int_equal(none, 0);
    release(nub);
    release(connect);
    mach_port_t resources = findService("IOResources");
    assert_int_equal(io_service_open_extended(resources, 1, 0, NULL, 0, &none), kIOReturnUnsupported);
    release(resources);
    end();
}

TEST(5_2_init_and_start_that_fail)
{
    begin();
    assert_int_equal(openType(kOpenInitFails), kIOReturnBadArgument);
    assert_int_equal(openType(kOpenStartFails), kIOReturnUnsupported);
    end();
}

TEST(5_3_own_task_and_no_properties)
{
    mach_port_t connect = 0;
    begin();
    assert_int_equal(io_service_open_extended(service, 0, 0, NULL, 0, &connect), kIOReturnBadArgument);
    assert_int_equal(io_service_open_extended(service, 1, 0, "x", 1, &connect), kIOReturnUnsupported);
    assert_int_equal(connect, 0);
    end();
}

/* The user client, as a registry entry: the service's first child. */
static mach_port_t clientEntry(void)
{
    mach_port_t children = 0, entry = 0;
    assert_int_equal(io_registry_entry_get_child_iterator(service, "IOService", &children), 0);
    assert_int_equal(io_iterator_next(children, &entry), 0);
    release(children);
    return entry;
}

TEST(5_4_creator_and_entitlements)
{
    char expected[64], creator[128] = "";
    uint32_t size = sizeof creator;
    begin();
    mach_port_t connect = openService(service, kOpenPlain);
    mach_port_t entry = clientEntry();
    assert_int_equal(io_registry_entry_get_property_bytes(entry, "IOUserClientCreator", creator, &size), 0);
    snprintf(expected, sizeof expected, "pid %d, ", (int)getpid());
    assert_memory_equal(creator, expected, strlen(expected));
    assert_int_equal(size, strlen(creator) + 1);
    release(entry);
    release(connect);
    end();
}

static void openRestricted(void)
{
    mach_port_t connect = 0;
    if (setgid(65534) != 0 || setuid(65534) != 0)
        _exit(10);
    /* The host saw the credentials of the process as it was when it connected: connect anew. */
    if (io_service_open_extended(service, 1, kOpenNeedsNothing, NULL, 0, &connect) != 0)
        _exit(11);
}

static void refusedWithoutRight(void)
{
    mach_port_t connect = 0;
    pid_t child = fork(); /* connects as nobody */
    int status = 0;
    if (child == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(10);
        service = findService(kBoundaryService);
        kern_return_t result = io_service_open_extended(service, 1, kOpenNeedsRight, NULL, 0, &connect);
        _exit(result == kIOReturnNotPrivileged && connect == 0 ? 0 : 12);
    }
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        _exit(13);
}

TEST(5_12_entitlements)
{
    char state[8] = "";
    begin();
    assert_int_equal(openType(kOpenNeedsNothing), 0);
    if (geteuid() == 0) {
        assert_int_equal(openType(kOpenNeedsRight), 0); /* root has every entitlement */
        assert_int_equal(chmod(getenv("IOKIT_HOST"), 0666), 0);
        char folder[96];
        snprintf(folder, sizeof folder, "%s", getenv("IOKIT_HOST"));
        *strrchr(folder, '/') = 0;
        assert_int_equal(chmod(folder, 0755), 0);
        inChild(refusedWithoutRight, 0);
        inChild(openRestricted, 0);
    } else {
        assert_int_equal(openType(kOpenNeedsRight), kIOReturnNotPrivileged);
    }
    (void)state;
    end();
}

TEST(5_6_close_once)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    mach_port_t connect = openService(service, kOpenPlain);
    assert_int_equal(io_service_close(connect), 0);
    assert_int_equal(counter(watcher, kCounterCloses), 1);
    assert_int_equal(io_service_close(connect), 0);
    assert_int_equal(counter(watcher, kCounterCloses), 1);
    release(connect);
    release(watcher);
    end();
}

TEST(5_7_last_handle_is_client_died)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    mach_port_t connect = openService(service, kOpenPlain);
    assert_int_equal(io_handle_mod_refs(connect, 1), 0);
    release(connect);
    assert_int_equal(counter(watcher, kCounterDieds), 0);
    release(connect);
    assert_int_equal(counter(watcher, kCounterDieds), 1);
    assert_int_equal(counter(watcher, kCounterCloses), 1);
    release(watcher);
    end();
}

static void openAndLeave(void)
{
    (void)openService(service, kOpenPlain);
}

TEST(5_7_process_ends)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    inChild(openAndLeave, 0);
    waitForCounter(watcher, kCounterDieds, 1);
    inChild(openAndLeave, SIGKILL);
    waitForCounter(watcher, kCounterDieds, 2);
    waitForCounter(watcher, kCounterFrees, 2);
    assert_int_equal(counter(watcher, kCounterCloses), 2);
    release(watcher);
    end();
}

TEST(5_8_died_after_close_does_not_close_again)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    mach_port_t connect = openService(service, kOpenPlain);
    assert_int_equal(io_service_close(connect), 0);
    release(connect);
    assert_int_equal(counter(watcher, kCounterDieds), 1);
    assert_int_equal(counter(watcher, kCounterCloses), 1);
    release(watcher);
    end();
}

static void openSharedAndLeave(void)
{
    (void)openService(service, kOpenShared);
}

TEST(5_9_senders_are_counted_over_all_clients)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    mach_port_t connect = openService(service, kOpenShared);
    inChild(openSharedAndLeave, SIGKILL); /* the same object; ours keeps it alive */
    uint64_t a = 2, sum = 0;
    uint32_t one = 1;
    uint64_t in[2] = {a, 3};
    assert_int_equal(callScalars(connect, kSum, in, 2, &sum, &one), 0);
    assert_int_equal(sum, 5);
    assert_int_equal(counter(watcher, kCounterDieds), 0);
    assert_int_equal(counter(watcher, kCounterOpens), 2); /* the watcher, and one shared */
    release(connect);
    waitForCounter(watcher, kCounterDieds, 1);
    release(watcher);
    end();
}

TEST(5_10_shared_instances_close_for_each_close)
{
    begin();
    mach_port_t watcher = openService(service, kOpenPlain);
    mach_port_t first = openService(service, kOpenShared);
    mach_port_t second = openService(service, kOpenShared);
    assert_int_equal(first, second); /* one object, one name */
    assert_int_equal(io_service_close(first), 0);
    assert_int_equal(io_service_close(second), 0);
    assert_int_equal(counter(watcher, kCounterCloses), 2);
    release(first);
    release(second);
    assert_int_equal(counter(watcher, kCounterDieds), 1);
    assert_int_equal(counter(watcher, kCounterCloses), 3); /* clientDied closes a shared one, too */
    release(watcher);
    end();
}

TEST(5_11_default_locking_is_published)
{
    char value[16] = "";
    uint32_t size = sizeof value;
    begin();
    mach_port_t connect = openService(service, kOpenPlain);
    mach_port_t entry = clientEntry();
    assert_int_equal(io_registry_entry_get_property_bytes(entry, "IOUserClientDefaultLocking", value, &size), 0);
    assert_string_equal(value, "Yes");
    release(entry);
    release(connect);
    end();
}

TEST(5_13_not_a_user_client)
{
    begin();
    assert_int_equal(openType(kOpenNotAClient), kIOReturnError);
    end();
}

TEST_MAIN_WITH(plainTestHooks, RUN(5_1_without_a_class_unsupported), RUN(5_2_init_and_start_that_fail),
               RUN(5_3_own_task_and_no_properties), RUN(5_4_creator_and_entitlements), RUN(5_6_close_once),
               RUN(5_7_last_handle_is_client_died), RUN(5_7_process_ends),
               RUN(5_8_died_after_close_does_not_close_again), RUN(5_9_senders_are_counted_over_all_clients),
               RUN(5_10_shared_instances_close_for_each_close), RUN(5_11_default_locking_is_published),
               RUN(5_12_entitlements), RUN(5_13_not_a_user_client))
