/* SPDX-License-Identifier: MIT */
/*
 * bundleInfo: reads a bundle's Info.plist and checks all that can be said without another bundle.
 *
 * Nothing in the file is trusted: it must be a regular file of a bounded size, a property list, a dictionary, and each key
 * that means something must have the type and form it should have. The first thing wrong is the reason of the refusal.
 * What is right becomes an OSKext that never changes again but for its loading.
 */
#include "OSKextPrivate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>
#include <libkern/OSUnserialize.h>

OSReturn refuse(char *reason, OSReturn result, const char *format, ...)
{
    va_list arguments;
    if (!reason)
        return result;
    va_start(arguments, format);
    vsnprintf(reason, kOSKextReasonSize, format, arguments);
    va_end(arguments);
    return result;
}

void logRefusal(const char *path, const char *reason)
{
    IOLog("OSKext: %s refused: %s", path, reason);
}

static const char *stringOf(const OSDictionary *dict, const char *key)
{
    OSString *string = OSDynamicCast(OSString, OSDictionary_getObject(dict, key));
    return string ? OSString_getCStringNoCopy(string) : NULL;
}

/* ---- The checks; each fills what it checked ---- */

static OSReturn checkString(const OSKext *kext, const char *key, char *reason)
{
    OSObject *value = OSDictionary_getObject(kext->info, key);
    if (!value)
        return refuse(reason, kOSKextReturnValidation, "Info.plist lacks %s", key);
    if (!OSDynamicCast(OSString, value))
        return refuse(reason, kOSKextReturnValidation, "%s is not a string", key);
    return kOSReturnSuccess;
}

static OSReturn checkIdentity(OSKext *kext, char *reason)
{
    OSReturn result = checkString(kext, kCFBundleIdentifierKey, reason);
    if (result == kOSReturnSuccess)
        result = checkString(kext, kCFBundlePackageTypeKey, reason);
    if (result != kOSReturnSuccess)
        return result;
    const char *identifier = stringOf(kext->info, kCFBundleIdentifierKey);
    if (!*identifier || strlen(identifier) > kIdentifierLengthMax)
        return refuse(reason, kOSKextReturnValidation, "CFBundleIdentifier is empty or longer than %d characters",
                      kIdentifierLengthMax);
    if (strcmp(stringOf(kext->info, kCFBundlePackageTypeKey), kOSKextBundlePackageTypeKext) != 0)
        return refuse(reason, kOSKextReturnNotAKext, "CFBundlePackageType is not KEXT");
    kext->identifier = OSSymbol_withCString(identifier);
    return kext->identifier ? kOSReturnSuccess : refuse(reason, kOSKextReturnNoMemory, "no memory");
}

/* required: the key must be there; else 0 stands for it. */
static OSReturn checkVersion(const OSKext *kext, const char *key, bool required, OSKextVersion *ret_version, char *reason)
{
    if (!required && !OSDictionary_getObject(kext->info, key))
        return kOSReturnSuccess;
    OSReturn result = checkString(kext, key, reason);
    if (result != kOSReturnSuccess)
        return result;
    *ret_version = OSKextParseVersionString(stringOf(kext->info, key));
    if (*ret_version <= 0)
        return refuse(reason, kOSKextReturnValidation, "%s \"%.40s\" is no version", key, stringOf(kext->info, key));
    return kOSReturnSuccess;
}

static OSReturn checkVersions(OSKext *kext, char *reason)
{
    OSReturn result = checkVersion(kext, kCFBundleVersionKey, true, &kext->version, reason);
    if (result == kOSReturnSuccess)
        result = checkVersion(kext, kOSBundleCompatibleVersionKey, false, &kext->compatibleVersion, reason);
    if (result == kOSReturnSuccess && kext->compatibleVersion > kext->version)
        result = refuse(reason, kOSKextReturnValidation, "OSBundleCompatibleVersion is above CFBundleVersion");
    return result;
}

static OSReturn checkExecutable(OSKext *kext, char *reason)
{
    if (!OSDictionary_getObject(kext->info, kCFBundleExecutableKey))
        return kOSReturnSuccess;
    OSReturn result = checkString(kext, kCFBundleExecutableKey, reason);
    if (result != kOSReturnSuccess)
        return result;
    kext->executable = stringOf(kext->info, kCFBundleExecutableKey);
    if (!*kext->executable || *kext->executable == '.' || strchr(kext->executable, '/'))
        return refuse(reason, kOSKextReturnValidation, "CFBundleExecutable is no file name");
    if (!OSDictionary_getObject(kext->info, kOSBundleLibrariesKey))
        return refuse(reason, kOSKextReturnValidation, "Info.plist lacks OSBundleLibraries");
    return kOSReturnSuccess;
}

