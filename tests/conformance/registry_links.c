/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.9 to 2.11, 2.22 to 2.25: links. */
#include "registryFixture.h"

#include <stdio.h>
#include <string.h>

#include <libkern/OSIterator.h>

#include "registry/registryPrivate.h"

/* The names of the children (parents) in testPlane. */
static const char *childrenOf(const IORegistryEntry *entry)
{
    OSIterator *iterator = IORegistryEntry_getChildIterator(entry, testPlane);
    const char *names    = namesIn(iterator);
    OSRelease(iterator);
    return names;
}

static const char *parentsOf(const IORegistryEntry *entry)
{
    OSIterator *iterator = IORegistryEntry_getParentIterator(entry, testPlane);
    const char *names    = namesIn(iterator);
    OSRelease(iterator);
    return names;
}

TEST(2_9_attach_to_itself)
{
    IORegistryEntry *entry = newEntry("entry");
    assert_false(IORegistryEntry_attachToParent(entry, entry, testPlane));
    assert_false(IORegistryEntry_attachToChild(entry, entry, testPlane));
    assert_false(IORegistryEntry_attachToParent(entry, NULL, testPlane));
    assert_true(IORegistryEntry_getRegistryEntryID(entry) == 0);
    OSRelease(entry);
}

TEST(2_9_linking_twice)
{
    IORegistryEntry *root = makeTree(), *child = addChild(root, "child", NULL);
    assert_true(IORegistryEntry_attachToParent(child, root, testPlane));
    assert_true(IORegistryEntry_attachToChild(root, child, testPlane));
    assert_int_equal(IORegistryEntry_getChildCount(root, testPlane), 1);
    assert_string_equal(parentsOf(child), "R");
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(child)), 1);
    IORegistryEntry_checkIntegrity();
    dropTree(root);
}

TEST(2_9_order_of_links)
{
    IORegistryEntry *root = makeTree();
    IORegistryEntry *a = addChild(root, "a", NULL), *b = addChild(root, "b", NULL), *c = addChild(root, "c", NULL);
    assert_string_equal(childrenOf(root), "a b c");
    OSRetain(b);
    IORegistryEntry_detachFromParent(b, root, testPlane);
    assert_string_equal(childrenOf(root), "a c");
    assert_true(IORegistryEntry_attachToChild(root, b, testPlane));
    OSRelease(b);
    assert_string_equal(childrenOf(root), "a c b");

    assert_true(IORegistryEntry_attachToParent(b, c, testPlane));
    assert_true(IORegistryEntry_attachToParent(b, a, testPlane));
    assert_string_equal(parentsOf(b), "R c a");
    IORegistryEntry_checkIntegrity();
    dropTree(root);
}

TEST(2_9_links_hold_both_ends)
{
    IORegistryEntry *parent = newEntry("parent"), *child = newEntry("child");
    assert_true(IORegistryEntry_attachToParent(child, parent, testPlane));
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(parent)), 2);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(child)), 2);
    assert_true(IORegistryEntry_attachToParent(child, parent, otherPlane));
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(child)), 3);
    OSRelease(child);
    IORegistryEntry_detachFromChild(parent, child, testPlane);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(child)), 1);
    IORegistryEntry_detachFromChild(parent, child, otherPlane);
    OSRelease(parent);
}

TEST(2_9_the_parent_is_told)
{
    NotingEntry     *parent = newNotingEntry("parent");
    IORegistryEntry *child = newEntry("child"), *refused = newEntry("refused");
    assert_true(IORegistryEntry_attachToParent(child, &parent->super, testPlane));
    assert_string_equal(parent->notes, "attachToChild(child)");
    assert_true(IORegistryEntry_attachToParent(child, &parent->super, testPlane));
    assert_string_equal(parent->notes, "attachToChild(child)");
    parent->refuses = true;
    assert_false(IORegistryEntry_attachToParent(refused, &parent->super, testPlane));

    parent->notes[0] = '\0';
    IORegistryEntry_detachFromParent(child, &parent->super, testPlane);
    IORegistryEntry_detachFromParent(child, &parent->super, testPlane);
    IORegistryEntry_detachFromParent(refused, &parent->super, testPlane);
    assert_string_equal(parent->notes, "detachFromChild(child) detachFromChild(refused)");
    OSRelease(refused);
    OSRelease(child);
    OSRelease(parent);
}

