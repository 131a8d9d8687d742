/* SPDX-License-Identifier: MIT */
/*
 * Checking bundles with the kit's own code. The kit runs in this process with no platform and no services; what it
 * knows of bundles is what the functions below told it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <libkern/OSArray.h>
#include <libkern/OSKext.h>
#include <libkern/OSString.h>

#include "check.h"

_Static_assert((int)kReasonSize == (int)kOSKextReasonSize, "the kit writes reasons of that size");

bool check_add_folder(const char *path)
{
    if (IOKit_initialize() != kIOReturnSuccess || !OSKext_addExtensionsFolder(path))
        return false;
    OSArray *personalities = OSKext_scanExtensionsFolders();
    bool     done          = personalities != NULL;
    OSSafeReleaseNULL(personalities);
    return done;
}

/* Makes the bundle known. On success its identifier, +1; else NULL and the reason. */
static OSString *add(const char *path, char *reason)
{
    OSString *identifier = NULL;
    snprintf(reason, kReasonSize, "out of memory");
    if (IOKit_initialize() != kIOReturnSuccess ||
        OSKext_addKextWithPath(path, &identifier, reason) != kOSReturnSuccess)
        return NULL;
    return identifier;
}

void check_add_installed(void)
{
    char path[PATH_MAX];
    if (OSKext_getDefaultFolder(path, sizeof path))
        (void)check_add_folder(path); /* it says itself what it cannot read */
}

bool check_add_bundle(const char *path, char *reason)
{
    OSString *identifier = add(path, reason);
    bool      known      = identifier != NULL;
    OSSafeReleaseNULL(identifier);
    return known;
}

bool check_identifier(const char *identifier, char *reason)
{
    return IOKit_initialize() == kIOReturnSuccess &&
           OSKext_checkKextWithIdentifier(identifier, reason) == kOSReturnSuccess;
}

bool check_bundle(const char *path, char *reason, bool *ret_isLogged)
{
    OSString *identifier = add(path, reason);
    *ret_isLogged        = identifier == NULL;
    bool isLoadable = identifier && check_identifier(OSString_getCStringNoCopy(identifier), reason);
    OSSafeReleaseNULL(identifier);
    return isLoadable;
}

void check_finish(void)
{
    IOCatalogue_shutdown();
    OSKext_shutdown();
}
