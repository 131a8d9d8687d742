/* SPDX-License-Identifier: MIT */
/* The drivers, the trace and the helpers of serviceFixture.h. */
#include "serviceFixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libkern/OSKext.h>
#include <libkern/OSUnserialize.h>

/* --- trace ------------------------------------------------------------------------------------------------------ */

enum { kTraceMax = 16 * 1024 };

static pthread_mutex_t    traceLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t     traced    = PTHREAD_COND_INITIALIZER;
static char               text[kTraceMax];
static size_t             length;
static const char *const *wantedWords;

static bool isWanted(const char *entry)
{
    if (!wantedWords)
        return true;
    for (const char *const *word = wantedWords; *word; word++)
        if (strstr(entry, *word))
            return true;
    return false;
}

void trace(const char *format, ...)
{
    char    entry[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(entry, sizeof entry, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&traceLock);
    if (isWanted(entry) && length + strlen(entry) + 2 < sizeof text)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length ? " " : "", entry);
    pthread_cond_broadcast(&traced);
    pthread_mutex_unlock(&traceLock);
}

static unsigned occurrences(const char *word)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        count++;
    return count;
}

void traceWait(const char *word, unsigned count)
{
    struct timespec end;
    int             result = 0;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 30;
    pthread_mutex_lock(&traceLock);
    while (occurrences(word) < count && result == 0)
        result = pthread_cond_timedwait(&traced, &traceLock, &end);
    pthread_mutex_unlock(&traceLock);
    assert_int_equal(result, 0);
}

const char *traceText(void)
{
    static char copy[kTraceMax];
    pthread_mutex_lock(&traceLock);
    memcpy(copy, text, sizeof copy);
    pthread_mutex_unlock(&traceLock);
    return copy;
}

void traceClear(void)
{
    pthread_mutex_lock(&traceLock);
    length  = 0;
    text[0] = 0;
    pthread_mutex_unlock(&traceLock);
}

void traceOnly(const char *const *words)
{
    wantedWords = words;
}

/* --- the driver ------------------------------------------------------------------------------------------------- */

static void note(const IOService *self, const char *what)
{
    OSObject *tag = IORegistryEntry_copyProperty(ENTRY(self), "Tag");
    OSString *name = OSDynamicCast(OSString, tag);
    trace("%s.%s", name ? OSString_getCStringNoCopy(name) : OSObject_getClassName(OSObjectOf(self)), what);
    OSRelease(tag);
}

static bool says(const IOService *self, const char *key)
{
    OSObject  *value  = IORegistryEntry_copyProperty(ENTRY(self), key);
    OSBoolean *answer = OSDynamicCast(OSBoolean, value);
    bool       yes    = answer && OSBoolean_isTrue(answer);
    OSRelease(value);
    return yes;
}

static void noteResult(const IOService *self, const char *what, bool ok)
{
    char entry[64];
    snprintf(entry, sizeof entry, "%s%s", what, ok ? "" : "=false");
    note(self, entry);
}

static bool TestDriver_init(IORegistryEntry *entry, OSDictionary *properties)
{
    IOService *self = OSRequiredCast(IOService, entry);
    if (!IOService_super()->init(entry, properties))
        return false;
    bool ok = !says(self, "InitFails");
    noteResult(self, "init", ok);
    return ok;
}

static void TestDriver_free(OSObject *object)
{
    IOService *self = OSRequiredCast(IOService, object);
    if (self->core)
        note(self, "free");
    IOService_super()->free(object);
}

static bool TestDriver_attach(IOService *self, IOService *provider)
{
    bool ok = IOService_super()->attach(self, provider);
    noteResult(self, "attach", ok);
    return ok;
}

static void TestDriver_detach(IOService *self, IOService *provider)
{
    note(self, "detach");
    IOService_super()->detach(self, provider);
}

static IOService *TestDriver_probe(IOService *self, IOService *provider, int32_t *score)
{
    OSObject *value  = IORegistryEntry_copyProperty(ENTRY(self), "ProbeScore");
    OSNumber *number = OSDynamicCast(OSNumber, value);
    note(self, "probe");
    if (number)
        *score = (int32_t)OSNumber_unsigned32BitValue(number);
    OSRelease(value);
    return says(self, "ProbeFails") ? NULL : IOService_super()->probe(self, provider, score);
}

