/* SPDX-License-Identifier: MIT */
/* The driver of the boundary's tests. What several clients share is in static variables under `lock`. */
#include "boundaryDriver.h"

#include <stdio.h>
#include <string.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOMemoryDescriptor.h>
#include <IOKit/IOUserClient.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

OSDeclareClass(BoundaryService);
struct BoundaryService {
    IOService super;
};
OSDeclareClass(BoundaryNub);
struct BoundaryNub {
    IOService super;
};
OSDeclareClass(BoundaryClient);
struct BoundaryClient {
    IOUserClient super;
    uint32_t type;
    IOUserClient *connected; /* owned; what IOConnectAddClient gave */
};

enum { kNubsMax = 1500, kClientsMax = 900 }; /* a provider takes 1019 clients */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t unblocked = PTHREAD_COND_INITIALIZER;
static uint64_t unblockCount;
static uint64_t counters[kCounters_];
static IOService *service, *tableService;
static IOUserClient *shared; /* borrowed while it lives */
static IOService *nubs[kNubsMax];
static unsigned nubCount;

static void count_locked(unsigned which, int64_t delta)
{
    counters[which] += (uint64_t)delta;
    if (which == kCounterInside && counters[kCounterInside] > counters[kCounterMostInside])
        counters[kCounterMostInside] = counters[kCounterInside];
}

static void count(unsigned which, int64_t delta)
{
    pthread_mutex_lock(&lock);
    count_locked(which, delta);
    pthread_mutex_unlock(&lock);
}

/* ---- Selectors ---- */

/* Large structures half through the descriptors, so that these are known to be of the same bytes. */
static void echoStructure(IOExternalMethodArguments *arguments, uint32_t bytes)
{
    IOMemoryDescriptor *input = arguments->structureInputDescriptor, *output = arguments->structureOutputDescriptor;
    const uint8_t *from = arguments->structureInput;
    uint8_t *to = arguments->structureOutput;
    uint32_t half = bytes / 2;
    if (input)
        (void)IOMemoryDescriptor_readBytes(input, 0, to, half); /* the client sees what is missing */
    else
        memcpy(to, from, half);
    if (output)
        (void)IOMemoryDescriptor_writeBytes(output, half, from + half, bytes - half);
    else
        memcpy(to + half, from + half, bytes - half);
    if ((input && IOMemoryDescriptor_getLength(input) != arguments->structureInputSize) ||
        (output && IOMemoryDescriptor_getLength(output) != arguments->structureOutputSize))
        panic("a descriptor of another length than its argument");
}

static IOReturn echo(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    uint32_t words = arguments->scalarInputCount < arguments->scalarOutputCount ? arguments->scalarInputCount
                                                                                : arguments->scalarOutputCount;
    uint32_t bytes = arguments->structureInputSize < arguments->structureOutputSize ? arguments->structureInputSize
                                                                                    : arguments->structureOutputSize;
    for (uint32_t i = 0; i < words; i++)
        arguments->scalarOutput[i] = arguments->scalarInput[i];
    if (bytes)
        echoStructure(arguments, bytes);
    arguments->scalarOutputCount = words;
    arguments->structureOutputSize = bytes;
    return kIOReturnSuccess;
}

static IOReturn sum(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    arguments->scalarOutput[0] = arguments->scalarInput[0] + arguments->scalarInput[1];
    return kIOReturnSuccess;
}

/* Who is seen inside is let go by the next kUnblock: both are decided under one lock. */
static IOReturn block(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    pthread_mutex_lock(&lock);
    uint64_t before = unblockCount;
    count_locked(kCounterInside, 1);
    while (unblockCount == before)
        pthread_cond_wait(&unblocked, &lock);
    count_locked(kCounterInside, -1);
    pthread_mutex_unlock(&lock);
    return kIOReturnSuccess;
}

static IOReturn unblock(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    pthread_mutex_lock(&lock);
    unblockCount++;
    pthread_cond_broadcast(&unblocked);
    pthread_mutex_unlock(&lock);
    return kIOReturnSuccess;
}

static IOReturn variable(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    if (!arguments->structureVariableOutputData)
        return kIOReturnBadArgument;
    uint64_t size = arguments->scalarInputCount ? arguments->scalarInput[0] : 0;
    if (size == 0)
        return kIOReturnSuccess; /* and no data: kIOReturnUnderrun for the caller */
    OSData *data = OSData_withCapacity((unsigned)size);
    for (uint64_t i = 0; data && i < size; i++)
        (void)OSData_appendByte(data, (unsigned char)i, 1);
    *arguments->structureVariableOutputData = OSObjectOf(data);
    return kIOReturnSuccess;
}