TEST(2_9_the_child_is_told)
{
    IORegistryEntry *parent = newEntry("parent");
    NotingEntry     *child  = newNotingEntry("child");
    assert_true(IORegistryEntry_attachToChild(parent, &child->super, testPlane));
    assert_string_equal(child->notes, "attachToParent(parent)");
    assert_true(IORegistryEntry_getRegistryEntryID(&child->super) != 0);
    IORegistryEntry_detachFromChild(parent, &child->super, testPlane);
    OSRelease(child);
    OSRelease(parent);
}

TEST(2_10_detach_from_parent)
{
    IORegistryEntry *root = makeTree(), *child = addChild(root, "child", NULL);
    OSRetain(child);
    assert_true(IORegistryEntry_attachToParent(child, root, otherPlane));
    IORegistryEntry_detachFromParent(child, root, testPlane);
    assert_false(IORegistryEntry_isChild(root, child, testPlane, false));
    assert_false(IORegistryEntry_isParent(child, root, testPlane, false));
    assert_true(IORegistryEntry_isChild(root, child, otherPlane, false));
    IORegistryEntry_detachFromParent(child, root, otherPlane);
    OSRelease(child);
    dropTree(root);
}

TEST(2_10_detach_above)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(root, "b", NULL);
    IORegistryEntry *child = addChild(a, "child", NULL), *below = addChild(child, "below", NULL);
    assert_true(IORegistryEntry_attachToParent(child, b, testPlane));
    OSRetain(child);
    IORegistryEntry_detachAbove(child, testPlane);
    assert_false(IORegistryEntry_inPlane(child, testPlane));
    assert_int_equal(IORegistryEntry_getChildCount(a, testPlane) + IORegistryEntry_getChildCount(b, testPlane), 0);
    assert_ptr_equal(IORegistryEntry_getChildEntry(child, testPlane), below);
    dropTree(child);
    OSRelease(child);
    dropTree(root);
}

TEST(2_10_detach_all)
{
    NotingEntry *root = newNotingEntry("root");
    NotingEntry *a = newNotingEntry("a"), *b = newNotingEntry("b");
    assert_true(IORegistryEntry_attachToParent(&a->super, &root->super, testPlane));
    assert_true(IORegistryEntry_attachToParent(&b->super, &root->super, testPlane));
    IORegistryEntry *a1 = addChild(&a->super, "a1", NULL), *a2 = addChild(&a->super, "a2", NULL);
    OSRetain(a1);
    OSRetain(a2);
    root->notes[0] = a->notes[0] = '\0';
    assert_true(IORegistryEntry_detachAll(&root->super, testPlane));
    assert_string_equal(a->notes, "detachFromChild(a2) detachFromChild(a1)");
    assert_string_equal(root->notes, "detachFromChild(b) detachFromChild(a)");
    assert_false(IORegistryEntry_inPlane(a1, NULL));
    assert_false(IORegistryEntry_inPlane(a2, NULL));
    OSRelease(a1);
    OSRelease(a2);
    OSRelease(a);
    OSRelease(b);
    OSRelease(root);
}

TEST(2_11_freed_while_attached)
{
    IORegistryEntry *child = newEntry("Fred");
    assert_true(IORegistryEntry_attachToParent(child, IORegistryEntry_getRegistryRoot(), testPlane));
    /* As the over-releases of a broken driver would: past the collections' references. */
    OSObject_releaseFreeWhen(OSObjectOf(child), 3);
}

TEST(2_22_first_links)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(root, "b", NULL);
    assert_true(IORegistryEntry_attachToParent(b, a, testPlane));
    assert_ptr_equal(IORegistryEntry_getChildEntry(root, testPlane), a);
    assert_ptr_equal(IORegistryEntry_getParentEntry(b, testPlane), root);
    assert_null(IORegistryEntry_getChildEntry(b, testPlane));
    assert_null(IORegistryEntry_getParentEntry(b, otherPlane));
    assert_null(IORegistryEntry_getParentEntry(b, NULL));

    IORegistryEntry *copied = IORegistryEntry_copyParentEntry(a, testPlane);
    assert_ptr_equal(copied, root);
    OSRelease(copied);
    int before = OSObject_getRetainCount(OSObjectOf(a));
    copied     = IORegistryEntry_copyChildEntry(root, testPlane);
    assert_ptr_equal(copied, a);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(a)), before + 1);
    OSRelease(copied);
    assert_null(IORegistryEntry_copyChildEntry(b, testPlane));
    dropTree(root);
}

