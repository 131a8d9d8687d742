/* SPDX-License-Identifier: MIT */
/*
 * Passive matching: does a service answer to a matching dictionary (SEMANTICS 3d)?
 *
 * The keys that every service understands are the rows of a table, tried in its order; each is a function of the
 * service and the key's value. When all keys of the dictionary were rows, that is the answer; else the family is asked
 * (matchPropertyTable), and then IOParentMatch, or IOLocationMatch with a dictionary, may send the question on to
 * another service. Nothing here looks at states, and no lock is held.
 */
#include "service/IOServicePrivate.h"

#include "service/serviceMethods.h"

#include <IOKit/IOKitKeysPrivate.h>

typedef enum Verdict { kMatches, kDiffers, kNotMine } Verdict; /* not mine: a type the key does not take */

typedef struct MatchContext {
    IOService    *service;
    OSDictionary *table;
    uint32_t      options;
    OSDictionary *properties; /* owned, made when first needed: what property keys are compared with */
    bool          isCompatible; /* IOCompatibilityMatch, and the service has such properties */
} MatchContext;

/* --- helpers ---------------------------------------------------------------------------------------------------- */

static Verdict verdict(bool matches)
{
    return matches ? kMatches : kDiffers;
}

static OSObject *copyProperty(const IOService *self, const OSSymbol *key)
{
    return IORegistryEntry_copyPropertyForSymbol(entryOf(self), key);
}

/* The properties of the service, those for user space laid over. NULL without memory. */
static OSDictionary *matchingProperties(MatchContext *context)
{
    if (context->properties)
        return context->properties;
    OSDictionary *all = IORegistryEntry_dictionaryWithProperties(entryOf(context->service));
    OSDictionary *user =
        all ? OSDynamicCast(OSDictionary, OSDictionary_getObjectForSymbol(all, serviceKeys.userServiceProperties))
            : NULL;
    if (user && !OSDictionary_merge(all, user))
        OSSafeReleaseNULL(all);
    return context->properties = all;
}

/* Whether test holds for the value itself, or for one of it when it is a collection. */
typedef struct AnyOf {
    MatchContext *context;
    bool (*test)(MatchContext *context, OSObject *value);
    bool found;
} AnyOf;

static bool tryOne(OSObject *value, void *argument)
{
    AnyOf *any = argument;
    any->found = any->test(any->context, value);
    return any->found;
}

static bool anyOf(MatchContext *context, OSObject *value, bool (*test)(MatchContext *context, OSObject *value))
{
    AnyOf any = {context, test, false};
    if (OSDynamicCast(OSDictionary, value) || !OSDynamicCast(OSCollection, value))
        return test(context, value);
    (void)OSCollection_iterateObjects(OSDynamicCast(OSCollection, value), tryOne, &any); /* the answer is in any */
    return any.found;
}

/* --- the rows --------------------------------------------------------------------------------------------------- */

static Verdict matchUser(MatchContext *context, OSObject *value)
{
    return verdict(!(service_state(context->service) & kIOServiceUserInvisibleMatchState));
}

static Verdict matchCompatibility(MatchContext *context, OSObject *value)
{
    OSObject     *object     = copyProperty(context->service, serviceKeys.compatibilityProperties);
    OSDictionary *properties = OSDynamicCast(OSDictionary, object);
    if (properties && !context->properties) {
        context->properties   = properties;
        context->isCompatible = true;
    } else {
        OSRelease(object);
    }
    return kMatches;
}

static Verdict matchClass(MatchContext *context, OSObject *value)
{
    OSString *name = OSDynamicCast(OSString, value);
    if (!name)
        return kNotMine;
    OSObject *class =
        context->isCompatible ? OSDictionary_getObjectForSymbol(context->properties, serviceKeys.ioClass) : NULL;
    if (class)
        return verdict(OSObject_isEqualTo(value, class));
    if (context->options & kIOServiceMatchClassDone)
        return kMatches;
    return verdict(OSMetaClass_checkMetaCastWithName(OSString_getCStringNoCopy(name), OSObjectOf(context->service)));
}

static Verdict matchName(MatchContext *context, OSObject *value)
{
    bool      changesOK = context->options & kIOServiceMatchChangesOK;
    OSString *matched   = NULL;
    bool matches = IORegistryEntry_compareNames(entryOf(context->service), value, changesOK ? &matched : NULL);
    if (matched)
        matches = OSDictionary_setObjectForSymbol(context->table, serviceKeys.nameMatched, OSObjectOf(matched));
    OSRelease(matched);
    return verdict(matches);
}

