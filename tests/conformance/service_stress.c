/* SPDX-License-Identifier: MIT */
/* Everything at once, for the race detector: threads that publish, terminate, look up, notify and open. */
#include "serviceFixture.h"

#include <pthread.h>

enum { kThreads = 4, kRounds = 60 };

#define NUB_XML "<dict><key>IOName</key><string>nub</string><key>BSD Name</key><string>n0</string></dict>"

static _Atomic(unsigned) published, terminated;

static bool count(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    (*(_Atomic(unsigned) *)reference)++;
    return true;
}

static IONotifier *countOf(const char *type, _Atomic(unsigned) *counter)
{
    OSDictionary *matching = IOService_serviceMatching("TestNub", NULL);
    IONotifier   *notifier = IOService_addMatchingNotification(type, matching, count, NULL, (void *)counter, 0);
    OSRelease(matching);
    assert_non_null(notifier);
    return notifier;
}

static IOReturn ignoreMessage(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                              size_t size)
{
    return kIOReturnSuccess;
}

/* Looks for somebody's nub and does things to it while its maker terminates it. */
static void disturb(unsigned seed)
{
    OSDictionary *matching = seed % 3 == 0   ? IOService_serviceMatching("TestNub", NULL)
                             : seed % 3 == 1 ? IOService_nameMatching("nub", NULL)
                                             : table("<dict><key>BSD Name</key><string>n0</string></dict>");
    OSIterator   *found    = IOService_getMatchingServices(matching);
    for (OSObject *object; found && (object = OSIterator_getNextObject(found));) {
        IOService  *nub      = OSRequiredCast(IOService, object);
        IONotifier *interest = IOService_registerInterest(nub, kIOGeneralInterest, ignoreMessage, NULL, NULL);
        IOService_messageClients(nub, 0x55, NULL, 0);
        IOService_registerService(nub);
        if (seed % 2)
            IORegistryEntry_setName(ENTRY(nub), seed % 4 == 1 ? "nub" : "other", NULL);
        (void)IOService_waitQuiet(nub, 0);
        if (interest)
            IONotifier_remove(interest);
    }
    OSRelease(found);
    OSRelease(matching);
}

static void *work(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    for (unsigned round = 0; round < kRounds; round++, seed += 7) {
        IOService                *nub  = makeService("TestNub", NUB_XML, NULL);
        _Atomic(unsigned)         mine = 0;
        IOService_registerServiceWithOptions(nub, seed % 3 == 0 ? kIOServiceSynchronous : 0);
        IONotifier *notifier = countOf(kIOPublishNotification, &mine);
        disturb(seed);
        assert_true(IOService_terminate(nub, seed % 2 ? kIOServiceSynchronous : 0));
        IONotifier_remove(notifier);
        OSRelease(nub);
    }
    return NULL;
}

TEST(four_threads)
{
    pthread_t   threads[kThreads];
    static const char *const nothing[] = {NULL};
    traceOnly(nothing);
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "<key>Opens</key><true/><key>ClosesOnRequest</key><true/><key>Registers</key><true/></dict>"
        "<dict><key>IOProviderClass</key><string>D0</string><key>IOClass</key><string>D1</string></dict></array>",
        false);
    IONotifier *first = countOf(kIOFirstPublishNotification, &published),
               *gone = countOf(kIOTerminatedNotification, &terminated);
    for (uintptr_t i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)i), 0);
    for (unsigned i = 0; i < kThreads; i++)
        pthread_join(threads[i], NULL);
    quiesce();
    assert_int_equal(terminated, kThreads * kRounds);
    assert_in_range(published, 1, kThreads * kRounds); /* one that was terminated first was never published */
    assert_int_equal(countFound(IOService_serviceMatching("TestNub", NULL)), 0);
    assert_int_equal(IOService_getBusyState(machine()), 0);
    IONotifier_remove(first);
    IONotifier_remove(gone);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(four_threads))
