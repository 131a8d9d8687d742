/* SPDX-License-Identifier: MIT */
/* Checking bundles with the kit's own code, without a host. */
#ifndef TOOLS_KEXTUTIL_CHECK_H
#define TOOLS_KEXTUTIL_CHECK_H

#include <stdbool.h>

enum { kReasonSize = 256 }; /* bytes for a text of check_bundle */

/* Bundles below the folder can be dependencies. False without memory; what is wrong with the folder or with bundles in
 * it is logged. */
bool check_add_folder(const char *path);

/* The bundles that came with the kit can be dependencies, if there are any. */
void check_add_installed(void);

/* The bundle at the path can be a dependency. False when it is none; the reason is in the text. */
bool check_add_bundle(const char *path, char *reason);

/* Whether the bundle at the path could be loaded, as far as can be said without loading it; if not, why. The kit writes
 * the reason to its log itself when it refuses the bundle: then *ret_isLogged is set. */
bool check_bundle(const char *path, char *reason, bool *ret_isLogged);

/* The same for a bundle in one of the folders. */
bool check_identifier(const char *identifier, char *reason);

void check_finish(void);

#endif
