/* SPDX-License-Identifier: MIT */
/* ioalloccount: how much memory the kit has allocated, by what it is for. */
#include <sysexits.h>

#include "tools/common/diagnostics.h"
#include "tools/common/tool.h"

static const tool theTool = {
    .name        = "ioalloccount",
    .synopsis    = "",
    .description = "Shows how many bytes the I/O Kit host has allocated.\n",
    .usageStatus = EX_USAGE,
};

static void print_number(CFDictionaryRef diagnostics, const char *name)
{
    CFStringRef key    = CFStringCreateWithCString(kCFAllocatorDefault, name, kCFStringEncodingUTF8);
    CFTypeRef   value  = key ? CFDictionaryGetValue(diagnostics, key) : NULL;
    int64_t     number = 0;
    if (key)
        CFRelease(key);
    if (!value)
        return;
    if (CFGetTypeID(value) == CFNumberGetTypeID() && CFNumberGetValue(value, kCFNumberSInt64Type, &number))
        printf("%22s = 0x%08llx = %4llu K\n", name, (unsigned long long)number, (unsigned long long)number / 1024);
    else
        printf("%22s = ?? (error reading/converting value)\n", name);
}

int main(int argc, char **argv)
{
    static const struct option longOptions[] = {TOOL_OPTIONS, {0}};
    static const char *const   names[] = {"Instance allocation", "Container allocation", "IOMalloc allocation",
                                          "Pageable allocation"};
    int                        option;
    while ((option = getopt_long(argc, argv, "", longOptions, NULL)) != -1) {
        tool_handle_common(&theTool, option);
        tool_wrong_usage(&theTool);
    }
    if (optind < argc)
        tool_wrong_usage(&theTool);
    CFDictionaryRef diagnostics = diagnostics_copy(&theTool);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        print_number(diagnostics, names[i]);
    CFRelease(diagnostics);
    return tool_finish(&theTool, EX_OK);
}
