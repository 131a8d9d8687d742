/* SPDX-License-Identifier: MIT */
/* What tools such as ioreg need beyond IOKitLib.h (IOKit/IOKitLibPrivate.h). */
#ifndef _IOKIT_IOKITLIBPRIVATE_H
#define _IOKIT_IOKITLIBPRIVATE_H

#include <CoreFoundation/CFMachPort.h>
#include <IOKit/IOKitLib.h>

__BEGIN_DECLS

/* Bits of a service's state. */
enum {
    kIOServiceInactiveState     = 0x00000001,
    kIOServiceRegisteredState   = 0x00000002,
    kIOServiceMatchedState      = 0x00000004,
    kIOServiceFirstPublishState = 0x00000008,
    kIOServiceFirstMatchState   = 0x00000010,
};

/* The state, how busy the service is, and for how long it has been busy altogether, in nanoseconds. All 0 on error. */
kern_return_t IOServiceGetBusyStateAndTime(io_service_t service, uint64_t *state, uint32_t *busyState,
                                           uint64_t *accumulatedBusyTime);
kern_return_t IOServiceGetState(io_service_t service, uint64_t *state);

/* As the forms without underscore; kIOClassNameOverrideNone (IOKitKeysPrivate.h) asks for the object's real class. */
kern_return_t _IOObjectGetClass(io_object_t object, uint64_t options, io_name_t className);
CFStringRef   _IOObjectCopyClass(io_object_t object, uint64_t options);
boolean_t     _IOObjectConformsTo(io_object_t object, const char *className, uint64_t options);

/* The callback of the CFMachPort behind a notification port: as IODispatchCalloutFromMessage. */
void IODispatchCalloutFromCFMessage(CFMachPortRef port, void *msg, CFIndex size, void *info);

__END_DECLS

#endif
