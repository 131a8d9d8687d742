/* SPDX-License-Identifier: MIT */
/*
 * The registry without memory: each operation is run again and again, with its first allocation failing, its second,
 * and so on until it gets by with all that it asks for. Every time it must either do its work or say that it did not,
 * and leave the registry whole and as it was. The runner counts the objects afterwards.
 */
#include "../conformance/registryFixture.h"

#include <stdio.h>

#include <IOKit/IOLib.h>
#include <libkern/OSIterator.h>
#include <libkern/OSOrderedSet.h>

#include "registry/registryPrivate.h"

/* What an operation works on: a path root with some children, and an entry that is not attached. */
typedef struct Subject {
    IORegistryEntry *root;  /* owned */
    IORegistryEntry *child; /* the first one; borrowed */
    IORegistryEntry *entry; /* owned */
    unsigned         run;   /* 1 for the first run, and so on */
} Subject;

typedef struct Operation {
    unsigned children;
    bool (*run)(Subject *subject);             /* whether it says that it did its work */
    void (*check)(Subject *subject, bool done); /* NULL, or: that it told the truth */
} Operation;

static void failEach(const Operation *operation)
{
    bool more = true;
    for (unsigned n = 1; more; n++) {
        Subject subject = {.root = OSRetain(makeTree()), .entry = newEntry("entry"), .run = n};
        char    name[16];
        for (unsigned i = 0; i < operation->children; i++) {
            snprintf(name, sizeof name, "child%u", i);
            IORegistryEntry *child = addChild(subject.root, name, NULL);
            subject.child          = subject.child ? subject.child : child;
        }
        IOAllocation_failNth(n);
        bool done = operation->run(&subject);
        more      = IOAllocation_failNth(0) >= n;
        if (!more)
            assert_true(done);
        if (n == 1)
            assert_true(more); /* else there is nothing to fail, and the test tests nothing */
        IORegistryEntry_checkIntegrity();
        if (operation->check)
            operation->check(&subject, done);
        dropTree(subject.root);
        dropTree(subject.entry);
        OSRelease(subject.root);
        OSRelease(subject.entry);
    }
}

/* ---- Links ---- */

static bool attach(Subject *subject)
{
    return IORegistryEntry_attachToParent(subject->entry, subject->root, testPlane);
}

static void checkAttached(Subject *subject, bool done)
{
    assert_int_equal(IORegistryEntry_isChild(subject->root, subject->entry, testPlane, false), done);
    assert_int_equal(IORegistryEntry_inPlane(subject->entry, NULL), done);
}

TEST(attach)
{
    failEach(&(Operation){0, attach, checkAttached});
    failEach(&(Operation){1, attach, checkAttached});
    failEach(&(Operation){2, attach, checkAttached});
}

/* The child that turns an array into a table, and the one for which the table grows. */
TEST(attach_to_a_growing_set)
{
    failEach(&(Operation){kLinksFew, attach, checkAttached});
    failEach(&(Operation){2 * kLinksFew, attach, checkAttached});
}

/* The first and the last stay, so that the table gets gaps and wants to be a smaller one. */
static bool detachWithoutMemory(Subject *subject)
{
    char name[16];
    for (unsigned i = 1; i <= 100; i++) {
        snprintf(name, sizeof name, "child%u", i);
        IORegistryEntry *child = IORegistryEntry_childFromPath(subject->root, name, testPlane, NULL, NULL);
        IORegistryEntry_detachFromParent(child, subject->root, testPlane);
        OSRelease(child);
    }
    return true;
}

static void checkRemaining(Subject *subject, bool done)
{
    (void)done;
    assert_int_equal(IORegistryEntry_getChildCount(subject->root, testPlane), 20);
}

/* Detaching never fails: a table that cannot be replaced stays. */
TEST(detach)
{
    failEach(&(Operation){120, detachWithoutMemory, checkRemaining});
}

