/* SPDX-License-Identifier: MIT */
/*
 * Where the bundles that belong to this kit are: beside its library, wherever that was installed, copied or built. So an
 * installation can be moved, and a build folder works as it is.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libkern/OSKext.h>

bool OSKext_getDefaultFolder(char *path, size_t size)
{
    static const char *const places[] = {"iokit/Extensions", "Extensions"}; /* installed; in a build folder */
    char                     library[PATH_MAX];
    Dl_info                  info;
    if (dladdr(places, &info) == 0 || !realpath(info.dli_fname, library))
        return false;
    *strrchr(library, '/') = 0;
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        int length = snprintf(path, size, "%s/%s", library, places[i]);
        if (length > 0 && (size_t)length < size && access(path, R_OK | X_OK) == 0)
            return true;
    }
    return false;
}
