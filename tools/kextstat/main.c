/* SPDX-License-Identifier: MIT */
/* kextstat: the bundles that the host has loaded, one line each. */
#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/kext/KextManager.h>
#include <libkern/OSKextLib.h>

#include "tools/common/tool.h"

static const tool theTool = {
    .name        = "kextstat",
    .synopsis    = "[-a] [-k] [-l] [-s] [-b bundle_id] ...",
    .description = "-no-kernel-components (-k): show only loadable kexts (omit kernel components).\n"
                   "-list-only (-l): print the list only, omitting the header.\n"
                   "-bundle-id (-b) <bundle_id>: print info for kexts named by identifier.\n"
                   "-arch (-a): include architecture info in output.\n"
                   "-sort (-s): sort by load address.\n"
                   "-help (-h): print this message and exit.\n",
    .usageStatus = EX_USAGE,
};

static struct {
    bool              showsArchitecture;
    bool              omitsKernel;
    bool              omitsHeader;
    bool              sortsByAddress;
    CFMutableArrayRef identifiers; /* owned */
} theOptions;

#if defined(__x86_64__)
static const char architecture[] = "x86_64";
#elif defined(__aarch64__)
static const char architecture[] = "arm64";
#else
static const char architecture[] = "????";
#endif

/* ---- Fields ---- */

/* The number of the key; false when there is none. */
static bool get_number(CFDictionaryRef info, const char *name, uint64_t *ret_number)
{
    CFStringRef key    = CFStringCreateWithCString(kCFAllocatorDefault, name, kCFStringEncodingUTF8);
    CFTypeRef   value  = key ? CFDictionaryGetValue(info, key) : NULL;
    int64_t     number = 0;
    bool        found  = value && CFGetTypeID(value) == CFNumberGetTypeID() &&
                 CFNumberGetValue(value, kCFNumberSInt64Type, &number);
    if (key)
        CFRelease(key);
    if (found)
        *ret_number = (uint64_t)number;
    return found;
}

static void print_count(CFDictionaryRef info, const char *name, int width, const char *before)
{
    uint64_t number;
    if (get_number(info, name, &number))
        printf("%s%*" PRIu32, before, width, (uint32_t)number);
    else
        printf("%s%*s", before, width, "??");
}

static void print_hex(CFDictionaryRef info, const char *name, int width)
{
    uint64_t number;
    if (get_number(info, name, &number))
        printf(" %#-*" PRIx64, width, number);
    else
        printf(" %-*s", width, "????");
}

/* Prints the text of the key between the two others. */
static void print_text(CFDictionaryRef info, CFStringRef key, const char *before, const char *after)
{
    char      text[256];
    CFTypeRef value = CFDictionaryGetValue(info, key);
    bool      taken = value && CFGetTypeID(value) == CFStringGetTypeID() &&
                 CFStringGetCString(value, text, sizeof text, kCFStringEncodingUTF8);
    printf("%s%s%s", before, taken ? text : "????", after);
}

