/* SPDX-License-Identifier: MIT */
/*
 * TestTree: services that are the same in every run, for tests of clients and tools. The driver is the platform "test";
 * in start it publishes a service for each dictionary of its personality's "Nubs", named after the key, with the
 * dictionary's values as properties, and hangs "alpha" below "beta" in the plane IODeviceTree as well.
 *
 *     IOPlatformExpertDevice -- TestTree -- alpha@0 -- gamma@n (by kTestPublish)
 *                                        -- beta@1
 *                                        -- delta@2, a TestTreeUserNub
 *
 * TestTreeClient does what TestTreeShared.h says. `others` counts under the user client's own lock: connectClient is
 * called with no other call in progress.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>
#include <IOKit/IORegistryPlane.h>
#include <IOKit/IOUserClient.h>
#include <libkern/OSArray.h>
#include <libkern/OSCollectionIterator.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

#include "TestTreeShared.h"

/* ---- Nubs ---- */

OSDeclareClass(TestTreeNub);
struct TestTreeNub {
    IOService super;
};

/* Takes a dictionary with the key TestSettable. */
static IOReturn TestTreeNub_setProperties(IORegistryEntry *entry, OSObject *properties)
{
    OSDictionary *dict  = OSDynamicCast(OSDictionary, properties);
    OSObject     *value = dict ? OSDictionary_getObject(dict, "TestSettable") : NULL;
    if (!value)
        return kIOReturnUnsupported;
    return IORegistryEntry_setProperty(entry, "TestSettable", value) ? kIOReturnSuccess : kIOReturnNoMemory;
}

OSDefineClass(TestTreeNub, IOService, .setProperties = TestTreeNub_setProperties);

/* What a nub is whose driver runs in another process, as far as a client sees: it has IOUserClasses. */
OSDeclareClass(TestTreeUserNub);
struct TestTreeUserNub {
    IOService super;
};
OSDefineClass(TestTreeUserNub, IOService);

/* Publishes a service of that class below another. False without memory. */
static bool publish(IOService *below, const OSMetaClass *class, const char *name, const char *location,
                    OSDictionary *properties)
{
    IOService *service = OSDynamicCast(IOService, OSMetaClass_alloc(class));
    if (!service)
        return false;
    bool done = IOService_init(service, properties) && IORegistryEntry_setName(&service->super, name, NULL) &&
                IORegistryEntry_setLocation(&service->super, location, NULL) && IOService_attach(service, below);
    if (done)
        IOService_registerServiceWithOptions(service, kIOServiceSynchronous);
    OSObject_release(OSObjectOf(service));
    return done;
}

/* The client of that name and location, +1, or NULL. */
static IOService *copy_nub(IOService *below, const char *name, const char *location)
{
    OSIterator *clients = IOService_getClientIterator(below);
    IOService  *found   = NULL;
    OSObject   *object;
    while (clients && !found && (object = OSIterator_getNextObject(clients)) != NULL) {
        IOService  *client = OSDynamicCast(IOService, object);
        const char *where  = client ? IORegistryEntry_getLocation(&client->super, NULL) : NULL;
        if (where && strcmp(where, location) == 0 && strcmp(IORegistryEntry_getName(&client->super, NULL), name) == 0)
            found = OSRetain(client);
    }
    OSSafeReleaseNULL(clients);
    return found;
}

/* ---- The driver ---- */

OSDeclareClass(TestTree);
struct TestTree {
    IOService super;
};

/* A set cannot stand in an Info.plist: alpha gets one here. */
static void add_set(OSDictionary *properties)
{
    OSSet    *set  = OSSet_withCapacity(1);
    OSString *text = OSString_withCString("member");
    if (set && text && OSSet_setObject(set, OSObjectOf(text)))
        OSDictionary_setObject(properties, "Set", OSObjectOf(set));
    OSSafeReleaseNULL(text);
    OSSafeReleaseNULL(set);
}

static bool publish_named(IOService *self, OSDictionary *nubs, const OSMetaClass *class, const char *name,
                          const char *location)
{
    OSDictionary *given      = OSDynamicCast(OSDictionary, OSDictionary_getObject(nubs, name));
    OSDictionary *properties = given ? OSDictionary_withDictionary(given, 0) : NULL;
    if (!properties)
        return false;
    if (strcmp(name, "alpha") == 0)
        add_set(properties);
    bool done = publish(self, class, name, location, properties);
    OSObject_release(OSObjectOf(properties));
    return done;
}

/* Hangs the machine below the root, beta below the machine and alpha below beta in the device tree; makes a USB plane
 * with nothing in it. */
static void link_device_tree(IOService *self)
{
    const IORegistryPlane *plane   = IORegistryEntry_makePlane(kIODeviceTreePlane);
    IOService             *machine = IOService_getServiceRoot();
    IOService             *alpha   = copy_nub(self, "alpha", "0");
    IOService             *beta    = copy_nub(self, "beta", "1");
    (void)IORegistryEntry_makePlane(kIOUSBPlane); /* without it the tests of an empty plane fail */
    if (plane && alpha && beta) {
        IORegistryEntry_attachToParent(&machine->super, IORegistryEntry_getRegistryRoot(), plane);
        IORegistryEntry_attachToParent(&beta->super, &machine->super, plane);
        IORegistryEntry_attachToParent(&alpha->super, &beta->super, plane);
    }
    OSSafeReleaseNULL(alpha);
    OSSafeReleaseNULL(beta);
}

