/* SPDX-License-Identifier: MIT */
#include "registryFixture.h"

#include <stdio.h>
#include <string.h>

#include <libkern/OSIterator.h>

const IORegistryPlane *testPlane, *otherPlane;

/* ---- NotingEntry ---- */

static void note(IORegistryEntry *entry, const char *what, const char *about)
{
    NotingEntry *self = OSRequiredCast(NotingEntry, entry);
    size_t       used = strlen(self->notes);
    snprintf(self->notes + used, sizeof self->notes - used, "%s%s(%s)", used ? " " : "", what, about);
}

static bool NotingEntry_attachToChild(IORegistryEntry *entry, IORegistryEntry *child, const IORegistryPlane *plane)
{
    note(entry, "attachToChild", IORegistryEntry_getName(child, plane));
    return IORegistryEntry_super()->attachToChild(entry, child, plane) && !OSRequiredCast(NotingEntry, entry)->refuses;
}

static bool NotingEntry_attachToParent(IORegistryEntry *entry, IORegistryEntry *parent, const IORegistryPlane *plane)
{
    note(entry, "attachToParent", IORegistryEntry_getName(parent, plane));
    return IORegistryEntry_super()->attachToParent(entry, parent, plane);
}

static void NotingEntry_detachFromChild(IORegistryEntry *entry, IORegistryEntry *child, const IORegistryPlane *plane)
{
    note(entry, "detachFromChild", IORegistryEntry_getName(child, plane));
    IORegistryEntry_super()->detachFromChild(entry, child, plane);
}

static void NotingEntry_propertyChanged(IORegistryEntry *entry, const OSSymbol *key)
{
    note(entry, "propertyChanged", key ? OSSymbol_getCStringNoCopy(key) : "");
}

static void NotingEntry_nameChanged(IORegistryEntry *entry, const IORegistryPlane *plane)
{
    note(entry, "nameChanged", IORegistryEntry_getName(entry, plane));
}

OSDefineClass(NotingEntry, IORegistryEntry, .attachToChild = NotingEntry_attachToChild,
              .attachToParent = NotingEntry_attachToParent, .detachFromChild = NotingEntry_detachFromChild,
              .propertyChanged = NotingEntry_propertyChanged, .nameChanged = NotingEntry_nameChanged);

/* ---- Set-up ---- */

static void setUp(void)
{
    static OSMetaClass *const classes[] = {&NotingEntry_class};
    static const OSClassList  list      = {classes, 1};
    assert_non_null(IORegistryEntry_initialize());
    assert_int_equal(OSMetaClass_registerModule("test.registry", &list), kOSReturnSuccess);
    testPlane  = IORegistryEntry_makePlane("Test");
    otherPlane = IORegistryEntry_makePlane("Other");
    assert_non_null(testPlane);
    assert_non_null(otherPlane);
}

static void describeObjects(char *text, size_t size)
{
    kitTestHooks.describeObjects(text, size);
}

const TestHooks registryHooks = {.setUp = setUp, .describeObjects = describeObjects};

/* ---- Entries ---- */

IORegistryEntry *newEntry(const char *name)
{
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_non_null(entry);
    assert_true(IORegistryEntry_init(entry, NULL));
    assert_true(IORegistryEntry_setName(entry, name, NULL));
    return entry;
}

NotingEntry *newNotingEntry(const char *name)
{
    NotingEntry *entry = OSTypeAlloc(NotingEntry);
    assert_non_null(entry);
    assert_true(IORegistryEntry_init(&entry->super, NULL));
    assert_true(IORegistryEntry_setName(&entry->super, name, NULL));
    entry->notes[0] = '\0';
    return entry;
}

IORegistryEntry *addChild(IORegistryEntry *parent, const char *name, const char *location)
{
    IORegistryEntry *child = newEntry(name);
    if (location)
        assert_true(IORegistryEntry_setLocation(child, location, NULL));
    assert_true(IORegistryEntry_attachToParent(child, parent, testPlane));
    OSRelease(child);
    return child;
}

IORegistryEntry *makeTree(void)
{
    return addChild(IORegistryEntry_getRegistryRoot(), "R", NULL);
}

void dropTree(IORegistryEntry *pathRoot)
{
    assert_true(IORegistryEntry_detachAll(pathRoot, testPlane));
}

/* ---- Names ---- */

static char names[4096];

static void addName(const IORegistryEntry *entry)
{
    if (names[0])
        strcat(names, " ");
    strcat(names, IORegistryEntry_getName(entry, NULL));
}

const char *namesFrom(IORegistryIterator *iterator)
{
    IORegistryEntry *entry;
    names[0] = '\0';
    while ((entry = IORegistryIterator_getNextObject(iterator)))
        addName(entry);
    return names;
}

const char *namesIn(OSIterator *iterator)
{
    OSObject *object;
    names[0] = '\0';
    while ((object = OSIterator_getNextObject(iterator)))
        addName(OSRequiredCast(IORegistryEntry, object));
    return names;
}
