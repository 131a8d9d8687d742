/* SPDX-License-Identifier: MIT */
#include "testbed.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void testbed_preload(char **argv)
{
    static const char library[] = "libumockdev-preload.so.0";
    const char       *loaded    = getenv("LD_PRELOAD");
    const char       *checks    = getenv("ASAN_OPTIONS");
    char              list[4096];
    if (loaded && strstr(loaded, library))
        return;
    snprintf(list, sizeof list, "%s%s%s", loaded ? loaded : "", loaded ? ":" : "", library);
    setenv("LD_PRELOAD", list, 1);
    /* AddressSanitizer wants to be the first library. It works as the second one too. */
    snprintf(list, sizeof list, "%s%sverify_asan_link_order=0", checks ? checks : "", checks ? ":" : "");
    setenv("ASAN_OPTIONS", list, 1);
    execv("/proc/self/exe", argv);
    perror("execv");
    exit(1);
}

static UMockdevTestbed *machine; /* of the runner's process; the tests, its children, use it one after the other */
static pid_t            runner;

UMockdevTestbed *testbed_get(void)
{
    return machine;
}

void testbed_load(void)
{
    GError *error = NULL;
    if (!umockdev_testbed_add_from_file(machine, TESTBED_FILE, &error))
        fail_msg("%s: %s", TESTBED_FILE, error->message);
}

void testbed_add(const char *devices)
{
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(machine, devices, &error))
        fail_msg("%s: %s", devices, error->message);
}

void testbed_tell(const char *path, const char *action)
{
    umockdev_testbed_uevent(machine, path, action);
}

/* Removes the folder of the machine. */
static void destroy(void)
{
    if (getpid() == runner)
        g_object_unref(machine);
}

void testbed_create(void)
{
    runner  = getpid();
    machine = umockdev_testbed_new();
    atexit(destroy);
}

static void clear(void)
{
    assert_int_not_equal(access("/sys/kernel", F_OK), 0); /* the real machine is out of sight */
    umockdev_testbed_clear(machine);
    testbed_add("P: /devices/first\nE: SUBSYSTEM=none\n");
    testbed_tell("/sys/devices/first", "add"); /* what the library opens for events is no leak of the test */
}

const TestHooks testbedHooks = {.setUp = clear, .seconds = 120};
