/* SPDX-License-Identifier: MIT */
/* The host's process, and helpers of the client's. */
#include "boundaryHost.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <libkern/OSSerializeBinary.h>

#include "framework/machPort.h"
#include "host/server.h"
#include "host/userNotification.h"

static pid_t hostProcess;
static int stopEnd = -1;
static char folder[64], path[96];

/* ---- The host's process ---- */

enum { kPatience = 10 }; /* seconds */

static bool countsAre(const char *wanted, char *text, unsigned size)
{
    describeClassCounts(text, size);
    return strcmp(wanted, text) == 0;
}

static int runHost(int listener, int stop)
{
    static char before[64 << 10], after[64 << 10];
    if (IOKit_initialize() != kIOReturnSuccess || !HostClasses_register() || !boundaryDriver_start())
        return 2;
    (void)IOKit_quiesce(UINT64_MAX);
    describeClassCounts(before, sizeof before);
    int error = HostServer_run(listener, stop);
    close(listener);
    boundaryDriver_reset();
    (void)IOKit_quiesce((uint64_t)kPatience * 1000000000);
    /* The thread that sends backlogs lets go of a dead client's port when it comes to it. */
    uint64_t until = IOUptimeNanoseconds() + (uint64_t)kPatience * 1000000000;
    bool clean;
    while (!(clean = countsAre(before, after, sizeof after)) && IOUptimeNanoseconds() < until)
        sched_yield();
    boundaryDriver_stop();
    if (!clean)
        fprintf(stderr, "host: objects left behind; before:\n%s\nafter:\n%s\n", before, after);
    return error ? 3 : !clean;
}

void host_start(void)
{
    int ends[2];
    strcpy(folder, "/tmp/boundary.XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/host.sock", folder);
    int listener = HostServer_listen(path);
    assert_true(listener >= 0);
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    hostProcess = fork();
    assert_true(hostProcess >= 0);
    if (hostProcess == 0) {
        close(ends[1]);
        int failed = runHost(listener, ends[0]);
        fflush(NULL);
        _exit(failed);
    }
    close(listener);
    close(ends[0]);
    stopEnd = ends[1];
    setenv("IOKIT_HOST", path, 1);
}

static void removeFolder(void)
{
    unlink(path);
    rmdir(folder);
}

void host_stop(void)
{
    int status;
    iokit_connection_end();
    port_destroyAll();
    close(stopEnd);
    assert_int_equal(waitpid(hostProcess, &status, 0), hostProcess);
    removeFolder();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

void host_kill(void)
{
    int status;
    port_destroyAll();
    kill(hostProcess, SIGKILL);
    waitpid(hostProcess, &status, 0);
    close(stopEnd);
    removeFolder();
}

pid_t host_pid(void)
{
    return hostProcess;
}

/* ---- Ports ---- */

enum { kPortsMax = 256 };
static int sendEnds[kPortsMax], receiveEnds[kPortsMax];
static unsigned portCount;

mach_port_t port_create(int *ret_receiveEnd)
{
    int ends[2];
    assert_true(portCount < kPortsMax);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    sendEnds[portCount] = ends[0];
    receiveEnds[portCount] = ends[1];
    *ret_receiveEnd = ends[1];
    return kNameOfLocalPorts + 1 + portCount++;
}

void port_destroyAll(void)
{
    while (portCount > 0) {
        close(sendEnds[--portCount]);
        close(receiveEnds[portCount]);
    }
}

int mach_port_copy_send_end(mach_port_t name)
{
    if (name <= kNameOfLocalPorts || name > kNameOfLocalPorts + portCount)
        return -1;
    return dup(sendEnds[name - kNameOfLocalPorts - 1]);
}

void machPortSetHostOperations(const MachPortHostOperations *operations)
{
    (void)operations;
}

/* ---- Calls ---- */

/* {"IOProviderClass" = className} in the binary form. */
const void *matchingClass(const char *className, uint64_t *ret_size)
{
    static const char kKey[] = "IOProviderClass";
    static uint32_t words[64];
    uint32_t length = (uint32_t)strlen(className);
    uint32_t next = 0;
    memset(words, 0, sizeof words);
    memcpy(&words[next++], kOSSerializeBinarySignature, 4);
    words[next++] = kOSSerializeDictionary | kOSSerializeEndCollecton | 1;
    words[next++] = kOSSerializeSymbol | sizeof kKey;
    memcpy(&words[next], kKey, sizeof kKey);
    next += (sizeof kKey + 3) / 4;
    words[next++] = kOSSerializeString | kOSSerializeEndCollecton | length;
    memcpy(&words[next], className, length);
    next += (length + 3) / 4;
    *ret_size = next * sizeof words[0];
    return words;
}

mach_port_t findService(const char *className)
{
    mach_port_t service = 0;
    uint64_t size;
    const void *matching = matchingClass(className, &size);
    assert_int_equal(io_service_get_matching_service_bin(0, matching, size, &service), 0);
    assert_int_not_equal(service, 0);
    return service;
}

mach_port_t openService(mach_port_t service, uint32_t type)
{
    mach_port_t connect = 0;
    assert_int_equal(io_service_open_extended(service, 1, type, NULL, 0, &connect), 0);
    assert_int_not_equal(connect, 0);
    return connect;
}

kern_return_t callScalars(mach_port_t connect, uint32_t selector, const uint64_t *in, uint32_t inCount, uint64_t *out,
                          uint32_t *outCount)
{
    return io_connect_method_scalar(connect, selector, in, inCount, out, outCount);
}

uint64_t counter(mach_port_t connect, unsigned which)
{
    uint64_t values[kCounters_];
    uint32_t count = kCounters_;
    assert_int_equal(callScalars(connect, kCounters, NULL, 0, values, &count), 0);
    return values[which];
}

void waitForCounter(mach_port_t connect, unsigned which, uint64_t value)
{
    while (counter(connect, which) != value)
        poll(NULL, 0, 1);
}

void describeHost(mach_port_t connect, char *text, size_t size)
{
    void *bytes = NULL;
    uint64_t length = 0;
    assert_int_equal(io_connect_method_var_output(connect, kDescribe, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL,
                                                  &bytes, &length),
                     0);
    assert_true(length > 0 && length <= size);
    memcpy(text, bytes, length);
    free(bytes);
}
