/* SPDX-License-Identifier: MIT */
/*
 * Routines on properties (SEMANTICS 5.45 to 5.50). They cross in the binary form. Where an entry has
 * IOUserServiceProperties, a client sees those in the place of that dictionary.
 */
#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOLib.h>
#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>
#include <libkern/OSUnserialize.h>

#include "routines.h"
#include "userclient/IOUserClientPrivate.h"

enum { kFirstCapacity = 4096 }; /* bytes of a serializer */

/* ---- Reading ---- */

static OSObject *copyProperty(IORegistryEntry *entry, const char *key)
{
    OSObject *value = IORegistryEntry_copyProperty(entry, key);
    if (value)
        return value;
    OSObject *inner = IORegistryEntry_copyProperty(entry, kIOUserServicePropertiesKey);
    OSDictionary *dict = OSDynamicCast(OSDictionary, inner);
    if (dict)
        value = OSRetain(OSDictionary_getObject(dict, key));
    OSRelease(inner);
    return value;
}

/* Bytes of a property of one of the four simple classes; number: where a number's bytes are put. */
static kern_return_t bytesOf(OSObject *value, uint64_t *number, const void **ret_bytes, size_t *ret_size)
{
    OSData *data = OSDynamicCast(OSData, value);
    OSString *string = OSDynamicCast(OSString, value);
    OSNumber *count = OSDynamicCast(OSNumber, value);
    if (data) {
        *ret_bytes = OSData_getBytesNoCopy(data);
        *ret_size = OSData_isSerializable(data) ? OSData_getLength(data) : 0;
    } else if (string) {
        *ret_bytes = OSString_getCStringNoCopy(string);
        *ret_size = OSString_getLength(string) + 1;
    } else if (OSDynamicCast(OSBoolean, value)) {
        *ret_bytes = value == OSObjectOf(kOSBooleanTrue) ? "Yes" : "No";
        *ret_size = strlen(*ret_bytes) + 1;
    } else if (count) {
        *number = OSNumber_unsigned64BitValue(count); /* little endian, as every machine we build for */
        *ret_bytes = number;
        *ret_size = OSNumber_numberOfBytes(count);
        *ret_size = *ret_size < sizeof *number ? *ret_size : sizeof *number;
    } else {
        return kIOReturnBadArgument;
    }
    return kIOReturnSuccess;
}

kern_return_t
handle_io_registry_entry_get_property_bytes(HostClient *client, IORegistryEntry *target,
                                            struct io_registry_entry_get_property_bytes_arguments *arguments)
{
    (void)client;
    OSObject *value = copyProperty(target, arguments->property_name);
    if (!value)
        return kIOReturnNoResources;
    const void *bytes = NULL;
    size_t size = 0;
    uint64_t number;
    kern_return_t result = bytesOf(value, &number, &bytes, &size);
    if (result == kIOReturnSuccess && size > arguments->data.size)
        result = kIOReturnIPCError;
    if (result == kIOReturnSuccess) {
        if (size)
            memcpy(arguments->data.bytes, bytes, size);
        arguments->data.size = size;
    }
    OSRelease(value);
    return result;
}

/* What a filled serializer holds, as the reply's buffer; takes over the reference. */
static BufferOut bufferOf(OSSerialize *serializer)
{
    return (BufferOut){OSSerialize_text(serializer), OSSerialize_getLength(serializer), OSObjectOf(serializer)};
}

static kern_return_t serializeObject(const OSObject *object, BufferOut *ret_buffer)
{
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(kFirstCapacity, NULL, NULL);
    if (!serializer)
        return kIOReturnNoMemory;
    if (!OSObject_serialize(object, serializer)) {
        OSRelease(serializer);
        return kIOReturnUnsupported;
    }
    *ret_buffer = bufferOf(serializer);
    return kIOReturnSuccess;
}

/* The table with the properties of IOUserServiceProperties merged in. */
static kern_return_t serializeMerged(IORegistryEntry *entry, const OSDictionary *inner, BufferOut *ret_buffer)
{
    OSDictionary *table = IORegistryEntry_dictionaryWithProperties(entry);
    if (!table)
        return kIOReturnNoMemory;
    OSDictionary_removeObject(table, kIOUserServicePropertiesKey);
    OSDictionary_removeObject(table, kIOCompatibilityPropertiesKey);
    kern_return_t result = kIOReturnNoMemory;
    if (OSDictionary_merge(table, inner))
        result = serializeObject(OSObjectOf(table), ret_buffer);
    OSRelease(table);
    return result;
}