/* Entries below one another in a plane of their own, deeper than ioreg goes. */
static void link_deep_plane(void)
{
    enum { kLevels = 80 };
    const IORegistryPlane *plane = IORegistryEntry_makePlane("TestDeep");
    IORegistryEntry       *above = OSRetain(IORegistryEntry_getRegistryRoot());
    for (unsigned i = 0; plane && above && i < kLevels; i++) {
        char             name[16];
        IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
        snprintf(name, sizeof name, "deep%u", i);
        if (!entry || !IORegistryEntry_init(entry, NULL) || !IORegistryEntry_setName(entry, name, NULL) ||
            !IORegistryEntry_attachToParent(entry, above, plane))
            OSSafeReleaseNULL(entry);
        OSRelease(above);
        above = entry; /* without memory the chain is shorter, and its test fails */
    }
    OSRelease(above);
}

static bool TestTree_start(IOService *self, IOService *provider)
{
    OSObject     *value = IORegistryEntry_copyProperty(&self->super, "Nubs");
    OSDictionary *nubs  = OSDynamicCast(OSDictionary, value);
    bool          done  = nubs && IOService_super()->start(self, provider) &&
                publish_named(self, nubs, &TestTreeNub_class, "alpha", "0") &&
                publish_named(self, nubs, &TestTreeNub_class, "beta", "1") &&
                publish_named(self, nubs, &TestTreeUserNub_class, "delta", "2");
    if (done) {
        link_device_tree(self);
        link_deep_plane();
        IORegistryEntry_removeProperty(&self->super, "Nubs"); /* they are where they belong now */
        IOService_registerService(self);
    }
    OSSafeReleaseNULL(value);
    return done;
}

OSDefineClass(TestTree, IOService, .start = TestTree_start);

/* ---- The user client ---- */

OSDeclareClass(TestTreeClient);
struct TestTreeClient {
    IOUserClient super;
    unsigned     others; /* clients that IOConnectAddClient named */
};

static IOReturn add(IOService *provider, IOExternalMethodArguments *args)
{
    args->scalarOutput[0] = args->scalarInput[0] + args->scalarInput[1];
    return kIOReturnSuccess;
}

static IOReturn echo(IOService *provider, IOExternalMethodArguments *args)
{
    uint32_t size = args->structureInputSize;
    if (size > args->structureOutputSize)
        size = args->structureOutputSize;
    if (size > 0) /* without bytes there is no pointer either */
        memcpy(args->structureOutput, args->structureInput, size);
    args->structureOutputSize = size;
    return kIOReturnSuccess;
}

static IOReturn fill(IOService *provider, IOExternalMethodArguments *args)
{
    if (args->structureOutputSize > 0)
        memset(args->structureOutput, (int)args->scalarInput[0], args->structureOutputSize);
    return kIOReturnSuccess;
}

static IOReturn sum(IOService *provider, IOExternalMethodArguments *args)
{
    const uint8_t *bytes = args->structureInput;
    for (uint32_t i = 0; i < args->structureInputSize; i++)
        args->scalarOutput[0] += bytes[i];
    return kIOReturnSuccess;
}

static IOReturn reverse(IOService *provider, IOExternalMethodArguments *args)
{
    for (uint32_t i = 0; i < args->scalarInputCount; i++)
        args->scalarOutput[i] = args->scalarInput[args->scalarInputCount - 1 - i];
    return kIOReturnSuccess;
}

static IOReturn fail(IOService *provider, IOExternalMethodArguments *args)
{
    return (IOReturn)args->scalarInput[0];
}

static IOReturn send_message(IOService *provider, IOExternalMethodArguments *args)
{
    uint8_t bytes[64];
    if (args->structureInputSize > sizeof bytes)
        return kIOReturnBadArgument;
    if (args->structureInputSize > 0)
        memcpy(bytes, args->structureInput, args->structureInputSize);
    void *argument = args->structureInputSize ? (void *)bytes : (void *)(uintptr_t)args->scalarInput[1];
    /* The clients' answers are theirs: the default is kIOReturnUnsupported. */
    (void)IOService_messageClients(provider, (uint32_t)args->scalarInput[0], argument, args->structureInputSize);
    return kIOReturnSuccess;
}

static IOReturn publish_gamma(IOService *provider, IOExternalMethodArguments *args)
{
    char location[24];
    snprintf(location, sizeof location, "%llu", (unsigned long long)args->scalarInput[0]);
    OSDictionary *properties = OSDictionary_withCapacity(1);
    bool          done       = properties && publish(provider, &TestTreeNub_class, "gamma", location, properties);
    OSSafeReleaseNULL(properties);
    return done ? kIOReturnSuccess : kIOReturnNoMemory;
}

