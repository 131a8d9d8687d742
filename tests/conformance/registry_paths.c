/* SPDX-License-Identifier: MIT */
/* SEMANTICS 2.17 to 2.22, 2.33: paths. */
#include "registryFixture.h"

#include <stdio.h>
#include <string.h>

#include <libkern/OSData.h>

/* What fromPath finds, or NULL; not retained: the tree holds it. */
static IORegistryEntry *at(const char *path)
{
    IORegistryEntry *entry = IORegistryEntry_fromPath(path, NULL, NULL, NULL, NULL);
    OSRelease(entry);
    return entry;
}

/* The same with a buffer for the residual path, which is left in residual. */
static char residual[64];

static IORegistryEntry *atWithResidual(const char *path)
{
    int length = sizeof residual;
    memset(residual, 0, sizeof residual);
    IORegistryEntry *entry = IORegistryEntry_fromPath(path, NULL, residual, &length, NULL);
    if (entry)
        assert_int_equal(length, strlen(residual));
    OSRelease(entry);
    return entry;
}

static const char *pathOf(const IORegistryEntry *entry)
{
    static char path[512];
    int         length = sizeof path;
    if (!IORegistryEntry_getPath(entry, path, &length, testPlane))
        return "";
    assert_int_equal(length, strlen(path));
    return path;
}

TEST(2_17_paths_of_entries)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(a, "b", "1f,2");
    IORegistryEntry *second = addChild(IORegistryEntry_getRegistryRoot(), "second", NULL);
    assert_string_equal(pathOf(root), "Test:/");
    assert_string_equal(pathOf(a), "Test:/a");
    assert_string_equal(pathOf(b), "Test:/a/b@1f,2");
    assert_string_equal(pathOf(IORegistryEntry_getRegistryRoot()), "");
    assert_string_equal(pathOf(second), "");
    IORegistryEntry *other = addChild(root, "other", NULL);
    assert_true(IORegistryEntry_attachToParent(b, other, testPlane));
    assert_string_equal(pathOf(b), "Test:/a/b@1f,2");
    IORegistryEntry_setName(b, "named", testPlane);
    IORegistryEntry_setLocation(b, "3", testPlane);
    assert_string_equal(pathOf(b), "Test:/a/named@3");
    dropTree(second);
    dropTree(root);
}

TEST(2_17_components)
{
    char             text[16];
    int              length = sizeof text;
    IORegistryEntry *entry  = newEntry("name");
    assert_true(IORegistryEntry_getPathComponent(entry, text, &length, testPlane));
    assert_string_equal(text, "name");
    assert_int_equal(length, 4);
    IORegistryEntry_setLocation(entry, "1f", NULL);
    length = sizeof text;
    assert_true(IORegistryEntry_getPathComponent(entry, text, &length, NULL));
    assert_string_equal(text, "name@1f");
    length = 8;
    assert_false(IORegistryEntry_getPathComponent(entry, text, &length, NULL));
    length = 9;
    assert_true(IORegistryEntry_getPathComponent(entry, text, &length, NULL));
    OSRelease(entry);
}

TEST(2_18_get_path_fails)
{
    char             path[64];
    int              length;
    IORegistryEntry *root = makeTree(), *b = addChild(root, "b", "1f"), *loose = newEntry("loose");
    const int        needed = (int)strlen("Test:/b@1f");

    length = sizeof path;
    assert_false(IORegistryEntry_getPath(b, NULL, &length, testPlane));
    assert_false(IORegistryEntry_getPath(b, path, NULL, testPlane));
    assert_false(IORegistryEntry_getPath(b, path, &length, NULL));
    assert_false(IORegistryEntry_getPath(b, path, &length, otherPlane));
    assert_false(IORegistryEntry_getPath(loose, path, &length, testPlane));
    for (length = 0; length <= needed + 2; length++) {
        int given = length;
        memset(path, 'x', sizeof path);
        assert_false(IORegistryEntry_getPath(b, path, &given, testPlane));
        assert_int_equal(path[length], 'x');
    }
    length = needed + 3;
    assert_true(IORegistryEntry_getPath(b, path, &length, testPlane));
    assert_string_equal(path, "Test:/b@1f");
    assert_int_equal(length, needed);
    OSRelease(loose);
    dropTree(root);
}