static bool TestDriver_start(IOService *self, IOService *provider)
{
    bool ok = !says(self, "StartFails") && IOService_super()->start(self, provider);
    if (ok && says(self, "Opens"))
        ok = IOService_open(provider, self, 0, NULL); /* not when the provider is going */
    noteResult(self, "start", ok);
    if (!ok)
        return false;
    if (says(self, "Registers"))
        IOService_registerService(self);
    if (says(self, "TerminatesItself"))
        IOService_terminate(self, 0);
    note(self, "started");
    return true;
}

static void TestDriver_stop(IOService *self, IOService *provider)
{
    note(self, "stop");
    IOService_super()->stop(self, provider);
}

static IOReturn TestDriver_message(IOService *self, uint32_t type, IOService *provider, void *argument)
{
    const char *name = type == kIOMessageServiceIsTerminated        ? "isTerminated"
                       : type == kIOMessageServiceIsRequestingClose ? "isRequestingClose"
                       : type == kIOMessageServiceIsAttemptingOpen  ? "isAttemptingOpen"
                       : type == kIOMessageServiceWasClosed         ? "wasClosed"
                                                                    : "message";
    note(self, name);
    if (type == kIOMessageServiceIsRequestingClose && says(self, "ClosesOnRequest")) {
        IOService_close(provider, self, 0);
        return kIOReturnSuccess;
    }
    return IOService_super()->message(self, type, provider, argument);
}

static bool TestDriver_requestTerminate(IOService *self, IOService *provider, IOOptionBits options)
{
    note(self, "requestTerminate");
    if (says(self, "TerminatesProvider"))
        IOService_terminate(provider, 0);
    return !says(self, "RefusesTerminate") && IOService_super()->requestTerminate(self, provider, options);
}

static bool TestDriver_willTerminate(IOService *self, IOService *provider, IOOptionBits options)
{
    noteResult(self, options & kIOServiceRequired ? "willTerminate" : "willTerminate?", true);
    return IOService_super()->willTerminate(self, provider, options);
}

static bool TestDriver_didTerminate(IOService *self, IOService *provider, IOOptionBits options, bool *defer)
{
    note(self, options & kIOServiceRequired ? "didTerminate" : "didTerminate?");
    if (says(self, "ClosesInDidTerminate"))
        IOService_close(provider, self, 0);
    if (says(self, "Defers")) {
        *defer = true;
        return true;
    }
    return IOService_super()->didTerminate(self, provider, options, defer);
}

static bool TestDriver_finalize(IOService *self, IOOptionBits options)
{
    note(self, "finalize");
    return IOService_super()->finalize(self, options);
}

OSDefineBaseClass(TestDriver, IOService, .init = TestDriver_init, .free = TestDriver_free, .attach = TestDriver_attach,
                  .detach = TestDriver_detach, .probe = TestDriver_probe, .start = TestDriver_start,
                  .stop = TestDriver_stop, .message = TestDriver_message,
                  .requestTerminate = TestDriver_requestTerminate, .willTerminate = TestDriver_willTerminate,
                  .didTerminate = TestDriver_didTerminate, .finalize = TestDriver_finalize);
OSDefineBaseClass(TestNub, TestDriver);

struct TestSpecialNub {
    TestNub super;
};
OSDefineClass(TestSpecialNub, TestNub);

struct D0 {
    TestDriver super;
};
struct D1 {
    TestDriver super;
};
struct D2 {
    TestDriver super;
};
OSDefineClass(D0, TestDriver);
OSDefineClass(D1, TestDriver);
OSDefineClass(D2, TestDriver);

/* --- set-up ----------------------------------------------------------------------------------------------------- */

static bool addedPersonalities;

/* A personality that names a bundle makes the catalogue look for it; once before, so that its constants are there. */
static void forgetBundles(void)
{
    IOCatalogue_shutdown();
    OSKext_shutdown();
}

static void setUp(void)
{
    static OSMetaClass *const classes[] = {&TestDriver_class, &TestNub_class, &TestSpecialNub_class,
                                           &D0_class,         &D1_class,      &D2_class};
    static const OSClassList  list      = {classes, sizeof classes / sizeof classes[0]};
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("org.test", &list), kOSReturnSuccess);
    forgetBundles();
    quiesce();
}

static void tearDown(void)
{
    if (addedPersonalities) {
        OSDictionary *ours = table("<dict><key>Ours</key><true/></dict>");
        IOCatalogue_removeDrivers(ours, false);
        OSRelease(ours);
    }
    quiesce();
    forgetBundles();
}

static void describe(char *buffer, size_t size)
{
    kitTestHooks.describeObjects(buffer, size);
}

const TestHooks serviceTestHooks = {.setUp = setUp, .tearDown = tearDown, .describeObjects = describe};