static void print_uuid(CFDictionaryRef info)
{
    CFTypeRef value = CFDictionaryGetValue(info, CFSTR(kOSBundleUUIDKey));
    if (!value || CFGetTypeID(value) != CFDataGetTypeID() || CFDataGetLength(value) != sizeof(CFUUIDBytes)) {
        printf(" no UUID");
        return;
    }
    const UInt8 *bytes = CFDataGetBytePtr(value);
    printf(" ");
    for (int i = 0; i < 16; i++)
        printf("%s%02X", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
}

static CFComparisonResult compare_descending(const void *left, const void *right, void *context)
{
    return CFNumberCompare(right, left, context);
}

/* The load tags of what it is linked against, from the latest. */
static void print_dependencies(CFDictionaryRef info)
{
    CFTypeRef tags = CFDictionaryGetValue(info, CFSTR(kOSBundleDependenciesKey));
    if (!tags || CFGetTypeID(tags) != CFArrayGetTypeID() || CFArrayGetCount(tags) == 0)
        return;
    CFMutableArrayRef sorted = CFArrayCreateMutableCopy(kCFAllocatorDefault, 0, tags);
    if (!sorted)
        tool_fail(&theTool, EX_OSERR, "out of memory");
    CFIndex count = CFArrayGetCount(sorted);
    CFArraySortValues(sorted, CFRangeMake(0, count), compare_descending, NULL);
    for (CFIndex i = 0; i < count; i++) {
        int32_t tag = 0;
        printf("%s", i ? " " : " <");
        if (CFNumberGetValue(CFArrayGetValueAtIndex(sorted, i), kCFNumberSInt32Type, &tag))
            printf("%" PRId32, tag);
        else
            printf("??");
    }
    printf(">");
    CFRelease(sorted);
}

/* ---- Lines ---- */

static void print_header(void)
{
    printf("Index Refs Address            Size       Wired      %sName (Version) UUID <Linked Against>\n",
           theOptions.showsArchitecture ? "Architecture       " : "");
}

/* Whether -b names the bundle. */
static bool is_named(CFDictionaryRef info)
{
    CFTypeRef identifier = CFDictionaryGetValue(info, kCFBundleIdentifierKey);
    CFRange   all        = CFRangeMake(0, CFArrayGetCount(theOptions.identifiers));
    return identifier && CFArrayContainsValue(theOptions.identifiers, all, identifier);
}

/* With -k, the kit's own modules are shown only when -b names them. */
static bool is_omitted(CFDictionaryRef info)
{
    uint64_t  tag;
    CFTypeRef isKernel = CFDictionaryGetValue(info, CFSTR(kOSKernelResourceKey));
    if (get_number(info, kOSBundleLoadTagKey, &tag) && tag == 0)
        return true;
    if (!theOptions.omitsKernel || !isKernel || CFGetTypeID(isKernel) != CFBooleanGetTypeID())
        return false;
    return CFBooleanGetValue(isKernel) && !is_named(info);
}

static void print_bundle(CFDictionaryRef info)
{
    if (is_omitted(info))
        return;
    print_count(info, kOSBundleLoadTagKey, 5, "");
    print_count(info, kOSBundleRetainCountKey, 4, " ");
    print_hex(info, kOSBundleLoadAddressKey, 18);
    print_hex(info, kOSBundleLoadSizeKey, 10);
    print_hex(info, kOSBundleWiredSizeKey, 10);
    if (theOptions.showsArchitecture)
        printf(" %-18s", architecture);
    print_text(info, kCFBundleIdentifierKey, " ", "");
    print_text(info, kCFBundleVersionKey, " (", ")");
    print_uuid(info);
    print_dependencies(info);
    printf("\n");
}

/* By the key; what lacks it comes first. */
static int compare_by(const char *key, CFDictionaryRef left, CFDictionaryRef right)
{
    uint64_t a    = 0;
    uint64_t b    = 0;
    bool     hasA = get_number(left, key, &a);
    bool     hasB = get_number(right, key, &b);
    if (hasA != hasB)
        return hasA ? 1 : -1;
    return (a > b) - (a < b);
}

static int compare_bundles(const void *left, const void *right)
{
    return compare_by(theOptions.sortsByAddress ? kOSBundleLoadAddressKey : kOSBundleLoadTagKey,
                      *(const CFDictionaryRef *)left, *(const CFDictionaryRef *)right);
}

static void print_list(CFDictionaryRef bundles)
{
    CFIndex          count = CFDictionaryGetCount(bundles);
    CFDictionaryRef *infos = calloc((size_t)count + 1, sizeof *infos);
    if (!infos)
        tool_fail(&theTool, EX_OSERR, "out of memory");
    CFDictionaryGetKeysAndValues(bundles, NULL, (const void **)infos);
    qsort(infos, (size_t)count, sizeof *infos, compare_bundles);
    for (CFIndex i = 0; i < count; i++)
        print_bundle(infos[i]);
    free(infos);
}

/* ---- Options ---- */

static void add_identifier(const char *text)
{
    CFStringRef identifier = CFStringCreateWithCString(kCFAllocatorDefault, text, kCFStringEncodingUTF8);
    if (!identifier)
        tool_fail(&theTool, EX_USAGE, "%s: not an identifier", text);
    CFArrayAppendValue(theOptions.identifiers, identifier);
    CFRelease(identifier);
}

static void take_options(int argc, char **argv)
{
    static const struct option longOptions[] = {
        {"no-kernel-components", no_argument, NULL, 'k'},
        {"list-only", no_argument, NULL, 'l'},
        {"bundle-id", required_argument, NULL, 'b'},
        {"arch", no_argument, NULL, 'a'},
        {"sort", no_argument, NULL, 's'},
        TOOL_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long_only(argc, argv, "klb:ash", longOptions, NULL)) != -1) {
        switch (option) {
        case 'k': theOptions.omitsKernel = true; break;
        case 'l': theOptions.omitsHeader = true; break;
        case 'b': add_identifier(optarg); break;
        case 'a': theOptions.showsArchitecture = true; break;
        case 's': theOptions.sortsByAddress = true; break;
        default:
            tool_handle_common(&theTool, option == 'h' ? kOptionHelp : option);
            tool_wrong_usage(&theTool);
        }
    }
    if (optind < argc) {
        tool_warn(&theTool, "extra arguments starting at %s...", argv[optind]);
        tool_wrong_usage(&theTool);
    }
}

int main(int argc, char **argv)
{
    theOptions.identifiers = CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks);
    if (!theOptions.identifiers)
        tool_fail(&theTool, EX_OSERR, "out of memory");
    take_options(argc, argv);
    CFArrayRef      wanted  = CFArrayGetCount(theOptions.identifiers) ? theOptions.identifiers : NULL;
    CFDictionaryRef bundles = KextManagerCopyLoadedKextInfo(wanted, NULL);
    if (!bundles)
        tool_fail_by_host(&theTool, EX_OSERR, "couldn't get list of loaded kexts");
    if (!theOptions.omitsHeader)
        print_header();
    print_list(bundles);
    CFRelease(bundles);
    CFRelease(theOptions.identifiers);
    return tool_finish(&theTool, EX_OK);
}
