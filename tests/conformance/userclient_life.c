/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5.1, 5.5: user clients as the host makes them; host and driver in this process. */
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

static OSMetaClass *const kClasses[] = {&SlowClient_class};
static const OSClassList kList = {kClasses, 1};

static IOTask *makeTask(void)
{
    IOTask *task = IOTask_withCredentials(1, 0, 0, "test");
    assert_non_null(task);
    return task;
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
               RUN(5_2_class_that_is_no_user_client), RUN(5_5_phase_2_waits_for_the_open))