TEST(2_23_in_plane)
{
    IORegistryEntry *parent = newEntry("parent"), *child = newEntry("child");
    assert_false(IORegistryEntry_inPlane(child, NULL));
    assert_true(IORegistryEntry_attachToParent(child, parent, testPlane));
    assert_true(IORegistryEntry_inPlane(child, NULL));
    assert_true(IORegistryEntry_inPlane(child, testPlane));
    assert_false(IORegistryEntry_inPlane(child, otherPlane));
    assert_false(IORegistryEntry_inPlane(parent, NULL)); /* it has children, but no parent */
    IORegistryEntry_detachFromParent(child, parent, testPlane);
    assert_false(IORegistryEntry_inPlane(child, NULL));
    OSRelease(parent);
    OSRelease(child);
}

TEST(2_24_is_child_and_is_parent)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(a, "b", NULL);
    assert_true(IORegistryEntry_isChild(root, a, testPlane, false));
    assert_true(IORegistryEntry_isChild(root, a, testPlane, true));
    assert_false(IORegistryEntry_isChild(root, b, testPlane, false));
    assert_false(IORegistryEntry_isChild(a, root, testPlane, false));
    assert_false(IORegistryEntry_isChild(root, a, otherPlane, false));
    assert_true(IORegistryEntry_attachToParent(b, root, testPlane));
    assert_true(IORegistryEntry_isChild(root, a, testPlane, false));
    assert_false(IORegistryEntry_isChild(root, a, testPlane, true));

    assert_true(IORegistryEntry_isParent(a, root, testPlane, true));
    assert_true(IORegistryEntry_isParent(b, root, testPlane, false));
    assert_false(IORegistryEntry_isParent(b, root, testPlane, true));
    assert_int_equal(IORegistryEntry_getChildCount(root, testPlane), 2);
    assert_int_equal(IORegistryEntry_getChildCount(b, testPlane), 0);
    dropTree(root);
}

TEST(2_24_depth)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(a, "b", NULL);
    IORegistryEntry *c = addChild(b, "c", NULL), *low = addChild(root, "low", NULL), *end = addChild(low, "end", NULL);
    assert_int_equal(IORegistryEntry_getDepth(IORegistryEntry_getRegistryRoot(), testPlane), 1);
    assert_int_equal(IORegistryEntry_getDepth(root, testPlane), 2);
    assert_int_equal(IORegistryEntry_getDepth(c, testPlane), 5);
    assert_int_equal(IORegistryEntry_getDepth(c, otherPlane), 1);
    assert_int_equal(IORegistryEntry_getDepth(end, testPlane), 4);
    assert_true(IORegistryEntry_attachToParent(low, c, testPlane)); /* a longer way up for low and what is below it */
    assert_int_equal(IORegistryEntry_getDepth(low, testPlane), 6);
    assert_int_equal(IORegistryEntry_getDepth(end, testPlane), 7);
    dropTree(root);
}

/* 30 levels of two entries, each linked to both of the level above: 2^30 ways up. */
TEST(2_24_depth_with_many_ways_up)
{
    IORegistryEntry *root = makeTree(), *left = addChild(root, "left", NULL), *right = addChild(root, "right", NULL);
    for (int i = 1; i < 30; i++) {
        IORegistryEntry *nextLeft = addChild(left, "left", NULL), *nextRight = addChild(left, "right", NULL);
        assert_true(IORegistryEntry_attachToParent(nextLeft, right, testPlane));
        assert_true(IORegistryEntry_attachToParent(nextRight, right, testPlane));
        left  = nextLeft;
        right = nextRight;
    }
    assert_int_equal(IORegistryEntry_getDepth(left, testPlane), 32);
    IORegistryEntry_checkIntegrity();
    dropTree(root);
}

TEST(2_25_iterators_over_links_are_snapshots)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL);
    addChild(root, "b", NULL);
    OSIterator *children = IORegistryEntry_getChildIterator(root, testPlane);
    OSIterator *parents  = IORegistryEntry_getParentIterator(a, testPlane);
    OSIterator *none     = IORegistryEntry_getChildIterator(a, testPlane);
    addChild(root, "c", NULL);
    OSRetain(a);
    IORegistryEntry_detachAbove(a, testPlane);
    assert_string_equal(namesIn(children), "a b");
    assert_true(OSIterator_isValid(children));
    assert_string_equal(namesIn(parents), "R");
    assert_string_equal(namesIn(none), "");
    OSRelease(a);
    OSRelease(children);
    OSRelease(parents);
    OSRelease(none);
    OSIterator *refused = IORegistryEntry_getChildIterator(root, NULL);
    assert_null(refused);
    refused = IORegistryEntry_getParentIterator(root, NULL);
    assert_null(refused);
    dropTree(root);
}

static void addToText(IORegistryEntry *entry, void *context)
{
    strcat(context, IORegistryEntry_getName(entry, NULL));
    IORegistryEntry_detachAbove(entry, testPlane); /* what is applied may change the links */
}

