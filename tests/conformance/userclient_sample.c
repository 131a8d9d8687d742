/* SPDX-License-Identifier: MIT */
/*
 * SEMANTICS 5.27, 5.28: how the user clients of Apple's samples open, close, start and end, shown with ours
 * (examples/SimpleUserClient), whose sources are compiled into this program.
 */
#include "serviceFixture.h"
#include "logCapture.h"

#include <IOKit/IOUserClient.h>

#include "examples/SimpleUserClient/SimpleShared.h"

/* The classes of the sample. */
extern const OSClassList OSModuleClasses;

typedef struct Sample {
    IOService *nub, *driver;
} Sample;

static Sample makeSample(void)
{
    assert_int_equal(OSMetaClass_registerModule("org.sample", &OSModuleClasses), kOSReturnSuccess);
    Sample sample = {.nub = publish("TestNub", NULL, NULL)};
    sample.driver = makeService(
        "SimpleDriver", "<dict><key>IOUserClientClass</key><string>SimpleUserClient</string></dict>", sample.nub);
    assert_true(IOService_start(sample.driver, sample.nub));
    quiesce();
    return sample;
}

/* The driver, or more, may be terminated already. */
static void dropSample(Sample *sample)
{
    assert_true(IOService_terminate(sample->nub, 0));
    quiesce();
    OSRelease(sample->driver);
    OSRelease(sample->nub);
    assert_int_equal(OSMetaClass_unregisterModule(&OSModuleClasses), kOSReturnSuccess);
}

static IOUserClient *makeClient(IOService *provider)
{
    IOUserClient *client = NULL;
    IOTask *task = IOTask_withCredentials(1, 0, 0, "test");
    assert_int_equal(IOService_newUserClient(provider, task, task, 0, NULL, &client), kIOReturnSuccess);
    OSRelease(task);
    return client;
}

static IOReturn call(IOUserClient *client, uint32_t selector)
{
    IOExternalMethodArguments none = {.version = kIOExternalMethodArgumentsCurrentVersion, .selector = selector};
    return IOUserClient_externalMethod(client, selector, &none, NULL, NULL, NULL);
}

TEST(5_27_exclusive_open_and_close)
{
    Sample sample = makeSample();
    IOUserClient *one = makeClient(sample.driver), *two = makeClient(sample.driver);
    assert_int_equal(call(one, kMyUserClientOpen), kIOReturnSuccess);
    assert_true(IOService_isOpen(sample.driver, &one->super));
    assert_int_equal(call(two, kMyUserClientOpen), kIOReturnExclusiveAccess);
    assert_int_equal(call(two, kMyUserClientClose), kIOReturnSuccess); /* it has nothing open: nothing happens */
    assert_true(IOService_isOpen(sample.driver, &one->super));
    assert_int_equal(call(one, kMyUserClientClose), kIOReturnSuccess);
    assert_false(IOService_isOpen(sample.driver, NULL));
    assert_int_equal(call(two, kMyUserClientOpen), kIOReturnSuccess);
    assert_int_equal(call(two, kMyUserClientClose), kIOReturnSuccess);
    OSRelease(one);
    OSRelease(two);
    dropSample(&sample);
}

TEST(5_27_provider_inactive_or_gone)
{
    Sample sample = makeSample();
    IOUserClient *client = makeClient(sample.driver);
    IOService_holdFinalize(&client->super, true); /* inactive, but still attached */
    assert_true(IOService_terminate(sample.driver, 0));
    assert_ptr_equal(IOService_getProvider(&client->super), sample.driver);
    assert_int_equal(call(client, kMyUserClientOpen), kIOReturnNotAttached);
    IOService_holdFinalize(&client->super, false);
    quiesce();
    assert_null(IOService_getProvider(&client->super));
    assert_int_equal(call(client, kMyUserClientOpen), kIOReturnNotAttached);
    /* Ours keeps its driver as long as it lives, so that the provider of a close is never NULL: it has nothing open. */
    assert_int_equal(call(client, kMyUserClientClose), kIOReturnSuccess);
    OSRelease(client);
    dropSample(&sample);
}

TEST(5_28_start_wants_its_own_provider)
{
    Sample sample = makeSample();
    IOUserClient *client = NULL;
    IOTask *task = IOTask_withCredentials(1, 0, 0, "test");
    IOService *wrong =
        publish("TestNub", "<dict><key>IOUserClientClass</key><string>SimpleUserClient</string></dict>", NULL);
    assert_int_equal(IOService_newUserClient(wrong, task, task, 0, NULL, &client), kIOReturnUnsupported);
    assert_null(client);
    assert_null(IOService_getClient(wrong));
    OSRelease(task);
    withdraw(wrong);
    dropSample(&sample);
}

static void assertNoClient(const char *properties, IOReturn wanted, const char *line)
{
    IOService *nub = publish("TestNub", properties, NULL);
    IOUserClient *client = NULL;
    IOTask *task = IOTask_withCredentials(1, 0, 0, "test");
    logCapture_begin();
    IOReturn result = IOService_newUserClient(nub, task, task, 0, NULL, &client);
    unsigned count = logCapture_countContaining(logCapture_end(), line);
    assert_int_equal(result, wanted);
    assert_int_equal(count, 1);
    assert_null(client);
    OSRelease(task);
    withdraw(nub);
}

TEST(5_2_class_that_gives_no_client)
{
    assertNoClient("<dict><key>IOUserClientClass</key><string>NoSuchClass</string></dict>", kIOReturnNoMemory,
                   "TestNub: IOUserClientClass \"NoSuchClass\": there is no such class");
    assertNoClient("<dict><key>IOUserClientClass</key><string>OSString</string></dict>", kIOReturnUnsupported,
                   "TestNub: IOUserClientClass \"OSString\": it is not an IOUserClient");
}

TEST(5_28_client_close)
{
    Sample sample = makeSample();
    IOUserClient *client = makeClient(sample.driver);
    assert_int_equal(call(client, kMyUserClientOpen), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientClose(client), kIOReturnSuccess);
    assert_false(IOService_isOpen(sample.driver, NULL));
    assert_true(IOService_isInactive(&client->super));
    quiesce();
    assert_null(IOService_getClient(sample.driver)); /* detached */
    assert_false(IOService_isInactive(sample.driver));
    OSRelease(client);
    dropSample(&sample);
}

TEST(5_28_client_died_closes)
{
    Sample sample = makeSample();
    IOUserClient *client = makeClient(sample.driver);
    assert_int_equal(call(client, kMyUserClientOpen), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientDied(client), kIOReturnSuccess);
    assert_false(IOService_isOpen(sample.driver, NULL));
    quiesce();
    assert_null(IOService_getClient(sample.driver));
    OSRelease(client);
    dropSample(&sample);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(5_27_exclusive_open_and_close), RUN(5_27_provider_inactive_or_gone),
               RUN(5_2_class_that_gives_no_client), RUN(5_28_start_wants_its_own_provider), RUN(5_28_client_close), RUN(5_28_client_died_closes))
