/* SPDX-License-Identifier: MIT */
/*
 * IOCatalogue: the personalities that matching chooses from (IOKit/IOCatalogue.h; SEMANTICS 3a).
 *
 * There is one catalogue in a process, as on macOS; it exists from the first call on, empty. Personalities come from the
 * bundles in the Extensions folders (libkern/OSKext.h) and from privileged clients. A personality is an OSDictionary that
 * nobody changes once it is in: who needs another value copies it. The generation starts at 1 and grows by one whenever a
 * change made services match again.
 *
 * Every function may be called from any thread, holding no lock of the kit; those that match services again return when
 * the services have been told, not when matching ended.
 */
#ifndef _IOKIT_IOCATALOGUE_H
#define _IOKIT_IOCATALOGUE_H

#include <IOKit/IOReturn.h>
#include <IOKit/IOTypes.h>
#include <libkern/OSObject.h>

typedef struct OSArray      OSArray;
typedef struct OSOrderedSet OSOrderedSet;
typedef struct IOService    IOService;

/* ---- For matching ---- */

/*
 * The personalities that may match a service: those whose IOProviderClass is one of the service's classes down to
 * IOService, by IOProbeScore from high to low, equal scores in the order in which they were added, those of a more derived
 * class first. Personalities that passive or family matching would refuse for sure, because the service's own properties
 * say so, may be left out: matching the result gives what matching all of them would give.
 *   ret_generation   the generation the answer belongs to; may be NULL
 * Returns            +1, of OSDictionary, ordered by IOServiceOrdering; NULL without memory
 */
OSOrderedSet *IOCatalogue_findDriversForService(IOService *service, SInt32 *ret_generation);

/* The personalities that contain every key of matching with an equal value, ordered likewise. +1; NULL without memory. */
OSOrderedSet *IOCatalogue_findDrivers(OSDictionary *matching, SInt32 *ret_generation);

/*
 * Whether the module of a personality is there, or never will be: a personality that names no bundle, a bundle that is
 * loaded, one that is unknown or that was refused. Otherwise its load starts in the background and the answer is false;
 * when it is through, with or without success, the services that personality could match are matched again.
 */
bool IOCatalogue_isModuleLoaded(OSDictionary *personality);

/* Grows with every change that matched services again. */
SInt32 IOCatalogue_getGenerationCount(void);

/* ---- Changes ---- */

/*
 * Adds personalities. One without IOProviderClass is dropped, an exact duplicate skipped; an element that is no dictionary
 * ends it with false, what came before it stays. With doNubMatching the services that a new one could match are matched
 * again. The catalogue retains the dictionaries and makes symbols of the strings matching looks at; the caller must not
 * change them any more.
 */
bool IOCatalogue_addDrivers(OSArray *personalities, bool doNubMatching);

/* Drops the personalities that contain every key of matching with an equal value. False for NULL or without memory.
 * Running drivers stay. */
bool IOCatalogue_removeDrivers(OSDictionary *matching, bool doNubMatching);

/* Replaces all personalities but those of loaded modules by these. False for NULL, or without memory. */
bool IOCatalogue_resetAndAddDrivers(OSArray *personalities, bool doNubMatching);

/* Reads the Extensions folders anew and makes the catalogue what they say; services are matched again. */
void IOCatalogue_reset(void);

/* Matches the services again that a personality of the module could match. */
bool IOCatalogue_startMatching(const char *moduleIdentifier);

/* A module is there now, says a client: IOCatalogue_startMatching. */
void IOCatalogue_moduleHasLoaded(const char *moduleIdentifier);

/* ---- Ending drivers; these wait for the services to go ---- */

/*
 * Terminates every service whose property table contains the keys of matching, then drops the personalities that do.
 * Returns   kIOReturnBadArgument for NULL; kIOReturnUnsupported, and nothing more is terminated, at a service whose class
 *           belongs to the kit or to a bundle com.apple.*, unless that one's OSBundleAllowUserTerminate is true, or whose
 *           bundle says false
 */
IOReturn IOCatalogue_terminateDrivers(OSDictionary *matching);

/* Terminates every service of the class or one derived from it, under the same rules; personalities stay.
 * kIOReturnNotFound when there is no such class. */
IOReturn IOCatalogue_terminateDriversForClass(const char *className);

/*
 * Terminates the services whose CFBundleIdentifier is the module's, drops the module's personalities and, with unload,
 * unloads it when it was loaded.
 * Returns   kOSKextReturnInUse, and nothing is terminated, while another loaded bundle depends on the module;
 *           kOSKextReturnNotFound when no bundle, personality or service is the module's; else as
 *           IOCatalogue_terminateDrivers and OSKext_removeKextWithIdentifier
 */
IOReturn IOCatalogue_terminateDriversForModule(const char *moduleIdentifier, bool unload);

/* ---- For clients ---- */

/* All personalities, in the order of provider classes and of addition. +1; NULL without memory. */
OSArray *IOCatalogue_copyPersonalities(void);

/* Writes what IOCatalogueGetData asks for: kIOCatalogGetContents gives IOCatalogue_copyPersonalities, the other known
 * flags KERN_NOT_SUPPORTED, unknown ones kIOReturnBadArgument. */
IOReturn IOCatalogue_serializeData(IOOptionBits flag, OSSerialize *serializer);

/* IOCatalogueSendData after its data was unserialised: flag is one of kIOCatalogAddDrivers... of IOKit/IOKitServer.h.
 * Privileges are the caller's affair. kIOReturnBadArgument for data of another type than the flag wants. */
IOReturn IOCatalogue_sendData(IOOptionBits flag, OSObject *data);

/* IOCatalogueTerminate: flag is kIOCatalogModuleUnload, ModuleTerminate or ServiceTerminate; name a module or a class. */
IOReturn IOCatalogue_terminate(IOOptionBits flag, const char *name);

/* ---- Ends of life ---- */

/* Drops all personalities and returns once no background load runs; OSKext_shutdown belongs after it. Loading starts
 * again when a personality asks for it: for the host's end and for tests. */
void IOCatalogue_shutdown(void);

#endif