static Verdict matchLocationString(MatchContext *context, OSObject *value)
{
    OSString *wanted = OSDynamicCast(OSString, value);
    if (!wanted)
        return kNotMine; /* a dictionary is for later */
    const OSSymbol *location = IORegistryEntry_copyLocation(entryOf(context->service), NULL);
    bool            matches  = location && OSString_isEqualTo(wanted, OSObjectOf(location));
    OSRelease(location);
    return verdict(matches);
}

static bool hasProperties(MatchContext *context, OSObject *value)
{
    OSDictionary *wanted     = OSDynamicCast(OSDictionary, value);
    OSDictionary *properties = matchingProperties(context);
    return wanted && properties && OSDictionary_isEqualToWithKeys(properties, wanted, &wanted->super);
}

static Verdict matchProperties(MatchContext *context, OSObject *value)
{
    return verdict(anyOf(context, value, hasProperties));
}

static bool hasProperty(MatchContext *context, OSObject *value)
{
    OSString     *key        = OSDynamicCast(OSString, value);
    OSDictionary *properties = matchingProperties(context);
    return key && properties && OSDictionary_getObjectForString(properties, key);
}

static Verdict matchPropertyExists(MatchContext *context, OSObject *value)
{
    return verdict(anyOf(context, value, hasProperty));
}

static Verdict matchPath(MatchContext *context, OSObject *value)
{
    OSString *path = OSDynamicCast(OSString, value);
    if (!path)
        return kNotMine;
    IORegistryEntry *entry   = IORegistryEntry_fromPath(OSString_getCStringNoCopy(path), NULL, NULL, NULL, NULL);
    bool             matches = entry == entryOf(context->service);
    OSRelease(entry);
    if (!matches && context->isCompatible)
        matches = OSObject_isEqualTo(value, OSDictionary_getObjectForSymbol(context->properties, serviceKeys.path));
    return verdict(matches);
}

static Verdict matchEntryID(MatchContext *context, OSObject *value)
{
    OSNumber *number = OSDynamicCast(OSNumber, value);
    if (!number)
        return kNotMine;
    return verdict(OSNumber_unsigned64BitValue(number) ==
                   IORegistryEntry_getRegistryEntryID(entryOf(context->service)));
}

static Verdict matchClientCount(MatchContext *context, OSObject *value)
{
    OSNumber *number = OSDynamicCast(OSNumber, value);
    uint32_t  count  = 0;
    if (!number)
        return kNotMine;
    ServiceList clients = {0};
    if (!serviceList_appendClients(&clients, context->service))
        return kDiffers;
    for (size_t i = 0; i < clients.count; i++) {
        OSObject *category = copyProperty(clients.items[i], serviceKeys.matchCategory);
        count += category && !IOService_isInactive(clients.items[i]);
        OSRelease(category);
    }
    serviceList_clear(&clients);
    return verdict(count == OSNumber_unsigned32BitValue(number));
}

static Verdict matchSameProperty(MatchContext *context, OSObject *value, const OSSymbol *key)
{
    OSObject *property = copyProperty(context->service, key);
    bool      matches  = OSObject_isEqualTo(value, property);
    OSRelease(property);
    return verdict(matches);
}

static Verdict matchBSDName(MatchContext *context, OSObject *value)
{
    return matchSameProperty(context, value, serviceKeys.bsdName);
}

static Verdict matchBSDMajor(MatchContext *context, OSObject *value)
{
    return matchSameProperty(context, value, serviceKeys.bsdMajor);
}

static Verdict matchBSDMinor(MatchContext *context, OSObject *value)
{
    return matchSameProperty(context, value, serviceKeys.bsdMinor);
}

static Verdict matchBSDUnit(MatchContext *context, OSObject *value)
{
    return matchSameProperty(context, value, serviceKeys.bsdUnit);
}

typedef struct MatchRow {
    const OSSymbol **key;
    Verdict (*match)(MatchContext *context, OSObject *value);
} MatchRow;

static const MatchRow kRows[] = {
    {&serviceKeys.notificationUser, matchUser},
    {&serviceKeys.compatibilityMatch, matchCompatibility}, /* changes what the next ones compare with */
    {&serviceKeys.providerClass, matchClass},
    {&serviceKeys.nameMatch, matchName},
    {&serviceKeys.locationMatch, matchLocationString},
    {&serviceKeys.propertyMatch, matchProperties},
    {&serviceKeys.propertyExistsMatch, matchPropertyExists},
    {&serviceKeys.pathMatch, matchPath},
    {&serviceKeys.entryID, matchEntryID},
    {&serviceKeys.matchedServiceCount, matchClientCount},
    {&serviceKeys.bsdName, matchBSDName},
    {&serviceKeys.bsdMajor, matchBSDMajor},
    {&serviceKeys.bsdMinor, matchBSDMinor},
    {&serviceKeys.bsdUnit, matchBSDUnit},
};

