/* SPDX-License-Identifier: MIT */
/* Where the host listens: a program looks there, and a tool that finds nobody says so. */
#ifndef SRC_PROTOCOL_HOSTPATH_H
#define SRC_PROTOCOL_HOSTPATH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* IOKIT_HOST; else the user's own host, or the system's for root and without XDG_RUNTIME_DIR. False when size is too
 * small for the path, which is cut then. */
static inline bool hostPath(char *path, size_t size)
{
    const char *host    = getenv("IOKIT_HOST");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    int         length;
    if (host && *host)
        length = snprintf(path, size, "%s", host);
    else if (geteuid() == 0 || !runtime || !*runtime)
        length = snprintf(path, size, "/run/iokitd.sock");
    else
        length = snprintf(path, size, "%s/iokitd.sock", runtime);
    return length > 0 && (size_t)length < size;
}

#endif
