/* SPDX-License-Identifier: MIT */
/*
 * Open and close (SEMANTICS 4.4 to 4.8). Who may open is handleOpen's decision, made under the service's arbitration;
 * the default lets one client in. The messages before and after go out without it.
 */
#include "service/IOServicePrivate.h"

#include "service/serviceMethods.h"

static void *asArgument(IOOptionBits options)
{
    return (void *)(uintptr_t)options;
}

bool IOService_open_(IOService *self, IOService *forClient, IOOptionBits options, void *argument)
{
    (void)serviceInterest_messageClients(self, kIOMessageServiceIsAttemptingOpen, asArgument(options), 0,
                                         forClient); /* they are told, not asked */
    if (!IOService_lockForArbitration(self, false))
        return false;
    bool ok = !IOService_isInactive(self) && IOService_handleOpen(self, forClient, options, argument);
    IOService_unlockForArbitration(self);
    return ok;
}

void IOService_close_(IOService *self, IOService *forClient, IOOptionBits options)
{
    (void)IOService_lockForArbitration(self, true);
    bool wasOpen = IOService_handleIsOpen(self, forClient);
    if (wasOpen)
        IOService_handleClose(self, forClient, options);
    bool isEnding = service_stage(self) >= kStageDid;
    IOService_unlockForArbitration(self);

    if (wasOpen && isEnding && forClient)
        serviceTerminate_scheduleStop(forClient, self); /* the close is what its stop has been waiting for */
    else if (wasOpen)
        (void)serviceInterest_messageClients(self, kIOMessageServiceWasClosed, asArgument(options), 0,
                                             forClient); /* they are told, not asked */
}

bool IOService_isOpen(const IOService *self, const IOService *forClient)
{
    (void)IOService_lockForArbitration(self, true);
    bool isOpen = IOService_handleIsOpen(self, forClient);
    IOService_unlockForArbitration(self);
    return isOpen;
}

bool IOService_handleOpen_(IOService *self, IOService *forClient, IOOptionBits options, void *argument)
{
    IOServicePrivate *core = coreOf(self);
    if (!core->opener) {
        core->opener = forClient;
        return true;
    }
    if (!(options & kIOServiceSeize))
        return false;
    IOReturn result = IOService_messageClient(self, kIOMessageServiceIsRequestingClose, core->opener,
                                              asArgument(options), 0);
    if (result != kIOReturnSuccess || core->opener)
        return false;
    core->opener = forClient;
    return true;
}

void IOService_handleClose_(IOService *self, IOService *forClient, IOOptionBits options)
{
    if (coreOf(self)->opener == forClient)
        coreOf(self)->opener = NULL;
}

bool IOService_handleIsOpen_(const IOService *self, const IOService *forClient)
{
    const IOService *opener = coreOf(self)->opener;
    return forClient ? opener == forClient : opener != NULL;
}
