/* SPDX-License-Identifier: MIT */
/* What the files of src/catalogue share about personalities; not for drivers. */
#ifndef SRC_CATALOGUE_IOCATALOGUEPRIVATE_H
#define SRC_CATALOGUE_IOCATALOGUEPRIVATE_H

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOService.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSOrderedSet.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

/* The bundle that has the class of a personality, borrowed; NULL when it names none. */
OSString *personality_module(OSDictionary *personality);

/* Whether a personality contains the keys of matching. */
bool catalogue_has(OSDictionary *matching);

/* Drops the personalities of a module and matches the services again that they could match: the module was refused. */
void catalogue_withdrawModule(const char *identifier);

/* loadQueue.c: has a bundle loaded in the background. False: no thread or no memory for it. */
struct OSKext;
bool loadQueue_add(struct OSKext *kext);
/* Returns once nothing is being loaded in the background. */
void loadQueue_wait(void);

#endif
