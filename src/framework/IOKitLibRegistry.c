/* SPDX-License-Identifier: MIT */
/* IOKitLib: the registry's entries, their properties, relatives and paths (SEMANTICS 10.31 to 10.38). No state. */
#include <stdio.h>
#include <stdlib.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOBSD.h>
#include <IOKit/IOKitLib.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

/* ---- Entries by path ---- */

io_registry_entry_t IORegistryGetRootEntry(mach_port_t mainPort)
{
    mach_port_t entry = 0;
    return io_registry_get_root_entry(mainPort, &entry) == kIOReturnSuccess ? entry : IO_OBJECT_NULL;
}

io_registry_entry_t IORegistryEntryFromPath(mach_port_t mainPort, const char *path)
{
    mach_port_t entry = 0;
    return io_registry_entry_from_path(mainPort, path, &entry) == kIOReturnSuccess ? entry : IO_OBJECT_NULL;
}

io_registry_entry_t IORegistryEntryCopyFromPath(mach_port_t mainPort, CFStringRef path)
{
    char               *text  = iokit_copy_text(path);
    io_registry_entry_t entry = text ? IORegistryEntryFromPath(mainPort, text) : IO_OBJECT_NULL;
    free(text);
    return entry;
}

kern_return_t IOServiceOFPathToBSDName(mach_port_t mainPort, const char *openFirmwarePath, io_name_t bsdName)
{
    bsdName[0] = '\0';
    io_service_t service =
        IOServiceGetMatchingService(mainPort, IOOpenFirmwarePathMatching(mainPort, 0, openFirmwarePath));
    if (!service)
        return KERN_FAILURE;
    io_struct_inband_t name;
    uint32_t           size   = sizeof(io_name_t);
    kern_return_t      result = IORegistryEntryGetProperty(service, kIOBSDNameKey, name, &size);
    if (result == kIOReturnSuccess)
        snprintf(bsdName, sizeof(io_name_t), "%.*s", (int)size, name);
    IOObjectRelease(service);
    return result;
}

/* ---- Iterators ---- */

kern_return_t IORegistryCreateIterator(mach_port_t mainPort, const char *plane, IOOptionBits options,
                                       io_iterator_t *iterator)
{
    return io_registry_create_iterator(mainPort, plane, options, iterator);
}

kern_return_t IORegistryEntryCreateIterator(io_registry_entry_t entry, const char *plane, IOOptionBits options,
                                            io_iterator_t *iterator)
{
    return io_registry_entry_create_iterator(entry, plane, options, iterator);
}

kern_return_t IORegistryIteratorEnterEntry(io_iterator_t iterator)
{
    return io_registry_iterator_enter_entry(iterator);
}

kern_return_t IORegistryIteratorExitEntry(io_iterator_t iterator)
{
    return io_registry_iterator_exit_entry(iterator);
}

/* ---- Names, paths, identity ---- */

/* NULL for a plane means: whatever holds outside planes, which the host writes as "". */
static const char *plane_or_none(const char *plane)
{
    return plane ? plane : "";
}

kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name)
{
    return io_registry_entry_get_name(entry, name);
}

kern_return_t IORegistryEntryGetNameInPlane(io_registry_entry_t entry, const char *plane, io_name_t name)
{
    return io_registry_entry_get_name_in_plane(entry, plane_or_none(plane), name);
}

kern_return_t IORegistryEntryGetLocationInPlane(io_registry_entry_t entry, const char *plane, io_name_t location)
{
    return io_registry_entry_get_location_in_plane(entry, plane_or_none(plane), location);
}

kern_return_t IORegistryEntryGetPath(io_registry_entry_t entry, const char *plane, io_string_t path)
{
    return io_registry_entry_get_path(entry, plane, path);
}

CFStringRef IORegistryEntryCopyPath(io_registry_entry_t entry, const char *plane)
{
    char path[kLimitPath];
    if (io_registry_entry_get_path_ool(entry, plane, path) != kIOReturnSuccess)
        return NULL;
    return iokit_create_string(path);
}

kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t *entryID)
{
    kern_return_t result = io_registry_entry_get_registry_entry_id(entry, entryID);
    if (result != KERN_SUCCESS)
        *entryID = 0;
    return result;
}

