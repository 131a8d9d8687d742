/* SPDX-License-Identifier: MIT */
/*
 * Services that a test asked for are kept in a list until the next platform_terminate, so that tests need no releases.
 * Waiting goes through the kit's own notifications: nothing polls.
 */
#include "platform.h"

#include "harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSIterator.h>
#include <libkern/OSKext.h>
#include <libkern/OSNumber.h>
#include <libkern/OSString.h>
#include <libkern/OSUnserialize.h>

static OSArray *kept; /* of services; the test's thread */

/* ---- The kit ---- */

static void quiesce(void)
{
    assert_int_equal(IOKit_quiesce(kPlatformWaitNanoseconds), kIOReturnSuccess);
}

void platform_restart(void)
{
    kept = OSArray_withCapacity(16);
    IOService_registerService(IOService_getServiceRoot());
    quiesce();
}

void platform_start(const char *name)
{
    OSArray  *names = OSArray_withCapacity(1);
    OSString *text  = OSString_withCString(name);
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_true(OSArray_setObject(names, OSObjectOf(text)));
    assert_true(IOService_setMatchNames(IOService_getServiceRoot(), names));
    assert_true(OSKext_addExtensionsFolder(TEST_BUILD_ROOT "/Extensions"));
    IOCatalogue_reset();
    OSRelease(text);
    OSRelease(names);
    platform_restart();
}

void platform_terminate(void)
{
    OSIterator *clients = IOService_getClientIterator(IOService_getServiceRoot());
    OSObject   *object;
    OSSafeReleaseNULL(kept);
    while ((object = OSIterator_getNextObject(clients))) {
        IOService *client = OSRequiredCast(IOService, object);
        if (client != IOService_getResourceService() && client != IOService_getUserResourceService())
            assert_true(IOService_terminate(client, 0));
    }
    OSRelease(clients);
    quiesce();
}

void platform_end(void)
{
    platform_terminate();
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

int platform_lockMachine(bool exclusive)
{
    int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(flock(folder, exclusive ? LOCK_EX : LOCK_SH), 0);
    return folder;
}

void platform_unloads(const char *identifier)
{
    OSReturn result = OSKext_removeKextWithIdentifier(identifier, false);
    if (result != kOSReturnSuccess)
        fail_msg("%s cannot be unloaded: 0x%x", identifier, (unsigned)result);
}

/* ---- Finding ---- */

static OSDictionary *readTable(const char *format, __builtin_va_list arguments)
{
    char      text[1024];
    OSString *error = NULL;
    assert_true(vsnprintf(text, sizeof text, format, arguments) < (int)sizeof text);
    OSDictionary *table = OSDynamicCast(OSDictionary, OSUnserialize(text, &error));
    if (!table)
        fail_msg("%s: %s", text, error ? OSString_getCStringNoCopy(error) : "no dictionary");
    return table;
}

/* Consumes a reference; NULL stays NULL. */
static IOService *keep(IOService *service)
{
    if (service)
        assert_true(OSArray_setObject(kept, OSObjectOf(service)));
    OSRelease(service);
    return service;
}

IOService *platform_find(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    OSDictionary *table = readTable(format, arguments);
    va_end(arguments);
    IOService *service = keep(IOService_copyMatchingService(table));
    OSRelease(table);
    return service;
}

IOService *platform_get(const char *format, ...)
{
    char    text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    IOService *service = platform_find("%s", text);
    if (!service)
        fail_msg("there is no %s", text);
    return service;
}

IOService *platform_await(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    OSDictionary *table = readTable(format, arguments);
    va_end(arguments);
    IOService *service = keep(IOService_waitForMatchingService(table, kPlatformWaitNanoseconds));
    if (!service)
        fail_msg("no service came that %s asks for", format);
    OSRelease(table);
    return service;
}

unsigned platform_count(const char *format, ...)
{
    va_list  arguments;
    unsigned count = 0;
    va_start(arguments, format);
    OSDictionary *table = readTable(format, arguments);
    va_end(arguments);
    OSIterator *services = IOService_getMatchingServices(table);
    while (services && OSIterator_getNextObject(services))
        count++;
    OSRelease(services);
    OSRelease(table);
    return count;
}

/* ---- Waiting ---- */

typedef struct Waiter {
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            done; /* lock */
} Waiter;

static IOReturn noteTermination(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                                size_t argumentSize)
{
    Waiter *waiter = reference;
    if (type != kIOMessageServiceIsTerminated)
        return kIOReturnSuccess;
    pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    pthread_cond_signal(&waiter->changed);
    pthread_mutex_unlock(&waiter->lock);
    return kIOReturnSuccess;
}

void platform_awaitTermination(IOService *service)
{
    Waiter          waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    IONotifier     *notifier;
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += kPlatformWaitNanoseconds / 1000000000;
    IOReturn result = IOService_registerInterestForNotifier(service, kIOGeneralInterest, noteTermination, NULL, &waiter,
                                                            &notifier);
    if (result == kIOReturnNotReady)
        return; /* inactive already */
    assert_int_equal(result, kIOReturnSuccess);
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.done && !IOService_isInactive(service))
        if (pthread_cond_timedwait(&waiter.changed, &waiter.lock, &end) != 0)
            break;
    pthread_mutex_unlock(&waiter.lock);
    IONotifier_remove(notifier);
    if (!IOService_isInactive(service))
        fail_msg("%s was not terminated", IORegistryEntry_getName(&service->super, NULL));
}

