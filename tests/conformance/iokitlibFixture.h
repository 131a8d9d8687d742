/* SPDX-License-Identifier: MIT */
/*
 * What the suites of IOKitLib share. They run below iokit-run, as clients of a host whose only driver is TestTree
 * (tests/bundles/TestTree); each test is a process with a connection of its own. Objects are counted in the host.
 */
#ifndef TESTS_CONFORMANCE_IOKITLIBFIXTURE_H
#define TESTS_CONFORMANCE_IOKITLIBFIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <IOKit/IOKitLibPrivate.h>
#include <mach/mach.h>
#include <mach/mig_errors.h>

#include "harness.h"
#include "tests/bundles/TestTree/TestTreeShared.h"

extern const TestHooks iokitlibTestHooks;

/* The services of TestTree, to be released. */
io_service_t fixture_copy_alpha(void);
io_service_t fixture_copy_beta(void);

/* A connection to alpha, to be closed. */
io_connect_t fixture_open(void);

/* One method with scalars only: asserts that it succeeds. */
void fixture_call(io_connect_t connect, uint32_t selector, uint64_t a, uint64_t b, uint32_t count);

/* kTestPublish and kTestTerminate. */
void fixture_publish_gamma(io_connect_t connect, uint64_t location);
void fixture_terminate_gamma(io_connect_t connect, uint64_t location);

/* How many objects an iterator still gives; they are released. */
unsigned fixture_drain(io_iterator_t iterator);

/* Whether the string has that text. */
bool fixture_is_text(CFTypeRef string, const char *text);

/* A property of the entry, to be released. */
CFTypeRef fixture_copy_property(io_registry_entry_t entry, const char *key);

/* Runs the current run loop until *flag is set; fails the test after five seconds. */
void fixture_run_until(const bool *flag);

/* Runs the current run loop once without waiting, so that everything that has arrived is called back. */
void fixture_run_pending(void);

#endif
