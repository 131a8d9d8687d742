/* SPDX-License-Identifier: MIT */
/*
 * catalogueRequests: what clients ask of the catalogue: ending drivers, and the flags of IOCatalogueSendData, GetData and
 * Terminate.
 *
 * Terminating walks the service plane and starts again whenever the plane changed under the walk, which each termination
 * does; what is inactive by then is passed over, so the walk ends. No lock is held.
 */
#include "IOCataloguePrivate.h"

#include <string.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOKitServer.h>
#include <IOKit/IOLib.h>
#include <IOKit/IORegistryIterator.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSSerialize.h>

#include "OSKextPrivate.h"

static const uint64_t kUnloadPatience = 5000000000u; /* nanoseconds: for terminated drivers to be let go of */

/* Which services a request is about; a NULL field is about all of them. */
typedef struct Selection {
    OSDictionary *matching; /* the keys their property tables contain */
    const char   *className;
} Selection;

static bool isSelected(IOService *service, const Selection *selection)
{
    if (IOService_isInactive(service))
        return false;
    if (selection->className && !OSMetaClass_checkMetaCastWithName(selection->className, OSObjectOf(service)))
        return false;
    if (!selection->matching)
        return true;
    OSDictionary *properties = IORegistryEntry_dictionaryWithProperties(&service->super);
    bool          selected   = properties && OSDictionary_isEqualToWithKeys(properties, selection->matching,
                                                                            &selection->matching->super);
    OSRelease(properties);
    return selected;
}

/* Whether clients may end services of this class: its bundle's word, else not for the kit's and Apple's. */
static bool mayTerminate(IOService *service)
{
    const char *identifier = OSObject_getMetaClass(OSObjectOf(service))->module;
    OSKext     *kext       = OSKext_lookupKextWithIdentifier(identifier);
    OSObject   *allow      = kext ? OSKext_copyProperty(kext, kOSBundleAllowUserTerminateKey) : NULL;
    bool        may        = strcmp(identifier, kOSKextKernelIdentifier) != 0 &&
               strncmp(identifier, "com.apple.", strlen("com.apple.")) != 0;
    if (allow)
        may = allow == OSObjectOf(kOSBooleanTrue);
    if (!may)
        IOLog("IOCatalogue: clients may not terminate %s of %s", OSObject_getClassName(OSObjectOf(service)), identifier);
    OSRelease(allow);
    OSRelease(kext);
    return may;
}

static IOReturn terminateOne(IOService *service)
{
    if (!mayTerminate(service))
        return kIOReturnUnsupported;
    if (!IOService_terminate(service, kIOServiceRequired | kIOServiceSynchronous))
        return kIOReturnUnsupported;
    return kIOReturnSuccess;
}

/* ret_count: NULL, or gets how many were terminated. */
static IOReturn terminateSelected(const Selection *selection, unsigned *ret_count)
{
    unsigned            count = 0;
    IORegistryIterator *iterator =
        IORegistryIterator_iterateOverPlane(IORegistryEntry_getPlane(kIOServicePlane), kIORegistryIterateRecursively);
    IOReturn            result = iterator ? kIOReturnSuccess : kIOReturnNoMemory;
    while (result == kIOReturnSuccess) {
        IORegistryEntry *entry = IORegistryIterator_getNextObject(iterator);
        IOService       *service = OSDynamicCast(IOService, entry);
        if (!entry) {
            if (IORegistryIterator_isValid(iterator))
                break;
            IORegistryIterator_reset(iterator);
        } else if (service && isSelected(service, selection)) {
            OSRetain(service);
            result = terminateOne(service);
            count += result == kIOReturnSuccess;
            OSRelease(service);
        }
    }
    OSRelease(iterator);
    if (ret_count)
        *ret_count = count;
    return result;
}

static IOReturn terminateAndRemove(OSDictionary *matching, unsigned *ret_count)
{
    IOReturn result = terminateSelected(&(Selection){.matching = matching}, ret_count);
    if (result == kIOReturnSuccess && !IOCatalogue_removeDrivers(matching, false))
        result = kIOReturnNoMemory;
    return result;
}

IOReturn IOCatalogue_terminateDrivers(OSDictionary *matching)
{
    return matching ? terminateAndRemove(matching, NULL) : kIOReturnBadArgument;
}

IOReturn IOCatalogue_terminateDriversForClass(const char *className)
{
    if (!className)
        return kIOReturnBadArgument;
    if (!OSMetaClass_getMetaClassWithName(className))
        return kIOReturnNotFound;
    return terminateSelected(&(Selection){.className = className}, NULL);
}

