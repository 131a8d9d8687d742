/* SPDX-License-Identifier: MIT */
/* The platforms of this host: bundles that match IOPlatformExpertDevice by a name (docs/adr/0007). */
#ifndef HOST_PLATFORMS_H
#define HOST_PLATFORMS_H

/*
 * Makes the machine answer to the names and matches it; the platforms start on the threads of matching.
 *   names     none: "linux" and "simulation", as far as there are such
 * Returns     EX_OK; after a line on stderr EX_USAGE for a name that no personality has, EX_OSERR without memory
 * Context     once, after the Extensions folders were read
 */
int HostPlatforms_start(const char *const *names, unsigned count);

/* Terminates what hangs on the machine and waits for it to go, at most a few seconds. */
void HostPlatforms_stop(void);

#endif