static IOReturn terminate_gamma(IOService *provider, IOExternalMethodArguments *args)
{
    char location[24];
    snprintf(location, sizeof location, "%llu", (unsigned long long)args->scalarInput[0]);
    IOService *gamma = copy_nub(provider, "gamma", location);
    if (!gamma)
        return kIOReturnNotFound;
    IOService_terminate(gamma, kIOServiceSynchronous);
    OSObject_release(OSObjectOf(gamma));
    return kIOReturnSuccess;
}

static IOReturn adjust_busy(IOService *provider, IOExternalMethodArguments *args)
{
    IOService_adjustBusy(provider, (int32_t)args->scalarInput[0]);
    return kIOReturnSuccess;
}

static IOReturn make_many(IOService *provider, IOExternalMethodArguments *args)
{
    unsigned count = (unsigned)args->scalarInput[0];
    if (!args->structureVariableOutputData || count > 1 << 20)
        return kIOReturnBadArgument;
    OSData *data = OSData_withCapacity(count ? count : 1);
    if (!data)
        return kIOReturnNoMemory;
    for (unsigned i = 0; i < count; i++)
        OSData_appendByte(data, (unsigned char)i, 1);
    *args->structureVariableOutputData = OSObjectOf(data);
    return kIOReturnSuccess;
}

/* The rows whose functions need the user client rather than its provider come through externalMethod below. */
static const IOExternalMethod methods[kTestMethods] = {
    [kTestAdd]       = {add, .scalarInputs = 2, .scalarOutputs = 1},
    [kTestEcho]      = {echo, .structureInput = kIOUCVariableStructureSize,
                        .structureOutput = kIOUCVariableStructureSize},
    [kTestFill]      = {fill, .scalarInputs = 1, .structureOutput = kIOUCVariableStructureSize},
    [kTestSum]       = {sum, .scalarOutputs = 1, .structureInput = kIOUCVariableStructureSize},
    [kTestReverse]   = {reverse, .scalarInputs = 16, .scalarOutputs = 16},
    [kTestFail]      = {fail, .scalarInputs = 1},
    [kTestMessage]   = {send_message, .scalarInputs = 2, .structureInput = kIOUCVariableStructureSize},
    [kTestPublish]   = {publish_gamma, .scalarInputs = 1},
    [kTestTerminate] = {terminate_gamma, .scalarInputs = 1},
    [kTestBusy]      = {adjust_busy, .scalarInputs = 1},
    [kTestMany]      = {make_many, .scalarInputs = 1, .structureOutput = kIOUCVariableStructureSize},
};

static const IOExternalMethod *TestTreeClient_getExternalMethods(const IOUserClient *self, uint32_t *ret_count)
{
    *ret_count = kTestMethods;
    return methods;
}

static IOReturn TestTreeClient_externalMethod(IOUserClient *client, uint32_t selector,
                                              IOExternalMethodArguments *args,
                                              const IOExternalMethodDispatch *dispatch, OSObject *target,
                                              void *reference)
{
    TestTreeClient *self     = OSRequiredCast(TestTreeClient, client);
    IOService      *service  = &client->super;
    IOService      *provider = IOService_getProvider(service);
    switch (selector) {
    case kTestOpen:
        if (!provider || IOService_isInactive(service))
            return kIOReturnNotAttached;
        return IOService_open(provider, service, 0, NULL) ? kIOReturnSuccess : kIOReturnExclusiveAccess;
    case kTestClose:
        if (!provider || !IOService_isOpen(provider, service))
            return kIOReturnNotOpen;
        IOService_close(provider, service, 0);
        return kIOReturnSuccess;
    case kTestWork:
        if (args->scalarOutputCount < 1)
            return kIOReturnBadArgument;
        args->scalarOutput[0] = self->others;
        return kIOReturnSuccess;
    default:
        return IOUserClient_super()->externalMethod(client, selector, args, dispatch, target, reference);
    }
}

static IOService *TestTreeClient_getService(IOUserClient *self)
{
    return IOService_getProvider(&self->super);
}

static IOReturn TestTreeClient_connectClient(IOUserClient *client, IOUserClient *other)
{
    TestTreeClient *self = OSRequiredCast(TestTreeClient, client);
    self->others++;
    return kIOReturnSuccess;
}

/* What a program sets on its connection is set on the provider. */
static IOReturn TestTreeClient_setProperties(IORegistryEntry *entry, OSObject *properties)
{
    IOService *provider = IOService_getProvider(OSRequiredCast(IOService, entry));
    return provider ? IORegistryEntry_setProperties(&provider->super, properties) : kIOReturnNotAttached;
}

OSDefineClass(TestTreeClient, IOUserClient, .getExternalMethods = TestTreeClient_getExternalMethods,
              .externalMethod = TestTreeClient_externalMethod, .getService = TestTreeClient_getService,
              .connectClient = TestTreeClient_connectClient, .setProperties = TestTreeClient_setProperties,
              .clientClose = IOUserClient_closeAndTerminate);

OSExportClasses(&TestTree_class, &TestTreeNub_class, &TestTreeUserNub_class, &TestTreeClient_class);
