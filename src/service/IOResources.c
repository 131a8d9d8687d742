/* SPDX-License-Identifier: MIT */
/*
 * IOResources and IOUserResources: the services whose properties are what drivers wait for (SEMANTICS 3.14, 3.40). To
 * publish a resource is to set a property and to register again; serviceProbe.c then lists the keys in
 * IOResourceMatched.
 */
#include "service/IOServicePrivate.h"

struct IOResources {
    IOService super;
};

struct IOUserResources {
    IOService super;
};

/* Apple has services of this class answer for devices of older names; nobody here makes one but a driver. */
struct IOServiceCompatibility {
    IOService super;
};

/* Constant from resources_initialize on; owned. */
static IOService *resources;
static IOService *userResources;

IOService *IOService_getResourceService(void)
{
    return resources;
}

IOService *IOService_getUserResourceService(void)
{
    return userResources;
}

/* --- matching --------------------------------------------------------------------------------------------------- */

typedef struct ResourceCheck {
    const IOService *service;
    bool             hasAll;
} ResourceCheck;

static bool checkOne(OSObject *value, void *context)
{
    ResourceCheck *check = context;
    OSString      *key   = OSDynamicCast(OSString, value);
    check->hasAll = key && IORegistryEntry_propertyExists(entryOf(check->service), OSString_getCStringNoCopy(key));
    return !check->hasAll;
}

static bool hasAllOf(const IOService *self, OSObject *wanted)
{
    ResourceCheck check      = {self, true};
    OSCollection *collection = OSDynamicCast(OSCollection, wanted);
    if (collection)
        (void)OSCollection_iterateObjects(collection, checkOne, &check); /* the answer is in check */
    else
        (void)checkOne(wanted, &check); /* likewise */
    return check.hasAll;
}

/* Whether the key was there when the service was last matched. */
static bool wasMatchedWith(const IOService *self, OSObject *key)
{
    OSObject *property = IORegistryEntry_copyPropertyForSymbol(entryOf(self), serviceKeys.resourceMatched);
    OSArray  *keys     = OSDynamicCast(OSArray, property);
    bool      found    = false;
    for (unsigned i = 0; keys && !found && i < OSArray_getCount(keys); i++)
        found = OSObject_isEqualTo(key, OSArray_getObject(keys, i));
    OSRelease(property);
    return found;
}

static bool IOResources_matchPropertyTable(IOService *self, OSDictionary *table, int32_t *score)
{
    OSObject *wanted  = OSDictionary_getObjectForSymbol(table, serviceKeys.resourceMatch);
    OSObject *matched = OSDictionary_getObjectForSymbol(table, serviceKeys.resourceMatched);
    if (wanted)
        return hasAllOf(self, wanted);
    return !matched || wasMatchedWith(self, matched);
}

/* Nobody opens them, whatever their properties say. */
static IOReturn IOResources_newUserClient(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,
                                          OSDictionary *properties, IOUserClient **ret_client)
{
    return kIOReturnUnsupported;
}

OSDefineClass(IOResources, IOService, .matchPropertyTable = IOResources_matchPropertyTable,
              .newUserClient = IOResources_newUserClient);
OSDefineClass(IOUserResources, IOService, .matchPropertyTable = IOResources_matchPropertyTable,
              .newUserClient = IOResources_newUserClient);
OSDefineClass(IOServiceCompatibility, IOService);

/* --- publishing ------------------------------------------------------------------------------------------------- */

static void publish(IOService *self, const char *key, OSObject *value)
{
    const OSObject *text = OSObjectOf(serviceKeys.service);
    if (IORegistryEntry_setProperty(entryOf(self), key, value ? value : (OSObject *)text))
        IOService_registerService(self);
    else
        IOLog("%s: no memory to publish %s", IORegistryEntry_getName(entryOf(self), NULL), key);
}

void IOService_publishResource(const char *key, OSObject *value)
{
    publish(resources, key, value);
}

void IOService_publishUserResource(const char *key, OSObject *value)
{
    publish(userResources, key, value);
}

/* The set of resources that self needs so far, in a new set; +1 or NULL. */
static OSSet *copyNeededResources(const IOService *self)
{
    OSObject *wanted = IORegistryEntry_copyPropertyForSymbol(entryOf(self), serviceKeys.resourceMatch);
    OSSet    *before = OSDynamicCast(OSSet, wanted);
    OSSet    *set    = before ? OSSet_withSet(before, OSSet_getCount(before) + 1) : OSSet_withCapacity(1);
    if (set && wanted && !before && !OSSet_setObject(set, wanted))
        OSSafeReleaseNULL(set);
    OSRelease(wanted);
    return set;
}

bool IOService_addNeededResource(IOService *self, const char *key)
{
    OSSet    *set  = copyNeededResources(self);
    OSString *name = OSString_withCString(key);
    bool      ok   = set && name && OSSet_setObject(set, OSObjectOf(name)) &&
              IORegistryEntry_setPropertyForSymbol(entryOf(self), serviceKeys.resourceMatch, OSObjectOf(set));
    OSRelease(name);
    OSRelease(set);
    return ok;
}

/* --- start ------------------------------------------------------------------------------------------------------ */

static bool place(IOService *self, IOService *platform)
{
    return self && IOService_init(self, NULL) && IOService_attach(self, platform);
}

bool resources_initialize(IOService *platform)
{
    IOResources     *first  = OSTypeAlloc(IOResources);
    IOUserResources *second = OSTypeAlloc(IOUserResources);
    resources               = first ? &first->super : NULL;
    userResources           = second ? &second->super : NULL;
    return place(resources, platform) && place(userResources, platform);
}

void resources_register(void)
{
    IOService_publishResource("IOKit", NULL); /* what most personalities of IOResources ask for */
    IOService_registerService(userResources);
}
