/* SPDX-License-Identifier: MIT */
/* ioclasscount: how many objects of each class live in the host. */
#include <stdlib.h>
#include <sysexits.h>

#include "tools/common/diagnostics.h"
#include "tools/common/tool.h"

static const tool theTool = {
    .name        = "ioclasscount",
    .synopsis    = "[classname] [...]",
    .description = "Shows the instance counts of the given classes, or of all.\n",
    .usageStatus = 1,
};

static void print_count(CFDictionaryRef classes, CFStringRef name, const char *end)
{
    char      text[256];
    CFTypeRef value = CFDictionaryGetValue(classes, name);
    int32_t   count = 0;
    printf("%s = ", CFStringGetCString(name, text, sizeof text, kCFStringEncodingUTF8) ? text : "??");
    if (!value)
        printf("<no such class>");
    else if (CFGetTypeID(value) == CFNumberGetTypeID() && CFNumberGetValue(value, kCFNumberSInt32Type, &count))
        printf("%lu", (unsigned long)(uint32_t)count);
    else
        printf("?? (error reading/converting value)");
    fputs(end, stdout);
}

static int compare_names(const void *left, const void *right)
{
    return (int)CFStringCompare(*(const CFStringRef *)left, *(const CFStringRef *)right, kCFCompareCaseInsensitive);
}

static void print_all(CFDictionaryRef classes)
{
    CFIndex      count = CFDictionaryGetCount(classes);
    CFStringRef *names = calloc((size_t)count + 1, sizeof *names);
    if (!names)
        tool_fail(&theTool, EX_OSERR, "out of memory");
    CFDictionaryGetKeysAndValues(classes, (const void **)names, NULL);
    qsort(names, (size_t)count, sizeof *names, compare_names);
    for (CFIndex i = 0; i < count; i++)
        print_count(classes, names[i], "\n");
    free(names);
}

static void print_named(CFDictionaryRef classes, char **names, int count)
{
    for (int i = 0; i < count; i++) {
        CFStringRef name = CFStringCreateWithCString(kCFAllocatorDefault, names[i], kCFStringEncodingUTF8);
        if (!name)
            tool_fail(&theTool, EX_OSERR, "not a name: %s", names[i]);
        print_count(classes, name, i + 1 == count ? "\n" : ", ");
        CFRelease(name);
    }
}

int main(int argc, char **argv)
{
    static const struct option longOptions[] = {TOOL_OPTIONS, {0}};
    int                        option;
    while ((option = getopt_long(argc, argv, "", longOptions, NULL)) != -1) {
        tool_handle_common(&theTool, option);
        tool_wrong_usage(&theTool);
    }
    CFDictionaryRef diagnostics = diagnostics_copy(&theTool);
    CFTypeRef       classes     = CFDictionaryGetValue(diagnostics, CFSTR("Classes"));
    if (!classes || CFGetTypeID(classes) != CFDictionaryGetTypeID())
        tool_fail(&theTool, EX_OSERR, "class information missing");
    if (optind < argc)
        print_named(classes, argv + optind, argc - optind);
    else
        print_all(classes);
    CFRelease(diagnostics);
    return tool_finish(&theTool, EX_OK);
}