static bool detachAll(Subject *subject)
{
    return IORegistryEntry_detachAll(subject->root, testPlane);
}

static void checkDetached(Subject *subject, bool done)
{
    assert_int_equal(IORegistryEntry_getChildCount(subject->root, testPlane), done ? 0 : 40);
    assert_int_equal(IORegistryEntry_inPlane(subject->root, testPlane), !done);
}

TEST(detach_all)
{
    failEach(&(Operation){40, detachAll, checkDetached});
}

static bool takeOver(Subject *subject)
{
    IORegistryEntry *heir = OSTypeAlloc(IORegistryEntry);
    if (!heir)
        return false;
    bool done = IORegistryEntry_initFromEntry(heir, subject->root, testPlane);
    if (done) {
        OSRelease(subject->entry);
        subject->entry = heir;
    } else {
        OSRelease(heir);
    }
    return done;
}

static void checkTakenOver(Subject *subject, bool done)
{
    IORegistryEntry *winner = done ? subject->entry : subject->root, *loser = done ? subject->root : subject->entry;
    assert_int_equal(IORegistryEntry_getChildCount(winner, testPlane), 3);
    assert_int_equal(IORegistryEntry_getChildCount(loser, testPlane), 0);
    assert_true(IORegistryEntry_isChild(IORegistryEntry_getRegistryRoot(), winner, testPlane, true));
}

TEST(init_from_an_entry)
{
    failEach(&(Operation){3, takeOver, checkTakenOver});
}

/* ---- Properties, names, planes ---- */

static bool setProperties(Subject *subject)
{
    OSDictionary *dict = OSDictionary_withCapacity(2);
    char          key[16];
    bool          done = dict && IORegistryEntry_setProperty(subject->child, "dictionary", OSObjectOf(dict)) &&
                IORegistryEntry_setPropertyString(subject->child, "string", "text of the string") &&
                IORegistryEntry_setPropertyBoolean(subject->child, "boolean", true) &&
                IORegistryEntry_setPropertyNumber(subject->child, "number", 1, 64) &&
                IORegistryEntry_setPropertyData(subject->child, "data", "0123456789abcdef0123456789abcdef", 32);
    for (unsigned i = 0; done && i < 12; i++) {
        snprintf(key, sizeof key, "key%u", i);
        done = IORegistryEntry_setPropertyNumber(subject->child, key, i, 32);
    }
    OSRelease(dict);
    return done;
}

static void checkProperties(Subject *subject, bool done)
{
    assert_int_equal(IORegistryEntry_propertyExists(subject->child, "key11"), done);
}

TEST(set_property)
{
    failEach(&(Operation){1, setProperties, checkProperties});
}

static bool initialise(Subject *subject)
{
    OSDictionary    *dict  = OSDictionary_withCapacity(1);
    OSString        *name  = OSString_withCString("name");
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    bool             done  = dict && name && entry && OSDictionary_setObject(dict, "IOName", OSObjectOf(name));
    if (done)
        OSDictionary_setOptions(dict, kOSCollectionImmutable, kOSCollectionImmutable);
    done = done && IORegistryEntry_init(entry, dict);
    OSRelease(entry);
    OSRelease(name);
    OSRelease(dict);
    return done;
}

TEST(init)
{
    failEach(&(Operation){0, initialise, NULL});
}

static bool setNames(Subject *subject)
{
    return IORegistryEntry_setName(subject->entry, "a new name", otherPlane) &&
           IORegistryEntry_setLocation(subject->entry, "a new location", otherPlane);
}

static void checkNames(Subject *subject, bool done)
{
    assert_string_equal(IORegistryEntry_getName(subject->entry, NULL), "entry");
    assert_int_equal(IORegistryEntry_getLocation(subject->entry, otherPlane) != NULL, done);
}

TEST(set_name)
{
    failEach(&(Operation){0, setNames, checkNames});
}

