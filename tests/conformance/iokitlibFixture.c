/* SPDX-License-Identifier: MIT */
/* What the suites of IOKitLib share. */
#include "iokitlibFixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kTextMax = 256 * 1024, kSettleTries = 2000 };

/* ---- Counting the host's objects ---- */

/* Connects and makes the run loop, so that their descriptors are open before the test. */
static void connect_to_host(void)
{
    io_registry_entry_t root = IORegistryGetRootEntry(kIOMainPortDefault);
    if (!root)
        fail_msg("no host");
    IOObjectRelease(root);
    CFRunLoopGetCurrent();
}

typedef struct Lines {
    char  *next;
    size_t room;
} Lines;

static int compare_names(const void *left, const void *right)
{
    return (int)CFStringCompare(*(const CFStringRef *)left, *(const CFStringRef *)right, 0);
}

/* Services, user clients, iterators, notifications. libkern's classes come and go with what the host is asked, and the
 * task of the test before this one may take its time to go. */
static bool counts(const char *name)
{
    return (strncmp(name, "IO", 2) == 0 || strncmp(name, "Test", 4) == 0) && strcmp(name, "IOTask") != 0;
}

static void describe_now(char *text, size_t size)
{
    io_registry_entry_t root        = IORegistryGetRootEntry(kIOMainPortDefault);
    CFDictionaryRef     diagnostics = fixture_copy_property(root, kIOKitDiagnosticsKey);
    CFDictionaryRef     classes     = diagnostics ? CFDictionaryGetValue(diagnostics, CFSTR("Classes")) : NULL;
    CFIndex             count       = classes ? CFDictionaryGetCount(classes) : 0;
    CFStringRef        *names       = calloc((size_t)count + 1, sizeof *names);
    Lines               lines       = {text, size};
    IOObjectRelease(root);
    text[0] = '\0';
    if (!classes)
        fail_msg("the host counts no classes");
    CFDictionaryGetKeysAndValues(classes, (const void **)names, NULL);
    qsort(names, (size_t)count, sizeof *names, compare_names);
    for (CFIndex i = 0; i < count; i++) {
        char    name[128];
        int32_t instances = 0;
        CFNumberGetValue(CFDictionaryGetValue(classes, names[i]), kCFNumberSInt32Type, &instances);
        if (instances == 0 || !CFStringGetCString(names[i], name, sizeof name, kCFStringEncodingUTF8) || !counts(name))
            continue;
        int length = snprintf(lines.next, lines.room, "%s %d\n", name, instances);
        if (length < 0 || (size_t)length >= lines.room)
            break;
        lines.next += length;
        lines.room -= (size_t)length;
    }
    free(names);
    CFRelease(diagnostics);
}

/*
 * The second call gives the host time to free what its threads still hold: nothing tells a client of that moment, so it
 * looks again until the text is that of the first call, for a limited time.
 */
static void describe_objects(char *text, size_t size)
{
    static char first[kTextMax];
    IOKitWaitQuiet(kIOMainPortDefault, &(mach_timespec_t){10, 0});
    describe_now(text, size);
    if (!first[0]) {
        snprintf(first, sizeof first, "%s", text);
        return;
    }
    for (int i = 0; i < kSettleTries && strcmp(first, text) != 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        describe_now(text, size);
    }
}

const TestHooks iokitlibTestHooks = {.setUp = connect_to_host, .describeObjects = describe_objects};

/* ---- The services of TestTree ---- */

static io_service_t copy_named(const char *name)
{
    io_service_t service = IOServiceGetMatchingService(kIOMainPortDefault, IOServiceNameMatching(name));
    if (!service)
        fail_msg("no service %s", name);
    return service;
}

io_service_t fixture_copy_alpha(void)
{
    return copy_named("alpha");
}

io_service_t fixture_copy_beta(void)
{
    return copy_named("beta");
}

io_connect_t fixture_open(void)
{
    io_service_t alpha   = fixture_copy_alpha();
    io_connect_t connect = 0;
    assert_int_equal(IOServiceOpen(alpha, mach_task_self(), 0, &connect), kIOReturnSuccess);
    IOObjectRelease(alpha);
    return connect;
}

void fixture_call(io_connect_t connect, uint32_t selector, uint64_t a, uint64_t b, uint32_t count)
{
    uint64_t input[] = {a, b};
    assert_int_equal(IOConnectCallScalarMethod(connect, selector, input, count, NULL, NULL), kIOReturnSuccess);
}

void fixture_publish_gamma(io_connect_t connect, uint64_t location)
{
    fixture_call(connect, kTestPublish, location, 0, 1);
}

void fixture_terminate_gamma(io_connect_t connect, uint64_t location)
{
    fixture_call(connect, kTestTerminate, location, 0, 1);
}

/* ---- Helpers ---- */

unsigned fixture_drain(io_iterator_t iterator)
{
    unsigned    count = 0;
    io_object_t object;
    while ((object = IOIteratorNext(iterator)) != 0) {
        IOObjectRelease(object);
        count++;
    }
    return count;
}

bool fixture_is_text(CFTypeRef string, const char *text)
{
    char buffer[1024];
    return string && CFGetTypeID(string) == CFStringGetTypeID() &&
           CFStringGetCString(string, buffer, sizeof buffer, kCFStringEncodingUTF8) && strcmp(buffer, text) == 0;
}

CFTypeRef fixture_copy_property(io_registry_entry_t entry, const char *key)
{
    CFStringRef string = CFStringCreateWithCString(kCFAllocatorDefault, key, kCFStringEncodingUTF8);
    CFTypeRef   value  = IORegistryEntryCreateCFProperty(entry, string, kCFAllocatorDefault, 0);
    CFRelease(string);
    return value;
}

void fixture_run_until(const bool *flag)
{
    CFAbsoluteTime end = CFAbsoluteTimeGetCurrent() + 5;
    while (!*flag) {
        if (CFAbsoluteTimeGetCurrent() > end)
            fail_msg("nothing was called back");
        CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.5, true);
    }
}

void fixture_run_pending(void)
{
    while (CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0, true) == kCFRunLoopRunHandledSource)
        continue;
}