TEST(2_18_aliases)
{
    IORegistryEntry *root = makeTree(), *soc = addChild(root, "soc", NULL), *uart = addChild(soc, "uart", "10");
    IORegistryEntry *line = addChild(uart, "line", NULL), *aliases = addChild(root, "aliases", NULL);
    assert_true(IORegistryEntry_setPropertyData(aliases, "serial0", "/soc/uart@10", sizeof "/soc/uart@10"));
    assert_true(IORegistryEntry_setPropertyData(aliases, "tty", "serial0", sizeof "serial0"));
    assert_true(IORegistryEntry_setPropertyData(aliases, "loop", "loop", sizeof "loop"));
    assert_true(IORegistryEntry_setPropertyData(aliases, "open", "/soc", 4)); /* its NUL is missing */

    assert_string_equal(pathOf(uart), "Test:tty");
    assert_string_equal(pathOf(line), "Test:tty/line");
    assert_string_equal(pathOf(soc), "Test:/soc");
    assert_ptr_equal(at("Test:serial0"), uart);
    assert_ptr_equal(at("Test:tty"), uart);
    assert_ptr_equal(at("Test:tty/line"), line);
    assert_null(at("Test:loop"));
    assert_null(at("Test:open"));
    assert_null(at("Test:none"));
    assert_ptr_equal(atWithResidual("Test:serial0:115200"), uart);
    assert_string_equal(residual, ":115200");

    assert_true(IORegistryEntry_setPropertyData(aliases, "console", "/soc/uart@10:9600", sizeof "/soc/uart@10:9600"));
    assert_null(at("Test:console"));
    dropTree(root);
}

TEST(2_19_from_path)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(a, "b", NULL);
    assert_ptr_equal(at("Test:/"), root);
    assert_ptr_equal(at("Test:/a/b"), b);
    assert_null(at("/a/b"));
    assert_null(at("Nowhere:/a/b"));
    assert_null(at("Test:a/b"));
    assert_null(at("Test:"));
    assert_null(at(""));
    assert_null(at(NULL));
    assert_null(at("Other:/"));

    IORegistryEntry *found = IORegistryEntry_fromPath("/a/b", testPlane, NULL, NULL, NULL);
    assert_ptr_equal(found, b);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(b)), 2);
    OSRelease(found);
    found = IORegistryEntry_fromPath("b", testPlane, NULL, NULL, a);
    assert_ptr_equal(found, b);
    OSRelease(found);
    found = IORegistryEntry_fromPath("/b", testPlane, NULL, NULL, a);
    assert_null(found);
    found = IORegistryEntry_fromPath("", testPlane, NULL, NULL, a);
    assert_ptr_equal(found, a);
    OSRelease(found);
    dropTree(root);
}

/* Checks a table of component, expected index of the child, among enough others that the set of children is indexed
 * (many) or is not. */
static void checkComponents(bool many)
{
    static const char *const children[][2] = {
        {"B", NULL}, {"B", "1"},   {"C", "1f"},  {"C", "0"},   {"a/b", NULL},
        {"a", NULL}, {"x@y", "2"}, {"D", "1,2"}, {"E", "1:2"},
    };
    static const struct {
        const char *component;
        int         child; /* -1: none */
    } cases[] = {
        {"B", 0},        {"B@1", 1},   {"@1", 1},     {"@0", 3},     {"C", 2},      {"C@1F", 2},
        {"C@1f,0,0", 2}, {"C@1e", -1}, {"C@0", 3},    {"a/b", 4},    {"a", 5},      {"x@y", 6},
        {"x@y@2", 6},    {"x", -1},    {"D@1,2", 7},  {"D@1:2", -1}, {"E@1:2", 8},  {"E@1,2", -1},
        {"D@1", -1},     {"@1,2", 7},  {"BB", -1},    {"@77", -1},   {"C@01f", 2},  {"C@", -1},
    };
    enum { kChildren = sizeof children / sizeof children[0], kCases = sizeof cases / sizeof cases[0] };
    IORegistryEntry *root = makeTree(), *entries[kChildren];
    char             text[32];
    for (int i = 0; many && i < 100; i++) {
        snprintf(text, sizeof text, "filler%d", i);
        addChild(root, text, i % 2 ? "ff" : NULL);
    }
    for (int i = 0; i < kChildren; i++)
        entries[i] = addChild(root, children[i][0], children[i][1]);
    for (int i = 0; i < kCases; i++) {
        snprintf(text, sizeof text, "Test:/%s", cases[i].component);
        IORegistryEntry *found = at(text);
        if (found != (cases[i].child < 0 ? NULL : entries[cases[i].child]))
            fail_msg("%s gives %s", text, found ? IORegistryEntry_getName(found, NULL) : "nothing");
    }
    dropTree(root);
}

