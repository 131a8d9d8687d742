/* SPDX-License-Identifier: MIT */
/* What the tools for bundles share. No state. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <libkern/OSKextLib.h>
#include <mach/message.h>

#include "kexts.h"

enum { kExitUnspecified = 10 };

void texts_add(texts *self, const tool *owner, const char *text)
{
    const char **items = realloc(self->items, (self->count + 1) * sizeof *items);
    if (!items)
        tool_fail(owner, EX_OSERR, "out of memory");
    items[self->count++] = text;
    self->items          = items;
}

CFURLRef kexts_create_url(const tool *self, const char *path)
{
    CFURLRef url = CFURLCreateFromFileSystemRepresentation(kCFAllocatorDefault, (const UInt8 *)path,
                                                           (CFIndex)strlen(path), true);
    if (!url)
        tool_fail(self, EX_OSERR, "%s: not a path", path);
    return url;
}

CFArrayRef kexts_create_urls(const tool *self, const texts *paths)
{
    CFMutableArrayRef urls = CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks);
    if (!urls)
        tool_fail(self, EX_OSERR, "out of memory");
    for (size_t i = 0; i < paths->count; i++) {
        CFURLRef url = kexts_create_url(self, paths->items[i]);
        CFArrayAppendValue(urls, url);
        CFRelease(url);
    }
    return urls;
}

static bool is_bundle_name(const char *name)
{
    size_t length = strlen(name);
    return length > strlen(".kext") && strcmp(name + length - strlen(".kext"), ".kext") == 0;
}

void kexts_add_from_folders(texts *paths, const tool *self, const texts *folders)
{
    for (size_t i = 0; i < folders->count; i++) {
        DIR *folder = opendir(folders->items[i]);
        if (!folder) {
            tool_warn(self, "%s: %s", folders->items[i], strerror(errno));
            continue;
        }
        const struct dirent *entry;
        char                *path;
        while ((entry = readdir(folder)) != NULL) {
            if (!is_bundle_name(entry->d_name))
                continue;
            if (asprintf(&path, "%s/%s", folders->items[i], entry->d_name) < 0)
                tool_fail(self, EX_OSERR, "out of memory");
            texts_add(paths, self, path); /* lives as long as the program */
        }
        closedir(folder);
    }
}

CFStringRef kexts_copy_identifier(const tool *self, const char *path)
{
    CFURLRef    url        = kexts_create_url(self, path);
    CFBundleRef bundle     = CFBundleCreate(kCFAllocatorDefault, url);
    CFStringRef identifier = bundle ? CFBundleGetIdentifier(bundle) : NULL;
    if (identifier)
        CFRetain(identifier);
    if (bundle)
        CFRelease(bundle);
    CFRelease(url);
    return identifier;
}

static const struct {
    OSReturn    result;
    const char *text;
} results[] = {
    {kOSKextReturnInternalError, "internal error"},
    {kOSKextReturnNoMemory, "out of memory"},
    {kOSKextReturnNoResources, "out of resources"},
    {kOSKextReturnNotPrivileged, "not privileged"},
    {kOSKextReturnInvalidArgument, "invalid argument"},
    {kOSKextReturnNotFound, "not found"},
    {kOSKextReturnBadData, "bad data"},
    {kOSKextReturnUnsupported, "not supported"},
    {kOSKextReturnNotAKext, "not a kernel extension bundle"},
    {kOSKextReturnValidation, "failed validation"},
    {kOSKextReturnDependencies, "dependency not found"},
    {kOSKextReturnNotLoadable, "not loadable"},
    {kOSKextReturnLoadedVersionDiffers, "a different version is loaded"},
    {kOSKextReturnDependencyLoadError, "a dependency failed to load"},
    {kOSKextReturnLinkError, "link error"},
    {kOSKextReturnInUse, "in use"},
    {kOSKextReturnStopping, "stopping"},
    {kIOReturnNotFound, "not found"},
    {kOSMetaClassHasInstances, "its classes have instances"},
    {kOSMetaClassDuplicateClass, "a class of that name exists"},
    {kOSMetaClassNoSuper, "a superclass is missing"},
};

const char *kexts_result_text(OSReturn result)
{
    if (result == MACH_SEND_INVALID_DEST)
        return tool_no_host_text();
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i].result == result)
            return results[i].text;
    return tool_result_text(result);
}

int kexts_exit_status(OSReturn result)
{
    switch (result) {
    case kOSReturnSuccess:
        return EX_OK;
    case kOSKextReturnNotPrivileged:
        return EX_NOPERM;
    case MACH_SEND_INVALID_DEST:
        return EX_UNAVAILABLE;
    default:
        return kExitUnspecified;
    }
}
