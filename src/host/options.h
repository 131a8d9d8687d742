/* SPDX-License-Identifier: MIT */
/* The command line of iokitd. */
#ifndef HOST_OPTIONS_H
#define HOST_OPTIONS_H

enum { kOptionsPlatformsMax = 16, kOptionsExtensionsMax = 64 };

typedef struct HostOptions {
    const char *platforms[kOptionsPlatformsMax]; /* borrowed from argv; none: the default ones */
    unsigned platformCount;
    const char *extensions[kOptionsExtensionsMax]; /* borrowed from argv, or the installed folder */
    unsigned extensionCount;
    const char *socket; /* NULL: the default */
} HostOptions;

/*
 * Reads the command line.
 *   Returns   -1 to go on; else what the process exits with, after --help, --version or a line on stderr
 */
int HostOptions_parse(HostOptions *self, int argc, char **argv);

#endif