TEST(2_20_components_match)
{
    checkComponents(false);
}

TEST(2_20_components_match_in_a_large_set)
{
    checkComponents(true);
}

/* A renamed child is found by its new name only, and in its place in the order. */
TEST(2_20_a_large_set_follows_names)
{
    IORegistryEntry *root = makeTree(), *children[64];
    char             name[16];
    for (int i = 0; i < 64; i++) {
        snprintf(name, sizeof name, "n%d", i);
        children[i] = addChild(root, name, NULL);
    }
    IORegistryEntry_setName(children[40], "new", NULL);
    IORegistryEntry_setName(children[10], "new", NULL);
    IORegistryEntry_setName(children[50], "new", testPlane);
    IORegistryEntry_setLocation(children[40], "40", NULL);
    assert_ptr_equal(at("Test:/new"), children[10]);
    assert_ptr_equal(at("Test:/new@40"), children[40]);
    assert_ptr_equal(at("Test:/@40"), children[40]);
    assert_null(at("Test:/n10"));
    assert_null(at("Test:/n50"));
    IORegistryEntry_detachAbove(children[10], testPlane);
    assert_ptr_equal(at("Test:/new"), children[40]);
    IORegistryEntry_detachAbove(children[40], testPlane);
    assert_ptr_equal(at("Test:/new"), children[50]);
    IORegistryEntry_setName(children[63], "other", otherPlane);
    assert_ptr_equal(at("Test:/n63"), children[63]);
    dropTree(root);
}

TEST(2_21_what_follows_a_component)
{
    IORegistryEntry *root = makeTree(), *b = addChild(root, "B", "1f");
    assert_null(at("Test:/Bx"));
    assert_null(at("Test:/B@1fx"));
    assert_null(atWithResidual("Test:/B@1fx"));
    assert_ptr_equal(atWithResidual("Test:/B/x/y"), b);
    assert_string_equal(residual, "/x/y");
    assert_ptr_equal(atWithResidual("Test:/x/y"), root);
    assert_string_equal(residual, "x/y");
    assert_ptr_equal(atWithResidual("Test:/B"), b);
    assert_string_equal(residual, "");

    char short_[4] = "abc";
    int  length    = sizeof short_;
    IORegistryEntry *found = IORegistryEntry_fromPath("Test:/B/none", NULL, short_, &length, NULL);
    assert_ptr_equal(found, b);
    assert_int_equal(length, 5);
    assert_string_equal(short_, "abc");
    OSRelease(found);
    dropTree(root);
}

TEST(2_22_child_from_path)
{
    IORegistryEntry *root = makeTree(), *a = addChild(root, "a", NULL), *b = addChild(a, "b", "7");
    IORegistryEntry *found = IORegistryEntry_childFromPath(root, "a/b@7", testPlane, NULL, NULL);
    assert_ptr_equal(found, b);
    OSRelease(found);
    found = IORegistryEntry_childFromPath(root, "b", testPlane, NULL, NULL);
    assert_null(found);
    dropTree(root);
}

TEST(2_33_examples)
{
    IORegistryEntry *root = makeTree(), *b = addChild(root, "B", "1f");
    assert_ptr_equal(at("Test:/"), root);
    assert_ptr_equal(at("Test:/B"), b);
    assert_ptr_equal(at("Test:/B@1f"), b);
    assert_ptr_equal(at("Test:/@1f"), b);
    assert_ptr_equal(at("Test:/B@1F"), b);
    assert_ptr_equal(at("Test:/B@1f,0"), b);
    assert_null(at("Test:/B@1e"));
    assert_null(at("Test:/B:part"));
    assert_ptr_equal(atWithResidual("Test:/B:part"), b);
    assert_string_equal(residual, ":part");
    assert_null(at("Test:/B/none"));
    assert_ptr_equal(atWithResidual("Test:/B/none"), b);
    assert_string_equal(residual, "/none");
    assert_null(at("B"));
    assert_null(at("Bad:/B"));
    dropTree(root);
}

TEST_MAIN_WITH(registryHooks, RUN(2_17_paths_of_entries), RUN(2_17_components), RUN(2_18_get_path_fails),
               RUN(2_18_aliases), RUN(2_19_from_path), RUN(2_20_components_match),
               RUN(2_20_components_match_in_a_large_set), RUN(2_20_a_large_set_follows_names),
               RUN(2_21_what_follows_a_component), RUN(2_22_child_from_path), RUN(2_33_examples))
