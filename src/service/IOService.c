/* SPDX-License-Identifier: MIT */
/*
 * IOService: the class itself: its method table, making and freeing, the functions that call the slots, and the way
 * through the tree. What the methods do is in the files beside this one: serviceLife.c (states), serviceAttach.c,
 * serviceOpen.c, serviceTerminate.c, serviceRegister.c and serviceProbe.c (matching), serviceMatch.c (dictionaries),
 * serviceIndex.c and serviceLookup.c (finding services), serviceNotification.c, serviceInterest.c, serviceBusy.c.
 *
 * An IOService owns its IOServicePrivate, made by init, so a service whose init failed has none: free copes with that,
 * nothing else is called on such a one.
 */
#include "service/IOServicePrivate.h"

#include "service/serviceMethods.h"

const IORegistryPlane *gIOServicePlane;
const IORegistryPlane *gIOPowerPlane;

/* --- making and freeing ----------------------------------------------------------------------------------------- */

static bool makeCore(IOService *self)
{
    if (self->core)
        return true;
    self->core = IOMallocZero(sizeof *self->core);
    if (!self->core)
        return false;
    self->core->nameNode.service = self;
    self->core->bsdNode.service  = self;
    return true;
}

static bool IOService_init_(IORegistryEntry *entry, OSDictionary *properties)
{
    IOService *self = OSRequiredCast(IOService, entry);
    return makeCore(self) && IORegistryEntry_super()->init(entry, properties);
}

static bool IOService_initFromEntry_(IORegistryEntry *entry, IORegistryEntry *from, const IORegistryPlane *plane)
{
    IOService *self = OSRequiredCast(IOService, entry);
    return makeCore(self) && IORegistryEntry_super()->initFromEntry(entry, from, plane);
}

static void IOService_free_(OSObject *object)
{
    IOService *self = OSRequiredCast(IOService, object);
    if (self->core) {
        notifierList_removeAll(&self->core->interests);
        serviceIndex_freeNodes(self);
        serviceInterrupts_free(self);
        serviceWorkLoop_free(self);
        serviceTerminate_freeLinks(self);
        OSSafeReleaseNULL(self->core->contributesTo);
        IOFree(self->core, sizeof *self->core);
        self->core = NULL;
    }
    IORegistryEntry_super()->free(object);
}

bool IOService_init(IOService *self, OSDictionary *properties)
{
    return IORegistryEntry_init(entryOf(self), properties);
}

/* --- changes that the index follows ------------------------------------------------------------------------------ */

static void IOService_propertyChanged_(IORegistryEntry *entry, const OSSymbol *key)
{
    if (!key || key == serviceKeys.bsdName)
        serviceIndex_refile(OSRequiredCast(IOService, entry));
    IORegistryEntry_super()->propertyChanged(entry, key);
}

static void IOService_nameChanged_(IORegistryEntry *entry, const IORegistryPlane *plane)
{
    if (!plane)
        serviceIndex_refile(OSRequiredCast(IOService, entry));
    IORegistryEntry_super()->nameChanged(entry, plane);
}

/* --- defaults of a line or two ----------------------------------------------------------------------------------- */

static IOService *IOService_probe_(IOService *self, IOService *provider, int32_t *score)
{
    return self;
}

static bool IOService_start_(IOService *self, IOService *provider)
{
    return true;
}

static void IOService_stop_(IOService *self, IOService *provider)
{
}

static bool IOService_matchPropertyTable_(IOService *self, OSDictionary *table, int32_t *score)
{
    return true;
}

static IOService *IOService_matchLocation_(IOService *self, IOService *client)
{
    IOService *provider = IOService_getProvider(self);
    return provider ? IOService_matchLocation(provider, self) : NULL;
}

static IOReturn IOService_getResources_(IOService *self)
{
    return kIOReturnSuccess;
}

static IOReturn IOService_requestProbe_(IOService *self, IOOptionBits options)
{
    return kIOReturnUnsupported;
}

static IOReturn IOService_message_(IOService *self, uint32_t type, IOService *provider, void *argument)
{
    return kIOReturnUnsupported;
}

static IOReturn IOService_callPlatformFunction_(IOService *self, const OSSymbol *functionName, bool waitForFunction,
                                                void *param1, void *param2, void *param3, void *param4)
{
    IOService *provider = IOService_copyProvider(self);
    IOReturn   result   = kIOReturnUnsupported;
    if (provider)
        result =
            IOService_callPlatformFunction(provider, functionName, waitForFunction, param1, param2, param3, param4);
    OSRelease(provider);
    return result;
}