static bool describeClass(const OSMetaClass *metaClass, void *context)
{
    OSData *data = context;
    uint32_t present = OSMetaClass_getInstanceCount(metaClass);
    char line[160];
    int length = snprintf(line, sizeof line, "%s %u\n", OSMetaClass_getClassName(metaClass), present);
    return present == 0 || OSData_appendBytes(data, line, (unsigned)length);
}

static IOReturn describe(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    if (!arguments->structureVariableOutputData)
        return kIOReturnBadArgument;
    OSData *data = OSData_withCapacity(4096);
    OSMetaClass_applyToClasses(describeClass, data);
    (void)OSData_appendByte(data, 0, 1);
    *arguments->structureVariableOutputData = OSObjectOf(data);
    return kIOReturnSuccess;
}

void describeClassCounts(char *text, unsigned size)
{
    OSData *data = OSData_withCapacity(size);
    OSMetaClass_applyToClasses(describeClass, data);
    snprintf(text, size, "%.*s", (int)OSData_getLength(data), (const char *)OSData_getBytesNoCopy(data));
    OSRelease(data);
}

static IOReturn overclaim(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    arguments->scalarOutputCount = 1000;
    arguments->structureOutputSize = 100000;
    return kIOReturnSuccess;
}

static IOReturn readCounters(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    pthread_mutex_lock(&lock);
    memcpy(arguments->scalarOutput, counters, sizeof counters);
    pthread_mutex_unlock(&lock);
    return kIOReturnSuccess;
}

static void makeNub(void)
{
    IOService *nub = &OSTypeAlloc(BoundaryNub)->super;
    char location[16];
    snprintf(location, sizeof location, "%x", nubCount);
    IOService *provider = nubCount < kClientsMax ? service : tableService;
    if (!nub || !IORegistryEntry_init(&nub->super, NULL) || !IOService_attach(nub, provider))
        panic("no nub");
    (void)IORegistryEntry_setLocation(&nub->super, location, NULL);
    /* Not a list of keys: nothing may be set. */
    (void)IORegistryEntry_setPropertyBoolean(&nub->super, kIORegistryEntryAllowableSetPropertiesKey, true);
    IOService_registerServiceWithOptions(nub, kIOServiceSynchronous);
    nubs[nubCount++] = nub;
}

static void terminateNubs(void)
{
    while (nubCount > 0) {
        (void)IOService_terminate(nubs[--nubCount], kIOServiceSynchronous);
        OSSafeReleaseNULL(nubs[nubCount]);
    }
}

static IOReturn changeNubs(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    uint64_t wanted = arguments->scalarInput[0];
    if (wanted + nubCount > kNubsMax)
        return kIOReturnNoSpace;
    for (uint64_t i = 0; i < wanted; i++)
        makeNub();
    if (wanted == 0)
        terminateNubs();
    return kIOReturnSuccess;
}

static IOReturn sendMessage(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    (void)IOService_messageClients(service, (uint32_t)arguments->scalarInput[0], (void *)arguments->structureInput,
                                   arguments->structureInputSize);
    return kIOReturnSuccess;
}

static IOReturn sendScalar(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    (void)IOService_messageClients(service, (uint32_t)arguments->scalarInput[0],
                                   (void *)(uintptr_t)arguments->scalarInput[1], 0);
    return kIOReturnSuccess;
}

static IOReturn strict(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    arguments->scalarOutput[0] = 0;
    arguments->scalarOutput[1] = 1;
    return kIOReturnSuccess;
}

static IOReturn version(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    arguments->scalarOutput[0] = arguments->version;
    return kIOReturnSuccess;
}

static IOReturn fill(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    memset(arguments->structureOutput, (int)arguments->scalarInput[0], arguments->structureOutputSize);
    return kIOReturnSuccess;
}

static IOReturn room(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    uint64_t words = 0, zeros = 0;
    const uint8_t *bytes = arguments->structureOutput;
    for (uint32_t i = 0; i < arguments->scalarOutputCount; i++)
        words += arguments->scalarOutput[i] == 0;
    for (uint32_t i = 0; i < arguments->structureOutputSize; i++)
        zeros += bytes[i] == 0;
    arguments->scalarOutput[0] = words;
    arguments->scalarOutput[1] = zeros;
    arguments->scalarOutputCount = 2;
    arguments->structureOutputSize = 0;
    return kIOReturnSuccess;
}

