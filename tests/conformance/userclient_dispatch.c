/* SPDX-License-Identifier: MIT */
/* SEMANTICS 5.20, 5.44: what a driver calls itself: dispatch by a 2022 table, privileges. In one process. */
#include "harness.h"

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOUserClient.h>
#include <libkern/libkern.h>

OSDeclareClass(DispatchClient);
struct DispatchClient {
    IOUserClient super;
};
OSDefineClass(DispatchClient, IOUserClient, .free = NULL);

static void start(void)
{
    static OSMetaClass *const classes[] = {&DispatchClient_class};
    static const OSClassList list = {classes, 1};
    assert_int_equal(IOKit_initialize(), 0);
    assert_int_equal(OSMetaClass_registerModule("test.dispatch", &list), 0);
}

static const TestHooks hooks = {.setUp = start, .describeObjects = NULL};

static IOReturn answer(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    return *(IOReturn *)reference;
}

static const IOExternalMethodDispatch2022 kRows[] = {
    {answer, 1, 8, 1, 8, false, NULL},
    {answer, 0, 0, 0, 0, true, NULL},
    {answer, 0, 0, 0, 0, false, "org.openiokit.test"},
    {NULL, 0, 0, 0, 0, false, NULL},
};

static DispatchClient *makeClient(uid_t uid)
{
    DispatchClient *client = OSTypeAlloc(DispatchClient);
    IOTask *task = IOTask_withCredentials(1, uid, uid, "test");
    assert_true(IOUserClient_initWithTask(&client->super, task, task, 0, NULL));
    OSRelease(task);
    return client;
}

static IOReturn dispatch(DispatchClient *client, uint32_t selector, IOExternalMethodArguments arguments)
{
    IOReturn result = 77;
    return IOUserClient_dispatchExternalMethod(&client->super, selector, &arguments, kRows, 4, NULL, &result);
}

TEST(5_20_dispatch_2022)
{
    DispatchClient *client = makeClient(1000);
    IOExternalMethodArguments none = {0}, fits = {.scalarInputCount = 1,
                                                  .structureInputSize = 8,
                                                  .scalarOutputCount = 1,
                                                  .structureOutputSize = 8};
    IOExternalMethodArguments async = {.reply = (IOAsyncReply *)client};
    assert_int_equal(IOUserClient_dispatchExternalMethod(&client->super, 0, &none, NULL, 0, NULL, NULL),
                     kIOReturnError);
    assert_int_equal(dispatch(client, 4, none), kIOReturnBadArgument);
    assert_int_equal(dispatch(client, 0, none), kIOReturnBadArgument);
    assert_int_equal(dispatch(client, 0, fits), 77);
    assert_int_equal(dispatch(client, 1, none), 77);
    assert_int_equal(dispatch(client, 1, async), 77);
    assert_int_equal(dispatch(client, 2, async), kIOReturnBadArgument); /* before the entitlement is looked at */
    assert_int_equal(dispatch(client, 2, none), kIOReturnNotPrivileged);
    assert_int_equal(dispatch(client, 3, none), kIOReturnNoCompletion);
    OSRelease(client);
    DispatchClient *root = makeClient(0);
    assert_int_equal(dispatch(root, 2, none), 77);
    OSRelease(root);
}

static void setSession(uint32_t uid, bool onConsole)
{
    OSDictionary *session = OSDictionary_withCapacity(2);
    OSNumber *owner = OSNumber_withNumber(uid, 32);
    OSArray *sessions = OSArray_withCapacity(1);
    assert_true(OSDictionary_setObject(session, "kCGSSessionUserIDKey", OSObjectOf(owner)));
    assert_true(OSDictionary_setObject(session, "kCGSSessionOnConsoleKey",
                                       OSObjectOf(onConsole ? kOSBooleanTrue : kOSBooleanFalse)));
    assert_true(OSArray_setObject(sessions, OSObjectOf(session)));
    assert_true(IORegistryEntry_setProperty(IORegistryEntry_getRegistryRoot(), "IOConsoleUsers", OSObjectOf(sessions)));
    OSRelease(session);
    OSRelease(owner);
    OSRelease(sessions);
}

TEST(5_44_client_has_privilege)
{
    IOTask *root = IOTask_withCredentials(1, 0, 0, "r"), *user = IOTask_withCredentials(2, 1000, 1000, "u");
    assert_int_equal(IOUserClient_clientHasPrivilege(root, "root"), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "root"), kIOReturnNotPrivileged);
    assert_int_equal(IOUserClient_clientHasPrivilege(NULL, "root"), kIOReturnNotPrivileged);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "foreground"), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "nonsense"), kIOReturnUnsupported);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "local"), kIOReturnNotPrivileged);
    setSession(1000, false);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "local"), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientHasPrivilege(root, "local"), kIOReturnNotPrivileged);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "console"), kIOReturnNotPrivileged);
    setSession(1000, true);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "console"), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "consolesession"), kIOReturnSuccess);
    assert_int_equal(IOUserClient_clientHasPrivilege(user, "secureprocess"), kIOReturnSuccess);
    OSRelease(root);
    OSRelease(user);
}

TEST_MAIN_WITH(hooks, RUN(5_20_dispatch_2022), RUN(5_44_client_has_privilege))
