/* SPDX-License-Identifier: MIT */
/* A made-up machine in the place of /sys (umockdev), for programs that the library's preloaded part runs under. */
#ifndef TESTS_PLATFORM_TESTBED_H
#define TESTS_PLATFORM_TESTBED_H

#include <umockdev.h>

/* Starts the program anew with umockdev preloaded unless it is; first thing in main. */
void testbed_preload(char **argv);

/* Hooks of a suite: each test has a machine of its own, empty at first. */
extern const struct TestHooks testbedHooks;

/* The machine, for functions of umockdev itself. Borrowed. */
UMockdevTestbed *testbed_get(void);
/* Adds everything in testbed.umockdev. */
void testbed_load(void);
/* Adds devices from text in umockdev's format. */
void testbed_add(const char *devices);
/* Tells of an event. path: in sysfs, "/sys/devices/..." */
void testbed_tell(const char *path, const char *action);

#endif
