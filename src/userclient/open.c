/* SPDX-License-Identifier: MIT */
/*
 * IOServiceOpen on the kit's side.
 *
 *   newUserClient (the driver's, or the default of src/service/serviceUserClient.c)
 *     -> what it publishes about locking is read, once per instance
 *     -> what it demands of the task is checked
 *     -> the task has it; or clientClose and release, and the reason
 *
 * Meanwhile the client holds off phase 2 of its provider's termination (SEMANTICS 5.5); so does the default
 * newUserClient from attach on.
 *
 * Lock: openLock, a leaf, around what is read once of a client that several opens share: none of them goes on before it
 * is all there.
 */
#include "IOUserClientPrivate.h"

#include <stdio.h>

#include <IOKit/IOLib.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSString.h>

static pthread_mutex_t openLock = PTHREAD_MUTEX_INITIALIZER;

/* A boolean property; false when it is not there. *found counts those that are. */
static bool readFlag(IOUserClient *client, const char *key, unsigned *found)
{
    OSObject *value = IORegistryEntry_copyProperty(&client->super.super, key);
    bool flag = value && value != OSObjectOf(kOSBooleanFalse);
    *found += value != NULL;
    OSRelease(value);
    return flag;
}

static void publishCreator(IOUserClient *client, IOTask *task)
{
    char creator[128];
    snprintf(creator, sizeof creator, "pid %d, %s", (int)IOTask_getPID(task), IOTask_getName(task));
    (void)IORegistryEntry_setPropertyString(&client->super.super, kIOUserClientCreatorKey, creator);
}

static bool is2022(const IOUserClient *client)
{
    return OSDynamicCast(IOUserClient2022, client) != NULL;
}

/* Once per instance: who shares it, and who locks (SEMANTICS 5.11). Without a word from the driver, we lock; false: the
 * driver must say it all and does not. */
static bool readProperties(IOUserClient *client, IOTask *task)
{
    enum { kLockingKeys = 3 };
    IOUserClientPrivate *core = client->core;
    unsigned found = 0;
    bool isShared = IORegistryEntry_propertyExists(&client->super.super, kIOUserClientSharedInstanceKey);
    bool locking = readFlag(client, kIOUserClientDefaultLockingKey, &found);
    bool lockSetProperties = readFlag(client, kIOUserClientDefaultLockingSetPropertiesKey, &found);
    bool singleThread = readFlag(client, kIOUserClientDefaultLockingSingleThreadExternalMethodKey, &found);
    publishCreator(client, task);
    pthread_mutex_lock(&openLock);
    bool isFirst = !core->opened;
    if (isFirst) {
        core->opened = true;
        core->sharedInstance = isShared;
        core->defaultLocking = locking || !found;
        core->lockSetProperties = lockSetProperties;
        core->singleThread = singleThread;
    }
    pthread_mutex_unlock(&openLock);
    if (isFirst && !found)
        (void)IORegistryEntry_setPropertyBoolean(&client->super.super, kIOUserClientDefaultLockingKey,
                                                 true); /* for who looks at the registry; it is locked without it too */
    bool isComplete = found == kLockingKeys || !is2022(client);
    if (!isComplete)
        IOLog("%s: it must publish %s, %s and %s", OSObject_getClassName(OSObjectOf(client)),
              kIOUserClientDefaultLockingKey, kIOUserClientDefaultLockingSetPropertiesKey,
              kIOUserClientDefaultLockingSingleThreadExternalMethodKey);
    return isComplete;
}

/* SEMANTICS 5.12: a string names what the opener needs; false lets everybody in, and so does nothing, but for an
 * IOUserClient2022. */
static bool isEntitled(IOUserClient *client, IOTask *task)
{
    OSObject *required = IORegistryEntry_copyProperty(&client->super.super, kIOUserClientEntitlementsKey);
    OSString *name = OSDynamicCast(OSString, required);
    bool entitled = (!required && !is2022(client)) || required == OSObjectOf(kOSBooleanFalse) ||
                    (name && IOTask_hasEntitlement(task, OSString_getCStringNoCopy(name)));
    OSRelease(required);
    if (!entitled)
        IOLog("%s: %s[%d] lacks the entitlement to open it", OSObject_getClassName(OSObjectOf(client)),
              IOTask_getName(task), (int)IOTask_getPID(task));
    return entitled;
}

IOReturn IOUserClient_open(IOService *service, IOTask *task, uint32_t type, IOUserClient **ret_client)
{
    IOUserClient *client = NULL;
    IOReturn result = IOService_newUserClient(service, task, task, type, NULL, &client);
    if (result != kIOReturnSuccess)
        return result;
    if (!OSDynamicCast(IOUserClient, client)) {
        OSRelease(OSObjectOf(client)); /* whatever it is */
        return kIOReturnError;
    }
    if (!client->core) {
        IOLog("%s: opened without having been initialised", OSObject_getClassName(OSObjectOf(client)));
        OSRelease(client);
        return kIOReturnNoMemory;
    }
    IOService_setTerminateDefer(&client->super, service, true);
    result = readProperties(client, task) ? kIOReturnSuccess : kIOReturnError;
    if (!isEntitled(client, task))
        result = kIOReturnNotPrivileged;
    if (result != kIOReturnSuccess) {
        (void)IOUserClient_clientClose(client); /* the opener hears why it failed, not how the closing went */
        IOService_setTerminateDefer(&client->super, service, false);
        OSRelease(client);
        return result;
    }
    IOService_setTerminateDefer(&client->super, service, false);
    *ret_client = client;
    return kIOReturnSuccess;
}
