/* SPDX-License-Identifier: MIT */
/* kextload: has the host load bundles, by path or by identifier. */
#include <errno.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include <IOKit/kext/KextManager.h>
#include <libkern/OSKextLib.h>
#include <mach/message.h>

#include "tools/common/kexts.h"

static const tool theTool = {
    .name        = "kextload",
    .synopsis    = "[options] [--] [kext] ...",
    .description = "kext: a kext bundle to load\n"
                   "\n"
                   "-bundle-id <bundle_id> (-b):\n"
                   "        load the kext whose CFBundleIdentifier is <bundle_id>\n"
                   "-dependency <kext> (-d):\n"
                   "        load <kext> first, as a dependency\n"
                   "-repository <directory> (-r):\n"
                   "        load the kexts in <directory> first, as dependencies\n"
                   "\n"
                   "-quiet (-q): print no informational or error messages\n"
                   "-verbose (-v): say what is being done\n"
                   "-help (-h): print this message and exit\n",
    .usageStatus = EX_USAGE,
};

static struct {
    texts identifiers;
    texts dependencies;
    texts folders;
    bool  isQuiet;
    bool  isVerbose;
} theOptions;

static void take_options(int argc, char **argv)
{
    static const struct option longOptions[] = {
        {"bundle-id", required_argument, NULL, 'b'},  {"dependency", required_argument, NULL, 'd'},
        {"repository", required_argument, NULL, 'r'}, {"quiet", no_argument, NULL, 'q'},
        {"verbose", no_argument, NULL, 'v'},          TOOL_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long_only(argc, argv, "b:d:r:qvh", longOptions, NULL)) != -1) {
        switch (option) {
        case 'b': texts_add(&theOptions.identifiers, &theTool, optarg); break;
        case 'd': texts_add(&theOptions.dependencies, &theTool, optarg); break;
        case 'r': texts_add(&theOptions.folders, &theTool, optarg); break;
        case 'q': theOptions.isQuiet = true; break;
        case 'v': theOptions.isVerbose = true; break;
        default:
            tool_handle_common(&theTool, option == 'h' ? kOptionHelp : option);
            tool_wrong_usage(&theTool);
        }
    }
}

/* Whether the result says all there is to say; on the others, which are refusals, the host's log has more. */
static bool is_whole_reason(OSReturn result)
{
    switch (result) {
    case kOSKextReturnNotFound:
    case kOSKextReturnInvalidArgument:
    case kOSKextReturnNotPrivileged:
    case kIOReturnNotPrivileged:
    case MACH_SEND_INVALID_DEST:
        return true;
    default:
        return false;
    }
}

/* Says what came of it; the exit status for it. */
static int report(const char *name, OSReturn result)
{
    if (result != kOSReturnSuccess && !theOptions.isQuiet)
        tool_warn(&theTool, "%s failed to load - %s%s", name, kexts_result_text(result),
                  is_whole_reason(result) ? "" : "; see the host's log for the reason");
    else if (result == kOSReturnSuccess && theOptions.isVerbose)
        printf("%s loaded successfully (or already loaded).\n", name);
    return kexts_exit_status(result);
}

static int report_missing(const char *path)
{
    if (!theOptions.isQuiet)
        tool_warn(&theTool, "%s: no such bundle", path);
    return kexts_exit_status(kOSKextReturnNotFound);
}

static OSReturn load_identifier(const char *text, CFArrayRef dependencies)
{
    CFStringRef identifier = CFStringCreateWithCString(kCFAllocatorDefault, text, kCFStringEncodingUTF8);
    OSReturn    result     = KextManagerLoadKextWithIdentifier(identifier, dependencies);
    if (identifier)
        CFRelease(identifier);
    return result;
}

static OSReturn load_path(const char *path, CFArrayRef dependencies)
{
    CFURLRef url    = kexts_create_url(&theTool, path);
    OSReturn result = KextManagerLoadKextWithURL(url, dependencies);
    CFRelease(url);
    return result;
}

int main(int argc, char **argv)
{
    take_options(argc, argv);
    if (optind == argc && theOptions.identifiers.count == 0) {
        tool_warn(&theTool, "no kernel extensions specified");
        tool_wrong_usage(&theTool);
    }
    kexts_add_from_folders(&theOptions.dependencies, &theTool, &theOptions.folders);
    CFArrayRef dependencies = kexts_create_urls(&theTool, &theOptions.dependencies);
    int        status       = EX_OK;
    for (size_t i = 0; i < theOptions.identifiers.count; i++) {
        const char *name = theOptions.identifiers.items[i];
        int         one  = report(name, load_identifier(name, dependencies));
        status           = status ? status : one;
    }
    for (int i = optind; i < argc; i++) {
        bool isThere = access(argv[i], F_OK) == 0 || errno != ENOENT;
        int  one     = isThere ? report(argv[i], load_path(argv[i], dependencies)) : report_missing(argv[i]);
        status       = status ? status : one;
    }
    CFRelease(dependencies);
    free(theOptions.identifiers.items);
    free(theOptions.dependencies.items);
    free(theOptions.folders.items);
    return tool_finish(&theTool, status);
}