kern_return_t
handle_io_registry_entry_get_properties_bin(HostClient *client, IORegistryEntry *target,
                                            struct io_registry_entry_get_properties_bin_arguments *arguments)
{
    (void)client;
    OSObject *property = IORegistryEntry_copyProperty(target, kIOUserServicePropertiesKey);
    OSDictionary *inner = OSDynamicCast(OSDictionary, property);
    if (inner) {
        kern_return_t result = serializeMerged(target, inner, &arguments->properties);
        OSRelease(property);
        return result;
    }
    OSRelease(property);
    OSSerialize *serializer = OSSerialize_binaryWithCapacity(kFirstCapacity, NULL, NULL);
    if (!serializer)
        return kIOReturnNoMemory;
    if (!IORegistryEntry_serializeProperties(target, serializer)) {
        OSRelease(serializer);
        return kIOReturnUnsupported;
    }
    arguments->properties = bufferOf(serializer);
    return kIOReturnSuccess;
}

kern_return_t handle_io_registry_entry_get_property_bin(HostClient *client, IORegistryEntry *target,
                                                        struct io_registry_entry_get_property_bin_arguments *arguments)
{
    (void)client;
    const IORegistryPlane *plane = arguments->plane[0] ? IORegistryEntry_getPlane(arguments->plane) : NULL;
    OSObject *value;
    if (strcmp(arguments->property_name, kIORegistryEntryPropertyKeysKey) == 0)
        value = OSObjectOf(IORegistryEntry_copyPropertyKeys(target));
    else if (plane && (arguments->options & kIORegistryIterateRecursively))
        value = IORegistryEntry_copyPropertyInPlane(target, arguments->property_name, plane, arguments->options);
    else
        value = copyProperty(target, arguments->property_name);
    if (!value)
        return kIOReturnNotFound;
    kern_return_t result = serializeObject(value, &arguments->properties);
    OSRelease(value);
    return result;
}

/* ---- Setting ---- */

/* The keys that IORegistryEntryAllowableSetProperties leaves to clients. */
static IOReturn checkAllowable(IORegistryEntry *entry, OSObject *properties)
{
    OSObject *allowable = IORegistryEntry_copyProperty(entry, kIORegistryEntryAllowableSetPropertiesKey);
    if (!allowable)
        return kIOReturnSuccess;
    OSArray *keys = OSDynamicCast(OSArray, allowable);
    OSDictionary *dict = OSDynamicCast(OSDictionary, properties);
    IOReturn result = keys && dict ? kIOReturnSuccess : kIOReturnNotPermitted;
    OSArray *asked = result == kIOReturnSuccess ? OSDictionary_copyKeys(dict) : NULL;
    for (unsigned i = 0; asked && i < OSArray_getCount(asked); i++) {
        OSObject *key = OSArray_getObject(asked, i);
        bool found = false;
        for (unsigned j = 0; !found && j < OSArray_getCount(keys); j++)
            found = OSObject_isEqualTo(OSArray_getObject(keys, j), key);
        if (!found)
            result = kIOReturnBadArgument;
    }
    if (result == kIOReturnSuccess && !asked)
        result = kIOReturnNoMemory;
    OSRelease(asked);
    OSRelease(allowable);
    return result;
}

static IOReturn setInAction(OSObject *target, void *arg0, void *arg1, void *arg2, void *arg3)
{
    (void)arg1, (void)arg2, (void)arg3;
    return IORegistryEntry_setProperties(OSRequiredCast(IORegistryEntry, target), arg0);
}

static IOReturn setProperties(IORegistryEntry *entry, OSObject *properties)
{
    IOUserClient *userClient = OSDynamicCast(IOUserClient, entry);
    if (userClient && userClient->core)
        return IOUserClient_callSetProperties(userClient, properties);
    if (IORegistryEntry_propertyHasValue(entry, kIORegistryEntryDefaultLockingSetPropertiesKey,
                                         OSObjectOf(kOSBooleanTrue)))
        return IORegistryEntry_runPropertyAction(entry, setInAction, OSObjectOf(entry), properties, NULL, NULL, NULL);
    return IORegistryEntry_setProperties(entry, properties);
}

static kern_return_t setSerialized(IORegistryEntry *entry, BytesIn bytes)
{
    OSObject *properties = OSUnserializeXMLSized(bytes.bytes, bytes.size, NULL);
    if (!properties)
        return kIOReturnBadArgument;
    IOReturn result = checkAllowable(entry, properties);
    if (result == kIOReturnSuccess)
        result = setProperties(entry, properties);
    OSRelease(properties);
    return result;
}

kern_return_t handle_io_registry_entry_set_properties(HostClient *client, IORegistryEntry *target,
                                                      struct io_registry_entry_set_properties_arguments *arguments)
{
    (void)client;
    return setSerialized(target, arguments->properties);
}

kern_return_t handle_io_connect_set_properties(HostClient *client, IOUserClient *target,
                                               struct io_connect_set_properties_arguments *arguments)
{
    (void)client;
    return setSerialized(&target->super.super, arguments->properties);
}
