/* SPDX-License-Identifier: MIT */
/* Termination: SEMANTICS 4b. */
#include "serviceFixture.h"

#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>

#define DICT(text) "<dict>" text "</dict>"
#define KEY(key)   "<key>" key "</key>"
#define TAG(text)  KEY("Tag") "<string>" text "</string>"
#define YES(key)   KEY(key) "<true/>"

static const char *const kTermination[] = {"Terminate",    "terminate",         ".finalize", ".stop",    ".detach",
                                           "isTerminated", "isRequestingClose", "wasClosed", "notified", NULL};

/* P <- D <- U, with U holding D and D holding P open. */
typedef struct Tree {
    IOService *p, *d, *u;
} Tree;

static Tree plant(const char *dProperties, const char *uProperties)
{
    Tree tree;
    tree.p = publish("TestNub", DICT(TAG("P")), NULL);
    tree.d = makeService("D0", dProperties, tree.p);
    tree.u = makeService("D1", uProperties, tree.d);
    assert_true(IOService_open(tree.p, tree.d, 0, NULL));
    assert_true(IOService_open(tree.d, tree.u, 0, NULL));
    IOService_registerService(tree.d);
    IOService_registerService(tree.u);
    quiesce();
    traceOnly(kTermination);
    traceClear();
    return tree;
}

static void uproot(Tree *tree)
{
    quiesce();
    OSRelease(tree->u);
    OSRelease(tree->d);
    OSRelease(tree->p);
}

static bool noteTermination(OSObject *target, void *reference, IOService *service, IONotifier *notifier)
{
    OSObject *tag = IORegistryEntry_copyProperty(ENTRY(service), "Tag");
    trace("notified%s(%s)", (const char *)reference, OSString_getCStringNoCopy(OSRequiredCast(OSString, tag)));
    assert_true(IOService_isInactive(service));
    OSRelease(tag);
    return true;
}

static IONotifier *noteAll(const char *type, const char *word)
{
    OSDictionary *all = IOService_serviceMatching("TestDriver", NULL);
    IONotifier *notifier =
        IOService_addMatchingNotification(type, all, noteTermination, NULL, (void *)(uintptr_t)word, 0);
    OSRelease(all);
    assert_non_null(notifier);
    return notifier;
}

TEST(4_13_and_4_24_returns_true)
{
    IOService *nub = publish("TestNub", NULL, NULL);
    assert_true(IOService_terminate(nub, 0));
    assert_true(IOService_terminate(nub, 0));
    assert_true(IOService_terminate(nub, kIOServiceSynchronous));
    quiesce();
    assert_false(IORegistryEntry_inPlane(ENTRY(nub), gIOServicePlane));
    OSRelease(nub);
}

TEST(4_14_phase_1)
{
    Tree tree = plant(DICT(TAG("D")), DICT(TAG("U")));
    IONotifier *terminated = noteAll(kIOTerminatedNotification, "Gone");
    assert_true(IOService_terminate(tree.p, 0));
    /* Already now, before any other thread did something: breadth first, the notifications between. */
    assert_int_equal(strncmp(traceText(),
                             "notifiedGone(P) D.requestTerminate notifiedGone(D) U.requestTerminate notifiedGone(U)",
                             84),
                     0);
    IOService *all[] = {tree.p, tree.d, tree.u};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(IOService_getState(all[i]), kIOServiceInactiveState);
        assert_int_not_equal(IOService_getBusyState(all[i]), 0);
    }
    IONotifier_remove(terminated);
    IOService_close(tree.d, tree.u, 0);
    IOService_close(tree.p, tree.d, 0);
    uproot(&tree);
}

TEST(4_15_the_client_may_refuse)
{
    Tree tree = plant(DICT(TAG("D") YES("RefusesTerminate")), DICT(TAG("U")));
    assert_true(IOService_terminate(tree.p, 0));
    assert_false(IOService_isInactive(tree.d));
    assert_false(IOService_isInactive(tree.u));
    IOService_close(tree.p, tree.d, 0); /* it was told that its provider goes, and is stopped when it lets go */
    quiesce();
    assert_non_null(strstr(traceText(), "D.willTerminate"));
    assert_non_null(strstr(traceText(), "D.stop D.detach"));
    assert_false(IORegistryEntry_inPlane(ENTRY(tree.d), gIOServicePlane));
    IOService_close(tree.d, tree.u, 0);
    IOService_terminate(tree.d, 0);
    uproot(&tree);
}

