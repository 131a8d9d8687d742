/* SPDX-License-Identifier: MIT */
#include "testbed.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Asked for by ThreadSanitizer: libudev makes the seed of each hash table in one static buffer; umockdev uses libudev on
 * the test's thread, the platform on its own. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:getrandom\nrace:libumockdev-preload.so\n"; /* the made-up machine's own buffers */
}

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

static UMockdevTestbed *machine; /* of the test's process, until its end: the runner's has no threads when it forks */

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
    g_object_unref(machine);
}

static void create(void)
{
    machine = umockdev_testbed_new();
    atexit(destroy);
    assert_int_not_equal(access("/sys/kernel", F_OK), 0); /* the real machine is out of sight */
}

const TestHooks testbedHooks = {.setUp = create, .seconds = 120, .opensFiles = true};
