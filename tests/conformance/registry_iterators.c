/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.26 to 2.31: IORegistryIterator. */
#include "registryFixture.h"

#include <libkern/OSIterator.h>
#include <libkern/OSOrderedSet.h>

/*
 *  R -- a -- a1 -- deep
 *    |    `- a2
 *    `- b -- b1
 */
typedef struct Tree {
    IORegistryEntry *root, *a, *a1, *deep, *a2, *b, *b1;
} Tree;

static Tree growTree(void)
{
    Tree tree = {.root = makeTree()};
    tree.a    = addChild(tree.root, "a", NULL);
    tree.b    = addChild(tree.root, "b", NULL);
    tree.a1   = addChild(tree.a, "a1", NULL);
    tree.a2   = addChild(tree.a, "a2", NULL);
    tree.deep = addChild(tree.a1, "deep", NULL);
    tree.b1   = addChild(tree.b, "b1", NULL);
    return tree;
}

/* All the names that a new iterator yields. */
static const char *walk(IORegistryEntry *start, IOOptionBits options)
{
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(start, testPlane, options);
    const char         *names    = namesFrom(iterator);
    OSRelease(iterator);
    return names;
}

static const char *nextName(IORegistryIterator *iterator)
{
    IORegistryEntry *entry = IORegistryIterator_getNextObject(iterator);
    return entry ? IORegistryEntry_getName(entry, NULL) : "";
}

TEST(2_26_flat_and_recursive)
{
    Tree tree = growTree();
    assert_string_equal(walk(tree.root, 0), "a b");
    assert_string_equal(walk(tree.root, kIORegistryIterateRecursively), "a a1 deep a2 b b1");
    assert_string_equal(walk(tree.deep, 0), "");
    assert_string_equal(walk(tree.deep, kIORegistryIterateRecursively), "");
    IORegistryIterator *all = IORegistryIterator_iterateOverPlane(testPlane, kIORegistryIterateRecursively);
    assert_string_equal(namesFrom(all), "R a a1 deep a2 b b1");
    OSRelease(all);
    all = IORegistryIterator_iterateOverPlane(otherPlane, kIORegistryIterateRecursively);
    assert_string_equal(namesFrom(all), "");
    OSRelease(all);
    all = IORegistryIterator_iterateOver(NULL, testPlane, 0);
    assert_null(all);
    all = IORegistryIterator_iterateOver(tree.root, NULL, 0);
    assert_null(all);
    dropTree(tree.root);
}

TEST(2_26_as_an_iterator)
{
    Tree                tree     = growTree();
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    OSIterator         *base     = &iterator->super;
    assert_ptr_equal(OSIterator_getNextObject(base), OSObjectOf(tree.a));
    assert_ptr_equal(OSIterator_getNextObject(base), OSObjectOf(tree.b));
    assert_null(OSIterator_getNextObject(base));
    assert_true(OSIterator_isValid(base));
    OSIterator_reset(base);
    assert_ptr_equal(OSIterator_getNextObject(base), OSObjectOf(tree.a));
    OSRelease(iterator);
    dropTree(tree.root);
}

TEST(2_27_towards_the_root)
{
    Tree tree = growTree();
    assert_string_equal(walk(tree.deep, kIORegistryIterateParents), "a1");
    assert_string_equal(walk(tree.deep, kIORegistryIterateParents | kIORegistryIterateRecursively), "a1 a R Root");
    dropTree(tree.root);
}

TEST(2_28_several_parents)
{
    Tree tree = growTree();
    assert_true(IORegistryEntry_attachToParent(tree.a1, tree.b, testPlane));
    assert_string_equal(walk(tree.root, kIORegistryIterateRecursively), "a a1 deep a2 b b1 a1");
    dropTree(tree.root);
}

TEST(2_29_a_change_ends_the_walk)
{
    Tree                tree     = growTree();
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    assert_string_equal(nextName(iterator), "a");
    addChild(tree.b, "elsewhere", NULL);
    assert_true(IORegistryIterator_isValid(iterator));
    addChild(tree.root, "c", NULL);
    assert_false(IORegistryIterator_isValid(iterator));
    assert_null(IORegistryIterator_getCurrentEntry(iterator));
    assert_string_equal(nextName(iterator), "");
    assert_string_equal(nextName(iterator), "");
    assert_false(IORegistryIterator_isValid(iterator));
    IORegistryIterator_reset(iterator);
    assert_true(IORegistryIterator_isValid(iterator));
    assert_string_equal(namesFrom(iterator), "a b c");
    assert_true(IORegistryIterator_isValid(iterator));
    OSRelease(iterator);
    dropTree(tree.root);
}