/* Whether the words come in this order. */
static void assertOrder(const char *const *words)
{
    const char *at = traceText();
    for (; *words; words++) {
        const char *next = strstr(at, *words);
        if (!next)
            fail_msg("no %s after: %s", *words, traceText());
        at = next + strlen(*words);
    }
}

TEST(4_27_trace_to_did_terminate)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("ClosesInDidTerminate")));
    IONotifier *terminated = noteAll(kIOTerminatedNotification, "Gone");
    IONotifier *will = noteAll(kIOWillTerminateNotification, "Will");
    static const char kWanted[] =
        "notifiedGone(P) D.requestTerminate notifiedGone(D) U.requestTerminate notifiedGone(U) "
        "notifiedWill(P) D.willTerminate notifiedWill(D) U.willTerminate notifiedWill(U) "
        "U.isTerminated U.didTerminate D.isTerminated D.didTerminate ";
    assert_true(IOService_terminate(tree.p, 0));
    quiesce();
    assert_int_equal(strncmp(traceText(), kWanted, strlen(kWanted)), 0);
    IONotifier_remove(terminated);
    IONotifier_remove(will);
    uproot(&tree);
}

TEST(4_28_trace_from_finalize)
{
    static const char *const words[] = {".finalize", ".stop", ".detach", NULL};
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("ClosesInDidTerminate")));
    traceOnly(words);
    assert_true(IOService_terminate(tree.p, 0));
    quiesce();
    assert_string_equal(traceText(),
                        "U.finalize U.stop U.detach D.finalize D.stop D.detach P.finalize P.stop P.detach");
    uproot(&tree);
}

TEST(4_28_waits_for_the_close)
{
    /* U has D open: it is finalized, but neither stopped nor is anything above it finalized. */
    static const char *const words[] = {".finalize", ".stop", ".detach", NULL};
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U")));
    traceOnly(words);
    assert_true(IOService_terminate(tree.p, 0));
    assert_int_equal(IOKit_quiesce(50000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), ".stop"));
    assert_null(strstr(traceText(), "D.finalize"));
    IOService_close(tree.d, tree.u, 0);
    quiesce();
    assert_string_equal(traceText(),
                        "U.finalize U.stop U.detach D.finalize D.stop D.detach P.finalize P.stop P.detach");
    uproot(&tree);
}

static IOReturn noteIsTerminated(OSObject *target, void *reference, uint32_t type, IOService *provider, void *argument,
                                 size_t size)
{
    if (type == kIOMessageServiceIsTerminated)
        trace("interest.isTerminated%s", (uintptr_t)argument & kIOServiceRequired ? "" : "?");
    return kIOReturnSuccess;
}

TEST(4_17_is_terminated_before_did_terminate)
{
    static const char *const words[] = {"isTerminated", "didTerminate", NULL};
    IOService *p = publish("TestNub", NULL, NULL);
    IOService *one = makeService("D0", DICT(TAG("A")), p), *two = makeService("D1", DICT(TAG("B")), p);
    IONotifier *notifier = IOService_registerInterest(p, kIOGeneralInterest, noteIsTerminated, NULL, NULL);
    traceOnly(words);
    traceClear();
    assert_true(IOService_terminate(p, 0));
    quiesce();
    /* All of the provider's clients and who has interest hear of it first; "?" would say that Required is missing. */
    assert_string_equal(traceText(),
                        "A.isTerminated B.isTerminated interest.isTerminated A.didTerminate B.didTerminate");
    IONotifier_remove(notifier);
    OSRelease(one);
    OSRelease(two);
    OSRelease(p);
}

TEST(4_21_from_leaf_to_root)
{
    /* P has D and E, D has U and V. */
    static const char *const words[] = {".stop", ".detach", NULL};
    IOService *p = publish("TestNub", DICT(TAG("P")), NULL);
    IOService *d = makeService("D0", DICT(TAG("D")), p), *e = makeService("D0", DICT(TAG("E")), p);
    IOService *u = makeService("D1", DICT(TAG("U")), d), *v = makeService("D1", DICT(TAG("V")), d);
    traceOnly(words);
    assert_true(IOService_terminate(p, 0));
    quiesce();
    static const char *const orders[][4] = {
        {"U.stop", "U.detach", "D.stop", NULL}, {"V.stop", "V.detach", "D.stop", NULL},
        {"D.stop", "D.detach", "P.stop", NULL}, {"E.stop", "E.detach", "P.stop", NULL},
        {"P.stop", "P.detach", NULL},
    };
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        assertOrder(orders[i]);
    OSRelease(u);
    OSRelease(v);
    OSRelease(d);
    OSRelease(e);
    OSRelease(p);
}

