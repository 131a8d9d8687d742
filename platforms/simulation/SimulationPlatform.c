/* SPDX-License-Identifier: MIT */
/*
 * SimulationPlatform: devices that exist only in the host. It matches IOPlatformExpertDevice when the host was asked for the
 * platform "simulation" and plugs in every board of boards.c that is there from the start.
 *
 * A program can plug and unplug while the host runs, by setting properties of this service:
 *     Plug     a board's name, or an array of them: one more of it
 *     Unplug   the same: the one plugged in last is terminated
 * An unknown name is kIOReturnNotFound, unplugging what is not there kIOReturnNoDevice; then nothing after it is done.
 *
 * The list of what is plugged in has a lock (a leaf: nothing is called out with it held), because programs come on any
 * thread.
 */
#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <IOKit/IOPlatformDevice.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>

#include "boards.h"

#define kSimulationPlugKey   "Plug"
#define kSimulationUnplugKey "Unplug"

enum { kPluggedMax = 4096 }; /* boards at a time: a program may not fill the host */

OSDeclareClass(SimulationPlatform);
struct SimulationPlatform {
    IOService       super;
    pthread_mutex_t lock;
    bool            haveLock;
    OSArray        *plugged; /* lock; owned; nubs in the order in which they were plugged in */
};

static bool addPlugged(SimulationPlatform *self, IOPlatformDevice *nub)
{
    pthread_mutex_lock(&self->lock);
    bool added = OSArray_getCount(self->plugged) < kPluggedMax && OSArray_setObject(self->plugged, OSObjectOf(nub));
    pthread_mutex_unlock(&self->lock);
    return added;
}

/* Takes the last nub of that name off the list; +1 or NULL. */
static IOService *takePlugged(SimulationPlatform *self, const char *name)
{
    IOService *found = NULL;
    pthread_mutex_lock(&self->lock);
    for (unsigned i = OSArray_getCount(self->plugged); i-- > 0 && !found;) {
        IOService *nub = OSRequiredCast(IOService, OSArray_getObject(self->plugged, i));
        if (strcmp(IORegistryEntry_getName(&nub->super, NULL), name) != 0)
            continue;
        found = OSRetain(nub);
        OSArray_removeObject(self->plugged, i);
    }
    pthread_mutex_unlock(&self->lock);
    return found;
}

static IOReturn plug(SimulationPlatform *self, const char *name)
{
    const Board *board = board_find(name);
    if (!board)
        return kIOReturnNotFound;
    IOPlatformDevice *nub = board_create(board);
    if (!nub)
        return kIOReturnNoMemory;
    IOReturn result = kIOReturnNoResources;
    if (IOService_attach(&nub->super, &self->super)) {
        if (addPlugged(self, nub)) {
            IOService_registerService(&nub->super);
            result = kIOReturnSuccess;
        } else {
            IOService_terminate(&nub->super, 0);
        }
    }
    OSRelease(nub);
    return result;
}

static IOReturn unplug(SimulationPlatform *self, const char *name)
{
    if (!board_find(name))
        return kIOReturnNotFound;
    IOService *nub = takePlugged(self, name);
    if (!nub)
        return kIOReturnNoDevice;
    IOService_terminate(nub, 0);
    OSRelease(nub);
    return kIOReturnSuccess;
}

typedef IOReturn (*BoardAction)(SimulationPlatform *self, const char *name);

/* names: a string or an array of strings. */
static IOReturn forEachName(SimulationPlatform *self, const OSObject *names, BoardAction action)
{
    const OSString *name = OSDynamicCast(OSString, names);
    const OSArray  *list = OSDynamicCast(OSArray, names);
    if (name)
        return action(self, OSString_getCStringNoCopy(name));
    IOReturn result = list ? kIOReturnSuccess : kIOReturnBadArgument;
    for (unsigned i = 0; list && result == kIOReturnSuccess && i < OSArray_getCount(list); i++) {
        name   = OSDynamicCast(OSString, OSArray_getObject(list, i));
        result = name ? action(self, OSString_getCStringNoCopy(name)) : kIOReturnBadArgument;
    }
    return result;
}

static IOReturn SimulationPlatform_setProperties(IORegistryEntry *entry, OSObject *properties)
{
    SimulationPlatform *self    = OSRequiredCast(SimulationPlatform, entry);
    OSDictionary       *dict    = OSDynamicCast(OSDictionary, properties);
    OSObject           *plugs   = dict ? OSDictionary_getObject(dict, kSimulationPlugKey) : NULL;
    OSObject           *unplugs = dict ? OSDictionary_getObject(dict, kSimulationUnplugKey) : NULL;
    if (!plugs && !unplugs)
        return kIOReturnUnsupported;
    IOReturn result = plugs ? forEachName(self, plugs, plug) : kIOReturnSuccess;
    if (result == kIOReturnSuccess && unplugs)
        result = forEachName(self, unplugs, unplug);
    return result;
}

static void SimulationPlatform_free(OSObject *object)
{
    SimulationPlatform *self = OSRequiredCast(SimulationPlatform, object);
    OSSafeReleaseNULL(self->plugged);
    if (self->haveLock)
        pthread_mutex_destroy(&self->lock);
    IOService_super()->free(object);
}

static bool SimulationPlatform_init(IORegistryEntry *entry, OSDictionary *properties)
{
    SimulationPlatform *self = OSRequiredCast(SimulationPlatform, entry);
    self->haveLock           = pthread_mutex_init(&self->lock, NULL) == 0;
    self->plugged            = OSArray_withCapacity(16);
    return IOService_super()->init(entry, properties) && self->haveLock && self->plugged;
}

static void SimulationPlatform_stop(IOService *service, IOService *provider)
{
    SimulationPlatform *self = OSRequiredCast(SimulationPlatform, service);
    pthread_mutex_lock(&self->lock);
    OSArray_flushCollection(self->plugged); /* the boards were this service's clients: they are gone */
    pthread_mutex_unlock(&self->lock);
    IOService_super()->stop(service, provider);
}

static bool SimulationPlatform_start(IOService *service, IOService *provider)
{
    SimulationPlatform *self = OSRequiredCast(SimulationPlatform, service);
    if (!IOService_super()->start(service, provider))
        return false;
    IOService_registerService(service);
    for (const Board *board = boards; board->name; board++)
        if (board->isThereFromTheStart && plug(self, board->name) != kIOReturnSuccess)
            IOLog("simulation: no %s: out of memory", board->name);
    return true;
}

OSDefineClass(SimulationPlatform, IOService, .init = SimulationPlatform_init, .free = SimulationPlatform_free,
              .start = SimulationPlatform_start, .stop = SimulationPlatform_stop,
              .setProperties = SimulationPlatform_setProperties);

OSExportClasses(&SimulationPlatform_class);
