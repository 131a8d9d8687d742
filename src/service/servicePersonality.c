/* SPDX-License-Identifier: MIT */
/* Making matching dictionaries, and the order of personalities and probed drivers (SEMANTICS 3.7, 3.45). */
#include "service/IOServicePrivate.h"

/* --- order ------------------------------------------------------------------------------------------------------ */

int32_t service_probeScore(const OSObject *tableOrService)
{
    OSDictionary *table   = OSDynamicCast(OSDictionary, (OSObject *)tableOrService);
    IOService    *service = OSDynamicCast(IOService, (OSObject *)tableOrService);
    OSObject     *value   = NULL;
    if (table)
        value = OSRetain(OSDictionary_getObjectForSymbol(table, serviceKeys.probeScore));
    else if (service)
        value = IORegistryEntry_copyPropertyForSymbol(entryOf(service), serviceKeys.probeScore);
    OSNumber *number = OSDynamicCast(OSNumber, value);
    int32_t   score  = number ? (int32_t)OSNumber_unsigned32BitValue(number) : kIODefaultProbeScore;
    OSRelease(value);
    return score;
}

int32_t IOServiceOrdering(const OSObject *first, const OSObject *second, void *context)
{
    int32_t a = first ? service_probeScore(first) : 0;
    int32_t b = second ? service_probeScore(second) : 0;
    return a < b ? -1 : a > b;
}

/* --- matching dictionaries ---------------------------------------------------------------------------------------- */

/* Puts value (owned, may be NULL: no memory) under key into table, or into a new one. */
static OSDictionary *withValue(OSDictionary *table, const OSSymbol *key, OSObject *value)
{
    OSDictionary *result = table ? table : OSDictionary_withCapacity(2);
    bool          ok     = result && value && OSDictionary_setObjectForSymbol(result, key, value);
    OSRelease(value);
    if (ok)
        return result;
    if (!table)
        OSRelease(result);
    return NULL;
}

static OSObject *symbolFor(const char *text)
{
    const OSSymbol *symbol = OSSymbol_withCString(text);
    return OSObjectOf(symbol);
}

OSDictionary *IOService_serviceMatching(const char *className, OSDictionary *table)
{
    return withValue(table, serviceKeys.providerClass, symbolFor(className));
}

OSDictionary *IOService_nameMatching(const char *name, OSDictionary *table)
{
    return withValue(table, serviceKeys.nameMatch, symbolFor(name));
}

OSDictionary *IOService_resourceMatching(const char *name, OSDictionary *table)
{
    OSDictionary *result = IOService_serviceMatching(kIOResourcesClass, table);
    OSDictionary *full   = result ? withValue(result, serviceKeys.resourceMatch, symbolFor(name)) : NULL;
    if (!full && result != table)
        OSRelease(result);
    return full;
}

OSDictionary *IOService_propertyMatching(const char *key, const OSObject *value, OSDictionary *table)
{
    OSDictionary *properties = OSDictionary_withCapacity(2);
    if (properties && !OSDictionary_setObject(properties, key, value))
        OSSafeReleaseNULL(properties);
    return withValue(table, serviceKeys.propertyMatch, OSObjectOf(properties));
}

OSDictionary *IOService_registryEntryIDMatching(uint64_t entryID, OSDictionary *table)
{
    OSNumber *number = OSNumber_withNumber(entryID, 64);
    return withValue(table, serviceKeys.entryID, OSObjectOf(number));
}

OSDictionary *IOService_addLocation(OSDictionary *table)
{
    OSDictionary *location = table ? OSDictionary_withCapacity(1) : NULL;
    return location && withValue(table, serviceKeys.locationMatch, OSObjectOf(location)) ? location : NULL;
}
