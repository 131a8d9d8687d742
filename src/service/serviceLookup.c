/* SPDX-License-Identifier: MIT */
/*
 * Finding registered services by a matching dictionary (SEMANTICS 3.46, 3.47): the index gives the candidates of the
 * narrowest key there is, each is then asked with no lock held.
 */
#include "service/IOServicePrivate.h"

/* --- what to ask the index --------------------------------------------------------------------------------------- */

typedef struct NameAdder {
    OSArray *names;
    bool     failed;
} NameAdder;

static bool addName(OSObject *value, void *argument)
{
    NameAdder      *adder  = argument;
    OSString       *text   = OSDynamicCast(OSString, value);
    const OSSymbol *symbol = text ? OSSymbol_existingSymbolForString(text) : NULL;
    adder->failed          = symbol && !OSArray_setObject(adder->names, OSObjectOf(symbol));
    OSRelease(symbol);
    return adder->failed;
}

/* A text that is no symbol is nobody's name: the array then stays empty. */
static bool addNames(IndexQuery *query, OSObject *names)
{
    OSCollection *collection = OSDynamicCast(OSCollection, names);
    NameAdder     adder      = {.names = OSArray_withCapacity(1)};
    query->names             = adder.names;
    if (!query->names)
        return false;
    if (collection)
        (void)OSCollection_iterateObjects(collection, addName, &adder); /* changed meanwhile: the caller's affair */
    else
        (void)addName(names, &adder); /* the answer is in adder */
    return !adder.failed;
}

static void narrowToText(IndexQuery *query, const OSSymbol **field, OSString *text)
{
    *field         = OSSymbol_existingSymbolForString(text);
    query->isEmpty = query->isEmpty || !*field;
}

static void narrowToPath(IndexQuery *query, OSString *path)
{
    IORegistryEntry *entry = IORegistryEntry_fromPath(OSString_getCStringNoCopy(path), NULL, NULL, NULL, NULL);
    query->entryID         = entry ? IORegistryEntry_getRegistryEntryID(entry) : 0;
    query->isEmpty         = query->entryID == 0;
    OSRelease(entry);
}

static OSObject *keyOf(OSDictionary *matching, const OSSymbol *key)
{
    return OSDictionary_getObjectForSymbol(matching, key);
}

bool indexQuery_begin(IndexQuery *query, OSDictionary *matching, uint32_t state)
{
    OSNumber *entryID    = OSDynamicCast(OSNumber, keyOf(matching, serviceKeys.entryID));
    OSString *path       = OSDynamicCast(OSString, keyOf(matching, serviceKeys.pathMatch));
    OSString *bsdName    = OSDynamicCast(OSString, keyOf(matching, serviceKeys.bsdName));
    OSString *className  = OSDynamicCast(OSString, keyOf(matching, serviceKeys.providerClass));
    OSObject *names      = keyOf(matching, serviceKeys.nameMatch);
    bool      compatible = keyOf(matching, serviceKeys.compatibilityMatch);
    bool      ok         = true;

    *query                = (IndexQuery){.state = state};
    query->alsoCompatible = compatible && className;
    if (entryID) {
        query->entryID = OSNumber_unsigned64BitValue(entryID);
        query->isEmpty = query->entryID == 0;
    } else if (path && !compatible) {
        narrowToPath(query, path);
    } else if (bsdName) {
        narrowToText(query, &query->bsdName, bsdName);
    } else if (names) {
        ok = addNames(query, names);
    } else if (className) {
        query->className = OSSymbol_existingSymbolForString(className);
        query->isEmpty   = !query->className && !compatible;
    }
    if (!ok)
        indexQuery_end(query);
    return ok;
}

void indexQuery_end(IndexQuery *query)
{
    OSSafeReleaseNULL(query->bsdName);
    OSSafeReleaseNULL(query->names);
    OSSafeReleaseNULL(query->className);
    OSSafeReleaseNULL(query->found);
}

/* --- asking ----------------------------------------------------------------------------------------------------- */

/* The candidates, retained; false without memory. limit: at most so many when no more questions are left. */
static bool copyCandidates(OSDictionary *matching, uint32_t state, size_t limit, ServiceList *list)
{
    IndexQuery query;
    if (!indexQuery_begin(&query, matching, state))
        return false;
    if (OSDictionary_getCount(matching) == 1 && query.className && !query.alsoCompatible)
        query.limit = limit;
    bool ok = serviceIndex_copyServices(&query, list);
    indexQuery_end(&query);
    return ok;
}

/* Appends those services in the state that match; false without memory. */
static bool copyMatching(OSDictionary *matching, uint32_t state, size_t limit, ServiceList *found)
{
    ServiceList candidates = {0};
    bool        ok         = copyCandidates(matching, state, limit, &candidates);
    for (size_t i = 0; ok && i < candidates.count && (!limit || found->count < limit); i++)
        if (IOService_matchPassive(candidates.items[i], matching, 0))
            ok = serviceList_append(found, candidates.items[i]);
    serviceList_clear(&candidates);
    return ok;
}

OSIterator *IOService_getMatchingServices(OSDictionary *matching)
{
    ServiceList           found    = {0};
    OSCollectionIterator *iterator = NULL;
    if (!matching)
        return NULL;
    bool     ok    = copyMatching(matching, kIOServiceMatchedState, 0, &found) && found.count > 0;
    OSArray *array = ok ? OSArray_withObjects((const OSObject *const *)(const void *)found.items, (unsigned)found.count,
                                              (unsigned)found.count)
                        : NULL;
    if (array)
        iterator = OSCollectionIterator_withCollection(&array->super);
    OSRelease(array);
    serviceList_clear(&found);
    return iterator ? &iterator->super : NULL;
}

IOService *IOService_copyMatchingService(OSDictionary *matching)
{
    ServiceList found   = {0};
    IOService  *service = NULL;
    if (matching && copyMatching(matching, kIOServiceMatchedState, 1, &found) && found.count)
        service = OSRetain(found.items[0]);
    serviceList_clear(&found);
    return service;
}

/* --- when personalities change ------------------------------------------------------------------------------------ */

IOReturn IOService_catalogNewDrivers(OSOrderedSet *tables)
{
    ServiceList services = {0};
    bool        ok       = true;
    for (unsigned i = 0; i < OSOrderedSet_getCount(tables); i++) {
        OSDictionary *table = OSDynamicCast(OSDictionary, OSOrderedSet_getObject(tables, i));
        if (table)
            ok = copyMatching(table, kIOServiceRegisteredState, 0, &services) && ok;
    }
    /* A service that several tables match comes up several times: it then just asks for the same pass again. */
    for (size_t i = 0; i < services.count; i++)
        IOService_startMatching(services.items[i], kIOServiceAsynchronous);
    serviceList_clear(&services);
    return ok ? kIOReturnSuccess : kIOReturnNoMemory;
}
