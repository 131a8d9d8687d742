/* SPDX-License-Identifier: MIT */
/* The command line: --platform, --extensions, --socket, each as "--name value" or "--name=value". */
#include "options.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "buildPaths.h"

enum { kHelp = 256, kVersion };

static void printHelp(void)
{
    puts("Usage: iokitd [--platform NAME]... [--extensions FOLDER]... [--socket PATH]\n"
         "\n"
         "Runs the I/O Kit host in the foreground: the registry, the drivers, and the socket that programs reach them "
         "by.\n"
         "\n"
         "  --platform NAME      where devices come from; may be repeated. A platform is a bundle that matches the "
         "machine\n"
         "                       by this name (default: linux and simulation, as far as their bundles are there)\n"
         "  --extensions FOLDER  a folder of bundles (Name.kext), searched before the one that came with the host; may "
         "be\n"
         "                       repeated, the first is searched first\n"
         "  --socket PATH        where programs connect (default: $XDG_RUNTIME_DIR/iokitd.sock, for root\n"
         "                       /run/iokitd.sock); programs find another path in the variable IOKIT_HOST\n"
         "  --help, --version    print this, or the version, and exit\n");
}

/* Appends to one of the lists; a line on stderr when it is full. */
static bool add(const char **list, unsigned *count, unsigned limit, const char *value, const char *option)
{
    if (*count == limit) {
        fprintf(stderr, "iokitd: %s is given more than %u times\n", option, limit);
        return false;
    }
    list[(*count)++] = value;
    return true;
}

int HostOptions_parse(HostOptions *self, int argc, char **argv)
{
    static const struct option kOptions[] = {
        {"platform", required_argument, NULL, 'p'}, {"extensions", required_argument, NULL, 'e'},
        {"socket", required_argument, NULL, 's'},   {"help", no_argument, NULL, kHelp},
        {"version", no_argument, NULL, kVersion},   {0},
    };
    memset(self, 0, sizeof *self);
    for (int option; (option = getopt_long(argc, argv, "", kOptions, NULL)) != -1;) {
        bool added = true;
        switch (option) {
        case 'p':
            added = add(self->platforms, &self->platformCount, kOptionsPlatformsMax, optarg, "--platform");
            break;
        case 'e':
            added = add(self->extensions, &self->extensionCount, kOptionsExtensionsMax, optarg, "--extensions");
            break;
        case 's':
            self->socket = optarg;
            break;
        case kHelp:
            printHelp();
            return EX_OK;
        case kVersion:
            puts("iokitd " HOST_VERSION);
            return EX_OK;
        default: /* getopt_long has said why */
            return EX_USAGE;
        }
        if (!added)
            return EX_USAGE;
    }
    if (optind < argc) {
        fprintf(stderr, "iokitd: unexpected argument '%s'\n", argv[optind]);
        return EX_USAGE;
    }
    return -1;
}
