/* SPDX-License-Identifier: MIT */
/*
 * What libkern promises to threads: counts (1.2, 1.4, 1.8), the symbol pool (1.46), registration (1.13, 1.14), and
 * reading one dictionary at once. Meant for the ThreadSanitizer build as much as for this one.
 */
#include "harness.h"

#include <pthread.h>
#include <stdio.h>

#include <libkern/libkern.h>

enum { kThreads = 4, kRounds = 20000, kSymbols = 6000 };

static pthread_barrier_t start; /* all threads of a test pass it at the same time */
static atomic_bool       failed; /* in some thread: assertions belong to the main one */

static void check(bool right)
{
    if (!right)
        failed = true;
}

static void runThreads(void *(*body)(void *context), void *context)
{
    pthread_t threads[kThreads];
    pthread_barrier_init(&start, NULL, kThreads);
    for (unsigned i = 0; i < kThreads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, body, context), 0);
    for (unsigned i = 0; i < kThreads; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    assert_false(failed);
}

static void *retainAndRelease(void *context)
{
    OSObject *object = context;
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < kRounds; i++) {
        OSRetain(object);
        OSObject_retainForCollection(object);
        OSObject_releaseForCollection(object);
        OSRelease(object);
    }
    return NULL;
}

TEST(1_2_counts_from_threads)
{
    OSNumber *number = OSNumber_withNumber(1, 8);
    runThreads(retainAndRelease, number);
    assert_int_equal(atomic_load(&number->super.retainCount), 1);
    OSRelease(number);
}

/* The last reference goes on any of them, and free runs once: AddressSanitizer would see a second. */
static void *giveUp(void *context)
{
    OSArray **arrays = context;
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < 1000; i++)
        OSRelease(arrays[i]);
    return NULL;
}

TEST(1_4_last_release_from_threads)
{
    static OSArray *arrays[1000];
    for (unsigned i = 0; i < 1000; i++) {
        arrays[i] = OSArray_withCapacity(1);
        for (unsigned k = 1; k < kThreads; k++)
            OSRetain(arrays[i]);
    }
    runThreads(giveUp, arrays);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSArray_class), 0);
}

static void *makeAndDrop(void *context)
{
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < kRounds; i++) {
        OSNumber *number = OSNumber_withNumber(i, 32);
        OSRelease(number);
    }
    return NULL;
}

TEST(1_8_instance_counts_from_threads)
{
    OSLibkern_initialize();
    uint32_t roots = OSMetaClass_getInstanceCount(&OSObject_class);
    runThreads(makeAndDrop, NULL);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSNumber_class), 0);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSObject_class), roots);
}

/* Few texts and many rounds: a symbol dies under one thread while another looks it up. */
static void *internAndRelease(void *context)
{
    char text[16];
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < kRounds; i++) {
        snprintf(text, sizeof text, "shared%u", i % 3);
        const OSSymbol *symbol = OSSymbol_withCString(text), *same = OSSymbol_withCString(text);
        const OSSymbol *found = OSSymbol_existingSymbolForCString(text);
        check(symbol == same && symbol == found && OSSymbol_isEqualToCString(symbol, text));
        OSRelease(symbol);
        OSRelease(same);
        OSRelease(found);
    }
    return NULL;
}

TEST(1_46_symbols_from_threads)
{
    runThreads(internAndRelease, NULL);
    assert_null(OSSymbol_existingSymbolForCString("shared0"));
}

static void *growThePool(void *context)
{
    _Atomic(const OSSymbol *) *symbols = context;
    char                       text[32];
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < kSymbols; i++) {
        const OSSymbol *first = NULL;
        snprintf(text, sizeof text, "grow%u", i);
        const OSSymbol *symbol = OSSymbol_withCString(text);
        if (!atomic_compare_exchange_strong(&symbols[i], &first, symbol)) {
            check(first == symbol);
            OSRelease(symbol);
        }
    }
    return NULL;
}

/* The threads intern the same texts at the same time, and the pool grows meanwhile. */
TEST(1_46_one_symbol_for_all_threads)
{
    static _Atomic(const OSSymbol *) symbols[kSymbols];
    OSLibkern_initialize();
    uint32_t count = OSMetaClass_getInstanceCount(&OSSymbol_class);
    runThreads(growThePool, symbols);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count + kSymbols);
    for (unsigned i = 0; i < kSymbols; i++) {
        const OSSymbol *symbol = symbols[i];
        OSRelease(symbol);
    }
    assert_int_equal(OSMetaClass_getInstanceCount(&OSSymbol_class), count);
}

static void *readDictionary(void *context)
{
    const OSDictionary *dict = context;
    char                key[16];
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < 2000; i++) {
        snprintf(key, sizeof key, "read%u", i % 200);
        check(OSDictionary_getObject(dict, key) != NULL);
    }
    return NULL;
}

TEST(1_29_reading_from_threads)
{
    char          key[16];
    OSDictionary *dict = OSDictionary_withCapacity(0);
    for (unsigned i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "read%u", i);
        OSDictionary_setObject(dict, key, OSObjectOf(kOSBooleanTrue));
    }
    runThreads(readDictionary, dict);
    assert_int_equal(OSDictionary_getCount(dict), 200);
    OSRelease(dict);
}

OSDeclareClass(TestModuleClass);
struct TestModuleClass {
    OSObject super;
};
OSDefineClass(TestModuleClass, OSObject);

static OSMetaClass *const classes[] = {&TestModuleClass_class};
static const OSClassList  list      = {classes, 1};

static void *loadAndUnload(void *context)
{
    atomic_uint *loads = context;
    pthread_barrier_wait(&start);
    for (unsigned i = 0; i < 500; i++)
        if (OSMetaClass_registerModule("test.module", &list) == kOSReturnSuccess) {
            OSObject *object = OSMetaClass_alloc(&TestModuleClass_class);
            OSRelease(object);
            if (OSMetaClass_unregisterModule(&list) == kOSReturnSuccess)
                atomic_fetch_add(loads, 1);
        }
    return NULL;
}

/* Whoever registers it has it to himself until he has unregistered it. */
TEST(1_13_registration_from_threads)
{
    atomic_uint loads = 0;
    runThreads(loadAndUnload, &loads);
    assert_true(loads > 0);
    assert_null(OSMetaClass_getMetaClassWithName("TestModuleClass"));
}

static void *firstUse(void *context)
{
    pthread_barrier_wait(&start);
    OSDictionary *dict = OSDictionary_withCapacity(1);
    check(OSDictionary_setObject(dict, "key", OSObjectOf(kOSBooleanTrue)));
    OSRelease(dict);
    return NULL;
}

/* Without hooks: the threads themselves are the first users of libkern. */
TEST(1_1_first_use_from_threads)
{
    runThreads(firstUse, NULL);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSDictionary_class), 0);
}

static const TestHooks hooks = {0};

TEST_MAIN_WITH(hooks, RUN(1_1_first_use_from_threads), RUN(1_2_counts_from_threads), RUN(1_4_last_release_from_threads),
               RUN(1_8_instance_counts_from_threads), RUN(1_46_symbols_from_threads),
               RUN(1_46_one_symbol_for_all_threads), RUN(1_29_reading_from_threads), RUN(1_13_registration_from_threads))
