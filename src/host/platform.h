/* SPDX-License-Identifier: MIT */
/*
 * What a platform is to the host: a named way in which devices come to exist. platforms/<name>/ defines one of these
 * and puts it into the list of platforms/meson.build; iokitd starts those that its options name, in that order.
 */
#ifndef HOST_PLATFORM_H
#define HOST_PLATFORM_H

#include <stdbool.h>

#include <IOKit/IOReturn.h>

typedef struct IOPlatform {
    const char *name;        /* what --platform takes */
    const char *description; /* one line for --help */
    /*
     * Makes the devices that exist now: nubs are attached below IOPlatformExpertDevice (or the expert itself is made) and
     * registered; matching goes on after it returns. Watches for changes from then on, on threads of its own.
     * Returns kIOReturnSuccess, or an error after one line with its reason in the log; what was made is gone then.
     * Context: the host's main thread, once, after the catalogue was read and before clients are served.
     */
    IOReturn (*start)(void);
    /* Stops watching and terminates what it made; when it returns, none of its threads runs. After a successful start. */
    void (*stop)(void);
} IOPlatform;

/* The platforms linked into this host, in the order of platforms/meson.build; NULL ends the list. */
extern const IOPlatform *const IOPlatforms[];

#endif
