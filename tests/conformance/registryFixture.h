/* SPDX-License-Identifier: MIT */
/* What the registry's tests share: a registry with two planes of their own, entries, and a class that takes notes. */
#ifndef TESTS_CONFORMANCE_REGISTRYFIXTURE_H
#define TESTS_CONFORMANCE_REGISTRYFIXTURE_H

#include "harness.h"

#include <IOKit/IORegistryEntry.h>
#include <IOKit/IORegistryIterator.h>
#include <libkern/OSArray.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

/* Two planes that exist before each test, "Test" and "Other". */
extern const IORegistryPlane *testPlane, *otherPlane;

/* Hooks that make the registry and the planes before a test and compare the objects around it. */
extern const TestHooks registryHooks;

/* An entry that notes what it is told; refusing, its attachToChild returns false. */
OSDeclareClass(NotingEntry);
struct NotingEntry {
    IORegistryEntry super;
    char            notes[512]; /* "attachToChild(name) propertyChanged(key) ..." */
    bool            refuses;
};

/* New entries, +1, initialised and named. */
IORegistryEntry *newEntry(const char *name);
NotingEntry     *newNotingEntry(const char *name);
/* A new entry with a location (or NULL), attached below parent in testPlane, which holds it: borrowed. */
IORegistryEntry *addChild(IORegistryEntry *parent, const char *name, const char *location);
/* A path root for testPlane, "R", below the registry's root: borrowed. dropTree detaches it and all below. */
IORegistryEntry *makeTree(void);
void             dropTree(IORegistryEntry *pathRoot);

/* The names that an iterator yields from here to its end, one space between them. Valid until the next call. */
const char *namesFrom(IORegistryIterator *iterator);
/* The same of a collection's members, which are entries. */
const char *namesIn(OSIterator *iterator);

#endif
