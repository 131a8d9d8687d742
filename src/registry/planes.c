/* SPDX-License-Identifier: MIT */
/*
 * The registry's root, its properties, and the planes.
 *
 * Planes live as long as the host; the list of them is under the registry lock and only grows. The root's property
 * IORegistryPlanes is the same list for clients: a new dictionary each time, since whoever holds the former one may be
 * reading it. Making a plane runs under the root's property lock, so that two makers of one plane take turns.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <IOKit/IOLib.h>
#include <IOKit/IORegistryIterator.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSSymbol.h>

#include "IOKitDiagnostics.h"
#include "registryPrivate.h"
#include "registry/registryVersion.h"

enum { kPlaneNameMax = 32 }; /* characters; the rest of a longer name is ignored */

static IORegistryEntry *registryRoot; /* owned; constant after IORegistryEntry_initialize */

static struct {
    IORegistryPlane **list; /* owned; registry lock */
    size_t            count;
    size_t            capacity;
} planes;

/* ---- IORegistryPlane ---- */

const char *IORegistryPlane_getName(const IORegistryPlane *self)
{
    return OSSymbol_getCStringNoCopy(self->nameKey);
}

static bool IORegistryPlane_serialize_(const OSObject *object, OSSerialize *serializer)
{
    return OSObject_serialize(OSObjectOf(OSRequiredCast(IORegistryPlane, object)->nameKey), serializer);
}

static void IORegistryPlane_free_(OSObject *object)
{
    OSRelease(OSRequiredCast(IORegistryPlane, object)->nameKey);
    OSObject_super()->free(object);
}

OSDefineClass(IORegistryPlane, OSObject, .serialize = IORegistryPlane_serialize_, .free = IORegistryPlane_free_);

static IORegistryPlane *createPlane(const OSSymbol *name)
{
    IORegistryPlane *plane = OSTypeAlloc(IORegistryPlane);
    if (plane)
        plane->nameKey = OSRetain(name);
    return plane;
}

/* ---- The list of planes ---- */

static const IORegistryPlane *findPlane(const char *name)
{
    const IORegistryPlane *found = NULL;
    registry_lockForReading();
    for (size_t i = 0; i < planes.count && !found; i++)
        if (strcmp(IORegistryPlane_getName(planes.list[i]), name) == 0)
            found = planes.list[i];
    registry_unlock();
    return found;
}

static bool reservePlane(void)
{
    if (planes.count < planes.capacity)
        return true;
    size_t capacity = planes.capacity + 16;
    registry_lockForWriting();
    IORegistryPlane **list = IOReallocZero(planes.list, planes.capacity * sizeof *list, capacity * sizeof *list);
    if (list) {
        planes.list     = list;
        planes.capacity = capacity;
    }
    registry_unlock();
    return list;
}

static void addPlane(IORegistryPlane *plane)
{
    registry_lockForWriting();
    planes.list[planes.count++] = OSRetain(plane);
    registry_unlock();
}

/* Publishes a copy of the root's dictionary of planes with one more. False without memory. */
static bool publishPlane(IORegistryEntry *root, IORegistryPlane *plane)
{
    OSObject     *old  = IORegistryEntry_copyProperty(root, kIORegistryPlanesKey);
    OSDictionary *dict = OSDictionary_withDictionary(OSDynamicCast(OSDictionary, old), 0);
    bool          ok   = dict && OSDictionary_setObjectForSymbol(dict, plane->nameKey, OSObjectOf(plane)) &&
              IORegistryEntry_setProperty(root, kIORegistryPlanesKey, OSObjectOf(dict));
    OSRelease(dict);
    OSRelease(old);
    return ok;
}

/* Runs with the root's property lock held. */
static IOReturn makePlane(OSObject *target, void *name, void *ret_plane, void *unused2, void *unused3)
{
    const OSSymbol         *symbol = name;
    const IORegistryPlane **result = ret_plane;
    (void)unused2;
    (void)unused3;
    *result = findPlane(OSSymbol_getCStringNoCopy(symbol));
    if (*result)
        return kIOReturnSuccess;

    IORegistryPlane *plane = createPlane(symbol);
    if (plane && reservePlane() && publishPlane(OSRequiredCast(IORegistryEntry, target), plane)) {
        addPlane(plane);
        *result = plane;
    }
    OSRelease(plane);
    return *result ? kIOReturnSuccess : kIOReturnNoMemory;
}

const IORegistryPlane *IORegistryEntry_makePlane(const char *name)
{
    const IORegistryPlane *plane  = NULL;
    const OSSymbol        *symbol = OSSymbol_withStringOfLength(name, kPlaneNameMax);
    if (symbol)
        (void)IORegistryEntry_runPropertyAction(registryRoot, makePlane, OSObjectOf(registryRoot), (void *)symbol,
                                                &plane, NULL, NULL); /* plane says how it went */
    OSRelease(symbol);
    return plane;
}

const IORegistryPlane *IORegistryEntry_getPlane(const char *name)
{
    return name ? findPlane(name) : NULL;
}

/* ---- The root ---- */

static bool publishDiagnostics(IORegistryEntry *root)
{
    OSObject *diagnostics = IOKitDiagnostics_create();
    bool      ok          = diagnostics && IORegistryEntry_setProperty(root, kIOKitDiagnosticsKey, diagnostics);
    OSRelease(diagnostics);
    return ok;
}

static bool publishBuildVersion(IORegistryEntry *root)
{
    struct utsname system;
    char           text[sizeof system + 64];
    if (uname(&system) != 0)
        return false;
    snprintf(text, sizeof text, "OpenIOKit Version " OPENIOKIT_VERSION "; %s %s; %s", system.sysname, system.release,
             system.machine);
    return IORegistryEntry_setPropertyString(root, kIOKitBuildVersionKey, text);
}

static bool publishNoPlanes(IORegistryEntry *root)
{
    OSDictionary *none = OSDictionary_withCapacity(1);
    bool          ok   = none && IORegistryEntry_setProperty(root, kIORegistryPlanesKey, OSObjectOf(none));
    OSRelease(none);
    return ok;
}

static bool registerClasses(void)
{
    static OSMetaClass *const classes[] = {&IORegistryEntry_class, &IORegistryPlane_class, &IORegistryIterator_class,
                                           &IOKitDiagnostics_class};
    static const OSClassList  list      = {classes, sizeof classes / sizeof classes[0]};
    static bool               done;
    if (!done)
        done = OSMetaClass_registerModule("com.apple.kpi.iokit", &list) == kOSReturnSuccess;
    return done;
}

IORegistryEntry *IORegistryEntry_initialize(void)
{
    if (registryRoot)
        return registryRoot;
    IORegistryEntry *root = registerClasses() ? OSTypeAlloc(IORegistryEntry) : NULL;
    bool             ok   = root && IORegistryEntry_init(root, NULL) && IORegistryEntry_setName(root, "Root", NULL) &&
              publishBuildVersion(root) && publishNoPlanes(root) && publishDiagnostics(root);
    if (ok) {
        registry_lockForWriting();
        ok = registry_assignID_locked(root);
        registry_unlock();
    }
    if (!ok)
        OSSafeReleaseNULL(root);
    registryRoot = root;
    return root;
}

IORegistryEntry *IORegistryEntry_getRegistryRoot(void)
{
    return registryRoot;
}