TEST(2_29_a_detach_ends_the_walk)
{
    Tree                tree     = growTree();
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    assert_string_equal(nextName(iterator), "a");
    dropTree(tree.a);
    assert_false(IORegistryIterator_isValid(iterator));
    assert_string_equal(nextName(iterator), "");
    IORegistryIterator_reset(iterator);
    assert_string_equal(namesFrom(iterator), "b");
    OSRelease(iterator);
    dropTree(tree.root);
}

/* A recursive walk gives up the level that changed; the levels above it go on, and nothing more is entered. */
TEST(2_29_a_change_in_a_recursive_walk)
{
    Tree                tree     = growTree();
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, kIORegistryIterateRecursively);
    assert_string_equal(nextName(iterator), "a");
    assert_string_equal(nextName(iterator), "a1");
    dropTree(tree.a2);
    assert_string_equal(nextName(iterator), "deep");
    assert_string_equal(nextName(iterator), "b");
    assert_string_equal(nextName(iterator), "");
    assert_false(IORegistryIterator_isValid(iterator));
    IORegistryIterator_reset(iterator);
    assert_string_equal(namesFrom(iterator), "a a1 deep b b1");
    OSRelease(iterator);
    dropTree(tree.root);
}

TEST(2_30_enter_and_exit)
{
    Tree                tree     = growTree();
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    assert_ptr_equal(IORegistryIterator_getCurrentEntry(iterator), tree.root);
    assert_string_equal(nextName(iterator), "a");
    assert_ptr_equal(IORegistryIterator_getCurrentEntry(iterator), tree.a);
    assert_true(IORegistryIterator_enterEntry(iterator));
    assert_ptr_equal(IORegistryIterator_getCurrentEntry(iterator), tree.a);
    assert_string_equal(nextName(iterator), "a1");
    assert_true(IORegistryIterator_enterEntry(iterator));
    assert_string_equal(nextName(iterator), "deep");
    assert_string_equal(nextName(iterator), "");
    assert_true(IORegistryIterator_exitEntry(iterator));
    assert_string_equal(nextName(iterator), "a2");
    assert_true(IORegistryIterator_exitEntry(iterator));
    assert_string_equal(nextName(iterator), "b");
    assert_true(IORegistryIterator_enterEntry(iterator));
    IORegistryIterator_reset(iterator);
    assert_string_equal(nextName(iterator), "a");
    assert_false(IORegistryIterator_exitEntry(iterator));
    OSRelease(iterator);
    dropTree(tree.root);
}

TEST(2_30_enter_in_another_plane)
{
    Tree             tree     = growTree();
    IORegistryEntry *neighbour = newEntry("neighbour");
    assert_true(IORegistryEntry_attachToParent(neighbour, tree.a, otherPlane));
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    assert_string_equal(nextName(iterator), "a");
    assert_true(IORegistryIterator_enterEntryInPlane(iterator, otherPlane));
    assert_string_equal(nextName(iterator), "neighbour");
    assert_true(IORegistryIterator_exitEntry(iterator));
    assert_string_equal(nextName(iterator), "b");
    OSRelease(iterator);
    IORegistryEntry_detachAbove(neighbour, otherPlane);
    OSRelease(neighbour);
    dropTree(tree.root);
}

TEST(2_31_iterate_all)
{
    Tree tree = growTree();
    assert_true(IORegistryEntry_attachToParent(tree.a1, tree.b, testPlane));
    IORegistryIterator *iterator = IORegistryIterator_iterateOver(tree.root, testPlane, 0);
    assert_string_equal(nextName(iterator), "a");
    OSOrderedSet    *all        = IORegistryIterator_iterateAll(iterator);
    IORegistryEntry *expected[] = {tree.a, tree.a1, tree.deep, tree.a2, tree.b, tree.b1};
    assert_int_equal(OSOrderedSet_getCount(all), 6);
    for (unsigned i = 0; i < 6; i++)
        assert_ptr_equal(OSOrderedSet_getObject(all, i), OSObjectOf(expected[i]));
    assert_string_equal(nextName(iterator), "");
    OSRelease(all);
    OSRelease(iterator);

    iterator = IORegistryIterator_iterateOver(tree.deep, testPlane, 0);
    all      = IORegistryIterator_iterateAll(iterator);
    assert_null(all);
    OSRelease(iterator);
    dropTree(tree.root);
}

TEST_MAIN_WITH(registryHooks, RUN(2_26_flat_and_recursive), RUN(2_26_as_an_iterator), RUN(2_27_towards_the_root),
               RUN(2_28_several_parents), RUN(2_29_a_change_ends_the_walk), RUN(2_29_a_detach_ends_the_walk),
               RUN(2_29_a_change_in_a_recursive_walk), RUN(2_30_enter_and_exit), RUN(2_30_enter_in_another_plane),
               RUN(2_31_iterate_all))
