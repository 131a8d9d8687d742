/* SPDX-License-Identifier: MIT */
/*
 * Probing and starting: what one matching pass does with the candidates (SEMANTICS 3c).
 *
 *   1. drain     personalities, highest score first, merged with the publish notifications by priority: the category is
 *                free, the dictionary matches, the module is there. One that is not there stalls the whole pass.
 *   2. probe     the survivors by their score as the family adjusted it: alloc, init, attach, probe, detach
 *   3. start     in each category, in the order in which categories got their first instance: the best that starts
 *
 * Everything here runs on the thread of the job with no lock held. What could not be done for lack of memory is a
 * candidate that did not match: the next pass considers it again.
 */
#include "service/IOServicePrivate.h"

#include <IOKit/IOCatalogue.h>
#include <libkern/OSKextLib.h>

typedef struct Probing {
    IOService    *provider;
    OSOrderedSet *survivors;  /* owned; personality copies by adjusted score */
    OSDictionary *categories; /* owned; category to OSOrderedSet of probed instances */
    bool          isStalled;  /* a module has to come first */
} Probing;

static const OSSymbol *copyCategory(OSDictionary *table)
{
    OSObject *value    = OSDictionary_getObjectForSymbol(table, serviceKeys.matchCategory);
    OSString *category = OSDynamicCast(OSString, value);
    return category ? OSSymbol_withString(category) : OSRetain(serviceKeys.defaultMatchCategory);
}

IOService *IOService_copyClientWithCategory(const IOService *self, const OSSymbol *category)
{
    IOService  *found   = NULL;
    ServiceList clients = {0};
    (void)serviceList_appendClients(&clients, self); /* without memory: none */
    for (size_t i = 0; !found && i < clients.count; i++) {
        IOService *client = clients.items[i];
        if (IOService_isInactive(client) && !coreOf(client)->rematchOnDetach)
            continue;
        if (IORegistryEntry_propertyHasValue(entryOf(client), kIOMatchCategoryKey, OSObjectOf(category)))
            found = OSRetain(client);
    }
    serviceList_clear(&clients);
    return found;
}

/* --- 1. drain --------------------------------------------------------------------------------------------------- */

static bool categoryIsTaken(IOService *provider, OSDictionary *table)
{
    const OSSymbol *category = copyCategory(table);
    IOService      *client   = category ? IOService_copyClientWithCategory(provider, category) : NULL;
    bool            taken    = client || !category;
    OSRelease(client);
    OSRelease(category);
    return taken;
}

static void considerPersonality(Probing *probing, OSDictionary *table)
{
    if (categoryIsTaken(probing->provider, table))
        return;
    OSDictionary *copy = OSDictionary_withDictionary(table, 0);
    if (copy && IOService_matchPassive(probing->provider, copy, kIOServiceMatchChangesOK | kIOServiceMatchClassDone)) {
        probing->isStalled = !IOCatalogue_isModuleLoaded(table);
        if (!probing->isStalled)
            (void)OSOrderedSet_setObject(probing->survivors, OSObjectOf(copy)); /* no memory: no match */
    }
    OSRelease(copy);
}

/* Publish notifications and personalities, whichever comes first; notifier is the first of them (owned) or NULL. */
static void drain(Probing *probing, OSOrderedSet *candidates, IONotifier *notifier, uint64_t serial)
{
    unsigned next = 0, count = candidates ? OSOrderedSet_getCount(candidates) : 0;
    while (!probing->isStalled && (notifier || next < count)) {
        OSObject *table = next < count ? OSOrderedSet_getObject(candidates, next) : NULL;
        if (notifier && (!table || notifier->priority > service_probeScore(table))) {
            if (!IOService_isInactive(probing->provider))
                serviceNotification_run(probing->provider, notifier);
            notifier = serviceNotification_copyNext(probing->provider, kNotifyPublish, notifier, serial);
            continue;
        }
        next++;
        if (OSDynamicCast(OSDictionary, table))
            considerPersonality(probing, OSRequiredCast(OSDictionary, table));
    }
    OSRelease(notifier);
}

/* --- 2. probe --------------------------------------------------------------------------------------------------- */

