/* SPDX-License-Identifier: MIT */
/* kextunload: has the host end the services of bundles or classes, and unload the bundles. */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include <IOKit/IOKitLib.h>
#include <IOKit/IOKitServer.h>
#include <libkern/OSKextLib.h>

#include "tools/common/kexts.h"

/* Exit statuses beside those of sysexits.h. */
enum { kExitNotFound = 1, kExitNotPrivileged = 2, kExitPartialFailure = 3 };

static const tool theTool = {
    .name        = "kextunload",
    .synopsis    = "[-h] [-v] [-q] [-p] [-c class_name] ... [-b bundle_id] ... [kext] ...",
    .description = "kext: unload the named kext and all personalities for it\n"
                   "\n"
                   "-bundle-id <bundle_id> (-b):\n"
                   "        unload the kext and personalities for CFBundleIdentifier <bundle_id>\n"
                   "-class-name <class_name> (-c):\n"
                   "        terminate all instances of IOService class <class_name> but do not\n"
                   "        unload its kext or remove its personalities\n"
                   "-personalities-only (-p):\n"
                   "        terminate services and remove personalities only; do not unload kexts\n"
                   "\n"
                   "-quiet (-q): print no informational or error messages\n"
                   "-verbose (-v): say what is being done\n"
                   "-help (-h): print this message and exit\n",
    .usageStatus = EX_USAGE,
};

static struct {
    texts    identifiers;
    texts    classes;
    uint32_t flag; /* what is done to a bundle */
    bool     isQuiet;
    bool     isVerbose;
} theOptions = {.flag = kIOCatalogModuleUnload};

static void take_options(int argc, char **argv)
{
    static const struct option longOptions[] = {
        {"bundle-id", required_argument, NULL, 'b'},
        {"module", required_argument, NULL, 'b'},
        {"class-name", required_argument, NULL, 'c'},
        {"personalities-only", no_argument, NULL, 'p'},
        {"quiet", no_argument, NULL, 'q'},
        {"verbose", no_argument, NULL, 'v'},
        TOOL_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long_only(argc, argv, "b:m:c:pqvh", longOptions, NULL)) != -1) {
        switch (option) {
        case 'b':
        case 'm': texts_add(&theOptions.identifiers, &theTool, optarg); break;
        case 'c': texts_add(&theOptions.classes, &theTool, optarg); break;
        case 'p': theOptions.flag = kIOCatalogModuleTerminate; break;
        case 'q': theOptions.isQuiet = true; break;
        case 'v': theOptions.isVerbose = true; break;
        default:
            tool_handle_common(&theTool, option == 'h' ? kOptionHelp : option);
            tool_wrong_usage(&theTool);
        }
    }
}

static int status_for(IOReturn result)
{
    switch (result) {
    case kIOReturnSuccess:
        return EX_OK;
    case kIOReturnNotPrivileged:
    case kOSKextReturnNotPrivileged:
        return kExitNotPrivileged;
    case kOSKextReturnNotFound:
    case kIOReturnNotFound:
        return kExitNotFound;
    default:
        return kExitPartialFailure;
    }
}

/* Ends the services of a class or a bundle; `done` is the word for it. */
static int terminate(uint32_t flag, const char *name, const char *done)
{
    io_name_t text;
    if ((size_t)snprintf(text, sizeof text, "%s", name) >= sizeof text)
        tool_fail(&theTool, EX_USAGE, "%s: name too long", name);
    IOReturn result = IOCatalogueTerminate(kIOMainPortDefault, flag, text);
    if (result != kIOReturnSuccess && !theOptions.isQuiet)
        tool_warn(&theTool, "%s: not %s - %s", name, done, kexts_result_text(result));
    else if (result == kIOReturnSuccess && theOptions.isVerbose)
        printf("%s: %s.\n", name, done);
    return status_for(result);
}

static int unload(const char *identifier)
{
    return terminate(theOptions.flag, identifier,
                     theOptions.flag == kIOCatalogModuleUnload ? "unloaded" : "terminated");
}

static int unload_path(const char *path)
{
    io_name_t   identifier;
    CFStringRef string = kexts_copy_identifier(&theTool, path);
    bool        known  = string && CFStringGetCString(string, identifier, sizeof identifier, kCFStringEncodingUTF8);
    if (string)
        CFRelease(string);
    if (known)
        return unload(identifier);
    if (!theOptions.isQuiet)
        tool_warn(&theTool, "%s: not a kext bundle", path);
    return kExitNotFound;
}

int main(int argc, char **argv)
{
    take_options(argc, argv);
    if (optind == argc && theOptions.identifiers.count == 0 && theOptions.classes.count == 0) {
        tool_warn(&theTool, "no kernel extensions specified");
        tool_wrong_usage(&theTool);
    }
    int status = EX_OK;
    for (size_t i = 0; i < theOptions.classes.count; i++) {
        int one = terminate(kIOCatalogServiceTerminate, theOptions.classes.items[i], "terminated");
        status  = status ? status : one;
    }
    for (size_t i = 0; i < theOptions.identifiers.count; i++) {
        int one = unload(theOptions.identifiers.items[i]);
        status  = status ? status : one;
    }
    for (int i = optind; i < argc; i++) {
        int one = unload_path(argv[i]);
        status  = status ? status : one;
    }
    free(theOptions.identifiers.items);
    free(theOptions.classes.items);
    return tool_finish(&theTool, status);
}
