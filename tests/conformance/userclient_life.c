/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5.1, 5.2, 5.5, 5.11: user clients as the host makes them; host and driver in this process. */
#include "serviceFixture.h"

#include <pthread.h>
#include <string.h>

#include "userclient/IOUserClientPrivate.h"

#define DICT(text)        "<dict>" text "</dict>"
#define STRING(key, text) "<key>" key "</key><string>" text "</string>"

/* A user client whose start waits for the test, and which writes down how it ends. */
OSDeclareClass(SlowClient);
struct SlowClient {
    IOUserClient super;
};

static Signal *started, *mayGoOn;

static bool SlowClient_start(IOService *service, IOService *provider)
{
    bool ok = IOService_super()->start(service, provider);
    trace("start");
    signalRaise(started);
    signalWait(mayGoOn, 1);
    trace("started");
    return ok;
}

static bool SlowClient_willTerminate(IOService *service, IOService *provider, IOOptionBits options)
{
    trace("willTerminate");
    return IOService_super()->willTerminate(service, provider, options);
}

static void SlowClient_stop(IOService *service, IOService *provider)
{
    trace("stop");
    IOService_super()->stop(service, provider);
}

OSDefineClass(SlowClient, IOUserClient, .start = SlowClient_start, .willTerminate = SlowClient_willTerminate,
              .stop = SlowClient_stop, .clientClose = IOUserClient_closeAndTerminate);

/* A user client that must publish what the bits of its type say it does. */
enum {
    kPublishesLocking = 1 << 0,
    kPublishesSetProperties = 1 << 1,
    kPublishesSingleThread = 1 << 2,
    kPublishesAllLocking = 7,
    kEntitlementsFalse = 1 << 3,
    kEntitlementsString = 1 << 4,
    kEntitlementsTrue = 1 << 5,
};

OSDeclareClass(StrictClient);
struct StrictClient {
    IOUserClient2022 super;
    uint32_t type;
};

static bool StrictClient_initWithTask(IOUserClient *client, IOTask *task, void *token, uint32_t type,
                                      OSDictionary *properties)
{
    OSRequiredCast(StrictClient, client)->type = type;
    return IOUserClient2022_super()->initWithTask(client, task, token, type, properties);
}

static bool StrictClient_start(IOService *service, IOService *provider)
{
    static const char *const keys[] = {kIOUserClientDefaultLockingKey, kIOUserClientDefaultLockingSetPropertiesKey,
                                       kIOUserClientDefaultLockingSingleThreadExternalMethodKey};
    uint32_t type = OSRequiredCast(StrictClient, service)->type;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (type & 1u << i)
            assert_true(IORegistryEntry_setPropertyBoolean(ENTRY(service), keys[i], true));
    if (type & (kEntitlementsFalse | kEntitlementsTrue))
        assert_true(IORegistryEntry_setPropertyBoolean(ENTRY(service), kIOUserClientEntitlementsKey,
                                                       (type & kEntitlementsTrue) != 0));
    if (type & kEntitlementsString)
        assert_true(IORegistryEntry_setPropertyString(ENTRY(service), kIOUserClientEntitlementsKey, "org.strict"));
    return IOUserClient2022_super()->start(service, provider);
}

static IOReturn StrictClient_clientClose(IOUserClient *client)
{
    trace("close");
    return IOUserClient_closeAndTerminate(client);
}

OSDefineClass(StrictClient, IOUserClient2022, .initWithTask = StrictClient_initWithTask, .start = StrictClient_start,
              .clientClose = StrictClient_clientClose);

static OSMetaClass *const kClasses[] = {&SlowClient_class, &StrictClient_class};
static const OSClassList kList = {kClasses, sizeof kClasses / sizeof kClasses[0]};

static IOTask *makeTask(void)
{
    IOTask *task = IOTask_withCredentials(1, 0, 0, "test");
    assert_non_null(task);
    return task;
}

static IOReturn openStrict(uint32_t type, uid_t uid)
{
    IOUserClient *client = NULL;
    IOService *nub = publish("TestNub", DICT(STRING("IOUserClientClass", "StrictClient")), NULL);
    IOTask *task = IOTask_withCredentials(1, uid, uid, "test");
    traceClear();
    IOReturn result = IOUserClient_open(nub, task, type, &client);
    /* Of one that failed nothing is left, and it was closed. */
    assert_int_equal(client != NULL, result == kIOReturnSuccess);
    assert_int_equal(strstr(traceText(), "close") != NULL, result != kIOReturnSuccess);
    OSRelease(client);
    OSRelease(task);
    withdraw(nub);
    return result;
}

