/* SPDX-License-Identifier: MIT */
/*
 * SimpleUserClient: the user client of the user-client document's listings 4-7 to 4-13, in C. Info.plist names it as the
 * driver's IOUserClientClass, so IOServiceOpen makes one. The dispatch table has what the document's IOExternalMethod array
 * has: which function, how many scalars, how large a structure; the framework checks a call against it before the function
 * runs.
 *
 * Exclusive access is the provider's to give: open asks it (IOService_open), which refuses a second client.
 */
#include "SimpleUserClient.h"

#include <IOKit/IOLib.h>

#include "SimpleDriver.h"

struct SimpleUserClient {
    IOUserClient super;
    IOService   *provider; /* owned, from start on; a SimpleDriver. A call may still come while the client is stopped */
};

static IOService *serviceOf(SimpleUserClient *self)
{
    return &self->super.super;
}

static SimpleDriver *driverOf(SimpleUserClient *self)
{
    return OSRequiredCast(SimpleDriver, self->provider);
}

/* Listing 4-7. */
static bool SimpleUserClient_initWithTask(IOUserClient *client, IOTask *owningTask, void *securityToken, uint32_t type,
                                          OSDictionary *properties)
{
    return owningTask && IOUserClient_super()->initWithTask(client, owningTask, securityToken, type, properties);
}

static bool SimpleUserClient_start(IOService *service, IOService *provider)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, service);
    if (!OSDynamicCast(SimpleDriver, provider))
        return false;
    self->provider = OSRetain(provider);
    return IOUserClient_super()->start(service, provider);
}

static void SimpleUserClient_free(OSObject *object)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, object);
    OSRelease(self->provider);
    IOUserClient_super()->free(object);
}

/* Listing 4-9. */
static IOReturn openClient(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    if (IOService_isInactive(serviceOf(self)))
        return kIOReturnNotAttached;
    return IOService_open(self->provider, serviceOf(self), 0, NULL) ? kIOReturnSuccess : kIOReturnExclusiveAccess;
}

/* Listing 4-10. */
static IOReturn closeClient(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    if (IOService_isOpen(self->provider, serviceOf(self)))
        IOService_close(self->provider, serviceOf(self), 0);
    return kIOReturnSuccess;
}

static bool hasOpen(SimpleUserClient *self)
{
    return IOService_isOpen(self->provider, serviceOf(self));
}

static IOReturn method1(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    return hasOpen(self) ? SimpleDriver_method1(driverOf(self), arguments->scalarInput[0], arguments->structureInput)
                         : kIOReturnNotOpen;
}

static IOReturn method2(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    return hasOpen(self) ? SimpleDriver_method2(driverOf(self), arguments->scalarInput[0], arguments->scalarInput[1],
                                                arguments->structureOutput)
                         : kIOReturnNotOpen;
}

static IOReturn method3(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    return hasOpen(self) ? SimpleDriver_method3(driverOf(self), arguments->scalarInput[0], arguments->scalarInput[1],
                                                &arguments->scalarOutput[0])
                         : kIOReturnNotOpen;
}

static IOReturn method4(OSObject *target, void *reference, IOExternalMethodArguments *arguments)
{
    SimpleUserClient *self = OSRequiredCast(SimpleUserClient, target);
    return hasOpen(self) ? SimpleDriver_method4(driverOf(self), arguments->structureInput, arguments->structureOutput)
                         : kIOReturnNotOpen;
}

/* Listings 4-8 and 4-12: function, scalars in, bytes in, scalars out, bytes out. */
static const IOExternalMethodDispatch methods[kNumberOfMethods] = {
    [kMyUserClientOpen]       = {openClient, 0, 0, 0, 0},
    [kMyUserClientClose]      = {closeClient, 0, 0, 0, 0},
    [kMyScalarIStructImethod] = {method1, 1, sizeof(MySampleStruct), 0, 0},
    [kMyScalarIStructOmethod] = {method2, 2, 0, 0, sizeof(MySampleStruct)},
    [kMyScalarIScalarOmethod] = {method3, 2, 0, 1, 0},
    [kMyStructIStructOmethod] = {method4, 0, sizeof(MySampleStruct), 0, sizeof(MySampleStruct)},
};

/* Listing 4-13: the row of a selector, and whom it is called on. */
static IOReturn SimpleUserClient_externalMethod(IOUserClient *client, uint32_t selector,
                                                IOExternalMethodArguments *arguments,
                                                const IOExternalMethodDispatch *dispatch, OSObject *target,
                                                void *reference)
{
    if (selector >= kNumberOfMethods)
        return kIOReturnBadArgument;
    return IOUserClient_super()->externalMethod(client, selector, arguments, &methods[selector], OSObjectOf(client),
                                                reference);
}

/* Listing 4-11: clientDied's default calls this too. */
static IOReturn SimpleUserClient_clientClose(IOUserClient *client)
{
    return IOUserClient_closeAndTerminate(client);
}

OSDefineClass(SimpleUserClient, IOUserClient, .free = SimpleUserClient_free,
              .initWithTask = SimpleUserClient_initWithTask, .start = SimpleUserClient_start,
              .externalMethod = SimpleUserClient_externalMethod, .clientClose = SimpleUserClient_clientClose);