TEST(4_7_in_phase_3_the_client_is_stopped_instead)
{
    static const char *const words[] = {"wasClosed", "U.stop", "U.detach", NULL};
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U")));
    IOService *other = makeService("D2", DICT(TAG("V")), tree.d);
    traceOnly(words);
    traceClear();
    assert_true(IOService_terminate(tree.p, 0));
    assert_int_equal(IOKit_quiesce(50000000), kIOReturnTimeout);
    assert_string_equal(traceText(), "");
    IOService_close(tree.d, tree.u, 0);
    quiesce();
    assert_string_equal(traceText(), "U.stop U.detach");
    OSRelease(other);
    uproot(&tree);
}

TEST(4_18_request_close)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("ClosesOnRequest")));
    assert_true(IOService_terminate(tree.p, 0));
    quiesce();
    static const char *const words[] = {"U.didTerminate", "U.isRequestingClose", "U.stop", "D.stop", NULL};
    assertOrder(words);
    uproot(&tree);
}

TEST(4_19_defer)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("Defers")));
    bool defer = false;
    assert_true(IOService_terminate(tree.p, 0));
    assert_int_equal(IOService_waitQuiet(tree.u, 20000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), "U.stop"));
    IOService_close(tree.d, tree.u, 0);
    IORegistryEntry_removeProperty(ENTRY(tree.u), "Defers");
    assert_true(IOService_didTerminate(tree.u, tree.d, kIOServiceRequired, &defer));
    quiesce();
    assert_non_null(strstr(traceText(), "U.stop U.detach"));
    uproot(&tree);
}

TEST(4_29_stays_until_closed)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U")));
    assert_true(IOService_terminate(tree.p, 0));
    assert_int_equal(IOKit_quiesce(50000000), kIOReturnTimeout);
    assert_true(IORegistryEntry_inPlane(ENTRY(tree.u), gIOServicePlane));
    assert_true(IORegistryEntry_inPlane(ENTRY(tree.p), gIOServicePlane));
    assert_null(strstr(traceText(), "U.stop"));
    assert_null(strstr(traceText(), "D.finalize"));
    IOService_close(tree.d, tree.u, 0);
    quiesce();
    static const char *const words[] = {"U.finalize", "U.stop",     "U.detach", "D.finalize", "D.stop",
                                        "D.detach",   "P.finalize", "P.stop",   "P.detach",   NULL};
    assertOrder(words);
    uproot(&tree);
}

TEST(4_20_forced_close)
{
    /* U closes D but not from its stop; a client that is still open when it was stopped is closed by force. */
    IOService *p = publish("TestNub", DICT(TAG("P")), NULL), *d = makeService("D0", DICT(TAG("D")), p);
    traceOnly(kTermination);
    traceClear();
    assert_true(IOService_terminate(p, kIOServiceSynchronous));
    assert_true(IOService_isInactive(d));
    assert_false(IORegistryEntry_inPlane(ENTRY(d), gIOServicePlane));
    static const char *const words[] = {"D.finalize", "D.stop", "D.detach", "P.finalize", "P.stop", "P.detach", NULL};
    assertOrder(words);
    quiesce();
    OSRelease(d);
    OSRelease(p);
}

TEST(4_22_synchronous)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("ClosesOnRequest")));
    assert_true(IOService_terminate(tree.p, kIOServiceSynchronous));
    assert_int_equal(IOService_getBusyState(tree.p), 0);
    assert_false(IORegistryEntry_inPlane(ENTRY(tree.p), gIOServicePlane));
    uproot(&tree);
}

TEST(4_23_lookups)
{
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U")));
    assert_int_equal(countFound(IOService_serviceMatching("D0", NULL)), 1);
    assert_true(IOService_terminate(tree.p, 0));
    assert_int_equal(countFound(IOService_serviceMatching("D0", NULL)), 0);
    assert_true(IORegistryEntry_inPlane(ENTRY(tree.d), gIOServicePlane));
    IOService_close(tree.d, tree.u, 0);
    uproot(&tree);
}

