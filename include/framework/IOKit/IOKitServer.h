/* SPDX-License-Identifier: MIT */
/* What IOCatalogueSendData, GetData, Reset and Terminate can be asked to do (IOKit/IOKitServer.h). */
#ifndef _IOKIT_IOKITSERVER_H
#define _IOKIT_IOKITSERVER_H

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOTypes.h>
#include <IOKit/OSMessageNotification.h>

/* IOCatalogueSendData. The data is an array of personalities; for a removal it is one dictionary, whose keys and values
 * the personalities to remove have. The NoMatch forms change the catalogue without matching services again. */
enum {
    kIOCatalogAddDrivers                  = 1,
    kIOCatalogAddDriversNoMatch           = 2,
    kIOCatalogRemoveDrivers               = 3,
    kIOCatalogRemoveDriversNoMatch        = 4,
    kIOCatalogStartMatching__Removed      = 5,
    kIOCatalogRemoveKernelLinker__Removed = 6,
    kIOCatalogKextdActive                 = 7,
    kIOCatalogKextdFinishedLaunching      = 8,
    kIOCatalogResetDrivers                = 9,
    kIOCatalogResetDriversNoMatch         = 10,
};

/* IOCatalogueGetData. */
enum {
    kIOCatalogGetContents         = 1,
    kIOCatalogGetModuleDemandList = 2,
    kIOCatalogGetCacheMissList    = 3,
    kIOCatalogGetROMMkextList     = 4,
};

/* IOCatalogueReset: back to the personalities of the bundles on disk. */
enum { kIOCatalogResetDefault = 1 };

/* IOCatalogueTerminate: the services of a module, with or without unloading it, or of a class. */
enum {
    kIOCatalogModuleUnload     = 1,
    kIOCatalogModuleTerminate  = 2,
    kIOCatalogServiceTerminate = 3,
};

#endif
