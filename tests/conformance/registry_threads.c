/* SPDX-License-Identifier: MIT */
/*
 * The registry used by several threads at once, each at what the others change: links, walks, properties, names. At the
 * end it must be whole. The thread sanitizer sees what this cannot.
 */
#include "registryFixture.h"

#include <pthread.h>
#include <stdio.h>

#include <IOKit/IOLib.h>
#include <libkern/OSIterator.h>
#include <libkern/OSNumber.h>
#include <libkern/OSSerialize.h>

#include "registry/registryPrivate.h"

enum { kEntries = 120, kRounds = 10000, kThreads = 4 };

/* Some of the entries are below the root, some below the first entries, at any moment. */
typedef struct Shared {
    IORegistryEntry *root;
    IORegistryEntry *entries[kEntries]; /* owned */
} Shared;

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static IORegistryEntry *any(Shared *shared, unsigned *seed)
{
    return shared->entries[next(seed) % kEntries];
}

/* Links an entry to the root or to one of the first ten, and unlinks another. */
static void *attachAndDetach(void *context)
{
    Shared  *shared = context;
    unsigned seed   = 1;
    for (unsigned i = 0; i < kRounds; i++) {
        unsigned         which  = 10 + next(&seed) % (kEntries - 10);
        IORegistryEntry *parent = next(&seed) % 2 ? shared->root : shared->entries[next(&seed) % 10];
        assert_true(IORegistryEntry_attachToParent(shared->entries[which], parent, testPlane));
        which = 10 + next(&seed) % (kEntries - 10);
        IORegistryEntry_detachAbove(shared->entries[which], testPlane);
        if (i % 500 == 499)
            assert_true(IORegistryEntry_detachAll(shared->entries[next(&seed) % 10], testPlane));
    }
    return NULL;
}

static void *walk(void *context)
{
    Shared             *shared = context;
    IORegistryIterator *iterator =
        IORegistryIterator_iterateOver(shared->root, testPlane, kIORegistryIterateRecursively);
    IORegistryEntry *entry;
    unsigned         seed = 2;
    for (unsigned i = 0; i < kRounds / 10; i++) {
        IORegistryIterator_reset(iterator);
        while ((entry = IORegistryIterator_getNextObject(iterator)))
            assert_non_null(OSDynamicCast(IORegistryEntry, entry));
        (void)IORegistryIterator_isValid(iterator);
        OSIterator *children = IORegistryEntry_getChildIterator(shared->root, testPlane);
        while (OSIterator_getNextObject(children))
            continue;
        OSRelease(children);
        assert_true(IORegistryEntry_getDepth(any(shared, &seed), testPlane) <= 4);
    }
    OSRelease(iterator);
    return NULL;
}

static IOReturn increment(OSObject *target, void *unused0, void *unused1, void *unused2, void *unused3)
{
    IORegistryEntry *entry = OSRequiredCast(IORegistryEntry, target);
    OSNumber        *count = OSDynamicCast(OSNumber, IORegistryEntry_getProperty(entry, "count"));
    uint64_t         value = count ? OSNumber_unsigned64BitValue(count) : 0;
    IORegistryEntry_setPropertyNumber(entry, "count", value + 1, 64);
    return kIOReturnSuccess;
}

static void *useProperties(void *context)
{
    Shared  *shared = context;
    unsigned seed   = 3;
    for (unsigned i = 0; i < kRounds; i++) {
        IORegistryEntry *entry = any(shared, &seed);
        OSDictionary    *dict  = OSDictionary_withCapacity(1);
        IORegistryEntry_setProperty(entry, "dictionary", OSObjectOf(dict));
        OSRelease(dict);
        IORegistryEntry_runPropertyAction(shared->root, increment, OSObjectOf(shared->root), NULL, NULL, NULL, NULL);
        OSObject *found = IORegistryEntry_copyPropertyInPlane(
            entry, "count", testPlane, kIORegistryIterateRecursively | kIORegistryIterateParents);
        OSRelease(found);
        if (i % 50 == 0) {
            OSSerialize *serializer = OSSerialize_withCapacity(256);
            assert_true(IORegistryEntry_serializeProperties(entry, serializer));
            OSRelease(serializer);
        }
        IORegistryEntry_removeProperty(any(shared, &seed), "dictionary");
    }
    return NULL;
}

static void *useNames(void *context)
{
    Shared  *shared = context;
    unsigned seed   = 4;
    char     text[512];
    for (unsigned i = 0; i < kRounds; i++) {
        IORegistryEntry *entry = any(shared, &seed);
        snprintf(text, sizeof text, "name%u", next(&seed) % 30);
        IORegistryEntry_setName(entry, text, next(&seed) % 2 ? testPlane : NULL);
        IORegistryEntry_setLocation(entry, text + 4, NULL);
        const OSSymbol *name = IORegistryEntry_copyName(entry, testPlane);
        OSRelease(name);

        int length = sizeof text;
        if (IORegistryEntry_getPath(any(shared, &seed), text, &length, testPlane)) {
            IORegistryEntry *found = IORegistryEntry_fromPath(text, NULL, NULL, NULL, NULL);
            OSRelease(found);
        }
        IORegistryEntry *found = IORegistryEntry_copyByID(0x100000100 + next(&seed) % (2 * kEntries));
        OSRelease(found);
        IORegistryEntry *made = newEntry("short-lived"); /* IDs come and go */
        assert_true(IORegistryEntry_attachToParent(made, shared->root, otherPlane));
        IORegistryEntry_detachAbove(made, otherPlane);
        OSRelease(made);
    }
    return NULL;
}

TEST(threads)
{
    static void *(*const work[kThreads])(void *) = {attachAndDetach, walk, useProperties, useNames};
    static Shared        shared;
    pthread_t            threads[kThreads];
    shared.root = makeTree();
    for (unsigned i = 0; i < kEntries; i++) {
        shared.entries[i] = newEntry("entry");
        assert_true(IORegistryEntry_attachToParent(shared.entries[i], shared.root, testPlane));
    }
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work[i], &shared), 0);
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);

    IORegistryEntry_checkIntegrity();
    OSNumber *count = OSDynamicCast(OSNumber, IORegistryEntry_getProperty(shared.root, "count"));
    assert_int_equal(OSNumber_unsigned64BitValue(count), kRounds);
    dropTree(shared.root);
    for (unsigned i = 0; i < kEntries; i++) {
        IORegistryEntry_detachAll(shared.entries[i], testPlane);
        OSRelease(shared.entries[i]);
    }
}

/* Many threads set the same property; no count is lost, since an action is not interrupted. */
TEST(2_16_actions_of_several_threads)
{
    pthread_t threads[kThreads];
    Shared    shared = {.root = makeTree()};
    for (unsigned i = 0; i < kEntries; i++)
        shared.entries[i] = shared.root;
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, useProperties, &shared), 0);
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    OSNumber *count = OSDynamicCast(OSNumber, IORegistryEntry_getProperty(shared.root, "count"));
    assert_int_equal(OSNumber_unsigned64BitValue(count), kThreads * kRounds);
    dropTree(shared.root);
}

TEST_MAIN_WITH(registryHooks, RUN(threads), RUN(2_16_actions_of_several_threads))
