/* SPDX-License-Identifier: MIT */
/* The platforms of this host: bundles that match IOPlatformExpertDevice by a name (docs/adr/0007). */
#ifndef HOST_PLATFORMS_H
#define HOST_PLATFORMS_H

#include <stdbool.h>

/*
 * Makes the machine answer to the names and matches it; the platforms start on the threads of matching. No names:
 * "linux" and "simulation", as far as there are such. Returns   false after a line on stderr: a name that no
 * personality has, or no memory Context   once, after the Extensions folders were read
 */
bool HostPlatforms_start(const char *const *names, unsigned count);

/* Terminates what hangs on the machine and waits for it to go, at most a few seconds. */
void HostPlatforms_stop(void);

#endif