boolean_t IORegistryEntryInPlane(io_registry_entry_t entry, const char *plane)
{
    uint32_t inPlane = 0;
    return io_registry_entry_in_plane(entry, plane_or_none(plane), &inPlane) == kIOReturnSuccess && inPlane;
}

/* ---- Properties ---- */

kern_return_t IORegistryEntryCreateCFProperties(io_registry_entry_t entry, CFMutableDictionaryRef *properties,
                                                CFAllocatorRef allocator, IOOptionBits options)
{
    void         *bytes  = NULL;
    uint64_t      size   = 0;
    kern_return_t result = io_registry_entry_get_properties_bin(entry, &bytes, &size);
    if (result != kIOReturnSuccess)
        return result;
    *properties = (CFMutableDictionaryRef)iokit_unserialize(bytes, size, allocator);
    return *properties ? kIOReturnSuccess : kIOReturnInternalError;
}

CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char *plane, CFStringRef key,
                                          CFAllocatorRef allocator, IOOptionBits options)
{
    char *name = iokit_copy_text(key);
    if (!name)
        return NULL;
    if (!(options & kIORegistryIterateRecursively))
        plane = "";
    void         *bytes  = NULL;
    uint64_t      size   = 0;
    kern_return_t result = io_registry_entry_get_property_bin(entry, plane, name, options, &bytes, &size);
    free(name);
    return result == kIOReturnSuccess ? iokit_unserialize(bytes, size, allocator) : NULL;
}

CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key, CFAllocatorRef allocator,
                                          IOOptionBits options)
{
    return IORegistryEntrySearchCFProperty(entry, NULL, key, allocator, kNilOptions);
}

kern_return_t IORegistryEntryGetProperty(io_registry_entry_t entry, const char *propertyName,
                                         io_struct_inband_t buffer, uint32_t *size)
{
    return io_registry_entry_get_property_bytes(entry, propertyName, buffer, size);
}

kern_return_t IORegistryEntrySetCFProperties(io_registry_entry_t entry, CFTypeRef properties)
{
    CFDataRef data = iokit_serialize(properties);
    if (!data)
        return kIOReturnUnsupported;
    kern_return_t result =
        io_registry_entry_set_properties(entry, CFDataGetBytePtr(data), (uint64_t)CFDataGetLength(data));
    CFRelease(data);
    return result;
}

kern_return_t IORegistryEntrySetCFProperty(io_registry_entry_t entry, CFStringRef propertyName, CFTypeRef property)
{
    CFDictionaryRef dict = iokit_create_properties(propertyName, property);
    if (!dict)
        return kIOReturnNoMemory;
    kern_return_t result = IORegistryEntrySetCFProperties(entry, dict);
    CFRelease(dict);
    return result;
}

/* ---- Relatives ---- */

kern_return_t IORegistryEntryGetChildIterator(io_registry_entry_t entry, const char *plane,
                                              io_iterator_t *iterator)
{
    return io_registry_entry_get_child_iterator(entry, plane, iterator);
}

kern_return_t IORegistryEntryGetParentIterator(io_registry_entry_t entry, const char *plane,
                                               io_iterator_t *iterator)
{
    return io_registry_entry_get_parent_iterator(entry, plane, iterator);
}

/* The first object of the iterator, which is released. */
static kern_return_t take_first(io_iterator_t iterator, io_registry_entry_t *first)
{
    *first = IOIteratorNext(iterator);
    IOObjectRelease(iterator);
    return *first ? kIOReturnSuccess : kIOReturnNoDevice;
}

kern_return_t IORegistryEntryGetChildEntry(io_registry_entry_t entry, const char *plane,
                                           io_registry_entry_t *child)
{
    io_iterator_t iterator = 0;
    kern_return_t result   = IORegistryEntryGetChildIterator(entry, plane, &iterator);
    return result == kIOReturnSuccess ? take_first(iterator, child) : result;
}

kern_return_t IORegistryEntryGetParentEntry(io_registry_entry_t entry, const char *plane,
                                            io_registry_entry_t *parent)
{
    io_iterator_t iterator = 0;
    kern_return_t result   = IORegistryEntryGetParentIterator(entry, plane, &iterator);
    return result == kIOReturnSuccess ? take_first(iterator, parent) : result;
}