OSDefineBaseClass(IOService, IORegistryEntry, .free = IOService_free_, .init = IOService_init_,
                  .initFromEntry = IOService_initFromEntry_, .propertyChanged = IOService_propertyChanged_,
                  .nameChanged = IOService_nameChanged_, .compareName = IOService_compareName_,
                  .attach = IOService_attach_, .detach = IOService_detach_, .probe = IOService_probe_,
                  .start = IOService_start_, .stop = IOService_stop_,
                  .matchPropertyTable = IOService_matchPropertyTable_, .matchLocation = IOService_matchLocation_,
                  .getResources = IOService_getResources_, .requestProbe = IOService_requestProbe_,
                  .message = IOService_message_, .open = IOService_open_, .close = IOService_close_,
                  .handleOpen = IOService_handleOpen_, .handleClose = IOService_handleClose_,
                  .handleIsOpen = IOService_handleIsOpen_, .terminate = IOService_terminate_,
                  .requestTerminate = IOService_requestTerminate_, .terminateClient = IOService_terminateClient_,
                  .willTerminate = IOService_willTerminate_, .didTerminate = IOService_didTerminate_,
                  .finalize = IOService_finalize_, .newUserClient = IOService_newUserClient_,
                  .callPlatformFunction = IOService_callPlatformFunction_, .getWorkLoop = IOService_getWorkLoop_);

/* --- calls of the slots ------------------------------------------------------------------------------------------ */

#define METHODS(self) OSMethodsOf(IOService, self)

bool IOService_attach(IOService *self, IOService *provider)
{
    return METHODS(self)->attach(self, provider);
}

void IOService_detach(IOService *self, IOService *provider)
{
    METHODS(self)->detach(self, provider);
}

IOService *IOService_probe(IOService *self, IOService *provider, int32_t *score)
{
    return METHODS(self)->probe(self, provider, score);
}

bool IOService_start(IOService *self, IOService *provider)
{
    return METHODS(self)->start(self, provider);
}

void IOService_stop(IOService *self, IOService *provider)
{
    METHODS(self)->stop(self, provider);
}

bool IOService_matchPropertyTable(IOService *self, OSDictionary *table, int32_t *score)
{
    return METHODS(self)->matchPropertyTable(self, table, score);
}

IOService *IOService_matchLocation(IOService *self, IOService *client)
{
    return METHODS(self)->matchLocation(self, client);
}

IOReturn IOService_getResources(IOService *self)
{
    return METHODS(self)->getResources(self);
}

IOReturn IOService_requestProbe(IOService *self, IOOptionBits options)
{
    return METHODS(self)->requestProbe(self, options);
}

IOReturn IOService_message(IOService *self, uint32_t type, IOService *provider, void *argument)
{
    return METHODS(self)->message(self, type, provider, argument);
}

bool IOService_open(IOService *self, IOService *forClient, IOOptionBits options, void *argument)
{
    return METHODS(self)->open(self, forClient, options, argument);
}

void IOService_close(IOService *self, IOService *forClient, IOOptionBits options)
{
    METHODS(self)->close(self, forClient, options);
}

bool IOService_handleOpen(IOService *self, IOService *forClient, IOOptionBits options, void *argument)
{
    return METHODS(self)->handleOpen(self, forClient, options, argument);
}

void IOService_handleClose(IOService *self, IOService *forClient, IOOptionBits options)
{
    METHODS(self)->handleClose(self, forClient, options);
}

bool IOService_handleIsOpen(const IOService *self, const IOService *forClient)
{
    return METHODS(self)->handleIsOpen(self, forClient);
}

bool IOService_terminate(IOService *self, IOOptionBits options)
{
    return METHODS(self)->terminate(self, options);
}

bool IOService_requestTerminate(IOService *self, IOService *provider, IOOptionBits options)
{
    return METHODS(self)->requestTerminate(self, provider, options);
}

bool IOService_terminateClient(IOService *self, IOService *client, IOOptionBits options)
{
    return METHODS(self)->terminateClient(self, client, options);
}

bool IOService_willTerminate(IOService *self, IOService *provider, IOOptionBits options)
{
    return METHODS(self)->willTerminate(self, provider, options);
}

bool IOService_didTerminate(IOService *self, IOService *provider, IOOptionBits options, bool *defer)
{
    return METHODS(self)->didTerminate(self, provider, options, defer);
}

bool IOService_finalize(IOService *self, IOOptionBits options)
{
    return METHODS(self)->finalize(self, options);
}

IOReturn IOService_newUserClient(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,
                                 OSDictionary *properties, IOUserClient **ret_client)
{
    return METHODS(self)->newUserClient(self, owningTask, securityID, type, properties, ret_client);
}

IOReturn IOService_callPlatformFunction(IOService *self, const OSSymbol *functionName, bool waitForFunction,
                                        void *param1, void *param2, void *param3, void *param4)
{
    return METHODS(self)->callPlatformFunction(self, functionName, waitForFunction, param1, param2, param3, param4);
}

IOWorkLoop *IOService_getWorkLoop(IOService *self)
{
    return METHODS(self)->getWorkLoop(self);
}
