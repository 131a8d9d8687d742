/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: matching dictionaries, and finding services with them (SEMANTICS 10.12 to 10.17). A function that consumes
 * its dictionary drops one reference to it whatever happens, as the dictionary was made for that call. No state.
 */
#include <stdio.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOBSD.h>
#include <IOKit/IOKitLib.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

/* ---- Making dictionaries ---- */

/* A dictionary with one value, which is released. NULL when there is no value. */
static CFMutableDictionaryRef create_with_value(CFStringRef key, CFTypeRef value)
{
    if (!value)
        return NULL;
    CFMutableDictionaryRef dict = CFDictionaryCreateMutable(kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks,
                                                            &kCFTypeDictionaryValueCallBacks);
    if (dict)
        CFDictionarySetValue(dict, key, value);
    CFRelease(value);
    return dict;
}

static CFMutableDictionaryRef create_with_text(CFStringRef key, const char *text)
{
    return text ? create_with_value(key, iokit_create_string(text)) : NULL;
}

CFMutableDictionaryRef IOServiceMatching(const char *name)
{
    return create_with_text(CFSTR(kIOProviderClassKey), name);
}

CFMutableDictionaryRef IOServiceNameMatching(const char *name)
{
    return create_with_text(CFSTR(kIONameMatchKey), name);
}

CFMutableDictionaryRef IORegistryEntryIDMatching(uint64_t entryID)
{
    return create_with_value(CFSTR(kIORegistryEntryIDKey),
                             CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt64Type, &entryID));
}

CFMutableDictionaryRef IOBSDNameMatching(mach_port_t mainPort, uint32_t options, const char *bsdName)
{
    return create_with_text(CFSTR(kIOBSDNameKey), bsdName);
}

CFMutableDictionaryRef IOOpenFirmwarePathMatching(mach_port_t mainPort, uint32_t options, const char *path)
{
    io_string_t full;
    int         length = path ? snprintf(full, sizeof full, "%s:%s", kIODeviceTreePlane, path) : -1;
    if (length < 0 || (size_t)length >= sizeof full)
        return NULL;
    return create_with_text(CFSTR(kIOPathMatchKey), full);
}

/* ---- Finding services ---- */

/* The dictionary's bytes, +1; the dictionary's reference is dropped. NULL when it cannot be serialised. */
static CFDataRef serialize_consuming(CFDictionaryRef matching)
{
    CFDataRef data = iokit_serialize(matching);
    CFRelease(matching);
    return data;
}

io_service_t IOServiceGetMatchingService(mach_port_t mainPort, CFDictionaryRef matching)
{
    if (!matching)
        return IO_OBJECT_NULL;
    CFDataRef data = serialize_consuming(matching);
    if (!data)
        return IO_OBJECT_NULL;
    mach_port_t   service = 0;
    kern_return_t result  = io_service_get_matching_service_bin(mainPort, CFDataGetBytePtr(data),
                                                                (uint64_t)CFDataGetLength(data), &service);
    CFRelease(data);
    return result == kIOReturnSuccess ? service : IO_OBJECT_NULL;
}

kern_return_t IOServiceGetMatchingServices(mach_port_t mainPort, CFDictionaryRef matching, io_iterator_t *existing)
{
    if (!matching)
        return kIOReturnBadArgument;
    CFDataRef data = serialize_consuming(matching);
    if (!data)
        return kIOReturnUnsupported;
    kern_return_t result = io_service_get_matching_services_bin(mainPort, CFDataGetBytePtr(data),
                                                                (uint64_t)CFDataGetLength(data), existing);
    CFRelease(data);
    return result;
}

kern_return_t IOServiceMatchPropertyTable(io_service_t service, CFDictionaryRef matching, boolean_t *matches)
{
    if (!matching)
        return kIOReturnBadArgument;
    CFDataRef data = iokit_serialize(matching);
    if (!data)
        return kIOReturnUnsupported;
    uint32_t      answer = 0;
    kern_return_t result = io_service_match_property_table_bin(service, CFDataGetBytePtr(data),
                                                               (uint64_t)CFDataGetLength(data), &answer);
    CFRelease(data);
    if (result == kIOReturnSuccess)
        *matches = answer != 0;
    return result;
}

/* ---- Asking to hear of them ---- */

static kern_return_t add_notification(mach_port_t mainPort, const char *type, CFDictionaryRef matching,
                                      mach_port_t wakePort, const uint64_t *reference, uint32_t referenceCnt,
                                      io_iterator_t *notification)
{
    if (!matching)
        return kIOReturnBadArgument;
    CFDataRef data = serialize_consuming(matching);
    if (!data)
        return kIOReturnUnsupported;
    kern_return_t result =
        io_service_add_notification_bin(mainPort, type, CFDataGetBytePtr(data), (uint64_t)CFDataGetLength(data),
                                        wakePort, reference, referenceCnt, notification);
    CFRelease(data);
    return result;
}

kern_return_t IOServiceAddNotification(mach_port_t mainPort, const char *notificationType,
                                       CFDictionaryRef matching, mach_port_t wakePort, uintptr_t reference,
                                       io_iterator_t *notification)
{
    uint64_t word = reference;
    return add_notification(mainPort, notificationType, matching, wakePort, &word, 1, notification);
}

kern_return_t IOServiceAddMatchingNotification(IONotificationPortRef notifyPort, const char *notificationType,
                                               CFDictionaryRef matching, IOServiceMatchingCallback callback,
                                               void *refCon, io_iterator_t *notification)
{
    uint64_t reference[kIOMatchingCalloutCount] = {
        [kIOMatchingCalloutFuncIndex]   = (uintptr_t)callback,
        [kIOMatchingCalloutRefconIndex] = (uintptr_t)refCon,
    };
    return add_notification(kIOMainPortDefault, notificationType, matching, IONotificationPortGetMachPort(notifyPort),
                            reference, kIOMatchingCalloutCount, notification);
}

kern_return_t IOServiceAddInterestNotification(IONotificationPortRef notifyPort, io_service_t service,
                                               const char *interestType, IOServiceInterestCallback callback,
                                               void *refCon, io_object_t *notification)
{
    uint64_t reference[kIOInterestCalloutCount] = {
        [kIOInterestCalloutFuncIndex]    = (uintptr_t)callback,
        [kIOInterestCalloutRefconIndex]  = (uintptr_t)refCon,
        [kIOInterestCalloutServiceIndex] = service,
    };
    return io_service_add_interest_notification(service, interestType, IONotificationPortGetMachPort(notifyPort),
                                                reference, kIOInterestCalloutCount, notification);
}
