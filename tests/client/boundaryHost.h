/* SPDX-License-Identifier: MIT */
/*
 * A host for tests of the boundary: a process of its own, forked from the test, with the driver of boundaryDriver.h and
 * nothing else; and what the test's own process, the client, needs to call it.
 */
#ifndef TESTS_CLIENT_BOUNDARYHOST_H
#define TESTS_CLIENT_BOUNDARYHOST_H

#include <sys/types.h>

#include "boundaryDriver.h"
#include "harness.h"
#include "protocol/client.h"
#include "protocol/wire.h"

/* Starts a host and points IOKIT_HOST at it. Before any call of the boundary, any thread. */
void host_start(void);
/* Stops it: every object that clients made must be gone, and it must end by itself with success. */
void host_stop(void);
/* Kills it; host_stop is not to be called then. */
void host_kill(void);
pid_t host_pid(void);

/* The service of a class, one reference. Asserts that it is there. */
mach_port_t findService(const char *className);
/* A connection; asserts success. */
mach_port_t openService(mach_port_t service, uint32_t type);
/* Calls with scalars only. */
kern_return_t callScalars(mach_port_t connect, uint32_t selector, const uint64_t *in, uint32_t inCount, uint64_t *out,
                          uint32_t *outCount);
/* One of kCounter..., through that connection. */
uint64_t counter(mach_port_t connect, unsigned which);
/* Waits until the counter has that value: polls, since the event happens in another process; the test's time limit ends
 * it. */
void waitForCounter(mach_port_t connect, unsigned which, uint64_t value);
/* The host's class counts, into text. */
void describeHost(mach_port_t connect, char *text, size_t size);

/* A local port with its receive end. The framework's ports are not needed for a test of the boundary. */
mach_port_t port_create(int *ret_receiveEnd);
void port_destroyAll(void);

/* A matching dictionary for a class, in the binary form; the result is static. */
const void *matchingClass(const char *className, uint64_t *ret_size);

#endif