/* Whether the module is a bundle that is known, or the catalogue has a personality that contains matching. */
static bool isModuleKnown(const char *identifier, OSDictionary *matching)
{
    OSKext *kext  = OSKext_lookupKextWithIdentifier(identifier);
    bool    known = kext || catalogue_has(matching);
    OSRelease(kext);
    return known;
}

static OSDictionary *moduleMatching(const char *identifier)
{
    OSDictionary   *matching = OSDictionary_withCapacity(1);
    const OSSymbol *symbol   = OSSymbol_withCString(identifier);
    if (matching && (!symbol || !OSDictionary_setObject(matching, kCFBundleIdentifierKey, OSObjectOf(symbol))))
        OSSafeReleaseNULL(matching);
    OSRelease(symbol);
    return matching;
}

IOReturn IOCatalogue_terminateDriversForModule(const char *moduleIdentifier, bool unload)
{
    if (!moduleIdentifier)
        return kIOReturnBadArgument;
    bool loaded = OSKext_isKextWithIdentifierLoaded(moduleIdentifier);
    if (loaded && OSKext_hasDependants(moduleIdentifier))
        return kOSKextReturnInUse;
    unsigned      count    = 0;
    OSDictionary *matching = moduleMatching(moduleIdentifier);
    bool          known    = matching && isModuleKnown(moduleIdentifier, matching); /* before its personalities go */
    IOReturn      result   = matching ? terminateAndRemove(matching, &count) : kIOReturnNoMemory;
    OSRelease(matching);
    if (result == kIOReturnSuccess && !known && count == 0)
        return kOSKextReturnNotFound;
    if (result == kIOReturnSuccess && loaded && unload) {
        (void)IOKit_quiesce(kUnloadPatience); /* if it did not get quiet, the unload says so */
        result = OSKext_removeKextWithIdentifier(moduleIdentifier, false);
    }
    return result;
}

IOReturn IOCatalogue_terminate(IOOptionBits flag, const char *name)
{
    switch (flag) {
    case kIOCatalogServiceTerminate:
        return IOCatalogue_terminateDriversForClass(name);
    case kIOCatalogModuleUnload:
    case kIOCatalogModuleTerminate:
        return IOCatalogue_terminateDriversForModule(name, flag == kIOCatalogModuleUnload);
    default:
        return kIOReturnBadArgument;
    }
}

static IOReturn answer(bool done)
{
    return done ? kIOReturnSuccess : kIOReturnError;
}

IOReturn IOCatalogue_sendData(IOOptionBits flag, OSObject *data)
{
    OSArray      *array = OSDynamicCast(OSArray, data);
    OSDictionary *dict  = OSDynamicCast(OSDictionary, data);
    switch (flag) {
    case kIOCatalogAddDrivers:
    case kIOCatalogAddDriversNoMatch:
        return array ? answer(IOCatalogue_addDrivers(array, flag == kIOCatalogAddDrivers)) : kIOReturnBadArgument;
    case kIOCatalogRemoveDrivers:
    case kIOCatalogRemoveDriversNoMatch:
        return dict ? answer(IOCatalogue_removeDrivers(dict, flag == kIOCatalogRemoveDrivers)) : kIOReturnBadArgument;
    case kIOCatalogResetDrivers:
    case kIOCatalogResetDriversNoMatch:
        return array ? answer(IOCatalogue_resetAndAddDrivers(array, flag == kIOCatalogResetDrivers))
                     : kIOReturnBadArgument;
    case kIOCatalogStartMatching__Removed:
    case kIOCatalogRemoveKernelLinker__Removed:
    case kIOCatalogKextdActive:
    case kIOCatalogKextdFinishedLaunching:
        return KERN_NOT_SUPPORTED;
    default:
        return kIOReturnBadArgument;
    }
}

IOReturn IOCatalogue_serializeData(IOOptionBits flag, OSSerialize *serializer)
{
    switch (flag) {
    case kIOCatalogGetContents: {
        OSArray *contents = IOCatalogue_copyPersonalities();
        bool     done     = contents && OSObject_serialize(OSObjectOf(contents), serializer);
        OSRelease(contents);
        return done ? kIOReturnSuccess : kIOReturnNoMemory;
    }
    case kIOCatalogGetModuleDemandList:
    case kIOCatalogGetCacheMissList:
    case kIOCatalogGetROMMkextList:
        return KERN_NOT_SUPPORTED;
    default:
        return kIOReturnBadArgument;
    }
}