static bool makePlane(Subject *subject)
{
    char name[16];
    snprintf(name, sizeof name, "Plane%u", subject->run);
    return IORegistryEntry_makePlane(name);
}

static void checkPlane(Subject *subject, bool done)
{
    char name[16];
    snprintf(name, sizeof name, "Plane%u", subject->run);
    assert_int_equal(IORegistryEntry_getPlane(name) != NULL, done);
    OSObject *planes = IORegistryEntry_copyProperty(IORegistryEntry_getRegistryRoot(), kIORegistryPlanesKey);
    assert_int_equal(OSDictionary_getObject(OSRequiredCast(OSDictionary, planes), name) != NULL, done);
    OSRelease(planes);
}

TEST(make_plane)
{
    failEach(&(Operation){0, makePlane, checkPlane});
}

/* ---- Walks and searches ---- */

static bool iterateAll(Subject *subject)
{
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(subject->root, testPlane, 0);
    OSOrderedSet       *all      = iterator ? IORegistryIterator_iterateAll(iterator) : NULL;
    bool                done     = all && OSOrderedSet_getCount(all) == 20;
    OSRelease(all);
    OSRelease(iterator);
    return done;
}

static bool walk(Subject *subject)
{
    unsigned            count = 0;
    IORegistryIterator *iterator =
        IORegistryIterator_iterateOver(subject->root, testPlane, kIORegistryIterateRecursively);
    while (iterator && IORegistryIterator_getNextObject(iterator))
        count++;
    bool done = iterator && IORegistryIterator_isValid(iterator);
    if (done)
        assert_int_equal(count, 20);
    OSRelease(iterator);
    return done;
}

TEST(iterate)
{
    failEach(&(Operation){20, iterateAll, NULL});
    failEach(&(Operation){20, walk, NULL});
}

static void count(IORegistryEntry *entry, void *context)
{
    ++*(unsigned *)context;
}

static bool snapshot(Subject *subject)
{
    unsigned    applied  = 0;
    OSIterator *children = IORegistryEntry_getChildIterator(subject->root, testPlane);
    bool        done     = children && IORegistryEntry_applyToChildren(subject->root, count, &applied, testPlane);
    assert_int_equal(applied, done ? 20 : 0);
    OSRelease(children);
    return done;
}

TEST(snapshots)
{
    failEach(&(Operation){20, snapshot, NULL});
}

static bool path(Subject *subject)
{
    char text[64];
    int  length = sizeof text;
    return IORegistryEntry_getPath(subject->child, text, &length, testPlane);
}

static bool depth(Subject *subject)
{
    return IORegistryEntry_getDepth(subject->child, testPlane) == 3;
}

static bool depthOfTwo(Subject *subject)
{
    IORegistryEntry *root = IORegistryEntry_getRegistryRoot();
    if (!IORegistryEntry_isParent(subject->child, root, testPlane, false) &&
        !IORegistryEntry_attachToParent(subject->child, root, testPlane))
        return false;
    return depth(subject);
}

static bool search(Subject *subject)
{
    OSObject *found = IORegistryEntry_copyPropertyInPlane(
        subject->child, kIOKitBuildVersionKey, testPlane, kIORegistryIterateRecursively | kIORegistryIterateParents);
    OSRelease(found);
    return found;
}

TEST(questions)
{
    failEach(&(Operation){1, path, NULL});
    failEach(&(Operation){1, depthOfTwo, NULL});
    failEach(&(Operation){1, search, NULL});
}

/* make_plane leaves planes behind, which live for ever. */
TEST_MAIN_WITH(registryHooks, RUN(attach), RUN(attach_to_a_growing_set), RUN(detach), RUN(detach_all),
               RUN(init_from_an_entry), RUN(set_property), RUN(init), RUN(set_name), RUN_KEEPS(make_plane),
               RUN(iterate), RUN(snapshots), RUN(questions))
