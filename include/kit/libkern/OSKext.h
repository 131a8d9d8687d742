/* SPDX-License-Identifier: MIT */
/*
 * OSKext: bundles: finding, checking, loading and unloading them (libkern/c++/OSKext.h; DESIGN 7).
 *
 * A bundle is a folder Name.kext/Contents with Info.plist and, when that has a CFBundleExecutable, Linux/<executable>, a
 * shared object that exports OSModuleClasses. Bundles become known from the Extensions folders or by path; of two with the
 * same identifier the one with the higher version counts. A bundle is loaded, after the ones its OSBundleLibraries name,
 * when matching or a client asks for it, and unloaded when asked and unused: no instance of its classes, no loaded
 * dependant. The kit counts as the loaded bundles com.apple.kpi.bsd, .dsep, .iokit, .libkern,
 * .mach, .private and .unsupported.
 *
 * A bundle that is refused is named in one line of the log with its path and the reason; everything else goes on.
 *
 * Any thread, no lock of the kit held; loading and unloading block while another load runs.
 */
#ifndef _LIBKERN_OSKEXT_H
#define _LIBKERN_OSKEXT_H

#include <libkern/OSKextLib.h>
#include <libkern/OSObject.h>

typedef struct OSArray  OSArray;
typedef struct OSString OSString;

OSDeclareClass(OSKext);

typedef enum OSKextState {
    kOSKextUnloaded,
    kOSKextLoaded,
    kOSKextRefused, /* at loading; the reason was logged. Asked for by name it is tried again */
} OSKextState;

/*
 * Not for users, who have the functions below. C constant, L written under the loading lock and the bundles lock of
 * src/catalogue/knownBundles.c and read under either, Q the load queue's lock.
 */
struct OSKext {
    OSObject             super;
    OSDictionary        *info;       /* C; owned: Info.plist */
    const OSSymbol      *identifier; /* C; owned */
    char                *path;       /* C; owned: of the bundle's folder */
    const char          *executable; /* C; borrowed from info; NULL: the bundle has personalities only */
    OSKextVersion        version;           /* C */
    OSKextVersion        compatibleVersion; /* C; 0: no library */
    bool                 isKernelComponent; /* C */
    _Atomic(OSKextState) state;        /* L, read without */
    uint32_t             loadTag;      /* L */
    unsigned             dependants;   /* L; loaded bundles that name it as a library */
    OSArray             *dependencies; /* L; owned: OSKext, while loaded */
    void                *handle;       /* L; owned: dlopen's */
    const OSClassList   *classes;      /* L; inside the executable */
    uintptr_t            loadAddress;  /* L */
    size_t               loadSize;     /* L; bytes */
    bool                 isQueued;     /* Q */
};

/* The version of the kit's own modules and the oldest one they are compatible with. */
#define kOSKextKitVersion           "22.6.0"
#define kOSKextKitCompatibleVersion "8.0.0"

enum { kOSKextReasonSize = 256 }; /* bytes that hold any reason for a refusal, with its end */

/* ---- Folders ---- */

/* The folder of the bundles that came with this kit: iokit/Extensions beside its library, or Extensions in a build folder.
 * False when there is none that can be read, or the path does not fit; size is in bytes. */
bool OSKext_getDefaultFolder(char *path, size_t size);

/* Adds a folder to those that are scanned; of equal bundles the one in the folder added first counts. Nothing is read until
 * the next IOCatalogue_reset, or OSKext_scanExtensionsFolders: a host adds all its folders, then resets the catalogue. False
 * without memory. */
bool OSKext_addExtensionsFolder(const char *path);

/* Scans all folders anew, in the order in which they were added. Bundles that are gone or changed are forgotten unless they
 * are loaded, refused ones get another chance. A folder that cannot be read is logged. +1, the personalities of the bundles
 * that were not refused; NULL without memory. */
OSArray *OSKext_scanExtensionsFolders(void);

/*
 * Makes the bundle at a path known, in the place of another of that identifier that is not loaded; its personalities are
 * not added.
 *   ret_identifier   +1 OSString; may be NULL
 *   reason           kOSKextReasonSize bytes for the text of a refusal, or NULL; a refusal is logged in either case
 * Returns            kOSKextReturnSuccess, NotAKext, Validation, NoMemory; LoadedVersionDiffers when another one is loaded
 */
OSReturn OSKext_addKextWithPath(const char *path, OSString **ret_identifier, char *reason);

/* ---- Loading ---- */

/*
 * Loads a bundle and what it depends on, now; loading a loaded one succeeds. Its personalities are added to the catalogue
 * when they are not there, and services matched again.
 * Returns   kOSKextReturnNotFound, Dependencies, DependencyLoadError, LinkError, NotLoadable, NoMemory, or what
 *           OSMetaClass_registerModule answered; reason as above, also for a bundle that was refused before
 */
OSReturn OSKext_loadKextWithIdentifier(const char *identifier, char *reason);

/* Whether it could be loaded as far as can be said without loading it: the same results. Logs nothing. */
OSReturn OSKext_checkKextWithIdentifier(const char *identifier, char *reason);

/*
 * Unloads a bundle.
 *   terminate   end its services and drop its personalities first (IOCatalogue_terminateDriversForModule)
 * Returns       kOSKextReturnNotFound when no bundle of that identifier is loaded; kOSKextReturnInUse while a loaded bundle
 *               depends on it or it belongs to the kit; kOSMetaClassHasInstances while its classes have instances
 */
OSReturn OSKext_removeKextWithIdentifier(const char *identifier, bool terminate);

/* ---- Asking ---- */

/* The known bundle of that identifier; +1, NULL when there is none. */
OSKext       *OSKext_lookupKextWithIdentifier(const char *identifier);
const char   *OSKext_getIdentifierCString(const OSKext *self);
OSKextVersion OSKext_getVersion(const OSKext *self);
/* 0 when it is no library. */
OSKextVersion OSKext_getCompatibleVersion(const OSKext *self);
/* The bundle's folder; an empty string for the kit's modules. */
const char *OSKext_getPath(const OSKext *self);
/* Of its Info.plist. +1, NULL when it is not there. */
OSObject *OSKext_copyProperty(const OSKext *self, const char *key);
bool      OSKext_isLoaded(const OSKext *self);
/* Belongs to the kit. */
bool OSKext_isKernelComponent(const OSKext *self);
/* 0 unless loaded; tags count up in the order of loading. */
uint32_t OSKext_getLoadTag(const OSKext *self);

bool OSKext_isKextWithIdentifierLoaded(const char *identifier);

/*
 * Describes the loaded bundles.
 *   identifiers   of OSString; NULL: all of them
 *   infoKeys      of OSString: the keys wanted; NULL: all of them
 * Returns         +1: identifier to dictionary: the bundle's Info.plist without IOKitPersonalities unless asked for, and the
 *                 kOSBundle... keys of OSKextLib.h (load tag, retain count and sizes are numbers, OSBundleDependencies an
 *                 array of load tags, OSBundleClasses an array of dictionaries); NULL without memory
 */
OSDictionary *OSKext_copyLoadedKextInfo(OSArray *identifiers, OSArray *infoKeys);

/* Unloads what can be unloaded, forgets all folders and bundles. For the host's end and for tests. */
void OSKext_shutdown(void);

#endif