/* Whether every row's key in the dictionary holds; *ret_complete: it has no other keys. */
static bool matchRows(IOService *self, OSDictionary *table, uint32_t options, bool *ret_complete)
{
    MatchContext context = {.service = self, .table = table, .options = options};
    unsigned     count   = OSDictionary_getCount(table), done = 0;
    bool         matches = true;
    for (size_t i = 0; matches && done < count && i < sizeof kRows / sizeof kRows[0]; i++) {
        OSObject *value  = OSDictionary_getObjectForSymbol(table, *kRows[i].key);
        Verdict   result = value ? kRows[i].match(&context, value) : kNotMine;
        done += result != kNotMine;
        matches = result != kDiffers;
    }
    OSRelease(context.properties);
    *ret_complete = done == count;
    return matches;
}

/* --- the whole question ------------------------------------------------------------------------------------------ */

static bool askFamily(IOService *self, OSDictionary *table, uint32_t options)
{
    int32_t score = service_probeScore(OSObjectOf(table));
    if (!IOService_matchPropertyTable(self, table, &score))
        return false;
    if (!(options & kIOServiceMatchChangesOK))
        return true;
    OSNumber *number = OSNumber_withNumber((uint32_t)score, 32);
    bool      ok = number && OSDictionary_setObjectForSymbol(table, serviceKeys.probeScore, OSObjectOf(number));
    OSRelease(number);
    return ok;
}

static OSDictionary *nestedTable(OSDictionary *table, const OSSymbol *key)
{
    return OSDynamicCast(OSDictionary, OSDictionary_getObjectForSymbol(table, key));
}

static bool matchAnAncestor(IOService *self, OSDictionary *table)
{
    bool       matches = false;
    IOService *next;
    for (IOService *at = IOService_copyProvider(self); at; at = next) {
        matches = IOService_matchPassive(at, table, 0);
        next    = matches ? NULL : IOService_copyProvider(at);
        OSRelease(at);
    }
    return matches;
}

static bool matchAtLocation(IOService *self, OSDictionary *table)
{
    IOService *provider = IOService_copyProvider(self);
    IOService *place    = provider ? IOService_matchLocation(provider, provider) : NULL;
    bool       matches  = place && IOService_matchPassive(place, table, 0);
    OSRelease(provider);
    return matches;
}

bool IOService_matchPassive(IOService *self, OSDictionary *table, uint32_t options)
{
    bool complete;
    if (!matchRows(self, table, options, &complete))
        return false;
    if (complete)
        return true;
    if (!askFamily(self, table, options))
        return false;
    OSDictionary *parent   = nestedTable(table, serviceKeys.parentMatch);
    OSDictionary *location = parent ? NULL : nestedTable(table, serviceKeys.locationMatch);
    if (parent)
        return matchAnAncestor(self, parent);
    return !location || matchAtLocation(self, location);
}

/* --- names ------------------------------------------------------------------------------------------------------ */

bool IOService_compareName_(const IORegistryEntry *entry, OSString *name, OSString **matched)
{
    if (IORegistryEntry_super()->compareName(entry, name, matched))
        return true;
    OSArray *names = serviceIndex_copyMatchNames(OSRequiredCast(IOService, entry));
    bool     found = false;
    for (unsigned i = 0; names && !found && i < OSArray_getCount(names); i++)
        found = OSString_isEqualTo(name, OSArray_getObject(names, i));
    OSRelease(names);
    if (found && matched)
        *matched = OSRetain(name);
    return found;
}

/* --- helpers of families ----------------------------------------------------------------------------------------- */

bool IOService_compareProperty(IOService *self, OSDictionary *matching, const char *key)
{
    OSObject *value = OSDictionary_getObject(matching, key);
    return !value || IORegistryEntry_propertyHasValue(entryOf(self), key, value);
}

bool IOService_compareProperties(IOService *self, OSDictionary *matching, OSArray *keys)
{
    bool matches = matching && keys;
    for (unsigned i = 0; matches && i < OSArray_getCount(keys); i++) {
        OSString *key = OSDynamicCast(OSString, OSArray_getObject(keys, i));
        matches       = !key || IOService_compareProperty(self, matching, OSString_getCStringNoCopy(key));
    }
    return matches;
}