TEST(5_11_mandatory_keys)
{
    assert_int_equal(OSMetaClass_registerModule("org.slow", &kList), kOSReturnSuccess);
    for (uint32_t some = 0; some < kPublishesAllLocking; some++)
        assert_int_equal(openStrict(some | kEntitlementsFalse, 0), kIOReturnError);
    assert_int_equal(openStrict(kPublishesAllLocking | kEntitlementsFalse, 0), kIOReturnSuccess);
    assert_int_equal(openStrict(kPublishesAllLocking | kEntitlementsFalse, 1000), kIOReturnSuccess);
    assert_int_equal(openStrict(kPublishesAllLocking | kEntitlementsString, 0), kIOReturnSuccess);
    assert_int_equal(openStrict(kPublishesAllLocking | kEntitlementsString, 1000), kIOReturnNotPrivileged);
    assert_int_equal(openStrict(kPublishesAllLocking | kEntitlementsTrue, 0), kIOReturnNotPrivileged);
    assert_int_equal(openStrict(kPublishesAllLocking, 0), kIOReturnNotPrivileged);
    assert_int_equal(openStrict(0, 0), kIOReturnNotPrivileged); /* the stronger of two reasons */
    assert_int_equal(OSMetaClass_unregisterModule(&kList), kOSReturnSuccess);
}

static IOReturn openWith(const char *properties, IOUserClient **ret_client)
{
    IOService *nub = publish("TestNub", properties, NULL);
    IOTask *task = makeTask();
    IOReturn result = IOUserClient_open(nub, task, 0, ret_client);
    OSRelease(task);
    withdraw(nub);
    return result;
}

TEST(5_1_default_takes_the_class_of_the_property)
{
    IOUserClient *client = NULL;
    assert_int_equal(openWith(NULL, &client), kIOReturnUnsupported);
    assert_int_equal(openWith(DICT("<key>IOUserClientClass</key><integer>1</integer>"), &client), kIOReturnUnsupported);
    assert_null(client);
    assert_int_equal(openWith(DICT(STRING("IOUserClientClass", "IOUserClient")), &client), kIOReturnSuccess);
    assert_string_equal(OSObject_getClassName(OSObjectOf(client)), "IOUserClient");
    OSRelease(client);
}

TEST(5_2_class_that_is_no_user_client)
{
    IOUserClient *client = NULL;
    assert_int_equal(openWith(DICT(STRING("IOUserClientClass", "NoSuchClass")), &client), kIOReturnNoMemory);
    assert_int_equal(openWith(DICT(STRING("IOUserClientClass", "D0")), &client), kIOReturnUnsupported);
    assert_int_equal(openWith(DICT(STRING("IOUserClientClass", "OSString")), &client), kIOReturnUnsupported);
    assert_null(client);
}

typedef struct Opening {
    IOService *nub;
    IOUserClient *client;
    IOReturn result;
} Opening;

static void *openIt(void *argument)
{
    Opening *opening = argument;
    IOTask *task = makeTask();
    opening->result = IOUserClient_open(opening->nub, task, 0, &opening->client);
    OSRelease(task);
    return NULL;
}

TEST(5_5_phase_2_waits_for_the_open)
{
    pthread_t thread;
    assert_int_equal(OSMetaClass_registerModule("org.slow", &kList), kOSReturnSuccess);
    started = signalMake();
    mayGoOn = signalMake();
    Opening opening = {.nub = publish("TestNub", DICT(STRING("IOUserClientClass", "SlowClient")), NULL)};
    static const char *const words[] = {"start", "started", "willTerminate", "stop", NULL};
    traceOnly(words);
    traceClear();
    assert_int_equal(pthread_create(&thread, NULL, openIt, &opening), 0);
    signalWait(started, 1);
    assert_true(IOService_terminate(opening.nub, 0));
    assert_true(IOService_isInactive(opening.nub)); /* phase 1 does not wait */
    assert_int_equal(IOService_waitQuiet(opening.nub, 20000000), kIOReturnTimeout);
    assert_string_equal(traceText(), "start");
    signalRaise(mayGoOn);
    pthread_join(thread, NULL);
    assert_int_equal(opening.result, kIOReturnSuccess);
    quiesce();
    assert_non_null(strstr(traceText(), "start started willTerminate"));
    assert_non_null(strstr(traceText(), "willTerminate stop"));
    OSRelease(opening.client);
    OSRelease(opening.nub);
    signalFree(started);
    signalFree(mayGoOn);
    assert_int_equal(OSMetaClass_unregisterModule(&kList), kOSReturnSuccess);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(5_1_default_takes_the_class_of_the_property),
               RUN(5_2_class_that_is_no_user_client), RUN(5_5_phase_2_waits_for_the_open), RUN(5_11_mandatory_keys))