/* --- tables ----------------------------------------------------------------------------------------------------- */

static OSObject *parse(const char *xml)
{
    OSString *error  = NULL;
    OSObject *object = OSUnserializeXML(xml, &error);
    if (!object)
        fail_msg("%s: %s", error ? OSString_getCStringNoCopy(error) : "no memory", xml);
    OSRelease(error);
    return object;
}

OSDictionary *table(const char *xml)
{
    return OSRequiredCast(OSDictionary, parse(xml));
}

void addPersonalities(const char *xml, bool doMatching)
{
    OSArray *personalities = OSRequiredCast(OSArray, parse(xml));
    for (unsigned i = 0; i < OSArray_getCount(personalities); i++) {
        OSDictionary *personality = OSRequiredCast(OSDictionary, OSArray_getObject(personalities, i));
        OSDictionary_setObject(personality, "Ours", OSObjectOf(kOSBooleanTrue));
    }
    addedPersonalities = true;
    assert_true(IOCatalogue_addDrivers(personalities, doMatching));
    OSRelease(personalities);
}

/* --- services --------------------------------------------------------------------------------------------------- */

IOService *machine(void)
{
    return IOService_getServiceRoot();
}

IOService *makeService(const char *className, const char *xml, IOService *provider)
{
    OSObject     *object     = OSMetaClass_allocClassWithName(className);
    IOService    *service    = OSRequiredCast(IOService, object);
    OSDictionary *properties = xml ? table(xml) : NULL;
    assert_non_null(service);
    assert_true(IOService_init(service, properties));
    OSRelease(properties);
    assert_true(IOService_attach(service, provider ? provider : machine()));
    return service;
}

IOService *publish(const char *className, const char *xml, IOService *provider)
{
    IOService *service = makeService(className, xml, provider);
    IOService_registerService(service);
    quiesce();
    return service;
}

void withdraw(IOService *service)
{
    assert_true(IOService_terminate(service, 0));
    quiesce();
    OSRelease(service);
}

void quiesce(void)
{
    assert_int_equal(IOKit_quiesce(30000000000u), kIOReturnSuccess);
}

IOService *clientOfClass(IOService *service, const char *className)
{
    OSIterator *clients = IOService_getClientIterator(service);
    IOService  *found   = NULL;
    for (OSObject *client; !found && (client = OSIterator_getNextObject(clients));)
        if (strcmp(OSObject_getClassName(client), className) == 0)
            found = OSDynamicCast(IOService, client);
    OSRelease(clients);
    return found;
}

const char *namesFound(OSDictionary *matching)
{
    static char names[1024];
    OSIterator *services = IOService_getMatchingServices(matching);
    size_t      used     = 0;
    names[0]             = 0;
    for (OSObject *object; services && (object = OSIterator_getNextObject(services));) {
        IOService *service = OSRequiredCast(IOService, object);
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? " " : "",
                                 IORegistryEntry_getName(ENTRY(service), NULL));
    }
    OSRelease(services);
    OSRelease(matching);
    return names;
}

unsigned countFound(OSDictionary *matching)
{
    OSIterator *services = IOService_getMatchingServices(matching);
    unsigned    count    = 0;
    while (services && OSIterator_getNextObject(services))
        count++;
    OSRelease(services);
    OSRelease(matching);
    return count;
}

/* --- signals ---------------------------------------------------------------------------------------------------- */

struct Signal {
    pthread_mutex_t lock;
    pthread_cond_t  raised;
    unsigned        count;
};

Signal *signalMake(void)
{
    Signal *signal = calloc(1, sizeof *signal);
    assert_non_null(signal);
    pthread_mutex_init(&signal->lock, NULL);
    pthread_cond_init(&signal->raised, NULL);
    return signal;
}

void signalFree(Signal *signal)
{
    pthread_cond_destroy(&signal->raised);
    pthread_mutex_destroy(&signal->lock);
    free(signal);
}

void signalRaise(Signal *signal)
{
    pthread_mutex_lock(&signal->lock);
    signal->count++;
    pthread_cond_broadcast(&signal->raised);
    pthread_mutex_unlock(&signal->lock);
}

void signalWait(Signal *signal, unsigned count)
{
    struct timespec end;
    int             result = 0;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 30;
    pthread_mutex_lock(&signal->lock);
    while (signal->count < count && result == 0)
        result = pthread_cond_timedwait(&signal->raised, &signal->lock, &end);
    pthread_mutex_unlock(&signal->lock);
    assert_int_equal(result, 0);
}
