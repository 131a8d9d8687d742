/* SPDX-License-Identifier: MIT */
/*
 * KextManager: asks the host to load and unload bundles, and what is loaded (IOKit/kext/KextManager.h). The host lets root
 * and its own user do so; others get kOSKextReturnNotPrivileged. Any thread; a call may block while another load runs.
 */
#ifndef _IOKIT_KEXTMANAGER_H
#define _IOKIT_KEXTMANAGER_H

#include <sys/cdefs.h>

#include <CoreFoundation/CFArray.h>
#include <CoreFoundation/CFDictionary.h>
#include <CoreFoundation/CFString.h>
#include <CoreFoundation/CFURL.h>

#include <libkern/OSReturn.h>

__BEGIN_DECLS

/*
 * Loads a bundle that the host knows, or the one at a path, and the bundles it depends on; a loaded one stays loaded. Its
 * personalities take part in matching from then on.
 *   dependencyKextAndFolderURLs   bundles that it may depend on, which the host does not know yet; may be NULL
 * Returns                         kOSReturnSuccess or a code of OSKextLib.h
 */
OSReturn KextManagerLoadKextWithIdentifier(CFStringRef kextIdentifier, CFArrayRef dependencyKextAndFolderURLs);
OSReturn KextManagerLoadKextWithURL(CFURLRef kextURL, CFArrayRef dependencyKextAndFolderURLs);

/* Terminates the services of a bundle's classes and unloads it. */
OSReturn KextManagerUnloadKextWithIdentifier(CFStringRef kextIdentifier);

/*
 * Describes the loaded bundles.
 *   kextIdentifiers   which; NULL: all
 *   infoKeys          the keys wanted, of OSKextLib.h; NULL: all
 * Returns             identifier to dictionary, +1; NULL when the host does not answer or without memory
 */
CFDictionaryRef KextManagerCopyLoadedKextInfo(CFArrayRef kextIdentifiers, CFArrayRef infoKeys);

__END_DECLS

#endif