enum { kAny = kIOUCVariableStructureSize };

static const IOExternalMethodDispatch kMethods[kSelectors] = {
    [kEcho] = {echo, kAny, kAny, kAny, kAny},
    [kSum] = {sum, 2, 0, 1, 0},
    [kBlock] = {block, 0, 0, 0, 0},
    [kUnblock] = {unblock, 0, 0, 0, 0},
    [kVariable] = {variable, kAny, 0, kAny, kAny},
    [kDescribe] = {describe, 0, 0, kAny, kAny},
    [kNoFunction] = {NULL, kAny, kAny, kAny, kAny},
    [kOverclaim] = {overclaim, 0, 0, kAny, kAny},
    [kCounters] = {readCounters, 0, 0, kCounters_, 0},
    [kNubs] = {changeNubs, 1, 0, 0, 0},
    [kMessage] = {sendMessage, 1, kAny, 0, 0},
    [kStrict] = {strict, 1, 8, 2, 16},
    [kMessageScalar] = {sendScalar, 2, 0, 0, 0},
    [kVersion] = {version, 0, 0, 1, 0},
    [kFill] = {fill, 1, 0, 0, kAny},
    [kRoom] = {room, 0, 0, kAny, kAny},
};

static IOReturn BoundaryClient_externalMethod(IOUserClient *self, uint32_t selector,
                                              IOExternalMethodArguments *arguments,
                                              const IOExternalMethodDispatch *dispatch, OSObject *target,
                                              void *reference)
{
    if (selector >= kSelectors)
        return kIOReturnBadArgument;
    return IOUserClient_super()->externalMethod(self, selector, arguments, &kMethods[selector], OSObjectOf(self), NULL);
}

/* ---- Life ---- */

static bool BoundaryClient_initWithTask(IOUserClient *client, IOTask *task, void *token, uint32_t type,
                                        OSDictionary *properties)
{
    BoundaryClient *self = OSRequiredCast(BoundaryClient, client);
    self->type = type;
    return type != kOpenInitFails && IOUserClient_super()->initWithTask(client, task, token, type, properties);
}

static void publishWishes(IORegistryEntry *entry, uint32_t type)
{
    if (type == kOpenNeedsRight)
        (void)IORegistryEntry_setPropertyString(entry, kIOUserClientEntitlementsKey, "org.openiokit.test");
    if (type == kOpenNeedsNothing)
        (void)IORegistryEntry_setPropertyBoolean(entry, kIOUserClientEntitlementsKey, false);
    if (type == kOpenShared)
        (void)IORegistryEntry_setPropertyBoolean(entry, kIOUserClientSharedInstanceKey, true);
    if (type == kOpenSingleThread) {
        (void)IORegistryEntry_setPropertyBoolean(entry, kIOUserClientDefaultLockingKey, true);
        (void)IORegistryEntry_setPropertyBoolean(entry, kIOUserClientDefaultLockingSingleThreadExternalMethodKey, true);
    }
    if (type == kOpenNoLocking)
        (void)IORegistryEntry_setPropertyBoolean(entry, kIOUserClientDefaultLockingKey, false);
}

static bool BoundaryClient_start(IOService *client, IOService *provider)
{
    BoundaryClient *self = OSRequiredCast(BoundaryClient, client);
    if (self->type == kOpenStartFails || !IOService_super()->start(client, provider))
        return false;
    publishWishes(&client->super, self->type);
    count(kCounterOpens, 1);
    return true;
}

static IOReturn BoundaryClient_clientClose(IOUserClient *client)
{
    count(kCounterCloses, 1);
    return OSRequiredCast(BoundaryClient, client)->type == kOpenShared ? kIOReturnSuccess
                                                                       : IOUserClient_closeAndTerminate(client);
}

static IOReturn BoundaryClient_clientDied(IOUserClient *client)
{
    count(kCounterDieds, 1);
    IOReturn result = IOUserClient_super()->clientDied(client);
    if (OSRequiredCast(BoundaryClient, client)->type == kOpenShared) {
        pthread_mutex_lock(&lock);
        shared = NULL;
        pthread_mutex_unlock(&lock);
        (void)IOService_terminate(&client->super, 0);
    }
    return result;
}

