/* SPDX-License-Identifier: MIT */
/* ioreg: shows the I/O Kit registry of the host as a tree or as a property list. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "ioreg.h"

options theOptions = {.plane = kIOServicePlane};

const tool theTool = {
    .name        = "ioreg",
    .synopsis    = "[-abfilrtxy] [-c class] [-d depth] [-k key] [-n name] [-p plane] [-w width]",
    .description = "where options are:\n"
                   "\t-a archive output\n"
                   "\t-b show object name in bold\n"
                   "\t-c list properties of objects with the given class\n"
                   "\t-d limit tree to the given depth\n"
                   "\t-f enable smart formatting\n"
                   "\t-i show object inheritance\n"
                   "\t-k list properties of objects with the given key\n"
                   "\t-l list properties of all objects\n"
                   "\t-n list properties of objects with the given name\n"
                   "\t-p traverse registry over the given plane (IOService is default)\n"
                   "\t-r show subtrees rooted by the given criteria\n"
                   "\t-t show location of each subtree\n"
                   "\t-w clip output to the given line width (0 is unlimited)\n"
                   "\t-x show data and numbers as hexadecimal\n"
                   "\t-y do not consider DriverKit classes with -c\n",
    .usageStatus = 1,
};

static uint32_t terminal_width(void)
{
    struct winsize size;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void take_option(int option)
{
    switch (option) {
    case 'a': theOptions.archive = true; break;
    case 'b': theOptions.bold = true; break;
    case 'c': theOptions.className = optarg; break;
    case 'd': theOptions.depth = (uint32_t)atoi(optarg); break;
    case 'f': theOptions.format = true; break;
    case 'i': theOptions.inheritance = true; break;
    case 'k': theOptions.key = optarg; break;
    case 'l': theOptions.list = true; break;
    case 'n': theOptions.name = optarg; break;
    case 'p': theOptions.plane = optarg; break;
    case 'r': theOptions.roots = true; break;
    case 's': break; /* of the past: accepted, no effect */
    case 'S': break;
    case 't': theOptions.tree = true; break;
    case 'w': theOptions.width = (uint32_t)atoi(optarg); break;
    case 'x': theOptions.hex = true; break;
    case 'y': theOptions.noUserClasses = true; break;
    default:
        tool_handle_common(&theTool, option);
        tool_wrong_usage(&theTool);
    }
}

static void write_archive(CFTypeRef object)
{
    CFDataRef data = CFPropertyListCreateData(kCFAllocatorDefault, object, kCFPropertyListXMLFormat_v1_0, 0, NULL);
    CFRelease(object);
    if (!data)
        tool_fail(&theTool, EX_OSERR, "error: can't make a property list");
    fwrite(CFDataGetBytePtr(data), 1, (size_t)CFDataGetLength(data), stdout); /* errors: see tool_finish */
    CFRelease(data);
}

int main(int argc, char **argv)
{
    static const struct option longOptions[] = {TOOL_OPTIONS, {0}};
    theOptions.width                         = terminal_width();
    int option;
    while ((option = getopt_long(argc, argv, ":abc:d:fik:ln:p:rsStw:xy", longOptions, NULL)) != -1)
        take_option(option);

    io_registry_entry_t root = IORegistryGetRootEntry(kIOMainPortDefault);
    if (!root)
        tool_fail_by_host(&theTool, 1, "error: can't obtain I/O Kit's root service");
    if (theOptions.archive) {
        CFTypeRef object = theOptions.roots ? archive_copy_roots(root) : archive_copy_plane(root);
        if (object)
            write_archive(object);
    } else if (theOptions.roots) {
        walk_show_roots(root);
    } else {
        walk_show_plane(root);
    }
    IOObjectRelease(root);
    return tool_finish(&theTool, EX_OK);
}