/* A new driver of the personality's class, initialised with it; NULL when there is none to be had. */
static IOService *makeInstance(OSDictionary *table)
{
    OSString *className = OSDynamicCast(OSString, OSDictionary_getObjectForSymbol(table, serviceKeys.ioClass));
    if (!className)
        return NULL;
    OSObject  *object   = OSMetaClass_allocClassWithName(OSString_getCStringNoCopy(className));
    IOService *instance = OSDynamicCast(IOService, object);
    if (!instance) {
        OSString *bundle = OSDynamicCast(OSString, OSDictionary_getObject(table, kCFBundleIdentifierKey));
        IOLog("Couldn't alloc class \"%s\" for a personality of %s", OSString_getCStringNoCopy(className),
              bundle ? OSString_getCStringNoCopy(bundle) : "no bundle");
        OSRelease(object);
        return NULL;
    }
    if (!IOService_init(instance, table))
        OSSafeReleaseNULL(instance);
    return instance;
}

/* Puts the instance into the list of its category, highest score first. */
static bool addToCategory(Probing *probing, const OSSymbol *category, IOService *instance)
{
    OSObject     *object = OSDictionary_getObjectForSymbol(probing->categories, category);
    OSOrderedSet *list   = OSRetain(OSDynamicCast(OSOrderedSet, object));
    if (!list) {
        list = OSOrderedSet_withCapacity(1, IOServiceOrdering, NULL);
        if (!list || !OSDictionary_setObjectForSymbol(probing->categories, category, OSObjectOf(list))) {
            OSRelease(list);
            return false;
        }
    }
    bool ok = OSOrderedSet_setObject(list, OSObjectOf(instance));
    OSRelease(list);
    return ok;
}

static bool setScore(IOService *instance, int32_t score)
{
    OSNumber *number = OSNumber_withNumber((uint32_t)score, 32);
    bool      ok = number && IORegistryEntry_setPropertyForSymbol(entryOf(instance), serviceKeys.probeScore,
                                                                  OSObjectOf(number));
    OSRelease(number);
    return ok;
}

static void probeInstance(Probing *probing, IOService *instance, const OSSymbol *category, int32_t score)
{
    IOService *provider = probing->provider;
    if (!IORegistryEntry_setPropertyForSymbol(entryOf(instance), serviceKeys.matchCategory, OSObjectOf(category)))
        return;
    IOService_setTerminateDefer(instance, NULL, true); /* it is in the plane: somebody may find and terminate it */
    bool       attached = IOService_attach(instance, provider);
    IOService *chosen   = attached ? OSRetain(IOService_probe(instance, provider, &score)) : NULL;
    if (attached)
        IOService_detach(instance, provider);
    IOService_setTerminateDefer(instance, NULL, false);
    if (chosen && setScore(chosen, score))
        (void)addToCategory(probing, category, chosen); /* no memory: it did not match */
    OSRelease(chosen);
}

static void probeSurvivor(Probing *probing, OSDictionary *table)
{
    int32_t         score    = service_probeScore(OSObjectOf(table));
    IOService      *instance = makeInstance(table);
    const OSSymbol *category = copyCategory(table);
    if (instance && category) {
        coreOf(instance)->isSynchronous = coreOf(probing->provider)->isSynchronous;
        probeInstance(probing, instance, category, score);
    }
    OSRelease(category);
    OSRelease(instance);
}

/* --- 3. start --------------------------------------------------------------------------------------------------- */

static void waitForResource(const IOService *self, OSObject *wanted)
{
    OSString     *name     = OSDynamicCast(OSString, wanted);
    OSDictionary *matching = OSRetain(OSDynamicCast(OSDictionary, wanted));
    if (name)
        matching = IOService_resourceMatching(OSString_getCStringNoCopy(name), NULL);
    if (matching)
        OSRelease(IOService_waitForMatchingService(matching, UINT64_MAX));
    else
        IOLog("%s: Can't match using: %s", IORegistryEntry_getName(entryOf(self), NULL), OSObject_getClassName(wanted));
    OSRelease(matching);
}

static bool waitForOne(OSObject *wanted, void *service)
{
    waitForResource(service, wanted);
    return false;
}

/* Waits for what IOResourceMatch of the service names. */
static void waitForResources(IOService *self)
{
    OSObject    *wanted     = IORegistryEntry_copyPropertyForSymbol(entryOf(self), serviceKeys.resourceMatch);
    OSDictionary *table     = OSDynamicCast(OSDictionary, wanted);
    OSCollection *several   = table ? NULL : OSDynamicCast(OSCollection, wanted);
    if (several)
        (void)OSCollection_iterateObjects(several, waitForOne, self); /* waitForOne goes on to the end */
    else if (wanted)
        waitForResource(self, wanted);
    OSRelease(wanted);
}

