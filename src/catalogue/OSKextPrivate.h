/* SPDX-License-Identifier: MIT */
/* What the files of src/catalogue share about bundles; not for drivers. OSKext.c has the picture. */
#ifndef SRC_CATALOGUE_OSKEXTPRIVATE_H
#define SRC_CATALOGUE_OSKEXTPRIVATE_H

#include <stdarg.h>
#include <stdatomic.h>

#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSKext.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

/* Limits on what files and folders can make big. */
enum {
    kInfoPlistSizeMax     = 4 * 1024 * 1024, /* bytes */
    kIdentifierLengthMax  = 63,              /* characters of a CFBundleIdentifier, as in Apple's kmod_info */
    kBundlesMax           = 65536,           /* known at a time */
    kBundlePersonalityMax = 65536,           /* of one bundle */
    kDependencyDepthMax   = 64,              /* bundles from a driver to the deepest library, both included */
    kBundleClassesMax     = 4096,            /* of one executable */
};

/* Writes a reason for a refusal (kOSKextReasonSize bytes; NULL: nowhere) and returns its result. */
OSReturn refuse(char *reason, OSReturn result, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The one line of the log for a refused bundle. */
void logRefusal(const char *path, const char *reason);

/* ---- OSKext.c ---- */

/* A new bundle of that path, otherwise empty. +1; NULL without memory. */
OSKext *OSKext_alloc(const char *path);

/* ---- bundleInfo.c ---- */

/* Reads and checks the bundle at a path. +1; NULL, and the reason, when it is refused. */
OSKext *bundle_read(const char *path, char *reason, OSReturn *ret_result);
/* The same from the text of its Info.plist: size bytes, the last of which is NUL. Looks at no file. */
OSKext *bundle_parse(const char *path, const char *text, size_t size, char *reason, OSReturn *ret_result);
/* One of the kit's own modules, loaded. +1; NULL without memory. */
OSKext *bundle_makeKernelComponent(const char *identifier, uint32_t loadTag);
/* Appends the bundle's personalities, as the catalogue wants them. False without memory. */
bool bundle_appendPersonalities(const OSKext *kext, OSArray *personalities);
/* Writes the executable's path. False when that is longer than size. */
bool bundle_executablePath(const OSKext *kext, char *path, size_t size);

/* ---- knownBundles.c ---- */

/* Locks, in this order: the loading lock is held while bundles are loaded, unloaded or replaced by a scan, and by nothing
 * that matching waits for; the bundles lock protects what is known, and is a leaf. */
void loading_lock(void);
void loading_unlock(void);
void bundles_lock(void);
void bundles_unlock(void);

/* The known bundle; borrowed while the bundles lock is held. */
OSKext *bundles_find_locked(const OSSymbol *identifier);
/* Each known bundle; borrowed while the bundles lock is held. NULL past the end. */
OSKext *bundles_at_locked(unsigned index);

/* The identifiers of the loaded bundles, OSSymbols. +1; NULL without memory. */
OSSet *OSKext_copyLoadedIdentifiers(void);
/* Whether a loaded bundle depends on the bundle. */
bool OSKext_hasDependants(const char *identifier);
/* Loaded, or not to be loaded by matching: refused, or without an executable. */
bool OSKext_isSettled(const OSKext *self);

/* ---- bundleDependencies.c ---- */

/* The bundle and all it depends on, dependencies first, each once. Bundles lock held. +1; NULL, result and reason. */
OSArray *bundle_resolve_locked(OSKext *kext, char *reason, OSReturn *ret_result);
/* The bundles that OSBundleLibraries names, not theirs. Bundles lock held, and they have been resolved. +1; NULL without
 * memory. */
OSArray *bundle_copyLibraries_locked(OSKext *kext);

/* ---- bundleLoader.c ---- */

/* Loads a bundle and what it depends on, logs what is refused, and tells the catalogue. */
OSReturn bundle_load(const OSSymbol *identifier, char *reason);
/* Unloads every bundle that can be, dependants first. */
void bundles_unloadAll(void);

#endif