TEST(4_24_terminate_client)
{
    IOService *p = publish("TestNub", NULL, NULL), *q = publish("TestNub", NULL, NULL);
    IOService *one = makeService("D0", NULL, p), *two = makeService("D1", NULL, p);
    assert_true(IOService_attach(two, q));
    assert_true(IOService_terminateClient(p, two, 0));
    assert_false(IOService_isInactive(two));
    assert_true(IOService_terminateClient(p, one, 0));
    assert_true(IOService_isInactive(one));
    quiesce();
    OSRelease(one);
    OSRelease(two);
    withdraw(p);
    withdraw(q);
}

TEST(4_25_need_will_terminate)
{
    IOService *p = publish("TestNub", NULL, NULL), *d = makeService("D0", DICT(TAG("D")), p);
    traceOnly(kTermination);
    traceClear();
    assert_true(IOService_terminate(d, kIOServiceTerminateNeedWillTerminate));
    quiesce();
    assert_string_equal(traceText(), "D.willTerminate D.didTerminate D.finalize D.stop D.detach");
    OSRelease(d);
    withdraw(p);
}

TEST(4_25_with_rematch)
{
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "</dict></array>",
        false);
    IOService *p = publish("TestNub", NULL, NULL);
    IOService *d = OSRetain(clientOfClass(p, "D0"));
    assert_true(IOService_terminate(d, kIOServiceTerminateWithRematch));
    quiesce();
    assert_non_null(clientOfClass(p, "D0")); /* a new one */
    assert_ptr_not_equal(clientOfClass(p, "D0"), d);
    OSRelease(d);
    withdraw(p);
}

TEST(4_26_required)
{
    /* willTerminate and didTerminate of the driver note when the option is missing. */
    Tree tree = plant(DICT(TAG("D") YES("ClosesOnRequest")), DICT(TAG("U") YES("ClosesOnRequest")));
    assert_true(IOService_terminate(tree.p, 0));
    quiesce();
    assert_null(strchr(traceText(), '?'));
    uproot(&tree);
}

TEST(4_30_hold_finalize)
{
    IOService *p = publish("TestNub", NULL, NULL), *d = makeService("D0", DICT(TAG("D")), p);
    traceOnly(kTermination);
    traceClear();
    IOService_holdFinalize(d, true);
    assert_true(IOService_terminate(d, 0));
    assert_int_equal(IOService_waitQuiet(d, 20000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), "D.finalize"));
    IOService_holdFinalize(d, false);
    quiesce();
    assert_string_equal(traceText(), "D.finalize D.stop D.detach");
    OSRelease(d);
    withdraw(p);
}

TEST(4_31_terminates_itself_in_start)
{
    static const char *const words[] = {"D0.start", "D0.finalize", "D0.stop", NULL};
    traceOnly(words);
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "<key>TerminatesItself</key><true/></dict></array>",
        false);
    IOService *p = publish("TestNub", NULL, NULL);
    assert_string_equal(traceText(), "D0.start D0.started D0.finalize D0.stop"); /* not while start was running */
    assert_null(IOService_getClient(p));
    withdraw(p);
}

TEST(4_24_from_request_terminate)
{
    IOService *p = publish("TestNub", NULL, NULL), *d = makeService("D0", DICT(TAG("D") YES("TerminatesProvider")), p);
    uint64_t start = IOUptimeNanoseconds();
    assert_true(IOService_terminate(p, 0)); /* the one inside does nothing, and does not wait for itself */
    assert_true(IOUptimeNanoseconds() - start < 10000000000u);
    assert_true(IOService_isInactive(d));
    quiesce();
    OSRelease(d);
    OSRelease(p);
}

