/* SPDX-License-Identifier: MIT */
/* What kextload, kextunload and kextutil share: which bundles are meant, and how a result becomes an exit status. */
#ifndef TOOLS_COMMON_KEXTS_H
#define TOOLS_COMMON_KEXTS_H

#include <CoreFoundation/CoreFoundation.h>
#include <libkern/OSReturn.h>

#include "tool.h"

/* A list of the command line's arguments. */
typedef struct texts {
    const char **items;
    size_t       count;
} texts;

/* Appends; ends the program without memory. */
void texts_add(texts *self, const tool *owner, const char *text);

/* A file URL, +1; ends the program when the text is no path. */
CFURLRef kexts_create_url(const tool *self, const char *path);

/* The URLs of the paths, +1. */
CFArrayRef kexts_create_urls(const tool *self, const texts *paths);

/* The paths of the bundles in the folders, appended. A folder that cannot be read is said so. */
void kexts_add_from_folders(texts *paths, const tool *self, const texts *folders);

/* The identifier in the Info.plist of the bundle at the path, +1, or NULL. */
CFStringRef kexts_copy_identifier(const tool *self, const char *path);

/* A result in words, those of bundles included. Static. */
const char *kexts_result_text(OSReturn result);

/* The exit status of a tool whose load or unload gave the result: 0, EX_NOPERM, EX_UNAVAILABLE, or 10 for others. */
int kexts_exit_status(OSReturn result);

#endif