static OSReturn checkLibraries(const OSKext *kext, char *reason)
{
    OSObject     *value     = OSDictionary_getObject(kext->info, kOSBundleLibrariesKey);
    OSDictionary *libraries = OSDynamicCast(OSDictionary, value);
    if (value && !libraries)
        return refuse(reason, kOSKextReturnValidation, "OSBundleLibraries is not a dictionary");
    for (unsigned i = 0; libraries && i < OSDictionary_getCount(libraries); i++) {
        OSString *version = OSDynamicCast(OSString, OSDictionary_getValueAtIndex(libraries, i));
        if (!version || OSKextParseVersionString(OSString_getCStringNoCopy(version)) <= 0)
            return refuse(reason, kOSKextReturnValidation, "OSBundleLibraries gives no version of %.80s",
                          OSSymbol_getCStringNoCopy(OSDictionary_getKeyAtIndex(libraries, i)));
    }
    return kOSReturnSuccess;
}

/* What a personality must have to be of any use. Without an executable its class is in another bundle. */
static OSReturn checkPersonality(const OSKext *kext, const char *name, OSDictionary *dict, char *reason)
{
    if (!stringOf(dict, kIOProviderClassKey))
        return refuse(reason, kOSKextReturnValidation, "personality %.80s lacks IOProviderClass", name);
    if (!stringOf(dict, kIOClassKey))
        return refuse(reason, kOSKextReturnValidation, "personality %.80s lacks IOClass", name);
    const char *module = stringOf(dict, kCFBundleIdentifierKey);
    if (!kext->executable && (!module || OSSymbol_isEqualToCString(kext->identifier, module)))
        return refuse(reason, kOSKextReturnValidation, "personality %.80s needs an executable, and there is no "
                      "CFBundleExecutable", name);
    return kOSReturnSuccess;
}

static OSReturn checkPersonalities(const OSKext *kext, char *reason)
{
    OSObject     *value = OSDictionary_getObject(kext->info, kIOKitPersonalitiesKey);
    OSDictionary *all   = OSDynamicCast(OSDictionary, value);
    if (value && !all)
        return refuse(reason, kOSKextReturnValidation, "IOKitPersonalities is not a dictionary");
    if (all && OSDictionary_getCount(all) > kBundlePersonalityMax)
        return refuse(reason, kOSKextReturnValidation, "it has more than %d personalities", kBundlePersonalityMax);
    for (unsigned i = 0; all && i < OSDictionary_getCount(all); i++) {
        const char   *name = OSSymbol_getCStringNoCopy(OSDictionary_getKeyAtIndex(all, i));
        OSDictionary *dict = OSDynamicCast(OSDictionary, OSDictionary_getValueAtIndex(all, i));
        if (!dict)
            return refuse(reason, kOSKextReturnValidation, "personality %.80s is not a dictionary", name);
        OSReturn result = checkPersonality(kext, name, dict, reason);
        if (result != kOSReturnSuccess)
            return result;
    }
    return kOSReturnSuccess;
}

static OSReturn checkInfo(OSKext *kext, char *reason)
{
    OSReturn result = checkIdentity(kext, reason);
    if (result == kOSReturnSuccess)
        result = checkVersions(kext, reason);
    if (result == kOSReturnSuccess)
        result = checkExecutable(kext, reason);
    if (result == kOSReturnSuccess)
        result = checkLibraries(kext, reason);
    if (result == kOSReturnSuccess)
        result = checkPersonalities(kext, reason);
    return result;
}

/* ---- Making a bundle ---- */

static OSReturn parseInfo(OSKext *kext, const char *text, size_t size, char *reason)
{
    OSString *error  = NULL;
    OSObject *object = OSUnserializeXMLSized(text, size, &error);
    OSReturn  result = kOSReturnSuccess;
    kext->info       = OSDynamicCast(OSDictionary, object);
    if (!object)
        result = refuse(reason, kOSKextReturnBadData, "Info.plist is no property list%s%.120s", error ? ": " : "",
                        error ? OSString_getCStringNoCopy(error) : "");
    else if (!kext->info)
        result = refuse(reason, kOSKextReturnBadData, "Info.plist holds no dictionary");
    if (!kext->info)
        OSRelease(object);
    OSRelease(error);
    return result;
}

OSKext *bundle_parse(const char *path, const char *text, size_t size, char *reason, OSReturn *ret_result)
{
    OSKext *kext = OSKext_alloc(path);
    if (!kext) {
        *ret_result = refuse(reason, kOSKextReturnNoMemory, "no memory");
        return NULL;
    }
    *ret_result = parseInfo(kext, text, size, reason);
    if (*ret_result == kOSReturnSuccess)
        *ret_result = checkInfo(kext, reason);
    if (*ret_result != kOSReturnSuccess)
        OSSafeReleaseNULL(kext);
    return kext;
}