TEST(4_16_waits_for_configuring)
{
    /* A driver in the middle of start: its provider's phase 2 begins when the job is over. */
    static const char *const words[] = {"D0.attach", "D0.start", "D0.willTerminate", "D0.stop", NULL};
    traceOnly(words);
    addPersonalities(
        "<array><dict><key>IOProviderClass</key><string>TestNub</string><key>IOClass</key><string>D0</string>"
        "<key>IOResourceMatch</key><string>Never1</string></dict></array>",
        false);
    IOService *p = makeService("TestNub", NULL, NULL);
    IOService_registerService(p);
    traceWait("D0.attach", 2); /* for its probe, and now for its start, which waits for the resource */
    assert_true(IOService_terminate(p, 0));
    assert_int_equal(IOService_waitQuiet(p, 20000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), "willTerminate"));
    IOService_publishResource("Never1", NULL);
    quiesce();
    assert_string_equal(traceText(), "D0.attach D0.attach D0.start D0.started D0.willTerminate D0.stop");
    OSRelease(p);
    IORegistryEntry_removeProperty(ENTRY(IOService_getResourceService()), "Never1");
    IOService_registerService(IOService_getResourceService());
}

TEST(4_16_terminate_defer)
{
    IOService *p = publish("TestNub", NULL, NULL), *d = makeService("D0", DICT(TAG("D")), p);
    traceOnly(kTermination);
    traceClear();
    IOService_setTerminateDefer(d, p, true);
    assert_true(IOService_terminate(p, 0));
    assert_int_equal(IOService_waitQuiet(p, 20000000), kIOReturnTimeout);
    assert_null(strstr(traceText(), "willTerminate"));
    IOService_setTerminateDefer(d, p, false);
    quiesce();
    assert_non_null(strstr(traceText(), "D.stop"));
    OSRelease(d);
    OSRelease(p);
}

TEST(4_32_two_providers)
{
    IOService *p = publish("TestNub", DICT(TAG("P")), NULL), *q = publish("TestNub", DICT(TAG("Q")), NULL);
    IOService *m = makeService("D0", DICT(TAG("M")), p);
    assert_true(IOService_attach(m, q));
    traceOnly(kTermination);
    traceClear();
    assert_true(IOService_terminate(p, 0));
    quiesce();
    assert_false(IOService_isInactive(m));
    assert_string_equal(traceText(), "M.requestTerminate M.willTerminate M.isTerminated M.didTerminate M.stop M.detach "
                                     "P.finalize P.stop P.detach");
    assert_true(IORegistryEntry_inPlane(ENTRY(m), gIOServicePlane));
    traceClear();
    assert_true(IOService_terminate(q, 0));
    assert_true(IOService_isInactive(m));
    quiesce();
    assert_non_null(strstr(traceText(), "M.finalize M.stop M.detach"));
    OSRelease(m);
    OSRelease(p);
    OSRelease(q);
}

TEST(4_3_detach_moves_busy)
{
    IOService *p = publish("TestNub", NULL, NULL), *q = publish("TestNub", NULL, NULL), *m = makeService("D0", NULL, p);
    assert_true(IOService_attach(m, q));
    IOService_adjustBusy(m, 1);
    assert_int_equal(IOService_getBusyState(p), 1);
    assert_int_equal(IOService_getBusyState(q), 0);
    IOService_detach(m, p);
    assert_int_equal(IOService_getBusyState(p), 0);
    assert_int_equal(IOService_getBusyState(q), 1);
    IOService_adjustBusy(m, -1);
    assert_int_equal(IOService_getBusyState(q), 0);
    IOService_detach(m, q);
    OSRelease(m);
    withdraw(p);
    withdraw(q);
}

TEST_MAIN_WITH(serviceTestHooks, RUN(4_3_detach_moves_busy), RUN(4_13_and_4_24_returns_true), RUN(4_14_phase_1),
               RUN(4_15_the_client_may_refuse), RUN(4_16_waits_for_configuring), RUN(4_16_terminate_defer),
               RUN(4_7_in_phase_3_the_client_is_stopped_instead), RUN(4_17_is_terminated_before_did_terminate),
               RUN(4_18_request_close), RUN(4_21_from_leaf_to_root), RUN(4_19_defer), RUN(4_20_forced_close),
               RUN(4_22_synchronous), RUN(4_23_lookups), RUN(4_24_terminate_client), RUN(4_24_from_request_terminate),
               RUN(4_25_need_will_terminate), RUN(4_25_with_rematch), RUN(4_26_required),
               RUN(4_27_trace_to_did_terminate), RUN(4_28_trace_from_finalize), RUN(4_28_waits_for_the_close),
               RUN(4_29_stays_until_closed), RUN(4_30_hold_finalize), RUN(4_31_terminates_itself_in_start),
               RUN(4_32_two_providers))