/* ---- The tree ---- */

IOService *platform_provider(IOService *service, const char *className)
{
    IOService *provider = keep(IOService_copyProvider(service));
    assert_non_null(provider);
    platform_isA(provider, className);
    return provider;
}

IOService *platform_below(IOService *service, const char *className)
{
    OSIterator *clients = IOService_getClientIterator(service);
    IOService  *found   = NULL;
    OSObject   *object;
    while (!found && (object = OSIterator_getNextObject(clients))) {
        IOService *client = OSRequiredCast(IOService, object);
        found = OSMetaClass_checkMetaCastWithName(className, object) ? keep(OSRetain(client)) : platform_below(client, className);
    }
    OSRelease(clients);
    return found;
}

void platform_isA(IOService *service, const char *className)
{
    if (!OSMetaClass_checkMetaCastWithName(className, OSObjectOf(service)))
        fail_msg("%s is a %s, no %s", IORegistryEntry_getName(&service->super, NULL),
                 OSObject_getClassName(OSObjectOf(service)), className);
}

void platform_hasPath(IOService *service, const char *plane, const char *path)
{
    char text[1024];
    int  length = sizeof text;
    assert_true(IORegistryEntry_getPath(&service->super, text, &length, IORegistryEntry_getPlane(plane)));
    assert_string_equal(text, path);
}

void platform_isNamed(IOService *service, const char *name, const char *location)
{
    const char *where = IORegistryEntry_getLocation(&service->super, NULL);
    assert_string_equal(IORegistryEntry_getName(&service->super, NULL), name);
    assert_string_equal(where ? where : "", location ? location : "");
}

/* ---- Properties ---- */

/* Held by the entry. */
static OSObject *property(IOService *service, const char *key)
{
    OSObject *value = IORegistryEntry_copyProperty(&service->super, key);
    if (!value)
        fail_msg("%s has no %s", IORegistryEntry_getName(&service->super, NULL), key);
    OSRelease(value);
    return value;
}

uint64_t platform_number(IOService *service, const char *key)
{
    OSNumber *number = OSDynamicCast(OSNumber, property(service, key));
    if (!number)
        fail_msg("%s is no number", key);
    return OSNumber_unsigned64BitValue(number);
}

bool platform_boolean(IOService *service, const char *key)
{
    OSBoolean *boolean = OSDynamicCast(OSBoolean, property(service, key));
    if (!boolean)
        fail_msg("%s is no boolean", key);
    return OSBoolean_isTrue(boolean);
}

const char *platform_string(IOService *service, const char *key)
{
    OSString *string = OSDynamicCast(OSString, property(service, key));
    if (!string)
        fail_msg("%s is no string", key);
    return OSString_getCStringNoCopy(string);
}

const char *platform_stringIn(IOService *service, const char *dictionary, const char *key)
{
    OSDictionary *dict   = OSDynamicCast(OSDictionary, property(service, dictionary));
    OSString     *string = dict ? OSDynamicCast(OSString, OSDictionary_getObject(dict, key)) : NULL;
    if (!string)
        fail_msg("%s has no string %s", dictionary, key);
    return OSString_getCStringNoCopy(string);
}

void platform_hasData(IOService *service, const char *key, const void *bytes, unsigned length)
{
    OSData *data = OSDynamicCast(OSData, property(service, key));
    if (!data)
        fail_msg("%s is no data", key);
    assert_int_equal(OSData_getLength(data), length);
    assert_memory_equal(OSData_getBytesNoCopy(data), bytes, length);
}

bool platform_has(IOService *service, const char *key)
{
    return IORegistryEntry_propertyExists(&service->super, key);
}

const TestHooks platformTestHooks = {.seconds = 120};