static bool isResources(const IOService *self)
{
    return self == IOService_getResourceService() || self == IOService_getUserResourceService();
}

static bool startInstance(IOService *provider, IOService *instance)
{
    IOService_setTerminateDefer(instance, NULL, true); /* a terminate of its own waits for the end of start */
    bool started  = false;
    bool attached = !IOService_isInactive(instance) && IOService_attach(instance, provider); /* terminated at its probe */
    if (attached) {
        if (!isResources(provider)) {
            waitForResources(provider);
            waitForResources(instance);
        }
        started = IOService_start(instance, provider);
        if (!started)
            IOService_detach(instance, provider);
    }
    IOService_setTerminateDefer(instance, attached ? provider : NULL, false);
    return started;
}

/* The instances in the order of their scores until one starts. False when the rest of the pass is put off. */
static bool startCategory(IOService *provider, OSOrderedSet *instances)
{
    bool started = false;
    for (unsigned i = 0; !started && i < OSOrderedSet_getCount(instances); i++) {
        IOService *instance = OSRequiredCast(IOService, OSOrderedSet_getObject(instances, i));
        if (serviceDefer_putOff(provider, instance))
            return false;
        started = startInstance(provider, instance);
    }
    return true;
}

static void startBest(Probing *probing)
{
    bool goOn = true;
    for (unsigned i = 0; goOn && i < OSDictionary_getCount(probing->categories); i++) {
        const OSSymbol *category = OSDictionary_getKeyAtIndex(probing->categories, i);
        OSObject       *list     = OSDictionary_getObjectForSymbol(probing->categories, category);
        goOn                     = startCategory(probing->provider, OSRequiredCast(OSOrderedSet, list));
    }
}

/* --- the pass --------------------------------------------------------------------------------------------------- */

/* A stalled service stays busy until a pass goes through. */
static void setStalled(IOService *self, bool stalled)
{
    (void)IOService_lockForArbitration(self, true);
    bool was                     = coreOf(self)->isModuleStalled;
    coreOf(self)->isModuleStalled = stalled;
    IOService_unlockForArbitration(self);
    if (was != stalled)
        (void)serviceBusy_adjust(self, stalled ? +1 : -1);
}

static void probeAndStart(Probing *probing, OSOrderedSet *candidates, IONotifier *notifier, uint64_t serial)
{
    probing->survivors  = OSOrderedSet_withCapacity(1, IOServiceOrdering, NULL);
    probing->categories = OSDictionary_withCapacity(1);
    if (probing->survivors && probing->categories) {
        drain(probing, candidates, notifier, serial);
        for (unsigned i = 0; !probing->isStalled && i < OSOrderedSet_getCount(probing->survivors); i++)
            probeSurvivor(probing, OSRequiredCast(OSDictionary, OSOrderedSet_getObject(probing->survivors, i)));
        startBest(probing);
    } else {
        OSRelease(notifier);
    }
    OSRelease(probing->categories);
    OSRelease(probing->survivors);
}

/* After a pass, IOResourceMatched lists the resources that it could count on. */
static void noteResources(IOService *self, OSArray *resources)
{
    if (resources && !coreOf(self)->isModuleStalled)
        (void)IORegistryEntry_setPropertyForSymbol(entryOf(self), serviceKeys.resourceMatched,
                                                   OSObjectOf(resources)); /* no memory: the next pass does */
    OSRelease(resources);
}

void serviceProbe_candidates(IOService *self, OSOrderedSet *candidates, uint64_t publishSerial)
{
    Probing     probing   = {.provider = self};
    OSArray    *resources = isResources(self) ? IORegistryEntry_copyPropertyKeys(entryOf(self)) : NULL;
    IONotifier *notifier  = NULL;
    if (publishSerial)
        notifier = serviceNotification_copyNext(self, kNotifyPublish, NULL, publishSerial);
    bool hasWork = notifier || (candidates && OSOrderedSet_getCount(candidates) > 0);
    if (!hasWork) {
        setStalled(self, false);
    } else if (IOService_getResources(self) == kIOReturnSuccess) {
        probeAndStart(&probing, candidates, notifier, publishSerial);
        setStalled(self, probing.isStalled);
    } else {
        OSRelease(notifier);
    }
    noteResources(self, resources);
}