/* Reads size bytes and adds a NUL. NULL, with errno: no memory, or the file is shorter. */
static char *readBytes(int fd, size_t size)
{
    char  *text = IOMallocZero(size + 1);
    size_t done = 0;
    while (text && done < size) {
        ssize_t got = read(fd, text + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    if (text && done < size) {
        IOFree(text, size + 1);
        text = NULL;
    }
    return text;
}

/* The whole file, NUL-terminated, to be freed with *ret_size bytes. */
static char *readFile(const char *path, size_t *ret_size, char *reason, OSReturn *ret_result)
{
    struct stat status;
    char       *text = NULL;
    int         fd   = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not make us wait */
    *ret_result      = kOSKextReturnNotAKext;
    if (fd < 0 || fstat(fd, &status) != 0)
        refuse(reason, 0, "Info.plist cannot be read: %s", strerror(errno));
    else if (!S_ISREG(status.st_mode))
        refuse(reason, 0, "Info.plist is no regular file");
    else if (status.st_size > kInfoPlistSizeMax)
        refuse(reason, 0, "Info.plist is larger than %d bytes", kInfoPlistSizeMax);
    else if (!(text = readBytes(fd, (size_t)status.st_size)))
        refuse(reason, 0, "Info.plist cannot be read whole");
    if (fd >= 0)
        close(fd);
    if (text)
        *ret_size = (size_t)status.st_size + 1;
    return text;
}

bool bundle_executablePath(const OSKext *kext, char *path, size_t size)
{
    int length = snprintf(path, size, "%s/Contents/Linux/%s", kext->path, kext->executable);
    return length >= 0 && (size_t)length < size;
}

static OSReturn checkFiles(const OSKext *kext, char *reason)
{
    char path[PATH_MAX];
    if (!kext->executable)
        return kOSReturnSuccess;
    if (!bundle_executablePath(kext, path, sizeof path) || access(path, R_OK) != 0)
        return refuse(reason, kOSKextReturnNotFound, "its executable Contents/Linux/%.80s is missing", kext->executable);
    return kOSReturnSuccess;
}

OSKext *bundle_read(const char *path, char *reason, OSReturn *ret_result)
{
    char   plist[PATH_MAX];
    size_t size;
    if (snprintf(plist, sizeof plist, "%s/Contents/Info.plist", path) >= (int)sizeof plist) {
        *ret_result = refuse(reason, kOSKextReturnNotAKext, "its path is too long");
        return NULL;
    }
    char *text = readFile(plist, &size, reason, ret_result);
    if (!text)
        return NULL;
    OSKext *kext = bundle_parse(path, text, size, reason, ret_result);
    IOFree(text, size);
    if (kext)
        *ret_result = checkFiles(kext, reason);
    if (kext && *ret_result != kOSReturnSuccess)
        OSSafeReleaseNULL(kext);
    return kext;
}

OSKext *bundle_makeKernelComponent(const char *identifier, uint32_t loadTag)
{
    OSKext       *kext    = OSKext_alloc("");
    OSDictionary *info    = OSDictionary_withCapacity(4);
    OSString     *version = OSString_withCString(kOSKextKitVersion);
    OSString     *oldest  = OSString_withCString(kOSKextKitCompatibleVersion);
    const OSSymbol *symbol = OSSymbol_withCString(identifier);
    bool done = kext && info && version && oldest && symbol &&
                OSDictionary_setObject(info, kCFBundleIdentifierKey, OSObjectOf(symbol)) &&
                OSDictionary_setObject(info, kCFBundleVersionKey, OSObjectOf(version)) &&
                OSDictionary_setObject(info, kOSBundleCompatibleVersionKey, OSObjectOf(oldest));
    if (done) {
        kext->info              = OSRetain(info);
        kext->identifier        = OSRetain(symbol);
        kext->version           = OSKextParseVersionString(kOSKextKitVersion);
        kext->compatibleVersion = OSKextParseVersionString(kOSKextKitCompatibleVersion);
        kext->isKernelComponent = true;
        kext->loadTag           = loadTag;
        atomic_init(&kext->state, kOSKextLoaded);
    } else {
        OSSafeReleaseNULL(kext);
    }
    OSRelease(info);
    OSRelease(version);
    OSRelease(oldest);
    OSRelease(symbol);
    return kext;
}

/* ---- Personalities ---- */

/* A copy that names its module; one whose module is another bundle says who published it. */
static OSDictionary *makePersonality(const OSKext *kext, OSDictionary *dict)
{
    OSDictionary *personality = OSDictionary_withDictionary(dict, 0);
    const char   *module      = stringOf(dict, kCFBundleIdentifierKey);
    bool          done        = personality != NULL;
    if (done && !module)
        done = OSDictionary_setObject(personality, kCFBundleIdentifierKey, OSObjectOf(kext->identifier));
    else if (done && !OSSymbol_isEqualToCString(kext->identifier, module))
        done = OSDictionary_setObject(personality, kIOPersonalityPublisherKey, OSObjectOf(kext->identifier));
    if (!done)
        OSSafeReleaseNULL(personality);
    return personality;
}

bool bundle_appendPersonalities(const OSKext *kext, OSArray *personalities)
{
    OSDictionary *all  = OSDynamicCast(OSDictionary, OSDictionary_getObject(kext->info, kIOKitPersonalitiesKey));
    bool          done = true;
    for (unsigned i = 0; done && all && i < OSDictionary_getCount(all); i++) {
        OSDictionary *dict        = OSDynamicCast(OSDictionary, OSDictionary_getValueAtIndex(all, i));
        OSDictionary *personality = makePersonality(kext, dict);
        done = personality && OSArray_setObject(personalities, OSObjectOf(personality));
        OSRelease(personality);
    }
    return done;
}
