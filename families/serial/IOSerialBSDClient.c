/* SPDX-License-Identifier: MIT */
/*
 * IOSerialBSDClient: how a program finds a serial port's node. It matches every IOSerialStreamSync and publishes the
 * paths; SEMANTICS 3.63 has the keys it is matched by. Also the list of the family's classes.
 */
#include <stdio.h>
#include <string.h>

#include <IOKit/serial/IOSerialStreamSync.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

OSDeclareClass(IOSerialBSDClient);
struct IOSerialBSDClient {
    IOService super;
};

/* The provider's string property in the caller's buffer; empty when there is none. */
static void getText(IOService *provider, const char *key, char *buffer, size_t size)
{
    OSObject *value  = IORegistryEntry_copyProperty(&provider->super, key);
    OSString *string = OSDynamicCast(OSString, value);
    snprintf(buffer, size, "%s", string ? OSString_getCStringNoCopy(string) : "");
    OSRelease(value);
}

static bool publishPaths(IOService *service, const char *base, const char *suffix)
{
    IORegistryEntry *entry = &service->super;
    char             device[160], path[168];
    snprintf(device, sizeof device, "%s%s", base, suffix);
    snprintf(path, sizeof path, "/dev/%s", device);
    return IORegistryEntry_setPropertyString(entry, kIOTTYBaseNameKey, base) &&
           IORegistryEntry_setPropertyString(entry, kIOTTYSuffixKey, suffix) &&
           IORegistryEntry_setPropertyString(entry, kIOTTYDeviceKey, device) &&
           IORegistryEntry_setPropertyString(entry, kIOCalloutDeviceKey, path) &&
           IORegistryEntry_setPropertyString(entry, kIODialinDeviceKey, path);
}

/* The most specific of the types programs ask for. */
static const char *typeOf(const IOService *provider)
{
    if (OSDynamicCast(IORS232SerialStreamSync, provider))
        return kIOSerialBSDRS232Type;
    if (OSDynamicCast(IOModemSerialStreamSync, provider))
        return kIOSerialBSDModemType;
    return kIOSerialBSDAllTypes;
}

static bool IOSerialBSDClient_start(IOService *service, IOService *provider)
{
    char base[64], suffix[64];
    if (!OSDynamicCast(IOSerialStreamSync, provider) || !IOService_super()->start(service, provider))
        return false;
    getText(provider, kIOTTYBaseNameKey, base, sizeof base);
    getText(provider, kIOTTYSuffixKey, suffix, sizeof suffix);
    if (!base[0] || !publishPaths(service, base, suffix) ||
        !IORegistryEntry_setPropertyString(&service->super, kIOSerialBSDTypeKey, typeOf(provider))) {
        IOService_super()->stop(service, provider);
        return false;
    }
    IOService_registerService(service);
    return true;
}

/* Whether a class of the provider, below IOService, has the wanted type as the beginning of its name. */
static bool typeMatches(IOService *service, OSDictionary *table)
{
    OSString  *type     = OSDynamicCast(OSString, OSDictionary_getObject(table, kIOSerialBSDTypeKey));
    IOService *provider = IOService_copyProvider(service);
    bool       matches  = type == NULL;
    if (type && provider) {
        const char        *prefix = OSString_getCStringNoCopy(type);
        const OSMetaClass *class  = OSObject_getMetaClass(OSObjectOf(provider));
        for (; class && class != &IOService_class && !matches; class = OSMetaClass_getSuperClass(class))
            matches = strncmp(OSMetaClass_getClassName(class), prefix, strlen(prefix)) == 0;
    }
    OSRelease(provider);
    return matches;
}

static bool IOSerialBSDClient_matchPropertyTable(IOService *service, OSDictionary *table, int32_t *score)
{
    static const char *const keys[] = {kIOTTYDeviceKey, kIOTTYBaseNameKey, kIOTTYSuffixKey, kIOCalloutDeviceKey,
                                       kIODialinDeviceKey};
    if (!IOService_super()->matchPropertyTable(service, table, score))
        return false;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!IOService_compareProperty(service, table, keys[i]))
            return false;
    return typeMatches(service, table);
}

OSDefineClass(IOSerialBSDClient, IOService, .start = IOSerialBSDClient_start,
              .matchPropertyTable = IOSerialBSDClient_matchPropertyTable);
OSDefineBaseClass(IOSerialStreamSync, IOService);
OSDefineClass(IORS232SerialStreamSync, IOSerialStreamSync);
OSDefineClass(IOModemSerialStreamSync, IOSerialStreamSync);

OSExportClasses(&IOSerialStreamSync_class, &IORS232SerialStreamSync_class, &IOModemSerialStreamSync_class,
                &IOSerialBSDClient_class);