static IOService *BoundaryClient_getService(IOUserClient *client)
{
    return OSRequiredCast(BoundaryClient, client)->type == kOpenPlain ? IOService_getProvider(&client->super) : NULL;
}

static IOReturn BoundaryClient_connectClient(IOUserClient *client, IOUserClient *other)
{
    BoundaryClient *self = OSRequiredCast(BoundaryClient, client);
    OSSafeReleaseNULL(self->connected);
    self->connected = OSRetain(other);
    return kIOReturnSuccess;
}

static IOReturn BoundaryClient_registerNotificationPort(IOUserClient *client, IOSendPort *port, uint32_t type,
                                                        uint64_t refCon)
{
    static const char kText[] = "hello from the driver";
    if (type != kPortType)
        return kIOReturnBadArgument;
    if (!port)
        return kIOReturnSuccess;
    return refCon == kPortReference ? IOSendPort_send(port, kText, sizeof kText, 0) : kIOReturnNotPermitted;
}

static IOReturn trapSum(IOService *target, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4, uintptr_t p5,
                        uintptr_t p6)
{
    return (IOReturn)(p1 + p2 + p3 + p4 + p5 + p6);
}

static const IOExternalTrap *BoundaryClient_getTargetAndTrapForIndex(IOUserClient *client, IOService **ret_target,
                                                                     uint32_t index)
{
    static const IOExternalTrap kTraps[] = {{trapSum}, {NULL}, {trapSum}};
    if (index >= 3)
        return NULL;
    *ret_target = index == 2 ? NULL : &client->super;
    return &kTraps[index];
}

static IOReturn BoundaryClient_setProperties(IORegistryEntry *entry, OSObject *properties)
{
    OSDictionary *dict = OSDynamicCast(OSDictionary, properties);
    if (!dict)
        return kIOReturnBadArgument;
    return IORegistryEntry_setProperty(entry, "Set", properties) ? kIOReturnSuccess : kIOReturnNoMemory;
}

static void BoundaryClient_free(OSObject *object)
{
    OSSafeReleaseNULL(OSRequiredCast(BoundaryClient, object)->connected);
    count(kCounterFrees, 1);
    IOUserClient_super()->free(object);
}

OSDefineClass(BoundaryClient, IOUserClient, .free = BoundaryClient_free, .start = BoundaryClient_start,
              .initWithTask = BoundaryClient_initWithTask, .clientClose = BoundaryClient_clientClose,
              .clientDied = BoundaryClient_clientDied, .getService = BoundaryClient_getService,
              .connectClient = BoundaryClient_connectClient, .setProperties = BoundaryClient_setProperties,
              .registerNotificationPort = BoundaryClient_registerNotificationPort,
              .externalMethod = BoundaryClient_externalMethod,
              .getTargetAndTrapForIndex = BoundaryClient_getTargetAndTrapForIndex);

/* ---- The service ---- */

static IOReturn openShared(IOService *self, IOTask *task, uint32_t type, IOUserClient **ret_client)
{
    pthread_mutex_lock(&lock);
    IOUserClient *client = OSRetain(shared);
    pthread_mutex_unlock(&lock);
    IOReturn result =
        client ? kIOReturnSuccess : IOService_super()->newUserClient(self, task, task, type, NULL, &client);
    pthread_mutex_lock(&lock);
    shared = client;
    pthread_mutex_unlock(&lock);
    *ret_client = client;
    return result;
}

static IOReturn BoundaryService_newUserClient(IOService *self, IOTask *task, void *token, uint32_t type,
                                              OSDictionary *properties, IOUserClient **ret_client)
{
    if (type == kOpenNotAClient) {
        *ret_client = (IOUserClient *)(void *)OSString_withCString("not a client"); /* what the test is about */
        return kIOReturnSuccess;
    }
    if (type == kOpenShared)
        return openShared(self, task, type, ret_client);
    return IOService_super()->newUserClient(self, task, token, type, properties, ret_client);
}

static IOReturn BoundaryService_setProperties(IORegistryEntry *entry, OSObject *properties)
{
    return IORegistryEntry_setProperty(entry, "Set", properties) ? kIOReturnSuccess : kIOReturnNoMemory;
}

OSDefineClass(BoundaryService, IOService, .newUserClient = BoundaryService_newUserClient,
              .setProperties = BoundaryService_setProperties);
OSDefineClass(BoundaryNub, IOService, .free = NULL);

