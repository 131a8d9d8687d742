/* SPDX-License-Identifier: MIT */
/*
 * The test runner. A test is a function; each runs in a child process of its own, with a time limit, and must leave as
 * many instances of every class and as many open files as it found. Assertions are cmocka's.
 *
 *     TEST(3_28_trace_a) { ... assert_int_equal(a, b); ... }        name = statement of SEMANTICS it proves
 *     TEST_MAIN(RUN(3_28_trace_a), ABORTS(1_11_required_cast, "is not a"), ...)
 *
 * A program prints TAP. `prog --list` lists its tests, `prog NAME...` runs those, `prog --here NAME` runs one unforked,
 * for a debugger.
 */
#ifndef TESTS_HARNESS_HARNESS_H
#define TESTS_HARNESS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#include <cmocka.h>

typedef struct TestCase {
    const char *name;
    void (*run)(void);
    const char *abortsWith;   /* NULL, or: the test must abort and print this text */
    bool        keepsObjects; /* the object count is not compared */
} TestCase;

#define TEST(test) static void t##test(void)
#define RUN(test)  {.name = #test, .run = t##test}
/* A test that must panic, with this text in its output. */
#define ABORTS(test, text) {.name = #test, .run = t##test, .abortsWith = text}
/* A test that by its nature leaves objects behind (say why at the test). */
#define RUN_KEEPS(test) {.name = #test, .run = t##test, .keepsObjects = true}

/* What a suite of the kit sets before TEST_MAIN; defaults do nothing. Called in each child before and after the test. */
typedef struct TestHooks {
    void (*setUp)(void);
    void (*tearDown)(void);
    /* Writes "Class count" lines, for the comparison before and after. NULL: not compared. */
    void (*describeObjects)(char *text, size_t size);
    unsigned seconds; /* time limit of one test; 0: 60 */
    bool     opensFiles; /* a library opens files on threads of its own: they are not counted */
} TestHooks;

int testMain(int argc, char **argv, const TestCase *tests, size_t count, const TestHooks *hooks);

/* The hooks of a suite that links the kit: class counts are compared. Defined in kitHooks.c. */
extern const TestHooks kitTestHooks;
/* No hooks: for suites of pure client code. */
extern const TestHooks plainTestHooks;

#define TEST_MAIN_WITH(hooks, ...)                                                                                     \
    int main(int argc, char **argv)                                                                                    \
    {                                                                                                                  \
        static const TestCase tests[] = {__VA_ARGS__};                                                                 \
        return testMain(argc, argv, tests, sizeof tests / sizeof tests[0], &(hooks));                                  \
    }
#define TEST_MAIN(...) TEST_MAIN_WITH(kitTestHooks, __VA_ARGS__)

#endif
