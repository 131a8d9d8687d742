/* SPDX-License-Identifier: MIT */
/*
 * SimpleUserClientTool: finds each SimpleDriver, opens it, calls every combination of scalars and structures, shows that a
 * second client is refused, closes. Exit status 0 when all answers were right, 1 when one was not, 69 (EX_UNAVAILABLE)
 * when there is no such driver. Listings 4-3 to 4-6 of the user-client document.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include <IOKit/IOKitLib.h>
#include <mach/mach_error.h>

#include "SimpleShared.h"

static bool failed;

/* Prints what was done; remembers when the result is not the wanted one. */
static void report(const char *what, kern_return_t result, kern_return_t wanted)
{
    if (result == KERN_SUCCESS)
        printf("  %-34s ok\n", what);
    else
        printf("  %-34s %s: %s\n", what, result == wanted ? "refused, as it should be" : "failed", mach_error_string(result));
    if (result != wanted) {
        printf("  ... expected %s\n", wanted == KERN_SUCCESS ? "ok" : mach_error_string(wanted));
        failed = true;
    }
}

static void expect(const char *what, bool holds)
{
    if (holds)
        return;
    printf("  ... wrong answer from %s\n", what);
    failed = true;
}

static void callEach(io_connect_t connect)
{
    const MySampleStruct input     = {.int16 = 586, .int32 = 8756};
    const uint64_t       one[1]    = {27};
    const uint64_t       two[2]    = {40, 2};
    uint64_t             product   = 0;
    uint32_t             scalars   = 1;
    MySampleStruct       output    = {0};
    size_t               outputSize = sizeof output;

    report("scalar and structure in",
           IOConnectCallMethod(connect, kMyScalarIStructImethod, one, 1, &input, sizeof input, NULL, NULL, NULL, NULL),
           KERN_SUCCESS);

    report("scalars in, structure out",
           IOConnectCallMethod(connect, kMyScalarIStructOmethod, two, 2, NULL, 0, NULL, NULL, &output, &outputSize),
           KERN_SUCCESS);
    expect("structure out", output.int16 == two[0] && output.int32 == two[1] && outputSize == sizeof output);

    report("scalars in, scalar out", IOConnectCallScalarMethod(connect, kMyScalarIScalarOmethod, two, 2, &product, &scalars),
           KERN_SUCCESS);
    expect("scalar out", scalars == 1 && product == two[0] * two[1]);

    report("structure in, structure out",
           IOConnectCallStructMethod(connect, kMyStructIStructOmethod, &input, sizeof input, &output, &outputSize),
           KERN_SUCCESS);
    expect("structure in and out", output.int16 == input.int16 + 1 && output.int32 == input.int32 + 1);

    report("too few scalars", IOConnectCallScalarMethod(connect, kMyScalarIScalarOmethod, one, 1, &product, &scalars),
           kIOReturnBadArgument);
}

static kern_return_t callWithoutArguments(io_connect_t connect, uint32_t selector)
{
    return IOConnectCallScalarMethod(connect, selector, NULL, 0, NULL, NULL);
}

static void useDriver(io_service_t service)
{
    io_connect_t  first, second;
    kern_return_t result = IOServiceOpen(service, mach_task_self(), 0, &first);
    report("IOServiceOpen", result, KERN_SUCCESS);
    if (result != KERN_SUCCESS)
        return;
    report("open", callWithoutArguments(first, kMyUserClientOpen), KERN_SUCCESS);
    callEach(first);

    result = IOServiceOpen(service, mach_task_self(), 0, &second);
    report("IOServiceOpen, a second client", result, KERN_SUCCESS);
    if (result == KERN_SUCCESS) {
        report("open, while the first has it", callWithoutArguments(second, kMyUserClientOpen), kIOReturnExclusiveAccess);
        report("close", callWithoutArguments(first, kMyUserClientClose), KERN_SUCCESS);
        report("open, after the first closed", callWithoutArguments(second, kMyUserClientOpen), KERN_SUCCESS);
        report("IOServiceClose, the second client", IOServiceClose(second), KERN_SUCCESS);
    }
    report("IOServiceClose", IOServiceClose(first), KERN_SUCCESS);
}

int main(void)
{
    io_iterator_t iterator;
    io_service_t  service;
    unsigned      found  = 0;
    kern_return_t result = IOServiceGetMatchingServices(kIOMainPortDefault, IOServiceMatching(kSimpleDriverClassName), &iterator);
    if (result != KERN_SUCCESS) {
        fprintf(stderr, "SimpleUserClientTool: IOServiceGetMatchingServices: %s\n", mach_error_string(result));
        return EX_OSERR;
    }
    while ((service = IOIteratorNext(iterator))) {
        io_string_t path;
        if (IORegistryEntryGetPath(service, kIOServicePlane, path) == KERN_SUCCESS)
            printf("%s\n", path);
        useDriver(service);
        IOObjectRelease(service);
        found++;
    }
    IOObjectRelease(iterator);
    if (found == 0) {
        fprintf(stderr, "SimpleUserClientTool: no %s in the registry\n", kSimpleDriverClassName);
        return EX_UNAVAILABLE;
    }
    return failed;
}
