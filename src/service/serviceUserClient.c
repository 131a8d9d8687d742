/* SPDX-License-Identifier: MIT */
/*
 * The default of newUserClient: an instance of the class named by IOUserClientClass (SEMANTICS 5.1, 5.2). IOUserClient
 * belongs to the layer above, so its class is looked up by name, and its method called through the table.
 */
#include "service/IOServicePrivate.h"

#include <IOKit/IOUserClient.h>

#include "service/serviceMethods.h"

/* The opener hears a code that has several causes; the driver's author reads here which. */
static void logNoClient(IOService *self, const char *className, const char *why)
{
    IOLog("%s: %s \"%s\": %s", OSObject_getClassName(OSObjectOf(self)), kIOUserClientClassKey, className, why);
}

/* An instance of that class, +1, or the reason why not. */
static IOReturn allocClient(IOService *self, const char *className, IOUserClient **ret_client)
{
    OSObject *object = OSMetaClass_allocClassWithName(className);
    if (!object) {
        logNoClient(self, className,
                    OSMetaClass_getMetaClassWithName(className) ? "it cannot be allocated" : "there is no such class");
        return kIOReturnNoMemory;
    }
    if (!OSMetaClass_checkMetaCastWithName("IOUserClient", object)) {
        OSRelease(object);
        logNoClient(self, className, "it is not an IOUserClient");
        return kIOReturnUnsupported;
    }
    *ret_client = (IOUserClient *)object; /* just checked */
    return kIOReturnSuccess;
}

static IOReturn attachAndStart(IOService *client, IOService *provider)
{
    if (!IOService_attach(client, provider))
        return kIOReturnUnsupported;
    IOService_setTerminateDefer(client, provider, true);
    bool started = IOService_start(client, provider);
    if (!started)
        IOService_detach(client, provider);
    IOService_setTerminateDefer(client, provider, false);
    return started ? kIOReturnSuccess : kIOReturnUnsupported;
}

IOReturn IOService_newUserClient_(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,
                                  OSDictionary *properties, IOUserClient **ret_client)
{
    OSObject     *value  = IORegistryEntry_copyProperty(entryOf(self), kIOUserClientClassKey);
    OSString     *name   = OSDynamicCast(OSString, value);
    IOUserClient *client = NULL;
    IOReturn      result = name ? allocClient(self, OSString_getCStringNoCopy(name), &client) : kIOReturnUnsupported;
    OSRelease(value);
    if (result != kIOReturnSuccess)
        return result;
    if (!OSMethodsOf(IOUserClient, client)->initWithTask(client, owningTask, securityID, type, properties))
        result = kIOReturnBadArgument;
    else
        result = attachAndStart(&client->super, self);
    if (result == kIOReturnSuccess)
        *ret_client = client;
    else
        OSRelease(client);
    return result;
}