/* ---- A user client that is its table ---- */

OSDeclareClass(BoundaryTableService);
struct BoundaryTableService {
    IOService super;
    uint64_t value, inside, mostInside;
};
OSDefineClass(BoundaryTableService, IOService, .free = NULL);

static IOReturn tableAdd(IOService *provider, IOExternalMethodArguments *arguments)
{
    BoundaryTableService *self = OSRequiredCast(BoundaryTableService, provider);
    uint64_t value = self->value; /* a race, were it not gated */
    self->value = value + arguments->scalarInput[0];
    arguments->scalarOutput[0] = self->value;
    return kIOReturnSuccess;
}

static IOReturn tableStructure(IOService *provider, IOExternalMethodArguments *arguments)
{
    memcpy(arguments->structureOutput, arguments->structureInput, 8);
    return kIOReturnSuccess;
}

static const IOExternalMethod kTable[] = {
    {tableAdd, .scalarInputs = 1, .scalarOutputs = 1, .gated = true},
    {tableStructure, .structureInput = 8, .structureOutput = 8},
    {NULL},
    {tableAdd, .scalarInputs = 1, .scalarOutputs = 1, .async = true},
};
IODefineUserClient(BoundaryTableClient, kTable);

/* ---- Start and stop ---- */

static IOService *makeService(IOService *instance, const char *clientClass)
{
    if (!instance || !IORegistryEntry_init(&instance->super, NULL) ||
        !IOService_attach(instance, IOService_getServiceRoot()))
        return NULL;
    IORegistryEntry *entry = &instance->super;
    (void)IORegistryEntry_setPropertyString(entry, kIOUserClientClassKey, clientClass);
    (void)IORegistryEntry_setPropertyString(entry, "A String", "text");
    (void)IORegistryEntry_setPropertyNumber(entry, "A Number", 0x01020304, 32);
    (void)IORegistryEntry_setPropertyBoolean(entry, "A Boolean", true);
    (void)IORegistryEntry_setPropertyData(entry, "Some Data", "\1\2\3\4\5", 5);
    OSDictionary *inner = OSDictionary_withCapacity(1);
    OSString *deep = OSString_withCString("deep");
    (void)OSDictionary_setObject(inner, "Hidden", OSObjectOf(deep));
    (void)IORegistryEntry_setProperty(entry, "A Dictionary", OSObjectOf(inner));
    OSRelease(inner);
    inner = OSDictionary_withCapacity(2);
    (void)OSDictionary_setObject(inner, "Hidden", OSObjectOf(deep));
    (void)OSDictionary_setObject(inner, "Some Data", OSObjectOf(deep));
    (void)IORegistryEntry_setProperty(entry, "IOUserServiceProperties", OSObjectOf(inner));
    OSRelease(deep);
    OSRelease(inner);
    inner = OSDictionary_withCapacity(1);
    (void)IORegistryEntry_setProperty(entry, "IOCompatibilityProperties", OSObjectOf(inner));
    OSRelease(inner);
    (void)IORegistryEntry_setLocation(entry, "b", NULL);
    IOService_registerServiceWithOptions(instance, kIOServiceSynchronous);
    return instance;
}

bool boundaryDriver_start(void)
{
    static OSMetaClass *const classes[] = {&BoundaryService_class, &BoundaryNub_class, &BoundaryClient_class,
                                           &BoundaryTableService_class, &BoundaryTableClient_class};
    static const OSClassList list = {classes, sizeof classes / sizeof classes[0]};
    if (OSMetaClass_registerModule("org.openiokit.test.boundary", &list) != kOSReturnSuccess)
        return false;
    service = makeService(&OSTypeAlloc(BoundaryService)->super, "BoundaryClient");
    tableService = makeService(&OSTypeAlloc(BoundaryTableService)->super, "BoundaryTableClient");
    /* The loop of its gated methods stays as long as it does: it is made before objects are counted. */
    return service && tableService && IOService_getWorkLoop(tableService);
}

void boundaryDriver_reset(void)
{
    terminateNubs();
    IORegistryEntry_removeProperty(&service->super, "Set");
}

void boundaryDriver_stop(void)
{
    (void)IOService_terminate(service, kIOServiceSynchronous);
    (void)IOService_terminate(tableService, kIOServiceSynchronous);
    OSSafeReleaseNULL(service);
    OSSafeReleaseNULL(tableService);
}
