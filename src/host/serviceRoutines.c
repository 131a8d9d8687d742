/* SPDX-License-Identifier: MIT */
/* Routines that look services up and ask after their state (SEMANTICS 5.52, 10.13 to 10.21). */
#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSUnserialize.h>

#include "client.h"
#include "routines.h"
#include "userIterator.h"

enum { kForever = 0xffffffffu }; /* seconds */

/* The dictionary that a client sent, +1; NULL when it is none. */
static OSDictionary *readMatching(BytesIn bytes)
{
    OSObject *object = OSUnserializeXMLSized(bytes.bytes, bytes.size, NULL);
    OSDictionary *dict = OSDynamicCast(OSDictionary, object);
    if (!dict)
        OSRelease(object);
    return dict;
}

kern_return_t
handle_io_service_get_matching_service_bin(HostClient *client,
                                           struct io_service_get_matching_service_bin_arguments *arguments)
{
    (void)client;
    OSDictionary *matching = readMatching(arguments->matching);
    if (!matching)
        return kIOReturnBadArgument;
    arguments->service = OSObjectOf(IOService_copyMatchingService(matching));
    OSRelease(matching);
    return arguments->service ? kIOReturnSuccess : kIOReturnNotFound;
}

kern_return_t
handle_io_service_get_matching_services_bin(HostClient *client,
                                            struct io_service_get_matching_services_bin_arguments *arguments)
{
    (void)client;
    OSDictionary *matching = readMatching(arguments->matching);
    if (!matching)
        return kIOReturnBadArgument;
    arguments->existing = OSObjectOf(IOUserIterator_withIterator(IOService_getMatchingServices(matching)));
    OSRelease(matching);
    return kIOReturnSuccess; /* with or without an iterator */
}

kern_return_t
handle_io_service_match_property_table_bin(HostClient *client, IOService *target,
                                           struct io_service_match_property_table_bin_arguments *arguments)
{
    (void)client;
    OSDictionary *matching = readMatching(arguments->matching);
    if (!matching)
        return kIOReturnBadArgument;
    arguments->matches = IOService_matchPassive(target, matching, 0);
    OSRelease(matching);
    return kIOReturnSuccess;
}

kern_return_t handle_io_service_get_busy_state(HostClient *client, IOService *target,
                                               struct io_service_get_busy_state_arguments *arguments)
{
    (void)client;
    arguments->busyState = IOService_getBusyState(target);
    return kIOReturnSuccess;
}

kern_return_t handle_io_service_get_state(HostClient *client, IOService *target,
                                          struct io_service_get_state_arguments *arguments)
{
    (void)client;
    arguments->state = IOService_getState(target);
    arguments->busy_state = IOService_getBusyState(target);
    arguments->accumulated_busy_time = IOService_getAccumulatedBusyTime(target);
    return kIOReturnSuccess;
}

/* The option to panic on failure (Apple's, entitled there) has no meaning for a process and is ignored. */
kern_return_t handle_io_service_wait_quiet_with_options(HostClient *client, IOService *target,
                                                        struct io_service_wait_quiet_with_options_arguments *arguments)
{
    enum { kSecond = 1000000000 }; /* ns */
    (void)client;
    uint64_t timeout = UINT64_MAX;
    if (arguments->seconds != kForever)
        timeout = (uint64_t)arguments->seconds * kSecond + arguments->nanoseconds;
    return IOService_waitQuiet(target, timeout);
}

kern_return_t handle_io_service_request_probe(HostClient *client, IOService *target,
                                              struct io_service_request_probe_arguments *arguments)
{
    (void)client;
    return IOService_requestProbe(target, arguments->options);
}

/* Authorizations are kept by a session manager that Linux does not have: the administrator sees none and can set none.
 */
static kern_return_t requireAdministrator(HostClient *client)
{
    return IOUserClient_clientHasPrivilege(client->task, kIOClientPrivilegeAdministrator);
}

kern_return_t handle_io_service_get_authorization_id(HostClient *client, IOService *target,
                                                     struct io_service_get_authorization_id_arguments *arguments)
{
    (void)target, (void)arguments;
    kern_return_t result = requireAdministrator(client);
    return result == kIOReturnSuccess ? kIOReturnUnsupported : result;
}

kern_return_t handle_io_service_set_authorization_id(HostClient *client, IOService *target,
                                                     struct io_service_set_authorization_id_arguments *arguments)
{
    (void)target, (void)arguments;
    kern_return_t result = requireAdministrator(client);
    return result == kIOReturnSuccess ? kIOReturnUnsupported : result;
}