TEST(2_25_apply_to_links)
{
    char             text[32] = "";
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL);
    addChild(root, "b", NULL);
    addChild(root, "c", NULL);
    OSRetain(a);
    assert_true(IORegistryEntry_applyToChildren(root, addToText, text, testPlane));
    assert_string_equal(text, "abc");
    assert_int_equal(IORegistryEntry_getChildCount(root, testPlane), 0);
    assert_true(IORegistryEntry_attachToParent(a, root, testPlane));
    assert_true(IORegistryEntry_applyToParents(a, addToText, text, testPlane));
    assert_string_equal(text, "abcR");
    IORegistryEntry_detachAbove(a, testPlane);
    OSRelease(a);
}

/* Sets above the size at which they change their form keep order, membership and indexes. */
TEST(2_9_large_sets)
{
    enum { kChildren = 3000 };
    static IORegistryEntry *children[kChildren];
    IORegistryEntry        *root = makeTree();
    char                    name[16];
    for (unsigned i = 0; i < kChildren; i++) {
        snprintf(name, sizeof name, "%u", i % 1000);
        children[i] = addChild(root, name, NULL);
        OSRetain(children[i]);
    }
    IORegistryEntry_checkIntegrity();
    for (unsigned i = 0; i < kChildren; i++)
        if (i % 7 != 3)
            IORegistryEntry_detachFromParent(children[i], root, testPlane);
        else
            IORegistryEntry_setName(children[i], i % 2 ? "odd" : "even", NULL);
    IORegistryEntry_checkIntegrity();

    OSIterator *iterator = IORegistryEntry_getChildIterator(root, testPlane);
    for (unsigned i = 0; i < kChildren; i++) {
        if (i % 7 == 3)
            assert_ptr_equal(OSIterator_getNextObject(iterator), OSObjectOf(children[i]));
        assert_int_equal(IORegistryEntry_isChild(root, children[i], testPlane, false), i % 7 == 3);
    }
    assert_null(OSIterator_getNextObject(iterator));
    OSRelease(iterator);

    dropTree(root);
    for (unsigned i = 0; i < kChildren; i++)
        OSRelease(children[i]);
}

TEST(2_3_init_from_an_entry_takes_its_links)
{
    IORegistryEntry *root = makeTree(), *from = addChild(root, "from", "1"), *child = addChild(from, "child", NULL);
    OSRetain(from);
    addChild(root, "last", NULL);
    IORegistryEntry_setName(from, "in plane", testPlane);
    IORegistryEntry_setPropertyBoolean(from, "key", true);
    IORegistryEntry *entry = OSTypeAlloc(IORegistryEntry);
    assert_true(IORegistryEntry_initFromEntry(entry, from, testPlane));

    assert_string_equal(IORegistryEntry_getName(entry, NULL), "from");
    assert_string_equal(IORegistryEntry_getName(entry, testPlane), "in plane");
    assert_string_equal(IORegistryEntry_getLocation(entry, NULL), "1");
    assert_true(IORegistryEntry_propertyExists(entry, "key"));
    assert_true(IORegistryEntry_isChild(entry, child, testPlane, true));
    assert_true(IORegistryEntry_isParent(entry, root, testPlane, true));
    assert_string_equal(childrenOf(root), "last from");
    assert_false(IORegistryEntry_inPlane(from, NULL));
    assert_int_equal(IORegistryEntry_getChildCount(from, testPlane), 0);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(from)), 1);
    IORegistryEntry_checkIntegrity();
    OSRelease(entry);
    OSRelease(from);
    dropTree(root);
}

/* 2_11: the test aborts. */
TEST_MAIN_WITH(registryHooks, RUN(2_9_attach_to_itself), RUN(2_9_linking_twice), RUN(2_9_order_of_links),
               RUN(2_9_links_hold_both_ends), RUN(2_9_the_parent_is_told), RUN(2_9_the_child_is_told),
               RUN(2_9_large_sets), RUN(2_10_detach_from_parent), RUN(2_10_detach_above), RUN(2_10_detach_all),
               ABORTS(2_11_freed_while_attached, "Fred: attached at free"), RUN(2_22_first_links), RUN(2_23_in_plane),
               RUN(2_24_is_child_and_is_parent), RUN(2_24_depth), RUN(2_24_depth_with_many_ways_up),
               RUN(2_25_iterators_over_links_are_snapshots), RUN(2_25_apply_to_links),
               RUN(2_3_init_from_an_entry_takes_its_links))
