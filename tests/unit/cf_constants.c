/* SPDX-License-Identifier: MIT */
/* Constant strings of two compilers in one program, met for the first time by several threads at once. */
#include "frameworkHooks.h"

#include <pthread.h>

#include "cf_fileScope.h"

enum { kThreads = 8 };

static pthread_barrier_t start;

static void *lookAtConstants(void *info)
{
    CFMutableDictionaryRef dict =
        CFDictionaryCreateMutable(NULL, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    pthread_barrier_wait(&start);
    bool right = CFStringGetLength(fileScopeName(1)) == 4 && CFStringGetLength(fileScopeName(0)) == 10;
    CFDictionarySetValue(dict, fileScopeName(1), CFSTR("caf\xc3\xa9"));
    right = right && CFEqual(CFDictionaryGetValue(dict, CFSTR("caf\xc3\xa9")), fileScopeName(1));
    CFRelease(dict);
    return right ? info : NULL;
}

TEST(threads_meet_constants_of_both_compilers)
{
    pthread_t threads[kThreads];
    void *result;
    int token = 0;
    pthread_barrier_init(&start, NULL, kThreads);
    for (int i = 0; i < kThreads; i++)
        pthread_create(&threads[i], NULL, lookAtConstants, &token);
    for (int i = 0; i < kThreads; i++) {
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, &token);
    }
    pthread_barrier_destroy(&start);
}

/* This suite has no set-up: these are the program's first calls. */
TEST(constants_are_right_before_anything_has_run)
{
    assert_int_equal(CFGetTypeID(kCFNull), CFNullGetTypeID());
    assert_int_equal(CFGetTypeID(kCFAllocatorNull), CFAllocatorGetTypeID());
    assert_int_equal(CFGetTypeID(fileScopeName(0)), CFStringGetTypeID());
    assert_int_equal(CFGetTypeID(CFSTR("local")), CFStringGetTypeID());
    assert_int_equal(CFGetTypeID(kCFBooleanTrue), CFBooleanGetTypeID());
}

TEST(constants_of_both_compilers_are_equal)
{
    assert_true(CFEqual(fileScopeName(0), CFSTR("file scope")));
    assert_true(CFEqual(fileScopeName(1), CFSTR("caf\xc3\xa9")));
    assert_int_equal(CFHash(fileScopeName(1)), CFHash(CFSTR("caf\xc3\xa9")));
    assert_true(CFEqual(fileScopeLocal(), fileScopeName(0)));
    assert_true(CFStringHasPrefix(fileScopeName(0), CFSTR("file")));
}

TEST_MAIN_WITH(plainTestHooks, RUN(constants_are_right_before_anything_has_run),
               RUN(threads_meet_constants_of_both_compilers),
               RUN(constants_of_both_compilers_are_equal))
