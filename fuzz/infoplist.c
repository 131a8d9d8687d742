/* SPDX-License-Identifier: MIT */
/*
 * Info.plist of a bundle: what is accepted has the form that loading and matching rely on; what is refused has a reason;
 * personalities go into the catalogue and out again.
 */
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>

#include "catalogue/OSKextPrivate.h"
#include "fuzz.h"

static void require(bool condition, const char *what)
{
    if (!condition)
        panic("infoplist: %s", what);
}

static bool isString(const OSDictionary *dict, const char *key)
{
    return OSDynamicCast(OSString, OSDictionary_getObject(dict, key)) != NULL;
}

static void checkPersonalities(const OSKext *kext)
{
    OSArray *all = OSArray_withCapacity(4);
    require(all && bundle_appendPersonalities(kext, all), "personalities of an accepted bundle");
    for (unsigned i = 0; i < OSArray_getCount(all); i++) {
        OSDictionary *dict = OSRequiredCast(OSDictionary, OSArray_getObject(all, i));
        require(isString(dict, kIOClassKey) && isString(dict, kIOProviderClassKey), "a personality without its classes");
        require(OSDictionary_getObject(dict, kCFBundleIdentifierKey) != NULL, "a personality without its module");
    }
    require(IOCatalogue_addDrivers(all, false), "personalities that the catalogue does not take");
    OSArray *contents = IOCatalogue_copyPersonalities();
    require(contents && OSArray_getCount(contents) <= OSArray_getCount(all), "more personalities than were added");
    OSRelease(contents);
    OSRelease(all);
    IOCatalogue_shutdown();
}

static void checkAccepted(OSKext *kext)
{
    char text[kOSKextVersionMaxLength];
    size_t length = strlen(OSKext_getIdentifierCString(kext));
    require(length > 0 && length <= kIdentifierLengthMax, "an identifier of a wrong length");
    require(OSKextVersionGetString(OSKext_getVersion(kext), text, sizeof text) &&
                OSKextParseVersionString(text) == OSKext_getVersion(kext), "a version that does not read as it is written");
    require(OSKext_getCompatibleVersion(kext) <= OSKext_getVersion(kext), "compatible with versions to come");
    require(!kext->executable || (*kext->executable && !strchr(kext->executable, '/')), "an executable elsewhere");
    require(!OSKext_isLoaded(kext) && OSKext_getLoadTag(kext) == 0, "loaded by reading");
    checkPersonalities(kext);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char     reason[kOSKextReasonSize] = "";
    OSReturn result                    = -1;
    char    *text                      = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size]   = 0;
    OSKext *kext = bundle_parse("/fuzz/Fuzz.kext", text, size + 1, reason, &result);
    free(text);
    require((kext != NULL) == (result == kOSReturnSuccess), "a result that is not so");
    require(kext || *reason, "refused without a reason");
    if (kext)
        checkAccepted(kext);
    OSRelease(kext);
    OSKext_shutdown(); /* the kit's own modules, which came with the first question */
    require(OSMetaClass_getInstanceCount(&OSKext_class) == 0, "a bundle left behind");
    return 0;
}
