/* SPDX-License-Identifier: MIT */
/*
 * kextutil: checks bundles and says what is wrong with them, then has the host load those that are right. The checks
 * are the kit's own, made in this process: they need no host and change none.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <IOKit/kext/KextManager.h>

#include "check.h"
#include "tools/common/kexts.h"

/* Exit statuses beside those of sysexits.h. */
enum { kExitNotFound = 1, kExitKextBad = 4, kExitLoadFailed = 6 };

static const tool theTool = {
    .name        = "kextutil",
    .synopsis    = "[options] [--] [kext] ...",
    .description = "kext: a kext bundle to load or examine\n"
                   "\n"
                   "-bundle-id <bundle_id> (-b):\n"
                   "        load/use the kext whose CFBundleIdentifier is <bundle_id>\n"
                   "-dependency <kext> (-d):\n"
                   "        consider <kext> as a candidate dependency\n"
                   "-repository <directory> (-r):\n"
                   "        look in <directory> for kexts\n"
                   "-no-system-extensions (-e):\n"
                   "        don't look in the installed extensions folder\n"
                   "\n"
                   "-no-load (-n):\n"
                   "        check only; don't load\n"
                   "-print-diagnostics (-t):\n"
                   "        print a report on each kext\n"
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
    bool  skipsInstalled;
    bool  checksOnly;
    bool  reports;
    bool  isQuiet;
    bool  isVerbose;
} theOptions;

static void take_options(int argc, char **argv)
{
    static const struct option longOptions[] = {
        {"bundle-id", required_argument, NULL, 'b'},
        {"dependency", required_argument, NULL, 'd'},
        {"repository", required_argument, NULL, 'r'},
        {"no-system-extensions", no_argument, NULL, 'e'},
        {"no-load", no_argument, NULL, 'n'},
        {"print-diagnostics", no_argument, NULL, 't'},
        {"tests", no_argument, NULL, 't'},
        {"quiet", no_argument, NULL, 'q'},
        {"verbose", no_argument, NULL, 'v'},
        TOOL_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long_only(argc, argv, "b:d:r:entqvh", longOptions, NULL)) != -1) {
        switch (option) {
        case 'b': texts_add(&theOptions.identifiers, &theTool, optarg); break;
        case 'd': texts_add(&theOptions.dependencies, &theTool, optarg); break;
        case 'r': texts_add(&theOptions.folders, &theTool, optarg); break;
        case 'e': theOptions.skipsInstalled = true; break;
        case 'n': theOptions.checksOnly = true; break;
        case 't': theOptions.reports = true; break;
        case 'q': theOptions.isQuiet = true; break;
        case 'v': theOptions.isVerbose = true; break;
        default:
            tool_handle_common(&theTool, option == 'h' ? kOptionHelp : option);
            tool_wrong_usage(&theTool);
        }
    }
}

/* What the checked bundles may depend on. */
static void add_sources(void)
{
    char reason[kReasonSize];
    for (size_t i = 0; i < theOptions.folders.count; i++)
        if (!check_add_folder(theOptions.folders.items[i]) && !theOptions.isQuiet)
            tool_warn(&theTool, "%s: out of memory", theOptions.folders.items[i]);
    if (!theOptions.skipsInstalled)
        check_add_installed();
    for (size_t i = 0; i < theOptions.dependencies.count; i++)
        if (!check_add_bundle(theOptions.dependencies.items[i], reason) && !theOptions.isQuiet)
            tool_warn(&theTool, "%s: %s", theOptions.dependencies.items[i], reason);
}

/* ---- Checking ---- */

/* Says what the check of a bundle found, unless the kit's log has; the exit status for it. */
static int report_check(const char *name, bool isLoadable, char *reason, bool isLogged)
{
    reason[strcspn(reason, "\n")] = '\0';
    if (theOptions.isQuiet)
        return isLoadable ? EX_OK : kExitKextBad;
    if (!isLoadable && !isLogged)
        tool_warn(&theTool, "%s: %s", name, reason);
    if (theOptions.reports)
        printf("Diagnostics for %s:\n    %s\n", name, isLoadable ? "no problems" : reason);
    else if (isLoadable && (theOptions.checksOnly || theOptions.isVerbose))
        printf("%s appears to be loadable (not including linkage for on-disk libraries).\n", name);
    return isLoadable ? EX_OK : kExitKextBad;
}

static int check_path(const char *path)
{
    char        reason[kReasonSize] = "";
    struct stat status;
    if (stat(path, &status) != 0) {
        if (!theOptions.isQuiet)
            tool_warn(&theTool, "%s: no such bundle", path);
        return kExitNotFound;
    }
    bool isLogged;
    bool isLoadable = check_bundle(path, reason, &isLogged);
    return report_check(path, isLoadable, reason, isLogged);
}

static int check_name(const char *identifier)
{
    char reason[kReasonSize] = "";
    bool isLoadable          = check_identifier(identifier, reason);
    return report_check(identifier, isLoadable, reason, false);
}

/* ---- Loading ---- */

static int report_load(const char *name, OSReturn result)
{
    if (result == kOSReturnSuccess) {
        if (!theOptions.isQuiet)
            printf("%s loaded successfully (or already loaded).\n", name);
        return EX_OK;
    }
    if (!theOptions.isQuiet)
        tool_warn(&theTool, "%s failed to load - %s", name, kexts_result_text(result));
    return kexts_exit_status(result) == EX_NOPERM ? EX_NOPERM : kExitLoadFailed;
}

static int load_path(const char *path, CFArrayRef dependencies)
{
    CFURLRef url    = kexts_create_url(&theTool, path);
    OSReturn result = KextManagerLoadKextWithURL(url, dependencies);
    CFRelease(url);
    return report_load(path, result);
}

static int load_name(const char *text, CFArrayRef dependencies)
{
    CFStringRef identifier = CFStringCreateWithCString(kCFAllocatorDefault, text, kCFStringEncodingUTF8);
    OSReturn    result     = KextManagerLoadKextWithIdentifier(identifier, dependencies);
    if (identifier)
        CFRelease(identifier);
    return report_load(text, result);
}

/* ---- All of them ---- */

/* Checks, and then loads, one bundle; keeps the first status that is not 0. */
static void process(const char *name, int (*check)(const char *), int (*load)(const char *, CFArrayRef),
                    CFArrayRef dependencies, int *status)
{
    int one = check(name);
    if (one == EX_OK && !theOptions.checksOnly)
        one = load(name, dependencies);
    if (*status == EX_OK)
        *status = one;
}

int main(int argc, char **argv)
{
    take_options(argc, argv);
    if (optind == argc && theOptions.identifiers.count == 0) {
        tool_warn(&theTool, "no kernel extensions specified");
        tool_wrong_usage(&theTool);
    }
    add_sources();
    CFArrayRef dependencies = kexts_create_urls(&theTool, &theOptions.dependencies);
    int        status       = EX_OK;
    for (size_t i = 0; i < theOptions.identifiers.count; i++)
        process(theOptions.identifiers.items[i], check_name, load_name, dependencies, &status);
    for (int i = optind; i < argc; i++)
        process(argv[i], check_path, load_path, dependencies, &status);
    CFRelease(dependencies);
    free(theOptions.identifiers.items);
    free(theOptions.dependencies.items);
    free(theOptions.folders.items);
    check_finish();
    return tool_finish(&theTool, status);
}
