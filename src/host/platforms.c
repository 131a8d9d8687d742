/* SPDX-License-Identifier: MIT */
/*
 * Naming the machine. The catalogue says which platforms there are: the personalities with the provider class
 * IOPlatformExpertDevice that match by name.
 */
#include "platforms.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOPlatformExpert.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSIterator.h>
#include <libkern/OSString.h>

enum { kStopNanoseconds = 2000000000 };

static void addName(OSArray *names, OSObject *value)
{
    OSString *name = OSDynamicCast(OSString, value);
    for (unsigned i = 0; name && i < OSArray_getCount(names); i++)
        if (OSObject_isEqualTo(OSArray_getObject(names, i), value))
            return;
    if (name)
        (void)OSArray_setObject(names, value); /* a list to choose from: one that is missing is not offered */
}

/* The names of all platforms, +1. */
static OSArray *copyKnownNames(void)
{
    OSArray *personalities = IOCatalogue_copyPersonalities();
    OSArray *names = OSArray_withCapacity(4);
    for (unsigned i = 0; personalities && names && i < OSArray_getCount(personalities); i++) {
        OSDictionary *each = OSDynamicCast(OSDictionary, OSArray_getObject(personalities, i));
        OSString *provider = OSDynamicCast(OSString, OSDictionary_getObject(each, kIOProviderClassKey));
        OSObject *match = OSDictionary_getObject(each, kIONameMatchKey);
        OSArray *several = OSDynamicCast(OSArray, match);
        if (!provider || strcmp(OSString_getCStringNoCopy(provider), "IOPlatformExpertDevice") != 0)
            continue;
        addName(names, match);
        for (unsigned j = 0; several && j < OSArray_getCount(several); j++)
            addName(names, OSArray_getObject(several, j));
    }
    OSRelease(personalities);
    return names;
}

/* The known name, borrowed from the array, or NULL. */
static OSObject *findName(OSArray *known, const char *name)
{
    for (unsigned i = 0; i < OSArray_getCount(known); i++) {
        OSString *each = OSRequiredCast(OSString, OSArray_getObject(known, i));
        if (strcmp(OSString_getCStringNoCopy(each), name) == 0)
            return OSObjectOf(each);
    }
    return NULL;
}

static void complain(const char *name, OSArray *known)
{
    fprintf(stderr, "iokitd: there is no platform '%s'; there are:", name);
    for (unsigned i = 0; i < OSArray_getCount(known); i++)
        fprintf(stderr, " %s", OSString_getCStringNoCopy(OSRequiredCast(OSString, OSArray_getObject(known, i))));
    fputs(OSArray_getCount(known) ? "\n" : " none in the folders of extensions\n", stderr);
}

/* Those of the names that are known; an exit status, as HostPlatforms_start. */
static int choose(const char *const *names, unsigned count, bool mustBeKnown, OSArray *known, OSArray *chosen)
{
    for (unsigned i = 0; i < count; i++) {
        OSObject *name = findName(known, names[i]);
        if (!name && mustBeKnown) {
            complain(names[i], known);
            return EX_USAGE;
        }
        if (name && !OSArray_setObject(chosen, name))
            return EX_OSERR;
    }
    return EX_OK;
}

int HostPlatforms_start(const char *const *names, unsigned count)
{
    static const char *const kDefault[] = {"linux", "simulation"};
    IOService *machine = IOService_getServiceRoot();
    OSArray   *known   = copyKnownNames();
    OSArray   *chosen  = OSArray_withCapacity(4);
    int        result  = EX_OSERR;
    if (known && chosen && count)
        result = choose(names, count, true, known, chosen);
    else if (known && chosen)
        result = choose(kDefault, sizeof kDefault / sizeof kDefault[0], false, known, chosen);
    if (result == EX_OK && !IOService_setMatchNames(machine, chosen))
        result = EX_OSERR;
    if (result == EX_OK)
        IOService_registerService(machine);
    if (result == EX_OSERR)
        fprintf(stderr, "iokitd: no memory for the platforms\n");
    OSRelease(known);
    OSRelease(chosen);
    return result;
}

/* The machine itself stays: programs' registry root hangs on it. */
void HostPlatforms_stop(void)
{
    IOService *machine = IOService_getServiceRoot();
    OSIterator *clients = IOService_getClientIterator(machine);
    OSObject *each;
    while (clients && (each = OSIterator_getNextObject(clients))) {
        IOService *service = OSRequiredCast(IOService, each);
        if (service != IOService_getResourceService() && service != IOService_getUserResourceService())
            (void)IOService_terminate(service, 0); /* without memory it stays: the process ends */
    }
    OSRelease(clients);
    (void)IOKit_quiesce(kStopNanoseconds); /* a driver that is stuck does not keep the host alive */
}
